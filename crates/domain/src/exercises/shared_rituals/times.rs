//! The days rituals were for and what became of them: one rule, for where a couple stands and for progress.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{Ritual, RitualOccurrence};
use crate::{
    entry::Entry,
    exercises::history::of_kind,
    ids::{AssignmentId, EntryId},
    recurrence::windows,
    vocabulary::word,
};

/// How many planned days are counted at most, those of all rituals together.
const MOST_PLANNED: usize = 20_000;

word! {
    /// What became of a day a ritual was for.
    OccurrenceState {
        /// It was done.
        Done = "done",
        /// It was skipped.
        Skipped = "skipped",
        /// Nothing was recorded in the range: missing, not skipped.
        NotRecorded = "not_recorded",
    }
}

/// A day a ritual was planned for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedRitual {
    /// The assignment that the ritual belongs to.
    pub assignment: AssignmentId,
    /// The day.
    pub on: NaiveDate,
    /// What became of it.
    pub state: OccurrenceState,
}

/// The days that rituals were planned for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlannedRituals {
    /// Each of them, ritual by ritual.
    pub days: Vec<PlannedRitual>,
    /// Whether some were left out: 20,000 are counted.
    pub cut: bool,
}

impl PlannedRituals {
    /// The days of a range that the rituals among these entries, which are in order, were planned for by their rules.
    #[must_use]
    pub fn among(entries: &[Entry], range: (NaiveDate, NaiveDate)) -> Self {
        let (recorded, mut planned) = (recorded_times(entries, range), Self::default());
        for (entry, ritual) in of_kind::<Ritual>(entries).filter(|(entry, _)| entry.is_submitted()) {
            let (days, cut) = planned_days(entry, ritual, range, MOST_PLANNED - planned.days.len());
            let of_ritual = recorded.get(&entry.id);
            let day = |on: NaiveDate| {
                let found = of_ritual.and_then(|times| times.get(&on)).map(|(_, time)| *time);
                PlannedRitual { assignment: entry.assignment, on, state: state_of(found) }
            };
            planned.days.extend(days.into_iter().map(day));
            planned.cut |= cut;
        }
        planned
    }
}

/// What was recorded of one day of a ritual.
pub(super) type RecordedTime<'e> = (&'e Entry, &'e RitualOccurrence);

/// What was recorded of each ritual's days within a range. Of what was recorded twice the last word counts.
pub(super) fn recorded_times(
    entries: &[Entry],
    (from, until): (NaiveDate, NaiveDate),
) -> BTreeMap<EntryId, BTreeMap<NaiveDate, RecordedTime<'_>>> {
    let mut times = BTreeMap::<_, BTreeMap<_, _>>::new();
    for (entry, time) in of_kind::<RitualOccurrence>(entries) {
        if let Some(ritual) = time.ritual_id
            && entry.is_submitted()
            && (from..=until).contains(&time.due_on)
        {
            times.entry(ritual).or_default().insert(time.due_on, (entry, time));
        }
    }
    times
}

/// The days of a range that a ritual is planned for, the latest so many, and whether some were left out.
pub(super) fn planned_days(
    entry: &Entry,
    ritual: &Ritual,
    (from, until): (NaiveDate, NaiveDate),
    most: usize,
) -> (Vec<NaiveDate>, bool) {
    let Some(rule) = ritual.rule() else { return (Vec::new(), false) };
    if most == 0 {
        return (Vec::new(), true);
    }
    let days = windows(from, until).flat_map(|(first, last)| rule.days(entry.recorded_on, first, last));
    let mut days: Vec<_> = days.collect();
    let left_out = days.len().saturating_sub(most);
    (days.split_off(left_out), left_out > 0)
}

/// What became of a day by what was recorded of it.
pub(super) const fn state_of(recorded: Option<&RitualOccurrence>) -> OccurrenceState {
    match recorded {
        Some(time) if time.done => OccurrenceState::Done,
        Some(_) => OccurrenceState::Skipped,
        None => OccurrenceState::NotRecorded,
    }
}
