//! How assignments behave, and the assignment other tests work with.

use super::*;
use crate::{
    breach::{BreachDraft, BreachKind, BreachRole, CameToLight, RoleInBreach},
    couple::{
        CaseEnded, CoupleChange, CoupleStatus,
        tests::{day, id, lee_and_kim, noon, separated},
    },
    exercises::Kind,
    own_exercise::{OwnExerciseError, tests::weekly_check_in},
    policy::{PolicyDraft, PolicyKind},
    recorded_by::RecordedBy,
    safety::{Safety, SafetyStatus},
};

pub(crate) fn acknowledged_policy(couple: &Couple) -> ConfidentialityPolicy {
    let draft = PolicyDraft { kind: PolicyKind::NoSecrets, in_force_from: None, text: None };
    let mut policy = ConfidentialityPolicy::new(id(60), couple, None, draft, noon("2026-01-01")).unwrap();
    for partner in couple.current_partners() {
        policy.acknowledge(couple, partner.id, RecordedBy::Partner(partner.id), noon("2026-01-01")).unwrap();
    }
    policy
}

mod order;

pub(crate) fn draft(exercise: Slug) -> AssignmentDraft {
    AssignmentDraft {
        exercise,
        own: (exercise == Slug::Own).then(|| weekly_check_in().id),
        mode: None,
        cadence: None,
        starts_on: None,
        due_on: None,
        reminders_until: None,
        instructions: None,
        breach: None,
        visibility: None,
        participants: Participants::Both,
        overrides: Overrides::default(),
    }
}

fn context(couple: &Couple) -> AssignmentContext<'_> {
    let (policy, gate, before) = (None, Gate::Open, &order::ALL_BEGUN);
    AssignmentContext { couple, policy, gate, breach: None, own: None, before, by: id(7) }
}

fn assign_through(gate: Gate, draft: AssignmentDraft) -> Result<Assignment, AssignError> {
    let couple = lee_and_kim();
    let policy = acknowledged_policy(&couple);
    let own = weekly_check_in();
    let context = AssignmentContext { policy: Some(&policy), gate, own: Some(&own), ..context(&couple) };
    Assignment::new(id(70), context, draft, noon("2026-03-02"))
}

pub(crate) fn assign(draft: AssignmentDraft) -> Result<Assignment, AssignError> {
    assign_through(Gate::Open, draft)
}

#[test]
fn an_exercise_starts_as_the_catalog_has_it() {
    for chosen in crate::exercises::catalog() {
        let assignment = assign(draft(chosen.slug)).unwrap();
        assert_eq!((assignment.mode, assignment.exercise_version), (chosen.defaults.mode, chosen.version));
        let rule = match &assignment.cadence {
            Cadence::Once => None,
            Cadence::Recurring(rule) => Some(rule.as_str()),
        };
        assert_eq!(rule, chosen.defaults.cadence, "{}", chosen.slug);
        assert_eq!(assignment.starts_on, day("2026-03-02"));
        assert_eq!(assignment.standings.len(), 2);
    }
}

#[test]
fn nothing_goes_out_before_both_know_the_policy_unless_for_a_reason() {
    let couple = lee_and_kim();
    let unknown = context(&couple);
    let new = |draft| Assignment::new(id(70), unknown, draft, noon("2026-03-02"));
    assert_eq!(new(draft(Slug::Apology)), Err(AssignError::PolicyNotAcknowledged));
    let reason = |text| {
        let policy = Some(Confidential::new(text));
        AssignmentDraft { overrides: Overrides { policy, ..Overrides::default() }, ..draft(Slug::Apology) }
    };
    assert_eq!(new(reason(" ")), Err(AssignError::Reason));
    let set_aside = new(reason("they signed on paper")).unwrap().policy_override.unwrap();
    assert_eq!((set_aside.by, set_aside.at), (id(7), noon("2026-03-02")));
}

fn for_safety(reason: &str) -> Overrides {
    Overrides { safety: Some(Confidential::new(reason)), ..Overrides::default() }
}

