//! What one partner can infer of the other: nothing. The whole view of one partner, every operation that reads, with headers and
//! pages, is the same to the byte whether there is something hidden or not.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use domain::exercises::{Kind, Slug};
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, answers},
    practice::write_again,
    stories,
};
use uuid::Uuid;

use super::{
    hidden::{
        ENTRIES, EXERCISES, GATE_CLOSES, PEOPLE_AND_SESSIONS, SAFETY, WORK_ALONE, all_hidden, hide, pause_joint_work,
    },
    view::{Known, SAME_REQUEST, assert_same, entry},
};
use crate::access::{
    operations::{Operation, operations},
    situations,
    world::{Caller, World},
};

stories![
    nothing_hidden_shows,
    no_hidden_entry_shows,
    nothing_of_work_alone_shows,
    nothing_of_a_persons_own_or_of_sessions_alone_shows,
    nothing_said_in_confidence_in_an_exercise_shows,
    nothing_of_safety_shows,
    nothing_hidden_shows_in_what_comes_after_it,
    however_much_is_hidden_it_pushes_nothing_out,
    a_hidden_entry_is_like_one_that_is_not_there,
    what_only_counselors_read_of_something_shared_does_not_show,
    what_a_partner_is_answered_to_a_write_does_not_tell_what_is_hidden,
    what_a_partner_may_write_does_not_tell_of_a_breach,
    naming_what_is_hidden_is_like_naming_nothing,
];

async fn nothing_hidden_shows(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let known = Known::after_sharing(&case).await;
    let kim = &case.kim.person;
    let mut before = known.view(kim).await;

    for step in all_hidden() {
        app.advance(TimeDelta::seconds(20));
        if step == GATE_CLOSES {
            assert_same(&before, &known.view(kim).await, "what goes on, by some parameter");
            pause_joint_work(&case).await;
            before = known.view(kim).await;
        }
        hide(step, &case, &known).await;
    }

    assert_same(&before, &known.view(kim).await, "all of it, by some parameter");
    assert!(before.values().any(|answer| answer.contains("To sleep again.")), "nothing was read");
    let glanced = known.glance(kim).await;
    case.lee.promise(case.couple, "I am home by six.").await;
    assert_ne!(glanced, known.glance(kim).await, "what is shared shows");
}

async fn no_hidden_entry_shows(app: TestApp) {
    watch(&app, ENTRIES).await;
}

async fn nothing_of_work_alone_shows(app: TestApp) {
    watch(&app, WORK_ALONE).await;
}

async fn nothing_of_a_persons_own_or_of_sessions_alone_shows(app: TestApp) {
    watch(&app, PEOPLE_AND_SESSIONS).await;
}

async fn nothing_said_in_confidence_in_an_exercise_shows(app: TestApp) {
    watch(&app, EXERCISES).await;
}

async fn nothing_of_safety_shows(app: TestApp) {
    watch(&app, SAFETY).await;
}

/// As many as are looked at of an exercise, at most.
const MOST_OF_EXERCISE: usize = 2_000;

async fn however_much_is_hidden_it_pushes_nothing_out(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let known = Known::after_sharing(&case).await;
    for visibility in ["counselor_only", "reveal_together"] {
        let private = case.lee.submit(known.assignment(), entry(visibility)).await;
        let before = known.glance(&case.kim.person).await;

        write_again(&app, &case.lee.person, private, MOST_OF_EXERCISE).await;

        assert_same(&before, &known.glance(&case.kim.person).await, "what there is a lot of");
    }
    let before = known.glance(&case.kim.person).await;
    assert!(before.values().any(|answer| answer.contains("To sleep again.")), "nothing was read");
}

/// Looks again after each of these things: so it is known which one shows, and nothing that shows is covered up by the next.
async fn watch(app: &TestApp, steps: &[usize]) {
    let case = Case::lee_and_kim(app).await;
    let known = Known::after_sharing(&case).await;
    let kim = &case.kim.person;
    if steps.contains(&GATE_CLOSES) {
        pause_joint_work(&case).await;
    }
    let before = known.glance(kim).await;
    for step in steps {
        app.advance(TimeDelta::seconds(20));
        let what = hide(*step, &case, &known).await;
        assert_same(&before, &known.glance(kim).await, what);
    }
}

async fn nothing_hidden_shows_in_what_comes_after_it(app: TestApp) {
    let twin = twin_of(&app).await;
    let (case, other) = (Case::lee_and_kim(&app).await, Case::lee_and_kim(&twin).await);
    let (known, other_known) = (Known::after_sharing(&case).await, Known::after_sharing(&other).await);
    for step in all_hidden() {
        hide(step, &case, &known).await;
    }
    pause_joint_work(&other).await;
    same_ids_from_here(&app, &twin);

    let (later, other_later) = (Known::after_sharing(&case).await, Known::after_sharing(&other).await);

    assert_eq!((&known.0, &later.0), (&other_known.0, &other_later.0), "the twins do the same");
    let (seen, other_seen) = (later.view(&case.kim.person).await, later.view(&other.kim.person).await);
    assert_same(&other_seen, &seen, "all that is hidden, before something shared");
}

