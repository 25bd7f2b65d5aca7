//! The ten exercises: what each is for, how it starts out, and what is recorded in it. What a practice adds of its own is in
//! [`crate::own_exercise`]; here it has its name and its one kind of entry.
//!
//! Each exercise has a file with its forms. A form's fields, limits and labels are written once and serve as the type,
//! the check and the published schema. Visibility is always a matter of a whole entry: what only counselors may read is a
//! kind of its own.

mod answers;
mod apology;
mod condition;
mod consistency;
mod example;
mod forgiveness;
mod form;
mod history;
mod measure;
mod own;
mod professional_help;
mod reaffirm_commitment;
mod reference;
mod rhythm;
mod root_cause;
mod shared_rituals;
mod starters;
mod time_and_space;
mod titles;
mod transparent_communication;
mod vulnerability;
mod wording;
mod work;

#[cfg(test)]
mod tests;

use crate::{assignment::waits_for_safety, visibility::Visibility, vocabulary::word};

pub use self::{
    answers::{Answers, Kind},
    apology::*,
    condition::{BothSaid, Condition, Ground},
    consistency::*,
    forgiveness::*,
    form::{Form, KindVisibility, Writer},
    history::History,
    measure::{Aspect, Direction, Measure, Reading, Unit},
    own::*,
    professional_help::*,
    reaffirm_commitment::*,
    reference::{Reference, Target, ToldOnce, Whose},
    rhythm::{Per, Rhythm, Times, Weeks},
    root_cause::*,
    shared_rituals::*,
    starters::{Depth, STARTER_ID_LENGTH, Starter, starters},
    time_and_space::*,
    transparent_communication::*,
    vulnerability::*,
    work::{PromisesNeeded, Work, WorkInput, WorkMean, WorkNeeds, evenness, work},
};

word! {
    /// The name of an exercise, in addresses and in the database.
    Slug as ("ExerciseSlug") {
        /// 1: why trust broke.
        RootCause = "root-cause",
        /// 2: take responsibility and apologize.
        Apology = "apology",
        /// 3: communicate openly.
        TransparentCommunication = "transparent-communication",
        /// 4: be consistent over time.
        Consistency = "consistency",
        /// 5: rebuild intimacy through vulnerability.
        Vulnerability = "vulnerability",
        /// 6: rituals and new things together.
        SharedRituals = "shared-rituals",
        /// 7: work with a professional.
        ProfessionalHelp = "professional-help",
        /// 8: reaffirm commitment.
        ReaffirmCommitment = "reaffirm-commitment",
        /// 9: allow time and space.
        TimeAndSpace = "time-and-space",
        /// 10: forgive and move forward.
        Forgiveness = "forgiveness",
        /// None of the ten: an exercise of the practice's own.
        Own = "own",
    }
}

word! {
    /// How the partners answer an assignment.
    Mode as ("ExerciseMode") {
        /// As one.
        Joint = "joint",
        /// Each alone, then revealed to both.
        Parallel = "parallel",
        /// Each alone, or one partner only.
        Separate = "separate",
    }
}

/// One of the ten ways to rebuild trust, worded for the partners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exercise {
    /// Its name in addresses.
    pub slug: Slug,
    /// Its number, 1 to 10.
    pub number: u8,
    /// The version of its wording and forms.
    pub version: u16,
    /// What partners call it.
    pub title: &'static str,
    /// What it is for, in a sentence.
    pub purpose: &'static str,
    /// What to do, in order.
    pub steps: &'static [&'static str],
    /// Questions to start from.
    pub prompts: &'static [&'static str],
    /// What an assignment starts with.
    pub defaults: Defaults,
    /// How often each thing in it is usually recorded; what is in none of them, whenever there is something to record.
    pub rhythms: &'static [Rhythm],
    /// For how many weeks it usually goes on; none where it goes on as long as it takes.
    pub weeks: Option<Weeks>,
    /// What is recorded in it.
    pub kinds: &'static [Kind],
}

/// What an assignment starts with; the counselor may change all but what safety asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Defaults {
    /// How the partners answer.
    pub mode: Mode,
    /// How often, as an RFC 5545 recurrence rule in the couple's time zone; once, or whenever it happens, if absent. It is the rule of
    /// the first of the exercise's rhythms that has one.
    pub cadence: Option<&'static str>,
    /// Who reads what is recorded, as a rule; each kind of entry has its own word on it, which wins.
    pub visibility: Visibility,
    /// Whether it can be late, and so remind. Nobody is late for healing or forgiving.
    pub can_be_overdue: bool,
    /// Whether it waits for both partners' safety even where each answers alone. What is joint or parallel waits for it anyway:
    /// `assignment::waits_for_safety` is the whole rule.
    pub needs_safety_in_every_mode: bool,
    /// What comes before it in the default order; a counselor may go another way with a reason.
    pub prerequisites: &'static [Slug],
}

impl Exercise {
    /// Whether it waits for both partners' safety where it is given as it stands here.
    #[must_use]
    pub fn waits_for_safety(&self) -> bool {
        waits_for_safety(self.slug, self.defaults.mode)
    }
}

/// The default order, after policy and safety: each step's exercises go side by side.
pub const DEFAULT_ORDER: &[&[Slug]] = &[
    &[Slug::ProfessionalHelp],
    &[Slug::RootCause],
    &[Slug::Apology],
    &[Slug::TransparentCommunication, Slug::Consistency, Slug::TimeAndSpace],
    &[Slug::Vulnerability, Slug::SharedRituals, Slug::ReaffirmCommitment],
    &[Slug::Forgiveness],
];

static CATALOG: [Exercise; 10] = [
    root_cause::EXERCISE,
    apology::EXERCISE,
    transparent_communication::EXERCISE,
    consistency::EXERCISE,
    vulnerability::EXERCISE,
    shared_rituals::EXERCISE,
    professional_help::EXERCISE,
    reaffirm_commitment::EXERCISE,
    time_and_space::EXERCISE,
    forgiveness::EXERCISE,
];

/// All ten, by number.
pub fn catalog() -> &'static [Exercise; 10] {
    &CATALOG
}

/// What comes before an exercise in the default order; nothing before one of a practice's own.
#[must_use]
pub fn prerequisites(slug: Slug) -> &'static [Slug] {
    exercise(slug).map_or(&[], |chosen| chosen.defaults.prerequisites)
}

/// The exercise of a name; none for one of a practice's own, which the practice words and not the catalog.
pub fn exercise(slug: Slug) -> Option<&'static Exercise> {
    CATALOG.get(slug as usize)
}
