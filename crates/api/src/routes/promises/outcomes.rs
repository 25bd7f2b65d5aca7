//! How a promise went on each day it was due: its maker claims, the other confirms.

use actix_web::{
    get, put,
    web::{Data, Json, Path},
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    access::Action,
    couple::Couple,
    exercises::Slug,
    ids::{PartnerId, PromiseId, StaffId},
    promise::{Claim, ClaimWord, Confirmation, ConfirmationWord, Outcome, OutcomeError, Promise},
};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, assignments, audit::Event, promises};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Found, Put, Resource},
    app::App,
    extract::{Asker, Body, IfMatchExisting, Query},
    pen,
    problem::Problem,
};

/// The longest window of due dates, in days: a year.
const WINDOW_DAYS: u64 = 366;

/// How far the window reaches to either side of today if nothing else is asked for, in days: four weeks.
const DEFAULT_DAYS: u64 = 28;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_due_dates).service(show_outcome).service(claim_outcome).service(confirm_outcome);
}

/// How a promise went on a day it was due.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromiseOutcome)]
struct OutcomeView {
    /// The promise.
    promise_id: PromiseId,
    /// The day it was due.
    due_on: NaiveDate,
    /// What its maker says.
    claim: ClaimView,
    /// What the other says, if they have.
    #[schema(required = true)]
    confirmation: Option<ConfirmationView>,
    /// Counts the changes, from 1: claims and confirmations alike.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

/// What the maker of a promise says about a day it was due.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromiseClaim)]
struct ClaimView {
    /// Their word.
    claim: ClaimWord,
    /// When they said it.
    at: DateTime<Utc>,
    /// The staff member who recorded it on their behalf; null if they did so themselves.
    #[schema(required = true)]
    recorded_by_staff_id: Option<StaffId>,
}

/// What the other partner says about a claim.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PromiseConfirmation)]
struct ConfirmationView {
    /// Their word.
    confirmation: ConfirmationWord,
    /// When they said it.
    at: DateTime<Utc>,
    /// The staff member who recorded it on their behalf; null if they did so themselves.
    #[schema(required = true)]
    recorded_by_staff_id: Option<StaffId>,
}

impl From<Claim> for ClaimView {
    fn from(Claim { word, at, recorded_by }: Claim) -> Self {
        Self { claim: word, at, recorded_by_staff_id: recorded_by.staff() }
    }
}

impl From<Confirmation> for ConfirmationView {
    fn from(Confirmation { word, at, recorded_by }: Confirmation) -> Self {
        Self { confirmation: word, at, recorded_by_staff_id: recorded_by.staff() }
    }
}

impl From<Outcome> for OutcomeView {
    fn from(outcome: Outcome) -> Self {
        Self {
            promise_id: outcome.promise,
            due_on: outcome.due_on,
            claim: outcome.claim.into(),
            confirmation: outcome.confirmation.map(Into::into),
            version: outcome.version,
        }
    }
}

impl Resource for OutcomeView {
    fn path(&self) -> String {
        format!("/v1/promises/{}/outcomes/{}", self.promise_id, self.due_on)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// The days on which a promise is due.
#[derive(Debug, Serialize, ToSchema)]
struct DueDates {
    /// The first day looked at.
    from: NaiveDate,
    /// The last day looked at.
    until: NaiveDate,
    /// The days on which it is due, in order.
    #[schema(max_items = 367)]
    items: Vec<DueDate>,
}

/// A day on which a promise is due.
#[derive(Debug, Serialize, ToSchema)]
struct DueDate {
    /// The day.
    due_on: NaiveDate,
    /// How it went; null if nobody has said yet.
    #[schema(required = true)]
    outcome: Option<OutcomeView>,
}

/// Which days are looked at: at most a year.
#[derive(Debug, Clone, Copy, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Window {
    /// The first day; four weeks ago if absent.
    #[param(nullable = false, required = false)]
    from: Option<NaiveDate>,
    /// The last day; in four weeks if absent.
    #[param(nullable = false, required = false)]
    until: Option<NaiveDate>,
}

impl Window {
    fn around(self, today: NaiveDate) -> Result<(NaiveDate, NaiveDate), Problem> {
        let days = Days::new(DEFAULT_DAYS);
        let from = self.from.or_else(|| today.checked_sub_days(days)).unwrap_or(today);
        let until = self.until.or_else(|| today.checked_add_days(days)).unwrap_or(today);
        let fits = from <= until && from.checked_add_days(Days::new(WINDOW_DAYS)).is_none_or(|last| until <= last);
        if fits { Ok((from, until)) } else { Err(misplaced()) }
    }
}

fn misplaced() -> Problem {
    Problem::parameter("until", "range", "must be on the first day or up to a year after it")
}

/// List the days on which a promise is due, and how it went on each
#[utoipa::path(tag = "promises", security(("bearer" = [])),
    params(("promise_id" = PromiseId, Path, description = "The promise"), Window),
    responses((status = 200, description = "The days, in order", body = DueDates)))]
