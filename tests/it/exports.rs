//! Exports: asked for, made in the background, fetched, accounted for; also when a server dies over them.

use std::{
    future::{Future, poll_fn},
    io::{Cursor, Read},
    task::Poll,
};

use actix_web::{http::Method, test::TestRequest};
use api::jobs;
use chrono::TimeDelta;
use futures_util::future::join;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tenfold_tests::{app::TestApp, case::Case, stories};

use crate::{
    notes::{free_note, sign},
    sessions::ids,
    sign_ins::trail,
};

stories![
    an_export_is_made_and_its_manifest_holds,
    what_is_one_partners_own_is_in_it_only_by_name,
    of_two_servers_one_makes_it,
    what_a_dead_server_left_is_taken_up_again,
    an_export_is_made_as_whoever_asked_for_it,
    nobody_else_gets_it,
    who_leaves_the_care_team_does_not_fetch_what_they_asked_for,
    its_file_is_removed_after_a_week,
];

fn wanted(case: &Case, partitions: &Value) -> Value {
    json!({
        "couple_id": case.couple, "from": "2026-01-01", "until": "2026-12-31", "formats": ["markdown", "ndjson"],
        "partitions": partitions, "purpose": "transfer", "recipient": "Practice by the sea",
    })
}

async fn request(case: &Case, partitions: &Value) -> String {
    let accepted = case.counselor.post("/v1/exports", wanted(case, partitions)).await;
    accepted.expect_status(202).text_at("/id")
}

async fn run(app: &TestApp) -> usize {
    jobs::run_due(app.inside()).await.expect("jobs can be claimed")
}

