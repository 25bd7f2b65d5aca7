//! Reviews: a counselor has read an entry.

use chrono::{DateTime, Utc};

use crate::{
    confidential::{Confidential, TEXT_CHARACTERS, too_long},
    couple::Couple,
    entry::{Author, Entry},
    ids::{EntryId, PartnerId, ReviewId, StaffId},
    policy::PolicyKind,
    visibility::{Reader, may_read, may_use_with_the_other},
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
    /// The policy in force.
    pub policy: Option<PolicyKind>,
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
    #[error("the other partner can't read this entry, and the confidentiality policy keeps feedback on it from them")]
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
    let ReviewContext { couple, policy, both_submitted } = context;
    let to = wanted.unwrap_or_else(|| match entry.author {
        Author::Partner(author) => vec![author],
        Author::Together | Author::Counselor(_) => couple.current_partners().map(|partner| partner.id).collect(),
    });
    if to.is_empty() || to.iter().any(|partner| couple.current_partner(*partner).is_err()) {
        return Err(ReviewError::Recipients);
    }
    let (facts, today) = (entry.facts(), couple.today(now));
    let permitted = entry.permission_given_at.is_some();
    let may_hear = |partner: &PartnerId| {
        let readable = may_read(Reader::Partner(*partner), couple, &facts, both_submitted, today);
        readable || (couple.shares_on(today) && may_use_with_the_other(policy, readable, permitted))
    };
    if to.iter().all(may_hear) { Ok(to) } else { Err(ReviewError::KeptFromTheOther) }
}
