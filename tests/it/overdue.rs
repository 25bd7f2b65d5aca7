//! What is overdue of work that comes round again, told alike by the agenda, the caseload and the assignment itself.

use actix_web::test::TestRequest;
use chrono::{NaiveDate, TimeDelta};
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, items},
    person::Person,
    stories,
};
use uuid::Uuid;

stories![
    a_round_that_was_missed_is_overdue_until_something_is_handed_in,
    where_one_stands_begins_anew_with_each_round,
    what_one_says_of_promises_is_work_on_exercise_four,
    nobody_owes_what_came_round_while_they_were_not_ready,
    what_both_answer_as_one_rests_while_one_is_not_ready,
    nobody_is_late_for_what_was_paused,
    what_is_owed_after_the_gate_held_it_is_what_is_owed_after_a_pause,
    the_other_learns_nothing_of_ones_rounds,
];

/// A weekly exercise, given on Monday, 21 September.
async fn weekly(case: &Case) -> Uuid {
    case.assign(json!({ "exercise": "professional-help", "cadence": "FREQ=WEEKLY" })).await
}

async fn checks_in(partner: &Partner, assignment: Uuid) -> Uuid {
    partner.submit(assignment, json!({ "answers": Kind::Pulse.example() })).await
}

async fn says(partner: &Partner, assignment: Uuid, status: &str) {
    let path = format!("/v1/assignments/{assignment}/standings/{}", partner.id);
    partner.person.put(path, json!({ "status": status })).await.expect_status(200);
}

/// Who is late on the agenda, since when and how many rounds; the caseload counts the same.
async fn late(case: &Case) -> Vec<(Value, Value, Value)> {
    let agenda = case.counselor.get(format!("/v1/couples/{}/agenda", case.couple)).await.expect_status(200).json();
    let overdue = items(&agenda["overdue"]["items"]);
    let caseload = case.counselor.get("/v1/caseload").await.expect_status(200).json();
    assert_eq!(caseload["items"][0]["overdue"], json!(overdue.len()));
    let item = |item: &Value| (item["partner_id"].clone(), item["due_on"].clone(), item["missed"].clone());
    overdue.iter().map(item).collect()
}

fn since(partner: &Partner, due_on: &str, missed: u32) -> (Value, Value, Value) {
    (json!(partner.id), json!(due_on), json!(missed))
}

/// A partner's standing as a reader sees it: its status, and since when something is overdue.
async fn standing(reader: &Person, assignment: Uuid, of: &Partner) -> (Value, Value) {
    let seen = reader.get(format!("/v1/assignments/{assignment}")).await.expect_status(200).json();
    let own = items(&seen["standings"]).iter().find(|standing| standing["partner_id"] == json!(of.id));
    own.map(|own| (own["status"].clone(), own["overdue_since"].clone())).unwrap_or_default()
}

async fn a_round_that_was_missed_is_overdue_until_something_is_handed_in(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = weekly(&case).await;
    checks_in(&case.lee, assignment).await;

    app.advance(TimeDelta::days(7));
    assert_eq!(late(&case).await, [], "the day on which it comes round again is one of grace");
    app.advance(TimeDelta::days(1));
    assert_eq!(late(&case).await, [since(&case.kim, "2026-09-28", 1)]);
    let assigned = json!("assigned");
    let of_kim = (assigned.clone(), json!("2026-09-28"));
    assert_eq!(standing(&case.counselor, assignment, &case.kim).await, of_kim);
    assert_eq!(standing(&case.kim.person, assignment, &case.kim).await, of_kim);
    assert_eq!(standing(&case.lee.person, assignment, &case.lee).await, (assigned, Value::Null));
    assert_eq!(standing(&case.lee.person, assignment, &case.kim).await, (Value::Null, Value::Null));

    app.advance(TimeDelta::days(14));
    assert_eq!(late(&case).await, [since(&case.lee, "2026-10-05", 2), since(&case.kim, "2026-09-28", 3)]);
    checks_in(&case.kim, assignment).await;
    assert_eq!(late(&case).await, [since(&case.lee, "2026-10-05", 2)], "whatever is handed in catches up");
}