/// The file of this name in a ZIP.
fn entry(zip: &[u8], name: &str) -> Vec<u8> {
    let mut archive = zip::ZipArchive::new(Cursor::new(zip)).expect("a ZIP");
    let mut bytes = Vec::new();
    archive.by_name(name).expect(name).read_to_end(&mut bytes).expect("it can be read");
    bytes
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

async fn an_export_is_made_and_its_manifest_holds(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let session = case.session(json!({})).await;
    let note = free_note(&case.counselor, session, "They *talked*.").await;
    sign(&case.counselor, &note).await;
    free_note(&case.counselor, session, "Not finished.").await;
    let secret = json!({ "couple_id": case.couple, "text": "A hunch." });
    case.counselor.post("/v1/psychotherapy-notes", secret).await.expect_status(201);

    let asked = || {
        let request = TestRequest::default().method(Method::POST).uri("/v1/exports");
        request.insert_header(("idempotency-key", "once")).set_json(wanted(&case, &json!([{ "kind": "joint" }])))
    };
    let accepted = case.counselor.send(asked()).await;
    assert_eq!(case.counselor.send(asked()).await.expect_status(202).json(), accepted.json());
    let path = accepted.header("location").to_owned();
    assert_eq!(case.counselor.get(&path).await.json()["status"], "queued");
    assert_eq!(case.counselor.get(format!("{path}/file")).await.problem(), (409, "export-not-ready".to_owned()));
    assert_eq!((run(&app).await, run(&app).await), (1, 0));

    let made = case.counselor.get(&path).await.json();
    assert_eq!((&made["status"], &made["progress"]), (&json!("succeeded"), &json!({ "done": 2, "total": 2 })));
    let file = case.counselor.get(format!("{path}/file")).await;
    assert_eq!((file.status(), file.header("content-type")), (200, "application/zip"));
    assert_eq!(made["sha256"], sha256(file.bytes()));
    assert!(file.header("repr-digest").starts_with("sha-256=:") && file.header("content-disposition").contains(".zip"));
    let manifest: Value = serde_json::from_slice(&entry(file.bytes(), "manifest.json")).expect("JSON");
    for listed in manifest["files"].as_array().expect("files") {
        let bytes = entry(file.bytes(), listed["name"].as_str().expect("a name"));
        assert_eq!((&listed["sha256"], &listed["size"]), (&json!(sha256(&bytes)), &json!(bytes.len())));
    }
    assert_eq!(manifest["notes"][0]["id"], note);
    assert_eq!((&manifest["left_out"][0]["what"], &manifest["left_out"][0]["count"]), (&json!("drafts"), &json!(1)));
    let markdown = String::from_utf8(entry(file.bytes(), "notes.md")).expect("text");
    assert!(markdown.contains(r"They \*talked\*\.") || markdown.contains(r"They \*talked\*."), "{markdown}");
    assert!(!markdown.contains("Not finished") && !markdown.contains("hunch"));
    let done: Vec<_> = trail(&app.owner().await)
        .await
        .iter()
        .filter_map(|event| event["action"].as_str().map(ToOwned::to_owned))
        .collect();
    for action in ["export.requested", "note.exported", "export.made", "export.fetched"] {
        assert_eq!(done.iter().filter(|found| *found == action).count(), 1, "{action}");
    }
}

async fn what_is_one_partners_own_is_in_it_only_by_name(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let [lee, kim] = [case.lee.id, case.kim.id].map(|id| id.to_string());
    let joint = free_note(&case.counselor, case.session(json!({})).await, "Together.").await;
    let of_kim = free_note(&case.counselor, case.session(json!({ "partner_id": kim })).await, "Kim alone.").await;
    for note in [&joint, &of_kim] {
        sign(&case.counselor, note).await;
    }

    let exports = [
        json!([{ "kind": "joint" }, { "kind": "partner", "partner_id": lee }]),
        json!([{ "kind": "partner", "partner_id": kim }]),
    ];
    let (without, with) = (request(&case, &exports[0]).await, request(&case, &exports[1]).await);
    run(&app).await;

    let zip =
        async |id: &str| case.counselor.get(format!("/v1/exports/{id}/file")).await.expect_status(200).bytes().to_vec();
    let notes = |zip: &[u8]| String::from_utf8(entry(zip, "notes.ndjson")).expect("text");
    let (without, with) = (zip(&without).await, zip(&with).await);
    assert!(notes(&without).contains(&joint) && !notes(&without).contains(&of_kim));
    assert!(notes(&with).contains(&of_kim) && !notes(&with).contains(&joint));
    let manifest = String::from_utf8(entry(&without, "manifest.json")).expect("text");
    assert!(!manifest.contains(kim.as_str()) && !manifest.contains("\"count\": 1"), "{manifest}");
    let mismatched = json!([{ "kind": "joint", "partner_id": kim }]);
    assert_eq!(case.counselor.post("/v1/exports", wanted(&case, &mismatched)).await.status(), 422);
    let psychotherapy = json!([{ "kind": "psychotherapy" }]);
    assert_eq!(case.counselor.post("/v1/exports", wanted(&case, &psychotherapy)).await.status(), 400);
}

async fn of_two_servers_one_makes_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    request(&case, &json!([{ "kind": "joint" }])).await;

    let (one, other) = join(jobs::claim(app.inside()), jobs::claim(app.inside())).await;

    let claims = [one.expect("it can be claimed"), other.expect("it can be claimed")];
    assert_eq!(claims.iter().flatten().count(), 1);
}

