//! Progress: what was done, and what the partners say changed. The two are never added up, and there is no single score.
//!
//! Everything here is computed from what it is given, and knows nothing of who asks. **The caller passes only what the reader may
//! read** ([`crate::visibility`]); [`Audience`] says what that is. What is missing is shown as missing, never as zero.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{
    assignment::{Standing, StandingStatus},
    entry::{Author, Entry},
    exercises::{Answers, AttendanceWork, Kind, Measure, PlannedRituals, Reading},
    ids::{AssignmentId, EntryId, PartnerId},
    own_exercise::AssignedForm,
    promise::{Outcome, Promise},
    recurrence::windows,
};

mod activity;
mod audience;
mod compute;
mod interval;
mod ledger;
mod pairs;
mod questions;
mod rituals;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod tests;
mod which;

pub use audience::{Audience, AudienceError, Record, Told, tell};
pub use compute::progress;
pub use interval::{Interval, Span, Stretch};
pub use ledger::{KeptPoint, LedgerCount, PromiseProgress, Run};
pub use pairs::{AccountsGap, Balance, Gap, Noticed, Pairs, Side, pairs};
pub use rituals::{KEPT_UP_DAYS, KEPT_UP_MINIMUM, KeptUp, RitualCount, RitualStretch};
pub use which::{AnyMeasure, WhichExercise};

/// How many intervals need a value before a trend is given.
pub const TREND_MINIMUM: u32 = 4;

/// What of an entry counts.
#[derive(Debug, Clone, PartialEq)]
pub struct CountedEntry {
    /// Which one.
    pub id: EntryId,
    /// For which assignment.
    pub assignment: AssignmentId,
    /// The exercise it belongs to.
    pub exercise: WhichExercise,
    /// Its kind.
    pub kind: Kind,
    /// Whose words it is.
    pub author: Author,
    /// The day it is about.
    pub recorded_on: NaiveDate,
    /// What it says in numbers.
    pub readings: Vec<Reading<AnyMeasure>>,
    /// The entries it is about.
    pub about: Vec<EntryId>,
}

/// What of an assignment counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedAssignment {
    /// Which one.
    pub id: AssignmentId,
    /// The exercise.
    pub exercise: WhichExercise,
    /// The first day on which something can be recorded for it.
    pub starts_on: NaiveDate,
    /// The day on which it ended, if it has.
    pub ended_on: Option<NaiveDate>,
    /// The last day on which it reminds, if there is one.
    pub reminders_until: Option<NaiveDate>,
    /// Those it counts for, and where they stand.
    pub standings: Vec<Standing>,
    /// Whether the audience may know where they say they stand.
    pub told: bool,
}

/// What of a promise counts: the days it was due, each with what was said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedPromise {
    /// Who promised.
    pub maker: PartnerId,
    /// To whom.
    pub to: PartnerId,
    /// The days it was due.
    pub due: Vec<(NaiveDate, Option<Outcome>)>,
}

/// A thank-you that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedThanks {
    /// Who was thanked.
    pub to: PartnerId,
    /// The day it is about.
    pub on: NaiveDate,
}

/// What progress is computed from, filtered for its reader.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProgressInput {
    /// Entries of the range; others are left out.
    pub entries: Vec<CountedEntry>,
    /// Whether there were more entries than are counted: the newest are.
    pub entries_cut: bool,
    /// Assignments.
    pub assignments: Vec<CountedAssignment>,
    /// Promises of those it is about.
    pub promises: Vec<CountedPromise>,
    /// Whether there were more promises than are counted: the newest are.
    pub promises_cut: bool,
    /// Promises to those it is about: what they answered is theirs.
    pub received: Vec<CountedPromise>,
    /// Thanks for efforts. Without a promise of the one thanked they are not told.
    pub thanks: Vec<CountedThanks>,
    /// What rituals were planned, and what became of it, for [`Span::rituals_from`] to the last day.
    pub rituals: PlannedRituals,
    /// Who was there in the sessions of the range.
    pub attendance: Vec<AttendanceWork>,
}

/// What was done and what changed, over a range of days.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// Exercise by exercise; only those with something to tell.
    pub exercises: Vec<ExerciseProgress>,
    /// Whether there were more entries than are counted: the newest are.
    pub entries_cut: bool,
    /// How promises of each maker were kept; only makers with promises.
    pub promises: Vec<PromiseProgress>,
    /// Whether there were more promises than are counted: the newest are.
    pub promises_cut: bool,
}

