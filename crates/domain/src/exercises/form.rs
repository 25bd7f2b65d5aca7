//! What every kind of entry states about itself, beside its fields: who writes it, who reads it, what it measures.

use std::borrow::Cow;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;
use validator::{Validate, ValidationError, ValidationErrors, ValidationErrorsKind};

use super::{
    Kind,
    condition::Condition,
    history::History,
    measure::Reading,
    reference::{Reference, ToldOnce},
};
use crate::{entry::UnknownReference, ids::EntryId, visibility::Visibility};

/// The longest short answer, in characters.
const LINE: usize = 500;

/// Who may write a kind of entry.
///
/// A partner's role is theirs for one breach, and `mutual` counts as both roles. Without a linked breach nobody
/// has a role, and who is not named in it has none either: for them [`Writer::Caused`] and [`Writer::Hurt`] mean either partner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Writer {
    /// The partner who caused the breach.
    Caused,
    /// The partner who was hurt by it.
    Hurt,
    /// Either partner; both as one where the exercise is done jointly.
    EitherPartner,
    /// Each partner for themselves, always: nobody rates, consents or wishes for the other.
    EachAlone,
    /// Both partners as one: a joint entry.
    Together,
    /// A counselor of the couple.
    Counselor,
}

impl Writer {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caused => "caused",
            Self::Hurt => "hurt",
            Self::EitherPartner => "either_partner",
            Self::EachAlone => "each_alone",
            Self::Together => "together",
            Self::Counselor => "counselor",
        }
    }

    /// Who that is, for those who were refused.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Caused => "the partner who caused the breach",
            Self::Hurt => "the partner who was hurt by it",
            Self::EitherPartner => "either partner, or both together where the exercise is done jointly",
            Self::EachAlone => "each partner alone",
            Self::Together => "both partners together",
            Self::Counselor => "a counselor of the couple",
        }
    }
}

/// Who reads a kind of entry unless its author decides otherwise, and whether the author may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct KindVisibility {
    /// What a new entry starts with.
    pub default: Visibility,
    /// It stays so: nobody opens or closes it, not even its author.
    pub fixed: bool,
}

impl KindVisibility {
    /// For the counselors, always: what is safe to write only because the other can never read it.
    pub const COUNSELOR_ONLY: Self = Self { default: Visibility::CounselorOnly, fixed: true };
    /// For the counselors, until its author shares it.
    pub const PRIVATE: Self = Self { default: Visibility::CounselorOnly, fixed: false };
    /// For both partners.
    pub const SHARED: Self = Self { default: Visibility::Shared, fixed: false };
    /// For both partners, always: what one says or does to the other, and can't be kept from them.
    pub const BETWEEN_THEM: Self = Self { default: Visibility::Shared, fixed: true };
    /// For both partners once both have written theirs, so that neither answers the other's answer.
    pub const REVEAL_TOGETHER: Self = Self { default: Visibility::RevealTogether, fixed: false };
}

/// One kind of entry: its fields are the form, and this is what else there is to know about it.
pub trait Form: Validate + ToSchema + Sized {
    /// Who may write it.
    const WRITER: Writer;
    /// Who reads it.
    const VISIBILITY: KindVisibility;
    /// Whether it goes on to matter after its day: an agreement, a ritual, an open question. What happened once does not.
    const LASTS: bool = false;
    /// Whether what is revealed together is of one day, and not of the whole occurrence: what holds today only.
    const OF_ITS_DAY: bool = false;
    /// Whether what is revealed together is about one record, the first that is named: how a talk was for both, and not how each found
    /// another one.
    const OF_ITS_RECORD: bool = false;

    /// The kinds it follows: what was handed in of these decides its condition and whether it is settled, and is what it is checked
    /// against. Most kinds follow none.
    const FOLLOWS: &'static [Kind] = &[];

    /// A filled-in form that passes every check.
    fn example() -> Self;

    /// What it says in numbers. Most kinds say nothing.
    fn readings(&self) -> Vec<Reading> {
        Vec::new()
    }

    /// Checks it against the day it is about. Most kinds fit any day.
    fn check_on(&self, _: NaiveDate) -> Result<(), ValidationError> {
        Ok(())
    }

    /// The records it is about, each of which its author must be able to see. Most kinds stand by themselves.
    fn references(&self) -> Vec<Reference> {
        Vec::new()
    }

    /// What its author tells of once: where what is revealed together is about one record, that record. Of other kinds one may write as
    /// many as one likes, unless they say otherwise.
    fn told_once(&self) -> Option<ToldOnce> {
        if Self::OF_ITS_RECORD { ToldOnce::about(self.references()) } else { None }
    }

    /// What must hold among the entries that it follows for it to be recorded. Most kinds ask for nothing.
    fn condition(&self) -> Option<Condition> {
        None
    }

    /// Why an entry of it, once handed in, stays as it is, in words that say what to do instead; `None` while it may be corrected. It is
    /// decided by what was handed in of the kinds that it follows.
    fn settled_by(_: EntryId, _: &History) -> Option<&'static str> {
        None
    }

    /// Checks it against what was handed in before of the kinds that it follows.
    fn check_against(&self, _: &History) -> Result<(), UnknownReference> {
        Ok(())
    }
}

/// Reads an optional field that, if it is there, has a value: leaving it out is the one way to say nothing.
pub(super) fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}

/// The outcome of a check across fields, put down to `field`.
pub(super) fn expect(holds: bool, field: &'static str, message: &'static str) -> Result<(), ValidationError> {
    if holds {
        return Ok(());
    }
    let mut error = ValidationError::new("inconsistent").with_message(Cow::Borrowed(message));
    error.add_param(Cow::Borrowed(FIELD), &field);
    Err(error)
}

/// Each line of a list is written and short.
pub(super) fn lines(lines: &[String]) -> Result<(), ValidationError> {
    let fits = |line: &String| !line.is_empty() && line.chars().count() <= LINE;
    if lines.iter().all(fits) {
        return Ok(());
    }
    Err(ValidationError::new("length").with_message(Cow::Borrowed("each line takes 1 to 500 characters")))
}

/// Checks a form about a day and names a field in every error: `validator` puts a check across fields down to no field.
pub(super) fn check<F: Form>(form: &F, on: NaiveDate) -> Result<(), ValidationErrors> {
    let on_the_day = || {
        form.check_on(on).map_err(|error| {
            let mut errors = ValidationErrors::new();
            errors.add(WHOLE_FORM, error);
            errors
        })
    };
    form.validate().and_then(|()| on_the_day()).map_err(|mut errors| {
        if let Some(ValidationErrorsKind::Field(across)) = errors.errors_mut().remove(WHOLE_FORM) {
            for error in across {
                let field = error.params.get(FIELD).and_then(|field| field.as_str()).unwrap_or(WHOLE_FORM).to_owned();
                put_down(&mut errors, field, error);
            }
        }
        errors
    })
}

const FIELD: &str = "field";
const WHOLE_FORM: &str = "__all__";

fn put_down(errors: &mut ValidationErrors, field: String, error: ValidationError) {
    let of_field =
        errors.errors_mut().entry(Cow::Owned(field)).or_insert_with(|| ValidationErrorsKind::Field(Vec::new()));
    if let ValidationErrorsKind::Field(errors) = of_field {
        errors.push(error);
    }
}
