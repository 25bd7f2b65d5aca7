//! The safety gate: joint work and openness rest for as long as a partner is not clear, and a counselor pauses whatever else should rest.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, items},
    person::{Person, Reply},
    stories,
};
use uuid::Uuid;

use crate::sign_ins::trail;

stories![
    openness_that_was_given_rests_once_a_partner_is_not_clear,
    what_was_written_before_stays_as_it_was,
    a_reason_lets_it_go_on_until_something_worse_is_known,
    a_reason_it_went_out_with_covers_it_as_long,
    a_counselor_pauses_one_assignment_and_lets_it_go_on,
    the_next_session_and_the_caseload_name_what_is_held,
    what_is_held_is_not_overdue,
    a_step_that_went_out_is_held_and_nothing_comes_after_it,
    promises_go_on_while_joint_work_is_held,
    whoever_has_no_part_in_the_treatment_learns_nothing_of_it,
];

async fn screen(app: &TestApp, case: &Case, status: &str) {
    app.advance(TimeDelta::hours(1));
    case.screen(&case.lee, json!({ "status": status })).await;
    app.advance(TimeDelta::hours(1));
}

async fn show(person: &Person, assignment: Uuid) -> Value {
    person.get(format!("/v1/assignments/{assignment}")).await.expect_status(200).json()
}

async fn rests(case: &Case, assignment: Uuid) -> bool {
    show(&case.kim.person, assignment).await["paused"] == json!(true)
}

async fn set_aside(case: &Case, assignment: Uuid, reason: &str) -> Reply {
    case.counselor.put(format!("/v1/assignments/{assignment}/safety-override"), json!({ "reason": reason })).await
}

async fn pause(case: &Case, assignment: Uuid, paused: bool) -> Value {
    let path = format!("/v1/assignments/{assignment}/pause");
    case.counselor.put(path, json!({ "paused": paused })).await.expect_status(200).json()
}

/// A talk of today, as Lee tells it.
async fn talk(case: &Case) -> Value {
    json!({ "answers": case.answers_of(Kind::TalkLog, &case.lee).await })
}

async fn openness_that_was_given_rests_once_a_partner_is_not_clear(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let talks = case.assign(json!({ "exercise": "transparent-communication" })).await;
    let draft = case.lee.draft(talks, talk(&case).await).await;
    assert!(!rests(&case, talks).await);

    screen(&app, &case, "stop").await;

    let to_counselor = show(&case.counselor, talks).await;
    assert_eq!((&to_counselor["paused"], &to_counselor["held_for"]), (&json!(true), &json!([case.lee.id])));
    let entries = format!("/v1/assignments/{talks}/entries");
    let volunteered = json!({ "answers": Kind::VolunteeredInformation.example() });
    for refused in [
        case.kim.person.post(&entries, volunteered).await,
        case.counselor.post(&entries, talk(&case).await).await,
        case.lee.person.post(format!("/v1/entries/{draft}/submission"), Value::Null).await,
        case.kim
            .person
            .put(format!("/v1/assignments/{talks}/standings/{}", case.kim.id), json!({ "status": "opened" }))
            .await,
    ] {
        assert_eq!(refused.problem(), (422, "rule-broken".to_owned()));
        assert_eq!(
            refused.text_at("/detail"),
            "this assignment is paused: nothing is recorded for it until it goes on"
        );
    }

    screen(&app, &case, "clear").await;
    assert!(!rests(&case, talks).await, "it goes on by itself");
    case.lee.person.post(format!("/v1/entries/{draft}/submission"), Value::Null).await.expect_status(200);
}

async fn what_was_written_before_stays_as_it_was(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let cause = case.assign(json!({ "exercise": "root-cause" })).await;
    let told = case.lee.submit(cause, json!({ "answers": Kind::RootCauseAccount.example() })).await;
    let felt = case.kim.submit(cause, json!({ "answers": Kind::RootCauseImpact.example() })).await;
    let draft = case.lee.draft(cause, json!({ "answers": Kind::RootCauseQuestion.example() })).await;
    let read = async |person: &Person, entry: Uuid| person.get(format!("/v1/entries/{entry}")).await.json();
    let before = (read(&case.kim.person, told).await, read(&case.lee.person, felt).await);

    screen(&app, &case, "concern").await;

    assert_eq!((read(&case.kim.person, told).await, read(&case.lee.person, felt).await), before);
    case.review(told, json!({ "feedback": "Thank you." })).await;
    let rewritten = json!({ "answers": Kind::RootCauseAccount.example() });
    let corrected = case.lee.person.post(format!("/v1/entries/{told}/corrections"), rewritten).await;
    assert_eq!(corrected.problem(), (422, "rule-broken".to_owned()));
    let opened =
        case.lee.person.put(format!("/v1/entries/{draft}/visibility"), json!({ "visibility": "shared" })).await;
    assert_eq!(opened.text_at("/detail"), corrected.text_at("/detail"));
    case.lee.person.delete(format!("/v1/entries/{draft}")).await.expect_status(204);
}

