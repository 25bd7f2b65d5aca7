//! A practice's own exercises: defined, given, answered, defined anew, put away.

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, items},
    person::{Person, Reply},
    stories,
};
use uuid::Uuid;

stories![
    a_counselor_defines_a_check_in_and_both_partners_answer_it,
    answers_that_do_not_fit_are_all_named_and_never_repeated,
    a_new_version_leaves_what_was_assigned_as_it_was,
    a_change_is_for_the_version_that_was_seen,
    partners_read_the_versions_that_were_given_to_them,
    the_exercise_says_who_reads_its_entries,
    an_archived_exercise_is_given_to_nobody,
    an_exercise_is_its_practices_alone,
    it_is_said_which_exercise_is_given,
    a_form_keeps_the_order_in_which_it_was_written,
    a_form_outside_of_the_subset_is_refused_by_its_place,
    a_hostile_form_gets_nowhere,
    the_practices_exercises_are_listed_page_by_page,
    what_was_answered_counts_in_progress,
];

/// A form with a field of each kind.
fn form() -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "story": { "type": "string", "title": "What happened?", "description": "Briefly.", "maxLength": 100 },
            "mood": { "type": "string", "title": "In a word?", "enum": ["heavy", "mixed", "light"] },
            "closeness": { "type": "integer", "title": "How close did you feel?", "minimum": 0, "maximum": 10 },
            "talked_on": { "type": "string", "title": "When did you talk?", "format": "date" },
            "thanks": {
                "type": "array", "title": "What are you thankful for?", "maxItems": 3,
                "items": { "type": "string", "maxLength": 50 },
            },
        },
        "required": ["mood", "closeness"],
        "additionalProperties": false,
    })
}

fn check_in() -> Value {
    json!({
        "title": "Weekly check-in",
        "purpose": "To see where you both are.",
        "steps": ["Sit down by yourself.", "Write what comes first."],
        "prompts": ["What was good this week?"],
        "mode": "parallel",
        "cadence": "FREQ=WEEKLY",
        "visibility": "reveal_together",
        "can_be_overdue": true,
        "form": form(),
    })
}

/// The same with one field set to another value.
fn check_in_with(field: &str, value: Value) -> Value {
    let mut wanted = check_in();
    wanted[field] = value;
    wanted
}

async fn defined(person: &Person, wanted: Value) -> Uuid {
    person.post("/v1/own-exercises", wanted).await.created()
}

async fn given(case: &Case, exercise: Uuid) -> Uuid {
    case.assign(json!({ "exercise": "own", "own_exercise_id": exercise })).await
}

fn answers(values: &Value) -> Value {
    json!({ "answers": { "type": "own_entry", "values": values } })
}

/// The places and codes of what is refused.
fn refused(reply: &Reply) -> Vec<(String, String)> {
    let problem = reply.expect_status(422).json();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    items(&problem["errors"]).iter().map(|error| (text(&error["pointer"]), text(&error["code"]))).collect()
}

/// The same, of a form.
async fn refused_form(person: &Person, form: Value) -> Vec<(String, String)> {
    refused(&person.post("/v1/own-exercises", check_in_with("form", form)).await)
}

fn at(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

async fn a_counselor_defines_a_check_in_and_both_partners_answer_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let made = case.counselor.post("/v1/own-exercises", check_in()).await;
    let exercise = made.created();
    assert_eq!(made.header("location"), format!("/v1/own-exercises/{exercise}"));

    let assignment = given(&case, exercise).await;
    let seen = case.lee.person.get(format!("/v1/assignments/{assignment}")).await.expect_status(200).json();
    assert_eq!((&seen["exercise"], &seen["own_exercise_id"]), (&json!("own"), &json!(exercise)));
    assert_eq!((&seen["own_exercise_version"], &seen["mode"]), (&json!(1), &json!("parallel")));
    assert_eq!(seen["cadence"], "FREQ=WEEKLY");

    let by_lee = json!({
        "mood": "light", "closeness": 7, "story": "We cooked.", "talked_on": "2026-09-20", "thanks": ["tea"],
    });
    let lees = case.lee.submit(assignment, answers(&by_lee)).await;
    let path = format!("/v1/entries/{lees}");
    assert_eq!(case.kim.person.get(&path).await.status(), 404, "until both have answered");
    case.kim.submit(assignment, answers(&json!({ "mood": "mixed", "closeness": 5 }))).await;
    let read = case.kim.person.get(&path).await.expect_status(200).json();
    assert_eq!(read["answers"], json!({ "type": "own_entry", "values": by_lee }));
    assert_eq!((&read["exercise"], &read["visibility"]), (&json!("own"), &json!("reveal_together")));
}

