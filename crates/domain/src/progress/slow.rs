//! Progress computed the obvious way, in straight loops over everything, and held against the real one for generated histories.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use proptest::prelude::*;

use super::*;
use crate::{
    couple::tests::id,
    exercises::{Aspect, OccurrenceState, Slug},
    promise::{ClaimWord, ConfirmationWord, KeptRate},
};

mod activity;
mod completion;
mod generated;

use activity::{check_apology_parts, check_points};
use completion::{check_completion, ticked};
use generated::{inputs, spans};

/// One reading and where it comes from.
type Said = (WhichExercise, Author, NaiveDate, AnyMeasure, f64);

fn everything_said(entries: &[CountedEntry], span: &Span) -> Vec<Said> {
    let mut all = Vec::new();
    for entry in entries {
        for reading in &entry.readings {
            if entry.recorded_on >= span.from && entry.recorded_on <= span.until {
                all.push((entry.exercise, entry.author, entry.recorded_on, reading.measure.clone(), reading.value));
            }
        }
    }
    all
}

fn first_day(interval: Interval, mut day: NaiveDate) -> NaiveDate {
    let begins = |day: NaiveDate| match interval {
        Interval::Week => day.weekday() == Weekday::Mon,
        Interval::Month => day.day() == 1,
    };
    while !begins(day) {
        day = day.pred_opt().unwrap();
    }
    day
}

/// The first day of each interval, with its last day of the span, found by walking through the days.
fn intervals(span: &Span) -> Vec<(NaiveDate, NaiveDate)> {
    let mut found: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for day in span.from.iter_days().take_while(|day| *day <= span.until) {
        let first = first_day(span.interval, day);
        match found.last_mut() {
            Some(last) if last.0 == first => last.1 = day,
            _ => found.push((first, day)),
        }
    }
    found
}

fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() { None } else { Some(values.iter().sum::<f64>() / values.len() as f64) }
}

/// The textbook's formula for the slope of the line of least squares.
fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let (mut x, mut y, mut xx, mut xy) = (0.0, 0.0, 0.0, 0.0);
    for point in points {
        x += point.0;
        y += point.1;
        xx += point.0 * point.0;
        xy += point.0 * point.1;
    }
    (n * xy - x * y) / (n * xx - x * x)
}

fn near(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() < 1e-9,
        (one, other) => one == other,
    }
}

fn check_series(series: &Series, exercise: WhichExercise, said: &[Said], span: &Span) {
    let theirs = |said: &&Said| said.0 == exercise && said.1 == series.author && said.3 == series.measure;
    let values: Vec<f64> = said.iter().filter(theirs).map(|said| said.4).collect();
    assert!(near(Some(series.mean), mean(&values)) && series.n as usize == values.len());
    let intervals = intervals(span);
    assert_eq!(series.points.len(), intervals.len());
    let mut valued = Vec::new();
    for (at, (point, (first, _))) in series.points.iter().zip(&intervals).enumerate() {
        let of_interval = |said: &&Said| first_day(span.interval, said.2) == *first;
        let values: Vec<f64> = said.iter().filter(theirs).filter(of_interval).map(|said| said.4).collect();
        assert_eq!((point.starts_on, point.n as usize), (*first, values.len()));
        assert!(near(point.mean, mean(&values)));
        valued.extend(mean(&values).map(|mean| (at as f64, mean)));
    }
    match series.trend {
        Trend::Withheld { n } => assert!(n < TREND_MINIMUM && n as usize == valued.len()),
        Trend::Given { n, per_interval } => {
            assert!(n >= TREND_MINIMUM && n as usize == valued.len());
            assert!((per_interval - slope(&valued)).abs() < 1e-9, "{per_interval} {valued:?}");
        }
    }
}

fn check_exercises(told: &Progress, input: &ProgressInput, span: &Span) {
    let mut said = everything_said(&input.entries, span);
    said.extend(ticked(input, span));
    let mut looked_at = 0;
    for one in &told.exercises {
        for series in &one.outcome {
            check_series(series, one.exercise, &said, span);
            looked_at += series.n as usize;
        }
        for total in &one.activity.totals {
            let measure = AnyMeasure::Known(total.measure);
            let theirs = |said: &&Said| said.0 == one.exercise && said.1 == total.author && said.3 == measure;
            let values: Vec<f64> = said.iter().filter(theirs).map(|said| said.4).collect();
            assert!(near(Some(total.sum), Some(values.iter().sum())) && total.n as usize == values.len());
            assert_eq!(total.measure.aspect(), Aspect::Activity);
            check_points(total, one.exercise, input, &said, span);
            looked_at += values.len();
        }
        looked_at += check_apology_parts(one, &said);
    }
    assert_eq!(looked_at, said.len(), "everything that was said is told once");
}

