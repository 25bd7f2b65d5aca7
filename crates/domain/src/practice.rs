//! A practice: one counseling business, and the tenant nothing ever crosses.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{confidential::NAME_CHARACTERS, ids::PracticeId};

/// The short name of a practice, typed at sign-in: 3 to 40 of `a`–`z`, `0`–`9` and `-`, no hyphen at either end.
///
/// It is unique on the server; the store's constraint decides.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$")]
pub struct Handle(String);

impl Handle {
    /// The handle as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Handle {
    type Err = PracticeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let length = (3..=40).contains(&text.len());
        let characters = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let ends = !text.starts_with('-') && !text.ends_with('-');
        if length && characters && ends { Ok(Self(text.to_owned())) } else { Err(PracticeError::Handle) }
    }
}

impl TryFrom<String> for Handle {
    type Error = PracticeError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Handle> for String {
    fn from(handle: Handle) -> Self {
        handle.0
    }
}

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One counseling business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Practice {
    /// Which one.
    pub id: PracticeId,
    /// What its people type at sign-in.
    pub handle: Handle,
    /// What it is called on documents, 1 to 200 characters.
    pub name: String,
    /// Where its days begin and end, unless a couple says otherwise.
    pub time_zone: Tz,
    /// When it was set up.
    pub created_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// A practice as wanted.
#[derive(Debug, Clone)]
pub struct PracticeDraft {
    /// What its people type at sign-in.
    pub handle: Handle,
    /// What it is called on documents.
    pub name: String,
    /// Where its days begin and end.
    pub time_zone: Tz,
}

/// What of a practice is to be different; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct PracticeChange {
    /// What it is called on documents.
    pub name: Option<String>,
    /// Where its days begin and end.
    pub time_zone: Option<Tz>,
}

/// Why a practice can't be as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PracticeError {
    /// The handle has another form.
    #[error("a handle has 3 to 40 lower-case letters, digits and hyphens, with no hyphen at either end")]
    Handle,
    /// The name is empty or too long.
    #[error("the name of a practice has 1 to 200 characters")]
    Name,
}

impl Practice {
    /// A new practice.
    ///
    /// # Errors
    /// [`PracticeError::Name`] for a name that is empty or too long.
    pub fn new(id: PracticeId, draft: PracticeDraft, now: DateTime<Utc>) -> Result<Self, PracticeError> {
        let name = checked_name(&draft.name)?;
        Ok(Self { id, handle: draft.handle, name, time_zone: draft.time_zone, created_at: now, version: 1 })
    }

    /// Changes the name or the time zone.
    ///
    /// # Errors
    /// [`PracticeError::Name`], and then nothing has changed.
    pub fn change(&mut self, change: PracticeChange) -> Result<(), PracticeError> {
        if let Some(name) = change.name {
            self.name = checked_name(&name)?;
        }
        self.time_zone = change.time_zone.unwrap_or(self.time_zone);
        self.version += 1;
        Ok(())
    }
}

fn checked_name(name: &str) -> Result<String, PracticeError> {
    let name = name.trim();
    let fits = !name.is_empty() && name.chars().count() <= NAME_CHARACTERS;
    fits.then(|| name.to_owned()).ok_or(PracticeError::Name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn riverside() -> Practice {
        let draft = PracticeDraft {
            handle: "riverside".parse().unwrap(),
            name: " Riverside Counseling ".to_owned(),
            time_zone: Tz::America__New_York,
        };
        Practice::new(PracticeId(Uuid::from_u128(1)), draft, DateTime::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn a_handle_is_short_and_lower_case() {
        for good in ["abc", "river-side-2", &"a".repeat(40)] {
            assert!(good.parse::<Handle>().is_ok(), "{good}");
        }
        for bad in ["ab", "Riverside", "-abc", "abc-", "a b c", "prax_is", "äbc", &"a".repeat(41)] {
            assert_eq!(bad.parse::<Handle>(), Err(PracticeError::Handle), "{bad}");
        }
    }

    #[test]
    fn a_change_counts_and_a_refused_one_does_not() {
        let mut practice = riverside();
        assert_eq!((practice.name.as_str(), practice.version), ("Riverside Counseling", 1));
        practice.change(PracticeChange { time_zone: Some(Tz::Europe__Berlin), ..Default::default() }).unwrap();
        assert_eq!((practice.name.as_str(), practice.version), ("Riverside Counseling", 2));
        let refused = practice.change(PracticeChange { name: Some("  ".to_owned()), ..Default::default() });
        assert_eq!((refused, practice.version), (Err(PracticeError::Name), 2));
    }
}
