//! Exercise 10 from assignment to progress: steps of one's own, what the other does, and a talk only if both ask.

use actix_web::test::TestRequest;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers, items},
    stories,
};
use uuid::Uuid;

use super::refusal;

stories![
    steps_go_any_way_and_efforts_are_seen_in_the_ledger,
    what_forgiving_means_is_written_once_both_have_asked,
    neither_learns_whether_the_other_has_asked,
    a_wish_is_taken_back_and_nobody_has_known_of_it,
];

async fn begun(app: &TestApp) -> (Case, Uuid, String) {
    let case = Case::lee_and_kim(app).await;
    let breach = case.record_breach(json!({
        "kind": "infidelity", "came_to_light": "discovered",
        "roles": [{ "partner_id": case.lee.id, "role": "caused" }, { "partner_id": case.kim.id, "role": "hurt" }],
    }));
    let assignment = case.assign(json!({ "exercise": "forgiveness", "breach_id": breach.await })).await;
    let path = format!("/v1/couples/{}/exercises/forgiveness", case.couple);
    (case, assignment, path)
}

fn step(direction: &str, resentment: u8) -> Value {
    let mut step = answers(Kind::ForgivenessStep, "direction", json!(direction));
    step["resentment"] = json!(resentment);
    json!({ "answers": step })
}

fn wish() -> Value {
    json!({ "answers": { "type": "forgiveness_talk_wish", "hope": "To say it aloud once." } })
}

fn meaning() -> Value {
    json!({ "answers": Kind::ForgivenessMeaning.example() })
}

async fn steps_go_any_way_and_efforts_are_seen_in_the_ledger(app: TestApp) {
    let (case, assignment, path) = begun(&app).await;

    // Kim goes forward and back, and says where they stand. Lee waits, and keeps a promise that Kim confirms.
    case.kim.submit(assignment, step("forward", 5)).await;
    case.kim.submit(assignment, step("back", 8)).await;
    let mut choice = answers(Kind::ForgivenessDecision, "choice", json!("no"));
    choice["words"] = json!("Not while I lie awake.");
    case.kim.submit(assignment, json!({ "answers": choice })).await;
    let before = case.kim.person.get(&path).await.expect_status(200).whole();
    case.lee.submit(assignment, json!({ "answers": Kind::ForgivenessPatience.example() })).await;
    assert_eq!(case.kim.person.get(&path).await.whole(), before, "how Lee waits is Lee's");
    let promise = case.lee.promise(case.couple, "to call when I am late").await;
    let said = format!("/v1/promises/{promise}/outcomes/2026-09-21");
    let claim = json!({ "claim": "kept" });
    let claim = TestRequest::put().uri(&format!("{said}/claim")).set_json(claim);
    case.lee.person.send(claim).await.expect_status(201);
    assert_eq!(case.kim.person.get(&path).await.json()["efforts"], json!([]), "what is only claimed is not seen");
    let confirmation = json!({ "confirmation": "confirmed" });
    case.kim.person.put(format!("{said}/confirmation"), confirmation).await.expect_status(200);

    let own = case.kim.person.get(&path).await.expect_status(200).json();
    let directions: Vec<_> = items(&own["steps"]).iter().map(|step| step["direction"].clone()).collect();
    assert_eq!(directions, [json!("forward"), json!("back")]);
    assert_eq!((&own["decisions"][0]["choice"], &own["outlook"]), (&json!("no"), &Value::Null));
    let told = case.counselor.get(&path).await.expect_status(200).json();
    for words in [&own, &told] {
        assert_eq!(words["decisions"][0]["words"], "Not while I lie awake.");
        assert_eq!(words["steps"][0]["step"], "I told my sister about it without crying.");
    }
    let waits = &told["patience"][0];
    assert_eq!((&waits["written_by"], &waits["patience"]), (&json!(case.lee.id), &json!(7)));
    assert_eq!(waits["ongoing_change"], "I still show the accounts each month.");
    let effort = &own["efforts"][0];
    assert_eq!((&effort["made_by"], &effort["confirmed_kept"]), (&json!(case.lee.id), &json!(1)));
    assert_eq!(effort["what"], "to call when I am late");

    // Of all that Kim wrote Lee sees nothing, and progress knows no forgiving.
    let lee = case.lee.person.get(&path).await.json();
    assert_eq!((&lee["steps"], &lee["decisions"]), (&json!([]), &json!([])));
    assert!(!lee.to_string().contains("sister") && !lee.to_string().contains("lie awake"), "{lee}");
    assert_eq!(&lee["patience"][0], waits);
    let progress = format!("/v1/couples/{}/progress?view=separate&partner_id={}", case.couple, case.kim.id);
    let progress = case.counselor.get(progress).await.expect_status(200).json();
    let exercise = items(&progress["exercises"]).iter().find(|one| one["exercise"] == "forgiveness").expect("told");
    let measured: Vec<_> = items(&exercise["outcome"]).iter().map(|series| &series["measure"]).collect();
    assert_eq!(measured, ["resentment", "goodwill", "efforts_seen"]);
}

