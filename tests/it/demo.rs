//! The practice to look around in, and the walk through it as it is printed.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    net::TcpListener,
    process::Command,
    sync::Arc,
};

use actix_web::rt::{
    spawn,
    task::{spawn_blocking, yield_now},
};
use api::{
    App,
    commands::verify_audit,
    config::Config,
    demo::{self, Demo, DemoError, HANDLE, LOGINS, PASSWORD},
};
use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use store::audit::Verdict;
use tenfold_tests::{app::TestApp, person::Person, stories};

stories![
    the_demo_is_a_practice_at_work,
    every_kind_of_entry_is_in_the_demo,
    the_demo_has_a_program_scores_and_an_exercise_of_its_own,
    each_sees_of_the_demo_what_is_theirs,
    the_walk_works_as_it_is_printed,
    the_demo_stays_away_from_a_practice,
];

/// A server that holds the demo alone.
async fn opened(app: &TestApp) -> (TestApp, Demo) {
    let app = app.without_a_practice().await;
    let (demo, is_new) = demo::open(app.inside()).await.expect("the demo can be played");
    assert!(is_new);
    (app, demo)
}

async fn signed_in(app: &TestApp, key: &str) -> Person {
    let mut person = app.nobody();
    let login = LOGINS.iter().find(|login| login.key == key).expect("a login");
    (person.email, person.practice) = (login.email(), HANDLE.to_owned());
    person.password.replace(PASSWORD.to_owned());
    person.sign_in().await;
    person
}

async fn items(person: &Person, path: &str) -> Vec<Value> {
    let reply = person.get(path).await;
    reply.expect_status(200).json()["items"].as_array().expect("a list").clone()
}

async fn the_demo_is_a_practice_at_work(app: TestApp) {
    let (app, demo) = opened(&app).await;
    let couple = demo.couple;

    let (again, is_new) = demo::open(app.inside()).await.expect("it is found again");

    assert_eq!((again.couple, again.session, is_new), (demo.couple, demo.session, false));
    for login in LOGINS {
        signed_in(&app, login.key).await.get("/v1/me").await.expect_status(200);
    }
    let anna = signed_in(&app, "anna").await;
    let waiting = items(&anna, "/v1/review-queue?limit=100").await;
    assert!((5..40).contains(&waiting.len()), "{}", waiting.len());
    assert_eq!(items(&anna, &format!("/v1/flags?couple_id={couple}")).await.len(), 1, "the others were taken up");
    assert_eq!(items(&anna, "/v1/psychotherapy-notes").await.len(), 1);
    assert_eq!(items(&anna, "/v1/exports").await[0]["status"], "succeeded");
    let overdue = anna.get(format!("/v1/couples/{couple}/agenda")).await.json()["overdue"]["items"].clone();
    let overdue = overdue.as_array().expect("a list");
    assert!((1..=3).contains(&overdue.len()), "something was forgotten, and not everything: {overdue:?}");
    assert!(overdue.iter().any(|item| item["exercise"] == "vulnerability"), "Theo has waited with it: {overdue:?}");
    assert_notes_are_of_every_format(&anna, &signed_in(&app, "ben").await).await;
    assert_progress_is_told(&anna.get(format!("/v1/couples/{couple}/progress?view=shared")).await.json());
    let checked = verify_audit(app.inside()).await.expect("the trail can be read");
    assert!(matches!(checked[0].verdict, Verdict::Whole(rows) if rows > 500), "{checked:?}");
}

async fn assert_notes_are_of_every_format(anna: &Person, ben: &Person) {
    let mut notes = Vec::new();
    for person in [anna, ben] {
        for couple in items(person, "/v1/couples").await {
            let id = couple["id"].as_str().expect("an id");
            notes.extend(items(person, &format!("/v1/couples/{id}/notes?limit=100")).await);
        }
    }
    let formats: BTreeSet<_> = notes.iter().filter_map(|note| note["body"]["format"].as_str()).collect();
    assert_eq!(formats, BTreeSet::from(["birp", "dap", "free", "girp", "soap"]));
    let count = |test: fn(&Value) -> bool| notes.iter().filter(|note| test(note)).count();
    assert!(count(|note| note["state"] == "signed") > 15);
    assert!(count(|note| note["state"] == "draft") > 0);
    assert!(count(|note| note["cosignature"].is_object()) > 0);
    assert!(count(|note| note["addenda"] != json!([])) > 0);
}

