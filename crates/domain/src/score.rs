//! Scores: what a questionnaire came to for one partner on a day. A counselor enters them; the answers themselves stay outside.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    couple::Couple,
    ids::{CoupleId, PartnerId, ScoreId, StaffId},
    instrument::Instrument,
};

mod change;

pub use change::{PartnerChange, Withheld, changes};

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        couple::tests::{day, id, lee_and_kim, noon},
        instrument::shipped,
    };

    pub(super) fn rdas() -> Instrument {
        shipped("rdas").unwrap()
    }

    fn draft(partner: u128, on: &str, value: f64) -> ScoreDraft {
        let taken_on = Some(day(on));
        ScoreDraft { partner: id(partner), instrument_version: None, taken_on, value, shared_with_partner: false }
    }

    pub(super) fn enter(number: u128, partner: u128, on: &str, value: f64) -> Result<Score, ScoreError> {
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
}
