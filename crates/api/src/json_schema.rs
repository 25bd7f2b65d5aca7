//! The schema of one kind of entry by itself: JSON Schema 2020-12 with all it refers to, good enough to draw a form from.
//!
//! It is taken from the same source as the schemas in the document of the API. What a document for generators of clients can't
//! have is added here: a title of the whole, the place of each field in the form, and choices as one of several labeled constants. And
//! nothing is null, as nobody writes so.

use std::collections::BTreeMap;

use domain::exercises::{Answers, Kind};
use serde_json::{Map, Value, json};
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};

const COMPONENTS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/$defs/";

/// The schemas that answers refer to, by name.
pub(crate) struct Definitions(BTreeMap<String, Value>);

impl Definitions {
    /// All that any kind of entry refers to.
    pub(crate) fn of_answers() -> Result<Self, serde_json::Error> {
        let mut components = Vec::new();
        Answers::schemas(&mut components);
        let named = components.into_iter().map(|(name, schema)| Ok((name, placed(&schema)?)));
        named.collect::<Result<_, _>>().map(Self)
    }

    /// The schema of a kind, self-contained.
    pub(crate) fn schema_of(&self, kind: Kind) -> Result<Value, serde_json::Error> {
        let root = placed(&kind.schema())?;
        let mut found = BTreeMap::new();
        self.collect(&root, &mut found);
        let mut schema = Map::new();
        schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        schema.insert("title".to_owned(), json!(kind.title()));
        if let Value::Object(members) = by_itself(root) {
            schema.extend(members);
        }
        if !found.is_empty() {
            let found: Map<_, _> = found.into_iter().map(|(name, schema)| (name, by_itself(schema))).collect();
            schema.insert("$defs".to_owned(), Value::Object(found));
        }
        Ok(Value::Object(schema))
    }

