//! Every kind of problem this server reports, in one table: its stable code, its status, its title, what it means.

use actix_web::http::StatusCode;

macro_rules! codes {
    ($($(#[doc = $meaning:literal])+ $name:ident = $status:literal $code:literal $title:literal,)+) => {
        /// What kind of problem it is. The words are part of the API: clients decide by them, so they never change.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[doc = $meaning])+ $name,)+
        }

        impl Code {
            /// Every kind, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The word for it, stable.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// A short title, the same for every occurrence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title),+ }
            }

            /// What it means and what can be done about it.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$name => concat!($($meaning),+).trim_ascii()),+ }
            }

            const fn number(self) -> u16 {
                match self { $(Self::$name => $status),+ }
            }
        }
    };
}

codes! {
    /// The body is not well-formed, lacks a field, has a field that is not known or of the wrong type; `errors` says where.
    MalformedBody = 400 "malformed-body" "The body can't be read",
    /// A query parameter or a header can't be read; `errors` says which.
    MalformedParameter = 400 "malformed-parameter" "A parameter can't be read",
    /// The cursor is not one that this server gave out. Start again without one.
    InvalidCursor = 400 "invalid-cursor" "The cursor can't be read",
    /// The request is not one that HTTP allows, or it broke off.
    BadRequest = 400 "bad-request" "The request can't be read",
    /// A valid access token is required. Sign in, or renew the token.
    Unauthenticated = 401 "unauthenticated" "Sign-in required",
    /// The practice, the e-mail address and the password do not belong together.
    InvalidCredentials = 401 "invalid-credentials" "Sign-in failed",
    /// The refresh token is not valid, or no longer. Sign in again.
    InvalidRefreshToken = 401 "invalid-refresh-token" "Sign in again",
    /// You are known, but your role does not allow this.
    Forbidden = 403 "forbidden" "Not allowed",
    /// There is nothing here, or nothing that you may know of.
    NotFound = 404 "not-found" "Not found",
    /// There is something here, but it can't be asked for in this way; the `Allow` header says how it can.
    MethodNotAllowed = 405 "method-not-allowed" "Method not allowed",
    /// The request took too long to arrive. Send it again.
    RequestTimeout = 408 "request-timeout" "The request took too long",
    /// It exists already, or it has changed in the meantime in a way that does not go together with this. Read it again.
    Conflict = 409 "conflict" "Conflict with what is there",
    /// This note is signed and locked. Add an addendum instead: `POST /v1/notes/{note_id}/addenda`.
    NoteLocked = 409 "note-locked" "The note is locked",
    /// The export is not made yet, or could not be made; its status says which.
    ExportNotReady = 409 "export-not-ready" "The export is not ready",
    /// The file of the export was removed when its time was over. Ask for the export again.
    ExportExpired = 410 "export-expired" "The export has expired",
    /// It has changed since you read it. Read it again, and repeat the change with the new `ETag` in `If-Match`.
    PreconditionFailed = 412 "precondition-failed" "Changed in the meantime",
    /// The body is larger than this server accepts.
    BodyTooLarge = 413 "body-too-large" "The body is too large",
    /// The body is not of a media type that can be read here; `Accept-Post` or `Accept-Patch` says which can.
    UnsupportedMediaType = 415 "unsupported-media-type" "Media type not supported",
    /// Fields are outside their limits; `errors` lists every one of them.
    InvalidFields = 422 "invalid-fields" "Some fields are not valid",
    /// The invitation is not valid: it expired, was accepted, or a newer one took its place. Ask for a new one.
    InvalidInvitation = 422 "invalid-invitation" "The invitation is not valid",
    /// This `Idempotency-Key` came before with another request. Use a new key for each thing to create.
    IdempotencyKeyReused = 422 "idempotency-key-reused" "Idempotency key used twice",
    /// What is asked for goes against a rule of the practice of counseling; `detail` says which.
    RuleBroken = 422 "rule-broken" "Against a rule",
    /// Say in `If-Match` which version is to be changed.
    PreconditionRequired = 428 "precondition-required" "If-Match required",
    /// Too many requests. Wait for as long as `Retry-After` says.
    TooManyRequests = 429 "too-many-requests" "Too many requests",
    /// The header fields of the request are larger than this server accepts.
    HeadersTooLarge = 431 "headers-too-large" "The headers are too large",
    /// Something went wrong in the server. The log has the cause under the request id.
    Internal = 500 "internal" "Internal error",
    /// The server can't answer just now. Try again in a moment.
    Unavailable = 503 "unavailable" "Not available just now",
}

impl Code {
    /// The status it is answered with.
    #[must_use]
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.number()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The code with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|code| code.as_str() == word)
    }

    /// The code that fits a status which something other than a handler answered with.
    #[must_use]
    pub fn for_status(status: StatusCode) -> Self {
        match status.as_u16() {
            401 => Self::Unauthenticated,
            403 => Self::Forbidden,
            404 => Self::NotFound,
            405 => Self::MethodNotAllowed,
            408 => Self::RequestTimeout,
            413 => Self::BodyTooLarge,
            415 => Self::UnsupportedMediaType,
            429 => Self::TooManyRequests,
            431 => Self::HeadersTooLarge,
            503 => Self::Unavailable,
            400..500 => Self::BadRequest,
            _ => Self::Internal,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_a_kebab_word_of_its_own_with_a_true_status() {
        for (at, code) in Code::ALL.iter().enumerate() {
            assert!(code.as_str().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'), "{code:?}");
            assert!(code.status().is_client_error() || code.status().is_server_error());
            assert_eq!(code.status().as_u16(), code.number());
            assert!(!Code::ALL[at + 1..].iter().any(|other| other.as_str() == code.as_str()), "{code:?} twice");
            assert_eq!(Code::named(code.as_str()), Some(*code));
            assert!(!code.meaning().starts_with(' ') && code.meaning().ends_with('.'));
        }
    }
}
