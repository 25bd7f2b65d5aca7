//! What many people choose once they are made to choose something long.

/// Stems that fill a long password; what is left once they are taken out decides.
const STEMS: &[&str] = &[
    "0123456789",
    "1234567890",
    "123456789",
    "12345678",
    "1234567",
    "123456",
    "12345",
    "1234",
    "987654321",
    "0987654321",
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwerty",
    "qwertz",
    "azerty",
    "1q2w3e4r5t6y",
    "1q2w3e4r5t",
    "1q2w3e4r",
    "1qaz2wsx3edc",
    "1qaz2wsx",
    "qazwsxedc",
    "passwords",
    "password",
    "passw0rd",
    "p@ssword",
    "p@ssw0rd",
    "passwort",
    "passphrase",
    "contraseña",
    "motdepasse",
    "iloveyou",
    "letmein",
    "welcome",
    "willkommen",
    "changeme",
    "trustno1",
    "administrator",
    "admin",
    "superman",
    "batman",
    "princess",
    "sunshine",
    "football",
    "baseball",
    "basketball",
    "monkey",
    "dragon",
    "master",
    "shadow",
    "michael",
    "jennifer",
    "liverpool",
    "manchester",
    "correcthorsebatterystaple",
    "abcdefghijklmnopqrstuvwxyz",
    "abcdefghijklmno",
    "abcdefgh",
    "abcdef",
    "secret",
    "login",
    "access",
    "default",
    "counseling",
    "counselor",
    "therapist",
    "therapy",
    "tenfold",
    "couples",
];

/// How much of its own a password must have besides such stems.
const MIN_OWN: usize = 6;
/// How many different characters a password must have.
const MIN_DIFFERENT: usize = 5;

/// Whether it is little more than what many people choose. Expects lower case.
pub(super) fn is_common(password: &str) -> bool {
    let letters: String = password.chars().filter(|c| !c.is_whitespace() && !"-_.,!?".contains(*c)).collect();
    let own = STEMS.iter().fold(letters.clone(), |rest, stem| rest.replace(stem, ""));
    let mut different: Vec<char> = letters.chars().collect();
    different.sort_unstable();
    different.dedup();
    own.chars().count() < MIN_OWN || different.len() < MIN_DIFFERENT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stems_put_together_are_common_and_a_phrase_of_ones_own_is_not() {
        for common in [
            "passwordpassword",
            "qwertyuiop12345",
            "iloveyou-iloveyou",
            "correct horse battery staple",
            "121212121212121212",
        ] {
            assert!(is_common(common), "{common}");
        }
        for own in ["seven boats on the quay", "tumbling-crystal-anvil", "passwort für die möwe"] {
            assert!(!is_common(own), "{own}");
        }
    }
}
