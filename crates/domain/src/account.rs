//! Accounts: how one staff member or one client signs in.
//!
//! An account has the id of its holder, because each has one at most. It holds no address: people are found by the one in their
//! own record. Until its holder has accepted an invitation it has no password, and nobody can sign in to it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    access::{Actor, Caller},
    ids::{ClientId, StaffId},
};

/// Whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AccountHolder {
    /// A staff member.
    Staff(StaffId),
    /// A client.
    Client(ClientId),
}

impl AccountHolder {
    /// Whose account the caller acts from; Tenfold itself has none.
    #[must_use]
    pub const fn of(caller: &Caller) -> Option<Self> {
        match caller.actor {
            Actor::Staff { id, .. } => Some(Self::Staff(id)),
            Actor::Client(id) => Some(Self::Client(id)),
            Actor::System => None,
        }
    }

    /// The id of the holder, which is the account's too.
    #[must_use]
    pub const fn id(self) -> Uuid {
        match self {
            Self::Staff(StaffId(id)) | Self::Client(ClientId(id)) => id,
        }
    }
}

/// What a password was hashed to. It can be stored and compared with, and never printed by accident.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Wraps a hash in the PHC string format.
    #[must_use]
    pub fn new(phc: impl Into<String>) -> Self {
        Self(phc.into())
    }

    /// The hash itself: for comparing a password with it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// How one person signs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Whose it is.
    pub holder: AccountHolder,
    /// What their password was hashed to; `None` until they accept an invitation.
    pub password: Option<PasswordHash>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i64,
}

impl Account {
    /// An account that nobody can sign in to yet.
    #[must_use]
    pub const fn new(holder: AccountHolder, now: DateTime<Utc>) -> Self {
        Self { holder, password: None, created_at: now, version: 1 }
    }

    /// Gives it a password, the first or another.
    pub fn set_password(&mut self, password: PasswordHash) {
        self.password = Some(password);
        self.version += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_no_password_until_one_is_set_and_never_prints_it() {
        let mut account = Account::new(AccountHolder::Staff(StaffId(Uuid::from_u128(1))), DateTime::UNIX_EPOCH);
        assert_eq!((account.password.as_ref(), account.holder.id()), (None, Uuid::from_u128(1)));
        account.set_password(PasswordHash::new("$argon2id$secret"));
        assert_eq!(account.version, 2);
        assert!(!format!("{account:?}").contains("argon2id"));
    }
}
