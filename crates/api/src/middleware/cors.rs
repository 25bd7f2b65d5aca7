//! Which web pages may call the API from a browser: those in the configuration, and no others.

use actix_cors::Cors;
use actix_web::http::header;

/// The answers to browsers that ask before they call.
pub(crate) fn cors(origins: &[String]) -> Cors {
    let cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allowed_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            header::HeaderName::from_static("idempotency-key"),
            header::HeaderName::from_static("x-request-id"),
        ])
        .expose_headers([
            "etag",
            "location",
            "retry-after",
            "ratelimit",
            "ratelimit-policy",
            "x-request-id",
            "idempotency-replayed",
            "content-disposition",
        ])
        .max_age(7200);
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}
