//! Lists by key: the rows after a key, and whether there are more.

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Some items of a list, and whether more follow.
#[derive(Debug, Clone)]
pub struct Slice<T> {
    /// The items, as many as were asked for at most.
    pub items: Vec<T>,
    /// Whether the list goes on after them.
    pub more: bool,
}

impl<T> Slice<T> {
    /// From one row more than asked for, which tells whether the list goes on.
    #[must_use]
    pub fn of(mut rows: Vec<T>, limit: i64) -> Self {
        let limit = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > limit;
        rows.truncate(limit);
        Self { items: rows, more }
    }
}

/// Where a list goes on: the time and the id of the last item seen, and how many are wanted.
#[derive(Debug, Clone, Copy)]
pub struct Page {
    /// The key of the last item seen.
    pub after: Option<(DateTime<Utc>, Uuid)>,
    /// How many items, 1 to 100.
    pub limit: i64,
}

/// What of a query comes after the last item of a page seen, in the order of these two columns, which are the list's key. The first
/// condition follows from the second: it lets the database enter the index there.
macro_rules! after {
    ($query:expr, $page:expr, $at:expr, $id:expr) => {
        match $page.after {
            Some((at, id)) => {
                let at = at.naive_utc();
                let later = $at.eq(at).and($id.gt($crate::columns::AsText(id)));
                $query.filter($at.ge(at)).filter($at.gt(at).or(later))
            }
            None => $query,
        }
    };
}
pub(crate) use after;

impl<T> Slice<T> {
    /// Fills a page with the items that exist for a reader, batch by batch, so that what is hidden leaves no gap: neither a short
    /// page nor a key that skips tells that there was something.
    pub(crate) fn filled<E>(
        page: Page,
        mut batch: impl FnMut(Page) -> Result<Vec<T>, E>,
        key: impl Fn(&T) -> (DateTime<Utc>, Uuid),
        exists: impl Fn(&T) -> bool,
    ) -> Result<Self, E> {
        let wanted = usize::try_from(page.limit).unwrap_or(0) + 1;
        let mut found = Vec::with_capacity(wanted);
        let mut next = Page { limit: page.limit + 1, ..page };
        loop {
            let items = batch(next)?;
            let last = usize::try_from(next.limit).is_ok_and(|limit| items.len() < limit);
            next.after = items.last().map(&key).or(next.after);
            found.extend(items.into_iter().filter(&exists));
            if last || found.len() >= wanted {
                return Ok(Self::of(found, page.limit));
            }
        }
    }
}
