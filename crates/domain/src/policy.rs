//! The confidentiality policy of a couple: what a counselor may do with what one partner says alone.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    confidential::{Confidential, TEXT_CHARACTERS, too_long},
    couple::{Couple, Partner},
    ids::{CoupleId, PartnerId, PolicyId},
    recorded_by::RecordedBy,
    vocabulary::word,
};

word! {
    /// What the counselor may do with what one partner says alone.
    PolicyKind {
        /// Use it with the other, by judgment.
        NoSecrets = "no_secrets",
        /// Use it with the other only with that partner's written permission.
        LimitedSecrets = "limited_secrets",
        /// Keep it: each partner's confidence is their own.
        Individual = "individual",
    }
}

/// A partner's word that they know the policy and agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acknowledgement {
    /// Whose.
    pub partner: PartnerId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who recorded it: the partner, or a staff member who holds the signed paper.
    pub recorded_by: RecordedBy,
}

/// One version of a couple's confidentiality policy. Versions are never changed, only followed by another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfidentialityPolicy {
    /// Which one.
    pub id: PolicyId,
    /// Whose.
    pub couple: CoupleId,
    /// Its number within the couple: 1, 2, …
    pub number: i32,
    /// What the counselor may do.
    pub kind: PolicyKind,
    /// The first day on which it holds.
    pub in_force_from: NaiveDate,
    /// Its wording, if the practice has one of its own, up to 10,000 characters.
    pub text: Option<Confidential>,
    /// Who has acknowledged it, each partner once.
    pub acknowledgements: Vec<Acknowledgement>,
    /// When it was recorded.
    pub created_at: DateTime<Utc>,
    /// Counts the changes, from 1: each acknowledgement is one.
    pub version: i64,
}

/// A policy as wanted.
#[derive(Debug, Clone)]
pub struct PolicyDraft {
    /// What the counselor may do.
    pub kind: PolicyKind,
    /// The first day on which it holds; the day of the request if absent.
    pub in_force_from: Option<NaiveDate>,
    /// Its wording.
    pub text: Option<Confidential>,
}

/// Why a policy can't be put in force or acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// It would rewrite the past.
    #[error("a policy holds from today on or later, and not before the one it follows")]
    Retroactive,
    /// Its wording is too long.
    #[error("the wording of a policy has up to 10,000 characters")]
    Text,
    /// Acknowledged for someone else.
    #[error("a policy is acknowledged by each current partner for themselves")]
    NotAPartner,
    /// Acknowledged already.
    #[error("this partner has acknowledged this policy already")]
    AlreadyAcknowledged,
}

impl ConfidentialityPolicy {
    /// The next version of a couple's policy. `previous` is the one with the highest number.
    ///
    /// # Errors
    /// [`PolicyError::Retroactive`] or [`PolicyError::Text`].
    pub fn new(
        id: PolicyId,
        couple: &Couple,
        previous: Option<&Self>,
        draft: PolicyDraft,
        now: DateTime<Utc>,
    ) -> Result<Self, PolicyError> {
        let today = couple.today(now);
        let in_force_from = draft.in_force_from.unwrap_or(today);
        let follows = previous.is_none_or(|previous| in_force_from >= previous.in_force_from);
        if in_force_from < today || !follows {
            return Err(PolicyError::Retroactive);
        }
        if too_long(draft.text.as_ref(), TEXT_CHARACTERS) {
            return Err(PolicyError::Text);
        }
        Ok(Self {
            id,
            couple: couple.id,
            number: previous.map_or(1, |previous| previous.number + 1),
            kind: draft.kind,
            in_force_from,
            text: draft.text,
            acknowledgements: Vec::new(),
            created_at: now,
            version: 1,
        })
    }

