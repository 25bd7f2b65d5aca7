//! Scales that a practice marks as outcome measures, each with its source.
//!
//! The mark is a part of the form, and so of its version: what was answered under a form that marks nothing is never measured.

use serde_json::{Map, Value};

use super::form::{Field, FieldKind, FieldName, OwnForm, Words};
use crate::exercises::{Direction, Reading, Unit};

/// What makes a scale a measure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScaleMeasure {
    /// Which way is better.
    pub direction: Direction,
    /// Where the question comes from: a publication, or the practice itself.
    pub source: Words<500>,
}

/// A measure of a practice's own. Asked differently, it is another one; asked the same in a later version of its form, it goes on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OwnMeasure {
    /// The field of the form.
    pub field: FieldName,
    /// The question.
    pub title: Words<200>,
    /// Which way is better.
    pub direction: Direction,
    /// Where the question comes from.
    pub source: Words<500>,
}

impl OwnMeasure {
    /// What every one of them is counted in: a partner's own rating.
    pub const UNIT: Unit = Unit::Rating;

    fn of(field: &Field) -> Option<Self> {
        let FieldKind::Scale(Some(ScaleMeasure { direction, source })) = &field.kind else { return None };
        let (name, title) = (field.name.clone(), field.title.clone());
        Some(Self { field: name, title, direction: *direction, source: source.clone() })
    }
}

impl OwnForm {
    /// What answers to this form say by the scales that are measures; what was not answered says nothing.
    pub fn readings(&self, values: &Map<String, Value>) -> impl Iterator<Item = Reading<OwnMeasure>> {
        self.fields().iter().filter_map(|field| {
            let value = values.get(field.name.as_str()).and_then(Value::as_f64)?;
            Some(Reading { measure: OwnMeasure::of(field)?, value })
        })
    }
}
