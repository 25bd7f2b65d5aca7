//! Promises: made, claimed, confirmed, and kept from those whom they don't concern.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, items},
    person::{Person, Reply},
    stories,
};
use uuid::Uuid;

stories![
    a_promise_is_made_claimed_and_confirmed,
    a_claim_stands_once_the_other_has_answered,
    a_promise_is_renegotiated_before_it_is_due_and_not_after,
    nobody_speaks_for_the_other,
    a_counselor_records_a_promise_for_the_one_who_makes_it,
    the_first_claim_needs_no_version_and_the_next_one_does,
    a_promise_that_ended_is_not_due_any_more,
    a_promise_says_when_it_is_due,
    promises_are_nobody_elses,
    after_a_separation_each_keeps_their_own,
    an_assignment_stays_hidden_behind_the_promise_that_came_from_it,
    promises_are_listed_page_by_page,
];

/// The day on which every story begins, a Monday.
const MONDAY: &str = "2026-09-21";

async fn made(partner: &Partner, case: &Case, wanted: Value) -> Uuid {
    partner.person.post(format!("/v1/couples/{}/promises", case.couple), wanted).await.created()
}

fn daily() -> Value {
    json!({ "what": "I call when I am late.", "recurrence": "FREQ=DAILY", "origin": "consistency" })
}

/// Says for the first time how it went.
async fn claim(person: &Person, promise: Uuid, day: &str, word: &str) -> Reply {
    let path = format!("/v1/promises/{promise}/outcomes/{day}/claim");
    person.send(TestRequest::put().uri(&path).set_json(json!({ "claim": word }))).await
}

/// Answers whatever claim is there.
async fn confirm(person: &Person, promise: Uuid, day: &str, word: &str) -> Reply {
    let path = format!("/v1/promises/{promise}/outcomes/{day}/confirmation");
    person.put(path, json!({ "confirmation": word })).await
}

async fn a_promise_is_made_claimed_and_confirmed(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let promise = made(&case.lee, &case, daily()).await;

    let seen = case.kim.person.get(format!("/v1/promises/{promise}")).await.expect_status(200).json();
    assert_eq!((&seen["maker_id"], &seen["to_id"]), (&json!(case.lee.id), &json!(case.kim.id)));
    assert_eq!((&seen["what"], &seen["starts_on"]), (&json!("I call when I am late."), &json!(MONDAY)));
    claim(&case.lee.person, promise, MONDAY, "kept").await.expect_status(201);
    let answered = confirm(&case.kim.person, promise, MONDAY, "confirmed").await;
    assert_eq!(answered.expect_status(200).header("etag"), "\"2\"");

    let path = format!("/v1/promises/{promise}/due-dates?from={MONDAY}&until=2026-09-22");
    let due = case.counselor.get(path).await.expect_status(200).json();
    let days = items(&due["items"]);
    assert_eq!(days.len(), 2);
    assert_eq!(days[0]["outcome"]["claim"]["claim"], "kept");
    assert_eq!(days[0]["outcome"]["confirmation"]["confirmation"], "confirmed");
    assert_eq!(days[1], json!({ "due_on": "2026-09-22", "outcome": null }));
}

async fn a_claim_stands_once_the_other_has_answered(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let promise = made(&case.lee, &case, daily()).await;
    claim(&case.lee.person, promise, MONDAY, "kept").await.expect_status(201);
    let path = format!("/v1/promises/{promise}/outcomes/{MONDAY}/claim");
    case.lee.person.put(&path, json!({ "claim": "partly" })).await.expect_status(200);

    confirm(&case.kim.person, promise, MONDAY, "disputed").await.expect_status(200);

    let again = case.lee.person.put(&path, json!({ "claim": "kept" })).await;
    assert_eq!(again.problem(), (422, "rule-broken".to_owned()));
    assert_eq!(again.text_at("/detail"), "the other partner has answered this claim; it stands");
    confirm(&case.kim.person, promise, MONDAY, "not_noticed").await.expect_status(200);
}

async fn a_promise_is_renegotiated_before_it_is_due_and_not_after(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let promise = made(&case.lee, &case, daily()).await;

    claim(&case.lee.person, promise, "2026-09-22", "renegotiated").await.expect_status(201);
    assert_eq!(claim(&case.lee.person, promise, MONDAY, "renegotiated").await.problem().0, 422);
    assert_eq!(claim(&case.lee.person, promise, "2026-09-23", "missed").await.problem().0, 422);
    assert_eq!(claim(&case.lee.person, promise, "2026-09-20", "kept").await.problem().0, 422);
}

