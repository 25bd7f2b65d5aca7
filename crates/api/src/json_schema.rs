//! The schema of one kind of entry by itself: JSON Schema 2020-12 with all it refers to, good enough to draw a form from.
//!
//! It is taken from the same source as the schemas in the document of the API, so the two never differ but in two things: here
//! nothing is null, as nobody writes so; and every field has a short title, the label of its input, above its description, which is
//! the question. It is made of the field's name, so that a new field has one. The document has none, because generators of clients
//! take a title for the name of a class.

use std::collections::BTreeMap;

use domain::exercises::{Answers, Kind};
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

const COMPONENTS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/$defs/";

/// The schemas that answers refer to, by name.
pub(crate) struct Definitions(BTreeMap<String, Value>);

impl Definitions {
    /// All that any kind of entry refers to.
    pub(crate) fn of_answers() -> Result<Self, serde_json::Error> {
        let mut components = Vec::new();
        Answers::schemas(&mut components);
        let named = components.into_iter().map(|(name, schema)| Ok((name, serde_json::to_value(schema)?)));
        named.collect::<Result<_, _>>().map(Self)
    }

    /// The schema of a kind, self-contained.
    pub(crate) fn schema_of(&self, kind: Kind) -> Result<Value, serde_json::Error> {
        let root = serde_json::to_value(kind.schema())?;
        let mut found = BTreeMap::new();
        self.collect(&root, &mut found);
        let mut schema = Map::new();
        schema.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
        schema.insert("title".to_owned(), json!(title(kind.as_str())));
        if let Value::Object(members) = titled(relocated(root)) {
            schema.extend(members);
        }
        if !found.is_empty() {
            let found: Map<_, _> = found.into_iter().map(|(name, schema)| (name, titled(relocated(schema)))).collect();
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

/// The same schema for who writes: a reference is null only in answers that are shown to who can't see what it names.
fn without_null(mut members: Map<String, Value>) -> Value {
    let is_null = |schema: &Value| schema["type"] == "null";
    if let Some(Value::Array(either)) = members.get_mut("oneOf") {
        let had = either.len();
        either.retain(|schema| !is_null(schema));
        if either.len() == 1 && had > 1 {
            return either.remove(0);
        }
    }
    Value::Object(members)
}

/// The same schema with its references to where they are found in a schema by itself.
fn relocated(schema: Value) -> Value {
    match schema {
        Value::Object(members) => {
            without_null(members.into_iter().map(|(name, member)| (name, relocated(member))).collect())
        }
        Value::Array(items) => items.into_iter().map(relocated).collect(),
        Value::String(text) => match text.strip_prefix(COMPONENTS) {
            Some(name) => Value::String(format!("{DEFINITIONS}{name}")),
            None => Value::String(text),
        },
        other => other,
    }
}

/// The same schema with a title for each field.
fn titled(schema: Value) -> Value {
    match schema {
        Value::Object(members) => members.into_iter().map(titled_member).collect(),
        Value::Array(items) => items.into_iter().map(titled).collect(),
        other => other,
    }
}

fn titled_member((name, member): (String, Value)) -> (String, Value) {
    let mut member = titled(member);
    if name == "properties"
        && let Value::Object(fields) = &mut member
    {
        for (field, schema) in fields {
            if let Value::Object(schema) = schema {
                schema.entry("title").or_insert_with(|| json!(title(field)));
            }
        }
    }
    (name, member)
}

/// What people read in place of a name: `review_on` is "Review on", `talk_id` is "Talk", `duration_minutes` is "Duration (minutes)".
fn title(name: &str) -> String {
    let name = name.strip_suffix("_id").unwrap_or(name);
    let (words, unit) = match name.strip_suffix("_minutes") {
        Some(words) => (words, " (minutes)"),
        None => (name, ""),
    };
    let (first, rest) = words.split_at(words.chars().next().map_or(0, char::len_utf8));
    format!("{}{}{unit}", first.to_uppercase(), rest.replace('_', " "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every field of a schema and of what it defines: its name and its own schema.
    fn fields(value: &Value, found: &mut Vec<(String, Value)>) {
        if let Some(properties) = value["properties"].as_object() {
            found.extend(properties.clone());
        }
        value["$defs"].as_object().into_iter().flatten().for_each(|(_, definition)| fields(definition, found));
    }

    #[test]
    fn every_field_of_a_form_has_a_label_and_a_question() {
        let definitions = Definitions::of_answers().unwrap();
        for kind in Kind::ALL {
            let schema = definitions.schema_of(*kind).unwrap();
            let mut found = Vec::new();
            fields(&schema, &mut found);
            for (field, schema) in found {
                let title = schema["title"].as_str().unwrap_or_default();
                assert!((1..=40).contains(&title.len()) && !title.contains('_'), "{kind}.{field}: {title}");
                assert!(schema["description"].is_string(), "{kind}.{field}");
            }
        }
    }

    #[test]
    fn a_label_is_made_of_a_name() {
        for (name, label) in [
            ("review_on", "Review on"),
            ("talk_id", "Talk"),
            ("duration_minutes", "Duration (minutes)"),
            ("needs", "Needs"),
        ] {
            assert_eq!(title(name), label);
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
