//! Exercise 6 from assignment to progress: planned together, done or skipped, and how it was for each.

use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers, items},
    stories,
};
use uuid::Uuid;

use super::{refusal, told_before};

stories![
    a_ritual_is_planned_done_skipped_and_felt,
    a_time_is_for_a_planned_day,
    nine_o_clock_stays_nine_o_clock_over_the_change_of_clocks,
    how_it_was_is_sealed_until_both_have_said_it,
];

fn occurrence(ritual: Uuid, due_on: &str, changes: &Value) -> Value {
    let mut time = answers(Kind::RitualOccurrence, "ritual_id", json!(ritual));
    time["due_on"] = json!(due_on);
    time.as_object_mut().expect("an object").extend(changes.as_object().expect("an object").clone());
    if changes["done"] == json!(false) {
        time.as_object_mut().expect("an object").remove("duration_minutes");
    }
    json!({ "answers": time })
}

fn ritual(rhythm: &str, recurrence: Option<&str>) -> Value {
    let mut ritual = json!({ "type": "ritual", "name": "Walk", "rhythm": rhythm, "starts_at": "09:00" });
    if let Some(rule) = recurrence {
        ritual["recurrence"] = json!(rule);
    }
    json!({ "answers": ritual })
}

fn felt(occurrence: Uuid, connection: u8) -> Value {
    let mut felt = answers(Kind::RitualReflection, "occurrence_id", json!(occurrence));
    felt["connection"] = json!(connection);
    json!({ "answers": felt })
}

async fn begun(app: &TestApp) -> (Case, Uuid, String) {
    let case = Case::lee_and_kim(app).await;
    let assignment = case.assign(json!({ "exercise": "shared-rituals" })).await;
    let path = format!("/v1/couples/{}/exercises/shared-rituals", case.couple);
    (case, assignment, path)
}

async fn a_ritual_is_planned_done_skipped_and_felt(app: TestApp) {
    let (case, assignment, path) = begun(&app).await;
    let daily = case.lee.submit(assignment, ritual("daily", Some("FREQ=DAILY"))).await;
    let novel = case.kim.submit(assignment, ritual("novel", None)).await;

    // Three days: done, skipped, and nothing said; and something new.
    let done = case.lee.submit(assignment, occurrence(daily, "2026-09-21", &json!({}))).await;
    for (partner, connection) in [(&case.lee, 9), (&case.kim, 6)] {
        let first = partner.submit(assignment, felt(done, connection)).await;
        told_before(partner, assignment, felt(done, 5), first, "/answers/occurrence_id").await;
    }
    told_before(&case.kim, assignment, occurrence(daily, "2026-09-21", &json!({})), done, "/answers/ritual_id").await;
    app.advance(TimeDelta::days(1));
    let ill = json!({ "done": false, "both_present": false, "skip_reason": "ill" });
    let skipped = case.kim.submit(assignment, occurrence(daily, "2026-09-22", &ill)).await;
    let felt_nothing = refusal(&case.lee, assignment, felt(skipped, 5)).await;
    assert_eq!(felt_nothing["errors"][0]["pointer"], "/answers/occurrence_id");
    app.advance(TimeDelta::days(1));
    case.lee.submit(assignment, occurrence(novel, "2026-09-23", &json!({}))).await;

    let work = case.counselor.get(&path).await.expect_status(200).json();
    let times = items(&work["rituals"][0]["occurrences"]);
    let states: Vec<_> = times.iter().map(|time| time["state"].as_str().unwrap_or_default()).collect();
    assert_eq!(states, ["done", "skipped", "not_recorded"]);
    assert_eq!((&times[1]["skip_reason"], items(&times[0]["felt"]).len()), (&json!("ill"), 2));
    assert_eq!((&times[0]["duration_minutes"], &times[1]["duration_minutes"]), (&json!(15), &Value::Null));
    let planned = &work["rituals"][0];
    assert_eq!((&planned["recurrence"], &planned["starts_at"]), (&json!("FREQ=DAILY"), &json!("09:00")));
    assert_eq!(planned["planned_since"], "2026-09-21");
    let figures = &work["rituals"][0]["figures"];
    assert_eq!((&figures["planned"], &figures["done"], &figures["not_recorded"]), (&json!(3), &json!(1), &json!(1)));
    assert_eq!(figures["connection"], json!({ "mean": 7.5, "n": 2 }));
    assert_eq!(figures["connection_gap"], json!({ "mean": 3.0, "n": 1 }));
    assert_eq!(work["novel"][0]["figures"]["done_unplanned"], json!(1));
    assert_eq!(work["cut"], json!(false));
    let progress = case.counselor.get(format!("/v1/couples/{}/progress?view=shared", case.couple)).await.json();
    let done = items(&progress["exercises"][0]["activity"]["totals"]);
    assert!(done.iter().any(|total| total["measure"] == "rituals_done" && total["sum"] == json!(2.0)), "{done:?}");
}

