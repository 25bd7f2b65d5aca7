//! What progress tells, and what it refuses to tell.

use super::*;
use crate::{
    couple::tests::{day, id, noon},
    exercises::{Aspect, Slug},
    promise::{Claim, ClaimWord, Confirmation, ConfirmationWord},
    recorded_by::RecordedBy,
};

const LEE: u128 = 1;

fn pulse(on: &str, trust: f64) -> CountedEntry {
    CountedEntry {
        id: id(60),
        assignment: id(50),
        exercise: Slug::ProfessionalHelp.into(),
        kind: Kind::Pulse,
        author: Author::Partner(id(LEE)),
        recorded_on: day(on),
        readings: vec![Reading { measure: Measure::Trust, value: trust }.into()],
        about: Vec::new(),
    }
}

fn weeks(from: &str, until: &str) -> Span {
    Span { from: day(from), until: day(until), interval: Interval::Week, today: day(until) }
}

fn of(entries: Vec<CountedEntry>) -> Progress {
    let input = ProgressInput { entries, ..Default::default() };
    progress(&input, &weeks("2026-03-02", "2026-04-05"))
}

fn series(entries: Vec<CountedEntry>) -> Series {
    of(entries).exercises.remove(0).outcome.remove(0)
}

#[test]
fn a_week_without_a_value_is_missing_and_not_zero() {
    let trust = series(vec![pulse("2026-03-02", 4.0), pulse("2026-03-08", 5.0), pulse("2026-03-16", 6.0)]);
    let means: Vec<_> = trust.points.iter().map(|point| (point.mean, point.n)).collect();
    assert_eq!(means, [(Some(4.5), 2), (None, 0), (Some(6.0), 1), (None, 0), (None, 0)]);
    assert_eq!(trust.points[0].starts_on, day("2026-03-02"));
}

#[test]
fn a_trend_is_withheld_below_four_weeks() {
    let mut pulses = vec![pulse("2026-03-02", 4.0), pulse("2026-03-09", 5.0), pulse("2026-03-16", 6.0)];
    assert_eq!(series(pulses.clone()).trend, Trend::Withheld { n: 3 });
    pulses.push(pulse("2026-03-30", 8.0));
    assert_eq!(series(pulses).trend, Trend::Given { n: 4, per_interval: 1.0 });
}

#[test]
fn activity_is_added_up_and_outcome_is_not() {
    let talk = |on| CountedEntry {
        id: id(61),
        assignment: id(51),
        exercise: Slug::TransparentCommunication.into(),
        kind: Kind::TalkLog,
        author: Author::Together,
        recorded_on: day(on),
        readings: vec![Reading { measure: Measure::TalkMinutes, value: 20.0 }.into()],
        about: Vec::new(),
    };
    let told = of(vec![talk("2026-03-03"), talk("2026-03-04")]).exercises.remove(0);
    assert_eq!((told.activity.totals[0].sum, told.activity.totals[0].n), (40.0, 2));
    assert_eq!(told.activity.entries[0].count, 2);
    assert!(told.outcome.is_empty());
    let pulse = of(vec![pulse("2026-03-03", 4.0)]).exercises.remove(0);
    assert!(pulse.activity.totals.is_empty());
    assert!(pulse.outcome.iter().all(|series| series.measure.aspect() == Aspect::Outcome));
}

#[test]
fn what_lies_outside_the_range_does_not_count() {
    assert!(of(vec![pulse("2026-03-01", 4.0), pulse("2026-04-06", 4.0)]).exercises.is_empty());
}

#[test]
fn each_author_has_a_series_of_their_own() {
    let by_kim = CountedEntry { author: Author::Partner(id(2)), ..pulse("2026-03-03", 9.0) };
    let told = of(vec![pulse("2026-03-03", 4.0), by_kim]).exercises.remove(0);
    let means: Vec<_> = told.outcome.iter().map(|series| series.points[0].mean).collect();
    assert_eq!(means, [Some(4.0), Some(9.0)]);
}

fn assigned(number: u128, status: StandingStatus, told: bool) -> CountedAssignment {
    let standing = Standing { partner: id(LEE), status, changed_at: noon("2026-03-02"), answered_on: None };
    CountedAssignment {
        id: id(number),
        exercise: Slug::ProfessionalHelp.into(),
        starts_on: day("2026-03-02"),
        ended_on: None,
        reminders_until: None,
        standings: vec![standing],
        told,
    }
}

