//! Sign-ins: a device that someone signed in on, and the refresh tokens that keep it signed in.
//!
//! A refresh token is used once and gives way to its successor. One that comes a second time was copied, by its holder's own
//! device whose answer was lost, or by someone else; [`SignIn::rotation`] tells the two apart and ends the sign-in for the
//! second (RFC 9700 §4.14.2).

use chrono::{DateTime, TimeDelta, Utc};

use crate::{account::AccountHolder, confidential::Confidential, ids::SignInId};

/// For how long someone stays signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// Without use.
    pub idle: TimeDelta,
    /// Whatever happens.
    pub absolute: TimeDelta,
}

/// For how long staff and clients stay signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInPolicy {
    /// Those who can open many people's records.
    pub staff: Lifetime,
    /// Those who can open only what is theirs.
    pub clients: Lifetime,
}

impl SignInPolicy {
    /// Staff: within NIST SP 800-63B-4 for AAL2. Clients: within AAL1, so that a small daily exercise asks for no password.
    pub const DEFAULT: Self = Self {
        staff: Lifetime { idle: TimeDelta::minutes(30), absolute: TimeDelta::hours(12) },
        clients: Lifetime { idle: TimeDelta::days(3), absolute: TimeDelta::days(30) },
    };

    /// For how long this holder stays signed in.
    #[must_use]
    pub const fn of(&self, holder: AccountHolder) -> Lifetime {
        match holder {
            AccountHolder::Staff(_) => self.staff,
            AccountHolder::Client(_) => self.clients,
        }
    }
}

impl Default for SignInPolicy {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// For how long a spent refresh token still gets the successor that was given for it, in case the answer was lost.
pub const LOST_ANSWER_GRACE: TimeDelta = TimeDelta::seconds(10);

/// A device that someone signed in on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    /// Which one.
    pub id: SignInId,
    /// Who signed in.
    pub holder: AccountHolder,
    /// What the device calls itself, shortened for its holder to recognise.
    pub device: Option<Confidential>,
    /// When they signed in.
    pub created_at: DateTime<Utc>,
    /// When its tokens were last renewed.
    pub last_used_at: DateTime<Utc>,
    /// When it ends unless it is used before.
    pub idle_until: DateTime<Utc>,
    /// When it ends at the latest.
    pub expires_at: DateTime<Utc>,
    /// When it was ended before its time.
    pub ended_at: Option<DateTime<Utc>>,
}

/// What is known of a refresh token that was presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenState {
    /// It is the newest of its sign-in.
    Current,
    /// It gave way to a successor.
    Spent {
        /// When.
        at: DateTime<Utc>,
        /// Whether its successor has not been presented yet.
        successor_unused: bool,
    },
}

/// What a presented refresh token gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// A successor.
    Rotate,
    /// The same successor as the first time: the answer may have been lost.
    Repeat,
    /// Nothing, and the sign-in ends: two have the token.
    Reuse,
    /// Nothing.
    Refused,
}

impl SignIn {
    /// Someone signs in.
    #[must_use]
    pub fn new(
        id: SignInId,
        holder: AccountHolder,
        device: Option<Confidential>,
        policy: SignInPolicy,
        now: DateTime<Utc>,
    ) -> Self {
        let Lifetime { idle, absolute } = policy.of(holder);
        let expires_at = now + absolute;
        let idle_until = expires_at.min(now + idle);
        Self { id, holder, device, created_at: now, last_used_at: now, idle_until, expires_at, ended_at: None }
    }

    /// Whether it lives.
    #[must_use]
    pub fn is_live(&self, now: DateTime<Utc>) -> bool {
        self.ended_at.is_none() && now < self.idle_until && now < self.expires_at
    }

    /// What a token of this sign-in gets.
    #[must_use]
    pub fn rotation(&self, token: TokenState, now: DateTime<Utc>) -> Rotation {
        if !self.is_live(now) {
            return Rotation::Refused;
        }
        match token {
            TokenState::Current => Rotation::Rotate,
            TokenState::Spent { at, successor_unused: true } if now - at <= LOST_ANSWER_GRACE => Rotation::Repeat,
            TokenState::Spent { .. } => Rotation::Reuse,
        }
    }

    /// It was used just now.
    pub fn touch(&mut self, policy: SignInPolicy, now: DateTime<Utc>) {
        self.last_used_at = now;
        self.idle_until = self.expires_at.min(now + policy.of(self.holder).idle);
    }

