//! What was confirmed is there, whatever happens to the server: it is killed in the midst of writing, and started again.
//!
//! The server is this test program over again, as a process of its own: told where its data is, it serves and tests nothing.

mod process;

use std::{
    collections::BTreeSet,
    fs,
    path::Path,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::Duration,
};

use api::{
    App,
    commands::{NewOwner, create_owner, verify_audit},
    config::Secret,
    data_folder,
};
use domain::{
    access::Action, confidential::Confidential, email::EmailAddress, ids::CoupleId, ids::PracticeId,
    practice::PracticeDraft,
};
use serde_json::{Value, json};
use store::{
    Page,
    audit::{self, Verdict},
    couples,
};
use tenfold_tests::cluster::cluster;
use uuid::Uuid;

use process::{Place, Server, ask};

const PASSWORD: &str = "seven boats on the quay";

/// How many confirmed writes are waited for before the server is killed.
const CONFIRMED: usize = 30;

#[actix_web::test]
async fn what_was_confirmed_survives_a_killed_server_on_sqlite() {
    let place = Place::new(None);
    let practice = make_practice(&open(&place)).await;
    let mut confirmed = BTreeSet::new();

    for _ in 0..2 {
        let server = Server::start(&place);
        server.wait_until_ready();
        confirmed.extend(killed_while_writing(vec![server]));
    }

    assert_whole(&open(&place), practice, &confirmed).await;
}

#[actix_web::test]
async fn two_servers_on_one_database_serve_on_when_one_is_killed() {
    let Some(cluster) = cluster() else { return };
    let database = cluster.empty_database();
    let place = Place::new(Some(database.url()));
    make_keys(&place);

    // Both find an empty database, and both bring its schema up to date.
    let (one, other) = (Server::start(&place), Server::start(&place));
    one.wait_until_ready();
    other.wait_until_ready();
    let practice = make_practice(&open(&place)).await;
    let mut confirmed = killed_while_writing(vec![one, other]);
    let again = Server::start(&place);
    again.wait_until_ready();
    confirmed.extend(killed_while_writing(vec![again]));

    assert_whole(&open(&place), practice, &confirmed).await;
}

fn open(place: &Place) -> App {
    let config = place.config();
    let store = data_folder::open(&config).expect("the database can be opened").store;
    App::open(config, store).expect("it starts")
}

/// The keys that servers of one database share, made before any of them starts. What else that leaves in the folder, a
/// database of its own, none of them opens.
fn make_keys(place: &Place) {
    drop(open(&place.without_database()));
}

async fn make_practice(app: &App) -> PracticeId {
    let practice = PracticeDraft {
        handle: "harbor".parse().expect("a handle"),
        name: "Harbor".to_owned(),
        time_zone: chrono_tz::Tz::Europe__Berlin,
    };
    let email = EmailAddress::parse("owner@harbor.example").expect("an address");
    let owner = NewOwner { practice, name: Confidential::new("Olga"), email, password: Secret::new(PASSWORD) };
    create_owner(app, owner).await.expect("the practice can be made").0
}

/// Writes through all of the servers at once and kills the first in the midst of it; the others go on without an error.
/// Answers what was confirmed.
fn killed_while_writing(mut servers: Vec<Server>) -> BTreeSet<Uuid> {
    let first = servers.remove(0);
    let token = sign_in(&first);
    let client = post(&first, "/v1/clients", &token, &json!({ "name": "Lee" })).expect("it is confirmed");
    let (sender, receiver) = channel();
    let write = |server: &Server| write_on(server, &token, client, sender.clone());
    let doomed: Vec<_> = (0..3).map(|_| write(&first)).collect();
    let others: Vec<_> = servers.iter().map(write).collect();
    drop(sender);

    let mut confirmed = receive(&receiver, CONFIRMED);
    first.kill();
    doomed.into_iter().for_each(|writer| writer.join().expect("it ends"));
    for server in &servers {
        // The token of one is good for all, and what the killed one held is let go.
        post(server, "/v1/clients", &token, &json!({ "name": "Kim" })).expect("it is confirmed");
    }
    drop(servers);
    others.into_iter().for_each(|writer| writer.join().expect("it ends"));
    confirmed.extend(receiver.iter());
    confirmed
}

/// Opens couples one after another until the server is gone, and tells of each that was confirmed.
fn write_on(server: &Server, token: &str, client: Uuid, confirmed: Sender<Uuid>) -> thread::JoinHandle<()> {
    let (server, token) = (server.address(), token.to_owned());
    thread::spawn(move || {
        let couple = json!({ "label": "Mondays", "partners": [{ "client_id": client }] });
        while let Ok((status, reply)) = ask(server, "POST /v1/couples", Some(&token), &couple) {
            assert_eq!(status, 201, "{reply}");
            confirmed.send(id_of(&reply)).expect("somebody listens");
        }
    })
}

fn receive(confirmed: &Receiver<Uuid>, count: usize) -> BTreeSet<Uuid> {
    let next = || confirmed.recv_timeout(Duration::from_secs(10)).expect("it is confirmed in time");
    (0..count).map(|_| next()).collect()
}

fn sign_in(server: &Server) -> String {
    let body = json!({ "practice": "harbor", "email": "owner@harbor.example", "password": PASSWORD });
    let (status, reply) = ask(server.address(), "POST /v1/sign-ins", None, &body).expect("it answers");
    assert_eq!(status, 201, "{reply}");
    reply["access_token"].as_str().expect("a token").to_owned()
}

fn post(server: &Server, path: &str, token: &str, body: &Value) -> Option<Uuid> {
    let (status, reply) = ask(server.address(), &format!("POST {path}"), Some(token), body).ok()?;
    (status == 201).then(|| id_of(&reply))
}

fn id_of(reply: &Value) -> Uuid {
    reply["id"].as_str().and_then(|id| id.parse().ok()).expect("an id")
}

/// Every confirmed couple is there, each has its trace in the audit trail and none has half of it, and the trail is whole.
async fn assert_whole(app: &App, practice: PracticeId, confirmed: &BTreeSet<Uuid>) {
    let system = app.system(practice);
    let (kept, traced) = app
        .read(&system, Action::ReadAudit, |view| {
            let kept = couples::list(view, None, Page { limit: 100_000, after: None })?;
            Ok((kept.items, audit::list(view, None, None, 100_000)?.items))
        })
        .await
        .expect("it can be read");
    let kept: BTreeSet<_> = kept.into_iter().map(|couple| couple.id).collect();
    let opened = traced.iter().filter(|event| event.action == "couple.opened");
    let traced: BTreeSet<_> = opened.map(|event| CoupleId(event.subject)).collect();
    let verdicts = verify_audit(app).await.expect("the trail can be read");

    let lost: Vec<_> = confirmed.iter().filter(|id| !kept.contains(&CoupleId(**id))).collect();
    assert!(lost.is_empty(), "confirmed and lost: {lost:?}");
    assert_eq!(kept, traced);
    assert!(matches!(verdicts[..], [ref trail] if matches!(trail.verdict, Verdict::Whole(_))), "{verdicts:?}");
}

/// Not a test of its own: what the servers of the others run, when they are told where.
#[test]
fn serve_if_told_where() {
    if let Some(config) = process::told() {
        let store = data_folder::open(&config).expect("the database can be opened").store;
        let app = App::open(config, store).expect("it starts");
        actix_web::rt::System::new().block_on(api::serve(app)).expect("it serves");
    }
}

/// A folder can be removed only when nobody works in it any more.
fn remove(folder: &Path) {
    drop(fs::remove_dir_all(folder));
}
