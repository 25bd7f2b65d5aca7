//! Whose each field is: every property that a partner can be answered, and every column that is stored. A new one fails here until
//! somebody has said whom it may reach.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::PathBuf,
    process,
};

use domain::exercises::{Kind, Slug};
use serde_json::{Value, json};
use store::migrate::{describe, migrate};
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers},
    stories,
};
use uuid::Uuid;

use super::{
    hidden::by_counselor,
    view::{Known, entry},
};

stories![what_is_for_the_counselors_is_null_for_every_partner];

/// Names that are told to partners elsewhere; `opened.rs` says that these are not.
const TOLD_ELSEWHERE: [&str; 1] = ["Couple.version"];

/// What is in nothing but a field of the counselors': there its names mean other things than elsewhere.
const WITHIN: [&str; 8] = [
    "AssignmentPause",
    "CoachingWork",
    "Override",
    "PartnerProgress",
    "ProgramRunPlan",
    "ProgramRunStepPlan",
    "ProgramStep",
    "ProgressSideBySide",
];

/// The lines of a committed table: what, and the word for it.
fn committed(name: &str, words: &[&str]) -> BTreeMap<String, String> {
    let text = fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("it/privacy").join(name));
    let text = text.expect("a table");
    let cells = |line: &str| {
        let (what, word) = line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | ")?;
        assert!(words.contains(&word), "{name}: {what} is said to be {word}");
        Some((what.to_owned(), word.to_owned()))
    };
    text.lines().filter_map(cells).collect()
}

fn fields() -> BTreeMap<String, String> {
    committed("fields.md", &["everybody", "both", "by the rule", "own", "counselors"])
}

fn assert_classified(name: &str, there: &BTreeSet<String>, said: &BTreeMap<String, String>) {
    let unsaid: Vec<_> = there.iter().filter(|what| !said.contains_key(*what)).collect();
    let gone: Vec<_> = said.keys().filter(|what| !there.contains(*what)).collect();
    assert!(unsaid.is_empty(), "whose are these? Say so in tests/it/privacy/{name}: {unsaid:#?}");
    assert!(gone.is_empty(), "these are not there any more; take them out of tests/it/privacy/{name}: {gone:#?}");
}

#[test]
fn every_field_that_a_partner_can_be_answered_is_somebodys() {
    let document = serde_json::to_value(api::openapi::document()).expect("it can be written as JSON");
    let mut found = Fields { document: &document, fields: BTreeSet::new(), seen: BTreeSet::new() };
    for operation in open_to_partners() {
        found.add_answers_of(&operation);
    }
    assert!(found.fields.contains("Entry.answers") && found.fields.contains("Standing.paused"));
    assert_classified("fields.md", &found.fields, &fields());
}

#[test]
fn every_stored_field_is_somebodys() {
    let folder = env::temp_dir().join(format!("tenfold-classified-{}", process::id()));
    fs::create_dir_all(&folder).expect("a folder can be made");
    let url = folder.join("tenfold.db").display().to_string();
    migrate(&url).expect("the migrations run");
    let lines = describe(&url).expect("a description");
    fs::remove_dir_all(&folder).ok();

    let column = |line: &String| line.split(' ').next().filter(|name| name.contains('.')).map(ToOwned::to_owned);
    let columns: BTreeSet<_> = lines.iter().filter_map(column).collect();

    assert!(columns.contains("entries.sealed"), "{columns:?}");
    let words = ["everybody", "both", "by the rule", "in part", "own", "nobody"];
    assert_classified("columns.md", &columns, &committed("columns.md", &words));
}

/// The operations that either partner is let in to, as the committed table of access has it.
fn open_to_partners() -> BTreeSet<String> {
    let (mut open, mut columns) = (BTreeSet::new(), Vec::new());
    for line in include_str!("../access.md").lines().filter(|line| line.starts_with('|')) {
        let cells: Vec<_> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        if cells.contains(&"other partner") {
            columns = (0..cells.len()).filter(|at| cells[*at].ends_with("partner")).collect();
        }
        let name = cells[0].split_once("(`").and_then(|(_, rest)| rest.strip_suffix("`)"));
        if let Some(name) = name.filter(|_| columns.iter().any(|at| cells[*at] == "yes")) {
            open.insert(name.to_owned());
        }
    }
    assert!(open.contains("showEntry") && !open.contains("listNotes"), "{open:?}");
    open
}

/// The properties of the views in some answers, each with the view it is of.
struct Fields<'d> {
    document: &'d Value,
    fields: BTreeSet<String>,
    seen: BTreeSet<String>,
}

