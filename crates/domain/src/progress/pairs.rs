//! What lies between the two partners: how far apart they are, who does how much, and what of it reaches the other.
//!
//! Only for who may see both. Nothing here joins the two into one number for the couple: each side stands beside the other.

use std::collections::{BTreeMap, BTreeSet};

use super::{AnyMeasure, CountedEntry, Span, WhichExercise, compute::Sum};
use crate::{
    exercises::{Aspect, Kind, Measure, Reading, Slug, evenness},
    ids::{EntryId, PartnerId},
};

/// One of the two, with every membership they ever had in the couple.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Their current membership.
    pub partner: PartnerId,
    /// All of them, the current one included.
    pub memberships: Vec<PartnerId>,
}

/// What lies between the two, over a range.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pairs {
    /// How far apart they are in what they say; only where both have said something.
    pub gaps: Vec<Gap>,
    /// How evenly what each does is spread; only where at least one did something.
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
    /// The share that was noticed, 0 to 1.
    #[must_use]
    pub fn share(&self) -> f64 {
        f64::from(self.noticed) / f64::from(self.acts)
    }
}

type Outcomes = BTreeMap<(WhichExercise, AnyMeasure), [Sum; 2]>;
type Activities = BTreeMap<(Slug, Measure), [Sum; 2]>;

/// What lies between two people, from entries that whoever it is for may read.
#[must_use]
pub fn pairs(two: &[Person; 2], entries: &[CountedEntry], span: &Span) -> Pairs {
    let by = |entry: &CountedEntry| {
        let author = entry.author.partner()?;
        two.iter().position(|person| person.memberships.contains(&author))
    };
    let in_range = entries.iter().filter(|entry| span.contains(entry.recorded_on));
    let theirs: Vec<_> = in_range.filter_map(|entry| Some((by(entry)?, entry))).collect();
    let (outcomes, activities) = sums(&theirs);
    let sides = |values: [(f64, u32); 2]| {
        [0, 1].map(|at| Side { partner: two[at].partner, value: values[at].0, n: values[at].1 })
    };
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

fn noticed(two: &[Person; 2], theirs: &[(usize, &CountedEntry)]) -> Vec<Noticed> {
    let unprompted = |entry: &CountedEntry| {
        let noticed = AnyMeasure::Known(Measure::ActsNoticed);
        entry.readings.iter().any(|reading| reading.measure == noticed && reading.value > 0.0)
    };
    let seen: BTreeSet<(usize, EntryId)> = theirs
        .iter()
        .filter(|(_, entry)| unprompted(entry))
        .flat_map(|(by, entry)| entry.about.iter().map(|act| (*by, *act)))
        .collect();
    let of = |giver: usize| {
        let acts: Vec<_> =
            theirs.iter().filter(|(by, entry)| *by == giver && entry.kind == Kind::CommitmentAct).collect();
        let noticed = acts.iter().filter(|(_, act)| seen.contains(&(1 - giver, act.id))).count();
        let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        Noticed { giver: two[giver].partner, acts: count(acts.len()), noticed: count(noticed) }
    };
    [0, 1].map(of).into_iter().filter(|noticed| noticed.acts > 0).collect()
}
