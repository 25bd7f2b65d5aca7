//! How programs go out, step by step.

use chrono::NaiveDate;

use super::*;
use crate::{
    assignment::{
        AssignError, Assignment, AssignmentDraft, Ended, Ending, Participants,
        tests::{assign, draft as assignment_of},
    },
    couple::{
        Couple, CoupleChange, CoupleStatus,
        tests::{day, id, lee_and_kim, noon},
    },
    exercises::Mode,
    ids::PartnerId,
    own_exercise::{
        OwnExerciseError,
        tests::{ask_for_a_text, weekly_check_in},
    },
    visibility::Visibility,
};

mod by_hand;
mod properties;
mod waiting;

const LEE: u128 = 1;
const KIM: u128 = 2;

fn step(release: Release) -> Step {
    Step::new(Slug::Apology, release)
}

fn program(rules: &[Release]) -> Program {
    let steps = rules.iter().map(|release| step(*release)).collect();
    let draft = ProgramDraft { name: Confidential::new("After the move"), description: None, steps };
    Program::new(id(80), draft, &[], noon("2026-01-01")).unwrap()
}

/// A run, and the assignments that its steps became.
struct Played {
    run: ProgramRun,
    given: Vec<Assignment>,
    couple: Couple,
}

impl Played {
    fn start(program: Program, alone: Vec<(usize, PartnerId)>) -> Self {
        let couple = lee_and_kim();
        let draft = RunDraft { alone, ..Default::default() };
        let run = ProgramRun::new(id(81), &couple, (program, &[]), draft, id(7), noon("2026-03-02")).unwrap();
        Self { run, given: vec![], couple }
    }

    fn of(rules: &[Release]) -> Self {
        Self::start(program(rules), vec![])
    }

    /// Lets out what is due, except for what is held.
    fn release(&mut self, today: NaiveDate, holds: &[usize]) -> Vec<usize> {
        let mut out = vec![];
        while let Some(position) = self.run.next_due(&self.given, today) {
            if holds.contains(&position) {
                self.run.hold(position, Hold::Safety).unwrap();
                continue;
            }
            self.give(position, today);
            out.push(position);
        }
        self.run.settle(&self.given, today);
        out
    }

    fn give(&mut self, position: usize, today: NaiveDate) {
        let participants = self.run.steps[position - 1].partner.map_or(Participants::Both, Participants::One);
        let mut assignment = assign(AssignmentDraft { participants, ..assignment_of(Slug::Apology) }).unwrap();
        assignment.id = id(1000 + self.given.len() as u128);
        self.run.release(position, assignment.id, today).unwrap();
        self.given.push(assignment);
    }

    fn complete(&mut self, position: usize) {
        self.end(position, Ending::Completed);
    }

    /// Ends what a step has become, if it has become something that has not ended.
    fn end(&mut self, position: usize, how: Ending) {
        let released = self.run.steps.get(position - 1).and_then(|step| step.released);
        let is_open = |given: &&mut Assignment| {
            given.ended.is_none() && released.is_some_and(|released| released.assignment == given.id)
        };
        let ended = Some(Ended { how, at: noon("2026-03-09"), by: id(7) });
        self.given.iter_mut().filter(is_open).for_each(|given| given.ended = ended);
    }

    /// Gives a step again, if what it has become was taken back.
    fn give_again(&mut self, position: usize, today: NaiveDate) -> Result<(), RunError> {
        self.run.take_back(position, &self.given)?;
        self.give(position, today);
        Ok(())
    }

    fn skip(&mut self, position: usize, on: NaiveDate) -> Result<(), RunError> {
        let skipped = Skipped { reason: Confidential::new("they did it before"), by: id(7), on };
        self.run.skip(position, skipped, &self.given).map(|_| ())
    }

    fn states(&self, today: NaiveDate) -> Vec<StepState> {
        self.run.standing(&self.given, today).into_iter().map(StepStanding::state).collect()
    }

    fn shown(&self, partner: u128) -> Option<ShownRun> {
        self.run.shown_to(id(partner), &self.couple, &self.given)
    }
}

