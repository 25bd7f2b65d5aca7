//! Archiving: what a practice defined is put away, so that nothing new is begun with it, or brought back. What was begun goes on.

use chrono::{DateTime, Utc};

/// Puts something away or brings it back, given since when it is put away. Says whether anything has changed: what is archived
/// already stays archived since then.
pub(crate) fn archive(archived_at: &mut Option<DateTime<Utc>>, archived: bool, now: DateTime<Utc>) -> bool {
    let changes = archived_at.is_some() != archived;
    if changes {
        *archived_at = archived.then_some(now);
    }
    changes
}
