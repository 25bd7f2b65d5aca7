//! What happens around every handler.

mod cors;
mod envelope;
mod headers;

pub(crate) use cors::cors;
pub(crate) use envelope::envelope;
