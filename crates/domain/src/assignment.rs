//! Assignments: exercises given to a couple.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    breach::Breach,
    confidential::{Confidential, TEXT_CHARACTERS, too_long},
    couple::{Couple, Partner},
    exercises::{Kind, KindVisibility, Mode, Slug, Writer, exercise},
    ids::{AssignmentId, BreachId, CoupleId, OwnExerciseId, PartnerId, StaffId},
    own_exercise::OwnExercise,
    policy::ConfidentialityPolicy,
    recurrence::Recurrence,
    safety::Gate,
    visibility::{Reader, Visibility},
    vocabulary::word,
};

mod chosen;
mod due;
mod kinds;
mod overdue;
mod overrides;
mod refused;
mod rest;
mod standing;
#[cfg(test)]
pub(crate) mod tests;

pub use chosen::{Chosen, OwnGiven};
pub use overdue::Overdue;
pub use overrides::{Begun, Override, Overrides, waits_for_safety};
pub use refused::AssignError;
pub use rest::Paused;
pub use standing::{ShownStanding, Standing, StandingError, StandingStatus};

/// How often an assignment is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "repeats", content = "rule", rename_all = "snake_case")]
pub enum Cadence {
    /// One time.
    Once,
    /// By a rule, in the couple's days, from the day the assignment starts.
    Recurring(Recurrence),
}

impl Cadence {
    /// How often an exercise is done where nobody says otherwise.
    #[must_use]
    pub fn of_exercise(slug: Slug) -> Self {
        let rule =
            exercise(slug).and_then(|chosen| chosen.defaults.cadence).and_then(|rule| rule.parse::<Recurrence>().ok());
        rule.into()
    }

    /// The rule, if it is to be done more than one time.
    #[must_use]
    pub fn into_rule(self) -> Option<Recurrence> {
        match self {
            Self::Once => None,
            Self::Recurring(rule) => Some(rule),
        }
    }
}

impl From<Option<Recurrence>> for Cadence {
    fn from(rule: Option<Recurrence>) -> Self {
        rule.map_or(Self::Once, Self::Recurring)
    }
}

/// Who is to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Participants {
    /// Both partners.
    Both,
    /// One of them alone: only in separate mode.
    One(PartnerId),
}

word! {
    /// How an assignment ended.
    Ending {
        /// It is done.
        Completed = "completed",
        /// It was taken back.
        Cancelled = "cancelled",
    }
}

/// The end of an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// How.
    pub how: Ending,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: StaffId,
}

/// An exercise given to a couple.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Which one.
    pub id: AssignmentId,
    /// To whom.
    pub couple: CoupleId,
    /// Which exercise.
    pub exercise: Slug,
    /// The version of the exercise's wording and forms it was given in.
    pub exercise_version: u16,
    /// What it takes from an exercise of the practice's own; there exactly where `exercise` is [`Slug::Own`].
    pub own: Option<OwnGiven>,
    /// How the partners answer.
    pub mode: Mode,
    /// How often.
    pub cadence: Cadence,
    /// The first day on which something can be recorded for it.
    pub starts_on: NaiveDate,
    /// The day by which it is to be done, or by which a recurring one ends.
    pub due_on: Option<NaiveDate>,
    /// The last day on which it reminds: from the next day on nothing of it is told as overdue, while it stays open and takes entries.
    /// As long as it is open if absent.
    pub reminders_until: Option<NaiveDate>,
    /// What the counselor asks of the participants, up to 10,000 characters; they read it.
    pub instructions: Option<Confidential>,
    /// The breach it is about, for the counselors; it decides which partner writes which kind of entry.
    pub breach: Option<BreachId>,
    /// What new entries start with where their kind starts at least as open; the kind's own start if absent.
    pub visibility: Option<Visibility>,
    /// The confidentiality policy was not acknowledged by both, and a counselor went ahead.
    pub policy_override: Option<Override>,
    /// The safety of a partner was not clear, and a counselor went ahead.
    pub safety_override: Option<Override>,
    /// Something that comes before it in the default order had not begun, and a counselor went ahead.
    pub order_override: Option<Override>,
    /// That a counselor paused it.
    pub paused: Option<Paused>,
    /// When it last went on after its counselor had paused it or, if both answer as one, after one of them was not ready. `None` if it
    /// never did, and in what was kept before this was.
    pub resumed_at: Option<DateTime<Utc>>,
    /// Who gave it.
    pub assigned_by: StaffId,
    /// When.
    pub assigned_at: DateTime<Utc>,
    /// How it ended, if it has.
    pub ended: Option<Ended>,
    /// Where each participant stands: one, or both partners.
    pub standings: Vec<Standing>,
    /// Counts the counselors' changes, from 1; where the participants stand and whether it rests does not count.
    pub version: i64,
}

