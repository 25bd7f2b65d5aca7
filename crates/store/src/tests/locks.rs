//! What was signed stays as it was signed, whichever way one comes.

use domain::{
    client::{Client, ClientDraft},
    couple::{Couple, CoupleDraft, PartnerDraft},
    ids::NoteId,
    note::{Note, NoteBody, NoteChange, NoteDraft},
    own_exercise::OwnExercise,
    session::{Place, Session, SessionDraft, SessionKind},
};

use super::*;
use crate::{clients, couples, notes, own_exercises, sessions};

/// A note that was rewritten, signed and added to.
async fn signed_note(fixture: &Fixture) -> NoteId {
    let free = |text: &str| NoteBody::Free { text: Confidential::new(text) };
    let note = fixture.write(move |tx| {
        let anna = member(tx, "Anna");
        staff::insert(tx, &anna)?;
        let name = Confidential::new("Kim");
        let kim = Client::new(tx.new_id(), ClientDraft { name, email: None, phone: None }, tx.now()).unwrap();
        clients::insert(tx, &kim)?;
        let couple = CoupleDraft {
            label: None,
            time_zone: chrono_tz::Tz::UTC,
            primary_counselor: anna.id,
            care_team: vec![],
            partners: vec![PartnerDraft { id: tx.new_id(), client: kim.id, from: None }],
            opened_on: None,
        };
        let couple = Couple::new(tx.new_id(), couple, tx.now()).unwrap();
        couples::insert(tx, &couple)?;
        let session = SessionDraft {
            kind: SessionKind::Joint,
            counselor: anna.id,
            starts_at: tx.now(),
            time_zone: None,
            minutes: 50,
            place: Place::Office,
            topic: None,
        };
        let session = Session::new(tx.new_id(), &couple, session, tx.now()).unwrap();
        sessions::insert(tx, &session)?;
        let draft = NoteDraft { partition: None, body: free("A first try."), attended: None };
        let mut note = Note::new(tx.new_id(), &couple, &session, draft, anna.id, tx.now()).unwrap();
        notes::insert(tx, &note)?;
        let change = NoteChange { body: Some(free("They talked.")), attended: None };
        note.change(&couple, change, anna.id, tx.now()).unwrap();
        notes::update_draft(tx, &note)?;
        note.sign(anna.id, tx.now(), notes::digest).unwrap();
        notes::sign(tx, &note)?;
        let more = Confidential::new("More.");
        note.add_addendum(&couple, tx.new_id(), more, anna.id, tx.now(), notes::digest).unwrap();
        notes::add_addendum(tx, &note)?;
        let draft = NoteDraft { partition: None, body: free("Another."), attended: None };
        notes::insert(tx, &Note::new(tx.new_id(), &couple, &session, draft, anna.id, tx.now()).unwrap())?;
        Ok(note.id)
    });
    note.await.unwrap()
}

/// As an owner: Tenfold itself reads no notes.
fn as_owner(fixture: &Fixture) -> Context {
    let actor = domain::access::Actor::Staff { id: Uuid::from_u128(1).into(), role: Role::Owner };
    Context { caller: Caller { actor, ..fixture.context.caller }, ..fixture.context }
}

async fn is_whole(fixture: &Fixture, id: NoteId) -> bool {
    let checked = fixture.store.read(as_owner(fixture), move |view| {
        let found = notes::find(view, id)?;
        notes::is_whole(view, &found.note)
    });
    checked.await.unwrap()
}

#[tokio::test]
async fn a_signed_note_is_changed_by_no_statement() {
    let fixture = Fixture::new("locked").await;
    let id = signed_note(&fixture).await;
    assert!(is_whole(&fixture, id).await);
    let signed = "WHERE signed_at IS NOT NULL";
    for attempt in [
        format!("UPDATE notes SET sealed = x'00' {signed}"),
        format!("UPDATE notes SET signed_at = NULL, signed_by_id = NULL, signature = NULL {signed}"),
        format!("UPDATE notes SET discarded_at = created_at {signed}"),
        format!("DELETE FROM notes {signed}"),
        format!("INSERT OR REPLACE INTO notes SELECT * FROM notes {signed}"),
        "UPDATE OR REPLACE notes SET id = (SELECT id FROM notes WHERE signed_at IS NOT NULL)".to_owned(),
        "UPDATE note_versions SET sealed = x'00'".to_owned(),
        "DELETE FROM note_versions".to_owned(),
        "INSERT OR REPLACE INTO note_versions SELECT * FROM note_versions".to_owned(),
        "UPDATE note_addenda SET sealed = x'00'".to_owned(),
        "DELETE FROM note_addenda".to_owned(),
        "INSERT OR REPLACE INTO note_addenda SELECT * FROM note_addenda".to_owned(),
    ] {
        let sql = attempt.clone();
        let tried = fixture.write(move |tx| Ok(tx.conn().batch_execute(&sql)?)).await;
        assert!(matches!(tried, Err(StoreError::Database(_))), "{attempt}: {tried:?}");
    }
    assert!(is_whole(&fixture, id).await);
}

#[tokio::test]
async fn a_version_that_someone_took_out_is_missed() {
    let fixture = Fixture::new("chain").await;
    let id = signed_note(&fixture).await;
    let take_out = "DROP TRIGGER note_versions_remain; DELETE FROM note_versions WHERE number = 1";
    fixture.write(move |tx| Ok(tx.conn().batch_execute(take_out)?)).await.unwrap();
    assert!(!is_whole(&fixture, id).await);
}

#[tokio::test]
async fn a_version_of_an_exercise_is_changed_by_no_statement() {
    let fixture = Fixture::new("exercise").await;
    let defined = fixture.write(|tx| {
        let anna = member(tx, "Anna");
        staff::insert(tx, &anna)?;
        let definition = serde_json::json!({
            "title": "Check-in", "purpose": "To see where you are.", "steps": [], "prompts": [], "mode": "separate",
            "cadence": null, "visibility": "shared", "can_be_overdue": false,
            "form": { "type": "object", "properties": { "day": { "type": "string", "title": "?", "format": "date" } } },
        });
        let definition = serde_json::from_value(definition).unwrap();
        let exercise = OwnExercise::new(tx.new_id(), definition, anna.id, tx.now()).unwrap();
        own_exercises::insert(tx, &exercise)
    });
    defined.await.unwrap();
    for attempt in [
        "UPDATE own_exercise_versions SET sealed = x'00'",
        "DELETE FROM own_exercise_versions",
        "INSERT OR REPLACE INTO own_exercise_versions SELECT * FROM own_exercise_versions",
    ] {
        let tried = fixture.write(move |tx| Ok(tx.conn().batch_execute(attempt)?)).await;
        assert!(matches!(tried, Err(StoreError::Database(_))), "{attempt}: {tried:?}");
    }
}
