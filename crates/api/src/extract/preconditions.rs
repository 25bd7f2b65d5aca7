//! `If-Match`: a change says which version it is for, so that nobody's change is lost.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{HeaderMap, HeaderName, IF_MATCH},
};
use utoipa::{
    IntoParams,
    openapi::{
        Object, Required, Type,
        path::{Parameter, ParameterBuilder, ParameterIn},
    },
};

use crate::problem::{Code, FieldError, Problem};

/// Which versions a change is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IfMatch {
    /// `*`: whatever is there.
    Any,
    /// These; a tag that is none of ours matches nothing.
    Versions(Vec<i64>),
}

impl IfMatch {
    /// Whether what is there is what the change is for.
    ///
    /// # Errors
    /// 412 if it has changed since.
    pub fn check(&self, version: i64) -> Result<(), Problem> {
        match self {
            Self::Versions(versions) if !versions.contains(&version) => {
                Err(Problem::new(Code::PreconditionFailed, Code::PreconditionFailed.meaning()))
            }
            Self::Any | Self::Versions(_) => Ok(()),
        }
    }

    fn of(headers: &HeaderMap) -> Result<Self, Problem> {
        if !headers.contains_key(IF_MATCH) {
            return Err(Problem::new(Code::PreconditionRequired, Code::PreconditionRequired.meaning()));
        }
        match tags(headers, &IF_MATCH) {
            Some(Tags::Any) => Ok(Self::Any),
            Some(Tags::These(tags)) => Ok(Self::Versions(tags.iter().filter_map(Tag::version).collect())),
            None => Err(malformed()),
        }
    }
}

/// `If-Match` for what may not be there yet: needed to change what is there, and not to say something for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatchExisting(Option<IfMatch>);

impl IfMatchExisting {
    /// Whether what is there, or that nothing is there, is what the change is for.
    ///
    /// # Errors
    /// 428 if something is there and nothing was said about it; 412 if it has changed since, or there is nothing.
    pub fn check(&self, version: Option<i64>) -> Result<(), Problem> {
        let refused = |code: Code| Err(Problem::new(code, code.meaning()));
        match (&self.0, version) {
            (Some(expected), Some(version)) => expected.check(version),
            (Some(_), None) => refused(Code::PreconditionFailed),
            (None, Some(_)) => refused(Code::PreconditionRequired),
            (None, None) => Ok(()),
        }
    }
}

impl FromRequest for IfMatchExisting {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let headers = request.headers();
        let expected = headers.contains_key(IF_MATCH).then(|| IfMatch::of(headers)).transpose();
        ready(expected.map(Self))
    }
}

impl IntoParams for IfMatchExisting {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let words =
            "The `ETag` of what is there already, or `*` for whichever is there; left out if nothing is there yet";
        vec![parameter(Required::False, words)]
    }
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request.headers()))
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![parameter(Required::True, "The `ETag` of the version to be changed, or `*` for whichever is there")]
    }
}

fn parameter(required: Required, description: &str) -> Parameter {
    let schema = Object::builder().schema_type(Type::String).max_length(Some(200)).examples(["\"3\""]);
    ParameterBuilder::new()
        .name("If-Match")
        .parameter_in(ParameterIn::Header)
        .required(required)
        .description(Some(description))
        .schema(Some(schema))
        .build()
}

/// Whether `If-None-Match` names this version (RFC 9110 §13.1.2: compared weakly).
pub(crate) fn matches_any(headers: &HeaderMap, name: &HeaderName, value: &str) -> bool {
    match tags(headers, name) {
        Some(Tags::Any) => true,
        Some(Tags::These(tags)) => tags.iter().any(|tag| tag.value == value),
        None => false,
    }
}

enum Tags {
    Any,
    These(Vec<Tag>),
}

struct Tag {
    weak: bool,
    value: String,
}

impl Tag {
    /// The version it stands for. A weak tag is never the same as a strong one (RFC 9110 §8.8.3.2).
    fn version(&self) -> Option<i64> {
        if self.weak { None } else { self.value.parse().ok() }
    }
}

/// The entity tags of a header, `None` if it is absent or malformed.
fn tags(headers: &HeaderMap, name: &HeaderName) -> Option<Tags> {
    let lines: Option<Vec<&str>> = headers.get_all(name).map(|line| line.to_str().ok()).collect();
    let line = lines?.join(",");
    if line.trim() == "*" {
        return Some(Tags::Any);
    }
    let tags: Option<Vec<Tag>> = line.split(',').map(|tag| parse(tag.trim())).collect();
    tags.map(Tags::These)
}

fn parse(tag: &str) -> Option<Tag> {
    let (weak, tag) = tag.strip_prefix("W/").map_or((false, tag), |tag| (true, tag));
    let value = tag.strip_prefix('"')?.strip_suffix('"')?;
    (!value.contains('"')).then(|| Tag { weak, value: value.to_owned() })
}

fn malformed() -> Problem {
    let error =
        FieldError::header("If-Match", "malformed", r#"must be the ETag as it was sent, quotes included, or *"#);
    Problem::new(Code::MalformedParameter, "If-Match can't be read").with_errors(vec![error])
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{ResponseError, http::StatusCode, test::TestRequest};

    fn checked(header: Option<&str>, version: i64) -> Result<(), StatusCode> {
        let mut request = TestRequest::default();
        if let Some(value) = header {
            request = request.insert_header((IF_MATCH, value));
        }
        let request = request.to_http_request();
        IfMatch::of(request.headers()).and_then(|expected| expected.check(version)).map_err(|p| p.status_code())
    }

    #[test]
    fn a_change_goes_through_only_for_the_version_it_is_for() {
        assert_eq!(checked(Some("\"3\""), 3), Ok(()));
        assert_eq!(checked(Some("\"2\", \"3\""), 3), Ok(()));
        assert_eq!(checked(Some("*"), 3), Ok(()));
        for stale in ["\"2\"", "W/\"3\"", "\"abc\""] {
            assert_eq!(checked(Some(stale), 3), Err(StatusCode::PRECONDITION_FAILED), "{stale}");
        }
        for malformed in ["3", "\"3", "", "\"3\",", "\"3\"\"4\""] {
            assert_eq!(checked(Some(malformed), 3), Err(StatusCode::BAD_REQUEST), "{malformed}");
        }
        assert_eq!(checked(None, 3), Err(StatusCode::PRECONDITION_REQUIRED));
    }

    #[test]
    fn what_is_said_first_needs_no_version_and_what_is_said_again_does() {
        let expected = || IfMatchExisting(Some(IfMatch::Versions(vec![3])));
        let status = |checked: Result<(), Problem>| checked.map_err(|problem| problem.status_code());
        assert_eq!(status(IfMatchExisting(None).check(None)), Ok(()));
        assert_eq!(status(IfMatchExisting(None).check(Some(3))), Err(StatusCode::PRECONDITION_REQUIRED));
        assert_eq!(status(expected().check(Some(3))), Ok(()));
        assert_eq!(status(expected().check(Some(4))), Err(StatusCode::PRECONDITION_FAILED));
        assert_eq!(status(expected().check(None)), Err(StatusCode::PRECONDITION_FAILED));
    }
}
