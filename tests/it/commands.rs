//! What the command line does beside serving.

use api::commands::{rotate_keys, verify_audit};
use store::audit::Verdict;
use tenfold_tests::{app::TestApp, stories};

stories![rotated_keys_open_what_was_sealed_before, a_whole_trail_is_said_to_be_whole];

async fn rotated_keys_open_what_was_sealed_before(app: TestApp) {
    let anna = app.counselor("anna").await;
    let other = app.owner_of("lagoon").await;

    let rotated = rotate_keys(app.inside(), true).await;

    assert_eq!(rotated.ok(), Some(2));
    assert_eq!(anna.get("/v1/me").await.json()["name"], "anna");
    assert_eq!(other.get("/v1/me").await.json()["name"], "owner");
    anna.sign_in().await;
    app.counselor("ben").await.get("/v1/me").await.expect_status(200);
}

async fn a_whole_trail_is_said_to_be_whole(app: TestApp) {
    app.owner_of("lagoon").await;
    app.counselor("anna").await;

    let checked = verify_audit(app.inside()).await.expect("the trails can be read");

    assert_eq!(checked.len(), 2);
    assert!(checked.iter().all(|trail| matches!(trail.verdict, Verdict::Whole(count) if count > 0)), "{checked:?}");
}
