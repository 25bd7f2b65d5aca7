//! Secrets in a body: passwords and tokens. They are read, used and wiped, and never printed.

use std::fmt;

use serde::{Deserialize, Deserializer, de::Error};
use utoipa::ToSchema;

use crate::config::Secret;

const LONGEST: usize = 200;

/// A password or a token that a client sent.
#[derive(Clone, ToSchema)]
#[schema(value_type = String, format = Password, min_length = 1, max_length = 200)]
pub struct SentSecret(Secret);

impl SentSecret {
    /// The secret itself.
    #[must_use]
    pub fn secret(&self) -> Secret {
        self.0.clone()
    }

    /// Its text.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl<'de> Deserialize<'de> for SentSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let secret = Secret::new(String::deserialize(deserializer)?);
        let fits = (1..=LONGEST).contains(&secret.expose().chars().count());
        if fits { Ok(Self(secret)) } else { Err(D::Error::custom("must have between 1 and 200 characters")) }
    }
}

impl fmt::Debug for SentSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}
