//! What the store asks the database: for the tests that look at how it is answered. Never watched outside of tests.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use diesel::{
    QueryableByName, RunQueryDsl,
    connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation},
    sql_types::Text,
};

use crate::{
    Engine, StoreError,
    conn::{Use, connect},
};

static ASKED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// Notes from now on what is asked on every connection that is made.
///
/// # Errors
/// If another thread panicked while it did the same.
pub fn watch() -> Result<(), StoreError> {
    Ok(set_default_instrumentation(|| Some(Box::new(note) as Box<dyn Instrumentation>))?)
}

#[expect(clippy::needless_pass_by_value, reason = "diesel hands its events over")]
fn note(event: InstrumentationEvent<'_>) {
    if let InstrumentationEvent::StartQuery { query, .. } = event {
        let shown = query.to_string();
        // What follows are the values: they are nobody's business here.
        let statement = shown.split(" -- binds").next().unwrap_or_default().to_owned();
        ASKED.lock().unwrap_or_else(PoisonError::into_inner).insert(statement);
    }
}

/// The statements that lists were asked with so far, without their values.
#[must_use]
pub fn of_lists(engine: Engine) -> Vec<String> {
    let quote = if engine == Engine::Sqlite { "SELECT `" } else { "SELECT \"" };
    let asked = ASKED.lock().unwrap_or_else(PoisonError::into_inner);
    let of_list = |statement: &&String| {
        statement.starts_with(quote) && statement.contains(" ORDER BY ") && !statement.contains("schema_migrations")
    };
    asked.iter().filter(of_list).cloned().collect()
}

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// How SQLite goes about a statement, step by step.
///
/// # Errors
/// If the database can't be reached, or the statement is none.
pub fn plan_on_sqlite(url: &str, statement: &str) -> Result<Vec<String>, StoreError> {
    let mut conn = connect(url, Use::Read)?;
    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(&mut conn)?;
    Ok(steps.into_iter().map(|step| step.detail).collect())
}
