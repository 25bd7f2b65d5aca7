//! The envelope of every request: its id, its line in the log, its time in the metrics. Every error leaves as a problem with the
//! request's id, whoever made it, and a handler that panics is one of them.

use std::{
    panic::AssertUnwindSafe,
    time::{Duration, Instant},
};

use actix_web::{
    Error, HttpMessage, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        Method, StatusCode,
        header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use domain::access::{Actor, Caller};
use futures_util::FutureExt;

use super::headers::secure;
use crate::{
    app::App,
    extract::RequestId,
    metrics::method_label,
    problem::{MEDIA_TYPE, Problem},
};

/// Around everything else.
pub(crate) async fn envelope(
    app: Data<App>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let exchange = Exchange::begin(&app, &request);
    request.extensions_mut().insert(exchange.id.clone());
    if *request.method() == Method::HEAD {
        // Answered like GET; the connection leaves the body out.
        request.head_mut().method = Method::GET;
    }
    let answer = AssertUnwindSafe(async move { next.call(request).await }).catch_unwind().await;
    match answer {
        Ok(Ok(response)) => Ok(exchange.end(response.map_into_boxed_body())),
        Ok(Err(error)) => Err(exchange.fail(error)),
        Err(_) => Err(exchange.fail(Problem::internal("a handler panicked").into())),
    }
}

/// One request and its answer.
struct Exchange<'a> {
    app: &'a App,
    id: RequestId,
    method: Method,
    started: Instant,
}

impl<'a> Exchange<'a> {
    fn begin(app: &'a App, request: &ServiceRequest) -> Self {
        let id = RequestId::new(app.ids.next(), request.headers());
        Self { app, id, method: request.method().clone(), started: Instant::now() }
    }

    /// Sends the answer on its way.
    fn end(&self, response: ServiceResponse) -> ServiceResponse {
        let caller = response.request().extensions().get::<Caller>().copied();
        let route = response.request().match_pattern();
        self.record(route.as_deref(), response.status(), caller);
        let (request, response) = response.into_parts();
        let mut response = self.complete(response);
        self.mark(response.headers_mut());
        ServiceResponse::new(request, response)
    }

    /// Something other than a handler failed: there is no response to complete, but there is one to make.
    fn fail(&self, error: Error) -> Error {
        let mut response = self.complete(HttpResponse::from_error(error));
        self.mark(response.headers_mut());
        self.record(None, response.status(), None);
        InternalError::from_response("see the response", response).into()
    }

    /// Every error becomes a problem with the id of the request.
    fn complete(&self, response: HttpResponse) -> HttpResponse {
        if !(response.status().is_client_error() || response.status().is_server_error()) {
            return response;
        }
        let body = match response.error().and_then(|error| error.as_error::<Problem>()) {
            Some(problem) => {
                self.log_causes(problem);
                problem.json(Some(&self.id.shown))
            }
            None if is_problem(response.headers()) => return response,
            None => Problem::for_status(response.status()).json(Some(&self.id.shown)),
        };
        let mut response = response.set_body(BoxBody::new(body));
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        response
    }

    fn mark(&self, headers: &mut HeaderMap) {
        secure(headers);
        if let Ok(shown) = HeaderValue::from_str(&self.id.shown) {
            headers.insert(HeaderName::from_static("x-request-id"), shown);
        }
    }

    fn log_causes(&self, problem: &Problem) {
        if problem.code().status().is_server_error() {
            let (request_id, code, causes) = (self.id.id, problem.code().as_str(), problem.causes());
            tracing::error!(%request_id, code, causes, "a request failed");
        }
    }

    /// The one line of the log for this request: no path, no query, no body, since those may be confidential.
    fn record(&self, route: Option<&str>, status: StatusCode, caller: Option<Caller>) {
        let (route, duration) = (route.unwrap_or("unmatched"), self.started.elapsed());
        self.app.metrics.request(&self.method, route, status, duration);
        tracing::info!(
            request_id = %self.id.id,
            client_request_id = self.id.sent(),
            method = method_label(&self.method),
            route,
            status = status.as_u16(),
            duration_ms = milliseconds(duration),
            practice = caller.map(|caller| caller.practice.to_string()),
            actor = caller.map(|caller| actor_kind(&caller)),
            "request"
        );
    }
}

fn is_problem(headers: &HeaderMap) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|value| value.as_bytes() == MEDIA_TYPE.as_bytes())
}

fn milliseconds(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e6).round() / 1e3
}

fn actor_kind(caller: &Caller) -> &'static str {
    match caller.actor {
        Actor::Staff { .. } => "staff",
        Actor::Client(_) => "client",
        Actor::System => "system",
    }
}