async fn answers_that_do_not_fit_are_all_named_and_never_repeated(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = given(&case, defined(&case.counselor, check_in()).await).await;
    let path = format!("/v1/assignments/{assignment}/entries");
    let wrong = json!({
        "closeness": 11, "story": "quince ".repeat(20), "talked_on": "quince", "thanks": ["tea", 7, "", "quince"],
        "worry": "quince", "My quince": "quince",
    });

    let reply = case.lee.person.post(&path, answers(&wrong)).await;

    assert_eq!(
        refused(&reply),
        [
            at("/answers/values", "unknown-field"),
            at("/answers/values/closeness", "range"),
            at("/answers/values/mood", "required"),
            at("/answers/values/story", "length"),
            at("/answers/values/talked_on", "malformed"),
            at("/answers/values/thanks", "length"),
            at("/answers/values/thanks/1", "wrong-type"),
            at("/answers/values/thanks/2", "length"),
            at("/answers/values/worry", "unknown-field"),
        ]
    );
    assert!(!String::from_utf8_lossy(reply.bytes()).contains("quince"), "{}", reply.json());
    let many: serde_json::Map<_, _> = (0..2000).map(|number| (format!("f{number}"), json!(1))).collect();
    let reply = case.lee.person.post(&path, answers(&json!(many))).await;
    assert_eq!(refused(&reply), [at("/answers/values", "inconsistent")]);
    let another = json!({ "answers": { "type": "pulse", "trust": 5, "safety": 5, "closeness": 5, "hope": 5 } });
    case.lee.person.post(&path, another).await.expect_status(422);
}

async fn a_new_version_leaves_what_was_assigned_as_it_was(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let exercise = defined(&case.counselor, check_in()).await;
    let before = given(&case, exercise).await;
    let first = json!({ "mood": "light", "closeness": 7 });
    let entry = case.lee.submit(before, answers(&first)).await;

    let mut asks_otherwise = form();
    asks_otherwise["properties"]["mood"]["enum"] = json!(["up", "down"]);
    let path = format!("/v1/own-exercises/{exercise}");
    let revised = case.counselor.put(&path, check_in_with("form", asks_otherwise)).await.expect_status(200).json();
    assert_eq!((&revised["latest"]["number"], &revised["version"]), (&json!(2), &json!(2)));
    let after = given(&case, exercise).await;

    let read = case.counselor.get(format!("/v1/entries/{entry}")).await.expect_status(200).json();
    assert_eq!(read["answers"]["values"], first);
    let corrections = format!("/v1/entries/{entry}/corrections");
    let by_the_new = case.lee.person.post(&corrections, answers(&json!({ "mood": "up", "closeness": 7 }))).await;
    assert_eq!(refused(&by_the_new), [at("/answers/values/mood", "unknown-word")]);
    let by_its_own = case.lee.person.post(&corrections, answers(&json!({ "mood": "heavy", "closeness": 2 }))).await;
    assert_eq!(by_its_own.expect_status(200).json()["number"], json!(2));
    let to_the_new = format!("/v1/assignments/{after}/entries");
    let by_the_old = case.lee.person.post(&to_the_new, answers(&first)).await;
    assert_eq!(refused(&by_the_old), [at("/answers/values/mood", "unknown-word")]);
    let kept = case.counselor.get(format!("{path}/versions/1")).await.expect_status(200).json();
    assert_eq!(kept["form"]["properties"]["mood"]["enum"], json!(["heavy", "mixed", "light"]));
}

async fn a_change_is_for_the_version_that_was_seen(app: TestApp) {
    let anna = app.counselor("anna").await;
    let path = format!("/v1/own-exercises/{}", defined(&anna, check_in()).await);
    let seen = anna.get(&path).await.expect_status(200).header("etag").to_owned();
    let put = |etag: Option<&str>| {
        let request = TestRequest::put().uri(&path).set_json(check_in());
        if let Some(etag) = etag { request.insert_header(("if-match", etag)) } else { request }
    };

    assert_eq!(anna.send(put(None)).await.status(), 428);
    anna.send(put(Some(&seen))).await.expect_status(200);
    assert_eq!(anna.send(put(Some(&seen))).await.status(), 412);

    let known = TestRequest::get().uri(&format!("{path}/versions/1")).insert_header(("if-none-match", "\"1\""));
    assert_eq!(anna.send(known).await.status(), 304, "a version never changes");
    assert_eq!(anna.get(format!("{path}/versions/3")).await.status(), 404);
}

