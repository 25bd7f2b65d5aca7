//! What answers are about: another record of the couple, named by its id.
//!
//! A field that names a record may be empty even where it has to be filled in: whoever reads the answers and can't see the record is
//! not shown its id ([`super::Answers::without`]).

use chrono::NaiveDate;

use super::Kind;
use crate::ids::{EntryId, PartnerId, PromiseId, SessionId};

/// Another record that answers name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The field that names it, as a JSON pointer (RFC 6901) below the answers.
    pub pointer: String,
    /// What it names.
    pub to: Target,
}

/// What a reference names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Target {
    /// An entry of one kind.
    Entry {
        /// Which one.
        id: EntryId,
        /// Of which kind it must be.
        kind: Kind,
        /// Whose it must be.
        whose: Whose,
    },
    /// A promise that the other partner made.
    PromiseOfTheOther(PromiseId),
    /// A session they may know of, once it has begun.
    BegunSession(SessionId),
    /// One of the two who are partners.
    Partner(PartnerId),
}

/// Whose an entry must be, seen from the author of the answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    /// Their own.
    Own,
    /// The other partner's: nobody answers or thanks themselves.
    TheOthers,
    /// Anybody's.
    Anyones,
}

/// What an author tells of once: to say it differently, they correct what they said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldOnce {
    /// The record.
    pub about: Reference,
    /// The day, where it is one of many times.
    pub on: Option<NaiveDate>,
}

impl ToldOnce {
    /// Of the record that is named first; `None` if none is.
    pub(super) fn about(references: Vec<Reference>) -> Option<Self> {
        references.into_iter().next().map(|about| Self { about, on: None })
    }
}

impl Target {
    /// What it is: a kind of entry, or the noun of another record.
    #[must_use]
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Entry { kind, .. } => kind.as_str(),
            Self::PromiseOfTheOther(_) => "promise",
            Self::BegunSession(_) => "session",
            Self::Partner(_) => "partner",
        }
    }

    /// The entry that is named, if it is one.
    #[must_use]
    pub const fn entry(self) -> Option<EntryId> {
        match self {
            Self::Entry { id, .. } => Some(id),
            Self::PromiseOfTheOther(_) | Self::BegunSession(_) | Self::Partner(_) => None,
        }
    }
}

impl Reference {
    /// The one of a field that names an entry; none if it does not.
    pub(super) fn entry(field: &str, id: Option<EntryId>, kind: Kind, whose: Whose) -> Vec<Self> {
        Self::to(field, id.map(|id| Target::Entry { id, kind, whose }))
    }

    /// The one of a field that names another kind of record; none if it does not.
    pub(super) fn to(field: &str, to: Option<Target>) -> Vec<Self> {
        to.into_iter().map(|to| Self { pointer: format!("/{field}"), to }).collect()
    }
}
