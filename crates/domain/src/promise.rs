//! The promise ledger: what one partner commits to do for the other, and how it went each time it was due.
//!
//! One ledger for the exercises 2, 4 and 8, so that a promise is counted once.

use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    assignment::Assignment,
    confidential::{Confidential, TEXT_CHARACTERS},
    couple::{CaseEnded, Couple},
    entry::{Author, Entry},
    exercises::{Answers, Slug},
    ids::{AssignmentId, CoupleId, EntryId, PartnerId, PromiseId},
    recorded_by::RecordedBy,
    recurrence::Recurrence,
    visibility::Reader,
    vocabulary::word,
};

mod kept;
mod outcome;
#[cfg(test)]
mod tests;

pub use kept::{KEPT_RATE_DAYS, KeptRate};
pub use outcome::{Claim, ClaimWord, Confirmation, ConfirmationWord, Outcome, OutcomeError};

/// When a promise is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "due", content = "when", rename_all = "snake_case")]
pub enum Schedule {
    /// One time, on a day.
    On(NaiveDate),
    /// By a rule, in the couple's days, from the day the promise starts.
    Recurring(Recurrence),
}

impl Schedule {
    /// The one day on which it is due, if it is one.
    #[must_use]
    pub const fn day(&self) -> Option<NaiveDate> {
        match self {
            Self::On(day) => Some(*day),
            Self::Recurring(_) => None,
        }
    }

    /// The rule by which it is due again and again, if there is one.
    #[must_use]
    pub const fn rule(&self) -> Option<&Recurrence> {
        match self {
            Self::On(_) => None,
            Self::Recurring(rule) => Some(rule),
        }
    }

    /// The last day on which a promise of this schedule holds: what is due once is over on that day.
    fn last_day(&self, wanted: Option<NaiveDate>) -> Option<NaiveDate> {
        match self {
            Self::On(day) => Some(wanted.map_or(*day, |last| last.min(*day))),
            Self::Recurring(_) => wanted,
        }
    }
}

word! {
    /// Where a promise stands.
    PromiseStatus {
        /// It holds.
        Active = "active",
        /// It has run its course.
        Completed = "completed",
        /// Its maker took it back, openly.
        Withdrawn = "withdrawn",
    }
}

/// Something one partner commits to do for the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Which one.
    pub id: PromiseId,
    /// Of which couple.
    pub couple: CoupleId,
    /// Who promises.
    pub maker: PartnerId,
    /// To whom.
    pub to: PartnerId,
    /// What, 1 to 10,000 characters.
    pub what: Confidential,
    /// When it is due.
    pub schedule: Schedule,
    /// The first day on which it holds.
    pub starts_on: NaiveDate,
    /// The last day on which it holds: the day it is due if that is one day, or the day of its end if it ended early.
    pub until: Option<NaiveDate>,
    /// The exercise it came from, if one: 2, 4 or 8.
    pub origin: Option<Slug>,
    /// The assignment it came from, if one.
    pub assignment: Option<AssignmentId>,
    /// The draft of an apology whose offer it makes good, if one.
    pub entry: Option<EntryId>,
    /// Where it stands.
    pub status: PromiseStatus,
    /// Who recorded it.
    pub recorded_by: RecordedBy,
    /// When.
    pub created_at: DateTime<Utc>,
    /// Counts the changes, from 1; outcomes count their own.
    pub version: i64,
}

/// A promise as wanted.
#[derive(Debug, Clone)]
pub struct PromiseDraft {
    /// Who promises.
    pub maker: PartnerId,
    /// What.
    pub what: Confidential,
    /// When it is due.
    pub schedule: Schedule,
    /// The first day on which it holds; the day of the request if absent.
    pub starts_on: Option<NaiveDate>,
    /// The last day on which it holds.
    pub until: Option<NaiveDate>,
    /// The exercise it came from.
    pub origin: Option<Slug>,
    /// The assignment it came from.
    pub assignment: Option<AssignmentId>,
    /// The draft of an apology whose offer it makes good.
    pub entry: Option<EntryId>,
}

