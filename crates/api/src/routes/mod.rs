//! Every route, one line for each noun. The document is collected from the same lines.

mod breaches;
mod clients;
mod couples;
mod documents;
mod health;
mod me;
mod policies;
mod safety;

pub(crate) use documents::docs;
use utoipa_actix_web::service_config::ServiceConfig;

/// All routes of the API.
pub(crate) fn all(config: &mut ServiceConfig<'_>) {
    me::routes(config);
    clients::routes(config);
    couples::routes(config);
    breaches::routes(config);
    policies::routes(config);
    safety::routes(config);
    health::routes(config);
    documents::routes(config);
}
