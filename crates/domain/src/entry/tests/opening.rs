//! Who reads an entry from the start, and who may open it further.

use chrono::{Days, TimeDelta};
use proptest::prelude::*;

use super::*;
use crate::{assignment::AssignmentDraft, exercises::Writer};

#[test]
fn what_is_for_the_counselors_by_its_kind_stays_so() {
    let shared = EntryDraft { visibility: Some(Visibility::Shared), ..by_lee(Kind::Ambivalence) };
    assert_eq!(record(shared), Err(EntryError::VisibilityFixed));
    let mut entry = submitted(by_lee(Kind::Ambivalence));
    let widened = entry.widen(&lee_and_kim(), &given(entry.kind), Visibility::Shared, lee(), false, noon("2026-03-05"));
    assert_eq!((widened, entry.visibility), (Err(EntryError::VisibilityFixed), Visibility::CounselorOnly));
}

#[test]
fn an_assignment_may_close_what_a_kind_starts_with_and_never_open_it() {
    let starts = |kind: Kind, visibility| {
        let draft = AssignmentDraft { visibility: Some(visibility), ..assignment_draft(kind.exercise()) };
        record_for(&assign(draft).unwrap(), by_lee(kind)).unwrap().visibility
    };
    assert_eq!(starts(Kind::CommitmentAct, Visibility::CounselorOnly), Visibility::CounselorOnly);
    assert_eq!(starts(Kind::DedicationRating, Visibility::Shared), Visibility::CounselorOnly);
    assert_eq!(starts(Kind::RootCauseAccount, Visibility::Shared), Visibility::RevealTogether);
}

#[test]
fn an_entry_of_the_practices_own_starts_as_the_exercise_says() {
    let entry = record(by_lee(Kind::OwnEntry)).unwrap();
    assert_eq!((entry.visibility, entry.permission_given_at), (Visibility::RevealTogether, None));
    let opened = EntryDraft { visibility: Some(Visibility::Shared), ..by_lee(Kind::OwnEntry) };
    assert_eq!(record(opened).unwrap().permission_given_at, Some(noon("2026-03-04")));
}

#[test]
fn only_the_author_opens_an_entry_and_by_that_gives_permission() {
    let couple = lee_and_kim();
    let mut entry = submitted(by_lee(Kind::DedicationRating));
    for other in [kim(), counselor()] {
        let refused = entry.widen(&couple, &given(entry.kind), Visibility::Shared, other, false, noon("2026-03-05"));
        assert_eq!(refused, Err(EntryError::NotTheAuthor));
    }
    assert_eq!(entry.permission_given_at, None);
    entry.widen(&couple, &given(entry.kind), Visibility::Shared, lee(), false, noon("2026-03-05")).unwrap();
    assert_eq!(entry.permission_given_at, Some(noon("2026-03-05")));
    let closed = entry.widen(&couple, &given(entry.kind), Visibility::CounselorOnly, lee(), false, noon("2026-03-06"));
    assert_eq!((closed, entry.visibility), (Err(EntryError::NotWider), Visibility::Shared));
}

#[test]
fn an_author_may_open_an_entry_from_the_start_and_think_again_while_it_is_a_draft() {
    let shared = EntryDraft { visibility: Some(Visibility::Shared), ..by_lee(Kind::DedicationRating) };
    let mut entry = record(shared.clone()).unwrap();
    assert_eq!(entry.permission_given_at, Some(noon("2026-03-04")));
    entry
        .widen(&lee_and_kim(), &given(entry.kind), Visibility::CounselorOnly, lee(), false, noon("2026-03-04"))
        .unwrap();
    assert_eq!((entry.visibility, entry.permission_given_at), (Visibility::CounselorOnly, None));
    let on_behalf = EntryDraft { recorded_by: counselor(), ..shared };
    assert_eq!(record(on_behalf), Err(EntryError::NotTheAuthor));
}

#[test]
fn an_embargo_ends_on_a_day_to_come() {
    let until = |until: &str| {
        let visibility = Some(Visibility::Embargoed { until: day(until) });
        record(EntryDraft { visibility, ..by_lee(Kind::Journal) }).map(|_| ())
    };
    assert_eq!((until("2026-03-05"), until("2026-03-04")), (Ok(()), Err(EntryError::Embargo)));
}

fn any_visibility() -> impl Strategy<Value = Visibility> {
    prop_oneof![
        Just(Visibility::CounselorOnly),
        Just(Visibility::Shared),
        Just(Visibility::RevealTogether),
        (0_u64..60).prop_map(|days| Visibility::Embargoed { until: day("2026-03-10") + Days::new(days) }),
    ]
}

fn any_kind() -> impl Strategy<Value = Kind> {
    let written = |kind: &Kind| !matches!(kind.writer(), Writer::Together | Writer::Counselor);
    proptest::sample::select(Kind::ALL.iter().copied().filter(written).collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn whoever_tries_what_a_submitted_entry_is_only_ever_opened_by_its_author(
        kind in any_kind(), parted: bool,
        tries in proptest::collection::vec((any_visibility(), 0_usize..3), 1..12),
    ) {
        let couple = if parted { separated("2026-03-05") } else { lee_and_kim() };
        let assignment = assign(assignment_draft(kind.exercise())).unwrap();
        let mut entry = submitted(by_lee(kind));
        for (minute, (to, by)) in (0..).zip(tries) {
            let (before, now) = (entry.clone(), noon("2026-03-06") + TimeDelta::minutes(minute));
            let by = [lee(), kim(), counselor()][by];
            if entry.widen(&couple, &assignment, to, by, false, now).is_ok() {
                prop_assert_eq!(by, lee());
                prop_assert!(!kind.visibility().fixed && to.is_wider_than(before.visibility));
                prop_assert_eq!((entry.visibility, entry.permission_given_at), (to, Some(now)));
            } else {
                prop_assert_eq!(&entry, &before);
            }
            prop_assert!(entry.visibility.is_as_open_as(before.visibility));
        }
    }

    #[test]
    fn an_entry_begins_no_wider_than_its_kind_unless_its_author_says_so(
        kind in any_kind(), of_assignment in proptest::option::of(any_visibility()),
        wanted in proptest::option::of(any_visibility()), on_behalf: bool,
    ) {
        let draft = AssignmentDraft { visibility: of_assignment, ..assignment_draft(kind.exercise()) };
        let recorded_by = if on_behalf { counselor() } else { lee() };
        let assignment = assign(draft).unwrap();
        let begun = record_for(&assignment, EntryDraft { recorded_by, visibility: wanted, ..by_lee(kind) });
        let Ok(entry) = begun else { return Ok(()) };
        let of_kind = assignment.visibility_of(&lee_and_kim(), kind);
        let default = of_kind.default;
        let opened = !default.is_as_open_as(entry.visibility);
        prop_assert!(!opened || (!on_behalf && wanted == Some(entry.visibility)));
        prop_assert!(!of_kind.fixed || default.is_as_open_as(entry.visibility));
        prop_assert_eq!(entry.permission_given_at.is_some(), entry.visibility.is_wider_than(default));
    }
}
