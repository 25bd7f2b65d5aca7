//! A new directory for a cluster, and the user it belongs to.

use std::env;
use std::fs::{self, DirBuilder};
use std::io::{self, ErrorKind};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::{self, Command};

/// Files in memory, on Linux. A database is some 300 small files: copying one here is ten times faster than on a slow disk.
const MEMORY: &str = "/dev/shm";

/// What must be free there; containers often have 64 MiB of it.
const ROOM_IN_KIBIBYTES: u64 = 1024 * 1024;

/// A Unix socket's address holds 104 bytes on some systems; this leaves room for our name and the socket's.
const LONGEST_BASE: usize = 60;

/// PostgreSQL refuses to run as root; these users exist for such cases.
const UNPRIVILEGED: [&str; 2] = ["postgres", "nobody"];

/// Where one cluster lives.
#[derive(Debug)]
pub(super) struct Home {
    pub(super) directory: PathBuf,
    /// User and group to run the server as, if it cannot be the ones of the tests.
    pub(super) owner: Option<(u32, u32)>,
}

impl Home {
    /// Makes a directory that only its owner can enter; that, not a password, keeps other users of the machine out.
    pub(super) fn make() -> io::Result<Self> {
        let directory = make_in_memory().map_or_else(|| make_directory(&base()), Ok)?;
        let owner = if fs::metadata(&directory)?.uid() == 0 { Some(unprivileged_user()?) } else { None };
        if let Some((user, group)) = owner {
            chown(&directory, Some(user), Some(group))?;
        }
        Ok(Self { directory, owner })
    }
}

fn make_in_memory() -> Option<PathBuf> {
    if free_kibibytes(MEMORY)? < ROOM_IN_KIBIBYTES {
        return None;
    }
    make_directory(Path::new(MEMORY)).ok()
}

/// The fourth column of what `df` says in its portable form, or nothing where it cannot say.
fn free_kibibytes(directory: &str) -> Option<u64> {
    let output = Command::new("df").args(["-Pk", directory]).output().ok()?;
    let table = String::from_utf8(output.stdout).ok()?;
    table.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

fn base() -> PathBuf {
    let chosen = env::temp_dir();
    if chosen.as_os_str().len() > LONGEST_BASE { PathBuf::from("/tmp") } else { chosen }
}

/// The process id is not enough of a name: containers may share a temporary directory but not the numbering.
fn make_directory(base: &Path) -> io::Result<PathBuf> {
    let names = (0_u32..).map(|number| base.join(format!("tenfold-{}-{number}", process::id())));
    for directory in names {
        match DirBuilder::new().mode(0o700).create(&directory) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
            Ok(()) => return Ok(directory),
        }
    }
    Err(io::Error::other("every name for a directory is taken"))
}

fn unprivileged_user() -> io::Result<(u32, u32)> {
    let users = fs::read_to_string("/etc/passwd")?;
    let found = UNPRIVILEGED.iter().find_map(|name| users.lines().find_map(|line| numbers_of(name, line)));
    found.ok_or_else(|| io::Error::other("PostgreSQL refuses to run as root, and there is no user postgres or nobody"))
}

/// User and group number, if this line of the password file is about this user.
fn numbers_of(name: &str, line: &str) -> Option<(u32, u32)> {
    let mut fields = line.strip_prefix(name)?.strip_prefix(':')?.split(':').skip(1);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
