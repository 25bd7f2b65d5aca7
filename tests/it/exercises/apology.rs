//! Exercise 2 from assignment to progress, as the counselor sees it.

use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers, items},
    person::{Person, Reply},
    stories,
};
use uuid::Uuid;

stories![
    an_apology_is_drafted_coached_given_and_heard,
    an_apology_is_given_once_it_is_ready_and_open,
    an_apology_that_two_drafts_say_was_given_is_handed_in_as_given_once,
    a_counselor_records_what_was_given_in_a_session,
    what_was_given_stays_as_it_was_given,
    an_offer_becomes_a_promise,
    a_draft_and_what_came_back_stay_with_whom_they_belong_to,
];

/// Theirs: Lee caused it, Kim was hurt.
async fn assigned(app: &TestApp) -> (Case, Uuid) {
    let case = Case::lee_and_kim(app).await;
    let breach = case.record_breach(json!({
        "kind": "dishonesty", "came_to_light": "discovered",
        "roles": [{ "partner_id": case.lee.id, "role": "caused" }, { "partner_id": case.kim.id, "role": "hurt" }],
    }));
    let assignment = case.assign(json!({ "exercise": "apology", "breach_id": breach.await })).await;
    (case, assignment)
}

async fn work(person: &Person, case: &Case) -> Value {
    person.get(format!("/v1/couples/{}/exercises/apology", case.couple)).await.expect_status(200).json()
}

/// The counselor says what they make of a version of a draft.
async fn coach(case: &Case, assignment: Uuid, draft: Uuid, version: u16, ready: bool) {
    let mut round = answers(Kind::ApologyCoaching, "draft_id", json!(draft));
    round["draft_version"] = json!(version);
    round["ready_to_deliver"] = json!(ready);
    let entries = format!("/v1/assignments/{assignment}/entries");
    let round = case.counselor.post(entries, json!({ "answers": round })).await.created();
    case.counselor.post(format!("/v1/entries/{round}/submission"), Value::Null).await.expect_status(200);
}

async fn open(person: &Person, draft: Uuid) {
    let visibility = format!("/v1/entries/{draft}/visibility");
    person.put(visibility, json!({ "visibility": "shared" })).await.expect_status(200);
}

async fn record(person: &Person, assignment: Uuid, wanted: Value) -> Reply {
    person.post(format!("/v1/assignments/{assignment}/entries"), wanted).await
}

fn delivery(draft: Uuid) -> Value {
    json!({ "answers": answers(Kind::ApologyDelivery, "draft_id", json!(draft)) })
}

fn response(draft: Uuid) -> Value {
    json!({ "answers": answers(Kind::ApologyResponse, "apology_id", json!(draft)) })
}

async fn an_apology_is_drafted_coached_given_and_heard(app: TestApp) {
    let (case, assignment) = assigned(&app).await;
    let first = json!({ "type": "apology_draft", "acknowledgement": "I lied.", "remorse": "I am sorry." });
    let draft = case.lee.submit(assignment, json!({ "answers": first })).await;
    coach(&case, assignment, draft, 1, false).await;

    let begun = work(&case.counselor, &case).await["drafts"][0].clone();
    assert_eq!((&begun["state"], &begun["missing_parts"]), (&json!("coached"), &json!(["commitment"])));
    let corrected = json!({ "answers": Kind::ApologyDraft.example() });
    case.lee.person.post(format!("/v1/entries/{draft}/corrections"), corrected).await.expect_status(200);
    coach(&case, assignment, draft, 2, true).await;
    assert_eq!(work(&case.counselor, &case).await["drafts"][0]["state"], "ready");
    open(&case.lee.person, draft).await;
    case.lee.submit(assignment, delivery(draft)).await;
    case.kim.submit(assignment, response(draft)).await;

    let told = work(&case.counselor, &case).await;
    let given = &told["drafts"][0];
    assert_eq!((&given["state"], &given["number"]), (&json!("delivered"), &json!(2)));
    assert_eq!(given["parts"], json!(["acknowledgement", "remorse", "commitment"]));
    assert_eq!((&given["remorse"], &given["explanation"]), (&json!("I am ashamed, and I am sorry."), &Value::Null));
    assert_eq!(items(&given["coaching"]).len(), 2);
    assert_eq!(given["delivery"]["how"], "in_session");
    assert_eq!(
        (&given["responses"][0]["remorse_heard"], &given["responses"][0]["answer"]),
        (&json!("partly"), &json!("not_now"))
    );
    assert_eq!(told["sincerity"][0]["sincerity"], 6);
    let progress = format!("/v1/couples/{}/progress?view", case.couple);
    let shared = case.counselor.get(format!("{progress}=shared")).await.expect_status(200).json().to_string();
    let hers = format!("{progress}=separate&partner_id={}", case.kim.id);
    let hers = case.counselor.get(hers).await.expect_status(200).json().to_string();
    assert!(shared.contains("\"apologies_given\"") && !shared.contains("\"sincerity\""), "{shared}");
    assert!(hers.contains("\"sincerity\""), "{hers}");
    assert!(!hers.contains("accepted") && !hers.contains("not_now"), "acceptance is no measure: {hers}");
}

