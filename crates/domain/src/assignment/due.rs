//! By when an assignment is to be done, and until when it reminds.

use chrono::NaiveDate;

use super::{AssignError, Assignment};

impl Assignment {
    /// Whether it reminds on a day: not after the last day of reminders, and never of healing or forgiving.
    pub(super) fn reminds_on(&self, today: NaiveDate) -> bool {
        self.ended.is_none() && self.can_be_overdue() && self.reminders_until.is_none_or(|last| today <= last)
    }

    /// Every day that it is given with.
    pub(super) fn check_days(&self, today: NaiveDate) -> Result<(), AssignError> {
        if (self.starts_on - today).num_days().abs() > 366 {
            return Err(AssignError::Start);
        }
        self.check_due(today)?;
        self.check_reminders(today)
    }

    pub(super) fn check_due(&self, today: NaiveDate) -> Result<(), AssignError> {
        self.check_day(self.due_on, today, AssignError::NeverOverdue, AssignError::Due)
    }

    pub(super) fn check_reminders(&self, today: NaiveDate) -> Result<(), AssignError> {
        self.check_day(self.reminders_until, today, AssignError::NeverReminds, AssignError::Reminders)
    }

    /// A day of what can be late, from the day it starts on, and not in the past.
    fn check_day(
        &self,
        day: Option<NaiveDate>,
        today: NaiveDate,
        never: AssignError,
        too_early: AssignError,
    ) -> Result<(), AssignError> {
        match day {
            None => Ok(()),
            Some(_) if !self.can_be_overdue() => Err(never),
            Some(day) if day < self.starts_on || day < today => Err(too_early),
            Some(_) => Ok(()),
        }
    }
}
