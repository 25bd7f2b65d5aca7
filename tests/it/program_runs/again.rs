//! What happens a second time: a step is given again, a job fires twice.

use actix_web::test::TestRequest;
use domain::access::Action;
use serde_json::{Value, json};
use store::jobs::{self, JobKind};
use tenfold_tests::{
    app::TestApp,
    case::Case,
    person::{Person, Reply},
    stories,
};
use uuid::Uuid;

use super::{assignment, complete, release, run_jobs, set_status, show, skip, states, steps, two_steps, until};

stories![
    a_cancelled_step_is_given_again_and_what_follows_waits_for_it,
    only_what_was_cancelled_is_given_again,
    the_rules_of_assigning_apply_again,
    a_delay_counts_from_the_day_a_step_was_given_again,
    looking_again_leaves_a_run_as_it_was,
];

async fn cancel(case: &Case, run: Uuid, position: usize) {
    let ending = format!("{}/ending", assignment(case, run, position).await);
    case.counselor.put(ending, json!({ "how": "cancelled" })).await.expect_status(200);
}

async fn renew(case: &Case, run: Uuid, position: usize, reasons: Value) -> Reply {
    case.counselor.put(format!("/v1/program-runs/{run}/steps/{position}/renew"), reasons).await
}

async fn etag(person: &Person, run: Uuid) -> String {
    person.get(format!("/v1/program-runs/{run}")).await.header("etag").to_owned()
}

async fn a_cancelled_step_is_given_again_and_what_follows_waits_for_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let run = case.start(two_steps(&case).await, json!({})).await;
    let first = assignment(&case, run, 1).await;
    let before = etag(&case.counselor, run).await;

    cancel(&case, run, 1).await;
    assert_ne!(etag(&case.counselor, run).await, before);
    let cancelled = show(&case.counselor, run).await;
    let step = &cancelled["steps"][0];
    assert_eq!((&step["state"], &step["plan"]["is_cancelled"]), (&json!("released"), &json!(true)));
    assert_eq!(states(&case.counselor, run).await, ["released", "waiting"]);
    let seen = etag(&case.kim.person, run).await;
    let renewed = renew(&case, run, 1, json!({})).await.expect_status(200).json();

    assert_eq!(renewed["steps"][0]["plan"]["is_cancelled"], json!(false));
    assert_ne!(assignment(&case, run, 1).await, first);
    assert_ne!(etag(&case.kim.person, run).await, seen, "she sees another assignment");
    assert_eq!(case.kim.person.get(assignment(&case, run, 1).await).await.json()["ended"], Value::Null);
    assert_eq!(states(&case.kim.person, run).await, ["released"]);
    complete(&case, run, 1).await;
    assert_eq!(states(&case.counselor, run).await, ["done", "released"]);
}

async fn only_what_was_cancelled_is_given_again(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let run = case.start(two_steps(&case).await, json!({})).await;
    let refused = async |position: usize| {
        let reply = renew(&case, run, position, json!({})).await;
        assert_eq!(reply.problem(), (422, "rule-broken".to_owned()));
        reply.text_at("/detail")
    };

    let only_cancelled = "only a step whose assignment was cancelled is given again";
    assert_eq!(refused(1).await, only_cancelled);
    assert_eq!(refused(2).await, only_cancelled);
    assert_eq!(refused(3).await, "the program has no step at this position");
    cancel(&case, run, 1).await;
    set_status(&case, run, "paused").await;
    assert_eq!(refused(1).await, "this run is not active; nothing goes out");
    set_status(&case, run, "active").await;
    let path = format!("/v1/program-runs/{run}/steps/1/renew");
    let blind = TestRequest::put().uri(&path).set_json(json!({}));
    assert_eq!(case.counselor.send_as_held(blind).await.status(), 428);
    assert_eq!(case.kim.person.put(&path, json!({})).await.status(), 403);
    skip(&case, run, 1).await;
    assert_eq!(refused(1).await, "this step, or the whole run, is over");
    complete(&case, run, 2).await;
    assert_eq!(refused(2).await, "this run is not active; nothing goes out");
}

