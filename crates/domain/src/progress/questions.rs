//! Questions of exercise 1 are counted as questions: however often one is answered, the last word on it holds.

use std::collections::BTreeMap;

use super::{AnyMeasure, CountedEntry};
use crate::{exercises::Measure, ids::EntryId};

/// Leaves one reading for each question: of its last answer, and of the last word of who asked. `questions` says which question each
/// answer is to.
pub(super) fn count_by_question(entries: &mut [CountedEntry], questions: &BTreeMap<EntryId, EntryId>) {
    let about = |entry: &CountedEntry| entry.about.first().copied();
    let question = |answer: EntryId| questions.get(&answer).copied().unwrap_or(answer);
    keep_last(entries, Measure::QuestionsAnswered, about);
    keep_last(entries, Measure::QuestionsSatisfied, |heard| about(heard).map(question));
}

/// Leaves the readings of a measure only where they are the last about the same.
fn keep_last(entries: &mut [CountedEntry], measure: Measure, about: impl Fn(&CountedEntry) -> Option<EntryId>) {
    let measure = AnyMeasure::Known(measure);
    let says = |entry: &CountedEntry| entry.readings.iter().any(|reading| reading.measure == measure);
    let mut last = BTreeMap::new();
    for entry in entries.iter().filter(|entry| says(entry)) {
        let word = (entry.recorded_on, entry.id);
        let known = last.entry(about(entry)).or_insert(word);
        *known = word.max(*known);
    }
    for entry in entries.iter_mut() {
        if last.get(&about(entry)) != Some(&(entry.recorded_on, entry.id)) {
            entry.readings.retain(|reading| reading.measure != measure);
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::Days;
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::{
        couple::tests::{day, id},
        entry::Author,
        exercises::{Kind, Reading, Slug},
    };

    fn said(number: u128, kind: Kind, about: u128, after: u64, readings: &[(Measure, f64)]) -> CountedEntry {
        let reading = |(measure, value): &(Measure, f64)| Reading { measure: *measure, value: *value }.into();
        CountedEntry {
            id: id(number),
            assignment: id(50),
            exercise: Slug::RootCause.into(),
            kind,
            author: Author::Partner(id(1)),
            recorded_on: day("2026-03-02") + Days::new(after),
            readings: readings.iter().map(reading).collect(),
            about: vec![id(about)],
        }
    }

    fn answer(number: u128, question: u128, after: u64) -> CountedEntry {
        said(number, Kind::RootCauseAnswer, question, after, &[(Measure::QuestionsAnswered, 1.0)])
    }

    fn heard(number: u128, answer: u128, after: u64, satisfied: f64) -> CountedEntry {
        let readings = [(Measure::QuestionsSatisfied, satisfied), (Measure::FeltUnderstood, 5.0)];
        said(number, Kind::RootCauseAnswerHeard, answer, after, &readings)
    }

    fn of(entries: &[CountedEntry], measure: Measure) -> Vec<(EntryId, f64)> {
        let of = |entry: &CountedEntry| {
            let read = entry.readings.iter().find(|reading| reading.measure == AnyMeasure::Known(measure));
            read.map(|reading| (entry.id, reading.value))
        };
        entries.iter().filter_map(of).collect()
    }

    #[test]
    fn a_question_answered_again_counts_once_and_by_the_last_word() {
        let mut entries = vec![
            answer(1, 90, 0),
            heard(2, 1, 1, 0.0),
            answer(3, 90, 2),
            heard(4, 3, 3, 1.0),
            answer(5, 91, 0),
            heard(6, 5, 1, 0.0),
        ];
        let questions = BTreeMap::from([(id(1), id(90)), (id(3), id(90)), (id(5), id(91))]);

        count_by_question(&mut entries, &questions);

        assert_eq!(of(&entries, Measure::QuestionsAnswered), [(id(3), 1.0), (id(5), 1.0)]);
        assert_eq!(of(&entries, Measure::QuestionsSatisfied), [(id(4), 1.0), (id(6), 0.0)]);
        assert_eq!(of(&entries, Measure::FeltUnderstood).len(), 3, "how understood each answer made them feel stays");
    }

    proptest! {
        /// Answers 0 to 9 to questions 100 to 102, and words about them, each looked for by going through all later ones.
        #[test]
        fn what_is_left_is_what_nothing_later_is_about(all in vec((0..2_u8, 0..10_u128, 0..30_u64), 0..30)) {
            let question = |answer: u128| 100 + answer % 3;
            let make = |(number, (is_answer, about, after)): (u128, (u8, u128, u64))| match is_answer {
                0 => answer(number, question(about), after),
                _ => heard(number, about, after, 1.0),
            };
            let mut entries: Vec<_> = (200..).zip(all).map(make).collect();
            let before = entries.clone();
            count_by_question(&mut entries, &(0..10).map(|answer| (id(answer), id(question(answer)))).collect());
            for (kept, entry) in entries.iter().zip(&before) {
                let asked = |one: &CountedEntry| match one.kind {
                    Kind::RootCauseAnswer => one.about[0],
                    _ => (0..10).find(|answer| one.about[0] == id(*answer)).map(|answer| id(question(answer))).unwrap(),
                };
                let mut is_last = true;
                for other in &before {
                    let later = (other.recorded_on, other.id) > (entry.recorded_on, entry.id);
                    is_last &= !(later && other.kind == entry.kind && asked(other) == asked(entry));
                }
                let dropped = entry.readings.len() - kept.readings.len();
                prop_assert_eq!(dropped == 0, is_last);
            }
        }
    }
}
