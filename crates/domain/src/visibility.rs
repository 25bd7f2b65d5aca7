//! What one partner may see of the other.

use chrono::NaiveDate;

/// Who may read an entry besides its author and the counselors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Nobody else.
    CounselorOnly,
    /// Both partners.
    Shared,
    /// Sealed to the other partner until both have submitted; then both see both.
    RevealTogether,
    /// Sealed to the other partner until a day.
    Embargoed {
        /// The first day on which the other partner may read it.
        until: NaiveDate,
    },
}
