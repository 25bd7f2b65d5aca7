//! Scores: entered for one partner, shown to nobody else's partner, and told as change only where the norms allow it.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, items},
    person::Reply,
    stories,
};
use uuid::Uuid;

use crate::{instruments::norms, sign_ins::trail};

stories![
    a_counselor_enters_a_score_for_one_partner,
    a_score_out_of_range_is_refused_with_the_range,
    a_partner_sees_their_own_if_it_was_shared_and_never_the_others,
    nothing_of_a_score_changes_what_the_other_is_told,
    a_correction_takes_the_place_of_a_score_that_stays,
    scores_keep_the_version_they_were_entered_under,
    change_is_told_of_each_and_of_both,
    change_is_withheld_without_norms_or_a_second_score,
    a_put_away_instrument_takes_no_new_scores,
    scores_leave_a_trace,
];

fn of_couple(case: &Case, noun: &str) -> String {
    format!("/v1/couples/{}/{noun}", case.couple)
}

async fn enter(case: &Case, partner: &Partner, wanted: Value) -> Reply {
    let mut score = json!({ "partner_id": partner.id, "instrument": "rdas" });
    if let (Some(score), Value::Object(wanted)) = (score.as_object_mut(), wanted) {
        score.extend(wanted);
    }
    case.counselor.post(of_couple(case, "scores"), score).await
}

async fn scored(case: &Case, partner: &Partner, on: &str, value: f64) -> Uuid {
    enter(case, partner, json!({ "taken_on": on, "value": value })).await.created()
}

async fn change(case: &Case, instrument: &str) -> Value {
    let path = format!("{}?instrument={instrument}", of_couple(case, "reliable-change"));
    case.counselor.get(path).await.expect_status(200).json()
}

async fn a_counselor_enters_a_score_for_one_partner(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;

    let score = enter(&case, &case.lee, json!({ "value": 40.5 })).await.expect_status(201).json();

    assert_eq!((&score["taken_on"], &score["instrument_version"]), (&json!("2026-09-21"), &json!(1)));
    assert_eq!((&score["name"], &score["highest"]), (&json!("Revised Dyadic Adjustment Scale"), &json!(69.0)));
    let list = case.counselor.get(of_couple(&case, "scores")).await.expect_status(200).json();
    assert_eq!(list, json!({ "items": [score], "next_cursor": null }));
    for refused in [&case.lee.person, &app.supervisor("susan").await, &app.assistant("tom").await] {
        let wanted = json!({ "partner_id": case.lee.id, "instrument": "rdas", "value": 40 });
        assert_eq!(refused.post(of_couple(&case, "scores"), wanted).await.problem().0, 403);
    }
}

async fn a_score_out_of_range_is_refused_with_the_range(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    for (wanted, pointer, detail) in [
        (json!({ "value": 70 }), "/value", "must be between 0 and 69"),
        (json!({ "value": -0.5 }), "/value", "must be between 0 and 69"),
        (json!({ "value": 40, "taken_on": "2026-09-22" }), "/taken_on", "must be a day that has come"),
        (
            json!({ "value": 40, "instrument_version": 2 }),
            "/instrument_version",
            "must be a version of this instrument",
        ),
        (json!({ "value": 40, "instrument": "x" }), "/instrument", "must be one of the instruments"),
        (json!({ "value": 40, "partner_id": Uuid::nil() }), "/partner_id", "must be a partner of this couple"),
    ] {
        let refused = enter(&case, &case.lee, wanted).await.expect_status(422).json();
        assert_eq!(
            (&refused["errors"][0]["pointer"], &refused["errors"][0]["detail"]),
            (&json!(pointer), &json!(detail))
        );
    }
}

async fn a_partner_sees_their_own_if_it_was_shared_and_never_the_others(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let score = scored(&case, &case.lee, "2026-09-01", 40.0).await;
    let path = format!("/v1/scores/{score}");
    assert_eq!(case.lee.person.get(&path).await.problem(), (404, "not-found".to_owned()));

    let share = json!({ "shared_with_partner": true });
    case.counselor.patch(&path, share).await.expect_status(200);

    assert_eq!(case.lee.person.get(&path).await.expect_status(200).json()["value"], 40.0);
    assert_eq!(items(&case.lee.person.get(of_couple(&case, "scores")).await.json()["items"]).len(), 1);
    assert_eq!(case.kim.person.get(&path).await.problem(), (404, "not-found".to_owned()));
    let back = case.counselor.patch(&path, json!({ "shared_with_partner": false })).await;
    assert_eq!(back.problem(), (422, "rule-broken".to_owned()));
    let theirs = format!("{}?instrument=rdas", of_couple(&case, "reliable-change"));
    assert_eq!(case.lee.person.get(theirs).await.problem(), (403, "forbidden".to_owned()));
}

/// Whatever is entered about Lee, Kim is told the same, to the byte.
async fn nothing_of_a_score_changes_what_the_other_is_told(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let paths = [of_couple(&case, "scores"), format!("{}?view=shared", of_couple(&case, "progress"))];
    let mut before = Vec::new();
    for path in &paths {
        before.push(case.kim.person.get(path).await);
    }

    let score = scored(&case, &case.lee, "2026-09-01", 40.0).await;
    enter(&case, &case.lee, json!({ "value": 60, "shared_with_partner": true })).await.expect_status(201);
    case.counselor.post(format!("/v1/scores/{score}/corrections"), json!({ "value": 41 })).await.expect_status(201);

    for (path, before) in paths.iter().zip(before) {
        assert_eq!(case.kim.person.get(path).await.bytes(), before.bytes(), "{path}");
    }
}

