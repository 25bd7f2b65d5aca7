//! A couple's run of a program: what was planned when it started, and what has become of it.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Due, Hold, Program, Released, RunStep, Skipped, StepStanding};
use crate::{
    assignment::{Assignment, AssignmentDraft, Begun, Overrides, Participants},
    confidential::{Confidential, TEXT_CHARACTERS},
    couple::{CaseEnded, Couple, CoupleStatus},
    exercises::Mode,
    ids::{AssignmentId, BreachId, CoupleId, OwnExerciseId, PartnerId, ProgramId, ProgramRunId, StaffId},
    own_exercise::OwnExerciseVersion,
    vocabulary::word,
};

word! {
    /// Where a couple's run of a program stands.
    RunStatus as ("ProgramRunStatus") {
        /// Steps go out when they are due.
        Active = "active",
        /// Nothing goes out; days go on being counted.
        Paused = "paused",
        /// Every step is done or was skipped.
        Completed = "completed",
        /// The counselor ended it before that.
        Ended = "ended",
    }
}

/// A couple's run of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramRun {
    /// Which one.
    pub id: ProgramRunId,
    /// Whose.
    pub couple: CoupleId,
    /// Of which program.
    pub program: ProgramId,
    /// The version of the program that it started from.
    pub program_version: i64,
    /// What the program was called then.
    pub name: Confidential,
    /// The breach its exercises are about, for the counselors.
    pub breach: Option<BreachId>,
    /// Why its steps go out although something that comes before them in the default order has not begun; for counselors only. Whoever
    /// started it knew the order of the program.
    pub order_override: Option<Confidential>,
    /// The steps as they were then, in order.
    pub steps: Vec<RunStep>,
    /// Where it stands.
    pub status: RunStatus,
    /// Who started it; what goes out by itself goes out in their name.
    pub started_by: StaffId,
    /// When.
    pub started_at: DateTime<Utc>,
    /// The couple's day on which it started: intervals count from here.
    pub started_on: NaiveDate,
    /// The day for which a job was left to look what is due.
    pub wakes_on: Option<NaiveDate>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// A run as wanted.
#[derive(Debug, Clone, Default)]
pub struct RunDraft {
    /// The breach its exercises are about.
    pub breach: Option<BreachId>,
    /// Why its steps go out although something that comes before them in the default order has not begun.
    pub order_override: Option<Confidential>,
    /// Steps that one partner answers alone: the position, from 1, and who.
    pub alone: Vec<(usize, PartnerId)>,
}

/// Why a run can't start, or not become what was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RunError {
    /// The case is over.
    #[error(transparent)]
    CaseEnded(#[from] CaseEnded),
    /// The case rests.
    #[error("this case is paused; nothing goes out")]
    CasePaused,
    /// It was put away.
    #[error("this program is archived; bring it back first")]
    Archived,
    /// No such step.
    #[error("the program has no step at this position")]
    Position,
    /// Named twice.
    #[error("a step is left to one partner, and named once")]
    NamedTwice,
    /// One partner alone in an exercise for two.
    #[error("one current partner alone answers steps in separate mode only")]
    OneAlone,
    /// It can't go from its status to this one.
    #[error("a run that is {from} can't be set to {to}")]
    Transition {
        /// The status it has.
        from: RunStatus,
        /// The status that was wanted.
        to: RunStatus,
    },
    /// It goes out by itself, or its turn has not come.
    #[error("this step does not wait for a counselor to let it out, or not yet")]
    NotByHand,
    /// Nothing goes out.
    #[error("this run is not active; nothing goes out")]
    NotActive,
    /// It is over.
    #[error("this step, or the whole run, is over")]
    Over,
    /// It is with the couple, or has not gone out.
    #[error("only a step whose assignment was cancelled is given again")]
    NotCancelled,
    /// Without a reason, or too long a one.
    #[error("a reason has 1 to 10,000 characters")]
    Reason,
}

impl RunError {
    /// The field of what was wanted that it is about, as a JSON pointer.
    #[must_use]
    pub const fn pointer(self) -> Option<&'static str> {
        if matches!(self, Self::NotByHand) { Some("/position") } else { None }
    }
}