#[test]
fn the_shipped_program_is_the_default_order_and_stays() {
    let mut shipped = Program::shipped();
    let order: Vec<_> = shipped.steps.iter().map(|step| step.exercise).collect();
    assert_eq!(order, DEFAULT_ORDER.concat());
    let together = shipped.steps.iter().filter(|step| step.release == Release::Together).count();
    assert_eq!(together, order.len() - DEFAULT_ORDER.len());
    let after = |step: &&Step| step.release == Release::AfterCompletion;
    assert_eq!(shipped.steps.iter().filter(after).count(), 1, "only the first: those before the others go on");
    assert_eq!(shipped.steps.last().map(|step| step.release), Some(Release::ByHand));
    assert!(shipped.steps.iter().all(|step| step.check(&[]).is_ok()));
    assert_eq!(shipped.change(ProgramChange::default(), &[]), Err(ProgramError::Shipped));
    assert_eq!(shipped.archive(true, noon("2026-01-01")), Err(ProgramError::Shipped));
    assert_eq!(shipped, Program::shipped());
}

#[test]
fn a_program_keeps_within_its_limits() {
    let with = |step: Step| {
        let draft = ProgramDraft { name: Confidential::new("x"), description: None, steps: vec![step] };
        Program::new(id(80), draft, &[], noon("2026-01-01")).map(|_| ())
    };
    let fault = |fault| Err(ProgramError::Step { position: 1, fault });
    assert_eq!(with(step(Release::AfterDelay { days: 0 })), fault(StepFault::Days));
    assert_eq!(with(step(Release::FixedInterval { days: 367 })), fault(StepFault::Days));
    let due = Step { due_after_days: Some(7), ..Step::new(Slug::Forgiveness, Release::AfterCompletion) };
    assert_eq!(with(due), fault(StepFault::NeverOverdue));
    let until = day("2026-03-01");
    let embargoed = Step { visibility: Some(Visibility::Embargoed { until }), ..step(Release::AfterCompletion) };
    assert_eq!(with(embargoed), fault(StepFault::Embargo));
    let mut program = program(&[Release::AfterCompletion]);
    assert_eq!(
        program.change(ProgramChange { steps: Some(vec![]), ..Default::default() }, &[]),
        Err(ProgramError::Steps)
    );
    assert_eq!(program.version, 1);
}

#[test]
fn a_group_goes_out_together_and_the_next_once_it_is_over() {
    let mut played = Played::of(&[Release::AfterCompletion, Release::AfterCompletion, Release::Together]);
    let today = day("2026-03-02");
    assert_eq!(played.release(today, &[]), [1]);
    assert_eq!(played.release(today, &[]), [0; 0]);
    played.complete(1);
    assert_eq!(played.release(today, &[]), [2, 3]);
    played.complete(2);
    played.skip(3, today).unwrap();
    played.release(today, &[]);
    assert_eq!(played.states(today), [StepState::Done, StepState::Done, StepState::Skipped]);
    assert_eq!(played.run.status, RunStatus::Completed);
}

#[test]
fn a_delay_counts_from_the_day_the_step_before_went_out() {
    let mut played = Played::of(&[Release::AfterDelay { days: 2 }, Release::AfterDelay { days: 7 }]);
    assert_eq!(played.release(day("2026-03-02"), &[]), [0; 0]);
    assert_eq!(played.run.next_due_on(&played.given, day("2026-03-02")), Some(day("2026-03-04")));
    assert_eq!(played.release(day("2026-03-05"), &[]), [1], "it went out a day late");
    assert_eq!(played.run.next_due_on(&played.given, day("2026-03-05")), Some(day("2026-03-12")));
    assert_eq!(played.release(day("2026-03-11"), &[]), [0; 0]);
    assert_eq!(played.release(day("2026-03-12"), &[]), [2]);
}

#[test]
fn an_interval_counts_groups_from_the_start() {
    let weekly = Release::FixedInterval { days: 7 };
    let mut played = Played::of(&[weekly, Release::Together, weekly, weekly]);
    assert_eq!(played.release(day("2026-03-02"), &[]), [1, 2]);
    assert_eq!(played.release(day("2026-03-08"), &[]), [0; 0]);
    assert_eq!(played.release(day("2026-03-16"), &[]), [3, 4], "the third group is due on the fourteenth day");
}

