//! The HTTP server: routes, and what surrounds them, put together in the same way for `tenfold serve` and for the tests.

#[cfg(test)]
mod tests;

use actix_web::{
    Error, HttpRequest, HttpResponse,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{ALLOW, HeaderValue},
    },
    middleware::{Condition, from_fn},
    web::{self, Data, PathConfig, PayloadConfig},
};
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};

use crate::{
    app::App,
    middleware::{cors, envelope},
    problem::{Code, Problem},
    routes,
};

/// The largest body that is read.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// The whole API, ready to be served or tested.
pub fn service(
    app: App,
) -> actix_web::App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    with_routes(app, routes::all)
}

/// The API with other routes: for tests of what surrounds them.
pub(crate) fn with_routes(
    app: App,
    routes: impl FnOnce(&mut ServiceConfig<'_>),
) -> actix_web::App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
> {
    let cors = Condition::new(!app.config.cors_origins.is_empty(), cors(&app.config.cors_origins));
    actix_web::App::new()
        .app_data(Data::new(app))
        .app_data(PayloadConfig::new(MAX_BODY_BYTES))
        .app_data(PathConfig::default().error_handler(|_, _| Problem::not_found().into()))
        .into_utoipa_app()
        .configure(routes)
        .into_app()
        .configure(routes::docs)
        .default_service(web::to(answer_unmatched))
        .wrap(cors)
        .wrap(from_fn(envelope))
}

/// No route matched: either there is no such path, or it can't be asked for in this way.
async fn answer_unmatched(request: HttpRequest, app: Data<App>) -> Result<HttpResponse, Problem> {
    let allowed = app.document.allowed(request.path()).ok_or_else(Problem::not_found)?;
    if *request.method() == Method::OPTIONS {
        return Ok(HttpResponse::NoContent().insert_header((ALLOW, allowed)).finish());
    }
    let problem = Problem::new(Code::MethodNotAllowed, Code::MethodNotAllowed.meaning());
    let allow = HeaderValue::from_str(&allowed).map_err(Problem::internal)?;
    Err(problem.with_header(ALLOW, allow))
}
