//! The deck of conversation starters: the same for everybody, so it is written once.

use std::sync::LazyLock;

use actix_web::{HttpRequest, HttpResponse, get};
use domain::{
    access::Action,
    exercises::{Depth, Starter, starters},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::Written,
    extract::{Asker, Query},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_conversation_starters);
}

/// Which starters are asked for.
#[derive(Debug, Clone, Copy, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Those of one depth; all if absent.
    #[param(nullable = false, required = false)]
    depth: Option<Depth>,
}

/// A question or an invitation to begin from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConversationStarter)]
struct StarterView {
    /// Its name, which stays: a share says by it which starter it came from.
    #[schema(value_type = String, max_length = 40, example = "first-laugh")]
    id: &'static str,
    /// How far it goes.
    depth: Depth,
    /// What it says.
    #[schema(value_type = String, max_length = 200, example = "What is the first time you remember laughing together?")]
    text: &'static str,
}

impl From<Starter> for StarterView {
    fn from(Starter { id, depth, text }: Starter) -> Self {
        Self { id, depth, text }
    }
}

/// The deck of conversation starters.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConversationStarters)]
struct DeckView {
    /// From light to deep.
    #[schema(max_items = 200)]
    items: Vec<StarterView>,
    /// Always null: they are all on one page.
    #[schema(required = true, max_length = 100)]
    next_cursor: Option<String>,
}

impl DeckView {
    fn of(depth: Option<Depth>) -> Self {
        let wanted = starters().iter().filter(|starter| depth.is_none_or(|depth| starter.depth == depth));
        Self { items: wanted.map(|starter| (*starter).into()).collect(), next_cursor: None }
    }
}

/// The deck as it is answered: whole, and for each depth.
type Decks = Vec<(Option<Depth>, Written)>;

static DECKS: LazyLock<Result<Decks, serde_json::Error>> = LazyLock::new(|| {
    let depths = std::iter::once(None).chain(Depth::ALL.iter().copied().map(Some));
    depths.map(|depth| Ok((depth, Written::of(&DeckView::of(depth))?))).collect()
});

/// List the conversation starters
///
/// For sharing something tender (exercise 5): pick one, or bring your own.
#[utoipa::path(tag = "exercises", security(("bearer" = [])), params(Wanted),
    responses((status = 200, description = "The deck, from light to deep", body = DeckView)))]
#[get("/v1/conversation-starters")]
async fn list_conversation_starters(
    request: HttpRequest,
    who: Asker,
    wanted: Query<Wanted>,
) -> Result<HttpResponse, Problem> {
    who.caller.may(Action::ReadCatalog)?;
    let decks = DECKS.as_ref().map_err(|error| Problem::internal(error.to_string()))?;
    let deck = decks.iter().find(|(depth, _)| *depth == wanted.0.depth);
    deck.map(|(_, written)| written.answer(&request)).ok_or_else(Problem::not_found)
}
