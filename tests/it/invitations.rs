//! How staff and clients come by their first password.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tenfold_tests::{
    app::{PASSWORD, TestApp},
    person::Person,
    stories,
};

stories![
    an_invitation_is_accepted_once,
    an_invitation_expires_after_seven_days,
    a_newer_invitation_takes_the_place_of_an_older_one,
    whatever_is_wrong_with_an_invitation_is_answered_alike,
    a_refused_password_leaves_the_invitation_open,
    an_invitation_can_replace_a_lost_password,
    only_those_who_manage_invite,
    an_assistant_invites_a_client_and_never_signs_in_as_them,
    a_client_without_an_address_is_not_invited,
    nobody_signs_in_with_the_address_of_someone_else,
];

async fn hire(owner: &Person, name: &str) -> String {
    let wanted = json!({ "role": "counselor", "name": name, "email": format!("{name}@harbor.example") });
    owner.post("/v1/staff", wanted).await.created().to_string()
}

async fn invite(owner: &Person, id: &str) -> String {
    owner.post(format!("/v1/staff/{id}/invitations"), Value::Null).await.expect_status(201).text_at("/token")
}

async fn accept(app: &TestApp, token: &str, password: &str) -> (u16, String) {
    let body = json!({ "token": token, "password": password });
    let reply = app.nobody().post("/v1/invitations/acceptance", body).await;
    if reply.status() == 204 { (204, String::new()) } else { reply.problem() }
}

fn invalid() -> (u16, String) {
    (422, "invalid-invitation".to_owned())
}

async fn an_invitation_is_accepted_once(app: TestApp) {
    let owner = app.owner().await;
    let anna = hire(&owner, "anna").await;
    let token = invite(&owner, &anna).await;

    assert_eq!(accept(&app, &token, PASSWORD).await.0, 204);

    assert_eq!(accept(&app, &token, "nine herons over the pier").await, invalid());
    let signed_in = tenfold_tests::person::sign_in(&app, "harbor", "Anna@Harbor.example", PASSWORD).await;
    signed_in.expect_status(201);
}

async fn an_invitation_expires_after_seven_days(app: TestApp) {
    let owner = app.owner().await;
    let (anna, ben) = (hire(&owner, "anna").await, hire(&owner, "ben").await);
    let (late, in_time) = (invite(&owner, &anna).await, invite(&owner, &ben).await);

    app.advance(TimeDelta::days(7) - TimeDelta::seconds(1));
    assert_eq!(accept(&app, &in_time, PASSWORD).await.0, 204);
    app.advance(TimeDelta::seconds(1));
    assert_eq!(accept(&app, &late, PASSWORD).await, invalid());
}

async fn a_newer_invitation_takes_the_place_of_an_older_one(app: TestApp) {
    let owner = app.owner().await;
    let anna = hire(&owner, "anna").await;
    let older = invite(&owner, &anna).await;
    let newer = invite(&owner, &anna).await;

    assert_eq!(accept(&app, &older, PASSWORD).await, invalid());
    assert_eq!(accept(&app, &newer, PASSWORD).await.0, 204);
}

async fn whatever_is_wrong_with_an_invitation_is_answered_alike(app: TestApp) {
    let owner = app.owner().await;
    let anna = hire(&owner, "anna").await;
    let token = invite(&owner, &anna).await;
    let (rest, secret) = token.split_at(token.len() - 43);
    let other_secret = format!("{rest}{}", secret.chars().rev().collect::<String>());
    let other_practice = format!("tfi_{}{}", "0".repeat(32), &token[36..]);

    for none in ["nonsense", &other_secret, &other_practice, &owner.tokens().refresh] {
        assert_eq!(accept(&app, none, PASSWORD).await, invalid(), "{none}");
    }
    assert_eq!(accept(&app, &token, PASSWORD).await.0, 204);
}

async fn a_refused_password_leaves_the_invitation_open(app: TestApp) {
    let owner = app.owner().await;
    let anna = hire(&owner, "anna").await;
    let token = invite(&owner, &anna).await;

    assert_eq!(accept(&app, &token, "too short").await, (422, "invalid-fields".to_owned()));
    assert_eq!(accept(&app, &token, PASSWORD).await.0, 204);
}

async fn an_invitation_can_replace_a_lost_password(app: TestApp) {
    let (owner, anna) = (app.owner().await, app.counselor("anna").await);
    let token = invite(&owner, &anna.id.to_string()).await;

    assert_eq!(accept(&app, &token, "nine herons over the pier").await.0, 204);

    assert_eq!(anna.get("/v1/me").await.status(), 401);
    assert_eq!(anna.try_to_sign_in(PASSWORD).await.status(), 401);
    anna.try_to_sign_in("nine herons over the pier").await.expect_status(201);
}

async fn only_those_who_manage_invite(app: TestApp) {
    let (anna, kim) = (app.counselor("anna").await, app.client("kim").await);

    let staff = format!("/v1/staff/{}/invitations", anna.id);
    let clients = format!("/v1/clients/{}/invitations", kim.id);
    assert_eq!(anna.post(&staff, Value::Null).await.status(), 403);
    assert_eq!(kim.post(&clients, Value::Null).await.status(), 403);
    assert_eq!(app.nobody().post(&clients, Value::Null).await.status(), 401);
    anna.post(&clients, Value::Null).await.expect_status(201);
}

async fn an_assistant_invites_a_client_and_never_signs_in_as_them(app: TestApp) {
    let (owner, alex, kim) = (app.owner().await, app.assistant("alex").await, app.client("kim").await);
    let lee = json!({ "name": "Lee", "email": "lee@harbor.example" });
    let lee = alex.post("/v1/clients", lee).await.created();

    alex.post(format!("/v1/clients/{lee}/invitations"), Value::Null).await.expect_status(201);
    assert_eq!(alex.post(format!("/v1/clients/{}/invitations", kim.id), Value::Null).await.status(), 403);
    let path = format!("/v1/clients/{}", kim.id);
    assert_eq!(alex.patch(&path, json!({ "email": null })).await.status(), 403, "nor by way of a new account");
    alex.patch(&path, json!({ "phone": "555 0100" })).await.expect_status(200);
    owner.post(format!("/v1/clients/{}/invitations", kim.id), Value::Null).await.expect_status(201);
}

async fn a_client_without_an_address_is_not_invited(app: TestApp) {
    let owner = app.owner().await;
    let kim = owner.post("/v1/clients", json!({ "name": "kim" })).await.created();

    let reply = owner.post(format!("/v1/clients/{kim}/invitations"), Value::Null).await;

    assert_eq!(reply.problem(), (422, "rule-broken".to_owned()));
}

async fn nobody_signs_in_with_the_address_of_someone_else(app: TestApp) {
    let owner = app.owner().await;
    app.client("kim").await;
    let lee = owner.post("/v1/clients", json!({ "name": "lee", "email": "KIM@harbor.example" })).await.created();

    assert_eq!(owner.post(format!("/v1/clients/{lee}/invitations"), Value::Null).await.status(), 409);
    let wanted = json!({ "role": "counselor", "name": "kim", "email": "kim@harbor.example" });
    assert_eq!(owner.post("/v1/staff", wanted).await.status(), 409);
}
