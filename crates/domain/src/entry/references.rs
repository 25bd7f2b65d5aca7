//! What answers name must be there for their author, of the right kind, by the right person, and within what they may read; and what
//! they rest on must hold.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::{Author, Entry, EntryError};
use crate::{
    couple::Couple,
    exercises::{Answers, Condition, Ground, History, Kind, Reference, Target, Whose},
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
        /// The day it is about.
        recorded_on: NaiveDate,
        /// Whether what it tells of took place; a ritual that was skipped did not.
        took_place: bool,
    },
    /// A promise of the couple.
    Promise {
        /// Which one.
        id: PromiseId,
        /// Who made it.
        maker: PartnerId,
    },
    /// A session of the couple.
    Session {
        /// Which one.
        id: SessionId,
        /// Whether it has begun.
        has_begun: bool,
    },
    /// A current partner.
    Partner(PartnerId),
    /// What was handed in before of the kinds that the answers follow, whoever may read it.
    History(History),
}

impl Referred {
    /// An entry, as it was found.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        let Entry { id, kind, author, recorded_on, .. } = *entry;
        Self::Entry { id, kind, author, recorded_on, took_place: entry.answers.took_place() }
    }

    /// Whether this is the record that is named.
    #[must_use]
    pub fn is(&self, to: Target) -> bool {
        match (self, to) {
            (Self::Entry { id, .. }, Target::Entry { id: named, .. }) => *id == named,
            (Self::Promise { id, .. }, Target::PromiseOfTheOther(named)) => *id == named,
            (Self::Session { id, .. }, Target::BegunSession(named)) => *id == named,
            (Self::Partner(id), Target::Partner(named)) => *id == named,
            _ => false,
        }
    }

    const fn history(&self) -> Option<&History> {
        if let Self::History(history) = self { Some(history) } else { None }
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

/// The day of the entry that answers are about, where what is revealed together is about one.
pub(super) fn day_of_record(answers: &Answers, referred: &[Referred]) -> Option<NaiveDate> {
    let about = answers.about()?;
    referred.iter().filter(|found| found.is(about)).find_map(|found| match found {
        Referred::Entry { recorded_on, .. } => Some(*recorded_on),
        _ => None,
    })
}

/// Every reference of new answers is to something that was found; they fit what was handed in before, and what they rest on holds.
pub(super) fn check(
    (couple, on): (&Couple, NaiveDate),
    author: Author,
    answers: &Answers,
    referred: &[Referred],
) -> Result<(), EntryError> {
    check_found(couple, author, &answers.references(), referred)?;
    let history = history_in(referred);
    check_told_once(answers, &history)?;
    check_history(answers, &history)?;
    check_condition(couple, on, answers.condition(), &history)
}

/// The same for answers that take the place of an entry's. What was named before may since have been hidden or have changed, and still
/// be named: what was handed in with it is held against what there was then. What was rested on is not asked for again, and what was told
/// of twice before that was refused can be corrected.
pub(super) fn check_replacing(
    couple: &Couple,
    before: &Entry,
    answers: &Answers,
    referred: &[Referred],
) -> Result<(), EntryError> {
    let named_before = before.answers.references();
    let is_new = |reference: &Reference| named_before.iter().all(|known| known.to != reference.to);
    let new: Vec<_> = answers.references().into_iter().filter(is_new).collect();
    check_found(couple, before.author, &new, referred)?;
    let history = history_in(referred);
    if answers.told_once() != before.answers.told_once() {
        check_told_once(answers, &history)?;
    }
    if !new.is_empty() {
        check_history(answers, &history)?;
    } else if before.is_submitted() {
        check_history(answers, &history.before(before, couple))?;
    }
    let rested_on = before.answers.condition();
    let condition = answers.condition().filter(|condition| rested_on != Some(*condition));
    check_condition(couple, before.recorded_on, condition, &history)
}

/// What was handed in before, among what was found.
pub(super) fn history_in(referred: &[Referred]) -> Cow<'_, History> {
    let found = referred.iter().find_map(Referred::history);
    found.map_or_else(|| Cow::Owned(History::default()), Cow::Borrowed)
}

