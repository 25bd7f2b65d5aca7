//! Progress as it is shown: every number with of how many, and what is missing as null.

mod activity;
mod ledger;
mod pairs;
mod rituals;
mod series;

use chrono::NaiveDate;
use domain::{
    entry::Author,
    exercises::{AttendanceWork, Kind, Slug},
    ids::{CoupleId, OwnExerciseId, PartnerId},
    progress::{Completion, EntryCount, ExerciseProgress, Interval, Progress, Span, Told},
};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use activity::{ApologyPartsView, TotalView};
use ledger::PromiseProgressView;
use pairs::PairsView;
use rituals::{KeptUpView, RitualCountView};
use series::SeriesView;

/// What was done and what changed. `view` says of whom, and so which fields there are.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ProgressAnswer, discriminator(property_name = "view", mapping(
    ("shared" = "#/components/schemas/Progress"),
    ("separate" = "#/components/schemas/Progress"),
    ("side_by_side" = "#/components/schemas/ProgressSideBySide"),
)))]
pub(super) enum AnswerView {
    /// About both partners at once, or about one.
    Progress(Box<ProgressView>),
    /// About each partner, one beside the other.
    SideBySide(Box<SideBySideView>),
}

/// About whom one view is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum OneView {
    /// Both partners at once: what both may see.
    Shared,
    /// One partner.
    Separate,
}

/// About whom two views are.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum TwoViews {
    /// Each partner, one beside the other.
    SideBySide,
}

/// What was done and what changed, over a range of a couple's days.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Progress)]
pub(super) struct ProgressView {
    // Without a doc comment: with one, an inline schema becomes two that contradict each other.
    #[schema(inline)]
    view: OneView,
    /// The couple.
    couple_id: CoupleId,
    /// The partner it is about; null if it is about both.
    #[schema(required = true)]
    partner_id: Option<PartnerId>,
    /// The first day.
    from: NaiveDate,
    /// The last day.
    until: NaiveDate,
    /// How long each point of a series is.
    interval: Interval,
    /// The one exercise that was asked for; null if all were.
    #[schema(required = true)]
    exercise: Option<Slug>,
    /// Exercise by exercise; only those with something to tell.
    #[schema(max_items = 100)]
    exercises: Vec<ExerciseProgressView>,
    /// Whether there were more entries than the 5,000 that are counted: the newest are. A shorter range, or one exercise, has fewer.
    entries_cut: bool,
    /// How the promises of each maker were kept; only makers with promises, and none if another exercise than `consistency` was asked
    /// for.
    #[schema(max_items = 100)]
    promises: Vec<PromiseProgressView>,
    /// Whether there were more promises than the 500 that are counted: the newest are.
    promises_cut: bool,
    /// What lies between the two; null about one partner.
    #[schema(required = true)]
    pairs: Option<PairsView>,
}

/// What was done and what changed for each of two partners, over a range of a couple's days. Nothing is added up across them.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressSideBySide)]
pub(super) struct SideBySideView {
    // Without a doc comment, as above.
    #[schema(inline)]
    view: TwoViews,
    /// The couple.
    couple_id: CoupleId,
    /// The first day.
    from: NaiveDate,
    /// The last day.
    until: NaiveDate,
    /// How long each point of a series is.
    interval: Interval,
    /// The one exercise that was asked for; null if all were.
    #[schema(required = true)]
    exercise: Option<Slug>,
    /// Each current partner, as in a separate view of them.
    #[schema(max_items = 2)]
    partners: Vec<PartnerProgressView>,
    /// What lies between the two.
    pairs: PairsView,
}

/// One of two partners.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartnerProgress)]
struct PartnerProgressView {
    /// About whom it is.
    partner_id: PartnerId,
    /// Exercise by exercise; only those with something to tell.
    #[schema(max_items = 100)]
    exercises: Vec<ExerciseProgressView>,
    /// Whether there were more entries than the 5,000 that are counted: the newest are. A shorter range, or one exercise, has fewer.
    entries_cut: bool,
    /// How their promises were kept; none if another exercise than `consistency` was asked for.
    #[schema(max_items = 100)]
    promises: Vec<PromiseProgressView>,
    /// Whether there were more promises than the 500 that are counted: the newest are.
    promises_cut: bool,
}

/// One exercise: what was done, and what changed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExerciseProgress)]
struct ExerciseProgressView {
    /// Which.
    exercise: Slug,
    /// Which of the practice's own, where `exercise` is `own`; null for the ten.
    #[schema(required = true)]
    own_exercise_id: Option<OwnExerciseId>,
    /// What was done.
    activity: ActivityView,
    /// What the partners say changed: a series for each measure and author.
    #[schema(max_items = 1000)]
    outcome: Vec<SeriesView>,
    /// What was kept up after reminders stopped, an outcome too: for each assignment of `shared-rituals` whose reminders have; none for
    /// the others.
    #[schema(max_items = 1000)]
    kept_up: Vec<KeptUpView>,
}

/// What was done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressActivity)]
struct ActivityView {
    /// How far each participant is.
    #[schema(max_items = 100)]
    completion: Vec<CompletionView>,
    /// How many entries of which kind each author recorded.
    #[schema(max_items = 1000)]
    entries: Vec<EntryCountView>,
    /// What the entries say was done, added up.
    #[schema(max_items = 1000)]
    totals: Vec<TotalView>,
    /// How many of the three parts of an apology the drafts of each author cover; none for the other exercises than `apology`.
    #[schema(max_items = 10)]
    apology_parts: Vec<ApologyPartsView>,
    /// What became of planned rituals; null if none was planned, and for the other exercises than `shared-rituals`.
    #[schema(required = true)]
    rituals: Option<RitualCountView>,
    /// Who was there, in the sessions of the range that may be seen here; none for the other exercises than `professional-help`.
    #[schema(max_items = 10)]
    attendance: Vec<AttendanceWork>,
}

