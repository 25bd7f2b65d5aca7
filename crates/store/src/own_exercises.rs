//! A practice's own exercises. Their wording is sealed: what a practice asks its couples says something about them.

mod versions;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDateTime;
use diesel::{dsl::exists, prelude::*};
use domain::{
    assignment::Assignment,
    entry::Entry,
    exercises::Slug,
    ids::{AssignmentId, ClientId, CoupleId, OwnExerciseId, PracticeId},
    own_exercise::{AssignedForm, OwnExercise, OwnExerciseVersion, OwnForm},
};

use crate::{
    Page, Slice, StoreError, Tx, View,
    columns::AsText,
    couples,
    page::after,
    schema::{own_assignments, own_exercise_versions, own_exercises, partners, standings},
};

use versions::VersionRow;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = own_exercises, treat_none_as_null = true)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<OwnExerciseId>,
    latest: i32,
    archived_at: Option<NaiveDateTime>,
    created_at: NaiveDateTime,
    version: i64,
}

impl Row {
    fn of(view: &View<'_>, exercise: &OwnExercise) -> Self {
        Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(exercise.id),
            latest: exercise.latest.number.into(),
            archived_at: exercise.archived_at.map(|at| at.naive_utc()),
            created_at: exercise.created_at.naive_utc(),
            version: exercise.version,
        }
    }

    fn exercise(self, latest: OwnExerciseVersion) -> OwnExercise {
        OwnExercise {
            id: self.id.0,
            latest,
            created_at: self.created_at.and_utc(),
            archived_at: self.archived_at.map(|at| at.and_utc()),
            version: self.version,
        }
    }
}

/// Which version of which exercise was assigned: what a partner's right to read it is found by, and what keeps it there.
#[derive(Insertable)]
#[diesel(table_name = own_assignments)]
struct AssignedRow {
    practice_id: AsText<PracticeId>,
    assignment_id: AsText<AssignmentId>,
    couple_id: AsText<CoupleId>,
    own_exercise_id: AsText<OwnExerciseId>,
    number: i32,
}

/// Whether a version is the latest of its exercise.
#[diesel::dsl::auto_type(no_type_alias)]
fn is_latest() -> _ {
    own_exercise_versions::practice_id
        .eq(own_exercises::practice_id)
        .and(own_exercise_versions::own_exercise_id.eq(own_exercises::id))
        .and(own_exercise_versions::number.eq(own_exercises::latest))
}

/// An exercise of the practice's own, in its latest version.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none.
pub fn find(view: &mut View<'_>, id: OwnExerciseId) -> Result<OwnExercise, StoreError> {
    let key = (AsText(view.caller().practice), AsText(id));
    let row: Row = own_exercises::table.find(key).select(Row::as_select()).first(view.conn())?;
    let latest = versions::find(view, id, row.latest)?;
    Ok(row.exercise(latest))
}

/// Those of these exercises that there are, each in its latest version, in no order.
///
/// # Errors
/// If the database fails.
pub fn find_all(view: &mut View<'_>, ids: &[OwnExerciseId]) -> Result<Vec<OwnExercise>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = ids.iter().copied().map(AsText).collect();
    let rows: Vec<(Row, VersionRow)> = own_exercises::table
        .inner_join(own_exercise_versions::table.on(is_latest()))
        .filter(own_exercises::practice_id.eq(AsText(view.caller().practice)).and(own_exercises::id.eq_any(&ids)))
        .select((Row::as_select(), VersionRow::as_select()))
        .load(view.conn())?;
    opened(view, rows)
}

/// Of these exercises the latest version, and each that one of these assignments was given in, in no order.
///
/// # Errors
/// If the database fails.
pub(crate) fn versions_of(
    view: &mut View<'_>,
    ids: &[OwnExerciseId],
    given: &[AssignmentId],
) -> Result<Vec<OwnExerciseVersion>, StoreError> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = ids.iter().copied().map(AsText).collect();
    let given: Vec<_> = given.iter().copied().map(AsText).collect();
    let was_given = own_assignments::practice_id
        .eq(own_exercise_versions::practice_id)
        .and(own_assignments::own_exercise_id.eq(own_exercise_versions::own_exercise_id))
        .and(own_assignments::number.eq(own_exercise_versions::number))
        .and(own_assignments::assignment_id.eq_any(&given));
    let rows: Vec<VersionRow> = own_exercise_versions::table
        .filter(own_exercise_versions::practice_id.eq(AsText(view.caller().practice)))
        .filter(own_exercise_versions::own_exercise_id.eq_any(&ids))
        .filter(exists(own_exercises::table.filter(is_latest())).or(exists(own_assignments::table.filter(was_given))))
        .select(VersionRow::as_select())
        .load(view.conn())?;
    rows.into_iter().map(|row| row.version(view)).collect()
}

/// A version of an exercise that exists for the caller: for a partner one that was assigned to them.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none for this caller.
pub fn find_version(view: &mut View<'_>, id: OwnExerciseId, number: u16) -> Result<OwnExerciseVersion, StoreError> {
    if let Some(client) = view.caller().client()
        && !was_given_to(view, client, id, number)?
    {
        return Err(StoreError::NotFound);
    }
    versions::find(view, id, number.into())
}

