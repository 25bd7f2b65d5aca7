//! The agenda of a session: what is on it, whose confidence it is, and for whom it is not.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, answers, items},
    stories,
};
use uuid::Uuid;

use crate::sign_ins::trail;

stories![
    an_agenda_gathers_what_waits_to_be_taken_up,
    what_one_wrote_for_the_counselor_is_not_brought_up_with_the_other,
    under_no_secrets_everything_may_be_brought_up,
    what_was_brought_to_a_session_that_was_held_is_gone,
    a_flag_that_was_taken_up_is_gone,
    a_pulse_that_moved_comes_up_with_what_it_is_compared_with,
    nobody_is_overdue_for_healing,
    a_step_that_waits_for_a_word_is_there_until_it_is_given,
    a_step_that_is_held_says_by_what_and_for_safety_only_to_whom_it_is_about,
    an_agenda_says_that_some_was_left_out,
    an_agenda_is_for_counselors_only_and_reading_it_leaves_a_trace,
];

async fn agenda(case: &Case, query: &str) -> Value {
    case.counselor.get(format!("/v1/couples/{}/agenda?{query}", case.couple)).await.expect_status(200).json()
}

async fn help(case: &Case) -> Uuid {
    case.assign(json!({ "exercise": "professional-help" })).await
}

async fn brings(partner: &Partner, assignment: Uuid, visibility: &str) -> Uuid {
    let wanted = json!({ "answers": Kind::BringToSession.example(), "visibility": visibility });
    partner.submit(assignment, wanted).await
}

fn section(agenda: &Value, name: &str) -> Vec<Value> {
    items(&agenda[name]["items"]).to_vec()
}

async fn an_agenda_gathers_what_waits_to_be_taken_up(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = help(&case).await;
    let topic = brings(&case.lee, assignment, "shared").await;
    let flag = case.review(topic, json!({ "flagged_for_session": true })).await;
    let late = case.assign(json!({ "exercise": "apology", "due_on": "2026-09-22" })).await;
    let promise = case.lee.promise(case.couple, "I call when I am late.").await;
    let of_day = |what: &str| format!("/v1/promises/{promise}/outcomes/2026-09-21/{what}");
    let claim = TestRequest::put().uri(&of_day("claim")).set_json(json!({ "claim": "kept" }));
    case.lee.person.send(claim).await.expect_status(201);
    let denied = json!({ "confirmation": "disputed" });
    case.kim.person.put(of_day("confirmation"), denied).await.expect_status(200);
    let talks = case.assign(json!({ "exercise": "transparent-communication", "mode": "joint" })).await;
    let mut openness = case.answers_of(Kind::TransparencyAgreement, &case.kim).await;
    openness["starts_on"] = json!("2026-09-21");
    openness["review_on"] = json!("2026-09-28");
    openness["expires_on"] = json!("2026-12-01");
    let openness = case.kim.submit(talks, json!({ "answers": openness })).await;
    app.advance(TimeDelta::days(3));

    let agenda = agenda(&case, "").await;

    assert_eq!(section(&agenda, "flags")[0]["review_id"], json!(flag));
    let brought = &section(&agenda, "brought")[0];
    assert_eq!((&brought["topic"], &brought["entry"]["partner_id"]), (&json!("The holidays."), &json!(case.lee.id)));
    let overdue: Vec<_> = section(&agenda, "overdue").iter().map(|item| item["partner_id"].clone()).collect();
    assert_eq!(overdue, [json!(case.lee.id), json!(case.kim.id)]);
    assert_eq!(section(&agenda, "overdue")[0]["assignment_id"], json!(late));
    let dispute = &section(&agenda, "disputes")[0];
    assert_eq!((&dispute["promise_id"], &dispute["claim"]), (&json!(promise), &json!("kept")));
    let wanted = json!({ "entry_id": openness, "day": "review", "on": "2026-09-28", "past": false });
    assert_eq!(section(&agenda, "agreements"), [wanted]);
    assert_eq!((&agenda["waiting_count"], section(&agenda, "waiting").len()), (&json!(1), 1));
    assert_eq!((&agenda["since"], &agenda["partner_id"]), (&Value::Null, &Value::Null));
}

async fn what_one_wrote_for_the_counselor_is_not_brought_up_with_the_other(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = help(&case).await;
    let secret = brings(&case.lee, assignment, "counselor_only").await;
    let open = brings(&case.lee, assignment, "shared").await;
    let shown = async |query: String| -> Vec<(Value, Value)> {
        let agenda = agenda(&case, &query).await;
        let brought = section(&agenda, "brought");
        brought.iter().map(|item| (item["entry"]["id"].clone(), item["private_to"].clone())).collect()
    };

    let joint = [(json!(secret), json!(case.lee.id)), (json!(open), Value::Null)];
    assert_eq!(shown(String::new()).await, joint);
    let session = case.session(json!({})).await;
    assert_eq!(shown(format!("session_id={session}")).await, joint);
    let own = [(json!(secret), Value::Null), (json!(open), Value::Null)];
    assert_eq!(shown(format!("partner_id={}", case.lee.id)).await, own);
    let with_kim = case.session(json!({ "partner_id": case.kim.id })).await;
    assert_eq!(shown(format!("session_id={with_kim}")).await, [(json!(open), Value::Null)]);
}