#[get("/v1/promises/{promise_id}/due-dates")]
async fn list_due_dates(
    app: Data<App>,
    caller: Asker,
    id: Path<PromiseId>,
    window: Query<Window>,
) -> Result<Json<DueDates>, Problem> {
    app.read_audited(&caller, Action::ReadPromises, move |tx| {
        let (promise, couple) = promises::find(tx, *id)?;
        let (from, until) = window.0.around(couple.today(tx.now()))?;
        let said = promises::list_outcomes(tx, &promise, from, until)?;
        tx.record(Event::new("promise.read", promise.id).of_couple(couple.id));
        Ok(Json(DueDates { from, until, items: due_dates(&promise, &said, from, until) }))
    })
    .await
}

/// In order of days, as both lists are.
fn due_dates(promise: &Promise, said: &[Outcome], from: NaiveDate, until: NaiveDate) -> Vec<DueDate> {
    let said = |day: &NaiveDate| said.binary_search_by_key(day, |outcome| outcome.due_on).ok().map(|at| said[at]);
    let due = |day| DueDate { due_on: day, outcome: said(&day).map(Into::into) };
    promise.due_dates(from, until).into_iter().map(due).collect()
}

/// Show how a promise went on a day it was due
#[utoipa::path(tag = "promises", security(("bearer" = [])),
    params(("promise_id" = PromiseId, Path, description = "The promise"), ("due_on" = NaiveDate, Path, description = "The day")),
    responses((status = 200, description = "What was said of that day", body = OutcomeView)))]
#[get("/v1/promises/{promise_id}/outcomes/{due_on}")]
async fn show_outcome(
    app: Data<App>,
    caller: Asker,
    path: Path<(PromiseId, NaiveDate)>,
) -> Result<Found<OutcomeView>, Problem> {
    app.read_audited(&caller, Action::ReadPromises, move |tx| {
        let (id, due_on) = *path;
        let (promise, couple) = promises::find(tx, id)?;
        let outcome = promises::find_outcome(tx, &promise, due_on)?.ok_or_else(Problem::not_found)?;
        tx.record(Event::new("promise.read", promise.id).of_couple(couple.id));
        Ok(Found(outcome.into()))
    })
    .await
}

/// What the maker of a promise says about a day it was due.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetClaim {
    /// `renegotiated` can be said before that day only, and `missed` not before it.
    claim: ClaimWord,
}

/// Say how a promise went on a day it was due
///
/// The partner who made the promise says so, or a counselor on their behalf. The first word needs no `If-Match`; another word in its
/// place does, and is taken until the other partner has answered.
#[utoipa::path(tag = "promises", security(("bearer" = [])),
    params(("promise_id" = PromiseId, Path, description = "The promise"), ("due_on" = NaiveDate, Path, description = "The day it was due"), IfMatchExisting),
    request_body = SetClaim, responses(
        (status = 200, description = "The claim took the place of an earlier one", body = OutcomeView),
        (status = 201, description = "The first claim for that day", body = OutcomeView)))]