#[test]
fn joint_work_and_openness_wait_for_safety() {
    let blocked = |exercise, mode| {
        assign_through(Gate::Blocked, AssignmentDraft { mode: Some(mode), ..draft(exercise) }).map(|_| ())
    };
    let refused = Err(AssignError::SafetyNotClear);
    assert_eq!(blocked(Slug::SharedRituals, Mode::Joint), refused);
    assert_eq!(blocked(Slug::RootCause, Mode::Parallel), refused);
    assert_eq!(blocked(Slug::TransparentCommunication, Mode::Separate), refused);
    assert_eq!(blocked(Slug::Apology, Mode::Separate), Ok(()));
    let overrides = for_safety("agreed with the supervisor");
    let overridden = AssignmentDraft { overrides, ..draft(Slug::SharedRituals) };
    assert!(assign_through(Gate::Blocked, overridden).unwrap().safety_override.is_some());
}

#[test]
fn the_catalog_says_what_waits_for_safety() {
    for chosen in crate::exercises::catalog() {
        let waits = assign_through(Gate::Blocked, draft(chosen.slug)).map(|_| ()) == Err(AssignError::SafetyNotClear);
        assert_eq!(chosen.waits_for_safety(), waits, "{}", chosen.slug);
    }
}

#[test]
fn a_reason_that_was_not_needed_is_not_kept() {
    let overrides = for_safety("just in case");
    let assignment = assign(AssignmentDraft { overrides, ..draft(Slug::SharedRituals) }).unwrap();
    assert_eq!((assignment.policy_override, assignment.safety_override), (None, None));
}

#[test]
fn a_closed_case_takes_no_assignment() {
    let mut couple = lee_and_kim();
    let closed = CoupleChange { status: Some(CoupleStatus::Closed), ..Default::default() };
    couple.change(closed, noon("2026-02-01")).unwrap();
    let policy = acknowledged_policy(&couple);
    let gate = Gate::Open;
    let context = AssignmentContext { policy: Some(&policy), gate, ..context(&couple) };
    let refused = Assignment::new(id(70), context, draft(Slug::Apology), noon("2026-03-02"));
    assert_eq!(refused, Err(AssignError::CaseEnded(CaseEnded)));
}

#[test]
fn a_due_date_is_no_earlier_than_start_and_today() {
    let due = |starts: &str, due: &str| {
        let (starts_on, due_on) = (Some(day(starts)), Some(day(due)));
        assign(AssignmentDraft { starts_on, due_on, ..draft(Slug::Apology) }).map(|_| ())
    };
    assert_eq!(due("2026-03-10", "2026-03-09"), Err(AssignError::Due));
    assert_eq!(due("2026-02-01", "2026-03-01"), Err(AssignError::Due));
    assert_eq!(due("2026-03-10", "2026-03-10"), Ok(()));
}

#[test]
fn nobody_is_overdue_for_healing_or_forgiving() {
    for exercise in [Slug::TimeAndSpace, Slug::Forgiveness] {
        let due = AssignmentDraft { due_on: Some(day("2026-04-01")), ..draft(exercise) };
        assert_eq!(assign(due), Err(AssignError::NeverOverdue));
    }
}

/// Both partners are clear.
pub(crate) fn both_clear() -> Vec<Safety> {
    let clear = |partner| Safety { status: SafetyStatus::Clear, ..Safety::not_screened(id(50), id(partner)) };
    [1, 2].map(clear).to_vec()
}

fn is_overdue(assignment: &Assignment, today: &str) -> bool {
    assignment.overdue_for(id(1), &lee_and_kim(), &both_clear(), day(today)).is_some()
}

#[test]
fn after_the_last_day_of_reminders_nobody_is_overdue() {
    let (due_on, reminders_until) = (Some(day("2026-03-05")), Some(day("2026-03-10")));
    let mut rituals = assign(AssignmentDraft { due_on, reminders_until, ..draft(Slug::SharedRituals) }).unwrap();
    assert!(is_overdue(&rituals, "2026-03-10"));
    assert!(!is_overdue(&rituals, "2026-03-11"));
    assert_eq!(rituals.check_open(), Ok(()));

    let moved = |last: &str| AssignmentChange { reminders_until: Some(Some(day(last))), ..Default::default() };
    let mut change = |change| rituals.change(&lee_and_kim(), change, noon("2026-03-12")).map(|()| rituals.clone());
    assert_eq!(change(moved("2026-03-11")), Err(AssignError::Reminders));
    assert!(is_overdue(&change(moved("2026-03-12")).unwrap(), "2026-03-12"));
    let cleared = AssignmentChange { reminders_until: Some(None), ..Default::default() };
    assert!(is_overdue(&change(cleared).unwrap(), "2026-04-12"));
}

