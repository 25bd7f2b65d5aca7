//! The catalog of the ten exercises.

use actix_web::test::TestRequest;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, answers, in_any_order, items},
    stories,
};
use uuid::Uuid;

mod apology;
mod consistency;
mod forgiveness;
mod professional_help;
mod reaffirm_commitment;
mod root_cause;
mod shared_rituals;
mod time_and_space;
mod transparent_communication;
mod vulnerability;

stories![
    the_ten_are_listed_in_the_order_in_which_they_are_usually_given,
    an_exercise_comes_with_its_forms_and_measures,
    an_exercise_says_how_often_and_for_how_long,
    the_catalog_says_what_waits_for_safety,
    the_catalog_is_fetched_again_only_when_it_has_changed,
    what_is_no_exercise_is_not_found,
    the_deck_is_dealt_whole_or_at_one_depth,
    a_share_says_which_starter_it_came_from,
];

async fn the_ten_are_listed_in_the_order_in_which_they_are_usually_given(app: TestApp) {
    let lee = app.client("lee").await;

    let list = lee.get("/v1/exercises").await.expect_status(200).json();

    let slugs: Vec<_> = items(&list["items"]).iter().map(|item| &item["slug"]).collect();
    assert_eq!(slugs.len(), 10);
    assert_eq!(slugs[..3], ["professional-help", "root-cause", "apology"]);
    assert_eq!(slugs[9], "forgiveness");
    assert_eq!(list["next_cursor"], Value::Null);
    assert_eq!(list["items"][9]["defaults"]["can_be_overdue"], json!(false));
    assert_eq!(app.nobody().get("/v1/exercises").await.status(), 401);
    assert_eq!(lee.get("/v1/exercises?order=number").await.status(), 400);
}

async fn an_exercise_comes_with_its_forms_and_measures(app: TestApp) {
    let assistant = app.assistant("tom").await;

    let apology = assistant.get("/v1/exercises/apology").await.expect_status(200).json();

    assert_eq!(apology["number"], 2);
    assert_eq!(apology["defaults"]["prerequisites"], json!(["root-cause"]));
    assert!(!items(&apology["steps"]).is_empty());
    let draft = &apology["kinds"][0];
    assert_eq!((&draft["kind"], &draft["writer"]), (&json!("apology_draft"), &json!("caused")));
    assert_eq!(draft["schema"]["$schema"], "https://json-schema.org/draft/2020-12/schema");
    assert_eq!(draft["example"]["type"], "apology_draft");
    for field in draft["example"].as_object().expect("an object").keys() {
        assert!(draft["schema"]["properties"][field]["description"].is_string(), "{field}");
    }
    let sincerity = items(&apology["measures"]).iter().find(|one| one["measure"] == "sincerity").expect("the measure");
    assert_eq!((&sincerity["aspect"], &sincerity["direction"]), (&json!("outcome"), &json!("up")));
    assert_eq!((&sincerity["minimum"], &sincerity["maximum"]), (&json!(0.0), &json!(10.0)));
}

async fn an_exercise_says_how_often_and_for_how_long(app: TestApp) {
    let lee = app.client("lee").await;

    let list = lee.get("/v1/exercises").await.expect_status(200).json();
    let shown = async |slug: &str| lee.get(format!("/v1/exercises/{slug}")).await.expect_status(200).json();

    let promises = shown("consistency").await;
    assert_eq!(promises["defaults"]["cadence"], "FREQ=DAILY", "what an assignment starts with");
    assert_eq!(
        (&promises["rhythms"][0], &promises["rhythms"][1]),
        (
            &json!({
                "words": "A tick each day for what was due", "kinds": [], "recurrence": "FREQ=DAILY", "times": null,
            }),
            &json!({
                "words": "A look back together each week", "kinds": ["consistency_review"], "recurrence": "FREQ=WEEKLY",
                "times": null,
            })
        )
    );
    assert_eq!(promises["usual_weeks"], json!({ "from": 8, "to": 12 }));
    let rituals = shown("shared-rituals").await;
    assert_eq!(rituals["rhythms"][2]["times"], json!({ "from": 1, "to": 4, "per": "month" }));
    assert_eq!(rituals["usual_weeks"], Value::Null);
    for item in items(&list["items"]) {
        let exercise = shown(item["slug"].as_str().expect("a slug")).await;
        for told in ["rhythms", "usual_weeks"] {
            assert_eq!(item[told], exercise[told], "{}", item["slug"]);
        }
    }
}

