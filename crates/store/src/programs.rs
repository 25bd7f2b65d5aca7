//! The practice's programs, and with them the one that comes with Tenfold, which no row holds.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{
    confidential::Confidential,
    ids::{PracticeId, ProgramId},
    program::{Program, SHIPPED, Step},
};
use serde::{Deserialize, Serialize};

use crate::{Page, Slice, StoreError, Tx, View, columns::AsText, page::after, schema::programs, seal::Place};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = programs, treat_none_as_null = true)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<ProgramId>,
    archived_at: Option<NaiveDateTime>,
    sealed: Vec<u8>,
    created_at: NaiveDateTime,
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    name: Confidential,
    description: Option<Confidential>,
    steps: Vec<Step>,
}

impl Row {
    fn of(view: &mut View<'_>, program: &Program) -> Result<Self, StoreError> {
        let Program { name, description, steps, .. } = program.clone();
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(program.id),
            archived_at: program.archived_at.map(|at| at.naive_utc()),
            sealed: view.seal(place(program.id), &Sealed { name, description, steps })?,
            created_at: program.created_at.naive_utc(),
            version: program.version,
        })
    }

    fn program(self, view: &mut View<'_>) -> Result<Program, StoreError> {
        let Sealed { name, description, steps } = view.open(place(self.id.0), &self.sealed)?;
        Ok(Program {
            id: self.id.0,
            name,
            description,
            steps,
            archived_at: self.archived_at.map(|at| at.and_utc()),
            created_at: self.created_at.and_utc(),
            version: self.version,
        })
    }
}

fn place(id: ProgramId) -> Place {
    Place { column: "programs.sealed", row: id.0 }
}

/// A program of the practice, or the one that comes with Tenfold.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none.
pub fn find(view: &mut View<'_>, id: ProgramId) -> Result<Program, StoreError> {
    if id == SHIPPED {
        return Ok(Program::shipped());
    }
    let practice = AsText(view.caller().practice);
    let row: Row = programs::table.find((practice, AsText(id))).select(Row::as_select()).first(view.conn())?;
    row.program(view)
}

/// The programs that are in use, or those that are archived, in the order in which they were made; the one that comes with Tenfold is
/// the first of those in use.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, archived: bool, page: Page) -> Result<Slice<Program>, StoreError> {
    let first = page.after.is_none() && !archived;
    let mut found: Vec<_> = first.then(Program::shipped).into_iter().collect();
    let mut query = programs::table
        .filter(programs::practice_id.eq(AsText(view.caller().practice)))
        .order((programs::created_at, programs::id))
        .limit(page.limit + 1)
        .select(Row::as_select())
        .into_boxed();
    query = if archived {
        query.filter(programs::archived_at.is_not_null())
    } else {
        query.filter(programs::archived_at.is_null())
    };
    let rows: Vec<Row> = after!(query, page, programs::created_at, programs::id).load(view.conn())?;
    for row in rows {
        found.push(row.program(view)?);
    }
    Ok(Slice::of(found, page.limit))
}

/// Keeps a new program.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, program: &Program) -> Result<(), StoreError> {
    let row = Row::of(tx, program)?;
    diesel::insert_into(programs::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps a changed program.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, program: &Program) -> Result<(), StoreError> {
    let row = Row::of(tx, program)?;
    diesel::update(programs::table.find((row.practice_id, row.id))).set(row).execute(tx.conn())?;
    Ok(())
}
