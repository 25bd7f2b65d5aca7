//! An agenda as it is shown: section by section, in the order in which a session takes them up.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    agenda::{Agenda, AgreementDay, AgreementItem, Company, HeldItem, Item, OverdueItem, PulseItem, Section, StepItem},
    assignment::Overdue,
    confidential::Confidential,
    entry::Entry,
    exercises::{BringToSession, Kind, Measure, Slug},
    flag::Flag,
    ids::{AssignmentId, CoupleId, EntryId, OwnExerciseId, PartnerId, ProgramRunId, PromiseId, ReviewId, StaffId},
    program::StepWait,
    promise::{ClaimWord, Outcome, Promise},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::routes::entries::AuthorWord;

/// What the next session of a couple should take up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Agenda)]
pub(super) struct AgendaView {
    /// The couple.
    couple_id: CoupleId,
    /// The partner who will be there alone; null for a joint session.
    #[schema(required = true)]
    partner_id: Option<PartnerId>,
    /// When the last session in such company began that was held. What was brought, disputed and felt since is below; null if there
    /// was none yet.
    #[schema(required = true)]
    since: Option<DateTime<Utc>>,
    /// What reviews flagged and nobody has taken up, the oldest first.
    flags: SectionView<FlaggedView>,
    /// What the partners want to bring up, the oldest first.
    brought: SectionView<BroughtView>,
    /// What changed by two points or more in how a partner says they are.
    pulses: SectionView<PulseView>,
    /// Promises of which the maker says one thing and the other denies it, the oldest first.
    disputes: SectionView<DisputeView>,
    /// Agreements on openness that are to be looked at again or that end, within two weeks or past.
    agreements: SectionView<AgreementView>,
    /// Work that is held because a partner is not clear in safety, by that partner.
    held: SectionView<HeldView>,
    /// Steps of programs that don't go out unless a counselor does something: they wait for a word, or something holds them. What waits
    /// for safety is there for each partner who is not clear. None while the run or the case is paused.
    steps: SectionView<StepView>,
    /// Work that is overdue, by partner; never what is paused or held, nor rounds that fell within a pause, never healing or forgiving.
    overdue: SectionView<OverdueView>,
    /// Entries that nobody has reviewed yet, those that wait longest first.
    waiting: SectionView<WaitingView>,
    /// How many entries wait for review altogether.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    waiting_count: i64,
}

/// A section of an agenda.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgendaSection)]
struct SectionView<V> {
    /// What is in it.
    #[schema(max_items = 20)]
    items: Vec<V>,
    /// Whether some was left out.
    more: bool,
}

/// An entry on an agenda: which, and whose.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgendaEntry)]
struct AboutEntry {
    /// The entry.
    id: EntryId,
    /// The exercise.
    exercise: Slug,
    /// The kind of entry.
    kind: Kind,
    /// Whose words they are.
    author: AuthorWord,
    /// The partner whose words they are; null if they are both partners' or a counselor's.
    #[schema(required = true)]
    partner_id: Option<PartnerId>,
    /// The day it is about, in the couple's time zone.
    recorded_on: NaiveDate,
    /// When it was submitted; null while it is a draft.
    #[schema(required = true)]
    submitted_at: Option<DateTime<Utc>>,
}

/// A flag on an agenda.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgendaFlag)]
struct FlaggedView {
    /// The review that set it.
    review_id: ReviewId,
    /// Who set it.
    flagged_by: StaffId,
    /// When.
    flagged_at: DateTime<Utc>,
    /// The entry it is about.
    entry: AboutEntry,
    /// The one partner whose confidence it is: don't bring it up with the other. Null if you may.
    #[schema(required = true)]
    private_to: Option<PartnerId>,
}

/// What a partner wants to bring up.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgendaTopic)]
struct BroughtView {
    /// The entry in which they say so.
    entry: AboutEntry,
    /// What they want to bring up.
    #[schema(max_length = 10_000)]
    topic: String,
    /// How the counselor could help them to say it.
    #[schema(required = true, max_length = 10_000)]
    help_wanted: Option<String>,
    /// The one partner whose confidence it is: don't bring it up with the other. Null if you may.
    #[schema(required = true)]
    private_to: Option<PartnerId>,
}

