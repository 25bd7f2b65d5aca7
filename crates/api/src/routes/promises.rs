//! The promise ledger: what one partner commits to do for the other, and how it went each time it was due.

mod outcomes;

use actix_web::{
    get, post, put,
    web::{Data, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::Action,
    confidential::Confidential,
    couple::Couple,
    exercises::Slug,
    ids::{AssignmentId, CoupleId, EntryId, PartnerId, PromiseId, StaffId},
    promise::{Promise, PromiseDraft, PromiseError, PromiseStatus, Schedule},
    recurrence::Recurrence,
    visibility::Reader,
};
use serde::{Deserialize, Serialize};
use store::{Tx, assignments, audit::Event, couples, entries, promises};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Created, Found, Resource},
    app::App,
    extract::{Asker, Body, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged},
    pen,
    problem::{FieldError, Problem, named},
};

pub(crate) use outcomes::follow;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(make_promise).service(list_promises).service(show_promise).service(end_promise);
    outcomes::routes(config);
}

/// A promise to make. It is due on one day or by a rule.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct MakePromise {
    /// Who promises; needed from staff, who record it on their behalf. A partner promises for themselves.
    #[schema(nullable = false)]
    maker_id: Option<PartnerId>,
    /// What is promised.
    #[schema(value_type = String, min_length = 1, max_length = 10_000, example = "I call when I am late.")]
    what: Confidential,
    /// The one day on which it is due.
    #[schema(nullable = false)]
    due_on: Option<NaiveDate>,
    /// The rule by which it is due again and again (RFC 5545), in the couple's days.
    #[schema(nullable = false)]
    recurrence: Option<Recurrence>,
    /// The first day on which it holds; today if absent.
    #[schema(nullable = false)]
    starts_on: Option<NaiveDate>,
    /// The last day on which it holds.
    #[schema(nullable = false)]
    until: Option<NaiveDate>,
    /// The exercise it comes from, if one: `apology`, `consistency` or `reaffirm-commitment`. Both partners see it.
    #[schema(nullable = false)]
    origin: Option<Slug>,
    /// The assignment it comes from, if one. The other partner does not see it.
    #[schema(nullable = false)]
    assignment_id: Option<AssignmentId>,
    /// The draft of an apology whose offer it makes good, if one: of the maker's own, submitted. Its origin is `apology`. The other
    /// partner does not see it here, but with the apology, once they may read that.
    #[schema(nullable = false)]
    entry_id: Option<EntryId>,
}

impl MakePromise {
    fn schedule(&self) -> Result<Schedule, Problem> {
        match (self.due_on, &self.recurrence) {
            (Some(day), None) => Ok(Schedule::On(day)),
            (None, Some(rule)) => Ok(Schedule::Recurring(rule.clone())),
            (None, None) => Err(field("/due_on", "required", "either this or recurrence says when it is due")),
            (Some(_), Some(_)) => Err(field("/recurrence", "inconsistent", "a promise is due on one day or by a rule")),
        }
    }

    fn draft(self, maker: PartnerId) -> Result<PromiseDraft, Problem> {
        let schedule = self.schedule()?;
        let Self { what, starts_on, until, origin, assignment_id: assignment, entry_id: entry, .. } = self;
        Ok(PromiseDraft { maker, what, schedule, starts_on, until, origin, assignment, entry })
    }
}

fn field(pointer: &str, code: &'static str, detail: &'static str) -> Problem {
    Problem::invalid(vec![FieldError::body(pointer, code, detail)])
}

