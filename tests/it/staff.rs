//! The people who work in a practice, and the practice itself.

use serde_json::{Value, json};
use tenfold_tests::{app::TestApp, stories};

stories![
    a_role_holds_from_the_next_request_on,
    whose_access_ends_is_out_at_once,
    the_last_owner_stays,
    a_supervisor_is_chosen_and_taken_away,
    an_address_that_changes_is_what_one_signs_in_with,
    a_client_without_an_address_is_signed_out,
    a_change_says_which_version_it_is_for,
    everyone_reads_the_practice_and_the_owner_changes_it,
    adding_someone_twice_with_one_key_adds_them_once,
];

async fn a_role_holds_from_the_next_request_on(app: TestApp) {
    let (owner, anna) = (app.owner().await, app.counselor("anna").await);
    assert_eq!(anna.get("/v1/audit-events").await.status(), 403);

    owner.patch(format!("/v1/staff/{}", anna.id), json!({ "role": "owner" })).await.expect_status(200);
    anna.get("/v1/audit-events").await.expect_status(200);

    owner.patch(format!("/v1/staff/{}", anna.id), json!({ "role": "assistant" })).await.expect_status(200);
    assert_eq!(anna.get("/v1/audit-events").await.status(), 403);
}

async fn whose_access_ends_is_out_at_once(app: TestApp) {
    let (owner, anna) = (app.owner().await, app.counselor("anna").await);
    let refresh = anna.tokens().refresh;

    let ended = owner.post(format!("/v1/staff/{}/end", anna.id), Value::Null).await;

    assert!(ended.expect_status(200).json()["ended_at"].is_string());
    assert_eq!(anna.get("/v1/me").await.problem(), (401, "unauthenticated".to_owned()));
    assert_eq!(anna.refresh(&refresh).await.status(), 401);
    assert_eq!(anna.try_to_sign_in("seven boats on the quay").await.status(), 401);
    assert_eq!(owner.post(format!("/v1/staff/{}/invitations", anna.id), Value::Null).await.status(), 422);
    app.counselor("anna").await.get("/v1/me").await.expect_status(200);
}

async fn the_last_owner_stays(app: TestApp) {
    let owner = app.owner().await;

    assert_eq!(owner.post(format!("/v1/staff/{}/end", owner.id), Value::Null).await.problem().0, 422);
    let demotion = json!({ "role": "assistant" });
    assert_eq!(owner.patch(format!("/v1/staff/{}", owner.id), demotion).await.problem().0, 422);
}

async fn a_supervisor_is_chosen_and_taken_away(app: TestApp) {
    let (owner, anna, susan) = (app.owner().await, app.counselor("anna").await, app.supervisor("susan").await);
    let path = format!("/v1/staff/{}", anna.id);

    let chosen = owner.patch(&path, json!({ "supervisor_id": susan.id })).await;
    assert_eq!(chosen.expect_status(200).json()["supervisor_id"], json!(susan.id));
    assert_eq!(owner.patch(&path, json!({ "supervisor_id": anna.id })).await.status(), 422);
    assert_eq!(owner.patch(&path, json!({ "supervisor_id": uuid::Uuid::nil() })).await.status(), 422);

    let taken = owner.patch(&path, json!({ "supervisor_id": null })).await;
    assert_eq!(taken.expect_status(200).json()["supervisor_id"], Value::Null);
}

async fn an_address_that_changes_is_what_one_signs_in_with(app: TestApp) {
    let (owner, anna) = (app.owner().await, app.counselor("anna").await);

    let change = json!({ "email": "anna.lee@harbor.example" });
    owner.patch(format!("/v1/staff/{}", anna.id), change).await.expect_status(200);

    assert_eq!(anna.try_to_sign_in("seven boats on the quay").await.status(), 401);
    let reply =
        tenfold_tests::person::sign_in(&app, "harbor", "anna.lee@harbor.example", "seven boats on the quay").await;
    reply.expect_status(201);
    let taken = json!({ "email": "owner@harbor.example" });
    assert_eq!(owner.patch(format!("/v1/staff/{}", anna.id), taken).await.status(), 409);
}

async fn a_client_without_an_address_is_signed_out(app: TestApp) {
    let (owner, kim) = (app.owner().await, app.client("kim").await);

    owner.patch(format!("/v1/clients/{}", kim.id), json!({ "email": null })).await.expect_status(200);

    assert_eq!(kim.get("/v1/me").await.status(), 401);
}

async fn a_change_says_which_version_it_is_for(app: TestApp) {
    let owner = app.owner().await;
    let path = format!("/v1/staff/{}", owner.id);
    let ask = |tag: &'static str| {
        let request = actix_web::test::TestRequest::patch().uri(&path).insert_header(("if-match", tag));
        owner.send(request.set_json(json!({ "name": "Olga" })))
    };

    assert_eq!(ask("\"7\"").await.status(), 412);
    let changed = ask("\"1\"").await;
    assert_eq!((changed.status(), changed.header("etag")), (200, "\"2\""));
}

async fn everyone_reads_the_practice_and_the_owner_changes_it(app: TestApp) {
    let (owner, kim) = (app.owner().await, app.client("kim").await);

    owner.patch("/v1/practice", json!({ "time_zone": "Europe/Lisbon" })).await.expect_status(200);

    assert_eq!(kim.get("/v1/practice").await.json()["time_zone"], "Europe/Lisbon");
    assert_eq!(kim.patch("/v1/practice", json!({ "name": "Mine" })).await.status(), 403);
    assert_eq!(owner.patch("/v1/practice", json!({ "time_zone": "Moon/Crater" })).await.status(), 400);
    assert_eq!(owner.patch("/v1/practice", json!({ "name": "" })).await.status(), 422);
}

async fn adding_someone_twice_with_one_key_adds_them_once(app: TestApp) {
    let owner = app.owner().await;
    let ask = || {
        let wanted = json!({ "role": "assistant", "name": "ben", "email": "ben@harbor.example" });
        let request = actix_web::test::TestRequest::post().uri("/v1/staff").insert_header(("idempotency-key", "once"));
        owner.send(request.set_json(wanted))
    };

    let (first, again) = (ask().await, ask().await);

    assert_eq!((first.created(), first.json()), (again.created(), again.json()));
    assert_eq!(owner.get("/v1/staff").await.json()["items"].as_array().map(Vec::len), Some(2));
}
