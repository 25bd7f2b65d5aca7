//! What the schema of a form says beside its types, so that a form can be drawn from it: the title of each field, and what a field
//! that holds an id refers to.

use serde_json::{Map, Value};
use utoipa::openapi::{
    KnownFormat, Object, OneOf, RefOr, SchemaFormat, Type,
    extensions::ExtensionsBuilder,
    schema::{Schema, SchemaType},
};

use super::{Answers, Kind, answers::Component, example::id, titles::title};

/// The property of a schema that says what an id refers to: a kind of entry, or the noun of another record.
const REFERS_TO: &str = "x-refers-to";

/// The schema of a form, or of a part of one, with what there is to say about its fields.
pub(super) fn worded(kind: Kind, (name, schema): Component) -> Component {
    let RefOr::T(Schema::Object(mut form)) = schema else { return (name, schema) };
    for (field, property) in &mut form.properties {
        if let Some((types, description)) = id_in(property)
            && let Some(to) = refers_to(kind, field)
        {
            *property = reference(types, description, to);
        }
        set_title(property, title(&name, field));
    }
    (name, form.into())
}

/// The types of a property that may be an id, and what is said of it; whoever can't see what an id names reads null in its place.
fn id_in(property: &RefOr<Schema>) -> Option<(SchemaType, Option<String>)> {
    match property {
        RefOr::Ref(id) => Some((Type::String.into(), Some(id.description.clone()))),
        RefOr::T(Schema::OneOf(id)) => Some((SchemaType::from_iter([Type::String, Type::Null]), described(id))),
        RefOr::T(_) => None,
    }
}

fn described(either: &OneOf) -> Option<String> {
    let of = |one: &RefOr<Schema>| if let RefOr::Ref(one) = one { Some(one.description.clone()) } else { None };
    either.description.clone().or_else(|| either.items.iter().find_map(of))
}

/// An id with what it refers to. It is written out, because nothing can be said of one that is defined elsewhere.
fn reference(types: SchemaType, description: Option<String>, to: &str) -> RefOr<Schema> {
    let uuid = Object::builder().schema_type(types).format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    let says = ExtensionsBuilder::new().add(REFERS_TO, to).build();
    uuid.description(description).extensions(Some(says)).into()
}

/// What a field refers to, as the form itself says when it is filled in.
fn refers_to(kind: Kind, field: &str) -> Option<&'static str> {
    let mut fields = Map::new();
    if let Ok(Value::Object(example)) = serde_json::to_value(kind.example()) {
        fields.extend(example.into_iter().filter(|(name, _)| name != "type"));
    }
    let as_it_is = Answers::read(kind, Value::Object(fields.clone()));
    fields.insert(field.to_owned(), Value::String(id::<uuid::Uuid>().to_string()));
    let filled_in = Answers::read(kind, Value::Object(fields));
    let mut named = [filled_in, as_it_is].into_iter().flatten().flat_map(|answers| answers.references());
    named.find(|reference| reference.pointer.rsplit('/').next() == Some(field)).map(|reference| reference.to.noun())
}

fn set_title(property: &mut RefOr<Schema>, title: Option<&str>) {
    let title = title.map(str::to_owned);
    match property {
        RefOr::Ref(reference) => reference.title = title,
        RefOr::T(Schema::Object(value)) => value.title = title,
        RefOr::T(Schema::Array(list)) => list.title = title,
        RefOr::T(_) => {}
    }
}
