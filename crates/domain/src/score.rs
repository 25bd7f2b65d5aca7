//! Scores: what a questionnaire came to for one partner on a day. A counselor enters them; the answers themselves stay outside.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    couple::Couple,
    ids::{CoupleId, PartnerId, ScoreId, StaffId},
    instrument::{Change, CoupleChange, Instrument, couple_change, reliable_change},
    vocabulary::word,
};

/// A score of one partner.
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// Which one.
    pub id: ScoreId,
    /// Of which couple.
    pub couple: CoupleId,
    /// About whom it is.
    pub partner: PartnerId,
    /// The instrument, by its slug.
    pub instrument: String,
    /// The version of the instrument it was entered under, from 1.
    pub instrument_version: u16,
    /// The day the questionnaire was filled in.
    pub taken_on: NaiveDate,
    /// What it came to, within the range of that version.
    pub value: f64,
    /// Whether the partner it is about may see it. The other never does.
    pub shared_with_partner: bool,
    /// The score that was entered in its place. It stays, and counts no more.
    pub superseded_by: Option<ScoreId>,
    /// Who entered it.
    pub entered_by: StaffId,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// A score as wanted.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreDraft {
    /// About whom it is.
    pub partner: PartnerId,
    /// The version of the instrument; the latest if absent.
    pub instrument_version: Option<u16>,
    /// The day the questionnaire was filled in; today if absent.
    pub taken_on: Option<NaiveDate>,
    /// What it came to.
    pub value: f64,
    /// Whether the partner it is about may see it.
    pub shared_with_partner: bool,
}

/// Why a score can't be entered.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum ScoreError {
    /// Somebody else.
    #[error("must be a partner of this couple")]
    NotAPartner,
    /// It lies in the future.
    #[error("must be a day that has come")]
    Future,
    /// There is no such version.
    #[error("must be a version of this instrument")]
    Version,
    /// Out of range.
    #[error("must be between {lowest} and {highest}")]
    Range {
        /// The lowest score of the instrument.
        lowest: f64,
        /// The highest.
        highest: f64,
    },
    /// Put away.
    #[error("this instrument is archived; bring it back first")]
    Archived,
    /// It was corrected.
    #[error("this score was corrected already; correct the one in its place")]
    Superseded,
    /// It would be taken back.
    #[error("what a partner was shown is not hidden again")]
    Narrowed,
}

