//! Programs: the one that comes with Tenfold, and those that practices make.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, SHIPPED, items, wanted_own_exercise},
    stories,
};
use uuid::Uuid;

stories![
    the_program_that_comes_with_tenfold_is_there_and_stays,
    a_practice_makes_a_program_and_changes_it,
    an_archived_program_is_put_away_and_brought_back,
    what_is_wrong_with_a_step_is_said_at_its_place,
    a_step_may_be_an_exercise_of_the_practices_own,
    what_is_wrong_with_naming_one_is_said_at_its_place,
    programs_are_the_practices_own,
    programs_are_listed_page_by_page,
];

fn step(exercise: &str, release: &str) -> Value {
    json!({ "exercise": exercise, "release": release })
}

async fn the_program_that_comes_with_tenfold_is_there_and_stays(app: TestApp) {
    let anna = app.counselor("anna").await;
    let path = format!("/v1/programs/{SHIPPED}");

    let shown = anna.get(&path).await.expect_status(200).json();
    assert_eq!(shown["id"], "7e4f01d0-0000-8000-8000-000000000010");
    assert_eq!((&shown["shipped"], &shown["version"], &shown["created_at"]), (&json!(true), &json!(2), &Value::Null));
    let steps = items(&shown["steps"]);
    let order: Vec<_> = steps.iter().map(|step| step["exercise"].clone()).collect();
    let catalog = anna.get("/v1/exercises").await.json();
    let default_order: Vec<_> = items(&catalog["items"]).iter().map(|exercise| exercise["slug"].clone()).collect();
    assert_eq!(order, default_order);
    let rules: Vec<_> = steps.iter().map(|step| (step["release"].as_str(), step["release_days"].as_u64())).collect();
    assert_eq!(rules[..3], [(Some("after_completion"), None), (Some("after_delay"), Some(7)), (Some("by_hand"), None)]);
    assert_eq!(rules[3..5], [(Some("after_delay"), Some(14)), (Some("together"), None)]);
    assert_eq!(rules[9], (Some("by_hand"), None), "forgiving begins when the counselor says so");
    assert_eq!(anna.get("/v1/programs").await.json()["items"][0], shown);

    let changed = anna.patch(&path, json!({ "name": "Ours" })).await;
    assert_eq!(changed.text_at("/detail"), "the program that comes with Tenfold stays as it is; make one of your own");
    assert_eq!(anna.put(format!("{path}/archival"), json!({ "archived": true })).await.problem().0, 422);
    assert_eq!(app.owner_of("reef").await.get(&path).await.json(), shown, "it is the same everywhere");
}

async fn a_practice_makes_a_program_and_changes_it(app: TestApp) {
    let anna = app.counselor("anna").await;
    let mut second = step("consistency", "after_delay");
    second["release_days"] = json!(7);
    second["due_after_days"] = json!(14);
    second["cadence"] = Value::Null;
    second["instructions"] = json!("Small things count.");
    second["visibility"] = json!("shared");
    let wanted = json!({ "name": "After the move", "steps": [step("apology", "after_completion"), second] });

    let made = anna.post("/v1/programs", wanted).await;
    let path = made.header("location").to_owned();
    let shown = app.counselor("ben").await.get(&path).await.expect_status(200).json();
    assert_eq!((&shown, &shown["shipped"]), (&made.json(), &json!(false)));
    let steps = items(&shown["steps"]);
    assert_eq!((&steps[0]["mode"], &steps[0]["release_days"]), (&json!("separate"), &Value::Null));
    for (field, value) in [("cadence", Value::Null), ("due_after_days", json!(14)), ("release_days", json!(7))] {
        assert_eq!(steps[1][field], value, "{field}");
    }
    assert_eq!((&steps[1]["instructions"], &steps[1]["visibility"]), (&json!("Small things count."), &json!("shared")));

    let change = |tag: &str| {
        let patch = TestRequest::patch().uri(&path).insert_header(("if-match", tag));
        anna.send(patch.set_json(json!({ "steps": [step("apology", "after_completion")] })))
    };
    assert_eq!(change("\"1\"").await.expect_status(200).header("etag"), "\"2\"");
    assert_eq!(change("\"1\"").await.status(), 412);
    assert_eq!(items(&anna.get(&path).await.json()["steps"]).len(), 1);
}

async fn an_archived_program_is_put_away_and_brought_back(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let program = case.program(json!([step("apology", "after_completion")])).await;
    let archival = format!("/v1/programs/{program}/archival");

    let archived = case.counselor.put(&archival, json!({ "archived": true })).await.expect_status(200).json();

    assert!(archived["archived_at"].is_string());
    app.advance(TimeDelta::minutes(1));
    let again = case.counselor.put(&archival, json!({ "archived": true })).await.expect_status(200).json();
    assert_eq!(again, archived, "archiving it again changes nothing");
    let listed = async |query: &str| {
        let found = case.counselor.get(format!("/v1/programs{query}")).await.json();
        items(&found["items"]).iter().any(|listed| listed["id"] == json!(program))
    };
    assert_eq!((listed("").await, listed("?archived=true").await), (false, true));
    let start = json!({ "program_id": program });
    let started = case.counselor.post(format!("/v1/couples/{}/program-runs", case.couple), start).await;
    assert_eq!(started.text_at("/detail"), "this program is archived; bring it back first");
    case.counselor.put(&archival, json!({ "archived": false })).await.expect_status(200);
    case.start(program, json!({})).await;
}

