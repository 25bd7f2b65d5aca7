//! Exercise 9 from assignment to progress: what brings it back, how fast to go, and room for each. Nobody is late for it.

use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers, items},
    stories,
};
use uuid::Uuid;

use super::refusal;

stories![
    healing_is_followed_over_months_at_its_own_pace,
    a_look_at_ones_own_patience_is_for_who_took_it_and_the_counselor,
    nobody_is_late_for_healing,
];

async fn begun(app: &TestApp) -> (Case, Uuid, String) {
    let case = Case::lee_and_kim(app).await;
    let breach = case.record_breach(json!({
        "kind": "infidelity", "came_to_light": "discovered",
        "roles": [{ "partner_id": case.lee.id, "role": "caused" }, { "partner_id": case.kim.id, "role": "hurt" }],
    }));
    let assignment = case.assign(json!({ "exercise": "time-and-space", "breach_id": breach.await })).await;
    let path = format!("/v1/couples/{}/exercises/time-and-space", case.couple);
    (case, assignment, path)
}

async fn healing_is_followed_over_months_at_its_own_pace(app: TestApp) {
    let (case, assignment, path) = begun(&app).await;
    let trigger = |intensity: u8| {
        let mut trigger = answers(Kind::Trigger, "intensity", json!(intensity));
        trigger["helped"] = json!("A walk by the river.");
        json!({ "answers": trigger })
    };
    let pace = |wish: &str| json!({ "answers": answers(Kind::PaceWish, "pace", json!(wish)) });

    // September is hard, October less so. Kim wants it slower, and Lee looks at their own patience.
    case.kim.submit(assignment, trigger(9)).await;
    case.kim.submit(assignment, trigger(7)).await;
    case.kim.submit(assignment, pace("slower")).await;
    case.lee.submit(assignment, json!({ "answers": Kind::PatienceCheck.example() })).await;
    app.advance(TimeDelta::days(14));
    case.kim.submit(assignment, trigger(3)).await;

    // A time-out, completed once they are back, and not before; an agreement on room; a setback.
    let asked_at = app.now();
    let at = |minutes: i64| asked_at + TimeDelta::minutes(minutes);
    let mut time_out = json!({ "type": "time_out", "asked_at": asked_at, "return_by": at(60), "returned_at": at(40) });
    let not_yet = refusal(&case.kim, assignment, json!({ "answers": time_out })).await;
    assert_eq!(not_yet["errors"][0]["pointer"], "/answers/returned_at");
    time_out.as_object_mut().expect("an object").remove("returned_at");
    let asked = case.kim.submit(assignment, json!({ "answers": time_out })).await;
    let open = case.lee.person.get(&path).await.json()["time_outs"][0].clone();
    assert_eq!((&open["returned_at"], &open["back_as_agreed"]), (&Value::Null, &Value::Null));
    app.advance(TimeDelta::minutes(45));
    time_out["returned_at"] = json!(at(40));
    let back = json!({ "answers": time_out });
    case.kim.person.post(format!("/v1/entries/{asked}/corrections"), back).await.expect_status(200);
    let mut space = answers(Kind::SpaceAgreement, "starts_on", json!("2026-10-05"));
    space["review_on"] = json!("2026-10-19");
    let first = case.lee.submit(assignment, json!({ "answers": space })).await;
    case.lee.submit(assignment, json!({ "answers": Kind::Setback.example(), "visibility": "shared" })).await;

    let work = case.counselor.get(&path).await.expect_status(200).json();
    let months: Vec<_> =
        items(&work["triggers"]).iter().map(|month| (&month["count"], &month["intensity"]["mean"])).collect();
    assert_eq!(months, [(&json!(2), &json!(8.0)), (&json!(1), &json!(3.0))]);
    let times = items(&work["triggers"][0]["times"]);
    assert_eq!((times.len(), &times[1]["intensity"], &times[1]["noted_on"]), (2, &json!(7), &json!("2026-09-21")));
    assert_eq!(
        (&times[0]["cue"], &times[0]["helped"]),
        (&json!("A letter from the bank"), &json!("A walk by the river."))
    );
    assert_eq!((&work["patience"][0]["pressure"], &work["setbacks"][0]["helped"]), (&json!(2), &json!("A walk.")));
    assert_eq!(
        (&work["pace"][0]["pace"], &work["pace"][0]["respected"]),
        (&json!("slower"), &json!({ "mean": 7.0, "n": 1 }))
    );
    assert_eq!(work["time_outs"][0]["back_as_agreed"], json!(true));
    assert_eq!((&work["agreements"][0]["state"], items(&work["setbacks"]).len()), (&json!("in_force"), 1));
    let lee = case.lee.person.get(&path).await.expect_status(200).json();
    assert_eq!(lee["triggers"], json!([]), "Kim's triggers are Kim's");
    assert!(!lee.to_string().contains("river"), "{lee}");

    // When the day has come they agree anew.
    app.advance(TimeDelta::days(14));
    assert_eq!(case.lee.person.get(&path).await.json()["agreements"][0]["state"], json!("review_due"));
    space["review_on"] = json!("2026-11-30");
    space["replaces_id"] = json!(first);
    case.kim.submit(assignment, json!({ "answers": space })).await;
    let states: Vec<_> = items(&case.lee.person.get(&path).await.json()["agreements"])
        .iter()
        .map(|agreement| agreement["state"].clone())
        .collect();
    assert_eq!(states, [json!("ended"), json!("in_force")]);
    let progress = format!("/v1/couples/{}/progress?view=separate&partner_id={}", case.couple, case.kim.id);
    let progress = case.counselor.get(progress).await.expect_status(200).json();
    let measured: Vec<_> =
        items(&progress["exercises"][0]["outcome"]).iter().map(|series| &series["measure"]).collect();
    assert_eq!(measured, ["trigger_intensity", "minutes_to_settle", "pace_respected", "time_outs_kept"]);
}

