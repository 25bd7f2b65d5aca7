//! Assignments, and where each participant stands.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::{dsl::exists, prelude::*};
use domain::{
    assignment::{
        Assignment, Begun, Cadence, Ended, Ending, Override, OwnGiven, Paused, Standing, StandingStatus, exists_for,
    },
    confidential::Confidential,
    couple::Couple,
    exercises::{Mode, Slug},
    ids::{AssignmentId, BreachId, CoupleId, PartnerId, PracticeId, StaffId},
    visibility::{Reader, Visibility},
};
use serde::{Deserialize, Serialize};

use crate::{
    Page, Slice, StoreError, Tx, View,
    columns::AsText,
    couples, own_exercises,
    page::after,
    schema::{assignments, standings},
    seal::Place,
};

/// The most assignments that are looked at for what has begun, those that were given first.
const BEGUN: i64 = 500;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = assignments, treat_none_as_null = true)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<AssignmentId>,
    couple_id: AsText<CoupleId>,
    exercise: AsText<Slug>,
    breach_id: Option<AsText<BreachId>>,
    assigned_by_id: AsText<StaffId>,
    assigned_at: NaiveDateTime,
    ended_at: Option<NaiveDateTime>,
    sealed: Vec<u8>,
    version: i64,
    /// A copy of what is sealed, for counting; none in rows that are older than the column.
    ended_how: Option<AsText<Ending>>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    exercise_version: u16,
    #[serde(default)]
    own: Option<OwnGiven>,
    mode: Mode,
    cadence: Cadence,
    starts_on: NaiveDate,
    due_on: Option<NaiveDate>,
    #[serde(default)]
    reminders_until: Option<NaiveDate>,
    instructions: Option<Confidential>,
    visibility: Option<Visibility>,
    policy_override: Option<Override>,
    safety_override: Option<Override>,
    #[serde(default)]
    order_override: Option<Override>,
    #[serde(default)]
    paused: Option<Paused>,
    #[serde(default)]
    resumed_at: Option<DateTime<Utc>>,
    ended: Option<Ended>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = standings)]
struct StandingRow {
    practice_id: AsText<PracticeId>,
    assignment_id: AsText<AssignmentId>,
    partner_id: AsText<PartnerId>,
    status: AsText<StandingStatus>,
    changed_at: NaiveDateTime,
    position: i32,
    /// None in rows that are older than the column.
    answered_on: Option<NaiveDate>,
}

impl Row {
    fn of(view: &mut View<'_>, assignment: &Assignment) -> Result<Self, StoreError> {
        let whole = assignment.clone();
        let sealed = Sealed {
            exercise_version: whole.exercise_version,
            own: whole.own,
            mode: whole.mode,
            cadence: whole.cadence,
            starts_on: whole.starts_on,
            due_on: whole.due_on,
            reminders_until: whole.reminders_until,
            instructions: whole.instructions,
            visibility: whole.visibility,
            policy_override: whole.policy_override,
            safety_override: whole.safety_override,
            order_override: whole.order_override,
            paused: whole.paused,
            resumed_at: whole.resumed_at,
            ended: whole.ended,
        };
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(assignment.id),
            couple_id: AsText(assignment.couple),
            exercise: AsText(assignment.exercise),
            breach_id: assignment.breach.map(AsText),
            assigned_by_id: AsText(assignment.assigned_by),
            assigned_at: assignment.assigned_at.naive_utc(),
            ended_at: assignment.ended.map(|ended| ended.at.naive_utc()),
            sealed: view.seal(place(assignment.id), &sealed)?,
            version: assignment.version,
            ended_how: assignment.ended.map(|ended| AsText(ended.how)),
        })
    }

    fn assignment(self, view: &mut View<'_>, standings: Vec<Standing>) -> Result<Assignment, StoreError> {
        let sealed: Sealed = view.open(place(self.id.0), &self.sealed)?;
        Ok(Assignment {
            id: self.id.0,
            couple: self.couple_id.0,
            exercise: self.exercise.0,
            exercise_version: sealed.exercise_version,
            own: sealed.own,
            mode: sealed.mode,
            cadence: sealed.cadence,
            starts_on: sealed.starts_on,
            due_on: sealed.due_on,
            reminders_until: sealed.reminders_until,
            instructions: sealed.instructions,
            breach: self.breach_id.map(|AsText(id)| id),
            visibility: sealed.visibility,
            policy_override: sealed.policy_override,
            safety_override: sealed.safety_override,
            order_override: sealed.order_override,
            paused: sealed.paused,
            resumed_at: sealed.resumed_at,
            assigned_by: self.assigned_by_id.0,
            assigned_at: self.assigned_at.and_utc(),
            ended: sealed.ended,
            standings,
            version: self.version,
        })
    }
}

