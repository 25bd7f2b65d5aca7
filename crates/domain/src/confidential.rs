//! What people tell a counselor in confidence: it can be stored and shown, and never printed by accident.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::text::is_written;

/// A name, contact data or free text about a person in treatment.
///
/// Its `Debug` shows nothing and it has no `Display`, so that no log line, error or panic can carry it. Whoever needs the
/// text says so with [`Confidential::expose`].
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct Confidential(String);

impl Confidential {
    /// Wraps a text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself: for storing it sealed, or for showing it to someone who may read it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The text itself, by value.
    #[must_use]
    pub fn into_exposed(self) -> String {
        self.0
    }

    /// Whether it says nothing that can be kept ([`is_written`]).
    #[must_use]
    pub fn is_blank(&self) -> bool {
        !is_written(&self.0)
    }

    /// Whether it has more than this many characters.
    #[must_use]
    pub fn longer_than(&self, characters: usize) -> bool {
        self.0.chars().nth(characters).is_some()
    }
}

impl fmt::Debug for Confidential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Confidential(…)")
    }
}

impl From<String> for Confidential {
    fn from(text: String) -> Self {
        Self(text)
    }
}

/// The longest name, in characters.
pub const NAME_CHARACTERS: usize = 200;
/// The longest free text outside notes, in characters.
pub const TEXT_CHARACTERS: usize = 10_000;
/// The longest text of a note's part, in characters.
pub const NOTE_CHARACTERS: usize = 50_000;

/// Whether an optional text is longer than this many characters.
pub(crate) fn too_long(text: Option<&Confidential>, characters: usize) -> bool {
    text.is_some_and(|text| text.longer_than(characters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_debug_print_shows_nothing_of_the_text() {
        let text = Confidential::new("she moved out in May");
        assert_eq!(format!("{text:?}"), "Confidential(…)");
        assert_eq!(format!("{:?}", Some(&text)), "Some(Confidential(…))");
    }

    #[test]
    fn length_is_counted_in_characters_not_bytes() {
        let text = Confidential::new("öööö");
        assert!(!text.longer_than(4));
        assert!(text.longer_than(3));
    }

    #[test]
    fn it_is_a_plain_string_in_json() {
        let text: Confidential = serde_json::from_str("\"Kim\"").unwrap();
        assert_eq!(serde_json::to_string(&text).unwrap(), "\"Kim\"");
    }
}
