//! Both databases are the same, as far as the product can tell, and the second wall around a practice stands.

use std::path::PathBuf;
use std::{env, fs, process};

use serde_json::json;
use store::migrate::{describe, folder_names, migrate, revert_all};
use tenfold_tests::{app::TestApp, cluster::cluster};

/// The path of an SQLite database in a folder of its own, which goes with this.
struct File(PathBuf);

impl File {
    fn new(name: &str) -> Self {
        let folder = env::temp_dir().join(format!("tenfold-databases-{}-{name}", process::id()));
        fs::create_dir_all(&folder).expect("a folder can be made");
        Self(folder)
    }

    fn url(&self) -> String {
        self.0.join("tenfold.db").display().to_string()
    }
}

impl Drop for File {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[test]
fn the_migrations_have_the_same_names() {
    let (sqlite, postgres) = folder_names().expect("names that can be read");
    assert_eq!(sqlite, postgres);
}

#[test]
fn tables_columns_keys_and_indexes_are_the_same() {
    let Some(cluster) = cluster() else { return };
    let (file, database) = (File::new("same"), cluster.empty_database());
    let urls = [file.url(), database.url()];

    let [sqlite, postgres] = urls.map(|url| {
        migrate(&url).expect("the migrations run");
        describe(&url).expect("a description")
    });

    assert!(sqlite.iter().any(|line| line == "promise_outcomes.due_on date not null key 3"), "{sqlite:#?}");
    let only = |these: &[String], those: &[String]| {
        these.iter().filter(|line| !those.contains(line)).cloned().collect::<Vec<_>>()
    };
    let (here, there) = (only(&sqlite, &postgres), only(&postgres, &sqlite));
    assert!(here.is_empty() && there.is_empty(), "only SQLite: {here:#?}, only PostgreSQL: {there:#?}");
    assert_eq!(sqlite.len(), postgres.len());
}

fn goes_up_down_and_up_again(url: &str) {
    migrate(url).expect("up");
    let first = describe(url).expect("a description");
    revert_all(url).expect("down");
    assert_eq!(describe(url).expect("a description"), Vec::<String>::new());
    migrate(url).expect("up again");
    assert_eq!(describe(url).expect("a description"), first);
}

#[test]
fn the_schema_goes_up_down_and_up_again_on_sqlite() {
    goes_up_down_and_up_again(&File::new("up").url());
}

#[test]
fn the_schema_goes_up_down_and_up_again_on_postgres() {
    let Some(cluster) = cluster() else { return };
    goes_up_down_and_up_again(&cluster.empty_database().url());
}

/// Every foreign key between a practice's rows begins with the practice, so that none points into another.
#[test]
fn every_key_begins_with_the_practice() {
    let file = File::new("keys");
    migrate(&file.url()).expect("the migrations run");

    for line in describe(&file.url()).expect("a description") {
        if let Some((_, target)) = line.split_once(" references ") {
            assert!(target.starts_with("practices (") || target.contains("(practice_id, "), "{line}");
        }
    }
}

#[actix_web::test]
async fn who_has_not_named_a_practice_sees_nothing_though_they_own_the_tables() {
    let Some(app) = TestApp::on_postgres().await else { return };
    let owner = app.owner().await;
    owner.post("/v1/clients", json!({ "name": "lee" })).await.expect_status(201);
    let Some(database) = app.database() else { return };

    let walled = "SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'practice_id' \
         WHERE c.relkind = 'r' ORDER BY 1";
    let tables = database.run(walled).expect("the tables");
    assert!(tables.lines().count() > 15, "{tables}");
    for table in tables.lines().chain(["practices"]) {
        let wall = format!(
            "SELECT relrowsecurity AND relforcerowsecurity AND EXISTS (SELECT 1 FROM pg_policy WHERE polrelid = pg_class.oid) \
             FROM pg_class WHERE oid = '{table}'::regclass"
        );
        assert_eq!(database.run(&wall).expect("an answer"), "t", "{table} has no wall");
        assert_eq!(database.run(&format!("SELECT count(*) FROM {table}")).expect("an answer"), "0", "{table}");
    }
    let named = format!("SET tenfold.practice = '{}'; SELECT count(*) FROM clients", practice_of(&owner).await);
    assert_eq!(database.run(&named).expect("an answer").lines().last(), Some("1"));
}

async fn practice_of(person: &tenfold_tests::person::Person) -> String {
    person.get("/v1/me").await.text_at("/practice/id")
}
