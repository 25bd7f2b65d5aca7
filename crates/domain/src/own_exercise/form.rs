//! A form of the practice's own: what each of its fields asks for. There is no way to write down a field that is none.

use std::{collections::HashSet, str::FromStr};

use serde::{Deserialize, Serialize};

use super::measure::ScaleMeasure;
use crate::text::is_written;

/// The most fields a form has.
pub const MOST_FIELDS: usize = 30;

/// The most characters a text answer may be allowed to have.
pub const MOST_CHARACTERS: u16 = 10_000;

/// The most items a list may be allowed to have.
pub const MOST_ITEMS: u16 = 20;

/// Words of a practice for its partners: 1 to `MOST` characters, not only white space.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Words<const MOST: usize>(String);

/// A text that is empty, or longer than it may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 1 to {0} characters, and not only white space")]
pub struct NoWords(pub usize);

impl<const MOST: usize> Words<MOST> {
    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const MOST: usize> TryFrom<String> for Words<MOST> {
    type Error = NoWords;

    fn try_from(text: String) -> Result<Self, NoWords> {
        let fits = is_written(&text) && text.chars().nth(MOST).is_none();
        if fits { Ok(Self(text)) } else { Err(NoWords(MOST)) }
    }
}

impl<const MOST: usize> From<Words<MOST>> for String {
    fn from(words: Words<MOST>) -> Self {
        words.0
    }
}

/// A whole number from 1 to `MOST`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UpTo<const MOST: u16>(u16);

impl<const MOST: u16> UpTo<MOST> {
    /// The number, if it is one from 1 to `MOST`.
    #[must_use]
    pub fn new(number: u64) -> Option<Self> {
        u16::try_from(number).ok().filter(|number| (1..=MOST).contains(number)).map(Self)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u16 {
        self.0
    }
}

/// What a field is called in the answers: a small letter, then up to 39 small letters, digits and underscores.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldName(String);

/// A name no field can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have names of a small letter a to z and then up to 39 of a to z, 0 to 9 and _")]
pub struct NoFieldName;

impl FieldName {
    /// The name itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FieldName {
    type Err = NoFieldName;

    fn from_str(text: &str) -> Result<Self, NoFieldName> {
        let starts = text.starts_with(|first: char| first.is_ascii_lowercase());
        let goes_on = text.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if starts && goes_on && text.len() <= 40 { Ok(Self(text.to_owned())) } else { Err(NoFieldName) }
    }
}

/// What a choice is among: 2 to 20, each once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choices(Vec<Words<200>>);

impl Choices {
    /// These, if they are as many as a choice has and none is there twice.
    #[must_use]
    pub fn new(choices: Vec<Words<200>>) -> Option<Self> {
        let different: HashSet<_> = choices.iter().collect();
        ((2..=20).contains(&choices.len()) && different.len() == choices.len()).then_some(Self(choices))
    }

    /// These, in their order.
    #[must_use]
    pub fn as_slice(&self) -> &[Words<200>] {
        &self.0
    }
}

/// What a field asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldKind {
    /// A text of up to so many characters.
    Text(UpTo<MOST_CHARACTERS>),
    /// One of several.
    Choice(Choices),
    /// A whole number from 0 to 10; an outcome measure if it is marked as one.
    Scale(Option<ScaleMeasure>),
    /// A day.
    Date,
    /// Several of a kind.
    List {
        /// Of which kind.
        of: ItemKind,
        /// How many at most.
        most: UpTo<MOST_ITEMS>,
    },
}

/// What the items of a list are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ItemKind {
    /// Texts of up to so many characters.
    Text(UpTo<MOST_CHARACTERS>),
    /// Each one of several.
    Choice(Choices),
}

/// One question of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// What it is called in the answers.
    pub name: FieldName,
    /// The question.
    pub title: Words<200>,
    /// What else there is to say about it.
    pub description: Option<Words<1000>>,
    /// Whether it must be answered.
    pub required: bool,
    /// What it asks for.
    pub kind: FieldKind,
}

/// A form of the practice's own: 1 to 30 fields of different names, in the order in which they are filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnForm(Vec<Field>);

impl OwnForm {
    /// These fields, if they are as many as a form has and no name is there twice.
    #[must_use]
    pub fn new(fields: Vec<Field>) -> Option<Self> {
        let names: HashSet<_> = fields.iter().map(|field| &field.name).collect();
        ((1..=MOST_FIELDS).contains(&fields.len()) && names.len() == fields.len()).then_some(Self(fields))
    }

    /// Its fields, in their order.
    #[must_use]
    pub fn fields(&self) -> &[Field] {
        &self.0
    }

    /// The field of a name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.0.iter().find(|field| field.name.as_str() == name)
    }
}
