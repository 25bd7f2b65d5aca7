//! Notes: what the counselor wrote about a session. Once signed, a note is locked; only addenda follow, each signed.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    confidential::{Confidential, NOTE_CHARACTERS},
    couple::Couple,
    ids::{AddendumId, CoupleId, NoteId, PartnerId, SessionId, StaffId},
    session::{Session, SessionKind},
    staff::StaffMember,
};

mod body;
mod canonical;
#[cfg(test)]
mod tests;

pub use body::{NoteBody, NoteFormat};

/// The part of a couple's record something belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "partition", content = "partner", rename_all = "snake_case")]
pub enum Partition {
    /// Both partners'.
    Joint,
    /// One partner's own.
    About(PartnerId),
}

/// A SHA-256 digest; the store computes it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Digest(pub [u8; 32]);

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

/// A signature: by whom, when, and the digest of what was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signature {
    /// Who signed.
    pub by: StaffId,
    /// When.
    pub at: DateTime<Utc>,
    /// Of the canonical bytes of what was signed.
    pub digest: Digest,
}

/// How far a note is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteState {
    /// Still being written.
    Draft,
    /// Signed and locked.
    Signed(Signature),
}

/// An addition to a signed note, signed itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addendum {
    /// Which one.
    pub id: AddendumId,
    /// What is added, 1 to 50,000 characters.
    pub text: Confidential,
    /// By whom and when; its digest covers the digest of what came before it.
    pub signature: Signature,
}

/// What the counselor wrote about a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Which one.
    pub id: NoteId,
    /// About which session.
    pub session: SessionId,
    /// Of which couple.
    pub couple: CoupleId,
    /// The part of the record it belongs to.
    pub partition: Partition,
    /// Who writes it.
    pub author: StaffId,
    /// What it says.
    pub body: NoteBody,
    /// Who attended, as the note names them.
    pub attended: Vec<PartnerId>,
    /// Whether it is signed.
    pub state: NoteState,
    /// The co-signature of the author's supervisor, if there is one.
    pub cosignature: Option<Signature>,
    /// What was added after signing, oldest first.
    pub addenda: Vec<Addendum>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When its text last changed.
    pub changed_at: DateTime<Utc>,
    /// Counts the changes, from 1; the store keeps every version of the text.
    pub version: i64,
}

/// A note as wanted.
#[derive(Debug, Clone)]
pub struct NoteDraft {
    /// The part of the record it belongs to; the session's if absent.
    pub partition: Option<Partition>,
    /// What it says.
    pub body: NoteBody,
    /// Who attended; as the session has it if absent.
    pub attended: Option<Vec<PartnerId>>,
}

/// What of a draft is to be different; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct NoteChange {
    /// What it says.
    pub body: Option<NoteBody>,
    /// Who attended.
    pub attended: Option<Vec<PartnerId>>,
}

/// Why a note can't be written, changed or signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteError {
    /// It is signed.
    #[error("this note is signed and locked; add an addendum instead")]
    Locked,
    /// It is a draft.
    #[error("this note is not signed yet; change it instead")]
    NotSigned,
    /// Someone else's.
    #[error("a note is changed and signed by its author")]
    NotTheAuthor,
    /// Not on the care team.
    #[error("notes are written by the couple's care team")]
    NotOnTheTeam,
    /// Not who supervises the author.
    #[error("a note is co-signed by its author's supervisor")]
    NotTheSupervisor,
    /// Co-signed already.
    #[error("this note is co-signed already")]
    AlreadyCosigned,
    /// Nothing in it, or too much.
    #[error("a note says something, and each of its parts has up to 50,000 characters")]
    Body,
    /// A wrong part of the record.
    #[error("a note about a session with one partner alone belongs to that partner's part of the record")]
    Partition,
    /// Someone who is not a partner, or twice.
    #[error("a note names partners of this couple, each once")]
    Attended,
}

impl Note {
    /// Begins a note about a session.
    ///
    /// # Errors
    /// [`NoteError`]: the author is not on the team, or the draft doesn't fit.
    pub fn new(
        id: NoteId,
        couple: &Couple,
        session: &Session,
        draft: NoteDraft,
        author: StaffId,
        now: DateTime<Utc>,
    ) -> Result<Self, NoteError> {
        if !couple.is_treated_by(author) || session.couple != couple.id {
            return Err(NoteError::NotOnTheTeam);
        }
        let note = Self {
            id,
            session: session.id,
            couple: couple.id,
            partition: checked_partition(couple, session.kind, draft.partition)?,
            author,
            body: draft.body,
            attended: draft.attended.unwrap_or_else(|| session.attended().collect()),
            state: NoteState::Draft,
            cosignature: None,
            addenda: Vec::new(),
            created_at: now,
            changed_at: now,
            version: 1,
        };
        note.checked(couple)
    }

    /// The signature, once there is one.
    #[must_use]
    pub const fn signature(&self) -> Option<&Signature> {
        match &self.state {
            NoteState::Signed(signature) => Some(signature),
            NoteState::Draft => None,
        }
    }

