//! Runs of programs: step by step, as the counselor and both partners meet them.

mod again;
mod by_hand;
mod order;
mod own;

use actix_web::test::TestRequest;
use api::jobs;
use chrono::{DateTime, Utc};
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, SHIPPED, items},
    person::{Person, Reply},
    stories,
};
use uuid::Uuid;

stories![
    the_shipped_program_goes_out_group_by_group,
    a_step_goes_out_on_its_day,
    a_step_goes_out_on_its_day_where_they_live_now,
    nothing_goes_out_while_a_run_is_paused,
    nothing_goes_out_while_the_case_rests,
    a_skipped_step_is_taken_back_and_the_next_goes_out,
    a_change_of_the_program_leaves_runs_alone,
    a_run_that_ended_leaves_what_went_out,
    a_partner_sees_what_has_gone_out_and_that_more_will_come,
    a_step_for_one_partner_alone_is_nothing_to_the_other,
    safety_holds_a_step_and_the_partners_cannot_tell,
    without_a_policy_a_program_goes_out_for_a_reason_only,
    a_change_says_which_version_it_is_for,
    runs_are_nobody_elses,
];

fn steps(rules: &[(&str, &str)]) -> Value {
    rules.iter().map(|(exercise, release)| json!({ "exercise": exercise, "release": release })).collect()
}

/// An apology, and after it why trust broke.
async fn two_steps(case: &Case) -> Uuid {
    case.program(steps(&[("apology", "after_completion"), ("root-cause", "after_completion")])).await
}

async fn show(person: &Person, run: Uuid) -> Value {
    person.get(format!("/v1/program-runs/{run}")).await.expect_status(200).json()
}

/// Where each step stands, for whoever looks.
async fn states(person: &Person, run: Uuid) -> Vec<String> {
    let run = show(person, run).await;
    items(&run["steps"]).iter().filter_map(|step| step["state"].as_str().map(ToOwned::to_owned)).collect()
}

/// The assignment of a step, as an address.
async fn assignment(case: &Case, run: Uuid, position: usize) -> String {
    let run = show(&case.counselor, run).await;
    let id = run["steps"][position - 1]["assignment_id"].as_str().expect("the step has gone out");
    format!("/v1/assignments/{id}")
}

async fn complete(case: &Case, run: Uuid, position: usize) {
    let ending = format!("{}/ending", assignment(case, run, position).await);
    case.counselor.put(ending, json!({ "how": "completed" })).await.expect_status(200);
}

async fn set_status(case: &Case, run: Uuid, status: &str) {
    let path = format!("/v1/program-runs/{run}/status");
    case.counselor.put(path, json!({ "status": status })).await.expect_status(200);
}

async fn skip(case: &Case, run: Uuid, position: usize) {
    let path = format!("/v1/program-runs/{run}/steps/{position}/skip");
    case.counselor.put(path, json!({ "reason": "They did it before." })).await.expect_status(200);
}

async fn release(case: &Case, run: Uuid) -> Value {
    case.counselor.post(format!("/v1/program-runs/{run}/releases"), json!({})).await.expect_status(200).json()
}

/// Lets out what waits for the counselor's word at a place in the program.
async fn let_out(case: &Case, run: Uuid, position: usize) -> Reply {
    case.counselor.post(format!("/v1/program-runs/{run}/releases"), json!({ "position": position })).await
}

async fn run_jobs(app: &TestApp) -> usize {
    jobs::run_due(app.inside()).await.expect("jobs can be claimed")
}

fn until(app: &TestApp, instant: &str) {
    let instant: DateTime<Utc> = instant.parse().expect("an instant");
    app.advance(instant - app.now());
}

