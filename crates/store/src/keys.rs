//! Rotation of keys, for the command line.

use crate::{StoreError, Tx, keyring};

/// Gives the caller's practice a newer data key: it seals from now on, and the older ones go on opening.
///
/// # Errors
/// If the database fails, or no master key is at hand.
pub fn add(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    keyring::add(tx)
}

/// Wraps the data keys of the caller's practice with the newest master key. What they seal stays as it is.
///
/// # Errors
/// If the database fails, or the master key they were wrapped with is not at hand.
pub fn rewrap(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    keyring::rewrap(tx)
}
