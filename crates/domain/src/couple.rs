//! Couples: the unit of treatment, and the people in it.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::{
    confidential::{Confidential, NAME_CHARACTERS, too_long},
    ids::{ClientId, CoupleId, PartnerId, StaffId},
    vocabulary::word,
};

mod membership;
#[cfg(test)]
pub(crate) mod tests;

word! {
    /// Where a case stands.
    CoupleStatus {
        /// They asked for help; treatment has not begun.
        Intake = "intake",
        /// In treatment.
        Active = "active",
        /// In treatment, and resting.
        Paused = "paused",
        /// Treatment is over.
        Closed = "closed",
        /// They parted: the joint record is frozen and nothing is shared any more.
        Separated = "separated",
    }
}

impl CoupleStatus {
    /// Whether a case may go from this status to another. A separation is not undone: those who find each other again open a
    /// new case, so that nobody reads what the other wrote while they were apart.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use CoupleStatus::{Active, Closed, Intake, Paused, Separated};
        matches!(
            (self, next),
            (Intake, Active | Paused | Closed | Separated)
                | (Active, Paused | Closed | Separated)
                | (Paused, Active | Closed | Separated)
                | (Closed, Active | Separated)
                | (Separated, Closed)
        )
    }
}

/// A client's membership in a couple.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Partner {
    /// Which membership. Who comes back gets a new one.
    pub id: PartnerId,
    /// Whose.
    pub client: ClientId,
    /// The first day of it.
    pub from: NaiveDate,
    /// The day from which it is over; `None` while it lasts.
    pub until: Option<NaiveDate>,
}

impl Partner {
    /// Whether the membership lasts.
    #[must_use]
    pub const fn is_current(&self) -> bool {
        self.until.is_none()
    }
}

/// A case with two partners at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Couple {
    /// Which one.
    pub id: CoupleId,
    /// A short name for the counselor's lists, up to 200 characters; without one the partners' names serve.
    pub label: Option<Confidential>,
    /// Where the case stands.
    pub status: CoupleStatus,
    /// Where their days begin and end.
    pub time_zone: Tz,
    /// Who answers for the treatment; always on the care team.
    pub primary_counselor: StaffId,
    /// Who has access to the case, each once, in the order in which they joined.
    pub care_team: Vec<StaffId>,
    /// Every membership there ever was, oldest first; at most two are current.
    pub partners: Vec<Partner>,
    /// The first day of the case.
    pub opened_on: NaiveDate,
    /// The day on which the case was closed, while it is; retention counts from here.
    pub closed_on: Option<NaiveDate>,
    /// The day on which the partners parted: from it on nothing is shared between them, whatever the status becomes.
    pub separated_on: Option<NaiveDate>,
    /// When the case last went on after it was paused or closed, or without a partner who left; `None` if it never did, and in what was kept before this was.
    pub resumed_at: Option<DateTime<Utc>>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// A partner as wanted.
#[derive(Debug, Clone, Copy)]
pub struct PartnerDraft {
    /// The id of the new membership.
    pub id: PartnerId,
    /// Whose.
    pub client: ClientId,
    /// The first day of it; the day of the request if absent.
    pub from: Option<NaiveDate>,
}

/// A couple as wanted.
#[derive(Debug, Clone)]
pub struct CoupleDraft {
    /// A short name for the counselor's lists.
    pub label: Option<Confidential>,
    /// Where their days begin and end.
    pub time_zone: Tz,
    /// Who answers for the treatment; joins the care team by that.
    pub primary_counselor: StaffId,
    /// Who else has access to the case.
    pub care_team: Vec<StaffId>,
    /// One or two partners; one may begin alone.
    pub partners: Vec<PartnerDraft>,
    /// The first day of the case; the day of the request if absent.
    pub opened_on: Option<NaiveDate>,
}

/// What of a couple is to be different; `None` leaves it, `Some(None)` removes it.
#[derive(Debug, Clone, Default)]
pub struct CoupleChange {
    /// A short name for the counselor's lists.
    pub label: Option<Option<Confidential>>,
    /// Where their days begin and end.
    pub time_zone: Option<Tz>,
    /// Who answers for the treatment.
    pub primary_counselor: Option<StaffId>,
    /// Who has access to the case, besides the primary counselor.
    pub care_team: Option<Vec<StaffId>>,
    /// Where the case stands.
    pub status: Option<CoupleStatus>,
    /// The day on which the partners parted, with the status separated; the day of the request if absent.
    pub separated_on: Option<NaiveDate>,
}

/// Why a couple can't be as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CoupleError {
    /// The label is too long.
    #[error("a label has up to 200 characters")]
    Label,
    /// There would be nobody, or a third.
    #[error("a couple has one or two partners at a time")]
    PartnerCount,
    /// The client is already in it.
    #[error("this client is already a partner in this couple")]
    AlreadyPartner,
    /// No such current membership.
    #[error("this is not a current partner of this couple")]
    NotAPartner,
    /// It lies in the future.
    #[error("this day has not come yet")]
    Future,
    /// A membership would end before it began, or overlap an earlier one of the same client.
    #[error("a partner leaves after joining, and comes back after leaving")]
    Order,
    /// The case can't go from its status to this one.
    #[error("a case that is {from} can't become {to}")]
    Transition {
        /// The status it has.
        from: CoupleStatus,
        /// The status that was wanted.
        to: CoupleStatus,
    },
    /// A day of separation without one, or of one that is recorded already.
    #[error("the day on which the partners parted goes with becoming separated, and then it stands")]
    SeparatedOn,
    /// The case takes nothing new.
    #[error(transparent)]
    Ended(#[from] CaseEnded),
}

