//! What is overdue after a rest: nobody is late for what was paused.

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::{
    tests::{given, hands_in, says, since, walked},
    *,
};
use crate::{
    assignment::tests::both_clear,
    confidential::Confidential,
    couple::{
        CoupleChange, CoupleStatus,
        tests::{day, id, lee_and_kim, noon},
    },
    exercises::Slug,
    recorded_by::RecordedBy,
    safety::{SafetyDraft, SafetyStatus},
};

/// An exercise that Lee and Kim were given on Monday, 2 March 2026, and all that lets it rest.
#[derive(Clone)]
struct Given {
    couple: Couple,
    known: Vec<Safety>,
    assignment: Assignment,
}

impl Given {
    fn joint(rule: &str) -> Self {
        let assignment = Assignment { exercise: Slug::SharedRituals, mode: Mode::Joint, ..given(rule) };
        Self { couple: lee_and_kim(), known: both_clear(), assignment }
    }

    fn late(&self, today: &str) -> Option<(String, u32)> {
        let late = self.assignment.overdue_for(id(1), &self.couple, &self.known, day(today))?;
        Some((late.due_on.to_string(), late.missed))
    }

    fn pause(&mut self, paused: bool, at: DateTime<Utc>) {
        self.assignment.pause(paused, id(7), at).unwrap();
    }

    fn screen(&mut self, status: SafetyStatus, at: DateTime<Utc>) {
        let draft = SafetyDraft { status, screened_on: None, note: None };
        self.known[0].screen(&self.couple, draft, id(7), at).unwrap();
    }

    fn set_aside(&mut self, at: DateTime<Utc>) {
        let reason = Confidential::new("agreed with each alone");
        self.assignment.set_gate_aside(&self.couple, &self.known, reason, id(7), at).unwrap();
    }

    fn case_becomes(&mut self, status: CoupleStatus, at: DateTime<Utc>) {
        self.couple.change(CoupleChange { status: Some(status), ..CoupleChange::default() }, at).unwrap();
    }

    fn kim_says(&mut self, status: StandingStatus, at: DateTime<Utc>) {
        let kim = RecordedBy::Partner(id(2));
        self.assignment.change_standing(id(2), status, kim, &self.couple, at).unwrap();
    }

    /// Whether the partners see that it rests.
    fn is_seen_to_rest(&self) -> bool {
        let not_ready = |own: &Standing| own.status == StandingStatus::NotReady;
        let rests = self.assignment.rests(&self.couple, &self.known);
        rests || !self.couple.goes_on() || self.assignment.standings.iter().any(not_ready)
    }
}

#[test]
fn after_a_pause_the_rounds_begin_anew() {
    let mut weekly = Given::joint("FREQ=WEEKLY");
    assert_eq!(weekly.late("2026-03-17"), since("2026-03-09", 2));
    weekly.pause(true, noon("2026-03-17"));
    assert_eq!(weekly.late("2026-04-28"), None);
    weekly.pause(false, noon("2026-04-28"));
    assert_eq!(weekly.late("2026-04-28"), None, "six rounds fell within the pause");
    assert_eq!(weekly.late("2026-05-05"), None, "the week in which it went on is free");
    assert_eq!(weekly.late("2026-05-11"), None);
    assert_eq!(weekly.late("2026-05-12"), since("2026-05-11", 1));
    weekly.pause(true, noon("2026-05-12"));
    assert_eq!(weekly.late("2026-05-12"), None, "the earlier pause says nothing of this one");
}

#[test]
fn after_a_case_was_paused_or_closed_the_rounds_begin_anew() {
    for rest in [CoupleStatus::Paused, CoupleStatus::Closed] {
        let mut daily = Given::joint("FREQ=DAILY");
        daily.case_becomes(CoupleStatus::Active, noon("2026-03-02"));
        assert_eq!(daily.late("2026-03-04"), since("2026-03-03", 1), "{rest}: from intake it only goes on");
        daily.case_becomes(rest, noon("2026-03-04"));
        assert_eq!(daily.late("2026-05-01"), None, "{rest}");
        daily.case_becomes(CoupleStatus::Active, noon("2026-05-01"));
        assert_eq!(daily.late("2026-05-03"), None, "{rest}");
        assert_eq!(daily.late("2026-05-04"), since("2026-05-03", 1), "{rest}");
    }
}

#[test]
fn after_the_gate_held_it_the_rounds_begin_anew() {
    let mut daily = Given::joint("FREQ=DAILY");
    daily.screen(SafetyStatus::Stop, noon("2026-03-04"));
    daily.screen(SafetyStatus::Clear, noon("2026-03-20"));
    assert_eq!([daily.late("2026-03-22"), daily.late("2026-03-23")], [None, since("2026-03-22", 1)]);
    daily.screen(SafetyStatus::Concern, noon("2026-03-23"));
    daily.set_aside(noon("2026-04-20"));
    assert_eq!([daily.late("2026-04-22"), daily.late("2026-04-23")], [None, since("2026-04-22", 1)]);
    daily.screen(SafetyStatus::Clear, noon("2026-04-24"));
    assert_eq!(daily.late("2026-04-24"), since("2026-04-22", 2), "it did not rest: nobody is to see that Lee is clear");
}

