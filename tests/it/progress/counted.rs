//! What counts once: a question however often it is answered, the parts of an apology, and someone who left and came back.

use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers, items},
    stories,
};
use uuid::Uuid;

use super::{ask, pulse, pulses, series};

stories![
    a_question_answered_again_counts_once_and_by_the_last_word,
    accounts_that_both_find_far_apart_are_far_apart,
    drafts_do_not_add_up_the_parts_they_cover,
    who_left_and_came_back_is_one_person,
];

async fn assigned(case: &Case, exercise: &str) -> Uuid {
    let breach = case.record_breach(json!({
        "kind": "dishonesty", "came_to_light": "discovered",
        "roles": [{ "partner_id": case.lee.id, "role": "caused" }, { "partner_id": case.kim.id, "role": "hurt" }],
    }));
    case.assign(json!({ "exercise": exercise, "breach_id": breach.await })).await
}

fn total<'p>(told: &'p Value, measure: &str) -> Option<&'p Value> {
    items(&told["exercises"][0]["activity"]["totals"]).iter().find(|total| total["measure"] == measure)
}

fn heard(answer: Uuid, satisfied: &str) -> Value {
    let mut heard = answers(Kind::RootCauseAnswerHeard, "answer_id", json!(answer));
    heard["satisfied"] = json!(satisfied);
    json!({ "answers": heard })
}

async fn a_question_answered_again_counts_once_and_by_the_last_word(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = assigned(&case, "root-cause").await;
    let question = case.kim.submit(assignment, json!({ "answers": Kind::RootCauseQuestion.example() })).await;
    let answer = json!({ "answers": answers(Kind::RootCauseAnswer, "question_id", json!(question)) });
    let first = case.lee.submit(assignment, answer.clone()).await;
    case.kim.submit(assignment, heard(first, "no")).await;
    let second = case.lee.submit(assignment, answer).await;
    app.advance(TimeDelta::weeks(1));
    case.kim.submit(assignment, heard(second, "yes")).await;

    // From the second week on the answers are of before, and which question it was is known all the same.
    for query in ["view=shared", "view=shared&from=2026-09-28", &format!("view=separate&partner_id={}", case.kim.id)] {
        let told = ask(&case, &case.counselor, query).await;
        let satisfied = series(&told, "questions_satisfied", &case.kim).expect("a series");
        assert_eq!((&satisfied["mean"], &satisfied["n"]), (&json!(1.0), &json!(1)), "{query}");
    }
    let told = ask(&case, &case.counselor, "view=shared").await;
    assert_eq!(total(&told, "questions_answered").expect("a total")["sum"], 1.0);
}

async fn accounts_that_both_find_far_apart_are_far_apart(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = assigned(&case, "root-cause").await;
    for partner in [&case.lee, &case.kim] {
        let compared = answers(Kind::RootCauseComparison, "accounts_agree", json!(3));
        partner.submit(assignment, json!({ "answers": compared })).await;
    }

    let pairs = ask(&case, &case.lee.person, "view=shared").await["pairs"].clone();
    let work = format!("/v1/couples/{}/exercises/root-cause", case.couple);
    let work = case.lee.person.get(work).await.expect_status(200).json();

    assert_eq!(pairs["accounts"], json!({ "gap": 7.0, "n": 2 }));
    assert_eq!((&work["accounts_gap"], &work["ratings_apart"]), (&json!(7.0), &json!(0)));
}

async fn drafts_do_not_add_up_the_parts_they_cover(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = assigned(&case, "apology").await;
    let whole =
        json!({ "type": "apology_draft", "acknowledgement": "I lied.", "remorse": "Sorry.", "commitment": "Never." });
    let begun = json!({ "type": "apology_draft", "remorse": "I am sorry." });
    for draft in [whole, begun] {
        case.lee.submit(assignment, json!({ "answers": draft })).await;
        app.advance(TimeDelta::days(1));
    }

    let told = ask(&case, &case.counselor, &format!("view=separate&partner_id={}", case.lee.id)).await;

    assert_eq!(total(&told, "apology_drafts").expect("a total")["sum"], 2.0);
    assert!(total(&told, "apology_parts").is_none());
    let author = json!({ "kind": "partner", "id": case.lee.id });
    let parts = json!([{ "author": author, "latest": 1.0, "most": 3.0 }]);
    assert_eq!(told["exercises"][0]["activity"]["apology_parts"], parts);
}

async fn who_left_and_came_back_is_one_person(app: TestApp) {
    let mut case = Case::lee_and_kim(&app).await;
    case.kim.submit(pulses(&case).await, pulse(4, "shared")).await;
    case.kim.promise(case.couple, "I call.").await;
    app.advance(TimeDelta::weeks(1));
    let partners = format!("/v1/couples/{}/partners", case.couple);
    let former = case.kim.id;
    case.counselor.delete(format!("{partners}/{former}")).await.expect_status(200);
    app.advance(TimeDelta::days(1));
    let back = case.counselor.post(partners, json!({ "client_id": case.kim.person.id })).await;
    let back = back.expect_status(201).json()["partners"][2]["id"].clone();
    case.kim.id = serde_json::from_value(back).expect("an id");
    let again = json!({ "exercise": "professional-help", "overrides": { "policy": "They signed on paper." } });
    case.kim.submit(case.assign(again).await, pulse(8, "shared")).await;
    case.kim.promise(case.couple, "I call.").await;

    let side_by_side = ask(&case, &case.counselor, "view=side_by_side").await;
    for told in [&ask(&case, &case.kim.person, "view=separate").await, &side_by_side["partners"][1]] {
        assert_eq!(told["partner_id"], json!(case.kim.id));
        let trust = series(told, "trust", &case.kim).expect("a series");
        assert_eq!((&trust["mean"], &trust["n"]), (&json!(6.0), &json!(2)));
        let makers: Vec<_> = items(&told["promises"]).iter().map(|maker| maker["maker_id"].clone()).collect();
        assert_eq!(makers, [json!(case.kim.id)]);
    }
    let of_the_former = ask(&case, &case.counselor, &format!("view=separate&partner_id={former}")).await;
    assert_eq!(of_the_former["partner_id"], json!(case.kim.id));
}
