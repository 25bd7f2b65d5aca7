//! The ways to draw a figure over time, and where they part.

use super::{Chart, Series, axis::Axis, bars, lines, look::Look, svg::Picture};

/// How a figure is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// What was said: a line for each person, through the intervals with a value.
    Lines,
    /// What was done: in each interval a bar for each person, from zero.
    Bars,
}

impl Form {
    /// The values of everyone, in the plot.
    pub(super) fn draw(self, picture: &mut Picture, chart: &Chart, axis: &Axis) {
        match self {
            Self::Lines => lines::draw(picture, chart, axis),
            Self::Bars => bars::draw(picture, chart, axis),
        }
    }

    /// What one person's values look like, for the key.
    pub(super) fn sample(self, picture: &mut Picture, look: Look, x: f64, y: f64) {
        match self {
            Self::Lines => lines::sample(picture, look, x, y),
            Self::Bars => bars::sample(picture, look, x, y),
        }
    }

    /// What has to be known to read the picture aright, if there is something.
    pub(super) fn note(self, chart: &Chart) -> Option<String> {
        match self {
            Self::Lines => lines::note(chart),
            Self::Bars => bars::note(chart),
        }
    }

    /// One person's values in words.
    pub(super) fn described(self, chart: &Chart, series: &Series) -> String {
        match self {
            Self::Lines => lines::described(chart, series),
            Self::Bars => bars::described(chart, series),
        }
    }
}
