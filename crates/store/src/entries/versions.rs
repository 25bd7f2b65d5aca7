//! What entries said before they were corrected.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{
    entry::{EarlierVersion, Entry},
    ids::{EntryId, PracticeId},
};
use uuid::Uuid;

use super::{Sealed, sealed};
use crate::{StoreError, Tx, View, columns::AsText, schema::entry_versions, seal::Place};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = entry_versions)]
struct VersionRow {
    practice_id: AsText<PracticeId>,
    entry_id: AsText<EntryId>,
    number: i32,
    id: AsText<Uuid>,
    sealed: Vec<u8>,
    replaced_at: NaiveDateTime,
}

fn version_place(row: Uuid) -> Place {
    Place { column: "entry_versions.sealed", row }
}

pub(super) fn insert(tx: &mut Tx<'_>, replaced: &Entry) -> Result<(), StoreError> {
    let id: Uuid = tx.new_id();
    let row = VersionRow {
        practice_id: AsText(tx.caller().practice),
        entry_id: AsText(replaced.id),
        number: replaced.number,
        id: AsText(id),
        sealed: tx.seal(version_place(id), &sealed(replaced))?,
        replaced_at: tx.now().naive_utc(),
    };
    diesel::insert_into(entry_versions::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// What an entry said before its corrections, the first version first. As they are kept: [`Entry::earlier_shown_to`]
/// says how they are shown.
///
/// # Errors
/// If the database fails.
pub fn earlier_versions(view: &mut View<'_>, entry: &Entry) -> Result<Vec<EarlierVersion>, StoreError> {
    let rows: Vec<VersionRow> = entry_versions::table
        .filter(entry_versions::practice_id.eq(AsText(view.caller().practice)))
        .filter(entry_versions::entry_id.eq(AsText(entry.id)))
        .order(entry_versions::number)
        .select(VersionRow::as_select())
        .load(view.conn())?;
    let opened = |row: VersionRow| {
        let Sealed { answers, difficulty, .. } = view.open(version_place(row.id.0), &row.sealed)?;
        Ok(EarlierVersion { number: row.number, answers, difficulty, replaced_at: row.replaced_at.and_utc() })
    };
    rows.into_iter().map(opened).collect()
}
