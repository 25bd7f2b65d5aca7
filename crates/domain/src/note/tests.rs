//! How notes are written, locked and added to.

use chrono::TimeDelta;

use super::*;
use crate::{
    access::Role,
    couple::tests::{id, lee_and_kim, noon},
    email::EmailAddress,
    session::{
        Presence,
        tests::{held, session},
    },
    staff::StaffDraft,
};

fn free(text: &str) -> NoteBody {
    NoteBody::Free { text: Confidential::new(text) }
}

fn draft(text: &str) -> NoteDraft {
    NoteDraft { partition: None, body: free(text), attended: None }
}

fn note() -> Note {
    let session = held(SessionKind::Joint, &[(1, Presence::Attended), (2, Presence::Absent)]).unwrap();
    Note::new(id(20), &lee_and_kim(), &session, draft("They talked."), id(7), noon("2026-03-11")).unwrap()
}

/// A stand-in for SHA-256 that differs where the bytes do.
fn digest(bytes: &[u8]) -> Digest {
    let mut digest = [0_u8; 32];
    for (place, byte) in bytes.iter().enumerate() {
        let cell = &mut digest[place % 32];
        *cell = cell.rotate_left(3) ^ byte ^ u8::try_from(place % 251).unwrap();
    }
    Digest(digest)
}

fn signed() -> Note {
    let mut note = note();
    note.sign(id(7), noon("2026-03-12"), digest).unwrap();
    note
}

fn staff(number: u128, role: Role) -> StaffMember {
    let email = EmailAddress::parse("anna@example.org").unwrap();
    let draft = StaffDraft { role, name: Confidential::new("Anna"), email };
    StaffMember::new(id(number), draft, noon("2026-01-01")).unwrap()
}

#[test]
fn a_note_names_who_attended_and_belongs_where_its_session_does() {
    assert_eq!((note().attended, note().partition), (vec![id(1)], Partition::Joint));
    let alone = session(SessionKind::With(id(1)));
    let new = |partition| {
        let draft = NoteDraft { partition, ..draft("Alone.") };
        Note::new(id(20), &lee_and_kim(), &alone, draft, id(7), noon("2026-03-11")).map(|note| note.partition)
    };
    assert_eq!(new(None), Ok(Partition::About(id(1))));
    assert_eq!(new(Some(Partition::Joint)), Err(NoteError::Partition));
    assert_eq!(new(Some(Partition::About(id(2)))), Err(NoteError::Partition));
}

#[test]
fn a_note_says_something_and_is_written_by_the_team() {
    let new = |text, author| {
        Note::new(id(20), &lee_and_kim(), &session(SessionKind::Joint), draft(text), author, noon("2026-03-11"))
            .map(|_| ())
    };
    assert_eq!(new(" ", id(7)), Err(NoteError::Body));
    assert_eq!(new("x", id(8)), Err(NoteError::NotOnTheTeam));
}

#[test]
fn a_signed_note_is_locked() {
    let couple = lee_and_kim();
    let mut note = note();
    let change = || NoteChange { body: Some(free("They talked for long.")), attended: None };
    assert_eq!(note.change(&couple, change(), id(8), noon("2026-03-11")), Err(NoteError::NotTheAuthor));
    note.change(&couple, change(), id(7), noon("2026-03-11")).unwrap();
    assert_eq!(note.sign(id(8), noon("2026-03-12"), digest), Err(NoteError::NotTheAuthor));
    note.sign(id(7), noon("2026-03-12"), digest).unwrap();
    let locked = note.clone();
    assert_eq!(note.change(&couple, change(), id(7), noon("2026-03-13")), Err(NoteError::Locked));
    assert_eq!(note.sign(id(7), noon("2026-03-13"), digest), Err(NoteError::Locked));
    assert_eq!(note, locked);
}