async fn where_one_stands_begins_anew_with_each_round(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = weekly(&case).await;
    let status = async || standing(&case.lee.person, assignment, &case.lee).await.0;
    let first = checks_in(&case.lee, assignment).await;
    app.advance(TimeDelta::days(6));
    assert_eq!(status().await, "submitted");

    app.advance(TimeDelta::days(1));
    assert_eq!(status().await, "assigned");
    case.review(first, json!({})).await;
    assert_eq!(status().await, "assigned", "what was reviewed is of the week before");
    says(&case.lee, assignment, "opened").await;
    assert_eq!(status().await, "opened");
    let second = checks_in(&case.lee, assignment).await;
    assert_eq!(status().await, "submitted");
    case.review(second, json!({})).await;
    assert_eq!(status().await, "reviewed");
    says(&case.lee, assignment, "not_ready").await;
    app.advance(TimeDelta::days(30));
    assert_eq!(status().await, "not_ready", "it holds until it is taken back");
}

/// Says for the first time how a promise went on a day.
async fn claims(partner: &Partner, promise: Uuid, day: &str) {
    let path = format!("/v1/promises/{promise}/outcomes/{day}/claim");
    let claim = TestRequest::put().uri(&path).set_json(json!({ "claim": "kept" }));
    partner.person.send(claim).await.expect_status(201);
}

async fn what_one_says_of_promises_is_work_on_exercise_four(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "consistency" })).await;
    let promise = case.lee.promise(case.couple, "I call when I am late.").await;
    for day in ["2026-09-21", "2026-09-22", "2026-09-23"] {
        claims(&case.lee, promise, day).await;
        app.advance(TimeDelta::days(1));
    }

    assert_eq!(late(&case).await, [since(&case.kim, "2026-09-22", 2)]);
    let answer = json!({ "confirmation": "confirmed" });
    let path = format!("/v1/promises/{promise}/outcomes/2026-09-23/confirmation");
    case.kim.person.put(path, answer).await.expect_status(200);
    assert_eq!(late(&case).await, []);
    let (status, _) = standing(&case.kim.person, assignment, &case.kim).await;
    assert_eq!(status, "submitted");

    let path = format!("/v1/couples/{}/progress?view=shared&exercise=consistency", case.couple);
    let told = case.kim.person.get(path).await.expect_status(200).json();
    let activity = &told["exercises"][0]["activity"];
    let submitted: Vec<_> = items(&activity["completion"]).iter().map(|one| one["submitted"].clone()).collect();
    assert_eq!(submitted, [1, 1]);
    let totals = items(&activity["totals"]).iter();
    let totals: Vec<_> = totals.map(|one| json!([one["measure"], one["author"]["id"], one["sum"]])).collect();
    let expected = [
        json!(["promises_due", case.lee.id, 4.0]),
        json!(["promises_claimed", case.lee.id, 3.0]),
        json!(["promises_answered", case.kim.id, 1.0]),
    ];
    assert_eq!(totals, expected);
}

async fn nobody_owes_what_came_round_while_they_were_not_ready(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let daily = case.assign(json!({ "exercise": "consistency" })).await;
    says(&case.lee, daily, "not_ready").await;
    says(&case.kim, daily, "skipped").await;
    app.advance(TimeDelta::days(30));

    assert_eq!(late(&case).await, [since(&case.kim, "2026-09-23", 28)], "what is left out is one round");
    says(&case.lee, daily, "opened").await;
    says(&case.kim, daily, "not_ready").await;
    assert_eq!(late(&case).await, []);
    app.advance(TimeDelta::days(3));
    assert_eq!(late(&case).await, [since(&case.lee, "2026-10-23", 1)]);
}

async fn what_both_answer_as_one_rests_while_one_is_not_ready(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let joint = case.assign(json!({ "exercise": "shared-rituals", "cadence": "FREQ=WEEKLY" })).await;
    app.advance(TimeDelta::days(8));
    assert_eq!(late(&case).await, [since(&case.lee, "2026-09-28", 1), since(&case.kim, "2026-09-28", 1)]);

    says(&case.kim, joint, "not_ready").await;

    assert_eq!(late(&case).await, []);
}

/// What lets joint work rest.
#[derive(Clone, Copy, Debug)]
enum Rest {
    Pause,
    CaseIsPaused,
    LeeIsNotClear,
    KimIsNotReady,
}

impl Rest {
    async fn begin(self, case: &Case, assignment: Uuid) {
        match self {
            Self::Pause => pause(case, assignment, true).await,
            Self::CaseIsPaused => case_becomes(case, "paused").await,
            Self::LeeIsNotClear => case.screen(&case.lee, json!({ "status": "stop" })).await,
            Self::KimIsNotReady => says(&case.kim, assignment, "not_ready").await,
        }
    }

