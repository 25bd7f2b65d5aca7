//! What a practice does, in numbers: for whoever runs it. Nothing here says anything of one couple.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::{couple::CoupleStatus, ids::StaffId, session::SessionStatus};

/// What was counted for one counselor, or for all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Couples by where their case stands now.
    pub couples: BTreeMap<CoupleStatus, i64>,
    /// Cases opened in the range.
    pub opened: i64,
    /// Cases closed in the range, and closed still.
    pub closed: i64,
    /// Sessions in the range by what became of them.
    pub sessions: BTreeMap<SessionStatus, i64>,
    /// Notes that are still unsigned after the given days.
    pub unsigned_notes: i64,
    /// Assignments given in the range.
    pub assignments_given: i64,
    /// Assignments that ended in the range because they were done.
    pub assignments_completed: i64,
    /// Entries submitted in the range.
    pub entries_submitted: i64,
    /// Entries that wait for review now.
    pub to_review: i64,
    /// Since when the oldest of them waits.
    pub oldest_to_review_at: Option<DateTime<Utc>>,
}

/// One number, of one counselor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// Couples of a status.
    Couples(CoupleStatus, i64),
    /// Cases opened.
    Opened(i64),
    /// Cases closed.
    Closed(i64),
    /// Sessions of a status.
    Sessions(SessionStatus, i64),
    /// Notes still unsigned.
    UnsignedNotes(i64),
    /// Assignments given.
    AssignmentsGiven(i64),
    /// Assignments done.
    AssignmentsCompleted(i64),
    /// Entries submitted.
    EntriesSubmitted(i64),
    /// Entries that wait for review, and since when the oldest does.
    ToReview(i64, Option<DateTime<Utc>>),
}

impl Tally {
    fn add(&mut self, count: Count) {
        match count {
            Count::Couples(status, n) => *self.couples.entry(status).or_default() += n,
            Count::Opened(n) => self.opened += n,
            Count::Closed(n) => self.closed += n,
            Count::Sessions(status, n) => *self.sessions.entry(status).or_default() += n,
            Count::UnsignedNotes(n) => self.unsigned_notes += n,
            Count::AssignmentsGiven(n) => self.assignments_given += n,
            Count::AssignmentsCompleted(n) => self.assignments_completed += n,
            Count::EntriesSubmitted(n) => self.entries_submitted += n,
            Count::ToReview(n, oldest) => {
                self.to_review += n;
                self.oldest_to_review_at = self.oldest_to_review_at.into_iter().chain(oldest).min();
            }
        }
    }
}

/// What the whole practice did, and each counselor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overview {
    /// Everybody together.
    pub practice: Tally,
    /// Each counselor of whom something was counted: a couple's numbers are its primary counselor's, a session's those of whoever
    /// held it, a note's its author's, an assignment's those of whoever gave it.
    pub counselors: BTreeMap<StaffId, Tally>,
}

impl FromIterator<(StaffId, Count)> for Overview {
    fn from_iter<I: IntoIterator<Item = (StaffId, Count)>>(counts: I) -> Self {
        let mut overview = Self::default();
        for (counselor, count) in counts {
            overview.practice.add(count);
            overview.counselors.entry(counselor).or_default().add(count);
        }
        overview
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::couple::tests::{id, noon};

    #[test]
    fn the_practice_is_the_sum_of_its_counselors() {
        let (early, late) = (noon("2026-03-01"), noon("2026-03-02"));
        let overview: Overview = [
            (id(7), Count::Couples(CoupleStatus::Active, 3)),
            (id(8), Count::Couples(CoupleStatus::Active, 2)),
            (id(7), Count::ToReview(1, Some(late))),
            (id(8), Count::ToReview(2, Some(early))),
        ]
        .into_iter()
        .collect();
        assert_eq!(overview.practice.couples[&CoupleStatus::Active], 5);
        assert_eq!((overview.practice.to_review, overview.practice.oldest_to_review_at), (3, Some(early)));
        assert_eq!(overview.counselors[&id(7)].oldest_to_review_at, Some(late));
    }
}
