//! What is none of the other partner's business: each of these things, done through the API.

use domain::exercises::{Kind, Slug};
use serde_json::{Value, json};
use tenfold_tests::case::{Case, Partner, answers, items};
use uuid::Uuid;

use super::view::{Known, entry};

/// The things that [`hide`] knows, in groups that can be told each by itself.
pub(super) const ENTRIES: &[usize] = &[0, 1, 2, 3, 4, 5, 6, 26, 27];
pub(super) const WORK_ALONE: &[usize] = &[7, 8, 9, 14, 16];
pub(super) const PEOPLE_AND_SESSIONS: &[usize] = &[10, 11, 12, 13, 15];
pub(super) const EXERCISES: &[usize] = &[17, 18, 19, 20, 21];
pub(super) const SAFETY: &[usize] = &[GATE_CLOSES, 23, 24, 25];

/// All of them, group by group. The gate closes last: for what it holds nothing can be recorded.
pub(super) fn all_hidden() -> impl Iterator<Item = usize> {
    [ENTRIES, WORK_ALONE, PEOPLE_AND_SESSIONS, EXERCISES, SAFETY].into_iter().flatten().copied()
}

/// The step of [`hide`] by which the safety gate closes. What waits for safety is held from then on, which is not to be told from a
/// pause by [`pause_joint_work`].
pub(super) const GATE_CLOSES: usize = 22;

/// Has their counselor pause what the safety gate would hold.
pub(super) async fn pause_joint_work(case: &Case) {
    let path = format!("/v1/couples/{}/assignments?limit=100", case.couple);
    let given = case.counselor.get(path).await.expect_status(200).json();
    let waits = |assignment: &&Value| assignment["mode"] != "separate" && assignment["ended"].is_null();
    for assignment in items(&given["items"]).iter().filter(waits) {
        let path = format!("/v1/assignments/{}/pause", assignment["id"].as_str().expect("an id"));
        case.counselor.put(path, json!({ "paused": true })).await.expect_status(200);
    }
}

/// Does something that is none of Kim's business, and says what it was.
pub(super) async fn hide(step: usize, case: &Case, known: &Known) -> &'static str {
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
        8 => drop(case.record_breach(breach(case)).await),
        9 => work_alone(case).await,
        10 => sign_in_elsewhere(lee).await,
        11 => change_contact(case).await,
        12 => meet_alone(case).await,
        13 => write_notes(case, known).await,
        14 => run_alone(case).await,
        15 => score(case).await,
        16 => answer_own_exercise(case, known).await,
        17 => tick_off(case, assignment).await,
        18 => coach(case, known.given(Slug::Apology)).await,
        19 => say(lee, known.given(Slug::Forgiveness), Kind::ForgivenessTalkWish).await,
        20 => say(lee, known.given(Slug::Vulnerability), Kind::TouchComfort).await,
        21 => say_how_it_is(lee, known).await,
        22 => case.screen(lee, json!({ "status": "concern", "note": "Lee is afraid." })).await,
        23 => case.screen(lee, json!({ "status": "stop" })).await,
        24 => go_on_unseen(case, known).await,
        25 => read_everything(case).await,
        26 => add_a_line(case, known).await,
        _ => write_while_not_ready(case, known.given(Slug::Apology)).await,
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
        "a breach",
        "an exercise for one partner alone",
        "a sign-in elsewhere and another password",
        "another telephone number",
        "a session with one partner alone",
        "a note and a psychotherapy note",
        "a program for one partner alone",
        "a score that is the counselor's alone, and one that Lee was shown",
        "an exercise of the practice's own for one partner alone",
        "a flag, and its taking-up",
        "a private draft of an apology, coached and ready",
        "a wish to talk about forgiving that only one of both has",
        "what is fine to touch, said to the counselor alone",
        "a private check, a private goal that came nearer, patience, doubts",
        "a concern for safety",
        "joint work stopped for safety",
        "what only one partner and the counselor see of a program of both",
        "the counselor reading",
        "a line for the counselor, added to something shared, and the review of it",
        "what one who is not ready wrote all the same, and what their counselor did for them",
    ];
    words[step]
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

/// The answers of what is shared stay as they are.
async fn add_a_line(case: &Case, known: &Known) {
    let shared: Uuid = known.first("entry_id").parse().expect("an id");
    let seen = case.lee.person.get(format!("/v1/entries/{shared}")).await.expect_status(200).json();
    let correction = json!({ "answers": seen["answers"], "for_counselor": "I am not sure that I mean it." });
    case.lee.person.post(format!("/v1/entries/{shared}/corrections"), correction).await.expect_status(200);
    case.review(shared, json!({ "flagged_for_session": true })).await;
}

/// A draft and a private entry of Lee's own, and both by the counselor's hand.
async fn write_while_not_ready(case: &Case, assignment: Uuid) {
    let wanted = json!({ "answers": Kind::ApologyDraft.example(), "visibility": "counselor_only" });
    case.lee.draft(assignment, wanted.clone()).await;
    case.lee.submit(assignment, wanted).await;
    let on_behalf = json!({ "answers": Kind::ApologyDraft.example(), "partner_id": case.lee.id });
    let path = format!("/v1/assignments/{assignment}/entries");
    case.counselor.post(&path, on_behalf.clone()).await.expect_status(201);
    let entry = case.counselor.post(&path, on_behalf).await.created();
    case.counselor.post(format!("/v1/entries/{entry}/submission"), Value::Null).await.expect_status(200);
}