fn place(id: AssignmentId) -> Place {
    Place { column: "assignments.sealed", row: id.0 }
}

/// An assignment that exists for the caller, with its couple: for a partner one they take part in.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none for this caller.
pub fn find(view: &mut View<'_>, id: AssignmentId) -> Result<(Assignment, Couple), StoreError> {
    let (assignment, couple) = find_within_reach(view, id)?;
    if assignment.exists_for(couples::reader(view, &couple)?, &couple) {
        Ok((assignment, couple))
    } else {
        Err(StoreError::NotFound)
    }
}

/// An assignment of a couple within the caller's reach, for what was shared from it: an entry may be shared with a partner who
/// takes no part in its assignment.
pub(crate) fn find_within_reach(view: &mut View<'_>, id: AssignmentId) -> Result<(Assignment, Couple), StoreError> {
    let practice = AsText(view.caller().practice);
    let row: Row = assignments::table.find((practice, AsText(id))).select(Row::as_select()).first(view.conn())?;
    let couple = couples::find(view, row.couple_id.0)?;
    let standings = standings_of(view, &[row.id])?.remove(&id).unwrap_or_default();
    Ok((row.assignment(view, standings)?, couple))
}

/// What was assigned to a couple and exists for the caller, in the order in which it was.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, couple: &Couple, page: Page) -> Result<Slice<Assignment>, StoreError> {
    let reader = couples::reader(view, couple)?;
    Slice::filled(
        page,
        |page| batch(view, couple.id, page),
        |assignment| (assignment.assigned_at, assignment.id.0),
        |assignment| assignment.exists_for(reader, couple),
    )
}

/// Everything that was assigned to a couple and had not ended before an instant: what progress is made of. What begins when is sealed,
/// and an assignment may begin before the day on which it was given. Nothing is left out for anybody here;
/// `domain::progress::Audience` does that.
///
/// # Errors
/// If the database fails.
pub fn list_open_since(
    view: &mut View<'_>,
    couple: CoupleId,
    from: DateTime<Utc>,
) -> Result<Vec<Assignment>, StoreError> {
    let rows: Vec<Row> = assignments::table
        .filter(assignments::practice_id.eq(AsText(view.caller().practice)))
        .filter(assignments::couple_id.eq(AsText(couple)))
        .filter(assignments::ended_at.is_null().or(assignments::ended_at.ge(from.naive_utc())))
        .order((assignments::assigned_at, assignments::id))
        .select(Row::as_select())
        .load(view.conn())?;
    opened(view, rows)
}

/// These assignments, in no order: what runs of programs are worked out from. Nothing is left out for anybody here;
/// `domain::program::ProgramRun::shown_to` does that.
///
/// # Errors
/// If the database fails.
pub(crate) fn find_all(view: &mut View<'_>, ids: &[AssignmentId]) -> Result<Vec<Assignment>, StoreError> {
    let ids: Vec<_> = ids.iter().copied().map(AsText).collect();
    let rows: Vec<Row> = assignments::table
        .filter(assignments::practice_id.eq(AsText(view.caller().practice)).and(assignments::id.eq_any(&ids)))
        .select(Row::as_select())
        .load(view.conn())?;
    opened(view, rows)
}

/// What was assigned to some couples and has not ended, in the order in which it was.
pub(crate) fn list_open(view: &mut View<'_>, couples: &[AsText<CoupleId>]) -> Result<Vec<Assignment>, StoreError> {
    let rows = open_rows(view, couples, None)?;
    opened(view, rows)
}

fn open_rows(view: &mut View<'_>, of: &[AsText<CoupleId>], exercise: Option<Slug>) -> Result<Vec<Row>, StoreError> {
    let mut query = assignments::table
        .filter(assignments::practice_id.eq(AsText(view.caller().practice)))
        .filter(assignments::couple_id.eq_any(of).and(assignments::ended_at.is_null()))
        .order((assignments::assigned_at, assignments::id))
        .select(Row::as_select())
        .into_boxed();
    if let Some(exercise) = exercise {
        query = query.filter(assignments::exercise.eq(AsText(exercise)));
    }
    Ok(query.load(view.conn())?)
}

/// What was assigned to a couple of one exercise and has not ended. Nothing is left out for anybody here: what one of them does may be
/// work on it, whoever asks.
///
/// # Errors
/// If the database fails.
pub fn list_open_of(view: &mut View<'_>, couple: CoupleId, exercise: Slug) -> Result<Vec<Assignment>, StoreError> {
    let rows = open_rows(view, &[AsText(couple)], Some(exercise))?;
    opened(view, rows)
}

