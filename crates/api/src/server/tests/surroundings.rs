//! What every answer has, whatever the handler did.

use actix_web::{
    http::Method,
    test::{TestRequest, try_call_service},
};

use super::*;
use crate::problem::Code;

#[actix_web::test]
async fn every_answer_has_the_security_headers() {
    let app = app(&[]);
    for path in ["/health/live", "/v1/me", "/v1/nonsense", "/openapi.json", "/docs/"] {
        let reply = ask(&app, TestRequest::get().uri(path)).await;
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("x-frame-options"), "DENY");
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
        assert_eq!(reply.header("cross-origin-resource-policy"), "same-site");
        assert!(reply.header("strict-transport-security").starts_with("max-age=63072000"));
        assert!(reply.header("content-security-policy").starts_with("default-src 'none';"), "{path}");
    }
}

#[actix_web::test]
async fn the_request_id_is_ours_unless_the_client_sent_a_harmless_one() {
    let app = app(&[]);
    let sent = |id: &str| TestRequest::get().uri("/health/live").insert_header(("x-request-id", id.to_owned()));
    assert_eq!(ask(&app, sent("client-id-0001")).await.header("x-request-id"), "client-id-0001");
    for harmful in ["short", "with space in it", "<script>alert(1)</script>"] {
        let reply = ask(&app, sent(harmful)).await;
        assert!(reply.header("x-request-id").parse::<Uuid>().is_ok(), "{harmful}");
    }
}

#[actix_web::test]
async fn a_handler_that_panics_is_an_internal_problem_that_says_nothing() {
    let service = init_service(with_routes(app(&[]), all)).await;
    let request = TestRequest::get().uri("/v1/breakdown").to_request();
    let error = try_call_service(&service, request).await.err().unwrap();
    let response = error.error_response();
    assert_eq!(response.status(), 500);
    assert_eq!(response.headers().get("cache-control").unwrap(), "no-store");
    assert!(response.headers().contains_key("x-request-id"));
    let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
    let text = String::from_utf8_lossy(&body);
    assert!(text.contains(r#""code":"internal""#) && !text.contains("wrote"), "{text}");
}

#[actix_web::test]
async fn only_pages_in_the_configuration_may_call_from_a_browser() {
    let app = app(&[("TENFOLD_CORS_ORIGINS", "https://app.example")]);
    let preflight = |origin: &'static str| {
        TestRequest::default()
            .method(Method::OPTIONS)
            .uri("/v1/moods/1")
            .insert_header(("origin", origin))
            .insert_header(("access-control-request-method", "PATCH"))
            .insert_header(("access-control-request-headers", "authorization,if-match,idempotency-key"))
    };
    let reply = ask(&app, preflight("https://app.example")).await;
    assert_eq!(reply.header("access-control-allow-origin"), "https://app.example");
    assert!(reply.header("access-control-allow-methods").contains("PATCH"));
    let reply = ask(&app, preflight("https://evil.example")).await;
    assert_eq!(reply.header("access-control-allow-origin"), "");
    let get = TestRequest::get().uri("/v1/me").insert_header(("origin", "https://app.example"));
    let reply = ask(&app, get).await;
    assert_eq!((reply.status, reply.header("access-control-allow-origin")), (401, "https://app.example"));
    assert!(reply.header("access-control-expose-headers").to_lowercase().contains("etag"));
    assert!(reply.header("vary").contains("Origin"));
}

#[actix_web::test]
async fn the_documentation_needs_nothing_from_elsewhere() {
    let app = app(&[]);
    let page = ask(&app, TestRequest::get().uri("/docs/")).await;
    assert_eq!(page.status, 200);
    assert!(!page.text.contains("https://"), "{}", page.text);
    let start = ask(&app, TestRequest::get().uri("/docs/swagger-initializer.js")).await;
    assert!(start.text.contains("/openapi.json"), "{}", start.text);
    assert_eq!(ask(&app, TestRequest::get().uri("/docs/nonsense.js")).await.status, 404);
}

#[actix_web::test]
async fn the_document_is_not_sent_again_to_who_has_it() {
    let app = app(&[]);
    let first = ask(&app, TestRequest::get().uri("/openapi.json")).await;
    assert_eq!(first.json()["openapi"], "3.1.0");
    let request = TestRequest::get().uri("/openapi.json").insert_header(("if-none-match", first.header("etag")));
    assert_eq!(ask(&app, request).await.status, 304);
}

#[actix_web::test]
async fn every_kind_of_problem_is_explained() {
    let app = app(&[]);
    for code in Code::ALL {
        let reply = ask(&app, TestRequest::get().uri(&format!("/problems/{}", code.as_str()))).await;
        assert_eq!((reply.status, reply.json()["code"].as_str()), (200, Some(code.as_str())));
    }
    assert_eq!(ask(&app, TestRequest::get().uri("/problems/nonsense")).await.status, 404);
}

#[actix_web::test]
async fn requests_are_counted_by_route_and_never_by_path() {
    let app = app(&[]);
    ask(&app, TestRequest::patch().uri("/v1/moods/very-secret")).await;
    let text = String::from_utf8(app.metrics.text().unwrap()).unwrap();
    assert!(text.contains(r#"http_route="/v1/moods/{mood_id}""#) && !text.contains("very-secret"), "{text}");
}
