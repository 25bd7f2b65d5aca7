//! Exercises of the practice's own in progress: each by itself, and followed by the scales that the practice marks as measures.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, items},
    person::Reply,
    stories,
};
use uuid::Uuid;

use super::{ask, progress};

stories![
    a_scale_that_is_marked_is_followed,
    each_exercise_of_the_practices_own_has_a_row_of_its_own,
    a_measure_is_as_visible_as_the_entries_it_is_read_from,
    a_question_asked_differently_is_another_measure,
    a_mark_that_says_too_little_or_too_much_is_refused,
];

fn scale(title: &str, measure: Option<Value>) -> Value {
    let mut scale = json!({ "type": "integer", "title": title, "minimum": 0, "maximum": 10 });
    if let Some(measure) = measure {
        scale["x-tenfold-measure"] = measure;
    }
    scale
}

fn ours(direction: &str) -> Option<Value> {
    Some(json!({ "direction": direction, "source": "Harbor Counseling, 2026." }))
}

fn exercise(properties: &Value, visibility: &str) -> Value {
    json!({
        "title": "Check-in", "purpose": "To see where you both are.", "steps": [], "prompts": [],
        "mode": "parallel", "visibility": visibility, "can_be_overdue": false,
        "form": { "type": "object", "properties": properties },
    })
}

fn closeness(visibility: &str) -> Value {
    let title = "How close did you feel?";
    exercise(&json!({ "closeness": scale(title, ours("up")), "tired": scale("How tired were you?", None) }), visibility)
}

async fn defined(case: &Case, wanted: Value) -> Uuid {
    case.counselor.post("/v1/own-exercises", wanted).await.created()
}

async fn given(case: &Case, exercise: Uuid) -> Uuid {
    case.assign(json!({ "exercise": "own", "own_exercise_id": exercise })).await
}

async fn answer(partner: &Partner, assignment: Uuid, values: Value) -> Uuid {
    partner.submit(assignment, json!({ "answers": { "type": "own_entry", "values": values } })).await
}

async fn a_scale_that_is_marked_is_followed(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let exercise = defined(&case, closeness("shared")).await;
    let assignment = given(&case, exercise).await;
    answer(&case.lee, assignment, json!({ "closeness": 4, "tired": 9 })).await;
    app.advance(TimeDelta::weeks(1));
    answer(&case.lee, assignment, json!({ "closeness": 7 })).await;
    answer(&case.kim, assignment, json!({ "closeness": 8, "tired": 1 })).await;
    answer(&case.kim, assignment, json!({ "tired": 1 })).await;

    let shared = ask(&case, &case.kim.person, "view=shared&from=2026-09-21").await;

    let row = &shared["exercises"][0];
    assert_eq!((&row["exercise"], &row["own_exercise_id"]), (&json!("own"), &json!(exercise)));
    let outcome = items(&row["outcome"]);
    assert_eq!(outcome.len(), 2, "one for each of the two: {row}");
    let measure =
        json!({ "field": "closeness", "title": "How close did you feel?", "source": "Harbor Counseling, 2026." });
    assert_eq!((&outcome[0]["measure"], &outcome[0]["own_measure"]), (&Value::Null, &measure));
    assert_eq!((&outcome[0]["unit"], &outcome[0]["direction"]), (&json!("rating"), &json!("up")));
    assert_eq!((&outcome[0]["mean"], &outcome[0]["n"]), (&json!(5.5), &json!(2)));
    let counts: Vec<_> = items(&row["activity"]["entries"]).iter().map(|one| one["count"].clone()).collect();
    assert_eq!(counts, [json!(2), json!(2)]);
    let gap = &shared["pairs"]["gaps"][0];
    assert_eq!((&gap["own_exercise_id"], &gap["own_measure"]), (&json!(exercise), &measure));
    assert_eq!((&gap["measure"], &gap["difference"]), (&Value::Null, &json!(-2.5)));
}

