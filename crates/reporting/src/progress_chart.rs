//! One figure of a couple's progress as a chart, in the words of the figure itself: what was said as lines, what was done as bars.

use std::collections::{BTreeMap, HashMap};

use domain::{
    entry::Author,
    exercises::{Aspect, Direction, Measure, Slug, Unit},
    ids::PartnerId,
    progress::{AnyMeasure, Interval, KeptPoint, Progress, Span, Told},
    promise::KeptRate,
};

use crate::{
    chart::{Chart, Form, Series},
    names::short_names,
};

/// What a chart of progress shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// What was done, or what the partners say, of one thing in one exercise.
    Measured(Slug, Measure),
    /// The share kept, of what their makers said was kept, partly kept or missed.
    ClaimedRate,
    /// The share kept, of what the other confirmed or disputed.
    ConfirmedRate,
}

/// The values of each author over the intervals.
type Values = BTreeMap<Author, Vec<Option<f64>>>;

/// Puts a figure of what an audience is told on a chart. What they are not told is not on it.
#[must_use]
pub fn progress_chart(figure: Figure, span: &Span, told: &Told, names: &HashMap<PartnerId, String>) -> Chart {
    let names = short_names(names);
    let series = |(author, values)| Series {
        name: match author {
            Author::Partner(partner) => names.get(&partner).cloned().unwrap_or_default(),
            Author::Together => "Both".to_owned(),
            Author::Counselor(_) => "Counselor".to_owned(),
        },
        values,
    };
    Chart {
        title: figure.title().to_owned(),
        meaning: figure.meaning(span.interval),
        form: figure.form(),
        interval: span.interval,
        intervals: span.stretches().into_iter().map(|stretch| stretch.starts_on).collect(),
        unit: figure.unit(),
        series: values(figure, told).into_iter().map(series).collect(),
    }
}

/// Side by side, each partner has a place, with values or without, and so looks the same on every chart. What both wrote together is
/// in the progress of each, and stands here once.
fn values(figure: Figure, told: &Told) -> Values {
    match told {
        Told::Both(progress, _) | Told::One(_, progress) => figure.values(progress),
        Told::SideBySide(each, _) => {
            let places = each.iter().map(|(partner, _)| (Author::Partner(*partner), vec![]));
            places.chain(each.iter().flat_map(|(_, progress)| figure.values(progress))).collect()
        }
    }
}

impl Figure {
    fn values(self, progress: &Progress) -> Values {
        match self {
            Self::Measured(exercise, measure) => measured(progress, exercise, measure),
            Self::ClaimedRate => kept(progress, KeptRate::claimed),
            Self::ConfirmedRate => kept(progress, KeptRate::confirmed),
        }
    }

    /// How it is drawn: what adds up as bars, what doesn't as lines.
    #[must_use]
    pub const fn form(self) -> Form {
        match self {
            Self::Measured(_, measure) if matches!(measure.aspect(), Aspect::Activity) => Form::Bars,
            Self::Measured(..) | Self::ClaimedRate | Self::ConfirmedRate => Form::Lines,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Measured(_, measure) => measure.title(),
            Self::ClaimedRate => "Promises kept, as their makers say",
            Self::ConfirmedRate => "Promises kept, as the other confirms",
        }
    }

    const fn unit(self) -> Unit {
        match self {
            Self::Measured(_, measure) => measure.unit(),
            Self::ClaimedRate | Self::ConfirmedRate => Unit::Share,
        }
    }

    fn meaning(self, interval: Interval) -> String {
        match self {
            Self::Measured(_, measure) if self.form() == Form::Bars => {
                format!("{} in each {interval}: what was done, not what changed.", how_many(measure))
            }
            Self::Measured(_, measure) => format!("{}; {}.", what(measure), better(measure.direction())),
            Self::ClaimedRate => {
                "Share kept, of all they said was kept, partly kept or missed in four weeks; more is better.".to_owned()
            }
            Self::ConfirmedRate => {
                "Share kept, of all that the other confirmed or disputed in four weeks; more is better.".to_owned()
            }
        }
    }
}

fn kept(progress: &Progress, share: fn(&KeptRate) -> Option<(f64, u32)>) -> Values {
    let rate = |point: &KeptPoint| share(&point.rate).map(|(rate, _)| rate);
    let makers = progress.promises.iter();
    makers.map(|maker| (Author::Partner(maker.maker), maker.series.iter().map(rate).collect())).collect()
}

fn measured(progress: &Progress, exercise: Slug, measure: Measure) -> Values {
    let exercise = exercise.into();
    let exercises = || progress.exercises.iter().filter(|told| told.exercise == exercise);
    let totals = exercises().flat_map(|told| &told.activity.totals).filter(|total| total.measure == measure);
    let sums = totals.map(|total| (total.author, total.points.iter().map(|point| point.sum).collect()));
    let measure = AnyMeasure::Known(measure);
    let series = exercises().flat_map(|told| &told.outcome).filter(|series| series.measure == measure);
    let means = series.map(|series| (series.author, series.points.iter().map(|point| point.mean).collect()));
    sums.chain(means).collect()
}

const fn how_many(measure: Measure) -> &'static str {
    if matches!(measure.unit(), Unit::Minutes) { "How many minutes" } else { "How many" }
}

