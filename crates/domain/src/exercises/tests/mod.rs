//! What holds for all ten exercises and every kind of entry.

mod catalog;
mod checks;
mod published;
mod side_by_side;
mod starters;
mod told;
mod work;

use serde_json::{Map, Value};

use super::{Answers, Kind};

/// The fields of answers, as the API reads them: without `type`.
fn fields(answers: &Answers) -> Map<String, Value> {
    let Value::Object(mut fields) = serde_json::to_value(answers).unwrap() else { panic!("answers are an object") };
    fields.remove("type");
    fields
}

fn read(kind: Kind, fields: Map<String, Value>) -> Result<Answers, serde_json::Error> {
    Answers::read(kind, Value::Object(fields))
}

/// The example of a kind with one field set to another value.
fn example_with(kind: Kind, field: &str, value: Value) -> Result<Answers, serde_json::Error> {
    let mut fields = fields(&kind.example());
    fields.insert(field.to_owned(), value);
    read(kind, fields)
}

/// The fields that a check of these answers complains of.
fn complaints(answers: &Answers) -> Vec<String> {
    let Err(errors) = answers.check(a_monday()) else { return Vec::new() };
    errors.errors().keys().map(ToString::to_string).collect()
}

/// The day that checked answers are about.
pub(super) fn a_monday() -> chrono::NaiveDate {
    crate::couple::tests::day("2026-03-02")
}
