//! Clients: the people in treatment, and how to reach them.

use actix_web::{
    get, patch, post,
    web::{Data, Path},
};
use domain::{
    access::Action,
    account::AccountHolder,
    client::{Client, ClientChange, ClientDraft},
    confidential::Confidential,
    email::EmailAddress,
    ids::ClientId,
};
use serde::{Deserialize, Serialize};
use store::{accounts, audit::Event, clients};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Created, Found, Resource},
    app::App,
    extract::{Asker, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged, Patch, nullable},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(add_client).service(list_clients).service(show_client).service(change_client);
}

/// A client to take on.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddClient {
    /// What they are called.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200)]
    name: String,
    /// Where messages go, and how they sign in if they are invited.
    #[schema(value_type = Option<String>, nullable = false, format = Email, max_length = 254)]
    email: Option<EmailAddress>,
    /// How to call them.
    #[validate(length(max = 40))]
    #[schema(nullable = false, max_length = 40)]
    phone: Option<String>,
}

impl From<AddClient> for ClientDraft {
    fn from(wanted: AddClient) -> Self {
        let AddClient { name, email, phone } = wanted;
        Self { name: Confidential::new(name), email, phone: phone.map(Confidential::new) }
    }
}

/// What of a client is to be different.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeClient {
    /// What they are called.
    #[validate(length(min = 1, max = 200))]
    #[schema(nullable = false, min_length = 1, max_length = 200)]
    name: Option<String>,
    /// Where messages go; null removes it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    email: Option<Option<EmailAddress>>,
    /// How to call them; null removes it.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 40)]
    phone: Option<Option<Confidential>>,
}

impl From<ChangeClient> for ClientChange {
    fn from(change: ChangeClient) -> Self {
        let ChangeClient { name, email, phone } = change;
        Self { name: name.map(Confidential::new), email, phone }
    }
}

/// One person in treatment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Client)]
struct ClientView {
    /// Their id.
    id: ClientId,
    /// What they are called.
    #[schema(max_length = 200)]
    name: String,
    /// Where messages go.
    #[schema(required = true, format = Email, max_length = 254)]
    email: Option<String>,
    /// How to call them.
    #[schema(required = true, max_length = 40)]
    phone: Option<String>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

impl From<Client> for ClientView {
    fn from(client: Client) -> Self {
        Self {
            id: client.id,
            name: client.name.into_exposed(),
            email: client.email.map(|email| email.expose().to_owned()),
            phone: client.phone.map(Confidential::into_exposed),
            version: client.version,
        }
    }
}

impl Resource for ClientView {
    fn path(&self) -> String {
        format!("/v1/clients/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// Take on a client
#[utoipa::path(tag = "clients", security(("bearer" = [])), params(IdempotencyKey), request_body = AddClient,
    responses((status = 201, description = "The client", body = ClientView)))]
#[post("/v1/clients")]
async fn add_client(app: Data<App>, caller: Asker, new: New<AddClient>) -> Result<Created<ClientView>, Problem> {
    app.create(&caller, Action::ManageClients, new, |tx, wanted| {
        let client = Client::new(tx.new_id(), wanted.into(), tx.now())?;
        clients::insert(tx, &client)?;
        tx.record(Event::new("client.added", client.id));
        Ok(client.into())
    })
    .await
}

/// List the clients within your reach
#[utoipa::path(tag = "clients", security(("bearer" = [])), params(PageParameters),
    responses((status = 200, description = "Clients, in the order in which they came", body = Paged<ClientView>)))]
#[get("/v1/clients")]
async fn list_clients(app: Data<App>, caller: Asker, list: Listing) -> Result<Paged<ClientView>, Problem> {
    app.read(&caller, Action::ReadClients, move |view| {
        let slice = clients::list(view, list.page)?;
        Ok(Paged::of(slice, |client| (client.created_at, client.id.0), ClientView::from))
    })
    .await
}

/// Show a client
#[utoipa::path(tag = "clients", security(("bearer" = [])), params(("client_id" = ClientId, Path, description = "The client")),
    responses((status = 200, description = "The client", body = ClientView)))]
#[get("/v1/clients/{client_id}")]
async fn show_client(app: Data<App>, caller: Asker, id: Path<ClientId>) -> Result<Found<ClientView>, Problem> {
    app.read(&caller, Action::ReadClients, move |view| Ok(clients::find(view, *id)?.into())).await.map(Found)
}

/// Change a client's name or contact data
///
/// The address is what a client signs in with: once they have a password, only those who treat couples change it.
#[utoipa::path(tag = "clients", security(("bearer" = [])), params(("client_id" = ClientId, Path, description = "The client"), IfMatch),
    request_body = ChangeClient, responses((status = 200, description = "The client as they are now", body = ClientView)))]
#[patch("/v1/clients/{client_id}")]
async fn change_client(
    app: Data<App>,
    caller: Asker,
    id: Path<ClientId>,
    expected: IfMatch,
    patch: Patch<ChangeClient>,
) -> Result<Found<ClientView>, Problem> {
    app.write(&caller, Action::ManageClients, move |tx| {
        let mut client = clients::find(tx, *id)?;
        expected.check(client.version)?;
        let change: ClientChange = patch.into_inner().into();
        if change.email.is_some() && accounts::has_password(tx, AccountHolder::Client(client.id))? {
            tx.caller().may(Action::RenewClientPasswords)?;
        }
        client.change(change)?;
        clients::update(tx, &client)?;
        tx.record(Event::new("client.changed", client.id));
        Ok(client.into())
    })
    .await
    .map(Found)
}
