//! Signing in, staying signed in, and who it is that is signed in.
//!
//! Nobody learns here who exists: an unknown practice, an unknown address, a wrong password and someone who left take the same
//! steps, with the same work on a password, and get the same answer (OWASP ASVS 6.3.8).

use std::sync::Arc;

use domain::{
    access::{Action, Actor, Caller},
    account::{Account, AccountHolder, PasswordHash},
    confidential::Confidential,
    email::EmailAddress,
    ids::{PracticeId, SignInId},
    practice::Handle,
    sign_in::SignIn,
    throttle::Throttle,
};
use store::{
    StoreError, Tx, View, accounts,
    audit::Event,
    sign_ins::{self, Refreshed},
    staff, throttles,
    tokens::OpaqueToken,
};

use crate::{
    addresses::must_wait,
    app::App,
    config::Secret,
    extract::{Asker, ClientAddress, RequestId},
    passwords::Verdict,
    problem::{Code, Problem},
    tokens::{AccessToken, ActorKind, Bearer, Claims},
};

/// The one who holds the sign-in. A sign-in that ended is answered like a token that is not valid.
pub(crate) fn admit(view: &mut View<'_>, claims: &Claims) -> Result<Actor, Problem> {
    sign_ins::admit(view, claims.sid).map_err(|error| match error {
        StoreError::NotFound => Problem::invalid_token(),
        error => error.into(),
    })
}

/// Someone who says who they are.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) practice: Handle,
    pub(crate) email: EmailAddress,
    pub(crate) password: Secret,
    pub(crate) device: Option<Confidential>,
    pub(crate) address: ClientAddress,
    pub(crate) request: RequestId,
}

impl Attempt {
    /// What failures are counted by.
    fn tried(&self) -> Arc<str> {
        format!("{} {}", self.practice.as_str(), self.email.normalised()).into()
    }
}

/// Someone who is signed in, and what they hold to show it.
pub(crate) struct Granted {
    pub(crate) sign_in: SignIn,
    pub(crate) access: AccessToken,
    pub(crate) refresh: OpaqueToken,
}

/// Signs someone in.
pub(crate) async fn begin(app: &App, attempt: Attempt) -> Result<Granted, Problem> {
    app.addresses.admit(attempt.address, app.clock.now())?;
    let practice = app.store.practice_by_handle(attempt.practice.clone()).await?.unwrap_or(throttles::NOWHERE);
    let system = app.system(practice).in_request(&attempt.request);
    let account = count(app, &system, &attempt).await?;
    let kept = account.as_ref().and_then(|account| account.password.as_ref()).map(|hash| hash.expose().to_owned());
    let verdict = app.passwords.verify(attempt.password.clone(), kept).await?;
    let known = account.as_ref().map(|account| account.holder);
    match account.filter(|_| verdict.is_right()) {
        Some(account) => keep(app, &system, &attempt, account, verdict).await,
        None => Err(refuse(app, &system, &attempt, known).await?),
    }
}

/// Counts the attempt, and finds out whose account it is at. Two that begin to count the same at the same time meet in the
/// database; the second tries again.
async fn count(app: &App, system: &Asker, attempt: &Attempt) -> Result<Option<Account>, Problem> {
    let count = || {
        let (tried, email) = (attempt.tried(), attempt.email.clone());
        app.write(system, Action::ManageOwnAccount, move |tx| {
            throttle(tx, &tried)?;
            let somewhere = tx.caller().practice != throttles::NOWHERE;
            Ok(if somewhere { accounts::find_by_email(tx, &email)? } else { None })
        })
    };
    match count().await {
        Err(problem) if problem.code() == Code::Conflict => count().await,
        counted => counted,
    }
}

/// Counts an attempt, unless there were too many.
pub(crate) fn throttle(tx: &mut Tx<'_>, tried: &str) -> Result<(), Problem> {
    throttles::attempt(tx, tried, Throttle::ACCOUNT)?.map_or(Ok(()), |wait| Err(must_wait(wait)))
}

