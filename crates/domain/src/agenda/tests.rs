//! How an agenda is put together, and whose confidences stay whose.

use proptest::prelude::*;

use super::*;
use crate::{
    assignment::{
        AssignmentDraft,
        tests::{assign, draft as assignment_draft},
    },
    confidential::Confidential,
    couple::tests::{day, id, lee_and_kim, noon},
    entry::{
        EntryContext, EntryDraft,
        tests::{found_for_lee, handed_in},
    },
    exercises::{Answers, History, Kind, ReviewDecision, Slug},
    policy::PolicyKind,
    program::{Hold, Program, ProgramDraft, ProgramRun, Release, RunDraft, Step, StepWait},
    recorded_by::RecordedBy,
    safety::{SafetyDraft, SafetyStatus},
    visibility::Visibility,
};

/// An entry of partner 1 or 2, or of both, submitted on a day of March.
fn written(number: u128, author: Author, answers: Answers, on: &str, visibility: Option<Visibility>) -> Written {
    let couple = lee_and_kim();
    let assignment = assign(assignment_draft(answers.kind().exercise())).unwrap();
    let pen = match author {
        Author::Partner(partner) => RecordedBy::Partner(partner),
        Author::Together | Author::Counselor(_) => RecordedBy::Partner(id(1)),
    };
    let draft = EntryDraft {
        author,
        recorded_by: pen,
        recorded_on: None,
        difficulty: None,
        referred: found_for_lee(&answers),
        answers,
        form: None,
        for_counselor: None,
        visibility,
    };
    let context = EntryContext { couple: &couple, assignment: &assignment, breach: None };
    let mut entry = Entry::record(id(number), context, draft, noon(on)).unwrap();
    entry.submit(&couple, &History::default(), pen, noon(on)).unwrap();
    Written { entry, both_submitted: false }
}

fn brought_by(partner: u128, visibility: Option<Visibility>) -> Brought {
    let entry = written(80, Author::Partner(id(partner)), Kind::BringToSession.example(), "2026-03-04", visibility);
    Brought::of(entry).unwrap()
}

fn pulse(number: u128, on: &str, trust: u8) -> Written {
    let Answers::Pulse(mut pulse) = Kind::Pulse.example() else { panic!("another kind") };
    pulse.trust = trust;
    written(number, Author::Partner(id(1)), Answers::Pulse(pulse), on, None)
}

fn on_the(today: &str, company: Company, found: Found) -> Agenda {
    agenda(&lee_and_kim(), company, found, noon(today))
}

fn brought(company: Company, policy: Option<PolicyKind>, visibility: Option<Visibility>) -> Vec<Option<PartnerId>> {
    let found = Found { policy, brought: vec![brought_by(1, visibility)], ..Found::default() };
    on_the("2026-03-10", company, found).brought.items.iter().map(|item| item.private_to).collect()
}

#[test]
fn what_one_wrote_for_the_counselor_is_marked_where_both_listen_and_absent_where_only_the_other_does() {
    let (lee, kim) = (id(1), id(2));
    let limited = Some(PolicyKind::LimitedSecrets);
    assert_eq!(brought(Company::Both, limited, None), [Some(lee)]);
    assert_eq!(brought(Company::One(lee), limited, None), [None]);
    assert_eq!(brought(Company::One(kim), limited, None), []);
    assert_eq!(brought(Company::Both, limited, Some(Visibility::Shared)), [None]);
    assert_eq!(brought(Company::Both, Some(PolicyKind::NoSecrets), None), [None]);
    assert_eq!(brought(Company::One(kim), Some(PolicyKind::NoSecrets), None), [None]);
    assert_eq!(brought(Company::Both, None, None), [Some(lee)], "without a policy nothing is used");
}

#[test]
fn permission_opens_under_limited_secrets_what_the_other_can_not_read_yet() {
    let later = Some(Visibility::Embargoed { until: day("2027-01-01") });
    assert_eq!(brought(Company::Both, Some(PolicyKind::LimitedSecrets), later), [None]);
    assert_eq!(brought(Company::Both, Some(PolicyKind::Individual), later), [Some(id(1))]);
}

