//! The sums and means of progress, in one pass over what is given.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use super::{
    Activity, Completion, CountedAssignment, CountedEntry, CountedPromise, EntryCount, ExerciseProgress, Point,
    Progress, ProgressInput, PromiseProgress, Series, TREND_MINIMUM, Total, Trend, week_of,
};
use crate::{
    assignment::Standing,
    entry::Author,
    exercises::{Aspect, Kind, Measure, Slug},
    ids::{AssignmentId, PartnerId},
    promise::kept_rate,
};

/// A sum and of how many.
#[derive(Clone, Copy, Default)]
struct Sum {
    sum: f64,
    n: u32,
}

impl Sum {
    fn add(&mut self, value: f64) {
        self.sum += value;
        self.n += 1;
    }

    fn mean(self) -> Option<f64> {
        (self.n > 0).then(|| self.sum / f64::from(self.n))
    }
}

/// What is gathered of one exercise.
#[derive(Default)]
struct Gathered {
    completion: BTreeMap<PartnerId, Completion>,
    entries: BTreeMap<(Kind, Author), u32>,
    totals: BTreeMap<(Measure, Author), Sum>,
    weeks: BTreeMap<(Measure, Author), BTreeMap<NaiveDate, Sum>>,
}

/// Computes progress from one day to another. The input is filtered for its reader; see the module.
#[must_use]
pub fn progress(input: &ProgressInput, from: NaiveDate, until: NaiveDate) -> Progress {
    let mut exercises: BTreeMap<Slug, Gathered> = BTreeMap::new();
    let entries: Vec<_> = input.entries.iter().filter(|entry| (from..=until).contains(&entry.recorded_on)).collect();
    let submitted: BTreeSet<_> = entries.iter().map(|entry| (entry.assignment, entry.author)).collect();
    for assignment in &input.assignments {
        exercises.entry(assignment.exercise).or_default().assigned(assignment, &submitted);
    }
    for entry in entries {
        exercises.entry(entry.exercise).or_default().recorded(entry);
    }
    let weeks = weeks(from, until);
    let exercises = exercises.into_iter().map(|(exercise, gathered)| gathered.told(exercise, &weeks)).collect();
    Progress { from, until, exercises, promises: promises(&input.promises, until) }
}

impl Gathered {
    fn assigned(&mut self, assignment: &CountedAssignment, submitted: &BTreeSet<(AssignmentId, Author)>) {
        for Standing { partner, status, .. } in assignment.standings.iter().copied() {
            let by = |author| submitted.contains(&(assignment.id, author));
            let none = Completion { partner, assigned: 0, submitted: 0, not_ready: None, skipped: None };
            let submitted = by(Author::Partner(partner)) || by(Author::Together);
            self.completion.entry(partner).or_insert(none).count(status, submitted, assignment.told);
        }
    }

    fn recorded(&mut self, entry: &CountedEntry) {
        *self.entries.entry((entry.kind, entry.author)).or_default() += 1;
        for reading in &entry.readings {
            let key = (reading.measure, entry.author);
            let sum = match reading.aspect() {
                Aspect::Activity => self.totals.entry(key).or_default(),
                Aspect::Outcome => self.weeks.entry(key).or_default().entry(week_of(entry.recorded_on)).or_default(),
            };
            sum.add(reading.value);
        }
    }

    fn told(self, exercise: Slug, weeks: &[NaiveDate]) -> ExerciseProgress {
        let count = |((kind, author), count)| EntryCount { kind, author, count };
        let total = |((measure, author), Sum { sum, n })| Total { measure, author, sum, n };
        let activity = Activity {
            completion: self.completion.into_values().collect(),
            entries: self.entries.into_iter().map(count).collect(),
            totals: self.totals.into_iter().map(total).collect(),
        };
        let outcome = self.weeks.into_iter().map(|((measure, author), means)| {
            let points = points(&means, weeks);
            let trend = trend(&points);
            Series { measure, author, points, trend }
        });
        ExerciseProgress { exercise, activity, outcome: outcome.collect() }
    }
}

fn points(means: &BTreeMap<NaiveDate, Sum>, weeks: &[NaiveDate]) -> Vec<Point> {
    let point = |week_of: &NaiveDate| {
        let sum = means.get(week_of).copied().unwrap_or_default();
        Point { week_of: *week_of, mean: sum.mean(), n: sum.n }
    };
    weeks.iter().map(point).collect()
}

fn weeks(from: NaiveDate, until: NaiveDate) -> Vec<NaiveDate> {
    let next = |week: &NaiveDate| week.checked_add_days(Days::new(7));
    std::iter::successors(Some(week_of(from)), next).take_while(|week| *week <= until).collect()
}

fn trend(points: &[Point]) -> Trend {
    let valued: Vec<(f64, f64)> =
        (0_u32..).zip(points).filter_map(|(week, point)| point.mean.map(|mean| (f64::from(week), mean))).collect();
    let weeks = u32::try_from(valued.len()).unwrap_or(u32::MAX);
    if weeks < TREND_MINIMUM {
        return Trend::Withheld { weeks };
    }
    let mean = |pick: fn(&(f64, f64)) -> f64| valued.iter().map(pick).sum::<f64>() / f64::from(weeks);
    let (mean_week, mean_value) = (mean(|point| point.0), mean(|point| point.1));
    let spread: f64 = valued.iter().map(|(week, _)| (week - mean_week).powi(2)).sum();
    let together: f64 = valued.iter().map(|(week, value)| (week - mean_week) * (value - mean_value)).sum();
    Trend::Given { weeks, per_week: together / spread }
}

fn promises(promises: &[CountedPromise], until: NaiveDate) -> Vec<PromiseProgress> {
    let mut makers: BTreeMap<PartnerId, Vec<&CountedPromise>> = BTreeMap::new();
    for promise in promises {
        makers.entry(promise.maker).or_default().push(promise);
    }
    let told = |(maker, made): (PartnerId, Vec<&CountedPromise>)| {
        let due = made.iter().flat_map(|promise| &promise.due).map(|(day, said)| (*day, said.as_ref()));
        PromiseProgress { maker, rate: kept_rate(due, until) }
    };
    makers.into_iter().map(told).collect()
}