async fn the_rules_of_assigning_apply_again(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let program = case.program(steps(&[("shared-rituals", "after_completion")])).await;
    let run = case.start(program, json!({})).await;
    cancel(&case, run, 1).await;
    case.screen(&case.lee, json!({ "status": "stop" })).await;
    let before = etag(&case.counselor, run).await;

    let refused = renew(&case, run, 1, json!({})).await;
    assert_eq!(
        refused.text_at("/detail"),
        "both partners are screened and clear first; go ahead without it only with a reason"
    );
    assert_eq!(etag(&case.counselor, run).await, before);
    let reason = json!({ "overrides": { "safety": "Agreed with each alone." } });
    renew(&case, run, 1, reason).await.expect_status(200);

    let given = case.counselor.get(assignment(&case, run, 1).await).await;
    assert_eq!(given.text_at("/safety_override/reason"), "Agreed with each alone.");
    assert!(!case.kim.person.get(assignment(&case, run, 1).await).await.whole().contains("Agreed"));
}

async fn a_delay_counts_from_the_day_a_step_was_given_again(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let mut rules = steps(&[("apology", "after_completion"), ("root-cause", "after_delay")]);
    rules[1]["release_days"] = json!(7);
    let run = case.start(case.program(rules).await, json!({})).await;
    until(&app, "2026-09-24T12:00:00Z");
    cancel(&case, run, 1).await;

    let renewed = renew(&case, run, 1, json!({})).await.expect_status(200).json();

    assert_eq!(renewed["steps"][0]["released_on"], "2026-09-24");
    assert_eq!(renewed["steps"][1]["plan"]["due_on"], "2026-10-01");
    until(&app, "2026-09-28T12:00:00Z");
    assert_eq!(run_jobs(&app).await, 1, "the job of the first day finds nothing due");
    assert_eq!(states(&case.counselor, run).await, ["released", "waiting"]);
    until(&app, "2026-10-01T12:00:00Z");
    assert_eq!(run_jobs(&app).await, 1);
    assert_eq!(states(&case.counselor, run).await, ["released", "released"]);
}

/// Has the job that lets out what is due fire once more.
async fn fire_again(app: &TestApp, case: &Case, run: Uuid) {
    let practice = case.counselor.get("/v1/me").await.text_at("/practice/id").parse().expect("a practice");
    let inside = app.inside();
    let system = inside.system(practice);
    let left = inside.write(&system, Action::AssignExercises, move |tx| {
        let now = tx.now();
        Ok(jobs::enqueue(tx, JobKind::ReleaseSteps, run, now)?)
    });
    left.await.expect("a job is left");
    assert_eq!(run_jobs(app).await, 1);
}

async fn looking_again_leaves_a_run_as_it_was(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let mut rules =
        steps(&[("apology", "after_completion"), ("root-cause", "after_delay"), ("consistency", "after_completion")]);
    rules[1]["release_days"] = json!(1);
    let run = case.start(case.program(rules).await, json!({})).await;
    let begun = etag(&case.counselor, run).await;

    release(&case, run).await;
    fire_again(&app, &case, run).await;
    assert_eq!(etag(&case.counselor, run).await, begun, "nothing was due");
    until(&app, "2026-09-22T12:00:00Z");
    assert_eq!(run_jobs(&app).await, 1);
    let let_out = etag(&case.counselor, run).await;
    assert_ne!(let_out, begun);
    fire_again(&app, &case, run).await;
    release(&case, run).await;

    assert_eq!(etag(&case.counselor, run).await, let_out);
    set_status(&case, run, "paused").await;
    let paused = etag(&case.counselor, run).await;
    fire_again(&app, &case, run).await;
    assert_eq!(etag(&case.counselor, run).await, paused);
}
