//! The catalog: the ten exercises, what is recorded in each, and what it measures. The same for everybody, so it is written once.

use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse, get, web::Path};
use domain::{
    access::Action,
    exercises::{
        Answers, Aspect, DEFAULT_ORDER, Direction, Exercise, Kind, Measure, Mode, Per, Rhythm, Slug, Times, Unit,
        Weeks, exercise,
    },
};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    answer::Written,
    extract::{Asker, NoFilter, Query},
    json_schema::Definitions,
    problem::Problem,
    routes::visibility::VisibilityWord,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_exercises).service(show_exercise);
}

/// An exercise in the list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExerciseSummary)]
struct SummaryView {
    /// Its name in addresses.
    slug: Slug,
    /// Its number, 1 to 10.
    #[schema(value_type = i32, minimum = 1, maximum = 10)]
    number: u8,
    /// The version of its wording and forms.
    #[schema(value_type = i32, minimum = 1, maximum = 65_535)]
    version: u16,
    /// What partners call it.
    #[schema(value_type = String, max_length = 200)]
    title: &'static str,
    /// What it is for, in a sentence.
    #[schema(value_type = String, max_length = 1000)]
    purpose: &'static str,
    /// What an assignment starts with.
    defaults: DefaultsView,
    /// How often each thing in it is usually recorded. What is in none of them is recorded whenever there is something to say.
    #[schema(max_items = 20)]
    rhythms: Vec<RhythmView>,
    /// For how many weeks it usually goes on; null where it goes on as long as it takes.
    #[schema(required = true)]
    usual_weeks: Option<WeeksView>,
    /// The kinds of entries recorded in it.
    #[schema(value_type = Vec<Kind>, max_items = 100)]
    kinds: &'static [Kind],
}

/// An exercise: worded for the partners, with the forms of what is recorded in it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Exercise)]
struct ExerciseView {
    /// Its name in addresses.
    slug: Slug,
    /// Its number, 1 to 10.
    #[schema(value_type = i32, minimum = 1, maximum = 10)]
    number: u8,
    /// The version of its wording and forms.
    #[schema(value_type = i32, minimum = 1, maximum = 65_535)]
    version: u16,
    /// What partners call it.
    #[schema(value_type = String, max_length = 200)]
    title: &'static str,
    /// What it is for, in a sentence.
    #[schema(value_type = String, max_length = 1000)]
    purpose: &'static str,
    /// What to do, in order.
    #[schema(value_type = Vec<String>, max_items = 50)]
    steps: &'static [&'static str],
    /// Questions to start from.
    #[schema(value_type = Vec<String>, max_items = 50)]
    prompts: &'static [&'static str],
    /// What an assignment starts with.
    defaults: DefaultsView,
    /// How often each thing in it is usually recorded. What is in none of them is recorded whenever there is something to say.
    #[schema(max_items = 20)]
    rhythms: Vec<RhythmView>,
    /// For how many weeks it usually goes on; null where it goes on as long as it takes.
    #[schema(required = true)]
    usual_weeks: Option<WeeksView>,
    /// What is recorded in it, in the order in which it is met.
    #[schema(max_items = 100)]
    kinds: Vec<KindView>,
    /// What its entries say in numbers.
    #[schema(max_items = 100)]
    measures: Vec<MeasureView>,
}

/// What an assignment starts with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExerciseDefaults)]
struct DefaultsView {
    /// How the partners answer.
    mode: Mode,
    /// How often, as a recurrence rule (RFC 5545) in the couple's days; null for once, or whenever it happens.
    #[schema(value_type = Option<String>, required = true, max_length = 200, example = "FREQ=WEEKLY;BYDAY=MO,TH")]
    cadence: Option<&'static str>,
    /// Who reads what is recorded, as a rule; each kind of entry has its own word on it, which wins.
    visibility: VisibilityWord,
    /// Whether it can be late, and so remind. Nobody is late for healing or forgiving.
    can_be_overdue: bool,
    /// Whether it waits, in this mode, for both partners' safety to be clear, and rests while one is not. Given as joint or parallel,
    /// every exercise does.
    needs_safety_clear: bool,
    /// What comes before it in the default order.
    #[schema(value_type = Vec<Slug>, max_items = 10)]
    prerequisites: &'static [Slug],
}