/// How far a participant is with what was assigned.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressCompletion)]
struct CompletionView {
    /// Who.
    partner_id: PartnerId,
    /// How many assignments were open in the range.
    #[schema(value_type = i32, minimum = 0)]
    assigned: u32,
    /// For how many of these they handed in something in the range that may be seen here.
    #[schema(value_type = i32, minimum = 0)]
    submitted: u32,
    /// How many of these they are not ready for, as of now; null in a shared view.
    #[schema(value_type = Option<i32>, required = true, minimum = 0)]
    not_ready: Option<u32>,
    /// How many of these they leave out, as of now; null in a shared view.
    #[schema(value_type = Option<i32>, required = true, minimum = 0)]
    skipped: Option<u32>,
}

/// Whose words something is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressAuthor)]
struct AuthorView {
    /// `partner`, `together` or `counselor`.
    #[schema(value_type = String, max_length = 20, example = "partner")]
    kind: &'static str,
    /// The partner, or the staff member; null for what both wrote as one.
    #[schema(required = true)]
    id: Option<Uuid>,
}

/// How many entries of a kind.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProgressEntryCount)]
struct EntryCountView {
    /// Which kind.
    kind: Kind,
    /// Whose.
    author: AuthorView,
    /// How many.
    #[schema(value_type = i32, minimum = 1)]
    count: u32,
}

/// What was asked for, besides of whom.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) couple_id: CoupleId,
    pub(super) span: Span,
    pub(super) exercise: Option<Slug>,
}

impl AnswerView {
    pub(super) fn of(asked: Asked, told: Told) -> Self {
        match told {
            Told::Both(progress, pairs) => {
                let pairs = Some(pairs.into());
                Self::Progress(Box::new(ProgressView { pairs, ..ProgressView::of(asked, OneView::Shared, progress) }))
            }
            Told::One(partner, progress) => {
                let partner_id = Some(partner);
                let view = ProgressView::of(asked, OneView::Separate, progress);
                Self::Progress(Box::new(ProgressView { partner_id, ..view }))
            }
            Told::SideBySide(partners, pairs) => {
                let Asked { couple_id, span: Span { from, until, interval, .. }, exercise } = asked;
                let (view, pairs) = (TwoViews::SideBySide, pairs.into());
                let partners = partners.into_iter().map(Into::into).collect();
                let shown = SideBySideView { view, couple_id, from, until, interval, exercise, partners, pairs };
                Self::SideBySide(Box::new(shown))
            }
        }
    }
}

impl ProgressView {
    fn of(asked: Asked, view: OneView, told: Progress) -> Self {
        let Asked { couple_id, span: Span { from, until, interval, .. }, exercise } = asked;
        let Progress { exercises, entries_cut, promises, promises_cut } = told;
        Self {
            view,
            couple_id,
            partner_id: None,
            from,
            until,
            interval,
            exercise,
            exercises: exercises.into_iter().map(Into::into).collect(),
            entries_cut,
            promises: promises.into_iter().map(Into::into).collect(),
            promises_cut,
            pairs: None,
        }
    }
}

impl From<(PartnerId, Progress)> for PartnerProgressView {
    fn from((partner_id, told): (PartnerId, Progress)) -> Self {
        let Progress { exercises, entries_cut, promises, promises_cut } = told;
        let exercises = exercises.into_iter().map(Into::into).collect();
        let promises = promises.into_iter().map(Into::into).collect();
        Self { partner_id, exercises, entries_cut, promises, promises_cut }
    }
}

impl From<ExerciseProgress> for ExerciseProgressView {
    fn from(ExerciseProgress { exercise, activity, outcome, kept_up }: ExerciseProgress) -> Self {
        let activity = ActivityView {
            completion: activity.completion.into_iter().map(Into::into).collect(),
            entries: activity.entries.into_iter().map(Into::into).collect(),
            totals: activity.totals.into_iter().map(Into::into).collect(),
            apology_parts: activity.apology_parts.into_iter().map(Into::into).collect(),
            rituals: activity.rituals.map(Into::into),
            attendance: activity.attendance,
        };
        Self {
            exercise: exercise.slug,
            own_exercise_id: exercise.own,
            activity,
            outcome: outcome.into_iter().map(Into::into).collect(),
            kept_up: kept_up.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Completion> for CompletionView {
    fn from(Completion { partner, assigned, submitted, not_ready, skipped }: Completion) -> Self {
        Self { partner_id: partner, assigned, submitted, not_ready, skipped }
    }
}

impl From<Author> for AuthorView {
    fn from(author: Author) -> Self {
        match author {
            Author::Partner(id) => Self { kind: "partner", id: Some(id.0) },
            Author::Together => Self { kind: "together", id: None },
            Author::Counselor(id) => Self { kind: "counselor", id: Some(id.0) },
        }
    }
}

impl From<EntryCount> for EntryCountView {
    fn from(EntryCount { kind, author, count }: EntryCount) -> Self {
        Self { kind, author: author.into(), count }
    }
}
