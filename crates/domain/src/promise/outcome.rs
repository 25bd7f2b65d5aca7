//! How a promise went on one day it was due: the maker claims, the other confirms.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::Promise;
use crate::{
    couple::Couple,
    ids::{CoupleId, PromiseId},
    recorded_by::RecordedBy,
    vocabulary::word,
};

word! {
    /// What the maker says about it.
    ClaimWord {
        /// Done as promised.
        Kept = "kept",
        /// Done in part.
        Partly = "partly",
        /// Not done.
        Missed = "missed",
        /// Agreed anew, before it was due.
        Renegotiated = "renegotiated",
        /// Not done, for a reason nobody is to blame for.
        Excused = "excused",
    }
}

word! {
    /// What the other partner says about the claim.
    ConfirmationWord {
        /// So it was.
        Confirmed = "confirmed",
        /// So it was not.
        Disputed = "disputed",
        /// They have not noticed either way.
        NotNoticed = "not_noticed",
    }
}

/// The maker's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// What they say.
    pub word: ClaimWord,
    /// When they said it.
    pub at: DateTime<Utc>,
    /// Who recorded it.
    pub recorded_by: RecordedBy,
}

/// The other partner's word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmation {
    /// What they say.
    pub word: ConfirmationWord,
    /// When they said it.
    pub at: DateTime<Utc>,
    /// Who recorded it.
    pub recorded_by: RecordedBy,
}

/// How a promise went on one day it was due. There is one for each such day that was spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Of which promise.
    pub promise: PromiseId,
    /// Of which couple.
    pub couple: CoupleId,
    /// The day it was due.
    pub due_on: NaiveDate,
    /// What the maker says.
    pub claim: Claim,
    /// What the other says, if they have.
    pub confirmation: Option<Confirmation>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// Why an outcome can't be claimed or confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutcomeError {
    /// Nothing was due.
    #[error("this promise is not due on this day")]
    NotDue,
    /// Too late to agree anew.
    #[error("a promise is renegotiated before the day it is due; afterwards it was kept, missed or excused")]
    RenegotiatedLate,
    /// Too early to say.
    #[error("what is not due yet is not missed")]
    MissedEarly,
    /// Somebody else's to claim.
    #[error("the partner who made the promise says how it went")]
    NotTheMaker,
    /// Somebody else's to confirm.
    #[error("the partner the promise was made to confirms it")]
    NotTheReceiver,
    /// Nothing was said yet.
    #[error("the partner who made the promise says first how it went")]
    NotClaimed,
    /// The other has spoken.
    #[error("the other partner has answered this claim; it stands")]
    Answered,
}

impl Outcome {
    /// The maker says how it went. `earlier` is what was said of that day before; it can be changed until the other has answered.
    ///
    /// # Errors
    /// [`OutcomeError`] if nothing was due that day, someone else speaks, or the word comes too early or too late.
    pub fn claim(
        promise: &Promise,
        couple: &Couple,
        earlier: Option<&Self>,
        due_on: NaiveDate,
        word: ClaimWord,
        by: RecordedBy,
        now: DateTime<Utc>,
    ) -> Result<Self, OutcomeError> {
        if !by.may_write_for(promise.maker) {
            return Err(OutcomeError::NotTheMaker);
        }
        if !promise.is_due_on(due_on) {
            return Err(OutcomeError::NotDue);
        }
        if earlier.is_some_and(|earlier| earlier.confirmation.is_some()) {
            return Err(OutcomeError::Answered);
        }
        let today = couple.today(now);
        match word {
            ClaimWord::Renegotiated if today >= due_on => return Err(OutcomeError::RenegotiatedLate),
            ClaimWord::Missed if today < due_on => return Err(OutcomeError::MissedEarly),
            _ => {}
        }
        Ok(Self {
            promise: promise.id,
            couple: promise.couple,
            due_on,
            claim: Claim { word, at: now, recorded_by: by },
            confirmation: None,
            version: earlier.map_or(1, |earlier| earlier.version + 1),
        })
    }

    /// The other says whether it was so. They may think again.
    ///
    /// # Errors
    /// [`OutcomeError::NotTheReceiver`] for anybody else.
    pub fn confirm(
        &mut self,
        promise: &Promise,
        word: ConfirmationWord,
        by: RecordedBy,
        now: DateTime<Utc>,
    ) -> Result<(), OutcomeError> {
        if !by.may_write_for(promise.to) {
            return Err(OutcomeError::NotTheReceiver);
        }
        self.confirmation = Some(Confirmation { word, at: now, recorded_by: by });
        self.version += 1;
        Ok(())
    }
}
