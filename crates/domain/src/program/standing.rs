//! Where a couple stands in a program: worked out from what went out and how it ended, never kept.

use chrono::{Days, NaiveDate};

use super::{ProgramRun, Release, RunStep};
use crate::{
    assignment::{Assignment, Ending},
    exercises::Slug,
    vocabulary::word,
};

word! {
    /// Where a step of a program stands.
    StepState as ("ProgramStepState") {
        /// It has not gone out.
        Waiting = "waiting",
        /// It is with the couple, as an assignment.
        Released = "released",
        /// Its assignment has ended as completed.
        Done = "done",
        /// The counselor passed it over.
        Skipped = "skipped",
    }
}

/// When a step that waits goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Now: nothing in the program stands before it any more.
    Now,
    /// On a day that is known, unless something before it is held or passed over until then.
    On(NaiveDate),
    /// Once a counselor lets it out: nothing else stands before it.
    ByHand,
    /// Once something before it has gone out, or is over, or its day has come if a counselor is to let it out then.
    AfterOthers,
}

impl Due {
    /// The day to come on which it goes out, if that is known.
    #[must_use]
    pub const fn day(self) -> Option<NaiveDate> {
        if let Self::On(day) = self { Some(day) } else { None }
    }

    /// The same where a counselor has yet to let the step out.
    const fn by_hand(self) -> Self {
        match self {
            Self::Now | Self::ByHand => Self::ByHand,
            Self::On(_) | Self::AfterOthers => Self::AfterOthers,
        }
    }
}

/// Where a step stands, and if it waits, until when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepStanding {
    /// It has not gone out.
    Waiting(Due),
    /// It is with the couple.
    Released,
    /// Its assignment has ended as completed.
    Done,
    /// The counselor passed it over.
    Skipped,
}

impl StepStanding {
    /// The word for it.
    #[must_use]
    pub const fn state(self) -> StepState {
        match self {
            Self::Waiting(_) => StepState::Waiting,
            Self::Released => StepState::Released,
            Self::Done => StepState::Done,
            Self::Skipped => StepState::Skipped,
        }
    }

    /// Until when it waits, if it does.
    #[must_use]
    pub const fn due(self) -> Option<Due> {
        if let Self::Waiting(due) = self { Some(due) } else { None }
    }

    pub(super) const fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Skipped)
    }
}

/// What the groups before one leave it with.
struct Before {
    /// The day on which the last of the group before went out or was passed over, or will go out by the calendar, if that is known of all
    /// of it.
    out_on: Option<NaiveDate>,
    /// The first day on which, by the calendar, none of all groups waits any more, if that is known.
    clear_on: Option<NaiveDate>,
    /// Whether all groups are over.
    over: bool,
}

impl ProgramRun {
    /// Where each step stands on a day of the couple's, in order. `given` are the assignments that steps have become; one that was
    /// taken back leaves its step where it was, until it is given again or skipped.
    ///
    /// What is due here is due by the program. Whether it may go out is also a matter of the run's status, the case and the gates.
    #[must_use]
    pub fn standing(&self, given: &[Assignment], today: NaiveDate) -> Vec<StepStanding> {
        let mut before = Before { out_on: Some(self.started_on), clear_on: Some(self.started_on), over: true };
        let mut standings = Vec::with_capacity(self.steps.len());
        for (number, group) in (0..).zip(groups(&self.steps)) {
            let due = self.due(group, number, &before, today);
            let by_hand = group.first().is_some_and(|head| head.step.release == Release::ByHand);
            let due_of = |step: &RunStep| if step.waits_for_word(by_hand) { due.by_hand() } else { due };
            let of_group: Vec<_> = group.iter().map(|step| step.standing(given, due_of(step))).collect();
            // A step that was skipped does not make up for one before it that goes on.
            before.over &= of_group.iter().all(|standing| standing.is_over());
            let out_on = group.iter().map(|step| step.out_on().or(due_of(step).day())).collect::<Option<Vec<_>>>();
            before.out_on = out_on.and_then(|days| days.into_iter().max());
            if group.iter().any(|step| step.out_on().is_none()) {
                before.clear_on = before.out_on.and(due.day());
            }
            standings.extend(of_group);
        }
        standings
    }

    fn due(&self, group: &[RunStep], number: u64, before: &Before, today: NaiveDate) -> Due {
        let (Some(head), Some(out_on), Some(clear_on)) = (group.first(), before.out_on, before.clear_on) else {
            return Due::AfterOthers;
        };
        let day = match head.step.release {
            Release::Together | Release::AfterCompletion => before.over.then_some(today),
            Release::ByHand => Some(today),
            Release::AfterDelay { days } => after(out_on, days.into()),
            Release::FixedInterval { days } => after(self.started_on, u64::from(days) * number),
        };
        match day.map(|day| day.max(clear_on)) {
            Some(day) if day <= today => Due::Now,
            Some(day) => Due::On(day),
            None => Due::AfterOthers,
        }
    }
}

impl RunStep {
    /// Whether a counselor has yet to let it out, in a group of which this is the rule or in any. Forgiving never begins by itself.
    fn waits_for_word(&self, by_hand: bool) -> bool {
        (by_hand || self.step.exercise == Slug::Forgiveness) && !self.word_given
    }

    fn standing(&self, given: &[Assignment], due: Due) -> StepStanding {
        match (&self.skipped, self.released) {
            (Some(_), _) => StepStanding::Skipped,
            (None, None) => StepStanding::Waiting(due),
            (None, Some(_)) if self.ended_as(Ending::Completed, given) => StepStanding::Done,
            (None, Some(_)) => StepStanding::Released,
        }
    }

    /// The day on which it went out, or was passed over without going out.
    fn out_on(&self) -> Option<NaiveDate> {
        self.released.map(|released| released.on).or(self.skipped.as_ref().map(|skipped| skipped.on))
    }
}

/// The steps, group by group: those that go out together.
fn groups(steps: &[RunStep]) -> impl Iterator<Item = &[RunStep]> {
    steps.chunk_by(|_, next| next.step.release == Release::Together)
}

/// So many days after a day.
pub(super) fn after(day: NaiveDate, days: u64) -> Option<NaiveDate> {
    day.checked_add_days(Days::new(days))
}