async fn a_correction_takes_the_place_of_a_score_that_stays(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let score = enter(&case, &case.lee, json!({ "value": 14, "shared_with_partner": true })).await.created();
    let corrections = format!("/v1/scores/{score}/corrections");

    let corrected = case.counselor.post(&corrections, json!({ "value": 41 })).await.expect_status(201).json();

    assert_eq!((&corrected["value"], &corrected["shared_with_partner"]), (&json!(41.0), &json!(true)));
    let list = case.counselor.get(of_couple(&case, "scores")).await.json();
    assert_eq!((&list["items"][0]["value"], &list["items"][0]["superseded_by_id"]), (&json!(14.0), &corrected["id"]));
    let own = case.lee.person.get(of_couple(&case, "scores")).await.json();
    assert_eq!(own["items"], json!([corrected]));
    let again = case.counselor.post(&corrections, json!({ "value": 42 })).await;
    assert_eq!(again.problem(), (422, "rule-broken".to_owned()));
}

async fn scores_keep_the_version_they_were_entered_under(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let score = scored(&case, &case.lee, "2026-09-01", 60.0).await;

    case.counselor.put("/v1/instruments/rdas", norms("highest", json!(90))).await.expect_status(200);

    let kept = case.counselor.get(format!("/v1/scores/{score}")).await.json();
    assert_eq!((&kept["instrument_version"], &kept["highest"]), (&json!(1), &json!(69.0)));
    let newer = enter(&case, &case.lee, json!({ "value": 80 })).await.expect_status(201).json();
    assert_eq!((&newer["instrument_version"], &newer["highest"]), (&json!(2), &json!(90.0)));
    let told = change(&case, "rdas").await;
    assert_eq!(told["partners"][0]["withheld"], "too_few_scores", "two ranges can't be compared: {told}");
}

async fn change_is_told_of_each_and_of_both(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let evening = json!({ "slug": "evening-scale", "norms": norms("better", json!("lower")) });
    case.counselor.post("/v1/instruments", evening).await.expect_status(201);
    for (instrument, lee, kim) in [("rdas", [40.0, 52.0], [30.0, 42.0]), ("evening-scale", [70.0, 62.0], [40.0, 48.0])]
    {
        for (partner, values) in [(&case.lee, lee), (&case.kim, kim)] {
            for (on, value) in ["2026-06-01", "2026-09-01"].into_iter().zip(values) {
                let wanted = json!({ "instrument": instrument, "taken_on": on, "value": value });
                enter(&case, partner, wanted).await.expect_status(201);
            }
        }
    }

    let rdas = change(&case, "rdas").await;
    let [lee, kim] = [0, 1].map(|at| rdas["partners"][at].clone());
    assert_eq!(
        (&lee["verdict"], &lee["improvement"], &lee["index"]),
        (&json!("recovered"), &json!(12.0), &Value::Null)
    );
    assert_eq!(
        (&kim["verdict"], &kim["earlier"]["value"], &kim["needed"]),
        (&json!("improved"), &json!(30.0), &json!(12.0))
    );
    assert_eq!(rdas["couple"], "both_improved");
    let evening = change(&case, "evening-scale").await;
    assert_eq!(evening["partners"][0]["verdict"], "improved");
    let index = evening["partners"][0]["index"].as_f64().expect("an index");
    assert!((index - 2.0).abs() < 1e-9, "8 points of a spread of differences of 4: {index}");
    assert_eq!((&evening["partners"][1]["verdict"], &evening["couple"]), (&json!("deteriorated"), &json!("diverging")));
}

async fn change_is_withheld_without_norms_or_a_second_score(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    scored(&case, &case.lee, "2026-09-01", 40.0).await;
    for on in ["2026-06-01", "2026-09-01"] {
        enter(&case, &case.lee, json!({ "instrument": "csi-4", "taken_on": on, "value": 12 })).await.expect_status(201);
    }

    let rdas = change(&case, "rdas").await;
    let lee = &rdas["partners"][0];
    assert_eq!(
        (&lee["withheld"], &lee["verdict"], &rdas["couple"]),
        (&json!("too_few_scores"), &Value::Null, &Value::Null)
    );
    assert_eq!((&lee["later"]["value"], &rdas["partners"][1]["later"]), (&json!(40.0), &Value::Null));
    assert_eq!(change(&case, "csi-4").await["partners"][0]["withheld"], "no_norms");
    let unknown = case.counselor.get(format!("{}?instrument=x", of_couple(&case, "reliable-change"))).await;
    assert_eq!(unknown.problem(), (400, "malformed-parameter".to_owned()));
}

async fn a_put_away_instrument_takes_no_new_scores(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let score = scored(&case, &case.lee, "2026-09-01", 40.0).await;
    case.counselor.put("/v1/instruments/rdas/archival", json!({ "archived": true })).await.expect_status(200);

    assert_eq!(enter(&case, &case.lee, json!({ "value": 50 })).await.problem(), (422, "rule-broken".to_owned()));
    case.counselor.post(format!("/v1/scores/{score}/corrections"), json!({ "value": 41 })).await.expect_status(201);
}

async fn scores_leave_a_trace(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let score = scored(&case, &case.lee, "2026-09-01", 40.0).await;
    app.advance(TimeDelta::minutes(1));
    case.counselor.get(format!("/v1/scores/{score}")).await.expect_status(200);
    case.counselor.get(of_couple(&case, "scores")).await.expect_status(200);
    change(&case, "rdas").await;

    let trail = trail(&app.owner().await).await;

    for action in ["score.entered", "score.read", "scores.read", "reliable_change.read"] {
        assert!(trail.iter().any(|event| event["action"] == action), "{action}");
    }
}
