//! Whether answers fit a form: decided by the form's own published schema, so that a dashboard and the server never disagree.

use jsonschema::{Draft, ValidationError, error::ValidationErrorKind};
use serde_json::{Map, Value};

use super::{
    form::{FieldKind, FieldName, ItemKind, OwnForm},
    misfit::{MOST_TOLD, Misfit},
};

impl OwnForm {
    /// Whether values, by the names of the fields, are answers to this form.
    ///
    /// # Errors
    /// Every field that is missing, unknown or does not fit, up to 100 places, with pointers below the values. The words are of what
    /// the form asks for, and never of what was answered.
    pub fn check(&self, values: &Map<String, Value>) -> Result<(), Vec<Misfit>> {
        let schema = serde_json::to_value(self).ok();
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true).offline();
        let Some(validator) = schema.and_then(|schema| options.build(&schema).ok()) else {
            return Err(vec![Misfit::new("", "form", "can't be checked against this form")]);
        };
        let values = Value::Object(values.clone());
        let errors = validator.iter_errors(&values).take(MOST_TOLD);
        let mut misfits: Vec<_> = errors.flat_map(|error| self.misfits(&error)).take(MOST_TOLD).collect();
        misfits.sort();
        // What is of the wrong type may be out of range as well; one word about it will do.
        misfits.dedup_by(|one, other| (&one.pointer, &one.detail) == (&other.pointer, &other.detail));
        if misfits.is_empty() { Ok(()) } else { Err(misfits) }
    }

    fn misfits(&self, error: &ValidationError<'_>) -> Vec<Misfit> {
        match error.kind() {
            ValidationErrorKind::Required { property } => {
                let pointer = format!("/{}", property.as_str().unwrap_or_default());
                vec![Misfit::new(pointer, "required", "is required")]
            }
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                unexpected.iter().map(|name| unknown(name)).collect()
            }
            kind => vec![self.misfit(error.instance_path().as_str(), code(kind))],
        }
    }

    /// What is at this place of the values does not fit; the form says what would.
    fn misfit(&self, pointer: &str, code: &'static str) -> Misfit {
        let mut steps = pointer.split('/').skip(1);
        let asked = steps.next().and_then(|name| self.field(name)).map(|field| &field.kind);
        let is_item = steps.next().is_some();
        match asked {
            Some(FieldKind::List { of, .. }) if is_item => Misfit::new(pointer, code, item_words(of)),
            Some(kind) => Misfit::new(pointer, code, words(kind)),
            None => Misfit::new("", code, "must be an object of the form's fields"),
        }
    }
}

/// A field that is none. What it is called may be anything, so it is named only if it could be a field.
fn unknown(name: &str) -> Misfit {
    let pointer = name.parse::<FieldName>().map(|name| format!("/{}", name.as_str())).unwrap_or_default();
    Misfit::new(pointer, "unknown-field", "is not a field of this form")
}

const fn code(kind: &ValidationErrorKind) -> &'static str {
    match kind {
        ValidationErrorKind::Type { .. } => "wrong-type",
        ValidationErrorKind::Enum { .. } => "unknown-word",
        ValidationErrorKind::Minimum { .. } | ValidationErrorKind::Maximum { .. } => "range",
        ValidationErrorKind::MinLength { .. }
        | ValidationErrorKind::MaxLength { .. }
        | ValidationErrorKind::MaxItems { .. } => "length",
        ValidationErrorKind::Format { .. } => "malformed",
        _ => "invalid",
    }
}

fn words(asked: &FieldKind) -> String {
    match asked {
        FieldKind::Text(most) => format!("must be a text of 1 to {} characters", most.get()),
        FieldKind::Choice(_) => "must be one of the form's choices for it".to_owned(),
        FieldKind::Scale(_) => "must be a whole number from 0 to 10".to_owned(),
        FieldKind::Date => "must be a date, as in 2026-03-01".to_owned(),
        FieldKind::List { most, .. } => format!("must be a list of up to {} items", most.get()),
    }
}

fn item_words(asked: &ItemKind) -> String {
    match asked {
        ItemKind::Text(most) => format!("must be a text of 1 to {} characters", most.get()),
        ItemKind::Choice(_) => "must be one of the form's choices for it".to_owned(),
    }
}