fn assert_progress_is_told(progress: &Value) {
    let exercises = progress["exercises"].as_array().expect("exercises");
    assert!(exercises.len() >= 5, "{progress}");
    let with_outcome = exercises.iter().filter(|exercise| exercise["outcome"] != json!([]));
    assert!(with_outcome.count() >= 3, "{progress}");
    assert_eq!(progress["promises"].as_array().map(Vec::len), Some(2), "{progress}");
}

/// No kind is left out: that of the practice's own exercises is there too.
async fn every_kind_of_entry_is_in_the_demo(app: TestApp) {
    let (app, _) = opened(&app).await;
    let mut there = BTreeSet::new();

    for counselor in ["anna", "ben"] {
        let counselor = signed_in(&app, counselor).await;
        for couple in items(&counselor, "/v1/couples").await {
            let entries = all_entries(&counselor, couple["id"].as_str().expect("an id")).await;
            there.extend(entries.iter().filter(|entry| entry["state"] != "draft").map(kind_of));
        }
    }

    let missing: Vec<_> = Kind::ALL.iter().filter(|kind| !there.contains(kind.as_str())).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

fn kind_of(entry: &Value) -> String {
    entry["answers"]["type"].as_str().expect("a kind").to_owned()
}

/// Page after page.
async fn all_entries(person: &Person, couple: &str) -> Vec<Value> {
    let path = format!("/v1/couples/{couple}/entries?limit=100");
    let (mut entries, mut next) = (Vec::new(), Some(path.clone()));
    while let Some(page) = next {
        let page = person.get(page).await.expect_status(200).json();
        entries.extend(page["items"].as_array().expect("a list").iter().cloned());
        next = page["next_cursor"].as_str().map(|cursor| format!("{path}&cursor={cursor}"));
    }
    entries
}

async fn the_demo_has_a_program_scores_and_an_exercise_of_its_own(app: TestApp) {
    let (app, demo) = opened(&app).await;
    let [anna, ben] = [signed_in(&app, "anna").await, signed_in(&app, "ben").await];

    let couples = items(&anna, "/v1/couples").await;
    let june_and_priya = couples.iter().find(|couple| couple["id"] != demo.couple.to_string()).expect("two couples");
    let runs = format!("/v1/couples/{}/program-runs", june_and_priya["id"].as_str().expect("an id"));
    let run = items(&anna, &runs).await.remove(0);
    let steps: Vec<_> = (0..3).map(|step| run["steps"][step]["state"].as_str().expect("a state")).collect();
    assert_eq!((run["status"].as_str(), steps), (Some("active"), vec!["released", "released", "waiting"]), "{run}");

    let change = format!("/v1/couples/{}/reliable-change?instrument=rdas", demo.couple);
    let change = anna.get(change).await.expect_status(200).json();
    let verdicts: Vec<_> = change["partners"].as_array().expect("two").iter().map(|one| &one["verdict"]).collect();
    assert_eq!(verdicts, ["recovered", "no_reliable_change"], "{change}");

    let own = items(&anna, "/v1/own-exercises").await;
    assert_eq!(own.len(), 1, "{own:?}");

    let of_ben = items(&ben, "/v1/couples").await;
    let entries = all_entries(&ben, of_ben[0]["id"].as_str().expect("an id")).await;
    let with = |field: &str| entries.iter().filter(|entry| entry["answers"][field].is_string()).count();
    assert!(
        with("starter") > 0 && with("touch") > 0,
        "a starter of the deck was taken, and a touch that was fine for both"
    );
}

async fn each_sees_of_the_demo_what_is_theirs(app: TestApp) {
    let (app, demo) = opened(&app).await;
    let [naomi, theo] = [signed_in(&app, "naomi").await, signed_in(&app, "theo").await];

    let entries = format!("/v1/couples/{}/entries?limit=100", demo.couple);
    let kinds = |entries: Vec<Value>, of: uuid::Uuid| -> BTreeSet<String> {
        let theirs = entries.into_iter().filter(|entry| entry["partner_id"] == of.to_string());
        theirs.map(|entry| entry["answers"]["type"].as_str().expect("a kind").to_owned()).collect()
    };
    let [her_id, his_id] = demo.partners.map(uuid::Uuid::from);
    let his_for_her = kinds(items(&naomi, &entries).await, his_id);
    let hers_for_him = kinds(items(&theo, &entries).await, her_id);

    assert!(his_for_her.contains("root_cause_account"), "it was revealed: {his_for_her:?}");
    for hidden in ["root_cause_undisclosed", "root_cause_comparison", "concern", "pulse", "journal"] {
        assert!(!his_for_her.contains(hidden), "{hidden}");
    }
    assert!(hers_for_him.contains("root_cause_impact") && !hers_for_him.contains("trigger"), "{hers_for_him:?}");
    for (person, couples) in [("ingrid", 3), ("sofia", 3), ("walter", 1), ("ben", 1), ("anna", 2), ("june", 1)] {
        let person = signed_in(&app, person).await;
        assert_eq!(items(&person, "/v1/couples").await.len(), couples, "{}", person.email);
    }
    let shared = format!("/v1/couples/{}/progress?view=shared", demo.couple);
    let mut answers = Vec::new();
    for person in [&naomi, &theo, &signed_in(&app, "anna").await] {
        answers.push(person.get(&shared).await.json());
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]));
}

