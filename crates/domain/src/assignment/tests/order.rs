//! The default order, and leaving it.

use super::*;

/// Everything that comes before something in the default order.
pub(super) const ALL_BEGUN: [Begun; 6] = [
    begun(Slug::ProfessionalHelp),
    begun(Slug::RootCause),
    begun(Slug::Apology),
    begun(Slug::TransparentCommunication),
    begun(Slug::Consistency),
    begun(Slug::TimeAndSpace),
];

const fn begun(exercise: Slug) -> Begun {
    Begun { exercise, on: NaiveDate::from_ymd_opt(2026, 1, 5).unwrap() }
}

fn assign_after(before: &[Begun], draft: AssignmentDraft) -> Result<Assignment, AssignError> {
    let couple = lee_and_kim();
    let policy = acknowledged_policy(&couple);
    let after = AssignmentContext { policy: Some(&policy), before, ..context(&couple) };
    Assignment::new(id(70), after, draft, noon("2026-03-02"))
}

#[test]
fn the_default_order_is_left_for_a_reason_only() {
    let out_of_order = |missing| Err(AssignError::OutOfOrder { missing });
    assert_eq!(assign_after(&[], draft(Slug::Apology)), out_of_order(Slug::RootCause));
    assert!(assign_after(&[], draft(Slug::ProfessionalHelp)).is_ok(), "nothing comes before it");
    let begun = |exercise, on| Begun { exercise, on: day(on) };
    let cause = begun(Slug::RootCause, "2026-03-02");
    assert_eq!(assign_after(&[cause], draft(Slug::Apology)).unwrap().order_override, None);
    let two = [cause, begun(Slug::Consistency, "2026-02-01")];
    assert_eq!(assign_after(&two, draft(Slug::Forgiveness)), out_of_order(Slug::Apology));

    let because = |text| Overrides { order: Some(Confidential::new(text)), ..Overrides::default() };
    let reason = |text| AssignmentDraft { overrides: because(text), ..draft(Slug::Forgiveness) };
    assert_eq!(assign_after(&two, reason(" ")), Err(AssignError::Reason));
    let set_aside = assign_after(&two, reason("with a colleague, last year")).unwrap().order_override.unwrap();
    assert_eq!((set_aside.by, set_aside.at), (id(7), noon("2026-03-02")));
    let in_order = AssignmentDraft { overrides: because("none"), ..draft(Slug::Apology) };
    assert_eq!(assign_after(&[cause], in_order).unwrap().order_override, None, "what is not needed is not kept");
}

#[test]
fn what_comes_before_has_begun_on_the_day_on_which_an_exercise_starts() {
    let cause = Begun { exercise: Slug::RootCause, on: day("2026-03-10") };
    let from = |on| AssignmentDraft { starts_on: Some(day(on)), ..draft(Slug::Apology) };
    assert_eq!(assign_after(&[cause], from("2026-03-09")), Err(AssignError::OutOfOrder { missing: Slug::RootCause }));
    assert!(assign_after(&[cause], from("2026-03-10")).is_ok());
}