async fn the_shipped_program_goes_out_group_by_group(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let in_order = json!({ "program_id": SHIPPED });
    let run = case.counselor.post(format!("/v1/couples/{}/program-runs", case.couple), in_order).await.created();
    let out = async || states(&case.counselor, run).await.iter().filter(|state| *state == "released").count();

    assert_eq!(out().await, 1, "goals and pulses");
    until(&app, "2026-09-28T12:00:00Z");
    run_jobs(&app).await;
    assert_eq!(out().await, 2, "the account, a week later");
    assert_eq!(let_out(&case, run, 3).await.status(), 200);
    assert_eq!(out().await, 3, "the apology, when their counselor lets it out");
    until(&app, "2026-10-12T12:00:00Z");
    run_jobs(&app).await;
    assert_eq!(out().await, 6, "what is for every day, two weeks later");
    assert_eq!(let_out(&case, run, 8).await.status(), 200);
    assert_eq!(out().await, 9);
    assert_eq!(let_out(&case, run, 10).await.status(), 200);

    assert_eq!(states(&case.counselor, run).await, ["released"; 10]);
    let goals = assignment(&case, run, 1).await.replace("/v1/assignments/", "");
    let pulse = json!({ "answers": Kind::Pulse.example() });
    case.kim.submit(goals.parse().expect("an id"), pulse).await;
    let given = case.lee.person.get(format!("/v1/couples/{}/assignments", case.couple)).await.json();
    assert_eq!(items(&given["items"]).len(), 10, "they are ordinary assignments, all of them open");
    for position in 1..=10 {
        complete(&case, run, position).await;
    }
    let done = show(&case.counselor, run).await;
    assert_eq!((&done["status"], &done["more_to_come"]), (&json!("completed"), &json!(false)));
    assert_eq!(done["name"], "Ten ways to rebuild trust");
}

async fn a_step_goes_out_on_its_day(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let mut rules =
        steps(&[("apology", "after_completion"), ("root-cause", "after_delay"), ("consistency", "fixed_interval")]);
    rules[1]["release_days"] = json!(7);
    rules[1]["due_after_days"] = json!(3);
    rules[2]["release_days"] = json!(5);
    let run = case.start(case.program(rules).await, json!({})).await;

    let begun = show(&case.counselor, run).await;
    assert_eq!(begun["steps"][1]["plan"]["due_on"], "2026-09-28");
    assert_eq!(begun["steps"][2]["plan"]["due_on"], "2026-10-01", "on the tenth day: two groups are before it");
    // The couple's day begins at midnight in Berlin.
    until(&app, "2026-09-27T21:59:00Z");
    assert_eq!(run_jobs(&app).await, 0);
    until(&app, "2026-09-27T22:01:00Z");
    assert_eq!((run_jobs(&app).await, run_jobs(&app).await), (1, 0));
    assert_eq!(states(&case.counselor, run).await, ["released", "released", "waiting"]);
    until(&app, "2026-09-30T22:00:00Z");
    assert_eq!((run_jobs(&app).await, run_jobs(&app).await), (1, 0));

    assert_eq!(states(&case.counselor, run).await, ["released"; 3]);
    let given = case.kim.person.get(assignment(&case, run, 2).await).await.json();
    assert_eq!((&given["starts_on"], &given["due_on"]), (&json!("2026-09-28"), &json!("2026-10-01")));
    assert_eq!(given["assigned_by"], json!(case.counselor.id));
}

async fn a_step_goes_out_on_its_day_where_they_live_now(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let mut rules = steps(&[("apology", "after_completion"), ("root-cause", "after_delay")]);
    rules[1]["release_days"] = json!(7);
    let run = case.start(case.program(rules).await, json!({})).await;

    let moved = json!({ "time_zone": "America/New_York" });
    case.counselor.patch(format!("/v1/couples/{}", case.couple), moved).await.expect_status(200);

    until(&app, "2026-09-28T03:59:00Z");
    assert_eq!(run_jobs(&app).await, 1, "midnight in Berlin has passed");
    assert_eq!(states(&case.counselor, run).await, ["released", "waiting"]);
    until(&app, "2026-09-28T04:01:00Z");
    assert_eq!(run_jobs(&app).await, 1);
    assert_eq!(states(&case.counselor, run).await, ["released", "released"]);
}

