//! "Not ready" is a full answer: the other learns that the exercise rests, and not why, nor since when.

use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, items},
    stories,
};
use uuid::Uuid;

use super::view::entry;

stories![the_other_sees_only_that_the_exercise_is_paused, beginning_something_for_both_takes_no_pause_back];

async fn the_other_sees_only_that_the_exercise_is_paused(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    case.lee.draft(assignment, entry("shared")).await;
    let as_begun = standing(&case.kim, assignment, &case.lee).await;

    for (status, paused) in [("skipped", false), ("opened", false), ("not_ready", true), ("in_progress", false)] {
        app.advance(chrono::TimeDelta::minutes(5));
        say(&case.lee, assignment, status).await;

        let own = standing(&case.lee, assignment, &case.lee).await;
        assert_eq!(
            (&own["status"], &own["paused"]),
            (&json!(status), &json!(paused)),
            "the partner's own view is whole"
        );
        assert!(own["changed_at"].is_string());
        let (partner, unknown) = (case.lee.id, Value::Null);
        let expected = json!({
            "partner_id": partner, "paused": paused, "status": unknown, "changed_at": unknown, "overdue_since": unknown,
        });
        assert_eq!(standing(&case.kim, assignment, &case.lee).await, expected, "{status}");
        let path = format!("/v1/assignments/{assignment}");
        assert_eq!(case.counselor.get(path).await.json()["standings"][0]["status"], json!(status));
    }

    assert_eq!(standing(&case.kim, assignment, &case.lee).await, as_begun, "nothing is left of the pause");
}

async fn beginning_something_for_both_takes_no_pause_back(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "transparent-communication" })).await;
    say(&case.lee, assignment, "not_ready").await;

    let talk = case.answers_of(Kind::TalkLog, &case.kim).await;
    case.kim.draft(assignment, json!({ "answers": talk })).await;

    assert_eq!(standing(&case.lee, assignment, &case.lee).await["status"], json!("not_ready"));
    assert_eq!(standing(&case.kim, assignment, &case.lee).await["paused"], json!(true));
    case.lee.draft(assignment, json!({ "answers": Kind::VolunteeredInformation.example() })).await;
    assert_eq!(standing(&case.lee, assignment, &case.lee).await["status"], json!("in_progress"), "their own does");
}

async fn say(partner: &Partner, assignment: Uuid, status: &str) {
    let path = format!("/v1/assignments/{assignment}/standings/{}", partner.id);
    partner.person.put(path, json!({ "status": status })).await.expect_status(200);
}

/// Where one partner stands, as another sees it, in the list as by itself.
async fn standing(reader: &Partner, assignment: Uuid, of: &Partner) -> Value {
    let seen = reader.person.get(format!("/v1/assignments/{assignment}")).await.expect_status(200).json();
    let couple = seen["couple_id"].as_str().expect("an id");
    let listed = reader.person.get(format!("/v1/couples/{couple}/assignments")).await.expect_status(200).json();
    assert!(items(&listed["items"]).contains(&seen), "the list shows the same");
    let standings = items(&seen["standings"]).iter();
    standings.into_iter().find(|standing| standing["partner_id"] == json!(of.id)).cloned().unwrap_or_default()
}
