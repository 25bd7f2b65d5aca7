//! Who is in a couple, and since when: people leave and come back.

use chrono::{DateTime, NaiveDate, Utc};

use super::{Couple, CoupleError, Partner, PartnerDraft};
use crate::ids::{ClientId, PartnerId};

impl Couple {
    /// The partners of now: at most two.
    pub fn current_partners(&self) -> impl Iterator<Item = &Partner> {
        self.partners.iter().filter(|partner| partner.is_current())
    }

    /// The current membership of a client, if there is one.
    #[must_use]
    pub fn partner_of(&self, client: ClientId) -> Option<&Partner> {
        self.current_partners().find(|partner| partner.client == client)
    }

    /// A membership, current or over.
    #[must_use]
    pub fn partner(&self, id: PartnerId) -> Option<&Partner> {
        self.partners.iter().find(|partner| partner.id == id)
    }

    /// A current membership.
    ///
    /// # Errors
    /// [`CoupleError::NotAPartner`] if it is over or of another couple.
    pub fn current_partner(&self, id: PartnerId) -> Result<&Partner, CoupleError> {
        self.current_partners().find(|partner| partner.id == id).ok_or(CoupleError::NotAPartner)
    }

    /// Whether two memberships are of the same person, who left and came back.
    #[must_use]
    pub fn same_person(&self, one: PartnerId, other: PartnerId) -> bool {
        let client = |id| self.partner(id).map(|partner| partner.client);
        one == other || client(one).is_some_and(|found| client(other) == Some(found))
    }

    /// The membership that someone has now, or had last: whoever left and came back is one person.
    #[must_use]
    pub fn latest_membership(&self, id: PartnerId) -> PartnerId {
        let theirs = self.partners.iter().filter(|partner| self.same_person(partner.id, id));
        theirs.max_by_key(|partner| (partner.is_current(), partner.from)).map_or(id, |partner| partner.id)
    }

    /// Whether a reader may know of a membership: staff of all, a client of their own and of those who were there with them. `None`
    /// is staff.
    #[must_use]
    pub fn is_known_to(&self, client: Option<ClientId>, member: &Partner) -> bool {
        let Some(client) = client else { return true };
        let overlaps = |own: &Partner| {
            own.until.is_none_or(|until| member.from < until) && member.until.is_none_or(|until| own.from < until)
        };
        member.client == client || self.partners.iter().filter(|own| own.client == client).any(overlaps)
    }

    /// Takes in a partner.
    ///
    /// # Errors
    /// [`CoupleError`] for a third, for one who is already in it, or for a day that doesn't fit.
    pub fn join(&mut self, partner: PartnerDraft, now: DateTime<Utc>) -> Result<(), CoupleError> {
        self.check_takes_work()?;
        self.admit(partner, self.today(now))?;
        self.version += 1;
        Ok(())
    }

    /// Ends a membership from a day on, today or before.
    ///
    /// # Errors
    /// [`CoupleError`] if it is over already, or the day doesn't fit.
    pub fn leave(&mut self, id: PartnerId, on: NaiveDate, now: DateTime<Utc>) -> Result<(), CoupleError> {
        let today = self.today(now);
        let partner = self.partners.iter_mut().find(|partner| partner.id == id && partner.is_current());
        let partner = partner.ok_or(CoupleError::NotAPartner)?;
        if on > today {
            return Err(CoupleError::Future);
        }
        if on < partner.from {
            return Err(CoupleError::Order);
        }
        partner.until = Some(on);
        // What rested for whoever left goes on from now, whatever day it is that they are said to have left.
        self.resumed_at = Some(now);
        self.version += 1;
        Ok(())
    }

    pub(super) fn admit(&mut self, draft: PartnerDraft, today: NaiveDate) -> Result<(), CoupleError> {
        let from = draft.from.unwrap_or(today);
        if from > today {
            return Err(CoupleError::Future);
        }
        if self.partner_of(draft.client).is_some() {
            return Err(CoupleError::AlreadyPartner);
        }
        if self.current_partners().count() >= 2 {
            return Err(CoupleError::PartnerCount);
        }
        let overlaps = |earlier: &Partner| earlier.client == draft.client && earlier.until > Some(from);
        if self.partners.iter().any(overlaps) {
            return Err(CoupleError::Order);
        }
        self.partners.push(Partner { id: draft.id, client: draft.client, from, until: None });
        Ok(())
    }
}
