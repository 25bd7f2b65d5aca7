//! The ledger of promises, and what was said of each day one was due.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::{
    confidential::Confidential,
    couple::Couple,
    exercises::Slug,
    ids::{AssignmentId, CoupleId, EntryId, PartnerId, PracticeId, PromiseId, StaffId},
    promise::{Claim, ClaimWord, Confirmation, ConfirmationWord, Outcome, Promise, PromiseStatus, Schedule},
    recorded_by::RecordedBy,
    visibility::{Reader, may_see_given},
};
use serde::{Deserialize, Serialize};

use crate::{
    Page, Slice, StoreError, Tx, View,
    columns::AsText,
    couples,
    page::after,
    schema::{promise_outcomes, promises},
    seal::Place,
};

mod ledger;

pub use ledger::{Ledger, list_between};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = promises, treat_none_as_null = true)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<PromiseId>,
    couple_id: AsText<CoupleId>,
    maker_id: AsText<PartnerId>,
    to_id: AsText<PartnerId>,
    assignment_id: Option<AsText<AssignmentId>>,
    starts_on: NaiveDate,
    until_on: Option<NaiveDate>,
    status: AsText<PromiseStatus>,
    sealed: Vec<u8>,
    created_at: NaiveDateTime,
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    what: Confidential,
    schedule: Schedule,
    origin: Option<Slug>,
    /// Absent from what was kept before there was one.
    #[serde(default)]
    entry: Option<EntryId>,
    recorded_by: RecordedBy,
}

impl Row {
    fn of(view: &mut View<'_>, promise: &Promise) -> Result<Self, StoreError> {
        let Promise { what, schedule, origin, entry, recorded_by, .. } = promise.clone();
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(promise.id),
            couple_id: AsText(promise.couple),
            maker_id: AsText(promise.maker),
            to_id: AsText(promise.to),
            assignment_id: promise.assignment.map(AsText),
            starts_on: promise.starts_on,
            until_on: promise.until,
            status: AsText(promise.status),
            sealed: view.seal(place(promise.id), &Sealed { what, schedule, origin, entry, recorded_by })?,
            created_at: promise.created_at.naive_utc(),
            version: promise.version,
        })
    }

    fn promise(self, view: &mut View<'_>) -> Result<Promise, StoreError> {
        let sealed: Sealed = view.open(place(self.id.0), &self.sealed)?;
        Ok(Promise {
            id: self.id.0,
            couple: self.couple_id.0,
            maker: self.maker_id.0,
            to: self.to_id.0,
            what: sealed.what,
            schedule: sealed.schedule,
            starts_on: self.starts_on,
            until: self.until_on,
            origin: sealed.origin,
            assignment: self.assignment_id.map(|AsText(id)| id),
            entry: sealed.entry,
            status: self.status.0,
            recorded_by: sealed.recorded_by,
            created_at: self.created_at.and_utc(),
            version: self.version,
        })
    }
}

fn place(id: PromiseId) -> Place {
    Place { column: "promises.sealed", row: id.0 }
}

/// A promise that exists for the caller, with its couple: for a partner one they made, or one that was made to them.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none for this caller.
pub fn find(view: &mut View<'_>, id: PromiseId) -> Result<(Promise, Couple), StoreError> {
    let practice = AsText(view.caller().practice);
    let row: Row = promises::table.find((practice, AsText(id))).select(Row::as_select()).first(view.conn())?;
    let couple = couples::find(view, row.couple_id.0)?;
    let promise = row.promise(view)?;
    let (reader, today) = (couples::reader(view, &couple)?, couple.today(view.now()));
    if may_see_given(reader, &couple, promise.maker, promise.to, today) {
        Ok((promise, couple))
    } else {
        Err(StoreError::NotFound)
    }
}

/// Those of some promises of a couple that exist for each of these readers.
///
/// # Errors
/// If the database fails.
pub(crate) fn find_for(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    ids: &[PromiseId],
) -> Result<Vec<Promise>, StoreError> {
    if ids.is_empty() || readers.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = ids.iter().copied().map(AsText).collect();
    let rows: Vec<Row> = promises::table
        .filter(promises::practice_id.eq(AsText(view.caller().practice)).and(promises::id.eq_any(&ids)))
        .filter(promises::couple_id.eq(AsText(couple.id)))
        .select(Row::as_select())
        .load(view.conn())?;
    let today = couple.today(view.now());
    let mut found = rows.into_iter().map(|row| row.promise(view)).collect::<Result<Vec<_>, _>>()?;
    let sees = |promise: &Promise, reader: &Reader| may_see_given(*reader, couple, promise.maker, promise.to, today);
    found.retain(|promise| readers.iter().all(|reader| sees(promise, reader)));
    Ok(found)
}