async fn partners_read_the_versions_that_were_given_to_them(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let others = Case::of(&app, "ben", ["sam", "max"]).await;
    let exercise = defined(&case.counselor, check_in()).await;
    let path = format!("/v1/own-exercises/{exercise}");
    let alone = json!({
        "exercise": "own", "own_exercise_id": exercise, "mode": "separate", "partner_id": case.lee.id,
    });

    assert_eq!(case.lee.person.get(format!("{path}/versions/1")).await.status(), 404);
    case.assign(alone).await;
    case.counselor.put(&path, check_in_with("title", json!("Sunday check-in"))).await.expect_status(200);

    let drawn = case.lee.person.get(format!("{path}/versions/1")).await;
    assert_eq!(drawn.expect_status(200).json()["title"], "Weekly check-in");
    for (person, number) in [(&case.lee.person, 2), (&case.kim.person, 1), (&others.lee.person, 1)] {
        assert_eq!(person.get(format!("{path}/versions/{number}")).await.status(), 404);
    }
    assert_eq!(case.lee.person.get(&path).await.status(), 403, "what is new is not theirs to know");
    assert_eq!(case.lee.person.get("/v1/own-exercises").await.status(), 403);
}

async fn the_exercise_says_who_reads_its_entries(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let values = json!({ "mood": "light", "closeness": 7 });
    for (visibility, kim_reads) in [("counselor_only", 404), ("shared", 200)] {
        let exercise = defined(&case.counselor, check_in_with("visibility", json!(visibility))).await;
        let assignment = given(&case, exercise).await;
        let entry = case.lee.submit(assignment, answers(&values)).await;

        assert_eq!(case.kim.person.get(format!("/v1/entries/{entry}")).await.status(), kim_reads, "{visibility}");
        case.counselor.get(format!("/v1/entries/{entry}")).await.expect_status(200);
    }
    let embargoed = case.counselor.post("/v1/own-exercises", check_in_with("visibility", json!("embargoed"))).await;
    embargoed.expect_status(400);
}

async fn an_archived_exercise_is_given_to_nobody(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let exercise = defined(&case.counselor, check_in()).await;
    let assignment = given(&case, exercise).await;
    let path = format!("/v1/own-exercises/{exercise}");

    let archived = case.counselor.put(format!("{path}/archival"), json!({ "archived": true })).await;
    assert!(archived.expect_status(200).json()["archived_at"].is_string());

    let wanted = json!({ "exercise": "own", "own_exercise_id": exercise });
    let assignments = format!("/v1/couples/{}/assignments", case.couple);
    let refused = case.counselor.post(&assignments, wanted.clone()).await.expect_status(422).json();
    assert_eq!(refused["detail"], "this exercise is archived; bring it back first");
    case.counselor.put(&path, check_in()).await.expect_status(422);
    case.lee.submit(assignment, answers(&json!({ "mood": "light", "closeness": 7 }))).await;
    case.counselor.put(format!("{path}/archival"), json!({ "archived": false })).await.expect_status(200);
    case.counselor.post(&assignments, wanted).await.expect_status(201);
}

async fn an_exercise_is_its_practices_alone(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let exercise = defined(&case.counselor, check_in()).await;
    let path = format!("/v1/own-exercises/{exercise}");

    let stranger = app.owner_of("lagoon").await;
    for foreign in [path.clone(), format!("{path}/versions/1")] {
        assert_eq!(stranger.get(foreign).await.status(), 404);
    }
    assert_eq!(stranger.put(&path, check_in()).await.status(), 404);
    assert!(items(&stranger.get("/v1/own-exercises").await.json()["items"]).is_empty());
    let (tom, susan) = (app.assistant("tom").await, app.supervisor("susan").await);
    assert_eq!((tom.get(&path).await.status(), tom.post("/v1/own-exercises", check_in()).await.status()), (403, 403));
    susan.get(&path).await.expect_status(200);
    assert_eq!(susan.put(&path, check_in()).await.status(), 403);
    app.owner().await.put(&path, check_in()).await.expect_status(200);
}

async fn it_is_said_which_exercise_is_given(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let exercise = defined(&case.counselor, check_in()).await;
    let stranger = defined(&app.owner_of("lagoon").await, check_in()).await;
    let path = format!("/v1/couples/{}/assignments", case.couple);

    for (wanted, code) in [
        (json!({ "exercise": "own" }), "inconsistent"),
        (json!({ "exercise": "apology", "own_exercise_id": exercise }), "inconsistent"),
        (json!({ "exercise": "own", "own_exercise_id": stranger }), "unknown"),
    ] {
        assert_eq!(refused(&case.counselor.post(&path, wanted).await), [at("/own_exercise_id", code)]);
    }
    assert_eq!(case.counselor.get("/v1/exercises/own").await.status(), 404, "it is none of the ten");
}

async fn a_form_keeps_the_order_in_which_it_was_written(app: TestApp) {
    let anna = app.counselor("anna").await;
    let form = r#"{"type":"object","properties":{
        "zeal":{"type":"string","title":"First?","maxLength":9},"awe":{"type":"string","title":"Then?","maxLength":9}}}"#;
    let body = check_in_with("form", json!("the form")).to_string().replace(r#""the form""#, form);
    let request = TestRequest::post().uri("/v1/own-exercises").insert_header(("content-type", "application/json"));

    let exercise = anna.send(request.set_payload(body)).await.created();

    let shown = anna.get(format!("/v1/own-exercises/{exercise}")).await;
    let text = String::from_utf8_lossy(shown.expect_status(200).bytes()).into_owned();
    let at = |name: &str| text.find(name).expect("the field");
    assert!(at("zeal") < at("awe"), "{text}");
}

