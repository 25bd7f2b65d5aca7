//! Invitations: how staff and clients come by their first password, or another after losing it.
//!
//! Tenfold sends no mail: whoever invites hands the token on, in a link or by voice. It is shown once.

use actix_web::{
    HttpResponse, post,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use domain::{
    access::Action,
    account::{Account, AccountHolder},
    client::Client,
    ids::{ClientId, InvitationId, StaffId},
    invitation::{Invitation, NoAddress},
    staff::StaffError,
};
use serde::{Deserialize, Serialize};
use store::{
    StoreError, Tx, accounts, clients, staff,
    tokens::{OpaqueToken, TokenKind},
};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    account::{accept, invite},
    answer::NoContent,
    app::App,
    extract::{Asker, Body, RequestId, SentSecret},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(invite_staff).service(invite_client).service(accept_invitation);
}

/// An invitation, with the token that accepts it.
#[derive(Serialize, ToSchema)]
#[schema(as = Invitation)]
struct InvitationView {
    /// Which one.
    id: InvitationId,
    /// Accepts it, once. It is not shown again.
    #[schema(max_length = 200)]
    token: String,
    /// When it expires.
    expires_at: DateTime<Utc>,
}

impl From<(Invitation, OpaqueToken)> for InvitationView {
    fn from((invitation, token): (Invitation, OpaqueToken)) -> Self {
        Self { id: invitation.id, token: token.expose().to_string(), expires_at: invitation.expires_at }
    }
}

/// Who accepts, and with which password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Acceptance {
    /// The token of the invitation.
    token: SentSecret,
    /// The password that they choose: 15 to 128 characters of any kind.
    password: SentSecret,
}

/// Invite a staff member
///
/// Whoever has a password already may choose another by it. It takes the place of an older invitation.
#[utoipa::path(tag = "staff", security(("bearer" = [])), params(("staff_id" = StaffId, Path, description = "The staff member")),
    responses((status = 201, description = "The invitation, with its token", body = InvitationView), (status = 422, description = "They no longer work here", body = crate::problem::ProblemBody, content_type = crate::problem::MEDIA_TYPE)))]
#[post("/v1/staff/{staff_id}/invitations")]
async fn invite_staff(app: Data<App>, caller: Asker, id: Path<StaffId>) -> Result<HttpResponse, Problem> {
    let invited = app.write(&caller, Action::ManageStaff, move |tx| {
        let member = staff::find(tx, *id)?;
        if !member.is_active() {
            return Err(StaffError::Ended.into());
        }
        invite(tx, AccountHolder::Staff(member.id))
    });
    Ok(HttpResponse::Created().json(InvitationView::from(invited.await?)))
}

/// Invite a client
///
/// A client who has a password already may choose another by it; because whoever holds the token could do so in their place, only
/// those who treat couples may give that out. It takes the place of an older invitation.
#[utoipa::path(tag = "clients", security(("bearer" = [])), params(("client_id" = ClientId, Path, description = "The client")),
    responses((status = 201, description = "The invitation, with its token", body = InvitationView),
        (status = 409, description = "Someone else signs in with the client's address", body = crate::problem::ProblemBody, content_type = crate::problem::MEDIA_TYPE),
        (status = 422, description = "The client has no address", body = crate::problem::ProblemBody, content_type = crate::problem::MEDIA_TYPE)))]
#[post("/v1/clients/{client_id}/invitations")]
async fn invite_client(app: Data<App>, caller: Asker, id: Path<ClientId>) -> Result<HttpResponse, Problem> {
    let invited = app.write(&caller, Action::ManageClients, move |tx| {
        let client = clients::find(tx, *id)?;
        open_account(tx, &client)?;
        invite(tx, AccountHolder::Client(client.id))
    });
    Ok(HttpResponse::Created().json(InvitationView::from(invited.await?)))
}

/// Clients get an account when they are first invited; many never are.
fn open_account(tx: &mut Tx<'_>, client: &Client) -> Result<(), Problem> {
    let holder = AccountHolder::Client(client.id);
    let email = client.email.as_ref().ok_or(NoAddress)?;
    match accounts::find(tx, holder) {
        Err(StoreError::NotFound) => Ok(accounts::insert(tx, &Account::new(holder, tx.now()), email)?),
        Ok(account) if account.password.is_some() => Ok(tx.caller().may(Action::RenewClientPasswords)?),
        found => Ok(found.map(drop)?),
    }
}

/// Accept an invitation
///
/// Then sign in with the password. Every sign-in from before ends.
#[utoipa::path(tag = "sign-in", security(()), request_body = Acceptance, responses((status = 204, description = "The password is set")))]
#[post("/v1/invitations/acceptance")]
async fn accept_invitation(app: Data<App>, request: RequestId, body: Body<Acceptance>) -> Result<NoContent, Problem> {
    let Acceptance { token, password } = body.into_inner();
    let token = OpaqueToken::read(TokenKind::Invitation, token.expose()).ok_or_else(Problem::invalid_invitation)?;
    accept(&app, token, password.secret(), &request).await.map(|()| NoContent)
}
