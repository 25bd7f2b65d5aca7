//! What handlers give back: a resource with its version and place, or nothing.

use std::marker::PhantomData;

use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{
        StatusCode,
        header::{CONTENT_DISPOSITION, ETAG, HeaderValue, IF_NONE_MATCH, LOCATION, RETRY_AFTER},
    },
    web::Bytes,
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use store::idempotency::Kept;

use crate::{extract::matches_any, problem::Problem};

/// Something with an address and a version.
pub trait Resource {
    /// Its address, from the root of the server.
    fn path(&self) -> String;
    /// Its version: counts up with every change.
    fn version(&self) -> i64;
    /// What its entity tag says: the version, or a [`fingerprint`] where the reader is not told how often it changed.
    fn tag(&self) -> String {
        self.version().to_string()
    }
    /// Whether it looks the same to a reader as long as its tag is the same. Where it may not, because what counted would tell one
    /// partner of the other, or because it shows what has a version of its own, nobody is told that what they have is still so.
    fn counts_all_that_is_seen(&self) -> bool {
        true
    }
}

/// The same for what says the same, and different for all else.
#[must_use]
pub fn fingerprint(view: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(serde_json::to_vec(view).unwrap_or_default()))
}

fn etag(tag: &str) -> String {
    format!("\"{tag}\"")
}

/// 200 with the resource and its `ETag`; 304 if the client has that version, and it says all.
#[derive(Debug)]
pub struct Found<V>(pub V);

impl<V: Serialize + Resource> Responder for Found<V> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let tag = self.0.tag();
        let has_it = matches_any(request.headers(), &IF_NONE_MATCH, &tag);
        if has_it && request.method().is_safe() && self.0.counts_all_that_is_seen() {
            return HttpResponse::NotModified().insert_header((ETAG, etag(&tag))).finish();
        }
        HttpResponse::Ok().insert_header((ETAG, etag(&tag))).json(self.0)
    }
}

/// 201 with the new resource, where it is, and its `ETag`. Kept as bytes, so that a repetition gets the very same answer.
#[derive(Debug)]
pub struct Created<V> {
    kept: Kept,
    replayed: bool,
    view: PhantomData<fn() -> V>,
}

impl<V: Serialize + Resource> Created<V> {
    /// The answer for what was just created.
    ///
    /// # Errors
    /// 500 if it can't be written as JSON.
    pub fn new(view: &V) -> Result<Self, Problem> {
        let body = serde_json::to_string(view).map_err(Problem::internal)?;
        let kept = Kept { location: view.path(), etag: etag(&view.tag()), body };
        Ok(Self { kept, replayed: false, view: PhantomData })
    }
}

impl<V> Created<V> {
    /// The answer that was given the first time.
    #[must_use]
    pub fn again(kept: Kept) -> Self {
        Self { kept, replayed: true, view: PhantomData }
    }

    /// What to keep for a repetition.
    #[must_use]
    pub fn kept(&self) -> &Kept {
        &self.kept
    }
}

impl<V> Responder for Created<V> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Created();
        if self.replayed {
            response.insert_header(("idempotency-replayed", "true"));
        }
        response
            .insert_header((LOCATION, self.kept.location))
            .insert_header((ETAG, self.kept.etag))
            .content_type("application/json")
            .body(self.kept.body)
    }
}

/// The resource and its `ETag` after it was put in its place: 201 if it was not there before, else 200.
#[derive(Debug)]
pub struct Put<V> {
    /// The resource.
    pub view: V,
    /// Whether it was not there before.
    pub is_new: bool,
}

impl<V: Serialize + Resource> Responder for Put<V> {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = if self.is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
        if self.is_new {
            response.insert_header((LOCATION, self.view.path()));
        }
        response.insert_header((ETAG, etag(&self.view.tag()))).json(self.view)
    }
}

/// 202: it is being worked on; ask again where `Location` says.
#[derive(Debug)]
pub struct Accepted<V>(pub Created<V>);

impl<V> Responder for Accepted<V> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let mut response = self.0.respond_to(request);
        *response.status_mut() = StatusCode::ACCEPTED;
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("2"));
        response
    }
}

/// 200 with a file to keep.
pub struct Attachment {
    /// What to call it: nothing that says who it is about.
    pub name: String,
    /// What it is.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
    /// SHA-256 of it.
    pub sha256: Option<[u8; 32]>,
}

impl Responder for Attachment {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let mut response = HttpResponse::Ok();
        if let Some(digest) = self.sha256 {
            // RFC 9530.
            response.insert_header(("repr-digest", format!("sha-256=:{}:", STANDARD.encode(digest))));
        }
        response
            .content_type(self.media_type)
            .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", self.name)))
            .body(self.bytes)
    }
}

/// An answer that never changes while the server runs. Its entity tag is of its bytes, so what a new version of the server says has a new one.
pub struct Written {
    etag: String,
    body: Bytes,
}

impl Written {
    /// The answer that shows this.
    ///
    /// # Errors
    /// If it can't be written as JSON.
    pub fn of(view: &impl Serialize) -> Result<Self, serde_json::Error> {
        let body = Bytes::from(serde_json::to_vec(view)?);
        Ok(Self { etag: URL_SAFE_NO_PAD.encode(Sha256::digest(&body)), body })
    }

    /// 200 with the bytes; 304 if the client has them.
    #[must_use]
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let etag = (ETAG, format!("\"{}\"", self.etag));
        if matches_any(request.headers(), &IF_NONE_MATCH, &self.etag) {
            return HttpResponse::NotModified().insert_header(etag).finish();
        }
        HttpResponse::Ok().insert_header(etag).content_type("application/json").body(self.body.clone())
    }
}

/// 204: done, and nothing to say.
#[derive(Debug, Clone, Copy)]
pub struct NoContent;

impl Responder for NoContent {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        HttpResponse::NoContent().finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[derive(Serialize)]
    struct Couple {
        version: i64,
    }

    impl Resource for Couple {
        fn path(&self) -> String {
            "/v1/couples/1".to_owned()
        }

        fn version(&self) -> i64 {
            self.version
        }
    }

    #[test]
    fn who_has_this_version_is_not_sent_it_again() {
        let ask = |tag: &str| {
            let request = TestRequest::get().insert_header((IF_NONE_MATCH, tag)).to_http_request();
            Found(Couple { version: 3 }).respond_to(&request).status()
        };
        assert_eq!(ask("\"3\""), StatusCode::NOT_MODIFIED);
        assert_eq!(ask("W/\"3\""), StatusCode::NOT_MODIFIED);
        assert_eq!(ask("\"2\""), StatusCode::OK);
    }

    #[test]
    fn a_repeated_creation_gets_the_same_answer_and_is_told() {
        let first = Created::new(&Couple { version: 1 }).unwrap();
        let again: Created<Couple> = Created::again(first.kept().clone());
        let request = TestRequest::post().to_http_request();
        let (first, again) = (first.respond_to(&request), again.respond_to(&request));
        for name in [LOCATION, ETAG] {
            assert_eq!(first.headers().get(&name), again.headers().get(&name));
        }
        assert_eq!(again.status(), StatusCode::CREATED);
        assert!(again.headers().contains_key("idempotency-replayed"));
        assert!(!first.headers().contains_key("idempotency-replayed"));
    }
}
