//! Nobody gets in without a token that can be believed now.

use actix_web::test::TestRequest;
use chrono::Duration;

use super::*;

fn me(authorization: &str) -> TestRequest {
    TestRequest::get().uri("/v1/me").insert_header(("authorization", authorization.to_owned()))
}

#[actix_web::test]
async fn who_is_signed_in_is_known() {
    let app = app(&[]);
    let reply = ask(&app, signed_in(&app, TestRequest::get().uri("/v1/me"))).await;
    assert_eq!(reply.status, 200);
    assert_eq!((&reply.json()["kind"], &reply.json()["id"]), (&json!("client"), &json!(Uuid::from_u128(3))));
}

#[actix_web::test]
async fn without_a_token_the_answer_says_that_one_is_needed() {
    let app = app(&[]);
    for request in [TestRequest::get().uri("/v1/me"), me("Basic YTpi"), me("Bearer"), me("Bearer ")] {
        let reply = ask(&app, request).await;
        assert_eq!(reply.problem().0, 401);
        assert_eq!(reply.header("www-authenticate"), "Bearer");
    }
}

#[actix_web::test]
async fn a_token_that_ran_out_or_is_none_is_not_believed() {
    let app = app(&[]);
    let old = app.tokens.issue(&bearer(), NOW - Duration::minutes(10), Uuid::nil()).unwrap().token;
    let foreign = super::app(&[]).tokens.issue(&bearer(), NOW, Uuid::nil()).unwrap().token;
    for token in [old.as_str(), foreign.as_str(), "nonsense", "a.b.c"] {
        let reply = ask(&app, me(&format!("Bearer {token}"))).await;
        assert_eq!(reply.problem().0, 401);
        assert_eq!(reply.header("www-authenticate"), r#"Bearer error="invalid_token""#);
    }
}

#[actix_web::test]
async fn who_is_not_signed_in_learns_nothing_about_the_body() {
    assert_eq!(ask(&app(&[]), post("/v1/moods", "{")).await.problem().0, 401);
}

#[actix_web::test]
async fn a_token_in_the_query_is_not_looked_at() {
    let app = app(&[]);
    let token = app.tokens.issue(&bearer(), NOW, Uuid::nil()).unwrap().token;
    let reply = ask(&app, TestRequest::get().uri(&format!("/v1/me?access_token={token}"))).await;
    assert_eq!(reply.status, 401);
}

#[actix_web::test]
async fn the_public_keys_can_be_fetched() {
    let app = app(&[]);
    let keys = ask(&app, TestRequest::get().uri("/.well-known/jwks.json")).await.json();
    assert_eq!(keys["keys"][0]["alg"], "EdDSA");
    assert!(keys["keys"][0].get("d").is_none());
}
