//! Creating something at most once: the body, and the key by which a repeated request is known.

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::HeaderMap};
use domain::access::{Actor, Caller};
use futures_util::future::LocalBoxFuture;
use sha2::{Digest, Sha256};
use utoipa::{
    IntoParams,
    openapi::{
        Object, Required, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

use super::body::{Media, Validated, parse};
use crate::problem::{Code, FieldError, Problem};

const HEADER: &str = "idempotency-key";
const MAX_LENGTH: usize = 255;

/// A JSON body within its limits, for something to be created, with the `Idempotency-Key` if the client sent one.
#[derive(Debug)]
pub struct New<T> {
    /// What is to be created.
    pub body: T,
    /// By which a repetition of this request is known.
    pub key: Option<IdempotencyKey>,
}

/// What the client calls this creation, and a fingerprint of what it asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    key: String,
    /// SHA-256 of method, path and body.
    pub(crate) fingerprint: [u8; 32],
}

impl IdempotencyKey {
    pub(crate) fn new(key: impl Into<String>, fingerprint: [u8; 32]) -> Self {
        Self { key: key.into(), fingerprint }
    }

    /// Under which the answer is kept: keys of different people never meet.
    #[must_use]
    pub fn scope(&self, caller: &Caller) -> String {
        let Self { key, .. } = self;
        match caller.actor {
            Actor::Staff { id, .. } => format!("staff {id} {key}"),
            Actor::Client(id) => format!("client {id} {key}"),
            Actor::System => format!("system {key}"),
        }
    }
}

impl<T: Validated> FromRequest for New<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let reading = Media::JSON.read(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let key = key_in(request.headers())?;
            let bytes = reading.await?;
            let body = parse(&bytes)?;
            Ok(Self { body, key: key.map(|key| IdempotencyKey::new(key, fingerprint(&request, &bytes))) })
        })
    }
}

/// The key, bare or as the quoted string of the draft standard (draft-ietf-httpapi-idempotency-key-header).
fn key_in(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let mut lines = headers.get_all(HEADER);
    let Some(line) = lines.next() else { return Ok(None) };
    let line = line.to_str().unwrap_or_default().trim();
    let key = line.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(line);
    let well_formed = (1..=MAX_LENGTH).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
    if well_formed && lines.next().is_none() { Ok(Some(key.to_owned())) } else { Err(malformed()) }
}

fn malformed() -> Problem {
    let error = FieldError::header("Idempotency-Key", "malformed", "must be 1 to 255 visible ASCII characters, once");
    Problem::new(Code::MalformedParameter, "Idempotency-Key can't be read").with_errors(vec![error])
}

fn fingerprint(request: &HttpRequest, body: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in [request.method().as_str().as_bytes(), request.path().as_bytes()] {
        hash.update(part);
        hash.update([0]);
    }
    hash.update(body);
    hash.finalize().into()
}

impl IntoParams for IdempotencyKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = Object::builder()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(MAX_LENGTH))
            .pattern(Some("^[!-~]+$"))
            .examples(["5f0c1a86-8f0d-4b8e-9f57-2f3f3d1f6c11"]);
        let parameter = ParameterBuilder::new()
            .name("Idempotency-Key")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("A name of your own for this request, for example a random UUID. Sent again with the same key, the request is not done twice: the first answer is repeated"))
            .schema(Some(schema));
        vec![parameter.build()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn key(value: &str) -> Option<String> {
        let request = TestRequest::default().insert_header((HEADER, value)).to_http_request();
        key_in(request.headers()).ok().flatten()
    }

    #[test]
    fn a_key_is_taken_quoted_or_bare_and_otherwise_refused() {
        assert_eq!(key("abc"), Some("abc".to_owned()));
        assert_eq!(key("\"abc\""), Some("abc".to_owned()));
        for malformed in ["", "\"\"", "a b", &"x".repeat(256)] {
            assert_eq!(key(malformed), None, "{malformed}");
        }
        assert_eq!(key_in(TestRequest::default().to_http_request().headers()).unwrap(), None);
    }

    #[test]
    fn another_method_path_or_body_is_another_request() {
        let print = |path: &str, body: &[u8]| fingerprint(&TestRequest::post().uri(path).to_http_request(), body);
        assert_eq!(print("/v1/couples", b"{}"), print("/v1/couples", b"{}"));
        assert_ne!(print("/v1/couples", b"{}"), print("/v1/couples", b"{ }"));
        assert_ne!(print("/v1/couples", b"{}"), print("/v1/clients", b"{}"));
    }
}
