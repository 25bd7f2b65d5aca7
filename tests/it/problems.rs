//! Refusals: each names the field it is about, and says what would be right.

use actix_web::test::TestRequest;
use domain::exercises::{Answers, Kind};
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers},
    person::{Person, Reply},
    stories,
};

stories![
    who_may_write_an_entry_and_about_which_day_is_said_at_its_field,
    a_touch_that_is_none_is_told_as_what_it_is,
    a_number_is_told_its_limits_however_large_it_is,
    where_a_partner_stands_is_theirs_to_say_and_can_be_taken_back,
    what_a_promise_is_about_is_said_at_its_field,
    a_day_that_nobody_claimed_is_said_to_be_unclaimed,
    a_chart_of_two_things_at_once_is_told_so,
    a_text_that_says_nothing_is_refused_wherever_it_is,
];

/// Where a refusal is, its word, and what it says.
fn faults(refused: &Reply) -> Vec<[String; 3]> {
    let problem = refused.expect_status(422).json();
    let word = |error: &Value, of: &str| error[of].as_str().expect("a text").to_owned();
    let errors = problem["errors"].as_array().expect("the fields").iter();
    errors.map(|error| ["pointer", "code", "detail"].map(|of| word(error, of))).collect()
}

#[track_caller]
fn is_refused(refused: &Reply, pointer: &str, detail: &str) {
    let found = faults(refused);
    assert!(found.iter().any(|[at, _, words]| at == pointer && words.contains(detail)), "{found:?}");
}

async fn who_may_write_an_entry_and_about_which_day_is_said_at_its_field(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let roles = json!([{ "partner_id": case.lee.id, "role": "caused" }, { "partner_id": case.kim.id, "role": "hurt" }]);
    let breach = json!({ "kind": "secrecy", "came_to_light": "disclosed", "roles": roles });
    let breach = case.record_breach(breach).await;
    let assignment = case.assign(json!({ "exercise": "root-cause", "breach_id": breach })).await;
    let path = format!("/v1/assignments/{assignment}/entries");

    let of_kims = case.lee.person.post(&path, json!({ "answers": Kind::RootCauseImpact.example() })).await;
    is_refused(&of_kims, "/author", "who may write it is the partner who was hurt by it");
    let to_come = json!({ "answers": Kind::RootCauseAccount.example(), "recorded_on": "2026-12-01" });
    is_refused(&case.lee.person.post(&path, to_come).await, "/recorded_on", "from the assignment's start to today");

    let help = case.assign(json!({ "exercise": "professional-help" })).await;
    let plan = json!({ "answers": Kind::TreatmentPlan.example() });
    let refused = case.lee.person.post(format!("/v1/assignments/{help}/entries"), plan).await;
    is_refused(&refused, "/author", "who may write it is a counselor of the couple");
}

async fn a_touch_that_is_none_is_told_as_what_it_is(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "vulnerability" })).await;
    let talk = answers(Kind::VulnerabilityShare, "touch", json!("hug"));
    let refused = case.lee.person.post(format!("/v1/assignments/{assignment}/entries"), json!({ "answers": talk }));
    is_refused(&refused.await, "/answers/touch", "nothing else does");
}

async fn a_number_is_told_its_limits_however_large_it_is(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let path = format!("/v1/assignments/{assignment}/entries");
    for beyond in [json!(11), json!(300), json!(-1), json!(1e30)] {
        let pulse = json!({ "answers": answers(Kind::Pulse, "trust", beyond.clone()) });
        is_refused(&case.lee.person.post(&path, pulse).await, "/answers/trust", "must be between 0 and 10");
        let hard = json!({ "answers": Kind::Pulse.example(), "difficulty": beyond });
        is_refused(&case.lee.person.post(&path, hard).await, "/difficulty", "must be between 0 and 10");
    }
}

async fn where_a_partner_stands_is_theirs_to_say_and_can_be_taken_back(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "root-cause" })).await;
    let standing = |of| format!("/v1/assignments/{assignment}/standings/{of}");

    let of_kim = case.lee.person.put(standing(case.kim.id), json!({ "status": "opened" })).await;
    assert!(of_kim.expect_status(422).text_at("/detail").contains("partners say for themselves"));
    case.kim.person.put(standing(case.kim.id), json!({ "status": "not_ready" })).await.expect_status(200);
    let given_again = case.kim.person.put(standing(case.kim.id), json!({ "status": "assigned" })).await;
    is_refused(&given_again, "/status", "say opened or in_progress to take \"not ready\" back");
    case.kim.person.put(standing(case.kim.id), json!({ "status": "opened" })).await.expect_status(200);
}

