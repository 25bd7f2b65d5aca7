//! Safety: violence between partners is common among couples in treatment, so each is screened alone, and joint work waits
//! until both are clear, and rests when one is not any more. For counselors only: nothing here may let the other partner infer it.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    confidential::{Confidential, TEXT_CHARACTERS, too_long},
    couple::{Couple, Partner},
    ids::{CoupleId, PartnerId, StaffId},
    vocabulary::word,
};

word! {
    /// What the last screening of a partner came to.
    SafetyStatus {
        /// Nobody has asked yet.
        NotScreened = "not_screened",
        /// Nothing stands against joint work.
        Clear = "clear",
        /// Something needs watching.
        Concern = "concern",
        /// No joint work.
        Stop = "stop",
    }
}

impl SafetyStatus {
    /// Whether it weighs more: not to know how safe somebody is weighs more than to know that they are, and less than to know of
    /// something.
    pub(crate) const fn is_worse_than(self, before: Self) -> bool {
        self.weight() > before.weight()
    }

    const fn weight(self) -> u8 {
        match self {
            Self::Clear => 0,
            Self::NotScreened => 1,
            Self::Concern => 2,
            Self::Stop => 3,
        }
    }
}

/// How safe one partner is, as far as the counselors know. One for each membership; earlier ones stay in the audit trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Safety {
    /// In which couple.
    pub couple: CoupleId,
    /// Whose.
    pub partner: PartnerId,
    /// What the screening came to.
    pub status: SafetyStatus,
    /// The day of the last screening.
    pub screened_on: Option<NaiveDate>,
    /// Who screened.
    pub screened_by: Option<StaffId>,
    /// What the counselor noted about it, up to 10,000 characters.
    pub note: Option<Confidential>,
    /// When the status last got worse; `None` if it never did. What a counselor had set the gate aside for before that is held again.
    pub worse_since: Option<DateTime<Utc>>,
    /// When the status last became clear; `None` if it never did, and in what was kept before this was.
    pub cleared_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// The outcome of a screening, as recorded.
#[derive(Debug, Clone)]
pub struct SafetyDraft {
    /// What it came to.
    pub status: SafetyStatus,
    /// The day of it; the day of the request if absent.
    pub screened_on: Option<NaiveDate>,
    /// What the counselor noted.
    pub note: Option<Confidential>,
}

/// Why a screening can't be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SafetyError {
    /// A day that has not come.
    #[error("a screening lies in the past")]
    Future,
    /// Someone else.
    #[error("partners of this couple are screened")]
    NotAPartner,
    /// The note is too long.
    #[error("a note on safety has up to 10,000 characters")]
    Note,
}

/// Whether joint work and the transparency exercise may go ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// Both partners are clear.
    Open,
    /// Somebody is not, or was not asked.
    Blocked,
}

impl Safety {
    /// What is known of a partner before the first screening.
    #[must_use]
    pub const fn not_screened(couple: CoupleId, partner: PartnerId) -> Self {
        let status = SafetyStatus::NotScreened;
        Self {
            couple,
            partner,
            status,
            screened_on: None,
            screened_by: None,
            note: None,
            worse_since: None,
            cleared_at: None,
            version: 1,
        }
    }

    /// Records a screening.
    ///
    /// # Errors
    /// [`SafetyError`], and then nothing has changed.
    pub fn screen(
        &mut self,
        couple: &Couple,
        draft: SafetyDraft,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<(), SafetyError> {
        let today = couple.today(now);
        let screened_on = draft.screened_on.unwrap_or(today);
        if couple.id != self.couple || couple.current_partner(self.partner).is_err() {
            return Err(SafetyError::NotAPartner);
        }
        if screened_on > today {
            return Err(SafetyError::Future);
        }
        if too_long(draft.note.as_ref(), TEXT_CHARACTERS) {
            return Err(SafetyError::Note);
        }
        let screened = draft.status != SafetyStatus::NotScreened;
        if draft.status.is_worse_than(self.status) {
            self.worse_since = Some(now);
        }
        if draft.status == SafetyStatus::Clear && self.status != SafetyStatus::Clear {
            self.cleared_at = Some(now);
        }
        self.status = draft.status;
        self.screened_on = screened.then_some(screened_on);
        self.screened_by = screened.then_some(by);
        self.note = draft.note;
        self.version += 1;
        Ok(())
    }
}

/// Whether joint work may go ahead: every current partner is clear. Who has no record was not screened.
pub fn gate<'a>(current: impl IntoIterator<Item = &'a Partner>, known: &[Safety]) -> Gate {
    let mut current = current.into_iter().peekable();
    let all_clear = current.peek().is_some() && current.all(|partner| is_clear(partner, known));
    if all_clear { Gate::Open } else { Gate::Blocked }
}

