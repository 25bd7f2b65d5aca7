//! The whole product in one process, on a database of the test's own, with a clock that only the test moves.
//!
//! A story asks [`TestApp`] for people and lets them do things: `app.counselor("anna").await.get("/v1/me").await`. List the
//! stories of a file in [`stories!`](crate::stories), and each is told on SQLite and on PostgreSQL.
#![expect(clippy::expect_used, reason = "a test that cannot be set up has failed, and says so at once")]

use std::{
    collections::BTreeMap,
    env, fs,
    path::PathBuf,
    process,
    rc::Rc,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use actix_web::{
    http::Method,
    test::{TestRequest, call_service, init_service, read_body},
};
use api::{
    App,
    app::Clock,
    commands::{NewOwner, create_owner},
    config::{Config, Secret},
    data_folder,
    keys::SigningKeys,
    passwords::Passwords,
};
use chrono::{DateTime, TimeDelta, Utc};
use domain::{confidential::Confidential, email::EmailAddress, practice::PracticeDraft};
use futures_util::future::LocalBoxFuture;
use serde_json::{Value, json};
use store::IdSource;
use uuid::{Builder, Uuid};

use crate::{
    cluster::{Database, cluster},
    person::{Person, Reply},
};

/// The password that everyone in the stories chooses first.
pub const PASSWORD: &str = "seven boats on the quay";

/// The handle of the practice that the stories are about.
pub const PRACTICE: &str = "harbor";

/// When every story begins.
pub const BEGINNING: DateTime<Utc> = DateTime::from_timestamp(1_790_000_000, 0).expect("a date");

/// Tells each story of this file on both databases: `stories![a_counselor_signs_in, …]` for
/// `async fn a_counselor_signs_in(app: TestApp)`.
#[macro_export]
macro_rules! stories {
    ($($story:ident),+ $(,)?) => { $(
        mod $story {
            #[actix_web::test]
            async fn on_sqlite() {
                super::$story($crate::app::TestApp::on_sqlite().await).await;
            }

            #[actix_web::test]
            async fn on_postgres() {
                if let Some(app) = $crate::app::TestApp::on_postgres().await {
                    super::$story(app).await;
                }
            }
        }
    )+ };
}

type Service = Box<dyn Fn(TestRequest) -> LocalBoxFuture<'static, Reply>>;

/// The product, with one practice and its owner. Clones are the same.
#[derive(Clone)]
pub struct TestApp(Rc<Inner>);

struct Inner {
    app: App,
    clock: Arc<TestClock>,
    service: Service,
    owner: Uuid,
    // Held for what their end does.
    _database: Option<Database>,
    _folder: Folder,
}

impl TestApp {
    /// On SQLite, in a folder that goes with the app.
    pub async fn on_sqlite() -> Self {
        Self::new(Folder::make(), None, Some(PRACTICE)).await
    }

    /// On PostgreSQL; `None` where no server is installed, which is said once for all tests.
    pub async fn on_postgres() -> Option<Self> {
        Some(Self::new(Folder::make(), Some(new_database()?), Some(PRACTICE)).await)
    }

    /// Another one on a database of the same kind, in which there is no practice yet.
    pub async fn without_a_practice(&self) -> Self {
        let database = self.database().map(|_| new_database().expect("there was one before"));
        Self::new(Folder::make(), database, None).await
    }

    async fn new(folder: Folder, database: Option<Database>, practice: Option<&str>) -> Self {
        let mut variables = BTreeMap::from([("TENFOLD_DATA".to_owned(), folder.0.display().to_string())]);
        variables.extend(database.as_ref().map(|database| ("DATABASE_URL".to_owned(), database.url())));
        let config = Config::from_variables(variables).expect("the configuration can be read");
        let store = data_folder::open(&config).expect("the database can be opened").store;
        let clock = Arc::new(TestClock(Mutex::new(BEGINNING)));
        let keys = SigningKeys::generated().expect("there are random numbers");
        let mut app = App::with(config, store, clock.clone(), Arc::<NumberedIds>::default(), keys).expect("it starts");
        app.passwords = Arc::new(Passwords::for_tests().expect("the parameters are in range"));
        let owner = match practice {
            Some(practice) => make_practice(&app, practice).await,
            None => Uuid::nil(),
        };
        let service = service(&app).await;
        Self(Rc::new(Inner { app, clock, service, owner, _database: database, _folder: folder }))
    }

    /// What the server is made of, for what can't be seen from outside.
    #[must_use]
    pub fn inside(&self) -> &App {
        &self.0.app
    }

    /// SQL on the PostgreSQL database, if the story is told there.
    #[must_use]
    pub fn database(&self) -> Option<&Database> {
        self.0._database.as_ref()
    }

    /// What time it is in the story.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// Time passes.
    pub fn advance(&self, time: TimeDelta) {
        *self.0.clock.0.lock().expect("nobody panicked") += time;
    }

    /// Someone who is not signed in.
    #[must_use]
    pub fn nobody(&self) -> Person {
        Person::nobody(self.clone())
    }

    /// The owner of the practice, signed in.
    pub async fn owner(&self) -> Person {
        Person::new(self.clone(), self.0.owner, "owner", PRACTICE).signed_in().await
    }

    /// A counselor of this name, who was invited and is signed in.
    pub async fn counselor(&self, name: &str) -> Person {
        self.staff("counselor", name).await
    }

    /// A supervisor of this name, who was invited and is signed in.
    pub async fn supervisor(&self, name: &str) -> Person {
        self.staff("supervisor", name).await
    }

    /// An assistant of this name, who was invited and is signed in.
    pub async fn assistant(&self, name: &str) -> Person {
        self.staff("assistant", name).await
    }

    /// A staff member with this role and name, who was invited and is signed in.
    pub async fn staff(&self, role: &str, name: &str) -> Person {
        let owner = self.owner().await;
        let wanted = json!({ "role": role, "name": name, "email": format!("{name}@{PRACTICE}.example") });
        let id = owner.post("/v1/staff", wanted).await.created();
        self.invited(&owner, "staff", id, name).await
    }

    /// A client of this name, who was invited and is signed in.
    pub async fn client(&self, name: &str) -> Person {
        let owner = self.owner().await;
        let wanted = json!({ "name": name, "email": format!("{name}@{PRACTICE}.example") });
        let id = owner.post("/v1/clients", wanted).await.created();
        self.invited(&owner, "clients", id, name).await
    }

    async fn invited(&self, owner: &Person, noun: &str, id: Uuid, name: &str) -> Person {
        let person = Person::new(self.clone(), id, name, PRACTICE);
        let token = owner.post(format!("/v1/{noun}/{id}/invitations"), Value::Null).await.text_at("/token");
        person.accept(&token).await.expect_status(204);
        person.signed_in().await
    }

    /// The owner of a practice besides, signed in.
    pub async fn owner_of(&self, practice: &str) -> Person {
        let id = make_practice(&self.0.app, practice).await;
        Person::new(self.clone(), id, "owner", practice).signed_in().await
    }

    /// Asks the server.
    pub(crate) async fn ask(&self, request: TestRequest) -> Reply {
        (self.0.service)(request).await
    }

    /// Begins a request. What changes something changes whichever version is there, unless it says another.
    pub(crate) fn request(method: Method, path: &str) -> TestRequest {
        let request = TestRequest::default().uri(path);
        let request = if method.is_safe() { request } else { request.insert_header(("if-match", "*")) };
        request.method(method)
    }
}

fn new_database() -> Option<Database> {
    let prepare = |url: &str| drop(store::migrate::migrate(url).expect("the migrations run"));
    Some(cluster()?.database(prepare))
}

async fn make_practice(app: &App, handle: &str) -> Uuid {
    let practice = PracticeDraft {
        handle: handle.parse().expect("a handle"),
        name: format!("{handle} practice"),
        time_zone: chrono_tz::Tz::Europe__Berlin,
    };
    let email = EmailAddress::parse(&format!("owner@{handle}.example")).expect("an address");
    let (name, password) = (Confidential::new("owner"), Secret::new(PASSWORD));
    let made = create_owner(app, NewOwner { practice, name, email, password }).await;
    made.expect("the practice can be made").1.into()
}

async fn service(app: &App) -> Service {
    let service = Rc::new(init_service(api::service(app.clone())).await);
    Box::new(move |request| {
        let service = Rc::clone(&service);
        Box::pin(async move {
            let response = call_service(&*service, request.to_request()).await;
            let (status, headers) = (response.status(), response.headers().clone());
            Reply::new(status, headers, read_body(response).await.to_vec())
        })
    })
}

struct TestClock(Mutex<DateTime<Utc>>);

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("nobody panicked")
    }
}

/// Ids in the order in which they were asked for, so that a story is the same each time.
struct NumberedIds(AtomicU64);

impl Default for NumberedIds {
    fn default() -> Self {
        Self(AtomicU64::new(1))
    }
}

impl IdSource for NumberedIds {
    fn next(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }

    /// The same each time too, but in no order.
    fn random(&self) -> Uuid {
        let scattered = self.next().as_u128().wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835);
        Builder::from_random_bytes(scattered.to_be_bytes()).into_uuid()
    }
}

/// A folder that goes when this is dropped.
struct Folder(PathBuf);

impl Folder {
    fn make() -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("tenfold-test-{}-{number}", process::id()));
        fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Failing is no harm, and a panic here would hide the test's own.
        drop(fs::remove_dir_all(&self.0));
    }
}
