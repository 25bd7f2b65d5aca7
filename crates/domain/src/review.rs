//! Reviews: a counselor has read an entry.

use chrono::{DateTime, Utc};

use crate::{
    confidential::{Confidential, TEXT_CHARACTERS, too_long},
    couple::Couple,
    entry::{Author, Entry},
    ids::{EntryId, PartnerId, ReviewId, StaffId},
    visibility::{Reader, may_read},
};

/// A counselor's reading of an entry. It is written once; a second look is a second review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Which one.
    pub id: ReviewId,
    /// Of which entry.
    pub entry: EntryId,
    /// The number of the answers that were read.
    pub entry_number: i32,
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: DateTime<Utc>,
    /// What the counselor says about it, up to 10,000 characters.
    pub feedback: Option<Confidential>,
    /// Whom the feedback is for: they read it, nobody else does. Empty without feedback.
    pub to: Vec<PartnerId>,
    /// Whether it is to be taken up in the next session.
    pub flagged_for_session: bool,
}

/// A review as wanted.
#[derive(Debug, Clone, Default)]
pub struct ReviewDraft {
    /// What the counselor says about it.
    pub feedback: Option<Confidential>,
    /// Whom the feedback is for; its author if absent.
    pub to: Option<Vec<PartnerId>>,
    /// Whether it is to be taken up in the next session.
    pub flagged_for_session: bool,
}

/// What a review is checked against.
#[derive(Debug, Clone, Copy)]
pub struct ReviewContext<'a> {
    /// The couple.
    pub couple: &'a Couple,
    /// Whether both have submitted for the entry's occurrence, see [`crate::visibility::both_submitted`].
    pub both_submitted: bool,
}

/// Why an entry can't be reviewed as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReviewError {
    /// A draft is its author's alone.
    #[error("only submitted entries are reviewed")]
    NotSubmitted,
    /// The feedback is too long, or empty.
    #[error("feedback has 1 to 10,000 characters")]
    Feedback,
    /// To someone else, or to nobody.
    #[error("feedback is for one or both of the current partners")]
    Recipients,
    /// It would tell the other what they can't read.
    #[error(
        "feedback is for those who can read the entry; what the policy lets you tell the other, tell them in a session"
    )]
    KeptFromTheOther,
}

