//! What a body or a query names: there, or said to be unknown.

use store::StoreError;

use super::{Code, FieldError, Problem};

/// What a body or a query names; `unknown` if it does not exist for the caller. Whatever else went wrong stays what it is.
pub(crate) fn named<T>(found: Result<T, StoreError>, unknown: impl FnOnce() -> Problem) -> Result<T, Problem> {
    match found {
        Err(StoreError::NotFound) => Err(unknown()),
        found => Ok(found?),
    }
}

impl Problem {
    /// A field of the body that names what is not there, or not for the caller.
    pub(crate) fn unknown(pointer: &str, detail: &'static str) -> Self {
        Self::invalid(vec![FieldError::body(pointer, "unknown", detail)])
    }

    /// A query parameter that doesn't fit, for what can't be seen by itself.
    pub(crate) fn parameter(name: &str, code: &'static str, detail: &'static str) -> Self {
        let error = FieldError::query(name, code, detail);
        Self::new(Code::MalformedParameter, "the query can't be read; see errors").with_errors(vec![error])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_found_is_unknown() {
        let code = |found| {
            named::<()>(found, || Problem::unknown("/breach_id", "is no breach")).map_err(|problem| problem.code())
        };
        assert_eq!(code(Err(StoreError::NotFound)), Err(Code::InvalidFields));
        assert_eq!(code(Err(StoreError::Unavailable(None))), Err(Code::Unavailable));
        assert_eq!(code(Err(StoreError::Panicked)), Err(Code::Internal));
        assert_eq!(code(Ok(())), Ok(()));
    }
}
