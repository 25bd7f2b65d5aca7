//! The id of a request: in the answer, in the log and in the audit trail.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header::HeaderMap};
use uuid::Uuid;

use crate::problem::Problem;

/// The header it comes and goes in.
pub(crate) const X_REQUEST_ID: &str = "x-request-id";

/// The id of a request: ours, and the one the client is shown, which is the client's own if it sent a well-formed one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId {
    /// Ours: what the audit trail and the log have.
    pub id: Uuid,
    /// What the client is shown.
    pub shown: String,
}

impl RequestId {
    pub(crate) fn new(id: Uuid, headers: &HeaderMap) -> Self {
        let sent = headers.get(X_REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|sent| is_well_formed(sent));
        Self { id, shown: sent.map_or_else(|| id.to_string(), ToOwned::to_owned) }
    }

    /// The client's own, if it sent a well-formed one.
    pub(crate) fn sent(&self) -> Option<&str> {
        Some(self.shown.as_str()).filter(|shown| *shown != self.id.to_string())
    }

    pub(crate) fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }
}

fn is_well_formed(sent: &str) -> bool {
    (8..=64).contains(&sent.len()) && sent.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

impl FromRequest for RequestId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request).ok_or_else(|| Problem::internal("the request has no id")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_harmless_id_of_the_client_is_repeated() {
        for harmless in ["abcdefgh", "0123-4567-89AB", &"x".repeat(64)] {
            assert!(is_well_formed(harmless));
        }
        for harmful in ["short", "", "with space", "line\nbreak", "quote\"quote", "unterstützt", &"x".repeat(65)] {
            assert!(!is_well_formed(harmful));
        }
    }
}