async fn nothing_goes_out_while_a_run_is_paused(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let mut rules =
        steps(&[("apology", "after_completion"), ("root-cause", "after_completion"), ("apology", "after_delay")]);
    rules[2]["release_days"] = json!(1);
    let run = case.start(case.program(rules).await, json!({})).await;

    set_status(&case, run, "paused").await;
    complete(&case, run, 1).await;

    assert_eq!(states(&case.counselor, run).await, ["done", "waiting", "waiting"]);
    let pressed = case.counselor.post(format!("/v1/program-runs/{run}/releases"), json!({})).await;
    assert_eq!(pressed.text_at("/detail"), "this run is not active; nothing goes out");
    set_status(&case, run, "active").await;
    assert_eq!(states(&case.counselor, run).await, ["done", "released", "waiting"]);
    set_status(&case, run, "paused").await;
    let paused = show(&case.counselor, run).await;
    set_status(&case, run, "paused").await;
    assert_eq!(show(&case.counselor, run).await, paused, "to say it twice changes nothing");
    until(&app, "2026-09-25T12:00:00Z");
    assert_eq!(run_jobs(&app).await, 1);
    assert_eq!(states(&case.counselor, run).await, ["done", "released", "waiting"]);
    set_status(&case, run, "active").await;
    assert_eq!(states(&case.counselor, run).await, ["done", "released", "released"]);
}

async fn nothing_goes_out_while_the_case_rests(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let run = case.start(two_steps(&case).await, json!({})).await;
    let become_status = async |status: &str| {
        let couple = format!("/v1/couples/{}", case.couple);
        case.counselor.patch(couple, json!({ "status": status })).await.expect_status(200);
    };

    become_status("paused").await;
    complete(&case, run, 1).await;
    assert_eq!(states(&case.counselor, run).await, ["done", "waiting"]);
    let pressed = case.counselor.post(format!("/v1/program-runs/{run}/releases"), json!({})).await;
    assert_eq!(pressed.text_at("/detail"), "this case is paused; nothing goes out");
    become_status("active").await;
    assert_eq!(states(&case.counselor, run).await, ["done", "released"]);

    become_status("separated").await;
    let again =
        case.counselor.post(format!("/v1/couples/{}/program-runs", case.couple), json!({ "program_id": SHIPPED }));
    assert_eq!(again.await.problem(), (422, "rule-broken".to_owned()));
}

async fn a_skipped_step_is_taken_back_and_the_next_goes_out(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let run = case.start(two_steps(&case).await, json!({})).await;

    skip(&case, run, 1).await;

    let shown = show(&case.counselor, run).await;
    assert_eq!(states(&case.counselor, run).await, ["skipped", "released"]);
    assert_eq!(shown["steps"][0]["plan"]["skip_reason"], "They did it before.");
    assert_eq!(shown["steps"][0]["plan"]["is_cancelled"], json!(false), "it is over");
    assert_eq!(case.counselor.get(assignment(&case, run, 1).await).await.text_at("/ended"), "cancelled");
    let again = case.counselor.put(format!("/v1/program-runs/{run}/steps/1/skip"), json!({ "reason": "Again." })).await;
    assert_eq!(again.text_at("/detail"), "this step, or the whole run, is over");
    for (position, refused) in [(0, 422), (3, 422), (300, 404)] {
        let path = format!("/v1/program-runs/{run}/steps/{position}/skip");
        let status = case.counselor.put(path, json!({ "reason": "None." })).await.status();
        assert_eq!(status, refused, "{position}");
    }
    let seen = case.kim.person.get(format!("/v1/program-runs/{run}")).await;
    assert!(!String::from_utf8_lossy(seen.bytes()).contains("They did it before"));
    skip(&case, run, 2).await;
    assert_eq!(show(&case.counselor, run).await["status"], "completed");
}

async fn a_change_of_the_program_leaves_runs_alone(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let program = two_steps(&case).await;
    let run = case.start(program, json!({})).await;

    let change = json!({ "name": "Shorter", "steps": steps(&[("consistency", "after_completion")]) });
    case.counselor.patch(format!("/v1/programs/{program}"), change).await.expect_status(200);
    complete(&case, run, 1).await;

    let shown = show(&case.counselor, run).await;
    assert_eq!((&shown["name"], &shown["plan"]["program_version"]), (&json!("After the move"), &json!(1)));
    assert_eq!(
        (&shown["steps"][1]["exercise"], &shown["steps"][1]["state"]),
        (&json!("root-cause"), &json!("released"))
    );
    let later = show(&case.counselor, case.start(program, json!({})).await).await;
    assert_eq!((items(&later["steps"]).len(), &later["plan"]["program_version"]), (1, &json!(2)));
}