proptest! {
    /// Whatever the policy and however open: with the other alone there is what may be used, and with both the rest is marked.
    #[test]
    fn the_two_rooms_agree(
        policy in proptest::option::of(proptest::sample::select(PolicyKind::ALL)),
        visibility in proptest::option::of(proptest::sample::select(vec![
            Visibility::CounselorOnly, Visibility::Shared, Visibility::Embargoed { until: day("2027-01-01") },
        ])),
    ) {
        let marked = brought(Company::Both, policy, visibility) == [Some(id(1))];
        prop_assert_eq!(brought(Company::One(id(2)), policy, visibility).is_empty(), marked);
        prop_assert_eq!(brought(Company::One(id(1)), policy, visibility), [None]);
    }
}

#[test]
fn a_pulse_that_moved_two_points_is_told_with_how_many_it_is_compared_with() {
    let found = |pulses| Found { pulses, ..Found::default() };
    let moved = |pulses: Vec<Written>| {
        let agenda = on_the("2026-03-20", Company::One(id(1)), found(pulses));
        agenda.pulses.items.iter().map(|item| (item.what.latest, item.what.before, item.what.n)).collect::<Vec<_>>()
    };
    assert_eq!(moved(vec![pulse(84, "2026-03-18", 3)]), [], "nothing to compare with");
    assert_eq!(moved(vec![pulse(84, "2026-03-18", 3), pulse(83, "2026-03-11", 5)]), [(3.0, 5.0, 1)]);
    assert_eq!(moved(vec![pulse(84, "2026-03-18", 4), pulse(83, "2026-03-11", 5)]), []);
    let four = [3, 4, 6, 8, 10].iter().zip(["2026-03-18", "2026-03-11", "2026-03-04", "2026-03-03", "2026-03-02"]);
    let four = four.zip(80..).map(|((trust, on), number)| pulse(number, on, *trust)).collect();
    assert_eq!(moved(four), [(3.0, 6.0, 3)]);
}

#[test]
fn a_pulse_of_before_the_last_session_was_talked_about() {
    let pulses = vec![pulse(84, "2026-03-18", 3), pulse(83, "2026-03-11", 8)];
    let found = Found { pulses, last_held: Some(noon("2026-03-19")), ..Found::default() };
    assert!(on_the("2026-03-20", Company::Both, found).pulses.items.is_empty());
}

#[test]
fn work_is_overdue_per_partner_and_never_for_healing() {
    let due = |slug, partner: Option<u128>| {
        let participants = partner.map(|partner| crate::assignment::Participants::One(id(partner)));
        let draft = assignment_draft(slug);
        let participants = participants.unwrap_or(draft.participants);
        assign(AssignmentDraft { due_on: Some(day("2026-03-05")), participants, ..draft })
    };
    let mut healing = assign(assignment_draft(Slug::TimeAndSpace)).unwrap();
    healing.due_on = Some(day("2026-03-05"));
    let assignments = vec![due(Slug::Apology, None).unwrap(), due(Slug::Apology, Some(1)).unwrap(), healing];
    let found = Found { assignments, policy: Some(PolicyKind::LimitedSecrets), ..Found::default() };
    let late = |company| {
        let items = on_the("2026-03-10", company, found.clone()).overdue.items;
        items.iter().map(|item| (item.what.partner, item.private_to)).collect::<Vec<_>>()
    };
    let (lee, kim) = (id(1), id(2));
    assert_eq!(late(Company::Both), [(lee, None), (kim, None), (lee, Some(lee))], "the other knows not of the last");
    assert_eq!(late(Company::One(kim)), [(kim, None)]);
}

fn clear(partner: PartnerId) -> Safety {
    let mut safety = Safety::not_screened(id(50), partner);
    let screening = SafetyDraft { status: SafetyStatus::Clear, screened_on: None, note: None };
    safety.screen(&lee_and_kim(), screening, id(7), noon("2026-03-01")).unwrap();
    safety
}