async fn under_no_secrets_everything_may_be_brought_up(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = help(&case).await;
    brings(&case.lee, assignment, "counselor_only").await;
    case.set_policy(json!({ "kind": "no_secrets" })).await;

    for query in [String::new(), format!("partner_id={}", case.kim.id)] {
        assert_eq!(section(&agenda(&case, &query).await, "brought")[0]["private_to"], Value::Null);
    }
}

async fn what_was_brought_to_a_session_that_was_held_is_gone(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = help(&case).await;
    brings(&case.lee, assignment, "shared").await;
    let with_kim = case.session(json!({ "partner_id": case.kim.id, "starts_at": "2026-09-22T12:00:00Z" })).await;
    let joint = case.session(json!({ "starts_at": "2026-09-23T12:00:00Z" })).await;
    app.advance(TimeDelta::days(3));
    let hold = async |session: Uuid| {
        case.counselor.patch(format!("/v1/sessions/{session}"), json!({ "status": "held" })).await.expect_status(200);
    };

    hold(with_kim).await;
    assert_eq!(section(&agenda(&case, "").await, "brought").len(), 1, "Lee was not there");
    hold(joint).await;
    let after = agenda(&case, "").await;
    assert_eq!((section(&after, "brought").len(), &after["since"]), (0, &json!("2026-09-23T12:00:00Z")));
    let prepared = agenda(&case, &format!("session_id={joint}")).await;
    assert_eq!(section(&prepared, "brought").len(), 1, "for the session itself it is still there");
    brings(&case.lee, assignment, "shared").await;
    assert_eq!(section(&agenda(&case, "").await, "brought").len(), 1);
}

async fn a_flag_that_was_taken_up_is_gone(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = help(&case).await;
    let entry = case.lee.submit(assignment, json!({ "answers": Kind::Concern.example() })).await;
    let flag = case.review(entry, json!({ "flagged_for_session": true })).await;
    assert_eq!(section(&agenda(&case, "").await, "flags")[0]["private_to"], json!(case.lee.id));

    case.counselor.post(format!("/v1/flags/{flag}/taking-up"), json!({})).await.expect_status(200);

    assert!(section(&agenda(&case, "").await, "flags").is_empty());
}

async fn a_pulse_that_moved_comes_up_with_what_it_is_compared_with(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help", "cadence": "FREQ=DAILY" })).await;
    for trust in [9, 6, 7, 8, 4] {
        let pulse = json!({ "answers": answers(Kind::Pulse, "trust", json!(trust)) });
        case.lee.submit(assignment, pulse).await;
        app.advance(TimeDelta::days(1));
    }

    let moved = section(&agenda(&case, "").await, "pulses");

    assert_eq!(moved.len(), 1);
    assert_eq!((&moved[0]["scale"], &moved[0]["partner_id"]), (&json!("trust"), &json!(case.lee.id)));
    assert_eq!((&moved[0]["latest"], &moved[0]["before"], &moved[0]["n"]), (&json!(4.0), &json!(7.0), &json!(3)));
    assert_eq!(moved[0]["private_to"], json!(case.lee.id));
}

async fn nobody_is_overdue_for_healing(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    for exercise in ["time-and-space", "forgiveness"] {
        case.assign(json!({ "exercise": exercise })).await;
    }
    app.advance(TimeDelta::days(400));

    assert!(section(&agenda(&case, "").await, "overdue").is_empty());
}

fn releases(run: Uuid) -> String {
    format!("/v1/program-runs/{run}/releases")
}

async fn a_step_that_waits_for_a_word_is_there_until_it_is_given(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let rules = [("professional-help", "after_completion"), ("apology", "by_hand"), ("consistency", "by_hand")];
    let steps = rules.map(|(exercise, release)| json!({ "exercise": exercise, "release": release }));
    let run = case.start(case.program(json!(steps)).await, json!({})).await;
    let waiting = async || section(&agenda(&case, "").await, "steps");

    let first = json!({
        "program_run_id": run, "program_name": "After the move", "position": 2, "exercise": "apology",
        "own_exercise_id": null, "title": "A full apology", "partner_id": null,
        "waits_for": "word", "private_to": null,
    });
    assert_eq!(waiting().await, [first], "it is not the turn of the third");
    let status = format!("/v1/program-runs/{run}/status");
    case.counselor.put(&status, json!({ "status": "paused" })).await.expect_status(200);
    assert!(waiting().await.is_empty(), "nothing goes out");
    case.counselor.put(&status, json!({ "status": "active" })).await.expect_status(200);
    case.counselor.post(releases(run), json!({ "position": 2 })).await.expect_status(200);
    let then: Vec<_> = waiting().await.iter().map(|step| step["position"].clone()).collect();
    assert_eq!(then, [json!(3)]);
}