/// How often something of an exercise is usually recorded. An assignment takes none of it: its one cadence starts as that in `defaults`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExerciseRhythm)]
struct RhythmView {
    /// What, and how often, in a few words for the partners.
    #[schema(value_type = String, max_length = 200, example = "A look back together each week")]
    words: &'static str,
    /// The kinds of entries; none where what is recorded is no entry: the outcomes of promises.
    #[schema(value_type = Vec<Kind>, max_items = 100)]
    kinds: &'static [Kind],
    /// How often, as a recurrence rule (RFC 5545) in the couple's days; null for what has no days of its own.
    #[schema(value_type = Option<String>, required = true, max_length = 200, example = "FREQ=WEEKLY")]
    recurrence: Option<&'static str>,
    /// How many times, where that matters more than the days; else null.
    #[schema(required = true)]
    times: Option<TimesView>,
}

/// How many times within a week or a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExerciseTimes)]
struct TimesView {
    /// At least so many.
    #[schema(value_type = i32, minimum = 1, maximum = 31)]
    from: u8,
    /// At most so many.
    #[schema(value_type = i32, minimum = 1, maximum = 31)]
    to: u8,
    /// In which span.
    per: Per,
}

/// A number of weeks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExerciseWeeks)]
struct WeeksView {
    /// At least so many.
    #[schema(value_type = i32, minimum = 1, maximum = 104)]
    from: u8,
    /// At most so many.
    #[schema(value_type = i32, minimum = 1, maximum = 104)]
    to: u8,
}

/// One kind of entry: who writes it, who reads it, and its form.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExerciseKind)]
struct KindView {
    /// Its name: the `type` of its answers.
    kind: Kind,
    /// Who may write it: `caused` and `hurt` are the roles in the breach that the assignment is about; without one, either partner.
    #[schema(value_type = String, max_length = 50, example = "either_partner")]
    writer: &'static str,
    /// Who reads a new entry, unless its author decides otherwise.
    default_visibility: VisibilityWord,
    /// Whether that can never be changed, not even by its author.
    visibility_fixed: bool,
    /// The schema of its answers by itself (JSON Schema 2020-12).
    #[schema(value_type = Object)]
    schema: Value,
    /// Answers that pass every check.
    example: Answers,
}

/// Something that entries say in numbers.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExerciseMeasure)]
struct MeasureView {
    /// Its name.
    measure: Measure,
    /// Its name for people.
    #[schema(value_type = String, max_length = 200)]
    title: &'static str,
    /// Whether it says what was done or what changed; the two are never added up.
    aspect: Aspect,
    /// What it is counted in.
    unit: Unit,
    /// Which way is better.
    direction: Direction,
    /// The smallest value one entry may say.
    minimum: f64,
    /// The largest value one entry may say; null where nothing bounds it.
    #[schema(required = true)]
    maximum: Option<f64>,
}

/// The exercises of the catalog.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Exercises)]
struct CatalogView {
    /// All ten, in the default order.
    #[schema(max_items = 100)]
    items: Vec<SummaryView>,
    /// Always null: they are all on one page.
    #[schema(required = true, max_length = 100)]
    next_cursor: Option<String>,
}

impl From<&Exercise> for DefaultsView {
    fn from(exercise: &Exercise) -> Self {
        let defaults = exercise.defaults;
        Self {
            mode: defaults.mode,
            cadence: defaults.cadence,
            visibility: defaults.visibility.into(),
            can_be_overdue: defaults.can_be_overdue,
            needs_safety_clear: exercise.waits_for_safety(),
            prerequisites: defaults.prerequisites,
        }
    }
}

impl From<&Rhythm> for RhythmView {
    fn from(rhythm: &Rhythm) -> Self {
        let Rhythm { kinds, words, recurrence, times } = *rhythm;
        Self { words, kinds, recurrence, times: times.map(|Times { from, to, per }| TimesView { from, to, per }) }
    }
}

impl From<Weeks> for WeeksView {
    fn from(Weeks { from, to }: Weeks) -> Self {
        Self { from, to }
    }
}