#[test]
fn what_the_gate_holds_is_not_overdue_and_is_nobody_elses_to_hear() {
    let due = AssignmentDraft { due_on: Some(day("2026-03-05")), ..assignment_draft(Slug::SharedRituals) };
    let (lee, kim) = (id(1), id(2));
    let found = Found {
        policy: Some(PolicyKind::NoSecrets),
        assignments: vec![assign(due).unwrap(), assign(assignment_draft(Slug::Apology)).unwrap()],
        safety: vec![clear(kim)],
        ..Found::default()
    };
    let held = |company| {
        let agenda = on_the("2026-03-10", company, found.clone());
        assert_eq!(agenda.overdue.items, []);
        agenda.held.items.iter().map(|item| (item.what.partner, item.private_to)).collect::<Vec<_>>()
    };
    assert_eq!(held(Company::Both), [(lee, Some(lee))]);
    assert_eq!(held(Company::One(lee)), [(lee, None)]);
    assert_eq!(held(Company::One(kim)), []);
}

/// A run of one step by hand, perhaps for Lee alone, perhaps held.
fn run(alone: Option<PartnerId>, held: Option<Hold>) -> FoundRun {
    let release = if held.is_some() { Release::AfterCompletion } else { Release::ByHand };
    let steps = vec![Step::new(Slug::Apology, release)];
    let program = ProgramDraft { name: Confidential::new("After the move"), description: None, steps };
    let program = Program::new(id(80), program, &[], noon("2026-03-01")).unwrap();
    let draft = RunDraft { alone: alone.map(|partner| (1, partner)).into_iter().collect(), ..RunDraft::default() };
    let mut run = ProgramRun::new(id(81), &lee_and_kim(), (program, &[]), draft, id(7), noon("2026-03-02")).unwrap();
    held.into_iter().for_each(|held| run.hold(1, held).unwrap());
    FoundRun { run, given: vec![], own: vec![] }
}

fn waiting_steps(company: Company, run: &FoundRun, safety: &[Safety]) -> Vec<(StepWait, Option<PartnerId>)> {
    let under = |policy| {
        let found =
            Found { runs: vec![run.clone()], safety: safety.to_vec(), policy: Some(policy), ..Found::default() };
        let items = on_the("2026-03-10", company, found).steps.items;
        items.iter().map(|item| (item.what.waits_for, item.private_to)).collect::<Vec<_>>()
    };
    let waiting = under(PolicyKind::LimitedSecrets);
    assert_eq!(waiting, under(PolicyKind::NoSecrets), "what partners say is one thing, what waits another");
    waiting
}

#[test]
fn a_step_waits_for_a_word_in_every_room_and_one_for_a_partner_alone_only_in_theirs() {
    let (lee, kim) = (id(1), id(2));
    for company in [Company::Both, Company::One(lee), Company::One(kim)] {
        assert_eq!(waiting_steps(company, &run(None, None), &[]), [(StepWait::Word, None)]);
        assert_eq!(waiting_steps(company, &run(None, Some(Hold::Policy)), &[]), [(StepWait::Policy, None)]);
    }
    let alone = |company| waiting_steps(company, &run(Some(lee), None), &[]);
    assert_eq!(alone(Company::Both), [(StepWait::Word, Some(lee))]);
    assert_eq!(alone(Company::One(lee)), [(StepWait::Word, None)]);
    assert_eq!(alone(Company::One(kim)), []);
}

#[test]
fn that_a_step_is_held_for_safety_is_nobody_elses_to_hear() {
    let (lee, kim) = (id(1), id(2));
    let held = |company, safety: &[Safety]| waiting_steps(company, &run(None, Some(Hold::Safety)), safety);
    assert_eq!(held(Company::Both, &[clear(kim)]), [(StepWait::Safety, Some(lee))]);
    assert_eq!(held(Company::One(lee), &[clear(kim)]), [(StepWait::Safety, None)]);
    assert_eq!(held(Company::One(kim), &[clear(kim)]), []);
    assert_eq!(held(Company::Both, &[]), [(StepWait::Safety, Some(lee)), (StepWait::Safety, Some(kim))]);
    let cleared = |company| held(company, &[clear(lee), clear(kim)]);
    assert_eq!(cleared(Company::Both), [(StepWait::Retry, Some(lee)), (StepWait::Retry, Some(kim))]);
    assert_eq!(cleared(Company::One(kim)), [], "that somebody was not clear is not told either");
}