fn check_rate(rate: &KeptRate, due: &[(NaiveDate, Option<Outcome>)], until: NaiveDate) {
    let (mut kept, mut spoken, mut confirmed, mut answered, mut times) = (0, 0, 0, 0, 0);
    let mut refused = 0;
    for back in 0..28 {
        let day = until - Days::new(back);
        for (_, said) in due.iter().filter(|(on, _)| *on == day) {
            times += 1;
            let Some(said) = said else { continue };
            let word = said.claim.word;
            if word == ClaimWord::Renegotiated || word == ClaimWord::Excused {
                continue;
            }
            spoken += 1;
            kept += u32::from(word == ClaimWord::Kept);
            let answer = said.confirmation.map(|answer| answer.word);
            if answer == Some(ConfirmationWord::Confirmed) || answer == Some(ConfirmationWord::Disputed) {
                answered += 1;
                confirmed += u32::from(word == ClaimWord::Kept && answer == Some(ConfirmationWord::Confirmed));
                refused += u32::from(word == ClaimWord::Kept && answer == Some(ConfirmationWord::Disputed));
            }
        }
    }
    let share = |part: u32, whole: u32| (whole > 0).then(|| (f64::from(part) / f64::from(whole), whole));
    assert_eq!((rate.due, rate.claimed(), rate.confirmed()), (times, share(kept, spoken), share(confirmed, answered)));
    assert_eq!(rate.gap(), share(refused, answered));
}

/// The letters of a row of due times: `k` kept, `b` broken, `u` unknown; what does not count has none.
fn letters(due: &[(NaiveDate, Option<Outcome>)], span: &Span, confirmed: bool) -> String {
    let mut row = String::new();
    for day in span.from.iter_days().take_while(|day| *day <= span.until) {
        let mut of_day = Vec::new();
        for (_, said) in due.iter().filter(|(on, _)| *on == day) {
            let answer = said.and_then(|said| said.confirmation).map(|answer| answer.word);
            match said.map(|said| said.claim.word) {
                None if day < span.today => of_day.push((2, 'u')),
                None | Some(ClaimWord::Renegotiated | ClaimWord::Excused) => {}
                Some(ClaimWord::Partly | ClaimWord::Missed) => of_day.push((3, 'b')),
                Some(ClaimWord::Kept) if !confirmed => of_day.push((1, 'k')),
                Some(ClaimWord::Kept) => match answer {
                    Some(ConfirmationWord::Confirmed) => of_day.push((1, 'k')),
                    Some(ConfirmationWord::Disputed) => of_day.push((3, 'b')),
                    Some(ConfirmationWord::NotNoticed) | None => {}
                },
            }
        }
        of_day.sort_unstable();
        row.extend(of_day.iter().map(|(_, letter)| *letter));
    }
    row
}

fn check_run(run: Run, row: &str) {
    let kept = |part: &str| u32::try_from(part.len()).unwrap();
    let longest = row.split(['b', 'u']).map(kept).max().unwrap_or(0);
    let counts = row.contains(['k', 'b']);
    assert_eq!(run.longest, counts.then_some(longest), "{row}");
    let current = row.split(['b', 'u']).next_back().map(kept);
    let known = counts && !row.ends_with('u');
    assert_eq!(run.current, if known { current } else { None }, "{row}");
}

