//! One database of a cluster, and the SQL that makes and removes it.
//!
//! It speaks through `psql`: diesel belongs to `store` alone.

use std::path::Path;

use super::programs::Programs;

/// The product's role, an ordinary one: row-level security does not bind superusers or `BYPASSRLS`.
pub(super) const ROLE: &str = "tenfold";

const SUPERUSER: &str = "postgres";

/// A database of a test's own, removed when dropped.
#[derive(Debug)]
pub struct Database {
    name: String,
    server: Server,
}

impl Database {
    /// Makes it from a template, which must have no connections.
    pub(super) fn create(server: Server, name: String, template: &str) -> Self {
        server.administer(&format!("CREATE DATABASE {name} TEMPLATE {template} OWNER {ROLE} {}", server.copying));
        Self { name, server }
    }

    /// Where to connect, as the role that owns the database and is nothing more.
    pub fn url(&self) -> String {
        self.server.url(ROLE, &self.name)
    }

    /// Runs SQL as that role: the rows, one a line with fields separated by `|`, or the server's complaint.
    pub fn run(&self, sql: &str) -> Result<String, String> {
        self.server.run(&self.url(), sql)
    }
}

impl Drop for Database {
    /// Failing is no harm, it goes with the cluster; a panic here would hide the test's own.
    fn drop(&mut self) {
        drop(self.server.try_to_administer(&drop_statement(&self.name)));
    }
}

/// `FORCE` ends connections, which a test may leave open.
pub(super) fn drop_statement(name: &str) -> String {
    format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)")
}

/// A running server, as seen by its clients.
#[derive(Clone, Debug)]
pub(super) struct Server {
    programs: Programs,
    host: String,
    copying: String,
}

impl Server {
    /// Makes the product's role, and asks which words make copying fast: 15 and later write every page to the log otherwise.
    pub(super) fn new(programs: Programs, socket_directory: &Path) -> Self {
        let mut server = Self { programs, host: percent_encoded(socket_directory), copying: String::new() };
        server.administer(&format!("CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE"));
        server.copying = server.administer(
            "SELECT CASE WHEN current_setting('server_version_num')::int >= 150000 THEN 'STRATEGY file_copy' ELSE '' END",
        );
        server
    }

    pub(super) fn url(&self, role: &str, database: &str) -> String {
        format!("postgres://{role}@{}/{database}", self.host)
    }

    /// Runs one statement as the superuser; one that fails ends the test.
    pub(super) fn administer(&self, statement: &str) -> String {
        self.try_to_administer(statement).unwrap_or_else(|complaint| panic!("{statement}: {complaint}"))
    }

    fn try_to_administer(&self, statement: &str) -> Result<String, String> {
        self.run(&self.url(SUPERUSER, "postgres"), statement)
    }

    fn run(&self, url: &str, sql: &str) -> Result<String, String> {
        let mut psql = self.programs.command("psql");
        psql.args(["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--set=ON_ERROR_STOP=1"]);
        let output = psql.args(["--dbname", url, "--command", sql]).output().map_err(|error| error.to_string())?;
        let said = if output.status.success() { &output.stdout } else { &output.stderr };
        let said = String::from_utf8_lossy(said).trim_end().to_owned();
        if output.status.success() { Ok(said) } else { Err(said) }
    }
}

/// A path in the place of a URL's host, where PostgreSQL looks for the directory of a Unix socket.
fn percent_encoded(path: &Path) -> String {
    path.as_os_str().as_encoded_bytes().iter().map(|byte| encoded(*byte)).collect()
}

fn encoded(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}
