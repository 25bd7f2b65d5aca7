//! Who may do what: every operation of the API, asked for by everyone, against a table that a non-programmer can read.
//!
//! A new operation fails here until it is said which request is well-formed for it. Then `UPDATE_ACCESS=1` writes its row into
//! `access.md`, to be read before it is committed. What must never be opened is in `rules.rs`, and no table opens it.
#![expect(clippy::panic, reason = "an operation that nobody said how to ask for is the test's failure")]

pub(crate) mod operations;
mod requests;
mod rules;
mod table;
mod world;

use tenfold_tests::{app::TestApp, stories};

use operations::{Operation, operations};
use rules::{Answer, broken};
use table::Table;
use world::{Caller, World};

stories![everyone_gets_what_the_table_says];

async fn everyone_gets_what_the_table_says(app: TestApp) {
    let world = World::new(app).await;
    let (mut table, mut wrong) = (Table::new(), Vec::new());
    let mut operations = operations();
    operations.sort_by(|one, other| (&one.tag, &one.path).cmp(&(&other.tag, &other.path)));

    for operation in &operations {
        for situation in situations(&operation.id) {
            let answers = row(&world, operation, situation, &mut wrong).await;
            wrong.extend(broken(operation, situation, &answers));
            table.add(operation, situation, &answers);
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    table.compare();
}

/// An operation that is answered differently for different things of the same kind has a row for each.
fn situations(operation: &str) -> &'static [&'static str] {
    match operation {
        "showEntry" => {
            &["a private one", "one to be revealed together", "one under embargo", "a shared one", "a draft"]
        }
        "listReviews" | "listEntryVersions" | "correctEntry" => &["a private one", "a shared one"],
        "changeEntry" | "deleteEntry" | "submitEntry" => &["a draft"],
        "openEntry" | "reviewEntry" => &["a private one"],
        "showAssignment" | "listEntriesOfAssignment" | "recordEntry" | "changeStanding" => {
            &["of both", "of one partner alone"]
        }
        "showSession" => &["joint", "with one partner alone"],
        "showNote" => &["a draft", "a signed one"],
        "showProgress" => &["of both", "their own", "side by side"],
        _ => &[""],
    }
}

async fn row(world: &World, operation: &Operation, situation: &str, wrong: &mut Vec<String>) -> Vec<Answer> {
    let mut answers = Vec::new();
    world.forget();
    for caller in Caller::ALL {
        let reply = world.ask(operation, situation, caller).await;
        let text = String::from_utf8_lossy(reply.bytes()).into_owned();
        if caller.is_outside() && world.secrets().iter().any(|secret| text.contains(secret)) {
            wrong.push(format!("{} ({situation}): {caller} is told of the couple: {text}", operation.id));
        }
        answers.push(Answer { caller, status: reply.status() });
    }
    answers
}