fn check_promises(told: &Progress, input: &ProgressInput, span: &Span) {
    for one in &told.promises {
        let made = input.promises.iter().filter(|promise| promise.maker == one.maker);
        let due: Vec<_> = made.flat_map(|promise| promise.due.clone()).collect();
        check_rate(&one.rate, &due, span.until);
        for (point, (first, last)) in one.series.iter().zip(intervals(span)) {
            assert_eq!(point.starts_on, first);
            check_rate(&point.rate, &due, last);
        }
        check_run(one.claimed_run, &letters(&due, span, false));
        check_run(one.confirmed_run, &letters(&due, span, true));
        let in_range: Vec<_> = due.iter().filter(|(day, _)| *day >= span.from && *day <= span.until).collect();
        let with = |word| in_range.iter().filter(|(_, said)| said.is_some_and(|said| said.claim.word == word)).count();
        let silent = in_range.iter().filter(|(day, said)| said.is_none() && *day < span.today).count();
        let thanks = input.thanks.iter().filter(|thanks| thanks.to == one.maker);
        let thanks = thanks.filter(|thanks| thanks.on >= span.from && thanks.on <= span.until).count();
        let expected = [in_range.len(), with(ClaimWord::Missed), with(ClaimWord::Renegotiated), silent, thanks];
        let LedgerCount { rate: KeptRate { due, missed, renegotiated, .. }, silent, appreciations } = one.count;
        assert_eq!([due, missed, renegotiated, silent, appreciations].map(|count| count as usize), expected);
        let per_miss = (expected[1] > 0).then(|| expected[4] as f64 / expected[1] as f64);
        assert_eq!(one.count.appreciations_per_miss(), per_miss);
    }
}

fn check_pairs(told: &Pairs, two: [PartnerId; 2], input: &ProgressInput, span: &Span) {
    let said = everything_said(&input.entries, span);
    let of = |partner: PartnerId, exercise, measure: &AnyMeasure| -> Vec<f64> {
        let theirs = said.iter().filter(|said| said.1 == Author::Partner(partner));
        theirs.filter(|said| said.0 == exercise && said.3 == *measure).map(|said| said.4).collect()
    };
    check_accounts(told, &said);
    let mut measured: Vec<_> = said.iter().map(|said| (said.0, said.3.clone())).collect();
    measured.sort();
    measured.dedup();
    let (mut gaps, mut balances) = (0, 0);
    for (exercise, measure) in measured {
        let values = two.map(|partner| of(partner, exercise, &measure));
        let [one, other] = &values;
        if measure.aspect() == Aspect::Outcome && !one.is_empty() && !other.is_empty() {
            gaps += 1;
            let gap = told.gaps.iter().find(|gap| gap.exercise == exercise && gap.measure == measure).unwrap();
            assert!(near(Some(gap.difference()), mean(one).zip(mean(other)).map(|(one, other)| one - other)));
            assert_eq!(gap.sides.map(|side| side.n as usize), [one.len(), other.len()]);
        }
        let mutual = [Measure::Shares, Measure::ResponsesGiven, Measure::CommitmentActs, Measure::Appreciations];
        let mutual = mutual.map(AnyMeasure::Known).contains(&measure);
        if mutual && !(one.is_empty() && other.is_empty()) {
            balances += 1;
            let of =
                |balance: &&Balance| balance.exercise == exercise.slug && AnyMeasure::Known(balance.measure) == measure;
            let balance = told.balances.iter().find(of).unwrap();
            let sums = [one, other].map(|values| values.iter().sum::<f64>());
            assert!(balance.sides.iter().zip(sums).all(|(side, sum)| near(Some(side.value), Some(sum))));
        }
    }
    assert_eq!((told.gaps.len(), told.balances.len()), (gaps, balances));
    for noticed in &told.noticed {
        let (mut acts, mut seen, mut unspoken) = (0, 0, 0);
        let in_range = |entry: &&CountedEntry| entry.recorded_on >= span.from && entry.recorded_on <= span.until;
        let theirs = |entry: &&CountedEntry| entry.author == Author::Partner(noticed.giver);
        for act in input.entries.iter().filter(in_range).filter(theirs).filter(|one| one.kind == Kind::CommitmentAct) {
            acts += 1;
            let others = input.entries.iter().filter(in_range).filter(|entry| entry.author != act.author);
            let notes = others.filter(|entry| {
                let by_a_partner = matches!(entry.author, Author::Partner(_));
                entry.kind == Kind::ActNoticed && by_a_partner && entry.about.contains(&act.id)
            });
            let notes: Vec<_> = notes.collect();
            unspoken += u32::from(notes.is_empty());
            let by_themselves = |entry: &CountedEntry| {
                entry
                    .readings
                    .iter()
                    .any(|one| one.measure == AnyMeasure::Known(Measure::ActsNoticed) && one.value == 1.0)
            };
            seen += u32::from(notes.into_iter().any(by_themselves));
        }
        assert_eq!((noticed.acts, noticed.noticed, noticed.unspoken), (acts, seen, unspoken));
        let share = (acts > unspoken).then(|| f64::from(seen) / f64::from(acts - unspoken));
        assert_eq!(noticed.share(), share);
    }
}

