//! What serde found wrong with the shape of a request, in words that never repeat what was submitted.

use std::{borrow::Cow, collections::HashSet, fmt};

use chrono::{Datelike, NaiveDate};
use domain::recurrence::RULE_WANTED;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Value, error::Category};
use serde_path_to_error::{Path, Segment};

use crate::problem::{FieldError, escaped};

/// What was read, and what is wrong with it although it could be read.
#[derive(Debug)]
pub(super) struct Readable<T> {
    /// What was read. Where a number was beyond all that its type holds, it has the largest there is, which no limit allows.
    pub(super) value: T,
    /// The numbers that were beyond, each as the fault it is where no limit speaks.
    pub(super) beyond: Vec<FieldError>,
}

/// How many numbers may be beyond before the next one is a fault: each is another reading of the whole.
const MOST_BEYOND: usize = 20;

/// Reads JSON strictly: no key twice, no field too many, and an error says where it is.
pub(super) fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<Readable<T>, FieldError> {
    read::<UniqueKeys>(bytes)?;
    match read(bytes) {
        Ok(value) => Ok(Readable { value, beyond: Vec::new() }),
        Err(Unread { largest: None, fault }) => Err(fault),
        Err(_) => from_value(read(bytes)?, |from| T::deserialize(from)),
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Unread> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| Unread::of(&error))?;
    json.end().map_err(|error| not_json(&error))?;
    Ok(value)
}

/// Reads a part of a body that was taken as it came, because its form depends on another part.
pub(super) fn from_value<T>(
    mut value: Value,
    read: impl Fn(serde_path_to_error::Deserializer<'_, '_, Value>) -> Result<T, serde_json::Error>,
) -> Result<Readable<T>, FieldError> {
    let mut beyond = Vec::new();
    loop {
        let mut track = serde_path_to_error::Track::new();
        let Unread { fault, largest } = match read(serde_path_to_error::Deserializer::new(value.clone(), &mut track)) {
            Ok(value) => return Ok(Readable { value, beyond }),
            Err(error) => Unread::of(&serde_path_to_error::Error::new(track.path(), error)),
        };
        let number = value.pointer_mut(&fault.pointer).filter(|number| is_whole(number));
        match number.zip(largest) {
            Some((number, largest)) if beyond.len() < MOST_BEYOND => *number = largest.into(),
            _ => return Err(fault),
        }
        beyond.push(fault);
    }
}

fn is_whole(number: &Value) -> bool {
    number.as_f64().is_some_and(|number| number.fract() == 0.0)
}

/// A request that could not be read.
struct Unread {
    fault: FieldError,
    /// The largest number that the field holds, where that is what is wrong.
    largest: Option<u64>,
}

impl From<FieldError> for Unread {
    fn from(fault: FieldError) -> Self {
        Self { fault, largest: None }
    }
}

impl From<Unread> for FieldError {
    fn from(unread: Unread) -> Self {
        unread.fault
    }
}

impl Unread {
    fn of(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        let inner = error.inner();
        if inner.classify() != Category::Data {
            return not_json(inner).into();
        }
        let message = inner.to_string();
        let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(message, _)| message);
        let fault = Fault::of(message);
        Self {
            largest: fault.largest,
            fault: FieldError::body(fault.below(&pointer(error.path())), fault.code, fault.detail),
        }
    }
}

fn not_json(error: &serde_json::Error) -> FieldError {
    let detail = format!("is not well-formed JSON (line {}, column {})", error.line(), error.column());
    FieldError::body("", "not-json", detail)
}

/// The path as a JSON pointer. A step that no field of ours is called is cut off: it may be anything.
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key: name } | Segment::Enum { variant: name } if is_plain(name) => {
                pointer.push_str(&format!("/{}", escaped(name)));
            }
            _ => break,
        }
    }
    pointer
}

/// Whether it looks like the name of a field, so that repeating it gives nothing away.
pub(super) fn is_plain(name: &str) -> bool {
    name.len() <= 64 && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// One of serde's messages, understood.
pub(super) struct Fault<'m> {
    pub(super) code: &'static str,
    pub(super) detail: Cow<'static, str>,
    missing: Option<&'m str>,
    largest: Option<u64>,
}

