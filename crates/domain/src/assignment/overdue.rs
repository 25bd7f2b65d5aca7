//! When work is overdue. One rule, for whatever tells of it: the agenda, the caseload, the assignment itself.
//!
//! What is done once is overdue after its day. What comes round again has a round for each occurrence, up to the next one, and a day of
//! grace: it is overdue when the day on which the next round began is past as well, and nothing was heard since the round began. Whatever
//! is handed in catches up: nobody owes every round they left out.
//!
//! Nor is anybody late for what was paused. While it rests nothing is overdue, and when it goes on the rounds begin anew with the next
//! day, as they do for whoever was not ready: the round that runs is free, and those before it are forgotten, as nobody was asked for
//! them any more. What is done once keeps the day that was set for it: it is still to be done, and its counselor may set another.

use chrono::{NaiveDate, TimeDelta};

use super::{Assignment, Cadence, Standing, StandingStatus};
use crate::{couple::Couple, exercises::Mode, ids::PartnerId, recurrence::Recurrence, safety::Safety};

#[cfg(test)]
mod rested;
#[cfg(test)]
mod tests;

/// That a participant is late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overdue {
    /// The day by which it was due; of what comes round again, the first round that was missed.
    pub due_on: NaiveDate,
    /// How many rounds in a row were missed, 1 to 732: no more than two years are looked at. 1 for what is done once.
    pub missed: u32,
}

impl Assignment {
    /// What of a participant's is overdue on a day of the couple's, of whose safety this much is known; `None` if nothing is.
    #[must_use]
    pub fn overdue_for(
        &self,
        partner: PartnerId,
        couple: &Couple,
        known: &[Safety],
        today: NaiveDate,
    ) -> Option<Overdue> {
        let own = self.standings.iter().find(|own| own.partner == partner)?;
        // Who left and came back answers for what they are given from then on.
        let here_from = couple.current_partner(partner).ok()?.from;
        if !self.is_waited_for(own, couple, known, today) {
            return None;
        }
        match &self.cadence {
            Cadence::Once => self.due_on.filter(|due_on| *due_on < today).map(|due_on| Overdue { due_on, missed: 1 }),
            Cadence::Recurring(rule) => {
                let from = here_from.max(couple.today(self.assigned_at)).max(self.starts_on);
                let rested_until = self.went_on_at(couple, known).map(|at| couple.today(at));
                let settled_until = own.answered_for(couple).max(rested_until);
                let from = settled_until.and_then(|on| on.succ_opt()).map_or(from, |after| from.max(after));
                self.missed(rule, from, today)
            }
        }
    }

    /// Whether anything is waited for from a participant: every reason for which nothing is overdue has its place here. Nobody is late
    /// who said "not ready", and nobody ever is for healing or forgiving; and what both answer as one rests while either is not ready.
    fn is_waited_for(&self, own: &Standing, couple: &Couple, known: &[Safety], today: NaiveDate) -> bool {
        let rests = |one: &Standing| one.status == StandingStatus::NotReady;
        let is_done = own.is_done() || own.status == StandingStatus::Skipped;
        self.reminds_on(today)
            && !self.rests(couple, known)
            && couple.goes_on()
            && !rests(own)
            && !(self.mode == Mode::Joint && self.standings.iter().any(rests))
            && (self.repeats() || !is_done)
    }

    /// The rounds that began on a day or later and were missed.
    fn missed(&self, rule: &Recurrence, from: NaiveDate, today: NaiveDate) -> Option<Overdue> {
        let last = self.due_on.map_or(today, |due_on| due_on.min(today));
        let began: Vec<_> = rule.days(self.starts_on, from, last);
        let due_days = began.iter().enumerate().map(|(at, began_on)| match began.get(at + 1) {
            Some(next) => Some(*next),
            None => self.end_of_last(rule, *began_on, today),
        });
        let mut late = due_days.map_while(|due_on| due_on.filter(|due_on| *due_on < today));
        let due_on = late.next()?;
        Some(Overdue { due_on, missed: u32::try_from(1 + late.count()).unwrap_or(u32::MAX) })
    }

    /// The day by which the round is due that is the last to have begun; `None` if it still runs. After the last one of all comes no other
    /// that would end it: it takes as long as the one before, or until the assignment is due.
    fn end_of_last(&self, rule: &Recurrence, began_on: NaiveDate, today: NaiveDate) -> Option<NaiveDate> {
        let is_due = self.due_on.filter(|due_on| *due_on < today);
        let day_before = began_on.pred_opt()?;
        let before = || rule.last_day_until(self.starts_on, day_before);
        let as_before = || began_on.checked_add_signed(before().map_or(TimeDelta::days(1), |before| began_on - before));
        is_due.or_else(|| if rule.ends_by(self.starts_on, today) { as_before() } else { None })
    }
}

impl Standing {
    /// The last day they have answered for, also where it was not kept yet.
    fn answered_for(&self, couple: &Couple) -> Option<NaiveDate> {
        let done = self.is_done() || self.status == StandingStatus::Skipped;
        self.answered_on.or_else(|| done.then(|| couple.today(self.changed_at)))
    }
}
