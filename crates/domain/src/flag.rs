//! Flags: what a review wants taken up in a session. A flag stands until a counselor says that it was taken up: that a session
//! was held does not mean that there was time for it.

use chrono::{DateTime, Utc};

use crate::{
    ids::{CoupleId, EntryId, ReviewId, SessionId, StaffId},
    review::Review,
    session::{Session, SessionStatus},
};

/// A reviewed entry that is to be taken up in a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// The review that set it; each sets one at most.
    pub review: ReviewId,
    /// The entry it is about.
    pub entry: EntryId,
    /// Of which couple.
    pub couple: CoupleId,
    /// Who set it.
    pub flagged_by: StaffId,
    /// When.
    pub flagged_at: DateTime<Utc>,
    /// That it was taken up, if it was.
    pub taken_up: Option<TakenUp>,
}

/// That a flag was taken up: it is done with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenUp {
    /// Who says so.
    pub by: StaffId,
    /// When they said so.
    pub at: DateTime<Utc>,
    /// In which session, if they say.
    pub session: Option<SessionId>,
}

/// Why a flag can't be taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FlagError {
    /// It is done with.
    #[error("this flag was taken up already")]
    AlreadyTakenUp,
    /// Another couple's session, or one that was not held.
    #[error("a flag is taken up in a session of its couple that was held; leave the session out if it was not in one")]
    Session,
}

impl Flag {
    /// The flag that a review of a couple's entry sets, if it sets one.
    #[must_use]
    pub fn of(review: &Review, couple: CoupleId) -> Option<Self> {
        let Review { id, entry, by, at, .. } = *review;
        let flag = Self { review: id, entry, couple, flagged_by: by, flagged_at: at, taken_up: None };
        review.flagged_for_session.then_some(flag)
    }

    /// Takes it up, perhaps in a session.
    ///
    /// # Errors
    /// [`FlagError`], and then nothing has changed.
    pub fn take_up(&mut self, session: Option<&Session>, by: StaffId, now: DateTime<Utc>) -> Result<(), FlagError> {
        if self.taken_up.is_some() {
            return Err(FlagError::AlreadyTakenUp);
        }
        let fits = |session: &Session| session.couple == self.couple && session.status == SessionStatus::Held;
        if !session.is_none_or(fits) {
            return Err(FlagError::Session);
        }
        self.taken_up = Some(TakenUp { by, at: now, session: session.map(|session| session.id) });
        Ok(())
    }

    /// Counts its changes, from 1: it is set, and it is taken up.
    #[must_use]
    pub const fn version(&self) -> i64 {
        if self.taken_up.is_some() { 2 } else { 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        couple::tests::{id, noon},
        session::{
            SessionKind,
            tests::{held, session},
        },
    };

    fn flag() -> Flag {
        let review = Review {
            id: id(85),
            entry: id(80),
            entry_number: 1,
            by: id(7),
            at: noon("2026-03-05"),
            feedback: None,
            to: Vec::new(),
            flagged_for_session: true,
        };
        Flag::of(&review, id(50)).unwrap()
    }

    #[test]
    fn a_flag_stands_until_it_is_taken_up_once() {
        let mut flag = flag();
        flag.take_up(None, id(7), noon("2026-03-09")).unwrap();
        assert_eq!(flag.taken_up, Some(TakenUp { by: id(7), at: noon("2026-03-09"), session: None }));
        assert_eq!(flag.take_up(None, id(8), noon("2026-03-10")), Err(FlagError::AlreadyTakenUp));
    }

    #[test]
    fn it_is_taken_up_in_a_session_of_its_couple_that_was_held() {
        let scheduled = session(SessionKind::Joint);
        assert_eq!(flag().take_up(Some(&scheduled), id(7), noon("2026-03-11")), Err(FlagError::Session));
        let mut held = held(SessionKind::Joint, &[]).unwrap();
        assert_eq!(flag().take_up(Some(&held), id(7), noon("2026-03-11")), Ok(()));
        held.couple = id(51);
        assert_eq!(flag().take_up(Some(&held), id(7), noon("2026-03-11")), Err(FlagError::Session));
    }
}
