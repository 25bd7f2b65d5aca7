//! The caseload: each couple at a glance, for the counselors who treat them.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    assignment::Assignment,
    couple::Couple,
    entry::Author,
    ids::PartnerId,
    policy::{ConfidentialityPolicy, in_force},
    program::FoundRun,
    safety::{Gate, Safety, gate},
};

/// What was found about a couple, as of now.
#[derive(Debug, Clone, Default)]
pub struct CaseFacts {
    /// When the next session begins that is to come.
    pub next_session_at: Option<DateTime<Utc>>,
    /// When the last session began that was held.
    pub last_session_at: Option<DateTime<Utc>>,
    /// What waits for review.
    pub to_review: Backlog,
    /// Assignments that have not ended.
    pub assignments: Vec<Assignment>,
    /// Runs of programs that are not over.
    pub runs: Vec<FoundRun>,
    /// How many flags stand.
    pub open_flags: i64,
    /// When each author last submitted an entry.
    pub submitted: Vec<(Author, DateTime<Utc>)>,
    /// Every version of the policy.
    pub policies: Vec<ConfidentialityPolicy>,
    /// What is known of the partners' safety.
    pub safety: Vec<Safety>,
}

/// Entries that wait for review.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Backlog {
    /// How many.
    pub count: i64,
    /// Since when the oldest of them waits.
    pub oldest_at: Option<DateTime<Utc>>,
}

/// A couple at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseSummary {
    /// The couple.
    pub couple: Couple,
    /// When the next session begins that is to come.
    pub next_session_at: Option<DateTime<Utc>>,
    /// When the last session began that was held.
    pub last_session_at: Option<DateTime<Utc>>,
    /// What waits for review.
    pub to_review: Backlog,
    /// How much work is overdue: each assignment counts once for each partner who is late. What rests is not.
    pub overdue: usize,
    /// How many assignments the safety gate holds.
    pub held: usize,
    /// How many steps of programs wait for a counselor's word, or are held.
    pub waiting_steps: usize,
    /// How many flags stand.
    pub open_flags: i64,
    /// The day on which each current partner last submitted an entry, alone or with the other.
    pub last_activity: Vec<(PartnerId, Option<NaiveDate>)>,
    /// Whether every current partner has acknowledged the policy in force.
    pub policy_acknowledged: bool,
    /// Whether joint work may go ahead.
    pub gate: Gate,
}

impl CaseSummary {
    /// The couple at a glance, as of an instant.
    #[must_use]
    pub fn of(couple: Couple, facts: &CaseFacts, now: DateTime<Utc>) -> Self {
        let today = couple.today(now);
        let is_held = |assignment: &&Assignment| !assignment.held_for(&couple, &facts.safety).is_empty();
        let late = |assignment: &Assignment| {
            let overdue = |partner| assignment.overdue_for(partner, &couple, &facts.safety, today);
            assignment.participants().into_iter().filter_map(overdue).count()
        };
        let waiting = |found: &FoundRun| found.waiting(&couple, &facts.safety, today).len();
        let policy = in_force(&facts.policies, today);
        let last_activity = couple.current_partners().map(|partner| (partner.id, last_day(&couple, facts, partner.id)));
        Self {
            next_session_at: facts.next_session_at,
            last_session_at: facts.last_session_at,
            to_review: facts.to_review,
            overdue: facts.assignments.iter().map(late).sum(),
            held: facts.assignments.iter().filter(is_held).count(),
            waiting_steps: facts.runs.iter().map(waiting).sum(),
            open_flags: facts.open_flags,
            last_activity: last_activity.collect(),
            policy_acknowledged: policy.is_some_and(|policy| policy.acknowledged_by_all(couple.current_partners())),
            gate: gate(couple.current_partners(), &facts.safety),
            couple,
        }
    }
}

fn last_day(couple: &Couple, facts: &CaseFacts, partner: PartnerId) -> Option<NaiveDate> {
    let theirs = facts.submitted.iter().filter(|(author, _)| author.includes(partner, couple));
    theirs.map(|(_, at)| couple.today(*at)).max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        assignment::{
            AssignmentDraft,
            tests::{acknowledged_policy, assign, draft},
        },
        couple::tests::{day, id, lee_and_kim, noon},
        exercises::Slug,
    };

    #[test]
    fn a_couple_of_which_nothing_is_known_is_not_cleared() {
        let summary = CaseSummary::of(lee_and_kim(), &CaseFacts::default(), noon("2026-03-10"));
        assert_eq!((summary.policy_acknowledged, summary.gate, summary.overdue), (false, Gate::Blocked, 0));
        assert_eq!(summary.last_activity, [(id(1), None), (id(2), None)]);
    }

    #[test]
    fn what_the_gate_holds_is_counted_and_is_not_overdue() {
        let due = AssignmentDraft { due_on: Some(day("2026-03-09")), ..draft(Slug::SharedRituals) };
        let assignments = vec![assign(due).unwrap(), assign(draft(Slug::Apology)).unwrap()];
        let facts = CaseFacts { assignments, ..CaseFacts::default() };
        let summary = CaseSummary::of(lee_and_kim(), &facts, noon("2026-03-10"));
        assert_eq!((summary.held, summary.overdue), (1, 0), "nobody was screened");
    }

    #[test]
    fn work_is_overdue_for_each_who_is_late_and_activity_is_each_ones_own() {
        let due = AssignmentDraft { due_on: Some(day("2026-03-09")), ..draft(Slug::Apology) };
        let facts = CaseFacts {
            assignments: vec![assign(due).unwrap()],
            submitted: vec![
                (Author::Partner(id(1)), noon("2026-03-08")),
                (Author::Together, noon("2026-03-05")),
                (Author::Counselor(id(7)), noon("2026-03-09")),
            ],
            policies: vec![acknowledged_policy(&lee_and_kim())],
            ..CaseFacts::default()
        };
        let summary = CaseSummary::of(lee_and_kim(), &facts, noon("2026-03-10"));
        assert_eq!((summary.overdue, summary.held, summary.policy_acknowledged), (2, 0, true));
        assert_eq!(summary.last_activity, [(id(1), Some(day("2026-03-08"))), (id(2), Some(day("2026-03-05")))]);
    }
}