async fn a_step_that_is_held_says_by_what_and_for_safety_only_to_whom_it_is_about(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let step = json!({ "exercise": "shared-rituals", "release": "after_completion" });
    let program = case.program(json!([step])).await;
    case.screen(&case.lee, json!({ "status": "stop" })).await;
    let run = case.start(program, json!({})).await;
    let waiting = async |query: String| -> Vec<(Value, Value)> {
        let steps = section(&agenda(&case, &query).await, "steps");
        steps.iter().map(|step| (step["waits_for"].clone(), step["private_to"].clone())).collect()
    };
    let [with_lee, with_kim] = [&case.lee, &case.kim].map(|partner| format!("partner_id={}", partner.id));

    assert_eq!(waiting(String::new()).await, [(json!("safety"), json!(case.lee.id))]);
    assert_eq!(waiting(with_lee).await, [(json!("safety"), Value::Null)]);
    assert_eq!(waiting(with_kim.clone()).await, []);
    case.screen(&case.lee, json!({ "status": "clear" })).await;
    let of_both = [&case.lee, &case.kim].map(|partner| (json!("retry"), json!(partner.id)));
    assert_eq!(waiting(String::new()).await, of_both);
    assert_eq!(waiting(with_kim).await, [], "whose safety it was is not for Kim to hear");
    case.counselor.post(releases(run), json!({})).await.expect_status(200);
    assert_eq!(waiting(String::new()).await, []);
    case.set_policy(json!({ "kind": "no_secrets" })).await;
    case.start(program, json!({})).await;
    assert_eq!(waiting(String::new()).await, [(json!("policy"), Value::Null)]);
}

async fn an_agenda_says_that_some_was_left_out(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = help(&case).await;
    for _ in 0..21 {
        brings(&case.lee, assignment, "shared").await;
    }

    let agenda = agenda(&case, "").await;

    assert_eq!((section(&agenda, "brought").len(), &agenda["brought"]["more"]), (20, &json!(true)));
    assert_eq!((&agenda["waiting_count"], &agenda["waiting"]["more"]), (&json!(21), &json!(true)));
    assert_eq!(agenda["flags"]["more"], json!(false));
}

async fn an_agenda_is_for_counselors_only_and_reading_it_leaves_a_trace(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (owner, ben, susan) = (app.owner().await, app.counselor("ben").await, app.supervisor("susan").await);
    case.supervised_by(&susan, &owner).await;
    let assignment = help(&case).await;
    let own = brings(&case.lee, assignment, "counselor_only").await;
    let path = format!("/v1/couples/{}/agenda", case.couple);

    for partner in [&case.lee.person, &case.kim.person, &app.assistant("alex").await] {
        assert_eq!(partner.get(&path).await.problem().0, 403);
    }
    case.lee.person.get(format!("/v1/entries/{own}")).await.expect_status(200);
    assert_eq!(case.kim.person.get(format!("/v1/entries/{own}")).await.problem().0, 404);
    assert_eq!(ben.get(&path).await.problem().0, 404);
    susan.get(&path).await.expect_status(200);
    let read = trail(&owner).await;
    for action in ["agenda.read", "entry.read"] {
        assert!(read.iter().any(|event| event["action"] == action), "{action}");
    }
    let elsewhere = Case::of(&app, "bea", ["sam", "max"]).await;
    let foreign = elsewhere.session(json!({})).await;
    for query in [
        format!("partner_id={}", Uuid::nil()),
        format!("partner_id={}&session_id={foreign}", case.lee.id),
        "until=2026-09-01".to_owned(),
    ] {
        assert_eq!(case.counselor.get(format!("{path}?{query}")).await.problem().0, 400, "{query}");
    }
    let unknown = case.counselor.get(format!("{path}?session_id={}", Uuid::nil())).await;
    assert_eq!(unknown.problem(), (400, "malformed-parameter".to_owned()));
    for person in [&case.counselor, &owner] {
        let refused = person.get(format!("{path}?session_id={foreign}")).await;
        assert_eq!(
            (refused.status(), &refused.json()["errors"]),
            (400, &unknown.json()["errors"]),
            "as if it were none"
        );
    }
}
