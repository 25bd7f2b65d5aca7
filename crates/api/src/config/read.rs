//! Reading the variables, and collecting what is wrong with them.

use std::{
    collections::BTreeMap,
    fmt::Display,
    fs,
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    str::FromStr,
};

use super::{Config, ENV_FILE, Secret, VARIABLES};

/// The data folder of the demo, so that it never meets a real practice.
const DEMO_DATA: &str = "demo-data";

/// Everything that is wrong with the configuration. Values are not repeated: they may be secrets.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the configuration has mistakes:\n  {}", .0.join("\n  "))]
pub struct ConfigError(pub Vec<String>);

impl Config {
    /// The configuration from the environment, and from the file it names.
    ///
    /// # Errors
    /// Every mistake found.
    pub fn from_environment() -> Result<Self, ConfigError> {
        Self::from_variables(environment()?)
    }

    /// The same for the demo, whose data folder is its own unless one is named.
    ///
    /// # Errors
    /// Every mistake found.
    pub fn for_demo() -> Result<Self, ConfigError> {
        let mut variables = environment()?;
        let named = variables.get("TENFOLD_DATA").is_some_and(|folder| !folder.trim().is_empty());
        if !named {
            variables.insert("TENFOLD_DATA".to_owned(), DEMO_DATA.to_owned());
        }
        Self::from_variables(variables)
    }

    /// The configuration from these variables alone.
    ///
    /// # Errors
    /// Every mistake found.
    pub fn from_variables(variables: BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let mut source = Source { mistakes: unknown(&variables), variables };
        let config = source.config();
        if source.mistakes.is_empty() { Ok(config) } else { Err(ConfigError(source.mistakes)) }
    }
}

/// The variables of the environment, and of the file they name.
fn environment() -> Result<BTreeMap<String, String>, ConfigError> {
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect();
    let file = match environment.get(ENV_FILE) {
        Some(path) => read_file(Path::new(path))?,
        None => BTreeMap::new(),
    };
    Ok(file.into_iter().chain(environment).collect())
}

/// A misspelt name would leave a default in force that nobody wanted.
fn unknown(variables: &BTreeMap<String, String>) -> Vec<String> {
    let is_known = |name: &str| VARIABLES.iter().any(|variable| variable.name == name);
    let ours = variables.keys().filter(|name| name.starts_with("TENFOLD_") && !is_known(name));
    ours.map(|name| format!("{name} is not a variable of Tenfold")).collect()
}

fn read_file(path: &Path) -> Result<BTreeMap<String, String>, ConfigError> {
    let mistake = |what: String| ConfigError(vec![format!("{ENV_FILE}: {}: {what}", path.display())]);
    parse_file(&fs::read_to_string(path).map_err(|error| mistake(error.to_string()))?).map_err(mistake)
}

fn parse_file(text: &str) -> Result<BTreeMap<String, String>, String> {
    let lines = text.lines().enumerate().map(|(at, line)| (at + 1, line.trim()));
    lines
        .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
        .map(|(number, line)| {
            let (name, value) = line.split_once('=').ok_or_else(|| format!("line {number} is not NAME=value"))?;
            Ok((name.trim().to_owned(), unquoted(value.trim()).to_owned()))
        })
        .collect()
}

