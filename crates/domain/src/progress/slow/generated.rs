//! Histories that progress is computed from, made up.

use chrono::{Days, NaiveDate};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::super::*;
use crate::{
    couple::tests::{day, id, noon},
    exercises::{Direction, OccurrenceState, PlannedRitual, Slug},
    own_exercise::OwnMeasure,
    promise::{Claim, ClaimWord, Confirmation, ConfirmationWord},
    recorded_by::RecordedBy,
};

fn days() -> impl Strategy<Value = NaiveDate> {
    (0..200_u64).prop_map(|after| day("2025-11-03") + Days::new(after))
}

fn authors() -> impl Strategy<Value = Author> {
    select(vec![Author::Partner(id(1)), Author::Partner(id(2)), Author::Together, Author::Counselor(id(9))])
}

/// What an entry is, what it says in numbers, and which entry it is about.
type Content = (WhichExercise, Kind, Vec<(AnyMeasure, u8)>, Option<u128>);

fn known(kind: Kind, readings: &[(Measure, u8)], about: Option<u128>) -> Content {
    let readings = readings.iter().map(|(measure, value)| (AnyMeasure::Known(*measure), *value));
    (kind.exercise().into(), kind, readings.collect(), about)
}

/// An entry of an exercise of the practice's own, with a scale that it may have asked differently.
fn own(exercise: u128, title: &str, value: u8) -> Content {
    let (field, source) = ("closeness".parse().unwrap(), "Our own.".to_owned().try_into().unwrap());
    let title = title.to_owned().try_into().unwrap();
    let measure = OwnMeasure { field, title, direction: Direction::Up, source };
    let exercise = WhichExercise { slug: Slug::Own, own: Some(id(exercise)) };
    (exercise, Kind::OwnEntry, vec![(AnyMeasure::Own(measure), value)], None)
}

fn contents() -> impl Strategy<Value = Content> {
    let pulse = (1..4_u8).prop_map(|trust| known(Kind::Pulse, &[(Measure::Trust, trust)], None));
    let talk = (1..90_u8).prop_map(|minutes| known(Kind::TalkLog, &[(Measure::TalkMinutes, minutes)], None));
    let act = Just(known(Kind::CommitmentAct, &[(Measure::CommitmentActs, 1)], None));
    let noticed = (0..2_u8, 0..11_u8, 0..40_u128).prop_map(|(noticed, meaning, act)| {
        known(Kind::ActNoticed, &[(Measure::ActsNoticed, noticed), (Measure::Meaning, meaning)], Some(act))
    });
    let own = (80..82_u128, select(vec!["How close?", "How near?"]), 0..11_u8)
        .prop_map(|(exercise, title, value)| own(exercise, title, value));
    let turns = (1..9_u8).prop_map(|turns| known(Kind::TalkLog, &[(Measure::TalkTurns, turns)], None));
    let draft = (1..4_u8).prop_map(|parts| {
        known(Kind::ApologyDraft, &[(Measure::ApologyDrafts, 1), (Measure::ApologyParts, parts)], None)
    });
    let compared =
        (0..11_u8).prop_map(|agree| known(Kind::RootCauseComparison, &[(Measure::AccountsAgree, agree)], None));
    prop_oneof![pulse, talk, turns, act, noticed, own, draft, compared]
}

fn entry(number: u128, content: Content, author: Author, recorded_on: NaiveDate) -> CountedEntry {
    let (exercise, kind, readings, about) = content;
    let reading = |(measure, value): (AnyMeasure, u8)| Reading { measure, value: f64::from(value) };
    CountedEntry {
        id: id(number),
        assignment: id(50),
        exercise,
        kind,
        author,
        recorded_on,
        readings: readings.into_iter().map(reading).collect(),
        about: about.map(id).into_iter().collect(),
    }
}

fn entries() -> impl Strategy<Value = Vec<CountedEntry>> {
    vec((contents(), authors(), days()), 0..40).prop_map(|all| {
        (0..).zip(all).map(|(number, (content, author, on))| entry(number, content, author, on)).collect()
    })
}

fn outcomes() -> impl Strategy<Value = Option<Outcome>> {
    let words = (select(ClaimWord::ALL), option::of(select(ConfirmationWord::ALL)));
    option::weighted(0.8, words).prop_map(|words| {
        words.map(|(claim, answer)| Outcome {
            promise: id(30),
            couple: id(20),
            due_on: day("2026-01-01"),
            claim: Claim { word: claim, at: noon("2026-01-01"), recorded_by: RecordedBy::Partner(id(1)) },
            confirmation: answer.map(|word| Confirmation {
                word,
                at: noon("2026-01-01"),
                recorded_by: RecordedBy::Partner(id(2)),
            }),
            version: 1,
        })
    })
}

fn promises() -> impl Strategy<Value = Vec<CountedPromise>> {
    let promise = (1..3_u128, vec((days(), outcomes()), 0..60)).prop_map(|(maker, due)| CountedPromise {
        maker: id(maker),
        to: id(3 - maker),
        due,
    });
    vec(promise, 0..4)
}

fn rituals() -> impl Strategy<Value = PlannedRituals> {
    let day = (50..53_u128, days(), select(OccurrenceState::ALL));
    let planned = |(assignment, on, state)| PlannedRitual { assignment: id(assignment), on, state };
    vec(day.prop_map(planned), 0..80).prop_map(|days| PlannedRituals { days, cut: false })
}

fn assignments() -> impl Strategy<Value = Vec<CountedAssignment>> {
    let standings = || {
        let (status, changed_at) = (StandingStatus::Assigned, noon("2025-11-03"));
        [1, 2].map(|one| Standing { partner: id(one), status, changed_at, answered_on: None }).to_vec()
    };
    let given =
        move |(number, (slug, starts_on, reminders_until, ended_on)): (u128, (Slug, _, _, _))| CountedAssignment {
            id: id(number),
            exercise: slug.into(),
            starts_on,
            ended_on,
            reminders_until,
            standings: standings(),
            told: true,
        };
    let exercises = select(vec![
        Slug::SharedRituals,
        Slug::Consistency,
        Slug::ProfessionalHelp,
        Slug::TransparentCommunication,
        Slug::ReaffirmCommitment,
    ]);
    let each = (exercises, days(), option::of(days()), option::weighted(0.2, days()));
    vec(each, 0..5).prop_map(move |each| (50..).zip(each).map(given).collect())
}

pub(super) fn inputs() -> impl Strategy<Value = ProgressInput> {
    let thanks = (1..3_u128, days()).prop_map(|(to, on)| CountedThanks { to: id(to), on });
    let all = (entries(), assignments(), promises(), promises(), vec(thanks, 0..10), rituals());
    all.prop_map(|(entries, assignments, promises, received, thanks, rituals)| ProgressInput {
        entries,
        assignments,
        promises,
        promises_cut: false,
        entries_cut: false,
        received,
        thanks,
        rituals,
        attendance: Vec::new(),
    })
}

pub(super) fn spans() -> impl Strategy<Value = Span> {
    (days(), days(), select(Interval::ALL), 0..2_u64).prop_map(|(one, other, interval, later)| {
        let until = one.max(other);
        Span { from: one.min(other), until, interval, today: until + Days::new(later) }
    })
}
