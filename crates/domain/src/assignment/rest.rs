//! When an assignment rests: its counselor paused it, or the safety gate holds it.
//!
//! Joint work, and openness in any mode, waits for safety not only when it is given but for as long as it goes on. While a current
//! partner is not clear, [`waits_for_safety`] work is *held*: nothing is recorded for it, nothing of it is late, and what was recorded
//! stays as it was. What has ended rests no more: all that was joint and is over would show at once that somebody is not clear.
//!
//! Where a counselor set the gate aside for this very assignment, the reason covers what was known when it was given: the partners there
//! were, and how safe they were. It stops covering as soon as a partner's status gets worse after it, even if that partner had been
//! clear in between, or somebody else becomes a partner. Then a reason is asked for anew, and replaces the earlier one, which stays in
//! the audit trail.
//!
//! That it is held is worked out and kept nowhere, and a pause is no change of the assignment's version. So to the partners one looks
//! like the other: [`Assignment::rests`] and [`Assignment::check_goes_on`] are all that they may learn of either.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{AssignError, Assignment, Override, overrides::set_aside, waits_for_safety};
use crate::{
    confidential::Confidential,
    couple::{Couple, Partner},
    ids::{PartnerId, StaffId},
    safety::{Safety, SafetyStatus},
};

/// That a counselor paused an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paused {
    /// By whom.
    pub by: StaffId,
    /// When.
    pub at: DateTime<Utc>,
}

impl Assignment {
    /// Pauses it, or lets it go on as far as its counselor is concerned. Says whether anything has changed. It counts as no change of
    /// the version, which the partners see: what the gate holds counts none either.
    ///
    /// # Errors
    /// [`AssignError::Ended`] if it has ended.
    pub fn pause(&mut self, paused: bool, by: StaffId, at: DateTime<Utc>) -> Result<bool, AssignError> {
        self.check_open()?;
        let changes = self.paused.is_some() != paused;
        if changes {
            self.paused = paused.then_some(Paused { by, at });
            self.resumed_at = if paused { self.resumed_at } else { Some(at) };
        }
        Ok(changes)
    }

    /// The current partners for whose safety the gate holds it; none if it goes on. `known` is what is known of the couple's safety; who
    /// is not in it was not screened.
    #[must_use]
    pub fn held_for(&self, couple: &Couple, known: &[Safety]) -> Vec<PartnerId> {
        if self.ended.is_some() || !waits_for_safety(self.exercise, self.mode) {
            return Vec::new();
        }
        let holds = |partner: &&Partner| {
            let safety = known.iter().find(|safety| safety.partner == partner.id);
            let is_clear = safety.is_some_and(|safety| safety.status == SafetyStatus::Clear);
            !is_clear && !self.safety_override.as_ref().is_some_and(|reason| covers(reason, couple, partner, safety))
        };
        couple.current_partners().filter(holds).map(|partner| partner.id).collect()
    }

    /// Whether it rests, for whichever reason.
    #[must_use]
    pub fn rests(&self, couple: &Couple, known: &[Safety]) -> bool {
        self.ended.is_none() && (self.paused.is_some() || !self.held_for(couple, known).is_empty())
    }

    /// When it last went on after a rest, for whichever reason; `None` if it never rested. It says nothing of a rest that still lasts, and
    /// nothing of what was over when it was given: the partners, who did not see it rest, would know of that by what they owe.
    pub(super) fn went_on_at(&self, couple: &Couple, known: &[Safety]) -> Option<DateTime<Utc>> {
        let ends = [self.resumed_at, couple.resumed_at, self.let_go_at(couple, known)];
        ends.into_iter().flatten().filter(|at| *at > self.assigned_at).max()
    }

    /// When the gate last let it go: a partner was clear, or a reason set it aside. As long as a reason covers what is known
    /// of a partner it is not held for them, and that they are clear since ends nothing.
    fn let_go_at(&self, couple: &Couple, known: &[Safety]) -> Option<DateTime<Utc>> {
        if !waits_for_safety(self.exercise, self.mode) {
            return None;
        }
        let reason = self.safety_override.as_ref();
        let for_partner = |partner: &Partner| {
            let safety = known.iter().find(|safety| safety.partner == partner.id);
            let is_covered = reason.is_some_and(|reason| covers(reason, couple, partner, safety));
            safety.filter(|safety| safety.status == SafetyStatus::Clear && !is_covered)?.cleared_at
        };
        couple.partners.iter().filter_map(for_partner).chain(reason.map(|reason| reason.at)).max()
    }

    /// Whether something may be recorded for it, as far as pause and gate go. Whoever asks is told the same of both.
    ///
    /// # Errors
    /// [`AssignError::Paused`] if it rests.
    pub fn check_goes_on(&self, couple: &Couple, known: &[Safety]) -> Result<(), AssignError> {
        if self.rests(couple, known) { Err(AssignError::Paused) } else { Ok(()) }
    }

