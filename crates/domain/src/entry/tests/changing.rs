//! When an entry may still change, and by whom.

use super::*;
use crate::exercises::TalkReflection;

#[test]
fn a_submitted_entry_changes_only_by_correction() {
    let couple = lee_and_kim();
    let kind = Kind::Appreciation;
    let mut entry = record(by_lee(kind)).unwrap();
    assert_eq!(entry.correct(&couple, content(kind), lee(), false), Err(EntryError::NotSubmitted));
    entry.change(&couple, content(kind), lee()).unwrap();
    entry.submit(&couple, &History::default(), lee(), noon("2026-03-04")).unwrap();
    assert_eq!(entry.change(&couple, content(kind), lee()), Err(EntryError::Submitted));
    assert_eq!(entry.submit(&couple, &History::default(), lee(), noon("2026-03-04")), Err(EntryError::Submitted));
    entry.mark_reviewed(noon("2026-03-05")).unwrap();
    assert_eq!(entry.correct(&couple, content(kind), kim(), false), Err(EntryError::Pen));
    entry.correct(&couple, content(kind), lee(), false).unwrap();
    assert_eq!((entry.number, entry.reviewed_at.is_some(), entry.version), (1, true, 5), "nothing is corrected");
    let otherwise = EntryContent { difficulty: Some(9), ..content(kind) };
    entry.correct(&couple, otherwise, lee(), false).unwrap();
    assert_eq!((entry.number, entry.reviewed_at, entry.version), (2, None, 6));
    assert_eq!(entry.correct(&couple, content(Kind::Pulse), lee(), false), Err(EntryError::KindChanged));
}

#[test]
fn an_entry_is_corrected_a_hundred_times() {
    let (couple, kind) = (lee_and_kim(), Kind::ConsistencyReview);
    let with = |difficulty, line: &str| {
        let for_counselor = Some(Confidential::new(line.to_owned()));
        EntryContent { difficulty: Some(difficulty), for_counselor, ..content(kind) }
    };
    for author in [Author::Partner(id(LEE)), Author::Together] {
        let kind = if author == Author::Together { kind } else { Kind::Appreciation };
        let with = |difficulty, line| EntryContent { answers: content(kind).answers, ..with(difficulty, line) };
        let mut entry = record(EntryDraft { author, ..by_lee(kind) }).unwrap();
        entry.submit(&couple, &History::default(), lee(), noon("2026-03-04")).unwrap();
        for time in 0..100 {
            entry.correct(&couple, with(time % 2 + 1, "A line."), lee(), true).unwrap();
        }
        let before = entry.clone();
        assert_eq!(entry.correct(&couple, with(3, "A line."), lee(), true), Err(EntryError::TooManyCorrections));
        assert!(entry == before, "nothing has changed");
        let line = entry.correct(&couple, with(2, "Another line."), lee(), true);
        let counts_apart = author == Author::Together;
        assert_eq!(line, if counts_apart { Ok(()) } else { Err(EntryError::TooManyCorrections) });
    }
}

#[test]
fn one_thing_is_told_of_once_and_corrected_from_then_on() {
    let first = submitted(by_lee(Kind::TalkReflection));
    let told = |told: Vec<Entry>| Referred::History(History { told, ..before(&Kind::TalkReflection.example()) });
    let again = |before: Vec<Entry>| {
        let named = found_for_lee(&Kind::TalkReflection.example()).remove(0);
        record(EntryDraft { referred: vec![named, told(before)], ..by_lee(Kind::TalkReflection) })
    };
    let another = Answers::TalkReflection(TalkReflection {
        talk_id: Some(id(9)),
        felt_heard: 7,
        felt_safe: 8,
        boundaries_respected: None,
        note: None,
    });

    let refused = EntryError::ToldBefore { pointer: "/talk_id".to_owned(), first: first.id };
    assert_eq!(again(vec![first.clone()]), Err(refused.clone()));
    assert!(again(vec![Entry { answers: another, ..first.clone() }]).is_ok(), "another talk");
    let mut begun_before = again(Vec::new()).unwrap();
    let history = History { told: vec![first.clone()], ..History::default() };
    assert_eq!(begun_before.submit(&lee_and_kim(), &history, lee(), noon("2026-03-04")), Err(refused));
    let mut corrected = first.clone();
    let twice = EntryContent { referred: vec![told(vec![first])], ..content(Kind::TalkReflection) };
    assert_eq!(
        corrected.correct(&lee_and_kim(), twice, lee(), false),
        Ok(()),
        "of what there is twice, either is corrected"
    );
}

#[test]
fn a_correction_still_names_what_has_since_been_hidden() {
    let mut entry = submitted(by_lee(Kind::RootCauseAnswer));
    let hidden = EntryContent { referred: Vec::new(), ..content(Kind::RootCauseAnswer) };
    assert_eq!(entry.correct(&lee_and_kim(), hidden, lee(), false), Ok(()));
}

#[test]
fn an_apology_that_two_drafts_say_was_given_is_handed_in_as_given_once() {
    let (mut first, mut second) =
        (record(by_lee(Kind::ApologyDelivery)).unwrap(), record(by_lee(Kind::ApologyDelivery)).unwrap());
    let (couple, mut history) = (lee_and_kim(), before(&first.answers));
    first.submit(&couple, &history, lee(), noon("2026-03-04")).unwrap();
    history.entries.push(first);

    let Err(EntryError::References(unmet)) = second.submit(&couple, &history, lee(), noon("2026-03-04")) else {
        panic!("it is refused")
    };
    assert_eq!((unmet[0].pointer.as_str(), unmet[0].wanted), ("/draft_id", "a draft that was not given yet"));
    assert!(!second.is_submitted());
}

#[test]
fn after_a_separation_what_was_written_together_stays_as_it_is() {
    let assignment = assign(assignment_draft(Slug::Consistency)).unwrap();
    let together = EntryDraft { author: Author::Together, ..by_lee(Kind::ConsistencyReview) };
    let mut joint = record_for(&assignment, together).unwrap();
    let mut own = record_for(&assignment, by_lee(Kind::Appreciation)).unwrap();
    let parted = separated("2026-03-05");
    assert_eq!(joint.submit(&parted, &History::default(), lee(), noon("2026-03-06")), Err(EntryError::Frozen));
    assert_eq!(own.submit(&parted, &History::default(), lee(), noon("2026-03-06")), Ok(()));
    let context = EntryContext { couple: &parted, assignment: &assignment, breach: None };
    let new = Entry::record(id(81), context, by_lee(Kind::Appreciation), noon("2026-03-06"));
    assert_eq!(new, Err(EntryError::CaseEnded(CaseEnded)));
}

#[test]
fn the_line_of_who_began_an_entry_is_not_replaced_by_another_pen() {
    let line = || Some(Confidential::new("A line."));
    let on_behalf = EntryDraft { recorded_by: counselor(), for_counselor: line(), ..by_lee(Kind::Appreciation) };
    let mut entry = record(on_behalf).unwrap();
    let of_lee = EntryContent { for_counselor: Some(Confidential::new("Mine.")), ..content(Kind::Appreciation) };

    assert_eq!(entry.change(&lee_and_kim(), of_lee, lee()), Err(EntryError::LineOfAnother));
    entry.change(&lee_and_kim(), content(Kind::Appreciation), lee()).unwrap();

    assert_eq!((entry.recorded_by, entry.begun_by), (lee(), counselor()));
    assert!(entry.for_counselor == line(), "nor is it lost");
}
