//! When work is overdue, and where one stands in the round that runs.

use chrono::Days;
use proptest::{prelude::*, sample::select};

use super::*;
use crate::{
    assignment::{
        AssignmentDraft, Ending, ShownStanding,
        tests::{self as assignments, both_clear},
    },
    couple::{
        CoupleChange, CoupleStatus,
        tests::{day, id, lee_and_kim, noon},
    },
    exercises::Slug,
    recorded_by::RecordedBy,
    visibility::Reader,
};

/// Given on Monday, 2 March 2026.
pub(super) fn given(rule: &str) -> Assignment {
    let cadence = Some(Cadence::Recurring(rule.parse().unwrap()));
    assignments::assign(AssignmentDraft { cadence, ..assignments::draft(Slug::Apology) }).unwrap()
}

fn late(assignment: &Assignment, today: &str) -> Option<(String, u32)> {
    let overdue = assignment.overdue_for(id(1), &lee_and_kim(), &both_clear(), day(today))?;
    Some((overdue.due_on.to_string(), overdue.missed))
}

pub(super) fn since(due_on: &str, missed: u32) -> Option<(String, u32)> {
    Some((due_on.to_owned(), missed))
}

pub(super) fn hands_in(assignment: &mut Assignment, on: &str) {
    assignment.follow_submitted(&[id(1)], day(on), &lee_and_kim(), noon(on));
}

pub(super) fn says(assignment: &mut Assignment, status: StandingStatus, on: &str) {
    let by = RecordedBy::Partner(id(1));
    assignment.change_standing(id(1), status, by, &lee_and_kim(), noon(on)).unwrap();
}

fn status(assignment: &Assignment, today: &str) -> StandingStatus {
    let couple = lee_and_kim();
    match assignment.standing_shown_to(Reader::Partner(id(1)), id(1), &couple, &both_clear(), day(today)) {
        Some(ShownStanding::Whole(standing, _)) => standing.status,
        other => panic!("their own standing is shown to them: {other:?}"),
    }
}

#[test]
fn a_daily_round_is_missed_after_a_day_of_grace() {
    let mut daily = given("FREQ=DAILY");
    assert_eq!(late(&daily, "2026-03-03"), None);
    assert_eq!(late(&daily, "2026-03-04"), since("2026-03-03", 1));
    assert_eq!(late(&daily, "2026-03-06"), since("2026-03-03", 3));
    hands_in(&mut daily, "2026-03-06");
    assert_eq!(late(&daily, "2026-03-06"), None, "whatever is handed in catches up");
    assert_eq!(late(&daily, "2026-03-08"), None);
    assert_eq!(late(&daily, "2026-03-09"), since("2026-03-08", 1));
}

#[test]
fn each_rhythm_has_the_time_until_it_comes_round_again() {
    let weekly = given("FREQ=WEEKLY");
    assert_eq!([late(&weekly, "2026-03-09"), late(&weekly, "2026-03-10")], [None, since("2026-03-09", 1)]);
    let thrice = given("FREQ=WEEKLY;BYDAY=MO,WE,FR");
    assert_eq!([late(&thrice, "2026-03-04"), late(&thrice, "2026-03-05")], [None, since("2026-03-04", 1)]);
    let mut thrice_and_done = thrice;
    hands_in(&mut thrice_and_done, "2026-03-07");
    assert_eq!(late(&thrice_and_done, "2026-03-11"), None, "Saturday is of Friday's round");
    let yearly = given("FREQ=YEARLY");
    assert_eq!([late(&yearly, "2027-03-02"), late(&yearly, "2027-03-03")], [None, since("2027-03-02", 1)]);
}

#[test]
fn months_have_their_own_ends() {
    let at_the_end = given("FREQ=MONTHLY;BYMONTHDAY=-1");
    assert_eq!([late(&at_the_end, "2026-04-30"), late(&at_the_end, "2026-05-01")], [None, since("2026-04-30", 1)]);
    let on_the_31st = given("FREQ=MONTHLY;BYMONTHDAY=31");
    assert_eq!(late(&on_the_31st, "2026-05-31"), None, "April has none");
    assert_eq!(late(&on_the_31st, "2026-06-01"), since("2026-05-31", 1));
}