async fn what_a_promise_is_about_is_said_at_its_field(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let path = format!("/v1/couples/{}/promises", case.couple);
    let promise = |changes: Value| {
        let mut wanted = json!({ "what": "I call when I am late." });
        wanted.as_object_mut().expect("an object").extend(changes.as_object().expect("an object").clone());
        case.lee.person.post(&path, wanted)
    };
    let of_forgiving = promise(json!({ "due_on": "2026-09-21", "origin": "forgiveness" })).await;
    is_refused(&of_forgiving, "/origin", "comes from apology, consistency or reaffirm-commitment");
    let over = promise(json!({ "due_on": "2026-09-20" })).await;
    is_refused(&over, "/due_on", "from its first to its last");
    let never = promise(json!({ "recurrence": "FREQ=DAILY", "until": "2026-09-20" })).await;
    is_refused(&never, "/recurrence", "at least once");

    let hourly = promise(json!({ "recurrence": "FREQ=HOURLY" })).await;
    assert!(hourly.expect_status(400).text_at("/errors/0/detail").contains("a rule of whole days"));
    let rituals = case.assign(json!({ "exercise": "shared-rituals" })).await;
    let ritual = json!({ "answers": answers(Kind::Ritual, "recurrence", json!("FREQ=HOURLY")) });
    let refused = case.lee.person.post(format!("/v1/assignments/{rituals}/entries"), ritual).await;
    assert_eq!(faults(&refused)[0][2], hourly.text_at("/errors/0/detail"), "one rule, one message");
}

async fn a_day_that_nobody_claimed_is_said_to_be_unclaimed(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let wanted = json!({ "what": "I call when I am late.", "recurrence": "FREQ=DAILY" });
    let promise = case.lee.person.post(format!("/v1/couples/{}/promises", case.couple), wanted).await.created();
    let confirm = async |by: &Person| {
        let path = format!("/v1/promises/{promise}/outcomes/2026-09-21/confirmation");
        by.send(TestRequest::put().uri(&path).set_json(json!({ "confirmation": "confirmed" }))).await
    };

    let too_early = confirm(&case.kim.person).await;
    assert!(too_early.expect_status(422).text_at("/detail").contains("says first how it went"));
    let path = format!("/v1/promises/{promise}/outcomes/2026-09-21/claim");
    let claimed = TestRequest::put().uri(&path).set_json(json!({ "claim": "kept" }));
    case.lee.person.send(claimed).await.expect_status(201);
    confirm(&case.kim.person).await.expect_status(428);

    confirm(&app.counselor("nora").await).await.expect_status(404);
}

async fn a_chart_of_two_things_at_once_is_told_so(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let path = format!("/v1/couples/{}/progress/chart.svg?view=shared&measure=trust&rate=claimed", case.couple);
    let refused = case.counselor.get(path).await;
    let error = &refused.expect_status(400).json()["errors"][0];
    assert_eq!((&error["pointer"], &error["code"]), (&json!("rate"), &json!("inconsistent")));
}

async fn a_text_that_says_nothing_is_refused_wherever_it_is(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "root-cause" })).await;
    let path = format!("/v1/assignments/{assignment}/entries");
    for text in ["   ", "\n\t", "Who\u{0} knew?"] {
        let question = json!({ "answers": answers(Kind::RootCauseQuestion, "question", json!(text)) });
        is_refused(&case.lee.person.post(&path, question).await, "/answers/question", "must say something");
        let line = json!({ "answers": Kind::RootCauseQuestion.example(), "for_counselor": text });
        is_refused(&case.lee.person.post(&path, line).await, "/for_counselor", "must say something");
        let client = case.counselor.post("/v1/clients", json!({ "name": text })).await;
        is_refused(&client, "/name", "must say something");
    }
    let lines = answers(Kind::RootCauseQuestion, "question", json!("Who knew?\n\tAnd since when?"));
    let asked = case.lee.submit(assignment, json!({ "answers": lines.clone() })).await;
    let read = case.lee.person.get(format!("/v1/entries/{asked}")).await.expect_status(200).json();
    let read: Answers = serde_json::from_value(read["answers"].clone()).expect("answers");
    assert_eq!(serde_json::to_value(read).expect("JSON"), lines);
}
