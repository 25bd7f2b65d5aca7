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

    /// A step for one partner alone is nothing to the other. What waits for safety is told by who is not clear, as held work is. What waited
    /// for it is private to each of the two, and nothing to speak of with one alone: whose safety it was is not for the other to hear.
    fn step(&self, found: &FoundRun, waiting: &WaitingStep<'_>) -> Vec<Item<StepItem>> {
        let item = StepItem::of(found, waiting);
        let by_partner = |partner: PartnerId| self.of_safety(partner, item.clone());
        let (couple, own) = (self.couple, waiting.step.partner);
        if own.zip(self.company.alone()).is_some_and(|(own, present)| !couple.same_person(own, present)) {
            return Vec::new();
        }
        match (waiting.waits_for, own) {
            (StepWait::Safety, _) => not_clear(couple.current_partners(), self.safety).filter_map(by_partner).collect(),
            (StepWait::Retry, _) if self.company.alone().is_some() => Vec::new(),
            (_, Some(own)) => by_partner(own).into_iter().collect(),
            (StepWait::Retry, None) => couple.current_partners().filter_map(|partner| by_partner(partner.id)).collect(),
            (_, None) => vec![Item { what: item, private_to: None }],
        }
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