    /// Ends it, if it has not ended before.
    pub fn end(&mut self, now: DateTime<Utc>) {
        self.ended_at.get_or_insert(now);
    }
}

/// What browsers and systems call themselves, the more particular first: most of them claim to be others too.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: [(&str, &str); 7] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];
const DEVICE_CHARACTERS: usize = 60;

/// What a `User-Agent` says, as its holder would: “Firefox on Windows”. What is not a browser gives its first word.
#[must_use]
pub fn device_label(user_agent: &str) -> Option<Confidential> {
    let find = |names: &[(&str, &'static str)]| {
        names.iter().find(|(part, _)| user_agent.contains(part)).map(|(_, name)| *name)
    };
    let label = match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(browser), None) => browser.to_owned(),
        (None, _) => {
            let word = user_agent.split_whitespace().next().unwrap_or_default();
            word.chars().filter(char::is_ascii_graphic).take(DEVICE_CHARACTERS).collect()
        }
    };
    (!label.is_empty()).then(|| Confidential::new(label))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ClientId, StaffId};
    use uuid::Uuid;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn signed_in(holder: AccountHolder) -> SignIn {
        SignIn::new(SignInId(Uuid::from_u128(9)), holder, None, SignInPolicy::DEFAULT, NOW)
    }

    fn staff() -> SignIn {
        signed_in(AccountHolder::Staff(StaffId(Uuid::from_u128(1))))
    }

    fn spent(seconds_ago: i64, successor_unused: bool) -> (TokenState, DateTime<Utc>) {
        let now = NOW + TimeDelta::minutes(1);
        (TokenState::Spent { at: now - TimeDelta::seconds(seconds_ago), successor_unused }, now)
    }

    #[test]
    fn staff_are_signed_out_after_half_an_hour_without_use_and_after_twelve_hours_anyway() {
        let mut sign_in = staff();
        assert!(sign_in.is_live(NOW + TimeDelta::minutes(29)));
        assert!(!sign_in.is_live(NOW + TimeDelta::minutes(30)));
        for half_hours in 1..=24 {
            sign_in.touch(SignInPolicy::DEFAULT, NOW + TimeDelta::minutes(29 * half_hours));
        }
        assert!(sign_in.is_live(NOW + TimeDelta::hours(12) - TimeDelta::seconds(1)));
        assert!(!sign_in.is_live(NOW + TimeDelta::hours(12)));
    }

    #[test]
    fn clients_stay_signed_in_for_longer() {
        let sign_in = signed_in(AccountHolder::Client(ClientId(Uuid::from_u128(1))));
        assert!(sign_in.is_live(NOW + TimeDelta::days(2)));
        assert!(!sign_in.is_live(NOW + TimeDelta::days(3)));
    }

    #[test]
    fn the_newest_token_is_rotated() {
        assert_eq!(staff().rotation(TokenState::Current, NOW), Rotation::Rotate);
    }

    #[test]
    fn a_lost_answer_is_given_again_for_ten_seconds_while_nobody_has_used_it() {
        let rotation = |(token, now)| staff().rotation(token, now);
        assert_eq!(rotation(spent(10, true)), Rotation::Repeat);
        assert_eq!(rotation(spent(11, true)), Rotation::Reuse);
        assert_eq!(rotation(spent(1, false)), Rotation::Reuse);
    }

    #[test]
    fn a_sign_in_that_ended_refuses_every_token() {
        let mut sign_in = staff();
        sign_in.end(NOW);
        let (token, now) = spent(1, true);
        assert_eq!(sign_in.rotation(TokenState::Current, NOW), Rotation::Refused);
        assert_eq!(sign_in.rotation(token, now), Rotation::Refused);
        assert_eq!(staff().rotation(TokenState::Current, NOW + TimeDelta::hours(1)), Rotation::Refused);
    }

    #[test]
    fn a_device_is_called_what_its_holder_would_call_it() {
        let label = |agent: &str| device_label(agent).map(Confidential::into_exposed);
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
        assert_eq!(label(edge).as_deref(), Some("Edge on Windows"));
        let iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) Version/26.0 Mobile/15E148 Safari/604.1";
        assert_eq!(label(iphone).as_deref(), Some("Safari on iPhone"));
        assert_eq!(label("curl/8.5.0").as_deref(), Some("curl/8.5.0"));
        assert_eq!(label(&"x".repeat(500)).map(|label| label.len()), Some(60));
        assert_eq!(label(" "), None);
    }
}
