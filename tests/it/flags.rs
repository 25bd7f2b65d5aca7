//! Flags: what reviews want taken up in a session, until a counselor takes it up.

use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, items},
    person::Person,
    stories,
};
use uuid::Uuid;

use crate::sign_ins::trail;

stories![
    a_flag_stands_until_it_is_taken_up,
    a_flag_is_taken_up_in_a_session_of_its_couple,
    flags_are_nobody_elses,
    the_queue_is_narrowed_to_a_couple_and_an_exercise,
];

/// A pulse of Lee's that was flagged: the review.
async fn flagged(case: &Case) -> Uuid {
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let entry = case.lee.submit(assignment, json!({ "answers": Kind::Pulse.example() })).await;
    case.review(entry, json!({ "flagged_for_session": true })).await
}

async fn standing(person: &Person, path: &str) -> Vec<Value> {
    let flags = person.get(path).await.expect_status(200).json();
    items(&flags["items"]).iter().map(|flag| flag["review_id"].clone()).collect()
}

fn taking_up(flag: Uuid) -> String {
    format!("/v1/flags/{flag}/taking-up")
}

async fn a_flag_stands_until_it_is_taken_up(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (first, second) = (flagged(&case).await, flagged(&case).await);
    assert_eq!(standing(&case.counselor, "/v1/flags").await, [json!(first), json!(second)]);

    let done = case.counselor.post(taking_up(first), json!({})).await.expect_status(200).json();

    assert_eq!((&done["taken_up_by"], &done["session_id"]), (&json!(case.counselor.id), &Value::Null));
    let of_couple = format!("/v1/flags?couple_id={}", case.couple);
    assert_eq!(standing(&case.counselor, &of_couple).await, [json!(second)]);
    assert_eq!(case.counselor.post(taking_up(first), json!({})).await.problem().0, 409);
    let owner = app.owner().await;
    assert!(trail(&owner).await.iter().any(|event| event["action"] == "flag.taken_up"));
}

async fn a_flag_is_taken_up_in_a_session_of_its_couple(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let flag = flagged(&case).await;
    let session = case.session(json!({})).await;
    let in_session = json!({ "session_id": session });

    let refused = case.counselor.post(taking_up(flag), in_session.clone()).await;
    assert_eq!(refused.problem(), (422, "rule-broken".to_owned()), "it was not held yet");

    app.advance(TimeDelta::days(1));
    case.counselor.patch(format!("/v1/sessions/{session}"), json!({ "status": "held" })).await.expect_status(200);
    assert_eq!(standing(&case.counselor, "/v1/flags").await, [json!(flag)], "a session takes up nothing by itself");
    let foreign = Case::of(&app, "bea", ["sam", "max"]).await.session(json!({})).await;
    for other in [foreign, Uuid::nil()] {
        let refused = case.counselor.post(taking_up(flag), json!({ "session_id": other })).await;
        let at = (refused.status(), refused.text_at("/errors/0/pointer"), refused.text_at("/errors/0/code"));
        assert_eq!(at, (422, "/session_id".to_owned(), "unknown".to_owned()));
    }
    let done = case.counselor.post(taking_up(flag), in_session).await.expect_status(200).json();
    assert_eq!(done["session_id"], json!(session));
}

async fn flags_are_nobody_elses(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (ben, alex) = (app.counselor("ben").await, app.assistant("alex").await);
    let flag = flagged(&case).await;

    assert!(standing(&ben, "/v1/flags").await.is_empty());
    assert_eq!(ben.post(taking_up(flag), json!({})).await.problem().0, 404);
    for person in [&alex, &case.lee.person] {
        assert_eq!(person.get("/v1/flags").await.problem().0, 403);
    }
}

async fn the_queue_is_narrowed_to_a_couple_and_an_exercise(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let pulse = case.assign(json!({ "exercise": "professional-help" })).await;
    let pulse = case.lee.submit(pulse, json!({ "answers": Kind::Pulse.example() })).await;
    let share = case.assign(json!({ "exercise": "vulnerability" })).await;
    let share = case.kim.submit(share, json!({ "answers": Kind::VulnerabilityShare.example() })).await;
    let queue = async |query: &str| -> Vec<Value> {
        let waiting = case.counselor.get(format!("/v1/review-queue?{query}")).await.expect_status(200).json();
        items(&waiting["items"]).iter().map(|entry| entry["id"].clone()).collect()
    };

    assert_eq!(queue(&format!("couple_id={}", case.couple)).await, [json!(pulse), json!(share)]);
    assert_eq!(queue("exercise=vulnerability").await, [json!(share)]);
    assert!(queue(&format!("couple_id={}", Uuid::nil())).await.is_empty());
    assert_eq!(case.counselor.get("/v1/review-queue?exercise=yoga").await.problem().0, 400);
}
