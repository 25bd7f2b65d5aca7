//! How the partners changed by an instrument: from their first score that can be compared to their latest.

use super::Score;
use crate::{
    couple::Couple,
    ids::PartnerId,
    instrument::{Change, CoupleChange, Instrument, couple_change, reliable_change},
    vocabulary::word,
};

word! {
    /// Why nothing is said about a change.
    Withheld as ("ReliableChangeWithheld") {
        /// There are no two scores on different days that can be compared.
        TooFewScores = "too_few_scores",
        /// The norms don't say how large a change must be.
        NoNorms = "no_norms",
    }
}

/// How one partner changed, from their first comparable score to their latest.
#[derive(Debug, Clone, PartialEq)]
pub struct PartnerChange {
    /// Who.
    pub partner: PartnerId,
    /// The first score that can be compared with the latest, if there is one.
    pub earlier: Option<Score>,
    /// The latest score.
    pub later: Option<Score>,
    /// The change, or why nothing is said of it.
    pub change: Result<Change, Withheld>,
}

/// How the current partners of a couple changed by one instrument, in their order, and how that goes together. The latter is `None`
/// unless something can be said of two.
#[must_use]
pub fn changes(
    couple: &Couple,
    instrument: &Instrument,
    scores: &[Score],
) -> (Vec<PartnerChange>, Option<CoupleChange>) {
    let of = |partner: PartnerId| {
        let theirs = scores.iter().filter(|score| couple.same_person(score.partner, partner));
        change_of(partner, instrument, theirs.filter(|score| score.superseded_by.is_none()))
    };
    let of_each: Vec<_> = couple.current_partners().map(|partner| of(partner.id)).collect();
    let verdicts = of_each.iter().filter_map(|one| one.change.ok().map(|change| change.verdict));
    let two: Result<[_; 2], _> = verdicts.collect::<Vec<_>>().try_into();
    (of_each, two.ok().map(couple_change))
}

fn change_of<'s>(
    partner: PartnerId,
    instrument: &Instrument,
    scores: impl Iterator<Item = &'s Score> + Clone,
) -> PartnerChange {
    let when = |score: &&Score| (score.taken_on, score.created_at, score.id);
    let later = scores.clone().max_by_key(when);
    let norms = later.and_then(|score| instrument.norms(score.instrument_version));
    let comparable = |score: &&Score| {
        let theirs = instrument.norms(score.instrument_version);
        theirs.zip(norms).is_some_and(|(theirs, norms)| theirs.is_comparable_to(norms))
    };
    let earlier = scores
        .filter(comparable)
        .filter(|score| later.is_some_and(|later| score.taken_on < later.taken_on))
        .min_by_key(when);
    let change = match (norms, earlier, later) {
        (Some(norms), Some(earlier), Some(later)) => {
            reliable_change(norms, earlier.value, later.value).ok_or(Withheld::NoNorms)
        }
        _ => Err(Withheld::TooFewScores),
    };
    PartnerChange { partner, earlier: earlier.cloned(), later: later.cloned(), change }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        couple::tests::{id, lee_and_kim, noon},
        instrument::{Verdict, Yardstick},
        score::tests::{enter, rdas},
    };

    #[test]
    fn change_is_from_the_first_to_the_latest_and_of_two_only() {
        let scores = [
            enter(3, 1, "2026-05-04", 60.0).unwrap(),
            enter(1, 1, "2026-02-02", 40.0).unwrap(),
            enter(2, 1, "2026-03-02", 30.0).unwrap(),
            enter(4, 2, "2026-02-02", 45.0).unwrap(),
        ];
        let (of_each, together) = changes(&lee_and_kim(), &rdas(), &scores);
        assert_eq!(of_each[0].change.unwrap().verdict, Verdict::Recovered);
        assert_eq!(of_each[0].earlier.as_ref().unwrap().id, id(1));
        assert_eq!((of_each[1].change, together), (Err(Withheld::TooFewScores), None));

        let mut scores = Vec::from(scores);
        scores.push(enter(5, 2, "2026-05-04", 33.0).unwrap());
        assert_eq!(changes(&lee_and_kim(), &rdas(), &scores).1, Some(CoupleChange::Diverging));
        scores[4].superseded_by = Some(id(6));
        assert_eq!(changes(&lee_and_kim(), &rdas(), &scores).1, None);
    }

    #[test]
    fn scores_of_different_ranges_are_not_compared() {
        let mut instrument = rdas();
        let mut longer = instrument.versions[0].clone();
        longer.highest = 100.0;
        longer.yardstick = Some(Yardstick::Points(5.0));
        instrument.revise(longer, id(9), noon("2026-03-01")).unwrap();
        let mut later = enter(2, 1, "2026-05-04", 60.0).unwrap();
        later.instrument_version = 2;
        let (of_each, _) = changes(&lee_and_kim(), &instrument, &[enter(1, 1, "2026-02-02", 40.0).unwrap(), later]);
        assert_eq!(of_each[0].change, Err(Withheld::TooFewScores));
    }
}