async fn a_reason_lets_it_go_on_until_something_worse_is_known(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let rituals = case.assign(json!({ "exercise": "shared-rituals" })).await;
    assert_eq!(set_aside(&case, rituals, "Just in case.").await.problem(), (422, "rule-broken".to_owned()));
    screen(&app, &case, "concern").await;

    let going_on = set_aside(&case, rituals, "Both asked for it, each alone.").await.expect_status(200).json();

    assert_eq!((&going_on["paused"], &going_on["held_for"]), (&json!(false), &json!([])));
    assert_eq!(going_on["safety_override"]["reason"], "Both asked for it, each alone.");
    assert_eq!(going_on["version"], 1, "the partners, who see it, can't tell");
    screen(&app, &case, "concern").await;
    assert!(!rests(&case, rituals).await, "nothing worse is known");
    screen(&app, &case, "stop").await;
    assert!(rests(&case, rituals).await, "the reason was given for less");
    set_aside(&case, rituals, "Only the walk, in daylight.").await.expect_status(200);
    assert!(!rests(&case, rituals).await);
    let reasons: Vec<_> = trail(&app.owner().await).await;
    let reasons = reasons.iter().filter(|event| event["action"] == "assignment.safety_set_aside");
    assert_eq!(reasons.filter(|event| event["reason"].is_string()).count(), 2, "both reasons are kept");
}

async fn a_reason_it_went_out_with_covers_it_as_long(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    screen(&app, &case, "concern").await;
    let wanted = json!({ "exercise": "shared-rituals", "overrides": { "safety": "Lee asked for it." } });
    let rituals = case.assign(wanted).await;
    assert!(!rests(&case, rituals).await);

    screen(&app, &case, "clear").await;
    assert!(!rests(&case, rituals).await);
    screen(&app, &case, "concern").await;

    assert!(rests(&case, rituals).await, "what comes back is new");
}

async fn a_counselor_pauses_one_assignment_and_lets_it_go_on(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (help, other) = (case.assign(json!({ "exercise": "professional-help" })).await, {
        case.assign(json!({ "exercise": "apology", "due_on": "2026-09-22" })).await
    });
    let seen = show(&case.kim.person, help).await;

    let paused = pause(&case, help, true).await;

    assert_eq!((&paused["paused"], &paused["pause"]["by"]), (&json!(true), &json!(case.counselor.id)));
    app.advance(TimeDelta::hours(1));
    assert_eq!(pause(&case, help, true).await, paused, "since then");
    let known = TestRequest::get().uri(&format!("/v1/assignments/{help}")).insert_header(("if-none-match", "\"1\""));
    let to_kim = case.kim.person.send(known).await.expect_status(200).json();
    assert_eq!((&to_kim["paused"], &to_kim["pause"], &to_kim["held_for"]), (&json!(true), &Value::Null, &Value::Null));
    let path = format!("/v1/assignments/{help}/pause");
    for person in [&case.kim.person, &app.assistant("alex").await] {
        assert_eq!(person.put(&path, json!({ "paused": false })).await.status(), 403);
    }
    let check = json!({ "answers": Kind::Pulse.example() });
    let refused = case.kim.person.post(format!("/v1/assignments/{help}/entries"), check.clone()).await;
    assert_eq!(refused.problem(), (422, "rule-broken".to_owned()));
    assert!(!rests(&case, other).await, "only this one");

    assert_eq!(pause(&case, help, false).await["pause"], Value::Null);
    assert_eq!(show(&case.kim.person, help).await, seen);
    case.kim.submit(help, check).await;
}

async fn the_next_session_and_the_caseload_name_what_is_held(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let rituals = case.assign(json!({ "exercise": "shared-rituals" })).await;
    case.assign(json!({ "exercise": "apology" })).await;
    let paused = case.assign(json!({ "exercise": "professional-help" })).await;
    pause(&case, paused, true).await;
    case.set_policy(json!({ "kind": "no_secrets" })).await;
    let held = async |query: &str| {
        let agenda = case.counselor.get(format!("/v1/couples/{}/agenda?{query}", case.couple)).await;
        items(&agenda.expect_status(200).json()["held"]["items"]).to_vec()
    };
    let caseload = async || case.counselor.get("/v1/caseload").await.json()["items"][0]["held"].clone();
    assert_eq!((held("").await, caseload().await), (vec![], json!(0)));

    screen(&app, &case, "concern").await;

    let item = |private_to: Value| {
        json!({
            "assignment_id": rituals, "exercise": "shared-rituals", "partner_id": case.lee.id, "private_to": private_to,
        })
    };
    assert_eq!(held("").await, [item(json!(case.lee.id))], "nobody speaks of it with Kim");
    assert_eq!(held(&format!("partner_id={}", case.lee.id)).await, [item(Value::Null)]);
    assert_eq!(held(&format!("partner_id={}", case.kim.id)).await, Vec::<Value>::new());
    assert_eq!(caseload().await, json!(1));
}

