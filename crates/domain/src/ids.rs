//! Every identifier of the field, each its own type, so that one can never be passed for another.
//!
//! The values are UUIDv7 (RFC 9562 §5.7) and come in from outside: nothing here makes one. That of a run of a program is random
//! (UUIDv4): a partner sees the run only once something of it has gone out to them, and is not to learn that it began before, with a step
//! for the other alone.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)*) => { $(
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
        )]
        #[serde(transparent)]
        #[schema(value_type = Uuid)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    )* };
}

ids! {
    /// A practice: the tenant nothing ever crosses.
    PracticeId,
    /// A staff member of a practice.
    StaffId,
    /// One person in treatment.
    ClientId,
    /// The unit of treatment: a case with two partners at a time.
    CoupleId,
    /// A client's membership in a couple, from a date to a date.
    PartnerId,
    /// An event that broke the trust.
    BreachId,
    /// One version of a couple's confidentiality policy.
    PolicyId,
    /// An exercise of a practice's own.
    OwnExerciseId,
    /// An exercise given to a couple.
    AssignmentId,
    /// An ordered set of exercises with rules for when each goes out.
    ProgramId,
    /// A couple's run of a program.
    ProgramRunId,
    /// What a partner, or both, recorded for an assignment.
    EntryId,
    /// A counselor's reading of an entry.
    ReviewId,
    /// Something one partner commits to do for the other.
    PromiseId,
    /// An instrument that a practice defined or changed.
    InstrumentId,
    /// What an instrument came to for one partner on a day.
    ScoreId,
    /// A counseling session: an appointment.
    SessionId,
    /// What the counselor wrote about a session.
    NoteId,
    /// An addition to a signed note.
    AddendumId,
    /// A counselor's own analysis, kept apart from the record (45 CFR 164.501).
    PsychotherapyNoteId,
    /// A document or bundle made from the record.
    ExportId,
    /// A single-use invitation to sign in for the first time.
    InvitationId,
    /// A signed-in device: a family of refresh tokens.
    SignInId,
    /// A row of the audit trail.
    AuditEventId,
    /// A unit of work to be done later.
    JobId,
}
