//! Scores: what a questionnaire came to for one partner on a day. For clinical staff; for the partner it is about if it was shared.

mod change;

use actix_web::{
    get, patch, post,
    web::{Data, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::Action,
    couple::Couple,
    ids::{CoupleId, PartnerId, ScoreId, StaffId},
    instrument::Instrument,
    score::{Score, ScoreDraft, ScoreError},
};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, View, audit::Event, couples, instruments, scores};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Created, Found, Resource},
    app::App,
    extract::{Asker, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged, Patch},
    pen,
    problem::{FieldError, Problem, named},
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(enter_score).service(list_scores).service(show_score).service(share_score).service(correct_score);
    change::routes(config);
}

/// A score to enter.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct EnterScore {
    /// About whom it is.
    partner_id: PartnerId,
    /// The instrument, by its slug.
    #[validate(length(min = 1, max = 60))]
    #[schema(min_length = 1, max_length = 60, example = "rdas")]
    instrument: String,
    /// The version of the instrument; the latest if absent.
    #[schema(value_type = Option<i32>, nullable = false, minimum = 1, maximum = 100)]
    instrument_version: Option<u16>,
    /// The day the questionnaire was filled in, in the couple's time zone; today if absent.
    #[schema(nullable = false)]
    taken_on: Option<NaiveDate>,
    /// What it came to, within the range of the instrument.
    value: f64,
    /// Whether the partner it is about may see it. The other never does.
    #[serde(default)]
    shared_with_partner: bool,
}

/// What a score should have been.
#[derive(Debug, Clone, Copy, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectScore {
    /// The version of the instrument; the same if absent.
    #[schema(value_type = Option<i32>, nullable = false, minimum = 1, maximum = 100)]
    instrument_version: Option<u16>,
    /// The day the questionnaire was filled in; the same if absent.
    #[schema(nullable = false)]
    taken_on: Option<NaiveDate>,
    /// What it came to, within the range of the instrument.
    value: f64,
}

/// What is to be different about a score.
#[derive(Debug, Clone, Copy, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ShareScore {
    /// Whether the partner it is about may see it. What was shown is not hidden again.
    shared_with_partner: bool,
}

/// A score of one partner.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Score)]
struct ScoreView {
    /// Its id.
    id: ScoreId,
    /// The couple.
    couple_id: CoupleId,
    /// About whom it is.
    partner_id: PartnerId,
    /// The instrument, by its slug.
    #[schema(max_length = 60)]
    instrument: String,
    /// What the instrument is called.
    #[schema(max_length = 200)]
    name: String,
    /// The version of the instrument it was entered under.
    #[schema(value_type = i32, minimum = 1, maximum = 100)]
    instrument_version: u16,
    /// The day the questionnaire was filled in.
    taken_on: NaiveDate,
    /// What it came to.
    value: f64,
    /// The lowest score there can be.
    lowest: f64,
    /// The highest score there can be.
    highest: f64,
    /// Whether the partner it is about may see it.
    shared_with_partner: bool,
    /// The score that took its place; null while it holds.
    #[schema(required = true)]
    superseded_by_id: Option<ScoreId>,
    /// The staff member who entered it.
    entered_by: StaffId,
    /// When it was entered.
    created_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

impl ScoreView {
    fn of(score: Score, instruments: &[Instrument]) -> Result<Self, Problem> {
        let instrument = instruments.iter().find(|one| one.slug == score.instrument);
        let norms = instrument.and_then(|one| one.norms(score.instrument_version));
        let norms = norms.ok_or(StoreError::Corrupt("scores.instrument"))?;
        Ok(Self {
            id: score.id,
            couple_id: score.couple,
            partner_id: score.partner,
            name: norms.name.clone(),
            instrument: score.instrument,
            instrument_version: score.instrument_version,
            taken_on: score.taken_on,
            value: score.value,
            lowest: norms.lowest,
            highest: norms.highest,
            shared_with_partner: score.shared_with_partner,
            superseded_by_id: score.superseded_by,
            entered_by: score.entered_by,
            created_at: score.created_at,
            version: score.version,
        })
    }
}

impl Resource for ScoreView {
    fn path(&self) -> String {
        format!("/v1/scores/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

impl From<ScoreError> for Problem {
    fn from(error: ScoreError) -> Self {
        let (field, code) = match error {
            ScoreError::NotAPartner => ("/partner_id", "unknown"),
            ScoreError::Future => ("/taken_on", "range"),
            ScoreError::Version => ("/instrument_version", "unknown"),
            ScoreError::Range { .. } => ("/value", "range"),
            ScoreError::Archived | ScoreError::Superseded | ScoreError::Narrowed => return Self::rule(error),
        };
        Self::invalid(vec![FieldError::body(field, code, error.to_string())])
    }
}

fn instrument(view: &mut View<'_>, slug: &str) -> Result<Instrument, Problem> {
    named(instruments::find(view, slug), || Problem::unknown("/instrument", "must be one of the instruments"))
}

/// Enter a score
///
/// A counselor enters what a questionnaire came to for one partner.
#[utoipa::path(tag = "scores", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), IdempotencyKey), request_body = EnterScore,
    responses((status = 201, description = "The score", body = ScoreView)))]
#[post("/v1/couples/{couple_id}/scores")]
async fn enter_score(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    new: New<EnterScore>,
) -> Result<Created<ScoreView>, Problem> {
    app.create(&caller, Action::EnterScores, new, move |tx, wanted| {
        let couple = couples::find(tx, *couple_id)?;
        let instrument = instrument(tx, &wanted.instrument)?;
        let EnterScore { partner_id: partner, instrument_version, taken_on, value, shared_with_partner, .. } = wanted;
        let draft = ScoreDraft { partner, instrument_version, taken_on, value, shared_with_partner };
        let score = enter(tx, &couple, &instrument, &draft)?;
        ScoreView::of(score, &[instrument])
    })
    .await
}

/// Enters what a questionnaire came to.
pub(crate) fn enter(
    tx: &mut Tx<'_>,
    couple: &Couple,
    instrument: &Instrument,
    draft: &ScoreDraft,
) -> Result<Score, Problem> {
    let score = Score::new(tx.new_id(), couple, instrument, draft, pen::staff(tx)?, tx.now())?;
    scores::insert(tx, &score)?;
    tx.record(Event::new("score.entered", score.id).of_couple(couple.id));
    Ok(score)
}

/// List a couple's scores
///
/// Clinical staff see those of both partners, those that were corrected included. A partner sees those about them that were shared with them.
#[utoipa::path(tag = "scores", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), PageParameters),
    responses((status = 200, description = "Scores, in the order in which they were entered", body = Paged<ScoreView>)))]
