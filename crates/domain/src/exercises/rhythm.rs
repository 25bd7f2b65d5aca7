//! How often the things of an exercise are usually recorded, and for how long it goes on. An assignment takes none of this: it has one
//! cadence, which starts as that of the exercise's defaults. This is for whoever shows or plans an exercise.

use super::Kind;
use crate::vocabulary::word;

word! {
    /// The span in which the times of a rhythm are counted.
    Per as ("RhythmSpan") {
        /// Monday to Sunday.
        Week = "week",
        /// A month of the calendar.
        Month = "month",
    }
}

/// How often something of an exercise is usually recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    /// The kinds of entries; none where what is recorded is no entry: the outcomes of promises, in their ledger.
    pub kinds: &'static [Kind],
    /// What, and how often, in a few words for the partners.
    pub words: &'static str,
    /// The same as an RFC 5545 recurrence rule in the couple's days; none for what has no days of its own.
    pub recurrence: Option<&'static str>,
    /// How many times, where that matters more than the days.
    pub times: Option<Times>,
}

/// How many times within a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// At least so many, from 1.
    pub from: u8,
    /// At most so many.
    pub to: u8,
    /// In which span.
    pub per: Per,
}

/// For how many weeks an exercise usually goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weeks {
    /// At least so many, from 1.
    pub from: u8,
    /// At most so many.
    pub to: u8,
}

impl Rhythm {
    /// Whenever there is something to record.
    pub(super) const fn of(kinds: &'static [Kind], words: &'static str) -> Self {
        Self { kinds, words, recurrence: None, times: None }
    }

    /// On the days of a rule.
    pub(super) const fn by(self, rule: &'static str) -> Self {
        Self { recurrence: Some(rule), ..self }
    }

    /// So many times within a span.
    pub(super) const fn times(self, from: u8, to: u8, per: Per) -> Self {
        Self { times: Some(Times { from, to, per }), ..self }
    }
}
