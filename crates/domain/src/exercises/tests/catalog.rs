use chrono::{Days, Months, NaiveDate};

use super::a_monday;
use crate::{
    assignment::waits_for_safety,
    exercises::{
        Aspect, DEFAULT_ORDER, Direction, Exercise, Kind, KindVisibility, Measure, Mode, Per, Rhythm, Slug, Writer,
        catalog, exercise,
    },
    recurrence::Recurrence,
};

/// How far into the default order an exercise comes.
fn step(slug: Slug) -> usize {
    DEFAULT_ORDER.iter().position(|step| step.contains(&slug)).unwrap()
}

#[test]
fn the_ten_are_complete_and_in_order() {
    let numbers: Vec<_> = catalog().iter().map(|exercise| exercise.number).collect();
    assert_eq!(numbers, Vec::from_iter(1..=10));
    let slugs: Vec<_> = catalog().iter().map(|exercise| exercise.slug).collect();
    assert_eq!([&slugs[..], &[Slug::Own]].concat(), Slug::ALL, "and one of the practice's own");
    for slug in Slug::ALL {
        assert_eq!(exercise(*slug).map(|chosen| chosen.slug), Some(*slug).filter(|slug| *slug != Slug::Own));
        assert_eq!(slug.as_str().parse(), Ok(*slug));
    }
    assert_eq!(DEFAULT_ORDER.concat().len(), 10);
}

#[test]
fn every_exercise_is_worded_and_records_something() {
    for exercise in catalog() {
        assert!(!exercise.title.is_empty() && !exercise.purpose.is_empty());
        assert!(!exercise.steps.is_empty() && !exercise.prompts.is_empty());
        assert!(!exercise.kinds.is_empty());
        assert!(exercise.kinds.iter().all(|kind| kind.exercise() == exercise.slug));
    }
    let kinds: Vec<_> = catalog().iter().flat_map(|exercise| exercise.kinds.iter().copied()).collect();
    assert_eq!([&kinds[..], &[Kind::OwnEntry]].concat(), Kind::ALL);
}

#[test]
fn prerequisites_come_earlier_in_the_default_order() {
    for exercise in catalog() {
        let here = step(exercise.slug);
        assert!(exercise.defaults.prerequisites.iter().all(|earlier| step(*earlier) < here), "{}", exercise.slug);
        assert_eq!(exercise.defaults.prerequisites.is_empty(), here == 0, "{}", exercise.slug);
    }
    let first = [Slug::RootCause, Slug::Apology, Slug::Consistency];
    assert_eq!(exercise(Slug::Forgiveness).unwrap().defaults.prerequisites, first);
}

#[test]
fn nobody_is_late_for_healing_or_forgiving() {
    let never: Vec<_> = catalog().iter().filter(|exercise| !exercise.defaults.can_be_overdue).collect();
    assert_eq!(Vec::from_iter(never.iter().map(|exercise| exercise.number)), [9, 10]);
}

#[test]
fn what_is_done_face_to_face_waits_for_safety() {
    assert!(
        waits_for_safety(Slug::TransparentCommunication, Mode::Separate),
        "openness is asked for, even of one alone"
    );
    let joint = catalog().iter().filter(|exercise| exercise.defaults.mode == Mode::Joint);
    assert!(joint.into_iter().all(|exercise| exercise.defaults.needs_safety_in_every_mode));
}

#[test]
fn an_assignment_starts_with_the_first_rule_among_the_rhythms() {
    for Exercise { slug, defaults, rhythms, .. } in catalog() {
        assert_eq!(defaults.cadence, rhythms.iter().find_map(|rhythm| rhythm.recurrence), "{slug}");
    }
}

/// On how many days of its span, from a Monday or the first of a month, a rhythm falls by its rule.
fn days_of_a_span(rule: &str, per: Per) -> usize {
    let rule: Recurrence = rule.parse().unwrap();
    let (from, after) = match per {
        Per::Week => (a_monday(), a_monday() + Days::new(7)),
        Per::Month => {
            let first = NaiveDate::from_ymd_opt(2026, 3, 1).unwrap();
            (first, first + Months::new(1))
        }
    };
    rule.days(from, from, after.pred_opt().unwrap()).len()
}