#[test]
fn the_days_to_come_are_known_as_far_as_the_calendar_alone_decides() {
    let weekly = Release::FixedInterval { days: 7 };
    let three_later = Release::AfterDelay { days: 3 };
    let played =
        Played::of(&[weekly, weekly, Release::Together, weekly, three_later, Release::AfterCompletion, weekly]);
    let today = day("2026-03-01");
    let due: Vec<_> = played.run.standing(&played.given, today).into_iter().collect();
    let on = |date| StepStanding::Waiting(Due::On(day(date)));
    let after_others = StepStanding::Waiting(Due::AfterOthers);
    assert_eq!(due[..4], [on("2026-03-02"), on("2026-03-09"), on("2026-03-09"), on("2026-03-16")]);
    assert_eq!(due[4..], [on("2026-03-19"), after_others, after_others]);
    assert_eq!(played.run.next_due_on(&played.given, today), Some(day("2026-03-02")));
}

#[test]
fn what_is_held_keeps_back_what_comes_after_it_and_not_what_goes_beside_it() {
    let weekly = Release::FixedInterval { days: 7 };
    let mut played = Played::of(&[weekly, Release::Together, weekly]);
    assert_eq!(played.release(day("2026-03-02"), &[1]), [2]);
    assert_eq!(played.release(day("2026-03-20"), &[]), [0; 0]);
    played.run.try_again();
    assert_eq!(played.run.next_due(&played.given, day("2026-03-20")), Some(1));
    played.skip(1, day("2026-03-20")).unwrap();
    assert_eq!(played.release(day("2026-03-20"), &[]), [3]);
}

#[test]
fn a_step_is_skipped_once_and_for_a_reason() {
    let mut played = Played::of(&[Release::AfterCompletion, Release::AfterCompletion]);
    let today = day("2026-03-02");
    let no_reason = Skipped { reason: Confidential::new(" "), by: id(7), on: today };
    assert_eq!(played.run.skip(1, no_reason, &[]), Err(RunError::Reason));
    played.skip(2, today).unwrap();
    assert_eq!(played.skip(2, today), Err(RunError::Over));
    assert_eq!(played.skip(3, today), Err(RunError::Position));
    assert_eq!(played.skip(0, today), Err(RunError::Position));
}

#[test]
fn what_was_held_for_the_order_is_tried_again_once_that_is_passed_over() {
    let mut played = Played::of(&[Release::AfterCompletion, Release::AfterCompletion]);
    played.run.hold(2, Hold::Order).unwrap();
    played.skip(1, day("2026-03-02")).unwrap();
    assert_eq!(played.run.steps[1].held, None);
    assert_eq!(played.run.passed_over().len(), 1);
}

#[test]
fn a_step_that_was_taken_back_is_given_again_and_what_follows_waits_for_it() {
    let mut played = Played::of(&[Release::AfterCompletion, Release::AfterCompletion]);
    let today = day("2026-03-02");
    played.release(today, &[]);
    assert_eq!(played.give_again(1, today), Err(RunError::NotCancelled));
    assert_eq!(played.give_again(2, today), Err(RunError::NotCancelled), "it has not gone out");
    assert_eq!(played.give_again(3, today), Err(RunError::Position));

    played.end(1, Ending::Cancelled);
    let before = played.shown(KIM).unwrap();
    assert_eq!(played.release(today, &[]), [0; 0]);
    assert_eq!(played.give_again(1, day("2026-03-04")), Ok(()));

    assert_eq!(played.shown(KIM).unwrap().version, before.version + 1);
    assert_eq!((played.run.steps[0].before.len(), played.run.assignments().count()), (1, 2));
    assert_eq!(played.give_again(1, today), Err(RunError::NotCancelled), "once is enough");
    assert_eq!(played.release(today, &[]), [0; 0]);
    played.complete(1);
    assert_eq!(played.release(today, &[]), [2]);
    played.end(2, Ending::Cancelled);
    played.skip(2, today).unwrap();
    assert_eq!(played.give_again(2, today), Err(RunError::Over));
}

