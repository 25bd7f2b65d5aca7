//! What the practice's own exercises were and are, version by version. The database refuses to change one.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{
    ids::{OwnExerciseId, PracticeId, StaffId},
    own_exercise::{Definition, OwnExerciseVersion},
};
use uuid::Uuid;

use crate::{StoreError, Tx, View, columns::AsText, schema::own_exercise_versions, seal::Place};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = own_exercise_versions)]
pub(super) struct VersionRow {
    practice_id: AsText<PracticeId>,
    own_exercise_id: AsText<OwnExerciseId>,
    number: i32,
    id: AsText<Uuid>,
    by_id: AsText<StaffId>,
    sealed: Vec<u8>,
    created_at: NaiveDateTime,
}

fn place(row: Uuid) -> Place {
    Place { column: "own_exercise_versions.sealed", row }
}

impl VersionRow {
    pub(super) fn version(self, view: &mut View<'_>) -> Result<OwnExerciseVersion, StoreError> {
        let definition: Definition = view.open(place(self.id.0), &self.sealed)?;
        let corrupt = |_| StoreError::Corrupt("own_exercise_versions.number");
        Ok(OwnExerciseVersion {
            exercise: self.own_exercise_id.0,
            number: self.number.try_into().map_err(corrupt)?,
            definition,
            by: self.by_id.0,
            created_at: self.created_at.and_utc(),
        })
    }
}

pub(super) fn find(
    view: &mut View<'_>,
    exercise: OwnExerciseId,
    number: i32,
) -> Result<OwnExerciseVersion, StoreError> {
    let key = (AsText(view.caller().practice), AsText(exercise), number);
    let row: VersionRow = own_exercise_versions::table.find(key).select(VersionRow::as_select()).first(view.conn())?;
    row.version(view)
}

pub(super) fn insert(tx: &mut Tx<'_>, version: &OwnExerciseVersion) -> Result<(), StoreError> {
    let id: Uuid = tx.new_id();
    let row = VersionRow {
        practice_id: AsText(tx.caller().practice),
        own_exercise_id: AsText(version.exercise),
        number: version.number.into(),
        id: AsText(id),
        by_id: AsText(version.by),
        sealed: tx.seal(place(id), &version.definition)?,
        created_at: version.created_at.naive_utc(),
    };
    diesel::insert_into(own_exercise_versions::table).values(row).execute(tx.conn())?;
    Ok(())
}
