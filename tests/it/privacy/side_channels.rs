//! What one partner can infer of the other: nothing. The whole view of one partner, every operation that reads, with headers and
//! pages, is the same to the byte whether there is something hidden or not.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::json;
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner},
    stories,
};
use uuid::Uuid;

use super::{
    hidden::{HIDDEN, hide},
    view::{Known, SAME_REQUEST, assert_same, entry},
};
use crate::access::operations::{Operation, operations};

stories![
    nothing_hidden_shows,
    nothing_hidden_shows_in_what_comes_after_it,
    a_hidden_entry_is_like_one_that_is_not_there,
    what_only_counselors_read_of_something_shared_does_not_show,
];

async fn nothing_hidden_shows(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let known = Known::after_sharing(&case).await;
    let before = known.view(&case.kim.person).await;

    for step in 0..HIDDEN {
        app.advance(TimeDelta::seconds(20));
        let what = hide(step, &case, &known).await;
        assert_same(&before, &known.view(&case.kim.person).await, what);
    }

    assert!(before.values().any(|answer| answer.contains("To sleep again.")), "nothing was read");
    case.lee.submit(known.assignment(), entry("shared")).await;
    assert_ne!(before, known.view(&case.kim.person).await, "what is shared shows");
}

async fn nothing_hidden_shows_in_what_comes_after_it(app: TestApp) {
    let twin = twin_of(&app).await;
    let (case, other) = (Case::lee_and_kim(&app).await, Case::lee_and_kim(&twin).await);
    let (known, other_known) = (Known::after_sharing(&case).await, Known::after_sharing(&other).await);
    for step in 0..HIDDEN {
        hide(step, &case, &known).await;
    }
    let next = app.inside().ids.next();
    while twin.inside().ids.next() < next {}

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
        known.add("assignment_id", assign_in_concern(&case, is_hiding).await);
        views.push((known.view(&case.kim.person).await, known));
    }
    assert_eq!(views[0].1.0, views[1].1.0, "the twins do the same");
    assert_same(&views[1].0, &views[0].0, "a line for the counselor, a linked breach, an override");
}

async fn share_with_a_line(case: &Case, assignment: Uuid, is_hiding: bool) -> Uuid {
    let mut wanted = entry("shared");
    if is_hiding {
        wanted["for_counselor"] = json!("I am not sure that I mean it.");
    }
    case.lee.submit(assignment, wanted).await
}

/// Joint work, with a reason where Lee's safety is a concern, and with or without a breach that it is about.
async fn assign_in_concern(case: &Case, is_hiding: bool) -> Uuid {
    let breach = case.record_breach(json!({ "kind": "secrecy", "came_to_light": "disclosed" })).await;
    case.screen(&case.lee, json!({ "status": if is_hiding { "concern" } else { "clear" } })).await;
    let mut wanted = json!({ "exercise": "shared-rituals" });
    if is_hiding {
        wanted["safety_override_reason"] = json!("Lee asked for it.");
        wanted["breach_id"] = json!(breach);
    }
    case.assign(wanted).await
}

/// The same product on the same kind of database, in which the same requests make the same ids.
async fn twin_of(app: &TestApp) -> TestApp {
    let on_postgres = if app.database().is_some() { TestApp::on_postgres().await } else { None };
    match on_postgres {
        Some(twin) => twin,
        None => TestApp::on_sqlite().await,
    }
}
