//! Sign-ins: where someone is signed in, and how they get in and out.

use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::header::{HeaderValue, USER_AGENT},
    post,
    web::{Data, Json, Path},
};
use chrono::{DateTime, Utc};
use domain::{
    access::{Action, Caller},
    account::AccountHolder,
    confidential::Confidential,
    email::EmailAddress,
    ids::SignInId,
    practice::Handle,
    sign_in::{SignIn, device_label},
};
use serde::{Deserialize, Serialize};
use store::{
    Tx,
    audit::Event,
    sign_ins,
    tokens::{OpaqueToken, TokenKind},
};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::NoContent,
    app::App,
    extract::{Asker, Body, ClientAddress, Listing, PageParameters, Paged, RequestId, SentSecret},
    problem::Problem,
    sign_in::{Attempt, Granted, begin, renew},
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(begin_sign_in)
        .service(refresh_sign_in)
        .service(list_sign_ins)
        .service(sign_out)
        .service(end_sign_in);
}

/// Who wants in.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignInRequest {
    /// The handle of the practice.
    #[schema(value_type = String, min_length = 3, max_length = 40)]
    practice: Handle,
    /// The address that they were invited at.
    #[schema(value_type = String, format = Email, max_length = 254)]
    email: EmailAddress,
    /// Their password.
    password: SentSecret,
}

/// How to stay in.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefreshRequest {
    /// The newest refresh token of the sign-in. It is spent by this.
    refresh_token: SentSecret,
}

/// A device that someone is signed in on.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SignIn)]
struct SignInView {
    /// The sign-in, to end it by.
    id: SignInId,
    /// What the device calls itself.
    #[schema(value_type = Option<String>, required = true, max_length = 100)]
    device: Option<Confidential>,
    /// When they signed in.
    created_at: DateTime<Utc>,
    /// When it was last renewed.
    last_used_at: DateTime<Utc>,
    /// When it ends at the latest.
    expires_at: DateTime<Utc>,
    /// Whether it is the one that asks.
    current: bool,
}

impl SignInView {
    fn of(sign_in: SignIn, current: Option<SignInId>) -> Self {
        let SignIn { id, device, created_at, last_used_at, expires_at, .. } = sign_in;
        Self { id, device, created_at, last_used_at, expires_at, current: current == Some(id) }
    }
}

/// What to show at each request, and how to renew it. Keep both secret.
#[derive(Serialize, ToSchema)]
#[schema(as = Tokens)]
struct TokensView {
    /// Send it as `Authorization: Bearer …`.
    #[schema(max_length = 4096)]
    access_token: String,
    /// Always `Bearer`.
    #[schema(value_type = String, example = "Bearer", max_length = 20)]
    token_type: &'static str,
    /// For how many seconds the access token is valid.
    expires_in: i64,
    /// Gets the next pair, once.
    #[schema(max_length = 200)]
    refresh_token: String,
    /// When the sign-in ends unless it is renewed before.
    idle_until: DateTime<Utc>,
    /// The sign-in.
    sign_in: SignInView,
}

impl From<Granted> for TokensView {
    fn from(Granted { sign_in, access, refresh }: Granted) -> Self {
        let current = Some(sign_in.id);
        Self {
            access_token: access.token,
            token_type: "Bearer",
            expires_in: access.expires_in,
            refresh_token: refresh.expose().to_string(),
            idle_until: sign_in.idle_until,
            sign_in: SignInView::of(sign_in, current),
        }
    }
}

/// Sign in
///
/// Whatever is not right, the answer is the same. After some failures it takes longer and longer until one may try again.
#[utoipa::path(tag = "sign-in", security(()), request_body = SignInRequest,
    responses((status = 201, description = "Signed in", body = TokensView), (status = 401, description = "Not signed in; it is not said why", body = crate::problem::ProblemBody, content_type = crate::problem::MEDIA_TYPE)))]
