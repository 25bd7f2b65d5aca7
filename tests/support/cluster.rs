//! A temporary PostgreSQL server, made from the programs installed on this machine.
//!
//! The whole suite runs on both databases, and must run in one command on a machine that nobody prepared. So it does not
//! ask for a server, a password or a container: it makes a cluster in a temporary directory, reachable through a Unix
//! socket only, starts it when the first test asks, shares it, and leaves nothing behind.

mod database;
mod home;
mod programs;
mod watchdog;

use std::env;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

pub use database::Database;
pub use programs::Programs;

use database::{ROLE, Server, drop_statement};
use home::Home;
use watchdog::Watchdog;

/// Set to `1`, a missing server is a failure and not a reason to skip.
const REQUIRE_VARIABLE: &str = "TENFOLD_REQUIRE_POSTGRES";

/// The database that those of the tests are copied from.
const TEMPLATE: &str = "tenfold_template";

static SHARED: OnceLock<io::Result<Option<Cluster>>> = OnceLock::new();

/// The cluster that all tests of this process share, started by the first call; `None` where no server is installed.
///
/// A test that gets `None` has nothing to do and returns. That this happened is said once, where it can't be overlooked.
///
/// # Panics
/// When the server does not start; and where none is installed if `TENFOLD_REQUIRE_POSTGRES=1`.
pub fn cluster() -> Option<&'static Cluster> {
    match SHARED.get_or_init(start_shared) {
        Ok(cluster) => cluster.as_ref(),
        Err(error) => panic!("{error}"),
    }
}

/// A failure is kept too, so that every test reports it without trying again.
fn start_shared() -> io::Result<Option<Cluster>> {
    match Programs::find() {
        Some(programs) => Cluster::start(programs).map(Some),
        None if env::var_os(REQUIRE_VARIABLE).is_some_and(|value| value == "1") => Err(io::Error::other(format!(
            "no PostgreSQL server programs found{}, and {REQUIRE_VARIABLE}=1 requires them",
            where_searched()
        ))),
        None => announce_skipping().map(|()| None),
    }
}

/// Straight to the process's standard error: the test harness captures what `eprintln!` prints.
fn announce_skipping() -> io::Result<()> {
    writeln!(
        io::stderr(),
        "\nTENFOLD: NO POSTGRESQL SERVER BINARIES FOUND{}: every PostgreSQL test is SKIPPED. \
         Install them (Debian: apt-get install postgresql; macOS: brew install postgresql) \
         or name their directory in {}.\n",
        where_searched(),
        programs::DIRECTORY_VARIABLE,
    )
}

fn where_searched() -> String {
    let chosen = env::var_os(programs::DIRECTORY_VARIABLE);
    chosen.map(|chosen| format!(" in {}={}", programs::DIRECTORY_VARIABLE, chosen.display())).unwrap_or_default()
}

/// A PostgreSQL server of our own, with its data, in a directory that goes when this is dropped or the process ends.
#[derive(Debug)]
pub struct Cluster {
    directory: PathBuf,
    server: Server,
    template: OnceLock<()>,
    databases: AtomicU32,
    // Held for what its end does.
    _watchdog: Watchdog,
}

impl Cluster {
    /// Starts one. Tests want [`cluster`]; this is for those about clusters.
    ///
    /// # Errors
    /// When the server does not come up; the error holds its log.
    pub fn start(programs: Programs) -> io::Result<Self> {
        let home = Home::make()?;
        let watchdog = Watchdog::start(&programs, &home)?;
        let server = Server::new(programs, &home.directory);
        Ok(Self {
            directory: home.directory,
            server,
            template: OnceLock::new(),
            databases: AtomicU32::new(0),
            _watchdog: watchdog,
        })
    }

    /// A new database, a copy of one that `prepare` filled through the URL it was given.
    ///
    /// `prepare` runs for the first caller only (the migrations take longer than a copy), so all callers must pass the same.
    pub fn database(&self, prepare: impl FnOnce(&str)) -> Database {
        self.template.get_or_init(|| self.make_template(prepare));
        self.create(TEMPLATE)
    }

    /// A new database without a single table.
    pub fn empty_database(&self) -> Database {
        self.create("template0")
    }

    /// Where its data and its socket are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    fn create(&self, template: &str) -> Database {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        Database::create(self.server.clone(), format!("test_{number}"), template)
    }

    /// Dropped first, because a `prepare` that panicked leaves half a template to the next caller. Closed last, because
    /// PostgreSQL copies no database that somebody is connected to.
    fn make_template(&self, prepare: impl FnOnce(&str)) {
        self.server.administer(&drop_statement(TEMPLATE));
        self.server.administer(&format!("CREATE DATABASE {TEMPLATE} TEMPLATE template0 OWNER {ROLE}"));
        prepare(&self.server.url(ROLE, TEMPLATE));
        self.server.administer(&format!("ALTER DATABASE {TEMPLATE} ALLOW_CONNECTIONS false"));
        self.server.administer(&format!(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '{TEMPLATE}'"
        ));
    }
}
