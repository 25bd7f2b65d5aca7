//! What partners say over time, and what they do: added up or averaged, and never both.

use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, items},
    stories,
};

use super::{ask, completion, pulse, pulses, trust_of};

stories![
    weeks_without_a_word_are_missing_and_a_trend_waits_for_four,
    months_are_the_calendars_and_named_by_their_first_day,
    activity_and_outcome_are_kept_apart,
    how_often_they_talk_is_told_month_by_month,
    a_past_range_holds_what_was_open_then,
];

async fn weeks_without_a_word_are_missing_and_a_trend_waits_for_four(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = pulses(&case).await;
    for (trust, weeks) in [(2, 1), (3, 2), (5, 1)] {
        case.lee.submit(assignment, pulse(trust, "shared")).await;
        app.advance(TimeDelta::weeks(weeks));
    }

    let shared = ask(&case, &case.kim.person, "view=shared&from=2026-09-21").await;
    let trust = trust_of(&shared, &case.lee);
    let means: Vec<_> = items(&trust["points"]).iter().map(|point| point["mean"].clone()).collect();
    assert_eq!(means, [json!(2.0), json!(3.0), Value::Null, json!(5.0), Value::Null]);
    assert_eq!(trust["trend"], json!({ "per_interval": null, "n": 3, "minimum": 4 }));

    case.lee.submit(assignment, pulse(6, "shared")).await;
    let shared = ask(&case, &case.kim.person, "view=shared").await;
    let trust = trust_of(&shared, &case.lee);
    assert_eq!(trust["trend"], json!({ "per_interval": 1.0, "n": 4, "minimum": 4 }));
    assert_eq!(items(&trust["points"]).len(), 12);
}

async fn months_are_the_calendars_and_named_by_their_first_day(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = pulses(&case).await;
    for trust in [2, 4, 6, 8, 10] {
        case.lee.submit(assignment, pulse(trust, "shared")).await;
        app.advance(TimeDelta::weeks(3));
    }

    let shared = ask(&case, &case.kim.person, "view=shared&interval=month&from=2026-08-20").await;

    let trust = trust_of(&shared, &case.lee);
    let points: Vec<_> = items(&trust["points"]).iter().map(|point| (&point["starts_on"], &point["mean"])).collect();
    let [august, september, october, november, december, january] =
        ["2026-08-01", "2026-09-01", "2026-10-01", "2026-11-01", "2026-12-01", "2027-01-01"].map(Value::from);
    let [two, four, seven, ten] = [2.0, 4.0, 7.0, 10.0].map(Value::from);
    let expected = [
        (&august, &Value::Null),
        (&september, &two),
        (&october, &four),
        (&november, &seven),
        (&december, &ten),
        (&january, &Value::Null),
    ];
    assert_eq!(points, expected);
    assert_eq!((&trust["mean"], &trust["n"], &shared["interval"]), (&json!(6.0), &json!(5), &json!("month")));
    assert_eq!(trust["trend"]["n"], 4);
}

async fn activity_and_outcome_are_kept_apart(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "transparent-communication" })).await;
    let talk = case.answers_of(Kind::TalkLog, &case.lee).await;
    case.lee.submit(assignment, json!({ "answers": talk })).await;

    let shared = ask(&case, &case.counselor, "view=shared").await;

    let told = &shared["exercises"][0];
    assert_eq!(told["exercise"], "transparent-communication");
    let minutes = items(&told["activity"]["totals"]).iter().find(|one| one["measure"] == "talk_minutes");
    let minutes = minutes.expect("the minutes of the talk");
    assert_eq!(minutes["n"], 1);
    assert_eq!(minutes["author"], json!({ "kind": "together", "id": null }));
    for partner in [&case.lee, &case.kim] {
        assert_eq!(completion(&shared, partner)["submitted"], 1);
    }
    let outcome = items(&told["outcome"]);
    assert!(outcome.iter().all(|one| one["measure"] != "talk_minutes"));
}

async fn how_often_they_talk_is_told_month_by_month(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "transparent-communication" })).await;
    let talk = case.answers_of(Kind::TalkLog, &case.lee).await;
    case.lee.submit(assignment, json!({ "answers": talk })).await;
    app.advance(TimeDelta::weeks(8));
    for _ in 0..2 {
        case.lee.submit(assignment, json!({ "answers": talk })).await;
        app.advance(TimeDelta::days(2));
    }
    let ending = format!("/v1/assignments/{assignment}/ending");
    case.counselor.put(ending, json!({ "how": "completed" })).await.expect_status(200);
    app.advance(TimeDelta::weeks(6));

    let shared = ask(&case, &case.kim.person, "view=shared&interval=month&from=2026-08-20").await;

    let totals = items(&shared["exercises"][0]["activity"]["totals"]);
    let talks = totals.iter().find(|one| one["measure"] == "talks_held").expect("the talks");
    assert_eq!((&talks["sum"], &talks["n"]), (&json!(3.0), &json!(3)));
    let sums: Vec<_> = items(&talks["points"]).iter().map(|point| point["sum"].clone()).collect();
    let nobody_asked = Value::Null;
    let [one, none, two] = [1.0, 0.0, 2.0].map(Value::from);
    assert_eq!(sums, [nobody_asked.clone(), one, none, two, nobody_asked.clone(), nobody_asked], "{talks}");
    assert_eq!(talks["points"][1], json!({ "starts_on": "2026-09-01", "sum": 1.0, "n": 1 }));
}

async fn a_past_range_holds_what_was_open_then(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    case.assign(json!({ "exercise": "professional-help", "starts_on": "2026-09-01" })).await;

    let earlier = ask(&case, &case.counselor, "view=shared&from=2026-08-24&until=2026-09-06").await;
    let before = ask(&case, &case.counselor, "view=shared&from=2026-08-24&until=2026-08-31").await;

    assert_eq!(completion(&earlier, &case.lee)["assigned"], 1);
    assert_eq!(before["exercises"], json!([]));
}