async fn each_exercise_of_the_practices_own_has_a_row_of_its_own(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let mut exercises = Vec::new();
    for value in [3, 9] {
        let exercise = defined(&case, closeness("shared")).await;
        answer(&case.lee, given(&case, exercise).await, json!({ "closeness": value })).await;
        exercises.push(exercise);
    }
    given(&case, exercises[1]).await;

    let shared = ask(&case, &case.counselor, "view=shared&exercise=own").await;

    let rows = items(&shared["exercises"]);
    assert_eq!(rows.len(), 2);
    for (row, (exercise, mean, assigned)) in rows.iter().zip([(exercises[0], 3.0, 1), (exercises[1], 9.0, 2)]) {
        assert_eq!((&row["own_exercise_id"], &row["outcome"][0]["mean"]), (&json!(exercise), &json!(mean)));
        assert_eq!(row["activity"]["completion"][0]["assigned"], assigned);
    }
}

async fn a_measure_is_as_visible_as_the_entries_it_is_read_from(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = given(&case, defined(&case, closeness("counselor_only")).await).await;
    let query = progress(&case, "view=shared");
    let before = case.kim.person.get(&query).await;

    answer(&case.lee, assignment, json!({ "closeness": 2 })).await;

    assert_eq!(case.kim.person.get(&query).await.bytes(), before.bytes());
    let own = ask(&case, &case.lee.person, "view=separate").await;
    assert_eq!(own["exercises"][0]["outcome"][0]["mean"], 2.0);
    let seen = ask(&case, &case.counselor, &format!("view=separate&partner_id={}", case.lee.id)).await;
    assert_eq!(seen["exercises"], own["exercises"]);
}

async fn a_question_asked_differently_is_another_measure(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let first = defined(&case, closeness("shared")).await;
    answer(&case.lee, given(&case, first).await, json!({ "closeness": 2 })).await;
    let path = format!("/v1/own-exercises/{first}");
    // The same question in a form that asks something else besides; then another question in its place.
    let tired = json!({ "closeness": scale("How close did you feel?", ours("up")), "sad": scale("How sad?", None) });
    case.counselor.put(&path, exercise(&tired, "shared")).await.expect_status(200);
    answer(&case.lee, given(&case, first).await, json!({ "closeness": 4 })).await;
    let distance = json!({ "closeness": scale("How far apart did you feel?", ours("down")) });
    case.counselor.put(&path, exercise(&distance, "shared")).await.expect_status(200);
    answer(&case.lee, given(&case, first).await, json!({ "closeness": 9 })).await;

    let shared = ask(&case, &case.counselor, "view=shared").await;

    let told = items(&shared["exercises"][0]["outcome"]).iter();
    let told: Vec<_> = told.map(|one| (one["direction"].clone(), one["mean"].clone(), one["n"].clone())).collect();
    assert_eq!(told, [(json!("up"), json!(3.0), json!(2)), (json!("down"), json!(9.0), json!(1))]);
}

async fn a_mark_that_says_too_little_or_too_much_is_refused(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let refused = async |properties: Value| -> Vec<String> {
        let reply: Reply = case.counselor.post("/v1/own-exercises", exercise(&properties, "shared")).await;
        let problem = reply.expect_status(422).json();
        items(&problem["errors"]).iter().map(|one| one["pointer"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let at = |rest: &str| format!("/form/properties/closeness/x-tenfold-measure{rest}");

    let bare = scale("How close?", Some(json!({ "direction": "up" })));
    assert_eq!(refused(json!({ "closeness": bare })).await, [at("/source")]);
    let normed = scale("How close?", Some(json!({ "direction": "more", "source": "Ours.", "cutoff": 5 })));
    assert_eq!(refused(json!({ "closeness": normed })).await, [at("/cutoff"), at("/direction")]);
    let text = json!({ "type": "string", "title": "Why?", "maxLength": 9, "x-tenfold-measure": ours("up") });
    assert_eq!(refused(json!({ "closeness": text })).await, [at("")]);
}
