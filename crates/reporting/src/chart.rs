//! A figure over time as an accessible SVG: lines or bars, and the same numbers as a table for who can't see them.

mod axis;
mod bars;
mod form;
mod lines;
mod look;
mod svg;
mod table;

use std::fmt::Display;

use chrono::NaiveDate;
use domain::{exercises::Unit, progress::Interval};

pub use form::Form;

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
    /// What it means, and which way is better if one is.
    pub meaning: String,
    /// How it is drawn.
    pub form: Form,
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

/// In how many intervals bars of so many people can be told apart: a year of weeks.
pub const MOST_BARS: usize = 53;

/// Said in the picture and in its description. What is hidden from a reader looks the same as what was never recorded.
const EMPTY: &str = "There is nothing to show for this time.";

impl Series {
    /// The values there are, each with the number of its interval.
    fn valued(&self) -> impl Iterator<Item = (usize, f64)> {
        let finite = |value: &Option<f64>| value.filter(|value| value.is_finite());
        self.values.iter().enumerate().filter_map(move |(interval, value)| Some((interval, finite(value)?)))
    }

    fn has_values(&self) -> bool {
        self.valued().next().is_some()
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
        !self.shown().iter().any(Series::has_values)
    }

    /// What there is to see, in words, person by person.
    fn description(&self) -> String {
        let mut words = vec![self.meaning.clone()];
        words.extend(self.shown().iter().map(|series| self.form.described(self, series)));
        words.extend(self.is_empty().then(|| EMPTY.to_owned()));
        words.join(" ")
    }

    /// A value as it is read, with its interval.
    fn told(&self, (interval, value): (usize, f64)) -> String {
        let day = self.intervals.get(interval).map(|day| self.named(*day).to_string()).unwrap_or_default();
        format!("{} ({day})", self.written(value))
    }

    /// A value as it is read.
    fn written(&self, value: f64) -> String {
        match self.unit {
            Unit::Share => format!("{}%", svg::Number((value * 100.0).round())),
            Unit::Count | Unit::Minutes | Unit::Rating | Unit::Level => svg::Number(value).to_string(),
        }
    }

    /// What more than one interval are called.
    const fn many(&self) -> &'static str {
        match self.interval {
            Interval::Week => "weeks",
            Interval::Month => "months",
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
