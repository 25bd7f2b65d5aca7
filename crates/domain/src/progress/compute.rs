//! The sums and means of progress, in one pass over what is given.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    Activity, AnyMeasure, Completion, CountedAssignment, CountedEntry, EntryCount, ExerciseProgress, KeptUp, Point,
    Progress, ProgressInput, RitualCount, Series, Span, Stretch, TREND_MINIMUM, Trend, WhichExercise,
    activity::ActivitySums,
    ledger::{self, Tick},
    rituals,
};
use crate::{
    assignment::Standing,
    entry::Author,
    exercises::{Aspect, AttendanceWork, Kind, Measure, Reading, Slug},
    ids::{AssignmentId, PartnerId},
};

/// A sum and of how many.
#[derive(Clone, Copy, Default)]
pub(super) struct Sum {
    pub(super) sum: f64,
    pub(super) n: u32,
}

impl Sum {
    pub(super) fn add(&mut self, value: f64) {
        self.sum += value;
        self.n += 1;
    }

    pub(super) fn mean(self) -> Option<f64> {
        (self.n > 0).then(|| self.sum / f64::from(self.n))
    }
}

/// The sums of one exercise.
#[derive(Default)]
struct ExerciseSums {
    completion: BTreeMap<PartnerId, Completion>,
    entries: BTreeMap<(Kind, Author), u32>,
    activity: ActivitySums,
    outcome: BTreeMap<(AnyMeasure, Author), SeriesSums>,
    rituals: Option<RitualCount>,
    kept_up: Vec<KeptUp>,
    attendance: Vec<AttendanceWork>,
}

/// The sums of one measure of one author.
#[derive(Default)]
pub(super) struct SeriesSums {
    pub(super) whole: Sum,
    pub(super) by_interval: BTreeMap<NaiveDate, Sum>,
}

impl SeriesSums {
    pub(super) fn add(&mut self, interval: NaiveDate, value: f64) {
        self.whole.add(value);
        self.by_interval.entry(interval).or_default().add(value);
    }
}

/// Who worked on what.
struct Work {
    entries: BTreeSet<(AssignmentId, Author)>,
    ledger: BTreeSet<(PartnerId, NaiveDate)>,
}

impl Work {
    fn of(entries: &[&CountedEntry], ticks: &[Tick]) -> Self {
        let said = ticks.iter().filter(|tick| tick.counts && tick.measure != Measure::PromisesDue);
        Self {
            entries: entries.iter().map(|entry| (entry.assignment, entry.author)).collect(),
            ledger: said.map(|tick| (tick.by, tick.on)).collect(),
        }
    }

    /// Whether a partner handed in something for an assignment. What is said of promises is the work of exercise 4, while it is open.
    fn is_on(&self, assignment: &CountedAssignment, partner: PartnerId) -> bool {
        let by = |author| self.entries.contains(&(assignment.id, author));
        let open = assignment.starts_on..=assignment.ended_on.unwrap_or(NaiveDate::MAX);
        let ticked = |(by, on): &(PartnerId, NaiveDate)| *by == partner && open.contains(on);
        let in_ledger = || assignment.exercise.slug == Slug::Consistency && self.ledger.iter().any(ticked);
        by(Author::Partner(partner)) || by(Author::Together) || in_ledger()
    }
}

