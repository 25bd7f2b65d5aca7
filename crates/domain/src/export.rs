//! Exports: a document or bundle made from the record, for a stated purpose and recipient.

use chrono::{DateTime, Months, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    confidential::{Confidential, NAME_CHARACTERS, TEXT_CHARACTERS, too_long},
    couple::Couple,
    ids::{CoupleId, ExportId, PartnerId, StaffId},
    note::Digest,
    vocabulary::word,
};

#[cfg(test)]
mod tests;

word! {
    /// What an export is written in.
    ExportFormat {
        /// For people.
        Markdown = "markdown",
        /// For tools: one JSON value on each line.
        Ndjson = "ndjson",
    }
}

word! {
    /// What an export is for (45 CFR 164.528 asks for it in the account of disclosures).
    ExportPurpose {
        /// Treatment, here or elsewhere.
        Treatment = "treatment",
        /// A client wants to see their record (45 CFR 164.524).
        ClientAccess = "client_access",
        /// The case goes to another practice.
        Transfer = "transfer",
        /// Supervision of the counselor.
        Supervision = "supervision",
        /// Payment.
        Payment = "payment",
        /// A court or an authority.
        Legal = "legal",
        /// Something else.
        Other = "other",
    }
}

word! {
    /// How far an export is.
    ExportStatus {
        /// It waits.
        Queued = "queued",
        /// It is being made.
        Running = "running",
        /// It can be fetched.
        Succeeded = "succeeded",
        /// It could not be made.
        Failed = "failed",
        /// It was there, and its file is gone.
        Expired = "expired",
    }
}

word! {
    /// Why an export could not be made.
    ExportFailure {
        /// There is more than one file can hold; ask for fewer days.
        TooLarge = "too_large",
        /// Whoever asked for it may not read the record any more.
        NoAccess = "no_access",
        /// Something went wrong in the server, more than once.
        Internal = "internal",
    }
}

/// A part of the record an export takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "partition", content = "partner", rename_all = "snake_case")]
pub enum ExportPartition {
    /// What is both partners'.
    Joint,
    /// What is one partner's own.
    About(PartnerId),
    /// The requester's own psychotherapy notes: only if named, and with an authorization of its own (45 CFR 164.508(a)(2)).
    Psychotherapy,
}

/// How much of an export is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExportProgress {
    /// Records written.
    pub done: i64,
    /// Records to write; 0 while they are not counted.
    pub total: i64,
}

/// A file within the bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportFile {
    /// What it is called.
    pub name: String,
    /// How many bytes it has.
    pub size: i64,
    /// Of its bytes.
    pub digest: Digest,
}

/// A document or bundle made from the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Which one.
    pub id: ExportId,
    /// Of which couple.
    pub couple: CoupleId,
    /// Who asked for it.
    pub requested_by: StaffId,
    /// The first day it takes, in the couple's time zone.
    pub from: NaiveDate,
    /// The last day it takes.
    pub until: NaiveDate,
    /// What it is written in; each once, at least one.
    pub formats: Vec<ExportFormat>,
    /// What it takes; each once, at least one.
    pub partitions: Vec<ExportPartition>,
    /// What it is for.
    pub purpose: ExportPurpose,
    /// Who gets it, up to 200 characters; `None` if it stays in the practice.
    pub recipient: Option<Confidential>,
    /// The authorization for psychotherapy notes: which document, up to 10,000 characters.
    pub psychotherapy_authorization: Option<Confidential>,
    /// How far it is.
    pub status: ExportStatus,
    /// How much of it is made.
    pub progress: ExportProgress,
    /// SHA-256 of the bundle, once it is there.
    pub digest: Option<Digest>,
    /// The files in the bundle, once it is there.
    pub files: Vec<ExportFile>,
    /// Why it could not be made.
    pub failure: Option<ExportFailure>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it succeeded or failed.
    pub finished_at: Option<DateTime<Utc>>,
    /// When its file is removed.
    pub expires_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1; progress is none.
    pub version: i64,
}

/// An export as wanted.
#[derive(Debug, Clone)]
pub struct ExportDraft {
    /// The first day it takes.
    pub from: NaiveDate,
    /// The last day it takes.
    pub until: NaiveDate,
    /// What it is written in.
    pub formats: Vec<ExportFormat>,
    /// What it takes.
    pub partitions: Vec<ExportPartition>,
    /// What it is for.
    pub purpose: ExportPurpose,
    /// Who gets it.
    pub recipient: Option<Confidential>,
    /// The authorization for psychotherapy notes.
    pub psychotherapy_authorization: Option<Confidential>,
}

/// Why an export can't be made, or not be moved on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// The days don't fit.
    #[error("an export takes from one day to a later one or the same, over ten years at most")]
    Range,
    /// Nothing to write in.
    #[error("an export has at least one format")]
    Formats,
    /// Nothing to take, or someone else's.
    #[error("an export names the parts of the record it takes: joint, or of partners of this couple")]
    Partitions,
    /// Psychotherapy notes without an authorization.
    #[error("psychotherapy notes leave only with an authorization of their own (45 CFR 164.508); name the document")]
    Authorization,
    /// The recipient is too long.
    #[error("a recipient has up to 200 characters, and a reference to an authorization up to 10,000")]
    Length,
    /// It can't become that.
    #[error("an export that is {from} can't become {to}")]
    Transition {
        /// What it is.
        from: ExportStatus,
        /// What was wanted.
        to: ExportStatus,
    },
}