    /// Rewrites a draft.
    ///
    /// # Errors
    /// [`NoteError::Locked`] once it is signed, else why it doesn't fit; then nothing has changed.
    pub fn change(
        &mut self,
        couple: &Couple,
        change: NoteChange,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<(), NoteError> {
        self.check_draft_of(by)?;
        let body = change.body.unwrap_or_else(|| self.body.clone());
        let attended = change.attended.unwrap_or_else(|| self.attended.clone());
        *self = Self { body, attended, changed_at: now, version: self.version + 1, ..self.clone() }.checked(couple)?;
        Ok(())
    }

    /// Signs and locks it. `digest` computes SHA-256 of the canonical bytes.
    ///
    /// # Errors
    /// [`NoteError::Locked`] or [`NoteError::NotTheAuthor`].
    pub fn sign(
        &mut self,
        by: StaffId,
        now: DateTime<Utc>,
        digest: impl FnOnce(&[u8]) -> Digest,
    ) -> Result<(), NoteError> {
        self.check_draft_of(by)?;
        let digest = digest(&self.canonical_bytes(by, now));
        self.state = NoteState::Signed(Signature { by, at: now, digest });
        self.version += 1;
        Ok(())
    }

    /// Co-signs it, for the author's supervisor.
    ///
    /// # Errors
    /// [`NoteError::NotSigned`], [`NoteError::NotTheSupervisor`] or [`NoteError::AlreadyCosigned`].
    pub fn cosign(
        &mut self,
        author: &StaffMember,
        by: &StaffMember,
        now: DateTime<Utc>,
        digest: impl FnOnce(&[u8]) -> Digest,
    ) -> Result<(), NoteError> {
        let signed = self.signature().ok_or(NoteError::NotSigned)?.digest;
        let supervises = author.id == self.author && author.supervisor == Some(by.id) && by.may_supervise();
        if !supervises || by.id == self.author {
            return Err(NoteError::NotTheSupervisor);
        }
        if self.cosignature.is_some() {
            return Err(NoteError::AlreadyCosigned);
        }
        let digest = digest(&canonical::cosignature(self.id, signed, by.id, now));
        self.cosignature = Some(Signature { by: by.id, at: now, digest });
        self.version += 1;
        Ok(())
    }

    /// Adds to a signed note; the addendum is signed by that.
    ///
    /// # Errors
    /// [`NoteError::NotSigned`] for a draft, [`NoteError::NotOnTheTeam`], or [`NoteError::Body`] for no text or too much.
    pub fn add_addendum(
        &mut self,
        couple: &Couple,
        id: AddendumId,
        text: Confidential,
        by: StaffId,
        now: DateTime<Utc>,
        digest: impl FnOnce(&[u8]) -> Digest,
    ) -> Result<(), NoteError> {
        let previous = self.last_digest().ok_or(NoteError::NotSigned)?;
        if !couple.is_treated_by(by) {
            return Err(NoteError::NotOnTheTeam);
        }
        if text.is_blank() || text.longer_than(NOTE_CHARACTERS) {
            return Err(NoteError::Body);
        }
        let digest = digest(&canonical::addendum(id, previous, &text, by, now));
        self.addenda.push(Addendum { id, text, signature: Signature { by, at: now, digest } });
        self.version += 1;
        Ok(())
    }

    fn last_digest(&self) -> Option<Digest> {
        let added = self.addenda.last().map(|addendum| addendum.signature.digest);
        added.or_else(|| self.signature().map(|signature| signature.digest))
    }

    /// Whether someone may change, sign or discard it.
    ///
    /// # Errors
    /// [`NoteError::Locked`] once it is signed, [`NoteError::NotTheAuthor`] for everybody but its author.
    pub fn check_draft_of(&self, by: StaffId) -> Result<(), NoteError> {
        match self.state {
            NoteState::Signed(_) => Err(NoteError::Locked),
            NoteState::Draft if by != self.author => Err(NoteError::NotTheAuthor),
            NoteState::Draft => Ok(()),
        }
    }

    fn checked(self, couple: &Couple) -> Result<Self, NoteError> {
        let named_once = |partner: &PartnerId| {
            couple.partner(*partner).is_some() && self.attended.iter().filter(|other| *other == partner).count() == 1
        };
        if !self.attended.iter().all(named_once) {
            return Err(NoteError::Attended);
        }
        if self.body.fits() { Ok(self) } else { Err(NoteError::Body) }
    }
}

/// What is said alone stays in one's own part of the record, whatever the policy.
fn checked_partition(couple: &Couple, session: SessionKind, wanted: Option<Partition>) -> Result<Partition, NoteError> {
    match (session, wanted) {
        (SessionKind::Joint, None) => Ok(Partition::Joint),
        (SessionKind::With(partner), None) => Ok(Partition::About(partner)),
        (SessionKind::Joint, Some(Partition::About(about))) if couple.partner(about).is_none() => {
            Err(NoteError::Attended)
        }
        (SessionKind::Joint, Some(partition)) => Ok(partition),
        (SessionKind::With(partner), Some(Partition::About(about))) if about == partner => {
            Ok(Partition::About(partner))
        }
        (SessionKind::With(_), Some(_)) => Err(NoteError::Partition),
    }
}
