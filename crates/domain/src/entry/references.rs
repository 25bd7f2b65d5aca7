//! What answers name must be there for their author, of the right kind, by the right person, and within what they may read; and what
//! they rest on must hold.

use chrono::NaiveDate;

use super::{Author, Entry, EntryError};
use crate::{
    couple::Couple,
    exercises::{Answers, Ground, History, Kind, Reference, Target, Whose},
    ids::{EntryId, PartnerId, PromiseId, SessionId},
    visibility::Reader,
};

/// A record that answers name, as it was found for their author, or one that they rest on. What the author may not see is not found
/// among what they name.
#[derive(Debug, Clone, PartialEq)]
pub enum Referred {
    /// An entry of the couple.
    Entry {
        /// Which one.
        id: EntryId,
        /// Of which kind.
        kind: Kind,
        /// Whose.
        author: Author,
    },
    /// A promise of the couple.
    Promise {
        /// Which one.
        id: PromiseId,
        /// Who made it.
        maker: PartnerId,
    },
    /// A session of the couple.
    Session(SessionId),
    /// A current partner.
    Partner(PartnerId),
    /// What was handed in before of the kinds that the answers follow, whoever may read it.
    History(History),
    /// The submitted entries that decide the condition of the answers, whoever may read them.
    Ground(Vec<Entry>),
}

impl Referred {
    const fn history(&self) -> Option<&History> {
        if let Self::History(history) = self { Some(history) } else { None }
    }

    fn ground(&self) -> Option<&[Entry]> {
        if let Self::Ground(entries) = self { Some(entries) } else { None }
    }
}

/// A field of the answers that names what is not there for their author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownReference {
    /// The field, as a JSON pointer below the answers.
    pub pointer: String,
    /// What would be right, as the rest of "names …".
    pub wanted: &'static str,
}

impl Author {
    /// Those who must be able to see what an entry of this author names; `caller` is as whom a counselor reads.
    #[must_use]
    pub fn readers(self, couple: &Couple, caller: Reader) -> Vec<Reader> {
        match self {
            Self::Partner(partner) => vec![Reader::Partner(partner)],
            Self::Together => couple.current_partners().map(|partner| Reader::Partner(partner.id)).collect(),
            Self::Counselor(_) => vec![caller],
        }
    }
}

/// What the answers rest on holds. What the answers before rested on may since have changed, and is not asked for again.
pub(super) fn check_condition(
    couple: &Couple,
    on: NaiveDate,
    before: Option<&Answers>,
    answers: &Answers,
    referred: &[Referred],
) -> Result<(), EntryError> {
    let asked_before = before.and_then(Answers::condition);
    let Some(condition) = answers.condition().filter(|condition| asked_before != Some(*condition)) else {
        return Ok(());
    };
    let entries = referred.iter().find_map(Referred::ground).unwrap_or_default();
    let holds = condition.holds(Ground { couple, on, entries });
    if holds { Ok(()) } else { Err(EntryError::Condition(condition)) }
}

/// Every reference of new answers is to something that was found, and fits what was handed in before. What the answers before named
/// already may since have been hidden or have changed, and still be named.
pub(super) fn check(
    couple: &Couple,
    author: Author,
    before: Option<&Answers>,
    answers: &Answers,
    referred: &[Referred],
) -> Result<(), EntryError> {
    let named_before = before.map(Answers::references).unwrap_or_default();
    let is_new = |reference: &Reference| named_before.iter().all(|known| known.to != reference.to);
    let is_there = |reference: &Reference| referred.iter().any(|found| fits(couple, author, reference.to, found));
    let new: Vec<_> = answers.references().into_iter().filter(is_new).collect();
    let names_something_new = !new.is_empty();
    let unknown: Vec<_> = new
        .into_iter()
        .filter(|reference| !is_there(reference))
        .map(|Reference { pointer, to }| UnknownReference { pointer, wanted: wanted(to) })
        .collect();
    if !unknown.is_empty() {
        return Err(EntryError::References(unknown));
    }
    if names_something_new {
        let history = referred.iter().find_map(Referred::history).cloned().unwrap_or_default();
        answers.check_against(&history).map_err(|unmet| EntryError::References(vec![unmet]))?;
    }
    Ok(())
}

fn fits(couple: &Couple, author: Author, wanted: Target, found: &Referred) -> bool {
    match (wanted, found) {
        (Target::Entry { id, kind, whose }, Referred::Entry { id: of, kind: found, author: writer }) => {
            id == *of && kind == *found && belongs(couple, whose, author, *writer)
        }
        (Target::PromiseOfTheOther(id), Referred::Promise { id: of, maker }) => {
            id == *of && belongs(couple, Whose::TheOthers, author, Author::Partner(*maker))
        }
        (Target::Session(id), Referred::Session(of)) => id == *of,
        (Target::Partner(id), Referred::Partner(of)) => id == *of,
        _ => false,
    }
}

fn belongs(couple: &Couple, whose: Whose, author: Author, writer: Author) -> bool {
    let same = match (author, writer) {
        (Author::Partner(one), Author::Partner(other)) => couple.same_person(one, other),
        (author, writer) => author == writer,
    };
    match whose {
        Whose::Anyones => true,
        Whose::Own => same,
        // What both wrote as one may be answered by either.
        Whose::TheOthers => !same || author == Author::Together,
    }
}

const fn wanted(to: Target) -> &'static str {
    match to {
        Target::Entry { whose: Whose::TheOthers, .. } => {
            "an entry of the other partner that they have shared, of the kind this answers"
        }
        Target::Entry { whose: Whose::Own, .. } => "an entry of the author's own, of the kind this is about",
        Target::Entry { whose: Whose::Anyones, .. } => {
            "an entry of this couple that the author may read, of the kind this is about"
        }
        Target::PromiseOfTheOther(_) => "a promise that the other partner made",
        Target::Session(_) => "a session that the author may know of",
        Target::Partner(_) => "a partner of this couple",
    }
}
