//! The default order: kept, or left for a reason.

use serde_json::{Value, json};
use tenfold_tests::{app::TestApp, case::Case, person::Reply, stories};
use uuid::Uuid;

use super::{assignment, complete, run_jobs, show, skip, states, steps, until};

stories![
    an_exercise_out_of_order_is_given_for_a_reason_only,
    what_was_taken_back_or_starts_later_has_not_begun,
    a_step_out_of_order_is_held_until_a_reason_is_given,
    a_reason_at_the_start_is_for_every_step,
    what_was_passed_over_holds_nothing_that_comes_after_it,
    steps_in_order_need_no_reason,
];

async fn give(case: &Case, wanted: Value) -> Reply {
    case.counselor.post(format!("/v1/couples/{}/assignments", case.couple), wanted).await
}

/// Starts a program without a reason to leave the order.
async fn start(case: &Case, rules: &[(&str, &str)]) -> Uuid {
    let wanted = json!({ "program_id": case.program(steps(rules)).await });
    case.counselor.post(format!("/v1/couples/{}/program-runs", case.couple), wanted).await.created()
}

async fn an_exercise_out_of_order_is_given_for_a_reason_only(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;

    let refused = give(&case, json!({ "exercise": "forgiveness" })).await;
    assert_eq!(refused.problem(), (422, "rule-broken".to_owned()));
    assert_eq!(refused.text_at("/errors/0/pointer"), "/overrides/order");
    assert_eq!(
        refused.text_at("/detail"),
        "in the default order root-cause comes before this exercise: give that first, or go another way only with a reason"
    );
    let blank = give(&case, json!({ "exercise": "forgiveness", "overrides": { "order": " " } })).await;
    assert_eq!((blank.status(), blank.text_at("/errors/0/pointer").as_str()), (422, "/overrides/order"));
    let wanted = json!({ "exercise": "forgiveness", "overrides": { "order": "They forgave long ago." } });
    let given = give(&case, wanted).await.expect_status(201).json();

    assert_eq!(given["order_override"]["reason"], "They forgave long ago.");
    assert_eq!(given["order_override"]["by"], json!(case.counselor.id));
    let path = format!("/v1/assignments/{}", given["id"].as_str().unwrap_or_default());
    assert_eq!(case.kim.person.get(path).await.json()["order_override"], Value::Null);
    let trail = app.owner().await.get("/v1/audit-events?limit=100").await;
    assert!(trail.whole().contains("They forgave long ago."));
}

async fn what_was_taken_back_or_starts_later_has_not_begun(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    give(&case, json!({ "exercise": "professional-help" })).await.expect_status(201);
    let cause = give(&case, json!({ "exercise": "root-cause", "starts_on": "2026-09-25" })).await.created();

    let apology = |from: &str| json!({ "exercise": "apology", "starts_on": from });
    assert_eq!(give(&case, apology("2026-09-24")).await.status(), 422);
    assert_eq!(
        give(&case, apology("2026-09-25")).await.status(),
        201,
        "nothing is recorded yet, and that does not matter"
    );

    let ending = format!("/v1/assignments/{cause}/ending");
    case.counselor.put(ending, json!({ "how": "cancelled" })).await.expect_status(200);
    assert_eq!(give(&case, apology("2026-09-25")).await.status(), 422);
}

async fn a_step_out_of_order_is_held_until_a_reason_is_given(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;

    let run = start(&case, &[("apology", "after_completion"), ("consistency", "after_completion")]).await;

    assert_eq!(show(&case.counselor, run).await["steps"][0]["plan"]["held"], "order");
    assert_eq!(case.kim.person.get(format!("/v1/program-runs/{run}")).await.status(), 404);
    let reason = json!({ "overrides": { "order": "The account was given in court." } });
    case.counselor.post(format!("/v1/program-runs/{run}/releases"), reason).await.expect_status(200);
    let given = case.counselor.get(assignment(&case, run, 1).await).await;
    assert_eq!(given.text_at("/order_override/reason"), "The account was given in court.");
    complete(&case, run, 1).await;
    assert_eq!(states(&case.counselor, run).await, ["done", "released"], "its own order holds from here on");
    assert_eq!(case.counselor.get(assignment(&case, run, 2).await).await.json()["order_override"], Value::Null);
}

async fn a_reason_at_the_start_is_for_every_step(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let mut rules = steps(&[("consistency", "after_completion"), ("shared-rituals", "after_delay")]);
    rules[1]["release_days"] = json!(7);
    let wanted = json!({ "overrides": { "order": "They come from a colleague." } });
    let run = case.start(case.program(rules).await, wanted).await;

    until(&app, "2026-09-28T12:00:00Z");
    assert_eq!(run_jobs(&app).await, 1);

    let shown = show(&case.counselor, run).await;
    assert_eq!(shown["plan"]["order_override_reason"], "They come from a colleague.");
    for position in [1, 2] {
        let path = assignment(&case, run, position).await;
        assert_eq!(case.counselor.get(&path).await.text_at("/order_override/reason"), "They come from a colleague.");
        assert!(!case.kim.person.get(&path).await.whole().contains("colleague"));
    }
    assert!(!show(&case.kim.person, run).await.to_string().contains("colleague"));
}

async fn what_was_passed_over_holds_nothing_that_comes_after_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let rules =
        [("professional-help", "together"), ("root-cause", "after_completion"), ("apology", "after_completion")];
    let run = start(&case, &rules).await;

    skip(&case, run, 1).await;

    assert_eq!(states(&case.counselor, run).await, ["skipped", "released", "waiting"], "the reason has been given");
    complete(&case, run, 2).await;
    assert_eq!(states(&case.counselor, run).await, ["skipped", "done", "released"]);
}

async fn steps_in_order_need_no_reason(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let rules =
        [("professional-help", "after_completion"), ("root-cause", "after_completion"), ("apology", "together")];

    let run = start(&case, &rules).await;
    complete(&case, run, 1).await;

    assert_eq!(states(&case.counselor, run).await, ["done", "released", "released"]);
}