/// Which of these exercises a couple was given, and from which day on; what was taken back is left out. They are read at once, whoever
/// takes part in them.
///
/// # Errors
/// If the database fails.
pub fn begun(view: &mut View<'_>, couple: CoupleId, exercises: &[Slug]) -> Result<Vec<Begun>, StoreError> {
    if exercises.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<_> = exercises.iter().copied().map(AsText).collect();
    let rows: Vec<Row> = assignments::table
        .filter(assignments::practice_id.eq(AsText(view.caller().practice)))
        .filter(assignments::couple_id.eq(AsText(couple)).and(assignments::exercise.eq_any(wanted)))
        .order((assignments::assigned_at, assignments::id))
        .limit(BEGUN)
        .select(Row::as_select())
        .load(view.conn())?;
    let begun = |row: Row| {
        let sealed: Sealed = view.open(place(row.id.0), &row.sealed)?;
        let is_taken_back = sealed.ended.is_some_and(|ended| ended.how == Ending::Cancelled);
        Ok((!is_taken_back).then_some(Begun { exercise: row.exercise.0, on: sealed.starts_on }))
    };
    rows.into_iter().map(begun).filter_map(Result::transpose).collect()
}

fn batch(view: &mut View<'_>, couple: CoupleId, page: Page) -> Result<Vec<Assignment>, StoreError> {
    let caller = view.caller();
    let mut query = assignments::table
        .filter(assignments::practice_id.eq(AsText(caller.practice)))
        .filter(assignments::couple_id.eq(AsText(couple)))
        .order((assignments::assigned_at, assignments::id))
        .limit(page.limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(client) = caller.client() {
        let theirs = standings::practice_id
            .eq(assignments::practice_id)
            .and(standings::assignment_id.eq(assignments::id))
            .and(standings::partner_id.eq_any(couples::memberships_of!(client, caller)));
        query = query.filter(exists(standings::table.filter(theirs)));
    }
    let rows: Vec<Row> = after!(query, page, assignments::assigned_at, assignments::id).load(view.conn())?;
    opened(view, rows)
}

fn opened(view: &mut View<'_>, rows: Vec<Row>) -> Result<Vec<Assignment>, StoreError> {
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut standings = standings_of(view, &ids)?;
    let with_standings = |row: Row| {
        let standings = standings.remove(&row.id.0).unwrap_or_default();
        row.assignment(view, standings)
    };
    rows.into_iter().map(with_standings).collect()
}

fn standings_of(
    view: &mut View<'_>,
    ids: &[AsText<AssignmentId>],
) -> Result<HashMap<AssignmentId, Vec<Standing>>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<StandingRow> = standings::table
        .filter(standings::practice_id.eq(AsText(view.caller().practice)))
        .filter(standings::assignment_id.eq_any(ids))
        .order((standings::assignment_id, standings::position))
        .select(StandingRow::as_select())
        .load(view.conn())?;
    let mut standings: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        let standing = Standing {
            partner: row.partner_id.0,
            status: row.status.0,
            changed_at: row.changed_at.and_utc(),
            answered_on: row.answered_on,
        };
        standings.entry(row.assignment_id.0).or_default().push(standing);
    }
    Ok(standings)
}

/// Those of some assignments of a couple that exist for a reader.
pub(crate) fn existing_for(
    view: &mut View<'_>,
    couple: &Couple,
    reader: Reader,
    ids: &HashSet<AssignmentId>,
) -> Result<HashSet<AssignmentId>, StoreError> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let ids: Vec<_> = ids.iter().copied().map(AsText).collect();
    let mut found = standings_of(view, &ids)?;
    found.retain(|_, standings| exists_for(standings, reader, couple));
    Ok(found.into_keys().collect())
}

/// Keeps a new assignment.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, assignment: &Assignment) -> Result<(), StoreError> {
    let row = Row::of(tx, assignment)?;
    diesel::insert_into(assignments::table).values(row).execute(tx.conn())?;
    own_exercises::keep_assigned(tx, assignment)?;
    keep_standings(tx, assignment)
}

/// Keeps a changed assignment.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, assignment: &Assignment) -> Result<(), StoreError> {
    let row = Row::of(tx, assignment)?;
    let (practice, id) = (row.practice_id, row.id);
    diesel::update(assignments::table.find((practice, id))).set(row).execute(tx.conn())?;
    let of_this = standings::practice_id.eq(practice).and(standings::assignment_id.eq(id));
    diesel::delete(standings::table.filter(of_this)).execute(tx.conn())?;
    keep_standings(tx, assignment)
}

fn keep_standings(tx: &mut Tx<'_>, assignment: &Assignment) -> Result<(), StoreError> {
    for (position, standing) in (0..).zip(&assignment.standings) {
        let row = StandingRow {
            practice_id: AsText(tx.caller().practice),
            assignment_id: AsText(assignment.id),
            partner_id: AsText(standing.partner),
            status: AsText(standing.status),
            changed_at: standing.changed_at.naive_utc(),
            position,
            answered_on: standing.answered_on,
        };
        diesel::insert_into(standings::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}