async fn an_apology_is_given_once_it_is_ready_and_open(app: TestApp) {
    let (case, assignment) = assigned(&app).await;
    let draft = case.lee.submit(assignment, json!({ "answers": Kind::ApologyDraft.example() })).await;
    let refused = |reply: Reply| {
        assert_eq!((reply.status(), reply.text_at("/errors/0/pointer")), (422, "/answers/draft_id".to_owned()));
        reply.text_at("/errors/0/detail")
    };

    let unread = record(&case.lee.person, assignment, delivery(draft)).await;
    assert!(refused(unread).contains("a counselor has said is ready"));
    coach(&case, assignment, draft, 1, true).await;
    let closed = record(&case.lee.person, assignment, delivery(draft)).await;
    assert!(refused(closed).contains("set its visibility to shared"));
    let corrected = json!({ "answers": Kind::ApologyDraft.example(), "difficulty": 9 });
    case.lee.person.post(format!("/v1/entries/{draft}/corrections"), corrected).await.expect_status(200);
    open(&case.lee.person, draft).await;
    let changed_since = record(&case.lee.person, assignment, delivery(draft)).await;
    assert!(refused(changed_since).contains("as it stands"));
    assert_eq!(
        record(&case.kim.person, assignment, response(draft)).await.text_at("/errors/0/pointer"),
        "/answers/apology_id"
    );
    let mut unwritten = answers(Kind::ApologyCoaching, "draft_id", json!(draft));
    unwritten["draft_version"] = json!(9);
    let unwritten = record(&case.counselor, assignment, json!({ "answers": unwritten })).await;
    assert_eq!(unwritten.text_at("/errors/0/pointer"), "/answers/draft_version");
    coach(&case, assignment, draft, 2, true).await;
    let mut tomorrow = delivery(draft);
    tomorrow["answers"]["delivered_on"] = json!("2026-09-22");
    let early = record(&case.lee.person, assignment, tomorrow).await;
    assert_eq!(early.text_at("/errors/0/pointer"), "/answers/delivered_on");
    app.advance(TimeDelta::days(1));
    let mut today = delivery(draft);
    today["answers"]["delivered_on"] = json!("2026-09-22");
    case.lee.submit(assignment, today).await;
    assert!(refused(record(&case.lee.person, assignment, delivery(draft)).await).contains("not given yet"));
    let mut before = response(draft);
    before["recorded_on"] = json!("2026-09-21");
    let before = record(&case.kim.person, assignment, before).await;
    assert_eq!(before.text_at("/errors/0/pointer"), "/answers/apology_id", "it was not given yet");
    record(&case.kim.person, assignment, response(draft)).await.expect_status(201);
}

async fn an_apology_that_two_drafts_say_was_given_is_handed_in_as_given_once(app: TestApp) {
    let (case, assignment) = assigned(&app).await;
    let draft = case.lee.submit(assignment, json!({ "answers": Kind::ApologyDraft.example() })).await;
    coach(&case, assignment, draft, 1, true).await;
    open(&case.lee.person, draft).await;
    let first = record(&case.lee.person, assignment, delivery(draft)).await.created();
    let second = record(&case.lee.person, assignment, delivery(draft)).await.created();
    let hand_in =
        async |entry: Uuid| case.lee.person.post(format!("/v1/entries/{entry}/submission"), Value::Null).await;

    hand_in(first).await.expect_status(200);
    let refused = hand_in(second).await;
    assert_eq!((refused.status(), refused.text_at("/errors/0/pointer")), (422, "/answers/draft_id".to_owned()));
    assert!(refused.text_at("/errors/0/detail").contains("not given yet"));
}

async fn a_counselor_records_what_was_given_in_a_session(app: TestApp) {
    let (case, assignment) = assigned(&app).await;
    let draft = case.lee.submit(assignment, json!({ "answers": Kind::ApologyDraft.example() })).await;
    coach(&case, assignment, draft, 1, true).await;
    let mut given = delivery(draft);
    given["partner_id"] = json!(case.lee.id);

    let closed = record(&case.counselor, assignment, given.clone()).await;
    assert_eq!(closed.status(), 422, "only its author opens a draft");
    open(&case.lee.person, draft).await;
    let recorded = record(&case.counselor, assignment, given).await.created();
    case.counselor.post(format!("/v1/entries/{recorded}/submission"), Value::Null).await.expect_status(200);

    let read = case.kim.person.get(format!("/v1/entries/{recorded}")).await.expect_status(200).json();
    assert_eq!(read["recorded_by_staff_id"], json!(case.counselor.id));
    assert_eq!(work(&case.kim.person, &case).await["drafts"][0]["state"], "delivered");
}

