//! What was handed in before, for the rules across entries: an apology is answered once it was given, a touch is recorded if both
//! said that it is fine.

use chrono::{DateTime, NaiveDate, Utc};

use super::Answers;
use crate::{
    couple::Couple,
    entry::{Entry, UnknownReference},
};

/// What answers are checked against, **whoever may read it**: a rule asks of it only what the author of the answers knows, or is to
/// be told.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// The submitted entries of the kinds that the answers follow ([`super::Kind::follows`]), by day: of what lasts, all up to today;
    /// of what happened once, what is about the day of the answers.
    pub entries: Vec<Entry>,
    /// What the author has handed in of the same kind, as far as they may read it, where one thing is told of once
    /// ([`super::Answers::told_once`]).
    pub told: Vec<Entry>,
    /// The day the answers are about.
    pub on: NaiveDate,
    /// The couple's day.
    pub today: NaiveDate,
    /// The instant they are checked at.
    pub now: DateTime<Utc>,
}

impl History {
    /// As it was when an entry was handed in.
    pub(crate) fn before(&self, entry: &Entry, couple: &Couple) -> Self {
        let place = |entry: &Entry| (entry.submitted_at(), entry.id);
        let entries = self.entries.iter().filter(|earlier| place(earlier) < place(entry)).cloned().collect();
        let today = entry.submitted_at().map_or(self.today, |at| couple.today(at));
        Self { entries, today, ..self.clone() }
    }

    /// The entries of one kind with their answers, by day.
    pub(super) fn all<'h, F: 'h>(&'h self) -> impl DoubleEndedIterator<Item = (&'h Entry, &'h F)>
    where
        &'h F: TryFrom<&'h Answers>,
    {
        of_kind(&self.entries)
    }
}

/// The entries of one kind with their answers.
pub(super) fn of_kind<'e, F: 'e>(entries: &'e [Entry]) -> impl DoubleEndedIterator<Item = (&'e Entry, &'e F)>
where
    &'e F: TryFrom<&'e Answers>,
{
    entries.iter().filter_map(|entry| Some((entry, (&entry.answers).try_into().ok()?)))
}

/// The outcome of a check against what was handed in before, put down to `field`; `wanted` is the rest of "must name …".
pub(super) fn names(holds: bool, field: &'static str, wanted: &'static str) -> Result<(), UnknownReference> {
    if holds { Ok(()) } else { Err(UnknownReference { pointer: format!("/{field}"), wanted }) }
}
