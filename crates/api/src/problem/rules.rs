//! Rules of the field, broken, as problems: in the words of the rule, and where the rule knows it, with the field it is about.

use domain::{
    entry::{AnswersRefused, EntryError, UnknownReference},
    flag::FlagError,
    note::NoteError,
};

use super::{Code, FieldError, Problem, from_validation};

/// Rules of the field, broken: each says in its own words what would be right.
macro_rules! rules {
    ($($rule:ty),+ $(,)?) => { $(
        impl From<$rule> for Problem {
            fn from(rule: $rule) -> Self {
                Self::rule(rule)
            }
        }
    )+ };
}

rules! {
    domain::breach::BreachError,
    domain::client::ClientError,
    domain::couple::CoupleError,
    domain::export::ExportError,
    domain::instrument::InstrumentError,
    domain::invitation::NoAddress,
    domain::own_exercise::OwnExerciseError,
    domain::policy::PolicyError,
    domain::practice::PracticeError,
    domain::program::ProgramError,
    domain::promise::OutcomeError,
    domain::psychotherapy_note::PsychotherapyNoteError,
    domain::review::ReviewError,
    domain::safety::SafetyError,
    domain::session::SessionError,
    domain::staff::StaffError,
}

/// The same where the rule knows which field of the body it is about.
macro_rules! rules_about_fields {
    ($($rule:ty),+ $(,)?) => { $(
        impl From<$rule> for Problem {
            fn from(rule: $rule) -> Self {
                Self::rule_about(rule.pointer(), rule)
            }
        }
    )+ };
}

rules_about_fields! {
    domain::assignment::AssignError,
    domain::assignment::StandingError,
    domain::program::RunError,
    domain::promise::PromiseError,
}

impl From<FlagError> for Problem {
    fn from(error: FlagError) -> Self {
        match error {
            FlagError::AlreadyTakenUp => Self::conflict(error),
            FlagError::Session => Self::rule(error),
        }
    }
}

impl From<NoteError> for Problem {
    fn from(error: NoteError) -> Self {
        match error {
            NoteError::Locked => Self::new(Code::NoteLocked, Code::NoteLocked.meaning()),
            NoteError::NotSigned | NoteError::AlreadyCosigned => Self::conflict(error),
            NoteError::NotTheAuthor | NoteError::NotOnTheTeam | NoteError::NotTheSupervisor => {
                Self::new(Code::Forbidden, error.to_string())
            }
            NoteError::Body | NoteError::Partition | NoteError::Attended => Self::rule(error),
        }
    }
}

impl From<EntryError> for Problem {
    fn from(error: EntryError) -> Self {
        match error {
            EntryError::Answers(AnswersRefused(errors)) => {
                Self::invalid(from_validation(&errors).into_iter().map(|error| error.prefixed("/answers")).collect())
            }
            EntryError::Form(misfits) => {
                Self::invalid(misfits.into_iter().map(|misfit| FieldError::from(misfit).prefixed("/answers")).collect())
            }
            EntryError::ToldBefore { ref pointer, .. } => {
                let field = FieldError::body(pointer.clone(), "told_before", error.to_string());
                Self::invalid(vec![field.prefixed("/answers")])
            }
            EntryError::Condition(condition) => {
                let field = FieldError::body(condition.pointer().to_owned(), "condition", condition.words());
                Self::invalid(vec![field.prefixed("/answers")])
            }
            EntryError::References(unknown) => {
                let field = |UnknownReference { pointer, wanted }| {
                    FieldError::body(pointer, "unknown", format!("must name {wanted}")).prefixed("/answers")
                };
                Self::invalid(unknown.into_iter().map(field).collect())
            }
            rule => Self::rule_about(rule.pointer(), rule),
        }
    }
}
