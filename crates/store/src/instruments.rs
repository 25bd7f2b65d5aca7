//! Instruments that a practice defined, or changed from what the product ships. One row for each, with all its versions.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{
    ids::{InstrumentId, PracticeId},
    instrument::{Instrument, Norms, shipped},
};
use serde::{Deserialize, Serialize};

use crate::{StoreError, Tx, View, columns::AsText, schema::instruments, seal::Place};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = instruments, treat_none_as_null = true)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<InstrumentId>,
    slug: String,
    sealed: Vec<u8>,
    archived_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    versions: Vec<Norms>,
}

impl Row {
    fn of(view: &mut View<'_>, instrument: &Instrument) -> Result<Self, StoreError> {
        let id = instrument.id.ok_or(StoreError::Corrupt("instruments.id"))?;
        let now = view.now();
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(id),
            slug: instrument.slug.clone(),
            sealed: view.seal(place(id), &Sealed { versions: instrument.versions.clone() })?,
            archived_at: instrument.archived_at.map(|at| at.naive_utc()),
            created_at: instrument.created_at.unwrap_or(now).naive_utc(),
            version: instrument.version,
        })
    }

    fn instrument(self, view: &mut View<'_>) -> Result<Instrument, StoreError> {
        let sealed: Sealed = view.open(place(self.id.0), &self.sealed)?;
        Ok(Instrument {
            id: Some(self.id.0),
            slug: self.slug,
            versions: sealed.versions,
            archived_at: self.archived_at.map(|at| at.and_utc()),
            created_at: Some(self.created_at.and_utc()),
            version: self.version,
        })
    }
}

fn place(id: InstrumentId) -> Place {
    Place { column: "instruments.sealed", row: id.0 }
}

/// An instrument of the practice or of the product, by its slug.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none.
pub fn find(view: &mut View<'_>, slug: &str) -> Result<Instrument, StoreError> {
    let row: Option<Row> = instruments::table
        .filter(instruments::practice_id.eq(AsText(view.caller().practice)).and(instruments::slug.eq(slug)))
        .select(Row::as_select())
        .first(view.conn())
        .optional()?;
    match row {
        Some(row) => row.instrument(view),
        None => shipped(slug).ok_or(StoreError::NotFound),
    }
}

/// Every instrument of the practice and of the product, the product's first. There are never many.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>) -> Result<Vec<Instrument>, StoreError> {
    let rows: Vec<Row> = instruments::table
        .filter(instruments::practice_id.eq(AsText(view.caller().practice)))
        .order(instruments::slug)
        .select(Row::as_select())
        .load(view.conn())?;
    let kept = rows.into_iter().map(|row| row.instrument(view)).collect::<Result<_, _>>()?;
    Ok(Instrument::all(kept))
}

/// Keeps an instrument that had no row so far: a new one, or one of the product's that was changed for the first time.
///
/// # Errors
/// If the database fails, or there is one of this slug.
pub fn insert(tx: &mut Tx<'_>, instrument: &Instrument) -> Result<(), StoreError> {
    let row = Row::of(tx, instrument)?;
    diesel::insert_into(instruments::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps a changed instrument.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, instrument: &Instrument) -> Result<(), StoreError> {
    let row = Row::of(tx, instrument)?;
    diesel::update(instruments::table.find((row.practice_id, row.id))).set(row).execute(tx.conn())?;
    Ok(())
}
