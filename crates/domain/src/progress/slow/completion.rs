//! What was handed in and what was said of promises, counted one by one.

use super::*;

/// What was due, spoken of and answered, as said of exercise 4.
pub(super) fn ticked(input: &ProgressInput, span: &Span) -> Vec<Said> {
    let mut all = Vec::new();
    let mut tick = |measure, by, on| {
        all.push((Slug::Consistency.into(), Author::Partner(by), on, AnyMeasure::Known(measure), 1.0));
    };
    for day in span.from.iter_days().take_while(|day| *day <= span.until) {
        for promise in &input.promises {
            for (_, said) in promise.due.iter().filter(|(on, _)| *on == day) {
                tick(Measure::PromisesDue, promise.maker, day);
                if said.is_some() {
                    tick(Measure::PromisesClaimed, promise.maker, day);
                }
            }
        }
        for promise in &input.received {
            for (_, said) in promise.due.iter().filter(|(on, _)| *on == day) {
                if said.is_some_and(|said| said.confirmation.is_some()) {
                    tick(Measure::PromisesAnswered, promise.to, day);
                }
            }
        }
    }
    all
}

pub(super) fn check_completion(told: &Progress, input: &ProgressInput, span: &Span) {
    let said = ticked(input, span);
    for one in &told.exercises {
        for completion in &one.activity.completion {
            let (mut assigned, mut submitted) = (0, 0);
            for given in input.assignments.iter().filter(|given| given.exercise == one.exercise) {
                let theirs = |author| author == Author::Together || author == Author::Partner(completion.partner);
                let in_range = |on: NaiveDate| on >= span.from && on <= span.until;
                let wrote = |entry: &CountedEntry| {
                    entry.assignment == given.id && theirs(entry.author) && in_range(entry.recorded_on)
                };
                let spoke = |said: &Said| {
                    said.3 != AnyMeasure::Known(Measure::PromisesDue)
                        && theirs(said.1)
                        && said.2 >= given.starts_on
                        && given.ended_on.is_none_or(|ended| said.2 <= ended)
                };
                let four = given.exercise.slug == Slug::Consistency;
                assigned += 1;
                submitted += u32::from(input.entries.iter().any(wrote) || (four && said.iter().any(spoke)));
            }
            assert_eq!((completion.assigned, completion.submitted), (assigned, submitted));
        }
    }
}
