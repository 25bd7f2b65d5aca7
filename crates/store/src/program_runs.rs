//! The couples' runs of programs, and which assignments came of them.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use diesel::{dsl::min, prelude::*};
use domain::{
    confidential::Confidential,
    couple::Couple,
    ids::{AssignmentId, BreachId, ClientId, CoupleId, PartnerId, PracticeId, ProgramId, ProgramRunId, StaffId},
    program::{FoundRun, ProgramRun, RunStatus, RunStep, SHIPPED},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Page, Slice, StoreError, Tx, View, assignments,
    columns::AsText,
    couples, own_exercises,
    page::after,
    schema::{assignments as given, program_run_assignments as links, program_runs, standings},
    seal::Place,
};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = program_runs, treat_none_as_null = true)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<ProgramRunId>,
    couple_id: AsText<CoupleId>,
    program_id: Option<AsText<ProgramId>>,
    status: AsText<RunStatus>,
    started_by_id: AsText<StaffId>,
    started_at: NaiveDateTime,
    sealed: Vec<u8>,
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    program_version: i64,
    name: Confidential,
    breach: Option<BreachId>,
    #[serde(default)]
    order_override: Option<Confidential>,
    steps: Vec<RunStep>,
    started_on: NaiveDate,
    wakes_on: Option<NaiveDate>,
}

#[derive(Insertable)]
#[diesel(table_name = links)]
struct LinkRow {
    practice_id: AsText<PracticeId>,
    assignment_id: AsText<AssignmentId>,
    run_id: AsText<ProgramRunId>,
}

impl Row {
    fn of(view: &mut View<'_>, run: &ProgramRun) -> Result<Self, StoreError> {
        let ProgramRun { program_version, name, breach, order_override, steps, started_on, wakes_on, .. } = run.clone();
        let sealed = Sealed { program_version, name, breach, order_override, steps, started_on, wakes_on };
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(run.id),
            couple_id: AsText(run.couple),
            program_id: Some(run.program).filter(|program| *program != SHIPPED).map(AsText),
            status: AsText(run.status),
            started_by_id: AsText(run.started_by),
            started_at: run.started_at.naive_utc(),
            sealed: view.seal(place(run.id), &sealed)?,
            version: run.version,
        })
    }

    fn run(self, view: &mut View<'_>) -> Result<ProgramRun, StoreError> {
        let sealed: Sealed = view.open(place(self.id.0), &self.sealed)?;
        Ok(ProgramRun {
            id: self.id.0,
            couple: self.couple_id.0,
            program: self.program_id.map_or(SHIPPED, |AsText(id)| id),
            program_version: sealed.program_version,
            name: sealed.name,
            breach: sealed.breach,
            order_override: sealed.order_override,
            steps: sealed.steps,
            status: self.status.0,
            started_by: self.started_by_id.0,
            started_at: self.started_at.and_utc(),
            started_on: sealed.started_on,
            wakes_on: sealed.wakes_on,
            version: self.version,
        })
    }
}

fn place(id: ProgramRunId) -> Place {
    Place { column: "program_runs.sealed", row: id.0 }
}

/// A run that exists for the caller, with its couple: for a partner one of which something has gone out to them.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none for this caller.
pub fn find(view: &mut View<'_>, id: ProgramRunId) -> Result<(FoundRun, Couple), StoreError> {
    let practice = AsText(view.caller().practice);
    let row: Row = program_runs::table.find((practice, AsText(id))).select(Row::as_select()).first(view.conn())?;
    let couple = couples::find(view, row.couple_id.0)?;
    let found = with_assignments(view, vec![row])?.pop().ok_or(StoreError::NotFound)?;
    if exists_for(view.caller().client(), &found, &couple) { Ok((found, couple)) } else { Err(StoreError::NotFound) }
}

/// The run that an assignment came of, if it came of one.
///
/// # Errors
/// If the database fails.
pub fn find_of_assignment(view: &mut View<'_>, id: AssignmentId) -> Result<Option<ProgramRunId>, StoreError> {
    let key = (AsText(view.caller().practice), AsText(id));
    let run: Option<AsText<ProgramRunId>> =
        links::table.find(key).select(links::run_id).first(view.conn()).optional()?;
    Ok(run.map(|AsText(id)| id))
}

/// The runs of a couple that exist for the caller, in the order in which they began for them: where a run stands in a partner's list does
/// not tell how long it had gone on without them.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, couple: &Couple, page: Page) -> Result<Slice<FoundRun>, StoreError> {
    let client = view.caller().client();
    let partner = client.and_then(|client| couple.partner_of(client)).map(|own| own.id);
    Slice::filled(
        page,
        |page| match partner {
            Some(partner) => gone_out_to(view, couple, partner, page),
            None => started(view, couple.id, page),
        },
        |found| found.place_for(client, couple),
        |found| exists_for(client, found, couple),
    )
}

