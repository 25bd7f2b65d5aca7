//! What a list or a page of figures costs does not grow with what there is: the same number of statements for five times as much.

use domain::exercises::{Kind, Slug};
use serde_json::json;
use store::statements;
use tenfold_tests::{
    app::TestApp,
    case::{Case, wanted_own_exercise},
    person::Person,
    practice::{Size, fill, write_again},
};

/// How many statements each of these takes, of whoever asks for the first of the couples.
async fn costs(app: &TestApp, size: Size) -> Vec<(&'static str, u64)> {
    let counselor = app.counselor("anna").await;
    let owner = app.owner().await;
    let couples = fill(app, &counselor, size).await;
    let couple = format!("/v1/couples/{}", couples[0]);
    let shown = counselor.get(&couple).await;
    let partner = shown.text_at("/partners/0/id");
    for month in 1..=size.weeks / 8 {
        start_program(&counselor, &couple).await;
        for scored in [&partner, &shown.text_at("/partners/1/id")] {
            enter_score(&counselor, &couple, scored, month).await;
        }
    }
    let asked = [
        ("shared progress", &counselor, format!("{couple}/progress?view=shared&from=2025-09-22")),
        (
            "separate progress",
            &counselor,
            format!("{couple}/progress?view=separate&partner_id={partner}&from=2025-09-22"),
        ),
        ("progress side by side", &counselor, format!("{couple}/progress?view=side_by_side&from=2025-09-22")),
        (
            "a chart",
            &counselor,
            format!("{couple}/progress/chart.svg?view=side_by_side&measure=felt_heard&from=2025-09-22"),
        ),
        ("reliable change", &counselor, format!("{couple}/reliable-change?instrument=rdas")),
        ("agenda", &counselor, format!("{couple}/agenda")),
        ("agenda with one", &counselor, format!("{couple}/agenda?partner_id={partner}")),
        ("entries", &counselor, format!("{couple}/entries?limit=100")),
        ("programs", &counselor, "/v1/programs?limit=100".to_owned()),
        ("program runs", &counselor, format!("{couple}/program-runs?limit=100")),
        ("promises", &counselor, format!("{couple}/promises")),
        ("review queue", &counselor, "/v1/review-queue?limit=100".to_owned()),
        ("flags", &counselor, "/v1/flags?limit=100".to_owned()),
        ("caseload", &counselor, "/v1/caseload?limit=100".to_owned()),
        ("couples", &counselor, "/v1/couples?limit=100".to_owned()),
        ("sessions", &counselor, "/v1/sessions?from=2025-09-22&until=2026-09-21&limit=100".to_owned()),
        ("overview", &owner, "/v1/practice/overview?from=2025-09-22&until=2026-09-21".to_owned()),
    ];
    let mut costs = Vec::new();
    for (what, person, path) in asked {
        costs.push((what, cost(app, person, &path).await));
    }
    for exercise in Slug::ALL.iter().filter(|exercise| **exercise != Slug::Own) {
        let path = format!("{couple}/exercises/{exercise}?from=2025-09-22");
        costs.push((exercise.as_str(), cost(app, &counselor, &path).await));
    }
    costs
}

/// Starts a program of two exercises of the practice's own with a couple.
async fn start_program(counselor: &Person, couple: &str) {
    let own = counselor.post("/v1/own-exercises", wanted_own_exercise("How close did you feel?")).await.created();
    let step = json!({ "exercise": "own", "own_exercise_id": own, "release": "together" });
    let program = counselor.post("/v1/programs", json!({ "name": "Closer", "steps": [step, step] })).await.created();
    counselor.post(format!("{couple}/program-runs"), json!({ "program_id": program })).await.expect_status(201);
}

/// Enters a score of a partner's for a month of the year.
async fn enter_score(counselor: &Person, couple: &str, partner: &str, month: u64) {
    let taken_on = format!("2026-{month:02}-01");
    let score = json!({ "partner_id": partner, "instrument": "rdas", "value": 30 + 3 * month, "taken_on": taken_on });
    counselor.post(format!("{couple}/scores"), score).await.expect_status(201);
}

