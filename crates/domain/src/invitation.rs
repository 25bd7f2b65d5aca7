//! Invitations: how a staff member or client chooses their first password, or another after losing it.

use chrono::{DateTime, TimeDelta, Utc};

use crate::{account::AccountHolder, ids::InvitationId};

/// For how long an invitation can be accepted.
pub const INVITATION_LIFETIME: TimeDelta = TimeDelta::days(7);

/// May be accepted once, before it expires. A newer one for the same person takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invitation {
    /// Which one.
    pub id: InvitationId,
    /// Who is invited.
    pub holder: AccountHolder,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// From when on it can no longer be accepted.
    pub expires_at: DateTime<Utc>,
}

/// Nobody can be invited without an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an invitation needs an e-mail address to sign in with; add one first")]
pub struct NoAddress;

impl Invitation {
    /// An invitation from now on.
    #[must_use]
    pub fn new(id: InvitationId, holder: AccountHolder, now: DateTime<Utc>) -> Self {
        Self { id, holder, created_at: now, expires_at: now + INVITATION_LIFETIME }
    }

    /// Whether it can be accepted now.
    #[must_use]
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        now < self.expires_at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ClientId;
    use uuid::Uuid;

    #[test]
    fn an_invitation_is_open_for_seven_days() {
        let holder = AccountHolder::Client(ClientId(Uuid::from_u128(1)));
        let invitation = Invitation::new(InvitationId(Uuid::from_u128(2)), holder, DateTime::UNIX_EPOCH);
        assert!(invitation.is_open(DateTime::UNIX_EPOCH + TimeDelta::days(7) - TimeDelta::microseconds(1)));
        assert!(!invitation.is_open(DateTime::UNIX_EPOCH + TimeDelta::days(7)));
    }
}
