//! Rituals in progress: what was done of the planned, and whether it was kept up once nothing reminded of it.

use chrono::{NaiveDate, TimeDelta};
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers, in_any_order, items},
    person::Person,
    stories,
};
use uuid::Uuid;

use super::ask;

stories![
    a_counselor_sees_what_was_done_of_the_planned,
    rituals_are_kept_up_after_reminders_stop,
    after_the_last_day_of_reminders_nothing_is_overdue,
    what_never_reminds_is_refused_a_last_day_of_reminders,
    a_ritual_that_is_still_being_written_is_planned_for_nobody,
    a_ritual_is_planned_no_longer_than_its_assignment_is_open,
];

async fn rituals_of(case: &Case) -> Uuid {
    case.assign(json!({ "exercise": "shared-rituals" })).await
}

fn daily() -> Value {
    json!({ "answers": { "type": "ritual", "name": "Coffee", "rhythm": "daily", "recurrence": "FREQ=DAILY" } })
}

/// What became of one day of a ritual: `d` done, `s` skipped, and nothing recorded for any other letter.
async fn spend(case: &Case, assignment: Uuid, ritual: Uuid, on: NaiveDate, letter: char) {
    let mut time = answers(Kind::RitualOccurrence, "ritual_id", json!(ritual));
    time["due_on"] = json!(on);
    if letter == 's' {
        (time["done"], time["both_present"]) = (json!(false), json!(false));
        time.as_object_mut().expect("an object").remove("duration_minutes");
    }
    if matches!(letter, 'd' | 's') {
        case.lee.submit(assignment, json!({ "answers": time })).await;
    }
}

/// A day after the other from the day of the story on.
async fn live_through(app: &TestApp, case: &Case, (assignment, ritual): (Uuid, Uuid), days: &str) {
    for letter in days.chars() {
        spend(case, assignment, ritual, app.now().date_naive(), letter).await;
        app.advance(TimeDelta::days(1));
    }
}

async fn change(case: &Case, assignment: Uuid, wanted: Value) -> Value {
    case.counselor.patch(format!("/v1/assignments/{assignment}"), wanted).await.expect_status(200).json()
}

async fn told(case: &Case, person: &Person, query: &str) -> Value {
    ask(case, person, &format!("exercise=shared-rituals&{query}")).await["exercises"][0].clone()
}

async fn a_counselor_sees_what_was_done_of_the_planned(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = rituals_of(&case).await;
    let ritual = case.lee.submit(assignment, daily()).await;
    live_through(&app, &case, (assignment, ritual), "dds.d").await;

    let all = told(&case, &case.counselor, "view=shared").await;
    let expected = json!({ "planned": 6, "done": 3, "skipped": 1, "not_recorded": 2, "cut": false });
    assert_eq!(all["activity"]["rituals"], expected, "today is one of them");
    // The ritual is older than the range, and so is what it was planned by.
    let since_thursday = told(&case, &case.counselor, "view=shared&from=2026-09-24").await;
    assert_eq!(since_thursday["activity"]["rituals"]["planned"], 3);
    assert_eq!(told(&case, &case.kim.person, "view=separate").await["activity"]["rituals"], expected);
    assert_eq!(all["kept_up"], json!([]));
    let path = format!("/v1/couples/{}/exercises/shared-rituals", case.couple);
    let work = case.counselor.get(path).await.expect_status(200).json();
    for figure in ["planned", "done", "skipped", "not_recorded"] {
        assert_eq!(work["figures"][figure], expected[figure], "the work tells the same");
    }
}

