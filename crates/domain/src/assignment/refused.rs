//! Why an exercise is not given, or an assignment not changed.

use crate::{couple::CaseEnded, exercises::Slug, own_exercise::OwnExerciseError};

/// Why an exercise can't be assigned, or an assignment not changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AssignError {
    /// The case is over.
    #[error(transparent)]
    CaseEnded(#[from] CaseEnded),
    /// Not everybody knows the policy yet.
    #[error("both partners acknowledge a confidentiality policy first; go ahead without it only with a reason")]
    PolicyNotAcknowledged,
    /// Somebody is not clear.
    #[error("both partners are screened and clear first; go ahead without it only with a reason")]
    SafetyNotClear,
    /// Something comes first.
    #[error(
        "in the default order {missing} comes before this exercise: give that first, or go another way only with a reason"
    )]
    OutOfOrder {
        /// The first of what has not begun.
        missing: Slug,
    },
    /// A reason with nothing in it, or too long.
    #[error("a reason has 1 to 10,000 characters")]
    Reason,
    /// Instructions too long.
    #[error("instructions have up to 10,000 characters")]
    Instructions,
    /// Due too early.
    #[error("an assignment is due on the day it starts or later, and not in the past")]
    Due,
    /// Too long ago, or too far ahead.
    #[error("an assignment starts within a year of today")]
    Start,
    /// Nobody is late for healing or forgiving.
    #[error("this exercise is never overdue and takes no due date")]
    NeverOverdue,
    /// No more reminders before there could be one.
    #[error("reminders end on the day an assignment starts or later, and not in the past")]
    Reminders,
    /// Nobody is reminded to heal or to forgive.
    #[error("this exercise never reminds and takes no last day of reminders")]
    NeverReminds,
    /// One partner alone in an exercise for two.
    #[error("one partner alone answers in separate mode only")]
    OneAlone,
    /// Both asked where there is one, or someone who is not in it.
    #[error("the participants are current partners of this couple, and both of them where both are asked")]
    Participants,
    /// Someone else's breach.
    #[error("the linked breach is one of this couple's")]
    Breach,
    /// None of the practice's own where it must be one, or one where it must be none.
    #[error("an exercise of the practice's own is named by its id, and one of the ten by its slug alone")]
    WhichExercise,
    /// The practice's own exercise is put away.
    #[error(transparent)]
    Own(#[from] OwnExerciseError),
    /// It rests: its counselor paused it, or the safety gate holds it. Nobody is told which.
    #[error("this assignment is paused: nothing is recorded for it until it goes on")]
    Paused,
    /// There is nothing to set aside.
    #[error("the safety gate does not hold this assignment: it needs no reason to go on")]
    NotHeld,
    /// It is over.
    #[error("this assignment has ended")]
    Ended,
}

impl AssignError {
    /// The field of what was wanted that it is about, as a JSON pointer.
    #[must_use]
    pub const fn pointer(self) -> Option<&'static str> {
        match self {
            Self::PolicyNotAcknowledged => Some("/overrides/policy"),
            Self::SafetyNotClear => Some("/overrides/safety"),
            Self::OutOfOrder { .. } => Some("/overrides/order"),
            _ => None,
        }
    }
}
