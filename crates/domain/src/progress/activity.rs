//! What was done, added up over the range and interval by interval.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    ApologyParts, CountedAssignment, CountedEntry, Span, Stretch, SumPoint, Total,
    compute::{SeriesSums, Sum},
    ledger::Tick,
};
use crate::{entry::Author, exercises::Measure, ids::EntryId};

/// The sums of the activity of one exercise.
#[derive(Default)]
pub(super) struct ActivitySums {
    totals: BTreeMap<(Measure, Author), SeriesSums>,
    apologies: BTreeMap<Author, Vec<Draft>>,
}

/// A draft of an apology: when it was written, and how many parts it covers.
type Draft = ((NaiveDate, EntryId), f64);

impl ActivitySums {
    pub(super) fn recorded(&mut self, entry: &CountedEntry, measure: Measure, value: f64, span: &Span) {
        if !measure.adds_up() {
            let drafts = self.apologies.entry(entry.author).or_default();
            drafts.push(((entry.recorded_on, entry.id), value));
            return;
        }
        let interval = span.interval.first_day(entry.recorded_on);
        self.totals.entry((measure, entry.author)).or_default().add(interval, value);
    }

    /// What was due is looked at whether or not something was said of it, so that an interval without a word is known to have none.
    pub(super) fn ticked(&mut self, Tick { measure, by, on, counts }: Tick, span: &Span) {
        let sums = self.totals.entry((measure, Author::Partner(by))).or_default();
        let interval = span.interval.first_day(on);
        sums.by_interval.entry(interval).or_default();
        if counts {
            sums.add(interval, 1.0);
        }
    }

    pub(super) fn apology_parts(&self) -> Vec<ApologyParts> {
        let covered = |(author, drafts): (&Author, &Vec<Draft>)| {
            let (_, latest) = drafts.iter().max_by_key(|(written, _)| *written)?;
            let most = drafts.iter().map(|(_, parts)| *parts).fold(0.0, f64::max);
            Some(ApologyParts { author: *author, latest: *latest, most })
        };
        self.apologies.iter().filter_map(covered).collect()
    }

    pub(super) fn totals(self, stretches: &[Stretch], assignments: &[&CountedAssignment], span: &Span) -> Vec<Total> {
        let total = |((measure, author), sums): ((Measure, Author), SeriesSums)| {
            let point = |stretch: &Stretch| {
                let is_open =
                    || assignments.iter().any(|given| given.is_for(author) && given.is_open_in(*stretch, span));
                let known = sums.by_interval.get(&stretch.starts_on).copied();
                let nothing = || (!measure.may_be_unsaid() && is_open()).then(Sum::default);
                let sum = known.or_else(nothing);
                SumPoint { starts_on: stretch.starts_on, sum: sum.map(|sum| sum.sum), n: sum.map_or(0, |sum| sum.n) }
            };
            let Sum { sum, n } = sums.whole;
            Total { measure, author, sum, n, points: stretches.iter().map(point).collect() }
        };
        self.totals.into_iter().filter(|(_, sums)| sums.whole.n > 0).map(total).collect()
    }
}

impl CountedAssignment {
    /// Whether what an author records would be recorded for it.
    fn is_for(&self, author: Author) -> bool {
        match author {
            Author::Partner(partner) => self.standings.iter().any(|standing| standing.partner == partner),
            Author::Together | Author::Counselor(_) => true,
        }
    }

    /// Whether it was open on a day of an interval, within the span.
    fn is_open_in(&self, stretch: Stretch, span: &Span) -> bool {
        let first = self.starts_on.max(stretch.starts_on).max(span.from);
        let last = self.ended_on.map_or(stretch.ends_on, |ended| ended.min(stretch.ends_on));
        first <= last
    }
}