async fn a_time_is_for_a_planned_day(app: TestApp) {
    let (case, assignment, _) = begun(&app).await;
    let sundays = case.lee.submit(assignment, ritual("weekly", Some("FREQ=WEEKLY;BYDAY=SU"))).await;
    let path = format!("/v1/assignments/{assignment}/entries");

    let monday = case.lee.person.post(&path, occurrence(sundays, "2026-09-21", &json!({}))).await;
    let before = case.lee.person.post(&path, occurrence(sundays, "2026-09-20", &json!({}))).await;
    let to_come = case.lee.person.post(&path, occurrence(sundays, "2026-09-27", &json!({}))).await;
    app.advance(TimeDelta::days(6));
    let sunday = case.lee.person.post(&path, occurrence(sundays, "2026-09-27", &json!({}))).await;
    let yearly = case.lee.person.post(&path, ritual("daily", Some("FREQ=YEARLY"))).await;
    assert_eq!(yearly.expect_status(422).json()["errors"][0]["pointer"], "/answers/recurrence");
    let no_rule = case.lee.person.post(&path, ritual("weekly", Some("FREQ=HOURLY"))).await;

    for refused in [monday, before, to_come] {
        assert_eq!(refused.expect_status(422).json()["errors"][0]["pointer"], "/answers/due_on");
    }
    sunday.expect_status(201);
    assert_eq!(no_rule.json()["errors"][0]["pointer"], "/answers/recurrence");
}

async fn nine_o_clock_stays_nine_o_clock_over_the_change_of_clocks(app: TestApp) {
    let (case, assignment, path) = begun(&app).await;
    let couple = format!("/v1/couples/{}", case.couple);
    case.counselor.patch(couple, json!({ "time_zone": "Europe/Berlin" })).await.expect_status(200);
    case.lee.submit(assignment, ritual("weekly", Some("FREQ=WEEKLY;BYDAY=SU"))).await;
    app.advance(TimeDelta::days(42));

    let work = case.counselor.get(&path).await.expect_status(200).json();

    let starts: Vec<_> =
        items(&work["rituals"][0]["occurrences"]).iter().map(|time| time["starts_at"].clone()).collect();
    assert_eq!(
        starts[3..],
        [json!("2026-10-18T07:00:00Z"), json!("2026-10-25T08:00:00Z"), json!("2026-11-01T08:00:00Z")]
    );
}

async fn how_it_was_is_sealed_until_both_have_said_it(app: TestApp) {
    let (case, assignment, path) = begun(&app).await;
    let daily = case.lee.submit(assignment, ritual("daily", Some("FREQ=DAILY"))).await;
    let done = case.lee.submit(assignment, occurrence(daily, "2026-09-21", &json!({}))).await;

    case.lee.submit(assignment, felt(done, 2)).await;
    app.advance(TimeDelta::days(1)); // The next round has begun: it is the same time all the same.
    let sealed = case.kim.person.get(&path).await.json();
    case.kim.submit(assignment, felt(done, 8)).await;
    let revealed = case.kim.person.get(&path).await.json();

    assert_eq!(sealed["figures"]["connection"], json!({ "mean": null, "n": 0 }));
    assert_eq!(revealed["figures"]["connection_gap"], json!({ "mean": 6.0, "n": 1 }));
}