    async fn end(self, case: &Case, assignment: Uuid) {
        match self {
            Self::Pause => pause(case, assignment, false).await,
            Self::CaseIsPaused => case_becomes(case, "active").await,
            Self::LeeIsNotClear => case.screen(&case.lee, json!({ "status": "clear" })).await,
            Self::KimIsNotReady => says(&case.kim, assignment, "opened").await,
        }
    }
}

async fn pause(case: &Case, assignment: Uuid, paused: bool) {
    let path = format!("/v1/assignments/{assignment}/pause");
    case.counselor.put(path, json!({ "paused": paused })).await.expect_status(200);
}

async fn case_becomes(case: &Case, status: &str) {
    let path = format!("/v1/couples/{}", case.couple);
    case.counselor.patch(path, json!({ "status": status })).await.expect_status(200);
}

async fn nobody_is_late_for_what_was_paused(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let joint = case.assign(json!({ "exercise": "shared-rituals", "cadence": "FREQ=WEEKLY" })).await;
    app.advance(TimeDelta::days(8));
    let mut next = "2026-09-28".parse::<NaiveDate>().expect("a day");

    for rest in [Rest::Pause, Rest::CaseIsPaused, Rest::LeeIsNotClear, Rest::KimIsNotReady] {
        let both = [&case.lee, &case.kim].map(|partner| since(partner, &next.to_string(), 1));
        assert_eq!(late(&case).await, both, "{rest:?}: the round that comes first is owed again");
        rest.begin(&case, joint).await;
        app.advance(TimeDelta::days(21));
        assert_eq!(late(&case).await, [], "{rest:?}: three rounds fall within it");

        rest.end(&case, joint).await;
        assert_eq!(late(&case).await, [], "{rest:?}: and nobody is late for them");
        app.advance(TimeDelta::days(13));
        assert_eq!(late(&case).await, [], "{rest:?}: the week in which it went on is free");
        app.advance(TimeDelta::days(1));
        next += TimeDelta::days(35);
    }
}

/// Neither partner sees by what they owe whether their counselor paused it or one of them was not safe.
async fn what_is_owed_after_the_gate_held_it_is_what_is_owed_after_a_pause(app: TestApp) {
    let held = Case::of(&app, "anna", ["lee", "kim"]).await;
    let paused = Case::of(&app, "boris", ["mo", "noa"]).await;
    let joint = async |case: &Case| case.assign(json!({ "exercise": "shared-rituals" })).await;
    let twins = [(&held, joint(&held).await, Rest::LeeIsNotClear), (&paused, joint(&paused).await, Rest::Pause)];
    let owed = async || {
        let mut seen = Vec::new();
        for (case, assignment, _) in twins {
            let of_lee = standing(&case.lee.person, assignment, &case.lee).await;
            let of_kim = standing(&case.kim.person, assignment, &case.kim).await;
            assert_eq!(of_lee, of_kim);
            seen.push(of_lee);
        }
        seen.dedup();
        seen
    };

    app.advance(TimeDelta::days(3));
    for (case, assignment, rest) in twins {
        rest.begin(case, assignment).await;
    }
    app.advance(TimeDelta::days(3));
    assert_eq!(owed().await, [(json!("assigned"), Value::Null)]);
    for (case, assignment, rest) in twins {
        rest.end(case, assignment).await;
    }
    assert_eq!(owed().await, [(json!("assigned"), Value::Null)]);
    app.advance(TimeDelta::days(3));
    assert_eq!(owed().await, [(json!("assigned"), json!("2026-09-29"))], "from the day after it went on");
}

async fn the_other_learns_nothing_of_ones_rounds(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (weekly, daily) = (weekly(&case).await, case.assign(json!({ "exercise": "consistency" })).await);
    app.advance(TimeDelta::days(8));
    let seen = async || {
        let mut seen = Vec::new();
        for path in [
            format!("/v1/assignments/{weekly}"),
            format!("/v1/assignments/{daily}"),
            format!("/v1/couples/{}/assignments", case.couple),
        ] {
            seen.push(case.kim.person.get(path).await.expect_status(200).bytes().to_vec());
        }
        seen
    };
    let before = seen().await;

    checks_in(&case.lee, weekly).await;
    assert_eq!(seen().await, before);
    says(&case.lee, daily, "skipped").await;
    assert_eq!(seen().await, before);
    assert_eq!(late(&case).await.len(), 2, "it is Kim who is late");
}
