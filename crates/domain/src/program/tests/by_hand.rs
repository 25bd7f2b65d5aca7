//! What waits for a counselor's word, or reason.

use super::*;

#[test]
fn what_waits_for_a_word_goes_out_with_its_group_when_it_is_given() {
    let mut played =
        Played::of(&[Release::AfterCompletion, Release::ByHand, Release::Together, Release::AfterDelay { days: 7 }]);
    let today = day("2026-03-02");
    let word = |played: &mut Played, position| played.run.give_word(position, &played.given, today);
    assert_eq!(word(&mut played, 2), Err(RunError::NotByHand), "the first has yet to go out");
    assert_eq!(played.release(today, &[]), [1]);
    assert_eq!(played.run.standing(&played.given, today)[1..3], [StepStanding::Waiting(Due::ByHand); 2]);
    assert_eq!(played.run.next_due_on(&played.given, today), None);
    assert_eq!(word(&mut played, 4), Err(RunError::NotByHand));
    assert_eq!(word(&mut played, 5), Err(RunError::Position));
    assert_eq!(word(&mut played, 3), Ok(()));
    assert_eq!(played.release(today, &[3]), [2], "a word does not open the gates");
    played.run.try_again();
    assert_eq!(played.release(today, &[]), [3], "nor is it asked for twice");
    assert_eq!(word(&mut played, 2), Ok(()), "to say it twice changes nothing");
    assert_eq!(played.run.next_due_on(&played.given, today), Some(day("2026-03-09")));
}

#[test]
fn forgiving_waits_for_a_word_whatever_its_rule() {
    let weekly = Release::FixedInterval { days: 7 };
    let steps = vec![Step::new(Slug::Forgiveness, Release::AfterDelay { days: 2 }), step(weekly)];
    let draft = ProgramDraft { name: Confidential::new("x"), description: None, steps };
    let mut played = Played::start(Program::new(id(80), draft, &[], noon("2026-01-01")).unwrap(), vec![]);
    let standing = |played: &Played, on| played.run.standing(&played.given, day(on));
    let others = StepStanding::Waiting(Due::AfterOthers);
    assert_eq!(standing(&played, "2026-03-02"), [others, others], "its day has not come");
    assert_eq!(played.release(day("2026-03-20"), &[]), [0; 0]);
    assert_eq!(standing(&played, "2026-03-20"), [StepStanding::Waiting(Due::ByHand), others]);
    played.run.give_word(1, &[], day("2026-03-20")).unwrap();
    assert_eq!(played.release(day("2026-03-20"), &[]), [1, 2]);
}

#[test]
fn a_reason_for_the_order_is_kept_with_the_run_for_each_of_its_steps() {
    let start = |reason| {
        let draft = RunDraft { order_override: Some(Confidential::new(reason)), ..Default::default() };
        let program = (program(&[Release::AfterCompletion]), &[][..]);
        ProgramRun::new(id(81), &lee_and_kim(), program, draft, id(7), noon("2026-03-02"))
    };
    assert_eq!(start(" "), Err(RunError::Reason));
    let wanted = start("they did the rest before").unwrap().draft(1, &[], day("2026-03-02")).unwrap();
    assert_eq!(wanted.overrides.order, Some(Confidential::new("they did the rest before")));
}
