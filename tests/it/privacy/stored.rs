//! What a thief of the files, or an administrator of the database, finds in them.

use std::{fs, path::Path};

use tenfold_tests::{app::TestApp, cluster::Database, stories};

use super::planted::Planted;

stories![what_was_written_in_confidence_is_not_in_the_database];

async fn what_was_written_in_confidence_is_not_in_the_database(app: TestApp) {
    let planted = Planted::in_every_field(&app).await;
    let practice = app.owner().await.get("/v1/practice").await.text_at("/id");

    let stored = match app.database() {
        Some(database) => every_row(database, &practice),
        None => every_byte(&app.inside().config.data),
    };

    let couple = planted.case.couple.to_string();
    assert!(stored.windows(couple.len()).any(|window| window == couple.as_bytes()), "nothing was read");
    assert_eq!(planted.found_in(&stored), [""; 0]);
}

/// The files of the data folder: the database, its log, the keys.
fn every_byte(folder: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("the folder can be read").path();
        bytes.extend(if path.is_dir() { every_byte(&path) } else { fs::read(&path).expect("a file can be read") });
    }
    bytes
}

/// Every column of every table, as the bytes that are kept.
fn every_row(database: &Database, practice: &str) -> Vec<u8> {
    let tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'";
    let tables = database.run(tables).expect("the tables can be listed");
    let rows = |table: &str| {
        let open = format!("SELECT set_config('tenfold.practice', '{practice}', false)");
        let copy = format!("{open}; COPY (SELECT * FROM \"{table}\") TO STDOUT (FORMAT binary)");
        database.run(&copy).expect("a table can be read")
    };
    tables.lines().flat_map(|table| rows(table).into_bytes()).collect()
}
