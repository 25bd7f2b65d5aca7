//! What one partner can infer of the other: nothing. The whole view of one partner, every operation that reads, with headers and
//! pages, is the same to the byte whether there is something hidden or not.

use std::collections::{BTreeMap, HashMap};

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner},
    person::Person,
    stories,
};
use uuid::Uuid;

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

/// How many things [`hide`] knows.
const HIDDEN: usize = 19;

/// Does something that is none of Kim's business, and says what it was.
async fn hide(step: usize, case: &Case, known: &Known) -> &'static str {
    let (lee, assignment) = (&case.lee, known.assignment());
    match step {
        0 => drop(lee.draft(assignment, entry("shared")).await),
        1 => drop(lee.submit(assignment, entry("counselor_only")).await),
        2 => drop(lee.submit(assignment, entry("reveal_together")).await),
        3 => drop(lee.submit(assignment, embargoed()).await),
        4 => correct(lee, assignment).await,
        5 => take_back(lee, assignment).await,
        6 => review(case, assignment).await,
        7 => stand(lee, known.last("assignment_id"), "opened").await,
        8 => case.screen(lee, json!({ "status": "concern", "note": "Lee is afraid." })).await,
        9 => case.screen(lee, json!({ "status": "stop" })).await,
        10 => drop(case.record_breach(breach(case)).await),
        11 => work_alone(case).await,
        12 => sign_in_elsewhere(lee).await,
        13 => change_contact(case).await,
        14 => meet_alone(case).await,
        15 => write_notes(case, known).await,
        16 => run_alone(case).await,
        17 => go_on_unseen(case, known).await,
        _ => read_everything(case).await,
    }
    let words = [
        "a draft",
        "a private entry",
        "an entry to be revealed together",
        "an entry under embargo",
        "a correction of a private entry",
        "a draft that was taken back",
        "a review of a private entry",
        "an exercise that was opened",
        "a concern for safety",
        "joint work stopped for safety",
        "a breach",
        "an exercise for one partner alone",
        "a sign-in elsewhere and another password",
        "another telephone number",
        "a session with one partner alone",
        "a note and a psychotherapy note",
        "a program for one partner alone",
        "what only one partner and the counselor see of a program of both",
        "the counselor reading",
    ];
    words[step]
}

fn entry(visibility: &str) -> Value {
    json!({ "answers": { "type": "goal", "goal": "To sleep again.", "rank": 1 }, "visibility": visibility })
}

fn embargoed() -> Value {
    let mut entry = entry("embargoed");
    entry["embargoed_until"] = json!("2027-01-01");
    entry
}

fn breach(case: &Case) -> Value {
    let roles = json!([{ "partner_id": case.kim.id, "role": "caused" }, { "partner_id": case.lee.id, "role": "hurt" }]);
    json!({ "kind": "infidelity", "came_to_light": "disclosed", "description": "Lee told me alone.", "roles": roles })
}

async fn correct(lee: &Partner, assignment: Uuid) {
    let private = lee.submit(assignment, entry("counselor_only")).await;
    let correction = json!({ "answers": { "type": "goal", "goal": "To rest.", "rank": 2 } });
    lee.person.post(format!("/v1/entries/{private}/corrections"), correction).await.expect_status(200);
}

async fn take_back(lee: &Partner, assignment: Uuid) {
    let draft = lee.draft(assignment, entry("shared")).await;
    lee.person.delete(format!("/v1/entries/{draft}")).await.expect_status(204);
}

async fn review(case: &Case, assignment: Uuid) {
    let private = case.lee.submit(assignment, entry("counselor_only")).await;
    case.review(private, json!({ "feedback": "Thank you for telling me.", "flagged_for_session": true })).await;
}

async fn stand(lee: &Partner, assignment: &str, status: &str) {
    let path = format!("/v1/assignments/{assignment}/standings/{}", lee.id);
    lee.person.put(path, json!({ "status": status })).await.expect_status(200);
}

async fn work_alone(case: &Case) {
    let alone = json!({ "exercise": "professional-help", "partner_id": case.lee.id });
    case.lee.submit(case.assign(alone.clone()).await, entry("counselor_only")).await;
    stand(&case.lee, &case.assign(alone).await.to_string(), "not_ready").await;
}