/// A program of one step, the practice's own check-in with what else is wanted of it.
fn checking_in(own: &OwnExercise, wanted: Step) -> Result<Program, ProgramError> {
    let step = Step { exercise: Slug::Own, own: Some(own.id), ..wanted };
    let draft = ProgramDraft { name: Confidential::new("x"), description: None, steps: vec![step] };
    Program::new(id(80), draft, std::slice::from_ref(own), noon("2026-03-01"))
}

#[test]
fn a_program_holds_exercises_of_the_practices_own_that_are_in_use() {
    let mut own = weekly_check_in();
    let (plain, due) = (step(Release::AfterCompletion), step(Release::AfterCompletion));
    let due = Step { due_after_days: Some(7), ..due };
    let fault = |fault| Err(ProgramError::Step { position: 1, fault });
    let made = checking_in(&own, plain.clone()).unwrap();
    assert_eq!(made.own_exercises().collect::<Vec<_>>(), [own.id]);
    assert_eq!(checking_in(&own, due), fault(StepFault::NeverOverdue));
    let unnamed = Step { own: None, ..made.steps[0].clone() };
    assert_eq!(unnamed.check(&[own.clone()]), Err(StepFault::Exercise(AssignError::WhichExercise)));
    assert_eq!(made.steps[0].check(&[]), Err(StepFault::Exercise(AssignError::WhichExercise)));
    let two_names = Step { own: Some(own.id), ..plain.clone() };
    assert_eq!(two_names.check(&[own.clone()]), Err(StepFault::Exercise(AssignError::WhichExercise)));

    own.archive(true, noon("2026-03-02"));

    let archived = StepFault::Exercise(AssignError::Own(OwnExerciseError::Archived));
    assert_eq!(checking_in(&own, plain), fault(archived));
    let mut made = made;
    let renamed = ProgramChange { name: Some(Confidential::new("y")), ..Default::default() };
    assert_eq!(made.change(renamed, &[]), Ok(()), "what is not changed is not asked for again");
}

#[test]
fn a_step_is_of_the_version_in_force_until_it_goes_out_and_then_of_the_one_it_went_out_in() {
    let mut own = weekly_check_in();
    let first = own.latest.clone();
    let program = checking_in(&own, step(Release::AfterCompletion)).unwrap();
    let draft = RunDraft { alone: vec![(1, id(LEE))], ..Default::default() };
    let (couple, now) = (lee_and_kim(), noon("2026-03-02"));
    let mut run = ProgramRun::new(id(81), &couple, (program, std::slice::from_ref(&first)), draft, id(7), now).unwrap();
    ask_for_a_text(&mut own);
    own.latest.definition.mode = Mode::Joint;
    let versions = [first, own.latest.clone()];
    assert_eq!(run.steps[0].own(&versions, &[]), Some(&versions[1]));

    let wanted = run.draft(1, &versions, day("2026-03-03")).unwrap();
    assert_eq!((wanted.own, wanted.mode), (Some(own.id), Some(Mode::Separate)), "it was left to one alone");
    let mut given = assign(assignment_of(Slug::Apology)).unwrap();
    given.exercise_version = 2;
    run.release(1, given.id, day("2026-03-03")).unwrap();
    own.revise(versions[0].definition.clone(), id(7), now).unwrap();
    let [first, second] = versions;
    let versions = [first, second, own.latest];

    assert_eq!(run.steps[0].own(&versions, &[given]).map(|version| version.number), Some(2));
    assert_eq!(run.steps[0].step.own_in_force(&versions).map(|version| version.number), Some(3));
}

#[test]
fn what_has_become_never_overdue_goes_out_without_a_due_date() {
    let mut own = weekly_check_in();
    own.latest.definition.can_be_overdue = true;
    let due = Step { due_after_days: Some(7), ..step(Release::AfterCompletion) };
    let step = checking_in(&own, due).unwrap().steps.remove(0);
    let today = day("2026-03-02");
    assert_eq!(step.draft(today, Some(&own.latest)).due_on, Some(day("2026-03-09")));
    own.latest.definition.can_be_overdue = false;
    assert_eq!(step.draft(today, Some(&own.latest)).due_on, None);
}

