//! Notes: written, signed, locked, added to; and psychotherapy notes, which are nobody else's.

use std::slice;

use actix_web::{http::Method, test::TestRequest};
use serde_json::{Value, json};
use tenfold_tests::{app::TestApp, case::Case, person::Person, stories};

use crate::{sessions::ids, sign_ins::trail};

stories![
    a_note_is_written_signed_and_from_then_on_only_added_to,
    a_signed_note_is_locked_in_the_database_too,
    a_supervisor_reads_what_is_signed_and_cosigns_it,
    nobody_else_reads_a_note,
    a_draft_is_discarded_and_a_signed_note_is_not,
    a_note_has_the_parts_of_its_format,
    notes_are_listed_by_session_and_by_state,
    a_psychotherapy_note_is_its_authors_alone,
];

pub(crate) async fn free_note(person: &Person, session: impl std::fmt::Display, text: &str) -> String {
    let body = json!({ "body": { "format": "free", "text": text } });
    person.post(format!("/v1/sessions/{session}/notes"), body).await.created().to_string()
}

pub(crate) async fn sign(person: &Person, note: &str) {
    person.post(format!("/v1/notes/{note}/signature"), Value::Null).await.expect_status(200);
}

async fn a_note_is_written_signed_and_from_then_on_only_added_to(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let session = case.session(json!({})).await;
    let note = free_note(&case.counselor, session, "They talked.").await;
    let path = format!("/v1/notes/{note}");

    let again = json!({ "body": { "format": "free", "text": "They talked and listened." } });
    let changed = case.counselor.patch(&path, again.clone()).await;
    assert_eq!(changed.expect_status(200).json()["version"], 2);
    let stale = TestRequest::post().uri(&format!("{path}/signature")).insert_header(("if-match", "\"1\""));
    assert_eq!(case.counselor.send(stale).await.problem(), (412, "precondition-failed".to_owned()));
    let blind = TestRequest::default().method(Method::POST).uri(&format!("{path}/signature"));
    assert_eq!(case.counselor.send(blind).await.problem(), (428, "precondition-required".to_owned()));

    let signed = case.counselor.post(format!("{path}/signature"), Value::Null).await;
    assert_eq!(signed.expect_status(200).json()["state"], "signed");
    assert_eq!(signed.json()["signature"]["by"], json!(case.counselor.id));
    assert_eq!(signed.text_at("/signature/sha256").len(), 64);

    let locked = (409, "note-locked".to_owned());
    assert_eq!(case.counselor.patch(&path, again).await.problem(), locked);
    assert_eq!(case.counselor.delete(&path).await.problem(), locked);
    assert_eq!(case.counselor.post(format!("{path}/signature"), Value::Null).await.problem(), locked);

    let added = case.counselor.post(format!("{path}/addenda"), json!({ "text": "Lee came late." })).await;
    assert_eq!(added.expect_status(201).text_at("/addenda/0/text"), "Lee came late.");
    assert_eq!(added.text_at("/body/text"), "They talked and listened.");
    assert_eq!(added.text_at("/signature/sha256"), signed.text_at("/signature/sha256"));
    let actions: Vec<_> =
        trail(&app.owner().await).await.iter().filter(|event| event["subject_id"] == note).cloned().collect();
    let actions: Vec<_> = actions.iter().filter_map(|event| event["action"].as_str()).collect();
    assert_eq!(actions, ["note.written", "note.changed", "note.signed", "note.added_to"]);
}

