//! What surrounds every handler, shown with routes made for it.

mod description;
mod errors;
mod surroundings;
mod tokens;

use std::{cell::RefCell, collections::BTreeMap, sync::Arc, sync::atomic::AtomicU64, sync::atomic::Ordering};

use actix_web::{
    body::MessageBody,
    dev::ServiceResponse,
    get,
    http::header::{CONTENT_TYPE, HeaderMap},
    patch, post,
    test::{TestRequest, call_service, init_service, read_body},
    web::{Data, Json, Path},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{
    access::{Action, Caller},
    account::{Account, AccountHolder},
    client::{Client, ClientDraft},
    confidential::Confidential,
    email::EmailAddress,
    ids::CoupleId,
    practice::{Practice, PracticeDraft},
    sign_in::{SignIn, SignInPolicy},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Context, IdSource, MasterKeys, Options, Store, StoreError, accounts, clients, practices, sign_ins};
use tempfile::TempDir;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use super::with_routes;
use crate::{
    answer::{Created, Found, Resource},
    app::{App, Clock},
    config::Config,
    extract::{Asker, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged, Patch},
    keys::SigningKeys,
    problem::Problem,
    routes,
    tokens::{ActorKind, Bearer},
};

pub(super) const NOW: DateTime<Utc> = DateTime::from_timestamp(1_800_000_000, 0).unwrap();

struct FixedClock;

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        NOW
    }
}

#[derive(Default)]
struct NumberedIds(AtomicU64);

impl IdSource for NumberedIds {
    fn next(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }

    fn random(&self) -> Uuid {
        self.next()
    }
}

pub(super) fn app(variables: &[(&str, &str)]) -> App {
    let variables: BTreeMap<String, String> =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let config = Config::from_variables(variables).unwrap();
    let keys = SigningKeys::generated().unwrap();
    App::with(config, store_with_client(), Arc::new(FixedClock), Arc::new(NumberedIds::default()), keys).unwrap()
}

thread_local! {
    /// The folders of this test's stores; they go with its thread.
    static FOLDERS: RefCell<Vec<TempDir>> = const { RefCell::new(Vec::new()) };
}

/// A store with the practice and the client of [`bearer`], who is signed in.
fn store_with_client() -> Store {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("tenfold.db").display().to_string();
    FOLDERS.with_borrow_mut(|folders| folders.push(folder));
    store::migrate::migrate(&url).unwrap();
    let master_keys = MasterKeys::parse(&format!("test:{}", "00".repeat(32))).unwrap();
    let store = Store::open(Options { url, master_keys, reload_master_keys: Box::new(|| None) }).unwrap();
    let filling = store.clone();
    let runtime = || tokio::runtime::Builder::new_current_thread().build().unwrap();
    std::thread::spawn(move || runtime().block_on(fill(&filling))).join().unwrap();
    store
}

async fn fill(store: &Store) {
    let Bearer { practice, sign_in, id, .. } = bearer();
    let context = Context { caller: Caller::system(practice), now: NOW, request: None };
    let written = store.write(context, Arc::new(NumberedIds::default()), move |tx| {
        let draft = PracticeDraft { handle: "harbor".parse().unwrap(), name: "Harbor".to_owned(), time_zone: Tz::UTC };
        practices::insert(tx, &Practice::new(practice, draft, NOW).unwrap())?;
        let email = EmailAddress::parse("kim@example.org").unwrap();
        let draft = ClientDraft { name: Confidential::new("Kim"), email: Some(email.clone()), phone: None };
        clients::insert(tx, &Client::new(id.into(), draft, NOW).unwrap())?;
        let holder = AccountHolder::Client(id.into());
        accounts::insert(tx, &Account::new(holder, NOW), &email)?;
        sign_ins::insert(tx, &SignIn::new(sign_in, holder, None, SignInPolicy::DEFAULT, NOW))?;
        Ok::<_, StoreError>(())
    });
    written.await.unwrap();
}

/// A client who is signed in.
pub(super) fn bearer() -> Bearer {
    let id = Uuid::from_u128;
    Bearer { practice: id(1).into(), sign_in: id(2).into(), kind: ActorKind::Client, id: id(3) }
}

pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) text: String,
}

impl Reply {
    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Status, code, and the pointers with their codes, of a reply that must be a problem.
    pub(super) fn problem(&self) -> (u16, String, Vec<(String, String)>) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text);
        let json = self.json();
        assert_eq!(json["status"], self.status);
        assert_eq!(json["request_id"], self.header("x-request-id"));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let errors = json["errors"].as_array().cloned().unwrap_or_default();
        let errors = errors.iter().map(|e| (text(&e["pointer"]), text(&e["code"]))).collect();
        (self.status, text(&json["code"]), errors)
    }
}

/// What the server with the routes of the product and those below answers.
pub(super) async fn ask(app: &App, request: TestRequest) -> Reply {
    let service = init_service(with_routes(app.clone(), all)).await;
    reply(call_service(&service, request.to_request()).await).await
}

pub(super) async fn reply(response: ServiceResponse<impl MessageBody>) -> Reply {
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = String::from_utf8_lossy(&read_body(response).await).into_owned();
    Reply { status, headers, text }
}

/// What someone who is signed in asks.
pub(super) fn signed_in(app: &App, request: TestRequest) -> TestRequest {
    let access = app.tokens.issue(&bearer(), NOW, Uuid::from_u128(4)).unwrap();
    request.insert_header(("authorization", format!("Bearer {}", access.token)))
}

pub(super) fn post(path: &str, body: &str) -> TestRequest {
    TestRequest::post().uri(path).insert_header((CONTENT_TYPE, "application/json")).set_payload(body.to_owned())
}

fn all(config: &mut ServiceConfig<'_>) {
    routes::all(config);
    config.service(record_mood).service(list_moods).service(change_mood).service(break_down);
}

#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordMood {
    #[validate(range(min = 0, max = 10))]
    mood: i64,
    #[validate(length(max = 5))]
    text: String,
}

#[derive(Debug, Serialize, ToSchema)]
struct MoodView {
    id: Uuid,
    version: i64,
    mood: i64,
}

impl Resource for MoodView {
    fn path(&self) -> String {
        format!("/v1/moods/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

#[utoipa::path(tag = "moods", security(("bearer" = [])), params(IdempotencyKey), request_body = RecordMood,
    responses((status = 201, body = MoodView)))]
#[post("/v1/moods")]
async fn record_mood(app: Data<App>, caller: Asker, new: New<RecordMood>) -> Result<Created<MoodView>, Problem> {
    app.create(&caller, Action::RecordEntries, new, |tx, body| {
        Ok(MoodView { id: tx.new_id(), version: 1, mood: body.mood })
    })
    .await
}

#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MoodFilter {
    #[validate(range(max = 10))]
    least: Option<u8>,
}

#[utoipa::path(tag = "moods", security(("bearer" = [])), params(PageParameters, MoodFilter),
    responses((status = 200, body = Paged<MoodView>)))]
#[get("/v1/moods")]
async fn list_moods(_caller: Asker, list: Listing<MoodFilter>) -> Result<Json<Value>, Problem> {
    Ok(Json(json!({ "limit": list.page.limit, "least": list.filter.least })))
}

#[utoipa::path(tag = "moods", security(("bearer" = [])), params(("mood_id" = CoupleId, Path, description = "The mood"), IfMatch),
    request_body = RecordMood, responses((status = 200, body = MoodView)))]
#[patch("/v1/moods/{mood_id}")]
async fn change_mood(
    app: Data<App>,
    caller: Asker,
    id: Path<CoupleId>,
    expected: IfMatch,
    patch: Patch<RecordMood>,
) -> Result<Found<MoodView>, Problem> {
    app.write(&caller, Action::RecordEntries, move |_tx| {
        expected.check(3)?;
        Ok(MoodView { id: id.0, version: 4, mood: patch.mood })
    })
    .await
    .map(Found)
}

#[utoipa::path(responses((status = 200)))]
#[get("/v1/breakdown")]
async fn break_down() -> Json<()> {
    panic!("of what a client wrote")
}
