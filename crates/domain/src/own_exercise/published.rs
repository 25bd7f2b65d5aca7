//! A form as it is published and kept: a JSON Schema (2020-12), its properties in the order of the form.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error, ser::SerializeMap};
use serde_json::{Map, Value, json};

use super::{
    form::{Choices, Field, FieldKind, ItemKind, MOST_CHARACTERS, OwnForm, UpTo},
    given::GivenForm,
    measure::ScaleMeasure,
};

/// The dialect that forms are given and published in.
pub(super) const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The keyword that makes a scale a measure. It is none of JSON Schema's, which takes it as a remark.
pub(super) const MEASURE: &str = "x-tenfold-measure";

impl Serialize for OwnForm {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let required = self.fields().iter().filter(|field| field.required).map(|field| field.name.as_str());
        let mut schema = to.serialize_map(Some(5))?;
        schema.serialize_entry("$schema", DIALECT)?;
        schema.serialize_entry("type", "object")?;
        schema.serialize_entry("properties", &Properties(self.fields()))?;
        schema.serialize_entry("required", &required.collect::<Vec<_>>())?;
        schema.serialize_entry("additionalProperties", &false)?;
        schema.end()
    }
}

struct Properties<'f>(&'f [Field]);

impl Serialize for Properties<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.0.iter().map(|field| (field.name.as_str(), property(field))))
    }
}

fn property(field: &Field) -> Map<String, Value> {
    let mut property = match &field.kind {
        FieldKind::Text(most) => text(*most),
        FieldKind::Choice(choices) => choice(choices),
        FieldKind::Scale(measure) => scale(measure.as_ref()),
        FieldKind::Date => members([("type", json!("string")), ("format", json!("date"))]),
        FieldKind::List { of, most } => {
            let item = match of {
                ItemKind::Text(most) => text(*most),
                ItemKind::Choice(choices) => choice(choices),
            };
            members([("type", json!("array")), ("items", json!(item)), ("maxItems", json!(most.get()))])
        }
    };
    property.insert("title".to_owned(), json!(field.title));
    if let Some(description) = &field.description {
        property.insert("description".to_owned(), json!(description));
    }
    property
}

/// Leaving a text out is the one way to say nothing.
fn text(most: UpTo<MOST_CHARACTERS>) -> Map<String, Value> {
    members([("type", json!("string")), ("minLength", json!(1)), ("maxLength", json!(most.get()))])
}

fn scale(measure: Option<&ScaleMeasure>) -> Map<String, Value> {
    let mut scale = members([("type", json!("integer")), ("minimum", json!(0)), ("maximum", json!(10))]);
    if let Some(ScaleMeasure { direction, source }) = measure {
        scale.insert(MEASURE.to_owned(), json!({ "direction": direction, "source": source }));
    }
    scale
}

fn choice(choices: &Choices) -> Map<String, Value> {
    members([("type", json!("string")), ("enum", json!(choices.as_slice()))])
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// What was kept was a form when it was kept; whoever reads one that is new takes a [`GivenForm`], to be told what is wrong with it.
impl<'de> Deserialize<'de> for OwnForm {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        GivenForm::deserialize(from)?.read().map_err(|_| D::Error::custom("a form that is none"))
    }
}
