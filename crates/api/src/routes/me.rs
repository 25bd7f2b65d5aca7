//! The one who is signed in.

use actix_web::{
    get, post,
    web::{Data, Json},
};
use domain::{
    access::{Action, Caller, Role},
    account::AccountHolder,
    confidential::Confidential,
    ids::SignInId,
};
use serde::{Deserialize, Serialize};
use store::{StoreError, View, clients, practices, staff};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use super::{practice::PracticeView, sign_ins::holder};
use crate::{
    account::{Change, change_password},
    answer::NoContent,
    app::App,
    extract::{Asker, Body, SentSecret},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(show_me).service(change_my_password);
}

/// Staff or client.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Staff,
    Client,
}

/// Who is signed in, and as what.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Me)]
struct MeView {
    /// Staff or client.
    kind: Kind,
    /// The id of the staff member or client.
    id: Uuid,
    /// What they are called.
    #[schema(value_type = String, max_length = 200)]
    name: Confidential,
    /// The role of a staff member.
    #[schema(required = true)]
    role: Option<Role>,
    /// The practice signed in to.
    practice: PracticeView,
    /// The sign-in, to end it by.
    #[schema(required = true)]
    sign_in_id: Option<SignInId>,
}

impl MeView {
    fn of(view: &mut View<'_>, holder: AccountHolder) -> Result<Self, StoreError> {
        let (kind, name, role) = match holder {
            AccountHolder::Staff(id) => {
                let member = staff::find(view, id)?;
                (Kind::Staff, member.name, Some(member.role))
            }
            AccountHolder::Client(id) => (Kind::Client, clients::find(view, id)?.name, None),
        };
        let Caller { sign_in: sign_in_id, .. } = view.caller();
        Ok(Self { kind, id: holder.id(), name, role, practice: practices::find(view)?.into(), sign_in_id })
    }
}

/// Another password.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePassword {
    /// The one until now.
    current_password: SentSecret,
    /// The one from now on: 15 to 128 characters of any kind.
    new_password: SentSecret,
}

/// Show who is signed in
#[utoipa::path(tag = "account", security(("bearer" = [])), responses((status = 200, description = "Who is signed in", body = MeView)))]
#[get("/v1/me")]
async fn show_me(app: Data<App>, caller: Asker) -> Result<Json<MeView>, Problem> {
    app.read(&caller, Action::ManageOwnAccount, |view| {
        let holder = holder(&view.caller())?;
        Ok(Json(MeView::of(view, holder)?))
    })
    .await
}

/// Change your password
///
/// It signs you out everywhere else.
#[utoipa::path(tag = "account", security(("bearer" = [])), request_body = ChangePassword, responses((status = 204, description = "Changed")))]
#[post("/v1/me/password")]
async fn change_my_password(app: Data<App>, caller: Asker, body: Body<ChangePassword>) -> Result<NoContent, Problem> {
    let change = Change { current: body.current_password.secret(), new: body.new_password.secret() };
    change_password(&app, &caller, change).await.map(|()| NoContent)
}
