//! A figure over time as an accessible SVG: one line for each person, and the same numbers as a table for who can't see lines.

mod axis;
mod lines;
mod svg;
mod table;

use std::fmt::Display;

use chrono::NaiveDate;
use domain::{exercises::Unit, progress::Interval};

/// The values of one person over the intervals of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Whose it is, or what.
    pub name: String,
    /// One value for each interval; `None` where nothing was said, which leaves a gap and is no zero.
    pub values: Vec<Option<f64>>,
}

/// A figure over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    /// What is shown.
    pub title: String,
    /// What it means, and which way is better.
    pub meaning: String,
    /// How long each interval is.
    pub interval: Interval,
    /// The first day of each interval, in order.
    pub intervals: Vec<NaiveDate>,
    /// What a value is: it decides the scale, and that shares are written as percentages.
    pub unit: Unit,
    /// One for each person, at most [`MOST_SERIES`]; more are left out.
    pub series: Vec<Series>,
}

/// How many people can be told apart without colours.
pub const MOST_SERIES: usize = 4;

/// Said in the picture and in its description. What is hidden from a reader looks the same as what was never recorded.
const EMPTY: &str = "There is nothing to show for this time.";

impl Series {
    /// The values there are, each with the number of its interval.
    fn valued(&self) -> impl Iterator<Item = (usize, f64)> {
        let finite = |value: &Option<f64>| value.filter(|value| value.is_finite());
        self.values.iter().enumerate().filter_map(move |(interval, value)| Some((interval, finite(value)?)))
    }

    /// Whether nothing was said in an interval between two with a value.
    fn has_gaps(&self) -> bool {
        let mut said = self.valued().map(|(interval, _)| interval);
        said.next().is_some_and(|first| said.zip(first + 1..).any(|(interval, next)| interval != next))
    }
}

impl Chart {
    /// Draws it. The same chart gives the same bytes.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::draw(self)
    }

    fn shown(&self) -> &[Series] {
        &self.series[..self.series.len().min(MOST_SERIES)]
    }

    fn is_empty(&self) -> bool {
        self.shown().iter().all(|series| series.valued().next().is_none())
    }

    /// What is said about the gaps in the picture, if it has some: they are crossed, and that is no value.
    fn about_gaps(&self) -> Option<String> {
        let intervals = match self.interval {
            Interval::Week => "weeks",
            Interval::Month => "months",
        };
        let has_gaps = self.shown().iter().any(Series::has_gaps);
        has_gaps.then(|| format!("Thin dots cross {intervals} in which nothing was said."))
    }

    /// What there is to see, in words: for each person how many values, the first and the last.
    fn description(&self) -> String {
        let mut words = vec![self.meaning.clone()];
        words.extend(self.shown().iter().map(|series| self.described(series)));
        words.extend(self.is_empty().then(|| EMPTY.to_owned()));
        words.join(" ")
    }

    fn described(&self, series: &Series) -> String {
        let told = |(interval, value): (usize, f64)| {
            let day = self.intervals.get(interval).map(|day| self.named(*day).to_string()).unwrap_or_default();
            format!("{} ({day})", self.written(value))
        };
        let (name, count) = (&series.name, series.valued().count());
        match (series.valued().next(), series.valued().last()) {
            (Some(first), Some(last)) if count > 1 => {
                format!("{name}: {count} values, from {} to {}.", told(first), told(last))
            }
            (Some(only), _) => format!("{name}: one value, {}.", told(only)),
            (None, _) => format!("{name}: no values."),
        }
    }

    /// A value as it is read.
    fn written(&self, value: f64) -> String {
        match self.unit {
            Unit::Share => format!("{}%", svg::Number((value * 100.0).round())),
            Unit::Count | Unit::Minutes | Unit::Rating | Unit::Level => svg::Number(value).to_string(),
        }
    }

    /// An interval by its name: the day a week begins with, or a month.
    fn named(&self, first: NaiveDate) -> impl Display + use<> {
        first.format(match self.interval {
            Interval::Week => "%-d %B %Y",
            Interval::Month => "%B %Y",
        })
    }
}

#[cfg(test)]
mod tests;
