//! Exercise 1 from assignment to progress, as the counselor sees it.

use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers, items},
    stories,
};
use uuid::Uuid;

stories![
    why_trust_broke_is_told_asked_and_answered,
    what_one_may_not_read_is_not_put_together,
    what_is_not_told_yet_is_there_for_who_keeps_it_and_the_counselor,
];

async fn why_trust_broke_is_told_asked_and_answered(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let breach = case.record_breach(json!({
        "kind": "dishonesty", "came_to_light": "discovered",
        "roles": [{ "partner_id": case.lee.id, "role": "caused" }, { "partner_id": case.kim.id, "role": "hurt" }],
    }));
    let assignment = case.assign(json!({ "exercise": "root-cause", "breach_id": breach.await })).await;
    let path = format!("/v1/couples/{}/exercises/root-cause", case.couple);

    // Each alone; then both read both.
    let account = answers(Kind::RootCauseAccount, "understood_since", json!("That hiding it was the worse part."));
    let account = case.lee.submit(assignment, json!({ "answers": account })).await;
    assert_eq!(case.kim.person.get(format!("/v1/entries/{account}")).await.status(), 404);
    case.kim.submit(assignment, json!({ "answers": Kind::RootCauseImpact.example() })).await;
    assert_eq!(case.kim.person.get(format!("/v1/entries/{account}")).await.status(), 200);

    // One question at a time.
    let question = answers(Kind::RootCauseQuestion, "reason", json!("I want to know whom I can still face."));
    let question = case.kim.submit(assignment, json!({ "answers": question })).await;
    let asked = case.lee.person.get(&path).await.expect_status(200).json();
    assert_eq!((&asked["open_questions"], &asked["questions"][0]["state"]), (&json!(1), &json!("open")));
    let answer =
        case.lee.submit(assignment, json!({ "answers": about(Kind::RootCauseAnswer, "question_id", question) })).await;
    case.kim.submit(assignment, json!({ "answers": about(Kind::RootCauseAnswerHeard, "answer_id", answer) })).await;

    // They compare, each alone.
    let compared = |agree: u8| json!({ "answers": answers(Kind::RootCauseComparison, "accounts_agree", json!(agree)) });
    case.lee.submit(assignment, compared(8)).await;
    assert_eq!(case.kim.person.get(&path).await.json()["comparisons"], json!([]));
    case.kim.submit(assignment, compared(5)).await;
    assert_eq!(case.kim.person.get(&path).await.json()["ratings_apart"], 3);
    let event = answers(Kind::RootCauseTimelineEvent, "detail", json!("It lay open on the table."));
    case.lee.submit(assignment, json!({ "answers": event })).await;

    // The counselor sees where they stand, and what came of it.
    let work = case.counselor.get(&path).await.expect_status(200).json();
    let told = &work["questions"][0];
    assert_eq!((&told["state"], &told["satisfied"]), (&json!("answered"), &json!("partly")));
    assert_eq!((&told["answer_id"], &work["open_questions"]), (&json!(answer), &json!(0)));
    assert_eq!(
        (&told["reason"], &told["felt_understood"]),
        (&json!("I want to know whom I can still face."), &json!(6))
    );
    assert_eq!(work["accounts"][0]["understood_since"], "That hiding it was the worse part.");
    assert_eq!(work["timeline"][0]["detail"], "It lay open on the table.");
    assert_eq!(work["exercise"], "root-cause");
    assert_eq!(work["accounts"][0]["told_by"], json!(case.lee.id));
    assert_eq!(work["impacts"][0]["needs"], json!(["To see our accounts together."]));
    assert_eq!((items(&work["comparisons"]).len(), &work["timeline"][0]["day_is_certain"]), (2, &json!(true)));
    let progress = case.counselor.get(format!("/v1/couples/{}/progress?view=shared", case.couple)).await.json();
    let mut measured: Vec<_> =
        items(&progress["exercises"][0]["outcome"]).iter().map(|series| &series["measure"]).collect();
    measured.dedup();
    assert_eq!(measured, ["questions_satisfied", "felt_understood", "accounts_agree"]);
}

async fn what_one_may_not_read_is_not_put_together(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "root-cause" })).await;
    let question = json!({ "answers": Kind::RootCauseQuestion.example(), "visibility": "counselor_only" });
    let question = case.kim.submit(assignment, question).await;
    let path = format!("/v1/couples/{}/exercises/root-cause", case.couple);

    let answered = case.lee.person.post(
        format!("/v1/assignments/{assignment}/entries"),
        json!({ "answers": about(Kind::RootCauseAnswer, "question_id", question) }),
    );

    assert_eq!(answered.await.json()["errors"][0]["pointer"], "/answers/question_id");
    assert_eq!(case.lee.person.get(&path).await.json()["questions"], json!([]));
    assert_eq!(case.kim.person.get(&path).await.json()["open_questions"], json!(1));
}

async fn what_is_not_told_yet_is_there_for_who_keeps_it_and_the_counselor(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "root-cause" })).await;
    let path = format!("/v1/couples/{}/exercises/root-cause", case.couple);
    case.kim.submit(assignment, json!({ "answers": Kind::RootCauseQuestion.example() })).await;
    let before = case.kim.person.get(&path).await.expect_status(200).whole();
    let kept = answers(Kind::RootCauseUndisclosed, "hindrance", json!("The children would hear of it."));

    let shared = json!({ "answers": kept, "visibility": "shared" });
    let opened = case.lee.person.post(format!("/v1/assignments/{assignment}/entries"), shared).await;
    let entry = case.lee.submit(assignment, json!({ "answers": kept })).await;

    assert_eq!(opened.problem(), (422, "rule-broken".to_owned()), "nobody opens it, not even by a slip");
    let told = json!([{
        "entry_id": entry, "kept_by": case.lee.id, "written_on": "2026-09-21",
        "undisclosed": "There is a second account.", "hindrance": "The children would hear of it.",
    }]);
    for person in [&case.counselor, &case.lee.person] {
        assert_eq!(person.get(&path).await.expect_status(200).json()["undisclosed"], told);
    }
    assert_eq!(case.kim.person.get(&path).await.whole(), before, "not a byte of it shows");
}

fn about(kind: Kind, field: &str, entry: Uuid) -> Value {
    answers(kind, field, json!(entry))
}