/// Why a promise can't be made or ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PromiseError {
    /// The case is over.
    #[error(transparent)]
    CaseEnded(#[from] CaseEnded),
    /// A promise needs two.
    #[error("a promise is made by one current partner to the other")]
    Partners,
    /// Made in someone else's name.
    #[error("partners promise and take back for themselves, or have a counselor record it")]
    NotTheMaker,
    /// Empty or too long.
    #[error("what is promised has 1 to 10,000 characters")]
    What,
    /// A day outside of its own time.
    #[error("a promise is due on a day from its first to its last")]
    DueOn,
    /// A rule that never comes round in its time.
    #[error("a promise that recurs is due at least once from its first day to its last")]
    NeverDue,
    /// Too long ago, or too far ahead.
    #[error("a promise starts within a year of today")]
    Start,
    /// Another exercise.
    #[error("a promise comes from apology, consistency or reaffirm-commitment, or from no exercise")]
    Origin,
    /// Someone else's assignment, or one of another exercise.
    #[error("a promise comes from an assignment of this couple that its maker takes part in, of the same exercise")]
    Assignment,
    /// Someone else's words, or no offer in them.
    #[error("a promise of origin apology comes from a submitted draft of its maker's that offers a repair")]
    Offer,
    /// It is over.
    #[error("this promise has ended")]
    Ended,
}

impl PromiseError {
    /// The field of the draft that it is about, as a JSON pointer.
    #[must_use]
    pub const fn pointer(self) -> Option<&'static str> {
        match self {
            Self::What => Some("/what"),
            Self::DueOn => Some("/due_on"),
            Self::NeverDue => Some("/recurrence"),
            Self::Start => Some("/starts_on"),
            Self::Origin => Some("/origin"),
            Self::Assignment => Some("/assignment_id"),
            Self::Offer => Some("/entry_id"),
            Self::CaseEnded(_) | Self::Partners | Self::NotTheMaker | Self::Ended => None,
        }
    }
}

impl PromiseDraft {
    /// Checks the assignment it names against the one that was found: `None` if none was, for whoever makes the promise.
    ///
    /// # Errors
    /// [`PromiseError::Assignment`] if it is not the maker's, or of another exercise than the draft says.
    pub fn check_assignment(&self, couple: &Couple, found: Option<&Assignment>) -> Result<(), PromiseError> {
        let fits = |assignment: &Assignment| {
            assignment.couple == couple.id
                && assignment.participants().contains(&self.maker)
                && self.origin.is_none_or(|origin| origin == assignment.exercise)
        };
        let named = self.assignment == found.map(|assignment| assignment.id);
        if named && found.is_none_or(fits) { Ok(()) } else { Err(PromiseError::Assignment) }
    }

    /// Checks the draft of an apology that it names against the entry that was found: `None` if none was, for whoever makes the
    /// promise.
    ///
    /// # Errors
    /// [`PromiseError::Offer`] if it is not the maker's, was not handed in or offers nothing, or the promise is of another origin.
    pub fn check_entry(&self, couple: &Couple, found: Option<&Entry>) -> Result<(), PromiseError> {
        let is_makers = |author| matches!(author, Author::Partner(by) if couple.same_person(by, self.maker));
        let offers =
            |answers: &Answers| matches!(answers, Answers::ApologyDraft(draft) if draft.repair_offer.is_some());
        let fits = |entry: &Entry| {
            entry.couple == couple.id && entry.is_submitted() && is_makers(entry.author) && offers(&entry.answers)
        };
        let named = self.entry == found.map(|entry| entry.id);
        let of_apology = self.entry.is_none() || self.origin == Some(Slug::Apology);
        if named && of_apology && found.is_none_or(fits) { Ok(()) } else { Err(PromiseError::Offer) }
    }
}

impl Promise {
    /// Makes a promise to the other partner.
    ///
    /// # Errors
    /// [`PromiseError`] if there is no other, the maker is not there, or the draft doesn't fit.
    pub fn new(
        id: PromiseId,
        couple: &Couple,
        draft: PromiseDraft,
        recorded_by: RecordedBy,
        now: DateTime<Utc>,
    ) -> Result<Self, PromiseError> {
        couple.check_takes_work()?;
        couple.current_partner(draft.maker).map_err(|_| PromiseError::Partners)?;
        let mut others = couple.current_partners().filter(|partner| partner.id != draft.maker);
        let to = others.next().ok_or(PromiseError::Partners)?.id;
        if !recorded_by.may_write_for(draft.maker) {
            return Err(PromiseError::NotTheMaker);
        }
        let promise = Self {
            id,
            couple: couple.id,
            maker: draft.maker,
            to,
            what: draft.what,
            until: draft.schedule.last_day(draft.until),
            schedule: draft.schedule,
            starts_on: checked_start(draft.starts_on, couple.today(now))?,
            origin: draft.origin,
            assignment: draft.assignment,
            entry: draft.entry,
            status: PromiseStatus::Active,
            recorded_by,
            created_at: now,
            version: 1,
        };
        promise.checked()
    }