/// The longest range of an export, in months: ten years.
const LONGEST: Months = Months::new(120);

impl Export {
    /// Asks for an export.
    ///
    /// # Errors
    /// [`ExportError`] for a range, formats, partitions or texts that don't fit.
    pub fn new(
        id: ExportId,
        couple: &Couple,
        draft: ExportDraft,
        requested_by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<Self, ExportError> {
        let draft = draft.checked(couple)?;
        Ok(Self {
            id,
            couple: couple.id,
            requested_by,
            from: draft.from,
            until: draft.until,
            formats: draft.formats,
            partitions: draft.partitions,
            purpose: draft.purpose,
            recipient: draft.recipient,
            psychotherapy_authorization: draft.psychotherapy_authorization,
            status: ExportStatus::Queued,
            progress: ExportProgress::default(),
            digest: None,
            files: Vec::new(),
            failure: None,
            created_at: now,
            finished_at: None,
            expires_at: None,
            version: 1,
        })
    }

    /// A job takes it up, or takes it up again after a crash.
    ///
    /// # Errors
    /// [`ExportError::Transition`] once it has finished.
    pub fn start(&mut self) -> Result<(), ExportError> {
        self.become_status(ExportStatus::Running)
    }

    /// Notes how much is made.
    pub fn advance(&mut self, done: i64, total: i64) {
        self.progress = ExportProgress { done: done.min(total), total };
    }

    /// Its bundle is there, until an instant.
    ///
    /// # Errors
    /// [`ExportError::Transition`] unless it runs.
    pub fn succeed(
        &mut self,
        digest: Digest,
        files: Vec<ExportFile>,
        now: DateTime<Utc>,
        expires_at: DateTime<Utc>,
    ) -> Result<(), ExportError> {
        self.become_status(ExportStatus::Succeeded)?;
        self.digest = Some(digest);
        self.files = files;
        self.finished_at = Some(now);
        self.expires_at = Some(expires_at);
        Ok(())
    }

    /// It could not be made.
    ///
    /// # Errors
    /// [`ExportError::Transition`] once it has finished.
    pub fn fail(&mut self, why: ExportFailure, now: DateTime<Utc>) -> Result<(), ExportError> {
        self.become_status(ExportStatus::Failed)?;
        self.failure = Some(why);
        self.finished_at = Some(now);
        Ok(())
    }

    /// Its file was removed.
    ///
    /// # Errors
    /// [`ExportError::Transition`] unless there was one.
    pub fn expire(&mut self) -> Result<(), ExportError> {
        self.become_status(ExportStatus::Expired)
    }

    /// Whether its file can be fetched at an instant.
    #[must_use]
    pub fn can_be_fetched(&self, now: DateTime<Utc>) -> bool {
        self.status == ExportStatus::Succeeded && self.expires_at.is_some_and(|expires| now < expires)
    }

    fn become_status(&mut self, to: ExportStatus) -> Result<(), ExportError> {
        use ExportStatus::{Expired, Failed, Queued, Running, Succeeded};
        let moves = matches!(
            (self.status, to),
            (Queued | Running, Running | Failed) | (Running, Succeeded) | (Succeeded, Expired)
        );
        if !moves {
            return Err(ExportError::Transition { from: self.status, to });
        }
        self.status = to;
        self.version += 1;
        Ok(())
    }
}

impl ExportDraft {
    fn checked(mut self, couple: &Couple) -> Result<Self, ExportError> {
        let longest = self.from.checked_add_months(LONGEST);
        if self.until < self.from || longest.is_none_or(|last| self.until > last) {
            return Err(ExportError::Range);
        }
        self.formats.sort_unstable();
        self.formats.dedup();
        self.partitions.sort_unstable();
        self.partitions.dedup();
        if self.formats.is_empty() {
            return Err(ExportError::Formats);
        }
        let foreign = |partition: &ExportPartition| match partition {
            ExportPartition::About(partner) => couple.partner(*partner).is_none(),
            ExportPartition::Joint | ExportPartition::Psychotherapy => false,
        };
        if self.partitions.is_empty() || self.partitions.iter().any(foreign) {
            return Err(ExportError::Partitions);
        }
        let authorized = self.psychotherapy_authorization.as_ref().is_some_and(|document| !document.is_blank());
        if self.partitions.contains(&ExportPartition::Psychotherapy) && !authorized {
            return Err(ExportError::Authorization);
        }
        let long_authorization = too_long(self.psychotherapy_authorization.as_ref(), TEXT_CHARACTERS);
        if too_long(self.recipient.as_ref(), NAME_CHARACTERS) || long_authorization {
            return Err(ExportError::Length);
        }
        Ok(self)
    }
}
