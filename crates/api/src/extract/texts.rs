//! The texts of a body, whatever it is of: each says something.

use domain::text::{NOT_WRITTEN, is_written};
use serde_json::Value;

use super::shape::is_plain;
use crate::problem::{FieldError, escaped};

/// The texts that are not written as texts are. What is empty is not among them: it is refused by its limits, or stands for nothing.
pub(super) fn faults(bytes: &[u8]) -> Vec<FieldError> {
    let mut found = Vec::new();
    if let Ok(body) = serde_json::from_slice(bytes) {
        collect(&body, "", &mut found);
    }
    found
}

fn collect(value: &Value, pointer: &str, found: &mut Vec<FieldError>) {
    match value {
        Value::String(text) if !text.is_empty() && !is_written(text) => {
            found.push(FieldError::body(pointer, "text", NOT_WRITTEN));
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(at, item)| collect(item, &format!("{pointer}/{at}"), found));
        }
        Value::Object(members) => members.iter().for_each(|(name, member)| {
            // A name that is none of ours may be anything, and is not repeated.
            let below = if is_plain(name) { format!("{pointer}/{}", escaped(name)) } else { pointer.to_owned() };
            collect(member, &below, found);
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use domain::exercises::Kind;
    use serde_json::json;

    use super::*;

    fn pointers(body: &Value) -> Vec<String> {
        faults(body.to_string().as_bytes()).into_iter().map(|fault| fault.pointer).collect()
    }

    #[test]
    fn texts_that_say_nothing_are_found_wherever_they_are() {
        let body =
            json!({ "what": "  ", "lines": ["tea", "\u{0}tea", ["\t\n"]], "note": "", "My Secret": " ", "n": 1 });
        let mut found = pointers(&body);
        found.sort();
        assert_eq!(found, ["", "/lines/1", "/lines/2/0", "/what"]);
    }

    #[test]
    fn texts_of_several_lines_are_texts() {
        assert!(pointers(&json!({ "note": "First.\r\n\tSecond.\n" })).is_empty());
    }

    #[test]
    fn every_text_of_every_kind_of_entry_says_something() {
        let mut count = 0;
        for kind in Kind::ALL {
            let schema = serde_json::to_value(kind.schema()).unwrap();
            for (field, property) in schema["properties"].as_object().unwrap() {
                let (blank, at) = match property["type"].as_str() {
                    Some("string") => (json!("\u{a0} \n"), ""),
                    Some("array") if property["items"]["type"] == "string" => (json!([" "]), "/0"),
                    _ => continue,
                };
                let mut answers = serde_json::to_value(kind.example()).unwrap();
                answers[field] = blank;
                assert_eq!(pointers(&json!({ "answers": answers })), [format!("/answers/{field}{at}")], "{kind}");
                count += 1;
            }
        }
        assert!(count > 50, "{count}");
    }
}