async fn the_walk_works_as_it_is_printed(app: TestApp) {
    if !can_walk() {
        return announce_skipping();
    }
    let app = app.without_a_practice().await;
    app.advance(TimeDelta::hours(3 * 24 + 11));
    let (demo, _) = demo::open(app.inside()).await.expect("the demo can be played on any day of the week");
    let url = serve(app.inside()).await;

    let script = format!("exec 2>&1; {}", demo.walk(&url));
    let folder = app.inside().config.data.clone();
    let walk = move || Command::new("bash").args(["-eu", "-c", &script]).current_dir(folder).output();
    let walked = spawn_blocking(walk).await.expect("nobody panicked").expect("bash runs");

    let said = String::from_utf8_lossy(&walked.stdout);
    assert!(walked.status.success(), "{said}");
    let codes: Vec<u16> = said.lines().filter(|line| line.len() == 3).filter_map(|line| line.parse().ok()).collect();
    assert_eq!(
        codes,
        [200, 200, 200, 201, 201, 200, 200, 200, 201, 200, 200, 200, 403, 403, 201, 200, 409, 201, 202, 200,],
        "{said}"
    );
    let fetched = |name: &str| std::fs::read(app.inside().config.data.join(name)).expect("it was fetched");
    assert!(fetched("tenfold-demo-notes.zip").starts_with(b"PK"));
    assert!(fetched("tenfold-demo-felt-heard.svg").starts_with(b"<svg"));
}

/// Whether this machine has what the walk needs.
fn can_walk() -> bool {
    Command::new("bash").args(["-c", "command -v curl sed tee seq"]).output().is_ok_and(|found| found.status.success())
}

/// Serves the API at a free port, for as long as the test runs.
async fn serve(app: &App) -> String {
    let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port");
    let config = Config { listen: free, metrics_listen: None, ..(*app.config).clone() };
    spawn(api::serve(App { config: Arc::new(config), ..app.clone() }));
    // The port is bound when the server is first looked at.
    yield_now().await;
    format!("http://{free}")
}

/// Straight to the process's standard error: the test harness captures what `eprintln!` prints.
fn announce_skipping() {
    let words = "\nTENFOLD: NO BASH WITH CURL FOUND: the walk through the demo is NOT TESTED.\n";
    writeln!(io::stderr(), "{words}").expect("standard error is there");
}

async fn the_demo_stays_away_from_a_practice(app: TestApp) {
    let refused = demo::open(app.inside()).await;

    assert!(matches!(refused, Err(DemoError::Taken(practice)) if practice == "harbor"));
    assert_eq!(app.inside().store.practices().await.expect("the practices").len(), 1);
}