/// A closed or separated case takes no new work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this case is closed or separated and takes nothing new")]
pub struct CaseEnded;

impl Couple {
    /// A new case, in intake.
    ///
    /// # Errors
    /// [`CoupleError`] for too many or too few partners, one client twice, a day in the future or a label too long.
    pub fn new(id: CoupleId, draft: CoupleDraft, now: DateTime<Utc>) -> Result<Self, CoupleError> {
        if !(1..=2).contains(&draft.partners.len()) {
            return Err(CoupleError::PartnerCount);
        }
        let today = now.with_timezone(&draft.time_zone).date_naive();
        let mut couple = Self {
            id,
            label: draft.label,
            status: CoupleStatus::Intake,
            time_zone: draft.time_zone,
            primary_counselor: draft.primary_counselor,
            care_team: team(draft.primary_counselor, draft.care_team),
            partners: Vec::new(),
            opened_on: draft.opened_on.unwrap_or(today),
            closed_on: None,
            separated_on: None,
            resumed_at: None,
            created_at: now,
            version: 1,
        };
        if couple.opened_on > today {
            return Err(CoupleError::Future);
        }
        for partner in draft.partners {
            couple.admit(partner, today)?;
        }
        couple.checked()
    }

    /// The day it is for the couple.
    #[must_use]
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.time_zone).date_naive()
    }

    /// Changes label, time zone, care team or status. A separation is of this day, or of one before.
    ///
    /// # Errors
    /// [`CoupleError`], and then nothing has changed.
    pub fn change(&mut self, change: CoupleChange, now: DateTime<Utc>) -> Result<(), CoupleError> {
        let mut wanted = self.clone();
        wanted.label = change.label.unwrap_or(wanted.label);
        wanted.time_zone = change.time_zone.unwrap_or(wanted.time_zone);
        wanted.primary_counselor = change.primary_counselor.unwrap_or(wanted.primary_counselor);
        wanted.care_team = team(wanted.primary_counselor, change.care_team.unwrap_or(wanted.care_team));
        let status = change.status.filter(|status| *status != self.status);
        if change.separated_on.is_some() && status != Some(CoupleStatus::Separated) {
            return Err(CoupleError::SeparatedOn);
        }
        if let Some(status) = status {
            let today = wanted.today(now);
            wanted.become_status(status, change.separated_on.unwrap_or(today), today)?;
        }
        if wanted.goes_on() && !self.goes_on() {
            wanted.resumed_at = Some(now);
        }
        wanted.version += 1;
        *self = wanted.checked()?;
        Ok(())
    }

    /// Whether the case takes new assignments, sessions and promises.
    ///
    /// # Errors
    /// [`CaseEnded`] for a closed or separated one.
    pub const fn check_takes_work(&self) -> Result<(), CaseEnded> {
        match self.status {
            CoupleStatus::Intake | CoupleStatus::Active | CoupleStatus::Paused => Ok(()),
            CoupleStatus::Closed | CoupleStatus::Separated => Err(CaseEnded),
        }
    }

    /// Whether anybody waits for what the partners were given: not while the case is paused, nor once it is over.
    #[must_use]
    pub const fn goes_on(&self) -> bool {
        matches!(self.status, CoupleStatus::Intake | CoupleStatus::Active)
    }

    /// Whether something may still pass from one partner to the other on this day.
    #[must_use]
    pub fn shares_on(&self, day: NaiveDate) -> bool {
        self.separated_on.is_none_or(|separated| day < separated)
    }

    /// Whether a staff member has access by the care team.
    #[must_use]
    pub fn is_treated_by(&self, staff: StaffId) -> bool {
        self.care_team.contains(&staff)
    }

    fn become_status(&mut self, to: CoupleStatus, on: NaiveDate, today: NaiveDate) -> Result<(), CoupleError> {
        if on > today {
            return Err(CoupleError::Future);
        }
        let refused = CoupleError::Transition { from: self.status, to };
        let reopened_after_separation = self.separated_on.is_some() && to != CoupleStatus::Closed;
        if !self.status.may_become(to) || reopened_after_separation {
            return Err(refused);
        }
        self.status = to;
        self.closed_on = (to == CoupleStatus::Closed).then_some(on);
        if to == CoupleStatus::Separated {
            self.separated_on = Some(on);
        }
        Ok(())
    }

    fn checked(self) -> Result<Self, CoupleError> {
        if too_long(self.label.as_ref(), NAME_CHARACTERS) { Err(CoupleError::Label) } else { Ok(self) }
    }
}

fn team(primary: StaffId, others: Vec<StaffId>) -> Vec<StaffId> {
    let mut team = others;
    if !team.contains(&primary) {
        team.insert(0, primary);
    }
    let mut seen = Vec::with_capacity(team.len());
    team.retain(|member| {
        let first = !seen.contains(member);
        seen.push(*member);
        first
    });
    team
}