    /// The assignment it came from, for those who know of it: the other partner may have no part in it.
    #[must_use]
    pub fn assignment_shown_to(&self, reader: Reader, couple: &Couple) -> Option<AssignmentId> {
        self.assignment.filter(|_| self.origin_is_known_to(reader, couple))
    }

    /// The draft whose offer it makes good, for the same: the other partner may not have read it.
    #[must_use]
    pub fn entry_shown_to(&self, reader: Reader, couple: &Couple) -> Option<EntryId> {
        self.entry.filter(|_| self.origin_is_known_to(reader, couple))
    }

    fn origin_is_known_to(&self, reader: Reader, couple: &Couple) -> bool {
        match reader {
            Reader::Counselor(_) | Reader::Supervisor(_) => true,
            Reader::Partner(partner) => couple.same_person(partner, self.maker),
        }
    }

    /// Ends it on the couple's day: as completed, or as taken back. What was due before stays due.
    ///
    /// # Errors
    /// [`PromiseError::Ended`] if it has ended, [`PromiseError::NotTheMaker`] for anybody but its maker.
    pub fn end(
        &mut self,
        couple: &Couple,
        completed: bool,
        by: RecordedBy,
        now: DateTime<Utc>,
    ) -> Result<(), PromiseError> {
        if self.status != PromiseStatus::Active {
            return Err(PromiseError::Ended);
        }
        if !by.may_write_for(self.maker) {
            return Err(PromiseError::NotTheMaker);
        }
        let today = couple.today(now);
        self.status = if completed { PromiseStatus::Completed } else { PromiseStatus::Withdrawn };
        self.until = Some(self.until.map_or(today, |until| until.min(today)));
        self.version += 1;
        Ok(())
    }

    /// The days on which it is due within a window of at most two years, both ends included.
    #[must_use]
    pub fn due_dates(&self, from: NaiveDate, until: NaiveDate) -> Vec<NaiveDate> {
        let until = self.until.map_or(until, |last| last.min(until));
        match &self.schedule {
            Schedule::On(day) if (from..=until).contains(day) => vec![*day],
            Schedule::On(_) => Vec::new(),
            Schedule::Recurring(rule) => rule.days(self.starts_on, from, until),
        }
    }

    /// Whether it is due on a day.
    #[must_use]
    pub fn is_due_on(&self, day: NaiveDate) -> bool {
        self.due_dates(day, day).contains(&day)
    }

    fn checked(self) -> Result<Self, PromiseError> {
        if self.what.is_blank() || self.what.longer_than(TEXT_CHARACTERS) {
            return Err(PromiseError::What);
        }
        if !self
            .origin
            .is_none_or(|origin| matches!(origin, Slug::Apology | Slug::Consistency | Slug::ReaffirmCommitment))
        {
            return Err(PromiseError::Origin);
        }
        let year_ahead = self.starts_on.checked_add_days(Days::new(731)).unwrap_or(self.starts_on);
        match self.schedule {
            Schedule::On(day) if day < self.starts_on || self.until.is_some_and(|until| until < day) => {
                Err(PromiseError::DueOn)
            }
            Schedule::Recurring(_) if self.due_dates(self.starts_on, year_ahead).is_empty() => {
                Err(PromiseError::NeverDue)
            }
            Schedule::On(_) | Schedule::Recurring(_) => Ok(self),
        }
    }
}

/// A promise starts within a year of the day it is recorded: what was promised long ago is looked at day by day from its start.
fn checked_start(wanted: Option<NaiveDate>, today: NaiveDate) -> Result<NaiveDate, PromiseError> {
    let start = wanted.unwrap_or(today);
    if (start - today).num_days().abs() <= 366 { Ok(start) } else { Err(PromiseError::Start) }
}