/// Whether a client takes part in an assignment of this version, in a couple within their reach.
fn was_given_to(view: &mut View<'_>, client: ClientId, id: OwnExerciseId, number: u16) -> Result<bool, StoreError> {
    let caller = view.caller();
    let theirs = partners::practice_id
        .eq(standings::practice_id)
        .and(partners::id.eq(standings::partner_id))
        .and(partners::client_id.eq(AsText(client)));
    let takes_part = standings::practice_id
        .eq(own_assignments::practice_id)
        .and(standings::assignment_id.eq(own_assignments::assignment_id))
        .and(exists(partners::table.filter(theirs)));
    let given: Option<AsText<AssignmentId>> = own_assignments::table
        .filter(own_assignments::practice_id.eq(AsText(caller.practice)))
        .filter(own_assignments::own_exercise_id.eq(AsText(id)).and(own_assignments::number.eq(i32::from(number))))
        .filter(exists(standings::table.filter(takes_part)))
        .filter(couples::within_reach!(own_assignments, couple_id, caller))
        .select(own_assignments::assignment_id)
        .first(view.conn())
        .optional()?;
    Ok(given.is_some())
}

/// The form that the entries of an assignment are checked against, if its exercise is the practice's own: that of the version it
/// was given in.
///
/// # Errors
/// If the database fails.
pub fn form_of(view: &mut View<'_>, assignment: &Assignment) -> Result<Option<OwnForm>, StoreError> {
    let Some(own) = assignment.own else { return Ok(None) };
    let version = versions::find(view, own.id, assignment.exercise_version.into())?;
    Ok(Some(version.definition.form))
}

/// The forms that these entries answer, by assignment: as far as their exercises are the practice's own.
pub(crate) fn forms_of(
    view: &mut View<'_>,
    entries: &[Entry],
) -> Result<BTreeMap<AssignmentId, AssignedForm>, StoreError> {
    let own = entries.iter().filter(|entry| entry.exercise == Slug::Own);
    let assignments: BTreeSet<_> = own.map(|entry| entry.assignment).collect();
    if assignments.is_empty() {
        return Ok(BTreeMap::new());
    }
    let given = own_exercise_versions::practice_id
        .eq(own_assignments::practice_id)
        .and(own_exercise_versions::own_exercise_id.eq(own_assignments::own_exercise_id))
        .and(own_exercise_versions::number.eq(own_assignments::number));
    let rows: Vec<(AsText<AssignmentId>, VersionRow)> = own_assignments::table
        .inner_join(own_exercise_versions::table.on(given))
        .filter(own_assignments::practice_id.eq(AsText(view.caller().practice)))
        .filter(own_assignments::assignment_id.eq_any(assignments.into_iter().map(AsText)))
        .select((own_assignments::assignment_id, VersionRow::as_select()))
        .load(view.conn())?;
    let opened = |(AsText(assignment), version): (AsText<AssignmentId>, VersionRow)| {
        let OwnExerciseVersion { exercise, definition, .. } = version.version(view)?;
        Ok((assignment, AssignedForm { exercise, form: definition.form }))
    };
    rows.into_iter().map(opened).collect()
}

/// The practice's own exercises, archived ones included, each in its latest version, in the order in which they were made.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, page: Page) -> Result<Slice<OwnExercise>, StoreError> {
    let query = own_exercises::table
        .inner_join(own_exercise_versions::table.on(is_latest()))
        .filter(own_exercises::practice_id.eq(AsText(view.caller().practice)))
        .order((own_exercises::created_at, own_exercises::id))
        .limit(page.limit + 1)
        .select((Row::as_select(), VersionRow::as_select()))
        .into_boxed();
    let rows: Vec<(Row, VersionRow)> =
        after!(query, page, own_exercises::created_at, own_exercises::id).load(view.conn())?;
    Ok(Slice::of(opened(view, rows)?, page.limit))
}

fn opened(view: &mut View<'_>, rows: Vec<(Row, VersionRow)>) -> Result<Vec<OwnExercise>, StoreError> {
    rows.into_iter().map(|(row, latest)| Ok(row.exercise(latest.version(view)?))).collect()
}

/// Keeps a new exercise and its first version.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, exercise: &OwnExercise) -> Result<(), StoreError> {
    let row = Row::of(tx, exercise);
    diesel::insert_into(own_exercises::table).values(row).execute(tx.conn())?;
    versions::insert(tx, &exercise.latest)
}

/// Keeps an exercise that was archived or brought back.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, exercise: &OwnExercise) -> Result<(), StoreError> {
    let row = Row::of(tx, exercise);
    diesel::update(own_exercises::table.find((row.practice_id, row.id))).set(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps a new version of an exercise.
///
/// # Errors
/// If the database fails, or there is a version of this number.
pub fn revise(tx: &mut Tx<'_>, exercise: &OwnExercise) -> Result<(), StoreError> {
    versions::insert(tx, &exercise.latest)?;
    update(tx, exercise)
}

/// Notes which version a new assignment was given in, if its exercise is the practice's own.
pub(crate) fn keep_assigned(tx: &mut Tx<'_>, assignment: &Assignment) -> Result<(), StoreError> {
    let Some(own) = assignment.own else { return Ok(()) };
    let row = AssignedRow {
        practice_id: AsText(tx.caller().practice),
        assignment_id: AsText(assignment.id),
        couple_id: AsText(assignment.couple),
        own_exercise_id: AsText(own.id),
        number: assignment.exercise_version.into(),
    };
    diesel::insert_into(own_assignments::table).values(row).execute(tx.conn())?;
    Ok(())
}