fn completion(assignments: Vec<CountedAssignment>, entries: Vec<CountedEntry>) -> Completion {
    let input = ProgressInput { assignments, entries, ..Default::default() };
    progress(&input, &weeks("2026-03-02", "2026-03-08")).exercises.remove(0).activity.completion.remove(0)
}

#[test]
fn not_ready_is_counted_as_an_answer_of_its_own() {
    let given = [(50, StandingStatus::Reviewed), (51, StandingStatus::NotReady), (52, StandingStatus::Opened)];
    let given = given.map(|(number, status)| assigned(number, status, true));
    let told = completion(given.to_vec(), vec![pulse("2026-03-03", 4.0), pulse("2026-03-04", 4.0)]);
    let expected = Completion { partner: id(LEE), assigned: 3, submitted: 1, not_ready: Some(1), skipped: Some(0) };
    assert_eq!(told, expected);
}

#[test]
fn where_someone_stands_is_not_told_to_who_may_not_know() {
    let told = completion(vec![assigned(51, StandingStatus::NotReady, false)], Vec::new());
    assert_eq!((told.assigned, told.submitted, told.not_ready, told.skipped), (1, 0, None, None));
}

#[test]
fn promises_are_told_by_maker() {
    let promise =
        |maker: u128| CountedPromise { maker: id(maker), to: id(3 - maker), due: vec![(day("2026-04-01"), None)] };
    let input = ProgressInput { promises: vec![promise(2), promise(1), promise(2)], ..Default::default() };
    let told = progress(&input, &weeks("2026-03-02", "2026-04-05")).promises;
    let due: Vec<_> = told.iter().map(|maker| (maker.maker, maker.rate.due, maker.rate.unclaimed)).collect();
    assert_eq!(due, [(id(1), 1, 1), (id(2), 2, 2)]);
}

/// Lee's promise to Kim of each of these days, with what was said: nothing, `c` claimed, `a` answered too.
fn ledger(said: &[(&str, Option<char>)]) -> CountedPromise {
    let due = said.iter().map(|(on, said)| (day(on), said.map(|said| outcome(on, said == 'a')))).collect();
    CountedPromise { maker: id(LEE), to: id(2), due }
}

fn outcome(on: &str, answered: bool) -> Outcome {
    let confirmation =
        Confirmation { word: ConfirmationWord::Disputed, at: noon(on), recorded_by: RecordedBy::Partner(id(2)) };
    Outcome {
        promise: id(30),
        couple: id(20),
        due_on: day(on),
        claim: Claim { word: ClaimWord::Kept, at: noon(on), recorded_by: RecordedBy::Partner(id(LEE)) },
        confirmation: answered.then_some(confirmation),
        version: 1,
    }
}

#[test]
fn what_is_said_of_promises_is_activity_of_exercise_four_and_work_on_it() {
    let promise = ledger(&[("2026-03-03", Some('a')), ("2026-03-04", Some('c')), ("2026-03-05", None)]);
    let four = |starts_on| {
        let [lee, kim] = [id(LEE), id(2)].map(|partner| {
            let assigned = StandingStatus::Assigned;
            Standing { partner, status: assigned, changed_at: noon("2026-03-02"), answered_on: None }
        });
        let exercise = Slug::Consistency;
        CountedAssignment {
            exercise: exercise.into(),
            starts_on,
            standings: vec![lee, kim],
            ..assigned(53, lee.status, true)
        }
    };
    let told = |starts_on| {
        let (promises, received) = (vec![promise.clone()], vec![promise.clone()]);
        let input = ProgressInput { assignments: vec![four(day(starts_on))], promises, received, ..Default::default() };
        progress(&input, &weeks("2026-03-02", "2026-03-08")).exercises.remove(0)
    };
    let open = told("2026-03-02");
    let totals: Vec<_> = open.activity.totals.iter().map(|total| (total.measure, total.author, total.sum)).collect();
    let (lee, kim) = (Author::Partner(id(LEE)), Author::Partner(id(2)));
    let due = [(Measure::PromisesDue, lee, 3.0), (Measure::PromisesClaimed, lee, 2.0)];
    assert_eq!(totals, [due[0], due[1], (Measure::PromisesAnswered, kim, 1.0)]);
    assert_eq!((open.exercise, open.outcome.len()), (Slug::Consistency.into(), 0));
    let submitted =
        |told: &ExerciseProgress| told.activity.completion.iter().map(|one| one.submitted).collect::<Vec<_>>();
    assert_eq!(submitted(&open), [1, 1]);
    assert_eq!(submitted(&told("2026-03-04")), [1, 0], "what was due before it was given is no work on it");
}
