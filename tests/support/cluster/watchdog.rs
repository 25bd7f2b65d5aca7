//! The process that holds a server, and takes it away when the test process is gone.
//!
//! Statics are never dropped and a killed process runs nothing, so the clearing away cannot be the tests' own work.

use std::fs;
use std::io::{self, BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use super::home::Home;
use super::programs::{Programs, without_settings};

const SCRIPT: &str = include_str!("watchdog.sh");

/// Keeps the server up; dropped, it waits until the server and its directory are gone.
#[derive(Debug)]
pub(super) struct Watchdog(Child);

impl Watchdog {
    /// Returns when the server takes connections.
    pub(super) fn start(programs: &Programs, home: &Home) -> io::Result<Self> {
        let mut watchdog = Self(command(programs, home).spawn()?);
        let mut said = String::new();
        if let Some(output) = watchdog.0.stdout.take() {
            BufReader::new(output).read_line(&mut said)?;
        }
        if said.trim() == "ready" { Ok(watchdog) } else { Err(failure(home)) }
    }
}

impl Drop for Watchdog {
    /// `wait` closes the pipe first, which is the sign to stop.
    fn drop(&mut self) {
        drop(self.0.wait());
    }
}

/// A process group of its own, so that Ctrl-C ends the tests but leaves it alive to clear away.
fn command(programs: &Programs, home: &Home) -> Command {
    let mut command = without_settings(Command::new("/bin/sh"));
    command.arg("-c").arg(SCRIPT).arg("watchdog").arg(programs.directory()).arg(&home.directory);
    command.current_dir(&home.directory).process_group(0);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    if let Some((user, group)) = home.owner {
        command.uid(user).gid(group);
    }
    command
}

fn failure(home: &Home) -> io::Error {
    let log = fs::read_to_string(home.directory.join("log")).unwrap_or_else(|error| format!("no log: {error}"));
    io::Error::other(format!("no PostgreSQL server could be started in {}:\n{log}", home.directory.display()))
}