    /// Lets what the gate holds go on for a reason, which replaces the one it perhaps went out with. A pause stays.
    ///
    /// # Errors
    /// [`AssignError::Ended`], [`AssignError::NotHeld`] if there is nothing to set aside, or [`AssignError::Reason`].
    pub fn set_gate_aside(
        &mut self,
        couple: &Couple,
        known: &[Safety],
        reason: Confidential,
        by: StaffId,
        now: DateTime<Utc>,
    ) -> Result<(), AssignError> {
        self.check_open()?;
        if self.held_for(couple, known).is_empty() {
            return Err(AssignError::NotHeld);
        }
        self.safety_override = set_aside(false, Some(reason), AssignError::SafetyNotClear, by, now)?;
        Ok(())
    }
}

/// Whether a reason was given with this partner there, and nothing worse is known of them since.
fn covers(reason: &Override, couple: &Couple, partner: &Partner, safety: Option<&Safety>) -> bool {
    let got_worse = safety.and_then(|safety| safety.worse_since).is_some_and(|since| since > reason.at);
    partner.from <= couple.today(reason.at) && !got_worse
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;
    use crate::{
        assignment::{
            AssignmentDraft, Ending,
            tests::{assign, draft},
        },
        couple::tests::{day, id, lee_and_kim, noon},
        exercises::{Mode, Slug},
        safety::SafetyDraft,
    };

    fn screen(known: &mut Vec<Safety>, partner: u128, status: SafetyStatus, at: DateTime<Utc>) {
        let draft = SafetyDraft { status, screened_on: None, note: None };
        if !known.iter().any(|safety| safety.partner == id(partner)) {
            known.push(Safety::not_screened(id(50), id(partner)));
        }
        let safety = known.iter_mut().find(|safety| safety.partner == id(partner)).unwrap();
        safety.screen(&lee_and_kim(), draft, id(7), at).unwrap();
    }

    /// What is known once Lee's status is this and Kim is clear.
    fn known(of_lee: SafetyStatus) -> Vec<Safety> {
        let mut known = Vec::new();
        screen(&mut known, 1, of_lee, noon("2026-03-01"));
        screen(&mut known, 2, SafetyStatus::Clear, noon("2026-03-01"));
        known
    }

    fn rituals() -> Assignment {
        assign(draft(Slug::SharedRituals)).unwrap()
    }

    fn set_aside(assignment: &mut Assignment, known: &[Safety], at: DateTime<Utc>) -> Result<(), AssignError> {
        assignment.set_gate_aside(&lee_and_kim(), known, Confidential::new("agreed with each alone"), id(7), at)
    }

    #[test]
    fn joint_work_and_openness_rest_while_a_partner_is_not_clear() {
        let (couple, lee) = (lee_and_kim(), id(1));
        let held = |exercise, mode, known: &[Safety]| {
            assign(AssignmentDraft { mode: Some(mode), ..draft(exercise) }).unwrap().held_for(&couple, known)
        };
        for status in [SafetyStatus::NotScreened, SafetyStatus::Concern, SafetyStatus::Stop] {
            assert_eq!(held(Slug::RootCause, Mode::Parallel, &known(status)), [lee], "{status}");
            assert_eq!(held(Slug::TransparentCommunication, Mode::Separate, &known(status)), [lee], "{status}");
            assert_eq!(held(Slug::Apology, Mode::Separate, &known(status)), [], "{status}");
        }
        assert_eq!(held(Slug::RootCause, Mode::Parallel, &known(SafetyStatus::Clear)), []);
        assert_eq!(held(Slug::RootCause, Mode::Parallel, &[]), [lee, id(2)], "who was not screened is not clear");
    }

    #[test]
    fn what_is_held_and_what_is_paused_are_refused_in_the_same_words() {
        let couple = lee_and_kim();
        let (clear, stop) = (known(SafetyStatus::Clear), known(SafetyStatus::Stop));
        let mut assignment = rituals();
        assert_eq!(assignment.check_goes_on(&couple, &clear), Ok(()));
        let held = assignment.check_goes_on(&couple, &stop);
        assert_eq!(assignment.pause(true, id(7), noon("2026-03-03")), Ok(true));
        assert_eq!((assignment.check_goes_on(&couple, &clear), assignment.version), (held, 1));
        assert_eq!(held, Err(AssignError::Paused));
        assert_eq!(assignment.pause(true, id(8), noon("2026-03-04")), Ok(false), "it stays paused since then");
        assert_eq!(assignment.paused.map(|paused| paused.by), Some(id(7)));
        assert_eq!(assignment.pause(false, id(7), noon("2026-03-05")), Ok(true));
        assert!(!assignment.rests(&couple, &clear) && assignment.rests(&couple, &stop));
    }

    #[test]
    fn what_has_ended_neither_rests_nor_is_paused() {
        let (couple, stop) = (lee_and_kim(), known(SafetyStatus::Stop));
        let mut assignment = rituals();
        assignment.pause(true, id(7), noon("2026-03-03")).unwrap();
        assignment.end(Ending::Completed, id(7), noon("2026-03-04")).unwrap();
        assert!(!assignment.rests(&couple, &stop));
        assert_eq!(assignment.pause(false, id(7), noon("2026-03-05")), Err(AssignError::Ended));
        assert_eq!(set_aside(&mut assignment, &stop, noon("2026-03-05")), Err(AssignError::Ended));
    }

    #[test]
    fn a_reason_lets_it_go_on_until_somebody_is_less_safe() {
        let couple = lee_and_kim();
        let mut known = known(SafetyStatus::Concern);
        let mut assignment = rituals();
        set_aside(&mut assignment, &known, noon("2026-03-05")).unwrap();
        assert!(!assignment.rests(&couple, &known), "the reason covers the concern");
        screen(&mut known, 1, SafetyStatus::Concern, noon("2026-03-06"));
        assert!(!assignment.rests(&couple, &known), "nothing worse is known");
        screen(&mut known, 1, SafetyStatus::Stop, noon("2026-03-07"));
        assert_eq!(assignment.held_for(&couple, &known), [id(1)]);
        set_aside(&mut assignment, &known, noon("2026-03-08")).unwrap();
        screen(&mut known, 2, SafetyStatus::NotScreened, noon("2026-03-09"));
        assert_eq!(assignment.held_for(&couple, &known), [id(2)], "it did not cover the other");
    }

    #[test]
    fn a_reason_does_not_cover_what_comes_back() {
        let couple = lee_and_kim();
        let mut known = known(SafetyStatus::Concern);
        let mut assignment = rituals();
        set_aside(&mut assignment, &known, noon("2026-03-05")).unwrap();
        screen(&mut known, 1, SafetyStatus::Clear, noon("2026-03-06"));
        assert!(!assignment.rests(&couple, &known));
        screen(&mut known, 1, SafetyStatus::Concern, noon("2026-03-07"));
        assert!(assignment.rests(&couple, &known));
    }

    #[test]
    fn a_reason_does_not_cover_who_was_not_a_partner_yet() {
        let mut couple = lee_and_kim();
        let mut assignment = rituals();
        set_aside(&mut assignment, &[], noon("2026-03-05")).unwrap();
        assert_eq!(assignment.held_for(&couple, &[]), []);
        couple.partners[1].from = day("2026-03-06");
        assert_eq!(assignment.held_for(&couple, &[]), [couple.partners[1].id]);
    }

    #[test]
    fn only_what_is_held_takes_a_reason_and_only_one_that_says_something() {
        let mut assignment = rituals();
        let clear = known(SafetyStatus::Clear);
        assert_eq!(set_aside(&mut assignment, &clear, noon("2026-03-05")), Err(AssignError::NotHeld));
        let blank = Confidential::new(" ");
        let stop = known(SafetyStatus::Stop);
        let refused = assignment.set_gate_aside(&lee_and_kim(), &stop, blank, id(7), noon("2026-03-05"));
        assert_eq!((refused, assignment.safety_override), (Err(AssignError::Reason), None));
    }

    proptest! {
        /// Whatever was found out and whatever was set aside, step by step: it is held for exactly those who are not clear and of whom
        /// something worse was found out after the last reason.
        #[test]
        fn a_reason_covers_what_was_known(
            steps in proptest::collection::vec(proptest::option::of((1..=2_u128, proptest::sample::select(SafetyStatus::ALL))), 0..12),
        ) {
            let (couple, mut known, mut assignment) = (lee_and_kim(), Vec::new(), rituals());
            let mut status = [SafetyStatus::NotScreened; 2];
            let mut covered = [false; 2];
            for (hours, step) in (1..).zip(steps) {
                let now = noon("2026-03-05") + TimeDelta::hours(hours);
                match step {
                    None => {
                        if set_aside(&mut assignment, &known, now).is_ok() {
                            covered = [true; 2];
                        }
                    }
                    Some((partner, found)) => {
                        let at = usize::from(partner == 2);
                        covered[at] &= !found.is_worse_than(status[at]);
                        status[at] = found;
                        screen(&mut known, partner, found, now);
                    }
                }
                let holds = |at: &usize| status[*at] != SafetyStatus::Clear && !covered[*at];
                let expected: Vec<PartnerId> = (0..2).filter(holds).map(|at| id([1, 2][at])).collect();
                prop_assert_eq!(assignment.held_for(&couple, &known), expected);
            }
        }
    }
}