/// Answers that are handed in fit what was handed in before them, and what they rest on holds still: both may have changed since
/// they were recorded.
pub(super) fn check_again(
    couple: &Couple,
    on: NaiveDate,
    answers: &Answers,
    history: &History,
) -> Result<(), EntryError> {
    check_told_once(answers, history)?;
    check_history(answers, history)?;
    check_condition(couple, on, answers.condition(), history)
}

fn check_found(
    couple: &Couple,
    author: Author,
    references: &[Reference],
    referred: &[Referred],
) -> Result<(), EntryError> {
    let is_there = |reference: &Reference| referred.iter().any(|found| fits(couple, author, reference.to, found));
    let unknown = references.iter().filter(|reference| !is_there(reference));
    let unknown: Vec<_> = unknown
        .map(|Reference { pointer, to }| UnknownReference { pointer: pointer.clone(), wanted: wanted(*to, referred) })
        .collect();
    if unknown.is_empty() { Ok(()) } else { Err(EntryError::References(unknown)) }
}

/// The author has not told of the same thing before, as far as they may know.
fn check_told_once(answers: &Answers, history: &History) -> Result<(), EntryError> {
    let Some(once) = answers.told_once() else { return Ok(()) };
    match history.told.iter().find(|told| told.answers.told_once().as_ref() == Some(&once)) {
        Some(first) => Err(EntryError::ToldBefore { pointer: once.about.pointer, first: first.id }),
        None => Ok(()),
    }
}

fn check_history(answers: &Answers, history: &History) -> Result<(), EntryError> {
    answers.check_against(history).map_err(|unmet| EntryError::References(vec![unmet]))
}

fn check_condition(
    couple: &Couple,
    on: NaiveDate,
    condition: Option<Condition>,
    history: &History,
) -> Result<(), EntryError> {
    let ground = Ground { couple, on, entries: &history.entries };
    match condition.filter(|condition| !condition.holds(ground)) {
        Some(unmet) => Err(EntryError::Condition(unmet)),
        None => Ok(()),
    }
}

fn fits(couple: &Couple, author: Author, wanted: Target, found: &Referred) -> bool {
    match (wanted, found) {
        (
            Target::Entry { id, kind, whose },
            Referred::Entry { id: of, kind: found, author: writer, took_place, .. },
        ) => id == *of && kind == *found && *took_place && belongs(couple, whose, author, *writer),
        (Target::PromiseOfTheOther(id), Referred::Promise { id: of, maker }) => {
            id == *of && belongs(couple, Whose::TheOthers, author, Author::Partner(*maker))
        }
        (Target::BegunSession(id), Referred::Session { id: of, has_begun }) => id == *of && *has_begun,
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

/// What would be right. Of what the author may not know it says nothing else than of what is not there.
fn wanted(to: Target, referred: &[Referred]) -> &'static str {
    let is_to_come = |session| referred.contains(&Referred::Session { id: session, has_begun: false });
    let was_skipped = |named| {
        referred.iter().any(|found| matches!(found, Referred::Entry { id, took_place: false, .. } if *id == named))
    };
    match to {
        Target::Entry { id, .. } if was_skipped(id) => {
            "a time that the ritual was done: of what was skipped there is nothing to feel"
        }
        Target::Entry { whose: Whose::TheOthers, .. } => {
            "an entry of the other partner that they have shared, of the kind this answers"
        }
        Target::Entry { whose: Whose::Own, .. } => "an entry of the author's own, of the kind this is about",
        Target::Entry { whose: Whose::Anyones, .. } => {
            "an entry of this couple that the author may read, of the kind this is about"
        }
        Target::PromiseOfTheOther(_) => "a promise that the other partner made",
        Target::BegunSession(id) if is_to_come(id) => "a session that has begun: what it was like is said after it",
        Target::BegunSession(_) => "a session that the author may know of",
        Target::Partner(_) => "a partner of this couple",
    }
}
