//! The answers of an entry: their `type` decides which fields are read.

use domain::exercises::{Answers, Kind};
use serde::Deserialize;
use serde_json::Value;

use super::shape;
use crate::problem::{Code, FieldError, Problem};

/// Answers as they were submitted, before their `type` was looked at. Describe the field with
/// `#[schema(value_type = Answers)]`.
#[derive(Deserialize)]
#[serde(transparent)]
pub struct SubmittedAnswers(Value);

/// What someone wrote is not printed.
impl std::fmt::Debug for SubmittedAnswers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SubmittedAnswers(…)")
    }
}

impl SubmittedAnswers {
    /// The answers, read by their `type`; `at` is where they are in the body.
    ///
    /// # Errors
    /// 400 with the place and the remedy if their form is not that of their type.
    pub fn read(self, at: &str) -> Result<Answers, Problem> {
        self.parse().map_err(|fault| {
            let faults = vec![fault.prefixed(at)];
            Problem::new(Code::MalformedBody, "the body can't be read; see errors").with_errors(faults)
        })
    }

    fn parse(self) -> Result<Answers, FieldError> {
        let Value::Object(mut fields) = self.0 else {
            return Err(FieldError::body("", "wrong-type", "must be an object"));
        };
        let kind = match fields.remove("type") {
            Some(Value::String(word)) => word.parse::<Kind>().map_err(|unknown| unknown.to_string()),
            _ => Err("names the kind of entry".to_owned()),
        };
        let kind = kind.map_err(|detail| FieldError::body("/type", "unknown-word", detail))?;
        // A number beyond its type is refused by the limits of its field, as every kind of entry has them.
        shape::from_value(Value::Object(fields), |from| Answers::read(kind, from)).map(|read| read.value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fault(answers: Value) -> String {
        let error = SubmittedAnswers(answers).parse().unwrap_err();
        format!("{} {}", error.pointer, error.code)
    }

    #[test]
    fn every_kind_is_read_from_what_it_is_published_as() {
        for kind in Kind::ALL {
            let published = serde_json::to_value(kind.example()).unwrap();
            assert_eq!(SubmittedAnswers(published).parse().unwrap(), kind.example(), "{kind}");
        }
    }

    #[test]
    fn a_number_beyond_its_type_is_refused_by_the_limits_of_its_field() {
        let mut count = 0;
        for kind in Kind::ALL {
            let schema = serde_json::to_value(kind.schema()).unwrap();
            let numbers = schema["properties"].as_object().unwrap().iter();
            for (field, _) in numbers.filter(|(_, property)| property["type"] == "integer") {
                for beyond in [json!(-1), json!(70_000), json!(1e30)] {
                    let mut answers = serde_json::to_value(kind.example()).unwrap();
                    answers[field] = beyond;
                    let read = SubmittedAnswers(answers).parse().unwrap();
                    let errors = read.check("2026-03-02".parse().unwrap()).unwrap_err();
                    assert_eq!(errors.field_errors()[field.as_str()][0].code, "range", "{kind}.{field}");
                    count += 1;
                }
            }
        }
        assert!(count > 50, "{count}");
    }

    #[test]
    fn a_fault_is_where_it_is() {
        let mut wrong = serde_json::to_value(Kind::Pulse.example()).unwrap();
        wrong["trust"] = json!("much");
        assert_eq!(fault(wrong), "/trust wrong-type");
        assert_eq!(fault(json!({ "type": "affair" })), "/type unknown-word");
        assert_eq!(fault(json!([])), " wrong-type");
        let mut extra = serde_json::to_value(Kind::Pulse.example()).unwrap();
        extra["secret"] = json!(1);
        assert_eq!(fault(extra), "/secret unknown-field");
    }
}
