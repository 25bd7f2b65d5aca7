//! Whether the sign-in behind a token still lives, and who holds it in which role today.

use domain::access::{Actor, Role};
use store::{StoreError, View};

use crate::{
    problem::Problem,
    tokens::{ActorKind, Claims},
};

/// The one who holds the sign-in. A sign-in that ended is answered like a token that is not valid.
pub(crate) fn admit(view: &mut View<'_>, claims: &Claims) -> Result<Actor, Problem> {
    find(view, claims).map_err(|error| match error {
        StoreError::NotFound => Problem::invalid_token(),
        error => error.into(),
    })
}

// The seam to the store: `store::sign_ins::admit(view, claims.sid)` takes the place of this function. Until then staff hold the
// least of all roles.
fn find(_view: &mut View<'_>, claims: &Claims) -> Result<Actor, StoreError> {
    Ok(match claims.actor {
        ActorKind::Staff => Actor::Staff { id: claims.sub.into(), role: Role::Assistant },
        ActorKind::Client => Actor::Client(claims.sub.into()),
    })
}