impl ProgramRun {
    /// Starts a program with a couple. Nothing has gone out by that yet. `own` are the versions in force of the practice's own exercises
    /// that the program names.
    ///
    /// # Errors
    /// [`RunError`]: the case is over, the program is archived, one partner is to answer what is for both, or a reason is none.
    pub fn new(
        id: ProgramRunId,
        couple: &Couple,
        (program, own): (Program, &[OwnExerciseVersion]),
        draft: RunDraft,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<Self, RunError> {
        couple.check_takes_work()?;
        if program.archived_at.is_some() {
            return Err(RunError::Archived);
        }
        if draft.order_override.as_ref().is_some_and(|reason| reason.is_blank() || reason.longer_than(TEXT_CHARACTERS))
        {
            return Err(RunError::Reason);
        }
        let steps = program.steps.into_iter();
        let mut run = Self {
            id,
            couple: couple.id,
            program: program.id,
            program_version: program.version,
            name: program.name,
            breach: draft.breach,
            order_override: draft.order_override,
            steps: steps.map(RunStep::new).collect(),
            status: RunStatus::Active,
            started_by: by,
            started_at: now,
            started_on: couple.today(now),
            wakes_on: None,
            version: 1,
        };
        for (position, partner) in draft.alone {
            run.leave_to(couple, own, position, partner)?;
        }
        Ok(run)
    }

    fn leave_to(
        &mut self,
        couple: &Couple,
        own: &[OwnExerciseVersion],
        position: usize,
        partner: PartnerId,
    ) -> Result<(), RunError> {
        let step = self.step_mut(position)?;
        if step.partner.is_some() {
            return Err(RunError::NamedTwice);
        }
        let mode = step.step.mode(step.step.own_in_force(own));
        if mode != Mode::Separate || couple.current_partner(partner).is_err() {
            return Err(RunError::OneAlone);
        }
        step.partner = Some(partner);
        Ok(())
    }

    /// Whether something may go out at all.
    ///
    /// # Errors
    /// [`RunError`]: the run is not active, or the case rests or is over.
    pub fn check_releases(&self, couple: &Couple) -> Result<(), RunError> {
        couple.check_takes_work()?;
        if couple.status == CoupleStatus::Paused {
            return Err(RunError::CasePaused);
        }
        if self.status == RunStatus::Active { Ok(()) } else { Err(RunError::NotActive) }
    }

    /// The position, from 1, of the first step that is to go out now. What is held is left out.
    #[must_use]
    pub fn next_due(&self, given: &[Assignment], today: NaiveDate) -> Option<usize> {
        let standings = self.standing(given, today);
        let is_due = |(step, standing): (&RunStep, StepStanding)| {
            standing == StepStanding::Waiting(Due::Now) && step.held.is_none()
        };
        self.steps.iter().zip(standings).position(is_due).map(|index| index + 1)
    }

    /// Lets out a step that waits for a counselor's word, and what waits together with it. To say it of one that has gone out, or was
    /// skipped, changes nothing.
    ///
    /// # Errors
    /// [`RunError`]: there is no such step, or it does not wait for a word.
    pub fn give_word(&mut self, position: usize, given: &[Assignment], today: NaiveDate) -> Result<(), RunError> {
        let step = self.step(position)?;
        if step.word_given || step.released.is_some() || step.skipped.is_some() {
            return Ok(());
        }
        let waits = |standing: &StepStanding| *standing == StepStanding::Waiting(Due::ByHand);
        let standings = self.standing(given, today);
        if !standings.get(position.wrapping_sub(1)).is_some_and(waits) {
            return Err(RunError::NotByHand);
        }
        // Only one group can be waiting: what comes after it waits for it.
        let waiting = self.steps.iter_mut().zip(&standings).filter(|(_, standing)| waits(standing));
        waiting.for_each(|(step, _)| step.word_given = true);
        Ok(())
    }

    /// Has what is held tried again.
    pub fn try_again(&mut self) {
        self.steps.iter_mut().for_each(|step| step.held = None);
    }

    /// The first day, after today, on which a step is due by the calendar.
    #[must_use]
    pub fn next_due_on(&self, given: &[Assignment], today: NaiveDate) -> Option<NaiveDate> {
        let due = self.standing(given, today).into_iter().filter_map(StepStanding::due);
        due.filter_map(Due::day).min()
    }

    /// The assignment that a step becomes today. What was left to one partner stays in separate mode, whatever became of the exercise.
    ///
    /// # Errors
    /// [`RunError::Position`] if there is no such step.
    pub fn draft(
        &self,
        position: usize,
        own: &[OwnExerciseVersion],
        today: NaiveDate,
    ) -> Result<AssignmentDraft, RunError> {
        let RunStep { step, partner, .. } = self.step(position)?;
        let participants = partner.map_or(Participants::Both, Participants::One);
        let draft = step.draft(today, step.own_in_force(own));
        let mode = partner.map_or(draft.mode, |_| Some(Mode::Separate));
        let overrides = Overrides { order: self.order_override.clone(), ..Overrides::default() };
        Ok(AssignmentDraft { breach: self.breach, mode, participants, overrides, ..draft })
    }

    /// What was passed over, for a reason. In the default order it counts as begun: the counselor has said that the couple goes on
    /// without it.
    #[must_use]
    pub fn passed_over(&self) -> Vec<Begun> {
        let skipped = |step: &RunStep| Some(Begun { exercise: step.step.exercise, on: step.skipped.as_ref()?.on });
        self.steps.iter().filter_map(skipped).collect()
    }

    /// Notes what a step has become.
    ///
    /// # Errors
    /// [`RunError`] if there is no such step, or it does not wait.
    pub fn release(&mut self, position: usize, assignment: AssignmentId, on: NaiveDate) -> Result<(), RunError> {
        let step = self.waiting_mut(position)?;
        step.released = Some(Released { assignment, on });
        step.held = None;
        Ok(())
    }

    /// Has a step wait once more whose assignment was taken back, so that it can be given again.
    ///
    /// # Errors
    /// [`RunError`]: there is no such step, it or the run is over, or what it became was not taken back.
    pub fn take_back(&mut self, position: usize, given: &[Assignment]) -> Result<(), RunError> {
        if self.is_over() || self.step(position)?.skipped.is_some() {
            return Err(RunError::Over);
        }
        let step = self.step_mut(position)?;
        if !step.is_cancelled(given) {
            return Err(RunError::NotCancelled);
        }
        step.before.extend(step.released.take());
        self.try_order_again();
        Ok(())
    }

    /// Has what was held for the default order tried again: what is given again or passed over counts as begun.
    fn try_order_again(&mut self) {
        self.steps.iter_mut().filter(|step| step.held == Some(Hold::Order)).for_each(|step| step.held = None);
    }

    /// Notes what kept a step from going out.
    ///
    /// # Errors
    /// [`RunError`] if there is no such step, or it does not wait.
    pub fn hold(&mut self, position: usize, held: Hold) -> Result<(), RunError> {
        self.waiting_mut(position)?.held = Some(held);
        Ok(())
    }

    /// Passes a step over, for a reason. If it has gone out, what it became is to be taken back, too, unless that has ended.
    ///
    /// # Errors
    /// [`RunError`]: there is no such step, it is over or the run is, or there is no reason.
    pub fn skip(
        &mut self,
        position: usize,
        skipped: Skipped,
        given: &[Assignment],
    ) -> Result<Option<AssignmentId>, RunError> {
        let standing = self.standing(given, skipped.on);
        let is_over = standing.get(position.wrapping_sub(1)).is_some_and(|standing| standing.is_over());
        if is_over || self.is_over() {
            return Err(RunError::Over);
        }
        if skipped.reason.is_blank() || skipped.reason.longer_than(TEXT_CHARACTERS) {
            return Err(RunError::Reason);
        }
        self.try_order_again();
        let step = self.step_mut(position)?;
        step.held = None;
        step.skipped = Some(skipped);
        Ok(step.released.map(|released| released.assignment))
    }

    /// Pauses, resumes or ends the run. What has gone out stays with the couple.
    ///
    /// # Errors
    /// [`RunError::Transition`].
    pub fn change_status(&mut self, to: RunStatus) -> Result<(), RunError> {
        use RunStatus::{Active, Ended, Paused};
        if !matches!((self.status, to), (Active, Paused | Ended) | (Paused, Active | Ended)) {
            return Err(RunError::Transition { from: self.status, to });
        }
        self.status = to;
        Ok(())
    }

    /// Completes the run once every step is over.
    pub fn settle(&mut self, given: &[Assignment], today: NaiveDate) {
        if !self.is_over() && self.standing(given, today).iter().all(|standing| standing.is_over()) {
            self.status = RunStatus::Completed;
        }
    }

    /// Whether nothing will come of it any more.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self.status, RunStatus::Completed | RunStatus::Ended)
    }

    /// What its steps have become, and had become before they were given again.
    pub fn assignments(&self) -> impl Iterator<Item = AssignmentId> {
        self.steps.iter().flat_map(|step| step.before.iter().chain(&step.released)).map(|released| released.assignment)
    }

    /// The practice's own exercises that its steps name.
    pub fn own_exercises(&self) -> impl Iterator<Item = OwnExerciseId> {
        self.steps.iter().filter_map(|step| step.step.own)
    }

    fn step(&self, position: usize) -> Result<&RunStep, RunError> {
        self.steps.get(position.wrapping_sub(1)).ok_or(RunError::Position)
    }

    fn step_mut(&mut self, position: usize) -> Result<&mut RunStep, RunError> {
        self.steps.get_mut(position.wrapping_sub(1)).ok_or(RunError::Position)
    }

    fn waiting_mut(&mut self, position: usize) -> Result<&mut RunStep, RunError> {
        let step = self.step_mut(position)?;
        if step.released.is_none() && step.skipped.is_none() { Ok(step) } else { Err(RunError::Over) }
    }
}
