//! Exercise 4 from assignment to progress, as the counselor sees it.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, items},
    person::{Person, Reply},
    stories,
};
use uuid::Uuid;

stories![promises_are_kept_for_weeks_and_looked_back_at, the_ledger_is_between_the_two_of_them];

async fn work(person: &Person, case: &Case) -> Value {
    person.get(format!("/v1/couples/{}/exercises/consistency", case.couple)).await.expect_status(200).json()
}

async fn claim(person: &Person, promise: Uuid, day: &str, word: &str) -> Reply {
    let path = format!("/v1/promises/{promise}/outcomes/{day}/claim");
    person.send(TestRequest::put().uri(&path).set_json(json!({ "claim": word }))).await
}

async fn promised(person: &Person, case: &Case, what: &str, origin: &str) -> Uuid {
    let wanted = json!({ "what": what, "recurrence": "FREQ=DAILY", "origin": origin });
    person.post(format!("/v1/couples/{}/promises", case.couple), wanted).await.created()
}

async fn promises_are_kept_for_weeks_and_looked_back_at(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "consistency" })).await;
    let call = promised(&case.lee.person, &case, "I call when I am late.", "consistency").await;
    promised(&case.lee.person, &case, "Your Saturday.", "apology").await;
    promised(&case.kim.person, &case, "A word each morning.", "reaffirm-commitment").await;
    claim(&case.lee.person, call, "2026-09-21", "kept").await.expect_status(201);
    let answer = format!("/v1/promises/{call}/outcomes/2026-09-21/confirmation");
    case.kim.person.put(answer, json!({ "confirmation": "confirmed" })).await.expect_status(200);
    claim(&case.lee.person, call, "2026-09-22", "renegotiated").await.expect_status(201);
    app.advance(TimeDelta::days(3));
    assert_eq!(claim(&case.lee.person, call, "2026-09-24", "renegotiated").await.status(), 422, "the day has come");
    claim(&case.lee.person, call, "2026-09-23", "missed").await.expect_status(201);
    let thanks = json!({ "type": "appreciation", "effort": "You called from the train.", "promise_id": call });
    case.kim.submit(assignment, json!({ "answers": thanks })).await;
    let week = json!({ "type": "consistency_review", "week_of": "2026-09-23", "went_well": "Two calls of three." });
    case.kim.submit(assignment, json!({ "answers": week })).await;

    let told = work(&case.counselor, &case).await;

    let origins: Vec<_> = items(&told["promises"]).iter().map(|promise| &promise["origin"]).collect();
    assert_eq!(origins, ["consistency", "apology", "reaffirm-commitment"]);
    let first = &told["promises"][0];
    assert_eq!((&first["recurrence"], &first["starts_on"]), (&json!("FREQ=DAILY"), &json!("2026-09-21")));
    assert_eq!((&first["due_on"], &first["until"]), (&Value::Null, &Value::Null));
    let due = &told["promises"][0]["due"];
    assert_eq!(items(due).len(), 4);
    assert_eq!(due[0], json!({ "due_on": "2026-09-21", "claim": "kept", "confirmation": "confirmed" }));
    assert_eq!(due[3], json!({ "due_on": "2026-09-24", "claim": null, "confirmation": null }));
    let counts = &told["promises"][0]["counts"];
    let of = |word: &str| counts[word].as_i64();
    assert_eq!((of("due"), of("kept"), of("kept_confirmed"), of("missed")), (Some(4), Some(1), Some(1), Some(1)));
    assert_eq!((of("renegotiated"), of("unclaimed"), of("disputed")), (Some(1), Some(1), Some(0)));
    assert_eq!((&told["makers"][0]["maker_id"], &told["makers"][0]["counts"]["due"]), (&json!(case.lee.id), &json!(8)));
    assert_eq!(told["appreciations"][0]["promise_id"], json!(call));
    assert_eq!(told["reviews"][0]["week_of"], "2026-09-21");
    let progress = case.counselor.get(format!("/v1/couples/{}/progress?view=shared", case.couple)).await.json();
    assert!(progress.to_string().contains("\"appreciations\""), "{progress}");
    assert_ne!(progress["promises"], json!([]));
}

async fn the_ledger_is_between_the_two_of_them(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    promised(&case.lee.person, &case, "I call when I am late.", "consistency").await;
    let ledger = |told: Value| told["promises"].clone();
    let before = ledger(work(&case.lee.person, &case).await);

    assert_eq!(ledger(work(&case.kim.person, &case).await), before);
    let parted = json!({ "status": "separated" });
    case.counselor.patch(format!("/v1/couples/{}", case.couple), parted).await.expect_status(200);

    assert_eq!(ledger(work(&case.kim.person, &case).await), json!([]));
    assert_eq!(items(&ledger(work(&case.lee.person, &case).await)).len(), 1);
}
