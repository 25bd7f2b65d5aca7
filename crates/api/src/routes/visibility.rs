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

/// Puts word and day together; an embargo needs a day, and nothing else has one.
pub(super) fn visibility_of(
    word: Option<VisibilityWord>,
    until: Option<NaiveDate>,
) -> Result<Option<Visibility>, Problem> {
    let wrong = |code, detail| Problem::invalid(vec![FieldError::body("/embargoed_until", code, detail)]);
    match (word, until) {
        (None, None) => Ok(None),
        (Some(VisibilityWord::CounselorOnly), None) => Ok(Some(Visibility::CounselorOnly)),
        (Some(VisibilityWord::Shared), None) => Ok(Some(Visibility::Shared)),
        (Some(VisibilityWord::RevealTogether), None) => Ok(Some(Visibility::RevealTogether)),
        (Some(VisibilityWord::Embargoed), Some(until)) => Ok(Some(Visibility::Embargoed { until })),
        (Some(VisibilityWord::Embargoed), None) => {
            Err(wrong("required", "is the first day on which the other reads it"))
        }
        (_, Some(_)) => Err(wrong("unexpected", "goes with the visibility embargoed only")),
    }
}
