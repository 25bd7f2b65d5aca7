//! A well-formed request for every operation that takes one.

use serde_json::{Value, json};
use tenfold_tests::{
    app::{PASSWORD, PRACTICE},
    case::wanted_own_exercise,
};

use crate::instruments::norms;

use super::{
    operations::Operation,
    world::{Caller, World},
};

/// What is asked for in the address.
pub(super) fn query(operation: &Operation, situation: &str) -> String {
    match operation.id.as_str() {
        "showProgress" if situation == "their own" => "?view=separate".to_owned(),
        "showProgress" if situation == "side by side" => "?view=side_by_side".to_owned(),
        "showProgress" => "?view=shared".to_owned(),
        "showProgressChart" => "?view=shared&measure=trust".to_owned(),
        "showOverview" => "?from=2026-09-01&until=2026-09-30".to_owned(),
        "showReliableChange" => "?instrument=rdas".to_owned(),
        "listSessions" => "?from=2026-09-01&until=2026-09-30".to_owned(),
        id if !operation.required_query.is_empty() => {
            panic!("tests/it/access/requests.rs has no query for {id}: {:?}", operation.required_query)
        }
        _ => String::new(),
    }
}

/// The body, as this caller sends it. Partners speak for themselves, everyone else names the partner.
pub(super) async fn body(world: &World, operation: &str, caller: Caller) -> Value {
    let case = &world.case;
    let (lee, kim) = (&case.lee, &case.kim);
    let mut body = match operation {
        "acceptInvitation" => json!({ "token": world.invitation().await, "password": PASSWORD }),
        "acknowledgePolicy" => json!({ "partner_id": lee.id }),
        "addAddendum" | "changePsychotherapyNote" => json!({ "text": "Lee came late." }),
        "addClient" => json!({ "name": "Robin" }),
        "addPartner" => json!({ "client_id": kim.person.id }),
        "addStaff" => json!({ "role": "assistant", "name": "Robin", "email": world.new_address() }),
        "archiveProgram" => json!({ "archived": true }),
        "archiveInstrument" => json!({ "archived": true }),
        "assignExercise" => json!({
            "exercise": "professional-help",
            "overrides": { "policy": "so agreed", "safety": "so agreed", "order": "so agreed" },
        }),
        "beginSignIn" => json!({ "practice": PRACTICE, "email": "lee@harbor.example", "password": PASSWORD }),
        "archiveOwnExercise" => json!({ "archived": true }),
        "changeAssignment" => json!({ "instructions": "Take your time." }),
        "changeBreach" | "recordBreach" => json!({ "kind": "secrecy", "came_to_light": "disclosed" }),
        "changeClient" => json!({ "phone": "+1 202 555 0100" }),
        "changeCouple" => json!({ "label": "Mondays" }),
        "changeEntry" | "correctEntry" => json!({ "answers": concern() }),
        "changeNote" | "writeNote" => json!({ "body": { "format": "free", "text": "They talked." } }),
        "changeSession" => json!({ "minutes": 60 }),
        "changeMyPassword" => json!({ "current_password": PASSWORD, "new_password": PASSWORD }),
        "changeProgram" => json!({ "name": "After the storm" }),
        "changeRunStatus" => json!({ "status": "paused" }),
        "changePractice" => json!({ "name": "The harbor" }),
        "changeStaff" => json!({ "name": "Robin" }),
        "changeStanding" => json!({ "status": "in_progress" }),
        "checkDeflections" => json!({ "text": "I'm sorry you feel that way." }),
        "claimOutcome" => json!({ "claim": "kept" }),
        "confirmOutcome" => json!({ "confirmation": "confirmed" }),
        "defineOwnExercise" | "reviseOwnExercise" => wanted_own_exercise("How close did you feel?"),
        "endAssignment" => json!({ "how": "cancelled" }),
        "endPromise" => json!({ "how": "withdrawn" }),
        "makeProgram" => {
            json!({ "name": "First steps", "steps": [{ "exercise": "apology", "release": "after_completion" }] })
        }
        "correctScore" => json!({ "value": 41 }),
        "defineInstrument" => json!({ "slug": world.new_slug(), "norms": norms("lowest", json!(0)) }),
        "enterScore" => json!({ "partner_id": lee.id, "instrument": "rdas", "value": 40 }),
        "makePromise" => json!({ "maker_id": lee.id, "what": "I call when I am late.", "recurrence": "FREQ=DAILY" }),
        "openCouple" => json!({
            "partners": [{ "client_id": lee.person.id }, { "client_id": kim.person.id }],
            "primary_counselor_id": case.counselor.id,
        }),
        "pauseAssignment" => json!({ "paused": false }),
        "openEntry" => json!({ "visibility": "shared" }),
        "recordAttendance" => json!({ "attendance": [
            { "partner_id": lee.id, "presence": "attended" }, { "partner_id": kim.id, "presence": "late" },
        ] }),
        "recordEntry" => json!({ "answers": concern(), "partner_id": lee.id }),
        "refreshSignIn" => json!({ "refresh_token": world.tokens_of(lee).await.text_at("/refresh_token") }),
        "releaseSteps" => json!({}),
        "renewStep" => json!({ "overrides": { "policy": "so agreed", "order": "so agreed" } }),
        "requestExport" => case.wanted_export("Practice by the sea"),
        "reviseInstrument" => norms("highest", json!(90)),
        "shareScore" => json!({ "shared_with_partner": true }),
        "reviewEntry" => json!({ "feedback": "Thank you." }),
        "scheduleSession" => json!({ "starts_at": "2026-09-28T12:00:00Z", "minutes": 50, "place": "office" }),
        "screenPartner" => json!({ "status": "clear" }),
        "skipStep" => json!({ "reason": "They did it before." }),
        "startProgram" => json!({ "program_id": world.program }),
        "setSafetyAside" => json!({ "reason": "Both asked for it, each alone." }),
        "setPolicy" => json!({ "kind": "limited_secrets" }),
        "takeUpFlag" => json!({}),
        "writePsychotherapyNote" => json!({ "couple_id": case.couple, "text": "A hunch." }),
        _ => panic!("tests/it/access/requests.rs has no body for {operation}"),
    };
    if caller.is_partner() && operation != "enterScore" {
        for named in ["partner_id", "maker_id"] {
            body.as_object_mut().and_then(|fields| fields.remove(named));
        }
    }
    body
}

fn concern() -> Value {
    json!({ "type": "concern", "concern": "That it is too late.", "weight": 4 })
}
