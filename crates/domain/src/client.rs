//! Clients: each one person in treatment.

use chrono::{DateTime, Utc};

use crate::{
    confidential::{Confidential, NAME_CHARACTERS, too_long},
    email::EmailAddress,
    ids::ClientId,
};

/// One person in treatment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Who.
    pub id: ClientId,
    /// What they are called, 1 to 200 characters. One field, because names come in every shape.
    pub name: Confidential,
    /// Where messages go, and how they sign in if they were invited.
    pub email: Option<EmailAddress>,
    /// How to call them, as they write it, up to 40 characters.
    pub phone: Option<Confidential>,
    /// When the practice took them on.
    pub created_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// A client as wanted.
#[derive(Debug, Clone)]
pub struct ClientDraft {
    /// What they are called.
    pub name: Confidential,
    /// Where messages go.
    pub email: Option<EmailAddress>,
    /// How to call them.
    pub phone: Option<Confidential>,
}

/// What of a client is to be different; `None` leaves it, `Some(None)` removes it.
#[derive(Debug, Clone, Default)]
pub struct ClientChange {
    /// What they are called.
    pub name: Option<Confidential>,
    /// Where messages go.
    pub email: Option<Option<EmailAddress>>,
    /// How to call them.
    pub phone: Option<Option<Confidential>>,
}

/// Why a client can't be as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The name is empty or too long.
    #[error("a name has 1 to 200 characters")]
    Name,
    /// The phone number is too long.
    #[error("a phone number has up to 40 characters")]
    Phone,
}

/// The longest phone number, in characters: with country code, extension and spaces.
const PHONE_CHARACTERS: usize = 40;

impl Client {
    /// A new client.
    ///
    /// # Errors
    /// [`ClientError`] for a name or phone number that is missing or too long.
    pub fn new(id: ClientId, draft: ClientDraft, now: DateTime<Utc>) -> Result<Self, ClientError> {
        let ClientDraft { name, email, phone } = draft;
        Self { id, name, email, phone, created_at: now, version: 1 }.checked()
    }

    /// Changes name or contact data.
    ///
    /// # Errors
    /// [`ClientError`], and then nothing has changed.
    pub fn change(&mut self, change: ClientChange) -> Result<(), ClientError> {
        let mut wanted = self.clone();
        wanted.name = change.name.unwrap_or(wanted.name);
        wanted.email = change.email.unwrap_or(wanted.email);
        wanted.phone = change.phone.unwrap_or(wanted.phone);
        wanted.version += 1;
        *self = wanted.checked()?;
        Ok(())
    }

    fn checked(self) -> Result<Self, ClientError> {
        if self.name.is_blank() || self.name.longer_than(NAME_CHARACTERS) {
            return Err(ClientError::Name);
        }
        if too_long(self.phone.as_ref(), PHONE_CHARACTERS) {
            return Err(ClientError::Phone);
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn kim() -> Client {
        let email = EmailAddress::parse("kim@example.org").ok();
        let draft = ClientDraft { name: Confidential::new("Kim"), email, phone: None };
        Client::new(ClientId(Uuid::from_u128(1)), draft, DateTime::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn contact_data_can_be_removed_and_the_rest_stays() {
        let mut kim = kim();
        kim.change(ClientChange { email: Some(None), ..Default::default() }).unwrap();
        assert_eq!((kim.name.expose(), kim.email.is_none(), kim.version), ("Kim", true, 2));
    }

    #[test]
    fn a_client_has_a_name() {
        let mut kim = kim();
        let nameless = ClientChange { name: Some(Confidential::new(" ")), ..Default::default() };
        assert_eq!(kim.change(nameless), Err(ClientError::Name));
        assert_eq!((kim.name.expose(), kim.version), ("Kim", 1));
    }

    #[test]
    fn a_debug_print_names_nobody() {
        assert!(!format!("{:?}", kim()).contains("Kim"));
    }
}
