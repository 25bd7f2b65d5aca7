//! Breaches: the events that broke the trust.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    confidential::{Confidential, TEXT_CHARACTERS, too_long},
    couple::Couple,
    ids::{BreachId, CoupleId, PartnerId},
    vocabulary::word,
};

word! {
    /// What kind of event broke the trust.
    BreachKind {
        /// A romantic or sexual relation outside the agreement.
        Infidelity = "infidelity",
        /// Lies.
        Dishonesty = "dishonesty",
        /// Not talking.
        LackOfCommunication = "lack_of_communication",
        /// Not being there for the other's feelings.
        EmotionalNeglect = "emotional_neglect",
        /// Turning away.
        Withdrawal = "withdrawal",
        /// Promises not kept.
        BrokenPromises = "broken_promises",
        /// Things kept hidden.
        Secrecy = "secrecy",
        /// Something else.
        Other = "other",
    }
}

word! {
    /// How a breach came to light.
    CameToLight {
        /// The hurt partner found out.
        Discovered = "discovered",
        /// The other told.
        Disclosed = "disclosed",
        /// It is not known how.
        Unknown = "unknown",
    }
}

word! {
    /// What a partner was in a breach. It is per event, because hurt often runs both ways.
    BreachRole {
        /// Did it.
        Caused = "caused",
        /// Was hurt by it.
        Hurt = "hurt",
        /// Both.
        Mutual = "mutual",
    }
}

/// A partner's role in a breach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleInBreach {
    /// Whose.
    pub partner: PartnerId,
    /// Which.
    pub role: BreachRole,
}

/// An event that broke the trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breach {
    /// Which one.
    pub id: BreachId,
    /// Whose.
    pub couple: CoupleId,
    /// What kind of event it was.
    pub kind: BreachKind,
    /// The day it happened or began, if known.
    pub happened_on: Option<NaiveDate>,
    /// How it came to light.
    pub came_to_light: CameToLight,
    /// The day it came to light, if known.
    pub came_to_light_on: Option<NaiveDate>,
    /// Whether it goes on.
    pub ongoing: bool,
    /// What happened, for the counselors, up to 10,000 characters.
    pub description: Option<Confidential>,
    /// What each partner was in it; a partner without a role is not in the list.
    pub roles: Vec<RoleInBreach>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// A breach as wanted; also what replaces a recorded one.
#[derive(Debug, Clone)]
pub struct BreachDraft {
    /// What kind of event it was.
    pub kind: BreachKind,
    /// The day it happened or began.
    pub happened_on: Option<NaiveDate>,
    /// How it came to light.
    pub came_to_light: CameToLight,
    /// The day it came to light.
    pub came_to_light_on: Option<NaiveDate>,
    /// Whether it goes on.
    pub ongoing: bool,
    /// What happened.
    pub description: Option<Confidential>,
    /// What each partner was in it.
    pub roles: Vec<RoleInBreach>,
}

/// Why a breach can't be recorded as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BreachError {
    /// A day that has not come.
    #[error("a breach lies in the past")]
    Future,
    /// Known before it happened.
    #[error("a breach comes to light on the day it happened or later")]
    Order,
    /// A role for someone else.
    #[error("roles are for partners of this couple")]
    NotAPartner,
    /// Two roles for one partner.
    #[error("a partner has one role in a breach; choose mutual if it is both")]
    TwoRoles,
    /// The description is too long.
    #[error("a description has up to 10,000 characters")]
    Description,
}

impl Breach {
    /// Records a breach.
    ///
    /// # Errors
    /// [`BreachError`] for days that don't fit, roles of others, or a description too long.
    pub fn new(id: BreachId, couple: &Couple, draft: BreachDraft, now: DateTime<Utc>) -> Result<Self, BreachError> {
        let draft = draft.checked(couple, now)?;
        Ok(Self {
            id,
            couple: couple.id,
            kind: draft.kind,
            happened_on: draft.happened_on,
            came_to_light: draft.came_to_light,
            came_to_light_on: draft.came_to_light_on,
            ongoing: draft.ongoing,
            description: draft.description,
            roles: draft.roles,
            created_at: now,
            version: 1,
        })
    }

