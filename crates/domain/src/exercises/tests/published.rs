use std::collections::BTreeSet;

use serde_json::{Value, json};
use utoipa::{OpenApi, ToSchema};

use super::{complaints, fields, read};
use crate::exercises::{Answers, Kind, Measure, Mode, Slug};

#[derive(OpenApi)]
#[openapi(components(schemas(Answers, Kind, Slug, Mode, Measure)))]
struct Document;

fn document() -> Value {
    serde_json::to_value(Document::openapi()).unwrap()
}

/// Every `$ref` and every target of a mapping.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => members.values().for_each(|member| references(member, found)),
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::String(text) if text.starts_with("#/") => {
            found.insert(text.clone());
        }
        _ => {}
    }
}

#[test]
fn every_example_passes_is_stored_and_is_read_back() {
    for kind in Kind::ALL {
        let example = kind.example();
        assert_eq!(example.kind(), *kind);
        assert_eq!(complaints(&example), Vec::<String>::new(), "{kind}");
        let stored = serde_json::to_value(&example).unwrap();
        assert_eq!(stored["type"], kind.as_str());
        assert_eq!(serde_json::from_value::<Answers>(stored).unwrap(), example);
        assert_eq!(read(*kind, fields(&example)).unwrap(), example);
        assert_eq!(kind.as_str().parse(), Ok(*kind));
    }
}

#[test]
fn answers_of_another_kind_cannot_be_read() {
    assert!(read(Kind::Pulse, fields(&Kind::Journal.example())).is_err());
    assert!("no_such_kind".parse::<Kind>().is_err());
}

#[test]
fn the_discriminator_maps_every_type() {
    let document = document();
    let union = &document["components"]["schemas"]["Answers"];
    assert_eq!(union["discriminator"]["propertyName"], "type");
    let mapping = union["discriminator"]["mapping"].as_object().unwrap();
    assert_eq!(mapping.len(), Kind::ALL.len());
    for (kind, item) in Kind::ALL.iter().zip(union["oneOf"].as_array().unwrap()) {
        assert_eq!(mapping[kind.as_str()], item["$ref"], "{kind}");
        assert_eq!(item["$ref"], format!("#/components/schemas/{}", kind.component()));
    }
}

#[test]
fn every_reference_resolves() {
    let document = document();
    let mut found = BTreeSet::new();
    references(&document, &mut found);
    assert!(found.len() > Kind::ALL.len());
    for reference in found {
        assert!(document.pointer(&reference[1..]).is_some(), "{reference}");
    }
}

#[test]
fn every_variant_carries_its_type_inline() {
    for kind in Kind::ALL {
        let schema = document()["components"]["schemas"][kind.component()].clone();
        assert_eq!(schema["properties"]["type"]["type"], "string");
        assert_eq!(schema["properties"]["type"]["enum"], json!([kind]));
        assert!(schema["required"].as_array().unwrap().contains(&json!("type")), "{kind}");
        assert_eq!(schema["additionalProperties"], false, "{kind}");
    }
}

#[test]
fn every_field_is_labeled() {
    for kind in Kind::ALL {
        let schema = serde_json::to_value(kind.schema()).unwrap();
        assert!(schema["description"].is_string(), "{kind}");
        for (field, property) in schema["properties"].as_object().unwrap() {
            let described = if property["oneOf"].is_array() { &property["oneOf"][0] } else { property };
            assert!(described["description"].is_string(), "{kind}.{field}");
        }
    }
}

#[test]
fn component_names_stand_for_one_schema_each() {
    let mut components = Vec::new();
    Answers::schemas(&mut components);
    for (name, schema) in &components {
        let same = components.iter().filter(|(other, _)| other == name);
        assert!(same.into_iter().all(|(_, other)| other == schema), "{name}");
    }
}
