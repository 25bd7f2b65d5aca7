//! One figure of a couple's progress as a chart: a line for each person, in the words of the figure itself.

use std::collections::{BTreeMap, HashMap};

use domain::{
    entry::Author,
    exercises::{Direction, Measure, Slug, Unit},
    ids::PartnerId,
    progress::{AnyMeasure, Progress, PromiseProgress, Span, Told},
    promise::KeptRate,
};

use crate::{
    chart::{Chart, Series},
    names::short_names,
};

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
    Chart {
        title: figure.title().to_owned(),
        meaning: figure.meaning(),
        interval: span.interval,
        intervals: span.stretches().into_iter().map(|stretch| stretch.starts_on).collect(),
        unit: figure.unit(),
        series: figure.series(&all, &short_names(names)),
    }
}

impl Figure {
    fn series(self, all: &[&Progress], names: &HashMap<PartnerId, String>) -> Vec<Series> {
        let kept = |share: fn(&KeptRate) -> Option<(f64, u32)>| {
            let makers = all.iter().flat_map(|progress| &progress.promises);
            makers.map(|maker| kept(maker, share, names)).collect()
        };
        match self {
            Self::Outcome(exercise, measure) => outcome(all, exercise, measure, names),
            Self::ClaimedRate => kept(KeptRate::claimed),
            Self::ConfirmedRate => kept(KeptRate::confirmed),
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Outcome(_, measure) => measure.title(),
            Self::ClaimedRate => "Promises kept, as their makers say",
            Self::ConfirmedRate => "Promises kept, as the other confirms",
        }
    }

    const fn unit(self) -> Unit {
        match self {
            Self::Outcome(_, measure) => measure.unit(),
            Self::ClaimedRate | Self::ConfirmedRate => Unit::Share,
        }
    }

    fn meaning(self) -> String {
        match self {
            Self::Outcome(_, measure) => format!("{}; {}.", what(measure), better(measure.direction())),
            Self::ClaimedRate => {
                "Share kept, of all they said was kept, partly kept or missed in four weeks; more is better.".to_owned()
            }
            Self::ConfirmedRate => {
                "Share kept, of all that the other confirmed or disputed in four weeks; more is better.".to_owned()
            }
        }
    }
}

fn kept(
    maker: &PromiseProgress,
    share: fn(&KeptRate) -> Option<(f64, u32)>,
    names: &HashMap<PartnerId, String>,
) -> Series {
    let rate = |rate: &KeptRate| share(rate).map(|(rate, _)| rate);
    Series {
        name: names.get(&maker.maker).cloned().unwrap_or_default(),
        values: maker.series.iter().map(|point| rate(&point.rate)).collect(),
    }
}

/// A series for each author. What both wrote together is in the progress of each, and is one series.
fn outcome(all: &[&Progress], exercise: Slug, measure: Measure, names: &HashMap<PartnerId, String>) -> Vec<Series> {
    let (exercise, measure) = (exercise.into(), AnyMeasure::Known(measure));
    let exercises = all.iter().flat_map(|progress| &progress.exercises).filter(|told| told.exercise == exercise);
    let told = exercises.flat_map(|told| &told.outcome).filter(|series| series.measure == measure);
    let by_author: BTreeMap<Author, _> = told.map(|series| (series.author, series)).collect();
    let series = |(author, series): (Author, &domain::progress::Series)| Series {
        name: match author {
            Author::Partner(partner) => names.get(&partner).cloned().unwrap_or_default(),
            Author::Together => "Both".to_owned(),
            Author::Counselor(_) => "Counselor".to_owned(),
        },
        values: series.points.iter().map(|point| point.mean).collect(),
    };
    by_author.into_iter().map(series).collect()
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
        progress::{Activity, ExerciseProgress, Interval, Pairs, Point, Trend},
        promise::KEPT_RATE_DAYS,
    };
    use uuid::Uuid;

    use super::*;

    const FIGURE: Figure = Figure::Outcome(Slug::ProfessionalHelp, Measure::Trust);

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
        Progress { exercises: vec![exercise], promises: vec![] }
    }

    #[test]
    fn side_by_side_what_both_wrote_together_is_drawn_once() {
        let each = [1, 2].map(|number| (partner(number), trust(&[Author::Partner(partner(number)), Author::Together])));
        let chart = progress_chart(FIGURE, &span(), &Told::SideBySide(each.to_vec(), Pairs::default()), &names());
        let drawn: Vec<_> = chart.series.iter().map(|series| series.name.as_str()).collect();
        assert_eq!(drawn, ["Naomi", "Theo", "Both"]);
    }

    #[test]
    fn every_share_says_what_it_is_a_share_of() {
        let shares = Slug::ALL.iter().flat_map(|slug| slug.measures()).filter(|measure| measure.unit() == Unit::Share);
        for measure in shares {
            assert_ne!(what(*measure), "Share of yes", "{measure:?}");
        }
        assert_eq!(KEPT_RATE_DAYS, 4 * 7);
        for rate in [Figure::ClaimedRate, Figure::ConfirmedRate] {
            assert!(rate.meaning().starts_with("Share kept, of all ") && rate.meaning().contains("four weeks"));
        }
    }
}
