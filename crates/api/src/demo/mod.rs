//! A believable practice to look around in: `tenfold demo`.
//!
//! What happens in it is written down in `stories/`, week by week up to today. It is played through the same rules, units of work and
//! audit trail as everything else, with the clock set back. It refuses a database that holds anything else.

mod acts;
mod calendar;
mod people;
mod script;
mod story;
mod walk;

use std::{error::Error, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::{Action, Actor, Caller, Role},
    export::{Export, ExportStatus},
    ids::{CoupleId, PartnerId, PracticeId, SessionId, StaffId},
    session::{Session, SessionKind, SessionStatus},
};
use store::{Page, StoreError, Tx, View, couples, exports, sessions, sessions::Filter, staff};

pub use people::{HANDLE, LOGINS, Login, PASSWORD};

use self::{calendar::Calendar, people::Cast, script::Step};
use crate::{
    app::{App, Clock},
    extract::Asker,
    jobs,
    problem::Problem,
};

/// Why there is no demo.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Nothing of the demo may come near a real practice.
    #[error("this database holds the practice {0}: the demo needs a data folder or a database of its own")]
    Taken(String),
    /// An earlier start was interrupted.
    #[error("the demo in this database is not whole: remove it (its data folder or its database), and start again")]
    Half,
    /// Someone in a story does what can't be done.
    #[error("{by} can't do on {at} what the demo's story says: {problem}: {}", .problem.causes())]
    Story {
        /// Who.
        by: String,
        /// When.
        at: DateTime<Utc>,
        /// Why not.
        problem: Problem,
    },
    /// The database refused.
    #[error("{problem}: {causes}", problem = .0, causes = .0.causes())]
    Problem(Problem),
}

/// Something in the stories is not written as it should be.
fn mistake(what: impl Into<Box<dyn Error + Send + Sync>>) -> Problem {
    Problem::internal(what)
}

impl From<Problem> for DemoError {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<StoreError> for DemoError {
    fn from(error: StoreError) -> Self {
        Self::Problem(error.into())
    }
}

/// The demo, as far as the walk through it needs to know.
#[derive(Debug, Clone, Copy)]
pub struct Demo {
    /// The couple that the walk is about.
    pub couple: CoupleId,
    /// Its partners: Naomi and Theo.
    pub partners: [PartnerId; 2],
    /// The last joint session that they had.
    pub session: SessionId,
    /// The first day of their case.
    pub from: NaiveDate,
    /// Today.
    pub until: NaiveDate,
}

impl Demo {
    /// Who can sign in, and the walk.
    #[must_use]
    pub fn introduction(&self, url: &str) -> String {
        let row = |login: &Login| format!("  {:<24}{:<48}{}\n", login.email(), login.role, login.name);
        let logins: String = LOGINS.iter().map(row).collect();
        let walk = self.walk(url);
        format!(
            "\nThis is a demo: the people in it are made up, and nothing real belongs into it.\n\
             Sign in to the practice {HANDLE} as any of these, each with the password {PASSWORD}\n\n\
             {logins}\n{walk}"
        )
    }

    /// The walk through the main job, to be pasted into a shell line by line.
    #[must_use]
    pub fn walk(&self, url: &str) -> String {
        walk::through(self, url)
    }
}

/// The demo that is there, or else a new one. The second value says whether it is new.
///
/// # Errors
/// [`DemoError::Taken`] if the database holds another practice; then nothing has changed.
pub async fn open(app: &App) -> Result<(Demo, bool), DemoError> {
    let practices = app.store.practices().await?;
    if let Some((_, other)) = practices.iter().find(|(_, handle)| handle.as_str() != HANDLE) {
        return Err(DemoError::Taken(other.to_string()));
    }
    match practices.first() {
        Some((practice, _)) => Ok((find(app, *practice).await?, false)),
        None => Ok((find(app, fill(app).await?).await?, true)),
    }
}

/// A clock that stands still in the past.
struct SetBack(DateTime<Utc>);

impl Clock for SetBack {
    fn now(&self) -> DateTime<Utc> {
        self.0
    }
}

fn at(app: &App, instant: DateTime<Utc>) -> App {
    App { clock: Arc::new(SetBack(instant)), ..app.clone() }
}

async fn fill(app: &App) -> Result<PracticeId, DemoError> {
    let now = app.clock.now();
    let calendar = Calendar::until(now);
    let opening = calendar.instant("-3 mon 09:00".parse().map_err(mistake)?);
    let cast = Arc::new(people::settle(&at(app, opening)).await?);
    for step in script::until(app, &cast, calendar, story::all()?, now)? {
        play(app, &cast, step).await?;
    }
    jobs::run_due(app).await?;
    Ok(cast.practice())
}

async fn play(app: &App, cast: &Cast, step: Step) -> Result<(), DemoError> {
    let Step { at: instant, by, case, does } = step;
    let (who, then) = (cast.asker(&by)?, at(app, instant));
    let allowed = does.iter().try_for_each(|act| who.caller.may(acts::needs(act)));
    let perform = move |tx: &mut Tx<'_>| does.into_iter().try_for_each(|act| acts::perform(tx, &case, act));
    let done = match allowed {
        Ok(()) => then.store.write(then.context(&who), then.ids.clone(), perform).await,
        Err(refused) => Err(refused.into()),
    };
    done.map_err(|problem| DemoError::Story { by, at: instant, problem })
}

async fn find(app: &App, practice: PracticeId) -> Result<Demo, DemoError> {
    let found = app.read(&app.system(practice), Action::ReadStaff, |view| Ok(counselor(view)?)).await?;
    let actor = Actor::Staff { id: found.ok_or(DemoError::Half)?, role: Role::Counselor };
    let counselor = Asker { caller: Caller { actor, ..Caller::system(practice) }, request: None };
    app.read(&counselor, Action::ReadSessions, |view| Ok(demo(view)?)).await?.ok_or(DemoError::Half)
}

const ALL: Page = Page { after: None, limit: 1000 };

fn counselor(view: &mut View<'_>) -> Result<Option<StaffId>, StoreError> {
    let anna = LOGINS.iter().find(|login| login.key == walk::COUNSELOR).map(Login::email).unwrap_or_default();
    let members = staff::list(view, ALL)?.items;
    Ok(members.into_iter().find(|member| member.email.expose() == anna).map(|member| member.id))
}

/// The couple of the walk; `None` unless it was filled to its end, which is a finished export.
fn demo(view: &mut View<'_>) -> Result<Option<Demo>, StoreError> {
    let labelled = |label: &str| label == walk::COUPLE;
    let found = couples::list(view, None, ALL)?.items.into_iter();
    let mut found = found.filter(|couple| couple.label.as_ref().is_some_and(|label| labelled(label.expose())));
    let Some(couple) = found.next() else { return Ok(None) };
    let held = sessions::list(view, &Filter { couple: Some(couple.id), ..Filter::default() }, ALL)?.items;
    let joint = |session: &Session| session.kind == SessionKind::Joint && session.status == SessionStatus::Held;
    let session = held.into_iter().rev().find(joint).map(|session| session.id);
    let made = |export: &Export| export.status == ExportStatus::Succeeded;
    let whole = exports::list(view, Some(couple.id), ALL)?.items.iter().any(made);
    let mut partners = couple.partners.iter().map(|partner| partner.id);
    let (Some(one), Some(other), Some(session), true) = (partners.next(), partners.next(), session, whole) else {
        return Ok(None);
    };
    let until = couple.today(view.now());
    Ok(Some(Demo { couple: couple.id, partners: [one, other], session, from: couple.opened_on, until }))
}