impl Score {
    /// A new score.
    ///
    /// # Errors
    /// [`ScoreError`] for someone who is no partner, a day to come, an instrument that is archived, and a value it can't have.
    pub fn new(
        id: ScoreId,
        couple: &Couple,
        instrument: &Instrument,
        draft: &ScoreDraft,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<Self, ScoreError> {
        if instrument.archived_at.is_some() {
            return Err(ScoreError::Archived);
        }
        Self::entered(id, couple, instrument, draft, by, now)
    }

    /// The score that takes this one's place. It is of the same partner and instrument, and as visible at least.
    ///
    /// # Errors
    /// [`ScoreError::Superseded`] if there is one already, or what is wrong with the new one; then nothing has changed.
    pub fn correct(
        &mut self,
        id: ScoreId,
        couple: &Couple,
        instrument: &Instrument,
        draft: &ScoreDraft,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<Self, ScoreError> {
        if self.superseded_by.is_some() {
            return Err(ScoreError::Superseded);
        }
        let shared_with_partner = draft.shared_with_partner || self.shared_with_partner;
        let draft = ScoreDraft { partner: self.partner, shared_with_partner, ..draft.clone() };
        let corrected = Self::entered(id, couple, instrument, &draft, by, now)?;
        self.superseded_by = Some(id);
        self.version += 1;
        Ok(corrected)
    }

    /// Shows it to the partner it is about.
    ///
    /// # Errors
    /// [`ScoreError::Narrowed`] for taking it back, [`ScoreError::Superseded`] for one that was corrected.
    pub fn share(&mut self, shared: bool) -> Result<(), ScoreError> {
        if self.superseded_by.is_some() {
            return Err(ScoreError::Superseded);
        }
        if self.shared_with_partner && !shared {
            return Err(ScoreError::Narrowed);
        }
        self.version += i64::from(self.shared_with_partner != shared);
        self.shared_with_partner = shared;
        Ok(())
    }

    fn entered(
        id: ScoreId,
        couple: &Couple,
        instrument: &Instrument,
        draft: &ScoreDraft,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<Self, ScoreError> {
        couple.partner(draft.partner).ok_or(ScoreError::NotAPartner)?;
        let taken_on = draft.taken_on.unwrap_or(couple.today(now));
        if taken_on > couple.today(now) {
            return Err(ScoreError::Future);
        }
        let instrument_version = draft.instrument_version.unwrap_or(instrument.latest());
        let norms = instrument.norms(instrument_version).ok_or(ScoreError::Version)?;
        if !norms.contains(draft.value) {
            return Err(ScoreError::Range { lowest: norms.lowest, highest: norms.highest });
        }
        Ok(Self {
            id,
            couple: couple.id,
            partner: draft.partner,
            instrument: instrument.slug.clone(),
            instrument_version,
            taken_on,
            value: draft.value,
            shared_with_partner: draft.shared_with_partner,
            superseded_by: None,
            entered_by: by,
            created_at: now,
            version: 1,
        })
    }
}

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
        couple::tests::{day, id, lee_and_kim, noon},
        instrument::{Verdict, Yardstick, shipped},
    };

    fn rdas() -> Instrument {
        shipped("rdas").unwrap()
    }

    fn draft(partner: u128, on: &str, value: f64) -> ScoreDraft {
        let taken_on = Some(day(on));
        ScoreDraft { partner: id(partner), instrument_version: None, taken_on, value, shared_with_partner: false }
    }

    fn enter(number: u128, partner: u128, on: &str, value: f64) -> Result<Score, ScoreError> {
        Score::new(id(number), &lee_and_kim(), &rdas(), &draft(partner, on, value), id(7), noon("2026-06-01"))
    }

    #[test]
    fn a_score_lies_within_the_range_and_not_in_the_future() {
        assert_eq!(enter(1, 1, "2026-03-02", 70.0), Err(ScoreError::Range { lowest: 0.0, highest: 69.0 }));
        assert_eq!(enter(1, 1, "2026-03-02", f64::NAN).unwrap_err().to_string(), "must be between 0 and 69");
        assert_eq!(enter(1, 1, "2026-06-02", 60.0), Err(ScoreError::Future));
        assert_eq!(enter(1, 3, "2026-03-02", 60.0), Err(ScoreError::NotAPartner));
        assert_eq!(enter(1, 1, "2026-03-02", 60.0).unwrap().instrument_version, 1);
        let mut put_away = rdas();
        put_away.archive(true, id(9), noon("2026-03-01"));
        let draft = draft(1, "2026-03-02", 60.0);
        let late = Score::new(id(1), &lee_and_kim(), &put_away, &draft, id(7), noon("2026-06-01"));
        assert_eq!(late, Err(ScoreError::Archived));
    }

    #[test]
    fn a_correction_stands_beside_what_it_corrects() {
        let mut score = enter(1, 1, "2026-03-02", 60.0).unwrap();
        score.share(true).unwrap();
        let now = noon("2026-06-01");
        let by_kim = draft(2, "2026-03-03", 50.0);
        let corrected = score.correct(id(2), &lee_and_kim(), &rdas(), &by_kim, id(7), now).unwrap();
        assert_eq!((corrected.partner, corrected.value, corrected.shared_with_partner), (id(1), 50.0, true));
        assert_eq!((score.superseded_by, score.value), (Some(id(2)), 60.0));
        let again = score.correct(id(3), &lee_and_kim(), &rdas(), &by_kim, id(7), now);
        assert_eq!(again, Err(ScoreError::Superseded));
        assert_eq!(score.share(true), Err(ScoreError::Superseded));
    }

    #[test]
    fn what_was_shown_is_not_hidden_again() {
        let mut score = enter(1, 1, "2026-03-02", 60.0).unwrap();
        score.share(true).unwrap();
        assert_eq!((score.share(false), score.version), (Err(ScoreError::Narrowed), 2));
    }

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
