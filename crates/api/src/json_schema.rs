//! The schema of one kind of entry by itself: JSON Schema 2020-12 with all it refers to, good enough to draw a form from.
//!
//! It is taken from the same source as the schemas in the document of the API, so the two never differ.

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
        schema.insert("title".to_owned(), json!(kind.component()));
        if let Value::Object(members) = relocated(root) {
            schema.extend(members);
        }
        if !found.is_empty() {
            let found: Map<_, _> = found.into_iter().map(|(name, schema)| (name, relocated(schema))).collect();
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

/// The same schema with its references to where they are found in a schema by itself.
fn relocated(schema: Value) -> Value {
    match schema {
        Value::Object(members) => members.into_iter().map(|(name, member)| (name, relocated(member))).collect(),
        Value::Array(items) => items.into_iter().map(relocated).collect(),
        Value::String(text) => match text.strip_prefix(COMPONENTS) {
            Some(name) => Value::String(format!("{DEFINITIONS}{name}")),
            None => Value::String(text),
        },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