async fn a_hidden_entry_is_like_one_that_is_not_there(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let known = Known::after_sharing(&case).await;
    let assignment = known.assignment();
    let hidden = [
        case.lee.submit(assignment, entry("counselor_only")).await,
        case.lee.submit(assignment, entry("reveal_together")).await,
        case.lee.draft(assignment, entry("shared")).await,
    ];

    let asked = operations().into_iter().filter(|asked| asked.path.contains("{entry_id}") && !asked.takes_body);
    for operation in asked {
        let nothing = ask_for(&case.kim, &operation, Uuid::nil()).await;
        for entry in hidden {
            assert_eq!(ask_for(&case.kim, &operation, entry).await, nothing, "{}", operation.id);
        }
    }
}

async fn ask_for(partner: &Partner, operation: &Operation, entry: Uuid) -> String {
    let path = operation.path.replace("{entry_id}", &entry.to_string());
    let request = TestRequest::default().method(operation.method.parse().expect("a method")).uri(&path);
    partner.person.send(request.insert_header(("if-match", "*")).insert_header(SAME_REQUEST)).await.whole()
}

/// Twins do the same but for what only counselors read, and so have the same ids.
async fn what_only_counselors_read_of_something_shared_does_not_show(app: TestApp) {
    let twin = twin_of(&app).await;
    let mut views = Vec::new();
    for (app, is_hiding) in [(&app, true), (&twin, false)] {
        let case = Case::lee_and_kim(app).await;
        let mut known = Known::after_sharing(&case).await;
        known.add("entry_id", share_with_a_line(&case, known.assignment(), is_hiding).await);
        pause_joint_work(&case).await;
        known.add("assignment_id", assign_in_concern(&case, is_hiding).await);
        views.push((known.view(&case.kim.person).await, known));
    }
    assert_eq!(views[0].1.0, views[1].1.0, "the twins do the same");
    assert_same(
        &views[1].0,
        &views[0].0,
        "a line for the counselor, a draft that was rewritten, a linked breach, an override",
    );
}

async fn share_with_a_line(case: &Case, assignment: Uuid, is_hiding: bool) -> Uuid {
    let (mut wanted, path) = (entry("shared"), |entry| format!("/v1/entries/{entry}"));
    if is_hiding {
        wanted["for_counselor"] = json!("I am not sure that I mean it.");
    }
    let shared = case.lee.draft(assignment, wanted.clone()).await;
    for field in ["visibility", "embargoed_until"] {
        wanted.as_object_mut().and_then(|fields| fields.remove(field));
    }
    // Each request takes an id, so the twin asks as often and changes nothing.
    for _ in 0..2 {
        if is_hiding {
            case.lee.person.patch(path(shared), wanted.clone()).await.expect_status(200);
        } else {
            case.lee.person.get(path(shared)).await.expect_status(200);
        }
    }
    case.lee.person.post(format!("{}/submission", path(shared)), Value::Null).await.expect_status(200);
    shared
}

/// Joint work, with a reason where Lee's safety is a concern, and with or without a breach that it is about.
async fn assign_in_concern(case: &Case, is_hiding: bool) -> Uuid {
    let breach = case.record_breach(json!({ "kind": "secrecy", "came_to_light": "disclosed" })).await;
    case.screen(&case.lee, json!({ "status": if is_hiding { "concern" } else { "clear" } })).await;
    case.set_policy(json!({ "kind": "individual" })).await;
    let mut wanted = json!({ "exercise": "shared-rituals" });
    if is_hiding {
        wanted["overrides"] = json!({ "safety": "Lee asked for it.", "policy": "Both know it." });
    } else {
        wanted["overrides"] = json!({ "policy": "They will sign." });
    }
    if is_hiding {
        wanted["breach_id"] = json!(breach);
    }
    case.assign(wanted).await
}

/// Every operation of the document that writes, asked by Kim, where everything is hidden that can be, and where nothing is.
async fn what_a_partner_is_answered_to_a_write_does_not_tell_what_is_hidden(app: TestApp) {
    let twin = twin_of(&app).await;
    let (world, other) = (World::new(app.clone()).await, World::new(twin.clone()).await);
    let (known, other_known) = (Known::after_sharing(&world.case).await, Known::after_sharing(&other.case).await);
    assert_eq!(known.0, other_known.0, "the twins do the same");
    for step in all_hidden() {
        hide(step, &world.case, &known).await;
    }
    pause_joint_work(&other.case).await;
    same_ids_from_here(&app, &twin);

    let mut answered = 0;
    for operation in operations().iter().filter(|operation| operation.method != "GET" && !operation.public) {
        for situation in situations(&operation.id) {
            let shown = world.ask(operation, situation, Caller::OtherPartner).await.whole();
            let expected = other.ask(operation, situation, Caller::OtherPartner).await.whole();
            assert_eq!(shown, expected, "{} ({situation})", operation.id);
            answered += usize::from(shown.starts_with('2'));
        }
    }
    assert!(answered > 5, "Kim was let in to {answered} only");
}

