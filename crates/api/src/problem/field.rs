//! What is wrong with one field: where it is, a stable code, and words that never repeat what was submitted.

use std::{borrow::Cow, fmt};

use domain::own_exercise::Misfit;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use validator::{ValidationError, ValidationErrors, ValidationErrorsKind};

/// Which part of the request a field is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
// A session has a `Place` of its own, and the document one schema for a name.
#[schema(as = RequestPart)]
pub enum Place {
    /// The body; the pointer is a JSON pointer (RFC 6901).
    Body,
    /// The query; the pointer is the parameter's name.
    Query,
    /// The path; the pointer is the parameter's name.
    Path,
    /// The headers; the pointer is the header's name.
    Header,
}

/// One field that is not right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct FieldError {
    /// Where it is: a JSON pointer in the body, or the name of the parameter or header.
    #[schema(example = "/answers/0/mood", max_length = 1000)]
    pub pointer: String,
    /// The part of the request it is in.
    pub r#in: Place,
    /// What is wrong, as a stable word.
    #[schema(example = "range", max_length = 100)]
    pub code: Cow<'static, str>,
    /// What is wrong, for people.
    #[schema(example = "must be between 0 and 10", max_length = 1000)]
    pub detail: Cow<'static, str>,
}

impl FieldError {
    /// A field of the body that is not right.
    #[must_use]
    pub fn body(
        pointer: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { pointer: pointer.into(), r#in: Place::Body, code: code.into(), detail: detail.into() }
    }

    /// A query parameter that is not right.
    #[must_use]
    pub fn query(name: &str, code: impl Into<Cow<'static, str>>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { r#in: Place::Query, ..Self::body(name, code, detail) }
    }

    /// A header that is not right.
    #[must_use]
    pub fn header(name: &str, code: impl Into<Cow<'static, str>>, detail: impl Into<Cow<'static, str>>) -> Self {
        Self { r#in: Place::Header, ..Self::body(name, code, detail) }
    }

    /// The same error, one level further down: rules that know only a part of the body report from that part's root.
    #[must_use]
    pub fn prefixed(mut self, prefix: &str) -> Self {
        self.pointer.insert_str(0, prefix);
        self
    }
}

impl From<Misfit> for FieldError {
    fn from(Misfit { pointer, code, detail }: Misfit) -> Self {
        Self::body(pointer, code, detail)
    }
}

/// What `validator` found, as fields in the order of their pointers. Built from the parts, since the printed form repeats the
/// submitted values.
#[must_use]
pub fn from_validation(errors: &ValidationErrors) -> Vec<FieldError> {
    let mut found = Vec::new();
    collect(errors, "", &mut found);
    found.sort();
    found
}

fn collect(errors: &ValidationErrors, above: &str, found: &mut Vec<FieldError>) {
    for (name, kind) in errors.errors() {
        let pointer = if name == "__all__" { above.to_owned() } else { format!("{above}/{}", escaped(name)) };
        match kind {
            ValidationErrorsKind::Field(errors) => {
                let fields =
                    errors.iter().map(|error| FieldError::body(&pointer, error.code.clone(), words_for(error)));
                found.extend(fields);
            }
            ValidationErrorsKind::Struct(inner) => collect(inner, &pointer, found),
            ValidationErrorsKind::List(items) => {
                items.iter().for_each(|(at, inner)| collect(inner, &format!("{pointer}/{at}"), found));
            }
        }
    }
}

/// A Rust field name as one step of a JSON pointer (RFC 6901 §3).
pub(crate) fn escaped(name: &str) -> String {
    name.trim_start_matches("r#").replace('~', "~0").replace('/', "~1")
}

fn words_for(error: &ValidationError) -> Cow<'static, str> {
    if let Some(message) = &error.message {
        return message.clone();
    }
    match error.code.as_ref() {
        "range" => Limits::of(error).words("be", "").into(),
        "length" => Limits::of(error).words("have", lengths_unit(error)).into(),
        "email" => "must be an e-mail address".into(),
        "url" => "must be a URL".into(),
        "required" => "is required".into(),
        _ => "is not valid".into(),
    }
}

/// Characters for text, items for lists: the value says which, and is not otherwise looked at.
fn lengths_unit(error: &ValidationError) -> &'static str {
    match error.params.get("value") {
        Some(Value::Array(_) | Value::Object(_)) => " items",
        _ => " characters",
    }
}

/// The limits in a `validator` error. They come from our own attributes, never from the request.
struct Limits<'e> {
    least: Option<&'e Value>,
    most: Option<&'e Value>,
    exact: Option<&'e Value>,
    above: Option<&'e Value>,
    below: Option<&'e Value>,
}

impl<'e> Limits<'e> {
    fn of(error: &'e ValidationError) -> Self {
        let limit = |name| error.params.get(name).filter(|limit| limit.is_number());
        Self {
            least: limit("min"),
            most: limit("max"),
            exact: limit("equal"),
            above: limit("exclusive_min"),
            below: limit("exclusive_max"),
        }
    }

    fn words(&self, verb: &str, unit: &str) -> String {
        match (self.exact, self.least, self.most, self.above, self.below) {
            (Some(n), ..) => format!("must {verb} exactly {}{unit}", Limit(n)),
            (_, Some(min), Some(max), ..) => format!("must {verb} between {} and {}{unit}", Limit(min), Limit(max)),
            (_, Some(min), ..) => format!("must {verb} at least {}{unit}", Limit(min)),
            (_, _, Some(max), ..) => format!("must {verb} at most {}{unit}", Limit(max)),
            (_, _, _, Some(min), _) => format!("must {verb} more than {}{unit}", Limit(min)),
            (.., Some(max)) => format!("must {verb} less than {}{unit}", Limit(max)),
            _ => "is not valid".to_owned(),
        }
    }
}

struct Limit<'e>(&'e Value);

impl fmt::Display for Limit<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_f64() {
            Some(number) if number.fract() == 0.0 && number.abs() < 1e15 => write!(f, "{number:.0}"),
            _ => write!(f, "{}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use validator::Validate;

    #[derive(Validate)]
    struct Answer {
        #[validate(range(min = 0.0, max = 10.0))]
        mood: f64,
        #[validate(length(max = 5))]
        r#type: String,
    }

    #[derive(Validate)]
    struct Entry {
        #[validate(nested)]
        answers: Vec<Answer>,
        #[validate(length(min = 1))]
        tags: Vec<String>,
        #[validate(range(exclusive_min = 3))]
        count: i64,
    }

    #[test]
    fn nested_and_listed_fields_get_json_pointers_limits_and_never_their_value() {
        let answers =
            vec![Answer { mood: 1.0, r#type: "ok".into() }, Answer { mood: 11.5, r#type: "an affair".into() }];
        let errors = Entry { answers, tags: vec![], count: 3 }.validate().unwrap_err();
        let found: Vec<String> =
            from_validation(&errors).iter().map(|e| format!("{} {} {}", e.pointer, e.code, e.detail)).collect();
        assert_eq!(
            found,
            [
                "/answers/1/mood range must be between 0 and 10",
                "/answers/1/type length must have at most 5 characters",
                "/count range must be more than 3",
                "/tags length must have at least 1 items",
            ]
        );
    }

    #[test]
    fn a_rule_that_knows_a_part_reports_from_its_root() {
        let error = FieldError::body("/mood", "range", "must be between 0 and 10").prefixed("/answers");
        assert_eq!(error.pointer, "/answers/mood");
    }
}
