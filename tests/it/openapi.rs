//! The document that clients are generated from.

use std::{collections::BTreeSet, fs, path::Path};

use domain::exercises::Measure;
use serde_json::Value;

fn document() -> Value {
    serde_json::to_value(api::openapi::document()).expect("it can be written as JSON")
}

/// Every operation, with its method and path.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let mut found = Vec::new();
    for (path, item) in paths {
        for (method, operation) in item.as_object().expect("an item") {
            found.push((format!("{method} {path}"), operation));
        }
    }
    found
}

#[test]
fn what_is_committed_is_what_the_server_describes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/openapi.json");
    let committed = fs::read_to_string(path).expect("openapi/openapi.json");
    let generated = api::openapi::document().to_pretty_json().expect("it can be written as JSON");
    assert!(
        committed.trim_end() == generated.trim_end(),
        "openapi/openapi.json is not what the code describes; run: cargo run -- openapi > openapi/openapi.json"
    );
}

#[test]
fn every_figure_is_explained() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/figures.md");
    let page = fs::read_to_string(path).expect("openapi/figures.md");
    for measure in Measure::ALL {
        let row = format!("| `{measure}` | {} | {} |", measure.title(), measure.unit());
        assert!(page.contains(&row), "openapi/figures.md has no row {row}");
    }
    let document = document();
    let mut told = BTreeSet::new();
    collect_names("Progress", &document, &mut told);
    collect_names("ProgressSideBySide", &document, &mut told);
    collect_names("ReliableChange", &document, &mut told);
    told.retain(|(_, name)| name != "instrument_version");
    assert!(told.len() > 40, "{told:?}");
    for (schema, name) in told {
        assert!(page.contains(&format!("`{name}`")) || page.contains(&format!(".{name}`")), "{schema}.{name}");
    }
}

/// The numbers in a schema and in all that it is made of.
fn collect_names(schema: &str, document: &Value, found: &mut BTreeSet<(String, String)>) {
    let properties = &document["components"]["schemas"][schema]["properties"];
    for (name, property) in properties.as_object().into_iter().flatten() {
        let types = property["type"].as_array().map_or_else(|| vec![&property["type"]], |types| types.iter().collect());
        if types.iter().any(|one| **one == "number" || **one == "integer") {
            found.insert((schema.to_owned(), name.clone()));
        }
        let mut references = Vec::new();
        collect_references(property, &mut references);
        for reference in references {
            collect_names(reference.trim_start_matches("#/components/schemas/"), document, found);
        }
    }
}

#[test]
fn every_operation_has_a_name_of_its_own_and_a_declared_tag() {
    let document = document();
    let tags: BTreeSet<_> =
        document["tags"].as_array().expect("tags").iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut names = BTreeSet::new();
    for (place, operation) in operations(&document) {
        let name = operation["operationId"].as_str().expect("an operation id");
        assert!(names.insert(name.to_owned()), "{place}: {name} is there twice");
        assert!(!name.contains('_'), "{place}: {name} is not camelCase");
        let tag = operation["tags"][0].as_str().expect("a tag");
        assert!(tags.contains(tag), "{place}: the tag {tag} is not described");
        assert!(operation["summary"].is_string(), "{place} has no summary");
    }
}

#[test]
fn every_operation_says_who_may_call_it() {
    for (place, operation) in operations(&document()) {
        assert!(operation["security"].is_array(), "{place} does not say whether it needs a token");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut references = Vec::new();
    collect_references(&document, &mut references);
    assert!(references.len() > 100);
    for reference in references {
        let pointer = reference.trim_start_matches('#');
        assert!(document.pointer(pointer).is_some(), "{reference} leads nowhere");
    }
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(target) if name == "$ref" => found.push(target.clone()),
                    member => collect_references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

#[test]
fn every_word_is_spelled_as_it_is_on_the_wire() {
    for_each_object(&document(), &mut |schema| {
        for word in schema.get("enum").and_then(Value::as_array).into_iter().flatten() {
            let word = word.as_str().expect("words");
            assert!(!word.contains(char::is_uppercase), "{word} is a name of the code, not a word of the wire");
        }
    });
}

#[test]
fn no_schema_is_of_two_types_at_once() {
    for_each_object(&document(), &mut |schema| {
        let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
        let types: BTreeSet<_> = parts.filter_map(|part| part["type"].as_str()).collect();
        assert!(types.len() <= 1, "{schema:?}");
    });
}

fn for_each_object(value: &Value, look: &mut impl FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            look(members);
            members.values().for_each(|member| for_each_object(member, look));
        }
        Value::Array(items) => items.iter().for_each(|item| for_each_object(item, look)),
        _ => {}
    }
}

/// Two types of one name become one schema, and whoever reads by it refuses what the other says.
#[actix_web::test]
async fn a_problem_is_what_the_document_says_it_is() {
    let app = tenfold_tests::app::TestApp::on_sqlite().await;
    let document = document();
    let schema = |name: &str| &document["components"]["schemas"][name];
    let part = schema("FieldError")["properties"]["in"]["$ref"].as_str().expect("a reference");
    let words = schema(part.trim_start_matches("#/components/schemas/"))["enum"].as_array().expect("words");

    let refused = app.owner().await.get("/v1/couples?limit=nine").await;

    let told = &refused.expect_status(400).json()["errors"][0]["in"];
    assert!(words.contains(told), "{told} is none of {words:?}");
}
