//! Access tokens: short-lived JWTs (RFC 9068), signed by Ed25519 and by nothing else (RFC 8725 §3.1).
//!
//! A token says who signed in; what they may do is not in it, but looked up at every request.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use domain::ids::{PracticeId, SignInId};
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{keys::SigningKeys, problem::Problem};

/// RFC 9068 §2.1: tells access tokens from every other JWT.
const TYPE: &str = "at+jwt";
/// By how much the clocks of several servers may differ.
const SKEW_SECONDS: i64 = 5;

/// Issues and checks access tokens.
#[derive(Debug)]
pub struct Tokens {
    keys: Arc<SigningKeys>,
    issuer: String,
    lifetime: Duration,
}

/// Whether staff or a client signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActorKind {
    /// A staff member.
    Staff,
    /// A client.
    Client,
}

/// Who a token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer {
    /// The practice they signed in to.
    pub practice: PracticeId,
    /// The sign-in that the token belongs to.
    pub sign_in: SignInId,
    /// Staff or client.
    pub kind: ActorKind,
    /// Their id.
    pub id: Uuid,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it: this server.
    pub iss: String,
    /// Whom it is meant for: this server.
    pub aud: String,
    /// Who signed in.
    pub sub: Uuid,
    /// Issued at, in seconds since 1970.
    pub iat: i64,
    /// Not valid before.
    pub nbf: i64,
    /// Not valid from then on.
    pub exp: i64,
    /// The token's own id.
    pub jti: Uuid,
    /// The sign-in it belongs to.
    pub sid: SignInId,
    /// The practice they signed in to.
    pub practice: PracticeId,
    /// Staff or client.
    pub actor: ActorKind,
}

/// A fresh access token.
#[derive(Debug, Clone)]
pub struct AccessToken {
    /// What to send as `Authorization: Bearer …`.
    pub token: String,
    /// For how many seconds it is valid.
    pub expires_in: i64,
}

/// The token is not one of ours, not for this, or not for now. Says no more on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the access token is not valid")]
pub struct InvalidToken;

impl Tokens {
    /// Tokens of this issuer, signed by these keys, valid for so long.
    #[must_use]
    pub fn new(keys: Arc<SigningKeys>, issuer: impl Into<String>, lifetime: Duration) -> Self {
        Self { keys, issuer: issuer.into(), lifetime }
    }

    /// The keys, for those who verify.
    #[must_use]
    pub fn keys(&self) -> &SigningKeys {
        &self.keys
    }

