//! The one error type that speaks HTTP: problem details (RFC 9457).
//!
//! A problem says what is wrong in words that are safe to show: never a submitted value, never a cause from within. Causes are
//! kept as `source`, for the log. The request id is filled in on the way out (`middleware`), where it is known.

mod code;
mod field;
mod named;
mod rules;

use std::{borrow::Cow, error::Error, fmt};

use actix_web::{
    HttpResponse, ResponseError,
    http::{
        StatusCode,
        header::{HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE},
    },
};
use domain::access::Refused;
use serde::Serialize;
use store::StoreError;
use utoipa::ToSchema;

pub use code::Code;
pub(crate) use field::escaped;
pub use field::{FieldError, Place, from_validation};
pub(crate) use named::named;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Why a request was not done, as the caller may know it.
#[derive(Debug)]
pub struct Problem(Box<Parts>);

#[derive(Debug)]
struct Parts {
    code: Code,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    headers: Vec<(HeaderName, HeaderValue)>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    /// A problem of this kind; the detail must not repeat what was submitted.
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        let (errors, headers) = (Vec::new(), Vec::new());
        Self(Box::new(Parts { code, detail: detail.into(), errors, headers, source: None }))
    }

    /// It does not exist, or the caller may not know that it does.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "there is nothing here, or nothing that you may know of")
    }

    /// Nobody is signed in.
    #[must_use]
    pub fn unauthenticated() -> Self {
        Self::new(Code::Unauthenticated, "a bearer access token is required")
            .with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// Who is signed in can't be believed (any more). Deliberately says no more than that.
    #[must_use]
    pub fn invalid_token() -> Self {
        Self::new(Code::Unauthenticated, "the access token is not valid, or no longer")
            .with_header(WWW_AUTHENTICATE, HeaderValue::from_static(r#"Bearer error="invalid_token""#))
    }

    /// They who sign in are not who they say, or nobody we know. Deliberately says no more than that.
    #[must_use]
    pub fn invalid_credentials() -> Self {
        Self::new(Code::InvalidCredentials, Code::InvalidCredentials.meaning())
            .with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// A refresh token that is none, is over, or was used before. Deliberately does not say which.
    #[must_use]
    pub fn invalid_refresh_token() -> Self {
        Self::new(Code::InvalidRefreshToken, Code::InvalidRefreshToken.meaning())
            .with_header(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// An invitation that is none, is over, or was accepted before. Deliberately does not say which.
    #[must_use]
    pub fn invalid_invitation() -> Self {
        Self::new(Code::InvalidInvitation, Code::InvalidInvitation.meaning())
    }

    /// It goes against a rule; the words of the rule's error are shown.
    pub fn rule(rule: impl fmt::Display) -> Self {
        Self::new(Code::RuleBroken, rule.to_string())
    }

    /// The same for a rule that is about one field of the body, which it names.
    pub(crate) fn rule_about(pointer: Option<&'static str>, rule: impl fmt::Display) -> Self {
        let field = pointer.map(|pointer| FieldError::body(pointer, "rule", rule.to_string()));
        Self::rule(rule).with_errors(field.into_iter().collect())
    }

    /// It does not go together with what is there; the words of the error are shown.
    pub fn conflict(why: impl fmt::Display) -> Self {
        Self::new(Code::Conflict, why.to_string())
    }

    /// Fields outside their limits, all of them.
    #[must_use]
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        Self::new(Code::InvalidFields, "see errors for each field").with_errors(errors)
    }

    /// Too many requests; come back after so many seconds.
    #[must_use]
    pub fn too_many_requests(retry_after_seconds: u64) -> Self {
        Self::new(Code::TooManyRequests, "too many requests; wait for as long as Retry-After says")
            .with_header(RETRY_AFTER, HeaderValue::from(retry_after_seconds))
    }

    /// Something went wrong within. The cause goes to the log, not to the client.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Code::Internal, "something went wrong; the request id helps to find out what").caused_by(source)
    }

    /// Not just now. The cause goes to the log, not to the client.
    pub fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(Code::Unavailable, "try again in a moment")
            .with_header(RETRY_AFTER, HeaderValue::from_static("1"))
            .caused_by(source)
    }

    /// The problem for a status that something other than a handler answered with.
    #[must_use]
    pub fn for_status(status: StatusCode) -> Self {
        let code = Code::for_status(status);
        Self::new(code, code.meaning())
    }

    /// With these fields.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<FieldError>) -> Self {
        self.0.errors = errors;
        self
    }

    /// With this header in the answer.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.push((name, value));
        self
    }

    fn caused_by(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// What kind it is.
    #[must_use]
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The fields that are not right.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// The answer, with the id of the request it belongs to.
    pub(crate) fn response(&self, request_id: Option<&str>) -> HttpResponse {
        let mut response = HttpResponse::build(self.0.code.status());
        for (name, value) in &self.0.headers {
            response.append_header((name.clone(), value.clone()));
        }
        response.content_type(MEDIA_TYPE).body(self.json(request_id))
    }

    /// The body of the answer.
    pub(crate) fn json(&self, request_id: Option<&str>) -> Vec<u8> {
        serde_json::to_vec(&self.body(request_id)).unwrap_or_default()
    }

    fn body<'p>(&'p self, request_id: Option<&'p str>) -> ProblemBody<'p> {
        let code = self.0.code;
        ProblemBody {
            r#type: format!("/problems/{}", code.as_str()),
            title: code.title(),
            status: code.status().as_u16(),
            detail: &self.0.detail,
            code: code.as_str(),
            request_id,
            errors: &self.0.errors,
        }
    }

    /// The chain of causes, for the log.
    pub(crate) fn causes(&self) -> String {
        let mut causes = Vec::new();
        let mut next: Option<&dyn Error> = self.0.source.as_deref().map(|source| source as &dyn Error);
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        causes.join(": ")
    }
}

/// Problem details (RFC 9457): why a request was not done.
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody<'p> {
    /// Where this kind of problem is explained.
    #[schema(format = "uri-reference", example = "/problems/invalid-fields", max_length = 200)]
    r#type: String,
    /// The kind of problem, for people.
    #[schema(example = "Some fields are not valid", max_length = 200)]
    title: &'p str,
    /// The status of the answer.
    #[schema(value_type = i32, minimum = 400, maximum = 599, example = 422)]
    status: u16,
    /// This occurrence, for people.
    #[schema(example = "see errors for each field", max_length = 2000)]
    detail: &'p str,
    /// The kind of problem, for programs: stable. Kinds may be added.
    #[schema(example = "invalid-fields", max_length = 100, pattern = "^[a-z]+(-[a-z]+)*$")]
    code: &'p str,
    /// The id of the request; support finds what happened by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, example = "01939e7c-8b7a-7c3d-9a52-0c1d2e3f4a5b", max_length = 64)]
    request_id: Option<&'p str>,
    /// Every field that is not right.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    #[schema(max_items = 1000)]
    errors: &'p [FieldError],
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.as_str(), self.0.detail)
    }
}