async fn what_is_wrong_with_a_step_is_said_at_its_place(app: TestApp) {
    let anna = app.counselor("anna").await;
    let with = |field: &str, value: Value| {
        let mut wrong = step("apology", "after_completion");
        wrong[field] = value;
        let wanted = json!({ "name": "x", "steps": [step("apology", "after_completion"), wrong] });
        anna.post("/v1/programs", wanted)
    };

    for (field, value, pointer) in [
        ("release", json!("after_delay"), "/steps/1/release_days"),
        ("release_days", json!(7), "/steps/1/release_days"),
        ("release_days", json!(0), "/steps/1/release_days"),
        ("due_after_days", json!(367), "/steps/1/due_after_days"),
        ("visibility", json!("embargoed"), "/steps/1/visibility"),
        ("instructions", json!("x".repeat(10_001)), "/steps/1/instructions"),
    ] {
        let refused = with(field, value).await;
        assert_eq!(refused.problem(), (422, "invalid-fields".to_owned()), "{field}");
        assert_eq!(refused.text_at("/errors/0/pointer"), pointer);
    }
    let mut never_overdue = step("forgiveness", "after_completion");
    never_overdue["due_after_days"] = json!(7);
    let refused = anna.post("/v1/programs", json!({ "name": "x", "steps": [never_overdue] })).await;
    assert_eq!(refused.text_at("/detail"), "step 1: this exercise is never overdue and takes no due date");
    assert_eq!(anna.post("/v1/programs", json!({ "name": "x", "steps": [] })).await.status(), 422);
    let unnamed = json!({ "name": " ", "steps": [step("apology", "together")] });
    assert_eq!(anna.post("/v1/programs", unnamed).await.text_at("/errors/0/pointer"), "/name");
}

async fn a_step_may_be_an_exercise_of_the_practices_own(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let own = case.own_exercise().await;
    let mut named = step("own", "after_completion");
    named["own_exercise_id"] = json!(own);

    let program = case.program(json!([step("apology", "after_completion"), named])).await;

    let path = format!("/v1/programs/{program}");
    let shown = case.counselor.get(&path).await.json();
    let of = case.counselor.get(format!("/v1/own-exercises/{own}")).await.json();
    assert_eq!((&shown["steps"][1]["exercise"], &shown["steps"][1]["own_exercise_id"]), (&json!("own"), &json!(own)));
    for field in ["title", "mode", "cadence"] {
        assert_eq!(shown["steps"][1][field], of["latest"][field], "{field}");
    }
    assert_eq!(shown["steps"][0]["own_exercise_id"], Value::Null);
    assert_eq!(case.counselor.get("/v1/programs").await.json()["items"][1], shown);
    case.counselor
        .put(format!("/v1/own-exercises/{own}/archival"), json!({ "archived": true }))
        .await
        .expect_status(200);
    let again = case.counselor.post("/v1/programs", json!({ "name": "x", "steps": [named] })).await;
    assert_eq!(again.text_at("/detail"), "step 1: this exercise is archived; bring it back first");
    let renamed = case.counselor.patch(&path, json!({ "name": "Shorter" })).await;
    assert_eq!(renamed.expect_status(200).text_at("/steps/1/own_exercise_id"), own.to_string());
}

async fn what_is_wrong_with_naming_one_is_said_at_its_place(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let own = case.own_exercise().await;
    let reef = app.owner_of("reef").await;
    let theirs = reef.post("/v1/own-exercises", wanted_own_exercise("How close did you feel?")).await.created();
    let with = |exercise: &str, own: Option<Uuid>| {
        let mut wrong = step(exercise, "after_completion");
        own.into_iter().for_each(|own| wrong["own_exercise_id"] = json!(own));
        let wanted = json!({ "name": "x", "steps": [step("apology", "after_completion"), wrong] });
        case.counselor.post("/v1/programs", wanted)
    };

    for (exercise, named, code) in [
        ("own", None, "inconsistent"),
        ("apology", Some(own), "inconsistent"),
        ("own", Some(Uuid::nil()), "unknown"),
        ("own", Some(theirs), "unknown"),
    ] {
        let refused = with(exercise, named).await;
        assert_eq!(refused.problem(), (422, "invalid-fields".to_owned()));
        assert_eq!(refused.text_at("/errors/0/pointer"), "/steps/1/own_exercise_id");
        assert_eq!(refused.text_at("/errors/0/code"), code);
    }
    with("own", Some(own)).await.expect_status(201);
}

async fn programs_are_the_practices_own(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let path = format!("/v1/programs/{}", case.program(json!([step("apology", "after_completion")])).await);

    let elsewhere = app.owner_of("reef").await;
    assert_eq!(elsewhere.get(&path).await.problem(), (404, "not-found".to_owned()));
    assert_eq!(items(&elsewhere.get("/v1/programs").await.json()["items"]).len(), 1);
    for person in [&case.kim.person, &app.assistant("tom").await] {
        assert_eq!(person.get(&path).await.status(), 403);
        assert_eq!(person.get("/v1/programs").await.status(), 403);
    }
    let susan = app.supervisor("susan").await;
    susan.get(&path).await.expect_status(200);
    assert_eq!(susan.patch(&path, json!({ "name": "Mine" })).await.status(), 403);
    assert_eq!(app.nobody().get(&path).await.status(), 401);
}

async fn programs_are_listed_page_by_page(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let mut wanted = vec![json!(SHIPPED)];
    for _ in 0..3 {
        wanted.push(json!(case.program(json!([step("apology", "after_completion")])).await));
    }

    let (mut listed, mut cursor) = (vec![], String::new());
    for _ in 0..4 {
        let page = case.counselor.get(format!("/v1/programs?limit=1{cursor}")).await.expect_status(200).json();
        listed.extend(items(&page["items"]).iter().map(|program| program["id"].clone()));
        cursor = page["next_cursor"].as_str().map(|next| format!("&cursor={next}")).unwrap_or_default();
    }

    assert_eq!((listed, cursor.as_str()), (wanted, ""));
}