/// Lets work go on for so many units, and then never again: what a server does that dies.
async fn die_after(units: usize, work: impl Future) {
    let (mut work, mut begun) = (Box::pin(work), 0);
    poll_fn(|context| {
        begun += 1;
        assert!(work.as_mut().poll(context).is_pending(), "it was too fast to die");
        if begun == units { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

async fn what_a_dead_server_left_is_taken_up_again(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    for day in 1..=30 {
        let session = case.session(json!({ "starts_at": format!("2026-06-{day:02}T10:00:00Z") })).await;
        sign(&case.counselor, &free_note(&case.counselor, session, "They talked.").await).await;
    }
    let path = format!("/v1/exports/{}", request(&case, &json!([{ "kind": "joint" }])).await);

    let dead = jobs::claim(app.inside()).await.expect("it can be claimed").expect("there is a job");
    die_after(5, jobs::run(app.inside(), &dead)).await;
    let left = case.counselor.get(&path).await.json();
    assert_eq!((&left["status"], &left["progress"]["total"]), (&json!("running"), &json!(30)));
    assert!(left["progress"]["done"].as_i64() >= Some(25), "{left}");
    assert_eq!(run(&app).await, 0);
    app.advance(TimeDelta::minutes(3));
    assert_eq!(run(&app).await, 1);

    let made = case.counselor.get(&path).await.json();
    assert_eq!((&made["status"], &made["progress"]), (&json!("succeeded"), &json!({ "done": 30, "total": 30 })));
    // Should it come back to life, what was made stays.
    jobs::run(app.inside(), &dead).await.expect("it gives way");
    assert_eq!(case.counselor.get(&path).await.json(), made);
}

async fn an_export_is_made_as_whoever_asked_for_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (owner, cleo) = (app.owner().await, app.counselor("cleo").await);
    let path = format!("/v1/exports/{}", request(&case, &json!([{ "kind": "joint" }])).await);
    let team = json!({ "primary_counselor_id": cleo.id, "care_team": [cleo.id] });
    owner.patch(format!("/v1/couples/{}", case.couple), team).await.expect_status(200);

    run(&app).await;

    assert_eq!(case.counselor.get(&path).await.status(), 404, "nor is it there any more for who lost the couple");
    let failed = owner.get(&path).await.json();
    assert_eq!((&failed["status"], &failed["failure"]), (&json!("failed"), &json!("no_access")));
}

async fn nobody_else_gets_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (owner, cleo) = (app.owner().await, app.counselor("cleo").await);
    let id = request(&case, &json!([{ "kind": "joint" }])).await;
    let path = format!("/v1/exports/{id}");
    run(&app).await;

    owner.get(format!("{path}/file")).await.expect_status(200);
    assert_eq!(ids(&owner, "/v1/exports").await, [id]);
    assert_eq!(ids(&cleo, "/v1/exports").await, [""; 0]);
    for path in [path.clone(), format!("{path}/file")] {
        assert_eq!(cleo.get(&path).await.status(), 404);
        assert_eq!(
            app.owner_of(if path.ends_with("file") { "reef" } else { "lagoon" }).await.get(&path).await.status(),
            404
        );
        for person in [&case.kim.person, &app.assistant(if path.ends_with("file") { "ben" } else { "bea" }).await] {
            assert_eq!(person.get(&path).await.status(), 403);
        }
    }
    assert_eq!(cleo.post("/v1/exports", wanted(&case, &json!([{ "kind": "joint" }]))).await.status(), 404);
}

async fn who_leaves_the_care_team_does_not_fetch_what_they_asked_for(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (owner, cleo) = (app.owner().await, app.counselor("cleo").await);
    let path = format!("/v1/exports/{}", request(&case, &json!([{ "kind": "joint" }])).await);
    run(&app).await;
    case.counselor.get(format!("{path}/file")).await.expect_status(200);

    let team = json!({ "primary_counselor_id": cleo.id, "care_team": [cleo.id] });
    owner.patch(format!("/v1/couples/{}", case.couple), team).await.expect_status(200);

    for gone in [path.clone(), format!("{path}/file")] {
        assert_eq!(case.counselor.get(gone).await.problem(), (404, "not-found".to_owned()));
    }
    assert_eq!(ids(&case.counselor, "/v1/exports").await, [""; 0]);
    owner.get(format!("{path}/file")).await.expect_status(200);
    owner.post(format!("/v1/staff/{}/end", case.counselor.id), Value::Null).await.expect_status(200);
    assert_eq!(
        case.counselor.get(format!("{path}/file")).await.status(),
        401,
        "nor does who does not work here any more"
    );
}

async fn its_file_is_removed_after_a_week(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let path = format!("/v1/exports/{}", request(&case, &json!([{ "kind": "joint" }])).await);
    run(&app).await;

    app.advance(TimeDelta::days(7));
    case.counselor.sign_in().await;
    assert_eq!(case.counselor.get(format!("{path}/file")).await.problem(), (410, "export-expired".to_owned()));
    assert_eq!(run(&app).await, 1);

    assert_eq!(case.counselor.get(&path).await.json()["status"], "expired");
    assert_eq!(case.counselor.get(format!("{path}/file")).await.problem(), (410, "export-expired".to_owned()));
}
