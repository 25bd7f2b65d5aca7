//! The reasons for which a counselor goes ahead although something stands against it, as they are written in a body.

use domain::{assignment::Overrides, confidential::Confidential};
use serde::Deserialize;
use utoipa::ToSchema;
use validator::Validate;

/// Why something goes out although something stands against it. A reason is asked for only where that is so.
#[derive(Debug, Default, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Overrides)]
pub(super) struct OverridesRequest {
    /// Why it goes out although the confidentiality policy is not acknowledged by both.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(nullable = false, min_length = 1, max_length = 10_000)]
    policy: Option<String>,
    /// Why it goes out although the safety of a partner is not clear.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(nullable = false, min_length = 1, max_length = 10_000)]
    safety: Option<String>,
    /// Why it goes out although something that comes before it in the default order, its `prerequisites`, has not begun.
    #[validate(length(min = 1, max = 10_000))]
    #[schema(nullable = false, min_length = 1, max_length = 10_000)]
    order: Option<String>,
}

impl From<OverridesRequest> for Overrides {
    fn from(OverridesRequest { policy, safety, order }: OverridesRequest) -> Self {
        Self {
            policy: policy.map(Confidential::new),
            safety: safety.map(Confidential::new),
            order: order.map(Confidential::new),
        }
    }
}
