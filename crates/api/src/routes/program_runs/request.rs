//! What is wanted of a run: its start, what is let out, and the reasons for going ahead.

use domain::{
    assignment::Overrides,
    ids::{BreachId, PartnerId, ProgramId},
    program::RunDraft,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::Attempt;
use crate::routes::overrides::OverridesRequest;

/// A program to start with a couple.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StartProgram {
    /// Which program. The run keeps it as it is now, whatever becomes of the program.
    pub(super) program_id: ProgramId,
    /// The breach its exercises are about. The partners don't see it.
    #[schema(nullable = false)]
    breach_id: Option<BreachId>,
    /// Steps that one partner answers alone, in separate mode; to the other they don't exist.
    #[serde(default)]
    #[validate(length(max = 30), nested)]
    #[schema(max_items = 30)]
    alone: Vec<StepAlone>,
    /// Why what is due now goes out although something stands against it. The reason for the `order` is kept with the run, for every step
    /// of it, now and later.
    #[serde(default)]
    #[validate(nested)]
    overrides: OverridesRequest,
}

/// A step that one partner answers alone.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct StepAlone {
    /// Its place in the program, from 1.
    #[validate(range(min = 1, max = 30))]
    #[schema(minimum = 1, maximum = 30)]
    position: usize,
    /// Who answers it.
    partner_id: PartnerId,
}

impl StartProgram {
    /// The run that is wanted, and how what is due goes out at once.
    pub(super) fn split(self) -> (RunDraft, Attempt) {
        let alone = self.alone.iter().map(|step| (step.position, step.partner_id)).collect();
        let mut overrides = Overrides::from(self.overrides);
        let order_override = overrides.order.take();
        let attempt = Attempt { overrides, ..Attempt::default() };
        (RunDraft { breach: self.breach_id, order_override, alone }, attempt)
    }
}

/// Why a step is given again although something stands against it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RenewStep {
    /// Why it goes out although something stands against it.
    #[serde(default)]
    #[validate(nested)]
    overrides: OverridesRequest,
}

impl From<RenewStep> for Attempt {
    fn from(renewed: RenewStep) -> Self {
        Self { overrides: renewed.overrides.into(), ..Self::default() }
    }
}

/// What is let out, and why if something stands against it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ReleaseSteps {
    /// The place in the program, from 1, of a step that waits for a counselor to let it out: it goes out, and those that wait together
    /// with it. What waits so stays if absent.
    #[validate(range(min = 1, max = 30))]
    #[schema(nullable = false, minimum = 1, maximum = 30)]
    position: Option<usize>,
    /// Why it goes out although something stands against it.
    #[serde(default)]
    #[validate(nested)]
    overrides: OverridesRequest,
}

impl From<ReleaseSteps> for Attempt {
    fn from(ReleaseSteps { position, overrides }: ReleaseSteps) -> Self {
        Self { with_held: true, by_hand: position, overrides: overrides.into() }
    }
}
