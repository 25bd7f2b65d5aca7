//! The part of JSON Schema that forms are given in, read strictly: whatever lies outside of it is refused by its place, with what
//! to write instead. No reference is followed and no pattern compiled, so a form can't reach out or run away.

use serde_json::{Map, Value, json};

use super::{
    form::{Choices, Field, FieldKind, FieldName, ItemKind, MOST_CHARACTERS, MOST_FIELDS, OwnForm, UpTo, Words},
    given::GivenForm,
    measure::ScaleMeasure,
    misfit::{MOST_TOLD, Misfit},
    published::{DIALECT, MEASURE},
};
use crate::exercises::Direction;

const LABELS: &[&str] = &["type", "title", "description"];
const OF_A_TEXT: &[&str] = &["minLength", "maxLength"];
const OF_A_CHOICE: &[&str] = &["enum"];
const OF_A_SCALE: &[&str] = &["minimum", "maximum", MEASURE];
const OF_A_DATE: &[&str] = &["format"];
const OF_A_MEASURE: &[&str] = &["direction", "source"];
const OF_A_LIST: &[&str] = &["items", "maxItems"];

impl GivenForm {
    /// The form it describes.
    ///
    /// # Errors
    /// All that is outside of the subset, up to 100 places, with pointers below the schema.
    pub fn read(&self) -> Result<OwnForm, Vec<Misfit>> {
        let mut misfits = Vec::new();
        self.check_frame(&mut misfits);
        let required = self.required(&mut misfits);
        let fields = self.fields(&required, &mut misfits);
        let form = OwnForm::new(fields);
        if form.is_none() && misfits.is_empty() {
            misfits.push(Misfit::new("/properties", "duplicate", "must have each name once"));
        }
        misfits.truncate(MOST_TOLD);
        form.filter(|_| misfits.is_empty()).ok_or(misfits)
    }

    /// What is around the properties.
    fn check_frame(&self, misfits: &mut Vec<Misfit>) {
        let frame = Node { at: "", members: &self.others };
        frame.check_known(
            &["$schema", "type", "required", "additionalProperties"],
            "a form also has properties",
            misfits,
        );
        frame.exactly("type", &json!("object"), misfits);
        for (name, wanted) in [("$schema", json!(DIALECT)), ("additionalProperties", json!(false))] {
            if self.others.contains_key(name) {
                frame.exactly(name, &wanted, misfits);
            }
        }
    }

    /// The names of the fields that must be answered.
    fn required(&self, misfits: &mut Vec<Misfit>) -> Vec<&str> {
        let names = match self.others.get("required") {
            None => return Vec::new(),
            Some(Value::Array(names)) if names.len() <= MOST_FIELDS => names.as_slice(),
            Some(_) => {
                misfits.push(Misfit::new(
                    "/required",
                    "wrong-type",
                    "must be a list of the names that must be answered",
                ));
                return Vec::new();
            }
        };
        let known = |name: &str| self.properties.iter().flatten().any(|(property, _)| property == name);
        let mut required = Vec::new();
        for (position, name) in names.iter().enumerate() {
            match name.as_str() {
                Some(name) if known(name) && !required.contains(&name) => required.push(name),
                _ => misfits.push(Misfit::new(
                    format!("/required/{position}"),
                    "unknown",
                    "must be the name of one of the properties, each there once",
                )),
            }
        }
        required
    }

    fn fields(&self, required: &[&str], misfits: &mut Vec<Misfit>) -> Vec<Field> {
        let properties = self.properties.as_deref().unwrap_or_default();
        if !(1..=MOST_FIELDS).contains(&properties.len()) {
            misfits.push(Misfit::new("/properties", "length", format!("must have 1 to {MOST_FIELDS} properties")));
            return Vec::new();
        }
        let mut fields = Vec::new();
        for (name, schema) in properties {
            match name.parse::<FieldName>() {
                Ok(known) => fields.extend(field(known, required.contains(&name.as_str()), schema, misfits)),
                // What is no name may be anything, and is not repeated.
                Err(error) => misfits.push(Misfit::new("/properties", "name", error)),
            }
        }
        fields
    }
}

fn field(name: FieldName, required: bool, schema: &Value, misfits: &mut Vec<Misfit>) -> Option<Field> {
    let at = format!("/properties/{}", name.as_str());
    let node = Node::of(&at, schema, misfits)?;
    let kind = node.kind(misfits);
    let title = node.words("title", misfits);
    let described = node.members.contains_key("description");
    let description = if described { Some(node.words("description", misfits)?) } else { None };
    Some(Field { name, title: title?, description, required, kind: kind? })
}

/// An object of the schema, and where it is.
struct Node<'s> {
    at: &'s str,
    members: &'s Map<String, Value>,
}

impl<'s> Node<'s> {
    fn of(at: &'s str, schema: &'s Value, misfits: &mut Vec<Misfit>) -> Option<Self> {
        if let Value::Object(members) = schema {
            return Some(Self { at, members });
        }
        misfits.push(Misfit::new(at, "wrong-type", "must be an object that says what is asked for"));
        None
    }

    fn kind(&self, misfits: &mut Vec<Misfit>) -> Option<FieldKind> {
        match self.text("type") {
            Some("string") if self.members.contains_key("enum") => self.choice(LABELS, misfits).map(FieldKind::Choice),
            Some("string") if self.members.contains_key("format") => self.date(misfits),
            Some("string") => self.length(LABELS, misfits).map(FieldKind::Text),
            Some("integer") => self.scale(misfits),
            Some("array") => self.list(misfits),
            _ => {
                let words = "must be string (a text, a choice or a date), integer (a scale) or array (a list)";
                self.refuse("type", "unknown-word", words, misfits)
            }
        }
    }

