//! Every route, one line for each noun. The document is collected from the same lines.

pub(crate) mod assignments;
mod audit_events;
mod breaches;
mod clients;
mod couples;
mod documents;
mod entries;
mod exercises;
mod exports;
mod health;
mod invitations;
mod me;
mod notes;
mod own_exercises;
mod policies;
mod practice;
mod progress;
mod promises;
mod psychotherapy_notes;
pub(crate) mod reviews;
mod safety;
mod sessions;
mod sign_ins;
mod staff;
mod visibility;
mod work;

pub(crate) use documents::docs;
use utoipa_actix_web::service_config::ServiceConfig;

/// All routes of the API.
pub(crate) fn all(config: &mut ServiceConfig<'_>) {
    sign_ins::routes(config);
    me::routes(config);
    practice::routes(config);
    staff::routes(config);
    invitations::routes(config);
    audit_events::routes(config);
    clients::routes(config);
    couples::routes(config);
    breaches::routes(config);
    policies::routes(config);
    safety::routes(config);
    assignments::routes(config);
    entries::routes(config);
    reviews::routes(config);
    exercises::routes(config);
    own_exercises::routes(config);
    promises::routes(config);
    progress::routes(config);
    work::routes(config);
    sessions::routes(config);
    notes::routes(config);
    psychotherapy_notes::routes(config);
    exports::routes(config);
    health::routes(config);
    documents::routes(config);
}