#[post("/v1/sign-ins")]
async fn begin_sign_in(
    app: Data<App>,
    request: HttpRequest,
    id: RequestId,
    address: ClientAddress,
    body: Body<SignInRequest>,
) -> Result<HttpResponse, Problem> {
    let SignInRequest { practice, email, password } = body.into_inner();
    let agent = request.headers().get(USER_AGENT).map(HeaderValue::to_str);
    let device = agent.and_then(Result::ok).and_then(device_label);
    let attempt = Attempt { practice, email, password: password.secret(), device, address, request: id };
    Ok(HttpResponse::Created().json(TokensView::from(begin(&app, attempt).await?)))
}

/// Stay signed in
///
/// The refresh token is spent and another given. If the answer was lost, the same may be asked again within ten seconds. A token
/// that is used twice otherwise was copied: it ends the sign-in.
#[utoipa::path(tag = "sign-in", security(()), request_body = RefreshRequest,
    responses((status = 200, description = "Still signed in", body = TokensView), (status = 401, description = "No longer signed in; it is not said why", body = crate::problem::ProblemBody, content_type = crate::problem::MEDIA_TYPE)))]
#[post("/v1/sign-ins/refresh")]
async fn refresh_sign_in(
    app: Data<App>,
    request: RequestId,
    body: Body<RefreshRequest>,
) -> Result<Json<TokensView>, Problem> {
    let token = OpaqueToken::read(TokenKind::Refresh, body.refresh_token.expose());
    let granted = renew(&app, token.ok_or_else(Problem::invalid_refresh_token)?, &request).await?;
    Ok(Json(granted.into()))
}

/// List where you are signed in
#[utoipa::path(tag = "sign-in", security(("bearer" = [])), params(PageParameters),
    responses((status = 200, description = "The sign-ins that live, in the order they were made", body = Paged<SignInView>)))]
#[get("/v1/sign-ins")]
async fn list_sign_ins(app: Data<App>, caller: Asker, list: Listing) -> Result<Paged<SignInView>, Problem> {
    let page = list.page;
    let current = caller.caller.sign_in;
    let found = app
        .read(&caller, Action::ManageOwnAccount, move |view| {
            let holder = holder(&view.caller())?;
            Ok(sign_ins::list(view, holder, page)?)
        })
        .await?;
    let place = |sign_in: &SignIn| (sign_in.created_at, sign_in.id.0);
    Ok(Paged::of(found, place, |sign_in| SignInView::of(sign_in, current)))
}

/// Sign out
#[utoipa::path(tag = "sign-in", security(("bearer" = [])), responses((status = 204, description = "Signed out here")))]
#[delete("/v1/sign-ins/current")]
async fn sign_out(app: Data<App>, caller: Asker) -> Result<NoContent, Problem> {
    let current = caller.caller.sign_in.ok_or_else(Problem::not_found)?;
    app.write(&caller, Action::ManageOwnAccount, move |tx| end(tx, current)).await
}

/// Sign out elsewhere
#[utoipa::path(tag = "sign-in", security(("bearer" = [])), params(("sign_in_id" = SignInId, Path, description = "The sign-in")),
    responses((status = 204, description = "Signed out there")))]
#[delete("/v1/sign-ins/{sign_in_id}")]
async fn end_sign_in(app: Data<App>, caller: Asker, id: Path<SignInId>) -> Result<NoContent, Problem> {
    app.write(&caller, Action::ManageOwnAccount, move |tx| end(tx, *id)).await
}

/// Ends a sign-in of one's own; those of others don't exist.
fn end(tx: &mut Tx<'_>, id: SignInId) -> Result<NoContent, Problem> {
    let mut sign_in = sign_ins::find(tx, id)?;
    if sign_in.holder != holder(&tx.caller())? || !sign_in.is_live(tx.now()) {
        return Err(Problem::not_found());
    }
    sign_in.end(tx.now());
    sign_ins::update(tx, &sign_in)?;
    tx.record(Event::new("sign_in.ended", id));
    Ok(NoContent)
}

/// Whose account the caller acts from.
pub(super) fn holder(caller: &Caller) -> Result<AccountHolder, Problem> {
    AccountHolder::of(caller).ok_or_else(Problem::not_found)
}
