//! The caseload: each couple at a glance.

use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, items},
    person::Person,
    stories,
};

use crate::sign_ins::trail;

stories![
    a_couple_is_shown_at_a_glance,
    a_couple_that_nobody_prepared_is_not_cleared,
    steps_that_wait_for_a_counselor_are_counted,
    everyone_sees_their_own_caseload,
    the_caseload_is_read_page_by_page,
];

async fn caseload(person: &Person, query: &str) -> Vec<Value> {
    items(&person.get(format!("/v1/caseload?{query}")).await.expect_status(200).json()["items"]).to_vec()
}

async fn a_couple_is_shown_at_a_glance(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    case.assign(json!({ "exercise": "apology", "due_on": "2026-09-22" })).await;
    let pulse = || json!({ "answers": Kind::Pulse.example() });
    let first = case.lee.submit(assignment, pulse()).await;
    case.review(first, json!({ "flagged_for_session": true })).await;
    let held = case.session(json!({})).await;
    app.advance(TimeDelta::days(2));
    case.counselor.patch(format!("/v1/sessions/{held}"), json!({ "status": "held" })).await.expect_status(200);
    case.session(json!({ "starts_at": "2026-10-05T12:00:00Z" })).await;
    case.session(json!({ "starts_at": "2026-09-28T12:00:00Z" })).await;
    case.lee.submit(assignment, pulse()).await;
    app.advance(TimeDelta::days(1));
    case.lee.submit(assignment, pulse()).await;

    let row = &caseload(&case.counselor, "").await[0];

    assert_eq!((&row["couple_id"], &row["status"]), (&json!(case.couple), &json!("intake")));
    assert_eq!(row["last_session_at"], json!("2026-09-21T12:00:00Z"));
    assert_eq!(row["next_session_at"], json!("2026-09-28T12:00:00Z"));
    assert_eq!(row["to_review"]["count"], json!(2));
    assert!(row["to_review"]["oldest_at"].as_str().is_some_and(|at| at.starts_with("2026-09-23T")), "{row}");
    assert_eq!((&row["overdue"], &row["open_flags"]), (&json!(2), &json!(1)));
    assert_eq!((&row["policy_acknowledged"], &row["safety_gate_open"]), (&json!(true), &json!(true)));
    let active = [(case.lee.id, json!("2026-09-24")), (case.kim.id, Value::Null)];
    let active = active.map(|(partner, day)| json!({ "partner_id": partner, "last_active_on": day }));
    assert_eq!(row["partners"], json!(active));
}

async fn a_couple_that_nobody_prepared_is_not_cleared(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    case.screen(&case.kim, json!({ "status": "concern" })).await;
    case.set_policy(json!({ "kind": "no_secrets" })).await;

    let row = &caseload(&case.counselor, "status=intake").await[0];

    assert_eq!((&row["policy_acknowledged"], &row["safety_gate_open"]), (&json!(false), &json!(false)));
    assert_eq!((&row["next_session_at"], &row["to_review"]["oldest_at"]), (&Value::Null, &Value::Null));
    assert!(caseload(&case.counselor, "status=active").await.is_empty());
}

async fn steps_that_wait_for_a_counselor_are_counted(app: TestApp) {
    let (case, other) = (Case::lee_and_kim(&app).await, Case::of(&app, "ben", ["sam", "max"]).await);
    let owner = app.owner().await;
    let by_hand = |exercise: &str| json!({ "exercise": exercise, "release": "by_hand" });
    let program = case.program(json!([by_hand("apology"), by_hand("consistency")])).await;
    let (first, _) = (case.start(program, json!({})).await, case.start(program, json!({})).await);
    other.start(program, json!({})).await;
    let counted =
        async || -> Vec<Value> { caseload(&owner, "").await.iter().map(|row| row["waiting_steps"].clone()).collect() };

    assert_eq!(counted().await, [json!(2), json!(1)]);
    case.counselor
        .put(format!("/v1/program-runs/{first}/status"), json!({ "status": "ended" }))
        .await
        .expect_status(200);
    assert_eq!(counted().await, [json!(1), json!(1)]);
}

async fn everyone_sees_their_own_caseload(app: TestApp) {
    let (case, other) = (Case::lee_and_kim(&app).await, Case::of(&app, "ben", ["sam", "max"]).await);
    let (owner, susan) = (app.owner().await, app.supervisor("susan").await);
    case.supervised_by(&susan, &owner).await;
    let couples = async |person: &Person| -> Vec<Value> {
        caseload(person, "").await.iter().map(|row| row["couple_id"].clone()).collect()
    };

    assert_eq!(couples(&case.counselor).await, [json!(case.couple)]);
    assert_eq!(couples(&susan).await, [json!(case.couple)]);
    assert_eq!(couples(&other.counselor).await, [json!(other.couple)]);
    assert_eq!(couples(&owner).await.len(), 2);
    for person in [&app.assistant("alex").await, &case.lee.person] {
        assert_eq!(person.get("/v1/caseload").await.problem().0, 403);
    }
    assert!(trail(&owner).await.iter().any(|event| event["action"] == "caseload.read"));
}

async fn the_caseload_is_read_page_by_page(app: TestApp) {
    let (case, other) = (Case::lee_and_kim(&app).await, Case::of(&app, "ben", ["sam", "max"]).await);
    let owner = app.owner().await;

    let first = owner.get("/v1/caseload?limit=1").await.expect_status(200).json();
    let cursor = first["next_cursor"].as_str().unwrap_or_default().to_owned();
    let second = owner.get(format!("/v1/caseload?limit=1&cursor={cursor}")).await.expect_status(200).json();

    assert_eq!(first["items"][0]["couple_id"], json!(case.couple));
    assert_eq!((&second["items"][0]["couple_id"], &second["next_cursor"]), (&json!(other.couple), &Value::Null));
}
