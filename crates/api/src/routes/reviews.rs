//! Reviews: the counselor has read an entry, and may answer.

use actix_web::{
    get, post,
    web::{Data, Json, Path},
};
use chrono::{DateTime, Utc};
use domain::{
    access::Action,
    confidential::Confidential,
    couple::Couple,
    entry::Entry,
    exercises::Slug,
    ids::{CoupleId, EntryId, PartnerId, ReviewId, StaffId},
    review::{Review, ReviewContext, ReviewDraft},
    visibility::{Reader, may_count_every_change},
};
use serde::{Deserialize, Serialize};
use store::{
    Tx, assignments,
    audit::Event,
    couples,
    entries::{self, FoundEntry, Waiting},
    reviews,
};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::entries::EntryView;
use crate::{
    answer::{Created, Resource},
    app::App,
    extract::{Asker, IdempotencyKey, Listing, New, PageParameters, Paged},
    pen,
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(review_entry).service(list_reviews).service(list_review_queue);
}

/// A counselor's reading of an entry.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewEntry {
    /// What the counselor says about it.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(nullable = false, min_length = 1, max_length = 10_000)]
    feedback: Option<String>,
    /// Whom the feedback is for; the author if absent.
    #[validate(length(min = 1, max = 2))]
    #[schema(nullable = false, min_items = 1, max_items = 2)]
    to: Option<Vec<PartnerId>>,
    /// Whether it is to be taken up in the next session.
    #[serde(default)]
    flagged_for_session: bool,
}

impl From<ReviewEntry> for ReviewDraft {
    fn from(wanted: ReviewEntry) -> Self {
        let ReviewEntry { feedback, to, flagged_for_session } = wanted;
        Self { feedback: feedback.map(Confidential::new), to, flagged_for_session }
    }
}

/// A counselor's reading of an entry.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Review)]
struct ReviewView {
    /// Its id.
    id: ReviewId,
    /// The entry.
    entry_id: EntryId,
    /// The number of the answers that were read; null for everyone else but who wrote them.
    #[schema(required = true, minimum = 1)]
    entry_number: Option<i32>,
    /// By whom.
    by: StaffId,
    /// When.
    at: DateTime<Utc>,
    /// What the counselor says about it.
    #[schema(required = true, max_length = 10_000)]
    feedback: Option<String>,
    /// Whom the feedback is for; to a partner only themselves are named.
    #[schema(max_items = 2)]
    to: Vec<PartnerId>,
    /// Whether it is to be taken up in the next session; null for partners.
    #[schema(required = true)]
    flagged_for_session: Option<bool>,
}

impl ReviewView {
    fn of(review: Review, entry: &Entry, couple: &Couple, reader: Reader) -> Self {
        let counts_all = may_count_every_change(reader, couple, &entry.facts());
        let own = match reader {
            Reader::Partner(partner) => Some(partner),
            Reader::Counselor(_) | Reader::Supervisor(_) => None,
        };
        Self {
            id: review.id,
            entry_id: review.entry,
            entry_number: counts_all.then_some(review.entry_number),
            by: review.by,
            at: review.at,
            feedback: review.feedback.map(Confidential::into_exposed),
            to: review.to.into_iter().filter(|to| own.is_none_or(|own| own == *to)).collect(),
            flagged_for_session: own.is_none().then_some(review.flagged_for_session),
        }
    }
}

impl Resource for ReviewView {
    fn path(&self) -> String {
        format!("/v1/entries/{}/reviews", self.entry_id)
    }

    fn version(&self) -> i64 {
        1
    }
}

/// Review an entry
#[utoipa::path(tag = "reviews", security(("bearer" = [])),
    params(("entry_id" = EntryId, Path, description = "The entry"), IdempotencyKey), request_body = ReviewEntry,
    responses((status = 201, description = "The review", body = ReviewView)))]
#[post("/v1/entries/{entry_id}/reviews")]
async fn review_entry(
    app: Data<App>,
    caller: Asker,
    entry_id: Path<EntryId>,
    new: New<ReviewEntry>,
) -> Result<Created<ReviewView>, Problem> {
    app.create(&caller, Action::ReviewEntries, new, move |tx, wanted| {
        let found = entries::find(tx, *entry_id)?;
        let (entry, couple) = (found.entry.clone(), found.couple.clone());
        let reader = couples::reader(tx, &couple)?;
        Ok(ReviewView::of(review(tx, found, wanted.into())?, &entry, &couple, reader))
    })
    .await
}

