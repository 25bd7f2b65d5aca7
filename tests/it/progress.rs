//! Progress: what was done and what changed, and to each audience only what it may see.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, answers, items},
    person::Person,
    practice::write_again,
    stories,
};
use uuid::Uuid;

use crate::sign_ins::trail;

mod attendance;
mod charts;
mod counted;
mod own_measures;
mod pairs;
mod promises;
mod rituals;
mod series;

stories![
    the_shared_view_is_the_same_for_whoever_asks,
    nothing_hidden_changes_what_the_other_is_told,
    what_is_revealed_together_counts_once_both_have_written,
    after_a_separation_nothing_more_passes_to_the_other,
    each_sees_their_own_progress_and_the_counselor_both,
    one_exercise_is_asked_for_by_its_name,
    progress_is_asked_for_in_full,
    that_there_is_more_than_is_counted_is_said,
    progress_is_nobody_elses_and_reading_it_leaves_a_trace,
];

/// As many entries as progress looks at, at most.
const MOST_ENTRIES: usize = 5_000;

async fn that_there_is_more_than_is_counted_is_said(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let first = case.lee.submit(pulses(&case).await, pulse(4, "shared")).await;
    let cut = async |pointer: &str, query: &str| {
        let told = ask(&case, &case.counselor, query).await;
        told.pointer(pointer).and_then(Value::as_bool)
    };

    write_again(&app, &case.lee.person, first, MOST_ENTRIES - 1).await;
    assert_eq!(cut("/entries_cut", "view=shared").await, Some(false), "all of them are counted");
    write_again(&app, &case.lee.person, first, 1).await;

    assert_eq!(cut("/entries_cut", "view=shared").await, Some(true));
    assert_eq!(cut("/partners/0/entries_cut", "view=side_by_side").await, Some(true));
    assert_eq!(cut("/entries_cut", "view=shared&exercise=apology").await, Some(false), "one exercise has fewer");
}

fn progress(case: &Case, query: &str) -> String {
    format!("/v1/couples/{}/progress?{query}", case.couple)
}

async fn ask(case: &Case, person: &Person, query: &str) -> Value {
    person.get(progress(case, query)).await.expect_status(200).json()
}

async fn pulses(case: &Case) -> Uuid {
    case.assign(json!({ "exercise": "professional-help", "cadence": "FREQ=WEEKLY" })).await
}

fn pulse(trust: u8, visibility: &str) -> Value {
    json!({ "answers": answers(Kind::Pulse, "trust", json!(trust)), "visibility": visibility })
}

/// The series of a measure by a partner.
fn series<'p>(progress: &'p Value, measure: &str, partner: &Partner) -> Option<&'p Value> {
    let exercises = progress["exercises"].as_array().into_iter().flatten();
    let all = exercises.flat_map(|exercise| exercise["outcome"].as_array().into_iter().flatten());
    all.into_iter().find(|one| one["measure"] == measure && one["author"]["id"] == json!(partner.id))
}

fn trust_of<'p>(progress: &'p Value, partner: &Partner) -> &'p Value {
    series(progress, "trust", partner).expect("a series")
}

fn completion<'p>(progress: &'p Value, partner: &Partner) -> &'p Value {
    let told = items(&progress["exercises"][0]["activity"]["completion"]);
    told.iter().find(|one| one["partner_id"] == json!(partner.id)).expect("how far they are")
}

async fn the_shared_view_is_the_same_for_whoever_asks(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = pulses(&case).await;
    case.lee.submit(assignment, pulse(4, "shared")).await;
    case.kim.submit(assignment, pulse(7, "counselor_only")).await;

    let query = progress(&case, "view=shared");
    let seen_by_lee = case.lee.person.get(&query).await;

    for person in [&case.kim.person, &case.counselor, &app.owner().await] {
        assert_eq!(person.get(&query).await.bytes(), seen_by_lee.bytes());
    }
    let shared = seen_by_lee.expect_status(200).json();
    assert!(series(&shared, "trust", &case.lee).is_some());
    assert!(series(&shared, "trust", &case.kim).is_none(), "{shared}");
}

