//! The API described: collected from the routes, completed with what holds for every operation, and made into bytes once.

mod complete;
mod methods;

use actix_web::web::Bytes;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use utoipa::OpenApi;
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};

use crate::{problem::ProblemBody, routes};
use methods::Methods;

/// What holds for the whole API.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tenfold",
        description = "Practice management for couples counselors.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/", description = "This server")),
    components(schemas(ProblemBody)),
    tags(
        (name = "sign-in", description = "Signing in, staying signed in, signing out."),
        (name = "practice", description = "The practice: the tenant that nothing ever crosses."),
        (name = "staff", description = "Who works in the practice, and in which role."),
        (name = "audit", description = "Who did what, append-only and hash-chained."),
        (name = "account", description = "The one who is signed in."),
        (name = "clients", description = "The people in treatment, and how to reach them."),
        (name = "couples", description = "The cases: who is in them, who treats them, where they stand."),
        (name = "caseload", description = "Each couple at a glance: what waits, what is late, what comes next."),
        (name = "breaches", description = "The events that broke the trust, for counselors only."),
        (name = "policies", description = "What a counselor may do with what one partner says alone, and who acknowledged it."),
        (name = "safety", description = "How safe each partner is, for counselors only."),
        (name = "assignments", description = "Exercises given to a couple, and where each participant stands."),
        (name = "programs", description = "Exercises in an order, with rules for when each goes out."),
        (name = "program-runs", description = "The programs that a couple does: what has gone out, what is done, what is still to come."),
        (name = "entries", description = "What the partners record, and who may read it."),
        (name = "reviews", description = "What waits for the counselor, and what the counselor answers."),
        (name = "flags", description = "What reviews want taken up in a session, until it is."),
        (name = "deflection-checks", description = "Where an apology slips away from what was done: advice for whoever writes one."),
        (name = "agenda", description = "What the next session of a couple should take up, for counselors only."),
        (name = "exercises", description = "The catalog: ten ways to rebuild trust, with their forms and measures."),
        (name = "own-exercises", description = "Exercises that the practice words itself and makes forms for, version by version."),
        (name = "promises", description = "What one partner commits to do for the other, and how it went each time it was due."),
        (name = "progress", description = "What was done and what changed, kept apart, and to each audience only what it may see."),
        (name = "instruments", description = "Questionnaires with norms: the product's and the practice's own, without item text."),
        (name = "scores", description = "What a questionnaire came to for one partner, and whether the change is more than chance."),
        (name = "sessions", description = "The appointments: when, where, with whom, who was there."),
        (name = "notes", description = "What counselors write about sessions: drafts, signatures, addenda."),
        (name = "psychotherapy-notes", description = "A counselor's own analysis (45 CFR 164.501), for its author alone."),
        (name = "exports", description = "Documents made from a couple's record, for a stated purpose and recipient."),
        (name = "server", description = "The server itself: health, keys, this document, the kinds of problems."),
    )
)]
struct Base;

/// The document, and what is derived from it.
#[derive(Debug)]
pub struct Document {
    /// As it is served.
    pub(crate) json: Bytes,
    /// A strong entity tag of the bytes, without its quotes.
    pub(crate) etag: String,
    methods: Methods,
}

impl Document {
    /// The document of this version of the server.
    ///
    /// # Errors
    /// If it can't be written as JSON.
    pub fn generate() -> Result<Self, serde_json::Error> {
        Self::of(&document())
    }

    pub(crate) fn of(document: &utoipa::openapi::OpenApi) -> Result<Self, serde_json::Error> {
        let json = Bytes::from(document.to_json()?);
        let etag = URL_SAFE_NO_PAD.encode(Sha256::digest(&json));
        Ok(Self { json, etag, methods: Methods::of(&document.paths) })
    }

    /// The methods this path can be asked with, as in `Allow`; none if there is no such path.
    pub(crate) fn allowed(&self, path: &str) -> Option<String> {
        self.methods.allowed(path)
    }
}

/// The API described, without starting anything.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    document_of(routes::all)
}

/// The same of other routes.
pub(crate) fn document_of(routes: impl FnOnce(&mut ServiceConfig<'_>)) -> utoipa::openapi::OpenApi {
    let app = actix_web::App::new().into_utoipa_app().openapi(Base::openapi()).configure(routes);
    let (_, mut document) = app.split_for_parts();
    complete::complete(&mut document);
    document
}