impl<'m> Fault<'m> {
    pub(super) fn of(message: &'m str) -> Self {
        let fault = |code, detail| Self { code, detail, missing: None, largest: None };
        if let Some(field) = message.strip_prefix("missing field `") {
            return Self { missing: field.strip_suffix('`'), ..fault("required", "is required".into()) };
        }
        if message.starts_with("unknown field") {
            return fault("unknown-field", "is not known here".into());
        }
        if let Some(rest) = message.strip_prefix("duplicate field `") {
            let repeated = rest.strip_suffix('`').filter(|name| is_plain(name));
            return Self { missing: repeated, ..fault("duplicate-field", "is there twice".into()) };
        }
        if message.starts_with("unknown variant") {
            return fault("unknown-word", known_words(message));
        }
        if message.starts_with("invalid type") || message.starts_with("invalid value") {
            return Self { largest: largest(message), ..fault("wrong-type", expected(message)) };
        }
        if message == DAY_OUT_OF_RANGE {
            return fault("range", "must be a day of the years 1900 to 2200".into());
        }
        if message == RULE_WANTED {
            return fault("malformed", RULE_WANTED.into());
        }
        fault("malformed", "is not in the expected form".into())
    }

    /// Where the fault is: serde reports a missing or repeated field at the object around it.
    pub(super) fn below(&self, pointer: &str) -> String {
        match self.missing {
            Some(field) if !pointer.ends_with(&format!("/{field}")) => format!("{pointer}/{field}"),
            _ => pointer.to_owned(),
        }
    }

    /// The name of the missing or repeated parameter.
    pub(super) fn field(&self) -> Option<&str> {
        self.missing
    }
}

/// "unknown variant `x`, expected one of `a`, `b`": the words after "expected" are ours.
fn known_words(message: &str) -> Cow<'static, str> {
    match message.rsplit_once(", expected ") {
        Some((_, words)) => format!("must be {}", words.replace('`', "")).into(),
        None => "is not one of the known words".into(),
    }
}

/// "invalid type: string "x", expected u8": what comes last, after "expected", is ours.
fn expected(message: &str) -> Cow<'static, str> {
    let Some((_, wanted)) = message.rsplit_once(", expected ") else {
        return "is of the wrong type".into();
    };
    match wanted {
        "i8" | "i16" | "i32" | "i64" => "must be a whole number".into(),
        "u8" | "u16" | "u32" | "u64" | "usize" => "must be a whole number, not negative".into(),
        "f32" | "f64" => "must be a number".into(),
        "a boolean" => "must be true or false".into(),
        "a sequence" => "must be a list".into(),
        "a string" | "a borrowed string" => "must be text".into(),
        "a map" => "must be an object".into(),
        wanted if wanted.starts_with("struct ") => "must be an object".into(),
        wanted if wanted.contains("UUID") => "must be a UUID".into(),
        wanted if wanted.contains("date and time") => "must be an instant, as in 2026-03-01T17:30:00Z".into(),
        wanted if wanted.contains("date") => "must be a date, as in 2026-03-01".into(),
        _ => "is of the wrong type".into(),
    }
}

/// "invalid value: integer `300`, expected u8": the largest number of the type that is wanted, if a whole number is.
fn largest(message: &str) -> Option<u64> {
    let (_, wanted) = message.rsplit_once(", expected ")?;
    match wanted {
        "u8" => Some(u8::MAX.into()),
        "u16" => Some(u16::MAX.into()),
        "u32" => Some(u32::MAX.into()),
        "i32" => i32::MAX.try_into().ok(),
        "i64" => i64::MAX.try_into().ok(),
        _ => None,
    }
}

const DAY_OUT_OF_RANGE: &str = "a day out of range";

/// Whether it is a day that no record of a practice is about. Databases and calendars stop somewhere; we stop before them.
pub(super) fn is_day_out_of_range(text: &str) -> bool {
    text.parse::<NaiveDate>().is_ok_and(|day| !(1900..=2200).contains(&day.year()))
}

/// Any JSON in which no object has a key twice: two readers of such a body could understand two different things.
struct UniqueKeys;

