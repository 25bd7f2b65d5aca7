//! What an entry says is told where the couple stands: a field that is added to a form and left out there fails here.

use serde_json::{Map, Value, json};

use super::side_by_side::{LEE, entry, put_together};
use crate::{
    couple::tests::id,
    entry::Entry,
    exercises::{Kind, Slug, Target, Work},
    ids::{EntryId, PartnerId},
    session::{Session, SessionKind, tests::held},
};

/// Fields that are told by what comes of them: of a wish that was taken back nothing, and of how wishes were respected the mean.
const COUNTED: [(Kind, &str); 2] = [(Kind::ForgivenessTalkWish, "taken_back"), (Kind::PaceWish, "last_wish_respected")];

/// The day of the entries, and of whoever looks: the session was the day before.
const TODAY: &str = "2026-03-11";

fn number(kind: Kind) -> u128 {
    Kind::ALL.iter().zip(1..).find(|(known, _)| **known == kind).unwrap().1
}

fn phrase(kind: Kind, field: &str) -> String {
    format!("{kind} {field} quince")
}

fn properties(kind: Kind) -> Map<String, Value> {
    let schema = serde_json::to_value(kind.schema()).unwrap();
    let mut properties = schema["properties"].as_object().unwrap().clone();
    properties.remove("type");
    properties
}

fn is_words(schema: &Value) -> bool {
    let is_said_otherwise = ["enum", "format", "pattern"].iter().any(|keyword| !schema[*keyword].is_null());
    schema["type"] == "string" && !is_said_otherwise
}

/// An entry of Lee's with a phrase in every field for words, naming the other entries and the session.
fn filled(kind: Kind, session: &Session) -> Entry {
    let planted = |(field, schema): (String, Value)| match phrase(kind, &field) {
        words if is_words(&schema) => Some((field, json!(words))),
        words if is_words(&schema["items"]) => Some((field, json!([words]))),
        _ => None,
    };
    let mut words: Value = properties(kind).into_iter().filter_map(planted).collect::<Map<_, _>>().into();
    for reference in kind.example().references() {
        let named = match reference.to {
            Target::Entry { kind, .. } => json!(id::<EntryId>(number(kind))),
            Target::BegunSession(_) => json!(session.id),
            Target::Partner(_) => json!(id::<PartnerId>(LEE)),
            Target::PromiseOfTheOther(promise) => json!(promise),
        };
        match reference.pointer.rsplit('/').collect::<Vec<_>>()[..] {
            [field, ""] => words[field] = named,
            [field, "0", list, ""] => {
                words[list] = serde_json::to_value(kind.example()).unwrap()[list].clone();
                words[list][0][field] = named;
            }
            _ => panic!("{}", reference.pointer),
        }
    }
    entry(number(kind), LEE, TODAY, kind, words)
}

fn work_of(exercise: Slug) -> Work {
    let session = held(SessionKind::Joint, &[]).unwrap();
    let entries: Vec<_> = Kind::of(exercise).iter().map(|kind| filled(*kind, &session)).collect();
    put_together(TODAY, &entries, &[], &[session])
}

/// The names of all fields there are.
fn names(of: &Value) -> Vec<&str> {
    match of {
        Value::Array(items) => items.iter().flat_map(names).collect(),
        Value::Object(fields) => {
            fields.iter().flat_map(|(name, inner)| names(inner).into_iter().chain([name.as_str()])).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn whatever_an_entry_says_is_told_where_the_couple_stands() {
    for exercise in Slug::ALL.iter().copied().filter(|exercise| *exercise != Slug::Own) {
        let work = serde_json::to_value(work_of(exercise)).unwrap();
        let (whole, names) = (work.to_string(), names(&work));
        for kind in Kind::of(exercise) {
            for (field, schema) in properties(*kind) {
                let is_in_words = is_words(&schema) || is_words(&schema["items"]);
                let told = if is_in_words { whole.contains(&phrase(*kind, &field)) } else { names.contains(&&*field) };
                assert!(told || COUNTED.contains(&(*kind, &*field)), "{kind}: {field} is not in {whole}");
            }
        }
    }
}
