//! The configuration: environment variables, and a file of them for those who prefer one. Read once at the start; every mistake
//! is reported, not only the first.

mod read;

use std::{fmt, net::IpAddr, net::SocketAddr, path::PathBuf};

use zeroize::Zeroizing;

pub use read::ConfigError;

/// What the server is told about the place it runs in.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the database, the keys and nothing else is kept.
    pub data: PathBuf,
    /// Where the API listens.
    pub listen: SocketAddr,
    /// Where the metrics listen, if anywhere.
    pub metrics_listen: Option<SocketAddr>,
    /// The database; may contain a password.
    pub database_url: Secret,
    /// The address that clients know this server by; the issuer of its tokens.
    pub public_url: String,
    /// The key that the keys of the practices are wrapped with, if not in the data folder.
    pub master_key: Option<Secret>,
    /// The private key that signs access tokens (PEM), if not in the data folder.
    pub signing_key: Option<Secret>,
    /// The web pages that may call the API from a browser.
    pub cors_origins: Vec<String>,
    /// What is logged.
    pub log: String,
    /// The proxies whose word about the client's address counts.
    pub trusted_proxies: Vec<IpAddr>,
    /// For how long an access token is valid.
    pub access_token_minutes: u32,
    /// How many seconds requests get to end when the server stops.
    pub shutdown_seconds: u32,
}

/// Something that must not be seen in logs. Wiped from memory when dropped.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Keeps it.
    #[must_use]
    pub fn new(secret: impl Into<String>) -> Self {
        Self(Zeroizing::new(secret.into()))
    }

    /// What is kept. Say why at each place where it is called.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// A variable, for the documentation.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it is if it is not set.
    pub default: &'static str,
    /// What it is for.
    pub meaning: &'static str,
}

const fn variable(name: &'static str, default: &'static str, meaning: &'static str) -> Variable {
    Variable { name, default, meaning }
}

/// The file with further variables. What is in the environment wins.
pub const ENV_FILE: &str = "TENFOLD_ENV_FILE";

/// Every variable.
pub const VARIABLES: &[Variable] = &[
    variable(
        ENV_FILE,
        "none",
        "A file with further variables, one NAME=value a line; what is in the environment wins.",
    ),
    variable("TENFOLD_DATA", "data", "The folder for the database and the keys; made at the first start."),
    variable("TENFOLD_LISTEN", "127.0.0.1:8080", "The address and port of the API."),
    variable("TENFOLD_METRICS_LISTEN", "127.0.0.1:9464", "The address and port of the metrics (Prometheus), or off."),
    variable("DATABASE_URL", "SQLite in the data folder", "sqlite:path or postgres://user:password@host/database."),
    variable("TENFOLD_PUBLIC_URL", "http:// and TENFOLD_LISTEN", "The address that clients know this server by."),
    variable(
        "TENFOLD_MASTER_KEY",
        "made in the data folder",
        "The key that wraps the keys of all confidential text. Secret.",
    ),
    variable(
        "TENFOLD_SIGNING_KEY",
        "made in the data folder",
        "Ed25519 private key (PEM, PKCS#8) for access tokens. Secret.",
    ),
    variable("TENFOLD_CORS_ORIGINS", "none", "Origins of web pages that may call the API, separated by commas."),
    variable("TENFOLD_LOG", "info", "What is logged: error, warn, info, debug, or a filter such as info,api=debug."),
    variable(
        "TENFOLD_TRUSTED_PROXIES",
        "none",
        "Addresses of proxies whose X-Forwarded-For counts, separated by commas.",
    ),
    variable("TENFOLD_ACCESS_TOKEN_MINUTES", "10", "For how many minutes an access token is valid, 1 to 60."),
    variable(
        "TENFOLD_SHUTDOWN_SECONDS",
        "30",
        "For how many seconds running requests may go on when the server stops.",
    ),
];

/// The variables as a table for a terminal.
#[must_use]
pub fn help() -> String {
    let rows =
        VARIABLES.iter().map(|v| format!("  {:<30} {}\n  {:<30} default: {}\n", v.name, v.meaning, "", v.default));
    format!("Variables:\n{}", rows.collect::<String>())
}
