//! Work in the background. Whichever server claims a job does it; if that one dies, its claim runs out and another does it again.
//! So each job is one that can be done again from the start, and keeps its result and its end in one transaction.

mod exports;
mod program_runs;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::access::Action;
use store::jobs::{self, Job, JobKind};

use crate::{
    app::App,
    problem::{Code, Problem},
};

/// For how long a job is claimed; a job that takes longer holds on to it in time.
const CLAIM: TimeDelta = TimeDelta::minutes(2);

/// How often a job is tried before it is given up, if its kind ever is.
const ATTEMPTS: i32 = 5;

/// How long to wait when nothing is due.
const PAUSE: Duration = Duration::from_secs(2);

/// Does what is due, for as long as the server runs.
pub async fn work(app: App) {
    loop {
        if let Err(problem) = run_due(&app).await {
            tracing::error!(code = problem.code().as_str(), causes = problem.causes(), "jobs could not be claimed");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Does all that is due now, one after another, and says how much that was.
///
/// # Errors
/// If jobs can't be claimed or given back; a job that fails is tried again later.
pub async fn run_due(app: &App) -> Result<usize, Problem> {
    let mut done = 0;
    while let Some(job) = claim(app).await? {
        run(app, &job).await?;
        done += 1;
    }
    Ok(done)
}

/// The job that has been due for longest, if this server gets it.
///
/// # Errors
/// If the database fails.
pub async fn claim(app: &App) -> Result<Option<Job>, Problem> {
    let now = app.clock.now();
    Ok(app.store.claim_job(now, now + CLAIM).await?)
}

/// Does a claimed job, or puts it off if it fails.
///
/// # Errors
/// If it can't be put off.
pub async fn run(app: &App, job: &Job) -> Result<(), Problem> {
    let done = match job.kind {
        JobKind::MakeExport => exports::make(app, job).await,
        JobKind::ExpireExport => exports::expire(app, job).await,
        JobKind::ReleaseSteps => program_runs::release(app, job).await,
    };
    match done {
        Ok(()) => Ok(()),
        // Someone else has claimed it in the meantime.
        Err(problem) if problem.code() == Code::Conflict => Ok(()),
        Err(problem) => {
            let (code, causes) = (problem.code().as_str(), problem.causes());
            tracing::warn!(job = %job.id, kind = %job.kind, attempts = job.attempts, code, causes, "a job failed");
            put_off(app, *job).await
        }
    }
}

/// As what Tenfold acts where it does a job of a kind.
const fn acts_as(kind: JobKind) -> Action {
    match kind {
        JobKind::MakeExport | JobKind::ExpireExport => Action::ExportRecords,
        JobKind::ReleaseSteps => Action::AssignExercises,
    }
}

/// Gives a job up that failed too often, and says whether that is how its kind ends. An export says to whoever waits for it that it was
/// not made; for a bundle that stays or a program that stands still nobody asks, so these are tried until they are done.
async fn give_up(app: &App, job: Job) -> Result<bool, Problem> {
    match job.kind {
        JobKind::MakeExport => exports::give_up(app, job).await.map(|()| true),
        JobKind::ExpireExport | JobKind::ReleaseSteps => Ok(false),
    }
}

async fn put_off(app: &App, job: Job) -> Result<(), Problem> {
    if job.attempts >= ATTEMPTS && give_up(app, job).await? {
        return Ok(());
    }
    let again = app.clock.now() + TimeDelta::seconds(30 * i64::from(job.attempts.clamp(1, 120)));
    let (system, held) = (app.system(job.practice), job);
    app.write(&system, acts_as(job.kind), move |tx| Ok(jobs::put_off(tx, &held, again)?)).await
}

/// Until when a job is held from now on.
fn held_until(now: DateTime<Utc>) -> DateTime<Utc> {
    now + CLAIM
}