#[test]
fn who_left_and_came_back_is_not_late_with_what_was_given_before() {
    let apology = assign(AssignmentDraft { due_on: Some(day("2026-03-05")), ..draft(Slug::Apology) }).unwrap();
    let mut couple = lee_and_kim();
    let again = crate::couple::Partner { id: id(3), from: day("2026-03-08"), ..couple.partners[0] };
    couple.partners[0].until = Some(day("2026-03-06"));
    couple.partners.push(again);
    assert_eq!(apology.overdue_for(id(1), &couple, &both_clear(), day("2026-03-10")), None, "nobody could record it");
    assert!(apology.overdue_for(id(2), &couple, &both_clear(), day("2026-03-10")).is_some());
}

#[test]
fn a_day_that_has_passed_may_stay_as_it_is() {
    let (due_on, reminders_until) = (Some(day("2026-03-05")), Some(day("2026-03-10")));
    let mut rituals = assign(AssignmentDraft { due_on, reminders_until, ..draft(Slug::SharedRituals) }).unwrap();
    let instructions = Some(Some(Confidential::new("Ten minutes are enough.")));
    let change = AssignmentChange { due_on: Some(due_on), reminders_until: Some(reminders_until), instructions };
    assert_eq!(rituals.change(&lee_and_kim(), change, noon("2026-03-20")), Ok(()));
    assert_eq!((rituals.due_on, rituals.reminders_until), (due_on, reminders_until));
    let earlier = AssignmentChange { due_on: Some(Some(day("2026-03-06"))), ..Default::default() };
    assert_eq!(rituals.change(&lee_and_kim(), earlier, noon("2026-03-20")), Err(AssignError::Due));
}

#[test]
fn what_never_reminds_takes_no_last_day_of_reminders() {
    let until = |last: &str| Some(day(last));
    for exercise in [Slug::TimeAndSpace, Slug::Forgiveness, Slug::Own] {
        let wanted = AssignmentDraft { reminders_until: until("2026-04-01"), ..draft(exercise) };
        assert_eq!(assign(wanted), Err(AssignError::NeverReminds));
    }
    let before_it_starts = AssignmentDraft {
        starts_on: until("2026-03-10"),
        reminders_until: until("2026-03-09"),
        ..draft(Slug::SharedRituals)
    };
    assert_eq!(assign(before_it_starts), Err(AssignError::Reminders));
}

#[test]
fn who_is_not_ready_is_not_overdue() {
    let due = AssignmentDraft { due_on: Some(day("2026-03-05")), ..draft(Slug::Apology) };
    let mut assignment = assign(due).unwrap();
    assert!(assignment.overdue_for(id(1), &lee_and_kim(), &both_clear(), day("2026-03-05")).is_none());
    assert!(assignment.overdue_for(id(1), &lee_and_kim(), &both_clear(), day("2026-03-06")).is_some());
    let by = RecordedBy::Partner(id(1));
    assignment.change_standing(id(1), StandingStatus::NotReady, by, &lee_and_kim(), noon("2026-03-04")).unwrap();
    assert!(assignment.overdue_for(id(1), &lee_and_kim(), &both_clear(), day("2026-03-06")).is_none());
}

