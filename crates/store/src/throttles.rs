//! Throttles: rows of failures, counted by what was tried, whether it exists or not.
//!
//! What was tried is kept as a blind index under the master key, because a practice that does not exist has no key of its own.
//! Its attempts are counted in the practice [`NOWHERE`].

use chrono::TimeDelta;
use diesel::prelude::*;
use domain::{
    ids::PracticeId,
    throttle::{Failures, Throttle},
};
use uuid::Uuid;

use crate::{StoreError, Tx, View, columns::AsText, schema::throttles};

/// Where attempts at practices that do not exist are counted.
pub const NOWHERE: PracticeId = PracticeId(Uuid::nil());

/// Counts an attempt as a failure until it turns out not to be one, so that attempts at the same time can't slip through
/// together. If there were too many before, it counts nothing and says how long to wait.
///
/// # Errors
/// [`StoreError::Conflict`] if two begin to count the same at the same time: try again.
pub fn attempt(tx: &mut Tx<'_>, tried: &str, throttle: Throttle) -> Result<Option<TimeDelta>, StoreError> {
    let now = tx.now();
    let before = find(tx, tried)?.filter(|failures| !failures.are_forgotten(throttle, now));
    if let Some(wait) = before.and_then(|failures| failures.wait(throttle, now)) {
        return Ok(Some(wait));
    }
    forget(tx, throttle)?;
    keep(tx, tried, Failures::and_another(before, throttle, now))?;
    Ok(None)
}

/// The attempt failed: the wait counts from now.
///
/// # Errors
/// If the database fails.
pub fn failed(tx: &mut Tx<'_>, tried: &str) -> Result<(), StoreError> {
    let key = key(tx, tried)?;
    let now = tx.now().naive_utc();
    diesel::update(throttles::table.find(key)).set(throttles::last_at.eq(now)).execute(tx.conn())?;
    Ok(())
}

/// The attempt succeeded: nothing counts any more.
///
/// # Errors
/// If the database fails.
pub fn clear(tx: &mut Tx<'_>, tried: &str) -> Result<(), StoreError> {
    let key = key(tx, tried)?;
    diesel::delete(throttles::table.find(key)).execute(tx.conn())?;
    Ok(())
}

type Key = (AsText<PracticeId>, String);

fn key(view: &View<'_>, tried: &str) -> Result<Key, StoreError> {
    Ok((AsText(view.caller().practice), view.keyring().blind_index("throttles", tried)?))
}

fn find(view: &mut View<'_>, tried: &str) -> Result<Option<Failures>, StoreError> {
    let key = key(view, tried)?;
    let row: Option<(i32, chrono::NaiveDateTime)> =
        throttles::table.find(key).select((throttles::failures, throttles::last_at)).first(view.conn()).optional()?;
    Ok(row.map(|(count, at)| Failures { count: u32::try_from(count).unwrap_or(0), last_at: at.and_utc() }))
}

fn keep(tx: &mut Tx<'_>, tried: &str, failures: Failures) -> Result<(), StoreError> {
    let (practice, id) = key(tx, tried)?;
    let count = i32::try_from(failures.count).unwrap_or(i32::MAX);
    let last_at = failures.last_at.naive_utc();
    let counted = diesel::update(throttles::table.find((practice, id.clone())))
        .set((throttles::failures.eq(count), throttles::last_at.eq(last_at)))
        .execute(tx.conn())?;
    if counted == 0 {
        let row = (
            throttles::practice_id.eq(practice),
            throttles::id.eq(id),
            throttles::failures.eq(count),
            throttles::last_at.eq(last_at),
        );
        diesel::insert_into(throttles::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

/// Lets go of what no longer counts.
fn forget(tx: &mut Tx<'_>, throttle: Throttle) -> Result<(), StoreError> {
    let oldest = (tx.now() - throttle.forgotten_after).naive_utc();
    let forgotten = throttles::practice_id.eq(AsText(tx.caller().practice)).and(throttles::last_at.le(oldest));
    diesel::delete(throttles::table.filter(forgotten)).execute(tx.conn())?;
    Ok(())
}