async fn nobody_speaks_for_the_other(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let promise = made(&case.lee, &case, daily()).await;

    let in_lees_name = json!({ "maker_id": case.lee.id, "what": "I stay.", "due_on": MONDAY });
    let promises = format!("/v1/couples/{}/promises", case.couple);
    assert_eq!(case.kim.person.post(promises, in_lees_name).await.problem().0, 422);
    assert_eq!(claim(&case.kim.person, promise, MONDAY, "missed").await.problem().0, 422);
    let unclaimed = confirm(&case.kim.person, promise, MONDAY, "confirmed").await;
    assert_eq!(unclaimed.text_at("/detail"), "the partner who made the promise says first how it went");
    claim(&case.lee.person, promise, MONDAY, "kept").await.expect_status(201);
    let own = confirm(&case.lee.person, promise, MONDAY, "confirmed").await;
    assert_eq!(own.text_at("/detail"), "the partner the promise was made to confirms it");
    let ending = format!("/v1/promises/{promise}/ending");
    assert_eq!(case.kim.person.put(ending, json!({ "how": "withdrawn" })).await.problem().0, 422);
}

async fn a_counselor_records_a_promise_for_the_one_who_makes_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let promises = format!("/v1/couples/{}/promises", case.couple);

    let unnamed = case.counselor.post(&promises, daily()).await;
    assert_eq!(unnamed.problem().0, 422);
    assert_eq!(unnamed.text_at("/errors/0/pointer"), "/maker_id");
    let mut named = daily();
    named["maker_id"] = json!(case.kim.id);
    let made = case.counselor.post(&promises, named).await;

    let promise = made.created();
    assert_eq!(made.json()["recorded_by_staff_id"], json!(case.counselor.id));
    claim(&case.counselor, promise, MONDAY, "kept").await.expect_status(201);
    let confirmed = confirm(&case.lee.person, promise, MONDAY, "confirmed").await.expect_status(200).json();
    assert_eq!(confirmed["claim"]["recorded_by_staff_id"], json!(case.counselor.id));
    assert_eq!(confirmed["confirmation"]["recorded_by_staff_id"], Value::Null);
}

async fn the_first_claim_needs_no_version_and_the_next_one_does(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let promise = made(&case.lee, &case, daily()).await;
    let path = format!("/v1/promises/{promise}/outcomes/{MONDAY}/claim");
    let claim = |version: Option<&str>, word: &str| {
        let request = TestRequest::put().uri(&path).set_json(json!({ "claim": word }));
        case.lee.person.send(version.into_iter().fold(request, |request, tag| request.insert_header(("if-match", tag))))
    };

    assert_eq!(claim(Some("\"1\""), "kept").await.status(), 412);
    let first = claim(None, "kept").await;
    assert_eq!((first.status(), first.header("etag")), (201, "\"1\""));
    assert_eq!(first.header("location"), format!("/v1/promises/{promise}/outcomes/{MONDAY}"));
    let long_ago = case.lee.person.get(format!("/v1/promises/{promise}/outcomes/-9999-01-01")).await;
    assert_eq!(long_ago.status(), 404, "a day before the promise, and before any that a database knows");
    assert_eq!(claim(None, "partly").await.status(), 428);
    assert_eq!(claim(Some("\"7\""), "partly").await.status(), 412);
    assert_eq!(claim(Some("\"1\""), "partly").await.status(), 200);

    let read = case.kim.person.get(first.header("location")).await;
    assert_eq!(read.expect_status(200).header("etag"), "\"2\"");
    let confirmation = format!("/v1/promises/{promise}/outcomes/{MONDAY}/confirmation");
    let unread = TestRequest::put().uri(&confirmation).set_json(json!({ "confirmation": "confirmed" }));
    assert_eq!(case.kim.person.send(unread.insert_header(("if-match", "\"1\""))).await.status(), 412);
}

async fn a_promise_that_ended_is_not_due_any_more(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let promise = made(&case.lee, &case, daily()).await;
    app.advance(TimeDelta::days(1));

    let ending = format!("/v1/promises/{promise}/ending");
    let ended = case.lee.person.put(&ending, json!({ "how": "completed" })).await.expect_status(200).json();

    assert_eq!((&ended["status"], &ended["until"]), (&json!("completed"), &json!("2026-09-22")));
    let due = case.kim.person.get(format!("/v1/promises/{promise}/due-dates")).await.json();
    assert_eq!(items(&due["items"]).len(), 2);
    let again = case.lee.person.put(&ending, json!({ "how": "withdrawn" })).await;
    assert_eq!(again.text_at("/detail"), "this promise has ended");
    let completed = format!("/v1/couples/{}/promises?status=completed", case.couple);
    assert_eq!(items(&case.kim.person.get(completed).await.json()["items"]).len(), 1);
}