#[test]
fn one_partner_alone_answers_in_separate_mode_only() {
    let alone = AssignmentDraft { participants: Participants::One(id(1)), ..draft(Slug::Apology) };
    let assignment = assign(alone.clone()).unwrap();
    assert_eq!(assignment.participants(), [id(1)]);
    assert_eq!(assign(AssignmentDraft { mode: Some(Mode::Joint), ..alone.clone() }), Err(AssignError::OneAlone));
    let stranger = AssignmentDraft { participants: Participants::One(id(9)), ..alone };
    assert_eq!(assign(stranger), Err(AssignError::Participants));
    let couple = lee_and_kim();
    assert!(assignment.exists_for(Reader::Partner(id(1)), &couple));
    assert!(!assignment.exists_for(Reader::Partner(id(2)), &couple), "the other does not learn of it");
    let seen = assignment.standing_shown_to(Reader::Partner(id(2)), id(1), &couple, &both_clear(), day("2026-03-03"));
    assert_eq!(seen, None);
}

#[test]
fn what_one_partner_alone_was_given_starts_with_the_counselors() {
    let couple = lee_and_kim();
    for kind in Kind::ALL.iter().copied() {
        let both = assign(draft(kind.exercise())).unwrap();
        let alone = Assignment { standings: vec![both.standings[0]], ..both.clone() };
        let (of_both, alone) = (both.visibility_of(&couple, kind), alone.visibility_of(&couple, kind));
        let expected = match kind.writer() {
            _ if of_both.fixed => of_both,
            Writer::Counselor => KindVisibility::COUNSELOR_ONLY,
            _ => KindVisibility::PRIVATE,
        };
        assert_eq!(alone, expected, "{kind}");
    }
}

#[test]
fn the_other_sees_only_that_the_exercise_is_paused() {
    let couple = lee_and_kim();
    let mut assignment = assign(draft(Slug::Apology)).unwrap();
    let today = day("2026-03-03");
    let shown =
        |assignment: &Assignment, reader| assignment.standing_shown_to(reader, id(1), &couple, &both_clear(), today);
    for (status, paused) in [
        (StandingStatus::Opened, false),
        (StandingStatus::InProgress, false),
        (StandingStatus::Skipped, false),
        (StandingStatus::NotReady, true),
        (StandingStatus::Opened, false),
    ] {
        assignment.change_standing(id(1), status, RecordedBy::Partner(id(1)), &couple, noon("2026-03-03")).unwrap();
        let for_other = shown(&assignment, Reader::Partner(id(2)));
        assert_eq!(for_other, Some(ShownStanding::OnlyWhetherPaused(paused)), "{status}");
        let whole = Some(ShownStanding::Whole(assignment.standings[0], None));
        assert_eq!(shown(&assignment, Reader::Partner(id(1))), whole);
        assert_eq!(shown(&assignment, Reader::Counselor(id(7))), whole);
    }
}

#[test]
fn after_a_separation_the_other_does_not_see_that_it_is_paused() {
    let couple = separated("2026-03-04");
    let mut assignment = assign(draft(Slug::Apology)).unwrap();
    let by = RecordedBy::Partner(id(1));
    assignment.change_standing(id(1), StandingStatus::NotReady, by, &lee_and_kim(), noon("2026-03-05")).unwrap();
    let shown = |reader, on| assignment.standing_shown_to(reader, id(1), &couple, &both_clear(), day(on));
    assert_eq!(shown(Reader::Partner(id(2)), "2026-03-03"), Some(ShownStanding::OnlyWhetherPaused(true)));
    assert_eq!(shown(Reader::Partner(id(2)), "2026-03-04"), None);
    let whole = Some(ShownStanding::Whole(assignment.standings[0], None));
    assert_eq!(shown(Reader::Partner(id(1)), "2026-03-04"), whole);
    assert_eq!(shown(Reader::Counselor(id(7)), "2026-03-04"), whole);
}