    fn length(&self, labels: &[&str], misfits: &mut Vec<Misfit>) -> Option<UpTo<MOST_CHARACTERS>> {
        self.check_known(&[labels, OF_A_TEXT].concat(), "a text", misfits);
        if self.members.contains_key("minLength") {
            self.exactly("minLength", &json!(1), misfits);
        }
        self.number("maxLength", misfits)
    }

    fn choice(&self, labels: &[&str], misfits: &mut Vec<Misfit>) -> Option<Choices> {
        self.check_known(&[labels, OF_A_CHOICE].concat(), "a choice", misfits);
        let words = |choice: &Value| Words::try_from(choice.as_str()?.to_owned()).ok();
        let listed = self.members.get("enum").and_then(Value::as_array).filter(|choices| choices.len() <= 20);
        let choices = listed.and_then(|choices| choices.iter().map(words).collect()).and_then(Choices::new);
        let wanted = "must list 2 to 20 different texts of 1 to 200 characters";
        choices.or_else(|| self.refuse("enum", "length", wanted, misfits))
    }

    fn date(&self, misfits: &mut Vec<Misfit>) -> Option<FieldKind> {
        self.check_known(&[LABELS, OF_A_DATE].concat(), "a date", misfits);
        self.exactly("format", &json!("date"), misfits).then_some(FieldKind::Date)
    }

    fn scale(&self, misfits: &mut Vec<Misfit>) -> Option<FieldKind> {
        self.check_known(&[LABELS, OF_A_SCALE].concat(), "a scale", misfits);
        let from = self.exactly("minimum", &json!(0), misfits);
        let until = self.exactly("maximum", &json!(10), misfits);
        let measure = match self.members.get(MEASURE) {
            Some(marked) => Some(self.measure(marked, misfits)?),
            None => None,
        };
        (from && until).then_some(FieldKind::Scale(measure))
    }

    fn measure(&self, marked: &Value, misfits: &mut Vec<Misfit>) -> Option<ScaleMeasure> {
        let at = format!("{}/{MEASURE}", self.at);
        let node = Node::of(&at, marked, misfits)?;
        node.check_known(OF_A_MEASURE, "a measure", misfits);
        let direction = node.text("direction").and_then(|word| word.parse::<Direction>().ok());
        let wanted = "must be up or down, whichever is better, or neither";
        let direction = direction.or_else(|| node.refuse("direction", "unknown-word", wanted, misfits));
        let source = node.words("source", misfits);
        Some(ScaleMeasure { direction: direction?, source: source? })
    }

    fn list(&self, misfits: &mut Vec<Misfit>) -> Option<FieldKind> {
        self.check_known(&[LABELS, OF_A_LIST].concat(), "a list", misfits);
        let most = self.number("maxItems", misfits);
        let at = format!("{}/items", self.at);
        let items = Node::of(&at, self.members.get("items").unwrap_or(&Value::Null), misfits)?;
        Some(FieldKind::List { of: items.item(misfits)?, most: most? })
    }

    fn item(&self, misfits: &mut Vec<Misfit>) -> Option<ItemKind> {
        match self.text("type") {
            Some("string") if self.members.contains_key("enum") => {
                self.choice(&["type"], misfits).map(ItemKind::Choice)
            }
            Some("string") => self.length(&["type"], misfits).map(ItemKind::Text),
            _ => self.refuse("type", "unknown-word", "must be string: a list is of texts or of choices", misfits),
        }
    }

    /// Every member is one of those known here.
    fn check_known(&self, known: &[&str], what: &str, misfits: &mut Vec<Misfit>) {
        for name in self.members.keys().filter(|name| !known.contains(&name.as_str())).take(MOST_TOLD) {
            let pointer = if is_keyword(name) { format!("{}/{name}", self.at) } else { self.at.to_owned() };
            let detail = format!("is not supported: {what} has {}", known.join(", "));
            misfits.push(Misfit::new(pointer, "not-supported", detail));
        }
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }

    fn words<const MOST: usize>(&self, name: &str, misfits: &mut Vec<Misfit>) -> Option<Words<MOST>> {
        match Words::try_from(self.text(name).unwrap_or_default().to_owned()) {
            Ok(words) => Some(words),
            Err(error) => self.refuse(name, "length", error, misfits),
        }
    }

    fn number<const MOST: u16>(&self, name: &str, misfits: &mut Vec<Misfit>) -> Option<UpTo<MOST>> {
        let number = self.members.get(name).and_then(Value::as_u64).and_then(UpTo::new);
        number.or_else(|| self.refuse(name, "range", format!("must be a whole number from 1 to {MOST}"), misfits))
    }

    fn exactly(&self, name: &str, wanted: &Value, misfits: &mut Vec<Misfit>) -> bool {
        let holds = self.members.get(name) == Some(wanted);
        if !holds {
            self.refuse::<()>(name, "wrong-value", format!("must be {wanted}"), misfits);
        }
        holds
    }

    fn refuse<T>(
        &self,
        name: &str,
        code: &'static str,
        detail: impl std::fmt::Display,
        misfits: &mut Vec<Misfit>,
    ) -> Option<T> {
        misfits.push(Misfit::new(format!("{}/{name}", self.at), code, detail));
        None
    }
}

/// Whether it looks like a keyword of JSON Schema, so that repeating it gives nothing away.
fn is_keyword(name: &str) -> bool {
    let letters = name.strip_prefix('$').unwrap_or(name);
    (1..=40).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
