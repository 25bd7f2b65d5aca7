//! What is told of steps that wait for a counselor.

use super::*;
use crate::safety::{Safety, SafetyDraft, SafetyStatus};

fn clear(partner: u128) -> Safety {
    let mut safety = Safety::not_screened(id(50), id(partner));
    let draft = SafetyDraft { status: SafetyStatus::Clear, screened_on: None, note: None };
    safety.screen(&lee_and_kim(), draft, id(7), noon("2026-03-01")).unwrap();
    safety
}

/// The steps that wait for a counselor on the day of the start, and for what.
fn waiting(played: &Played, safety: &[Safety]) -> Vec<(usize, StepWait)> {
    let found = FoundRun { run: played.run.clone(), given: played.given.clone(), own: vec![] };
    let waiting = found.waiting(&played.couple, safety, day("2026-03-02"));
    waiting.iter().map(|step| (step.position, step.waits_for)).collect()
}

#[test]
fn a_word_is_waited_for_once_it_is_the_steps_turn() {
    let mut played = Played::of(&[Release::AfterCompletion, Release::ByHand, Release::Together, Release::ByHand]);
    assert_eq!(waiting(&played, &[]), [], "the first goes out by itself");
    played.release(day("2026-03-02"), &[]);
    assert_eq!(waiting(&played, &[]), [(2, StepWait::Word), (3, StepWait::Word)]);
    played.run.give_word(2, &played.given, day("2026-03-02")).unwrap();
    played.release(day("2026-03-02"), &[]);
    assert_eq!(waiting(&played, &[]), [(4, StepWait::Word)]);
}

#[test]
fn what_is_held_waits_for_what_holds_it_and_for_safety_as_long_as_it_is_so() {
    let mut played = Played::of(&[Release::AfterCompletion]);
    played.run.hold(1, Hold::Policy).unwrap();
    assert_eq!(waiting(&played, &[]), [(1, StepWait::Policy)]);
    played.run.hold(1, Hold::Safety).unwrap();
    assert_eq!(waiting(&played, &[clear(LEE)]), [(1, StepWait::Safety)]);
    assert_eq!(waiting(&played, &[clear(LEE), clear(KIM)]), [(1, StepWait::Retry)]);
}

#[test]
fn while_the_run_or_the_case_rests_nothing_waits_for_a_counselor() {
    let mut played = Played::of(&[Release::ByHand]);
    assert_eq!(waiting(&played, &[]).len(), 1);
    played.run.change_status(RunStatus::Paused).unwrap();
    assert_eq!(waiting(&played, &[]), []);
    played.run.change_status(RunStatus::Active).unwrap();
    let rests = CoupleChange { status: Some(CoupleStatus::Paused), ..Default::default() };
    played.couple.change(rests, noon("2026-03-02")).unwrap();
    assert_eq!(waiting(&played, &[]), []);
}
