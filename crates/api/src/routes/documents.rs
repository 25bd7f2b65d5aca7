//! What the server says about itself: its document, a page to read it, its public keys, its kinds of problems.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse, get,
    guard::Get,
    http::header::{CONTENT_ENCODING, CONTENT_SECURITY_POLICY, ETAG, IF_NONE_MATCH, LOCATION},
    web::{self, Data, Json, Path},
};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use utoipa_swagger_ui::Config;

use crate::{
    app::App,
    extract::matches_any,
    keys::KeySet,
    problem::{Code, Problem},
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_api_document).service(list_public_keys).service(explain_problem);
}

/// Show this document
#[utoipa::path(tag = "server", security(()), responses((status = 200, description = "The API described (OpenAPI 3.1)", body = serde_json::Value)))]
#[get("/openapi.json")]
async fn show_api_document(request: HttpRequest, app: Data<App>) -> HttpResponse {
    let etag = format!("\"{}\"", app.document.etag);
    if matches_any(request.headers(), &IF_NONE_MATCH, &app.document.etag) {
        return HttpResponse::NotModified().insert_header((ETAG, etag)).finish();
    }
    HttpResponse::Ok().insert_header((ETAG, etag)).content_type("application/json").body(app.document.json.clone())
}

/// List the public keys
///
/// Access tokens are verified with them.
#[utoipa::path(tag = "server", security(()), responses((status = 200, description = "Public keys, newest first", body = KeySet)))]
#[get("/.well-known/jwks.json")]
async fn list_public_keys(app: Data<App>) -> Json<KeySet> {
    Json(app.tokens.keys().public())
}

/// A kind of problem, explained.
#[derive(Debug, Serialize, ToSchema)]
struct ProblemKind {
    /// The stable word for it.
    #[schema(value_type = String, example = "not-found", max_length = 100)]
    code: &'static str,
    /// The status it comes with.
    #[schema(value_type = i32, minimum = 400, maximum = 599)]
    status: u16,
    /// Its title.
    #[schema(value_type = String, max_length = 200)]
    title: &'static str,
    /// What it means and what can be done about it.
    #[schema(value_type = String, max_length = 2000)]
    meaning: &'static str,
}

/// Explain a kind of problem
#[utoipa::path(tag = "server", security(()), params(("code" = String, Path, description = "The code of the problem", max_length = 100)),
    responses((status = 200, description = "The kind of problem, explained", body = ProblemKind)))]
#[get("/problems/{code}")]
async fn explain_problem(code: Path<String>) -> Result<Json<ProblemKind>, Problem> {
    let code = Code::named(&code).ok_or_else(Problem::not_found)?;
    let status = code.status().as_u16();
    Ok(Json(ProblemKind { code: code.as_str(), status, title: code.title(), meaning: code.meaning() }))
}

/// The page that shows the document in a browser: files of our own, and only the page may run its scripts.
const DOCS_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The documentation page, outside of the document.
pub(crate) fn docs(config: &mut web::ServiceConfig) {
    config.app_data(Data::from(Arc::new(Config::from("/openapi.json").validator_url("none"))));
    config.service(web::resource("/docs").guard(Get()).to(redirect_to_docs));
    config.service(web::resource("/docs/{file:.*}").guard(Get()).to(show_docs));
}

async fn redirect_to_docs() -> HttpResponse {
    HttpResponse::PermanentRedirect().insert_header((LOCATION, "/docs/")).finish()
}

async fn show_docs(file: Path<String>, config: Data<Config<'static>>) -> Result<HttpResponse, Problem> {
    let served = utoipa_swagger_ui::serve(&file, config.into_inner());
    let file = served.map_err(|error| Problem::internal(error.to_string()))?.ok_or_else(Problem::not_found)?;
    let mut response = HttpResponse::Ok();
    if file.gzpipped {
        response.insert_header((CONTENT_ENCODING, "gzip"));
    }
    let response = response.content_type(file.content_type).insert_header((CONTENT_SECURITY_POLICY, DOCS_POLICY));
    Ok(response.body(file.bytes.into_owned()))
}
