//! What every handler stands on: the store, the clock, the id source, the keys. A handler asks for one unit of work, and says
//! who asks and for what; nobody who may not gets as far as the store.

use std::sync::Arc;

use chrono::{DateTime, Duration, SubsecRound, Utc};
use domain::{
    access::{Action, Caller},
    ids::PracticeId,
    sign_in::SignInPolicy,
};
use serde::Serialize;
use store::{Context, IdSource, Store, Tx, View};
use uuid::Uuid;

use crate::{
    addresses::Addresses,
    answer::{Created, Resource},
    config::Config,
    extract::{Asker, New, RequestId},
    idempotency,
    keys::{KeyError, SigningKeys},
    metrics::Metrics,
    openapi::Document,
    passwords::{PasswordError, Passwords},
    problem::Problem,
    sign_in,
    tokens::{Claims, Tokens},
};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The instant, in UTC, cut to microseconds.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the machine's clock is read")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now().trunc_subsecs(6)
    }
}

/// Ids that sort by the time they were made (UUIDv7, RFC 9562), and random ones where that time is nobody's to know (UUIDv4).
#[derive(Debug, Clone, Copy)]
pub struct TimedIds;

impl IdSource for TimedIds {
    #[expect(clippy::disallowed_methods, reason = "the id source")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }

    #[expect(clippy::disallowed_methods, reason = "the id source")]
    fn random(&self) -> Uuid {
        Uuid::new_v4()
    }
}

/// Everything a handler, a job or a command needs. Clones share it all.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// New ids.
    pub ids: Arc<dyn IdSource>,
    /// Access tokens.
    pub tokens: Arc<Tokens>,
    /// Passwords.
    pub passwords: Arc<Passwords>,
    /// For how long people stay signed in.
    pub sign_in_policy: SignInPolicy,
    /// The addresses that sign-ins failed from.
    pub addresses: Arc<Addresses>,
    /// The configuration.
    pub config: Arc<Config>,
    /// What is counted and timed.
    pub metrics: Arc<Metrics>,
    /// The API described, and which paths and methods there are.
    pub document: Arc<Document>,
}

/// Why the server can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The keys for access tokens.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The metrics.
    #[error(transparent)]
    Metrics(#[from] prometheus::Error),
    /// The document of the API.
    #[error(transparent)]
    Document(#[from] serde_json::Error),
    /// The password hashing.
    #[error(transparent)]
    Passwords(#[from] PasswordError),
}

impl App {
    /// The app on this store, with the machine's clock and fresh ids. Makes the keys that are missing in the data folder.
    ///
    /// # Errors
    /// What keeps it from starting.
    pub fn open(config: Config, store: Store) -> Result<Self, StartError> {
        let keys = match &config.signing_key {
            Some(pem) => SigningKeys::from_pem(pem.expose())?,
            None => SigningKeys::open(&config.data.join("keys"), SystemClock.now())?,
        };
        Self::with(config, store, Arc::new(SystemClock), Arc::new(TimedIds), keys)
    }

    /// The app from its parts: for tests, which bring their own clock and ids.
    ///
    /// # Errors
    /// What keeps it from starting.
    pub fn with(
        config: Config,
        store: Store,
        clock: Arc<dyn Clock>,
        ids: Arc<dyn IdSource>,
        keys: SigningKeys,
    ) -> Result<Self, StartError> {
        let lifetime = Duration::minutes(config.access_token_minutes.into());
        let tokens = Arc::new(Tokens::new(Arc::new(keys), config.public_url.clone(), lifetime));
        let (metrics, document) = (Arc::new(Metrics::new()?), Arc::new(Document::generate()?));
        let passwords = Arc::new(Passwords::new()?);
        let (sign_in_policy, addresses) = (SignInPolicy::DEFAULT, Arc::default());
        let config = Arc::new(config);
        Ok(Self { store, clock, ids, tokens, passwords, sign_in_policy, addresses, config, metrics, document })
    }

    /// A reading unit of work, if the caller may do this.
    ///
    /// # Errors
    /// 403 if not; what the work answers; why it could not be done.
    pub async fn read<T, F>(&self, who: &Asker, action: Action, work: F) -> Result<T, Problem>
    where
        F: FnOnce(&mut View<'_>) -> Result<T, Problem> + Send + 'static,
        T: Send + 'static,
    {
        who.caller.may(action)?;
        self.store.read(self.context(who), work).await
    }

    /// A writing unit of work, if the caller may do this: all of it happens, or nothing.
    ///
    /// # Errors
    /// 403 if not; what the work answers; why it could not be done.
    pub async fn write<T, F>(&self, who: &Asker, action: Action, work: F) -> Result<T, Problem>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, Problem> + Send + 'static,
        T: Send + 'static,
    {
        who.caller.may(action)?;
        self.store.write(self.context(who), self.ids.clone(), work).await
    }

    /// A reading unit of work that leaves a trace in the audit trail: what was read is someone's most private words. It is a
    /// transaction, because nothing is shown unless the trace of it is kept.
    ///
    /// # Errors
    /// As [`App::write`].
    pub async fn read_audited<T, F>(&self, who: &Asker, action: Action, work: F) -> Result<T, Problem>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, Problem> + Send + 'static,
        T: Send + 'static,
    {
        self.write(who, action, work).await
    }

    /// Creates something, at most once for each `Idempotency-Key`: a repetition gets the first answer again.
    ///
    /// # Errors
    /// 403 if the caller may not; 422 if the key came with another request; what the work answers.
    pub async fn create<B, V, F>(
        &self,
        who: &Asker,
        action: Action,
        new: New<B>,
        work: F,
    ) -> Result<Created<V>, Problem>
    where
        F: FnOnce(&mut Tx<'_>, B) -> Result<V, Problem> + Send + 'static,
        B: Send + 'static,
        V: Serialize + Resource + 'static,
    {
        let New { body, key } = new;
        self.write(who, action, move |tx| idempotency::once(tx, key, |tx| work(tx, body))).await
    }

    /// Tenfold itself, on behalf of a practice: for sign-in, jobs and the command line.
    #[must_use]
    pub fn system(&self, practice: PracticeId) -> Asker {
        Asker { caller: Caller::system(practice), request: None }
    }

    /// Who holds this token, as of now: the sign-in must still live, and the role is the one they have today.
    pub(crate) async fn admit(&self, claims: &Claims, request: Option<RequestId>) -> Result<Asker, Problem> {
        let caller = Caller { sign_in: Some(claims.sid), ..Caller::system(claims.practice) };
        let asker = Asker { caller, request: request.map(|request| request.id) };
        let held = claims.clone();
        let actor = self.store.read(self.context(&asker), move |view| sign_in::admit(view, &held)).await?;
        Ok(Asker { caller: Caller { actor, ..caller }, ..asker })
    }

    /// What a unit of work of this caller carries.
    pub(crate) fn context(&self, who: &Asker) -> Context {
        Context { caller: who.caller, now: self.clock.now(), request: who.request }
    }
}
