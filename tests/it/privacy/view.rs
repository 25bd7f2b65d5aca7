//! All that somebody is shown: every operation of the document that reads, for everything they know of, with every parameter.
#![expect(clippy::panic, reason = "a parameter without a value is the test's failure")]

use std::collections::{BTreeMap, HashMap};

use actix_web::test::TestRequest;
use domain::exercises::{Kind, Slug};
use serde_json::{Value, json};
use tenfold_tests::{case::Case, person::Person};
use uuid::Uuid;

use super::{alone::own_exercise, hidden::stand};
use crate::access::operations::{Operation, operations};

/// Every request has the same id, so that even problems are the same to the byte.
pub(super) const SAME_REQUEST: (&str, &str) = ("x-request-id", "the-same-for-all");

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

/// The exercises that both are given, in this order. The last one is opened by nobody.
const GIVEN: [Slug; 6] = [
    Slug::ProfessionalHelp,
    Slug::Apology,
    Slug::Vulnerability,
    Slug::ReaffirmCommitment,
    Slug::Forgiveness,
    Slug::Consistency,
];

/// What Kim knows of: the ids for each parameter.
pub(super) struct Known(pub(super) HashMap<&'static str, Vec<String>>);

impl Known {
    /// What there is for both: exercises, entries that both see, a review of one, promises, and that Lee is not ready to apologize. And an exercise of the practice's own that
    /// nobody was given.
    pub(super) async fn after_sharing(case: &Case) -> Self {
        let mut known = Self::of(case);
        for exercise in GIVEN {
            let exercise = exercise.as_str();
            let wanted = json!({ "exercise": exercise, "mode": "parallel", "overrides": { "safety": "so agreed" } });
            known.add("assignment_id", case.assign(wanted).await);
        }
        let (shared, own) = (
            case.lee.submit(known.assignment(), entry("shared")).await,
            case.kim.submit(known.assignment(), concern()).await,
        );
        let comfort = json!({ "answers": Kind::TouchComfort.example(), "visibility": "shared" });
        let comfort = case.kim.submit(known.given(Slug::Vulnerability), comfort).await;
        case.review(shared, json!({ "feedback": "Well said.", "to": [case.lee.id, case.kim.id] })).await;
        for (parameter, id) in [
            ("entry_id", shared),
            ("entry_id", own),
            ("entry_id", comfort),
            ("promise_id", case.lee.promise(case.couple, "I call when I am late.").await),
            ("session_id", case.session(json!({})).await),
            ("program_run_id", of_both(case).await),
            ("own_exercise_id", own_exercise(case).await),
        ] {
            known.add(parameter, id);
        }
        stand(&case.lee, &known.given(Slug::Apology).to_string(), "not_ready").await;
        known
    }

    /// Who there is, and what everybody knows.
    pub(super) fn of(case: &Case) -> Self {
        let words = [("due_on", "2026-09-21"), ("number", "1"), ("instrument", "rdas"), ("code", "not-found")];
        let mut known = Self(words.map(|(parameter, word)| (parameter, vec![word.to_owned()])).into());
        known.0.insert("slug", Slug::ALL.iter().map(ToString::to_string).collect());
        for (parameter, id) in [
            ("couple_id", case.couple),
            ("partner_id", case.lee.id),
            ("partner_id", case.kim.id),
            ("client_id", case.lee.person.id),
            ("client_id", case.kim.person.id),
            ("staff_id", case.counselor.id),
        ] {
            known.add(parameter, id);
        }
        known
    }

    pub(super) fn add(&mut self, parameter: &'static str, id: Uuid) {
        self.0.entry(parameter).or_default().push(id.to_string());
    }

    pub(super) fn assignment(&self) -> Uuid {
        self.given(Slug::ProfessionalHelp)
    }

    /// The assignment by which both were given an exercise.
    pub(super) fn given(&self, exercise: Slug) -> Uuid {
        let at = GIVEN.iter().position(|given| *given == exercise).expect("an exercise that both were given");
        self.0["assignment_id"][at].parse().expect("an id")
    }

    pub(super) fn first(&self, parameter: &str) -> &str {
        self.0[parameter].first().expect("an id")
    }

    pub(super) fn last(&self, parameter: &str) -> &str {
        self.0[parameter].last().expect("an id")
    }

    /// All that they are answered, by what they asked: every operation that reads, for everything they know of, whole and page
    /// by page.
    pub(super) async fn view(&self, person: &Person) -> BTreeMap<String, String> {
        self.answers(person, queries).await
    }

    /// The same with no parameter but those that must be there: quick enough to look again and again.
    pub(super) async fn glance(&self, person: &Person) -> BTreeMap<String, String> {
        self.answers(person, needed_queries).await
    }

    async fn answers(
        &self,
        person: &Person,
        queries: fn(&Operation, &Self) -> Vec<String>,
    ) -> BTreeMap<String, String> {
        let mut view = BTreeMap::new();
        for operation in operations().iter().filter(|operation| operation.method == "GET" && !operation.public) {
            for path in self.paths(operation) {
                for query in queries(operation, self) {
                    let query = query.replacen('&', "?", 1);
                    look(person, format!("{path}{query}"), &mut view).await;
                }
            }
        }
        view
    }

    /// What a parameter of a query can be: one of its words, an id they know of, or something that fits.
    fn values(&self, operation: &Operation, name: &str, words: &[String]) -> Vec<String> {
        match name {
            "cursor" => Vec::new(),
            _ if !words.is_empty() => words.to_vec(),
            "from" => vec!["2026-09-01".to_owned()],
            "until" => vec!["2026-09-30".to_owned()],
            "limit" | "unsigned_after_days" => vec!["1".to_owned()],
            "archived" => vec!["true".to_owned()],
            "instrument" => vec!["rdas".to_owned()],
            _ if name.ends_with("_id") => self.0.get(name_of_id(name)).cloned().unwrap_or_default(),
            _ => panic!("tests/it/privacy/view.rs has no value for {name} of {}", operation.id),
        }
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

pub(super) fn entry(visibility: &str) -> Value {
    json!({ "answers": { "type": "goal", "goal": "To sleep again.", "rank": 1 }, "visibility": visibility })
}

fn concern() -> Value {
    json!({ "answers": { "type": "concern", "concern": "That it is too late.", "weight": 4 } })
}

/// What can be asked besides: each parameter of the document with each value that there is for it, and the first page of one.
fn queries(operation: &Operation, known: &Known) -> Vec<String> {
    let needed = needed_queries(operation, known);
    let mut queries = needed.clone();
    for (name, words) in operation.query.iter().filter(|(name, _)| !operation.required_query.contains(name)) {
        for value in known.values(operation, name, words) {
            queries.extend(needed.iter().map(|query| format!("{query}&{name}={value}")));
        }
    }
    queries
}

/// The parameters that must be there, with each value that there is for them.
fn needed_queries(operation: &Operation, known: &Known) -> Vec<String> {
    let mut queries = vec![String::new()];
    for (name, words) in operation.query.iter().filter(|(name, _)| operation.required_query.contains(name)) {
        let values = known.values(operation, name, words);
        let with = |query: &String| values.iter().map(|value| format!("{query}&{name}={value}")).collect::<Vec<_>>();
        queries = queries.iter().flat_map(with).collect();
    }
    queries
}

/// Counselors are staff.
fn name_of_id(parameter: &str) -> &str {
    if parameter == "counselor_id" { "staff_id" } else { parameter }
}

/// A chart is a picture, and has no pages.
fn is_json(content_type: &str) -> bool {
    content_type.starts_with("application/json")
}

/// Asks, and goes on to the next page as long as there is one.
async fn look(person: &Person, first: String, view: &mut BTreeMap<String, String>) {
    let mut next = Some(first.clone());
    while let Some(path) = next {
        let reply = person.send(TestRequest::get().uri(&path).insert_header(SAME_REQUEST)).await;
        let is_page = reply.status() == 200 && is_json(reply.header("content-type"));
        let page = if is_page { reply.json() } else { Value::Null };
        let cursor = page["next_cursor"].as_str().filter(|_| first.contains('?'));
        next = cursor.map(|cursor| format!("{first}&cursor={cursor}"));
        view.insert(path, reply.whole());
    }
}

pub(super) fn assert_same(before: &BTreeMap<String, String>, after: &BTreeMap<String, String>, what: &str) {
    let differs = |path: &&String| before.get(*path) != after.get(*path);
    let paths: Vec<_> = before.keys().chain(after.keys()).filter(differs).collect();
    let shown = paths.first().map(|path| (before.get(*path), after.get(*path)));
    assert!(paths.is_empty(), "{what} shows in {paths:?}: {shown:#?}");
}
