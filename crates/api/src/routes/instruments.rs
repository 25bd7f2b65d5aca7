//! Instruments: questionnaires with norms, the product's and the practice's own. No item text without a licence.

use actix_web::{
    get, post, put,
    web::{Data, Json, Path},
};
use chrono::{DateTime, Utc};
use domain::{
    access::Action,
    instrument::{Better, Instrument, InstrumentError, Norms, Yardstick},
};
use serde::{Deserialize, Serialize};
use store::{Tx, audit::Event, instruments};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Created, Found, Resource},
    app::App,
    extract::{Asker, Body, IdempotencyKey, IfMatch, New, NoFilter, Query},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(define_instrument).service(list_instruments).service(show_instrument);
    config.service(revise_instrument).service(archive_instrument);
}

/// What is known about an instrument. Reliable change comes from `sd` with `reliability`, or from `reliable_points`; without either it is
/// withheld.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct InstrumentNorms {
    /// What it is called.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Which way of a score is the better one.
    better: Better,
    /// The lowest score there can be.
    lowest: f64,
    /// The highest score there can be.
    highest: f64,
    /// The score at which the undistressed begin, seen from the worse side.
    #[schema(nullable = false)]
    cut_off: Option<f64>,
    /// The standard deviation in the norm sample, in points.
    #[schema(nullable = false, exclusive_minimum = 0)]
    sd: Option<f64>,
    /// The reliability of the scores.
    #[schema(nullable = false, exclusive_minimum = 0, exclusive_maximum = 1)]
    reliability: Option<f64>,
    /// How many points are a reliable change, as published.
    #[schema(nullable = false, exclusive_minimum = 0)]
    reliable_points: Option<f64>,
    /// Where all this comes from.
    #[validate(length(min = 1, max = 2_000))]
    #[schema(min_length = 1, max_length = 2_000)]
    source: String,
    /// By which licence the items may be kept.
    #[validate(length(min = 1, max = 500))]
    #[schema(nullable = false, min_length = 1, max_length = 500)]
    licence: Option<String>,
    /// What it asks; only with a licence.
    #[serde(default)]
    #[validate(length(max = 200))]
    #[schema(max_items = 200, min_length = 1, max_length = 1_000)]
    items: Vec<String>,
}

impl TryFrom<InstrumentNorms> for Norms {
    type Error = InstrumentError;

    fn try_from(wanted: InstrumentNorms) -> Result<Self, InstrumentError> {
        let yardstick = Yardstick::of(wanted.sd, wanted.reliability, wanted.reliable_points)?;
        let InstrumentNorms { name, better, lowest, highest, cut_off, source, licence, items, .. } = wanted;
        Ok(Self { name, better, lowest, highest, cut_off, yardstick, source, licence, items })
    }
}

/// An instrument of the practice's own.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct DefineInstrument {
    /// Its name in addresses: small letters, digits and hyphens, beginning with a letter.
    #[validate(length(min = 1, max = 60))]
    #[schema(min_length = 1, max_length = 60, pattern = "^[a-z][a-z0-9-]*$", example = "evening-scale")]
    slug: String,
    /// What is known about it.
    #[validate(nested)]
    norms: InstrumentNorms,
}

/// Whether it is put away, so that nothing new is begun with it. What was begun goes on.
#[derive(Debug, Clone, Copy, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ArchiveInstrument {
    /// True puts it away, false brings it back.
    archived: bool,
}

/// An instrument in the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InstrumentSummary)]
struct SummaryView {
    /// Its name in addresses.
    #[schema(max_length = 60)]
    slug: String,
    /// What it is called.
    #[schema(max_length = 200)]
    name: String,
    /// Whether the product ships it.
    shipped: bool,
    /// Since when no new score is entered with it.
    #[schema(required = true)]
    archived_at: Option<DateTime<Utc>>,
    /// The number of its latest version.
    #[schema(value_type = i32, minimum = 1, maximum = 100)]
    latest_version: u16,
}

/// Every instrument of the practice.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Instruments)]
struct ListView {
    /// The product's, then the practice's own by slug.
    #[schema(max_items = 200)]
    items: Vec<SummaryView>,
    /// Always null: they are all on one page.
    #[schema(required = true, max_length = 100)]
    next_cursor: Option<String>,
}

