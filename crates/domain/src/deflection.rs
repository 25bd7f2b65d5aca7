//! The deflection checker of the apology (exercise 2): it finds the turns of phrase by which an apology slips away from what was
//! done, says why, and names a better direction.
//!
//! It advises and never blocks: no rule asks for a text without findings, and none of its findings is kept, counted or shown to
//! the one who was hurt. It knows phrases, not people: the same text has the same findings whoever wrote it.
//!
//! It would rather miss a phrase than accuse an honest one: a text without findings may still deflect.
//!
//! Of deflecting sentences that the tables had not seen they found 0.85, 0.80 and, of the most idiomatic, 0.42; of honest ones near
//! to them they took one in eighteen for deflecting at last (`tests.rs` says what was measured when).
//!
//! Each language is a table of phrases (`phrase.rs` says how one is written), with the phrases that excuse a finding beside those
//! that make it. What stands in quotation marks, and what the sentence itself only tells of or takes back, is not found. The cost
//! grows with the length of the text and nothing else: a phrase reaches over a few words only.

mod de;
mod en;
mod es;
mod fr;
mod phrase;
mod reached;
mod table;
mod words;

#[cfg(test)]
mod tests;

use crate::{
    exercises::{ApologyDraft, ApologyPart},
    vocabulary::word,
};

use self::table::Table;

word! {
    /// A language whose turns of phrase are known.
    Language as ("DeflectionLanguage") {
        /// English.
        English = "en",
        /// Spanish.
        Spanish = "es",
        /// German.
        German = "de",
        /// French.
        French = "fr",
    }
}

word! {
    /// How an apology slips away from what was done.
    Deflection as ("DeflectionKind") {
        /// It is sorry for what the other feels, not for what was done: "I'm sorry you feel that way".
        FeelingsNotDeeds = "feelings_not_deeds",
        /// It leaves open whether anything was done: "if I hurt you".
        Conditional = "conditional",
        /// It takes back with a but what it just gave: "I'm sorry, but you …".
        ExcuseWithBut = "excuse_with_but",
        /// Nobody did it: "mistakes were made".
        Passive = "passive",
        /// The other did it, or helped: "you made me".
        BlameShift = "blame_shift",
        /// It was little, or the other makes too much of it: "it was only once".
        Minimizing = "minimizing",
        /// It wants something back: "you should forgive me by now".
        Demand = "demand",
        /// Others are worse: "at least I didn't …".
        Comparison = "comparison",
    }
}

/// A turn of phrase, where it stands, and what to do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// How it slips away.
    pub kind: Deflection,
    /// Its first character, counted in Unicode characters (scalar values) from 0.
    pub start: usize,
    /// The character after its last.
    pub end: usize,
    /// Why it may not be heard as an apology, in the language of the text.
    pub why: &'static str,
    /// A better direction, in the language of the text.
    pub instead: &'static str,
}

/// What the checker says of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The language that was said or recognized; of a text in none of those known, nothing is said.
    pub language: Option<Language>,
    /// What was found, in the order of the text; no two overlap.
    pub findings: Vec<Finding>,
}

/// Checks a text, in the language that it is said to be in; else in the one whose small words it uses.
#[must_use]
pub fn check(text: &str, language: Option<Language>) -> Checked {
    let language = language.or_else(|| recognize(text));
    Checked { language, findings: language.map(|language| Table::of(language).findings(text)).unwrap_or_default() }
}

/// What the checker says of a draft of an apology.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedDraft {
    /// The language of the whole draft, as it was recognized.
    pub language: Option<Language>,
    /// Each part that is written, in the order of the form, with what was found in it.
    pub parts: Vec<(ApologyPart, Vec<Finding>)>,
}

/// Checks the parts of a draft, all in the language of the whole: a part may be too short to tell.
#[must_use]
pub fn check_draft(draft: &ApologyDraft) -> CheckedDraft {
    let whole: Vec<_> = draft.written().map(|(_, text)| text).collect();
    let language = recognize(&whole.join("\n"));
    let findings = |text| language.map(|language| Table::of(language).findings(text)).unwrap_or_default();
    CheckedDraft { language, parts: draft.written().map(|(part, text)| (part, findings(text))).collect() }
}

/// The language that most of the text's small words belong to: more of them than to any other, and at least every third word.
fn recognize(text: &str) -> Option<Language> {
    let shares = Language::ALL.iter().map(|language| (Table::of(*language).familiar(text), *language));
    let mut shares: Vec<_> = shares.collect();
    shares.sort_by_key(|((familiar, _), _)| *familiar);
    let [.., ((second, _), _), ((first, words), language)] = shares.as_slice() else { return None };
    (first > second && first * 3 >= *words).then_some(*language)
}
