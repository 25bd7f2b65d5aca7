use chrono::{NaiveDate, TimeDelta};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{fields, read};
use crate::{
    couple::{
        Couple,
        tests::{day, id, lee_and_kim, separated},
    },
    entry::{Author, Entry, EntryState, tests::handed_in},
    exercises::{
        Answers, BothSaid, Ground, Kind, OccurrenceState, PlannedRituals, Slug, SpaceState, Touch, Work, WorkInput,
        WorkMean, work,
    },
    visibility::{Reader, Visibility},
};

const LEE: u128 = 1;
const KIM: u128 = 2;

fn example(kind: Kind, changes: &Value) -> Answers {
    let mut fields = fields(&kind.example());
    fields.extend(changes.as_object().unwrap().clone());
    read(kind, fields).unwrap()
}

fn by(partner: u128, number: u128, kind: Kind, changes: &Value) -> Entry {
    handed_in(number, Author::Partner(id(partner)), example(kind, changes))
}

fn together(number: u128, kind: Kind, changes: &Value) -> Entry {
    handed_in(number, Author::Together, example(kind, changes))
}

fn ground<'g>(couple: &'g Couple, entries: &'g [Entry]) -> Ground<'g> {
    Ground { couple, on: day("2026-03-02"), entries }
}

fn fine(entries: &[Entry]) -> Vec<Touch> {
    let couple = lee_and_kim();
    BothSaid::of(ground(&couple, entries), Reader::Partner(id(KIM))).fine_today
}

fn comfort(partner: u128, number: u128, fine: &Value) -> Entry {
    by(partner, number, Kind::TouchComfort, &json!({ "fine_today": fine, "not_today": [] }))
}

#[test]
fn a_touch_is_fine_by_what_both_said_last_of_the_day_and_said_to_each_other() {
    let lee = comfort(LEE, 1, &json!(["hug", "kiss"]));
    let kim = comfort(KIM, 2, &json!(["kiss", "massage"]));
    assert_eq!(fine(&[lee.clone(), kim.clone()]), [Touch::Kiss]);
    assert!(fine(std::slice::from_ref(&lee)).is_empty());
    let withdrawn = comfort(LEE, 3, &json!([]));
    assert!(fine(&[withdrawn.clone(), lee.clone(), kim.clone()]).is_empty());
    let withdrawn_to_the_counselor = Entry { visibility: Visibility::CounselorOnly, ..withdrawn };
    assert!(fine(&[withdrawn_to_the_counselor, lee.clone(), kim.clone()]).is_empty());
    let kept_back = Entry { visibility: Visibility::CounselorOnly, ..kim.clone() };
    assert!(fine(&[lee.clone(), kept_back]).is_empty());
    let of_another_day = Entry { recorded_on: day("2026-03-01"), ..kim };
    assert!(fine(&[lee, of_another_day]).is_empty());
}

proptest! {
    /// The slow obvious rule: go through all that was said in order and keep each one's last word.
    #[test]
    fn whatever_was_said_the_last_word_of_each_counts(said in prop::collection::vec((any::<bool>(), any::<bool>(), any::<bool>()), 0..12)) {
        let mut last = [false, false];
        let mut entries = Vec::new();
        for (number, (is_lee, open, fine)) in said.into_iter().enumerate() {
            let touches = if fine { json!(["hug"]) } else { json!([]) };
            let entry = comfort(if is_lee { LEE } else { KIM }, number as u128, &touches);
            let visibility = if open { Visibility::RevealTogether } else { Visibility::CounselorOnly };
            entries.push(Entry { visibility, ..entry });
            last[usize::from(is_lee)] = open && fine;
        }
        entries.reverse();
        prop_assert_eq!(fine(&entries) == [Touch::Hug], last == [true, true]);
    }
}

#[test]
fn both_ask_by_their_last_word_and_nobody_else_is_told() {
    let wish = |partner, number, taken_back| {
        by(partner, number, Kind::ForgivenessTalkWish, &json!({ "taken_back": taken_back }))
    };
    let asked =
        |entries: &[Entry], couple: &Couple, reader| BothSaid::of(ground(couple, entries), reader).asked_to_talk;
    let (couple, kim) = (lee_and_kim(), Reader::Partner(id(KIM)));
    let both = [wish(LEE, 1, false), wish(KIM, 2, false)];
    assert!(asked(&both, &couple, kim) && asked(&both, &couple, Reader::Counselor(id(7))));
    assert!(!asked(&both[..1], &couple, kim) && !asked(&both[1..], &couple, kim));
    let taken_back = [both[0].clone(), both[1].clone(), wish(LEE, 3, true)];
    assert!(!asked(&taken_back, &couple, kim));
    let again = [&taken_back[..], &[wish(LEE, 4, false)]].concat();
    assert!(asked(&again, &couple, kim));
    assert!(!asked(&both, &couple, Reader::Partner(id(9))), "who is no partner");
    assert!(!asked(&both, &separated("2026-03-02"), kim), "after a separation");
}

