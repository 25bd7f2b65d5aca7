//! What the schema of a form says beside its types, so that a form can be drawn from it: the title of each field, and what a field
//! that holds an id refers to.

use serde_json::{Map, Value};
use utoipa::openapi::{
    KnownFormat, Object, Ref, RefOr, SchemaFormat, Type,
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
        if let RefOr::Ref(id) = property
            && let Some(to) = refers_to(kind, field)
        {
            *property = reference(id, to);
        }
        set_title(property, title(&name, field));
    }
    (name, form.into())
}

/// An id with what it refers to. It is written out, because nothing can be said of one that is defined elsewhere.
fn reference(id: &Ref, to: &str) -> RefOr<Schema> {
    let text = Object::builder().schema_type(SchemaType::new(Type::String));
    let uuid = text.format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)));
    let says = ExtensionsBuilder::new().add(REFERS_TO, to).build();
    uuid.description(Some(id.description.clone())).extensions(Some(says)).into()
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