/// Whatever Lee keeps back, Kim is told the same, to the byte.
async fn nothing_hidden_changes_what_the_other_is_told(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = pulses(&case).await;
    case.kim.submit(assignment, json!({ "answers": Kind::Concern.example(), "visibility": "shared" })).await;
    let (shared, own) = (progress(&case, "view=shared"), progress(&case, "view=separate"));
    let kim = &case.kim.person;
    let before = (kim.get(&shared).await, kim.get(&own).await);

    case.lee.submit(assignment, pulse(2, "counselor_only")).await;
    let embargoed =
        json!({ "visibility": "embargoed", "embargoed_until": "2026-12-24", "answers": Kind::Pulse.example() });
    case.lee.submit(assignment, embargoed).await;
    case.lee.submit(assignment, pulse(2, "reveal_together")).await;
    case.lee.draft(assignment, pulse(9, "shared")).await;
    let alone = json!({ "exercise": "apology", "mode": "separate", "partner_id": case.lee.id });
    let apology = case.assign(alone).await;
    for (given, status) in [(apology, "skipped"), (assignment, "not_ready")] {
        let standing = format!("/v1/assignments/{given}/standings/{}", case.lee.id);
        case.lee.person.put(standing, json!({ "status": status })).await.expect_status(200);
    }

    for (query, before) in [(&shared, &before.0), (&own, &before.1)] {
        assert!(kim.get(query).await.bytes() == before.expect_status(200).bytes(), "{query}: {:?}", before.json());
    }
    let lees = ask(&case, &case.counselor, &format!("view=separate&partner_id={}", case.lee.id)).await;
    let counts = items(&trust_of(&lees, &case.lee)["points"]).last().map(|point| point["n"].clone());
    assert_eq!(counts, Some(json!(3)), "{lees}");
}

async fn what_is_revealed_together_counts_once_both_have_written(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = pulses(&case).await;
    case.lee.submit(assignment, pulse(4, "reveal_together")).await;
    assert!(series(&ask(&case, &case.kim.person, "view=shared").await, "trust", &case.lee).is_none());

    case.kim.submit(assignment, pulse(6, "reveal_together")).await;

    let shared = ask(&case, &case.lee.person, "view=shared").await;
    assert!(series(&shared, "trust", &case.lee).is_some() && series(&shared, "trust", &case.kim).is_some());
}

async fn after_a_separation_nothing_more_passes_to_the_other(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let promises = format!("/v1/couples/{}/promises", case.couple);
    let wanted = json!({ "what": "I call.", "recurrence": "FREQ=DAILY" });
    let promise = case.lee.person.post(promises, wanted).await.created();
    case.lee.submit(pulses(&case).await, pulse(4, "shared")).await;
    let couple = format!("/v1/couples/{}", case.couple);
    case.counselor.patch(couple, json!({ "status": "separated" })).await.expect_status(200);

    let query = progress(&case, "view=shared");
    let before = case.kim.person.get(&query).await;
    let claim = format!("/v1/promises/{promise}/outcomes/2026-09-21/claim");
    let kept = TestRequest::put().uri(&claim).set_json(json!({ "claim": "kept" }));
    case.lee.person.send(kept).await.expect_status(201);

    assert_eq!(case.kim.person.get(&query).await.bytes(), before.bytes());
    let shared = before.expect_status(200).json();
    assert_eq!(shared["promises"], json!([]));
    assert!(series(&shared, "trust", &case.lee).is_none());
    let own = ask(&case, &case.lee.person, "view=separate").await;
    assert_eq!(own["promises"][0]["kept"], 1);
}

async fn each_sees_their_own_progress_and_the_counselor_both(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = pulses(&case).await;
    case.lee.submit(assignment, pulse(2, "counselor_only")).await;
    let standing = format!("/v1/assignments/{assignment}/standings/{}", case.kim.id);
    case.kim.person.put(standing, json!({ "status": "not_ready" })).await.expect_status(200);

    let of_kim = format!("view=separate&partner_id={}", case.kim.id);
    let (own, seen) = (ask(&case, &case.lee.person, "view=separate").await, ask(&case, &case.counselor, &of_kim).await);

    assert_eq!(own["partner_id"], json!(case.lee.id));
    assert!(series(&own, "trust", &case.lee).is_some());
    let lee = json!({ "partner_id": case.lee.id, "assigned": 1, "submitted": 1, "not_ready": 0, "skipped": 0 });
    assert_eq!(completion(&own, &case.lee), &lee);
    let kim = json!({ "partner_id": case.kim.id, "assigned": 1, "submitted": 0, "not_ready": 1, "skipped": 0 });
    assert_eq!(completion(&seen, &case.kim), &kim);
    let shared = ask(&case, &case.counselor, "view=shared").await;
    let untold =
        json!({ "partner_id": case.lee.id, "assigned": 1, "submitted": 0, "not_ready": null, "skipped": null });
    assert_eq!(completion(&shared, &case.lee), &untold);
    let refused = case.lee.person.get(progress(&case, &of_kim)).await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
}

