//! Passwords: Argon2id, away from the threads that serve requests, and never so many at once that the memory runs out.
//!
//! Rules after NIST 800-63B-4: long enough, not a common one, nothing that is easily guessed from who it is for; and no rules about
//! which characters it has.

mod common;

use std::{sync::Arc, thread};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::{AcquireError, Semaphore};

use crate::{
    config::Secret,
    problem::{FieldError, Problem},
};

const MIN_CHARACTERS: usize = 15;
const MAX_CHARACTERS: usize = 128;
/// A context word shorter than this is in too many good passwords.
const MIN_CONTEXT: usize = 4;

/// The floor of the OWASP Password Storage sheet: 19 MiB, two passes, one lane.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Why a password could not be hashed or checked. Says nothing about the password.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// The hash that was kept is none, or can't be computed.
    #[error("the password can't be hashed: {0}")]
    Hash(argon2::password_hash::Error),
    /// The parameters are out of range.
    #[error("the parameters of the password hash are not valid: {0}")]
    Parameters(argon2::Error),
    /// The thread that worked on it is gone.
    #[error("the password was not worked on to the end")]
    Interrupted(#[from] tokio::task::JoinError),
    /// The server is stopping.
    #[error("no more passwords are worked on")]
    Stopping(#[from] AcquireError),
}

impl From<PasswordError> for Problem {
    fn from(error: PasswordError) -> Self {
        Self::internal(error)
    }
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It is not the password.
    Wrong,
    /// It is.
    Right,
    /// It is; and it should be hashed anew, since the hash is weaker than hashes made now.
    RightButOutdated,
}

impl Verdict {
    /// Whether it is the password.
    #[must_use]
    pub fn is_right(self) -> bool {
        self != Self::Wrong
    }
}

/// Hashes and checks passwords.
#[derive(Debug)]
pub struct Passwords {
    hasher: Argon2<'static>,
    at_once: Arc<Semaphore>,
}

/// The hash of no one's password, with the parameters above: to check against it takes as long as for someone who exists.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgc2FsdA$q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA";

impl Passwords {
    /// With the parameters of this version of Tenfold.
    ///
    /// # Errors
    /// If the parameters are out of range.
    pub fn new() -> Result<Self, PasswordError> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(PasswordError::Parameters)?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Ok(Self { hasher, at_once: Arc::new(Semaphore::new(cores)) })
    }

    /// With a lower cost, which protects nobody: for tests, which sign in all the time.
    ///
    /// # Errors
    /// If the parameters are out of range.
    pub fn for_tests() -> Result<Self, PasswordError> {
        let params = Params::new(Params::MIN_M_COST, 1, 1, None).map_err(PasswordError::Parameters)?;
        let hasher = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        Ok(Self { hasher, ..Self::new()? })
    }

    /// Hashes a password for keeping, as a PHC string.
    ///
    /// # Errors
    /// If it can't be worked on.
    pub async fn hash(&self, password: Secret) -> Result<String, PasswordError> {
        let hasher = self.hasher.clone();
        self.work(move || hash(&hasher, password.expose())).await?
    }

    /// Checks a password against the hash that is kept, or against nobody's if there is no such user: it takes as long, and is
    /// always wrong.
    ///
    /// # Errors
    /// If it can't be worked on.
    pub async fn verify(&self, password: Secret, kept: Option<String>) -> Result<Verdict, PasswordError> {
        let (hasher, known) = (self.hasher.clone(), kept.is_some());
        let kept = kept.unwrap_or_else(|| NOBODY.to_owned());
        let verdict = self.work(move || verify(&hasher, password.expose(), &kept)).await??;
        Ok(if known { verdict } else { Verdict::Wrong })
    }

    async fn work<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, PasswordError> {
        let permit = self.at_once.clone().acquire_owned().await?;
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(permit);
            result
        });
        Ok(done.await?)
    }
}

fn hash(hasher: &Argon2<'_>, password: &str) -> Result<String, PasswordError> {
    hasher.hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(PasswordError::Hash)
}

fn verify(hasher: &Argon2<'_>, password: &str, kept: &str) -> Result<Verdict, PasswordError> {
    let kept = PasswordHash::new(kept).map_err(|error| PasswordError::Hash(error.into()))?;
    Ok(match hasher.verify_password(password.as_bytes(), &kept) {
        Ok(()) if is_outdated(hasher.params(), &kept) => Verdict::RightButOutdated,
        Ok(()) => Verdict::Right,
        Err(_) => Verdict::Wrong,
    })
}

