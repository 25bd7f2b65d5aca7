//! What lies between the two partners: how far apart they are, who does how much, and what of it reaches the other.
//!
//! Only for who may see both. Nothing here is a score of the couple: each side stands beside the other, and one number is only what lies
//! between them, as the gap between their accounts.

use std::collections::BTreeMap;

use super::{AnyMeasure, CountedEntry, Span, WhichExercise, compute::Sum};
use crate::{
    exercises::{Aspect, Kind, Measure, Reading, Slug, evenness},
    ids::{EntryId, PartnerId},
};

/// What lies between the two, over a range.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pairs {
    /// How far apart they are in what they say; only where both have said something.
    pub gaps: Vec<Gap>,
    /// How far the accounts of the two are apart, as they see it; `None` if neither has compared them.
    pub accounts: Option<AccountsGap>,
    /// How evenly is spread what both do, each for the other; only where at least one did something.
    pub balances: Vec<Balance>,
    /// What of the acts of each the other noticed; only of who recorded acts.
    pub noticed: Vec<Noticed>,
}

/// One side of a pair.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Side {
    /// Whose.
    pub partner: PartnerId,
    /// The mean of a gap, the sum of a balance.
    pub value: f64,
    /// Of how many readings.
    pub n: u32,
}

/// How far apart the two are in an outcome measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// In which exercise.
    pub exercise: WhichExercise,
    /// In what.
    pub measure: AnyMeasure,
    /// The mean of each, in the order of the couple's partners.
    pub sides: [Side; 2],
}

/// How far the two accounts of what happened are apart, as whoever compared them sees it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AccountsGap {
    /// 10 minus the mean agreement: 0 if they agree completely, 10 if not at all.
    pub gap: f64,
    /// Of how many comparisons.
    pub n: u32,
}

/// How evenly an activity is spread.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Balance {
    /// In which exercise.
    pub exercise: Slug,
    /// Of what.
    pub measure: Measure,
    /// The sum of each, in the order of the couple's partners.
    pub sides: [Side; 2],
}

/// What of one partner's acts of commitment the other noticed by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Noticed {
    /// Who gave.
    pub giver: PartnerId,
    /// How many acts they recorded in the range.
    pub acts: u32,
    /// Of these, how many the other noted as noticed without being told.
    pub noticed: u32,
    /// Of all, how many the other said nothing about: neither noticed nor missed.
    pub unspoken: u32,
}

impl Gap {
    /// How far the first mean lies above the second, in the measure's unit; negative if below.
    #[must_use]
    pub fn difference(&self) -> f64 {
        self.sides[0].value - self.sides[1].value
    }
}

impl Balance {
    /// The smaller sum divided by the larger: 1 if both did as much, 0 if one did all. `None` if both sums are nothing.
    #[must_use]
    pub fn evenness(&self) -> Option<f64> {
        let [one, other] = self.sides.map(|side| side.value);
        evenness(one, other)
    }
}

impl Noticed {
    /// The share that was noticed of the acts that the other spoke of, 0 to 1; `None` of none.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        let spoken = self.acts - self.unspoken;
        (spoken > 0).then(|| f64::from(self.noticed) / f64::from(spoken))
    }
}

type Outcomes = BTreeMap<(WhichExercise, AnyMeasure), [Sum; 2]>;
type Activities = BTreeMap<(Slug, Measure), [Sum; 2]>;

/// What lies between two partners, from entries that whoever it is for may read.
#[must_use]
pub fn pairs(two: [PartnerId; 2], entries: &[CountedEntry], span: &Span) -> Pairs {
    let by = |entry: &CountedEntry| {
        let author = entry.author.partner()?;
        two.iter().position(|partner| *partner == author)
    };
    let in_range = entries.iter().filter(|entry| span.contains(entry.recorded_on));
    let theirs: Vec<_> = in_range.filter_map(|entry| Some((by(entry)?, entry))).collect();
    let (outcomes, activities) = sums(&theirs);
    let sides =
        |values: [(f64, u32); 2]| [0, 1].map(|at| Side { partner: two[at], value: values[at].0, n: values[at].1 });
    let gap = |((exercise, measure), [one, other]): ((WhichExercise, AnyMeasure), [Sum; 2])| {
        let sides = sides([(one.mean()?, one.n), (other.mean()?, other.n)]);
        Some(Gap { exercise, measure, sides })
    };
    let balance = |((exercise, measure), sums): ((Slug, Measure), [Sum; 2])| Balance {
        exercise,
        measure,
        sides: sides(sums.map(|sum| (sum.sum, sum.n))),
    };
    Pairs {
        accounts: accounts(&outcomes),
        gaps: outcomes.into_iter().filter_map(gap).collect(),
        balances: activities.into_iter().map(balance).collect(),
        noticed: noticed(two, &theirs),
    }
}

fn sums(theirs: &[(usize, &CountedEntry)]) -> (Outcomes, Activities) {
    let (mut outcomes, mut activities) = (Outcomes::new(), Activities::new());
    for (at, entry) in theirs {
        for Reading { measure, value } in &entry.readings {
            let sums = match measure {
                AnyMeasure::Known(activity) if activity.aspect() == Aspect::Activity => {
                    if !Measure::MUTUAL.contains(activity) {
                        continue;
                    }
                    activities.entry((entry.exercise.slug, *activity)).or_default()
                }
                AnyMeasure::Known(_) | AnyMeasure::Own(_) => {
                    outcomes.entry((entry.exercise, measure.clone())).or_default()
                }
            };
            sums[*at].add(*value);
        }
    }
    (outcomes, activities)
}

fn accounts(outcomes: &Outcomes) -> Option<AccountsGap> {
    let agreement = AnyMeasure::Known(Measure::AccountsAgree);
    let [one, other] = outcomes.get(&(Slug::RootCause.into(), agreement))?;
    let both = Sum { sum: one.sum + other.sum, n: one.n + other.n };
    both.mean().map(|mean| AccountsGap { gap: 10.0 - mean, n: both.n })
}

fn noticed(two: [PartnerId; 2], theirs: &[(usize, &CountedEntry)]) -> Vec<Noticed> {
    let said = |entry: &CountedEntry| {
        let noticed = AnyMeasure::Known(Measure::ActsNoticed);
        entry.readings.iter().find(|reading| reading.measure == noticed).map(|reading| reading.value > 0.0)
    };
    let mut seen: BTreeMap<(usize, EntryId), bool> = BTreeMap::new();
    for (by, entry) in theirs {
        let Some(unprompted) = said(entry) else { continue };
        for act in &entry.about {
            *seen.entry((*by, *act)).or_default() |= unprompted;
        }
    }
    let of = |giver: usize| {
        let acts = theirs.iter().filter(|(by, entry)| *by == giver && entry.kind == Kind::CommitmentAct);
        let mut noticed = Noticed { giver: two[giver], acts: 0, noticed: 0, unspoken: 0 };
        for (_, act) in acts {
            let word = seen.get(&(1 - giver, act.id));
            noticed.acts += 1;
            noticed.noticed += u32::from(word == Some(&true));
            noticed.unspoken += u32::from(word.is_none());
        }
        noticed
    };
    [0, 1].map(of).into_iter().filter(|noticed| noticed.acts > 0).collect()
}
