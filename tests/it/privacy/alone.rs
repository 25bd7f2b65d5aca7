//! What one partner alone was given does not exist for the other; nor does what is recorded for it, before its author opens it.

use api::extract::Cursor;
use chrono::{SecondsFormat, TimeDelta};
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
    a_program_does_not_tell_that_it_began_without_them,
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

/// The first program begins with a step for Lee alone, and reaches Kim after the second one.
async fn a_program_does_not_tell_that_it_began_without_them(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let steps =
        ["apology", "root-cause"].map(|exercise| json!({ "exercise": exercise, "release": "after_completion" }));
    let program = case.program(json!(steps)).await;
    let first = case.start(program, json!({ "alone": [{ "position": 1, "partner_id": case.lee.id }] })).await;
    app.advance(TimeDelta::hours(1));
    let second = case.start(program, json!({})).await;
    app.advance(TimeDelta::hours(1));
    let shown = case.counselor.get(format!("/v1/program-runs/{first}")).await;
    let ending = format!("/v1/assignments/{}/ending", shown.text_at("/steps/0/assignment_id"));
    case.counselor.put(ending, json!({ "how": "completed" })).await.expect_status(200);

    for (person, expected) in [(&case.kim.person, [second, first]), (&case.lee.person, [first, second])] {
        let path = format!("/v1/couples/{}/program-runs?limit=1", case.couple);
        let page = person.get(&path).await.expect_status(200).json();
        assert_eq!(page["items"][0]["id"], json!(expected[0]), "as they reached {}", person.id);
        let cursor = page["next_cursor"].as_str().expect("there is another");
        let rest = person.get(format!("{path}&cursor={cursor}")).await.expect_status(200).json();
        assert_eq!((&rest["items"][0]["id"], &rest["next_cursor"]), (&json!(expected[1]), &Value::Null));
        let assignment = page["items"][0]["steps"][0]["assignment_id"].as_str().expect("a step went out");
        let given = person.get(format!("/v1/assignments/{assignment}")).await;
        let told = Cursor::decode(cursor).expect("a cursor").time.to_rfc3339_opts(SecondsFormat::AutoSi, true);
        assert_eq!(told, given.text_at("/assigned_at"), "the cursor tells what is shown anyway");
    }
    assert!([first, second].iter().all(|run| run.get_version_num() == 4), "their ids tell nothing");
}

/// One whose entries are shared, if both are given it.
pub(super) async fn own_exercise(case: &Case) -> Uuid {
    let mut wanted = wanted_own_exercise("How close did you feel?");
    wanted["visibility"] = json!("shared");
    case.counselor.post("/v1/own-exercises", wanted).await.created()
}
