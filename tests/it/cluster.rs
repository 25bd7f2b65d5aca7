//! The PostgreSQL that the tests run on is itself held to its promises.

use std::env;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tenfold_tests::cluster::{Cluster, Database, Programs, cluster};

/// Tells this test binary, started once more, to hold a cluster until it is killed.
const HOLD_VARIABLE: &str = "TENFOLD_TEST_HOLD_A_CLUSTER";

fn nothing(_url: &str) {}

#[test]
fn databases_made_at_once_are_apart() {
    let Some(cluster) = cluster() else { return };

    let databases: Vec<Database> = thread::scope(|scope| {
        let makers: Vec<_> = (0..12).map(|_| scope.spawn(|| cluster.database(nothing))).collect();
        makers.into_iter().map(|maker| maker.join().unwrap()).collect()
    });
    for (number, database) in databases.iter().enumerate() {
        database.run(&format!("CREATE TABLE mine (number int); INSERT INTO mine VALUES ({number})")).unwrap();
    }

    for (number, database) in databases.iter().enumerate() {
        assert_eq!(database.run("SELECT number FROM mine").unwrap(), number.to_string());
    }
}

#[test]
fn a_database_is_a_copy_of_what_was_prepared_once() {
    let Some(cluster) = private_cluster() else { return };
    let prepare = |url: &str| {
        let psql = Programs::find().unwrap().directory().join("psql");
        let status = Command::new(psql).args(["-qd", url, "-c", "CREATE TABLE prepared ()"]).status();
        assert!(status.unwrap().success());
    };

    let first = cluster.database(prepare);
    let second = cluster.database(|_| panic!("prepared twice"));
    let empty = cluster.empty_database();

    let count = "SELECT count(*) FROM pg_tables WHERE tablename = 'prepared' AND tableowner = 'tenfold'";
    assert_eq!(first.run(count).unwrap(), "1");
    assert_eq!(second.run(count).unwrap(), "1");
    assert_eq!(empty.run(count).unwrap(), "0");
}

#[test]
fn a_preparation_that_failed_spoils_nothing_for_the_next() {
    let Some(cluster) = private_cluster() else { return };

    let failed = thread::scope(|scope| scope.spawn(|| cluster.database(|_| panic!("as intended"))).join());

    assert!(failed.is_err());
    assert_eq!(cluster.database(nothing).run("SELECT 1").unwrap(), "1");
}

#[test]
fn row_level_security_binds_the_role() {
    let Some(cluster) = cluster() else { return };
    let database = cluster.empty_database();
    let setup = "CREATE TABLE guarded (practice int);
                 INSERT INTO guarded VALUES (1), (2);
                 ALTER TABLE guarded ENABLE ROW LEVEL SECURITY;
                 ALTER TABLE guarded FORCE ROW LEVEL SECURITY;
                 CREATE POLICY own ON guarded USING (practice = 1)";
    database.run(setup).unwrap();

    let seen = database.run("SELECT practice FROM guarded").unwrap();
    let circumvented = database.run("SET row_security = off; SELECT practice FROM guarded");
    let promoted = database.run("ALTER ROLE tenfold BYPASSRLS");

    assert_eq!(seen, "1");
    assert!(circumvented.is_err());
    assert!(promoted.is_err());
}

#[test]
fn a_dropped_database_is_gone_though_somebody_is_connected() {
    let Some(cluster) = cluster() else { return };
    let witness = cluster.empty_database();
    let database = cluster.empty_database();
    let name = database.run("SELECT current_database()").unwrap();
    let mut guest = psql(&database);
    guest.stdin.as_mut().unwrap().write_all(b"SELECT 'here';\n").unwrap();
    assert_eq!(first_line(guest.stdout.take()), "here");

    drop(database);

    let left = witness.run(&format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'")).unwrap();
    guest.kill().unwrap();
    guest.wait().unwrap();
    assert_eq!(left, "0");
}

#[test]
fn a_dropped_cluster_leaves_nothing_behind() {
    let Some(cluster) = private_cluster() else { return };
    let directory = cluster.directory().to_owned();
    assert!(directory.join("data").exists());

    drop(cluster);

    assert!(!directory.exists());
}

#[test]
fn a_killed_test_process_leaves_no_cluster_behind() {
    if env::var_os(HOLD_VARIABLE).is_some() {
        return hold_a_cluster();
    }
    if cluster().is_none() {
        return;
    }
    let mut process = this_test_again("cluster::a_killed_test_process_leaves_no_cluster_behind");
    let directory = PathBuf::from(first_line(process.stderr.take()));
    assert!(directory.join("data").exists(), "{}", directory.display());

    process.kill().unwrap();
    process.wait().unwrap();

    assert!(is_gone_before_long(&directory), "{} is still there", directory.display());
}

/// Says where the cluster is, then waits for an end of input that does not come.
fn hold_a_cluster() {
    let cluster = private_cluster().expect("a cluster");
    writeln!(io::stderr(), "{}", cluster.directory().display()).expect("somebody listening");
    io::stdin().read_to_end(&mut Vec::new()).expect("a standard input");
}

fn private_cluster() -> Option<Cluster> {
    cluster()?;
    Some(Cluster::start(Programs::find()?).expect("a second cluster"))
}

fn this_test_again(name: &str) -> Child {
    let mut command = Command::new(env::current_exe().expect("this test binary"));
    command.args(["--exact", name]).env(HOLD_VARIABLE, "1");
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
    command.spawn().expect("this test binary, once more")
}

fn psql(database: &Database) -> Child {
    let programs = Programs::find().expect("the programs that made the database");
    let mut command = Command::new(programs.directory().join("psql"));
    command.args(["-XqAtd", &database.url()]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    command.spawn().expect("psql")
}

fn first_line(output: Option<impl Read>) -> String {
    let mut line = String::new();
    BufReader::new(output.expect("a pipe")).read_line(&mut line).expect("a line");
    line.trim_end().to_owned()
}

/// Nobody is left to tell us: the process that knew was killed. So this looks, for a bounded time.
fn is_gone_before_long(directory: &Path) -> bool {
    let deadline = Instant::now() + Duration::from_secs(20);
    while directory.exists() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(10));
    }
    !directory.exists()
}
