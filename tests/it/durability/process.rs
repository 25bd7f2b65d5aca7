//! A server as a process of its own, and what is asked of it over the network.

use std::{
    collections::BTreeMap,
    env,
    io::{self, BufRead, BufReader, Read, Write},
    iter,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{self, Child, Command, Stdio},
    sync::atomic::{AtomicU16, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

use api::config::Config;
use serde_json::Value;

/// Set for the server process: its configuration, as JSON.
const TOLD: &str = "TENFOLD_TEST_SERVER";

/// How long a server may take to be ready.
const PATIENCE: Duration = Duration::from_secs(20);

/// Where servers keep their data. Removed when dropped.
pub(super) struct Place {
    variables: BTreeMap<String, String>,
    owned: bool,
}

impl Place {
    pub(super) fn new(database_url: Option<String>) -> Self {
        static NUMBER: AtomicU64 = AtomicU64::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = env::temp_dir().join(format!("tenfold-durability-{}-{number}", process::id()));
        let of_all = [("TENFOLD_METRICS_LISTEN", "off"), ("TENFOLD_PUBLIC_URL", "https://tenfold.example")];
        let mut variables: BTreeMap<_, _> =
            of_all.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        variables.insert("TENFOLD_DATA".to_owned(), folder.display().to_string());
        variables.extend(database_url.map(|url| ("DATABASE_URL".to_owned(), url)));
        Self { variables, owned: true }
    }

    /// The same folder, and no other database than the one in it.
    pub(super) fn without_database(&self) -> Self {
        let mut variables = self.variables.clone();
        variables.remove("DATABASE_URL");
        Self { variables, owned: false }
    }

    pub(super) fn folder(&self) -> PathBuf {
        Path::new(&self.variables["TENFOLD_DATA"]).to_owned()
    }

    pub(super) fn config(&self) -> Config {
        Config::from_variables(self.variables.clone()).expect("the configuration can be read")
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.owned {
            super::remove(&self.folder());
        }
    }
}

/// The configuration that this process was told to serve with, if it is a server.
pub(super) fn told() -> Option<Config> {
    let told = env::var_os(TOLD)?;
    // Whoever started it holds the other end: it does not outlive them, however they end.
    thread::spawn(|| io::stdin().read_to_end(&mut Vec::new()).map(|_| process::exit(0)));
    let variables: BTreeMap<String, String> = serde_json::from_slice(told.as_encoded_bytes()).expect("variables");
    Some(Config::from_variables(variables).expect("the configuration can be read"))
}

/// A server process. Killed when dropped.
pub(super) struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    pub(super) fn start(place: &Place) -> Self {
        let address = free_address();
        let mut variables = place.variables.clone();
        variables.insert("TENFOLD_LISTEN".to_owned(), address.to_string());
        let told = serde_json::to_string(&variables).expect("text");
        let mut command = Command::new(env::current_exe().expect("this program has a path"));
        command.args(["--exact", "durability::serve_if_told_where"]).env(TOLD, told);
        command.stdin(Stdio::piped());
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("a process can be started");
        Self { process, address }
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(super) fn wait_until_ready(&self) {
        let started = Instant::now();
        loop {
            let answer = ask(self.address, "GET /health/ready", None, &Value::Null);
            if matches!(answer, Ok((200, _))) {
                return;
            }
            assert!(started.elapsed() < PATIENCE, "the server does not get ready: {answer:?}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// At once, without a chance to finish anything (`kill -9`).
    pub(super) fn kill(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// An address that nobody listens on, below the ports that systems give to clients: to one of us, for example, who is asking whether
/// another server is ready.
fn free_address() -> SocketAddr {
    static NUMBER: AtomicU16 = AtomicU16::new(0);
    let first = u16::try_from(process::id() % 1000).unwrap_or_default() * 20;
    let next = || SocketAddr::from((Ipv4Addr::LOCALHOST, 10_000 + first + NUMBER.fetch_add(1, Ordering::Relaxed)));
    iter::repeat_with(next).find(|address| TcpListener::bind(address).is_ok()).expect("there is a free port")
}

/// One request, `POST /path`, and the answer: status and body. An error if there is no whole answer.
pub(super) fn ask(server: SocketAddr, what: &str, token: Option<&str>, body: &Value) -> io::Result<(u16, Value)> {
    let mut stream = TcpStream::connect(server)?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let token = token.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
    let length = body.len();
    write!(
        stream,
        "{what} HTTP/1.1\r\nhost: {server}\r\n{token}connection: close\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )?;
    read_answer(BufReader::new(stream))
}

fn read_answer(mut stream: BufReader<TcpStream>) -> io::Result<(u16, Value)> {
    let cut_short = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let (mut line, mut length) = (String::new(), None);
    stream.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(cut_short)?;
    while line.trim_end() != "" {
        line.clear();
        if stream.read_line(&mut line)? == 0 {
            return Err(cut_short());
        }
        let value = line.to_ascii_lowercase().strip_prefix("content-length:").map(|value| value.trim().to_owned());
        length = value.and_then(|value| value.parse().ok()).or(length);
    }
    let mut body = vec![0; length.ok_or_else(cut_short)?];
    stream.read_exact(&mut body)?;
    Ok((status, serde_json::from_slice(&body)?))
}
