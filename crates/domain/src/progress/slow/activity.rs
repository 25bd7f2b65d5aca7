//! Activity interval by interval, and what does not add up, looked for day by day.

use super::*;

/// Of each interval: what was done in it; 0 if it would have been counted, which some day of it decides; else nothing.
pub(super) fn check_points(total: &Total, exercise: WhichExercise, input: &ProgressInput, said: &[Said], span: &Span) {
    let measure = AnyMeasure::Known(total.measure);
    let theirs = |said: &&Said| said.0 == exercise && said.1 == total.author && said.3 == measure;
    let intervals = intervals(span);
    assert_eq!(total.points.len(), intervals.len());
    for (point, (first, last)) in total.points.iter().zip(intervals) {
        let of_interval = |said: &&Said| first_day(span.interval, said.2) == first;
        let values: Vec<f64> = said.iter().filter(theirs).filter(of_interval).map(|said| said.4).collect();
        let counted = span
            .from
            .iter_days()
            .take_while(|day| *day <= last)
            .any(|day| first_day(span.interval, day) == first && is_counted(total, exercise, input, day));
        let expected = (counted || !values.is_empty()).then(|| values.iter().sum::<f64>());
        assert_eq!((point.starts_on, point.n as usize), (first, values.len()));
        assert!(near(point.sum, expected), "{point:?} {expected:?} {total:?}");
    }
}

fn is_counted(total: &Total, exercise: WhichExercise, input: &ProgressInput, day: NaiveDate) -> bool {
    let is_due = |promise: &CountedPromise| promise.due.iter().any(|(on, _)| *on == day);
    let due = match total.measure {
        Measure::PromisesDue | Measure::PromisesClaimed => {
            input.promises.iter().any(|one| Author::Partner(one.maker) == total.author && is_due(one))
        }
        Measure::PromisesAnswered => {
            input.received.iter().any(|one| Author::Partner(one.to) == total.author && is_due(one))
        }
        Measure::TalkTurns | Measure::RitualMinutes => return false,
        _ => false,
    };
    let open = input.assignments.iter().filter(|given| given.exercise == exercise).any(|given| {
        let began = given.starts_on <= day;
        let theirs = |standing: &Standing| Author::Partner(standing.partner) == total.author;
        let takes_part = given.standings.iter().any(theirs) || !matches!(total.author, Author::Partner(_));
        began && given.ended_on.is_none_or(|ended| day <= ended) && takes_part
    });
    due || open
}

/// How many readings it was made of.
pub(super) fn check_apology_parts(told: &ExerciseProgress, said: &[Said]) -> usize {
    let mut read = 0;
    for author in said.iter().map(|said| said.1).collect::<std::collections::BTreeSet<_>>() {
        let parts = AnyMeasure::Known(Measure::ApologyParts);
        let theirs = said.iter().filter(|said| said.0 == told.exercise && said.1 == author && said.3 == parts);
        let mut drafts: Vec<_> = theirs.map(|said| (said.2, said.4)).collect();
        drafts.sort_by_key(|(on, _)| *on);
        read += drafts.len();
        let shown = told.activity.apology_parts.iter().find(|parts| parts.author == author);
        assert_eq!(shown.map(|parts| parts.latest), drafts.last().map(|(_, parts)| *parts));
        assert_eq!(shown.map(|parts| parts.most), drafts.iter().map(|(_, parts)| *parts).reduce(f64::max));
    }
    read
}