impl Fields<'_> {
    fn add_answers_of(&mut self, operation: &str) {
        let items = self.document["paths"].as_object().into_iter().flat_map(|paths| paths.values());
        let methods = items.filter_map(Value::as_object).flat_map(|item| item.values());
        let named: Vec<_> = methods.filter(|found| found["operationId"] == *operation).collect();
        assert_eq!(named.len(), 1, "{operation}");
        for (status, answer) in named[0]["responses"].as_object().into_iter().flatten() {
            let bodies = answer["content"].as_object().into_iter().flat_map(|content| content.values());
            for body in bodies.filter(|_| status.starts_with('2')) {
                self.add(&body["schema"], operation);
            }
        }
    }

    /// Lists have no fields of their own but where to go on; what is in them is the same as by itself.
    fn add(&mut self, schema: &Value, of: &str) {
        if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
            if name != "Answers" && self.seen.insert(name.to_owned()) {
                self.add(&self.document["components"]["schemas"][name], name);
            }
            return;
        }
        for part in ["allOf", "oneOf", "anyOf"].iter().filter_map(|part| schema[part].as_array()).flatten() {
            self.add(part, of);
        }
        for (property, inner) in schema["properties"].as_object().into_iter().flatten() {
            self.fields.insert(format!("{of}.{property}"));
            self.add(inner, &format!("{of}.{property}"));
        }
        if schema["items"].is_object() {
            let of = of.strip_prefix("Paged_").and_then(|list| list.strip_suffix(".items")).unwrap_or(of);
            self.add(&schema["items"], of);
        }
    }
}

async fn what_is_for_the_counselors_is_null_for_every_partner(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let known = with_everything_for_counselors(&case).await;
    let for_counselors: Vec<_> = fields().into_iter().filter(|(_, word)| word == "counselors").collect();
    let of_their_own = for_counselors.iter().filter(|(field, _)| !TOLD_ELSEWHERE.contains(&field.as_str()));
    let names = of_their_own.filter_map(|(field, _)| field.split_once('.'));
    let names: BTreeSet<_> = names.filter(|(view, _)| !WITHIN.contains(view)).map(|(_, name)| name).collect();

    let told = |view: &BTreeMap<String, String>| {
        let bodies = view.values().filter_map(|answer| serde_json::from_str(answer.split_once("\n\n")?.1).ok());
        bodies.flat_map(|body: Value| told_in(&body)).collect::<BTreeSet<_>>()
    };
    let to_counselor = told(&known.view(&case.counselor).await);

    assert!(names.iter().all(|name| to_counselor.contains(*name)), "{names:?} are not all there: {to_counselor:?}");
    for partner in [&case.lee, &case.kim] {
        let told = told(&known.view(&partner.person).await);
        assert!(told.contains("standings"), "nothing was read");
        assert!(names.iter().all(|name| !told.contains(*name)), "{names:?} in {told:?}");
    }
}

/// The names of all fields that are neither null nor an empty list. What an entry says has names of its own, and so have the forms for it.
fn told_in(value: &Value) -> Vec<String> {
    let of_object = |(name, inner): (&String, &Value)| {
        let is_form = matches!(name.as_str(), "answers" | "example" | "schema");
        let deeper = if is_form { Vec::new() } else { told_in(inner) };
        let is_told = !inner.is_null() && *inner != json!([]);
        deeper.into_iter().chain(is_told.then(|| name.clone())).collect::<Vec<_>>()
    };
    match value {
        Value::Array(items) => items.iter().flat_map(told_in).collect(),
        Value::Object(fields) => fields.iter().flat_map(of_object).collect(),
        _ => Vec::new(),
    }
}

/// What both partners know of, with all that is for the counselors in it.
async fn with_everything_for_counselors(case: &Case) -> Known {
    let mut known = Known::after_sharing(case).await;
    case.counselor
        .patch(format!("/v1/couples/{}", case.couple), json!({ "label": "Mondays" }))
        .await
        .expect_status(200);
    let breach = case.record_breach(json!({ "kind": "secrecy", "came_to_light": "disclosed" })).await;
    case.set_policy(json!({ "kind": "no_secrets" })).await;
    let shared = case.lee.submit(known.assignment(), entry("shared")).await;
    share_a_coached_apology(case, known.given(Slug::Apology)).await;
    let paused = format!("/v1/assignments/{}/pause", known.assignment());
    case.counselor.put(paused, json!({ "paused": true })).await.expect_status(200);
    case.screen(&case.lee, json!({ "status": "concern" })).await;
    let overridden = json!({
        "exercise": "shared-rituals", "breach_id": breach,
        "overrides": { "policy": "so agreed", "safety": "so agreed" },
    });
    let assignment = case.assign(overridden).await;
    let to_both = json!({ "feedback": "Well said.", "to": [case.lee.id, case.kim.id], "flagged_for_session": true });
    case.review(shared, to_both).await;
    let session: Uuid = case.session(json!({ "topic": "the debt" })).await;
    let score = correct_a_shared_score(case).await;
    for (parameter, id) in
        [("assignment_id", assignment), ("entry_id", shared), ("session_id", session), ("score_id", score)]
    {
        known.add(parameter, id);
    }
    known
}

async fn share_a_coached_apology(case: &Case, assignment: Uuid) {
    let draft = json!({ "answers": Kind::ApologyDraft.example(), "visibility": "shared" });
    let draft = case.lee.submit(assignment, draft).await;
    by_counselor(case, assignment, answers(Kind::ApologyCoaching, "draft_id", json!(draft))).await;
}

async fn correct_a_shared_score(case: &Case) -> Uuid {
    let wanted = json!({ "partner_id": case.lee.id, "instrument": "rdas", "value": 40, "shared_with_partner": true });
    let score = case.counselor.post(format!("/v1/couples/{}/scores", case.couple), wanted).await.created();
    case.counselor.post(format!("/v1/scores/{score}/corrections"), json!({ "value": 41 })).await.expect_status(201);
    score
}
