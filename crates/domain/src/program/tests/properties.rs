//! What holds of every program, whatever happens.

use proptest::prelude::*;

use super::*;

fn any_rule() -> impl Strategy<Value = Release> {
    prop_oneof![
        Just(Release::Together),
        Just(Release::AfterCompletion),
        Just(Release::ByHand),
        (1_u16..10).prop_map(|days| Release::AfterDelay { days }),
        (1_u16..10).prop_map(|days| Release::FixedInterval { days }),
    ]
}

/// What happens on a day: which steps are completed, skipped, held.
type Happening = (Option<usize>, Option<usize>, Vec<usize>);

/// Whether a step may be out on this day by its rule, worked out the slow way: from the step itself, looking back.
fn may_be_out(played: &Played, position: usize, today: NaiveDate) -> bool {
    let steps = &played.run.steps;
    let is_head = |position: &usize| *position == 1 || steps[position - 1].step.release != Release::Together;
    let head = (1..=position).rev().find(is_head).unwrap();
    let group_before = if head == 1 { 1..1 } else { (1..head).rev().find(is_head).unwrap()..head };
    let went = |position: usize| {
        let step = &steps[position - 1];
        step.released.map(|released| released.on).or(step.skipped.as_ref().map(|skipped| skipped.on))
    };
    let states = played.states(today);
    let is_over = |mut range: std::ops::Range<usize>| {
        range.all(|at| matches!(states[at - 1], StepState::Done | StepState::Skipped))
    };
    let number = (1..head).filter(|position| is_head(position)).count() as i64;
    (1..head).all(|earlier| went(earlier).is_some())
        && match steps[head - 1].step.release {
            Release::Together | Release::AfterCompletion => is_over(1..head),
            Release::ByHand => steps[position - 1].word_given,
            Release::AfterDelay { days } => {
                let last = group_before.into_iter().filter_map(went).max().unwrap_or(played.run.started_on);
                (today - last).num_days() >= i64::from(days)
            }
            Release::FixedInterval { days } => (today - played.run.started_on).num_days() >= i64::from(days) * number,
        }
}

#[test]
fn a_step_passed_over_does_not_let_out_the_next_while_one_before_it_goes_on() {
    let mut played = Played::of(&[Release::AfterCompletion; 3]);
    let today = day("2026-03-02");
    assert_eq!(played.release(today, &[]), [1]);
    played.skip(2, today).unwrap();
    assert_eq!(played.release(today, &[]), [0; 0]);
    played.complete(1);
    assert_eq!(played.release(today, &[]), [3]);
}

proptest! {
    #[test]
    fn no_step_goes_out_before_its_rule_and_none_that_is_due_stays(
        rules in prop::collection::vec(any_rule(), 1..7),
        days in prop::collection::vec(
            (prop::option::of(1_usize..7), prop::option::of(1_usize..7), prop::collection::vec(1_usize..7, 0..2)), 1..20,
        ),
        words in prop::collection::vec(prop::option::of(1_usize..7), 20),
    ) {
        let mut played = Played::of(&rules);
        for ((today, happening), word) in day("2026-03-02").iter_days().zip(days).zip(words) {
            let (complete, skip, holds): Happening = happening;
            if let Some(position) = word {
                played.run.give_word(position, &played.given, today).ok();
            }
            complete.into_iter().for_each(|position| played.complete(position));
            if let Some(position) = skip {
                played.skip(position, today).ok();
            }
            let out = played.release(today, &holds);
            for position in &out {
                prop_assert!(may_be_out(&played, *position, today), "step {position} of {rules:?} on {today}");
            }
            prop_assert!(out.is_sorted(), "in order: {out:?}");
            prop_assert!(played.release(today, &holds).is_empty(), "once is enough");
            for (position, step) in (1..).zip(&played.run.steps) {
                let waits = step.released.is_none() && step.skipped.is_none() && step.held.is_none();
                prop_assert!(!waits || !may_be_out(&played, position, today), "step {position} of {rules:?} on {today}");
            }
        }
    }

    #[test]
    fn nothing_follows_a_completion_while_something_before_it_goes_on(
        rules in prop::collection::vec(any_rule(), 1..7),
        days in prop::collection::vec((prop::option::of(1_usize..7), prop::option::of(1_usize..7)), 1..20),
    ) {
        let mut played = Played::of(&rules);
        for (today, (complete, skip)) in day("2026-03-02").iter_days().zip(days) {
            complete.into_iter().for_each(|position| played.complete(position));
            if let Some(position) = skip {
                played.skip(position, today).ok();
            }
            let states = played.states(today);
            for position in played.release(today, &[]) {
                let follows = rules[position - 1] == Release::AfterCompletion;
                let over = |state: &StepState| matches!(state, StepState::Done | StepState::Skipped);
                prop_assert!(!follows || states[..position - 1].iter().all(over), "step {position} of {rules:?}");
            }
        }
    }

    #[test]
    fn a_day_that_is_known_is_the_day_on_which_a_step_goes_out_if_nothing_else_happens(
        rules in prop::collection::vec(any_rule(), 1..7),
    ) {
        let mut played = Played::of(&rules);
        let today = day("2026-03-02");
        played.release(today, &[]);
        let known: Vec<_> = played.run.standing(&played.given, today).into_iter().map(|standing| match standing {
            StepStanding::Waiting(due) => due.day(),
            _ => Some(today),
        }).collect();
        for day in today.iter_days().take(70) {
            played.release(day, &[]);
        }
        let went: Vec<_> = played.run.steps.iter().map(|step| step.released.map(|released| released.on)).collect();
        prop_assert_eq!(known, went, "{:?}", rules);
    }

    #[test]
    fn a_partners_version_counts_what_they_see_and_nothing_else(
        rules in prop::collection::vec(any_rule(), 1..7),
        alone in prop::collection::vec(prop::option::of(1_u128..3), 7),
        days in prop::collection::vec(
            (prop::option::of(1_usize..7), prop::option::of(1_usize..7), prop::collection::vec(1_usize..7, 0..2)), 1..20,
        ),
        takes_back in prop::collection::vec(prop::option::of(1_usize..7), 20),
    ) {
        let alone = (1..=rules.len()).zip(alone).filter_map(|(position, who)| Some((position, id(who?)))).collect();
        let mut played = Played::start(program(&rules), alone);
        let mut seen = None;
        for ((today, (complete, skip, holds)), taken_back) in day("2026-03-02").iter_days().zip(days).zip(takes_back) {
            if let Some(position) = taken_back {
                played.end(position, Ending::Cancelled);
                played.give_again(position, today).ok();
            }
            complete.into_iter().for_each(|position| played.complete(position));
            if let Some(position) = skip {
                played.skip(position, today).ok();
            }
            played.release(today, &holds);
            let states = played.states(today);
            let shown = played.shown(KIM).map(|shown| {
                let steps = shown.positions.iter().map(|position| (states[position - 1], &played.run.steps[position - 1]));
                let states: Vec<_> = steps.map(|(state, step)| (state, step.released)).collect();
                ((shown.positions, shown.more_to_come, shown.status, states), shown.version)
            });
            if let (Some((before, version)), Some((now, next))) = (&seen, &shown) {
                prop_assert_eq!(before == now, version == next, "{:?} {:?}", before, now);
                prop_assert!(version <= next);
            }
            prop_assert!(seen.is_none() || shown.is_some());
            seen = shown;
        }
    }
}