async fn what_forgiving_means_is_written_once_both_have_asked(app: TestApp) {
    let (case, assignment, path) = begun(&app).await;
    case.kim.submit(assignment, wish()).await;
    case.lee.submit(assignment, wish()).await;

    for (partner, own) in [(&case.lee, case.lee.id), (&case.kim, case.kim.id)] {
        let talk = partner.person.get(&path).await.json()["talk"].clone();
        assert_eq!((&talk["asked_by_both"], items(&talk["wishes"]).len()), (&json!(true), 1));
        assert_eq!(talk["wishes"][0]["partner_id"], json!(own), "each sees their own wish");
        assert_eq!(talk["wishes"][0]["hope"], "To say it aloud once.");
    }
    case.lee.submit(assignment, meaning()).await;

    let work = case.counselor.get(&path).await.json();
    assert_eq!((&work["outlook"], items(&work["talk"]["wishes"]).len()), (&json!("undecided"), 2));
    assert!(work["decisions"] == json!([]), "staying is not forgiving");
}

/// All that Lee can get hold of: their view of the exercise, what they may read, and what they are told when they try.
async fn all_that_is_told(case: &Case, assignment: Uuid, path: &str) -> Vec<Value> {
    let lee = &case.lee.person;
    let couple = case.couple;
    let mut told = Vec::new();
    for path in [
        path.to_owned(),
        format!("/v1/couples/{couple}/entries"),
        format!("/v1/couples/{couple}/assignments"),
        format!("/v1/assignments/{assignment}"),
        format!("/v1/assignments/{assignment}/entries"),
        format!("/v1/couples/{couple}/progress?view=shared"),
        format!("/v1/couples/{couple}/progress?view=separate"),
    ] {
        told.push(lee.get(path).await.expect_status(200).json());
    }
    told.push(refusal(&case.lee, assignment, meaning()).await);
    told
}

async fn neither_learns_whether_the_other_has_asked(app: TestApp) {
    let (case, assignment, path) = begun(&app).await;

    // Lee has not asked; then Lee has.
    for lee_asks in [false, true] {
        if lee_asks {
            case.lee.submit(assignment, wish()).await;
        }
        let before = all_that_is_told(&case, assignment, &path).await;
        if !lee_asks {
            case.kim.submit(assignment, wish()).await;
            assert_eq!(all_that_is_told(&case, assignment, &path).await, before, "Kim asked");
            assert_eq!(
                refusal(&case.kim, assignment, meaning()).await,
                before[before.len() - 1],
                "and is told the same"
            );
            case.kim.submit(assignment, taken_back()).await;
        }
        case.kim.draft(assignment, wish()).await;
        assert_eq!(all_that_is_told(&case, assignment, &path).await, before, "Kim thinks about it");
    }
    let opened = case.lee.person.get(&path).await.json();
    assert_eq!(opened["talk"]["asked_by_both"], json!(false));
    let open = json!({ "answers": wish()["answers"], "visibility": "shared" });
    let opened = case.kim.person.post(format!("/v1/assignments/{assignment}/entries"), open).await;
    assert_eq!(opened.status(), 422, "nobody opens a wish");
}

fn taken_back() -> Value {
    json!({ "answers": { "type": "forgiveness_talk_wish", "taken_back": true } })
}

async fn a_wish_is_taken_back_and_nobody_has_known_of_it(app: TestApp) {
    let (case, assignment, path) = begun(&app).await;
    case.kim.submit(assignment, wish()).await;
    case.kim.submit(assignment, taken_back()).await;
    case.lee.submit(assignment, wish()).await;

    let lee = case.lee.person.get(&path).await.json();
    assert_eq!((&lee["talk"]["asked_by_both"], items(&lee["talk"]["wishes"]).len()), (&json!(false), 1));
    assert_eq!(case.kim.person.get(&path).await.json()["talk"]["wishes"], json!([]));
    refusal(&case.lee, assignment, meaning()).await;

    // Kim asks again; a draft that was begun while both asked is not handed in once one no longer does.
    case.kim.submit(assignment, wish()).await;
    let draft = case.kim.draft(assignment, meaning()).await;
    case.lee.submit(assignment, taken_back()).await;
    let late = case.kim.person.post(format!("/v1/entries/{draft}/submission"), Value::Null).await;
    assert_eq!(late.expect_status(422).json()["errors"][0]["pointer"], "/answers/meaning");
}