#[put("/v1/promises/{promise_id}/outcomes/{due_on}/claim")]
async fn claim_outcome(
    app: Data<App>,
    caller: Asker,
    path: Path<(PromiseId, NaiveDate)>,
    expected: IfMatchExisting,
    body: Body<SetClaim>,
) -> Result<Put<OutcomeView>, Problem> {
    app.write(&caller, Action::KeepPromises, move |tx| {
        let (id, due_on) = *path;
        let (promise, couple) = promises::find(tx, id)?;
        let earlier = promises::find_outcome(tx, &promise, due_on)?;
        let by = pen::recorded_by(tx, &couple)?;
        let outcome = Outcome::claim(&promise, &couple, earlier.as_ref(), due_on, body.claim, by, tx.now())?;
        expected.check(earlier.map(|earlier| earlier.version))?;
        let is_new = earlier.is_none();
        let keep = if is_new { promises::insert_outcome } else { promises::update_outcome };
        keep(tx, &outcome)?;
        follow(tx, &couple, promise.maker)?;
        Ok(Put { view: recorded(tx, "promise.claimed", &outcome), is_new })
    })
    .await
}

/// What the other partner says about a claim.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetConfirmation {
    /// Whether it was as claimed, as far as they noticed.
    confirmation: ConfirmationWord,
}

/// Confirm or dispute what was said of a day a promise was due
///
/// The partner the promise was made to says so, or a counselor on their behalf. `If-Match` names the claim that is answered, so that
/// nobody confirms what they have not read: without a claim there is none to name, and the answer says so. They may think again.
#[utoipa::path(tag = "promises", security(("bearer" = [])),
    params(("promise_id" = PromiseId, Path, description = "The promise"), ("due_on" = NaiveDate, Path, description = "The day it was due"), IfMatchExisting),
    request_body = SetConfirmation, responses((status = 200, description = "The claim and its answer", body = OutcomeView)))]
#[put("/v1/promises/{promise_id}/outcomes/{due_on}/confirmation")]
async fn confirm_outcome(
    app: Data<App>,
    caller: Asker,
    path: Path<(PromiseId, NaiveDate)>,
    expected: IfMatchExisting,
    body: Body<SetConfirmation>,
) -> Result<Found<OutcomeView>, Problem> {
    app.write(&caller, Action::KeepPromises, move |tx| {
        let (id, due_on) = *path;
        let (promise, couple) = promises::find(tx, id)?;
        let mut outcome = promises::find_outcome(tx, &promise, due_on)?.ok_or(OutcomeError::NotClaimed)?;
        let answered = outcome.version;
        outcome.confirm(&promise, body.confirmation, pen::recorded_by(tx, &couple)?, tx.now())?;
        expected.check(Some(answered))?;
        promises::update_outcome(tx, &outcome)?;
        follow(tx, &couple, promise.to)?;
        Ok(Found(recorded(tx, "promise.confirmed", &outcome)))
    })
    .await
}

/// What a partner says of a promise is work on what they were given of exercise 4.
pub(crate) fn follow(tx: &mut Tx<'_>, couple: &Couple, speaker: PartnerId) -> Result<(), StoreError> {
    let now = tx.now();
    for mut assignment in assignments::list_open_of(tx, couple.id, Slug::Consistency)? {
        if assignment.follow_ledger(speaker, couple, now) {
            assignments::update(tx, &assignment)?;
        }
    }
    Ok(())
}

fn recorded(tx: &mut Tx<'_>, action: &'static str, outcome: &Outcome) -> OutcomeView {
    tx.record(Event::new(action, outcome.promise).of_couple(outcome.couple));
    (*outcome).into()
}