#[test]
fn days_are_the_couples_also_when_their_clocks_are_put_forward() {
    let mut couple = lee_and_kim();
    couple.time_zone = chrono_tz::Europe::Berlin;
    let mut daily = given("FREQ=DAILY");
    let late_evening = "2026-03-28T22:59:00Z".parse().unwrap();
    daily.follow_submitted(&[id(1)], couple.today(late_evening), &couple, late_evening);
    for (today, began_at) in [("2026-03-29", "2026-03-28T23:00:00Z"), ("2026-03-30", "2026-03-29T22:00:00Z")] {
        let standing = daily.of_round(daily.standings[0], &couple, day(today));
        assert_eq!((standing.status, standing.changed_at), (StandingStatus::Assigned, began_at.parse().unwrap()));
        assert_eq!(daily.overdue_for(id(1), &couple, &both_clear(), day(today)), None);
    }
    let overdue = Overdue { due_on: day("2026-03-30"), missed: 1 };
    assert_eq!(daily.overdue_for(id(1), &couple, &both_clear(), day("2026-03-31")), Some(overdue));
}

#[test]
fn nobody_owes_what_came_round_while_they_were_not_ready() {
    let mut daily = given("FREQ=DAILY");
    says(&mut daily, StandingStatus::NotReady, "2026-03-03");
    assert_eq!(late(&daily, "2026-05-01"), None);
    says(&mut daily, StandingStatus::Opened, "2026-05-01");
    assert_eq!(late(&daily, "2026-05-03"), None);
    assert_eq!(late(&daily, "2026-05-04"), since("2026-05-03", 1));
}

#[test]
fn who_leaves_a_round_out_has_answered_for_that_one_and_looking_at_it_is_no_answer() {
    let mut daily = given("FREQ=DAILY");
    says(&mut daily, StandingStatus::Skipped, "2026-03-04");
    assert_eq!(late(&daily, "2026-03-06"), None);
    says(&mut daily, StandingStatus::Opened, "2026-03-06");
    assert_eq!(late(&daily, "2026-03-07"), since("2026-03-06", 1));
}

#[test]
fn what_both_answer_as_one_rests_while_the_other_is_not_ready() {
    let mut daily = given("FREQ=DAILY");
    let other = RecordedBy::Partner(id(2));
    daily.change_standing(id(2), StandingStatus::NotReady, other, &lee_and_kim(), noon("2026-03-03")).unwrap();
    assert!(late(&daily, "2026-03-09").is_some(), "each alone: nothing keeps Lee from it");
    daily.mode = Mode::Joint;
    assert_eq!(late(&daily, "2026-03-09"), None);
}

#[test]
fn nothing_is_overdue_that_was_not_theirs_to_do_yet_or_is_over() {
    let mut couple = lee_and_kim();
    let mut daily = given("FREQ=DAILY");
    daily.starts_on = day("2025-12-01");
    assert_eq!(late(&daily, "2026-03-03"), None, "it was given later than it starts");
    couple.partners[0].from = day("2026-03-08");
    assert_eq!(daily.overdue_for(id(1), &couple, &both_clear(), day("2026-03-09")), None);
    let joined = Overdue { due_on: day("2026-03-09"), missed: 1 };
    assert_eq!(daily.overdue_for(id(1), &couple, &both_clear(), day("2026-03-10")), Some(joined));
    let closed = CoupleChange { status: Some(CoupleStatus::Closed), ..CoupleChange::default() };
    couple.change(closed, noon("2026-03-10")).unwrap();
    assert_eq!(daily.overdue_for(id(1), &couple, &both_clear(), day("2026-03-10")), None);
    daily.end(Ending::Completed, id(7), noon("2026-03-09")).unwrap();
    assert_eq!(late(&daily, "2026-03-20"), None);
    for slug in [Slug::TimeAndSpace, Slug::Forgiveness] {
        let healing = Assignment { exercise: slug, ..given("FREQ=DAILY") };
        assert_eq!(late(&healing, "2027-03-20"), None);
    }
}

#[test]
fn a_rhythm_that_ends_leaves_its_last_round_open_as_long_as_the_others() {
    let weekly = given("FREQ=WEEKLY;COUNT=2");
    assert_eq!(late(&weekly, "2026-03-16"), since("2026-03-09", 1));
    assert_eq!(late(&weekly, "2026-03-17"), since("2026-03-09", 2));
    assert_eq!(late(&weekly, "2026-09-01"), since("2026-03-09", 2));
    let once = given("FREQ=DAILY;COUNT=1");
    assert_eq!([late(&once, "2026-03-03"), late(&once, "2026-03-04")], [None, since("2026-03-03", 1)]);
    let due = Assignment { due_on: Some(day("2026-03-11")), ..given("FREQ=WEEKLY") };
    assert_eq!([late(&due, "2026-03-11"), late(&due, "2026-04-12")], [since("2026-03-09", 1), since("2026-03-09", 2)]);
}

