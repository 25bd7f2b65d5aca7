//! Who asks: the bearer access token, checked, and the sign-in behind it, looked up at every request.

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload, http::header::AUTHORIZATION, web::Data};
use domain::access::Caller;
use futures_util::future::LocalBoxFuture;
use uuid::Uuid;

use super::RequestId;
use crate::{app::App, problem::Problem};

/// Who asks, and in which request. A handler that takes one can't be reached without a valid access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asker {
    /// Who asks.
    pub caller: Caller,
    /// The request, for the audit trail; jobs and the command line have none.
    pub request: Option<Uuid>,
}

impl Asker {
    /// The same, in answer to this request.
    #[must_use]
    pub fn in_request(self, request: &RequestId) -> Self {
        Self { request: Some(request.id), ..self }
    }
}

impl FromRequest for Asker {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let claims = app_of(request).and_then(|app| {
            let token = bearer(request).ok_or_else(Problem::unauthenticated)?;
            let claims = app.tokens.verify(token, app.clock.now()).map_err(|_| Problem::invalid_token())?;
            Ok((app, claims))
        });
        let request = request.clone();
        Box::pin(async move {
            let (app, claims) = claims?;
            let asker = app.admit(&claims, RequestId::of(&request)).await?;
            request.extensions_mut().insert(asker.caller);
            Ok(asker)
        })
    }
}

fn app_of(request: &HttpRequest) -> Result<Data<App>, Problem> {
    request.app_data::<Data<App>>().cloned().ok_or_else(|| Problem::internal("the server was built without its App"))
}

/// The token of `Authorization: Bearer …` (RFC 6750 §2.1). Tokens are taken from nowhere else.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let (scheme, token) = request.headers().get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}
