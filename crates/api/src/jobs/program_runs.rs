//! Giving a couple what is due in a program by the calendar. Nobody asks for it on the day: Tenfold does it, in the name of whoever
//! started the run.

use domain::{access::Action, ids::ProgramRunId};
use store::{
    jobs::{self, Job},
    program_runs,
};

use crate::{
    app::App,
    problem::Problem,
    routes::program_runs::{Attempt, look},
};

/// Lets out what is due, if it is still waiting, and leaves a job for the next day on which something is.
pub(super) async fn release(app: &App, job: &Job) -> Result<(), Problem> {
    let job = *job;
    app.write(&app.system(job.practice), Action::AssignExercises, move |tx| {
        jobs::finish(tx, &job)?;
        let (mut found, couple) = program_runs::find(tx, ProgramRunId(job.subject))?;
        // A job that was left for a day which has since changed: another one waits for the new day.
        if found.run.wakes_on.is_some_and(|day| day > couple.today(tx.now())) {
            return Ok(());
        }
        look(tx, &couple, &mut found, &Attempt::default())
    })
    .await
}