#[get("/v1/couples/{couple_id}/scores")]
async fn list_scores(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    list: Listing,
) -> Result<Paged<ScoreView>, Problem> {
    app.read_audited(&caller, Action::ReadScores, move |tx| {
        let couple = couples::find(tx, *couple_id)?;
        let (found, instruments) = (scores::list(tx, &couple, list.page)?, instruments::list(tx)?);
        tx.record(Event::new("scores.read", couple.id).of_couple(couple.id));
        let place = |score: &Score| (score.created_at, score.id.0);
        let Paged { items, next_cursor } = Paged::of(found, place, |score| ScoreView::of(score, &instruments));
        Ok(Paged { items: items.into_iter().collect::<Result<_, _>>()?, next_cursor })
    })
    .await
}

/// Show a score
#[utoipa::path(tag = "scores", security(("bearer" = [])),
    params(("score_id" = ScoreId, Path, description = "The score")),
    responses((status = 200, description = "The score", body = ScoreView)))]
#[get("/v1/scores/{score_id}")]
async fn show_score(app: Data<App>, caller: Asker, id: Path<ScoreId>) -> Result<Found<ScoreView>, Problem> {
    app.read_audited(&caller, Action::ReadScores, move |tx| {
        let (score, couple) = scores::find(tx, *id)?;
        tx.record(Event::new("score.read", score.id).of_couple(couple.id));
        let instrument = instruments::find(tx, &score.instrument)?;
        Ok(Found(ScoreView::of(score, &[instrument])?))
    })
    .await
}

/// Share a score with the partner it is about
///
/// The other partner never sees it. What was shown is not hidden again.
#[utoipa::path(tag = "scores", security(("bearer" = [])),
    params(("score_id" = ScoreId, Path, description = "The score"), IfMatch), request_body = ShareScore,
    responses((status = 200, description = "The score as it is now", body = ScoreView)))]
#[patch("/v1/scores/{score_id}")]
async fn share_score(
    app: Data<App>,
    caller: Asker,
    id: Path<ScoreId>,
    expected: IfMatch,
    change: Patch<ShareScore>,
) -> Result<Found<ScoreView>, Problem> {
    app.write(&caller, Action::EnterScores, move |tx| {
        let (mut score, couple) = scores::find(tx, *id)?;
        expected.check(score.version)?;
        score.share(change.into_inner().shared_with_partner)?;
        scores::update(tx, &score)?;
        tx.record(Event::new("score.shared", score.id).of_couple(couple.id));
        let instrument = instruments::find(tx, &score.instrument)?;
        Ok(Found(ScoreView::of(score, &[instrument])?))
    })
    .await
}

/// Correct a score
///
/// The correction is a score of its own, of the same partner and instrument. The one it corrects stays for clinical staff to see, and counts
/// no more.
#[utoipa::path(tag = "scores", security(("bearer" = [])),
    params(("score_id" = ScoreId, Path, description = "The score"), IdempotencyKey), request_body = CorrectScore,
    responses((status = 201, description = "The score in its place", body = ScoreView)))]
#[post("/v1/scores/{score_id}/corrections")]
async fn correct_score(
    app: Data<App>,
    caller: Asker,
    id: Path<ScoreId>,
    new: New<CorrectScore>,
) -> Result<Created<ScoreView>, Problem> {
    app.create(&caller, Action::EnterScores, new, move |tx, wanted| {
        let (mut score, couple) = scores::find(tx, *id)?;
        let instrument = instruments::find(tx, &score.instrument)?;
        let draft = ScoreDraft {
            partner: score.partner,
            instrument_version: wanted.instrument_version.or(Some(score.instrument_version)),
            taken_on: wanted.taken_on.or(Some(score.taken_on)),
            value: wanted.value,
            shared_with_partner: score.shared_with_partner,
        };
        let corrected = score.correct(tx.new_id(), &couple, &instrument, &draft, pen::staff(tx)?, tx.now())?;
        scores::insert(tx, &corrected)?;
        scores::update(tx, &score)?;
        tx.record(Event::new("score.corrected", score.id).of_couple(couple.id));
        ScoreView::of(corrected, &[instrument])
    })
    .await
}