/// One version of an instrument.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = InstrumentVersion)]
struct VersionView {
    /// Its number, from 1.
    #[schema(value_type = i32, minimum = 1, maximum = 100)]
    number: u16,
    /// What it is called.
    #[schema(max_length = 200)]
    name: String,
    /// Which way of a score is the better one.
    better: Better,
    /// The lowest score there can be.
    lowest: f64,
    /// The highest score there can be.
    highest: f64,
    /// The score at which the undistressed begin.
    #[schema(required = true)]
    cut_off: Option<f64>,
    /// The standard deviation in the norm sample, in points.
    #[schema(required = true)]
    sd: Option<f64>,
    /// The reliability of the scores.
    #[schema(required = true)]
    reliability: Option<f64>,
    /// How many points are a reliable change, as published.
    #[schema(required = true)]
    reliable_points: Option<f64>,
    /// Where all this comes from.
    #[schema(max_length = 2_000)]
    source: String,
    /// By which licence the items are kept.
    #[schema(required = true, max_length = 500)]
    licence: Option<String>,
    /// What it asks; the product ships none.
    #[schema(max_items = 200, max_length = 1_000)]
    items: Vec<String>,
}

/// An instrument, with every version there was. A score stays with the version it was entered under.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Instrument)]
struct InstrumentView {
    /// Its name in addresses.
    #[schema(max_length = 60)]
    slug: String,
    /// Whether the product ships it.
    shipped: bool,
    /// Since when no new score is entered with it.
    #[schema(required = true)]
    archived_at: Option<DateTime<Utc>>,
    /// Its versions, the first one first.
    #[schema(min_items = 1, max_items = 100)]
    versions: Vec<VersionView>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

impl From<&Instrument> for SummaryView {
    fn from(instrument: &Instrument) -> Self {
        let latest_version = instrument.latest();
        let name = instrument.norms(latest_version).map(|norms| norms.name.clone()).unwrap_or_default();
        let (shipped, slug) = (instrument.is_shipped(), instrument.slug.clone());
        Self { slug, name, shipped, archived_at: instrument.archived_at, latest_version }
    }
}

impl From<(u16, Norms)> for VersionView {
    fn from((number, norms): (u16, Norms)) -> Self {
        let (sd, reliability, reliable_points) = match norms.yardstick {
            Some(Yardstick::Spread { sd, reliability }) => (Some(sd), Some(reliability), None),
            Some(Yardstick::Points(points)) => (None, None, Some(points)),
            None => (None, None, None),
        };
        let Norms { name, better, lowest, highest, cut_off, source, licence, items, .. } = norms;
        Self {
            number,
            name,
            better,
            lowest,
            highest,
            cut_off,
            sd,
            reliability,
            reliable_points,
            source,
            licence,
            items,
        }
    }
}

impl From<Instrument> for InstrumentView {
    fn from(instrument: Instrument) -> Self {
        let shipped = instrument.is_shipped();
        let Instrument { slug, versions, archived_at, version, .. } = instrument;
        Self { slug, shipped, archived_at, versions: (1..).zip(versions).map(Into::into).collect(), version }
    }
}

impl Resource for InstrumentView {
    fn path(&self) -> String {
        format!("/v1/instruments/{}", self.slug)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// List the instruments
///
/// The product's, with their published norms, and the practice's own.
#[utoipa::path(tag = "instruments", security(("bearer" = [])),
    responses((status = 200, description = "All of them", body = ListView)))]
#[get("/v1/instruments")]
async fn list_instruments(app: Data<App>, caller: Asker, _: Query<NoFilter>) -> Result<Json<ListView>, Problem> {
    app.read(&caller, Action::ReadInstruments, |view| {
        let items = instruments::list(view)?.iter().map(Into::into).collect();
        Ok(Json(ListView { items, next_cursor: None }))
    })
    .await
}

/// Define an instrument of the practice's own
///
/// Item text is refused without the licence that allows keeping it.
#[utoipa::path(tag = "instruments", security(("bearer" = [])), params(IdempotencyKey), request_body = DefineInstrument,
    responses((status = 201, description = "The instrument", body = InstrumentView)))]
