//! Practices: the tenants.

use diesel::prelude::*;
use domain::{
    ids::PracticeId,
    practice::{Handle, Practice},
};

use crate::{Store, StoreError, Tx, View, audit, columns::AsText, keyring, schema::practices};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = practices)]
struct Row {
    id: AsText<PracticeId>,
    handle: AsText<Handle>,
    name: String,
    time_zone: AsText<chrono_tz::Tz>,
    created_at: chrono::NaiveDateTime,
    version: i64,
}

impl From<&Practice> for Row {
    fn from(practice: &Practice) -> Self {
        Self {
            id: AsText(practice.id),
            handle: AsText(practice.handle.clone()),
            name: practice.name.clone(),
            time_zone: AsText(practice.time_zone),
            created_at: practice.created_at.naive_utc(),
            version: practice.version,
        }
    }
}

impl From<Row> for Practice {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.0,
            handle: row.handle.0,
            name: row.name,
            time_zone: row.time_zone.0,
            created_at: row.created_at.and_utc(),
            version: row.version,
        }
    }
}

/// The caller's practice.
///
/// # Errors
/// If the database fails.
pub fn find(view: &mut View<'_>) -> Result<Practice, StoreError> {
    let row: Row = practices::table.find(AsText(view.caller().practice)).select(Row::as_select()).first(view.conn())?;
    Ok(row.into())
}

/// Makes a practice, with its first data key and an empty audit trail. The caller acts for the new practice already.
///
/// # Errors
/// [`StoreError::Conflict`] if the handle is taken.
pub fn insert(tx: &mut Tx<'_>, practice: &Practice) -> Result<(), StoreError> {
    diesel::insert_into(practices::table).values(Row::from(practice)).execute(tx.conn())?;
    keyring::add(tx)?;
    audit::begin(tx)
}

/// Keeps a changed practice.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, practice: &Practice) -> Result<(), StoreError> {
    diesel::update(practices::table.find(AsText(practice.id))).set(Row::from(practice)).execute(tx.conn())?;
    Ok(())
}

impl Store {
    /// Which practice has this handle: what sign-in asks before anyone is known.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn practice_by_handle(&self, handle: Handle) -> Result<Option<PracticeId>, StoreError> {
        self.read_directory(move |conn| {
            let id: Option<AsText<PracticeId>> = practices::table
                .filter(practices::handle.eq(AsText(handle)))
                .select(practices::id)
                .first(conn)
                .optional()?;
            Ok(id.map(|AsText(id)| id))
        })
        .await
    }

    /// Every practice of this installation, for the command line.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn practices(&self) -> Result<Vec<(PracticeId, Handle)>, StoreError> {
        self.read_directory(|conn| {
            let rows: Vec<(AsText<PracticeId>, AsText<Handle>)> =
                practices::table.order(practices::id).select((practices::id, practices::handle)).load(conn)?;
            Ok(rows.into_iter().map(|(AsText(id), AsText(handle))| (id, handle)).collect())
        })
        .await
    }
}