/// The partners who are not clear.
pub fn not_clear<'a>(
    current: impl IntoIterator<Item = &'a Partner>,
    known: &[Safety],
) -> impl Iterator<Item = PartnerId> {
    current.into_iter().filter(|partner| !is_clear(partner, known)).map(|partner| partner.id)
}

fn is_clear(partner: &Partner, known: &[Safety]) -> bool {
    known.iter().any(|safety| safety.partner == partner.id && safety.status == SafetyStatus::Clear)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::couple::tests::{day, id, lee_and_kim, noon};

    fn screened(partner: u128, status: SafetyStatus) -> Safety {
        let mut safety = Safety::not_screened(id(50), id(partner));
        let draft = SafetyDraft { status, screened_on: Some(day("2026-02-01")), note: None };
        safety.screen(&lee_and_kim(), draft, id(7), noon("2026-02-02")).unwrap();
        safety
    }

    #[test]
    fn the_gate_opens_only_when_every_partner_is_clear() {
        let couple = lee_and_kim();
        let passes = |known: &[Safety]| gate(couple.current_partners(), known);
        let clear = |partner| screened(partner, SafetyStatus::Clear);
        assert_eq!(passes(&[]), Gate::Blocked);
        assert_eq!(passes(&[clear(1)]), Gate::Blocked);
        assert_eq!(passes(&[clear(1), clear(2)]), Gate::Open);
        for status in [SafetyStatus::NotScreened, SafetyStatus::Concern, SafetyStatus::Stop] {
            assert_eq!(passes(&[clear(1), screened(2, status)]), Gate::Blocked, "{status}");
        }
        assert_eq!(gate([], &[clear(1)]), Gate::Blocked, "nobody is not everybody");
    }

    #[test]
    fn a_status_gets_worse_at_an_instant() {
        use SafetyStatus::{Clear, Concern, NotScreened, Stop};
        let mut safety = Safety::not_screened(id(50), id(1));
        let mut worse_since = |status, on| {
            let draft = SafetyDraft { status, screened_on: None, note: None };
            safety.screen(&lee_and_kim(), draft, id(7), noon(on)).unwrap();
            safety.worse_since
        };
        let since = |on| Some(noon(on));
        assert_eq!(worse_since(Clear, "2026-02-01"), None);
        assert_eq!(worse_since(NotScreened, "2026-02-02"), since("2026-02-02"), "nothing is known any more");
        assert_eq!(worse_since(Concern, "2026-02-03"), since("2026-02-03"));
        assert_eq!(worse_since(Concern, "2026-02-04"), since("2026-02-03"), "it stayed as it was");
        assert_eq!(worse_since(Stop, "2026-02-05"), since("2026-02-05"));
        assert_eq!(worse_since(Clear, "2026-02-06"), since("2026-02-05"));
        assert_eq!(worse_since(Concern, "2026-02-07"), since("2026-02-07"), "it came back");
    }

    #[test]
    fn a_status_becomes_clear_at_an_instant() {
        let mut safety = Safety::not_screened(id(50), id(1));
        let mut cleared_at = |status, on| {
            let draft = SafetyDraft { status, screened_on: None, note: None };
            safety.screen(&lee_and_kim(), draft, id(7), noon(on)).unwrap();
            safety.cleared_at
        };
        assert_eq!(cleared_at(SafetyStatus::Concern, "2026-02-01"), None);
        assert_eq!(cleared_at(SafetyStatus::Clear, "2026-02-02"), Some(noon("2026-02-02")));
        assert_eq!(cleared_at(SafetyStatus::Clear, "2026-02-03"), Some(noon("2026-02-02")), "it stayed clear");
        assert_eq!(cleared_at(SafetyStatus::Stop, "2026-02-04"), Some(noon("2026-02-02")));
        assert_eq!(cleared_at(SafetyStatus::Clear, "2026-02-05"), Some(noon("2026-02-05")));
    }

    #[test]
    fn a_screening_has_a_day_and_a_screener() {
        let safety = screened(1, SafetyStatus::Concern);
        assert_eq!((safety.screened_on, safety.screened_by), (Some(day("2026-02-01")), Some(id(7))));
        let mut unknown = screened(1, SafetyStatus::NotScreened);
        assert_eq!((unknown.screened_on, unknown.screened_by), (None, None));
        let future = SafetyDraft { status: SafetyStatus::Clear, screened_on: Some(day("2026-02-03")), note: None };
        let refused = unknown.screen(&lee_and_kim(), future, id(7), noon("2026-02-02"));
        assert_eq!((refused, unknown.version), (Err(SafetyError::Future), 2));
    }
}
