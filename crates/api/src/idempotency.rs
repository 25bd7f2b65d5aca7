//! Doing something at most once for each key. The answer is kept in the same transaction as the effect, so there is never one
//! without the other; writes of one practice run one after another, so a repetition never meets its original half-way.

use serde::Serialize;
use store::{
    Tx,
    idempotency::{self, Stored},
};

use crate::{
    answer::{Created, Resource},
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
    if let Some(stored) = idempotency::find(tx, &scope)? {
        return repeat(stored, &key);
    }
    let created = Created::new(&work(tx)?)?;
    idempotency::insert(tx, &scope, &Stored { fingerprint: key.fingerprint, answer: created.kept().clone() })?;
    Ok(created)
}

fn repeat<V>(stored: Stored, key: &IdempotencyKey) -> Result<Created<V>, Problem> {
    if stored.fingerprint == key.fingerprint {
        Ok(Created::again(stored.answer))
    } else {
        Err(Problem::new(Code::IdempotencyKeyReused, Code::IdempotencyKeyReused.meaning()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::idempotency::Kept;

    fn stored() -> Stored {
        let answer = Kept { location: "/v1/couples/1".to_owned(), etag: "\"1\"".to_owned(), body: "{}".to_owned() };
        Stored { fingerprint: [1; 32], answer }
    }

    #[test]
    fn the_same_request_gets_the_first_answer_and_another_one_is_refused() {
        let same: Created<()> = repeat(stored(), &IdempotencyKey::new("key", [1; 32])).unwrap();
        assert_eq!(same.kept(), &stored().answer);
        let other = repeat::<()>(stored(), &IdempotencyKey::new("key", [2; 32])).unwrap_err();
        assert_eq!(other.code(), Code::IdempotencyKeyReused);
    }
}