#[test]
fn an_agreement_comes_up_when_a_day_of_it_is_near_until_a_session_was_held() {
    let agreement = || written(90, Author::Together, Kind::TransparencyAgreement.example(), "2026-03-03", None);
    let due = |today, last_held: Option<&str>| {
        let last_held = last_held.map(noon);
        let found = Found { agreements: vec![agreement()], last_held, ..Found::default() };
        let items = on_the(today, Company::Both, found).agreements.items;
        items.iter().map(|item| (item.what, item.past)).collect::<Vec<_>>()
    };
    // It is to be looked at on 1 April, and ends on 1 June.
    assert_eq!(due("2026-03-17", None), []);
    assert_eq!(due("2026-03-18", None), [(AgreementDay::Review, false)]);
    assert_eq!(due("2026-06-02", None), [(AgreementDay::Review, true), (AgreementDay::Expiry, true)]);
    assert_eq!(due("2026-06-02", Some("2026-04-02")), [(AgreementDay::Expiry, true)]);
}

fn reviewed(agreement: &Written, decision: ReviewDecision, next_review_on: Option<&str>) -> Entry {
    let Answers::TransparencyReview(mut review) = Kind::TransparencyReview.example() else {
        panic!("the example of a review is one")
    };
    review.agreement_id = Some(agreement.entry.id);
    review.decision = decision;
    review.next_review_on = next_review_on.map(day);
    handed_in(91, Author::Together, Answers::TransparencyReview(review))
}

fn withdrawn(agreement: &Written) -> Entry {
    let Answers::TransparencyWithdrawal(mut withdrawal) = Kind::TransparencyWithdrawal.example() else {
        panic!("the example of a withdrawal is one")
    };
    withdrawal.agreement_id = Some(agreement.entry.id);
    handed_in(92, Author::Partner(id(1)), Answers::TransparencyWithdrawal(withdrawal))
}

fn days_after(followed_by: impl Fn(&Written) -> Entry) -> Vec<(AgreementDay, NaiveDate)> {
    let agreement = written(90, Author::Together, Kind::TransparencyAgreement.example(), "2026-03-02", None);
    let followed_by = vec![followed_by(&agreement)];
    let found = Found { agreements: vec![agreement], followed_by, ..Found::default() };
    let items = on_the("2026-06-02", Company::Both, found).agreements.items;
    items.iter().map(|item| (item.what, item.on)).collect()
}

#[test]
fn an_agreement_that_one_or_both_ended_is_over() {
    assert_eq!(days_after(withdrawn), []);
    assert_eq!(days_after(|agreement| reviewed(agreement, ReviewDecision::End, None)), []);
    let kept_from_the_other =
        |agreement: &Written| Entry { visibility: Visibility::CounselorOnly, ..withdrawn(agreement) };
    assert_eq!(days_after(kept_from_the_other).len(), 2, "what one could keep from the other ended nothing");
}

#[test]
fn an_agreement_is_looked_at_again_on_the_day_that_was_set_last() {
    let moved = (AgreementDay::Review, day("2026-05-04"));
    let expiry = (AgreementDay::Expiry, day("2026-06-01"));
    assert_eq!(days_after(|agreement| reviewed(agreement, ReviewDecision::Keep, Some("2026-05-04"))), [moved, expiry]);
    assert_eq!(days_after(|agreement| reviewed(agreement, ReviewDecision::Keep, None)), [expiry]);
}

#[test]
fn a_long_section_says_that_some_was_left_out() {
    let many = |n| Found { brought: vec![brought_by(1, None); n], ..Found::default() };
    let section = |n| on_the("2026-03-10", Company::Both, many(n)).brought;
    assert_eq!((section(ITEMS).items.len(), section(ITEMS).more), (ITEMS, false));
    assert_eq!((section(ITEMS + 1).items.len(), section(ITEMS + 1).more), (ITEMS, true));
}
