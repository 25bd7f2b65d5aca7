//! Who may do what: the whole policy, pure.
//!
//! Two questions are kept apart. *May someone in this standing do this at all?* is answered here, by a table that a
//! non-programmer can read; a refusal is openly a refusal. *Does this couple exist for this caller?* is answered by the store,
//! which shows each caller only the couples within their reach; what lies outside does not exist for them.

use crate::{
    ids::{ClientId, PracticeId, SignInId, StaffId},
    vocabulary::word,
};

word! {
    /// What a staff member is to the practice.
    Role {
        /// Runs the practice: everything, staff and settings included.
        Owner = "owner",
        /// Treats couples: everything about the own caseload.
        Counselor = "counselor",
        /// Reads and co-signs the notes of the counselors they supervise.
        Supervisor = "supervisor",
        /// Scheduling and contact data; no clinical content.
        Assistant = "assistant",
    }
}

/// Who stands behind a unit of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A staff member, with the role they hold now.
    Staff {
        /// Who.
        id: StaffId,
        /// In which role.
        role: Role,
    },
    /// A client who signed in to see and answer what is theirs.
    Client(ClientId),
    /// Tenfold itself: sign-in before anyone is known, jobs, the command line.
    System,
}

/// Who asks, and for which practice. Every unit of work carries one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Caller {
    /// The practice that everything read or written belongs to.
    pub practice: PracticeId,
    /// Who asks.
    pub actor: Actor,
    /// The sign-in the caller holds, if they came by one.
    pub sign_in: Option<SignInId>,
}

impl Caller {
    /// Tenfold itself, on behalf of a practice.
    #[must_use]
    pub const fn system(practice: PracticeId) -> Self {
        Self { practice, actor: Actor::System, sign_in: None }
    }

    /// The staff member who asks, if it is one.
    #[must_use]
    pub const fn staff(&self) -> Option<StaffId> {
        match self.actor {
            Actor::Staff { id, .. } => Some(id),
            Actor::Client(_) | Actor::System => None,
        }
    }

    /// The client who asks, if it is one.
    #[must_use]
    pub const fn client(&self) -> Option<ClientId> {
        match self.actor {
            Actor::Client(id) => Some(id),
            Actor::Staff { .. } | Actor::System => None,
        }
    }

    /// Whether someone in this caller's standing may do this at all.
    ///
    /// # Errors
    /// [`Refused`] if not; the store decides apart from this which couples exist for the caller.
    pub fn may(&self, action: Action) -> Result<(), Refused> {
        let allowed = match self.actor {
            Actor::System => true,
            Actor::Staff { role: Role::Owner, .. } => action.permits().contains(Standing::OWNER),
            Actor::Staff { role: Role::Counselor, .. } => action.permits().contains(Standing::COUNSELOR),
            Actor::Staff { role: Role::Supervisor, .. } => action.permits().contains(Standing::SUPERVISOR),
            Actor::Staff { role: Role::Assistant, .. } => action.permits().contains(Standing::ASSISTANT),
            Actor::Client(_) => action.permits().contains(Standing::PARTNER),
        };
        if allowed { Ok(()) } else { Err(Refused) }
    }
}

/// The caller is known, may know that this exists, and may not do it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("your role in this practice does not allow this")]
pub struct Refused;

/// A set of standings, written as a sum in the policy table.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Standing(u8);

impl Standing {
    const OWNER: Self = Self(1);
    const COUNSELOR: Self = Self(2);
    const SUPERVISOR: Self = Self(4);
    const ASSISTANT: Self = Self(8);
    const PARTNER: Self = Self(16);
    const TREATING: Self = Self::OWNER.and(Self::COUNSELOR);
    const CLINICAL: Self = Self::TREATING.and(Self::SUPERVISOR);
    const STAFF: Self = Self::CLINICAL.and(Self::ASSISTANT);
    const ALL: Self = Self::STAFF.and(Self::PARTNER);