impl Review {
    /// Records that a counselor has read an entry, and marks the entry.
    ///
    /// # Errors
    /// [`ReviewError`], and then the entry is as before.
    pub fn new(
        id: ReviewId,
        context: ReviewContext<'_>,
        entry: &mut Entry,
        draft: ReviewDraft,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<Self, ReviewError> {
        if !entry.is_submitted() {
            return Err(ReviewError::NotSubmitted);
        }
        let ReviewDraft { feedback, to, flagged_for_session } = draft;
        let empty = feedback.as_ref().is_some_and(Confidential::is_blank);
        if empty || too_long(feedback.as_ref(), TEXT_CHARACTERS) {
            return Err(ReviewError::Feedback);
        }
        let to = if feedback.is_some() { recipients(context, entry, to, now)? } else { Vec::new() };
        entry.mark_reviewed(now).map_err(|_| ReviewError::NotSubmitted)?;
        let entry_number = entry.number;
        Ok(Self { id, entry: entry.id, entry_number, by, at: now, feedback, to, flagged_for_session })
    }

    /// Whether the feedback is for a partner to read.
    #[must_use]
    pub fn is_for(&self, couple: &Couple, partner: PartnerId) -> bool {
        self.to.iter().any(|to| couple.same_person(*to, partner))
    }
}

fn recipients(
    context: ReviewContext<'_>,
    entry: &Entry,
    wanted: Option<Vec<PartnerId>>,
    now: DateTime<Utc>,
) -> Result<Vec<PartnerId>, ReviewError> {
    let ReviewContext { couple, both_submitted } = context;
    let to = wanted.unwrap_or_else(|| match entry.author {
        Author::Partner(author) => vec![author],
        Author::Together | Author::Counselor(_) => couple.current_partners().map(|partner| partner.id).collect(),
    });
    if to.is_empty() || to.iter().any(|partner| couple.current_partner(*partner).is_err()) {
        return Err(ReviewError::Recipients);
    }
    let (facts, today) = (entry.facts(), couple.today(now));
    let may_hear = |partner: &PartnerId| may_read(Reader::Partner(*partner), couple, &facts, both_submitted, today);
    if to.iter().all(may_hear) { Ok(to) } else { Err(ReviewError::KeptFromTheOther) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        assignment::tests::{assign, draft as assignment_draft},
        couple::tests::{id, lee_and_kim, noon, separated},
        entry::{EntryContext, EntryDraft},
        exercises::{History, Kind},
        recorded_by::RecordedBy,
        visibility::Visibility,
    };

    fn private_entry_of_lee() -> Entry {
        let (couple, kind) = (lee_and_kim(), Kind::DedicationRating);
        let assignment = assign(assignment_draft(kind.exercise())).unwrap();
        let context = EntryContext { couple: &couple, assignment: &assignment, breach: None };
        let draft = EntryDraft {
            author: Author::Partner(id(1)),
            recorded_by: RecordedBy::Partner(id(1)),
            recorded_on: None,
            difficulty: None,
            answers: kind.example(),
            referred: Vec::new(),
            form: None,
            for_counselor: None,
            visibility: None,
        };
        Entry::record(id(80), context, draft, noon("2026-03-04")).unwrap()
    }

    fn submitted() -> Entry {
        let mut entry = private_entry_of_lee();
        entry.submit(&lee_and_kim(), &History::default(), RecordedBy::Partner(id(1)), noon("2026-03-04")).unwrap();
        entry
    }

    fn review(couple: &Couple, entry: &mut Entry, to: Option<Vec<PartnerId>>) -> Result<Review, ReviewError> {
        let context = ReviewContext { couple, both_submitted: false };
        let draft = ReviewDraft { feedback: Some(Confidential::new("Well seen.")), to, flagged_for_session: true };
        Review::new(id(85), context, entry, draft, id(7), noon("2026-03-05"))
    }

    #[test]
    fn feedback_goes_to_the_author_unless_said_otherwise() {
        let (couple, mut entry) = (lee_and_kim(), submitted());
        let review = review(&couple, &mut entry, None).unwrap();
        assert!(review.is_for(&couple, id(1)) && !review.is_for(&couple, id(2)));
        assert_eq!((entry.reviewed_at, review.entry_number), (Some(noon("2026-03-05")), 1));
    }

    #[test]
    fn feedback_reaches_the_other_once_they_can_read_the_entry() {
        let couple = lee_and_kim();
        let to_kim = |entry: &mut Entry| review(&couple, entry, Some(vec![id(2)])).map(|_| ());
        let mut entry = submitted();
        assert_eq!((to_kim(&mut entry), entry.reviewed_at), (Err(ReviewError::KeptFromTheOther), None));
        let assignment = assign(assignment_draft(entry.exercise)).unwrap();
        entry
            .widen(&couple, &assignment, Visibility::Shared, RecordedBy::Partner(id(1)), false, noon("2026-03-05"))
            .unwrap();
        assert_eq!(to_kim(&mut entry), Ok(()));
    }

    #[test]
    fn after_a_separation_no_feedback_passes() {
        let mut entry = submitted();
        let refused = review(&separated("2026-03-05"), &mut entry, Some(vec![id(2)]));
        assert_eq!(refused, Err(ReviewError::KeptFromTheOther));
    }

    #[test]
    fn a_draft_is_not_reviewed() {
        let refused = review(&lee_and_kim(), &mut private_entry_of_lee(), None);
        assert_eq!(refused, Err(ReviewError::NotSubmitted));
    }

    #[test]
    fn feedback_is_for_partners_of_the_couple() {
        for to in [vec![], vec![id(9)]] {
            let refused = review(&lee_and_kim(), &mut submitted(), Some(to));
            assert_eq!(refused, Err(ReviewError::Recipients));
        }
    }
}