#[test]
fn only_what_is_signed_is_added_to_and_each_addendum_follows_the_one_before() {
    let couple = lee_and_kim();
    let mut draft = note();
    let text = || Confidential::new("One thing more.");
    let early = draft.add_addendum(&couple, id(21), text(), id(7), noon("2026-03-13"), digest);
    assert_eq!(early, Err(NoteError::NotSigned));
    let mut note = signed();
    for number in [21, 22] {
        note.add_addendum(&couple, id(number), text(), id(7), noon("2026-03-13"), digest).unwrap();
    }
    let digests: Vec<_> = note.addenda.iter().map(|addendum| addendum.signature.digest).collect();
    let again: Vec<_> = note.addenda_bytes().iter().map(|bytes| digest(bytes)).collect();
    assert_eq!(digests, again);
    note.addenda[0].signature.digest = Digest([0; 32]);
    assert_ne!(digest(&note.addenda_bytes()[1]), digests[1], "a change before it shows in the next");
}

#[test]
fn the_authors_supervisor_cosigns_once() {
    let mut author = staff(7, Role::Counselor);
    let supervisor = staff(8, Role::Supervisor);
    let mut note = signed();
    let now = noon("2026-03-13");
    assert_eq!(note.cosign(&author, &supervisor, now, digest), Err(NoteError::NotTheSupervisor));
    author.supervise(Some(&supervisor)).unwrap();
    note.cosign(&author, &supervisor, now, digest).unwrap();
    assert_eq!(note.cosignature.map(|given| given.digest), note.cosignature_bytes().map(|bytes| digest(&bytes)));
    assert_eq!(note.cosign(&author, &supervisor, now, digest), Err(NoteError::AlreadyCosigned));
}

#[test]
fn any_change_changes_the_bytes() {
    let note = signed();
    let bytes = note.signed_bytes().unwrap();
    assert_eq!(note.signature().map(|signature| signature.digest), Some(digest(&bytes)));
    let changed = [
        Note { partition: Partition::About(id(1)), ..note.clone() },
        Note { attended: vec![], ..note.clone() },
        Note { body: free("They talked. "), ..note.clone() },
        Note { author: id(8), ..note.clone() },
    ];
    for changed in changed {
        assert_ne!(changed.signed_bytes().unwrap(), bytes);
    }
    assert_ne!(note.canonical_bytes(id(7), noon("2026-03-12") + TimeDelta::microseconds(1)), bytes);
}

#[test]
fn no_text_passes_for_two_parts() {
    let soap = |subjective: &str, objective: &str| {
        let [subjective, objective] = [subjective, objective].map(Confidential::new);
        let [assessment, plan] = ["", ""].map(Confidential::new);
        Note { body: NoteBody::Soap { subjective, objective, assessment, plan }, ..signed() }.signed_bytes()
    };
    assert_ne!(soap("ab", "c"), soap("a", "bc"));
}

#[test]
fn the_bytes_of_a_note_are_the_same_for_ever() {
    let mut expected = Vec::new();
    let mut field = |bytes: &[u8]| {
        expected.extend_from_slice(&[0, 0, 0, 0, 0, 0, 0, u8::try_from(bytes.len()).unwrap()]);
        expected.extend_from_slice(bytes);
    };
    let number = |number: u8| [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, number];
    field(b"tenfold note 1");
    [20, 40, 50, 7].map(number).iter().for_each(|id| field(id));
    field(b"joint");
    field(&[0, 0, 0, 0, 0, 0, 0, 1]);
    field(&number(1));
    [b"free".as_slice(), b"text", b"They talked."].iter().for_each(|part| field(part));
    field(&number(7));
    field(&1_773_316_800_000_000_i64.to_be_bytes());
    assert_eq!(signed().signed_bytes().unwrap(), expected);
    assert_eq!(Digest([0xab; 32]).to_string(), "ab".repeat(32));
}

#[test]
fn a_body_names_its_format() {
    let body = serde_json::to_string(&free("x")).unwrap();
    assert_eq!(body, r#"{"format":"free","text":"x"}"#);
    let parts = ["behavior", "intervention", "response", "plan"];
    let json = r#"{"format":"birp","behavior":"a","intervention":"b","response":"c","plan":"d"}"#;
    let birp: NoteBody = serde_json::from_str(json).unwrap();
    assert_eq!(birp.format(), NoteFormat::Birp);
    assert_eq!(birp.parts().iter().map(|(name, _)| *name).collect::<Vec<_>>(), parts);
}
