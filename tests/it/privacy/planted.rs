//! Phrases that occur nowhere else, one in every field where someone writes in their own words.

use std::collections::BTreeSet;

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use tenfold_tests::{
    app::{PASSWORD, TestApp},
    case::{Case, wanted_own_exercise},
};
use uuid::Uuid;

/// Every field where someone writes in their own words. What they say in an entry counts as one.
const FIELDS: [&str; 50] = [
    "AddAddendum.text",
    "AddClient.name",
    "AddClient.phone",
    "AddStaff.name",
    "AssignExercise.instructions",
    "AssignExercise.overrides.order",
    "AssignExercise.overrides.policy",
    "AssignExercise.overrides.safety",
    "ChangeAssignment.instructions",
    "ChangeClient.name",
    "ChangeClient.phone",
    "ChangeCouple.label",
    "ChangeProgram.description",
    "ChangeProgram.name",
    "ChangePsychotherapyNote.text",
    "ChangeSession.topic",
    "ChangeStaff.name",
    "CheckDeflections.text",
    "DefineInstrument.norms.licence",
    "DefineInstrument.norms.name",
    "DefineInstrument.norms.source",
    "DefineOwnExercise.purpose",
    "DefineOwnExercise.title",
    "EntryBody.for_counselor",
    "InstrumentNorms.licence",
    "InstrumentNorms.name",
    "InstrumentNorms.source",
    "MakeProgram.description",
    "MakeProgram.name",
    "MakePromise.what",
    "OpenCouple.label",
    "RecordBreach.description",
    "RecordEntry.for_counselor",
    "ReleaseSteps.overrides.order",
    "ReleaseSteps.overrides.policy",
    "ReleaseSteps.overrides.safety",
    "RenewStep.overrides.order",
    "RenewStep.overrides.policy",
    "RenewStep.overrides.safety",
    "RequestExport.recipient",
    "ReviewEntry.feedback",
    "ScheduleSession.topic",
    "ScreenPartner.note",
    "SetPolicy.text",
    "SetSafetyAside.reason",
    "SkipStep.reason",
    "StartProgram.overrides.order",
    "StartProgram.overrides.policy",
    "StartProgram.overrides.safety",
    "WritePsychotherapyNote.text",
];

/// Text that is no confidence: a practice's own name, and words with a meaning to the server.
const NO_CONFIDENCE: [&str; 10] = [
    "AssignExercise.cadence",
    "ChangeCouple.time_zone",
    "ChangePractice.name",
    "ChangePractice.time_zone",
    "DefineOwnExercise.cadence",
    "DefineInstrument.slug",
    "EnterScore.instrument",
    "OpenCouple.time_zone",
    "ScheduleSession.time_zone",
    "SignInRequest.practice",
];

/// A couple whose record is full of phrases.
pub(super) struct Planted {
    pub(super) case: Case,
    /// What must not be found.
    pub(super) phrases: Vec<String>,
}

/// What is written in a field.
fn phrase(field: &str) -> String {
    format!("planted {} quince", field.replace(['.', '_'], " "))
}

/// Reasons for going ahead, in the body of a request.
fn overrides(of: &str) -> Value {
    let reason = |why: &str| (why.to_owned(), json!(phrase(&format!("{of}.overrides.{why}"))));
    Value::Object(["policy", "safety", "order"].map(reason).into_iter().collect())
}

/// Norms of an instrument, in the body of a request or in a part of one.
fn norms(of: &str) -> Value {
    let words = |field: &str| phrase(&format!("{of}.{field}"));
    json!({
        "name": words("name"), "source": words("source"), "licence": words("licence"),
        "better": "higher", "lowest": 0, "highest": 10,
    })
}

fn address(of: &str) -> String {
    format!("planted-{of}-quince@harbor.example")
}

impl Planted {
    pub(super) async fn in_every_field(app: &TestApp) -> Self {
        let case = Case::lee_and_kim(app).await;
        let mut phrases: Vec<_> = FIELDS.iter().map(|field| phrase(field)).collect();
        phrases.extend(["staff", "client"].map(address));
        plant_people(app, &case).await;
        plant_case(&case).await;
        plant_entries(&case).await;
        plant_programs(&case).await;
        plant_notes(app, &case).await;
        phrases.extend(["note", "question", "step"].map(phrase));
        phrases.extend(plant_secrets(app, &case).await);
        Self { case, phrases }
    }

    /// Those of the phrases that are in there.
    pub(super) fn found_in(&self, bytes: &[u8]) -> Vec<&str> {
        let is_in = |phrase: &&String| bytes.windows(phrase.len()).any(|window| window == phrase.as_bytes());
        self.phrases.iter().filter(is_in).map(String::as_str).collect()
    }
}

