//! One figure of a couple's progress as a chart: a line for each person, in the words of the figure itself.

use std::collections::HashMap;

use domain::{
    entry::Author,
    exercises::{Direction, Measure, Slug, Unit},
    ids::PartnerId,
    progress::{AnyMeasure, Interval, Progress, Span, Told},
    promise::KeptRate,
};

use crate::chart::{Chart, Line};

/// What a chart of progress shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// What the partners say of one thing, in one exercise.
    Outcome(Slug, Measure),
    /// The share of promises that their makers say they kept.
    ClaimedRate,
    /// The share of promises that were kept as the other says too.
    ConfirmedRate,
}

/// Puts a figure of what an audience is told on a chart. What they are not told is not on it.
#[must_use]
pub fn progress_chart(figure: Figure, span: &Span, told: &Told, names: &HashMap<PartnerId, String>) -> Chart {
    let all: Vec<&Progress> = match told {
        Told::Both(progress, _) | Told::One(_, progress) => vec![progress],
        Told::SideBySide(each, _) => each.iter().map(|(_, progress)| progress).collect(),
    };
    let name = |partner: &PartnerId| names.get(partner).cloned().unwrap_or_default();
    let lines = all.into_iter().flat_map(|progress| lines(figure, progress, &name)).collect();
    Chart {
        title: title(figure),
        meaning: meaning(figure),
        intervals: span.stretches().into_iter().map(|stretch| stretch.starts_on).collect(),
        interval_name: match span.interval {
            Interval::Week => "Week of",
            Interval::Month => "Month from",
        },
        range: match figure {
            Figure::Outcome(_, measure) => measure.range(),
            Figure::ClaimedRate | Figure::ConfirmedRate => Unit::Share.range(),
        },
        lines,
    }
}

fn lines(figure: Figure, progress: &Progress, name: &impl Fn(&PartnerId) -> String) -> Vec<Line> {
    let kept = |share: fn(&KeptRate) -> Option<(f64, u32)>| {
        let line = |maker: &domain::progress::PromiseProgress| Line {
            name: name(&maker.maker),
            values: maker.series.iter().map(|point| share(&point.rate).map(|(rate, _)| rate)).collect(),
        };
        progress.promises.iter().map(line).collect()
    };
    match figure {
        Figure::Outcome(exercise, measure) => outcome(progress, exercise, measure, name),
        Figure::ClaimedRate => kept(KeptRate::claimed),
        Figure::ConfirmedRate => kept(KeptRate::confirmed),
    }
}

fn outcome(progress: &Progress, exercise: Slug, measure: Measure, name: &impl Fn(&PartnerId) -> String) -> Vec<Line> {
    let of_exercise = progress.exercises.iter().filter(|told| told.exercise == exercise.into());
    let measure = AnyMeasure::Known(measure);
    let series = of_exercise.flat_map(|told| &told.outcome).filter(|series| series.measure == measure);
    let line = |series: &domain::progress::Series| Line {
        name: match &series.author {
            Author::Partner(partner) => name(partner),
            Author::Together => "Both".to_owned(),
            Author::Counselor(_) => "Counselor".to_owned(),
        },
        values: series.points.iter().map(|point| point.mean).collect(),
    };
    series.map(line).collect()
}

fn title(figure: Figure) -> String {
    match figure {
        Figure::Outcome(_, measure) => measure.title().to_owned(),
        Figure::ClaimedRate => "Promises kept, as their makers say".to_owned(),
        Figure::ConfirmedRate => "Promises kept, as the other confirms".to_owned(),
    }
}

fn meaning(figure: Figure) -> String {
    let Figure::Outcome(_, measure) = figure else {
        return "Share of what was due in the four weeks before, 0 to 1; more is better.".to_owned();
    };
    let unit = match measure.unit() {
        Unit::Count => "How many times",
        Unit::Minutes => "Mean of minutes",
        Unit::Rating => "Mean of each one's own rating, 0 to 10",
        Unit::Level => "Mean of steps from 1 to 5",
        Unit::Share => "Share of yes, 0 to 1",
    };
    let direction = match measure.direction() {
        Direction::Up => "more is better",
        Direction::Down => "less is better",
        Direction::Neither => "neither way is better",
    };
    format!("{unit}; {direction}.")
}