async fn a_look_at_ones_own_patience_is_for_who_took_it_and_the_counselor(app: TestApp) {
    let (case, assignment, path) = begun(&app).await;
    let before = case.kim.person.get(&path).await.expect_status(200).whole();

    let check = answers(Kind::PatienceCheck, "note", json!("I wish it were over."));
    let check = case.lee.submit(assignment, json!({ "answers": check })).await;

    assert_eq!(case.kim.person.get(&path).await.whole(), before);
    for person in [&case.lee.person, &case.counselor] {
        let told = person.get(&path).await.json()["patience"][0].clone();
        assert_eq!((&told["checked_by"], &told["patience"]), (&json!(case.lee.id), &json!(6)));
        assert_eq!((&told["pressure"], &told["note"]), (&json!(2), &json!("I wish it were over.")));
    }
    let visibility = json!({ "visibility": "shared" });
    case.lee.person.put(format!("/v1/entries/{check}/visibility"), visibility).await.expect_status(200);
    assert_eq!(case.kim.person.get(&path).await.json()["patience"][0]["check_id"], json!(check), "once Lee shares it");
}

async fn nobody_is_late_for_healing(app: TestApp) {
    let (case, assignment, path) = begun(&app).await;
    let mut space = answers(Kind::SpaceAgreement, "starts_on", json!("2026-09-21"));
    space["review_on"] = json!("2026-09-28");
    case.lee.submit(assignment, json!({ "answers": space })).await;

    app.advance(TimeDelta::days(300));

    for person in [&case.lee.person, &case.kim.person, &case.counselor] {
        let given = person.get(format!("/v1/assignments/{assignment}")).await.expect_status(200).whole();
        assert!(!given.contains("\"overdue\":true"), "{given}");
        let work = person.get(&path).await.expect_status(200).whole();
        assert!(!work.contains("overdue") && !work.contains("late"), "{work}");
    }
}