async fn rituals_are_kept_up_after_reminders_stop(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = rituals_of(&case).await;
    let ritual = case.lee.submit(assignment, daily()).await;
    live_through(&app, &case, (assignment, ritual), "ddsdddd").await;
    let last = app.now().date_naive();
    let changed = change(&case, assignment, json!({ "reminders_until": last })).await;
    assert_eq!(changed["reminders_until"], json!(last));

    // Monday, 28 September, is the last day of reminders; the three days after it are too few to tell.
    live_through(&app, &case, (assignment, ritual), "d.dd").await;
    let early = told(&case, &case.kim.person, "view=shared").await["kept_up"][0].clone();
    assert_eq!((&early["after"]["planned"], &early["after"]["share"]), (&json!(3), &Value::Null));
    live_through(&app, &case, (assignment, ritual), "d").await;

    let kept = told(&case, &case.kim.person, "view=shared").await["kept_up"][0].clone();
    let before = json!({ "from": "2026-09-25", "until": "2026-09-28", "planned": 4, "done": 4, "share": 1.0 });
    let after = json!({ "from": "2026-09-29", "until": "2026-10-02", "planned": 4, "done": 3, "share": 0.75 });
    let expected = json!({ "assignment_id": assignment, "before": before, "after": after, "minimum": 4 });
    assert_eq!(kept, expected);
    let later = told(&case, &case.counselor, "view=shared&from=2026-10-01").await;
    assert_eq!(later["kept_up"], json!([expected]), "it is the same, wherever the range begins");
    change(&case, assignment, json!({ "reminders_until": null })).await;
    assert_eq!(told(&case, &case.counselor, "view=shared").await["kept_up"], json!([]));
}

async fn after_the_last_day_of_reminders_nothing_is_overdue(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let wanted = json!({ "exercise": "shared-rituals", "due_on": "2026-09-22", "reminders_until": "2026-09-24" });
    let assignment = case.assign(wanted).await;
    let overdue = async || {
        let agenda = case.counselor.get(format!("/v1/couples/{}/agenda", case.couple)).await.expect_status(200).json();
        let caseload = case.counselor.get("/v1/caseload").await.expect_status(200).json();
        (items(&agenda["overdue"]["items"]).len(), caseload["items"][0]["overdue"].clone())
    };
    app.advance(TimeDelta::days(3));
    assert_eq!(overdue().await, (2, json!(2)));

    app.advance(TimeDelta::days(1));

    assert_eq!(overdue().await, (0, json!(0)));
    case.lee.submit(assignment, daily()).await;
    let path = format!("/v1/assignments/{assignment}");
    let past = case.counselor.patch(&path, json!({ "reminders_until": "2026-09-23" })).await;
    assert_eq!(past.status(), 422);
    change(&case, assignment, json!({ "reminders_until": "2026-12-24" })).await;
    assert_eq!(case.lee.person.get(&path).await.json()["reminders_until"], "2026-12-24");
    let by_a_partner = case.lee.person.patch(&path, json!({ "reminders_until": null })).await;
    assert_eq!(by_a_partner.status(), 403);
}

async fn what_never_reminds_is_refused_a_last_day_of_reminders(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let path = format!("/v1/couples/{}/assignments", case.couple);

    for exercise in ["time-and-space", "forgiveness"] {
        let wanted = json!({ "exercise": exercise, "reminders_until": "2026-12-24" });
        let refused = case.counselor.post(&path, in_any_order(wanted)).await.expect_status(422).json();
        assert!(refused["detail"].as_str().is_some_and(|words| words.contains("never reminds")), "{refused}");
    }
}

async fn a_ritual_that_is_still_being_written_is_planned_for_nobody(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = rituals_of(&case).await;
    case.lee.draft(assignment, daily()).await;

    for (person, view) in [(&case.lee.person, "separate"), (&case.kim.person, "shared")] {
        let told = told(&case, person, &format!("view={view}")).await;
        assert_eq!(told["activity"]["rituals"], Value::Null, "{view}");
    }
}

async fn a_ritual_is_planned_no_longer_than_its_assignment_is_open(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let given = [rituals_of(&case).await, rituals_of(&case).await];
    for (assignment, how) in given.into_iter().zip(["completed", "cancelled"]) {
        case.lee.submit(assignment, daily()).await;
        let ending = format!("/v1/assignments/{assignment}/ending");
        case.counselor.put(ending, json!({ "how": how })).await.expect_status(200);
    }
    app.advance(TimeDelta::days(3));

    let told = told(&case, &case.counselor, "view=shared").await;

    assert_eq!(told["activity"]["rituals"]["planned"], 1, "the day it was completed; of what was cancelled none");
}
