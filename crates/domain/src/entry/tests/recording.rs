//! Who may record what, for which day, and for whom it counts.

use super::*;
use crate::{
    assignment::{AssignmentDraft, Ending, Participants},
    exercises::{CommitmentAct, Mode, Writer},
};

#[test]
fn every_kind_can_be_recorded_by_its_writer() {
    for kind in Kind::ALL.iter().copied() {
        let entry = record(written(kind));
        assert!(entry.is_ok(), "{kind}: {entry:?}");
    }
}

#[test]
fn the_linked_breach_says_who_writes_what() {
    let (couple, breach) = (lee_and_kim(), breach());
    let assignment = assign(assignment_draft(Slug::RootCause)).unwrap();
    let writes = |partner: u128, kind| {
        let context = EntryContext { couple: &couple, assignment: &assignment, breach: Some(&breach) };
        let (author, recorded_by) = (Author::Partner(id(partner)), RecordedBy::Partner(id(partner)));
        Entry::record(id(80), context, EntryDraft { author, recorded_by, ..by_lee(kind) }, noon("2026-03-04")).is_ok()
    };
    assert!(writes(LEE, Kind::RootCauseAccount) && !writes(KIM, Kind::RootCauseAccount));
    assert!(writes(KIM, Kind::RootCauseImpact) && !writes(LEE, Kind::RootCauseImpact));
}

#[test]
fn nobody_writes_in_the_other_partners_name() {
    assert_eq!(record(EntryDraft { recorded_by: kim(), ..by_lee(Kind::Appreciation) }), Err(EntryError::Pen));
    assert!(record(EntryDraft { recorded_by: counselor(), ..by_lee(Kind::Appreciation) }).is_ok());
    let as_counselor = EntryDraft { author: Author::Counselor(id(7)), ..by_lee(Kind::ApologyCoaching) };
    assert_eq!(record(as_counselor), Err(EntryError::Pen));
}

#[test]
fn who_has_no_part_in_it_records_nothing() {
    let alone = AssignmentDraft { participants: Participants::One(id(KIM)), ..assignment_draft(Slug::Apology) };
    let refused = record_for(&assign(alone).unwrap(), by_lee(Kind::ApologyDraft));
    assert_eq!(refused, Err(EntryError::NotAParticipant));
}

#[test]
fn partners_answer_as_one_in_joint_mode_only() {
    let together = EntryDraft { author: Author::Together, ..by_lee(Kind::VulnerabilityShare) };
    let with = |mode| {
        let draft = AssignmentDraft { mode: Some(mode), ..assignment_draft(Slug::Vulnerability) };
        record_for(&assign(draft).unwrap(), together.clone()).map(|_| ())
    };
    assert_eq!(with(Mode::Joint), Ok(()));
    assert_eq!(with(Mode::Separate), Err(EntryError::Writer(Writer::EitherPartner)));
}

#[test]
fn nobody_rates_or_consents_for_the_other_even_where_they_answer_as_one() {
    let joint = |kind: Kind| AssignmentDraft { mode: Some(Mode::Joint), ..assignment_draft(kind.exercise()) };
    for kind in [Kind::TouchComfort, Kind::ForgivenessTalkWish, Kind::TalkReflection, Kind::RitualReflection] {
        let together = EntryDraft { author: Author::Together, ..by_lee(kind) };
        let assignment = assign(joint(kind)).unwrap();
        let refused = record_for(&assignment, together).map(|_| ());
        assert_eq!(refused, Err(EntryError::Writer(Writer::EachAlone)), "{kind}");
    }
}

#[test]
fn a_joint_entry_counts_for_both_and_a_print_shows_no_answers() {
    let assignment = assign(assignment_draft(Slug::Consistency)).unwrap();
    let together = EntryDraft { author: Author::Together, ..by_lee(Kind::ConsistencyReview) };
    let entry = record_for(&assignment, together).unwrap();
    assert_eq!(entry.authors(&assignment), [id(LEE), id(KIM)]);
    assert!(!format!("{entry:?}").contains("call"));
}

#[test]
fn a_kind_of_another_exercise_is_refused() {
    let assignment = assign(assignment_draft(Slug::Apology)).unwrap();
    assert_eq!(record_for(&assignment, by_lee(Kind::Appreciation)), Err(EntryError::Kind));
}

#[test]
fn an_assignment_that_ended_takes_no_entry() {
    let mut assignment = assign(assignment_draft(Slug::Consistency)).unwrap();
    assignment.end(Ending::Completed, id(7), noon("2026-03-03")).unwrap();
    assert_eq!(record_for(&assignment, by_lee(Kind::Appreciation)), Err(EntryError::AssignmentEnded));
}

#[test]
fn an_entry_is_about_a_day_from_the_start_to_today() {
    let on = |text| record(EntryDraft { recorded_on: Some(day(text)), ..by_lee(Kind::Appreciation) }).map(|_| ());
    assert_eq!(on("2026-03-01"), Err(EntryError::Day));
    assert_eq!(on("2026-03-05"), Err(EntryError::Day));
    assert_eq!(on("2026-03-02"), Ok(()));
}

#[test]
fn answers_that_do_not_fit_are_refused_without_repeating_them() {
    let Answers::CommitmentAct(act) = Kind::CommitmentAct.example() else { panic!() };
    let answers = Answers::CommitmentAct(CommitmentAct { act: "secret".repeat(200), ..act });
    let refused = record(EntryDraft { answers, ..by_lee(Kind::CommitmentAct) }).unwrap_err();
    assert!(matches!(refused, EntryError::Answers(_)));
    assert!(!format!("{refused:?} {refused}").contains("secret"));
    let difficulty = EntryDraft { difficulty: Some(11), ..by_lee(Kind::CommitmentAct) };
    assert_eq!(record(difficulty), Err(EntryError::Difficulty));
}

#[test]
fn answers_to_a_form_of_the_practices_own_are_checked_by_the_version_that_was_assigned() {
    let with = |form| record(EntryDraft { form, ..by_lee(Kind::OwnEntry) }).map(|_| ());
    let mut revised = weekly_check_in();
    crate::own_exercise::tests::ask_for_a_text(&mut revised);

    assert_eq!(with(form_for(Kind::OwnEntry)), Ok(()));
    let Err(EntryError::Form(misfits)) = with(Some(revised.latest.definition.form)) else { panic!("it is refused") };
    assert_eq!((misfits[0].pointer.as_str(), misfits[0].code), ("/values/closeness", "wrong-type"));
    assert_eq!(with(None), Err(EntryError::Kind), "nothing passes unchecked");
}

#[test]
fn what_holds_today_is_revealed_together_day_by_day() {
    let weekly = AssignmentDraft {
        cadence: Some(crate::assignment::Cadence::Recurring("FREQ=WEEKLY".parse().unwrap())),
        ..assignment_draft(Slug::Vulnerability)
    };
    let entry = |kind| record_for(&assign(weekly.clone()).unwrap(), by_lee(kind)).unwrap();
    assert_eq!(entry(Kind::TouchComfort).occurrence_on, day("2026-03-04"));
    assert_eq!(entry(Kind::VulnerabilityShare).occurrence_on, day("2026-03-02"));
}

#[test]
fn nobody_leaves_any_number_of_drafts_open() {
    assert_eq!(Entry::check_another_draft(MOST_OPEN_DRAFTS - 1), Ok(()));
    assert_eq!(Entry::check_another_draft(MOST_OPEN_DRAFTS), Err(EntryError::TooManyDrafts));
}