#[test]
fn no_more_than_two_years_are_looked_at() {
    assert_eq!(late(&given("FREQ=DAILY"), "2036-03-02"), since("2026-03-03", 731));
}

#[test]
fn where_one_stands_is_of_the_round_that_runs() {
    let mut weekly = given("FREQ=WEEKLY");
    hands_in(&mut weekly, "2026-03-04");
    assert_eq!(status(&weekly, "2026-03-08"), StandingStatus::Submitted);
    assert_eq!(status(&weekly, "2026-03-09"), StandingStatus::Assigned);
    weekly.follow_reviewed(&[id(1)], &lee_and_kim(), noon("2026-03-10"));
    assert_eq!(status(&weekly, "2026-03-10"), StandingStatus::Assigned, "what was reviewed is of the week before");
    says(&mut weekly, StandingStatus::Opened, "2026-03-11");
    assert_eq!(status(&weekly, "2026-03-12"), StandingStatus::Opened);
    hands_in(&mut weekly, "2026-03-12");
    weekly.follow_reviewed(&[id(1)], &lee_and_kim(), noon("2026-03-13"));
    assert_eq!(status(&weekly, "2026-03-13"), StandingStatus::Reviewed);
    says(&mut weekly, StandingStatus::NotReady, "2026-03-14");
    assert_eq!(status(&weekly, "2026-06-01"), StandingStatus::NotReady);
}

#[test]
fn an_entry_about_an_earlier_round_is_of_that_one() {
    let mut daily = given("FREQ=DAILY");
    daily.follow_submitted(&[id(1)], day("2026-03-03"), &lee_and_kim(), noon("2026-03-04"));
    assert_eq!(status(&daily, "2026-03-04"), StandingStatus::Assigned);
    assert_eq!(late(&daily, "2026-03-05"), None);
    assert_eq!(late(&daily, "2026-03-06"), since("2026-03-05", 1));
}

#[test]
fn a_word_about_a_promise_is_work_on_the_exercise_of_promises_alone() {
    let couple = lee_and_kim();
    let mut ledger = assignments::assign(assignments::draft(Slug::Consistency)).unwrap();
    assert!(ledger.follow_ledger(id(1), &couple, noon("2026-03-05")));
    assert_eq!((status(&ledger, "2026-03-05"), late(&ledger, "2026-03-07")), (StandingStatus::Submitted, None));
    assert_eq!(ledger.standings[1].status, StandingStatus::Assigned, "the other has said nothing");
    says(&mut ledger, StandingStatus::NotReady, "2026-03-08");
    assert!(!ledger.follow_ledger(id(1), &couple, noon("2026-03-09")), "not ready is not taken back by it");
    assert!(!given("FREQ=DAILY").follow_ledger(id(1), &couple, noon("2026-03-05")));
    ledger.end(Ending::Completed, id(7), noon("2026-03-10")).unwrap();
    assert!(!ledger.follow_ledger(id(2), &couple, noon("2026-03-11")));
}

/// The rounds that were missed, counted one by one on a walk through the days.
pub(super) fn walked(rule: &Recurrence, heard: Option<NaiveDate>, today: NaiveDate) -> u32 {
    let first = day("2026-03-02");
    let of_rule = rule.days(first, first, today);
    let (mut missed, mut began): (u32, Option<NaiveDate>) = (0, None);
    for on in first.iter_days().take_while(|on| *on < today).filter(|on| of_rule.contains(on)) {
        let unheard = began.is_some_and(|began| heard.is_none_or(|heard| heard < began));
        missed += u32::from(unheard);
        began = Some(on);
    }
    missed
}

proptest! {
    #[test]
    fn what_is_missed_is_every_whole_round_since_one_was_heard_of(
        rule in select(vec![
            "FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY", "FREQ=WEEKLY;BYDAY=TU,SA", "FREQ=WEEKLY;INTERVAL=2",
            "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=MONTHLY;BYDAY=-1FR",
        ]),
        heard in prop::option::of(0..120_u64),
        later in 0..60_u64,
    ) {
        let mut assignment = given(rule);
        let first = day("2026-03-02");
        let heard = heard.map(|after| first + Days::new(after));
        let today = heard.unwrap_or(first) + Days::new(later);
        if let Some(on) = heard {
            assignment.follow_submitted(&[id(1)], on, &lee_and_kim(), noon(&on.to_string()));
        }
        let overdue = assignment.overdue_for(id(1), &lee_and_kim(), &both_clear(), today);
        prop_assert_eq!(overdue.map_or(0, |late| late.missed), walked(&rule.parse().unwrap(), heard, today));
        prop_assert!(overdue.is_none_or(|late| late.due_on < today));
    }
}