/// An assignment as wanted.
#[derive(Debug, Clone)]
pub struct AssignmentDraft {
    /// Which exercise.
    pub exercise: Slug,
    /// Which of the practice's own, where it is one.
    pub own: Option<OwnExerciseId>,
    /// How the partners answer; as the exercise has it if absent.
    pub mode: Option<Mode>,
    /// How often; as the exercise has it if absent.
    pub cadence: Option<Cadence>,
    /// The first day; the day of the request if absent.
    pub starts_on: Option<NaiveDate>,
    /// The day by which it is to be done.
    pub due_on: Option<NaiveDate>,
    /// The last day on which it reminds.
    pub reminders_until: Option<NaiveDate>,
    /// What the counselor asks of the participants.
    pub instructions: Option<Confidential>,
    /// The breach it is about.
    pub breach: Option<BreachId>,
    /// What new entries start with.
    pub visibility: Option<Visibility>,
    /// Who is to answer.
    pub participants: Participants,
    /// Why it goes out although something stands against it.
    pub overrides: Overrides,
}

/// What an assignment is checked against.
#[derive(Debug, Clone, Copy)]
pub struct AssignmentContext<'a> {
    /// The couple.
    pub couple: &'a Couple,
    /// The policy in force, if there is one.
    pub policy: Option<&'a ConfidentialityPolicy>,
    /// Whether both partners are clear.
    pub gate: Gate,
    /// The linked breach, if the draft names one.
    pub breach: Option<&'a Breach>,
    /// The exercise of the practice's own, if the draft names one.
    pub own: Option<&'a OwnExercise>,
    /// What the couple was given before.
    pub before: &'a [Begun],
    /// Who assigns.
    pub by: StaffId,
}

/// What of an assignment is to be different; `None` leaves it, `Some(None)` removes it.
#[derive(Debug, Clone, Default)]
pub struct AssignmentChange {
    /// The day by which it is to be done.
    pub due_on: Option<Option<NaiveDate>>,
    /// The last day on which it reminds.
    pub reminders_until: Option<Option<NaiveDate>>,
    /// What the counselor asks of the participants.
    pub instructions: Option<Option<Confidential>>,
}

/// Whether an assignment exists for a reader, by where those stand who take part in it: for a partner only what is theirs.
#[must_use]
pub fn exists_for(standings: &[Standing], reader: Reader, couple: &Couple) -> bool {
    match reader {
        Reader::Counselor(_) | Reader::Supervisor(_) => true,
        Reader::Partner(partner) => standings.iter().any(|own| couple.same_person(own.partner, partner)),
    }
}

impl Assignment {
    /// Gives an exercise to a couple.
    ///
    /// # Errors
    /// [`AssignError`]: the case is over, policy, safety or order stand against it without a reason to go ahead, or the draft doesn't fit.
    pub fn new(
        id: AssignmentId,
        context: AssignmentContext<'_>,
        draft: AssignmentDraft,
        now: DateTime<Utc>,
    ) -> Result<Self, AssignError> {
        let AssignmentContext { couple, by, .. } = context;
        couple.check_takes_work()?;
        let chosen = Chosen::in_use(draft.exercise, draft.own, context.own)?;
        let mode = draft.mode.unwrap_or(chosen.mode());
        let participants = participants(couple, mode, draft.participants)?;
        check_breach(&context, draft.breach)?;
        let policy_override = overrides::of_policy(&context, draft.overrides.policy, now)?;
        let safety_override = overrides::of_safety(&context, draft.exercise, mode, draft.overrides.safety, now)?;
        let starts_on = draft.starts_on.unwrap_or_else(|| couple.today(now));
        let order_override = overrides::of_order(&context, (draft.exercise, starts_on), draft.overrides.order, now)?;
        let assigned = StandingStatus::Assigned;
        let standing = |partner| Standing { partner, status: assigned, changed_at: now, answered_on: None };
        let given = Self {
            id,
            couple: couple.id,
            exercise: draft.exercise,
            exercise_version: chosen.version(),
            own: chosen.given(),
            mode,
            cadence: draft.cadence.unwrap_or_else(|| chosen.cadence()),
            starts_on,
            due_on: draft.due_on,
            reminders_until: draft.reminders_until,
            instructions: draft.instructions,
            breach: draft.breach,
            visibility: draft.visibility,
            policy_override,
            safety_override,
            order_override,
            paused: None,
            resumed_at: None,
            assigned_by: by,
            assigned_at: now,
            ended: None,
            standings: participants.into_iter().map(standing).collect(),
            version: 1,
        };
        given.check_days(couple.today(now))?;
        given.checked()
    }