/// It was not them. What is answered is the same for everyone; who was tried is for the practice's trail.
async fn refuse(
    app: &App,
    system: &Asker,
    attempt: &Attempt,
    known: Option<AccountHolder>,
) -> Result<Problem, Problem> {
    app.addresses.failed(attempt.address, app.clock.now());
    let tried = attempt.tried();
    app.write(system, Action::ManageOwnAccount, move |tx| {
        throttles::failed(tx, &tried)?;
        let PracticeId(practice) = tx.caller().practice;
        if tx.caller().practice != throttles::NOWHERE {
            tx.record(Event::new("sign_in.failed", known.map_or(practice, AccountHolder::id)));
        }
        Ok(())
    })
    .await?;
    Ok(Problem::invalid_credentials())
}

/// It was them: makes the sign-in, in their own name.
async fn keep(
    app: &App,
    system: &Asker,
    attempt: &Attempt,
    account: Account,
    verdict: Verdict,
) -> Result<Granted, Problem> {
    let stronger = match verdict {
        Verdict::RightButOutdated => Some(PasswordHash::new(app.passwords.hash(attempt.password.clone()).await?)),
        Verdict::Right | Verdict::Wrong => None,
    };
    let holder = account.holder;
    let actor = app.read(system, Action::ManageOwnAccount, move |view| Ok(actor(view, holder)?)).await;
    let id = SignInId(app.ids.next());
    let caller = Caller { actor: actor.map_err(gone)?, sign_in: Some(id), ..system.caller };
    let who = Asker { caller, ..*system };
    let sign_in = SignIn::new(id, holder, attempt.device.clone(), app.sign_in_policy, app.clock.now());
    let (tried, kept) = (attempt.tried(), sign_in.clone());
    let written = app.write(&who, Action::ManageOwnAccount, move |tx| {
        still_as(tx, &account)?;
        if let Some(stronger) = stronger {
            strengthen(tx, account, stronger)?;
        }
        throttles::clear(tx, &tried)?;
        tx.record(Event::new("sign_in.made", kept.id));
        Ok(sign_ins::insert(tx, &kept)?)
    });
    granted(app, sign_in, written.await.map_err(gone)?)
}

/// The role they have now comes with every request; here it is for the trail.
fn actor(view: &mut View<'_>, holder: AccountHolder) -> Result<Actor, StoreError> {
    Ok(match holder {
        AccountHolder::Staff(id) => Actor::Staff { id, role: staff::find(view, id)?.role },
        AccountHolder::Client(id) => Actor::Client(id),
    })
}

/// While the password was worked on, another may have been set, or the account ended.
pub(crate) fn still_as(tx: &mut Tx<'_>, seen: &Account) -> Result<(), Problem> {
    let unchanged = accounts::find(tx, seen.holder)?.version == seen.version;
    if unchanged { Ok(()) } else { Err(Problem::not_found()) }
}

fn strengthen(tx: &mut Tx<'_>, mut account: Account, stronger: PasswordHash) -> Result<(), StoreError> {
    account.set_password(stronger);
    accounts::update(tx, &account)
}

fn gone(problem: Problem) -> Problem {
    if problem.code() == Code::NotFound { Problem::invalid_credentials() } else { problem }
}

/// Renews a sign-in by its refresh token, which is spent.
pub(crate) async fn renew(app: &App, token: OpaqueToken, request: &RequestId) -> Result<Granted, Problem> {
    let system = app.system(token.practice).in_request(request);
    let policy = app.sign_in_policy;
    let refreshed = app.write(&system, Action::ManageOwnAccount, move |tx| {
        let refreshed = sign_ins::refresh(tx, &token, policy)?;
        if let Refreshed::Reused(sign_in) = &refreshed {
            tx.record(Event::new("sign_in.reused", sign_in.id));
        }
        Ok(refreshed)
    });
    match refreshed.await? {
        Refreshed::Renewed(sign_in, refresh) => granted(app, sign_in, refresh),
        Refreshed::Reused(_) | Refreshed::Refused => Err(Problem::invalid_refresh_token()),
    }
}

fn granted(app: &App, sign_in: SignIn, refresh: OpaqueToken) -> Result<Granted, Problem> {
    let kind = match sign_in.holder {
        AccountHolder::Staff(_) => ActorKind::Staff,
        AccountHolder::Client(_) => ActorKind::Client,
    };
    let bearer = Bearer { practice: refresh.practice, sign_in: sign_in.id, kind, id: sign_in.holder.id() };
    let access = app.tokens.issue(&bearer, app.clock.now(), app.ids.next())?;
    Ok(Granted { sign_in, access, refresh })
}