async fn what_was_given_stays_as_it_was_given(app: TestApp) {
    let (case, assignment) = assigned(&app).await;
    let draft = case.lee.submit(assignment, json!({ "answers": Kind::ApologyDraft.example() })).await;
    coach(&case, assignment, draft, 1, true).await;
    open(&case.lee.person, draft).await;
    let given = case.lee.submit(assignment, delivery(draft)).await;
    let correct = async |entry: Uuid, wanted: Value| {
        case.lee.person.post(format!("/v1/entries/{entry}/corrections"), wanted).await
    };

    let refused = correct(draft, json!({ "answers": Kind::ApologyDraft.example() })).await;

    assert_eq!(refused.problem(), (422, "rule-broken".to_owned()));
    assert!(refused.text_at("/detail").contains("write a new draft"), "{refused:?}");
    let mut remembered = delivery(draft);
    remembered["answers"]["note"] = json!("We sat on the stairs.");
    correct(given, remembered).await.expect_status(200);
    let next = case.lee.submit(assignment, json!({ "answers": Kind::ApologyDraft.example() })).await;
    correct(next, json!({ "answers": Kind::ApologyDraft.example() })).await.expect_status(200);
}

async fn an_offer_becomes_a_promise(app: TestApp) {
    let (case, assignment) = assigned(&app).await;
    let offer = answers(Kind::ApologyDraft, "repair_offer", json!("The first Saturday is yours."));
    let draft = case.lee.submit(assignment, json!({ "answers": offer })).await;
    let silent = case.lee.submit(assignment, json!({ "answers": Kind::ApologyDraft.example() })).await;
    let promises = format!("/v1/couples/{}/promises", case.couple);
    let promise = |draft: Uuid, origin: &str| json!({ "what": "Your Saturday.", "due_on": "2026-10-03", "origin": origin, "entry_id": draft });

    for (person, wanted) in [
        (&case.lee.person, promise(silent, "apology")),
        (&case.lee.person, promise(draft, "consistency")),
        (&case.kim.person, promise(draft, "apology")),
    ] {
        let refused = person.post(&promises, wanted).await;
        assert!(refused.text_at("/detail").contains("a submitted draft of its maker's"), "{refused:?}");
    }
    let made = case.lee.person.post(&promises, promise(draft, "apology")).await;

    let id = made.created();
    assert_eq!(made.json()["entry_id"], json!(draft));
    let seen = case.kim.person.get(format!("/v1/promises/{id}")).await.expect_status(200).json();
    assert_eq!(seen["entry_id"], Value::Null);
    let drafts = work(&case.counselor, &case).await["drafts"].clone();
    assert_eq!(drafts[0]["promises"], json!([{ "promise_id": id, "what": "Your Saturday.", "status": "active" }]));
    assert_eq!(drafts[1]["promises"], json!([]));
    open(&case.lee.person, draft).await;
    assert_eq!(work(&case.kim.person, &case).await["drafts"][0]["promises"][0]["promise_id"], json!(id));
}

async fn a_draft_and_what_came_back_stay_with_whom_they_belong_to(app: TestApp) {
    let (case, assignment) = assigned(&app).await;
    let draft = case.lee.submit(assignment, json!({ "answers": Kind::ApologyDraft.example() })).await;
    let nothing = work(&case.kim.person, &case).await;
    assert_eq!((&nothing["drafts"], &nothing["sincerity"]), (&json!([]), &json!([])));
    coach(&case, assignment, draft, 1, true).await;
    assert_eq!(work(&case.kim.person, &case).await, nothing);
    let ready = work(&case.lee.person, &case).await["drafts"][0].clone();
    assert_eq!((&ready["state"], &ready["coaching"][0]["ready_to_deliver"]), (&json!("ready"), &json!(true)));

    open(&case.lee.person, draft).await;
    case.lee.submit(assignment, delivery(draft)).await;
    let before = work(&case.lee.person, &case).await;
    case.kim.submit(assignment, response(draft)).await;

    assert_eq!(work(&case.lee.person, &case).await, before, "her answer is hers");
    let round = &before["drafts"][0]["coaching"][0];
    assert_eq!(
        (&round["draft_version"], &round["observation"]),
        (&json!(1), &Value::Null),
        "its words are the counselor's"
    );
    assert_eq!(work(&case.kim.person, &case).await["drafts"][0]["coaching"], json!([]));
    assert_eq!(items(&work(&case.kim.person, &case).await["drafts"][0]["responses"]).len(), 1);
}
