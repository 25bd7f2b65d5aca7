//! What conditions are decided by, and what both partners' words come to: entries that are looked at, and shown to nobody.

use chrono::NaiveDate;
use domain::{couple::Couple, entry::Entry, exercises::Kind};

use super::of_exercise::latest;
use crate::{StoreError, View};

/// The submitted entries of a kind: of what lasts, the latest that there is; of what happened once, what is about the day. **Whoever
/// may read them**: only what the rules make of them may be told.
///
/// # Errors
/// If the database fails.
pub(crate) fn list_of_kind(
    view: &mut View<'_>,
    couple: &Couple,
    kind: Kind,
    on: NaiveDate,
) -> Result<Vec<Entry>, StoreError> {
    let days = if kind.lasts() { (NaiveDate::MIN, couple.today(view.now())) } else { (on, on) };
    let rows = latest(view, couple.id, &[kind], days)?;
    let entries = rows.into_iter().map(|row| row.entry(view)).collect::<Result<Vec<_>, _>>()?;
    Ok(entries.into_iter().filter(Entry::is_submitted).collect())
}
