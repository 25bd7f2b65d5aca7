//! The practice in numbers, for its owner: counts and flow, no clinical text, nothing of one client.

use actix_web::{
    get,
    web::{Data, Json},
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use domain::{
    access::Action,
    couple::CoupleStatus,
    ids::StaffId,
    overview::{Overview, Tally},
    session::SessionStatus,
};
use serde::{Deserialize, Serialize};
use store::overview;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    app::App,
    extract::{Asker, Query, check_range},
    problem::Problem,
};

/// After how many days a draft counts as unsigned if nothing else is asked for.
const UNSIGNED_AFTER_DAYS: u32 = 7;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_overview);
}

/// What is counted.
#[derive(Debug, Clone, Copy, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// The first day, in the practice's time zone.
    from: NaiveDate,
    /// The last day, at most three years after the first.
    until: NaiveDate,
    /// After how many days a note that is still a draft counts as unsigned.
    #[validate(range(min = 0, max = 365))]
    #[param(nullable = false, required = false, value_type = i32, minimum = 0, maximum = 365, default = 7)]
    unsigned_after_days: Option<u32>,
}

impl Wanted {
    fn at(self, now: DateTime<Utc>) -> Result<overview::Wanted, Problem> {
        let Self { from, until, unsigned_after_days } = self;
        check_range(from, until)?;
        let days = Days::new(unsigned_after_days.unwrap_or(UNSIGNED_AFTER_DAYS).into());
        let unsigned_before = now.checked_sub_days(days).unwrap_or(now);
        Ok(overview::Wanted { from, until, unsigned_before })
    }
}

/// What the practice does, in numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PracticeOverview)]
struct OverviewView {
    /// The first day.
    from: NaiveDate,
    /// The last day.
    until: NaiveDate,
    /// Everybody together.
    practice: TallyView,
    /// Each counselor of whom something was counted.
    #[schema(max_items = 10_000)]
    counselors: Vec<CounselorTally>,
}

/// What was counted for one counselor: a couple's numbers are its primary counselor's, a session's those of whoever held it, a
/// note's its author's, an assignment's those of whoever gave it.
#[derive(Debug, Serialize, ToSchema)]
struct CounselorTally {
    /// Who.
    counselor_id: StaffId,
    /// What was counted.
    counts: TallyView,
}

/// What was counted. What happened is of the range; what stands is as of now.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Tally)]
struct TallyView {
    /// Couples by where their case stands now.
    couples: CouplesByStatus,
    /// Cases opened in the range.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    opened: i64,
    /// Cases closed in the range, and closed still.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    closed: i64,
    /// Sessions in the range by what became of them.
    sessions: SessionsByStatus,
    /// Notes that are still drafts after the given days.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    unsigned_notes: i64,
    /// Assignments given in the range.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    assignments_given: i64,
    /// Assignments that ended in the range because they were done.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    assignments_completed: i64,
    /// Entries submitted in the range.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    entries_submitted: i64,
    /// Entries that wait for review now.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    to_review: i64,
    /// For how many days the oldest of them has waited; null if none does.
    #[schema(required = true, minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    oldest_to_review_days: Option<i64>,
}

macro_rules! by_status {
    ($(#[$doc:meta])* $name:ident of $status:ident { $($(#[$field_doc:meta])* $field:ident $variant:ident,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Serialize, ToSchema)]
        struct $name {
            $($(#[$field_doc])* #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)] $field: i64,)+
        }

        impl From<std::collections::BTreeMap<$status, i64>> for $name {
            fn from(counts: std::collections::BTreeMap<$status, i64>) -> Self {
                Self { $($field: counts.get(&$status::$variant).copied().unwrap_or_default(),)+ }
            }
        }
    };
}

by_status! {
    /// Couples by where their case stands.
    CouplesByStatus of CoupleStatus {
        /// Asked for help; treatment has not begun.
        intake Intake,
        /// In treatment.
        active Active,
        /// In treatment, and resting.
        paused Paused,
        /// Treatment is over.
        closed Closed,
        /// Parted.
        separated Separated,
    }
}

by_status! {
    /// Sessions by what became of them.
    SessionsByStatus of SessionStatus {
        /// To come, or nobody has said what became of them.
        scheduled Scheduled,
        /// Took place.
        held Held,
        /// Called off in time.
        cancelled Cancelled,
        /// Called off too late.
        late_cancelled LateCancelled,
        /// Nobody came.
        no_show NoShow,
    }
}

impl TallyView {
    fn of(tally: Tally, now: DateTime<Utc>) -> Self {
        Self {
            couples: tally.couples.into(),
            opened: tally.opened,
            closed: tally.closed,
            sessions: tally.sessions.into(),
            unsigned_notes: tally.unsigned_notes,
            assignments_given: tally.assignments_given,
            assignments_completed: tally.assignments_completed,
            entries_submitted: tally.entries_submitted,
            to_review: tally.to_review,
            oldest_to_review_days: tally.oldest_to_review_at.map(|at| (now - at).num_days()),
        }
    }
}

/// Show what the practice does, in numbers
#[utoipa::path(tag = "practice", security(("bearer" = [])), params(Wanted),
    responses((status = 200, description = "Counts, of the practice and of each counselor", body = OverviewView)))]
#[get("/v1/practice/overview")]
async fn show_overview(app: Data<App>, caller: Asker, wanted: Query<Wanted>) -> Result<Json<OverviewView>, Problem> {
    app.read(&caller, Action::ReadPracticeOverview, move |view| {
        let (Query(asked), now) = (wanted, view.now());
        let Overview { practice, counselors } = overview::count(view, asked.at(now)?)?;
        let of_counselor = |(counselor_id, tally)| CounselorTally { counselor_id, counts: TallyView::of(tally, now) };
        Ok(Json(OverviewView {
            from: asked.from,
            until: asked.until,
            practice: TallyView::of(practice, now),
            counselors: counselors.into_iter().map(of_counselor).collect(),
        }))
    })
    .await
}