async fn a_signed_note_is_locked_in_the_database_too(app: TestApp) {
    let Some(database) = app.database() else { return };
    let case = Case::lee_and_kim(&app).await;
    let note = free_note(&case.counselor, case.session(json!({})).await, "They talked.").await;
    sign(&case.counselor, &note).await;
    case.counselor.post(format!("/v1/notes/{note}/addenda"), json!({ "text": "More." })).await.expect_status(201);
    let practice = case.counselor.get("/v1/me").await.text_at("/practice/id");

    for attempt in [
        "UPDATE notes SET sealed = '\\x00'",
        "UPDATE notes SET signed_at = NULL, signed_by_id = NULL, signature = NULL",
        "UPDATE notes SET discarded_at = now()",
        "UPDATE notes SET version = 1",
        "DELETE FROM notes",
        "TRUNCATE notes CASCADE",
        "UPDATE note_versions SET sealed = '\\x00'",
        "DELETE FROM note_versions",
        "TRUNCATE note_versions",
        "UPDATE note_addenda SET sealed = '\\x00'",
        "DELETE FROM note_addenda",
        "TRUNCATE note_addenda",
    ] {
        let sql = format!("SELECT set_config('tenfold.practice', '{practice}', false); {attempt}");
        let refused = database.run(&sql).expect_err(attempt);
        assert!(refused.contains("locked") || refused.contains("stay"), "{attempt}: {refused}");
    }
    assert_eq!(case.counselor.get(format!("/v1/notes/{note}")).await.text_at("/body/text"), "They talked.");
}

async fn a_supervisor_reads_what_is_signed_and_cosigns_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (owner, susan) = (app.owner().await, app.supervisor("susan").await);
    owner
        .patch(format!("/v1/staff/{}", case.counselor.id), json!({ "supervisor_id": susan.id }))
        .await
        .expect_status(200);
    let note = free_note(&case.counselor, case.session(json!({})).await, "They talked.").await;
    let (path, notes) = (format!("/v1/notes/{note}"), format!("/v1/couples/{}/notes", case.couple));

    assert_eq!(susan.get(&path).await.status(), 404);
    assert_eq!(ids(&susan, &notes).await, [""; 0]);
    sign(&case.counselor, &note).await;
    assert_eq!(ids(&susan, &notes).await, slice::from_ref(&note));
    let addendum = json!({ "text": "Hm." });
    assert_eq!(susan.post(format!("{path}/addenda"), addendum).await.status(), 403);
    assert_eq!(owner.post(format!("{path}/cosignature"), Value::Null).await.problem(), (403, "forbidden".to_owned()));
    assert_eq!(case.counselor.post(format!("{path}/cosignature"), Value::Null).await.status(), 403);

    let cosigned = susan.post(format!("{path}/cosignature"), Value::Null).await;
    assert_eq!(cosigned.expect_status(200).json()["cosignature"]["by"], json!(susan.id));
    assert_eq!(susan.post(format!("{path}/cosignature"), Value::Null).await.problem(), (409, "conflict".to_owned()));
}

async fn nobody_else_reads_a_note(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let session = case.session(json!({})).await;
    let note = free_note(&case.counselor, session, "They talked.").await;
    sign(&case.counselor, &note).await;
    let paths = [format!("/v1/notes/{note}"), format!("/v1/couples/{}/notes", case.couple)];

    let hidden = [app.counselor("cleo").await, app.supervisor("susan").await, app.owner_of("lighthouse").await];
    let refused = [app.assistant("ben").await, case.kim.person, case.lee.person];
    for path in &paths {
        for person in &hidden {
            assert_eq!(person.get(path).await.problem(), (404, "not-found".to_owned()), "{}", person.email);
        }
        for person in &refused {
            assert_eq!(person.get(path).await.problem(), (403, "forbidden".to_owned()), "{}", person.email);
        }
        assert_eq!(app.nobody().get(path).await.status(), 401);
    }
    let written = json!({ "body": { "format": "free", "text": "Mine." } });
    assert_eq!(app.owner().await.post(format!("/v1/sessions/{session}/notes"), written).await.status(), 403);
}

async fn a_draft_is_discarded_and_a_signed_note_is_not(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let note = free_note(&case.counselor, case.session(json!({})).await, "A first try.").await;
    let path = format!("/v1/notes/{note}");

    assert_eq!(app.owner().await.delete(&path).await.status(), 403);
    case.counselor.delete(&path).await.expect_status(204);

    assert_eq!(case.counselor.get(&path).await.status(), 404);
    assert_eq!(case.counselor.delete(&path).await.status(), 404);
    assert_eq!(ids(&case.counselor, &format!("/v1/couples/{}/notes", case.couple)).await, [""; 0]);
}

