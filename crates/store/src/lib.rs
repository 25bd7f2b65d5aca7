//! Tenfold's rows and queries, on SQLite and PostgreSQL: the only crate that knows SQL.
//!
//! [`Store`] is the only way in. A unit of work is a closure over a [`View`] (reads) or a [`Tx`] (writes); both carry the caller,
//! and every query is scoped by them: what belongs to another practice, or lies outside the caller's reach, is not found.
//!
//! It decides nothing about the field: rules live in `domain`. It knows no HTTP.

mod columns;
mod conn;
mod error;
mod keyring;
mod page;
mod schema;
mod seal;
mod store;
mod unit;
mod writer;

pub mod accounts;
pub mod assignments;
pub mod audit;
pub mod breaches;
pub mod clients;
pub mod couples;
pub mod entries;
pub mod exports;
pub mod idempotency;
pub mod invitations;
pub mod jobs;
pub mod keys;
pub mod migrate;
pub mod notes;
pub mod own_exercises;
pub mod policies;
pub mod practices;
pub mod progress;
pub mod promises;
pub mod psychotherapy_notes;
pub mod references;
pub mod reviews;
pub mod safety;
pub mod sessions;
pub mod sign_ins;
pub mod staff;
pub mod statements;
pub mod throttles;
pub mod tokens;
pub mod work;

#[cfg(test)]
mod tests;

pub use conn::Engine;
pub use error::StoreError;
pub use page::{Page, Slice};
pub use seal::{MasterKeys, SealError};
pub use store::{Options, Store};
pub use unit::{Context, IdSource, Tx, View};
