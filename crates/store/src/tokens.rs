//! Opaque tokens: a place and a secret.
//!
//! A token names its practice, so that row-level security can be named before anything is looked up, and the row that it opens.
//! Only its SHA-256 is stored: 256 random bits need no slower hash (OWASP ASVS 6.5.2).

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use domain::ids::PracticeId;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use uuid::Uuid;
use zeroize::Zeroizing;

use crate::{
    columns::base16,
    seal::{SealError, random},
};

/// What a token is for. One kind is never taken for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Renews a sign-in.
    Refresh,
    /// Accepts an invitation.
    Invitation,
}

impl TokenKind {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Refresh => "tfr",
            Self::Invitation => "tfi",
        }
    }
}

/// `<kind>_<practice>_<row>_<secret>`.
pub struct OpaqueToken {
    /// What it is for.
    pub kind: TokenKind,
    /// The practice that it belongs to, as far as it says.
    pub practice: PracticeId,
    /// The row that it opens.
    pub row: Uuid,
    secret: Zeroizing<[u8; 32]>,
}

impl OpaqueToken {
    pub(crate) fn new(kind: TokenKind, practice: PracticeId, row: Uuid) -> Result<Self, SealError> {
        Ok(Self { kind, practice, row, secret: random()? })
    }

    /// Reads a token of this kind.
    #[must_use]
    pub fn read(kind: TokenKind, text: &str) -> Option<Self> {
        let mut parts = text.splitn(4, '_');
        let prefix = parts.next()?;
        let practice = Uuid::try_parse(parts.next()?).ok()?;
        let row = Uuid::try_parse(parts.next()?).ok()?;
        let decoded = Zeroizing::new(URL_SAFE_NO_PAD.decode(parts.next()?).ok()?);
        let secret = Zeroizing::new(<[u8; 32]>::try_from(decoded.as_slice()).ok()?);
        (prefix == kind.prefix()).then_some(Self { kind, practice: PracticeId(practice), row, secret })
    }

    /// The token itself: for the one it was made for, once.
    #[must_use]
    pub fn expose(&self) -> Zeroizing<String> {
        let secret = Zeroizing::new(URL_SAFE_NO_PAD.encode(*self.secret));
        let (practice, row) = (self.practice.0.simple(), self.row.simple());
        Zeroizing::new(format!("{}_{practice}_{row}_{}", self.kind.prefix(), *secret))
    }

    /// What of it is stored.
    pub(crate) fn hash(&self) -> String {
        base16(&Sha256::digest(*self.secret))
    }

    /// Whether this was stored of it; takes as long for every answer.
    pub(crate) fn has_hash(&self, stored: &str) -> bool {
        self.hash().as_bytes().ct_eq(stored.as_bytes()).into()
    }
}

impl fmt::Debug for OpaqueToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpaqueToken").field("kind", &self.kind).field("row", &self.row).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token() -> OpaqueToken {
        OpaqueToken::new(TokenKind::Refresh, PracticeId(Uuid::from_u128(1)), Uuid::from_u128(2)).unwrap()
    }

    #[test]
    fn a_token_is_read_back_as_what_it_was() {
        let token = token();
        let read = OpaqueToken::read(TokenKind::Refresh, &token.expose()).unwrap();
        assert_eq!((read.practice, read.row), (token.practice, token.row));
        assert!(read.has_hash(&token.hash()));
        assert_eq!(token.expose().len(), 3 + 1 + 32 + 1 + 32 + 1 + 43);
    }

    #[test]
    fn neither_another_kind_nor_half_a_token_is_one() {
        let text = token().expose();
        assert!(OpaqueToken::read(TokenKind::Invitation, &text).is_none());
        for length in 0..text.len() {
            assert!(OpaqueToken::read(TokenKind::Refresh, &text[..length]).is_none());
        }
    }

    #[test]
    fn a_debug_print_shows_no_secret() {
        let token = token();
        let secret = token.expose().rsplit_once('_').map(|(_, secret)| secret.to_owned()).unwrap();
        assert!(!format!("{token:?}").contains(&secret));
        assert!(!format!("{token:?}").contains(&token.hash()));
    }
}
