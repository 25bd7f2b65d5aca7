//! A note as it is shown, field by field.

use chrono::{DateTime, Utc};
use domain::{
    ids::{AddendumId, CoupleId, NoteId, PartnerId, SessionId, StaffId},
    note::{Addendum, Note, NoteState, Partition, Signature},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::body::NoteBodyView;
use crate::answer::Resource;

/// Whether a note is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NoteState)]
pub(super) enum NoteStateWord {
    /// Still being written.
    Draft,
    /// Signed and locked.
    Signed,
}

/// A signature.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Signature)]
pub(super) struct SignatureView {
    /// Who signed.
    by: StaffId,
    /// When.
    at: DateTime<Utc>,
    /// SHA-256 of what was signed, in base16.
    #[schema(max_length = 64, pattern = "^[0-9a-f]{64}$")]
    sha256: String,
}

impl From<Signature> for SignatureView {
    fn from(Signature { by, at, digest }: Signature) -> Self {
        Self { by, at, sha256: digest.to_string() }
    }
}

/// An addition to a signed note, signed by its author.
#[derive(Serialize, ToSchema)]
#[schema(as = Addendum)]
pub(super) struct AddendumView {
    /// Its id.
    id: AddendumId,
    /// What is added.
    #[schema(max_length = 50_000)]
    text: String,
    /// By whom and when.
    signature: SignatureView,
}

impl From<Addendum> for AddendumView {
    fn from(Addendum { id, text, signature }: Addendum) -> Self {
        Self { id, text: text.into_exposed(), signature: signature.into() }
    }
}

/// What the counselor wrote about a session.
#[derive(Serialize, ToSchema)]
#[schema(as = Note)]
pub(super) struct NoteView {
    /// Its id.
    id: NoteId,
    /// The session it is about.
    session_id: SessionId,
    /// The couple.
    couple_id: CoupleId,
    /// The partner whose own part of the record it belongs to; null if it is both partners'.
    #[schema(required = true)]
    about_partner_id: Option<PartnerId>,
    /// Who wrote it.
    author_id: StaffId,
    /// Who attended, as the note names them.
    #[schema(max_items = 20)]
    attended: Vec<PartnerId>,
    /// What it says.
    body: NoteBodyView,
    /// Whether it is signed.
    state: NoteStateWord,
    /// The signature that locked it.
    #[schema(required = true)]
    signature: Option<SignatureView>,
    /// The co-signature of the author's supervisor.
    #[schema(required = true)]
    cosignature: Option<SignatureView>,
    /// What was added after it was signed, oldest first.
    #[schema(max_items = 1000)]
    addenda: Vec<AddendumView>,
    /// When it was begun.
    created_at: DateTime<Utc>,
    /// When its text last changed.
    changed_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

impl From<Note> for NoteView {
    fn from(note: Note) -> Self {
        let (state, signature) = match note.state {
            NoteState::Draft => (NoteStateWord::Draft, None),
            NoteState::Signed(signature) => (NoteStateWord::Signed, Some(signature.into())),
        };
        Self {
            id: note.id,
            session_id: note.session,
            couple_id: note.couple,
            about_partner_id: match note.partition {
                Partition::Joint => None,
                Partition::About(partner) => Some(partner),
            },
            author_id: note.author,
            attended: note.attended,
            body: note.body.into(),
            state,
            signature,
            cosignature: note.cosignature.map(Into::into),
            addenda: note.addenda.into_iter().map(Into::into).collect(),
            created_at: note.created_at,
            changed_at: note.changed_at,
            version: note.version,
        }
    }
}

impl Resource for NoteView {
    fn path(&self) -> String {
        format!("/v1/notes/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}
