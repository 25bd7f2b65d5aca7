//! How visibility is written on the wire: a word, and for an embargo a day.

use chrono::NaiveDate;
use domain::visibility::Visibility;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::problem::{FieldError, Problem};

/// Who may read an entry besides its author and the counselors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = Visibility)]
pub(super) enum VisibilityWord {
    /// Nobody else.
    CounselorOnly,
    /// Both partners.
    Shared,
    /// Sealed to the other partner until both have submitted; then both see both.
    RevealTogether,
    /// Sealed to the other partner until a day, `embargoed_until`.
    Embargoed,
}

impl From<Visibility> for VisibilityWord {
    fn from(visibility: Visibility) -> Self {
        match visibility {
            Visibility::CounselorOnly => Self::CounselorOnly,
            Visibility::Shared => Self::Shared,
            Visibility::RevealTogether => Self::RevealTogether,
            Visibility::Embargoed { .. } => Self::Embargoed,
        }
    }
}

/// Puts word and day together, where there has to be a word; an embargo needs a day, and nothing else has one.
pub(super) fn visibility_of(word: VisibilityWord, until: Option<NaiveDate>) -> Result<Visibility, Problem> {
    match (word, until) {
        (VisibilityWord::CounselorOnly, None) => Ok(Visibility::CounselorOnly),
        (VisibilityWord::Shared, None) => Ok(Visibility::Shared),
        (VisibilityWord::RevealTogether, None) => Ok(Visibility::RevealTogether),
        (VisibilityWord::Embargoed, Some(until)) => Ok(Visibility::Embargoed { until }),
        (VisibilityWord::Embargoed, None) => Err(wrong("required", "is the first day on which the other reads it")),
        (_, Some(_)) => Err(day_without_embargo()),
    }
}

/// The same where the word may be left out, and the day with it.
pub(super) fn visibility_if_said(
    word: Option<VisibilityWord>,
    until: Option<NaiveDate>,
) -> Result<Option<Visibility>, Problem> {
    match (word, until) {
        (Some(word), until) => visibility_of(word, until).map(Some),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(day_without_embargo()),
    }
}

fn day_without_embargo() -> Problem {
    wrong("unexpected", "goes with the visibility embargoed only")
}

fn wrong(code: &'static str, detail: &'static str) -> Problem {
    Problem::invalid(vec![FieldError::body("/embargoed_until", code, detail)])
}
