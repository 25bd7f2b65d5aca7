//! The HTTP server: routes, and what surrounds them, put together in the same way for `tenfold serve` and for the tests.

#[cfg(test)]
mod tests;

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use actix_web::{
    Error, HttpRequest, HttpResponse, HttpServer,
    body::MessageBody,
    dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse},
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
    jobs,
    metrics::Metrics,
    middleware::{cors, envelope},
    problem::{Code, Problem},
    routes,
};

/// The largest body that is read.
const MAX_BODY_BYTES: usize = 1024 * 1024;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves the API, and the metrics on their own port, until the process is told to stop; running requests may end.
///
/// # Errors
/// If a port can't be had.
pub async fn serve(app: App) -> io::Result<()> {
    let (config, metrics) = (app.config.clone(), app.metrics.clone());
    let watched = config.metrics_listen.map(|listen| serve_metrics(metrics, listen)).transpose()?;
    let worked = app.clone();
    let server = HttpServer::new(move || service(app.clone()))
        .client_request_timeout(HEAD_TIMEOUT)
        .shutdown_timeout(config.shutdown_seconds.into())
        .bind(config.listen)?
        .run();
    let working = actix_web::rt::spawn(jobs::work(worked));
    tracing::info!(listen = %config.listen, "the API is served");
    let watching = watched.as_ref().map(Server::handle);
    if let Some(watched) = watched {
        actix_web::rt::spawn(watched);
    }
    let stopped = server.await;
    // What is half done is done again: its claim runs out.
    working.abort();
    if let Some(watching) = watching {
        watching.stop(false).await;
    }
    stopped
}

fn serve_metrics(metrics: Arc<Metrics>, listen: SocketAddr) -> io::Result<Server> {
    let metrics = Data::from(metrics);
    let app = move || actix_web::App::new().app_data(metrics.clone()).route("/metrics", web::get().to(show_metrics));
    Ok(HttpServer::new(app).workers(1).disable_signals().bind(listen)?.run())
}

async fn show_metrics(metrics: Data<Metrics>) -> Result<HttpResponse, Problem> {
    let text = metrics.text().map_err(Problem::internal)?;
    Ok(HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(text))
}

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
