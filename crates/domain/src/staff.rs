//! The people who work in a practice.

use chrono::{DateTime, Utc};

use crate::{
    access::Role,
    confidential::{Confidential, NAME_CHARACTERS},
    email::EmailAddress,
    ids::StaffId,
};

/// A user of the practice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// Who.
    pub id: StaffId,
    /// What they are to the practice.
    pub role: Role,
    /// What they are called, 1 to 200 characters.
    pub name: Confidential,
    /// How they sign in and where messages go; unique among the practice's active staff.
    pub email: EmailAddress,
    /// Who reads and co-signs their notes, if someone must.
    pub supervisor: Option<StaffId>,
    /// When their access ended; `None` while they work here.
    pub ended_at: Option<DateTime<Utc>>,
    /// When they joined.
    pub created_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// A staff member as wanted.
#[derive(Debug, Clone)]
pub struct StaffDraft {
    /// What they are to the practice.
    pub role: Role,
    /// What they are called.
    pub name: Confidential,
    /// How they sign in.
    pub email: EmailAddress,
}

/// What of a staff member is to be different; `None` leaves it.
#[derive(Debug, Clone, Default)]
pub struct StaffChange {
    /// What they are to the practice.
    pub role: Option<Role>,
    /// What they are called.
    pub name: Option<Confidential>,
    /// How they sign in.
    pub email: Option<EmailAddress>,
}

/// Why a staff member can't be as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StaffError {
    /// The name is empty or too long.
    #[error("a name has 1 to 200 characters")]
    Name,
    /// Nobody would be left to run the practice.
    #[error("a practice keeps at least one owner; make someone else an owner first")]
    LastOwner,
    /// Nobody supervises themselves.
    #[error("nobody supervises themselves")]
    OwnSupervisor,
    /// The one chosen may not supervise.
    #[error("a supervisor holds the role of supervisor or owner and still works here")]
    NotASupervisor,
    /// Their access has ended.
    #[error("this staff member no longer works here")]
    Ended,
}

impl StaffMember {
    /// A new staff member, supervised by nobody yet.
    ///
    /// # Errors
    /// [`StaffError::Name`].
    pub fn new(id: StaffId, draft: StaffDraft, now: DateTime<Utc>) -> Result<Self, StaffError> {
        check_name(&draft.name)?;
        let StaffDraft { role, name, email } = draft;
        Ok(Self { id, role, name, email, supervisor: None, ended_at: None, created_at: now, version: 1 })
    }

    /// Whether they work here now.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        self.ended_at.is_none()
    }

    /// Whether they treat couples: owners do as well, many a practice is one person.
    #[must_use]
    pub fn may_treat(&self) -> bool {
        self.is_active() && matches!(self.role, Role::Counselor | Role::Owner)
    }

    /// Whether they may read and co-sign what others write.
    #[must_use]
    pub fn may_supervise(&self) -> bool {
        self.is_active() && matches!(self.role, Role::Supervisor | Role::Owner)
    }

    /// Changes name, address or role. `other_owners` is how many active owners there are besides this one.
    ///
    /// # Errors
    /// [`StaffError`], and then nothing has changed.
    pub fn change(&mut self, change: StaffChange, other_owners: usize) -> Result<(), StaffError> {
        self.check_active()?;
        change.name.as_ref().map_or(Ok(()), check_name)?;
        if change.role.is_some_and(|role| role != Role::Owner) {
            self.check_not_last_owner(other_owners)?;
        }
        self.role = change.role.unwrap_or(self.role);
        self.name = change.name.unwrap_or_else(|| self.name.clone());
        self.email = change.email.unwrap_or_else(|| self.email.clone());
        self.version += 1;
        Ok(())
    }

    /// Puts them under a supervisor, or under nobody.
    ///
    /// # Errors
    /// [`StaffError::OwnSupervisor`], [`StaffError::NotASupervisor`] or [`StaffError::Ended`].
    pub fn supervise(&mut self, supervisor: Option<&Self>) -> Result<(), StaffError> {
        self.check_active()?;
        if let Some(supervisor) = supervisor {
            if supervisor.id == self.id {
                return Err(StaffError::OwnSupervisor);
            }
            if !supervisor.may_supervise() {
                return Err(StaffError::NotASupervisor);
            }
        }
        self.supervisor = supervisor.map(|supervisor| supervisor.id);
        self.version += 1;
        Ok(())
    }

    /// Ends their access. What they wrote stays theirs.
    ///
    /// # Errors
    /// [`StaffError::LastOwner`] or [`StaffError::Ended`].
    pub fn end(&mut self, other_owners: usize, now: DateTime<Utc>) -> Result<(), StaffError> {
        self.check_active()?;
        self.check_not_last_owner(other_owners)?;
        self.ended_at = Some(now);
        self.version += 1;
        Ok(())
    }

    const fn check_active(&self) -> Result<(), StaffError> {
        if self.is_active() { Ok(()) } else { Err(StaffError::Ended) }
    }

    fn check_not_last_owner(&self, other_owners: usize) -> Result<(), StaffError> {
        let last = self.role == Role::Owner && other_owners == 0;
        if last { Err(StaffError::LastOwner) } else { Ok(()) }
    }
}

fn check_name(name: &Confidential) -> Result<(), StaffError> {
    let fits = !name.is_blank() && !name.longer_than(NAME_CHARACTERS);
    if fits { Ok(()) } else { Err(StaffError::Name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn member(id: u128, role: Role) -> StaffMember {
        let email = EmailAddress::parse("anna@example.org").unwrap();
        let draft = StaffDraft { role, name: Confidential::new("Anna"), email };
        StaffMember::new(StaffId(Uuid::from_u128(id)), draft, DateTime::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn the_last_owner_can_neither_leave_nor_lose_the_role() {
        let mut owner = member(1, Role::Owner);
        let demotion = StaffChange { role: Some(Role::Counselor), ..Default::default() };
        assert_eq!(owner.end(0, DateTime::UNIX_EPOCH), Err(StaffError::LastOwner));
        assert_eq!(owner.change(demotion.clone(), 0), Err(StaffError::LastOwner));
        assert_eq!(owner.version, 1);
        assert_eq!(owner.change(demotion, 1), Ok(()));
        assert_eq!((owner.role, owner.version), (Role::Counselor, 2));
    }

    #[test]
    fn a_supervisor_is_someone_else_who_may_supervise() {
        let mut counselor = member(1, Role::Counselor);
        let mut owner = member(1, Role::Owner);
        assert_eq!(owner.supervise(Some(&owner.clone())), Err(StaffError::OwnSupervisor));
        assert_eq!(counselor.supervise(Some(&member(2, Role::Counselor))), Err(StaffError::NotASupervisor));
        assert_eq!(counselor.supervise(Some(&member(2, Role::Supervisor))), Ok(()));
        assert_eq!(counselor.supervisor, Some(StaffId(Uuid::from_u128(2))));
        assert_eq!(counselor.supervise(None), Ok(()));
        assert_eq!(counselor.supervisor, None);
    }

    #[test]
    fn someone_who_left_changes_no_more_and_supervises_nobody() {
        let mut supervisor = member(1, Role::Supervisor);
        supervisor.end(0, DateTime::UNIX_EPOCH).unwrap();
        assert_eq!(supervisor.end(0, DateTime::UNIX_EPOCH), Err(StaffError::Ended));
        assert_eq!(supervisor.change(StaffChange::default(), 1), Err(StaffError::Ended));
        assert_eq!(member(2, Role::Counselor).supervise(Some(&supervisor)), Err(StaffError::NotASupervisor));
    }
}