async fn take_back(lee: &Partner, assignment: Uuid) {
    let draft = lee.draft(assignment, entry("shared")).await;
    lee.person.delete(format!("/v1/entries/{draft}")).await.expect_status(204);
}

async fn review(case: &Case, assignment: Uuid) {
    let private = case.lee.submit(assignment, entry("counselor_only")).await;
    case.review(private, json!({ "feedback": "Thank you for telling me.", "flagged_for_session": true })).await;
}

pub(super) async fn stand(lee: &Partner, assignment: &str, status: &str) {
    let path = format!("/v1/assignments/{assignment}/standings/{}", lee.id);
    lee.person.put(path, json!({ "status": status })).await.expect_status(200);
}

/// Nobody says who may read what is recorded for it, neither Lee nor the counselor.
async fn work_alone(case: &Case) {
    let alone = json!({ "exercise": "professional-help", "partner_id": case.lee.id });
    let assignment = case.assign(alone.clone()).await;
    case.lee.submit(assignment, entry("counselor_only")).await;
    case.lee.submit(assignment, json!({ "answers": entry("")["answers"] })).await;
    by_counselor(case, assignment, json!(Kind::TreatmentPlan.example())).await;
    stand(&case.lee, &case.assign(alone).await.to_string(), "not_ready").await;
}

/// Records something in a counselor's own words, and hands it in.
pub(super) async fn by_counselor(case: &Case, assignment: Uuid, answers: Value) {
    let path = format!("/v1/assignments/{assignment}/entries");
    let entry = case.counselor.post(path, json!({ "answers": answers })).await.created();
    case.counselor.post(format!("/v1/entries/{entry}/submission"), Value::Null).await.expect_status(200);
}

/// Says something of a kind to the counselor alone.
async fn say(lee: &Partner, assignment: Uuid, kind: Kind) {
    lee.submit(assignment, json!({ "answers": kind.example(), "visibility": "counselor_only" })).await;
}

async fn score(case: &Case) {
    for shared in [false, true] {
        let wanted =
            json!({ "partner_id": case.lee.id, "instrument": "rdas", "value": 40, "shared_with_partner": shared });
        case.counselor.post(format!("/v1/couples/{}/scores", case.couple), wanted).await.expect_status(201);
    }
}

/// As with the ten exercises, nobody says who may read it.
async fn answer_own_exercise(case: &Case, known: &Known) {
    let exercise = known.last("own_exercise_id");
    let wanted = json!({ "exercise": "own", "own_exercise_id": exercise, "partner_id": case.lee.id });
    let answers = json!({ "type": "own_entry", "values": { "closeness": 3 } });
    case.lee.submit(case.assign(wanted).await, json!({ "answers": answers })).await;
}

async fn tick_off(case: &Case, assignment: Uuid) {
    let private = case.lee.submit(assignment, entry("counselor_only")).await;
    let flag = case.review(private, json!({ "flagged_for_session": true })).await;
    case.counselor.post(format!("/v1/flags/{flag}/taking-up"), json!({})).await.expect_status(200);
}

async fn coach(case: &Case, assignment: Uuid) {
    let draft = json!({ "answers": Kind::ApologyDraft.example(), "visibility": "counselor_only" });
    let draft = case.lee.submit(assignment, draft).await;
    by_counselor(case, assignment, answers(Kind::ApologyCoaching, "draft_id", json!(draft))).await;
}

/// A short check, a goal, how near it came in the session that both know of, patience, and doubts.
async fn say_how_it_is(lee: &Partner, known: &Known) {
    say(lee, known.assignment(), Kind::Pulse).await;
    let goal = lee.submit(known.assignment(), entry("counselor_only")).await;
    let mut feedback = answers(Kind::SessionFeedback, "session_id", json!(known.last("session_id")));
    feedback["goals"] = json!([{ "goal_id": goal, "attainment": 4 }]);
    lee.submit(known.assignment(), json!({ "answers": feedback, "visibility": "counselor_only" })).await;
    say(lee, known.given(Slug::Forgiveness), Kind::ForgivenessPatience).await;
    for kind in [Kind::DedicationRating, Kind::Ambivalence] {
        say(lee, known.given(Slug::ReaffirmCommitment), kind).await;
    }
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

/// In the program that both do: the run is paused and goes on, a step of Lee's alone is taken back, given again and done, what comes
/// next is held for safety.
async fn go_on_unseen(case: &Case, known: &Known) {
    let run = format!("/v1/program-runs/{}", known.last("program_run_id"));
    for status in ["paused", "active"] {
        case.counselor.put(format!("{run}/status"), json!({ "status": status })).await.expect_status(200);
    }
    for how in ["cancelled", "completed"] {
        let shown = case.counselor.get(&run).await;
        let ending = format!("/v1/assignments/{}/ending", shown.text_at("/steps/1/assignment_id"));
        case.counselor.put(ending, json!({ "how": how })).await.expect_status(200);
        if how == "cancelled" {
            case.counselor.put(format!("{run}/steps/2/renew"), json!({})).await.expect_status(200);
        }
    }
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
    for noun in ["entries", "breaches", "safety", "assignments", "scores", "agenda", "progress?view=side_by_side"] {
        case.counselor.get(format!("/v1/couples/{}/{noun}", case.couple)).await.expect_status(200);
    }
    for exercise in Slug::ALL.iter().filter(|exercise| **exercise != Slug::Own) {
        let path = format!("/v1/couples/{}/exercises/{exercise}", case.couple);
        case.counselor.get(path).await.expect_status(200);
    }
}
