//! Steps that wait for their counselor's word, and what is passed over.

use serde_json::json;
use tenfold_tests::{app::TestApp, case::Case, stories};

use super::{complete, let_out, release, run_jobs, set_status, show, skip, states, steps, until};

stories![
    a_step_passed_over_does_not_let_out_the_next_while_one_before_it_goes_on,
    what_waits_for_a_word_goes_out_when_it_is_given,
    forgiving_never_begins_by_itself,
    a_partner_cannot_tell_what_a_step_waits_for,
];

async fn a_step_passed_over_does_not_let_out_the_next_while_one_before_it_goes_on(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let rules = ["root-cause", "apology", "consistency"].map(|exercise| (exercise, "after_completion"));
    let run = case.start(case.program(steps(&rules)).await, json!({})).await;

    skip(&case, run, 2).await;

    assert_eq!(states(&case.counselor, run).await, ["released", "skipped", "waiting"]);
    complete(&case, run, 1).await;
    assert_eq!(states(&case.counselor, run).await, ["done", "skipped", "released"]);
}

async fn what_waits_for_a_word_goes_out_when_it_is_given(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let rules = [
        ("professional-help", "after_completion"),
        ("root-cause", "by_hand"),
        ("apology", "together"),
        ("consistency", "by_hand"),
    ];
    let run = case.start(case.program(steps(&rules)).await, json!({})).await;

    let waiting = show(&case.counselor, run).await;
    let plan = |position: usize| &waiting["steps"][position - 1]["plan"];
    assert_eq!((&plan(2)["waits_for_word"], &plan(3)["waits_for_word"]), (&json!(true), &json!(true)));
    assert_eq!((&plan(4)["waits_for_word"], &plan(4)["is_due"]), (&json!(false), &json!(false)));
    assert_eq!(release(&case, run).await["version"], waiting["version"], "nobody has named it");
    set_status(&case, run, "paused").await;
    set_status(&case, run, "active").await;
    assert_eq!(states(&case.counselor, run).await, ["released", "waiting", "waiting", "waiting"]);
    let early = let_out(&case, run, 4).await;
    assert_eq!(early.text_at("/detail"), "this step does not wait for a counselor to let it out, or not yet");
    assert_eq!(early.text_at("/errors/0/pointer"), "/position");
    assert_eq!(let_out(&case, run, 5).await.text_at("/detail"), "the program has no step at this position");

    for _ in 0..2 {
        let_out(&case, run, 2).await.expect_status(200);
        assert_eq!(states(&case.counselor, run).await, ["released", "released", "released", "waiting"]);
    }
    assert_eq!(let_out(&case, run, 4).await.status(), 200);
    assert_eq!(states(&case.counselor, run).await, ["released"; 4]);
}

async fn forgiving_never_begins_by_itself(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let mut rules = steps(&[("apology", "after_completion"), ("forgiveness", "after_delay")]);
    rules[1]["release_days"] = json!(7);
    let run = case.start(case.program(rules).await, json!({})).await;

    until(&app, "2026-10-05T12:00:00Z");
    assert_eq!(run_jobs(&app).await, 0);
    complete(&case, run, 1).await;

    assert_eq!(states(&case.counselor, run).await, ["done", "waiting"]);
    assert_eq!(show(&case.counselor, run).await["steps"][1]["plan"]["waits_for_word"], json!(true));
    assert_eq!(let_out(&case, run, 2).await.status(), 200);
    assert_eq!(states(&case.counselor, run).await, ["done", "released"]);
}

async fn a_partner_cannot_tell_what_a_step_waits_for(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let rules = [("professional-help", "after_completion"), ("vulnerability", "by_hand")];
    let run = case.start(case.program(steps(&rules)).await, json!({})).await;
    let seen = show(&case.kim.person, run).await;
    case.screen(&case.lee, json!({ "status": "stop" })).await;

    let_out(&case, run, 2).await.expect_status(200);

    let held = show(&case.counselor, run).await;
    assert_eq!(held["steps"][1]["plan"]["held"], "safety");
    assert_eq!(show(&case.kim.person, run).await, seen, "a hold looks like a word that was not given");
    case.screen(&case.lee, json!({ "status": "clear" })).await;
    assert_eq!(release(&case, run).await["steps"][1]["state"], "released", "the word need not be given twice");
    let path = format!("/v1/program-runs/{run}/releases");
    assert_eq!(case.kim.person.post(path, json!({ "position": 2 })).await.status(), 403);
}