/// The promises of a couple that exist for the caller, perhaps of one status, in the order in which they were made.
///
/// # Errors
/// If the database fails.
pub fn list(
    view: &mut View<'_>,
    couple: &Couple,
    status: Option<PromiseStatus>,
    page: Page,
) -> Result<Slice<Promise>, StoreError> {
    let (reader, today) = (couples::reader(view, couple)?, couple.today(view.now()));
    Slice::filled(
        page,
        |page| batch(view, couple.id, status, page),
        |promise| (promise.created_at, promise.id.0),
        |promise| may_see_given(reader, couple, promise.maker, promise.to, today),
    )
}

fn batch(
    view: &mut View<'_>,
    couple: CoupleId,
    status: Option<PromiseStatus>,
    page: Page,
) -> Result<Vec<Promise>, StoreError> {
    let mut query = promises::table
        .filter(promises::practice_id.eq(AsText(view.caller().practice)))
        .filter(promises::couple_id.eq(AsText(couple)))
        .order((promises::created_at, promises::id))
        .limit(page.limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(status) = status {
        query = query.filter(promises::status.eq(AsText(status)));
    }
    let rows: Vec<Row> = after!(query, page, promises::created_at, promises::id).load(view.conn())?;
    rows.into_iter().map(|row| row.promise(view)).collect()
}

/// What was disputed of a couple's promises since an instant, oldest first, up to a limit.
pub(crate) fn list_disputed(
    view: &mut View<'_>,
    couple: CoupleId,
    since: Option<DateTime<Utc>>,
    limit: i64,
) -> Result<Vec<(Promise, Outcome)>, StoreError> {
    let practice = AsText(view.caller().practice);
    let mut query = promise_outcomes::table
        .filter(promise_outcomes::practice_id.eq(practice).and(promise_outcomes::couple_id.eq(AsText(couple))))
        .filter(promise_outcomes::confirmation.eq(AsText(ConfirmationWord::Disputed)))
        .order((promise_outcomes::confirmed_at, promise_outcomes::promise_id, promise_outcomes::due_on))
        .limit(limit)
        .select(OutcomeRow::as_select())
        .into_boxed();
    if let Some(since) = since {
        query = query.filter(promise_outcomes::confirmed_at.gt(since.naive_utc()));
    }
    let disputed: Vec<OutcomeRow> = query.load(view.conn())?;
    let ids: Vec<_> = disputed.iter().map(|row| row.promise_id).collect();
    let rows: Vec<Row> = promises::table
        .filter(promises::practice_id.eq(practice).and(promises::id.eq_any(ids)))
        .select(Row::as_select())
        .load(view.conn())?;
    let found = rows.into_iter().map(|row| Ok((row.id.0, row.promise(view)?)));
    let found: HashMap<_, _> = found.collect::<Result<_, StoreError>>()?;
    let with_promise = |row: OutcomeRow| {
        let promise = found.get(&row.promise_id.0).cloned()?;
        let people = (promise.maker, promise.to);
        Some(row.outcome(people).map(|outcome| (promise, outcome)))
    };
    disputed.into_iter().filter_map(with_promise).collect()
}

/// Keeps a new promise.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, promise: &Promise) -> Result<(), StoreError> {
    let row = Row::of(tx, promise)?;
    diesel::insert_into(promises::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps a changed promise.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, promise: &Promise) -> Result<(), StoreError> {
    let row = Row::of(tx, promise)?;
    diesel::update(promises::table.find((row.practice_id, row.id))).set(row).execute(tx.conn())?;
    Ok(())
}

/// Without a staff member the word is the partner's own: the maker's claim, the other's confirmation.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = promise_outcomes, treat_none_as_null = true)]
struct OutcomeRow {
    practice_id: AsText<PracticeId>,
    promise_id: AsText<PromiseId>,
    due_on: NaiveDate,
    couple_id: AsText<CoupleId>,
    claim: AsText<ClaimWord>,
    claimed_at: NaiveDateTime,
    claimed_by_staff_id: Option<AsText<StaffId>>,
    confirmation: Option<AsText<ConfirmationWord>>,
    confirmed_at: Option<NaiveDateTime>,
    confirmed_by_staff_id: Option<AsText<StaffId>>,
    version: i64,
}

impl OutcomeRow {
    fn of(practice: PracticeId, outcome: &Outcome) -> Self {
        let confirmation = outcome.confirmation;
        Self {
            practice_id: AsText(practice),
            promise_id: AsText(outcome.promise),
            due_on: outcome.due_on,
            couple_id: AsText(outcome.couple),
            claim: AsText(outcome.claim.word),
            claimed_at: outcome.claim.at.naive_utc(),
            claimed_by_staff_id: outcome.claim.recorded_by.staff().map(AsText),
            confirmation: confirmation.map(|said| AsText(said.word)),
            confirmed_at: confirmation.map(|said| said.at.naive_utc()),
            confirmed_by_staff_id: confirmation.and_then(|said| said.recorded_by.staff()).map(AsText),
            version: outcome.version,
        }
    }

    fn outcome(self, (maker, to): (PartnerId, PartnerId)) -> Result<Outcome, StoreError> {
        let pen = |staff: Option<AsText<StaffId>>, partner| match staff {
            Some(AsText(id)) => RecordedBy::Staff(id),
            None => RecordedBy::Partner(partner),
        };
        let confirmation = match (self.confirmation, self.confirmed_at) {
            (Some(AsText(word)), Some(at)) => {
                Some(Confirmation { word, at: at.and_utc(), recorded_by: pen(self.confirmed_by_staff_id, to) })
            }
            (None, None) => None,
            _ => return Err(StoreError::Corrupt("promise_outcomes.confirmation")),
        };
        let recorded_by = pen(self.claimed_by_staff_id, maker);
        Ok(Outcome {
            promise: self.promise_id.0,
            couple: self.couple_id.0,
            due_on: self.due_on,
            claim: Claim { word: self.claim.0, at: self.claimed_at.and_utc(), recorded_by },
            confirmation,
            version: self.version,
        })
    }
}

fn outcomes_between(
    view: &mut View<'_>,
    couple: CoupleId,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<HashMap<PromiseId, Vec<OutcomeRow>>, StoreError> {
    let rows: Vec<OutcomeRow> = promise_outcomes::table
        .filter(promise_outcomes::practice_id.eq(AsText(view.caller().practice)))
        .filter(promise_outcomes::couple_id.eq(AsText(couple)))
        .filter(promise_outcomes::due_on.ge(from).and(promise_outcomes::due_on.le(until)))
        .order((promise_outcomes::due_on, promise_outcomes::promise_id))
        .select(OutcomeRow::as_select())
        .load(view.conn())?;
    let mut said: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        said.entry(row.promise_id.0).or_default().push(row);
    }
    Ok(said)
}

/// What was said of the days of a range on which a promise was due, by day. Whoever may see the promise may see these.
///
/// # Errors
/// If the database fails.
pub fn list_outcomes(
    view: &mut View<'_>,
    promise: &Promise,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<Outcome>, StoreError> {
    let rows: Vec<OutcomeRow> = promise_outcomes::table
        .filter(promise_outcomes::practice_id.eq(AsText(view.caller().practice)))
        .filter(promise_outcomes::promise_id.eq(AsText(promise.id)))
        .filter(promise_outcomes::due_on.ge(from).and(promise_outcomes::due_on.le(until)))
        .order(promise_outcomes::due_on)
        .select(OutcomeRow::as_select())
        .load(view.conn())?;
    rows.into_iter().map(|row| row.outcome((promise.maker, promise.to))).collect()
}

/// What was said of one day on which a promise was due, if anything was.
///
/// # Errors
/// If the database fails.
pub fn find_outcome(view: &mut View<'_>, promise: &Promise, due_on: NaiveDate) -> Result<Option<Outcome>, StoreError> {
    if due_on < promise.starts_on {
        // Nothing was due, and PostgreSQL knows no day as early as one in an address may be.
        return Ok(None);
    }
    let key = (AsText(view.caller().practice), AsText(promise.id), due_on);
    let row: Option<OutcomeRow> =
        promise_outcomes::table.find(key).select(OutcomeRow::as_select()).first(view.conn()).optional()?;
    row.map(|row| row.outcome((promise.maker, promise.to))).transpose()
}

/// Keeps what was said first of a day.
///
/// # Errors
/// If the database fails, or something was said of it already.
pub fn insert_outcome(tx: &mut Tx<'_>, outcome: &Outcome) -> Result<(), StoreError> {
    let row = OutcomeRow::of(tx.caller().practice, outcome);
    diesel::insert_into(promise_outcomes::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps what is said of a day from now on.
///
/// # Errors
/// If the database fails.
pub fn update_outcome(tx: &mut Tx<'_>, outcome: &Outcome) -> Result<(), StoreError> {
    let row = OutcomeRow::of(tx.caller().practice, outcome);
    let key = (row.practice_id, row.promise_id, row.due_on);
    diesel::update(promise_outcomes::table.find(key)).set(row).execute(tx.conn())?;
    Ok(())
}