/// A scale of a pulse that moved.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgendaPulse)]
struct PulseView {
    /// Whose.
    partner_id: PartnerId,
    /// Their latest pulse.
    entry_id: EntryId,
    /// The day it is about.
    recorded_on: NaiveDate,
    /// Which scale: trust, safety, closeness or hope.
    scale: Measure,
    /// What they said last.
    #[schema(minimum = 0, maximum = 10)]
    latest: f64,
    /// The mean of what they said before.
    #[schema(minimum = 0, maximum = 10)]
    before: f64,
    /// Of how many pulses before.
    #[schema(value_type = i32, minimum = 1, maximum = 3)]
    n: u32,
    /// The one partner whose confidence it is: don't bring it up with the other. Null if you may.
    #[schema(required = true)]
    private_to: Option<PartnerId>,
}

/// A disputed claim.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgendaDispute)]
struct DisputeView {
    /// The promise.
    promise_id: PromiseId,
    /// Who made it.
    maker_id: PartnerId,
    /// What was promised.
    #[schema(max_length = 10_000)]
    what: String,
    /// The day it was due.
    due_on: NaiveDate,
    /// What the maker says.
    claim: ClaimWord,
}

/// A day of an agreement on openness.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgendaAgreement)]
struct AgreementView {
    /// The agreement.
    entry_id: EntryId,
    /// Which of its days.
    day: AgreementDay,
    /// The day.
    on: NaiveDate,
    /// Whether it is past.
    past: bool,
}

/// Work that is held because a partner is not clear in safety.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgendaHeld)]
struct HeldView {
    /// The assignment.
    assignment_id: AssignmentId,
    /// The exercise.
    exercise: Slug,
    /// Who is not clear.
    partner_id: PartnerId,
    /// The one partner whose confidence it is: don't bring it up with the other, whatever the policy. Null if they are there alone.
    #[schema(required = true)]
    private_to: Option<PartnerId>,
}

/// A step of a program that does not go out unless a counselor does something.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgendaStep)]
struct StepView {
    /// The couple's run of the program; it is let out by `POST /v1/program-runs/{program_run_id}/releases`.
    program_run_id: ProgramRunId,
    /// What the program is called.
    #[schema(max_length = 200)]
    program_name: String,
    /// The step's place in it, from 1.
    #[schema(minimum = 1, maximum = 30)]
    position: usize,
    /// The exercise; `own` for one of the practice's own.
    exercise: Slug,
    /// Which of the practice's own; null for the ten.
    #[schema(required = true)]
    own_exercise_id: Option<OwnExerciseId>,
    /// What partners call it.
    #[schema(max_length = 200)]
    title: String,
    /// The one partner who is to answer; null for both. To the other it does not exist.
    #[schema(required = true)]
    partner_id: Option<PartnerId>,
    /// What it waits for: as it was when the step was due, but for safety, which is as it is now.
    waits_for: StepWait,
    /// The one partner whose confidence it is: don't bring it up with the other, and what waits for safety whatever the policy. Null if
    /// you may.
    #[schema(required = true)]
    private_to: Option<PartnerId>,
}

/// Work that is overdue.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgendaOverdue)]
struct OverdueView {
    /// The assignment.
    assignment_id: AssignmentId,
    /// The exercise.
    exercise: Slug,
    /// Who is late.
    partner_id: PartnerId,
    /// The day by which it was due; of what comes round again, the first round that was missed.
    due_on: NaiveDate,
    /// How many rounds in a row were missed, of at most two years; 1 for what is done once.
    #[schema(value_type = i32, minimum = 1, maximum = 732)]
    missed: u32,
    /// The one partner who knows of it: don't bring it up with the other. Null if you may.
    #[schema(required = true)]
    private_to: Option<PartnerId>,
}

/// An entry that waits for review.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AgendaWaiting)]
struct WaitingView {
    /// The entry.
    entry: AboutEntry,
    /// The one partner whose confidence it is: don't bring it up with the other. Null if you may.
    #[schema(required = true)]
    private_to: Option<PartnerId>,
}

