//! Sessions: who schedules them, who sees them, and who sees what they are about.

use std::slice;

use serde_json::{Value, json};
use tenfold_tests::{app::TestApp, case::Case, person::Person, stories};

stories![
    an_assistant_schedules_and_never_sees_what_a_session_is_about,
    a_session_with_one_partner_does_not_exist_for_the_other,
    the_calendar_shows_each_their_own,
    attendance_is_recorded_once_a_session_was_held,
    a_counselor_of_other_couples_finds_nothing,
];

fn sessions(case: &Case) -> String {
    format!("/v1/couples/{}/sessions", case.couple)
}

/// The ids in a list.
pub(crate) async fn ids(person: &Person, path: &str) -> Vec<String> {
    let reply = person.get(path).await;
    let items = reply.expect_status(200).json()["items"].as_array().cloned().unwrap_or_default();
    items.iter().filter_map(|item| item["id"].as_str().map(ToOwned::to_owned)).collect()
}

async fn an_assistant_schedules_and_never_sees_what_a_session_is_about(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let ben = app.assistant("ben").await;
    let session = case.session(json!({ "topic": "the letters" })).await;
    let path = format!("/v1/sessions/{session}");

    assert_eq!(case.counselor.get(&path).await.json()["topic"], "the letters");
    for person in [&ben, &case.kim.person] {
        assert_eq!(person.get(&path).await.expect_status(200).json()["topic"], Value::Null);
        let list = person.get(sessions(&case)).await;
        assert!(!String::from_utf8_lossy(list.bytes()).contains("letters"));
    }
    let moved = ben.patch(&path, json!({ "starts_at": "2026-10-01T15:00:00Z" })).await;
    assert_eq!(moved.expect_status(200).json()["topic"], Value::Null);
    assert_eq!(case.counselor.get(&path).await.json()["topic"], "the letters");
    assert_eq!(ben.patch(&path, json!({ "topic": "mine" })).await.problem(), (403, "forbidden".to_owned()));
    let with_topic = json!({ "starts_at": "2026-10-01T15:00:00Z", "minutes": 50, "place": "video", "topic": "mine" });
    assert_eq!(ben.post(sessions(&case), with_topic).await.status(), 403);
    assert_eq!(case.kim.person.patch(&path, json!({ "minutes": 60 })).await.status(), 403);
}

async fn a_session_with_one_partner_does_not_exist_for_the_other(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let joint = case.session(json!({})).await.to_string();
    let alone = case.session(json!({ "partner_id": case.kim.id })).await.to_string();

    assert_eq!(ids(&case.kim.person, &sessions(&case)).await, [joint.clone(), alone.clone()]);
    assert_eq!(ids(&case.lee.person, &sessions(&case)).await, slice::from_ref(&joint));
    assert_eq!(ids(&case.lee.person, &format!("{}?limit=1", sessions(&case))).await, slice::from_ref(&joint));
    assert_eq!(case.lee.person.get(format!("{}?limit=1", sessions(&case))).await.json()["next_cursor"], Value::Null);
    assert_eq!(case.lee.person.get(format!("/v1/sessions/{alone}")).await.problem(), (404, "not-found".to_owned()));
    case.kim.person.get(format!("/v1/sessions/{alone}")).await.expect_status(200);
    assert_eq!(ids(&case.lee.person, "/v1/sessions?from=2026-09-01&until=2026-09-30").await, [joint]);
}

async fn the_calendar_shows_each_their_own(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (owner, ben, cleo) = (app.owner().await, app.assistant("ben").await, app.counselor("cleo").await);
    // Half past eleven at night in Berlin, where the practice is: the last of the 21st.
    let late = case.session(json!({ "starts_at": "2026-09-21T21:30:00Z" })).await.to_string();
    let range = |from: &str, until: &str| format!("/v1/sessions?from={from}&until={until}");

    for person in [&case.counselor, &owner, &ben, &case.kim.person] {
        assert_eq!(ids(person, &range("2026-09-21", "2026-09-21")).await, slice::from_ref(&late));
        assert_eq!(ids(person, &range("2026-09-22", "2026-09-30")).await, [""; 0]);
    }
    assert_eq!(ids(&cleo, &range("2026-09-21", "2026-09-21")).await, [""; 0]);
    assert_eq!(
        case.counselor.get("/v1/sessions?from=2026-09-21").await.problem(),
        (400, "malformed-parameter".to_owned())
    );
    assert_eq!(ids(&case.counselor, &range("1900-01-01", "2200-12-31")).await, [late]);
    assert_eq!(app.nobody().get("/v1/sessions").await.status(), 401);
}

async fn attendance_is_recorded_once_a_session_was_held(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let session = case.session(json!({ "starts_at": "2026-09-20T15:00:00Z" })).await;
    let path = format!("/v1/sessions/{session}");
    let there = json!([
        { "partner_id": case.lee.id, "presence": "attended" }, { "partner_id": case.kim.id, "presence": "late" },
    ]);
    let attendance = json!({ "attendance": there });

    let too_early = case.counselor.put(format!("{path}/attendance"), attendance.clone()).await;
    assert_eq!(too_early.problem(), (422, "rule-broken".to_owned()));
    case.counselor.patch(&path, json!({ "status": "held" })).await.expect_status(200);
    let recorded = case.counselor.put(format!("{path}/attendance"), attendance.clone()).await;
    assert_eq!(recorded.expect_status(200).json()["attendance"], attendance["attendance"]);
    assert_eq!(case.counselor.patch(&path, json!({ "starts_at": "2026-10-01T15:00:00Z" })).await.status(), 422);
    let far = json!({ "starts_at": "+200000-10-01T15:00:00Z", "minutes": 50, "place": "office" });
    assert_eq!(case.counselor.post(sessions(&case), far).await.problem().0, 422);
}

async fn a_counselor_of_other_couples_finds_nothing(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (session, cleo) = (case.session(json!({})).await, app.counselor("cleo").await);
    let stranger = app.owner_of("lighthouse").await;

    for person in [&cleo, &stranger] {
        assert_eq!(person.get(format!("/v1/sessions/{session}")).await.status(), 404);
        assert_eq!(person.get(sessions(&case)).await.status(), 404);
        assert_eq!(person.patch(format!("/v1/sessions/{session}"), json!({ "minutes": 60 })).await.status(), 404);
    }
}