async fn plant_people(app: &TestApp, case: &Case) {
    let owner = app.owner().await;
    let staff = json!({ "role": "assistant", "name": phrase("AddStaff.name"), "email": address("staff") });
    let staff = owner.post("/v1/staff", staff).await.created();
    let change = json!({ "name": phrase("ChangeStaff.name") });
    owner.patch(format!("/v1/staff/{staff}"), change).await.expect_status(200);
    let client =
        json!({ "name": phrase("AddClient.name"), "phone": phrase("AddClient.phone"), "email": address("client") });
    let client = once(case, "/v1/clients", client).await;
    let change = json!({ "name": phrase("ChangeClient.name"), "phone": phrase("ChangeClient.phone") });
    owner.patch(format!("/v1/clients/{client}"), change).await.expect_status(200);
    let couple = json!({ "label": phrase("OpenCouple.label"), "partners": [{ "client_id": client }] });
    let couple = once(case, "/v1/couples", couple).await;
    let change = json!({ "label": phrase("ChangeCouple.label") });
    case.counselor.patch(format!("/v1/couples/{couple}"), change).await.expect_status(200);
}

async fn plant_case(case: &Case) {
    case.record_breach(json!({
        "kind": "secrecy", "came_to_light": "disclosed", "description": phrase("RecordBreach.description"),
    }))
    .await;
    let held = case.assign(json!({ "exercise": "shared-rituals" })).await;
    case.set_policy(json!({ "kind": "no_secrets", "text": phrase("SetPolicy.text") })).await;
    case.screen(&case.lee, json!({ "status": "concern", "note": phrase("ScreenPartner.note") })).await;
    let aside = json!({ "reason": phrase("SetSafetyAside.reason") });
    case.counselor.put(format!("/v1/assignments/{held}/safety-override"), aside).await.expect_status(200);
    case.counselor.put("/v1/instruments/rdas", norms("InstrumentNorms")).await.expect_status(200);
    let defined = json!({ "slug": "quince", "norms": norms("DefineInstrument.norms") });
    case.counselor.post("/v1/instruments", defined).await.expect_status(201);
    let assignment = case
        .assign(json!({
            "exercise": "shared-rituals",
            "instructions": phrase("AssignExercise.instructions"),
            "overrides": overrides("AssignExercise"),
        }))
        .await;
    let change = json!({ "instructions": phrase("ChangeAssignment.instructions") });
    case.counselor.patch(format!("/v1/assignments/{assignment}"), change).await.expect_status(200);
    case.lee.promise(case.couple, &phrase("MakePromise.what")).await;
    let mut own = wanted_own_exercise(&phrase("question"));
    own["title"] = json!(phrase("DefineOwnExercise.title"));
    own["purpose"] = json!(phrase("DefineOwnExercise.purpose"));
    once(case, "/v1/own-exercises", own).await;
}

/// A program whose joint steps go out for reasons, at the start and later, and a step that is skipped for one.
async fn plant_programs(case: &Case) {
    let joint = |rule: &str, instructions: &str| json!({ "exercise": "shared-rituals", "release": rule, "instructions": phrase(instructions) });
    let program = json!({
        "name": phrase("MakeProgram.name"),
        "description": phrase("MakeProgram.description"),
        "steps": [joint("after_completion", "step"), joint("after_completion", "step"), joint("after_completion", "step")],
    });
    let program = case.counselor.post("/v1/programs", program).await.created();
    let reasons = |of: &str| json!({ "overrides": overrides(of) });
    let run = format!("/v1/program-runs/{}", case.start(program, reasons("StartProgram")).await);
    let skip = json!({ "reason": phrase("SkipStep.reason") });
    case.counselor.put(format!("{run}/steps/1/skip"), skip).await.expect_status(200);
    case.counselor.post(format!("{run}/releases"), reasons("ReleaseSteps")).await.expect_status(200);
    let released = case.counselor.get(&run).await.text_at("/steps/1/assignment_id");
    let cancelled = json!({ "how": "cancelled" });
    case.counselor.put(format!("/v1/assignments/{released}/ending"), cancelled).await.expect_status(200);
    case.counselor.put(format!("{run}/steps/2/renew"), reasons("RenewStep")).await.expect_status(200);
    let change = json!({ "name": phrase("ChangeProgram.name"), "description": phrase("ChangeProgram.description") });
    case.counselor.patch(format!("/v1/programs/{program}"), change).await.expect_status(200);
}

/// Entries of every visibility, a draft, a correction with what it replaced, a review.
async fn plant_entries(case: &Case) {
    let wanted = json!({ "exercise": "professional-help", "overrides": { "policy": "so agreed" } });
    let assignment = case.assign(wanted).await;
    let mut private = Vec::new();
    for visibility in ["counselor_only", "reveal_together", "embargoed"] {
        let mut wanted = entry("RecordEntry.for_counselor", visibility);
        if visibility == "embargoed" {
            wanted["embargoed_until"] = json!("2027-01-01");
        }
        private.push(case.lee.submit(assignment, wanted).await);
    }
    let unsaved = json!({ "text": phrase("CheckDeflections.text"), "language": "en" });
    case.lee.person.post("/v1/deflection-checks", unsaved).await.expect_status(200);
    let correction = entry("EntryBody.for_counselor", "");
    case.lee.person.post(format!("/v1/entries/{}/corrections", private[0]), correction).await.expect_status(200);
    case.review(private[0], json!({ "feedback": phrase("ReviewEntry.feedback") })).await;
    case.lee.draft(assignment, entry("RecordEntry.for_counselor", "shared")).await;
}