fn unquoted(value: &str) -> &str {
    let inside = |quote| value.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

struct Source {
    variables: BTreeMap<String, String>,
    mistakes: Vec<String>,
}

impl Source {
    fn config(&mut self) -> Config {
        let data: PathBuf = self.text("TENFOLD_DATA", "data").into();
        let listen: SocketAddr = self.parsed("TENFOLD_LISTEN", "127.0.0.1:8080", "an address and port");
        let default_database = format!("sqlite:{}", data.join("tenfold.db").display());
        Config {
            metrics_listen: self.metrics_listen(),
            database_url: Secret::new(self.text("DATABASE_URL", &default_database)),
            public_url: self.public_url(listen),
            master_key: self.secret("TENFOLD_MASTER_KEY"),
            signing_key: self.secret("TENFOLD_SIGNING_KEY"),
            cors_origins: self.origins(),
            log: self.text("TENFOLD_LOG", "info"),
            trusted_proxies: self.list("TENFOLD_TRUSTED_PROXIES", "IP addresses"),
            access_token_minutes: self.number("TENFOLD_ACCESS_TOKEN_MINUTES", 10, 1, 60),
            shutdown_seconds: self.number("TENFOLD_SHUTDOWN_SECONDS", 30, 0, 600),
            data,
            listen,
        }
    }

    /// An empty variable is one that is not set.
    fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    fn text(&self, name: &str, default: &str) -> String {
        self.get(name).unwrap_or(default).to_owned()
    }

    /// A file of variables has no line breaks within a value: `\n` stands for one.
    fn secret(&self, name: &str) -> Option<Secret> {
        self.get(name).map(|value| Secret::new(value.replace("\\n", "\n")))
    }

    fn mistake(&mut self, name: &str, wanted: impl Display) {
        self.mistakes.push(format!("{name} must be {wanted}"));
    }

    fn parsed<T>(&mut self, name: &str, default: &str, wanted: &str) -> T
    where
        T: FromStr + Fallback,
    {
        let parsed = self.get(name).unwrap_or(default).parse();
        parsed.unwrap_or_else(|_| {
            self.mistake(name, wanted);
            T::fallback()
        })
    }

    fn number(&mut self, name: &str, default: u32, least: u32, most: u32) -> u32 {
        let number = self.get(name).map_or(Ok(default), str::parse);
        match number {
            Ok(number) if (least..=most).contains(&number) => number,
            _ => {
                self.mistake(name, format_args!("a whole number from {least} to {most}"));
                default
            }
        }
    }

    fn list<T: FromStr>(&mut self, name: &str, wanted: &str) -> Vec<T> {
        let items = self.get(name).unwrap_or_default().split(',').map(str::trim).filter(|item| !item.is_empty());
        let parsed: Result<Vec<T>, T::Err> = items.map(str::parse).collect();
        parsed.unwrap_or_else(|_| {
            self.mistake(name, format_args!("{wanted}, separated by commas"));
            Vec::new()
        })
    }

    fn metrics_listen(&mut self) -> Option<SocketAddr> {
        let name = "TENFOLD_METRICS_LISTEN";
        if self.get(name) == Some("off") {
            return None;
        }
        Some(self.parsed(name, "127.0.0.1:9464", "an address and port, or off"))
    }

    fn public_url(&mut self, listen: SocketAddr) -> String {
        let url = self.text("TENFOLD_PUBLIC_URL", &format!("http://{listen}"));
        if !is_http(&url) {
            self.mistake("TENFOLD_PUBLIC_URL", "an http or https address");
        }
        url.trim_end_matches('/').to_owned()
    }

    fn origins(&mut self) -> Vec<String> {
        let origins: Vec<String> = self.list("TENFOLD_CORS_ORIGINS", "origins");
        let is_origin = |origin: &String| is_http(origin) && origin.matches('/').count() == 2 && !origin.contains('*');
        if !origins.iter().all(is_origin) {
            self.mistake("TENFOLD_CORS_ORIGINS", "origins such as https://app.example, separated by commas");
        }
        origins
    }
}

fn is_http(url: &str) -> bool {
    let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    host.is_some_and(|host| !host.is_empty() && !host.starts_with('/') && !host.contains(char::is_whitespace))
}

/// Stands in for a value that can't be read, so that reading can go on to find the other mistakes.
trait Fallback {
    fn fallback() -> Self;
}

impl Fallback for SocketAddr {
    fn fallback() -> Self {
        Self::from((IpAddr::from([127, 0, 0, 1]), 0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::from_variables(variables.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn every_variable_is_in_the_guide_to_running_it() {
        let guide = include_str!("../../../../deploy/README.md");
        for name in VARIABLES.iter().map(|variable| variable.name).chain([ENV_FILE]) {
            assert!(guide.contains(&format!("| `{name}` |")), "{name}");
        }
    }

    #[test]
    fn without_any_variable_it_runs_on_this_machine_alone() {
        let config = read(&[]).unwrap();
        assert!(config.listen.ip().is_loopback());
        assert_eq!(config.public_url, "http://127.0.0.1:8080");
        assert_eq!(config.database_url.expose(), "sqlite:data/tenfold.db");
        assert!(config.cors_origins.is_empty());
    }

    #[test]
    fn every_mistake_is_reported_and_no_value_repeated() {
        let error = read(&[
            ("TENFOLD_LISTEN", "hunter2"),
            ("TENFOLD_ACCESS_TOKEN_MINUTES", "600"),
            ("TENFOLD_CORS_ORIGINS", "https://app.example/path"),
            ("TENFOLD_LISTNE", "x"),
        ]);
        let error = error.unwrap_err();
        assert_eq!(error.0.len(), 4, "{error}");
        assert!(!error.to_string().contains("hunter2"));
    }

    #[test]
    fn secrets_do_not_print() {
        let config =
            read(&[("DATABASE_URL", "postgres://tenfold:hunter2@db/tenfold"), ("TENFOLD_MASTER_KEY", "hunter2")]);
        assert!(!format!("{config:?}").contains("hunter2"));
    }

    #[test]
    fn a_file_has_comments_quotes_and_line_numbers_for_mistakes() {
        let file = parse_file("# a comment\n\nTENFOLD_LOG = \"debug\"\n").unwrap();
        assert_eq!(file["TENFOLD_LOG"], "debug");
        assert_eq!(parse_file("A=1\nhunter2"), Err("line 2 is not NAME=value".to_owned()));
    }
}
