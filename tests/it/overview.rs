//! The practice in numbers, for its owner.

use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{app::TestApp, case::Case, person::Person, stories};

stories![
    an_owner_sees_what_the_practice_does,
    what_lies_outside_the_range_is_not_counted,
    an_overview_names_no_client_and_is_the_owners_alone,
];

const MONTH: &str = "from=2026-09-01&until=2026-09-30";

async fn overview(owner: &Person, query: &str) -> Value {
    owner.get(format!("/v1/practice/overview?{query}")).await.expect_status(200).json()
}

/// Two counselors, of whom the first has done a little of everything.
async fn practice_at_work(app: &TestApp) -> (Case, Case) {
    let (case, other) = (Case::lee_and_kim(app).await, Case::of(app, "ben", ["sam", "max"]).await);
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    case.lee.submit(assignment, json!({ "answers": Kind::Pulse.example() })).await;
    let done = case.assign(json!({ "exercise": "apology" })).await;
    case.counselor
        .put(format!("/v1/assignments/{done}/ending"), json!({ "how": "completed" }))
        .await
        .expect_status(200);
    let (held, missed) = (case.session(json!({})).await, case.session(json!({})).await);
    case.session(json!({ "starts_at": "2026-09-29T12:00:00Z" })).await;
    case.note(held, "They talked.").await;
    app.advance(TimeDelta::days(8));
    for (session, status) in [(held, "held"), (missed, "no_show")] {
        case.counselor.patch(format!("/v1/sessions/{session}"), json!({ "status": status })).await.expect_status(200);
    }
    let closed = json!({ "status": "closed" });
    other.counselor.patch(format!("/v1/couples/{}", other.couple), closed).await.expect_status(200);
    (case, other)
}

async fn an_owner_sees_what_the_practice_does(app: TestApp) {
    let (case, other) = practice_at_work(&app).await;

    let shown = overview(&app.owner().await, MONTH).await;

    let practice = &shown["practice"];
    let couples = json!({ "intake": 1, "active": 0, "paused": 0, "closed": 1, "separated": 0 });
    assert_eq!((&practice["couples"], &practice["opened"], &practice["closed"]), (&couples, &json!(2), &json!(1)));
    let sessions = json!({ "scheduled": 1, "held": 1, "cancelled": 0, "late_cancelled": 0, "no_show": 1 });
    assert_eq!((&practice["sessions"], &practice["unsigned_notes"]), (&sessions, &json!(1)));
    assert_eq!((&practice["assignments_given"], &practice["assignments_completed"]), (&json!(2), &json!(1)));
    assert_eq!((&practice["entries_submitted"], &practice["to_review"]), (&json!(1), &json!(1)));
    assert_eq!(practice["oldest_to_review_days"], json!(8));
    let of = |counselor: &Person| {
        let all = shown["counselors"].as_array().into_iter().flatten();
        all.into_iter().find(|one| one["counselor_id"] == json!(counselor.id)).map(|one| one["counts"].clone())
    };
    assert_eq!(of(&case.counselor).map(|counts| counts["sessions"]["held"].clone()), Some(json!(1)));
    assert_eq!(of(&other.counselor).map(|counts| counts["closed"].clone()), Some(json!(1)));
    let patient = overview(&app.owner().await, &format!("{MONTH}&unsigned_after_days=30")).await;
    assert_eq!(patient["practice"]["unsigned_notes"], json!(0));
}

async fn what_lies_outside_the_range_is_not_counted(app: TestApp) {
    practice_at_work(&app).await;

    let earlier = overview(&app.owner().await, "from=2026-08-01&until=2026-08-31").await;

    for flow in ["opened", "closed", "assignments_given", "assignments_completed", "entries_submitted"] {
        assert_eq!(earlier["practice"][flow], json!(0), "{flow}");
    }
    assert_eq!(earlier["practice"]["sessions"]["held"], json!(0));
    assert_eq!(earlier["practice"]["couples"]["closed"], json!(1), "what stands is as of now");
}

async fn an_overview_names_no_client_and_is_the_owners_alone(app: TestApp) {
    let (case, _) = practice_at_work(&app).await;
    let owner = app.owner().await;
    let path = format!("/v1/practice/overview?{MONTH}");

    let shown = owner.get(&path).await.expect_status(200).json().to_string();

    for id in [case.couple, case.lee.id, case.kim.id, case.lee.person.id, case.kim.person.id] {
        assert!(!shown.contains(&id.to_string()));
    }
    let (susan, alex) = (app.supervisor("susan").await, app.assistant("alex").await);
    for person in [&case.counselor, &susan, &alex, &case.lee.person] {
        assert_eq!(person.get(&path).await.problem().0, 403);
    }
    for query in ["", "from=2026-09-02&until=2026-09-01", "from=2020-01-01&until=2026-09-01"] {
        assert_eq!(owner.get(format!("/v1/practice/overview?{query}")).await.problem().0, 400, "{query}");
    }
}