    /// A token for them.
    ///
    /// # Errors
    /// 500 if it can't be signed.
    pub fn issue(&self, bearer: &Bearer, now: DateTime<Utc>, id: Uuid) -> Result<AccessToken, Problem> {
        let claims = self.claims(bearer, now, id);
        let key = self.keys.signing();
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.id.clone());
        let token = jsonwebtoken::encode(&header, &claims, &key.private).map_err(Problem::internal)?;
        Ok(AccessToken { token, expires_in: self.lifetime.num_seconds() })
    }

    fn claims(&self, bearer: &Bearer, now: DateTime<Utc>, id: Uuid) -> Claims {
        let issued = now.timestamp();
        Claims {
            iss: self.issuer.clone(),
            aud: self.issuer.clone(),
            sub: bearer.id,
            iat: issued,
            nbf: issued,
            exp: issued + self.lifetime.num_seconds(),
            jti: id,
            sid: bearer.sign_in,
            practice: bearer.practice,
            actor: bearer.kind,
        }
    }

    /// What the token says, if it can be believed now.
    ///
    /// # Errors
    /// [`InvalidToken`] in every other case.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Claims, InvalidToken> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| InvalidToken)?;
        let is_access_token = header.typ.is_some_and(|typ| typ.eq_ignore_ascii_case(TYPE));
        if !is_access_token || header.crit.is_some() {
            return Err(InvalidToken);
        }
        let key = header.kid.and_then(|id| self.keys.find(&id)).ok_or(InvalidToken)?;
        let token = jsonwebtoken::decode::<Claims>(token, &key.public, &self.validation()).map_err(|_| InvalidToken)?;
        let (claims, now) = (token.claims, now.timestamp());
        let in_time = claims.nbf <= now + SKEW_SECONDS && now < claims.exp;
        if in_time { Ok(claims) } else { Err(InvalidToken) }
    }

    /// Times are checked apart, by our own clock.
    fn validation(&self) -> Validation {
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.issuer]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    use jsonwebtoken::EncodingKey;

    const NOW: DateTime<Utc> = DateTime::from_timestamp(1_800_000_000, 0).unwrap();

    fn tokens(keys: SigningKeys) -> Tokens {
        Tokens::new(Arc::new(keys), "https://tenfold.example", Duration::minutes(10))
    }

    fn bearer() -> Bearer {
        let id = Uuid::from_u128;
        Bearer { practice: id(1).into(), sign_in: id(2).into(), kind: ActorKind::Staff, id: id(3) }
    }

    fn signed(tokens: &Tokens, change: impl FnOnce(&mut Header, &mut Claims)) -> String {
        let mut claims = tokens.claims(&bearer(), NOW, Uuid::from_u128(4));
        let mut header = Header::new(Algorithm::EdDSA);
        (header.typ, header.kid) = (Some(TYPE.to_owned()), Some(tokens.keys.signing().id.clone()));
        change(&mut header, &mut claims);
        jsonwebtoken::encode(&header, &claims, &tokens.keys.signing().private).unwrap()
    }

    #[test]
    fn a_token_is_believed_from_when_it_is_issued_until_it_runs_out() {
        let tokens = tokens(SigningKeys::generated().unwrap());
        let access = tokens.issue(&bearer(), NOW, Uuid::from_u128(4)).unwrap();
        assert_eq!(access.expires_in, 600);
        let after = |seconds| tokens.verify(&access.token, NOW + Duration::seconds(seconds));
        assert_eq!(after(0).unwrap().sub, Uuid::from_u128(3));
        assert!(after(599).is_ok());
        assert_eq!(after(600), Err(InvalidToken));
        assert_eq!(after(-60), Err(InvalidToken));
    }

    #[test]
    fn another_type_audience_issuer_or_key_is_not_believed() {
        let tokens = tokens(SigningKeys::generated().unwrap());
        assert!(tokens.verify(&signed(&tokens, |_, _| ()), NOW).is_ok());
        let forged = [
            signed(&tokens, |header, _| header.typ = Some("JWT".to_owned())),
            signed(&tokens, |header, _| header.typ = None),
            signed(&tokens, |header, _| header.kid = None),
            signed(&tokens, |header, _| header.kid = Some("other".to_owned())),
            signed(&tokens, |header, _| header.crit = Some(vec!["x".to_owned()])),
            signed(&tokens, |_, claims| claims.aud = "https://other.example".to_owned()),
            signed(&tokens, |_, claims| claims.iss = "https://other.example".to_owned()),
        ];
        for token in forged {
            assert_eq!(tokens.verify(&token, NOW), Err(InvalidToken));
        }
    }

    #[test]
    fn a_foreign_key_under_our_name_is_not_believed() {
        let ours = tokens(SigningKeys::generated().unwrap());
        let theirs = tokens(SigningKeys::generated().unwrap());
        let token = signed(&theirs, |header, _| header.kid = Some(ours.keys.signing().id.clone()));
        assert_eq!(ours.verify(&token, NOW), Err(InvalidToken));
    }

    #[test]
    fn neither_no_algorithm_nor_our_public_key_as_a_secret_is_believed() {
        let tokens = tokens(SigningKeys::generated().unwrap());
        let token = signed(&tokens, |_, _| ());
        let payload = token.split('.').nth(1).unwrap();
        let kid = &tokens.keys.signing().id;
        let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"none","typ":"at+jwt","kid":"{kid}"}}"#));
        for unsigned in [format!("{header}.{payload}."), format!("{header}.{payload}")] {
            assert_eq!(tokens.verify(&unsigned, NOW), Err(InvalidToken));
        }
        let mut header = Header::new(Algorithm::HS256);
        (header.typ, header.kid) = (Some(TYPE.to_owned()), Some(kid.clone()));
        let secret = EncodingKey::from_secret(tokens.keys.signing().coordinate.as_bytes());
        let confused = jsonwebtoken::encode(&header, &tokens.claims(&bearer(), NOW, Uuid::nil()), &secret).unwrap();
        assert_eq!(tokens.verify(&confused, NOW), Err(InvalidToken));
    }
}