#[test]
fn writing_takes_nobodys_not_ready_back() {
    let mut assignment = assign(draft(Slug::SharedRituals)).unwrap();
    let by = RecordedBy::Partner(id(1));
    assignment.change_standing(id(1), StandingStatus::NotReady, by, &lee_and_kim(), noon("2026-03-03")).unwrap();
    assignment.follow_begun(&[id(1), id(2)], &lee_and_kim(), noon("2026-03-04"));
    let statuses: Vec<_> = assignment.standings.iter().map(|standing| standing.status).collect();
    assert_eq!(statuses, [StandingStatus::NotReady, StandingStatus::InProgress]);
    let paused = assignment.standings[0];
    assignment.follow_begun(&[id(1)], &lee_and_kim(), noon("2026-03-05"));
    assert_eq!(assignment.standings[0], paused, "nor does what one begins alone");
    assignment.follow_submitted(&[id(1)], day("2026-03-05"), &lee_and_kim(), noon("2026-03-05"));
    assert_eq!(assignment.standings[0].status, StandingStatus::NotReady, "nor what one hands in");
    assert_eq!(assignment.standings[0].changed_at, paused.changed_at);
    assignment.change_standing(id(1), StandingStatus::Opened, by, &lee_and_kim(), noon("2026-03-06")).unwrap();
    assert_eq!(assignment.standings[0].status, StandingStatus::Opened, "a word of one's own does");
}

#[test]
fn each_is_told_the_kinds_that_are_theirs_to_write() {
    let couple = lee_and_kim();
    let assignment = assign(draft(Slug::RootCause)).unwrap();
    let role = |partner, role| RoleInBreach { partner: id(partner), role };
    let breach = |roles| {
        let draft = BreachDraft {
            kind: BreachKind::Secrecy,
            happened_on: None,
            came_to_light: CameToLight::Disclosed,
            came_to_light_on: None,
            ongoing: false,
            description: None,
            roles,
        };
        Breach::new(id(90), &couple, draft, noon("2026-03-01")).unwrap()
    };
    let kinds = |reader, breach: Option<&Breach>| assignment.kinds_for(Reader::Partner(id(reader)), &couple, breach);
    let all = kinds(2, None);
    assert!(all.contains(&Kind::RootCauseAccount) && all.contains(&Kind::RootCauseImpact));

    let of_lee_alone = breach(vec![role(1, BreachRole::Caused)]);
    let of_both = breach(vec![role(1, BreachRole::Caused), role(2, BreachRole::Hurt)]);

    assert_eq!(kinds(2, Some(&of_lee_alone)), all, "what is recorded of Lee alone does not show to Kim");
    let theirs = kinds(2, Some(&of_both));
    assert!(!theirs.contains(&Kind::RootCauseAccount) && theirs.contains(&Kind::RootCauseImpact));
    assert!(!kinds(1, Some(&of_both)).contains(&Kind::RootCauseImpact));
    let of_staff = assignment.kinds_for(Reader::Counselor(id(7)), &couple, Some(&of_both));
    assert_eq!(of_staff, Kind::of(Slug::RootCause));
}

#[test]
fn submitted_and_reviewed_follow_from_entries_and_reviews() {
    let mut assignment = assign(draft(Slug::RootCause)).unwrap();
    let by = RecordedBy::Partner(id(1));
    let by_hand = assignment.change_standing(id(1), StandingStatus::Submitted, by, &lee_and_kim(), noon("2026-03-03"));
    assert_eq!(by_hand, Err(StandingError::NotByHand));
    let given_again =
        assignment.change_standing(id(1), StandingStatus::Assigned, by, &lee_and_kim(), noon("2026-03-03"));
    assert_eq!(given_again, Err(StandingError::GivenOnce));
    assignment.follow_submitted(&[id(1)], day("2026-03-04"), &lee_and_kim(), noon("2026-03-04"));
    assignment.follow_begun(&[id(1)], &lee_and_kim(), noon("2026-03-05"));
    assert_eq!(assignment.standings[0].status, StandingStatus::Submitted);
    let undone = assignment.change_standing(id(1), StandingStatus::NotReady, by, &lee_and_kim(), noon("2026-03-06"));
    assert_eq!(undone, Err(StandingError::AlreadySubmitted));
    assignment.follow_reviewed(&[id(1), id(2)], &lee_and_kim(), noon("2026-03-07"));
    let statuses: Vec<_> = assignment.standings.iter().map(|standing| standing.status).collect();
    assert_eq!(statuses, [StandingStatus::Reviewed, StandingStatus::Assigned]);
    assert_eq!(assignment.version, 1, "where one stands does not show in the version that the other sees");
}

