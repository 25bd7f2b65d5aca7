//! Exercise 8 from assignment to progress: small acts, how they reach the other, and what stays between one and the counselor.

use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers, items},
    stories,
};
use uuid::Uuid;

use super::told_before;

stories![acts_are_given_and_noticed, how_it_feels_to_stay_is_not_told_to_the_other];

async fn begun(app: &TestApp) -> (Case, Uuid, String) {
    let case = Case::lee_and_kim(app).await;
    let assignment = case.assign(json!({ "exercise": "reaffirm-commitment" })).await;
    let path = format!("/v1/couples/{}/exercises/reaffirm-commitment", case.couple);
    (case, assignment, path)
}

fn noticed(act: Uuid, when: &str, meaning: u8) -> Value {
    let mut noticed = answers(Kind::ActNoticed, "act_id", json!(act));
    noticed["noticed"] = json!(when);
    noticed["meaning"] = json!(meaning);
    json!({ "answers": noticed })
}

async fn acts_are_given_and_noticed(app: TestApp) {
    let (case, assignment, path) = begun(&app).await;
    let act = |planning: &str| json!({ "answers": answers(Kind::CommitmentAct, "planning", json!(planning)) });

    // Lee gives twice; Kim notices one, and only hears of the other. Lee notices something that Kim never noted.
    let note = case.lee.submit(assignment, act("planned")).await;
    let tea = case.lee.submit(assignment, act("spontaneous")).await;
    let first = case.kim.submit(assignment, noticed(note, "at_the_time", 8)).await;
    told_before(&case.kim, assignment, noticed(note, "later", 2), first, "/answers/act_id").await;
    case.kim.submit(assignment, noticed(tea, "only_when_told", 3)).await;
    let unasked = json!({ "type": "act_noticed", "act": "You moved your meeting.", "noticed": "later", "meaning": 9 });
    case.lee.submit(assignment, json!({ "answers": unasked })).await;
    let promise =
        json!({ "what": "to be home on Fridays", "recurrence": "FREQ=WEEKLY", "origin": "reaffirm-commitment" });
    case.lee.person.post(format!("/v1/couples/{}/promises", case.couple), promise).await.expect_status(201);

    let work = case.counselor.get(&path).await.expect_status(200).json();
    let (lee, kim) = (&work["givers"][0], &work["givers"][1]);
    assert_eq!(
        (&lee["given"], &lee["planned"], &lee["noticed"]),
        (&json!(2), &json!(1), &json!({ "mean": 0.5, "n": 2 }))
    );
    assert_eq!((&kim["given"], &kim["meaning"]), (&json!(0), &json!({ "mean": 9.0, "n": 1 })));
    assert_eq!((&work["evenness"], &work["noticed_unasked"][0]["meaning"]), (&json!(0.0), &json!(9)));
    assert_eq!(work["promises"][0]["what"], "to be home on Fridays");
    let shared = format!("/v1/couples/{}/progress?view=shared&exercise=reaffirm-commitment", case.couple);
    let progress = case.counselor.get(shared).await.json();
    let measured: Vec<_> =
        items(&progress["exercises"][0]["outcome"]).iter().map(|series| &series["measure"]).collect();
    assert_eq!(measured, ["acts_noticed", "meaning", "meaning"]);
}

async fn how_it_feels_to_stay_is_not_told_to_the_other(app: TestApp) {
    let (case, assignment, path) = begun(&app).await;
    let before = case.kim.person.get(&path).await.expect_status(200).bytes().to_vec();

    case.lee.submit(assignment, json!({ "answers": Kind::DedicationRating.example() })).await;
    case.lee.submit(assignment, json!({ "answers": Kind::Ambivalence.example() })).await;

    assert_eq!(case.kim.person.get(&path).await.bytes(), before);
    let own = case.lee.person.get(&path).await.json();
    assert_eq!(own["rated_this_month"], json!([{ "partner_id": case.lee.id, "rated": true }]));
    let told = case.counselor.get(&path).await.json();
    let rated = json!([{ "partner_id": case.lee.id, "rated": true }, { "partner_id": case.kim.id, "rated": false }]);
    assert_eq!((&told["rated_this_month"], items(&told["ambivalence"]).len()), (&rated, 1));
    for told in [&told, &own] {
        assert_eq!(told["ambivalence"][0]["doubts"], "I am not sure that I want this.");
    }
    assert_eq!((&told["dedication"][0]["dedication"], &told["dedication"][0]["feeling_stuck"]), (&json!(7), &json!(3)));
}