#[test]
fn after_the_one_it_was_held_for_has_left_the_rounds_begin_anew() {
    let mut daily = Given::joint("FREQ=DAILY");
    daily.known.swap(0, 1);
    daily.screen(SafetyStatus::Stop, noon("2026-03-04"));
    assert_eq!(daily.late("2026-03-20"), None);
    let kim = daily.couple.partners[1].id;
    daily.couple.leave(kim, day("2026-03-05"), noon("2026-03-20")).unwrap();
    assert_eq!([daily.late("2026-03-22"), daily.late("2026-03-23")], [None, since("2026-03-22", 1)]);
}

#[test]
fn what_was_over_when_it_was_given_is_not_seen_in_what_is_owed() {
    let plain = Given::joint("FREQ=WEEKLY");
    let (before, just_now) = (noon("2026-03-02") - TimeDelta::hours(1), noon("2026-03-02"));
    let mut cleared = plain.clone();
    cleared.screen(SafetyStatus::Concern, before);
    cleared.screen(SafetyStatus::Clear, just_now);
    let mut set_aside = plain.clone();
    set_aside.screen(SafetyStatus::Concern, before);
    set_aside.set_aside(just_now);
    for given in [plain, cleared, set_aside] {
        assert_eq!(given.late("2026-03-10"), since("2026-03-09", 1));
    }
}

#[test]
fn what_no_gate_holds_goes_on_whoever_is_clear() {
    let mut daily = Given::joint("FREQ=DAILY");
    daily.assignment = given("FREQ=DAILY");
    daily.screen(SafetyStatus::Stop, noon("2026-03-04"));
    daily.screen(SafetyStatus::Clear, noon("2026-03-08"));
    assert_eq!(daily.late("2026-03-09"), since("2026-03-03", 6));
}

#[test]
fn who_was_not_ready_keeps_the_other_from_nothing_but_what_both_answer_as_one() {
    let (mut joint, mut alone) = (Given::joint("FREQ=DAILY"), Given::joint("FREQ=DAILY"));
    alone.assignment.mode = Mode::Parallel;
    for given in [&mut joint, &mut alone] {
        given.kim_says(StandingStatus::NotReady, noon("2026-03-04"));
        given.kim_says(StandingStatus::Opened, noon("2026-03-20"));
    }
    assert_eq!([joint.late("2026-03-22"), joint.late("2026-03-23")], [None, since("2026-03-22", 1)]);
    assert_eq!(alone.late("2026-03-22"), since("2026-03-03", 19));
}

#[test]
fn what_was_handed_in_after_a_pause_counts_as_ever() {
    let mut daily = Given::joint("FREQ=DAILY");
    daily.pause(true, noon("2026-03-03"));
    daily.pause(false, noon("2026-03-10"));
    hands_in(&mut daily.assignment, "2026-03-12");
    assert_eq!([daily.late("2026-03-14"), daily.late("2026-03-15")], [None, since("2026-03-14", 1)]);
    says(&mut daily.assignment, StandingStatus::NotReady, "2026-03-15");
    assert_eq!(daily.late("2026-03-30"), None);
}

#[test]
fn what_is_done_once_keeps_its_day() {
    let mut once = Given::joint("FREQ=DAILY");
    once.assignment.cadence = Cadence::Once;
    once.assignment.due_on = Some(day("2026-03-05"));
    once.pause(true, noon("2026-03-04"));
    assert_eq!(once.late("2026-03-08"), None);
    once.pause(false, noon("2026-03-08"));
    assert_eq!(once.late("2026-03-08"), since("2026-03-05", 1), "it is still to be done");
}

/// Something that lets it rest or go on; what can't be just then changes nothing.
fn step(given: &mut Given, which: u8, at: DateTime<Utc>) {
    match which {
        0 => given.pause(true, at),
        1 => given.pause(false, at),
        2 => given.screen(SafetyStatus::Concern, at),
        3 => given.screen(SafetyStatus::Stop, at),
        4 => given.screen(SafetyStatus::Clear, at),
        5 if !given.assignment.held_for(&given.couple, &given.known).is_empty() => given.set_aside(at),
        6 if given.couple.goes_on() => given.case_becomes(CoupleStatus::Paused, at),
        7 if given.couple.status != CoupleStatus::Active => given.case_becomes(CoupleStatus::Active, at),
        8 => given.kim_says(StandingStatus::NotReady, at),
        9 => given.kim_says(StandingStatus::InProgress, at),
        _ => {}
    }
}

proptest! {
    /// Whatever lets it rest and go on, day by day: what is missed is every whole round since the last day on which the partners saw
    /// it rest, and nothing while they do. So what they owe tells them nothing else.
    #[test]
    fn only_what_is_seen_to_rest_is_forgiven(
        rule in proptest::sample::select(vec!["FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=WEEKLY;BYDAY=TU,SA"]),
        steps in proptest::collection::vec(proptest::option::weighted(0.4, 0..10_u8), 0..60),
    ) {
        let mut given = Given::joint(rule);
        let mut rested_on = None;
        for (today, which) in day("2026-03-03").iter_days().zip(steps) {
            let rested = given.is_seen_to_rest();
            if let Some(which) = which {
                step(&mut given, which, noon(&today.to_string()));
            }
            let rests = given.is_seen_to_rest();
            rested_on = if rested || rests { Some(today) } else { rested_on };
            let missed = given.assignment.overdue_for(id(1), &given.couple, &given.known, today).map_or(0, |late| late.missed);
            let expected = if rests { 0 } else { walked(&rule.parse().unwrap(), rested_on, today) };
            prop_assert_eq!(missed, expected, "{}", today);
        }
    }
}