async fn a_form_outside_of_the_subset_is_refused_by_its_place(app: TestApp) {
    let anna = app.counselor("anna").await;
    let mut wrong = form();
    wrong["title"] = json!("A form");
    wrong["required"] = json!(["mood", "distance"]);
    wrong["properties"]["story"]["maxLength"] = json!(20_000);
    wrong["properties"]["closeness"]["maximum"] = json!(100);
    wrong["properties"]["thanks"]["items"] = json!({ "type": "object" });
    wrong["properties"]["talked_on"]["format"] = json!("email");

    assert_eq!(
        refused_form(&anna, wrong).await,
        [
            at("/form/title", "not-supported"),
            at("/form/required/1", "unknown"),
            at("/form/properties/closeness/maximum", "wrong-value"),
            at("/form/properties/story/maxLength", "range"),
            at("/form/properties/talked_on/format", "wrong-value"),
            at("/form/properties/thanks/items/type", "unknown-word"),
        ]
    );
    let blank = json!([" ", "Breathe."]);
    let reply = anna.post("/v1/own-exercises", check_in_with("steps", blank)).await;
    assert_eq!(refused(&reply), [at("/steps/0", "text")]);
    let list = anna.post("/v1/own-exercises", check_in_with("form", json!({ "properties": [] }))).await;
    assert_eq!((list.status(), list.text_at("/errors/0/pointer")), (400, "/form/properties".to_owned()));
}

async fn a_hostile_form_gets_nowhere(app: TestApp) {
    let anna = app.counselor("anna").await;
    let with = |name: &str, value: Value| {
        let mut form = form();
        form["properties"]["story"][name] = value;
        form
    };

    for (keyword, value) in [
        ("$ref", json!("#")),
        ("$ref", json!("https://evil.example/schema.json")),
        ("$dynamicRef", json!("file:///etc/passwd")),
        ("pattern", json!("^(a+)+$")),
        ("allOf", json!([{ "$ref": "#" }])),
        ("default", json!("<script>")),
    ] {
        let place = format!("/form/properties/story/{keyword}");
        assert_eq!(refused_form(&anna, with(keyword, value)).await, [at(&place, "not-supported")]);
    }
    let deep = (0..100).fold(json!({ "type": "string" }), |inner, _| json!({ "type": "array", "items": inner }));
    assert_eq!(
        refused_form(&anna, json!({ "type": "object", "properties": { "deep": deep } })).await[0].0,
        "/form/properties/deep/maxItems"
    );
    let deeper = "[".repeat(100_000);
    let body = format!(r#"{{"title":"x","form":{deeper}"#);
    let request = TestRequest::post().uri("/v1/own-exercises").insert_header(("content-type", "application/json"));
    assert_eq!(anna.send(request.set_payload(body)).await.status(), 400);
    let large = anna.post("/v1/own-exercises", check_in_with("purpose", json!("x".repeat(2 << 20)))).await;
    assert_eq!(large.status(), 413);
}

async fn the_practices_exercises_are_listed_page_by_page(app: TestApp) {
    let anna = app.counselor("anna").await;
    for title in ["One", "Two", "Three"] {
        defined(&anna, check_in_with("title", json!(title))).await;
    }

    let first = anna.get("/v1/own-exercises?limit=2").await.expect_status(200).json();
    let cursor = first["next_cursor"].as_str().expect("a cursor");
    let rest = anna.get(format!("/v1/own-exercises?limit=2&cursor={cursor}")).await.expect_status(200).json();

    let titles = |page: &Value| items(&page["items"]).iter().map(|item| item["title"].clone()).collect::<Vec<_>>();
    assert_eq!((titles(&first), titles(&rest)), (vec![json!("One"), json!("Two")], vec![json!("Three")]));
    assert_eq!(rest["next_cursor"], Value::Null);
}

async fn what_was_answered_counts_in_progress(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = given(&case, defined(&case.counselor, check_in()).await).await;
    for partner in [&case.lee, &case.kim] {
        partner.submit(assignment, answers(&json!({ "mood": "light", "closeness": 7 }))).await;
    }

    let path = format!("/v1/couples/{}/progress?view=shared", case.couple);
    let progress = case.counselor.get(path).await.expect_status(200).json();

    assert!(progress.to_string().contains(r#""exercise":"own""#), "{progress}");
    assert!(progress.to_string().contains(r#""kind":"own_entry""#), "{progress}");
}
