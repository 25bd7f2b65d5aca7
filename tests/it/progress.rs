//! Progress: what was done and what changed, and to each audience only what it may see.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, answers, items},
    person::Person,
    stories,
};
use uuid::Uuid;

use crate::sign_ins::trail;

stories![
    the_shared_view_is_the_same_for_whoever_asks,
    nothing_hidden_changes_what_the_other_is_told,
    what_is_revealed_together_counts_once_both_have_written,
    after_a_separation_nothing_more_passes_to_the_other,
    each_sees_their_own_progress_and_the_counselor_both,
    weeks_without_a_word_are_missing_and_a_trend_waits_for_four,
    promises_are_told_as_claimed_and_as_confirmed,
    activity_and_outcome_are_kept_apart,
    progress_is_asked_for_in_full,
    progress_is_nobody_elses_and_reading_it_leaves_a_trace,
];

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

async fn weeks_without_a_word_are_missing_and_a_trend_waits_for_four(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = pulses(&case).await;
    for (trust, weeks) in [(2, 1), (3, 2), (5, 1)] {
        case.lee.submit(assignment, pulse(trust, "shared")).await;
        app.advance(TimeDelta::weeks(weeks));
    }

    let shared = ask(&case, &case.kim.person, "view=shared&from=2026-09-21").await;
    let trust = trust_of(&shared, &case.lee);
    let means: Vec<_> = items(&trust["points"]).iter().map(|point| point["mean"].clone()).collect();
    assert_eq!(means, [json!(2.0), json!(3.0), Value::Null, json!(5.0), Value::Null]);
    assert_eq!(trust["trend"], json!({ "per_week": null, "n": 3, "minimum": 4 }));

    case.lee.submit(assignment, pulse(6, "shared")).await;
    let shared = ask(&case, &case.kim.person, "view=shared").await;
    let trust = trust_of(&shared, &case.lee);
    assert_eq!(trust["trend"], json!({ "per_week": 1.0, "n": 4, "minimum": 4 }));
    assert_eq!(items(&trust["points"]).len(), 12);
}

async fn promises_are_told_as_claimed_and_as_confirmed(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let wanted = json!({ "what": "I call when I am late.", "recurrence": "FREQ=DAILY" });
    let promise = case.lee.person.post(format!("/v1/couples/{}/promises", case.couple), wanted).await.created();
    app.advance(TimeDelta::days(4));
    let said = [("21", "kept", "confirmed"), ("22", "kept", "disputed"), ("23", "missed", ""), ("24", "excused", "")];
    for (day, word, answer) in said {
        let path = format!("/v1/promises/{promise}/outcomes/2026-09-{day}");
        let claim = TestRequest::put().uri(&format!("{path}/claim")).set_json(json!({ "claim": word }));
        case.lee.person.send(claim).await.expect_status(201);
        if !answer.is_empty() {
            let answer = json!({ "confirmation": answer });
            case.kim.person.put(format!("{path}/confirmation"), answer).await.expect_status(200);
        }
    }

    let told = ask(&case, &case.kim.person, "view=shared").await["promises"][0].clone();

    assert_eq!((&told["maker_id"], &told["due"], &told["unclaimed"]), (&json!(case.lee.id), &json!(5), &json!(1)));
    let claimed = &told["claimed"];
    assert!((claimed["rate"].as_f64().expect("a rate") - 2.0 / 3.0).abs() < 1e-9);
    assert_eq!(claimed["n"], 3);
    assert_eq!(told["confirmed"], json!({ "rate": 0.5, "n": 2 }));
    app.advance(TimeDelta::weeks(4));
    let later = ask(&case, &case.kim.person, "view=shared").await["promises"][0].clone();
    assert_eq!((&later["due"], &later["claimed"], &later["confirmed"]), (&json!(28), &Value::Null, &Value::Null));
}

async fn activity_and_outcome_are_kept_apart(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "transparent-communication" })).await;
    let talk = case.answers_of(Kind::TalkLog, &case.lee).await;
    case.lee.submit(assignment, json!({ "answers": talk })).await;

    let shared = ask(&case, &case.counselor, "view=shared").await;

    let told = &shared["exercises"][0];
    assert_eq!(told["exercise"], "transparent-communication");
    let minutes = items(&told["activity"]["totals"]).iter().find(|one| one["measure"] == "talk_minutes");
    let minutes = minutes.expect("the minutes of the talk");
    assert_eq!(minutes["n"], 1);
    assert_eq!(minutes["author"], json!({ "kind": "together", "id": null }));
    for partner in [&case.lee, &case.kim] {
        assert_eq!(completion(&shared, partner)["submitted"], 1);
    }
    let outcome = items(&told["outcome"]);
    assert!(outcome.iter().all(|one| one["measure"] != "talk_minutes"));
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