async fn a_run_that_ended_leaves_what_went_out(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let run = case.start(two_steps(&case).await, json!({})).await;

    set_status(&case, run, "ended").await;
    complete(&case, run, 1).await;

    assert_eq!(states(&case.counselor, run).await, ["done", "waiting"]);
    assert_eq!(show(&case.counselor, run).await["steps"][1]["plan"]["is_due"], json!(false), "it never goes out");
    for status in ["active", "completed"] {
        let path = format!("/v1/program-runs/{run}/status");
        let refused = case.counselor.put(path, json!({ "status": status })).await;
        assert_eq!(refused.text_at("/detail"), format!("a run that is ended can't be set to {status}"));
    }
}

async fn a_partner_sees_what_has_gone_out_and_that_more_will_come(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let run = case.start(two_steps(&case).await, json!({})).await;

    let seen = show(&case.kim.person, run).await;
    let step = json!({
        "exercise": "apology", "own_exercise_id": null, "title": seen["steps"][0]["title"], "state": "released", "released_on": "2026-09-21",
        "assignment_id": show(&case.counselor, run).await["steps"][0]["assignment_id"], "plan": null,
    });
    assert_eq!(seen["steps"], json!([step]));
    assert_eq!((&seen["status"], &seen["more_to_come"], &seen["plan"]), (&json!("active"), &json!(true), &Value::Null));
    let listed = case.lee.person.get(format!("/v1/couples/{}/program-runs", case.couple)).await.json();
    assert_eq!(listed["items"], json!([seen]));

    complete(&case, run, 1).await;
    let path = format!("/v1/program-runs/{run}");
    let cached = TestRequest::get().uri(&path).insert_header(("if-none-match", format!("\"{}\"", seen["version"])));
    assert_eq!(case.kim.person.send(cached).await.status(), 200, "what they see has changed");
    complete(&case, run, 2).await;
    let over = show(&case.kim.person, run).await;
    assert_eq!((&over["status"], &over["more_to_come"]), (&json!("completed"), &json!(false)));
    assert_eq!(states(&case.kim.person, run).await, ["done", "done"]);
}

async fn a_step_for_one_partner_alone_is_nothing_to_the_other(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let program = two_steps(&case).await;
    let alone = json!([{ "position": 1, "partner_id": case.lee.id }]);
    let joint = json!({ "program_id": program, "alone": [{ "position": 2, "partner_id": case.lee.id }] });
    let refused = case.counselor.post(format!("/v1/couples/{}/program-runs", case.couple), joint).await;
    assert_eq!(refused.text_at("/detail"), "one current partner alone answers steps in separate mode only");

    let run = case.start(program, json!({ "alone": alone })).await;

    let path = format!("/v1/program-runs/{run}");
    assert_eq!(case.kim.person.get(&path).await.problem(), (404, "not-found".to_owned()));
    let runs = format!("/v1/couples/{}/program-runs", case.couple);
    assert_eq!(case.kim.person.get(&runs).await.json(), json!({ "items": [], "next_cursor": null }));
    assert_eq!(states(&case.lee.person, run).await, ["released"]);
    complete(&case, run, 1).await;
    assert_eq!(states(&case.kim.person, run).await, ["released"]);
    assert_eq!(states(&case.lee.person, run).await, ["done", "released"]);
}

