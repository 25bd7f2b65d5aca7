//! The body: JSON, read strictly, and checked against its limits before a handler sees it.

use std::ops::Deref;

use actix_web::{
    Error, FromRequest, HttpMessage, HttpRequest,
    dev::Payload,
    http::header::{ACCEPT, HeaderName, HeaderValue},
    web::Bytes,
};
use futures_util::future::LocalBoxFuture;
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use validator::Validate;

use super::{
    shape::{self, Readable},
    texts,
};
use crate::problem::{Code, Problem, from_validation};

/// What can be read from a body: an owned type with limits.
pub trait Validated: DeserializeOwned + Validate + 'static {}

impl<T: DeserializeOwned + Validate + 'static> Validated for T {}

/// A JSON body within its limits.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// A JSON merge patch (RFC 7396) within its limits: what is absent stays as it is.
#[derive(Debug)]
pub struct Patch<T>(pub T);

impl<T> Body<T> {
    /// What was submitted.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Patch<T> {
    /// What was submitted.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Body<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> Deref for Patch<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T: Validated> FromRequest for Body<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let reading = Media::JSON.read(request, payload);
        Box::pin(async move { parse(&reading.await?).map(Self) })
    }
}

impl<T: Validated> FromRequest for Patch<T> {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let reading = Media::MERGE_PATCH.read(request, payload);
        Box::pin(async move { parse(&reading.await?).map(Self) })
    }
}

/// Which media types a body may have, and the header that says so if it has another.
pub(super) struct Media {
    types: &'static [&'static str],
    header: HeaderName,
}

impl Media {
    pub(super) const JSON: Self = Self { types: &["application/json"], header: HeaderName::from_static("accept-post") };
    const MERGE_PATCH: Self = Self {
        types: &["application/merge-patch+json", "application/json"],
        header: HeaderName::from_static("accept-patch"),
    };

    /// The bytes of the body, if it has one of the media types and is not too large.
    pub(super) fn read(
        &self,
        request: &HttpRequest,
        payload: &mut Payload,
    ) -> LocalBoxFuture<'static, Result<Bytes, Problem>> {
        if !self.types.iter().any(|accepted| request.content_type().eq_ignore_ascii_case(accepted)) {
            let problem = self.unsupported();
            return Box::pin(async { Err(problem) });
        }
        let bytes = Bytes::from_request(request, payload);
        Box::pin(async { bytes.await.map_err(|error| unreadable(&error)) })
    }

    fn unsupported(&self) -> Problem {
        let accepted = self.types.join(", ");
        let problem = Problem::new(Code::UnsupportedMediaType, format!("the body must be {accepted}"));
        match HeaderValue::from_str(&accepted) {
            Ok(value) => problem.with_header(ACCEPT, value.clone()).with_header(self.header.clone(), value),
            Err(_) => problem,
        }
    }
}

fn unreadable(error: &Error) -> Problem {
    let code = Code::for_status(error.as_response_error().status_code());
    Problem::new(code, code.meaning())
}

/// Reads the body and checks its limits and its texts; every field that doesn't fit is reported.
pub(super) fn parse<T: Validated>(bytes: &[u8]) -> Result<T, Problem> {
    let Readable { value, beyond } = shape::from_json::<T>(bytes).map_err(|fault| {
        Problem::new(Code::MalformedBody, "the body can't be read; see errors").with_errors(vec![fault])
    })?;
    let mut errors = value.validate().err().map(|errors| from_validation(&errors)).unwrap_or_default();
    for error in beyond.into_iter().chain(texts::faults(bytes)) {
        if !errors.iter().any(|known| known.pointer == error.pointer) {
            errors.push(error);
        }
    }
    errors.sort();
    if errors.is_empty() { Ok(value) } else { Err(Problem::invalid(errors)) }
}

/// For a field of a [`Patch`] that may be cleared: absent is `None`, `null` is `Some(None)`.
/// Use as `#[serde(default, deserialize_with = "nullable")]`.
///
/// # Errors
/// What `T` can't be read from.
pub fn nullable<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize, Validate)]
    struct Change {
        #[serde(default, deserialize_with = "nullable")]
        #[validate(length(max = 5))]
        phone: Option<Option<String>>,
    }

    #[derive(Debug, Deserialize, Validate)]
    #[expect(dead_code, reason = "only read")]
    struct Answer {
        #[validate(range(min = 0, max = 10))]
        mood: u8,
        number: Option<u16>,
        #[validate(length(max = 5))]
        words: Option<String>,
    }

    #[test]
    fn the_limits_speak_of_numbers_beyond_their_type_and_of_everything_else() {
        let faults = |json: &str| {
            let problem = parse::<Answer>(json.as_bytes()).unwrap_err();
            problem.errors().iter().map(|error| format!("{} {}", error.pointer, error.detail)).collect::<Vec<_>>()
        };
        assert_eq!(
            faults(r#"{"mood":300,"number":-7,"words":"too long"}"#),
            [
                "/mood must be between 0 and 10",
                "/number must be a whole number, not negative",
                "/words must have at most 5 characters"
            ]
        );
        assert_eq!(faults(r#"{"mood":-1,"words":" "}"#)[0], "/mood must be between 0 and 10");
    }

    #[test]
    fn a_patch_tells_absent_from_null() {
        assert_eq!(parse::<Change>(b"{}").unwrap().phone, None);
        assert_eq!(parse::<Change>(br#"{"phone":null}"#).unwrap().phone, Some(None));
        assert_eq!(parse::<Change>(br#"{"phone":"123"}"#).unwrap().phone, Some(Some("123".to_owned())));
        let problem = parse::<Change>(br#"{"phone":"123456"}"#).unwrap_err();
        assert_eq!(problem.errors()[0].detail, "must have at most 5 characters");
    }
}
