//! What is wanted of a run: its start, what is let out, and the reasons for going ahead.

use domain::{
    confidential::Confidential,
    ids::{BreachId, PartnerId, ProgramId},
    program::RunDraft,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::Attempt;

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
    /// Why what is due now goes out although the confidentiality policy is not acknowledged by both.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(nullable = false, min_length = 1, max_length = 10_000)]
    policy_override_reason: Option<String>,
    /// Why what is due now goes out although the safety of a partner is not clear.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(nullable = false, min_length = 1, max_length = 10_000)]
    safety_override_reason: Option<String>,
    /// Why its steps go out, now and later, although something that comes before one of them in the default order has not begun.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(nullable = false, min_length = 1, max_length = 10_000)]
    order_override_reason: Option<String>,
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
        let attempt = Attempt {
            with_held: false,
            by_hand: None,
            policy_override: self.policy_override_reason.map(Confidential::new),
            safety_override: self.safety_override_reason.map(Confidential::new),
            order_override: None,
        };
        let order_override = self.order_override_reason.map(Confidential::new);
        (RunDraft { breach: self.breach_id, order_override, alone }, attempt)
    }
}

/// Why something goes out although something stands against it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Overrides {
    /// Why it goes out although the confidentiality policy is not acknowledged by both.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(nullable = false, min_length = 1, max_length = 10_000)]
    policy_override_reason: Option<String>,
    /// Why it goes out although the safety of a partner is not clear.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(nullable = false, min_length = 1, max_length = 10_000)]
    safety_override_reason: Option<String>,
    /// Why it goes out although something that comes before it in the default order has not begun.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(nullable = false, min_length = 1, max_length = 10_000)]
    order_override_reason: Option<String>,
}

impl From<Overrides> for Attempt {
    fn from(overrides: Overrides) -> Self {
        Self {
            with_held: true,
            by_hand: None,
            policy_override: overrides.policy_override_reason.map(Confidential::new),
            safety_override: overrides.safety_override_reason.map(Confidential::new),
            order_override: overrides.order_override_reason.map(Confidential::new),
        }
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
    /// Why it goes out although the confidentiality policy is not acknowledged by both.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(nullable = false, min_length = 1, max_length = 10_000)]
    policy_override_reason: Option<String>,
    /// Why it goes out although the safety of a partner is not clear.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(nullable = false, min_length = 1, max_length = 10_000)]
    safety_override_reason: Option<String>,
    /// Why it goes out although something that comes before it in the default order has not begun.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(nullable = false, min_length = 1, max_length = 10_000)]
    order_override_reason: Option<String>,
}

impl From<ReleaseSteps> for Attempt {
    fn from(
        ReleaseSteps { position, policy_override_reason, safety_override_reason, order_override_reason }: ReleaseSteps,
    ) -> Self {
        let overrides = Overrides { policy_override_reason, safety_override_reason, order_override_reason };
        Self { by_hand: position, ..overrides.into() }
    }
}