#[test]
fn a_run_rests_with_its_case_and_when_it_is_paused() {
    let mut played = Played::of(&[Release::AfterCompletion]);
    assert_eq!(played.run.check_releases(&played.couple), Ok(()));
    played.run.change_status(RunStatus::Paused).unwrap();
    assert_eq!(played.run.check_releases(&played.couple), Err(RunError::NotActive));
    played.run.change_status(RunStatus::Active).unwrap();
    let rests = CoupleChange { status: Some(CoupleStatus::Paused), ..Default::default() };
    played.couple.change(rests, noon("2026-03-03")).unwrap();
    assert_eq!(played.run.check_releases(&played.couple), Err(RunError::CasePaused));
    played.run.change_status(RunStatus::Ended).unwrap();
    let (from, to) = (RunStatus::Ended, RunStatus::Active);
    assert_eq!(played.run.change_status(to), Err(RunError::Transition { from, to }));
}

#[test]
fn one_partner_alone_answers_in_separate_mode_only() {
    let start = |exercise, alone: Vec<(usize, PartnerId)>| {
        let draft = ProgramDraft {
            name: Confidential::new("x"),
            description: None,
            steps: vec![Step::new(exercise, Release::AfterCompletion)],
        };
        let program = Program::new(id(80), draft, &[], noon("2026-01-01")).unwrap();
        let draft = RunDraft { alone, ..Default::default() };
        ProgramRun::new(id(81), &lee_and_kim(), (program, &[]), draft, id(7), noon("2026-03-02")).map(|_| ())
    };
    assert_eq!(start(Slug::Apology, vec![(1, id(LEE))]), Ok(()));
    assert_eq!(start(Slug::Apology, vec![(1, id(9))]), Err(RunError::OneAlone));
    assert_eq!(start(Slug::SharedRituals, vec![(1, id(LEE))]), Err(RunError::OneAlone));
    assert_eq!(start(Slug::Apology, vec![(2, id(LEE))]), Err(RunError::Position));
    assert_eq!(start(Slug::Apology, vec![(1, id(LEE)), (1, id(KIM))]), Err(RunError::NamedTwice));
}

#[test]
fn what_is_for_one_partner_alone_does_not_show_to_the_other() {
    let rules = [Release::AfterCompletion; 3];
    let mut played = Played::start(program(&rules), vec![(1, id(LEE)), (3, id(LEE))]);
    let today = day("2026-03-02");
    played.release(today, &[]);
    assert_eq!(played.shown(KIM), None, "nothing has gone out to Kim");
    played.complete(1);
    played.release(today, &[]);
    let before = played.shown(KIM).unwrap();
    assert_eq!((&before.positions[..], before.more_to_come, before.status), (&[2][..], false, RunStatus::Active));
    played.complete(2);
    played.release(today, &[]);
    let after = played.shown(KIM).unwrap();
    assert_eq!(after.status, RunStatus::Completed, "for Kim that was all");
    assert!(after.version > before.version);
    assert_eq!(played.shown(LEE).unwrap().positions, [1, 2, 3]);
    played.complete(3);
    played.release(today, &[]);
    assert_eq!(played.shown(KIM), Some(after));
}

#[test]
fn a_pause_a_hold_and_a_step_passed_over_look_alike() {
    let rules = [Release::AfterCompletion, Release::AfterCompletion, Release::Together, Release::AfterCompletion];
    let today = day("2026-03-02");
    let play = |act: &dyn Fn(&mut Played)| {
        let mut played = Played::of(&rules);
        played.release(today, &[]);
        played.complete(1);
        act(&mut played);
        played.shown(KIM)
    };
    let paused = play(&|played| played.run.change_status(RunStatus::Paused).unwrap());
    assert!(paused.is_some());
    assert_eq!(paused, play(&|played| drop(played.release(today, &[2, 3]))));
    let beside = play(&|played| drop(played.release(today, &[2])));
    let passed_over = play(&|played| {
        played.skip(2, today).unwrap();
        played.release(today, &[]);
    });
    assert_eq!(beside, passed_over);
}