#[test]
fn planned_rituals_are_counted_for_years_and_by_the_last_word() {
    let ritual = together(1, Kind::Ritual, &json!({ "rhythm": "daily", "recurrence": "FREQ=DAILY" }));
    let time = |number, due_on: &str, done: bool| {
        let said = json!({ "ritual_id": ritual.id, "due_on": due_on, "done": done, "both_present": done });
        together(number, Kind::RitualOccurrence, &said)
    };
    let draft = Entry { state: EntryState::Draft, ..time(5, "2026-03-04", true) };
    let said = [time(2, "2026-03-02", true), time(3, "2026-03-03", true), time(4, "2026-03-03", false), draft];
    let entries: Vec<_> = [ritual.clone()].into_iter().chain(said).collect();

    let planned = PlannedRituals::among(&entries, (day("2026-03-01"), day("2029-03-01")));

    assert_eq!((planned.days.len(), planned.cut), (3 * 365 + 1, false), "from the day it was noted, leap day included");
    let states: Vec<_> = planned.days.iter().map(|day| day.state).take(3).collect();
    assert_eq!(states, [OccurrenceState::Done, OccurrenceState::Skipped, OccurrenceState::NotRecorded]);
    let many: Vec<_> = (0..20).map(|_| ritual.clone()).collect();
    let cut = PlannedRituals::among(&many, (day("2026-03-01"), day("2029-03-01")));
    assert_eq!((cut.days.len(), cut.cut), (20_000, true));
}

#[test]
fn a_ritual_is_planned_for_its_days_and_something_new_for_any() {
    let couple = lee_and_kim();
    let weekly = together(1, Kind::Ritual, &json!({ "rhythm": "weekly", "recurrence": "FREQ=WEEKLY;BYDAY=SU" }));
    let novel = together(2, Kind::Ritual, &json!({ "rhythm": "novel" }));
    let entries = [weekly.clone(), novel.clone()];
    let planned = |ritual: &Entry, on: &str| {
        let occurrence = example(Kind::RitualOccurrence, &json!({ "ritual_id": ritual.id, "due_on": on }));
        occurrence.condition().unwrap().holds(ground(&couple, &entries))
    };
    assert!(planned(&weekly, "2026-03-08") && !planned(&weekly, "2026-03-09"));
    assert!(!planned(&weekly, "2026-03-01"), "a Sunday before it began");
    assert!(planned(&novel, "2026-03-09"));
    assert!(!planned(&together(3, Kind::Ritual, &json!({})), "2026-03-09"), "no ritual of theirs");
}

/// As Kim reads it on 31 March.
fn work_of(exercise: Slug, mut entries: Vec<Entry>) -> Work {
    entries.sort_by_key(|entry| (entry.recorded_on, entry.id));
    let (couple, both, until) = (lee_and_kim(), BothSaid::default(), day("2026-03-31"));
    let input = WorkInput {
        couple: &couple,
        reader: Reader::Partner(id(KIM)),
        entries: &entries,
        promises: &[],
        promises_cut: false,
        sessions: &[],
        both: &both,
        coaching: &[],
        today: until,
        from: day("2026-03-02"),
        until,
    };
    work(exercise, input).unwrap()
}

fn on(day: NaiveDate, entry: Entry) -> Entry {
    Entry { recorded_on: day, ..entry }
}

#[test]
fn the_one_who_shared_less_recently_is_next() {
    let next = |entries| {
        let Work::Vulnerability(work) = work_of(Slug::Vulnerability, entries) else { panic!() };
        (work.next_to_share, work.evenness)
    };
    let share = |partner, number| by(partner, number, Kind::VulnerabilityShare, &json!({}));
    assert_eq!(next(vec![]), (None, None));
    assert_eq!(next(vec![share(LEE, 1)]), (Some(id(KIM)), Some(0.0)));
    assert_eq!(next(vec![share(LEE, 1), share(KIM, 2)]), (Some(id(LEE)), Some(1.0)));
    let yesterday = on(day("2026-03-03"), share(LEE, 3));
    assert_eq!(next(vec![share(LEE, 1), share(KIM, 2), yesterday]), (Some(id(KIM)), Some(0.5)));
}

