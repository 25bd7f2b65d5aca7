//! Flags: what reviews want taken up in a session, until a counselor takes it up.

use actix_web::{
    get, post,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use domain::{
    access::Action,
    flag::Flag,
    ids::{CoupleId, EntryId, ReviewId, SessionId, StaffId},
    session::Session,
};
use serde::{Deserialize, Serialize};
use store::{Tx, audit::Event, flags};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Found, Resource},
    app::App,
    extract::{Asker, Body, Listing, PageParameters, Paged},
    pen,
    problem::Problem,
    routes::sessions::session_of,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_flags).service(take_up_flag);
}

/// A reviewed entry that is to be taken up in a session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Flag)]
struct FlagView {
    /// The review that set it.
    review_id: ReviewId,
    /// The entry it is about.
    entry_id: EntryId,
    /// The couple.
    couple_id: CoupleId,
    /// Who set it.
    flagged_by: StaffId,
    /// When.
    flagged_at: DateTime<Utc>,
    /// When it was taken up; null while it stands.
    #[schema(required = true)]
    taken_up_at: Option<DateTime<Utc>>,
    /// Who took it up.
    #[schema(required = true)]
    taken_up_by: Option<StaffId>,
    /// The session in which it was taken up, if that was said.
    #[schema(required = true)]
    session_id: Option<SessionId>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 2)]
    version: i64,
}

impl From<Flag> for FlagView {
    fn from(flag: Flag) -> Self {
        Self {
            review_id: flag.review,
            entry_id: flag.entry,
            couple_id: flag.couple,
            flagged_by: flag.flagged_by,
            flagged_at: flag.flagged_at,
            taken_up_at: flag.taken_up.map(|taken| taken.at),
            taken_up_by: flag.taken_up.map(|taken| taken.by),
            session_id: flag.taken_up.and_then(|taken| taken.session),
            version: flag.version(),
        }
    }
}

impl Resource for FlagView {
    fn path(&self) -> String {
        format!("/v1/flags?couple_id={}", self.couple_id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// Which flags are listed.
#[derive(Debug, Clone, Copy, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FlagFilter {
    /// Only those of this couple.
    #[param(nullable = false, required = false)]
    couple_id: Option<CoupleId>,
}

/// List the flags that stand
///
/// Across the whole caseload, the oldest first: what reviews flagged for a session and nobody has taken up.
#[utoipa::path(tag = "flags", security(("bearer" = [])), params(PageParameters, FlagFilter),
    responses((status = 200, description = "Flags that stand, the oldest first", body = Paged<FlagView>)))]
#[get("/v1/flags")]
async fn list_flags(app: Data<App>, caller: Asker, list: Listing<FlagFilter>) -> Result<Paged<FlagView>, Problem> {
    app.read_audited(&caller, Action::ReadReviewQueue, move |tx| {
        let slice = flags::list_open(tx, list.filter.couple_id, list.page)?;
        for flag in &slice.items {
            tx.record(Event::new("flag.read", flag.review).of_couple(flag.couple));
        }
        Ok(Paged::of(slice, |flag| (flag.flagged_at, flag.review.0), FlagView::from))
    })
    .await
}

/// Where a flag was taken up.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct TakeUpFlag {
    /// The session in which it was taken up, one of the couple's that was held; leave it out if it was not in one.
    #[schema(nullable = false)]
    session_id: Option<SessionId>,
}

/// Take up a flag
///
/// It is done with, and on no agenda any more. That a session was held takes up nothing by itself. It needs no `If-Match`: it
/// happens once, and is 409 after that.
#[utoipa::path(tag = "flags", security(("bearer" = [])),
    params(("review_id" = ReviewId, Path, description = "The review that set the flag")), request_body = TakeUpFlag,
    responses((status = 200, description = "The flag, taken up", body = FlagView), (status = 409, description = "It was taken up already")))]
#[post("/v1/flags/{review_id}/taking-up")]
async fn take_up_flag(
    app: Data<App>,
    caller: Asker,
    review_id: Path<ReviewId>,
    body: Body<TakeUpFlag>,
) -> Result<Found<FlagView>, Problem> {
    app.write(&caller, Action::ReviewEntries, move |tx| {
        let mut flag = flags::find(tx, *review_id)?;
        let unknown = || Problem::unknown("/session_id", "is no session of this couple");
        let session = body.session_id.map(|id| session_of(tx, flag.couple, id, unknown)).transpose()?;
        take_up(tx, &mut flag, session.as_ref())?;
        Ok(Found(flag.into()))
    })
    .await
}

/// Takes up a flag, in a session or without one.
pub(crate) fn take_up(tx: &mut Tx<'_>, flag: &mut Flag, session: Option<&Session>) -> Result<(), Problem> {
    flag.take_up(session, pen::staff(tx)?, tx.now())?;
    flags::update(tx, flag)?;
    tx.record(Event::new("flag.taken_up", flag.review).of_couple(flag.couple));
    Ok(())
}