/// Records that the caller has read an entry.
pub(crate) fn review(tx: &mut Tx<'_>, mut found: FoundEntry, draft: ReviewDraft) -> Result<Review, Problem> {
    let FoundEntry { couple, both_submitted, .. } = &found;
    let context = ReviewContext { couple, both_submitted: *both_submitted };
    let mut entry = found.entry.clone();
    let review = Review::new(tx.new_id(), context, &mut entry, draft, pen::staff(tx)?, tx.now())?;
    let authors = entry.authors(&found.assignment);
    found.assignment.follow_reviewed(&authors, &found.couple, tx.now());
    assignments::update(tx, &found.assignment)?;
    entries::update(tx, &found.entry, &entry)?;
    reviews::insert(tx, &entry, &review)?;
    tx.record(Event::new("entry.reviewed", entry.id).of_couple(entry.couple));
    Ok(review)
}

/// The reviews of an entry.
#[derive(Debug, Serialize, ToSchema)]
struct Reviews {
    /// The latest reviews, oldest first; for a partner those with feedback for them.
    #[schema(max_items = 100)]
    items: Vec<ReviewView>,
}

/// List the reviews of an entry
#[utoipa::path(tag = "reviews", security(("bearer" = [])),
    params(("entry_id" = EntryId, Path, description = "The entry")),
    responses((status = 200, description = "The latest reviews, oldest first", body = Reviews)))]
#[get("/v1/entries/{entry_id}/reviews")]
async fn list_reviews(app: Data<App>, caller: Asker, entry_id: Path<EntryId>) -> Result<Json<Reviews>, Problem> {
    app.read_audited(&caller, Action::ReadEntries, move |tx| {
        let FoundEntry { entry, couple, .. } = entries::find(tx, *entry_id)?;
        let reader = couples::reader(tx, &couple)?;
        let reviews = reviews::list(tx, &couple, entry.id)?;
        tx.record(Event::new("reviews.read", entry.id).of_couple(couple.id));
        let items = reviews.into_iter().map(|review| ReviewView::of(review, &entry, &couple, reader)).collect();
        Ok(Json(Reviews { items }))
    })
    .await
}

/// Which entries that wait are listed.
#[derive(Debug, Clone, Copy, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct QueueFilter {
    /// Only those of this couple.
    #[param(nullable = false, required = false)]
    couple_id: Option<CoupleId>,
    /// Only those of this exercise.
    #[param(nullable = false, required = false)]
    exercise: Option<Slug>,
}

/// List the entries that wait for review
///
/// Across the whole caseload, those that wait longest first.
#[utoipa::path(tag = "reviews", security(("bearer" = [])), params(PageParameters, QueueFilter),
    responses((status = 200, description = "Submitted entries without a review", body = Paged<EntryView>)))]
#[get("/v1/review-queue")]
async fn list_review_queue(
    app: Data<App>,
    caller: Asker,
    list: Listing<QueueFilter>,
) -> Result<Paged<EntryView>, Problem> {
    app.read_audited(&caller, Action::ReadReviewQueue, move |tx| {
        let QueueFilter { couple_id, exercise } = list.filter;
        let slice = entries::list_to_review(tx, Waiting { couple: couple_id, exercise }, list.page)?;
        for entry in &slice.items {
            tx.record(Event::new("entry.read", entry.id).of_couple(entry.couple));
        }
        let couples = couples::find_all(tx, slice.items.iter().map(|entry| entry.couple))?;
        let mut shown = |entry: Entry| {
            let couple = couples.iter().find(|couple| couple.id == entry.couple).ok_or_else(Problem::not_found)?;
            let place = (entry.submitted_at().unwrap_or(entry.created_at), entry.id.0);
            Ok((place, EntryView::from(entries::show(tx, couple, entry)?)))
        };
        let items = slice.items.into_iter().map(&mut shown).collect::<Result<Vec<_>, Problem>>()?;
        Ok(Paged::of(store::Slice { items, more: slice.more }, |(place, _)| *place, |(_, entry)| entry))
    })
    .await
}
