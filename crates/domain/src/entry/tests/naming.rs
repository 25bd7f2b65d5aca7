//! What answers name, what they follow and what they rest on.

use super::*;
use crate::{
    exercises::{ApologyCoaching, Ritual, RitualOccurrence, ShareMedium, Touch, VulnerabilityShare},
    ids::SessionId,
};

#[test]
fn an_answer_names_what_the_other_shared_and_nothing_else() {
    let answers = Kind::RootCauseAnswer.example();
    let named = |referred| record(EntryDraft { referred, ..by_lee(Kind::RootCauseAnswer) }).map(|_| ());
    let Referred::Entry { id: question, kind, author, recorded_on, took_place } = found_for_lee(&answers)[0] else {
        panic!()
    };
    let by_kim = Referred::Entry { id: question, kind, author, recorded_on, took_place };
    let by_lee = Referred::Entry { id: question, kind, author: Author::Partner(id(LEE)), recorded_on, took_place };
    let another_kind = Referred::Entry { id: question, kind: Kind::RootCauseImpact, author, recorded_on, took_place };

    assert_eq!(named(vec![by_kim]), Ok(()));
    for refused in [vec![], vec![by_lee], vec![another_kind]] {
        let Err(EntryError::References(unknown)) = named(refused) else { panic!("it is refused") };
        assert_eq!(unknown[0].pointer, "/question_id");
    }
}

#[test]
fn feedback_is_about_a_session_that_has_begun() {
    let answers = Kind::SessionFeedback.example();
    let about = |session: &dyn Fn(SessionId) -> Vec<Referred>| {
        let referred = found_for_lee(&answers).into_iter().flat_map(|found| match found {
            Referred::Session { id, .. } => session(id),
            other => vec![other],
        });
        match record(EntryDraft { referred: referred.collect(), ..by_lee(Kind::SessionFeedback) }) {
            Err(EntryError::References(unknown)) => Some((unknown[0].pointer.clone(), unknown[0].wanted)),
            other => other.map(|_| None).unwrap(),
        }
    };
    let refused = |wanted| Some(("/session_id".to_owned(), wanted));

    assert_eq!(about(&|id| vec![Referred::Session { id, has_begun: true }]), None);
    let to_come = "a session that has begun: what it was like is said after it";
    assert_eq!(about(&|id| vec![Referred::Session { id, has_begun: false }]), refused(to_come));
    assert_eq!(about(&|_| vec![]), refused("a session that the author may know of"));
}

#[test]
fn who_starts_a_ritual_is_one_of_the_two() {
    let Answers::Ritual(ritual) = Kind::Ritual.example() else { panic!() };
    let started_by = |partner| {
        let answers = Answers::Ritual(Ritual { started_by: Some(id(partner)), ..ritual.clone() });
        let referred = vec![Referred::Partner(id(KIM))];
        record(EntryDraft { author: Author::Together, answers, referred, ..by_lee(Kind::Ritual) }).map(|_| ())
    };
    assert_eq!(started_by(KIM), Ok(()));
    assert!(matches!(started_by(9), Err(EntryError::References(unknown)) if unknown[0].pointer == "/started_by"));
}

#[test]
fn an_apology_is_answered_on_the_day_it_was_given_or_later() {
    let answers = Kind::ApologyResponse.example();
    let on =
        |on: &str| answers.check_against(&History { on: day(on), ..before(&answers) }).map_err(|unmet| unmet.pointer);
    assert_eq!((on("2026-03-02"), on("2026-03-01")), (Ok(()), Err("/apology_id".to_owned())));
}

#[test]
fn coaching_is_about_a_version_that_the_draft_has() {
    let Answers::ApologyCoaching(round) = Kind::ApologyCoaching.example() else { panic!() };
    let about = |version: u16| {
        let answers = Answers::ApologyCoaching(ApologyCoaching { draft_version: Some(version), ..round.clone() });
        answers.check_against(&before(&answers)).map_err(|unmet| unmet.pointer)
    };
    assert_eq!((about(1), about(2)), (Ok(()), Err("/draft_version".to_owned())));
}

#[test]
fn how_it_felt_is_said_of_what_was_done() {
    let felt = |done: bool| {
        let Answers::RitualOccurrence(time) = Kind::RitualOccurrence.example() else { panic!() };
        let (Some(Target::Entry { id, .. }), both) = (Kind::RitualReflection.example().about(), Author::Together)
        else {
            panic!()
        };
        let answers = Answers::RitualOccurrence(RitualOccurrence { done, ..time });
        let named = Referred::of(&Entry { id, ..handed_in(1, both, answers) });
        record(EntryDraft { referred: vec![named], ..by_lee(Kind::RitualReflection) }).map(|_| ())
    };
    assert_eq!(felt(true), Ok(()));
    let Err(EntryError::References(unknown)) = felt(false) else { panic!("it is refused") };
    assert_eq!(unknown[0].pointer, "/occurrence_id");
    assert!(unknown[0].wanted.contains("skipped"));
}

#[test]
fn what_answers_rest_on_is_asked_for_when_it_is_new_and_when_they_are_handed_in() {
    let Answers::VulnerabilityShare(share) = Kind::VulnerabilityShare.example() else { panic!() };
    let by_talking = VulnerabilityShare { touch: Some(Touch::Hug), ..share.clone() };
    let refused_as_it_is =
        record(EntryDraft { answers: Answers::VulnerabilityShare(by_talking), ..by_lee(Kind::VulnerabilityShare) });
    assert!(matches!(refused_as_it_is, Err(EntryError::Answers(_))), "a touch that is none needs nobody's word");
    let by = |touch| {
        let share = VulnerabilityShare { medium: ShareMedium::Touch, touch: Some(touch), ..share.clone() };
        EntryDraft { recorded_on: Some(day("2026-03-02")), ..with_ground(Answers::VulnerabilityShare(share)) }
    };
    let refused = |touch| Err(EntryError::Condition(Condition::FineForBoth(touch)));
    let mut hug = record(by(Touch::Hug)).unwrap();
    assert_eq!(record(by(Touch::Kiss)).map(|_| ()), refused(Touch::Kiss));
    assert_eq!(record(EntryDraft { referred: vec![], ..by(Touch::Hug) }).map(|_| ()), refused(Touch::Hug));

    let (couple, history) = (lee_and_kim(), before(&hug.answers));
    assert_eq!(hug.submit(&couple, &History::default(), lee(), noon("2026-03-04")), refused(Touch::Hug));
    hug.submit(&couple, &history, lee(), noon("2026-03-04")).unwrap();
    let content = |touch| EntryContent {
        difficulty: Some(1),
        answers: by(touch).answers,
        referred: vec![],
        form: None,
        for_counselor: None,
    };
    assert_eq!(hug.correct(&couple, content(Touch::HoldingHands), lee(), false), refused(Touch::HoldingHands));
    hug.correct(&couple, content(Touch::Hug), lee(), false).unwrap();
}

fn with_ground(answers: Answers) -> EntryDraft {
    EntryDraft { referred: found_for_lee(&answers), answers, ..by_lee(Kind::VulnerabilityShare) }
}
