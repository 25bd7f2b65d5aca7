//! Apologies that slip away from what was done, and who is told so.

use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, items},
    stories,
};
use uuid::Uuid;

use crate::sign_ins::trail;

stories![
    a_writer_learns_where_their_apology_slips_away_and_what_would_be_better,
    a_text_is_checked_in_the_language_that_it_is_said_to_be_in,
    what_is_no_text_is_refused_and_not_repeated,
    a_saved_draft_is_checked_for_its_writer_and_their_counselor,
    whoever_received_the_apology_is_told_nothing,
    only_an_apology_can_deflect,
];

const CHECKS: &str = "/v1/deflection-checks";

async fn a_writer_learns_where_their_apology_slips_away_and_what_would_be_better(app: TestApp) {
    let lee = app.client("lee").await;
    let text = "💔 I lied to you. I’m sorry you feel that way, but you never listen.";

    let checked = lee.post(CHECKS, json!({ "text": text })).await.expect_status(200).json();

    assert_eq!(checked["language"], json!("en"));
    let kinds: Vec<_> = items(&checked["findings"]).iter().map(|finding| &finding["kind"]).collect();
    assert_eq!(kinds, ["feelings_not_deeds", "excuse_with_but"]);
    let first = &checked["findings"][0];
    let place = |name: &str| usize::try_from(first[name].as_u64().expect("a place")).expect("a small one");
    let said: String = text.chars().skip(place("start")).take(place("end") - place("start")).collect();
    assert_eq!(said, "sorry you feel that way");
    assert!(first["why"].is_string() && first["instead"].is_string());
}

async fn a_text_is_checked_in_the_language_that_it_is_said_to_be_in(app: TestApp) {
    let anna = app.counselor("anna").await;
    let check = async |wanted: Value| anna.post(CHECKS, wanted).await.expect_status(200).json();

    let german = check(json!({ "text": "Fehler wurden gemacht.", "language": "de" })).await;
    let english = check(json!({ "text": "Fehler wurden gemacht.", "language": "en" })).await;
    let unknown = check(json!({ "text": "Przepraszam, jeśli cię zraniłem." })).await;

    assert_eq!(german["findings"][0]["instead"], json!("Fang mit Ich an: wer es getan hat, und was."));
    assert_eq!(english, json!({ "language": "en", "findings": [] }));
    assert_eq!(unknown, json!({ "language": null, "findings": [] }));
}

async fn what_is_no_text_is_refused_and_not_repeated(app: TestApp) {
    let lee = app.client("lee").await;
    let too_long = "quince ".repeat(1_429);

    for text in ["", too_long.as_str()] {
        let refused = lee.post(CHECKS, json!({ "text": text })).await;
        assert_eq!(refused.status(), 422);
        assert_eq!(refused.json()["errors"][0]["pointer"], json!("/text"));
        assert!(!refused.json().to_string().contains("quince"));
    }
    assert_eq!(lee.post(CHECKS, json!({ "text": "Hi.", "language": "tlh" })).await.status(), 400);
    assert_eq!(app.assistant("alex").await.post(CHECKS, json!({ "text": "Hi." })).await.status(), 403);
}

/// Lee's apology, of which one part deflects.
async fn apology(case: &Case, visibility: &str) -> Uuid {
    let assignment = case.assign(json!({ "exercise": "apology" })).await;
    let answers = json!({
        "type": "apology_draft",
        "acknowledgement": "I lied to you about the loan, and you had to hear it from the bank.",
        "remorse": "Mistakes were made.",
    });
    case.lee.draft(assignment, json!({ "answers": answers, "visibility": visibility })).await
}

fn deflections(entry: Uuid) -> String {
    format!("/v1/entries/{entry}/deflections")
}

async fn a_saved_draft_is_checked_for_its_writer_and_their_counselor(app: TestApp) {
    let (case, owner) = (Case::lee_and_kim(&app).await, app.owner().await);
    let entry = apology(&case, "counselor_only").await;

    let begun = case.lee.person.get(deflections(entry)).await.expect_status(200).json();
    assert_eq!(case.counselor.get(deflections(entry)).await.status(), 404, "a draft is its author's alone");
    case.lee.person.post(format!("/v1/entries/{entry}/submission"), Value::Null).await.expect_status(200);
    let submitted = case.counselor.get(deflections(entry)).await.expect_status(200).json();

    assert_eq!(begun, submitted);
    let parts: Vec<_> = items(&begun["parts"]).iter().map(|part| &part["part"]).collect();
    assert_eq!(parts, ["acknowledgement", "remorse"]);
    assert_eq!(begun["parts"][0]["findings"], json!([]));
    assert_eq!(begun["parts"][1]["findings"][0]["kind"], json!("passive"));
    let read = trail(&owner).await.into_iter().filter(|event| event["action"] == "entry.read");
    assert_eq!(read.filter(|event| event["subject_id"] == json!(entry)).count(), 2);
}

async fn whoever_received_the_apology_is_told_nothing(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let entry = apology(&case, "shared").await;
    case.lee.person.post(format!("/v1/entries/{entry}/submission"), Value::Null).await.expect_status(200);

    case.kim.person.get(format!("/v1/entries/{entry}")).await.expect_status(200);
    let hidden = case.kim.person.get(deflections(entry)).await.problem();
    let absent = case.kim.person.get(deflections(Uuid::nil())).await.problem();

    assert_eq!(hidden, (404, "not-found".to_owned()));
    assert_eq!(hidden, absent);
}

async fn only_an_apology_can_deflect(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "vulnerability" })).await;
    let entry = case.lee.submit(assignment, json!({ "answers": Kind::Journal.example() })).await;

    assert_eq!(case.lee.person.get(deflections(entry)).await.problem(), (404, "not-found".to_owned()));
}