async fn safety_holds_a_step_and_the_partners_cannot_tell(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let program = case.program(steps(&[("apology", "after_completion"), ("shared-rituals", "after_completion")])).await;
    let run = case.start(program, json!({})).await;
    case.screen(&case.lee, json!({ "status": "stop" })).await;

    complete(&case, run, 1).await;

    let held = show(&case.counselor, run).await;
    assert_eq!((&held["steps"][1]["state"], &held["steps"][1]["plan"]["held"]), (&json!("waiting"), &json!("safety")));
    let seen = show(&case.kim.person, run).await;
    set_status(&case, run, "paused").await;
    assert_eq!(show(&case.kim.person, run).await, seen, "a hold looks like a pause");
    set_status(&case, run, "active").await;
    assert_eq!(show(&case.kim.person, run).await, seen);

    case.screen(&case.lee, json!({ "status": "clear" })).await;
    assert_eq!(states(&case.counselor, run).await, ["done", "waiting"], "a counselor lets it out");
    let released = release(&case, run).await;
    assert_eq!(
        (&released["steps"][1]["state"], &released["steps"][1]["plan"]["held"]),
        (&json!("released"), &Value::Null)
    );
    let once = released["steps"][1]["assignment_id"].clone();
    assert_eq!(release(&case, run).await["steps"][1]["assignment_id"], once, "nothing goes out twice");
}

async fn without_a_policy_a_program_goes_out_for_a_reason_only(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    case.set_policy(json!({ "kind": "no_secrets" })).await;
    let program = two_steps(&case).await;

    let run = case.start(program, json!({})).await;
    let held = show(&case.counselor, run).await;
    assert_eq!((&held["steps"][0]["state"], &held["steps"][0]["plan"]["held"]), (&json!("waiting"), &json!("policy")));
    assert_eq!(case.lee.person.get(format!("/v1/program-runs/{run}")).await.status(), 404);
    let reason = json!({ "overrides": { "policy": "They signed on paper." } });
    case.counselor.post(format!("/v1/program-runs/{run}/releases"), reason.clone()).await.expect_status(200);
    let given = case.counselor.get(assignment(&case, run, 1).await).await;
    assert_eq!(given.text_at("/policy_override/reason"), "They signed on paper.");
    let with_reason = case.start(program, reason).await;
    assert_eq!(states(&case.counselor, with_reason).await, ["released", "waiting"]);
}

async fn a_change_says_which_version_it_is_for(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let run = case.start(two_steps(&case).await, json!({})).await;
    let path = format!("/v1/program-runs/{run}/status");
    let pause = |tag: Option<&str>| {
        let request = TestRequest::put().uri(&path).set_json(json!({ "status": "paused" }));
        case.counselor.send(tag.into_iter().fold(request, |request, tag| request.insert_header(("if-match", tag))))
    };

    assert_eq!(pause(None).await.status(), 428);
    complete(&case, run, 1).await;
    assert_eq!(pause(Some("\"1\"")).await.status(), 412, "the next step has gone out since");
    assert_eq!(pause(Some("\"2\"")).await.expect_status(200).header("etag"), "\"3\"");
    let unknown = json!({ "program_id": Uuid::nil() });
    let refused = case.counselor.post(format!("/v1/couples/{}/program-runs", case.couple), unknown).await;
    assert_eq!((refused.status(), refused.text_at("/errors/0/pointer").as_str()), (422, "/program_id"));
}

async fn runs_are_nobody_elses(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let other = Case::of(&app, "ben", ["maya", "noor"]).await;
    let run = case.start(SHIPPED, json!({})).await;
    let (path, runs) = (format!("/v1/program-runs/{run}"), format!("/v1/couples/{}/program-runs", case.couple));

    for stranger in [&other.lee.person, &other.counselor, &app.supervisor("susan").await, &app.owner_of("reef").await] {
        for path in [&path, &runs] {
            assert_eq!(stranger.get(path).await.problem(), (404, "not-found".to_owned()), "{path}");
        }
    }
    let pause = json!({ "status": "paused" });
    assert_eq!(other.counselor.put(format!("{path}/status"), pause.clone()).await.status(), 404);
    assert_eq!(case.kim.person.put(format!("{path}/status"), pause).await.status(), 403);
    assert_eq!(app.assistant("tom").await.get(&path).await.status(), 403);
    assert_eq!(app.nobody().get(&path).await.status(), 401);
}
