//! Who held the pen.

use serde::{Deserialize, Serialize};

use crate::ids::{PartnerId, StaffId};

/// Who put something on record: a partner for themselves, or a staff member on their behalf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "by", content = "id", rename_all = "snake_case")]
pub enum RecordedBy {
    /// The partner, signed in.
    Partner(PartnerId),
    /// A staff member, on behalf of the partner or of both.
    Staff(StaffId),
}

impl RecordedBy {
    /// The partner, if it was one.
    #[must_use]
    pub const fn partner(self) -> Option<PartnerId> {
        match self {
            Self::Partner(id) => Some(id),
            Self::Staff(_) => None,
        }
    }

    /// The staff member, if it was one.
    #[must_use]
    pub const fn staff(self) -> Option<StaffId> {
        match self {
            Self::Staff(id) => Some(id),
            Self::Partner(_) => None,
        }
    }

    /// Whether this pen may write for a partner: their own, or a staff member's on their behalf.
    #[must_use]
    pub fn may_write_for(self, partner: PartnerId) -> bool {
        self.partner().is_none_or(|id| id == partner)
    }
}
