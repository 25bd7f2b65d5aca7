//! Psychotherapy notes (45 CFR 164.501): a counselor's own analysis, kept apart from the record and readable by its author alone.
//!
//! Start and stop times, modality, results of measures, exercise completion and summaries of diagnosis, plan and progress are
//! ordinary record and do not belong here.

use chrono::{DateTime, Utc};

use crate::{
    confidential::{Confidential, NOTE_CHARACTERS},
    ids::{CoupleId, PsychotherapyNoteId, SessionId, StaffId},
};

/// A counselor's own analysis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PsychotherapyNote {
    /// Which one.
    pub id: PsychotherapyNoteId,
    /// About which couple.
    pub couple: CoupleId,
    /// About which session, if one.
    pub session: Option<SessionId>,
    /// Whose it is: nobody else reads it, not a supervisor, not an owner.
    pub author: StaffId,
    /// What they wrote, 1 to 50,000 characters.
    pub text: Confidential,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// A psychotherapy note as wanted.
#[derive(Debug, Clone)]
pub struct PsychotherapyNoteDraft {
    /// About which session, if one.
    pub session: Option<SessionId>,
    /// What to write.
    pub text: Confidential,
}

/// Why a psychotherapy note can't be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PsychotherapyNoteError {
    /// Empty or too long.
    #[error("a psychotherapy note has 1 to 50,000 characters")]
    Text,
    /// Someone else's. To a caller it does not exist.
    #[error("a psychotherapy note is read and changed by its author alone")]
    NotTheAuthor,
}

impl PsychotherapyNote {
    /// Writes one.
    ///
    /// # Errors
    /// [`PsychotherapyNoteError::Text`].
    pub fn new(
        id: PsychotherapyNoteId,
        couple: CoupleId,
        draft: PsychotherapyNoteDraft,
        author: StaffId,
        now: DateTime<Utc>,
    ) -> Result<Self, PsychotherapyNoteError> {
        check(&draft.text)?;
        let PsychotherapyNoteDraft { session, text } = draft;
        Ok(Self { id, couple, session, author, text, created_at: now, changed_at: now, version: 1 })
    }

    /// Whether it exists for a staff member.
    #[must_use]
    pub fn is_readable_by(&self, staff: StaffId) -> bool {
        staff == self.author
    }

    /// Rewrites it.
    ///
    /// # Errors
    /// [`PsychotherapyNoteError`], and then nothing has changed.
    pub fn change(
        &mut self,
        text: Confidential,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<(), PsychotherapyNoteError> {
        if !self.is_readable_by(by) {
            return Err(PsychotherapyNoteError::NotTheAuthor);
        }
        check(&text)?;
        self.text = text;
        self.changed_at = now;
        self.version += 1;
        Ok(())
    }
}

fn check(text: &Confidential) -> Result<(), PsychotherapyNoteError> {
    let fits = !text.is_blank() && !text.longer_than(NOTE_CHARACTERS);
    if fits { Ok(()) } else { Err(PsychotherapyNoteError::Text) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_psychotherapy_note_is_its_authors_alone() {
        let [author, other] = [1, 2].map(|id| StaffId(Uuid::from_u128(id)));
        let draft = PsychotherapyNoteDraft { session: None, text: Confidential::new("a hunch") };
        let couple = CoupleId(Uuid::from_u128(3));
        let id = PsychotherapyNoteId(Uuid::from_u128(4));
        let mut note = PsychotherapyNote::new(id, couple, draft, author, DateTime::UNIX_EPOCH).unwrap();
        assert!(note.is_readable_by(author) && !note.is_readable_by(other));
        let changed = note.change(Confidential::new("x"), other, DateTime::UNIX_EPOCH);
        assert_eq!((changed, note.version), (Err(PsychotherapyNoteError::NotTheAuthor), 1));
        assert_eq!(
            note.change(Confidential::new(" "), author, DateTime::UNIX_EPOCH),
            Err(PsychotherapyNoteError::Text)
        );
    }
}
