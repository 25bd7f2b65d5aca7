//! Every refusal is a problem that says where and why, and never repeats what was submitted.

use actix_web::{http::Method, test::TestRequest};

use super::*;

fn owned(errors: &[(&str, &str)]) -> Vec<(String, String)> {
    errors.iter().map(|(pointer, code)| ((*pointer).to_owned(), (*code).to_owned())).collect()
}

async fn refusal(body: &str) -> (u16, String, Vec<(String, String)>) {
    let app = app(&[]);
    ask(&app, signed_in(&app, post("/v1/moods", body))).await.problem()
}

#[actix_web::test]
async fn an_unknown_path_is_not_found() {
    let reply = ask(&app(&[]), TestRequest::get().uri("/v1/nonsense")).await;
    assert_eq!(reply.problem(), (404, "not-found".to_owned(), vec![]));
}

#[actix_web::test]
async fn a_known_path_says_how_it_can_be_asked_for() {
    let app = app(&[]);
    for method in [Method::DELETE, Method::TRACE] {
        let reply = ask(&app, TestRequest::default().method(method).uri("/v1/me")).await;
        assert_eq!(reply.problem().0, 405);
        assert_eq!(reply.header("allow"), "GET, HEAD, OPTIONS");
    }
    let reply = ask(&app, TestRequest::default().method(Method::OPTIONS).uri("/v1/me")).await;
    assert_eq!((reply.status, reply.header("allow")), (204, "GET, HEAD, OPTIONS"));
}

#[actix_web::test]
async fn head_is_answered_like_get() {
    let request = TestRequest::default().method(Method::HEAD).uri("/health/live");
    assert_eq!(ask(&app(&[]), request).await.status, 200);
}

#[actix_web::test]
async fn a_path_with_an_id_that_is_none_is_not_found() {
    let app = app(&[]);
    let request = TestRequest::patch().uri("/v1/moods/nonsense").insert_header(("if-match", "*"));
    let reply = ask(&app, signed_in(&app, request.set_json(json!({ "mood": 1, "text": "" })))).await;
    assert_eq!(reply.problem(), (404, "not-found".to_owned(), vec![]));
}

#[actix_web::test]
async fn a_body_that_cannot_be_read_says_where() {
    for (body, pointer, code) in [
        ("{", "", "not-json"),
        (r#"{"mood":"high","text":""}"#, "/mood", "wrong-type"),
        (r#"{"mood":1}"#, "/text", "required"),
        (r#"{"mood":1,"text":"","mod":2}"#, "/mod", "unknown-field"),
        (r#"{"mood":1,"mood":2,"text":""}"#, "/mood", "duplicate-field"),
    ] {
        assert_eq!(refusal(body).await, (400, "malformed-body".to_owned(), owned(&[(pointer, code)])), "{body}");
    }
}

#[actix_web::test]
async fn every_field_outside_its_limits_is_reported_at_once_and_no_value_repeated() {
    let app = app(&[]);
    let reply = ask(&app, signed_in(&app, post("/v1/moods", r#"{"mood":4711,"text":"the affair"}"#))).await;
    let errors = owned(&[("/mood", "range"), ("/text", "length")]);
    assert_eq!(reply.problem(), (422, "invalid-fields".to_owned(), errors));
    assert!(!reply.text.contains("affair") && !reply.text.contains("4711"), "{}", reply.text);
    assert!(reply.text.contains("must be between 0 and 10"));
}

#[actix_web::test]
async fn another_media_type_is_refused_with_those_that_are_not() {
    let app = app(&[]);
    for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let request = TestRequest::post().uri("/v1/moods").insert_header(("content-type", media)).set_payload("{}");
        let reply = ask(&app, signed_in(&app, request)).await;
        assert_eq!(reply.problem().0, 415);
        assert_eq!(reply.header("accept-post"), "application/json");
    }
    let reply = ask(&app, signed_in(&app, TestRequest::post().uri("/v1/moods").set_payload("{}"))).await;
    assert_eq!(reply.problem().0, 415);
}

#[actix_web::test]
async fn a_body_too_large_is_refused() {
    let (status, code, _) = refusal(&format!(r#"{{"text":"{}"}}"#, "x".repeat(1024 * 1024))).await;
    assert_eq!((status, code.as_str()), (413, "body-too-large"));
}

#[actix_web::test]
async fn a_query_is_read_strictly() {
    let app = app(&[]);
    for (query, code, errors) in [
        ("cursor=nonsense", "invalid-cursor", owned(&[])),
        ("mood=1", "malformed-parameter", owned(&[("mood", "unknown-field")])),
        ("limit=0", "malformed-parameter", owned(&[("limit", "range")])),
        ("least=11", "malformed-parameter", owned(&[("least", "range")])),
        ("least=1&least=2", "malformed-parameter", owned(&[("least", "duplicate-field")])),
    ] {
        let reply = ask(&app, signed_in(&app, TestRequest::get().uri(&format!("/v1/moods?{query}")))).await;
        assert_eq!(reply.problem(), (400, code.to_owned(), errors), "{query}");
    }
    let reply = ask(&app, signed_in(&app, TestRequest::get().uri("/v1/moods?limit=1000&least=3"))).await;
    assert_eq!(reply.json(), json!({ "limit": 100, "least": 3 }));
}

#[actix_web::test]
async fn a_change_needs_the_version_it_is_for() {
    let app = app(&[]);
    let change = |tag: Option<&str>, media: &str| {
        let mut request = TestRequest::patch().uri(&format!("/v1/moods/{}", Uuid::from_u128(9)));
        if let Some(tag) = tag {
            request = request.insert_header(("if-match", tag));
        }
        let request = request.insert_header(("content-type", media.to_owned()));
        signed_in(&app, request.set_payload(r#"{"mood":1,"text":""}"#))
    };
    let json = "application/json";
    assert_eq!(ask(&app, change(None, json)).await.problem().0, 428);
    assert_eq!(ask(&app, change(Some("3"), json)).await.problem().0, 400);
    assert_eq!(ask(&app, change(Some("\"2\""), json)).await.problem().0, 412);
    let reply = ask(&app, change(Some("\"3\""), "application/merge-patch+json")).await;
    assert_eq!((reply.status, reply.header("etag")), (200, "\"4\""));
}

#[actix_web::test]
async fn what_is_created_has_a_place_and_a_version() {
    let app = app(&[]);
    let reply = ask(&app, signed_in(&app, post("/v1/moods", r#"{"mood":1,"text":"ok"}"#))).await;
    assert_eq!((reply.status, reply.header("etag")), (201, "\"1\""));
    assert_eq!(reply.header("location"), format!("/v1/moods/{}", reply.json()["id"].as_str().unwrap()));
}
