//! The document says what the extractors and the surroundings do.

use super::*;
use crate::openapi::document_of;

fn operation(path: &str, method: &str) -> Value {
    let document: Value = serde_json::to_value(document_of(all)).unwrap();
    document["paths"][path][method].clone()
}

fn statuses(operation: &Value) -> Vec<&str> {
    operation["responses"].as_object().unwrap().keys().map(String::as_str).collect()
}

/// Name, place and whether it is required, of each parameter.
fn parameters(operation: &Value) -> Vec<(&str, &str, bool)> {
    let parameters = operation["parameters"].as_array().unwrap().iter();
    parameters
        .map(|p| (p["name"].as_str().unwrap(), p["in"].as_str().unwrap(), p["required"].as_bool().unwrap_or(false)))
        .collect()
}

#[test]
fn a_change_needs_a_version_and_takes_either_media_type() {
    let change = operation("/v1/moods/{mood_id}", "patch");
    assert_eq!(change["operationId"], "changeMood");
    assert_eq!(parameters(&change), [("mood_id", "path", true), ("If-Match", "header", true)]);
    let media: Vec<&String> = change["requestBody"]["content"].as_object().unwrap().keys().collect();
    assert_eq!(media, ["application/json"]);
    assert_eq!(
        statuses(&change),
        ["200", "400", "401", "403", "404", "409", "412", "413", "415", "422", "428", "429", "500", "503"]
    );
}

#[test]
fn a_creation_may_have_a_key() {
    let create = operation("/v1/moods", "post");
    assert_eq!(parameters(&create), [("Idempotency-Key", "header", false)]);
    assert_eq!(create["parameters"][0]["schema"]["type"], "string");
    assert!(!statuses(&create).contains(&"412"));
}

#[test]
fn a_list_is_paged_and_its_optional_parameters_are_not_nullable() {
    let list = operation("/v1/moods", "get");
    assert_eq!(parameters(&list), [("limit", "query", false), ("cursor", "query", false), ("least", "query", false)]);
    assert_eq!(list["parameters"][0]["schema"]["type"], "integer", "{list}");
    assert_eq!(list["parameters"][1]["schema"]["type"], "string", "{list}");
    assert!(!statuses(&list).contains(&"422"));
}

#[test]
fn what_anybody_may_ask_needs_no_sign_in() {
    let live = operation("/health/live", "get");
    assert!(!statuses(&live).contains(&"401"), "{live}");
}