/// One exercise.
#[derive(Debug, Clone, PartialEq)]
pub struct ExerciseProgress {
    /// Which.
    pub exercise: WhichExercise,
    /// What was done.
    pub activity: Activity,
    /// What the partners say changed: one series for each measure and author.
    pub outcome: Vec<Series>,
    /// What was kept up after reminders stopped, for each assignment of rituals whose reminders did: an outcome too.
    pub kept_up: Vec<KeptUp>,
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Activity {
    /// How far each participant is with what was assigned.
    pub completion: Vec<Completion>,
    /// How many entries of which kind each author recorded.
    pub entries: Vec<EntryCount>,
    /// What the entries say was done, added up.
    pub totals: Vec<Total>,
    /// How many of the parts of an apology the drafts of each author cover.
    pub apology_parts: Vec<ApologyParts>,
    /// What became of planned rituals, where some were planned.
    pub rituals: Option<RitualCount>,
    /// Who was there in sessions.
    pub attendance: Vec<AttendanceWork>,
}

/// How far one participant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completion {
    /// Who.
    pub partner: PartnerId,
    /// How many assignments they were given that were open in the range.
    pub assigned: u32,
    /// For how many of these they handed in something in the range that the audience may read, or for exercise 4 spoke of a promise.
    pub submitted: u32,
    /// How many of these they are not ready for, as of now; `None` if the audience may not know.
    pub not_ready: Option<u32>,
    /// How many of these they leave out, as of now; `None` if the audience may not know.
    pub skipped: Option<u32>,
}

/// How many entries of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryCount {
    /// Which kind.
    pub kind: Kind,
    /// Whose.
    pub author: Author,
    /// How many.
    pub count: u32,
}

/// An activity measure, added up.
#[derive(Debug, Clone, PartialEq)]
pub struct Total {
    /// What.
    pub measure: Measure,
    /// Whose.
    pub author: Author,
    /// The sum, in the measure's unit.
    pub sum: f64,
    /// Of how many readings.
    pub n: u32,
    /// One point for each interval of the range, in order.
    pub points: Vec<SumPoint>,
}

/// One interval of an activity measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SumPoint {
    /// The first day of the interval.
    pub starts_on: NaiveDate,
    /// The sum of its readings. Without one it is 0 where they would have been counted, and `None` where they would not.
    pub sum: Option<f64>,
    /// Of how many readings.
    pub n: u32,
}

/// How many of the parts of an apology one author's drafts cover. It does not add up: each draft begins anew.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ApologyParts {
    /// Whose.
    pub author: Author,
    /// The parts covered by the latest draft of the range, 0 to 3.
    pub latest: f64,
    /// The parts covered by the draft that covers most, 0 to 3.
    pub most: f64,
}

/// An outcome measure over time, for one author.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What.
    pub measure: AnyMeasure,
    /// Whose.
    pub author: Author,
    /// The mean of all its readings. For a measure of yes and no that is the share of yes.
    pub mean: f64,
    /// Of how many readings.
    pub n: u32,
    /// One point for each interval of the range, in order.
    pub points: Vec<Point>,
    /// Where it goes, if there are enough intervals to say.
    pub trend: Trend,
}

/// One interval of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The first day of the interval.
    pub starts_on: NaiveDate,
    /// The mean of its readings; `None` without one.
    pub mean: Option<f64>,
    /// Of how many readings.
    pub n: u32,
}

/// Where a series goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trend {
    /// Too few intervals have a value.
    Withheld {
        /// How many have.
        n: u32,
    },
    /// A straight line through the intervals that have a value, by least squares.
    Given {
        /// How many have.
        n: u32,
        /// The change from one interval to the next, in the measure's unit.
        per_interval: f64,
    },
}

impl CountedEntry {
    /// What of an entry counts, with the form that it answers if its exercise is the practice's own; `None` for a draft.
    #[must_use]
    pub fn of(entry: &Entry, form: Option<&AssignedForm>) -> Option<Self> {
        let Entry { id, assignment, exercise: slug, kind, author, recorded_on, .. } = *entry;
        let about = || entry.answers.references().into_iter().filter_map(|reference| reference.to.entry()).collect();
        entry.is_submitted().then(|| Self {
            id,
            assignment,
            exercise: WhichExercise { slug, own: form.map(|form| form.exercise) },
            kind,
            author,
            recorded_on,
            readings: readings(&entry.answers, form),
            about: about(),
        })
    }
}

fn readings(answers: &Answers, form: Option<&AssignedForm>) -> Vec<Reading<AnyMeasure>> {
    match (answers, form) {
        (Answers::OwnEntry(own), Some(assigned)) => assigned.form.readings(&own.values).map(Into::into).collect(),
        (answers, _) => answers.readings().into_iter().map(Into::into).collect(),
    }
}

impl CountedPromise {
    /// What of a promise counts from one day to another, with the outcomes of its due days in any order.
    #[must_use]
    pub fn of(promise: &Promise, outcomes: &[Outcome], from: NaiveDate, until: NaiveDate) -> Self {
        let said: BTreeMap<_, _> = outcomes.iter().map(|outcome| (outcome.due_on, *outcome)).collect();
        let due = windows(from, until).flat_map(|(first, last)| promise.due_dates(first, last));
        let Promise { maker, to, .. } = *promise;
        Self { maker, to, due: due.map(|day| (day, said.get(&day).copied())).collect() }
    }
}

impl Completion {
    fn count(&mut self, status: StandingStatus, submitted: bool, told: bool) {
        self.assigned += 1;
        self.submitted += u32::from(submitted);
        if told {
            *self.not_ready.get_or_insert(0) += u32::from(status == StandingStatus::NotReady);
            *self.skipped.get_or_insert(0) += u32::from(status == StandingStatus::Skipped);
        }
    }
}
