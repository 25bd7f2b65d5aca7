//! The log: one JSON object a line, and only fields that are known to be harmless. What a client wrote must not get there, not even
//! by mistake, so a field is dropped unless it is listed here, and a message of another crate unless that crate is.

use std::{
    fmt,
    io::{self, Write},
    panic,
};

use chrono::SecondsFormat;
use serde_json::{Map, Value};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    subscriber::SetGlobalDefaultError,
};
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    filter::ParseError,
    fmt::MakeWriter,
    layer::{Context, SubscriberExt},
};

use crate::app::{Clock, SystemClock};

/// The fields that are written.
const FIELDS: &[&str] = &[
    "action",
    "actor",
    "attempt",
    "causes",
    "client_request_id",
    "code",
    "count",
    "duration_ms",
    "job",
    "kind",
    "listen",
    "location",
    "made",
    "message",
    "method",
    "practice",
    "request_id",
    "route",
    "status",
];

/// The crates whose messages are written. Those of others may repeat what they were given.
const SPEAKERS: &[&str] = &["actix_server", "api", "tenfold", "tenfold_reporting", "tenfold_store"];

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum LoggingError {
    /// The filter can't be read.
    #[error("TENFOLD_LOG can't be read: {0}")]
    Filter(#[from] ParseError),
    /// It was started before.
    #[error(transparent)]
    Started(#[from] SetGlobalDefaultError),
}

/// Starts the log of this process, on standard output. A panic becomes a line that says where, and not of what.
///
/// # Errors
/// If the filter can't be read, or the log was started before.
pub fn start(filter: &str) -> Result<(), LoggingError> {
    tracing::subscriber::set_global_default(lines(filter, io::stdout)?)?;
    panic::set_hook(Box::new(|panic| {
        let location = panic.location().map(ToString::to_string);
        tracing::error!(location, "panicked");
    }));
    Ok(())
}

/// The log as it is written, to somewhere: for the process, and for the test that looks for what must not be in it.
///
/// # Errors
/// If the filter can't be read.
pub fn lines<W>(filter: &str, writer: W) -> Result<impl Subscriber + Send + Sync, LoggingError>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    Ok(Registry::default().with(JsonLines { writer }.with_filter(EnvFilter::try_new(filter)?)))
}

struct JsonLines<W> {
    writer: W,
}

impl<S, W> Layer<S> for JsonLines<W>
where
    S: Subscriber,
    W: for<'w> MakeWriter<'w> + 'static,
{
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        let mut fields = Fields { speaks: speaks(metadata.target()), kept: Map::new() };
        event.record(&mut fields);
        let mut line = Map::new();
        line.insert("time".to_owned(), SystemClock.now().to_rfc3339_opts(SecondsFormat::Micros, true).into());
        line.insert("level".to_owned(), metadata.level().as_str().into());
        line.insert("target".to_owned(), metadata.target().into());
        line.append(&mut fields.kept);
        let mut line = Value::Object(line).to_string();
        line.push('\n');
        // A log that can't be written must not stop the server, and there is nowhere else to say so.
        let _ = self.writer.make_writer().write_all(line.as_bytes());
    }
}

fn speaks(target: &str) -> bool {
    let name = target.split("::").next().unwrap_or(target);
    SPEAKERS.contains(&name)
}

struct Fields {
    speaks: bool,
    kept: Map<String, Value>,
}

impl Fields {
    fn keep(&mut self, field: &Field, value: impl Into<Value>) {
        if self.speaks && FIELDS.contains(&field.name()) {
            self.kept.insert(field.name().to_owned(), value.into());
        }
    }
}

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.keep(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.keep(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.keep(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.keep(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.keep(field, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(events: impl FnOnce()) -> Vec<Value> {
        let written = Shared::default();
        let writer = written.clone();
        let lines = JsonLines { writer: move || writer.clone() };
        tracing::subscriber::with_default(Registry::default().with(lines), events);
        let text = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    #[test]
    fn only_listed_fields_are_written() {
        let lines = logged(|| tracing::info!(status = 200, note = "he said", duration_ms = 1.5, "request"));
        assert_eq!((&lines[0]["status"], &lines[0]["message"]), (&200.into(), &"request".into()));
        assert_eq!((&lines[0]["level"], &lines[0]["duration_ms"]), (&"INFO".into(), &1.5.into()));
        assert!(!lines[0].to_string().contains("he said"), "{}", lines[0]);
    }

    #[test]
    fn other_crates_are_not_quoted_and_a_line_break_makes_no_second_line() {
        let lines = logged(|| {
            tracing::warn!(target: "diesel::query", "select 'he said'");
            tracing::warn!(code = "one\n{\"level\":\"forged\"}", "two");
        });
        assert_eq!(lines.len(), 2);
        assert!(!lines[0].to_string().contains("he said"));
        assert_eq!(lines[0]["target"], "diesel::query");
    }
}
