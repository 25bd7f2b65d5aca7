//! A form as it is given: a JSON Schema, of which nothing has been looked at yet but the order of its properties.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Map, Value};

/// A JSON Schema that is meant to describe a form. The order of its properties is the order of the form, which a JSON object
/// read in the usual way forgets.
#[derive(Debug, Clone, PartialEq)]
pub struct GivenForm {
    pub(super) properties: Option<Vec<(String, Value)>>,
    pub(super) others: Map<String, Value>,
}

impl<'de> Deserialize<'de> for GivenForm {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Schema)
    }
}

struct Schema;

impl<'de> Visitor<'de> for Schema {
    type Value = GivenForm;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<GivenForm, A::Error> {
        let (mut properties, mut others) = (None, Map::new());
        while let Some(name) = members.next_key::<String>()? {
            if name == "properties" {
                properties = Some(members.next_value::<InOrder>()?.0);
            } else {
                others.insert(name, members.next_value()?);
            }
        }
        Ok(GivenForm { properties, others })
    }
}

struct InOrder(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for InOrder {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Properties).map(Self)
    }
}

struct Properties;

impl<'de> Visitor<'de> for Properties {
    type Value = Vec<(String, Value)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut properties = Vec::new();
        while let Some(property) = members.next_entry()? {
            properties.push(property);
        }
        Ok(properties)
    }
}
