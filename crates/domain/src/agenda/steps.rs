//! Steps of programs that wait for their counselor.

use super::{Item, Room};
use crate::{
    confidential::Confidential,
    exercises::Slug,
    ids::{OwnExerciseId, PartnerId, ProgramRunId},
    program::{FoundRun, StepWait, WaitingStep},
    safety::not_clear,
};

/// A step of a program that does not go out unless a counselor does something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepItem {
    /// In which run.
    pub run: ProgramRunId,
    /// What the program is called.
    pub program: Confidential,
    /// The step's place in it, from 1.
    pub position: usize,
    /// Of which exercise.
    pub exercise: Slug,
    /// Which of the practice's own, where it is one.
    pub own: Option<OwnExerciseId>,
    /// What partners call the exercise.
    pub title: String,
    /// The one partner who is to answer; `None` for both.
    pub partner: Option<PartnerId>,
    /// What it waits for.
    pub waits_for: StepWait,
}

impl Room<'_> {
    /// The steps of a run that wait for a counselor, as far as they are for this room.
    pub(super) fn steps(&self, found: &FoundRun) -> Vec<Item<StepItem>> {
        let waiting = found.waiting(self.couple, self.safety, self.today);
        waiting.iter().flat_map(|waiting| self.step(found, waiting)).collect()
    }

    /// A step for one partner alone is nothing to the other. What waits for safety is told by who is not clear, as held work is.
    fn step(&self, found: &FoundRun, waiting: &WaitingStep<'_>) -> Vec<Item<StepItem>> {
        let open = Item { what: (), private_to: None };
        let about = waiting.step.partner.map_or(Some(open), |own| self.of(own, |_| false, false));
        let Some(item) = about.map(|item| item.with(StepItem::of(found, waiting))) else { return Vec::new() };
        if waiting.waits_for != StepWait::Safety {
            return vec![item];
        }
        let by_partner = |partner| self.of_safety(partner, item.what.clone());
        not_clear(self.couple.current_partners(), self.safety).filter_map(by_partner).collect()
    }
}

impl StepItem {
    fn of(FoundRun { run, given, own }: &FoundRun, waiting: &WaitingStep<'_>) -> Self {
        let WaitingStep { position, step, waits_for } = *waiting;
        Self {
            run: run.id,
            program: run.name.clone(),
            position,
            exercise: step.step.exercise,
            own: step.step.own,
            title: step.step.title(step.own(own, given)).to_owned(),
            partner: step.partner,
            waits_for,
        }
    }
}