async fn the_catalog_says_what_waits_for_safety(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    case.screen(&case.lee, json!({ "status": "concern" })).await;
    let catalog = case.counselor.get("/v1/exercises").await.expect_status(200).json();

    for exercise in items(&catalog["items"]) {
        let wanted = in_any_order(json!({ "exercise": exercise["slug"] }));
        let given = case.counselor.post(format!("/v1/couples/{}/assignments", case.couple), wanted).await;

        let waits = given.status() == 422 && given.text_at("/errors/0/pointer") == "/overrides/safety";
        assert_eq!(exercise["defaults"]["needs_safety_clear"], json!(waits), "{}", exercise["slug"]);
    }
}

async fn the_catalog_is_fetched_again_only_when_it_has_changed(app: TestApp) {
    let lee = app.client("lee").await;

    for path in ["/v1/exercises", "/v1/exercises/consistency", "/v1/conversation-starters?depth=deep"] {
        let etag = lee.get(path).await.header("etag").to_owned();
        let again = TestRequest::get().uri(path).insert_header(("if-none-match", etag.clone()));
        let reply = lee.send(again).await;
        assert_eq!((reply.status(), reply.header("etag")), (304, etag.as_str()));
        assert!(etag.starts_with('"'), "a strong one: {etag}");
    }
}

async fn what_is_no_exercise_is_not_found(app: TestApp) {
    let lee = app.client("lee").await;

    assert_eq!(lee.get("/v1/exercises/blame").await.problem(), (404, "not-found".to_owned()));
}

async fn the_deck_is_dealt_whole_or_at_one_depth(app: TestApp) {
    let lee = app.client("lee").await;

    let deck = lee.get("/v1/conversation-starters").await.expect_status(200).json();
    let open = lee.get("/v1/conversation-starters?depth=open").await.expect_status(200).json();

    assert!(items(&deck["items"]).len() >= 72);
    assert_eq!(deck["next_cursor"], Value::Null);
    assert!(items(&open["items"]).iter().all(|starter| starter["depth"] == "open"));
    let of_the_deck: Vec<_> = items(&deck["items"]).iter().filter(|starter| starter["depth"] == "open").collect();
    assert_eq!(Vec::from_iter(items(&open["items"])), of_the_deck);
    assert_eq!(lee.get("/v1/conversation-starters?depth=bottomless").await.status(), 400);
    assert_eq!(app.nobody().get("/v1/conversation-starters").await.status(), 401);
}

async fn a_share_says_which_starter_it_came_from(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "vulnerability" })).await;
    let share = |starter: &str| json!({ "answers": answers(Kind::VulnerabilityShare, "starter", json!(starter)) });

    let entry = case.lee.submit(assignment, share("first-laugh")).await;
    let refused = case.lee.person.post(format!("/v1/assignments/{assignment}/entries"), share("last-laugh")).await;

    let seen = case.kim.person.get(format!("/v1/entries/{entry}")).await.expect_status(200).json();
    assert_eq!(seen["answers"]["starter"], json!("first-laugh"));
    assert_eq!(refused.status(), 422);
    assert_eq!(refused.json()["errors"][0]["pointer"], json!("/answers/starter"));
    assert!(!refused.json().to_string().contains("last-laugh"));
}

/// A partner is refused to tell of something again, and told which entry to correct instead.
async fn told_before(partner: &Partner, assignment: Uuid, wanted: Value, first: Uuid, pointer: &str) {
    let problem = refusal(partner, assignment, wanted).await;
    assert_eq!(
        (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
        (&json!(pointer), &json!("told_before"))
    );
    assert!(problem["errors"][0]["detail"].to_string().contains(&first.to_string()), "{problem}");
}

/// Why a partner may not record something, as they are told.
async fn refusal(partner: &Partner, assignment: Uuid, wanted: Value) -> Value {
    let refused = partner.person.post(format!("/v1/assignments/{assignment}/entries"), wanted).await;
    let mut problem = refused.expect_status(422).json();
    problem["request_id"] = Value::Null;
    problem
}
