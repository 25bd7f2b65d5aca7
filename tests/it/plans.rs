//! How the databases go about the lists: by an index, always. A list that reads a whole table is fast in a test and slow in a
//! practice.

use domain::exercises::Kind;
use serde_json::{Value, json};
use store::{Engine, statements};
use tenfold_tests::{
    app::TestApp,
    case::{Case, SHIPPED, items},
    cluster::Database,
    person::Person,
};

/// Reads every list there is, two pages of each, as everyone who may.
async fn read_every_list(app: &TestApp) {
    let case = Case::lee_and_kim(app).await;
    let (owner, susan, alex) = (app.owner().await, app.supervisor("susan").await, app.assistant("alex").await);
    case.supervised_by(&susan, &owner).await;
    let paths = lists(&case).await;
    for person in [&owner, &case.counselor, &susan, &alex, &case.lee.person] {
        for path in &paths {
            read_two_pages(person, path).await;
        }
    }
}

async fn lists(case: &Case) -> Vec<String> {
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    // What is told of once is looked for before it is kept.
    let talks = case.assign(json!({ "exercise": "transparent-communication" })).await;
    case.lee.submit(talks, json!({ "answers": case.answers_of(Kind::TalkReflection, &case.lee).await })).await;
    let (mut entry, mut paths) = (uuid::Uuid::nil(), Vec::new());
    for _ in 0..2 {
        case.assign(json!({ "exercise": "apology" })).await;
        entry = case.lee.submit(assignment, json!({ "answers": Kind::Pulse.example() })).await;
        case.review(entry, json!({ "flagged_for_session": true })).await;
        case.lee.promise(case.couple, "to call").await;
        let own = case.own_exercise().await;
        case.assign(json!({ "exercise": "own", "own_exercise_id": own })).await;
        paths.push(format!("/v1/own-exercises/{own}/versions/1"));
        let step = json!({ "exercise": "own", "own_exercise_id": own, "release": "after_completion" });
        case.start(case.program(json!([step])).await, json!({})).await;
        case.start(SHIPPED, json!({})).await;
        let score =
            json!({ "partner_id": case.lee.id, "instrument": "rdas", "value": 40, "shared_with_partner": true });
        case.counselor.post(format!("/v1/couples/{}/scores", case.couple), score).await.expect_status(201);
        case.record_breach(json!({ "kind": "secrecy", "came_to_light": "unknown" })).await;
    }
    let couple = format!("/v1/couples/{}", case.couple);
    let of_couple = [
        "breaches",
        "policies",
        "safety",
        "assignments",
        "program-runs",
        "entries",
        "promises",
        "sessions",
        "notes",
        "progress",
        "agenda",
        "scores",
    ];
    let others = [
        "staff",
        "clients",
        "couples",
        "sign-ins",
        "review-queue",
        "own-exercises",
        "psychotherapy-notes",
        "exports",
        "audit-events",
        "flags",
        "caseload",
        "programs",
    ];
    paths.extend(of_couple.iter().map(|noun| format!("{couple}/{noun}")));
    paths.extend(others.iter().map(|noun| format!("/v1/{noun}")));
    paths.push(format!("/v1/audit-events?couple_id={}", case.couple));
    paths.push("/v1/couples?status=intake".to_owned());
    paths.push("/v1/programs?archived=true".to_owned());
    paths.push("/v1/caseload?status=intake".to_owned());
    paths.push(format!("/v1/review-queue?exercise=apology&couple_id={}", case.couple));
    paths.push(format!("/v1/flags?couple_id={}", case.couple));
    paths.push("/v1/practice/overview?from=2026-09-01&until=2026-09-30".to_owned());
    paths.push("/v1/sessions?from=2026-09-01&until=2026-09-30".to_owned());
    paths.extend(["root-cause", "apology"].map(|slug| format!("{couple}/exercises/{slug}")));
    paths.push("/v1/instruments".to_owned());
    paths.push(format!("{couple}/reliable-change?instrument=rdas"));
    paths.push(format!("{couple}/progress?view=side_by_side&exercise=consistency&interval=month"));
    paths.push(format!("/v1/assignments/{assignment}/entries"));
    paths.extend(["reviews", "versions"].map(|noun| format!("/v1/entries/{entry}/{noun}")));
    paths
}

async fn read_two_pages(person: &Person, path: &str) {
    let limited = if path.contains('?') { format!("{path}&limit=1") } else { format!("{path}?limit=1") };
    let mut page = person.get(&limited).await;
    if page.status() == 400 {
        page = person.get(path).await;
    }
    if page.status() == 200
        && let Value::String(cursor) = &page.json()["next_cursor"]
    {
        let next = person.get(format!("{limited}&cursor={cursor}")).await.expect_status(200).json();
        assert!(items(&next["items"]).len() <= 1);
    }
}

#[actix_web::test]
async fn every_list_is_read_by_an_index_on_sqlite() {
    statements::watch().expect("statements can be watched");
    let app = TestApp::on_sqlite().await;
    read_every_list(&app).await;

    let asked = statements::of_lists(Engine::Sqlite);
    assert!(asked.len() >= 20, "only {} lists were read", asked.len());
    let url = app.inside().config.database_url.expose();
    for statement in asked {
        let plan = statements::plan_on_sqlite(url, &statement).expect("a plan");
        let scan = plan.iter().find(|step| step.starts_with("SCAN ") && !step.contains(" USING "));
        assert!(scan.is_none(), "{scan:?} in {plan:#?} of {statement}");
    }
    for statement in statements::of_reading(Engine::Sqlite) {
        let plan = statements::plan_on_sqlite(url, &statement).expect("a plan");
        let whole = plan.iter().find(|step| reads_the_whole_practice(step));
        assert!(whole.is_none(), "{whole:?} in {plan:#?} of {statement}");
    }
}

/// Whether a step reads all that a practice has of what grows with every week of every couple.
fn reads_the_whole_practice(step: &str) -> bool {
    let grows = ["entries", "assignments", "standings", "promise_outcomes", "reviews"];
    let of_practice = step.ends_with(" USING PRIMARY KEY (practice_id=?)");
    of_practice && grows.iter().any(|table| step.starts_with(&format!("SEARCH {table} ")))
}

#[actix_web::test]
async fn every_list_is_read_by_an_index_on_postgres() {
    statements::watch().expect("statements can be watched");
    let Some(app) = TestApp::on_postgres().await else { return };
    read_every_list(&app).await;

    let asked = statements::of_lists(Engine::Postgres);
    assert!(asked.len() >= 20, "only {} lists were read", asked.len());
    let database = app.database().expect("the story is told on PostgreSQL");
    for statement in asked {
        let plan = plan_on_postgres(database, &statement);
        assert!(!plan.contains("Seq Scan"), "{plan} of {statement}");
    }
}

/// The plan for any values, where reading a whole table is the last resort: it is taken only if no index would do.
fn plan_on_postgres(database: &Database, statement: &str) -> String {
    let values = (1..).take_while(|number| statement.contains(&format!("${number}"))).map(|_| "NULL");
    let values = values.collect::<Vec<_>>().join(", ");
    let values = if values.is_empty() { values } else { format!("({values})") };
    let explain = format!(
        "SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan; SET tenfold.practice = 'x'; \
         PREPARE asked AS {statement}; EXPLAIN EXECUTE asked {values}"
    );
    database.run(&explain).expect("a plan")
}
