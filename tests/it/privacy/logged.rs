//! The canary: what was written in confidence is never in the log, whatever goes wrong.

use std::{
    io,
    sync::{Arc, Mutex, OnceLock},
};

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use tenfold_tests::{app::TestApp, case::Case, stories};

use super::planted::Planted;

stories![what_was_written_in_confidence_is_not_in_the_log];

async fn what_was_written_in_confidence_is_not_in_the_log(app: TestApp) {
    let log = Log::of_this_process();
    let planted = Planted::in_every_field(&app).await;
    ask_amiss(&app, &planted).await;
    let failed = fail(&app, &planted.case).await;

    let written = log.written();

    let request = r#""route":"/v1/couples/{couple_id}/breaches""#;
    assert!(String::from_utf8_lossy(&written).contains(request), "nothing was logged");
    assert!(!failed || String::from_utf8_lossy(&written).contains("a request failed"), "the failure was not logged");
    assert_eq!(planted.found_in(&written), [""; 0]);
}

/// Every phrase, in requests that are refused in every way there is. The answers don't repeat it either.
async fn ask_amiss(app: &TestApp, planted: &Planted) {
    let case = &planted.case;
    for phrase in &planted.phrases {
        let clients = |body: String| {
            let request = TestRequest::post().uri("/v1/clients").insert_header(("content-type", "application/json"));
            case.counselor.send(request.set_payload(body))
        };
        let replies = [
            clients(format!("{{\"name\": \"{phrase}\"")).await,
            clients(format!("{{\"name\": [\"{phrase}\"]}}")).await,
            clients(json!({ "name": "", "phone": phrase }).to_string()).await,
            clients(json!({ "name": "Robin", "email": format!("{phrase}, wrong") }).to_string()).await,
            case.counselor.post("/v1/couples", json!({ "partners": phrase })).await,
            case.counselor.post("/v1/couples", json!({ "time_zone": phrase, "partners": [] })).await,
            case.counselor.get(format!("/v1/couples?cursor={}", phrase.replace(' ', "%20"))).await,
            case.counselor.get(format!("/v1/couples/{}", phrase.replace(' ', "%20"))).await,
            case.kim.person.patch(format!("/v1/couples/{}", case.couple), json!({ "label": phrase })).await,
            tenfold_tests::person::sign_in(app, "harbor", "kim@harbor.example", &format!("{phrase}, wrong")).await,
            app.nobody().refresh(phrase).await,
        ];
        for reply in replies {
            assert!((400..500).contains(&reply.status()), "{reply:?}");
            assert!(!reply.whole().contains(phrase), "{}", reply.whole());
        }
    }
}

/// Breaks the database under a request that carries phrases. Possible on PostgreSQL only: answers whether it was.
async fn fail(app: &TestApp, case: &Case) -> bool {
    let Some(database) = app.database() else { return false };
    database.run("ALTER TABLE breaches ADD CONSTRAINT broken CHECK (version < 0) NOT VALID").expect("it can be broken");
    let breach = json!({ "kind": "secrecy", "came_to_light": "disclosed", "description": "planted RecordBreach description quince" });
    let refused = case.counselor.post(format!("/v1/couples/{}/breaches", case.couple), breach).await;
    database.run("ALTER TABLE entries RENAME TO elsewhere").expect("it can be broken");
    let failed = case.lee.person.get(format!("/v1/couples/{}/entries", case.couple)).await;
    for reply in [&refused, &failed] {
        assert_eq!(reply.json()["detail"].as_str().map(|detail| detail.contains("breaches")), Some(false), "{reply:?}");
        assert!(reply.status() >= 400 && reply.json()["errors"].as_array().is_none_or(Vec::is_empty), "{reply:?}");
    }
    assert_eq!((failed.status(), failed.json()["code"].clone()), (500, Value::from("internal")), "{failed:?}");
    true
}

/// All that this process logs from now on, as the server would write it.
#[derive(Clone)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn of_this_process() -> Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        LOG.get_or_init(|| {
            let log = Self(Arc::default());
            let writer = log.clone();
            let lines = api::logging::lines("trace", move || writer.clone()).expect("the filter can be read");
            tracing::subscriber::set_global_default(lines).expect("nobody else listens");
            log
        })
        .clone()
    }

    fn written(&self) -> Vec<u8> {
        self.0.lock().expect("nobody panicked").clone()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("nobody panicked").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