#[test]
fn each_rhythm_can_be_kept_and_is_of_its_exercise() {
    for Exercise { slug, rhythms, weeks, .. } in catalog() {
        assert!(!rhythms.is_empty(), "{slug}");
        assert!(weeks.is_none_or(|weeks| (1..=weeks.to).contains(&weeks.from)), "{slug}");
        for Rhythm { kinds, words, recurrence, times } in *rhythms {
            assert!(!words.is_empty() && kinds.iter().all(|kind| kind.exercise() == *slug), "{slug}: {words}");
            assert!(recurrence.is_none_or(|rule| rule.parse::<Recurrence>().is_ok()), "{slug}: {words}");
            let Some(times) = times else { continue };
            assert!((1..=times.to).contains(&times.from), "{slug}: {words}");
            let fits = |rule| (times.from.into()..=times.to.into()).contains(&days_of_a_span(rule, times.per));
            assert!(recurrence.is_none_or(fits), "{slug}: {words}");
        }
    }
}

#[test]
fn promises_are_ticked_daily_and_looked_at_together_weekly_for_two_to_three_months() {
    let consistency = exercise(Slug::Consistency).unwrap();
    let rhythms: Vec<_> = consistency.rhythms.iter().map(|rhythm| (rhythm.kinds, rhythm.recurrence)).collect();
    let review = [Kind::ConsistencyReview];
    assert_eq!(rhythms[..2], [(&[][..], Some("FREQ=DAILY")), (&review[..], Some("FREQ=WEEKLY"))]);
    assert_eq!(consistency.weeks.map(|weeks| (weeks.from, weeks.to)), Some((8, 12)));
}

#[test]
fn what_only_counselors_may_read_stays_so() {
    let always = |wanted| move |kind: &Kind| kind.visibility() == wanted;
    let fixed = |wanted| Kind::ALL.iter().copied().filter(always(wanted)).collect::<Vec<_>>();
    let for_counselors =
        [Kind::RootCauseUndisclosed, Kind::ApologyCoaching, Kind::Ambivalence, Kind::ForgivenessTalkWish];
    assert_eq!(fixed(KindVisibility::COUNSELOR_ONLY), for_counselors);
    let between_them = [Kind::ApologyDelivery, Kind::TransparencyReview, Kind::TransparencyWithdrawal];
    assert_eq!(fixed(KindVisibility::BETWEEN_THEM), between_them);
}

#[test]
fn joint_entries_are_never_sealed_from_one_of_their_writers() {
    use crate::visibility::Visibility;
    for kind in Kind::ALL.iter().filter(|kind| kind.writer() == Writer::Together) {
        assert_eq!(kind.visibility().default, Visibility::Shared, "{kind}");
    }
}

#[test]
fn measures_are_either_activity_or_outcome() {
    for measure in Measure::ALL {
        assert_eq!(measure.as_str().parse(), Ok(*measure));
        let judged = measure.direction() != Direction::Neither;
        assert!(!judged || measure.aspect() == Aspect::Outcome, "{measure}: more activity is not better by itself");
        assert!(!measure.as_str().contains("forg"), "{measure}: forgiving is no target");
    }
}

#[test]
fn every_measure_is_read_from_some_entry() {
    let read: Vec<_> = Kind::ALL.iter().flat_map(|kind| kind.example().readings()).collect();
    for reading in &read {
        let (least, most) = reading.measure.range();
        assert!(reading.value >= least && most.is_none_or(|most| reading.value <= most), "{}", reading.measure);
    }
    let elsewhere = [&[Measure::BoundariesRespected, Measure::RitualsSkipped], Measure::OF_LEDGER].concat();
    for measure in Measure::ALL.iter().filter(|measure| !elsewhere.contains(measure)) {
        assert!(read.iter().any(|reading| reading.measure == *measure), "{measure}");
    }
}

#[test]
fn what_entries_say_in_numbers_is_among_the_measures_of_their_exercise() {
    for kind in Kind::ALL {
        let measures = kind.exercise().measures();
        for reading in kind.example().readings() {
            assert!(measures.contains(&reading.measure), "{kind}: {}", reading.measure);
        }
    }
    for measure in Measure::ALL {
        assert!(Slug::ALL.iter().any(|slug| slug.measures().contains(measure)), "{measure}");
    }
}
