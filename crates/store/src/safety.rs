//! The safety of each partner, sealed whole.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use domain::{
    confidential::Confidential,
    ids::{CoupleId, PartnerId, PracticeId, StaffId},
    safety::{Safety, SafetyStatus},
};
use serde::{Deserialize, Serialize};

use crate::{StoreError, Tx, View, columns::AsText, schema::safety, seal::Place};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = safety)]
struct Row {
    practice_id: AsText<PracticeId>,
    couple_id: AsText<CoupleId>,
    partner_id: AsText<PartnerId>,
    sealed: Vec<u8>,
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    status: SafetyStatus,
    screened_on: Option<NaiveDate>,
    screened_by: Option<StaffId>,
    note: Option<Confidential>,
    #[serde(default)]
    worse_since: Option<DateTime<Utc>>,
    #[serde(default)]
    cleared_at: Option<DateTime<Utc>>,
}

impl Row {
    fn safety(self, view: &mut View<'_>) -> Result<Safety, StoreError> {
        let sealed: Sealed = view.open(place(self.partner_id.0), &self.sealed)?;
        Ok(Safety {
            couple: self.couple_id.0,
            partner: self.partner_id.0,
            status: sealed.status,
            screened_on: sealed.screened_on,
            screened_by: sealed.screened_by,
            note: sealed.note,
            worse_since: sealed.worse_since,
            cleared_at: sealed.cleared_at,
            version: self.version,
        })
    }
}

fn place(id: PartnerId) -> Place {
    Place { column: "safety.sealed", row: id.0 }
}

/// What is known of the safety of a couple's partners; who was never screened is not in it.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, couple: CoupleId) -> Result<Vec<Safety>, StoreError> {
    list_of(view, &[AsText(couple)])
}

/// What is known of the safety of the partners of some couples.
pub(crate) fn list_of(view: &mut View<'_>, couples: &[AsText<CoupleId>]) -> Result<Vec<Safety>, StoreError> {
    let rows: Vec<Row> = safety::table
        .filter(safety::practice_id.eq(AsText(view.caller().practice)).and(safety::couple_id.eq_any(couples)))
        .order((safety::couple_id, safety::partner_id))
        .select(Row::as_select())
        .load(view.conn())?;
    rows.into_iter().map(|row| row.safety(view)).collect()
}

/// Keeps the outcome of a screening, the first or a later one.
///
/// # Errors
/// If the database fails.
pub fn keep(tx: &mut Tx<'_>, known: &Safety) -> Result<(), StoreError> {
    let Safety { status, screened_on, screened_by, note, worse_since, cleared_at, .. } = known.clone();
    let sealed = Sealed { status, screened_on, screened_by, note, worse_since, cleared_at };
    let sealed = tx.seal(place(known.partner), &sealed)?;
    let key = (AsText(tx.caller().practice), AsText(known.couple), AsText(known.partner));
    let row = || Row {
        practice_id: key.0,
        couple_id: key.1,
        partner_id: key.2,
        sealed: sealed.clone(),
        version: known.version,
    };
    if diesel::update(safety::table.find(key)).set(row()).execute(tx.conn())? == 0 {
        diesel::insert_into(safety::table).values(row()).execute(tx.conn())?;
    }
    Ok(())
}