impl From<&Exercise> for SummaryView {
    fn from(exercise: &Exercise) -> Self {
        let Exercise { slug, number, version, title, purpose, rhythms, weeks, kinds, .. } = *exercise;
        Self {
            slug,
            number,
            version,
            title,
            purpose,
            defaults: exercise.into(),
            rhythms: rhythms.iter().map(Into::into).collect(),
            usual_weeks: weeks.map(Into::into),
            kinds,
        }
    }
}

impl ExerciseView {
    fn of(exercise: &Exercise, definitions: &Definitions) -> Result<Self, serde_json::Error> {
        let SummaryView { slug, number, version, title, purpose, defaults, rhythms, usual_weeks, kinds } =
            exercise.into();
        let kinds = kinds.iter().map(|kind| KindView::of(*kind, definitions)).collect::<Result<_, _>>()?;
        Ok(Self {
            slug,
            number,
            version,
            title,
            purpose,
            steps: exercise.steps,
            prompts: exercise.prompts,
            defaults,
            rhythms,
            usual_weeks,
            kinds,
            measures: slug.measures().iter().map(|measure| (*measure).into()).collect(),
        })
    }
}

impl KindView {
    fn of(kind: Kind, definitions: &Definitions) -> Result<Self, serde_json::Error> {
        let visibility = kind.visibility();
        Ok(Self {
            kind,
            writer: kind.writer().as_str(),
            default_visibility: visibility.default.into(),
            visibility_fixed: visibility.fixed,
            schema: definitions.schema_of(kind)?,
            example: kind.example(),
        })
    }
}

impl From<Measure> for MeasureView {
    fn from(measure: Measure) -> Self {
        let (minimum, maximum) = measure.range();
        Self {
            measure,
            title: measure.title(),
            aspect: measure.aspect(),
            unit: measure.unit(),
            direction: measure.direction(),
            minimum,
            maximum,
        }
    }
}

/// The whole catalog as it is answered.
struct Catalog {
    list: Written,
    exercises: Vec<(Slug, Written)>,
}

static CATALOG: LazyLock<Result<Catalog, serde_json::Error>> = LazyLock::new(Catalog::write);

impl Catalog {
    fn write() -> Result<Self, serde_json::Error> {
        let definitions = Definitions::of_answers()?;
        let in_order = || DEFAULT_ORDER.iter().copied().flatten().filter_map(|slug| exercise(*slug));
        let list = Written::of(&CatalogView { items: in_order().map(Into::into).collect(), next_cursor: None })?;
        let written =
            |exercise: &Exercise| Ok((exercise.slug, Written::of(&ExerciseView::of(exercise, &definitions)?)?));
        Ok(Self { list, exercises: in_order().map(written).collect::<Result<_, serde_json::Error>>()? })
    }

    fn get() -> Result<&'static Self, Problem> {
        CATALOG.as_ref().map_err(|error| Problem::internal(error.to_string()))
    }
}

/// List the ten exercises
#[utoipa::path(tag = "exercises", security(("bearer" = [])),
    responses((status = 200, description = "All ten, in the default order", body = CatalogView)))]
#[get("/v1/exercises")]
async fn list_exercises(request: HttpRequest, who: Asker, _: Query<NoFilter>) -> Result<HttpResponse, Problem> {
    who.caller.may(Action::ReadCatalog)?;
    Ok(Catalog::get()?.list.answer(&request))
}

/// Show an exercise: its wording, its forms, its measures
#[utoipa::path(tag = "exercises", security(("bearer" = [])),
    params(("slug" = Slug, Path, description = "The exercise")),
    responses((status = 200, description = "The exercise", body = ExerciseView)))]
#[get("/v1/exercises/{slug}")]
async fn show_exercise(request: HttpRequest, who: Asker, slug: Path<String>) -> Result<HttpResponse, Problem> {
    who.caller.may(Action::ReadCatalog)?;
    let slug: Slug = slug.parse().map_err(|_| Problem::not_found())?;
    let found = Catalog::get()?.exercises.iter().find(|(known, _)| *known == slug);
    found.map(|(_, written)| written.answer(&request)).ok_or_else(Problem::not_found)
}
