//! Whether a change between two scores is more than chance, and whether it matters (Jacobson & Truax 1991): of each partner, and of the
//! couple without adding the two up.

use super::{Better, Norms, Yardstick};
use crate::vocabulary::word;

/// A reliable change index beyond this, either way, is more than chance at the 5 % level.
const BEYOND_CHANCE: f64 = 1.96;

word! {
    /// What a change between two scores is.
    Verdict as ("ReliableChangeVerdict") {
        /// Reliably better, and across the cut-off to the better side: clinically significant.
        Recovered = "recovered",
        /// Reliably better.
        Improved = "improved",
        /// No more than chance.
        NoReliableChange = "no_reliable_change",
        /// Reliably worse.
        Deteriorated = "deteriorated",
    }
}

impl Verdict {
    /// Whether it is reliably better, with or without the cut-off.
    #[must_use]
    pub const fn is_better(self) -> bool {
        matches!(self, Self::Recovered | Self::Improved)
    }
}

word! {
    /// How the changes of two partners go together.
    CoupleChange {
        /// Both are reliably better.
        BothImproved = "both_improved",
        /// One is reliably better, the other is as before.
        OneImproved = "one_improved",
        /// Neither has reliably changed.
        Neither = "neither",
        /// One is reliably better, the other reliably worse.
        Diverging = "diverging",
        /// One or both are reliably worse, and nobody better.
        Deteriorated = "deteriorated",
    }
}

/// A change between two scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// How many points better; negative if worse, whichever way of the score is the better one.
    pub improvement: f64,
    /// The reliable change index, positive if better; `None` where the norms give points instead.
    pub index: Option<f64>,
    /// How many points are needed for more than chance.
    pub needed: f64,
    /// What it is.
    pub verdict: Verdict,
}

/// Compares an earlier score with a later one under norms. `None` if they don't say how large a change must be.
#[must_use]
pub fn reliable_change(norms: &Norms, earlier: f64, later: f64) -> Option<Change> {
    let improvement = match norms.better {
        Better::Higher => later - earlier,
        Better::Lower => earlier - later,
    };
    let (index, needed, reliable) = match norms.yardstick? {
        Yardstick::Points(points) => (None, points, improvement.abs() >= points),
        Yardstick::Spread { sd, reliability } => {
            let of_difference = sd * 2.0_f64.sqrt() * (1.0 - reliability).sqrt();
            let index = improvement / of_difference;
            (Some(index), BEYOND_CHANCE * of_difference, index.abs() > BEYOND_CHANCE)
        }
    };
    let crossed = norms.cut_off.is_some_and(|cut| !is_well(norms, earlier, cut) && is_well(norms, later, cut));
    let verdict = match (reliable, improvement > 0.0) {
        (true, true) if crossed => Verdict::Recovered,
        (true, true) => Verdict::Improved,
        (true, false) => Verdict::Deteriorated,
        (false, _) => Verdict::NoReliableChange,
    };
    Some(Change { improvement, index, needed, verdict })
}

fn is_well(norms: &Norms, score: f64, cut_off: f64) -> bool {
    match norms.better {
        Better::Higher => score >= cut_off,
        Better::Lower => score <= cut_off,
    }
}

/// How the changes of two partners go together.
#[must_use]
pub fn couple_change(of_each: [Verdict; 2]) -> CoupleChange {
    let better = of_each.iter().filter(|verdict| verdict.is_better()).count();
    let worse = of_each.iter().filter(|verdict| **verdict == Verdict::Deteriorated).count();
    match (better, worse) {
        (1, 1) => CoupleChange::Diverging,
        (0, 0) => CoupleChange::Neither,
        (0, _) => CoupleChange::Deteriorated,
        (1, _) => CoupleChange::OneImproved,
        _ => CoupleChange::BothImproved,
    }
}