/// A program of two steps, both Lee's alone, the first of which is done.
async fn run_alone(case: &Case) {
    let step = json!({ "exercise": "apology", "release": "after_completion" });
    let alone = [1, 2].map(|position| json!({ "position": position, "partner_id": case.lee.id }));
    let run = case.start(case.program(json!([step, step])).await, json!({ "alone": alone })).await;
    let shown = case.counselor.get(format!("/v1/program-runs/{run}")).await;
    let ending = format!("/v1/assignments/{}/ending", shown.text_at("/steps/0/assignment_id"));
    case.counselor.put(ending, json!({ "how": "completed" })).await.expect_status(200);
}

/// In the program that both do: a step of Lee's alone is done, the run is paused and goes on, what comes next is held for safety.
async fn go_on_unseen(case: &Case, known: &Known) {
    let run = format!("/v1/program-runs/{}", known.last("program_run_id"));
    for status in ["paused", "active"] {
        case.counselor.put(format!("{run}/status"), json!({ "status": status })).await.expect_status(200);
    }
    let shown = case.counselor.get(&run).await;
    let ending = format!("/v1/assignments/{}/ending", shown.text_at("/steps/1/assignment_id"));
    case.counselor.put(ending, json!({ "how": "completed" })).await.expect_status(200);
    assert_eq!(case.counselor.get(&run).await.text_at("/steps/2/plan/held"), "safety");
}

async fn sign_in_elsewhere(lee: &Partner) {
    let password = lee.person.password.borrow().clone();
    lee.person.try_to_sign_in(&password).await.expect_status(201);
    let change = json!({ "current_password": password, "new_password": "eleven lanterns in the fog" });
    lee.person.post("/v1/me/password", change).await.expect_status(204);
    lee.person.password.replace("eleven lanterns in the fog".to_owned());
}

async fn change_contact(case: &Case) {
    let path = format!("/v1/clients/{}", case.lee.person.id);
    case.counselor.patch(path, json!({ "phone": "+1 202 555 0199" })).await.expect_status(200);
}

async fn meet_alone(case: &Case) {
    let session = case.session(json!({ "partner_id": case.lee.id })).await;
    case.sign(case.note(session, "Lee is afraid.").await).await;
}

async fn write_notes(case: &Case, known: &Known) {
    let session = known.last("session_id");
    case.sign(case.note(session.parse().expect("an id"), "They talked.").await).await;
    case.psychotherapy_note("A hunch.").await;
}

async fn read_everything(case: &Case) {
    for noun in ["entries", "breaches", "safety", "assignments"] {
        case.counselor.get(format!("/v1/couples/{}/{noun}", case.couple)).await.expect_status(200);
    }
}

/// The same product on the same kind of database, in which the same requests make the same ids.
async fn twin_of(app: &TestApp) -> TestApp {
    let on_postgres = if app.database().is_some() { TestApp::on_postgres().await } else { None };
    match on_postgres {
        Some(twin) => twin,
        None => TestApp::on_sqlite().await,
    }
}

/// Every request has the same id, so that even problems are the same to the byte.
const SAME_REQUEST: (&str, &str) = ("x-request-id", "the-same-for-all");

/// A run of which one step is with both, one with Lee alone, and one waits for the latter.
async fn of_both(case: &Case) -> Uuid {
    let step = |exercise: &str, release: &str| json!({ "exercise": exercise, "release": release });
    let steps = json!([
        step("apology", "after_completion"),
        step("apology", "together"),
        step("shared-rituals", "after_completion"),
    ]);
    let program = case.program(steps).await;
    let run = case.start(program, json!({ "alone": [{ "position": 2, "partner_id": case.lee.id }] })).await;
    let shown = case.counselor.get(format!("/v1/program-runs/{run}")).await;
    let ending = format!("/v1/assignments/{}/ending", shown.text_at("/steps/0/assignment_id"));
    case.counselor.put(ending, json!({ "how": "completed" })).await.expect_status(200);
    run
}