fn check_accounts(told: &Pairs, said: &[Said]) {
    let agree = AnyMeasure::Known(Measure::AccountsAgree);
    let compared = said.iter().filter(|said| matches!(said.1, Author::Partner(_)) && said.3 == agree);
    let apart: Vec<f64> = compared.map(|said| 10.0 - said.4).collect();
    assert!(near(told.accounts.map(|accounts| accounts.gap), mean(&apart)));
    assert_eq!(told.accounts.map_or(0, |accounts| accounts.n as usize), apart.len());
}

/// Planned and done of the rituals of one assignment, or of all, day by day.
fn planned(input: &ProgressInput, of: Option<AssignmentId>, from: NaiveDate, until: NaiveDate) -> (u32, u32) {
    let (mut planned, mut done) = (0, 0);
    for day in from.iter_days().take_while(|day| *day <= until) {
        for ritual in &input.rituals.days {
            if ritual.on == day && of.is_none_or(|assignment| ritual.assignment == assignment) {
                planned += 1;
                done += u32::from(ritual.state == OccurrenceState::Done);
            }
        }
    }
    (planned, done)
}

fn check_rituals(told: &Progress, input: &ProgressInput, span: &Span) {
    let row = told.exercises.iter().find(|row| row.exercise == Slug::SharedRituals.into());
    let count = row.and_then(|row| row.activity.rituals);
    let expected = planned(input, None, span.from, span.until);
    assert_eq!(count.map(|count| (count.planned, count.done)), (expected.0 > 0).then_some(expected));
    assert!(count.is_none_or(|count| count.planned == count.done + count.skipped + count.not_recorded));

    let mut kept_up = row.map(|row| row.kept_up.as_slice()).unwrap_or_default().iter();
    for assignment in &input.assignments {
        let Some(last) = assignment.reminders_until else { continue };
        let mut after = Vec::new();
        for day in last.iter_days().skip(1).take(56) {
            let is_over = day < span.today && day <= span.until;
            if is_over && assignment.ended_on.is_none_or(|ended| day <= ended) {
                after.push(day);
            }
        }
        let Some((first_day, last_day)) = after.first().zip(after.last()) else { continue };
        let start = *first_day - Days::new(after.len() as u64);
        let (before, after) = (
            planned(input, Some(assignment.id), start, last),
            planned(input, Some(assignment.id), *first_day, *last_day),
        );
        if *last_day < span.from || before.0 + after.0 == 0 {
            continue;
        }
        let told = kept_up.next().unwrap();
        assert_eq!(told.assignment, assignment.id);
        assert_eq!(
            ((told.before.from, told.before.until), (told.after.from, told.after.until)),
            ((start, last), (*first_day, *last_day))
        );
        for (stretch, (planned, done)) in [(told.before, before), (told.after, after)] {
            assert_eq!((stretch.planned, stretch.done), (planned, done));
            assert_eq!(stretch.share(), (planned >= 4).then(|| f64::from(done) / f64::from(planned)));
        }
    }
    assert_eq!(kept_up.next(), None);
}

fn lee_and_kim() -> [PartnerId; 2] {
    [1, 2].map(id)
}

proptest! {
    #[test]
    fn progress_is_what_straight_loops_make_of_it(input in inputs(), span in spans()) {
        let told = progress(&input, &span);
        check_exercises(&told, &input, &span);
        check_rituals(&told, &input, &span);
        check_completion(&told, &input, &span);
        check_promises(&told, &input, &span);
        check_pairs(&pairs(lee_and_kim(), &input.entries, &span), lee_and_kim(), &input, &span);
    }

    #[test]
    fn the_order_in_which_things_come_changes_nothing(input in inputs(), span in spans()) {
        let mut turned = input.clone();
        turned.entries.reverse();
        turned.promises.reverse();
        turned.received.reverse();
        turned.promises.iter_mut().for_each(|promise| promise.due.reverse());
        prop_assert_eq!(progress(&turned, &span), progress(&input, &span));
    }

    #[test]
    fn evenness_is_a_share(one in 0.0..100.0_f64, other in 0.0..100.0_f64) {
        let side = |value| Side { partner: id(1), value, n: 1 };
        let balance = Balance { exercise: Slug::Vulnerability, measure: Measure::Shares, sides: [side(one), side(other)] };
        prop_assert!(balance.evenness().is_none_or(|share| (0.0..=1.0).contains(&share)));
    }
}
