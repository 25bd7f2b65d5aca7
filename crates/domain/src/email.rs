//! E-mail addresses: kept as written, looked up without regard to case.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An e-mail address that looks deliverable. Two addresses that differ only in case are equal.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, format = Email)]
pub struct EmailAddress(String);

/// Not an e-mail address. It does not repeat what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an e-mail address has the form name@domain")]
pub struct InvalidEmail;

/// The longest address that mail systems carry (RFC 5321 §4.5.3.1.3, without the angle brackets).
const LONGEST: usize = 254;

impl EmailAddress {
    /// Reads an address, without the white space around it.
    ///
    /// # Errors
    /// [`InvalidEmail`] for what can't be an address. Whether it exists only a message to it can tell.
    pub fn parse(text: &str) -> Result<Self, InvalidEmail> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@').ok_or(InvalidEmail)?;
        let plain = !text.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c));
        let labels = domain.split('.').all(|label| !label.is_empty());
        let whole = !local.is_empty() && !local.contains('@') && local.len() <= 64 && domain.contains('.');
        if plain && labels && whole && text.len() <= LONGEST { Ok(Self(text.to_owned())) } else { Err(InvalidEmail) }
    }

    /// The address as it was written: for sending to it and showing it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The address in lower case: for looking it up.
    #[must_use]
    pub fn normalised(&self) -> String {
        self.0.to_lowercase()
    }
}

impl PartialEq for EmailAddress {
    fn eq(&self, other: &Self) -> bool {
        self.normalised() == other.normalised()
    }
}

impl Eq for EmailAddress {}

impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EmailAddress(…)")
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = InvalidEmail;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text)
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_trimmed_and_looked_up_in_lower_case() {
        let address = EmailAddress::parse("  Anna.Lee@Example.ORG ").unwrap();
        assert_eq!(address.expose(), "Anna.Lee@Example.ORG");
        assert_eq!(address.normalised(), "anna.lee@example.org");
        assert_eq!(address, EmailAddress::parse("anna.lee@example.org").unwrap());
    }

    #[test]
    fn what_can_not_be_an_address_is_refused() {
        for text in
            ["", "anna", "@example.org", "anna@", "anna@example", "a b@example.org", "a@b@example.org", "a@b..c"]
        {
            assert_eq!(EmailAddress::parse(text), Err(InvalidEmail), "{text}");
        }
    }

    #[test]
    fn a_debug_print_shows_nothing_of_the_address() {
        assert_eq!(format!("{:?}", EmailAddress::parse("anna@example.org").unwrap()), "EmailAddress(…)");
    }
}