impl Error for Problem {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.0.code.status()
    }

    fn error_response(&self) -> HttpResponse {
        self.response(None)
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        Self::new(Code::Forbidden, refused.to_string())
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound => Self::not_found(),
            StoreError::Conflict => Self::conflict(error),
            StoreError::Unavailable(_) => Self::unavailable(error),
            StoreError::Panicked
            | StoreError::Corrupt(_)
            | StoreError::Seal(_)
            | StoreError::Database(_)
            | StoreError::Migration(_)
            | StoreError::File { .. } => Self::internal(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the disk is full")]
    struct DiskFull;

    #[derive(Debug, thiserror::Error)]
    #[error("can't write")]
    struct CantWrite(#[source] DiskFull);

    #[test]
    fn an_internal_problem_keeps_its_causes_to_itself() {
        let problem = Problem::internal(CantWrite(DiskFull));
        assert_eq!(problem.causes(), "can't write: the disk is full");
        let shown = serde_json::to_string(&problem.body(Some("42"))).unwrap();
        assert!(!shown.contains("disk") && shown.contains(r#""request_id":"42""#), "{shown}");
    }

    #[test]
    fn what_the_store_hides_is_not_found_and_what_the_policy_refuses_is_forbidden() {
        assert_eq!(Problem::from(StoreError::NotFound).status_code(), 404);
        assert_eq!(Problem::from(Refused).status_code(), 403);
        assert_eq!(Problem::from(StoreError::Conflict).status_code(), 409);
        assert_eq!(Problem::from(StoreError::Unavailable(None)).status_code(), 503);
        assert_eq!(Problem::from(StoreError::Panicked).status_code(), 500);
    }
}
