//! Work to do later. A job is written in the transaction that makes it necessary, and done at least once: by whichever server
//! claims it first, and by another if that one dies, once its claim has run out.

use std::{fmt, str::FromStr};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::ids::{JobId, PracticeId};
use uuid::Uuid;

use crate::{Store, StoreError, Tx, columns::AsText, schema::jobs};

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobKind {
    /// Make an export.
    MakeExport,
    /// Remove the bundle of an export.
    ExpireExport,
    /// Give a couple what is due in a run of a program.
    ReleaseSteps,
}

impl JobKind {
    /// The words of the kinds that this version knows; it leaves others to a newer server.
    const KNOWN: [AsText<Self>; 3] = [AsText(Self::MakeExport), AsText(Self::ExpireExport), AsText(Self::ReleaseSteps)];
}

impl fmt::Display for JobKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MakeExport => "make_export",
            Self::ExpireExport => "expire_export",
            Self::ReleaseSteps => "release_steps",
        })
    }
}

/// A kind that a newer version of Tenfold knows.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("not a kind of job that is known here")]
pub struct UnknownKind;

impl FromStr for JobKind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        match word {
            "make_export" => Ok(Self::MakeExport),
            "expire_export" => Ok(Self::ExpireExport),
            "release_steps" => Ok(Self::ReleaseSteps),
            _ => Err(UnknownKind),
        }
    }
}

/// A job that someone has claimed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    /// Which one.
    pub id: JobId,
    /// Of which practice.
    pub practice: PracticeId,
    /// What to do.
    pub kind: JobKind,
    /// To what.
    pub subject: Uuid,
    /// How often it was claimed, this time included.
    pub attempts: i32,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = jobs)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<JobId>,
    kind: AsText<JobKind>,
    subject_id: AsText<Uuid>,
    due_at: NaiveDateTime,
    attempts: i32,
    claimed_until: Option<NaiveDateTime>,
    finished_at: Option<NaiveDateTime>,
}

/// Leaves something to do, from an instant on, if this unit of work is kept.
///
/// # Errors
/// If the database fails.
pub fn enqueue(
    tx: &mut Tx<'_>,
    kind: JobKind,
    subject: impl Into<Uuid>,
    due_at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = Row {
        practice_id: AsText(tx.caller().practice),
        id: AsText(tx.new_id()),
        kind: AsText(kind),
        subject_id: AsText(subject.into()),
        due_at: due_at.naive_utc(),
        attempts: 0,
        claimed_until: None,
        finished_at: None,
    };
    diesel::insert_into(jobs::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// The claim of a job, as a query: it holds until someone else claims the job after it has run out.
macro_rules! claim_of {
    ($tx:expr, $job:expr) => {
        jobs::table
            .find((AsText($tx.caller().practice), AsText($job.id)))
            .filter(jobs::attempts.eq($job.attempts))
            .filter(jobs::finished_at.is_null())
    };
}

/// Holds on to a job for longer.
///
/// # Errors
/// [`StoreError::Conflict`] if someone else has claimed it in the meantime: stop working on it.
pub fn hold(tx: &mut Tx<'_>, job: &Job, until: DateTime<Utc>) -> Result<(), StoreError> {
    let held = diesel::update(claim_of!(tx, job)).set(jobs::claimed_until.eq(until.naive_utc())).execute(tx.conn())?;
    if held == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Notes that a job is done.
///
/// # Errors
/// [`StoreError::Conflict`] if someone else has claimed it in the meantime: what was done for it is not kept.
pub fn finish(tx: &mut Tx<'_>, job: &Job) -> Result<(), StoreError> {
    let now = tx.now().naive_utc();
    let finished = diesel::update(claim_of!(tx, job)).set(jobs::finished_at.eq(now)).execute(tx.conn())?;
    if finished == 1 { Ok(()) } else { Err(StoreError::Conflict) }
}

/// Gives a job back, to be tried again from an instant on.
///
/// # Errors
/// If the database fails.
pub fn put_off(tx: &mut Tx<'_>, job: &Job, due_at: DateTime<Utc>) -> Result<(), StoreError> {
    let none: Option<NaiveDateTime> = None;
    diesel::update(claim_of!(tx, job))
        .set((jobs::due_at.eq(due_at.naive_utc()), jobs::claimed_until.eq(none)))
        .execute(tx.conn())?;
    Ok(())
}

/// Jobs that anyone may claim at an instant.
macro_rules! open_at {
    ($now:expr) => {
        jobs::finished_at
            .is_null()
            .and(jobs::due_at.le($now))
            .and(jobs::kind.eq_any(JobKind::KNOWN))
            .and(jobs::claimed_until.is_null().or(jobs::claimed_until.le($now).assume_not_null()))
    };
}

impl Store {
    /// Claims the job of any practice that has been due for longest, until an instant. Of several servers that try at once, one
    /// gets it. Looking whether there is one takes no lock.
    ///
    /// # Errors
    /// If the database fails.
    pub async fn claim_job(&self, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<Option<Job>, StoreError> {
        let (now, until) = (now.naive_utc(), until.naive_utc());
        let waiting = self.read_directory(move |conn| {
            Ok(diesel::select(diesel::dsl::exists(jobs::table.filter(open_at!(now)))).get_result::<bool>(conn)?)
        });
        if !waiting.await? {
            return Ok(None);
        }
        self.write_directory(move |conn| {
            // Both the row and the choice of it are checked: who waits for another's claim finds the row taken.
            let waiting = diesel::alias!(jobs as waiting);
            let (id, due_at) = (waiting.field(jobs::id), waiting.field(jobs::due_at));
            let claimed_until = waiting.field(jobs::claimed_until);
            let open = waiting
                .field(jobs::finished_at)
                .is_null()
                .and(due_at.le(now))
                .and(waiting.field(jobs::kind).eq_any(JobKind::KNOWN))
                .and(claimed_until.is_null().or(claimed_until.le(now).assume_not_null()));
            let next = waiting.filter(open).order((due_at, id)).select(id).limit(1);
            let row: Option<Row> = diesel::update(jobs::table.filter(open_at!(now)).filter(jobs::id.eq_any(next)))
                .set((jobs::claimed_until.eq(until), jobs::attempts.eq(jobs::attempts + 1)))
                .returning(jobs::all_columns)
                .get_result(conn)
                .optional()?;
            Ok(row.map(Job::from))
        })
        .await
    }
}

impl From<Row> for Job {
    fn from(row: Row) -> Self {
        Self {
            id: row.id.0,
            practice: row.practice_id.0,
            kind: row.kind.0,
            subject: row.subject_id.0,
            attempts: row.attempts,
        }
    }
}
