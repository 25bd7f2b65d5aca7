//! Lists by key: the rows after a key, and whether there are more.

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
    pub after: Option<(chrono::DateTime<chrono::Utc>, uuid::Uuid)>,
    /// How many items, 1 to 100.
    pub limit: i64,
}
