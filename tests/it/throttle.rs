//! Guessing at passwords takes ever longer, whether there is anything to guess at or not.

use chrono::TimeDelta;
use tenfold_tests::{
    app::{PASSWORD, PRACTICE, TestApp},
    person::sign_in,
    stories,
};

stories![
    who_guesses_waits_and_is_let_in_later,
    who_guesses_at_nobody_waits_as_long,
    a_success_forgives,
    guessing_at_the_current_password_takes_as_long
];

const WRONG: &str = "eight boats on the quay";

/// The statuses of six tries, and how long the last one is told to wait.
async fn guess(app: &TestApp, practice: &str, email: &str) -> (Vec<u16>, String) {
    let mut statuses = Vec::new();
    let mut wait = String::new();
    for _ in 0..6 {
        let reply = sign_in(app, practice, email, WRONG).await;
        statuses.push(reply.status());
        reply.header("retry-after").clone_into(&mut wait);
    }
    (statuses, wait)
}

async fn who_guesses_waits_and_is_let_in_later(app: TestApp) {
    let anna = app.counselor("anna").await;

    let (statuses, wait) = guess(&app, PRACTICE, &anna.email).await;

    assert_eq!((statuses, wait.as_str()), (vec![401, 401, 401, 401, 401, 429], "30"));
    let refused = anna.try_to_sign_in(PASSWORD).await;
    assert_eq!(refused.problem(), (429, "too-many-requests".to_owned()));
    app.advance(TimeDelta::seconds(30));
    anna.try_to_sign_in(PASSWORD).await.expect_status(201);
}

async fn who_guesses_at_nobody_waits_as_long(app: TestApp) {
    let anna = app.counselor("anna").await;
    let known = guess(&app, PRACTICE, &anna.email).await;

    assert_eq!(guess(&app, PRACTICE, "nobody@harbor.example").await, known);
    assert_eq!(guess(&app, "nowhere", &anna.email).await, known);
    assert_eq!(guess(&app, "elsewhere", &anna.email).await, known);
}

async fn a_success_forgives(app: TestApp) {
    let anna = app.counselor("anna").await;

    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(anna.try_to_sign_in(WRONG).await.status(), 401);
        }
        anna.try_to_sign_in(PASSWORD).await.expect_status(201);
    }
}

async fn guessing_at_the_current_password_takes_as_long(app: TestApp) {
    let anna = app.counselor("anna").await;
    let body = serde_json::json!({ "current_password": WRONG, "new_password": "nine herons over the pier" });

    for _ in 0..5 {
        assert_eq!(anna.post("/v1/me/password", body.clone()).await.problem(), (422, "invalid-fields".to_owned()));
    }

    assert_eq!(anna.post("/v1/me/password", body).await.problem(), (429, "too-many-requests".to_owned()));
}