const fn what(measure: Measure) -> &'static str {
    match (measure.unit(), measure) {
        (Unit::Count, _) => "How many times",
        (Unit::Minutes, _) => "Mean of minutes",
        (Unit::Rating, _) => "Mean of each one's own rating, 0 to 10",
        (Unit::Level, _) => "Mean of steps from 1 to 5",
        (Unit::Share, Measure::QuestionsSatisfied) => "Share of what was answered that satisfied",
        (Unit::Share, Measure::UnpromptedDisclosures) => "Share told unasked, of what was told",
        (Unit::Share, Measure::ActsNoticed) => "Share noticed without being told, of the acts they wrote about",
        (Unit::Share, Measure::TimeOutsKept) => "Share returned from in time, of the time-outs returned from",
        (Unit::Share, _) => "Share of yes",
    }
}

const fn better(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "more is better",
        Direction::Down => "less is better",
        Direction::Neither => "neither way is better",
    }
}

#[cfg(test)]
mod tests {
    use domain::{
        progress::{Activity, ExerciseProgress, Pairs, Point, SumPoint, Total, Trend},
        promise::KEPT_RATE_DAYS,
    };
    use uuid::Uuid;

    use super::*;

    const FIGURE: Figure = Figure::Measured(Slug::ProfessionalHelp, Measure::Trust);

    fn partner(number: u128) -> PartnerId {
        Uuid::from_u128(number).into()
    }

    fn names() -> HashMap<PartnerId, String> {
        [(partner(1), "Naomi Hartwell".to_owned()), (partner(2), "Theo Hartwell".to_owned())].into()
    }

    fn span() -> Span {
        let [from, until] = ["2026-03-02", "2026-03-08"].map(|day| day.parse().unwrap());
        Span { from, until, interval: Interval::Week, today: until }
    }

    fn trust(authors: &[Author]) -> Progress {
        let point = Point { starts_on: span().from, mean: Some(6.0), n: 1 };
        let series = |author: &Author| domain::progress::Series {
            measure: AnyMeasure::Known(Measure::Trust),
            author: *author,
            mean: 6.0,
            n: 1,
            points: vec![point],
            trend: Trend::Withheld { n: 1 },
        };
        let exercise = ExerciseProgress {
            exercise: Slug::ProfessionalHelp.into(),
            activity: Activity::default(),
            outcome: authors.iter().map(series).collect(),
            kept_up: vec![],
        };
        Progress { exercises: vec![exercise], entries_cut: false, promises: vec![], promises_cut: false }
    }

    #[test]
    fn side_by_side_what_both_wrote_together_is_drawn_once() {
        let each = [1, 2].map(|number| (partner(number), trust(&[Author::Partner(partner(number)), Author::Together])));
        let chart = progress_chart(FIGURE, &span(), &Told::SideBySide(each.to_vec(), Pairs::default()), &names());
        let drawn: Vec<_> = chart.series.iter().map(|series| series.name.as_str()).collect();
        assert_eq!(drawn, ["Naomi", "Theo", "Both"]);
    }

    #[test]
    fn side_by_side_who_has_no_values_keeps_their_place() {
        let each = [(partner(1), trust(&[])), (partner(2), trust(&[Author::Partner(partner(2))]))];
        let chart = progress_chart(FIGURE, &span(), &Told::SideBySide(each.to_vec(), Pairs::default()), &names());
        let values: Vec<_> = chart.series.iter().map(|series| (series.name.as_str(), series.values.len())).collect();
        assert_eq!(values, [("Naomi", 0), ("Theo", 1)]);
        let alone = progress_chart(FIGURE, &span(), &Told::One(partner(1), trust(&[])), &names());
        assert!(alone.series.is_empty(), "the other is not on one's own chart");
    }

    #[test]
    fn what_was_done_is_drawn_as_bars_where_zero_is_a_value() {
        let week = span().from;
        let points =
            vec![SumPoint { starts_on: week, sum: Some(0.0), n: 0 }, SumPoint { starts_on: week, sum: None, n: 0 }];
        let total = Total { measure: Measure::Shares, author: Author::Partner(partner(1)), sum: 0.0, n: 1, points };
        let mut progress = trust(&[]);
        progress.exercises[0].activity.totals = vec![total];
        let figure = Figure::Measured(Slug::ProfessionalHelp, Measure::Shares);
        let chart = progress_chart(figure, &span(), &Told::One(partner(1), progress), &names());
        assert_eq!((chart.form, chart.unit, chart.title.as_str()), (Form::Bars, Unit::Count, "Things shared"));
        assert_eq!(chart.meaning, "How many in each week: what was done, not what changed.");
        assert_eq!(chart.series, [Series { name: "Naomi".to_owned(), values: vec![Some(0.0), None] }]);
    }

    #[test]
    fn every_share_says_what_it_is_a_share_of() {
        let shares = Slug::ALL.iter().flat_map(|slug| slug.measures()).filter(|measure| measure.unit() == Unit::Share);
        for measure in shares {
            assert_ne!(what(*measure), "Share of yes", "{measure:?}");
        }
        assert_eq!(KEPT_RATE_DAYS, 4 * 7);
        for rate in [Figure::ClaimedRate, Figure::ConfirmedRate] {
            let meaning = rate.meaning(Interval::Week);
            assert!(meaning.starts_with("Share kept, of all ") && meaning.contains("four weeks"));
        }
    }
}