    /// Records a partner's acknowledgement.
    ///
    /// # Errors
    /// [`PolicyError::NotAPartner`] or [`PolicyError::AlreadyAcknowledged`].
    pub fn acknowledge(
        &mut self,
        couple: &Couple,
        partner: PartnerId,
        recorded_by: RecordedBy,
        now: DateTime<Utc>,
    ) -> Result<(), PolicyError> {
        let current = couple.current_partner(partner).is_ok();
        if !current || !recorded_by.may_write_for(partner) || couple.id != self.couple {
            return Err(PolicyError::NotAPartner);
        }
        if self.acknowledged_by(partner) {
            return Err(PolicyError::AlreadyAcknowledged);
        }
        self.acknowledgements.push(Acknowledgement { partner, at: now, recorded_by });
        self.version += 1;
        Ok(())
    }

    /// Whether a partner has acknowledged it.
    #[must_use]
    pub fn acknowledged_by(&self, partner: PartnerId) -> bool {
        self.acknowledgements.iter().any(|given| given.partner == partner)
    }

    /// Whether every one of these partners has. Nobody is not everybody: without partners the answer is no.
    pub fn acknowledged_by_all<'a>(&self, partners: impl IntoIterator<Item = &'a Partner>) -> bool {
        let mut partners = partners.into_iter().peekable();
        partners.peek().is_some() && partners.all(|partner| self.acknowledged_by(partner.id))
    }
}

/// The policy that holds on a day: the highest number among those in force.
#[must_use]
pub fn in_force(policies: &[ConfidentialityPolicy], on: NaiveDate) -> Option<&ConfidentialityPolicy> {
    policies.iter().filter(|policy| policy.in_force_from <= on).max_by_key(|policy| policy.number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::couple::tests::{day, id, lee_and_kim, noon};

    fn draft(kind: PolicyKind, from: &str) -> PolicyDraft {
        PolicyDraft { kind, in_force_from: Some(day(from)), text: None }
    }

    fn first() -> ConfidentialityPolicy {
        let draft = draft(PolicyKind::NoSecrets, "2026-02-01");
        ConfidentialityPolicy::new(id(60), &lee_and_kim(), None, draft, noon("2026-02-01")).unwrap()
    }

    #[test]
    fn a_change_is_a_new_version_that_rewrites_no_past() {
        let (couple, first) = (lee_and_kim(), first());
        let next = |from| {
            let draft = draft(PolicyKind::Individual, from);
            ConfidentialityPolicy::new(id(61), &couple, Some(&first), draft, noon("2026-03-01"))
        };
        assert_eq!(next("2026-02-28"), Err(PolicyError::Retroactive));
        let second = next("2026-03-10").unwrap();
        assert_eq!((second.number, second.acknowledgements.len()), (2, 0));
        let policies = [first, second];
        let kind = |on| in_force(&policies, day(on)).map(|policy| policy.kind);
        assert_eq!(kind("2026-01-31"), None);
        assert_eq!(kind("2026-03-09"), Some(PolicyKind::NoSecrets));
        assert_eq!(kind("2026-03-10"), Some(PolicyKind::Individual));
    }

    #[test]
    fn each_partner_acknowledges_for_themselves_and_once() {
        let (couple, mut policy) = (lee_and_kim(), first());
        let by = |partner| RecordedBy::Partner(id(partner));
        let all = |policy: &ConfidentialityPolicy| policy.acknowledged_by_all(couple.current_partners());
        let in_other_name = policy.acknowledge(&couple, id(1), by(2), noon("2026-02-02"));
        assert_eq!(in_other_name, Err(PolicyError::NotAPartner));
        policy.acknowledge(&couple, id(1), by(1), noon("2026-02-02")).unwrap();
        assert!(!all(&policy));
        let again = policy.acknowledge(&couple, id(1), by(1), noon("2026-02-03"));
        assert_eq!(again, Err(PolicyError::AlreadyAcknowledged));
        policy.acknowledge(&couple, id(2), RecordedBy::Staff(id(7)), noon("2026-02-03")).unwrap();
        assert!(all(&policy));
        assert_eq!(policy.version, 3);
    }

    #[test]
    fn without_partners_nobody_has_acknowledged() {
        assert!(!first().acknowledged_by_all([]));
    }
}