/// A session with its note, signed and in an export that is made.
async fn plant_notes(app: &TestApp, case: &Case) {
    let session = case.session(json!({ "topic": phrase("ScheduleSession.topic") })).await;
    let change = json!({ "topic": phrase("ChangeSession.topic") });
    case.counselor.patch(format!("/v1/sessions/{session}"), change).await.expect_status(200);
    let note = case.note(session, &phrase("note")).await;
    case.sign(note).await;
    let addendum = json!({ "text": phrase("AddAddendum.text") });
    case.counselor.post(format!("/v1/notes/{note}/addenda"), addendum).await.expect_status(201);
    let private = case.psychotherapy_note(&phrase("WritePsychotherapyNote.text")).await;
    let change = json!({ "text": phrase("ChangePsychotherapyNote.text") });
    case.counselor.patch(format!("/v1/psychotherapy-notes/{private}"), change).await.expect_status(200);
    let export = case.export(&phrase("RequestExport.recipient")).await;
    api::jobs::run_due(app.inside()).await.expect("jobs can be claimed");
    case.counselor.get(format!("/v1/exports/{export}/file")).await.expect_status(200);
}

fn entry(line: &str, visibility: &str) -> Value {
    let answers = json!({ "type": "goal", "goal": phrase(line), "sign": phrase(line), "rank": 1 });
    let mut entry = json!({ "answers": answers, "for_counselor": phrase(line) });
    if !visibility.is_empty() {
        entry["visibility"] = json!(visibility);
    }
    entry
}

/// Passwords and tokens, which are no phrases but must not be found either; and the name of a device.
async fn plant_secrets(app: &TestApp, case: &Case) -> Vec<String> {
    let device = phrase("device");
    let body = json!({ "practice": "harbor", "email": case.kim.person.email, "password": PASSWORD });
    let request = TestRequest::post().uri("/v1/sign-ins").insert_header(("user-agent", device.clone()));
    let signed_in = app.nobody().send(request.set_json(body)).await;
    let tokens = signed_in.expect_status(201).tokens(app.now());
    let renewed = case.kim.person.refresh(&tokens.refresh).await.tokens(app.now());
    let client = case.counselor.post("/v1/clients", json!({ "name": "Robin", "email": address("client") })).await;
    let invitation = format!("/v1/clients/{}/invitations", client.created());
    let invitation = case.counselor.post(invitation, Value::Null).await.text_at("/token");
    let secret = |token: &str| token[token.len() - 30..].to_owned();
    let changed = phrase("password");
    let change = json!({ "current_password": PASSWORD, "new_password": changed });
    case.kim.person.post("/v1/me/password", change).await.expect_status(204);
    case.kim.person.password.replace(changed.clone());
    vec![
        device,
        changed,
        PASSWORD.to_owned(),
        secret(&tokens.access),
        secret(&tokens.refresh),
        secret(&renewed.refresh),
        secret(&invitation),
    ]
}

/// Creates something with a key, so that the answer is kept for a repetition.
async fn once(case: &Case, path: &str, body: Value) -> Uuid {
    let request = TestRequest::post().uri(path).insert_header(("idempotency-key", path.replace('/', "-")));
    case.counselor.send(request.set_json(body)).await.created()
}

/// A new field for text makes this fail until it is said whether it is confidential, and if so, planted.
#[test]
fn every_field_for_text_is_planted_or_is_no_confidence() {
    let document = serde_json::to_value(api::openapi::document()).expect("it can be written as JSON");
    let mut bodies = BTreeSet::new();
    for item in document["paths"].as_object().expect("paths").values() {
        for operation in item.as_object().expect("an item").values() {
            let content =
                operation["requestBody"]["content"].as_object().into_iter().flat_map(|content| content.values());
            bodies.extend(content.filter_map(|content| content["schema"]["$ref"].as_str()?.split('/').next_back()));
        }
    }
    let known: BTreeSet<_> = FIELDS.iter().chain(&NO_CONFIDENCE).map(|field| (*field).to_owned()).collect();
    let fields: BTreeSet<_> = bodies
        .iter()
        .flat_map(|body| text_fields(&document, body).into_iter().map(move |field| format!("{body}.{field}")))
        .collect();
    assert_eq!(fields, known);
}

/// Fields for text of any kind, and those of an object that a field is: no id, no day, no word of a list.
fn text_fields(document: &Value, body: &str) -> Vec<String> {
    let is_text = |field: &Value| {
        let is_string =
            field["type"] == "string" || field["type"].as_array().is_some_and(|kinds| kinds.contains(&json!("string")));
        is_string && field["enum"].is_null() && field["format"].is_null()
    };
    let properties = document["components"]["schemas"][body]["properties"].as_object().into_iter().flatten();
    let below = |(name, field): (&String, &Value)| match field["$ref"].as_str().and_then(|at| at.split('/').next_back())
    {
        Some(object) => text_fields(document, object).iter().map(|field| format!("{name}.{field}")).collect(),
        None if is_text(field) => vec![name.clone()],
        None => Vec::new(),
    };
    properties.flat_map(below).collect()
}
