//! Where PostgreSQL's server programs are installed.
//!
//! Distributions keep them off `PATH`, each in a place of its own, so they are searched for.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Names the one directory to take the programs from, instead of searching.
pub(super) const DIRECTORY_VARIABLE: &str = "TENFOLD_TEST_PG_BIN";

/// All four are needed, from one directory, so that they are of one version.
const NEEDED: [&str; 4] = ["initdb", "postgres", "pg_ctl", "psql"];

/// Where versions stand side by side: a folder, what precedes the version in an entry's name, what follows the entry.
const SIDE_BY_SIDE: [(&str, &str, &str); 7] = [
    ("/usr/lib/postgresql", "", "bin"),
    ("/usr", "pgsql-", "bin"),
    ("/usr/libexec", "postgresql", ""),
    ("/opt/homebrew/opt", "postgresql@", "bin"),
    ("/usr/local/opt", "postgresql@", "bin"),
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"),
    ("/Library/PostgreSQL", "", "bin"),
];

/// The directory of one version's programs.
#[derive(Clone, Debug)]
pub struct Programs {
    directory: PathBuf,
}

impl Programs {
    /// The programs in the directory that `TENFOLD_TEST_PG_BIN` names; if it names none, the first found on this machine.
    pub fn find() -> Option<Self> {
        let candidates = match env::var_os(DIRECTORY_VARIABLE) {
            Some(directory) => vec![PathBuf::from(directory)],
            None => [from_pg_config(), side_by_side(), on_path()].concat(),
        };
        candidates.into_iter().find(|directory| holds_all(directory)).map(|directory| Self { directory })
    }

    /// Where they are.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// A call of one of them.
    pub(super) fn command(&self, name: &str) -> Command {
        without_settings(Command::new(self.directory.join(name)))
    }
}

/// Takes away the `PG…` variables, by which a developer's own settings would reach the programs.
pub(super) fn without_settings(mut command: Command) -> Command {
    for (name, _) in env::vars_os().filter(|(name, _)| name.as_encoded_bytes().starts_with(b"PG")) {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C");
    command
}

fn holds_all(directory: &Path) -> bool {
    NEEDED.iter().all(|name| directory.join(name).is_file())
}

fn from_pg_config() -> Vec<PathBuf> {
    let answer = Command::new("pg_config").arg("--bindir").output();
    let directory = answer.ok().and_then(|answer| String::from_utf8(answer.stdout).ok());
    directory.map(|directory| PathBuf::from(directory.trim())).into_iter().collect()
}

/// Newest version first.
fn side_by_side() -> Vec<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = SIDE_BY_SIDE.iter().flat_map(|place| versions_in(*place)).collect();
    found.sort_by(|left, right| right.cmp(left));
    found.into_iter().map(|(_, directory)| directory).collect()
}

fn versions_in((folder, before, after): (&str, &str, &str)) -> Vec<(u32, PathBuf)> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| Some((version(entry.file_name(), before)?, entry.path().join(after)))).collect()
}

/// `15` and `9.6` are versions; `common` and `latest` are not.
fn version(name: OsString, before: &str) -> Option<u32> {
    let name = name.into_string().ok()?;
    name.strip_prefix(before)?.split('.').next()?.parse().ok()
}

/// Links are followed: one program may be linked into a directory of `PATH` without the others.
fn on_path() -> Vec<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let initdbs = env::split_paths(&path).filter_map(|directory| directory.join("initdb").canonicalize().ok());
    initdbs.filter_map(|initdb| initdb.parent().map(Path::to_path_buf)).collect()
}