/// The kinds that are Kim's to write, and what Kim is refused, where an exercise is about a breach that only Lee has a part in, and
/// where it is about none.
async fn what_a_partner_may_write_does_not_tell_of_a_breach(app: TestApp) {
    let twin = twin_of(&app).await;
    let mut answers = Vec::new();
    for (app, is_linked) in [(&app, true), (&twin, false)] {
        let case = Case::lee_and_kim(app).await;
        let roles = json!([{ "partner_id": case.lee.id, "role": "caused" }]);
        let breach =
            case.record_breach(json!({ "kind": "infidelity", "came_to_light": "disclosed", "roles": roles })).await;
        let mut told = Vec::new();
        for exercise in [Slug::RootCause, Slug::Apology, Slug::TransparentCommunication, Slug::TimeAndSpace] {
            let mut wanted = json!({ "exercise": exercise.as_str() });
            if is_linked {
                wanted["breach_id"] = json!(breach);
            }
            let assignment = case.assign(wanted).await;
            for (kind, named) in Kind::of(exercise).iter().flat_map(|kind| [(kind, case.kim.id), (kind, case.lee.id)]) {
                let entry = json!({ "answers": kind.example(), "partner_id": named }).to_string();
                let request = TestRequest::post().uri(&format!("/v1/assignments/{assignment}/entries"));
                let request = request.insert_header(SAME_REQUEST).insert_header(("content-type", "application/json"));
                told.push(case.kim.person.send(request.set_payload(entry)).await.whole());
            }
            let seen = TestRequest::get().uri(&format!("/v1/assignments/{assignment}")).insert_header(SAME_REQUEST);
            told.push(case.kim.person.send(seen).await.whole());
        }
        answers.push(told);
    }
    assert!(answers[0].iter().any(|answer| answer.starts_with("201")));
    assert_eq!(answers[0], answers[1]);
}

async fn naming_what_is_hidden_is_like_naming_nothing(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let questions = case.assign(json!({ "exercise": "root-cause" })).await;
    let question = |visibility: &str| json!({ "answers": Kind::RootCauseQuestion.example(), "visibility": visibility });
    let hidden_questions = [
        case.lee.draft(questions, question("shared")).await,
        case.lee.submit(questions, question("counselor_only")).await,
    ];
    let sessions = case.assign(json!({ "exercise": "professional-help" })).await;
    let alone = case.assign(json!({ "exercise": "professional-help", "partner_id": case.lee.id })).await;
    let session = case.session(json!({ "partner_id": case.lee.id })).await;

    let kim = async |path: String, body: Value| {
        let request = TestRequest::post().uri(&path).insert_header(SAME_REQUEST).set_json(body);
        case.kim.person.send(request).await.whole()
    };
    let answer = async |id: Uuid| {
        let answers = answers(Kind::RootCauseAnswer, "question_id", json!(id));
        kim(format!("/v1/assignments/{questions}/entries"), json!({ "answers": answers })).await
    };
    let feedback = async |id: Uuid| {
        let answers = answers(Kind::SessionFeedback, "session_id", json!(id));
        kim(format!("/v1/assignments/{sessions}/entries"), json!({ "answers": answers })).await
    };
    let promise = async |id: Uuid| {
        let promise = json!({ "what": "To call.", "recurrence": "FREQ=DAILY", "assignment_id": id });
        kim(format!("/v1/couples/{}/promises", case.couple), promise).await
    };

    for hidden in hidden_questions {
        assert_eq!(answer(hidden).await, answer(Uuid::nil()).await);
    }
    assert_eq!(feedback(session).await, feedback(Uuid::nil()).await);
    assert_eq!(promise(alone).await, promise(Uuid::nil()).await);
    assert!(answer(Uuid::nil()).await.starts_with("422"), "it is refused for what it names");
}

/// Has both go on with the same ids, whichever of them did more.
pub(super) fn same_ids_from_here(app: &TestApp, twin: &TestApp) {
    let (mut next, mut next_of_twin) = (app.inside().ids.next(), twin.inside().ids.next());
    while next < next_of_twin {
        next = app.inside().ids.next();
    }
    while next_of_twin < next {
        next_of_twin = twin.inside().ids.next();
    }
}

/// The same product on the same kind of database, in which the same requests make the same ids.
pub(super) async fn twin_of(app: &TestApp) -> TestApp {
    let on_postgres = if app.database().is_some() { TestApp::on_postgres().await } else { None };
    match on_postgres {
        Some(twin) => twin,
        None => TestApp::on_sqlite().await,
    }
}