/// What is said day by day of a promise due every day from the first of the story: `kept confirmed`, `missed`, nothing.
async fn daily_promise(app: &TestApp, case: &Case, said: &[&str]) -> Uuid {
    let promise = case.lee.promise(case.couple, "I call when I am late.").await;
    for words in said {
        let path = format!("/v1/promises/{promise}/outcomes/{}", app.now().date_naive());
        let (word, answer) = words.split_once(' ').unwrap_or((words, ""));
        if !word.is_empty() {
            let claim = TestRequest::put().uri(&format!("{path}/claim")).set_json(json!({ "claim": word }));
            case.lee.person.send(claim).await.expect_status(201);
        }
        if !answer.is_empty() {
            let answer = json!({ "confirmation": answer });
            case.kim.person.put(format!("{path}/confirmation"), answer).await.expect_status(200);
        }
        app.advance(TimeDelta::days(1));
    }
    promise
}

async fn one_exercise_is_asked_for_by_its_name(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    case.lee.submit(pulses(&case).await, pulse(4, "shared")).await;
    let talks = case.assign(json!({ "exercise": "transparent-communication" })).await;
    case.lee.submit(talks, json!({ "answers": case.answers_of(Kind::TalkLog, &case.lee).await })).await;
    case.lee.promise(case.couple, "to call").await;
    let all = ask(&case, &case.counselor, "view=shared").await;

    for (at, slug, promises) in
        [(0, "transparent-communication", 0), (1, "consistency", 1), (2, "professional-help", 0)]
    {
        let one = ask(&case, &case.counselor, &format!("view=shared&exercise={slug}")).await;
        assert_eq!(one["exercise"], slug);
        assert_eq!(one["exercises"].get(0), all["exercises"].get(at), "{slug}");
        assert_eq!(items(&one["promises"]).len(), promises, "{slug}");
    }
    assert_eq!(all["exercise"], Value::Null);
}

/// The same history on either database, told in the same bytes.
#[actix_web::test]
async fn the_numbers_are_the_same_on_both_databases() {
    let Some(on_postgres) = TestApp::on_postgres().await else { return };
    let mut told = Vec::new();
    for app in [TestApp::on_sqlite().await, on_postgres] {
        let case = Case::lee_and_kim(&app).await;
        let assignment = pulses(&case).await;
        for trust in [3, 4, 7, 1, 8, 10, 3] {
            case.lee.submit(assignment, pulse(trust, "shared")).await;
            case.kim.submit(assignment, pulse(10 - trust, "counselor_only")).await;
            app.advance(TimeDelta::days(9));
        }
        daily_promise(&app, &case, &["kept confirmed", "", "missed", "kept disputed", "kept"]).await;
        for query in ["view=shared", "view=side_by_side&interval=month"] {
            let query = progress(&case, query);
            told.push(
                String::from_utf8_lossy(case.counselor.get(&query).await.expect_status(200).bytes()).into_owned(),
            );
        }
    }
    let (on_sqlite, on_postgres) = told.split_at(2);
    assert_eq!(on_sqlite, on_postgres);
}

async fn progress_is_asked_for_in_full(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let nobody = Uuid::nil();

    for query in [
        String::new(),
        "view=both".to_owned(),
        "view=separate".to_owned(),
        format!("view=separate&partner_id={nobody}"),
        format!("view=shared&partner_id={}", case.lee.id),
        "view=shared&from=2022-01-01".to_owned(),
        "view=shared&from=2026-09-22".to_owned(),
        "view=shared&score=true".to_owned(),
        "view=shared&interval=day".to_owned(),
        "view=shared&exercise=chess".to_owned(),
        format!("view=side_by_side&partner_id={}", case.lee.id),
    ] {
        let refused = case.counselor.get(progress(&case, &query)).await;
        assert_eq!(refused.problem(), (400, "malformed-parameter".to_owned()), "{query}");
    }
    let empty = ask(&case, &case.counselor, "view=shared&until=2030-01-01").await;
    assert_eq!((&empty["from"], &empty["until"]), (&json!("2026-07-06"), &json!("2026-09-21")));
    assert_eq!((&empty["exercises"], &empty["promises"]), (&json!([]), &json!([])));
}

async fn progress_is_nobody_elses_and_reading_it_leaves_a_trace(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let other = Case::of(&app, "ben", ["maya", "noor"]).await;

    for stranger in [&other.lee.person, &other.counselor] {
        let reply = stranger.get(progress(&case, "view=shared")).await;
        assert_eq!(reply.problem(), (404, "not-found".to_owned()));
    }
    let assistant = app.assistant("tom").await;
    assert_eq!(assistant.get(progress(&case, "view=shared")).await.problem().0, 403);
    ask(&case, &case.kim.person, "view=shared").await;

    let read = trail(&app.owner().await).await;
    let read: Vec<_> = read.iter().filter(|event| event["action"] == "progress.read").collect();
    assert_eq!(read.len(), 1);
    assert_eq!(read[0]["actor_id"], json!(case.kim.person.id));
}