/// Those of which something went out to a partner, in the order in which it first did.
fn gone_out_to(
    view: &mut View<'_>,
    couple: &Couple,
    partner: PartnerId,
    page: Page,
) -> Result<Vec<FoundRun>, StoreError> {
    let practice = AsText(view.caller().practice);
    let own = couple.partners.iter().filter(|member| couple.same_person(member.id, partner));
    let own: Vec<_> = own.map(|member| AsText(member.id)).collect();
    let (after, last) = page.after.unwrap_or((DateTime::UNIX_EPOCH, Uuid::nil()));
    let (after, since) = (after.naive_utc(), min(given::assigned_at));
    let is_theirs = standings::assignment_id.eq(links::assignment_id).and(standings::partner_id.eq_any(own));
    let ids: Vec<AsText<ProgramRunId>> = links::table
        .inner_join(given::table.on(given::id.eq(links::assignment_id)))
        .inner_join(standings::table.on(is_theirs))
        .filter(links::practice_id.eq(practice).and(standings::practice_id.eq(practice)))
        .filter(given::practice_id.eq(practice).and(given::couple_id.eq(AsText(couple.id))))
        .group_by(links::run_id)
        .having(since.gt(after).or(since.eq(after).and(links::run_id.gt(AsText(last)))))
        .order((since, links::run_id))
        .limit(page.limit)
        .select(links::run_id)
        .load(view.conn())?;
    let rows: Vec<Row> = program_runs::table
        .filter(program_runs::practice_id.eq(practice).and(program_runs::id.eq_any(&ids)))
        .select(Row::as_select())
        .load(view.conn())?;
    let mut runs = with_assignments(view, rows)?;
    runs.sort_by_key(|found| ids.iter().position(|id| id.0 == found.run.id));
    Ok(runs)
}

fn started(view: &mut View<'_>, couple: CoupleId, page: Page) -> Result<Vec<FoundRun>, StoreError> {
    let query = program_runs::table
        .filter(program_runs::practice_id.eq(AsText(view.caller().practice)))
        .filter(program_runs::couple_id.eq(AsText(couple)))
        .order((program_runs::started_at, program_runs::id))
        .limit(page.limit)
        .select(Row::as_select())
        .into_boxed();
    let rows: Vec<Row> = after!(query, page, program_runs::started_at, program_runs::id).load(view.conn())?;
    with_assignments(view, rows)
}

/// The runs of some couples that are not over, in the order in which they were started. Nothing is left out for anybody here.
///
/// # Errors
/// If the database fails.
pub fn list_open(view: &mut View<'_>, couples: &[CoupleId]) -> Result<Vec<FoundRun>, StoreError> {
    let of: Vec<_> = couples.iter().copied().map(AsText).collect();
    let open = [RunStatus::Active, RunStatus::Paused].map(AsText);
    let rows = program_runs::table
        .filter(program_runs::practice_id.eq(AsText(view.caller().practice)))
        .filter(program_runs::couple_id.eq_any(of).and(program_runs::status.eq_any(open)))
        .order((program_runs::started_at, program_runs::id))
        .select(Row::as_select())
        .load(view.conn())?;
    with_assignments(view, rows)
}

/// The assignments of all the runs are read at once, and so are the practice's own exercises.
fn with_assignments(view: &mut View<'_>, rows: Vec<Row>) -> Result<Vec<FoundRun>, StoreError> {
    let runs = rows.into_iter().map(|row| row.run(view)).collect::<Result<Vec<_>, _>>()?;
    let ids: Vec<_> = runs.iter().flat_map(ProgramRun::assignments).collect();
    let given = assignments::find_all(view, &ids)?;
    let named: Vec<_> = runs.iter().flat_map(ProgramRun::own_exercises).collect();
    let versions = own_exercises::versions_of(view, &named, &ids)?;
    let found = |run: ProgramRun| {
        let (its, named): (Vec<_>, Vec<_>) = (run.assignments().collect(), run.own_exercises().collect());
        let given = given.iter().filter(|given| its.contains(&given.id)).cloned().collect();
        let own = versions.iter().filter(|version| named.contains(&version.exercise)).cloned().collect();
        FoundRun { run, given, own }
    };
    Ok(runs.into_iter().map(found).collect())
}

/// Whether a run exists for a client; `None` is staff, or Tenfold itself.
fn exists_for(client: Option<ClientId>, found: &FoundRun, couple: &Couple) -> bool {
    let Some(client) = client else { return true };
    let shown = couple.partner_of(client).and_then(|own| found.run.shown_to(own.id, couple, &found.given));
    shown.is_some()
}

/// Keeps a new run.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, run: &ProgramRun) -> Result<(), StoreError> {
    let row = Row::of(tx, run)?;
    diesel::insert_into(program_runs::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps a changed run.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, run: &ProgramRun) -> Result<(), StoreError> {
    let row = Row::of(tx, run)?;
    diesel::update(program_runs::table.find((row.practice_id, row.id))).set(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps that an assignment came of a run.
///
/// # Errors
/// If the database fails, or it came of one before.
pub fn link(tx: &mut Tx<'_>, run: &ProgramRun, assignment: AssignmentId) -> Result<(), StoreError> {
    let practice_id = AsText(tx.caller().practice);
    let row = LinkRow { practice_id, assignment_id: AsText(assignment), run_id: AsText(run.id) };
    diesel::insert_into(links::table).values(row).execute(tx.conn())?;
    Ok(())
}