#[test]
fn a_goal_that_takes_the_rank_of_an_earlier_one_comes_before_it() {
    let goal = |partner, number, rank: u8| by(partner, number, Kind::Goal, &json!({ "rank": rank }));
    let goals = vec![
        goal(KIM, 1, 1),
        goal(LEE, 2, 2),
        goal(LEE, 3, 1),
        goal(LEE, 4, 1),
        on(day("2026-03-10"), goal(LEE, 5, 2)),
        goal(LEE, 6, 7),
    ];
    let Work::ProfessionalHelp(work) = work_of(Slug::ProfessionalHelp, goals.clone()) else { panic!() };
    let order: Vec<_> = work.goals.iter().map(|goal| (goal.goal_id, goal.rank)).collect();
    let expected = [(3, 1), (2, 1), (4, 2), (1, 2), (5, 7), (0, 1)];
    assert_eq!(order, expected.map(|(at, rank): (usize, u8)| (goals[at].id, rank)));
}

#[test]
fn what_each_said_last_of_touch_stands() {
    let said = |partner, number, fine: &Value| {
        let said = by(partner, number, Kind::TouchComfort, &json!({ "fine_today": fine, "not_today": [] }));
        on(day("2026-03-31"), said)
    };
    let fine = vec![said(LEE, 1, &json!(["hug"])), said(KIM, 2, &json!(["kiss"])), said(LEE, 3, &json!([]))];
    let Work::Vulnerability(work) = work_of(Slug::Vulnerability, fine) else { panic!() };
    let stands: Vec<_> = work.comfort_today.iter().map(|said| (said.said_by, said.fine_today.len())).collect();
    assert_eq!(stands, [(Some(id(KIM)), 1), (Some(id(LEE)), 0)]);
}

#[test]
fn planned_days_are_done_skipped_or_not_recorded() {
    let weekly = json!({ "rhythm": "weekly", "recurrence": "FREQ=WEEKLY;BYDAY=SU", "starts_at": "09:00" });
    let ritual = together(1, Kind::Ritual, &weekly);
    let time = |number, due_on: &str, changes: &Value| {
        let mut answers = json!({ "ritual_id": ritual.id, "due_on": due_on });
        answers.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        together(number, Kind::RitualOccurrence, &answers)
    };
    let skipped = json!({ "done": false, "both_present": false, "skip_reason": "ill" });
    let felt = |partner, number, connection| {
        let answers = json!({ "occurrence_id": id::<crate::ids::EntryId>(1002), "connection": connection });
        by(partner, number, Kind::RitualReflection, &answers)
    };
    let entries = vec![
        ritual.clone(),
        time(2, "2026-03-08", &json!({})),
        time(3, "2026-03-15", &skipped),
        time(4, "2026-03-17", &json!({})),
        felt(LEE, 5, 9),
        felt(KIM, 6, 5),
    ];

    let Work::SharedRituals(work) = work_of(Slug::SharedRituals, entries) else { panic!() };

    let times = &work.rituals[0].occurrences;
    let told: Vec<_> = times.iter().map(|time| (time.due_on.to_string(), time.planned, time.state)).collect();
    use OccurrenceState::{Done, NotRecorded, Skipped};
    assert_eq!(
        told,
        [
            ("2026-03-08".to_owned(), true, Done),
            ("2026-03-15".to_owned(), true, Skipped),
            ("2026-03-17".to_owned(), false, Done),
            ("2026-03-22".to_owned(), true, NotRecorded),
            ("2026-03-29".to_owned(), true, NotRecorded),
        ]
    );
    let figures = &work.figures;
    assert_eq!((figures.planned, figures.done, figures.skipped, figures.not_recorded), (4, 1, 1, 2));
    assert_eq!(figures.done_unplanned, 1);
    assert_eq!(figures.connection, WorkMean { mean: Some(7.0), n: 2 });
    assert_eq!(figures.connection_gap, WorkMean { mean: Some(4.0), n: 1 });
    assert!(!work.cut && work.novel.is_empty());
    assert_eq!(times[0].starts_at.unwrap().to_rfc3339(), "2026-03-08T09:00:00+00:00");
}

proptest! {
    /// The slow obvious rule: look up each day of March, and let the last word on it count.
    #[test]
    fn every_planned_day_is_told_once(said in prop::collection::vec((0_u32..30, any::<bool>()), 0..40)) {
        let ritual = together(1, Kind::Ritual, &json!({}));
        let mut entries = vec![ritual.clone()];
        let mut last = [None; 30];
        for (number, (after, done)) in (2..).zip(said) {
            let due_on = day("2026-03-02") + TimeDelta::days(i64::from(after));
            let answers = if done { json!({}) } else { json!({ "done": false, "both_present": false }) };
            let mut answers = answers.as_object().unwrap().clone();
            answers.extend([("ritual_id".to_owned(), json!(ritual.id)), ("due_on".to_owned(), json!(due_on))]);
            entries.push(together(number, Kind::RitualOccurrence, &Value::Object(answers)));
            last[after as usize] = Some(done);
        }
        let Work::SharedRituals(work) = work_of(Slug::SharedRituals, entries) else { panic!() };
        let count = |wanted| last.iter().filter(|said| **said == wanted).count();
        let figures = work.figures;
        prop_assert_eq!((figures.planned, figures.done), (30, count(Some(true))));
        prop_assert_eq!((figures.skipped, figures.not_recorded), (count(Some(false)), count(None)));
        prop_assert_eq!(figures.done_unplanned, 0);
    }
}