#[test]
fn what_comes_round_again_can_be_paused_after_it_was_submitted() {
    let mut assignment = assign(draft(Slug::Consistency)).unwrap();
    assignment.follow_submitted(&[id(1)], day("2026-03-04"), &lee_and_kim(), noon("2026-03-04"));
    let by = RecordedBy::Staff(id(7));
    let paused = assignment.change_standing(id(1), StandingStatus::NotReady, by, &lee_and_kim(), noon("2026-03-06"));
    assert_eq!(paused, Ok(()));
}

#[test]
fn nobody_answers_for_the_other_partner() {
    let mut assignment = assign(draft(Slug::Apology)).unwrap();
    let by = RecordedBy::Partner(id(2));
    let on = noon("2026-03-03");
    for partner in [1, 9] {
        let refused = assignment.change_standing(id(partner), StandingStatus::Skipped, by, &lee_and_kim(), on);
        assert_eq!(refused, Err(StandingError::NotTheirs), "whether or not that partner has a part in it");
    }
    let staff = RecordedBy::Staff(id(7));
    let of_nobody = assignment.change_standing(id(9), StandingStatus::Skipped, staff, &lee_and_kim(), on);
    assert_eq!(of_nobody, Err(StandingError::NotAParticipant));
}

#[test]
fn an_assignment_ends_once() {
    let couple = lee_and_kim();
    let mut assignment = assign(draft(Slug::Apology)).unwrap();
    assignment.end(Ending::Completed, id(7), noon("2026-03-09")).unwrap();
    assert_eq!(assignment.end(Ending::Cancelled, id(7), noon("2026-03-10")), Err(AssignError::Ended));
    let change = assignment.change(&couple, AssignmentChange::default(), noon("2026-03-10"));
    assert_eq!((change, assignment.version), (Err(AssignError::Ended), 2));
}

#[test]
fn a_day_belongs_to_the_occurrence_before_it() {
    let weekly = Cadence::Recurring("FREQ=WEEKLY".parse().unwrap());
    let assignment = assign(AssignmentDraft { cadence: Some(weekly), ..draft(Slug::Apology) }).unwrap();
    assert_eq!(assignment.occurrence_of(day("2026-03-08")), day("2026-03-02"));
    assert_eq!(assignment.occurrence_of(day("2026-03-09")), day("2026-03-09"));
}

#[test]
fn an_exercise_of_the_practices_own_starts_as_the_practice_has_it() {
    let own = weekly_check_in();
    let assignment = assign(draft(Slug::Own)).unwrap();
    let given = assignment.own.unwrap();
    assert_eq!((given.id, assignment.exercise_version, assignment.mode), (own.id, 1, Mode::Separate));
    assert_eq!(assignment.cadence, Cadence::Recurring("FREQ=WEEKLY".parse().unwrap()));
    assert_eq!(assignment.visibility_of(&lee_and_kim(), Kind::OwnEntry).default, Visibility::RevealTogether);
    let due = AssignmentDraft { due_on: Some(day("2026-04-01")), ..draft(Slug::Own) };
    assert_eq!(assign(due), Err(AssignError::NeverOverdue));
}

#[test]
fn it_is_said_which_of_the_practices_own_and_for_the_ten_none() {
    let (own, another) = (Some(weekly_check_in().id), Some(id(96)));
    for (exercise, own) in [(Slug::Own, None), (Slug::Own, another), (Slug::Apology, own)] {
        assert_eq!(assign(AssignmentDraft { own, ..draft(exercise) }), Err(AssignError::WhichExercise));
    }
}

#[test]
fn what_is_archived_is_assigned_to_nobody() {
    let (couple, mut own) = (lee_and_kim(), weekly_check_in());
    own.archive(true, noon("2026-03-01"));
    let policy = acknowledged_policy(&couple);
    let gate = Gate::Open;
    let context = AssignmentContext { policy: Some(&policy), gate, own: Some(&own), ..context(&couple) };
    let refused = Assignment::new(id(70), context, draft(Slug::Own), noon("2026-03-02"));
    assert_eq!(refused, Err(AssignError::Own(OwnExerciseError::Archived)));
}