    /// Replaces what is recorded.
    ///
    /// # Errors
    /// [`BreachError`], and then nothing has changed.
    pub fn change(&mut self, couple: &Couple, draft: BreachDraft, now: DateTime<Utc>) -> Result<(), BreachError> {
        let changed = Self::new(self.id, couple, draft, now)?;
        *self = Self { created_at: self.created_at, version: self.version + 1, ..changed };
        Ok(())
    }

    /// What a partner was in it, also under a later membership of the same person.
    #[must_use]
    pub fn role_of(&self, couple: &Couple, partner: PartnerId) -> Option<BreachRole> {
        self.roles.iter().find(|role| couple.same_person(role.partner, partner)).map(|role| role.role)
    }
}

impl BreachDraft {
    fn checked(self, couple: &Couple, now: DateTime<Utc>) -> Result<Self, BreachError> {
        let today = Some(couple.today(now));
        if self.happened_on > today || self.came_to_light_on > today {
            return Err(BreachError::Future);
        }
        if self.came_to_light_on.is_some() && self.happened_on > self.came_to_light_on {
            return Err(BreachError::Order);
        }
        if self.roles.iter().any(|role| couple.partner(role.partner).is_none()) {
            return Err(BreachError::NotAPartner);
        }
        let twice = |(index, role): (usize, &RoleInBreach)| {
            self.roles.iter().take(index).any(|earlier| couple.same_person(earlier.partner, role.partner))
        };
        if self.roles.iter().enumerate().any(twice) {
            return Err(BreachError::TwoRoles);
        }
        if too_long(self.description.as_ref(), TEXT_CHARACTERS) {
            return Err(BreachError::Description);
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::couple::{
        PartnerDraft,
        tests::{day, id, lee_and_kim, noon},
    };

    fn draft() -> BreachDraft {
        BreachDraft {
            kind: BreachKind::Dishonesty,
            happened_on: Some(day("2026-01-10")),
            came_to_light: CameToLight::Discovered,
            came_to_light_on: Some(day("2026-01-20")),
            ongoing: false,
            description: None,
            roles: vec![RoleInBreach { partner: id(1), role: BreachRole::Mutual }],
        }
    }

    fn record(draft: BreachDraft) -> Result<Breach, BreachError> {
        Breach::new(id(90), &lee_and_kim(), draft, noon("2026-02-01"))
    }

    #[test]
    fn a_breach_lies_in_the_past_and_is_known_after_it_happened() {
        assert!(record(draft()).is_ok());
        let future = BreachDraft { came_to_light_on: Some(day("2026-02-02")), ..draft() };
        assert_eq!(record(future), Err(BreachError::Future));
        let early = BreachDraft { came_to_light_on: Some(day("2026-01-09")), ..draft() };
        assert_eq!(record(early), Err(BreachError::Order));
        let unknown_day = BreachDraft { came_to_light_on: None, ..draft() };
        assert!(record(unknown_day).is_ok());
    }

    #[test]
    fn each_partner_has_one_role() {
        let role = |partner, role| RoleInBreach { partner: id(partner), role };
        let roles = |roles| record(BreachDraft { roles, ..draft() }).map(|_| ());
        let twice = vec![role(1, BreachRole::Caused), role(1, BreachRole::Hurt)];
        assert_eq!(roles(twice), Err(BreachError::TwoRoles));
        assert_eq!(roles(vec![role(9, BreachRole::Hurt)]), Err(BreachError::NotAPartner));
        assert_eq!(roles(vec![role(1, BreachRole::Caused), role(2, BreachRole::Hurt)]), Ok(()));
    }

    #[test]
    fn a_role_stays_with_the_person_who_comes_back() {
        let mut couple = lee_and_kim();
        couple.leave(id(1), day("2026-02-01"), noon("2026-02-01")).unwrap();
        couple.join(PartnerDraft { id: id(3), client: id(101), from: None }, noon("2026-02-02")).unwrap();
        assert_eq!(record(draft()).unwrap().role_of(&couple, id(3)), Some(BreachRole::Mutual));
    }

    #[test]
    fn a_change_keeps_when_it_was_recorded() {
        let mut breach = record(draft()).unwrap();
        let ongoing = BreachDraft { ongoing: true, ..draft() };
        breach.change(&lee_and_kim(), ongoing, noon("2026-03-01")).unwrap();
        assert_eq!((breach.ongoing, breach.version, breach.created_at), (true, 2, noon("2026-02-01")));
    }
}
