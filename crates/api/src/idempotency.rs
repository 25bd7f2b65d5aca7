//! Doing something at most once for each key. The answer is kept in the same transaction as the effect, so there is never one
//! without the other; writes of one practice run one after another, so a repetition never meets its original half-way.

use serde::Serialize;
use store::{StoreError, Tx};

use crate::{
    answer::{Created, Kept, Resource},
    extract::IdempotencyKey,
    problem::{Code, Problem},
};

/// Does the work, or repeats the answer that was given when it was done.
pub(crate) fn once<V, F>(tx: &mut Tx<'_>, key: Option<IdempotencyKey>, work: F) -> Result<Created<V>, Problem>
where
    F: FnOnce(&mut Tx<'_>) -> Result<V, Problem>,
    V: Serialize + Resource,
{
    let Some(key) = key else { return Created::new(&work(tx)?) };
    let scope = key.scope(&tx.caller());
    if let Some(stored) = find(tx, &scope)? {
        return repeat(stored, &key);
    }
    let created = Created::new(&work(tx)?)?;
    insert(tx, &scope, &Stored { fingerprint: key.fingerprint, answer: created.kept().clone() })?;
    Ok(created)
}

fn repeat<V>(stored: Stored, key: &IdempotencyKey) -> Result<Created<V>, Problem> {
    if stored.fingerprint == key.fingerprint {
        Ok(Created::again(stored.answer))
    } else {
        Err(Problem::new(Code::IdempotencyKeyReused, Code::IdempotencyKeyReused.meaning()))
    }
}

/// A request that was done, and its answer.
struct Stored {
    fingerprint: [u8; 32],
    answer: Kept,
}

// The seam to the store: `store::idempotency::{find, insert}` takes the place of the two functions below.

fn find(_tx: &mut Tx<'_>, _scope: &str) -> Result<Option<Stored>, StoreError> {
    Ok(None)
}

fn insert(_tx: &mut Tx<'_>, _scope: &str, _stored: &Stored) -> Result<(), StoreError> {
    Ok(())
}
