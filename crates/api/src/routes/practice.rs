//! The practice that one is signed in to.

use actix_web::{get, patch, web::Data};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{
    access::Action,
    ids::PracticeId,
    practice::{Practice, PracticeChange},
};
use serde::{Deserialize, Serialize};
use store::{audit::Event, practices};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Found, Resource},
    app::App,
    extract::{Asker, IfMatch, Patch},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_practice).service(change_practice);
}

/// One counseling business.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Practice)]
pub(super) struct PracticeView {
    /// Which one.
    id: PracticeId,
    /// What its people type at sign-in.
    #[schema(max_length = 40)]
    handle: String,
    /// What it is called on documents.
    #[schema(max_length = 200)]
    name: String,
    /// Where its days begin and end, unless a couple says otherwise (IANA).
    #[schema(value_type = String, example = "America/New_York", max_length = 60)]
    time_zone: Tz,
    /// When it was set up.
    created_at: DateTime<Utc>,
    /// Counts the changes.
    version: i64,
}

impl From<Practice> for PracticeView {
    fn from(practice: Practice) -> Self {
        let Practice { id, handle, name, time_zone, created_at, version } = practice;
        Self { id, handle: handle.into(), name, time_zone, created_at, version }
    }
}

impl Resource for PracticeView {
    fn path(&self) -> String {
        "/v1/practice".to_owned()
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// What is to be different.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePractice {
    /// What it is called on documents.
    #[validate(length(min = 1, max = 200))]
    #[schema(nullable = false)]
    name: Option<String>,
    /// Where its days begin and end (IANA).
    #[schema(value_type = Option<String>, nullable = false, example = "America/New_York", max_length = 60)]
    time_zone: Option<Tz>,
}

/// Show the practice
#[utoipa::path(tag = "practice", security(("bearer" = [])), responses((status = 200, description = "The practice", body = PracticeView)))]
#[get("/v1/practice")]
async fn show_practice(app: Data<App>, caller: Asker) -> Result<Found<PracticeView>, Problem> {
    app.read(&caller, Action::ReadPractice, |view| Ok(Found(practices::find(view)?.into()))).await
}

/// Change the practice
#[utoipa::path(tag = "practice", security(("bearer" = [])), params(IfMatch), request_body = ChangePractice,
    responses((status = 200, description = "The practice, changed", body = PracticeView)))]
#[patch("/v1/practice")]
async fn change_practice(
    app: Data<App>,
    caller: Asker,
    expected: IfMatch,
    patch: Patch<ChangePractice>,
) -> Result<Found<PracticeView>, Problem> {
    app.write(&caller, Action::ChangePractice, move |tx| {
        let mut practice = practices::find(tx)?;
        expected.check(practice.version)?;
        let ChangePractice { name, time_zone } = patch.into_inner();
        practice.change(PracticeChange { name, time_zone })?;
        practices::update(tx, &practice)?;
        tx.record(Event::new("practice.changed", practice.id));
        Ok(Found(practice.into()))
    })
    .await
}
