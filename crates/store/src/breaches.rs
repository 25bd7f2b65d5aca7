//! Breaches, sealed whole: what broke the trust is nobody's but the counselors'.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::{
    breach::{Breach, BreachKind, CameToLight, RoleInBreach},
    confidential::Confidential,
    couple::Couple,
    ids::{BreachId, CoupleId, PracticeId},
};
use serde::{Deserialize, Serialize};

use crate::{Page, Slice, StoreError, Tx, View, columns::AsText, couples, page::after, schema::breaches, seal::Place};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = breaches)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<BreachId>,
    couple_id: AsText<CoupleId>,
    sealed: Vec<u8>,
    created_at: NaiveDateTime,
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    kind: BreachKind,
    happened_on: Option<NaiveDate>,
    came_to_light: CameToLight,
    came_to_light_on: Option<NaiveDate>,
    ongoing: bool,
    description: Option<Confidential>,
    roles: Vec<RoleInBreach>,
}

impl Row {
    fn of(view: &mut View<'_>, breach: &Breach) -> Result<Self, StoreError> {
        let Breach { kind, happened_on, came_to_light, came_to_light_on, ongoing, description, roles, .. } =
            breach.clone();
        let sealed = Sealed { kind, happened_on, came_to_light, came_to_light_on, ongoing, description, roles };
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(breach.id),
            couple_id: AsText(breach.couple),
            sealed: view.seal(place(breach.id), &sealed)?,
            created_at: breach.created_at.naive_utc(),
            version: breach.version,
        })
    }

    fn breach(self, view: &mut View<'_>) -> Result<Breach, StoreError> {
        let sealed: Sealed = view.open(place(self.id.0), &self.sealed)?;
        Ok(Breach {
            id: self.id.0,
            couple: self.couple_id.0,
            kind: sealed.kind,
            happened_on: sealed.happened_on,
            came_to_light: sealed.came_to_light,
            came_to_light_on: sealed.came_to_light_on,
            ongoing: sealed.ongoing,
            description: sealed.description,
            roles: sealed.roles,
            created_at: self.created_at.and_utc(),
            version: self.version,
        })
    }
}

fn place(id: BreachId) -> Place {
    Place { column: "breaches.sealed", row: id.0 }
}

/// A breach of a couple within the caller's reach.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none for this caller.
pub fn find(view: &mut View<'_>, id: BreachId) -> Result<Breach, StoreError> {
    let practice = AsText(view.caller().practice);
    let row: Row = breaches::table.find((practice, AsText(id))).select(Row::as_select()).first(view.conn())?;
    couples::check_reach(view, row.couple_id.0)?;
    row.breach(view)
}

/// Those of these breaches that are of a couple within the caller's reach, in no order.
///
/// # Errors
/// If the database fails.
pub fn find_all(view: &mut View<'_>, couple: &Couple, ids: &[BreachId]) -> Result<Vec<Breach>, StoreError> {
    let ids: Vec<_> = ids.iter().copied().map(AsText).collect();
    let rows: Vec<Row> = breaches::table
        .filter(breaches::practice_id.eq(AsText(view.caller().practice)).and(breaches::id.eq_any(&ids)))
        .filter(breaches::couple_id.eq(AsText(couple.id)))
        .select(Row::as_select())
        .load(view.conn())?;
    rows.into_iter().map(|row| row.breach(view)).collect()
}

/// The breaches of a couple, in the order in which they were recorded.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, couple: CoupleId, page: Page) -> Result<Slice<Breach>, StoreError> {
    let query = breaches::table
        .filter(breaches::practice_id.eq(AsText(view.caller().practice)))
        .filter(breaches::couple_id.eq(AsText(couple)))
        .order((breaches::created_at, breaches::id))
        .limit(page.limit + 1)
        .select(Row::as_select())
        .into_boxed();
    let rows: Vec<Row> = after!(query, page, breaches::created_at, breaches::id).load(view.conn())?;
    let found = rows.into_iter().map(|row| row.breach(view)).collect::<Result<_, _>>()?;
    Ok(Slice::of(found, page.limit))
}

/// Keeps a new breach.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, breach: &Breach) -> Result<(), StoreError> {
    let row = Row::of(tx, breach)?;
    diesel::insert_into(breaches::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps a changed breach.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, breach: &Breach) -> Result<(), StoreError> {
    let row = Row::of(tx, breach)?;
    diesel::update(breaches::table.find((row.practice_id, row.id))).set(row).execute(tx.conn())?;
    Ok(())
}
