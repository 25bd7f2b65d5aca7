//! What one partner alone was given does not exist for the other; nor does what is recorded for it, before its author opens it.

use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, items, wanted_own_exercise},
    stories,
};
use uuid::Uuid;

use super::{hidden::by_counselor, view::entry};

stories![
    what_a_partner_records_alone_starts_with_the_counselors,
    what_a_counselor_records_for_one_partner_alone_is_not_read_by_the_other,
];

/// A goal starts shared, and so does what is recorded for this exercise of the practice's own; not where one partner is alone with it.
async fn what_a_partner_records_alone_starts_with_the_counselors(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (goal, own) = (json!({ "answers": entry("")["answers"] }), own_exercise(&case).await);
    let closeness = json!({ "answers": { "type": "own_entry", "values": { "closeness": 3 } } });
    let given = json!({ "exercise": "professional-help", "visibility": "shared" });
    for (mut exercise, said) in [(given, goal), (json!({ "exercise": "own", "own_exercise_id": own }), closeness)] {
        let for_both = case.lee.submit(case.assign(exercise.clone()).await, said.clone()).await;
        exercise["partner_id"] = json!(case.lee.id);
        let alone = case.lee.submit(case.assign(exercise).await, said).await;

        let seen = case.lee.person.get(format!("/v1/entries/{alone}")).await.expect_status(200).json();
        assert_eq!(seen["visibility"], "counselor_only");
        assert_eq!(case.kim.person.get(format!("/v1/entries/{alone}")).await.status(), 404);
        let listed = case.kim.person.get(format!("/v1/couples/{}/entries", case.couple)).await.json();
        let listed: Vec<_> = items(&listed["items"]).iter().map(|entry| entry["id"].clone()).collect();
        assert!(listed.contains(&json!(for_both)) && !listed.contains(&json!(alone)), "{listed:?}");

        let open = json!({ "visibility": "shared" });
        case.lee.person.put(format!("/v1/entries/{alone}/visibility"), open).await.expect_status(200);
        assert_eq!(case.kim.person.get(format!("/v1/entries/{alone}")).await.status(), 200, "its author opens it");
    }
}

async fn what_a_counselor_records_for_one_partner_alone_is_not_read_by_the_other(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let alone = case.assign(json!({ "exercise": "professional-help", "partner_id": case.lee.id })).await;
    let path = format!("/v1/assignments/{alone}/entries");
    let plan = json!(Kind::TreatmentPlan.example());
    by_counselor(&case, alone, plan.clone()).await;

    let refused = case.counselor.post(path, json!({ "answers": plan, "visibility": "shared" })).await;
    assert_eq!(refused.problem(), (422, "rule-broken".to_owned()));
    let listed = case.kim.person.get(format!("/v1/couples/{}/entries", case.couple)).await.json();
    assert_eq!(listed["items"], json!([]));
    let work = format!("/v1/couples/{}/exercises/professional-help", case.couple);
    assert_eq!(case.kim.person.get(&work).await.expect_status(200).json()["plan"], Value::Null);
    assert!(case.counselor.get(&work).await.expect_status(200).json()["plan"].is_object());
}

/// One whose entries are shared, if both are given it.
pub(super) async fn own_exercise(case: &Case) -> Uuid {
    let mut wanted = wanted_own_exercise("How close did you feel?");
    wanted["visibility"] = json!("shared");
    case.counselor.post("/v1/own-exercises", wanted).await.created()
}