async fn a_note_has_the_parts_of_its_format(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let notes = format!("/v1/sessions/{}/notes", case.session(json!({})).await);
    let soap = json!({ "format": "soap", "subjective": "Tired.", "objective": "", "assessment": "", "plan": "Rest." });

    let written = case.counselor.post(&notes, json!({ "body": soap })).await;
    assert_eq!(written.expect_status(201).json()["body"], soap);
    let at = |reply: tenfold_tests::person::Reply| (reply.status(), reply.text_at("/errors/0/pointer"));
    for (body, status, pointer) in [
        (json!({ "format": "soap", "subjective": "Tired." }), 400, "/body/objective"),
        (json!({ "format": "poem", "text": "x" }), 400, "/body"),
        (json!({ "text": "x" }), 400, "/body/format"),
        (json!({ "format": "free", "text": "x".repeat(50_001) }), 422, "/body/text"),
    ] {
        assert_eq!(at(case.counselor.post(&notes, json!({ "body": body })).await), (status, pointer.to_owned()));
    }
    for (text, code) in [("", "rule-broken"), (" ", "invalid-fields")] {
        let empty = json!({ "body": { "format": "free", "text": text } });
        assert_eq!(case.counselor.post(&notes, empty).await.problem(), (422, code.to_owned()));
    }
}

async fn notes_are_listed_by_session_and_by_state(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (later, earlier) =
        (case.session(json!({})).await, case.session(json!({ "starts_at": "2026-03-01T10:00:00Z" })).await);
    let first = free_note(&case.counselor, later, "Later.").await;
    let second = free_note(&case.counselor, earlier, "Earlier.").await;
    sign(&case.counselor, &first).await;
    let list = |query: &str| format!("/v1/couples/{}/notes?{query}", case.couple);

    assert_eq!(ids(&case.counselor, &list("")).await, [second.clone(), first.clone()]);
    assert_eq!(ids(&case.counselor, &list("state=signed")).await, slice::from_ref(&first));
    assert_eq!(ids(&case.counselor, &list("until=2026-03-01")).await, slice::from_ref(&second));
    assert_eq!(ids(&case.counselor, &list("from=2026-03-02")).await, slice::from_ref(&first));
    let page = case.counselor.get(list("limit=1")).await;
    let cursor = page.text_at("/next_cursor");
    assert_eq!(ids(&case.counselor, &list(&format!("limit=1&cursor={cursor}"))).await, [first]);
}

async fn a_psychotherapy_note_is_its_authors_alone(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let wanted = json!({ "couple_id": case.couple, "text": "A hunch." });
    let note = case.counselor.post("/v1/psychotherapy-notes", wanted.clone()).await.created().to_string();
    let path = format!("/v1/psychotherapy-notes/{note}");
    let owner = app.owner().await;

    let rewritten = case.counselor.patch(&path, json!({ "text": "A better hunch." })).await;
    assert_eq!(rewritten.expect_status(200).text_at("/text"), "A better hunch.");
    assert_eq!(ids(&case.counselor, "/v1/psychotherapy-notes").await, slice::from_ref(&note));
    assert_eq!(ids(&owner, "/v1/psychotherapy-notes").await, [""; 0]);
    for other in [&owner, &app.counselor("cleo").await] {
        assert_eq!(other.get(&path).await.problem(), (404, "not-found".to_owned()));
        assert_eq!(other.patch(&path, json!({ "text": "Mine." })).await.status(), 404);
    }
    for other in [&app.supervisor("susan").await, &app.assistant("ben").await, &case.kim.person] {
        assert_eq!(other.get(&path).await.status(), 403);
    }
    assert_eq!(app.counselor("dora").await.post("/v1/psychotherapy-notes", wanted).await.status(), 404);
    let nowhere = json!({ "couple_id": case.couple, "session_id": uuid::Uuid::nil(), "text": "A hunch." });
    let refused = case.counselor.post("/v1/psychotherapy-notes", nowhere).await.expect_status(422).json();
    assert_eq!(refused["errors"][0]["pointer"], "/session_id");
}