async fn a_promise_says_when_it_is_due(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let promises = format!("/v1/couples/{}/promises", case.couple);

    for (wanted, status) in [
        (json!({ "what": "I stay." }), 422),
        (json!({ "what": "I stay.", "due_on": MONDAY, "recurrence": "FREQ=DAILY" }), 422),
        (json!({ "what": "I stay.", "due_on": "2026-09-20" }), 422),
        (json!({ "what": " ", "due_on": MONDAY }), 422),
        (json!({ "what": "I stay.", "recurrence": "FREQ=HOURLY" }), 400),
        (json!({ "what": "I stay.", "due_on": MONDAY, "origin": "forgiveness" }), 422),
        (json!({ "what": "I stay.", "due_on": MONDAY, "assignment_id": Uuid::nil() }), 422),
    ] {
        assert_eq!(case.lee.person.post(&promises, wanted.clone()).await.problem().0, status, "{wanted}");
    }
    let promise = made(&case.lee, &case, json!({ "what": "I stay.", "due_on": MONDAY })).await;
    let path = format!("/v1/promises/{promise}/due-dates");
    assert_eq!(case.lee.person.get(format!("{path}?from={MONDAY}&until=2028-01-01")).await.problem().0, 400);
    assert_eq!(case.lee.person.get(format!("{path}?from={MONDAY}&until=2026-09-20")).await.problem().0, 400);
    let due = case.lee.person.get(path).await.json()["items"].clone();
    assert_eq!(due, json!([{ "due_on": MONDAY, "outcome": null }]));
}

async fn promises_are_nobody_elses(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let other = Case::of(&app, "ben", ["maya", "noor"]).await;
    let promise = made(&case.lee, &case, daily()).await;
    let promises = format!("/v1/couples/{}/promises", case.couple);

    for stranger in [&other.lee.person, &other.counselor, &app.supervisor("susan").await] {
        for path in [&promises, &format!("/v1/promises/{promise}"), &format!("/v1/promises/{promise}/due-dates")] {
            assert_eq!(stranger.get(path).await.problem(), (404, "not-found".to_owned()), "{path}");
        }
    }
    assert_eq!(claim(&other.lee.person, promise, MONDAY, "kept").await.status(), 404);
    let assistant = app.assistant("tom").await;
    assert_eq!(assistant.get(&promises).await.problem(), (403, "forbidden".to_owned()));
    assert_eq!(assistant.get(format!("/v1/promises/{promise}")).await.status(), 403);
    assert_eq!(app.nobody().get(&promises).await.status(), 401);
}

async fn after_a_separation_each_keeps_their_own(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let promise = made(&case.lee, &case, daily()).await;

    let couple = format!("/v1/couples/{}", case.couple);
    case.counselor.patch(couple, json!({ "status": "separated" })).await.expect_status(200);

    let promises = format!("/v1/couples/{}/promises", case.couple);
    assert_eq!(case.kim.person.get(format!("/v1/promises/{promise}")).await.status(), 404);
    assert_eq!(case.kim.person.get(&promises).await.json(), json!({ "items": [], "next_cursor": null }));
    assert_eq!(case.lee.person.get(format!("/v1/promises/{promise}")).await.status(), 200);
    assert_eq!(case.lee.person.post(promises, daily()).await.status(), 422);
}

async fn an_assignment_stays_hidden_behind_the_promise_that_came_from_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let apology = json!({ "exercise": "apology", "mode": "separate", "partner_id": case.lee.id });
    let assignment = case.assign(apology).await;
    let wanted = json!({ "what": "I stay.", "due_on": MONDAY, "origin": "apology", "assignment_id": assignment });

    let promises = format!("/v1/couples/{}/promises", case.couple);
    assert_eq!(case.kim.person.post(promises, wanted.clone()).await.problem().0, 422);
    let promise = format!("/v1/promises/{}", made(&case.lee, &case, wanted).await);

    assert_eq!(case.lee.person.get(&promise).await.json()["assignment_id"], json!(assignment));
    assert_eq!(case.counselor.get(&promise).await.json()["assignment_id"], json!(assignment));
    assert_eq!(case.kim.person.get(&promise).await.json()["assignment_id"], Value::Null);
}

async fn promises_are_listed_page_by_page(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let mut made_ids = Vec::new();
    for partner in [&case.lee, &case.kim, &case.lee] {
        made_ids.push(json!(made(partner, &case, daily()).await));
    }

    let path = format!("/v1/couples/{}/promises?limit=2", case.couple);
    let first = case.kim.person.get(&path).await.expect_status(200).json();
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let second = case.kim.person.get(format!("{path}&cursor={cursor}")).await.json();

    let pages = [&first, &second].into_iter().flat_map(|page| items(&page["items"]));
    assert_eq!(pages.map(|item| item["id"].clone()).collect::<Vec<_>>(), made_ids);
    assert_eq!(second["next_cursor"], Value::Null);
}
