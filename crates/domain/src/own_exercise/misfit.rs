//! What is wrong with a form or with answers to it, place by place.

use std::fmt;

/// The most that is told at once.
pub(super) const MOST_TOLD: usize = 100;

/// One thing that does not fit, in words that never repeat what was submitted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Misfit {
    /// Where it is, as a JSON pointer (RFC 6901) below what was looked at.
    pub pointer: String,
    /// What is wrong, as a stable word.
    pub code: &'static str,
    /// What would be right, as the rest of "it …".
    pub detail: String,
}

impl Misfit {
    pub(super) fn new(pointer: impl Into<String>, code: &'static str, detail: impl fmt::Display) -> Self {
        Self { pointer: pointer.into(), code, detail: detail.to_string() }
    }
}
