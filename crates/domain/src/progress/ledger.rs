//! What the ledger of promises tells of each maker: rates, runs, silence and thanks.

use std::{cmp::Reverse, collections::BTreeMap};

use chrono::{Days, NaiveDate};

use super::{CountedPromise, ProgressInput, Span};
use crate::{
    exercises::Measure,
    ids::PartnerId,
    promise::{ClaimWord, ConfirmationWord, KEPT_RATE_DAYS, KeptRate, Outcome},
};

/// How one partner's promises were kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseProgress {
    /// Who promised.
    pub maker: PartnerId,
    /// How it went in the four weeks up to the last day, as claimed and as confirmed.
    pub rate: KeptRate,
    /// The same at the end of each interval of the range, in order.
    pub series: Vec<KeptPoint>,
    /// What is counted over the whole range.
    pub count: LedgerCount,
    /// Due times in a row that the maker claims as kept.
    pub claimed_run: Run,
    /// Due times in a row that the maker claims as kept and the other confirms.
    pub confirmed_run: Run,
}

/// A kept-rate at the end of an interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptPoint {
    /// The first day of the interval.
    pub starts_on: NaiveDate,
    /// How it went in the four weeks up to its last day.
    pub rate: KeptRate,
}

/// What is counted over a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LedgerCount {
    /// How it went, as claimed and as confirmed.
    pub rate: KeptRate,
    /// Of what was due, past and not spoken of by the maker: silence, which is no claim of a miss.
    pub silent: u32,
    /// How often the other thanked the maker for an effort.
    pub appreciations: u32,
}

impl LedgerCount {
    /// How many thanks there are for each time the maker claims as missed; `None` without a miss.
    #[must_use]
    pub fn appreciations_per_miss(&self) -> Option<f64> {
        (self.rate.missed > 0).then(|| f64::from(self.appreciations) / f64::from(self.rate.missed))
    }
}

/// How many due times in a row were kept.
///
/// What was renegotiated or excused neither breaks a run nor makes it longer. A past due time that nobody spoke of ends a run, since a
/// row with a hole is none; but whether it was broken is not known, and so the current run isn't either.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Run {
    /// The run that reaches to the end of the range; `None` if the last due time is one that nobody spoke of, or if there is none that
    /// counts.
    pub current: Option<u32>,
    /// The longest of the range; `None` if there is no due time that counts.
    pub longest: Option<u32>,
}

/// What one due time does to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Broken,
    Unknown,
    Kept,
}

/// Something that was to be said about a promise, and perhaps was: activity of exercise 4.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tick {
    /// What was counted: one of [`Measure::OF_LEDGER`].
    pub(super) measure: Measure,
    /// Whose.
    pub(super) by: PartnerId,
    /// The day the promise was due.
    pub(super) on: NaiveDate,
    /// Whether it counts: what was due always, what could have been said only if it was.
    pub(super) counts: bool,
}

/// What was due in a span, and spoken of by the maker, and answered by the other.
pub(super) fn ticks(input: &ProgressInput, span: &Span) -> Vec<Tick> {
    let mut ticks = Vec::new();
    let mut tick = |measure, by, on, counts| ticks.push(Tick { measure, by, on, counts });
    for CountedPromise { maker, due, .. } in &input.promises {
        for (on, said) in due.iter().filter(|(on, _)| span.contains(*on)) {
            tick(Measure::PromisesDue, *maker, *on, true);
            tick(Measure::PromisesClaimed, *maker, *on, said.is_some());
        }
    }
    for CountedPromise { to, due, .. } in &input.received {
        let is_answered = |said: &Option<Outcome>| said.is_some_and(|said| said.confirmation.is_some());
        for (on, said) in due.iter().filter(|(on, _)| span.contains(*on)) {
            tick(Measure::PromisesAnswered, *to, *on, is_answered(said));
        }
    }
    ticks
}

type Due<'p> = (NaiveDate, Option<&'p Outcome>);

