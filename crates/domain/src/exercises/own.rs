//! What is recorded in an exercise of the practice's own: answers to the form of the version that was assigned.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::form::{Form, KindVisibility, Writer, expect};
use crate::own_exercise::MOST_FIELDS;

/// Answers to a form that the practice made.
///
/// They are checked against the form in the version that the assignment was given in: `own_exercise_id` and
/// `own_exercise_version` of the assignment say which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = fits_a_form))]
pub struct OwnEntry {
    /// What was answered, by the names of the form's fields; a field that is not answered is left out.
    #[schema(value_type = Object)]
    pub values: Map<String, Value>,
}

impl Form for OwnEntry {
    const WRITER: Writer = Writer::EitherPartner;
    /// The exercise itself says who reads its entries ([`crate::assignment::Assignment::visibility_of`]).
    const VISIBILITY: KindVisibility = KindVisibility::PRIVATE;

    fn example() -> Self {
        Self { values: Map::from_iter([("closeness".to_owned(), Value::from(7))]) }
    }
}

/// Whatever the form is, it has no more fields than this.
fn fits_a_form(entry: &OwnEntry) -> Result<(), ValidationError> {
    expect(entry.values.len() <= MOST_FIELDS, "values", "must have up to 30 fields, as a form has")
}