/// How many statements one answer takes, once the connections are there.
async fn cost(app: &TestApp, person: &Person, path: &str) -> u64 {
    person.get(path).await.expect_status(200);
    let url = app.inside().config.database_url.expose();
    let before = statements::asked_of(url);
    person.get(path).await.expect_status(200);
    statements::asked_of(url) - before
}

/// How many statements each of these takes of Kim, before and after Lee has written five hundred times what Kim may not read.
async fn costs_of_what_is_hidden(app: &TestApp) -> [Vec<u64>; 2] {
    let case = Case::lee_and_kim(app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let mut hidden = Vec::new();
    for visibility in ["counselor_only", "reveal_together"] {
        let wanted = json!({ "answers": Kind::Pulse.example(), "visibility": visibility });
        hidden.push(case.lee.submit(assignment, wanted).await);
    }
    let couple = format!("/v1/couples/{}", case.couple);
    let asked = [
        format!("{couple}/entries?limit=100"),
        format!("/v1/assignments/{assignment}/entries?limit=100"),
        format!("{couple}/exercises/professional-help"),
        format!("{couple}/progress?view=shared"),
        format!("{couple}/assignments?limit=1"),
        format!("{couple}/scores?limit=1"),
        "/v1/sessions?from=2026-09-01&until=2026-10-01&limit=1".to_owned(),
    ];
    let mut costs = [Vec::new(), Vec::new()];
    for costs in &mut costs {
        for path in &asked {
            costs.push(cost(app, &case.kim.person, path).await);
        }
        for hidden in &hidden {
            write_again(app, &case.lee.person, *hidden, 250).await;
        }
        for _ in 0..4 {
            keep_with_lee_alone(&case).await;
        }
    }
    costs
}

/// An assignment, a score and a session that Kim is not told of.
async fn keep_with_lee_alone(case: &Case) {
    let lee = case.lee.id;
    case.assign(json!({ "exercise": "apology", "mode": "separate", "partner_id": lee })).await;
    case.session(json!({ "partner_id": lee })).await;
    let score = json!({ "partner_id": lee, "instrument": "csi-16", "value": 40, "taken_on": "2026-09-21", "shared_with_partner": true });
    case.counselor.post(format!("/v1/couples/{}/scores", case.couple), score).await.expect_status(201);
}

#[actix_web::test]
async fn what_is_hidden_takes_no_statements_on_sqlite() {
    statements::watch().expect("statements can be watched");
    let [before, after] = costs_of_what_is_hidden(&TestApp::on_sqlite().await).await;
    assert_eq!(before, after, "it can be told from the time that an answer takes");
}

#[actix_web::test]
async fn what_is_hidden_takes_no_statements_on_postgres() {
    statements::watch().expect("statements can be watched");
    let Some(app) = TestApp::on_postgres().await else { return };
    let [before, after] = costs_of_what_is_hidden(&app).await;
    assert_eq!(before, after, "it can be told from the time that an answer takes");
}

/// As many couples as in the first, each with five times as much; then five times as many couples.
const SIZES: [Size; 3] =
    [Size { couples: 2, weeks: 8 }, Size { couples: 2, weeks: 40 }, Size { couples: 10, weeks: 8 }];

fn compared(costs: &[Vec<(&str, u64)>]) {
    assert!(
        costs[0].iter().all(|(_, cost)| (1..40).contains(cost)),
        "nothing was counted, or too much: {:?}",
        costs[0]
    );
    assert_eq!(costs[0], costs[1], "five times as much of each couple costs more statements");
    assert_eq!(costs[0], costs[2], "five times as many couples cost more statements");
}

#[actix_web::test]
async fn five_times_as_much_takes_as_many_statements_on_sqlite() {
    statements::watch().expect("statements can be watched");
    let mut all = Vec::new();
    for size in SIZES {
        let app = TestApp::on_sqlite().await;
        all.push(costs(&app, size).await);
    }
    compared(&all);
}

#[actix_web::test]
async fn five_times_as_much_takes_as_many_statements_on_postgres() {
    statements::watch().expect("statements can be watched");
    let mut all = Vec::new();
    for size in SIZES {
        let Some(app) = TestApp::on_postgres().await else { return };
        all.push(costs(&app, size).await);
    }
    compared(&all);
}