impl<'de> Deserialize<'de> for UniqueKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for UniqueKeys {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut seen = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if seen.contains(&key) {
                return Err(A::Error::custom(format_args!("duplicate field `{key}`")));
            }
            map.next_value::<Self>()?;
            seen.insert(key);
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self, E> {
        if is_day_out_of_range(text) { Err(E::custom(DAY_OUT_OF_RANGE)) } else { Ok(self) }
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, NaiveDate, Utc};
    use uuid::Uuid;

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Kind {
        Apology,
        Gratitude,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Answer {
        mood: u8,
        text: Option<String>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Entry {
        kind: Kind,
        answers: Vec<Answer>,
        on: Option<NaiveDate>,
        at: Option<DateTime<Utc>>,
        couple: Option<Uuid>,
        anything: Option<serde_json::Value>,
    }

    #[test]
    fn a_number_beyond_its_type_is_read_as_one_that_no_limit_allows() {
        let read = |mood: &str| {
            let json = format!(r#"{{"kind":"apology","answers":[{{"mood":1}},{{"mood":{mood}}}]}}"#);
            from_json::<Entry>(json.as_bytes())
        };
        for beyond in ["300", "-1", "99999999999999999999", "1e30", "-1e30"] {
            let read = read(beyond).unwrap();
            assert_eq!(read.value.answers[1].mood, u8::MAX, "{beyond}");
            assert_eq!(read.beyond[0].pointer, "/answers/1/mood", "{beyond}");
        }
        assert_eq!(read("1.5").unwrap_err().detail, "must be a whole number, not negative");
        assert!(read("9").unwrap().beyond.is_empty());
    }

    #[test]
    fn not_many_numbers_are_beyond_at_once() {
        let moods = vec![r#"{"mood":300}"#; MOST_BEYOND + 1].join(",");
        let found = fault(&format!(r#"{{"kind":"apology","answers":[{moods}]}}"#));
        assert_eq!(found, "/answers/20/mood wrong-type must be a whole number, not negative");
    }

    fn fault(json: &str) -> String {
        let error = from_json::<Entry>(json.as_bytes()).unwrap_err();
        format!("{} {} {}", error.pointer, error.code, error.detail)
    }

    #[test]
    fn a_fault_is_where_it_is_and_says_what_is_expected() {
        assert_eq!(
            fault(r#"{"kind":"apology","answers":[{"mood":1},{"mood":"secret, expected joy"}]}"#),
            "/answers/1/mood wrong-type must be a whole number, not negative"
        );
        assert_eq!(fault(r#"{"kind":"apology","answers":[{}]}"#), "/answers/0/mood required is required");
        assert_eq!(fault(r#"{"kind":"affair","answers":[]}"#), "/kind unknown-word must be apology or gratitude");
        assert_eq!(fault(r#"{"kind":"apology","answers":7}"#), "/answers wrong-type must be a list");
    }

    #[test]
    fn an_unknown_field_is_named_only_if_it_looks_like_one() {
        assert_eq!(fault(r#"{"kind":"apology","answers":[],"mod":1}"#), "/mod unknown-field is not known here");
        assert_eq!(fault(r#"{"answers":[],"My Secret":1}"#), " unknown-field is not known here");
    }

    #[test]
    fn a_key_twice_is_refused_at_any_depth() {
        assert_eq!(
            fault(r#"{"kind":"apology","answers":[],"anything":[{"a":1,"a":2}]}"#),
            "/anything/0/a duplicate-field is there twice"
        );
        assert_eq!(fault(r#"{"kind":"apology","kind":"gratitude"}"#), "/kind duplicate-field is there twice");
    }

    #[test]
    fn text_that_is_no_json_is_said_to_be_none() {
        assert_eq!(fault(r#"{"kind": secret"#), " not-json is not well-formed JSON (line 1, column 10)");
        assert_eq!(fault(r"{} {}"), " not-json is not well-formed JSON (line 1, column 4)");
        assert_eq!(fault("\u{0}"), " not-json is not well-formed JSON (line 1, column 1)");
    }

    #[test]
    fn dates_instants_and_ids_say_how_they_are_written() {
        for (field, code) in [("on", "malformed"), ("at", "malformed"), ("couple", "malformed")] {
            let found = fault(&format!(r#"{{"kind":"apology","answers":[],"{field}":"secret"}}"#));
            assert!(found.starts_with(&format!("/{field} {code}")) && !found.contains("secret"), "{found}");
        }
    }
}