fn is_outdated(wanted: &Params, kept: &PasswordHash) -> bool {
    let weaker = |kept: Params| kept.m_cost() < wanted.m_cost() || kept.t_cost() < wanted.t_cost();
    kept.algorithm != Algorithm::Argon2id.ident() || Params::try_from(kept).map_or(true, weaker)
}

/// Whether someone may have this password. The context is what others would guess: the practice's name, the e-mail address.
///
/// # Errors
/// What is wrong with it, as a field of the body at this pointer.
pub fn check_policy(password: &str, context: &[&str], pointer: &str) -> Result<(), Problem> {
    let refuse = |code: &'static str, why: &'static str| Problem::invalid(vec![FieldError::body(pointer, code, why)]);
    if !(MIN_CHARACTERS..=MAX_CHARACTERS).contains(&password.chars().count()) {
        return Err(refuse("length", "must have between 15 and 128 characters"));
    }
    let folded = password.to_lowercase();
    if common::is_common(&folded) {
        return Err(refuse("too-common", "is one that many people use"));
    }
    if context.iter().flat_map(|text| words(text)).any(|word| carries(&folded, &word)) {
        return Err(refuse("too-easy-to-guess", "contains the name of the practice or of the account"));
    }
    Ok(())
}

fn words(text: &str) -> Vec<String> {
    let local = text.split('@').next().unwrap_or(text).to_lowercase();
    let words = local.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= MIN_CONTEXT);
    words.map(ToOwned::to_owned).collect()
}

/// A word among others is fine; a word that is most of the password is not.
fn carries(password: &str, word: &str) -> bool {
    let rest = password.replace(word, "").chars().count();
    password.contains(word) && rest < MIN_CHARACTERS - MIN_CONTEXT
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text)
    }

    #[tokio::test]
    async fn a_password_is_right_only_for_its_own_hash() {
        let passwords = Passwords::new().unwrap();
        let kept = passwords.hash(secret("correct horse battery")).await.unwrap();
        assert!(kept.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{kept}");
        let verdict = |password: &str, kept| passwords.verify(secret(password), kept);
        assert_eq!(verdict("correct horse battery", Some(kept.clone())).await.unwrap(), Verdict::Right);
        assert_eq!(verdict("correct horse batterY", Some(kept)).await.unwrap(), Verdict::Wrong);
        assert_eq!(verdict("correct horse battery", None).await.unwrap(), Verdict::Wrong);
    }

    #[test]
    fn nobody_takes_as_long_as_somebody() {
        let wanted = Params::new(MEMORY_KIB, PASSES, LANES, None).unwrap();
        let kept = PasswordHash::new(NOBODY).unwrap();
        let nobody = Params::try_from(&kept).unwrap();
        assert_eq!((nobody.m_cost(), nobody.t_cost(), nobody.p_cost()), (wanted.m_cost(), wanted.t_cost(), LANES));
        assert!(!is_outdated(&wanted, &kept));
    }

    #[tokio::test]
    async fn a_weaker_hash_of_the_past_is_right_but_outdated() {
        let passwords = Passwords::new().unwrap();
        let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8 * 1024, 1, 1, None).unwrap());
        let kept = hash(&weak, "correct horse battery").unwrap();
        let verdict = passwords.verify(secret("correct horse battery"), Some(kept)).await.unwrap();
        assert_eq!(verdict, Verdict::RightButOutdated);
    }

    fn refused(password: &str) -> Option<String> {
        let problem = check_policy(password, &["Harborview House", "anna.keller@example.org"], "/password").err()?;
        Some(problem.errors()[0].code.to_string())
    }

    #[test]
    fn length_counts_characters_and_long_passphrases_are_welcome() {
        assert_eq!(refused("too short"), Some("length".to_owned()));
        assert_eq!(refused(&"ü".repeat(14)), Some("length".to_owned()));
        assert_eq!(refused("fünfzehn Äpfel!"), None);
        assert_eq!(refused(&"a phrase ".repeat(15)), Some("length".to_owned()));
    }

    #[test]
    fn common_passwords_and_the_names_around_are_refused() {
        assert_eq!(refused("Password1234567"), Some("too-common".to_owned()));
        assert_eq!(refused("aaaaaaaaaaaaaaaaaa"), Some("too-common".to_owned()));
        assert_eq!(refused("Harborview-2026!"), Some("too-easy-to-guess".to_owned()));
        assert_eq!(refused("AnnaKeller-2026!"), Some("too-easy-to-guess".to_owned()));
        assert_eq!(refused("a harborview full of small boats"), None);
    }
}