    /// What a schema refers to, directly or not.
    fn collect(&self, schema: &Value, found: &mut BTreeMap<String, Value>) {
        match schema {
            Value::Object(members) => members.values().for_each(|member| self.collect(member, found)),
            Value::Array(items) => items.iter().for_each(|item| self.collect(item, found)),
            Value::String(text) => {
                if let Some(name) = text.strip_prefix(COMPONENTS)
                    && !found.contains_key(name)
                    && let Some(definition) = self.0.get(name)
                {
                    found.insert(name.to_owned(), definition.clone());
                    self.collect(definition, found);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// The same schema for who writes: an id is null only in answers that are shown to who can't see what it names.
fn without_null(mut schema: Map<String, Value>) -> Map<String, Value> {
    if let Some(Value::Array(types)) = schema.get_mut("type") {
        types.retain(|name| name != "null");
        if types.len() == 1 {
            let only = types.remove(0);
            schema.insert("type".to_owned(), only);
        }
    }
    schema
}

/// The schema with the place of each field among them, from 1: an object of JSON has no order.
fn placed(schema: &RefOr<Schema>) -> Result<Value, serde_json::Error> {
    let mut written = serde_json::to_value(schema)?;
    if let (RefOr::T(Schema::Object(form)), Some(fields)) = (schema, written.get_mut("properties")) {
        for (place, field) in form.properties.keys().enumerate() {
            if let Some(Value::Object(field)) = fields.get_mut(field) {
                field.insert("x-order".to_owned(), json!(place + 1));
            }
        }
    }
    Ok(written)
}

/// The same schema with its references to where they are found in a schema by itself, and with labels for its choices.
fn by_itself(schema: Value) -> Value {
    match schema {
        Value::Object(members) => {
            labeled(without_null(members.into_iter().map(|(name, member)| (name, by_itself(member))).collect()))
        }
        Value::Array(items) => items.into_iter().map(by_itself).collect(),
        Value::String(text) => match text.strip_prefix(COMPONENTS) {
            Some(name) => Value::String(format!("{DEFINITIONS}{name}")),
            None => Value::String(text),
        },
        other => other,
    }
}

/// A vocabulary as one of several constants, each with its label: what the word means.
fn labeled(mut schema: Map<String, Value>) -> Value {
    if let Some(Value::Array(meanings)) = schema.remove("x-enum-descriptions")
        && let Some(Value::Array(words)) = schema.remove("enum")
    {
        let label = |meaning: &Value| json!(meaning.as_str().unwrap_or_default().trim_end_matches('.'));
        let choice = |(word, meaning): (Value, Value)| json!({ "const": word, "title": label(&meaning) });
        schema.insert("oneOf".to_owned(), words.into_iter().zip(meanings).map(choice).collect());
    }
    Value::Object(schema)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// The fields of a schema and of each part that it defines, in the order of the form.
    fn forms(schema: &Value) -> Vec<Vec<(String, Value)>> {
        let parts = schema["$defs"].as_object().into_iter().flatten().map(|(_, part)| part);
        let with_fields = std::iter::once(schema).chain(parts).filter_map(|form| form["properties"].as_object());
        let in_order = |fields: &Map<String, Value>| {
            let mut fields: Vec<_> = fields.clone().into_iter().collect();
            fields.sort_by_key(|(_, field)| field["x-order"].as_u64());
            fields
        };
        with_fields.map(in_order).collect()
    }

    fn schemas() -> impl Iterator<Item = (Kind, Value)> {
        let definitions = Definitions::of_answers().unwrap();
        Kind::ALL.iter().map(move |kind| (*kind, definitions.schema_of(*kind).unwrap()))
    }

    #[test]
    fn every_field_of_a_form_has_a_place_a_title_of_its_own_and_a_question() {
        for (kind, schema) in schemas() {
            for fields in forms(&schema) {
                let mut titles = HashSet::new();
                for (place, (field, schema)) in fields.iter().enumerate() {
                    assert_eq!(schema["x-order"], place + 1, "{kind}.{field}");
                    assert!(schema["description"].is_string(), "{kind}.{field}");
                    if field == "type" {
                        continue;
                    }
                    let title = schema["title"].as_str().unwrap_or_default();
                    assert!((1..=40).contains(&title.len()) && !title.contains('_'), "{kind}.{field}: {title}");
                    assert_ne!(title.to_lowercase(), field.replace('_', " "), "{kind}.{field}");
                    assert!(titles.insert(title), "{kind}.{field}: {title} is there twice");
                }
            }
        }
    }

    #[test]
    fn a_form_is_drawn_in_the_order_in_which_it_is_declared() {
        let (_, pulse) = schemas().find(|(kind, _)| *kind == Kind::Pulse).unwrap();
        let fields: Vec<_> = forms(&pulse)[0].iter().map(|(field, _)| field.clone()).collect();
        assert_eq!(fields, ["trust", "safety", "closeness", "hope", "note", "type"]);
    }

    #[test]
    fn every_choice_has_a_label_and_no_two_the_same() {
        let mut count = 0;
        for (kind, schema) in schemas() {
            assert!(!schema.to_string().contains("x-enum-descriptions"), "{kind}");
            for (name, choices) in schema["$defs"].as_object().into_iter().flatten() {
                assert!(choices["enum"].is_null(), "{name} has no labels");
                let labels = choices["oneOf"].as_array().into_iter().flatten().map(|choice| choice["title"].as_str());
                let labels: Vec<_> = labels.map(Option::unwrap).collect();
                assert!(labels.iter().all(|label| !label.is_empty() && !label.ends_with('.')), "{name}");
                assert_eq!(labels.iter().collect::<HashSet<_>>().len(), labels.len(), "{name}");
                count += labels.len();
            }
        }
        assert!(count > 0, "some kinds have choices");
    }

    #[test]
    fn every_id_says_what_it_refers_to() {
        let known = |noun: &str| noun.parse::<Kind>().is_ok() || ["partner", "promise", "session"].contains(&noun);
        for (kind, schema) in schemas() {
            for (field, schema) in forms(&schema).into_iter().flatten() {
                let refers_to = schema["x-refers-to"].as_str();
                let is_id = field.ends_with("_id") || schema["format"] == "uuid";
                assert_eq!(refers_to.is_some_and(known), is_id, "{kind}.{field}: {refers_to:?}");
            }
            assert!(!schema["$defs"].as_object().into_iter().flatten().any(|(_, part)| part["format"] == "uuid"));
        }
    }

    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => members.values().for_each(|member| references(member, found)),
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::String(text) if text.starts_with("#/") => found.push(text.clone()),
            _ => {}
        }
    }

    #[test]
    fn every_kind_has_a_schema_that_needs_nothing_else() {
        let definitions = Definitions::of_answers().unwrap();
        let mut count = 0;
        for kind in Kind::ALL {
            let schema = definitions.schema_of(*kind).unwrap();
            let mut found = Vec::new();
            references(&schema, &mut found);
            count += found.len();
            for reference in found {
                assert!(schema.pointer(&reference[1..]).is_some(), "{kind}: {reference}");
            }
            assert_eq!(schema["properties"]["type"]["enum"], json!([kind]));
        }
        assert!(count > 0, "some kinds refer to others");
    }
}
