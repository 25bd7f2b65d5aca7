//! An exercise of the practice's own as it is defined.

use domain::{
    exercises::Mode,
    own_exercise::{Definition, GivenForm, OwnForm, OwnVisibility, Words},
    recurrence::Recurrence,
};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

use crate::problem::{FieldError, Problem};

/// An exercise of the practice's own: all of it.
#[derive(Debug, Clone, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DefineOwnExercise {
    /// What partners call it.
    #[schema(min_length = 1, max_length = 200, example = "Weekly check-in")]
    title: String,
    /// What it is for, in a sentence.
    #[schema(min_length = 1, max_length = 1000)]
    purpose: String,
    /// What to do, in order: each 1 to 1,000 characters.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    steps: Vec<String>,
    /// Questions to start from: each 1 to 1,000 characters.
    #[serde(default)]
    #[validate(length(max = 50))]
    #[schema(max_items = 50)]
    prompts: Vec<String>,
    /// How the partners answer, unless an assignment says otherwise.
    mode: Mode,
    /// How often, as an RFC 5545 recurrence rule in the couple's days, unless an assignment says otherwise; once if absent.
    #[schema(value_type = Option<String>, nullable = false, max_length = 200, example = "FREQ=WEEKLY;BYDAY=SU")]
    cadence: Option<Recurrence>,
    /// Who reads what is recorded, unless its author decides otherwise.
    visibility: OwnVisibility,
    /// Whether it can be late.
    can_be_overdue: bool,
    /// What is asked: a JSON Schema (2020-12) with 1 to 30 `properties`, each with a `title` and perhaps a `description`, and one
    /// of: a text (`string`, `maxLength` up to 10,000), a choice (`string`, `enum` of 2 to 20), a scale (`integer`, `minimum` 0,
    /// `maximum` 10), a date (`string`, `format` date), a list (`array`, `maxItems` up to 20, `items` of texts or choices).
    /// `required` names those that must be answered. A scale is followed as an outcome measure if it has an `x-tenfold-measure`, an
    /// object of `direction` (`up`, `down` or `neither`: which way is better) and `source` (1 to 500 characters: where the question
    /// comes from). Nothing else is taken.
    #[schema(value_type = Object)]
    form: GivenForm,
}

impl DefineOwnExercise {
    /// What it defines; every field that does not fit is named.
    pub(super) fn definition(self) -> Result<Definition, Problem> {
        let mut faults = Faults::default();
        let title = faults.words(self.title, "/title");
        let purpose = faults.words(self.purpose, "/purpose");
        let steps = faults.lines(self.steps, "/steps");
        let prompts = faults.lines(self.prompts, "/prompts");
        let form = faults.form(&self.form);
        let Self { mode, cadence, visibility, can_be_overdue, .. } = self;
        match (title, purpose, form) {
            (Some(title), Some(purpose), Some(form)) if faults.0.is_empty() => {
                Ok(Definition { title, purpose, steps, prompts, mode, cadence, visibility, can_be_overdue, form })
            }
            _ => Err(Problem::invalid(faults.0)),
        }
    }
}

/// What does not fit, gathered.
#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn words<const MOST: usize>(&mut self, text: String, pointer: impl Into<String>) -> Option<Words<MOST>> {
        let refused = |error: domain::own_exercise::NoWords| FieldError::body(pointer, "length", error.to_string());
        Words::try_from(text).map_err(|error| self.0.push(refused(error))).ok()
    }

    fn lines(&mut self, lines: Vec<String>, pointer: &str) -> Vec<Words<1000>> {
        let read = |(at, line)| self.words(line, format!("{pointer}/{at}"));
        lines.into_iter().enumerate().filter_map(read).collect()
    }

    fn form(&mut self, given: &GivenForm) -> Option<OwnForm> {
        let refused = |misfits: Vec<_>| {
            self.0.extend(misfits.into_iter().map(|misfit| FieldError::from(misfit).prefixed("/form")));
        };
        given.read().map_err(refused).ok()
    }
}