/// Computes progress over a span of days. The input is filtered for its reader; see the module.
#[must_use]
pub fn progress(input: &ProgressInput, span: &Span) -> Progress {
    let mut exercises: BTreeMap<WhichExercise, ExerciseSums> = BTreeMap::new();
    let entries: Vec<_> = input.entries.iter().filter(|entry| span.contains(entry.recorded_on)).collect();
    let ticks = ledger::ticks(input, span);
    let work = Work::of(&entries, &ticks);
    for assignment in &input.assignments {
        exercises.entry(assignment.exercise).or_default().assigned(assignment, &work);
    }
    let is_told = ticks.iter().any(|tick| tick.counts);
    for tick in ticks.into_iter().filter(|_| is_told) {
        exercises.entry(Slug::Consistency.into()).or_default().activity.ticked(tick, span);
    }
    for entry in entries {
        exercises.entry(entry.exercise).or_default().recorded(entry, span);
    }
    let (rituals, kept_up) = (rituals::count(&input.rituals, span), rituals::kept_up(input, span));
    if rituals.is_some() || !kept_up.is_empty() {
        let sums = exercises.entry(Slug::SharedRituals.into()).or_default();
        (sums.rituals, sums.kept_up) = (rituals, kept_up);
    }
    if !input.attendance.is_empty() {
        exercises.entry(Slug::ProfessionalHelp.into()).or_default().attendance.clone_from(&input.attendance);
    }
    let stretches = span.stretches();
    let told = |(exercise, sums): (WhichExercise, ExerciseSums)| {
        let assignments: Vec<_> = input.assignments.iter().filter(|given| given.exercise == exercise).collect();
        sums.told(exercise, &stretches, &assignments, span)
    };
    let exercises = exercises.into_iter().map(told).collect();
    let ProgressInput { entries_cut, promises_cut, .. } = *input;
    Progress { exercises, entries_cut, promises: ledger::promises(input, span), promises_cut }
}

impl ExerciseSums {
    fn assigned(&mut self, assignment: &CountedAssignment, work: &Work) {
        for Standing { partner, status, .. } in assignment.standings.iter().copied() {
            let none = Completion { partner, assigned: 0, submitted: 0, not_ready: None, skipped: None };
            let submitted = work.is_on(assignment, partner);
            self.completion.entry(partner).or_insert(none).count(status, submitted, assignment.told);
        }
    }

    fn recorded(&mut self, entry: &CountedEntry, span: &Span) {
        *self.entries.entry((entry.kind, entry.author)).or_default() += 1;
        for Reading { measure, value } in &entry.readings {
            match measure {
                AnyMeasure::Known(activity) if activity.aspect() == Aspect::Activity => {
                    self.activity.recorded(entry, *activity, *value, span);
                }
                AnyMeasure::Known(_) | AnyMeasure::Own(_) => {
                    let interval = span.interval.first_day(entry.recorded_on);
                    self.outcome.entry((measure.clone(), entry.author)).or_default().add(interval, *value);
                }
            }
        }
    }

    fn told(
        self,
        exercise: WhichExercise,
        stretches: &[Stretch],
        assignments: &[&CountedAssignment],
        span: &Span,
    ) -> ExerciseProgress {
        let count = |((kind, author), count)| EntryCount { kind, author, count };
        let activity = Activity {
            completion: self.completion.into_values().collect(),
            entries: self.entries.into_iter().map(count).collect(),
            apology_parts: self.activity.apology_parts(),
            totals: self.activity.totals(stretches, assignments, span),
            rituals: self.rituals,
            attendance: self.attendance,
        };
        let outcome = self.outcome.into_iter().filter_map(|((measure, author), SeriesSums { whole, by_interval })| {
            let points = points(&by_interval, stretches);
            let trend = trend(&points);
            Some(Series { measure, author, mean: whole.mean()?, n: whole.n, points, trend })
        });
        ExerciseProgress { exercise, activity, outcome: outcome.collect(), kept_up: self.kept_up }
    }
}

fn points(sums: &BTreeMap<NaiveDate, Sum>, stretches: &[Stretch]) -> Vec<Point> {
    let point = |Stretch { starts_on, .. }: &Stretch| {
        let sum = sums.get(starts_on).copied().unwrap_or_default();
        Point { starts_on: *starts_on, mean: sum.mean(), n: sum.n }
    };
    stretches.iter().map(point).collect()
}

fn trend(points: &[Point]) -> Trend {
    let valued: Vec<(f64, f64)> =
        (0_u32..).zip(points).filter_map(|(at, point)| point.mean.map(|mean| (f64::from(at), mean))).collect();
    let n = u32::try_from(valued.len()).unwrap_or(u32::MAX);
    if n < TREND_MINIMUM {
        return Trend::Withheld { n };
    }
    let mean = |pick: fn(&(f64, f64)) -> f64| valued.iter().map(pick).sum::<f64>() / f64::from(n);
    let (mean_at, mean_value) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = valued.iter().map(|(at, _)| (at - mean_at).powi(2)).sum();
    let together: f64 = valued.iter().map(|(at, value)| (at - mean_at) * (value - mean_value)).sum();
    Trend::Given { n, per_interval: together / spread }
}
