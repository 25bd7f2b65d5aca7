//! Progress: what was done, and what the partners say changed. The two are never added up, and there is no single score.
//!
//! Everything here is computed from what it is given, and knows nothing of who asks. **The caller passes only what the reader may
//! read** ([`crate::visibility`]); [`Audience`] says what that is. What is missing is shown as missing, never as zero.

use chrono::{Datelike, Days, NaiveDate};

use crate::{
    assignment::{Standing, StandingStatus},
    entry::{Author, Entry},
    exercises::{Kind, Measure, Reading, Slug},
    ids::{AssignmentId, PartnerId},
    promise::{KeptRate, Outcome, Promise},
};

mod audience;
mod compute;
#[cfg(test)]
mod tests;

pub use audience::{Audience, AudienceError};
pub use compute::progress;

/// How many weeks need a value before a trend is given.
pub const TREND_MINIMUM: u32 = 4;

/// What of an entry counts.
#[derive(Debug, Clone, PartialEq)]
pub struct CountedEntry {
    /// For which assignment.
    pub assignment: AssignmentId,
    /// The exercise it belongs to.
    pub exercise: Slug,
    /// Its kind.
    pub kind: Kind,
    /// Whose words it is.
    pub author: Author,
    /// The day it is about.
    pub recorded_on: NaiveDate,
    /// What it says in numbers.
    pub readings: Vec<Reading>,
}

/// What of an assignment counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedAssignment {
    /// Which one.
    pub id: AssignmentId,
    /// The exercise.
    pub exercise: Slug,
    /// Those it counts for, and where they stand.
    pub standings: Vec<Standing>,
    /// Whether the audience may know where they say they stand.
    pub told: bool,
}

/// What of a promise counts: the days it was due in the kept-rate's window, each with what was said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedPromise {
    /// Who promised.
    pub maker: PartnerId,
    /// The exercise it came from, if one.
    pub origin: Option<Slug>,
    /// The days it was due.
    pub due: Vec<(NaiveDate, Option<Outcome>)>,
}

/// What progress is computed from, filtered for its reader.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ProgressInput {
    /// Entries of the range; others are left out.
    pub entries: Vec<CountedEntry>,
    /// Assignments.
    pub assignments: Vec<CountedAssignment>,
    /// Promises.
    pub promises: Vec<CountedPromise>,
}

/// What was done and what changed, over a range of days.
#[derive(Debug, Clone, PartialEq)]
pub struct Progress {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// Exercise by exercise; only those with something to tell.
    pub exercises: Vec<ExerciseProgress>,
    /// How promises of each maker were kept in the four weeks up to the last day.
    pub promises: Vec<PromiseProgress>,
}

/// One exercise.
#[derive(Debug, Clone, PartialEq)]
pub struct ExerciseProgress {
    /// Which.
    pub exercise: Slug,
    /// What was done.
    pub activity: Activity,
    /// What the partners say changed: one series for each measure and author.
    pub outcome: Vec<Series>,
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
}

/// How far one participant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Completion {
    /// Who.
    pub partner: PartnerId,
    /// How many assignments they were given that were open in the range.
    pub assigned: u32,
    /// For how many of these they handed in something in the range that the audience may read.
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
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Total {
    /// What.
    pub measure: Measure,
    /// Whose.
    pub author: Author,
    /// The sum, in the measure's unit.
    pub sum: f64,
    /// Of how many readings.
    pub n: u32,
}

/// An outcome measure over time, for one author.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// What.
    pub measure: Measure,
    /// Whose.
    pub author: Author,
    /// One point for each week of the range, in order.
    pub points: Vec<Point>,
    /// Where it goes, if there are enough weeks to say.
    pub trend: Trend,
}

/// One week of a series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// The Monday of the week.
    pub week_of: NaiveDate,
    /// The mean of its readings; `None` without one.
    pub mean: Option<f64>,
    /// Of how many readings.
    pub n: u32,
}

/// Where a series goes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trend {
    /// Too few weeks have a value.
    Withheld {
        /// How many have.
        weeks: u32,
    },
    /// A straight line through the weeks that have a value, by least squares.
    Given {
        /// How many have.
        weeks: u32,
        /// The change per week, in the measure's unit.
        per_week: f64,
    },
}

/// How one partner's promises were kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PromiseProgress {
    /// Who promised.
    pub maker: PartnerId,
    /// How it went, as claimed and as confirmed.
    pub rate: KeptRate,
}

impl CountedEntry {
    /// What of an entry counts; `None` for a draft.
    #[must_use]
    pub fn of(entry: &Entry) -> Option<Self> {
        let Entry { assignment, exercise, kind, author, recorded_on, .. } = *entry;
        let readings = || entry.answers.readings();
        entry.is_submitted().then(|| Self { assignment, exercise, kind, author, recorded_on, readings: readings() })
    }
}

impl CountedPromise {
    /// What of a promise counts up to a day, with the outcomes of its due days in any order.
    #[must_use]
    pub fn of(promise: &Promise, outcomes: &[Outcome], until: NaiveDate) -> Self {
        let from = until.checked_sub_days(Days::new(crate::promise::KEPT_RATE_DAYS - 1)).unwrap_or(until);
        let said = |day| outcomes.iter().find(|said| said.promise == promise.id && said.due_on == day).copied();
        let due = promise.due_dates(from, until).into_iter().map(|day| (day, said(day))).collect();
        Self { maker: promise.maker, origin: promise.origin, due }
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

/// The Monday of a day's week.
#[must_use]
pub fn week_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}