#[post("/v1/instruments")]
async fn define_instrument(
    app: Data<App>,
    caller: Asker,
    new: New<DefineInstrument>,
) -> Result<Created<InstrumentView>, Problem> {
    app.create(&caller, Action::DefineInstruments, new, |tx, DefineInstrument { slug, norms }| {
        let others = instruments::list(tx)?;
        let instrument = Instrument::new(tx.new_id(), slug, norms.try_into()?, &others, tx.now())?;
        instruments::insert(tx, &instrument)?;
        record(tx, "instrument.defined", &instrument);
        Ok(instrument.into())
    })
    .await
}

/// Show an instrument with all its versions
#[utoipa::path(tag = "instruments", security(("bearer" = [])),
    params(("instrument" = String, Path, description = "The instrument's slug")),
    responses((status = 200, description = "The instrument", body = InstrumentView)))]
#[get("/v1/instruments/{instrument}")]
async fn show_instrument(app: Data<App>, caller: Asker, slug: Path<String>) -> Result<Found<InstrumentView>, Problem> {
    app.read(&caller, Action::ReadInstruments, move |view| Ok(Found(instruments::find(view, &slug)?.into()))).await
}

/// Give an instrument other norms from now on
///
/// Its next version. Scores that were entered keep theirs. Also for an instrument of the product's: that is how a practice enters the
/// standard deviation and the reliability it goes by, with their source. An archived one is brought back first: until then this is 422.
#[utoipa::path(tag = "instruments", security(("bearer" = [])),
    params(("instrument" = String, Path, description = "The instrument's slug"), IfMatch), request_body = InstrumentNorms,
    responses((status = 200, description = "The instrument, with its next version", body = InstrumentView)))]
#[put("/v1/instruments/{instrument}")]
async fn revise_instrument(
    app: Data<App>,
    caller: Asker,
    slug: Path<String>,
    expected: IfMatch,
    body: Body<InstrumentNorms>,
) -> Result<Found<InstrumentView>, Problem> {
    app.write(&caller, Action::DefineInstruments, move |tx| {
        let mut instrument = instruments::find(tx, &slug)?;
        expected.check(instrument.version)?;
        let is_kept = instrument.id.is_some();
        instrument.revise(body.into_inner().try_into()?, tx.new_id(), tx.now())?;
        keep(tx, &instrument, is_kept)?;
        record(tx, "instrument.revised", &instrument);
        Ok(Found(instrument.into()))
    })
    .await
}

/// Archive an instrument, or bring it back
///
/// What is archived takes no new scores. What was entered with it stays, and can be corrected.
#[utoipa::path(tag = "instruments", security(("bearer" = [])),
    params(("instrument" = String, Path, description = "The instrument's slug"), IfMatch), request_body = ArchiveInstrument,
    responses((status = 200, description = "The instrument as it is now", body = InstrumentView)))]
#[put("/v1/instruments/{instrument}/archival")]
async fn archive_instrument(
    app: Data<App>,
    caller: Asker,
    slug: Path<String>,
    expected: IfMatch,
    body: Body<ArchiveInstrument>,
) -> Result<Found<InstrumentView>, Problem> {
    app.write(&caller, Action::DefineInstruments, move |tx| {
        let mut instrument = instruments::find(tx, &slug)?;
        expected.check(instrument.version)?;
        let is_kept = instrument.id.is_some();
        if instrument.archive(body.archived, tx.new_id(), tx.now()) {
            keep(tx, &instrument, is_kept)?;
            record(tx, if body.archived { "instrument.archived" } else { "instrument.brought_back" }, &instrument);
        }
        Ok(Found(instrument.into()))
    })
    .await
}

fn keep(tx: &mut Tx<'_>, instrument: &Instrument, is_kept: bool) -> Result<(), Problem> {
    let kept = if is_kept { instruments::update(tx, instrument) } else { instruments::insert(tx, instrument) };
    Ok(kept?)
}

fn record(tx: &mut Tx<'_>, action: &'static str, instrument: &Instrument) {
    if let Some(id) = instrument.id {
        tx.record(Event::new(action, id));
    }
}