/// What the ledger tells of each maker, in the order of their ids.
pub(super) fn promises(input: &ProgressInput, span: &Span) -> Vec<PromiseProgress> {
    let mut makers: BTreeMap<PartnerId, Vec<Due<'_>>> = BTreeMap::new();
    for CountedPromise { maker, due, .. } in &input.promises {
        makers.entry(*maker).or_default().extend(due.iter().map(|(day, said)| (*day, said.as_ref())));
    }
    let told = |(maker, mut due): (PartnerId, Vec<Due<'_>>)| {
        due.sort_by_key(|(day, _)| *day);
        let thanks = input.thanks.iter().filter(|thanks| thanks.to == maker && span.contains(thanks.on)).count();
        of_maker(maker, &due, thanks, span)
    };
    makers.into_iter().map(told).collect()
}

/// `due` is in the order of its days.
fn of_maker(maker: PartnerId, due: &[Due<'_>], thanks: usize, span: &Span) -> PromiseProgress {
    let rate = |until: NaiveDate| {
        let from = until.checked_sub_days(Days::new(KEPT_RATE_DAYS - 1)).unwrap_or(until);
        KeptRate::over(between(due, from, until).iter().copied(), from, until)
    };
    let in_range = between(due, span.from, span.until);
    let point = |stretch: super::Stretch| KeptPoint { starts_on: stretch.starts_on, rate: rate(stretch.ends_on) };
    PromiseProgress {
        maker,
        rate: rate(span.until),
        series: span.stretches().into_iter().map(point).collect(),
        count: count(in_range, thanks, span),
        claimed_run: run(in_range, span.today, claimed),
        confirmed_run: run(in_range, span.today, confirmed),
    }
}

fn between<'d, 'p>(due: &'d [Due<'p>], from: NaiveDate, until: NaiveDate) -> &'d [Due<'p>] {
    let first = due.partition_point(|(day, _)| *day < from);
    let end = due.partition_point(|(day, _)| *day <= until);
    due.get(first..end).unwrap_or_default()
}

fn count(due: &[Due<'_>], thanks: usize, span: &Span) -> LedgerCount {
    let silent = due.iter().filter(|(day, said)| said.is_none() && *day < span.today).count();
    let rate = KeptRate::over(due.iter().copied(), span.from, span.until);
    LedgerCount { rate, silent: whole(silent), appreciations: whole(thanks) }
}

fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// On one day what was kept comes first, so that the order in which promises were made changes nothing, and a day with a miss ends a run.
fn run(due: &[Due<'_>], today: NaiveDate, step: fn(&Outcome) -> Option<Step>) -> Run {
    let step = |(day, said): &Due<'_>| match said {
        Some(said) => step(said),
        None => (*day < today).then_some(Step::Unknown),
    };
    let mut steps: Vec<_> = due.iter().filter_map(|time| Some((time.0, step(time)?))).collect();
    steps.sort_by_key(|(day, step)| (*day, Reverse(*step)));
    let mut run = Run::default();
    for (_, step) in steps {
        run.current = match step {
            Step::Kept => Some(run.current.unwrap_or(0) + 1),
            Step::Broken => Some(0),
            Step::Unknown => None,
        };
        run.longest = run.longest.max(run.current);
    }
    run
}

fn claimed(said: &Outcome) -> Option<Step> {
    match said.claim.word {
        ClaimWord::Kept => Some(Step::Kept),
        ClaimWord::Partly | ClaimWord::Missed => Some(Step::Broken),
        ClaimWord::Renegotiated | ClaimWord::Excused => None,
    }
}

/// What the other has not answered, or not noticed, neither breaks a confirmed run nor makes it longer: it says nothing about the maker.
fn confirmed(said: &Outcome) -> Option<Step> {
    match (claimed(said)?, said.confirmation.map(|answer| answer.word)) {
        (Step::Kept, Some(ConfirmationWord::Confirmed)) => Some(Step::Kept),
        (Step::Kept, Some(ConfirmationWord::Disputed)) => Some(Step::Broken),
        (Step::Kept, Some(ConfirmationWord::NotNoticed) | None) => None,
        (broken, _) => Some(broken),
    }
}