    const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    const fn contains(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What can be done, as the policy distinguishes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Action {
    /// See one's own account and end one's own sign-ins.
    ManageOwnAccount,
    /// See the practice's name and settings.
    ReadPractice,
    /// Change the practice's name and settings.
    ChangePractice,
    /// See what the practice does, in numbers.
    ReadPracticeOverview,
    /// See who works here.
    ReadStaff,
    /// Invite staff, change their role, end their access.
    ManageStaff,
    /// See clients' names and contact data.
    ReadClients,
    /// Take on clients, change contact data, invite them to sign in.
    ManageClients,
    /// Give a client who has a password already the means to choose another, and so to sign in as them.
    RenewClientPasswords,
    /// See couples: who is in them, status, care team.
    ReadCouples,
    /// Take on a couple, change its status, its partners and its care team.
    ManageCouples,
    /// See what broke the trust.
    ReadBreaches,
    /// Record what broke the trust.
    RecordBreaches,
    /// See the confidentiality policy and who acknowledged it.
    ReadPolicies,
    /// Put a confidentiality policy in force.
    SetPolicies,
    /// Acknowledge a confidentiality policy: a partner for themselves, a counselor on behalf.
    AcknowledgePolicies,
    /// See the safety status of each partner.
    ReadSafety,
    /// Record the safety status of a partner.
    ScreenSafety,
    /// Read the catalog of exercises.
    ReadCatalog,
    /// See the practice's own exercises.
    ReadOwnExercises,
    /// See a version of one: a partner those that were assigned to them.
    ReadOwnExerciseVersions,
    /// Define exercises of the practice's own, define them anew, archive them.
    ManageOwnExercises,
    /// See what was assigned.
    ReadAssignments,
    /// Assign exercises to a couple.
    AssignExercises,
    /// Say where one stands with an assignment.
    WorkOnAssignments,
    /// See the practice's programs.
    ReadPrograms,
    /// Make the practice's programs, change and archive them.
    MakePrograms,
    /// Read entries, as far as the visibility rule goes.
    ReadEntries,
    /// Record, submit, correct entries and widen their visibility.
    RecordEntries,
    /// Have a text checked for deflecting phrases.
    CheckDeflections,
    /// See the queue of entries that wait for review.
    ReadReviewQueue,
    /// Review entries and leave feedback, and take up what was flagged for a session.
    ReviewEntries,
    /// See what the next session of a couple should take up.
    ReadAgenda,
    /// See every couple within reach at a glance, with what is clinical about it.
    ReadCaseload,
    /// See the promise ledger.
    ReadPromises,
    /// Make promises, claim and confirm their outcomes.
    KeepPromises,
    /// See the progress of a couple.
    ReadProgress,
    /// See which instruments there are.
    ReadInstruments,
    /// Define instruments, give them new norms, put them away.
    DefineInstruments,
    /// See scores: clinical staff of both partners, a partner those about them that were shared with them.
    ReadScores,
    /// Enter, correct and share scores.
    EnterScores,
    /// See whether a couple changed beyond chance.
    ReadReliableChange,
    /// See sessions: when, where, who.
    ReadSessions,
    /// See what sessions are about, and say so when scheduling them.
    ReadSessionTopics,
    /// Schedule sessions and record attendance.
    ScheduleSessions,
    /// Read notes.
    ReadNotes,
    /// Write, sign and add to notes.
    WriteNotes,
    /// Co-sign the notes of those one supervises.
    CosignNotes,
    /// Keep psychotherapy notes of one's own (45 CFR 164.501).
    KeepPsychotherapyNotes,
    /// Export a couple's record.
    ExportRecords,
    /// Read the audit trail.
    ReadAudit,
}

impl Action {
    const fn permits(self) -> Standing {
        match self {
            Self::ManageOwnAccount
            | Self::ReadPractice
            | Self::ReadCouples
            | Self::ReadCatalog
            | Self::ReadSessions => Standing::ALL,
            Self::ReadStaff | Self::ReadClients => Standing::STAFF,
            Self::ManageClients | Self::ScheduleSessions => Standing::TREATING.and(Standing::ASSISTANT),
            Self::ReadBreaches
            | Self::ReadSafety
            | Self::ReadNotes
            | Self::ReadReviewQueue
            | Self::ReadOwnExercises
            | Self::ReadPrograms
            | Self::ReadAgenda
            | Self::ReadCaseload
            | Self::ReadInstruments
            | Self::ReadReliableChange
            | Self::ReadSessionTopics => Standing::CLINICAL,
            Self::ReadPolicies
            | Self::ReadOwnExerciseVersions
            | Self::ReadAssignments
            | Self::ReadEntries
            | Self::CheckDeflections
            | Self::ReadPromises
            | Self::ReadScores
            | Self::ReadProgress => Standing::CLINICAL.and(Standing::PARTNER),
            Self::RenewClientPasswords
            | Self::ManageCouples
            | Self::RecordBreaches
            | Self::SetPolicies
            | Self::ScreenSafety
            | Self::ManageOwnExercises
            | Self::AssignExercises
            | Self::MakePrograms
            | Self::ReviewEntries
            | Self::DefineInstruments
            | Self::EnterScores
            | Self::WriteNotes
            | Self::KeepPsychotherapyNotes
            | Self::ExportRecords => Standing::TREATING,
            Self::AcknowledgePolicies | Self::WorkOnAssignments | Self::RecordEntries | Self::KeepPromises => {
                Standing::TREATING.and(Standing::PARTNER)
            }
            Self::CosignNotes => Standing::OWNER.and(Standing::SUPERVISOR),
            Self::ChangePractice | Self::ReadPracticeOverview | Self::ManageStaff | Self::ReadAudit => Standing::OWNER,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn staff(role: Role) -> Caller {
        let actor = Actor::Staff { id: StaffId(Uuid::from_u128(1)), role };
        Caller { practice: PracticeId(Uuid::from_u128(2)), actor, sign_in: None }
    }

    fn partner() -> Caller {
        let actor = Actor::Client(ClientId(Uuid::from_u128(3)));
        Caller { practice: PracticeId(Uuid::from_u128(2)), actor, sign_in: None }
    }

    #[test]
    fn an_assistant_schedules_but_reads_no_clinical_content() {
        let assistant = staff(Role::Assistant);
        assert_eq!(assistant.may(Action::ScheduleSessions), Ok(()));
        for clinical in [Action::ReadNotes, Action::ReadEntries, Action::ReadProgress, Action::ReadSafety] {
            assert_eq!(assistant.may(clinical), Err(Refused), "{clinical:?}");
        }
    }

    #[test]
    fn a_supervisor_reads_and_cosigns_but_writes_nothing_of_their_own() {
        let supervisor = staff(Role::Supervisor);
        assert_eq!(supervisor.may(Action::CosignNotes), Ok(()));
        assert_eq!(supervisor.may(Action::WriteNotes), Err(Refused));
    }

    #[test]
    fn a_partner_never_reads_what_is_for_counselors_only() {
        for closed in [Action::ReadNotes, Action::ReadSafety, Action::ReadBreaches, Action::ReadClients] {
            assert_eq!(partner().may(closed), Err(Refused), "{closed:?}");
        }
    }

    #[test]
    fn only_the_owner_reads_the_audit_trail() {
        assert_eq!(staff(Role::Owner).may(Action::ReadAudit), Ok(()));
        for role in [Role::Counselor, Role::Supervisor, Role::Assistant] {
            assert_eq!(staff(role).may(Action::ReadAudit), Err(Refused));
        }
    }
}