    /// Changes due date, last day of reminders or instructions.
    ///
    /// # Errors
    /// [`AssignError`], and then nothing has changed.
    pub fn change(&mut self, couple: &Couple, change: AssignmentChange, now: DateTime<Utc>) -> Result<(), AssignError> {
        self.check_open()?;
        let mut wanted = self.clone();
        // A day that stays may have passed by now.
        if let Some(due_on) = change.due_on.filter(|due_on| *due_on != self.due_on) {
            wanted.due_on = due_on;
            wanted.check_due(couple.today(now))?;
        }
        if let Some(reminders_until) = change.reminders_until.filter(|last| *last != self.reminders_until) {
            wanted.reminders_until = reminders_until;
            wanted.check_reminders(couple.today(now))?;
        }
        wanted.instructions = change.instructions.unwrap_or(wanted.instructions);
        wanted.version += 1;
        *self = wanted.checked()?;
        Ok(())
    }

    /// Ends it: done, or taken back. What was recorded stays.
    ///
    /// # Errors
    /// [`AssignError::Ended`] if it has ended already.
    pub fn end(&mut self, how: Ending, by: StaffId, now: DateTime<Utc>) -> Result<(), AssignError> {
        self.check_open()?;
        self.ended = Some(Ended { how, at: now, by });
        self.version += 1;
        Ok(())
    }

    /// Whether something can be recorded for it.
    ///
    /// # Errors
    /// [`AssignError::Ended`] if not.
    pub const fn check_open(&self) -> Result<(), AssignError> {
        if self.ended.is_none() { Ok(()) } else { Err(AssignError::Ended) }
    }

    /// Who takes part.
    #[must_use]
    pub fn participants(&self) -> Vec<PartnerId> {
        self.standings.iter().map(|standing| standing.partner).collect()
    }

    /// Whether it exists for a reader: for a partner only what they take part in.
    #[must_use]
    pub fn exists_for(&self, reader: Reader, couple: &Couple) -> bool {
        exists_for(&self.standings, reader, couple)
    }

    /// Who reads a kind of entry of it, unless its author decides otherwise. Where it does not exist for one of the partners, nothing
    /// of it is theirs to read before the other opens it, and what a counselor writes is not the counselor's to open to both.
    #[must_use]
    pub fn visibility_of(&self, couple: &Couple, kind: Kind) -> KindVisibility {
        let own = |own: OwnGiven| KindVisibility { default: own.visibility, fixed: false };
        let of_kind = self.own.map_or_else(|| kind.visibility(), own);
        let is_hidden_from = |partner: &Partner| !self.exists_for(Reader::Partner(partner.id), couple);
        if of_kind.fixed || !couple.current_partners().any(is_hidden_from) {
            of_kind
        } else if kind.writer() == Writer::Counselor {
            KindVisibility::COUNSELOR_ONLY
        } else {
            KindVisibility::PRIVATE
        }
    }

    /// The occurrence a day belongs to: its first day. What both record for one occurrence is revealed together.
    #[must_use]
    pub fn occurrence_of(&self, day: NaiveDate) -> NaiveDate {
        match &self.cadence {
            Cadence::Once => self.starts_on,
            Cadence::Recurring(rule) => rule.last_day_until(self.starts_on, day).unwrap_or(self.starts_on),
        }
    }

    fn checked(self) -> Result<Self, AssignError> {
        if too_long(self.instructions.as_ref(), TEXT_CHARACTERS) {
            return Err(AssignError::Instructions);
        }
        Ok(self)
    }
}

fn participants(couple: &Couple, mode: Mode, wanted: Participants) -> Result<Vec<PartnerId>, AssignError> {
    match wanted {
        Participants::One(_) if mode != Mode::Separate => Err(AssignError::OneAlone),
        Participants::One(partner) => {
            couple.current_partner(partner).map(|partner| vec![partner.id]).map_err(|_| AssignError::Participants)
        }
        Participants::Both => {
            let both: Vec<_> = couple.current_partners().map(|partner| partner.id).collect();
            if both.len() == 2 { Ok(both) } else { Err(AssignError::Participants) }
        }
    }
}

fn check_breach(context: &AssignmentContext<'_>, wanted: Option<BreachId>) -> Result<(), AssignError> {
    let found = context.breach.filter(|breach| breach.couple == context.couple.id).map(|breach| breach.id);
    if wanted.is_none() || found == wanted { Ok(()) } else { Err(AssignError::Breach) }
}