/// What Kim knows of: the ids for each parameter.
struct Known(HashMap<&'static str, Vec<String>>);

impl Known {
    /// What there is for both: exercises, entries that both see, a review of one, promises.
    async fn after_sharing(case: &Case) -> Self {
        let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
        let unopened = case.assign(json!({ "exercise": "consistency" })).await;
        let (shared, own) =
            (case.lee.submit(assignment, entry("shared")).await, case.kim.submit(assignment, concern()).await);
        case.review(shared, json!({ "feedback": "Well said.", "to": [case.lee.id, case.kim.id] })).await;
        let promise = case.lee.promise(case.couple, "I call when I am late.").await;
        let mut known = Self(HashMap::new());
        for (parameter, id) in [
            ("couple_id", case.couple),
            ("partner_id", case.lee.id),
            ("partner_id", case.kim.id),
            ("client_id", case.lee.person.id),
            ("client_id", case.kim.person.id),
            ("staff_id", case.counselor.id),
            ("assignment_id", assignment),
            ("assignment_id", unopened),
            ("entry_id", shared),
            ("entry_id", own),
            ("promise_id", promise),
            ("session_id", case.session(json!({})).await),
            ("program_run_id", of_both(case).await),
        ] {
            known.add(parameter, id);
        }
        known.0.insert("due_on", vec!["2026-09-21".to_owned()]);
        known.0.insert("slug", vec!["professional-help".to_owned()]);
        known.0.insert("code", vec!["not-found".to_owned()]);
        known
    }

    fn add(&mut self, parameter: &'static str, id: Uuid) {
        self.0.entry(parameter).or_default().push(id.to_string());
    }

    fn assignment(&self) -> Uuid {
        self.0["assignment_id"][0].parse().expect("an id")
    }

    fn last(&self, parameter: &str) -> &str {
        self.0[parameter].last().expect("an id")
    }

    /// All that they are answered, by what they asked: every operation that reads, for everything they know of, whole and page
    /// by page.
    async fn view(&self, person: &Person) -> BTreeMap<String, String> {
        let mut view = BTreeMap::new();
        for operation in operations().iter().filter(|operation| operation.method == "GET" && !operation.public) {
            for path in self.paths(operation) {
                for query in queries(operation) {
                    look(person, format!("{path}{query}"), &mut view).await;
                }
            }
        }
        view
    }

    fn paths(&self, operation: &Operation) -> Vec<String> {
        let mut paths = vec![operation.path.clone()];
        for parameter in operation.parameters() {
            let none = vec![Uuid::nil().to_string()];
            let values = self.0.get(parameter).unwrap_or(&none);
            let filled = |path: &String| {
                values.iter().map(|value| path.replace(&format!("{{{parameter}}}"), value)).collect::<Vec<_>>()
            };
            paths = paths.iter().flat_map(filled).collect();
        }
        paths
    }
}

fn concern() -> Value {
    json!({ "answers": { "type": "concern", "concern": "That it is too late.", "weight": 4 } })
}

fn queries(operation: &Operation) -> &'static [&'static str] {
    match operation.id.as_str() {
        "showProgress" => &["?view=shared", "?view=separate"],
        "listSessions" => &["?from=2026-09-01&until=2026-09-30", "?from=2026-09-01&until=2026-09-30&limit=1"],
        _ => &["", "?limit=1"],
    }
}

/// Asks, and goes on to the next page as long as there is one.
async fn look(person: &Person, first: String, view: &mut BTreeMap<String, String>) {
    let mut next = Some(first.clone());
    while let Some(path) = next {
        let reply = person.send(TestRequest::get().uri(&path).insert_header(SAME_REQUEST)).await;
        let page = if reply.status() == 200 { reply.json() } else { Value::Null };
        let cursor = page["next_cursor"].as_str().filter(|_| first.contains('?'));
        next = cursor.map(|cursor| format!("{first}&cursor={cursor}"));
        view.insert(path, reply.whole());
    }
}

fn assert_same(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>, what: &str) {
    let differs = |path: &&String| before.get(*path) != after.get(*path);
    let paths: Vec<_> = before.keys().chain(after.keys()).filter(differs).collect();
    let shown = paths.first().map(|path| (before.get(*path), after.get(*path)));
    assert!(paths.is_empty(), "{what} shows in {paths:?}: {shown:#?}");
}