impl AgendaView {
    pub(super) fn of(couple_id: CoupleId, company: Company, agenda: Agenda) -> Self {
        let Agenda { since, flags, brought, pulses, disputes, agreements, held, steps, overdue, .. } = agenda;
        Self {
            couple_id,
            partner_id: company.alone(),
            since,
            flags: flags.into(),
            brought: brought.into(),
            pulses: pulses.into(),
            disputes: disputes.into(),
            agreements: agreements.into(),
            held: held.into(),
            steps: steps.into(),
            overdue: overdue.into(),
            waiting: agenda.waiting.into(),
            waiting_count: agenda.waiting_count,
        }
    }
}

impl<T, V: From<T>> From<Section<T>> for SectionView<V> {
    fn from(Section { items, more }: Section<T>) -> Self {
        Self { items: items.into_iter().map(Into::into).collect(), more }
    }
}

impl From<&Entry> for AboutEntry {
    fn from(entry: &Entry) -> Self {
        let (author, partner_id) = AuthorWord::of(entry.author);
        Self {
            id: entry.id,
            exercise: entry.exercise,
            kind: entry.kind,
            author,
            partner_id,
            recorded_on: entry.recorded_on,
            submitted_at: entry.submitted_at(),
        }
    }
}

impl From<Item<(Flag, Entry)>> for FlaggedView {
    fn from(Item { what: (flag, entry), private_to }: Item<(Flag, Entry)>) -> Self {
        let Flag { review, flagged_by, flagged_at, .. } = flag;
        Self { review_id: review, flagged_by, flagged_at, entry: AboutEntry::from(&entry), private_to }
    }
}

impl From<Item<(Entry, BringToSession)>> for BroughtView {
    fn from(Item { what: (entry, brought), private_to }: Item<(Entry, BringToSession)>) -> Self {
        let BringToSession { topic, help_wanted } = brought;
        Self { entry: AboutEntry::from(&entry), topic, help_wanted, private_to }
    }
}

impl From<Item<PulseItem>> for PulseView {
    fn from(Item { what, private_to }: Item<PulseItem>) -> Self {
        let PulseItem { partner, entry, recorded_on, scale, latest, before, n } = what;
        Self { partner_id: partner, entry_id: entry, recorded_on, scale, latest, before, n, private_to }
    }
}

impl From<(Promise, Outcome)> for DisputeView {
    fn from((promise, outcome): (Promise, Outcome)) -> Self {
        let what = Confidential::into_exposed(promise.what);
        let (due_on, claim) = (outcome.due_on, outcome.claim.word);
        Self { promise_id: promise.id, maker_id: promise.maker, what, due_on, claim }
    }
}

impl From<AgreementItem> for AgreementView {
    fn from(AgreementItem { entry, what, on, past }: AgreementItem) -> Self {
        Self { entry_id: entry, day: what, on, past }
    }
}

impl From<Item<HeldItem>> for HeldView {
    fn from(Item { what, private_to }: Item<HeldItem>) -> Self {
        let HeldItem { assignment, exercise, partner } = what;
        Self { assignment_id: assignment, exercise, partner_id: partner, private_to }
    }
}

impl From<Item<StepItem>> for StepView {
    fn from(Item { what, private_to }: Item<StepItem>) -> Self {
        let StepItem { run, program, position, exercise, own, title, partner, waits_for } = what;
        Self {
            program_run_id: run,
            program_name: program.into_exposed(),
            position,
            exercise,
            own_exercise_id: own,
            title,
            partner_id: partner,
            waits_for,
            private_to,
        }
    }
}

impl From<Item<OverdueItem>> for OverdueView {
    fn from(Item { what, private_to }: Item<OverdueItem>) -> Self {
        let OverdueItem { assignment, exercise, partner, overdue: Overdue { due_on, missed } } = what;
        Self { assignment_id: assignment, exercise, partner_id: partner, due_on, missed, private_to }
    }
}

impl From<Item<Entry>> for WaitingView {
    fn from(Item { what, private_to }: Item<Entry>) -> Self {
        Self { entry: AboutEntry::from(&what), private_to }
    }
}
