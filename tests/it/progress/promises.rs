//! The ledger of promises in progress: as claimed, as confirmed, and what nobody spoke of.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, items},
    stories,
};

use super::{ask, daily_promise};

stories![
    promises_are_told_as_claimed_and_as_confirmed,
    runs_end_where_nobody_spoke,
    of_too_many_promises_the_newest_are_told,
];

async fn promises_are_told_as_claimed_and_as_confirmed(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let wanted = json!({ "what": "I call when I am late.", "recurrence": "FREQ=DAILY" });
    let promise = case.lee.person.post(format!("/v1/couples/{}/promises", case.couple), wanted).await.created();
    app.advance(TimeDelta::days(4));
    let said = [("21", "kept", "confirmed"), ("22", "kept", "disputed"), ("23", "missed", ""), ("24", "excused", "")];
    for (day, word, answer) in said {
        let path = format!("/v1/promises/{promise}/outcomes/2026-09-{day}");
        let claim = TestRequest::put().uri(&format!("{path}/claim")).set_json(json!({ "claim": word }));
        case.lee.person.send(claim).await.expect_status(201);
        if !answer.is_empty() {
            let answer = json!({ "confirmation": answer });
            case.kim.person.put(format!("{path}/confirmation"), answer).await.expect_status(200);
        }
    }

    let told = ask(&case, &case.kim.person, "view=shared").await["promises"][0].clone();

    assert_eq!((&told["maker_id"], &told["due"], &told["unclaimed"]), (&json!(case.lee.id), &json!(5), &json!(1)));
    let claimed = &told["claimed"];
    assert!((claimed["rate"].as_f64().expect("a rate") - 2.0 / 3.0).abs() < 1e-9);
    assert_eq!(claimed["n"], 3);
    assert_eq!(told["confirmed"], json!({ "rate": 0.5, "n": 2 }));
    assert_eq!(told["gap"], json!({ "gap": 0.5, "n": 2 }), "of the two times both spoke of");
    app.advance(TimeDelta::weeks(4));
    let later = ask(&case, &case.kim.person, "view=shared").await["promises"][0].clone();
    assert_eq!((&later["due"], &later["claimed"], &later["confirmed"]), (&json!(28), &Value::Null, &Value::Null));
}

async fn runs_end_where_nobody_spoke(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    daily_promise(&app, &case, &["kept confirmed", "kept confirmed", "missed", "excused", "kept", "kept disputed"])
        .await;
    let thanks = case.assign(json!({ "exercise": "consistency" })).await;
    let effort = json!({ "type": "appreciation", "effort": "You called." });
    case.kim.submit(thanks, json!({ "answers": effort })).await;

    let told = ask(&case, &case.counselor, "view=shared").await["promises"][0].clone();
    let in_range = &told["in_range"];
    assert_eq!(in_range["claimed_run"], json!({ "current": 2, "longest": 2 }));
    assert_eq!(in_range["confirmed_run"], json!({ "current": 0, "longest": 2 }));
    assert_eq!((&in_range["missed"], &in_range["appreciations_per_miss"]), (&json!(1), &json!(1.0)));
    assert_eq!(in_range["silent"], 0, "what is due today is not late: {told}");
    let rates: Vec<_> = items(&told["series"]).iter().map(|point| point["claimed"]["n"].clone()).collect();
    assert_eq!((rates.len(), rates.last()), (12, Some(&json!(5))));

    app.advance(TimeDelta::days(2));
    let told = ask(&case, &case.counselor, "view=shared").await["promises"][0].clone();
    assert_eq!(told["in_range"]["claimed_run"], json!({ "current": null, "longest": 2 }));
    assert_eq!(told["in_range"]["silent"], 2);
    let own = ask(&case, &case.lee.person, "view=separate").await["promises"][0].clone();
    assert_eq!(own, told, "what Kim said to Lee is Lee's to see");
    assert_eq!(ask(&case, &case.kim.person, "view=separate").await["promises"], json!([]));
}

/// Five hundred that hold are all told, and one that was due once and is over takes no place; of one more the oldest is left out.
async fn of_too_many_promises_the_newest_are_told(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let once = json!({ "what": "I call the bank.", "due_on": "2026-09-21" });
    let over = case.lee.person.post(format!("/v1/couples/{}/promises", case.couple), once).await;
    assert_eq!(over.expect_status(201).json()["until"], "2026-09-21");
    app.advance(TimeDelta::weeks(8));
    for partner in [&case.lee, &case.kim] {
        for _ in 0..250 {
            partner.promise(case.couple, "I call.").await;
        }
    }
    let of_today = format!("view=shared&from={}", app.now().date_naive());
    let whole = ask(&case, &case.lee.person, &of_today).await;
    assert_eq!((&whole["promises_cut"], &whole["promises"][0]["due"]), (&json!(false), &json!(250)));

    case.kim.promise(case.couple, "And I write.").await;

    let told = ask(&case, &case.lee.person, &of_today).await;
    let due: Vec<_> = items(&told["promises"]).iter().map(|maker| maker["due"].clone()).collect();
    assert_eq!((&told["promises_cut"], due), (&json!(true), vec![json!(249), json!(251)]));
    let work = format!("/v1/couples/{}/exercises/consistency", case.couple);
    let work = case.kim.person.get(work).await.expect_status(200).json();
    assert_eq!((&work["promises_cut"], items(&work["promises"]).len()), (&json!(true), 500));
}
