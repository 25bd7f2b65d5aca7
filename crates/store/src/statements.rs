//! What the store asks the database: for the tests that look at how it is answered. Never watched outside of tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, PoisonError},
};

use diesel::{
    QueryableByName, RunQueryDsl,
    connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation},
    sql_types::Text,
};

use crate::{
    Engine, StoreError,
    conn::{Use, connect, path_of},
};

static ASKED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

/// How many statements each database was asked, by its URL: tests run side by side, each with a database of its own.
static COUNTS: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());

/// Notes from now on what is asked on every connection that is made.
///
/// # Errors
/// If another thread panicked while it did the same.
pub fn watch() -> Result<(), StoreError> {
    Ok(set_default_instrumentation(|| Some(Box::new(Watch::default()) as Box<dyn Instrumentation>))?)
}

/// Watches one connection.
#[derive(Default)]
struct Watch {
    /// The database it goes to, as the first event tells.
    url: String,
}

impl Instrumentation for Watch {
    fn on_connection_event(&mut self, event: InstrumentationEvent<'_>) {
        match event {
            InstrumentationEvent::StartEstablishConnection { url, .. } => url.clone_into(&mut self.url),
            InstrumentationEvent::StartQuery { query, .. } => note(&self.url, &query.to_string()),
            _ => {}
        }
    }
}

fn note(url: &str, shown: &str) {
    // What follows are the values: they are nobody's business here.
    let statement = shown.split(" -- binds").next().unwrap_or_default().to_owned();
    if ["SELECT ", "INSERT ", "UPDATE ", "DELETE "].iter().any(|verb| statement.starts_with(verb)) {
        *COUNTS.lock().unwrap_or_else(PoisonError::into_inner).entry(url.to_owned()).or_default() += 1;
    }
    ASKED.lock().unwrap_or_else(PoisonError::into_inner).insert(statement);
}

/// How many statements a database was asked since it is watched: reading and writing, without what begins and ends transactions.
#[must_use]
pub fn asked_of(url: &str) -> u64 {
    let url = if Engine::of(url) == Engine::Sqlite { path_of(url) } else { url };
    COUNTS.lock().unwrap_or_else(PoisonError::into_inner).get(url).copied().unwrap_or_default()
}

/// The statements that something was read with so far, without their values.
#[must_use]
pub fn of_reading(engine: Engine) -> Vec<String> {
    let quote = if engine == Engine::Sqlite { "SELECT `" } else { "SELECT \"" };
    let asked = ASKED.lock().unwrap_or_else(PoisonError::into_inner);
    let reads = |statement: &&String| {
        let whole = statement.replacen("SELECT DISTINCT ", "SELECT ", 1);
        whole.starts_with(quote) && !statement.contains("schema_migrations")
    };
    asked.iter().filter(reads).cloned().collect()
}

/// Those of them that lists were read with.
#[must_use]
pub fn of_lists(engine: Engine) -> Vec<String> {
    of_reading(engine).into_iter().filter(|statement| statement.contains(" ORDER BY ")).collect()
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