/// A promise.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Promise)]
struct PromiseView {
    /// Its id.
    id: PromiseId,
    /// The couple.
    couple_id: CoupleId,
    /// Who promises.
    maker_id: PartnerId,
    /// To whom.
    to_id: PartnerId,
    /// What is promised.
    #[schema(max_length = 10_000)]
    what: String,
    /// The one day on which it is due, if it is one.
    #[schema(required = true)]
    due_on: Option<NaiveDate>,
    /// The rule by which it is due again and again, if there is one.
    #[schema(required = true)]
    recurrence: Option<Recurrence>,
    /// The first day on which it holds.
    starts_on: NaiveDate,
    /// The last day on which it holds: where it is due on one day, that one.
    #[schema(required = true)]
    until: Option<NaiveDate>,
    /// The exercise it comes from.
    #[schema(required = true)]
    origin: Option<Slug>,
    /// The assignment it comes from; null for the partner it was made to.
    #[schema(required = true)]
    assignment_id: Option<AssignmentId>,
    /// The draft of an apology whose offer it makes good; null for the partner it was made to.
    #[schema(required = true)]
    entry_id: Option<EntryId>,
    /// Where it stands.
    status: PromiseStatus,
    /// The staff member who recorded it on behalf of its maker; null if they did so themselves.
    #[schema(required = true)]
    recorded_by_staff_id: Option<StaffId>,
    /// When it was recorded.
    created_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

impl PromiseView {
    fn of(promise: Promise, couple: &Couple, reader: Reader) -> Self {
        Self {
            id: promise.id,
            couple_id: promise.couple,
            maker_id: promise.maker,
            to_id: promise.to,
            assignment_id: promise.assignment_shown_to(reader, couple),
            entry_id: promise.entry_shown_to(reader, couple),
            what: promise.what.into_exposed(),
            due_on: promise.schedule.day(),
            recurrence: promise.schedule.rule().cloned(),
            starts_on: promise.starts_on,
            until: promise.until,
            origin: promise.origin,
            status: promise.status,
            recorded_by_staff_id: promise.recorded_by.staff(),
            created_at: promise.created_at,
            version: promise.version,
        }
    }
}

impl Resource for PromiseView {
    fn path(&self) -> String {
        format!("/v1/promises/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// Make a promise
///
/// Partners promise for themselves, to the other; a counselor may record it on behalf of the one who promises. Promises go on while the
/// assignment that they came of is paused.
#[utoipa::path(tag = "promises", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), IdempotencyKey), request_body = MakePromise,
    responses((status = 201, description = "The promise", body = PromiseView)))]
#[post("/v1/couples/{couple_id}/promises")]
async fn make_promise(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    new: New<MakePromise>,
) -> Result<Created<PromiseView>, Problem> {
    app.create(&caller, Action::KeepPromises, new, move |tx, wanted| {
        let couple = couples::find(tx, *couple_id)?;
        let pen = pen::recorded_by(tx, &couple)?;
        let maker = wanted.maker_id.or(pen.partner());
        let draft = wanted.draft(maker.ok_or_else(|| field("/maker_id", "required", "names who promises"))?)?;
        check_assignment(tx, &couple, &draft)?;
        check_entry(tx, &couple, &draft)?;
        let promise = Promise::new(tx.new_id(), &couple, draft, pen, tx.now())?;
        promises::insert(tx, &promise)?;
        tx.record(Event::new("promise.made", promise.id).of_couple(couple.id));
        Ok(PromiseView::of(promise, &couple, couples::reader(tx, &couple)?))
    })
    .await
}

/// An assignment that does not exist for the caller is refused like one of somebody else.
fn check_assignment(tx: &mut Tx<'_>, couple: &Couple, draft: &PromiseDraft) -> Result<(), Problem> {
    let found = draft.assignment.map(|id| assignments::find(tx, id)).transpose();
    let found = named(found, || PromiseError::Assignment.into())?.map(|(assignment, _)| assignment);
    Ok(draft.check_assignment(couple, found.as_ref())?)
}

/// An entry that does not exist for the caller is refused like one that offers nothing.
fn check_entry(tx: &mut Tx<'_>, couple: &Couple, draft: &PromiseDraft) -> Result<(), Problem> {
    let found = draft.entry.map(|id| entries::find(tx, id)).transpose();
    let found = named(found, || PromiseError::Offer.into())?.map(|found| found.entry);
    Ok(draft.check_entry(couple, found.as_ref())?)
}

/// Which promises are listed.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PromiseFilter {
    /// Only promises of this status.
    #[param(nullable = false, required = false)]
    status: Option<PromiseStatus>,
}

/// List a couple's promises
///
/// A partner sees the promises they made and those made to them; after a separation only the former.
#[utoipa::path(tag = "promises", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), PageParameters, PromiseFilter),
    responses((status = 200, description = "Promises, in the order in which they were recorded", body = Paged<PromiseView>)))]
#[get("/v1/couples/{couple_id}/promises")]
async fn list_promises(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    list: Listing<PromiseFilter>,
) -> Result<Paged<PromiseView>, Problem> {
    app.read_audited(&caller, Action::ReadPromises, move |tx| {
        let couple = couples::find(tx, *couple_id)?;
        let reader = couples::reader(tx, &couple)?;
        let found = promises::list(tx, &couple, list.filter.status, list.page)?;
        tx.record(Event::new("promises.read", couple.id).of_couple(couple.id));
        let place = |promise: &Promise| (promise.created_at, promise.id.0);
        Ok(Paged::of(found, place, |promise| PromiseView::of(promise, &couple, reader)))
    })
    .await
}

/// Show a promise
#[utoipa::path(tag = "promises", security(("bearer" = [])),
    params(("promise_id" = PromiseId, Path, description = "The promise")),
    responses((status = 200, description = "The promise", body = PromiseView)))]
#[get("/v1/promises/{promise_id}")]
async fn show_promise(app: Data<App>, caller: Asker, id: Path<PromiseId>) -> Result<Found<PromiseView>, Problem> {
    app.read_audited(&caller, Action::ReadPromises, move |tx| {
        let (promise, couple) = promises::find(tx, *id)?;
        tx.record(Event::new("promise.read", promise.id).of_couple(couple.id));
        Ok(PromiseView::of(promise, &couple, couples::reader(tx, &couple)?))
    })
    .await
    .map(Found)
}

/// How a promise ends.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct EndPromise {
    /// It has run its course, or its maker takes it back, openly.
    how: PromiseEnding,
}

/// The two ways in which a promise ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PromiseEnding {
    /// It has run its course.
    Completed,
    /// Its maker takes it back, openly.
    Withdrawn,
}

/// End a promise
///
/// From the couple's next day on it is not due any more. What was due before, and what was said of it, stays.
#[utoipa::path(tag = "promises", security(("bearer" = [])),
    params(("promise_id" = PromiseId, Path, description = "The promise"), IfMatch), request_body = EndPromise,
    responses((status = 200, description = "The promise as it is now", body = PromiseView)))]
#[put("/v1/promises/{promise_id}/ending")]
async fn end_promise(
    app: Data<App>,
    caller: Asker,
    id: Path<PromiseId>,
    expected: IfMatch,
    body: Body<EndPromise>,
) -> Result<Found<PromiseView>, Problem> {
    app.write(&caller, Action::KeepPromises, move |tx| {
        let (mut promise, couple) = promises::find(tx, *id)?;
        expected.check(promise.version)?;
        let completed = body.how == PromiseEnding::Completed;
        promise.end(&couple, completed, pen::recorded_by(tx, &couple)?, tx.now())?;
        promises::update(tx, &promise)?;
        let action = if completed { "promise.completed" } else { "promise.withdrawn" };
        tx.record(Event::new(action, promise.id).of_couple(couple.id));
        Ok(PromiseView::of(promise, &couple, couples::reader(tx, &couple)?))
    })
    .await
    .map(Found)
}