#[test]
fn more_rituals_than_anyone_keeps_are_cut_and_it_is_said() {
    let rituals = (1..=80).map(|number| together(number, Kind::Ritual, &json!({}))).collect();
    let Work::SharedRituals(work) = work_of(Slug::SharedRituals, rituals) else { panic!() };
    assert_eq!((work.figures.planned, work.cut), (2_000, true));
}

#[test]
fn room_is_in_force_until_it_is_looked_at_again_let_go_of_or_replaced() {
    let space = |number, changes: Value| together(number, Kind::SpaceAgreement, &changes);
    let entries = vec![
        space(1, json!({ "review_on": "2026-04-01" })),
        space(2, json!({ "review_on": "2026-03-31" })),
        space(3, json!({ "starts_on": "2026-04-01", "review_on": "2026-05-01" })),
        space(4, json!({ "ended_on": "2026-03-30" })),
        space(5, json!({})),
        space(6, json!({ "replaces_id": id::<crate::ids::EntryId>(1005), "review_on": "2026-06-01" })),
    ];
    let Work::TimeAndSpace(work) = work_of(Slug::TimeAndSpace, entries) else { panic!() };
    use SpaceState::{Ended, InForce, NotBegun, ReviewDue};
    let states: Vec<_> = work.agreements.iter().map(|agreement| agreement.state).collect();
    assert_eq!(states, [InForce, ReviewDue, NotBegun, Ended, Ended, InForce]);
}

#[test]
fn triggers_are_told_by_month() {
    let trigger = |number, day: NaiveDate, changes: Value| on(day, by(KIM, number, Kind::Trigger, &changes));
    let april = day("2026-03-31") + TimeDelta::days(1);
    let entries = vec![
        trigger(1, day("2026-03-02"), json!({ "intensity": 8 })),
        trigger(2, day("2026-03-20"), json!({ "intensity": 4, "settled_after_minutes": 15 })),
        trigger(3, april, json!({ "intensity": 1 })),
    ];
    let Work::TimeAndSpace(work) = work_of(Slug::TimeAndSpace, entries) else { panic!() };
    assert_eq!((work.triggers.len(), work.triggers[0].count, work.triggers[0].month), (2, 2, day("2026-03-01")));
    assert_eq!(work.triggers[0].intensity, WorkMean { mean: Some(6.0), n: 2 });
    assert_eq!(work.triggers[0].minutes_to_settle, WorkMean { mean: Some(30.0), n: 2 });
    let times: Vec<_> = work.triggers[0].times.iter().map(|time| (time.noted_on, time.intensity)).collect();
    assert_eq!(times, [(day("2026-03-02"), 8), (day("2026-03-20"), 4)]);
}

#[test]
fn acts_are_told_by_who_gave_and_how_they_reached_the_other() {
    let act = |partner, number| by(partner, number, Kind::CommitmentAct, &json!({}));
    let noticed = |number, act: u128, when: &str, meaning: u8| {
        let act_id = id::<crate::ids::EntryId>(1000 + act);
        by(KIM, number, Kind::ActNoticed, &json!({ "act_id": act_id, "noticed": when, "meaning": meaning }))
    };
    let mut unasked = fields(&Kind::ActNoticed.example());
    unasked.remove("act_id");
    unasked.extend([("act".to_owned(), json!("Tea in bed.")), ("meaning".to_owned(), json!(9))]);
    let unasked = handed_in(9, Author::Partner(id(KIM)), read(Kind::ActNoticed, unasked).unwrap());
    let entries = vec![
        act(LEE, 1),
        act(LEE, 2),
        act(LEE, 3),
        act(KIM, 4),
        noticed(5, 1, "only_when_told", 2),
        noticed(6, 1, "later", 7),
        noticed(7, 2, "only_when_told", 2),
        unasked,
    ];

    let Work::ReaffirmCommitment(work) = work_of(Slug::ReaffirmCommitment, entries) else { panic!() };

    let lee = &work.givers[0];
    assert_eq!((lee.given, lee.planned, lee.noticed), (3, 0, WorkMean { mean: Some(0.5), n: 2 }));
    assert_eq!(lee.meaning, WorkMean { mean: Some(6.0), n: 3 });
    assert_eq!((work.evenness, work.noticed_unasked.len()), (Some(1.0 / 3.0), 1));
    assert_eq!((work.acts[0].meaning, work.acts[2].meaning), (Some(7), None));
    let told: Vec<_> = work.rated_this_month.iter().map(|own| (own.partner_id, own.rated)).collect();
    assert_eq!(told, [(id(KIM), false)], "a partner's own only");
}