async fn what_is_held_is_not_overdue(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let due = json!({ "exercise": "shared-rituals", "cadence": null, "due_on": "2026-09-22" });
    let (held, paused) = (case.assign(due.clone()).await, case.assign(due).await);
    let overdue = async || case.counselor.get("/v1/caseload").await.json()["items"][0]["overdue"].clone();
    app.advance(TimeDelta::days(3));
    assert_eq!(overdue().await, json!(4));

    pause(&case, paused, true).await;
    assert_eq!(overdue().await, json!(2));
    screen(&app, &case, "stop").await;

    assert_eq!(overdue().await, json!(0));
    let agenda = case.counselor.get(format!("/v1/couples/{}/agenda", case.couple)).await.json();
    assert_eq!(agenda["overdue"]["items"], json!([]));
    pause(&case, paused, false).await;
    set_aside(&case, held, "They are to finish it.").await.expect_status(200);
    assert_eq!(overdue().await, json!(2), "what is done once is late again, and what is held still is not");
}

async fn a_step_that_went_out_is_held_and_nothing_comes_after_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let step = json!({ "exercise": "shared-rituals", "release": "after_completion" });
    let run = case.start(case.program(json!([step, step])).await, json!({})).await;
    let shown = async || case.counselor.get(format!("/v1/program-runs/{run}")).await.expect_status(200).json();
    let first: Uuid =
        shown().await["steps"][0]["assignment_id"].as_str().and_then(|id| id.parse().ok()).expect("an id");

    screen(&app, &case, "stop").await;
    assert!(rests(&case, first).await);
    let releases = json!({ "overrides": { "safety": "Lee asked for it." } });
    case.counselor.post(format!("/v1/program-runs/{run}/releases"), releases).await.expect_status(200);
    assert!(rests(&case, first).await, "a reason for what goes out is none for what is out");
    let ended = json!({ "how": "completed" });
    case.counselor.put(format!("/v1/assignments/{first}/ending"), ended).await.expect_status(200);

    let next = &shown().await["steps"][1];
    assert_eq!((&next["state"], &next["plan"]["held"]), (&json!("waiting"), &json!("safety")));
    assert!(!rests(&case, first).await, "what is over rests no more");
}

async fn promises_go_on_while_joint_work_is_held(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let consistency = case.assign(json!({ "exercise": "consistency", "mode": "parallel" })).await;
    screen(&app, &case, "stop").await;
    assert!(rests(&case, consistency).await);

    let promise = case.lee.promise(case.couple, "I call when I am late.").await;

    let outcome = |what: &str| format!("/v1/promises/{promise}/outcomes/2026-09-21/{what}");
    let claim = TestRequest::put().uri(&outcome("claim")).set_json(json!({ "claim": "kept" }));
    case.lee.person.send(claim).await.expect_status(201);
    let seen = json!({ "confirmation": "confirmed" });
    case.kim.person.put(outcome("confirmation"), seen).await.expect_status(200);
}

/// What is scheduling and contact data is the same to the byte.
async fn whoever_has_no_part_in_the_treatment_learns_nothing_of_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let rituals = case.assign(json!({ "exercise": "shared-rituals" })).await;
    case.session(json!({})).await;
    let alex = app.assistant("alex").await;
    let couple = format!("/v1/couples/{}", case.couple);
    let view = async || {
        let mut view = Vec::new();
        for path in [
            couple.clone(),
            "/v1/couples".to_owned(),
            "/v1/sessions?from=2026-09-01&until=2026-09-30".to_owned(),
            format!("{couple}/assignments"),
            format!("{couple}/agenda"),
            format!("{couple}/safety"),
            format!("/v1/assignments/{rituals}"),
            "/v1/caseload".to_owned(),
        ] {
            let request = TestRequest::get().uri(&path).insert_header(("x-request-id", "the-same-for-all"));
            view.push(alex.send(request).await.whole());
        }
        view
    };
    let before = view().await;

    case.screen(&case.lee, json!({ "status": "stop" })).await;

    assert!(rests(&case, rituals).await);
    assert_eq!(view().await, before);
    assert_eq!(set_aside_by(&alex, rituals).await.status(), 403);
}

async fn set_aside_by(person: &Person, assignment: Uuid) -> Reply {
    person.put(format!("/v1/assignments/{assignment}/safety-override"), json!({ "reason": "They asked." })).await
}
