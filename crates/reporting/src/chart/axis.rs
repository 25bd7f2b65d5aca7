//! Where values and intervals lie on the picture.

use domain::exercises::Unit;

use super::{Chart, Series};

/// Width and height of the picture.
pub(super) const SIZE: (f64, f64) = (720.0, 380.0);
/// What surrounds the plot: left, right, top, bottom.
const MARGIN: (f64, f64, f64, f64) = (48.0, 20.0, 88.0, 68.0);
/// How many labels fit below the plot.
const MOST_LABELS: usize = 12;
/// How many steps the value axis has, at most.
const MOST_STEPS: f64 = 6.0;

/// The plot and its scale. Each interval has a column of its own, so that bars find room where lines have their points.
pub(super) struct Axis {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    /// The lowest value.
    pub(super) low: f64,
    high: f64,
    step: f64,
    intervals: usize,
}

impl Axis {
    pub(super) fn of(chart: &Chart) -> Self {
        let (left, right, top, bottom) = MARGIN;
        let (low, highest) = chart.unit.range();
        let values = chart.shown().iter().flat_map(Series::valued).map(|(_, value)| value);
        let largest = values.fold(low + 1.0, f64::max);
        let step = step(highest.unwrap_or(largest) - low).max(smallest_step(chart.unit));
        let high = highest.unwrap_or_else(|| low + ((largest - low) / step).ceil() * step);
        let (right, bottom) = (SIZE.0 - right, SIZE.1 - bottom);
        Self { left, right, top, bottom, low, high, step, intervals: chart.intervals.len() }
    }

    /// How wide the column of an interval is.
    pub(super) fn width(&self) -> f64 {
        (self.right - self.left) / as_number(self.intervals.max(1))
    }

    /// Where the middle of an interval lies.
    pub(super) fn x(&self, interval: usize) -> f64 {
        self.left + self.width() * (as_number(interval) + 0.5)
    }

    /// Where a value lies; what is out of range lies on the edge.
    pub(super) fn y(&self, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.bottom - (self.bottom - self.top) * share
    }

    /// The values that are written beside the plot.
    pub(super) fn steps(&self) -> Vec<f64> {
        std::iter::successors(Some(self.low), |value| Some(value + self.step))
            .take_while(|value| *value <= self.high + self.step / 1000.0)
            .collect()
    }

    /// Every how many intervals one is named below the plot.
    pub(super) fn every(&self) -> usize {
        self.intervals.div_ceil(MOST_LABELS).max(1)
    }
}

/// A round distance between the values beside the plot: 1, 2 or 5 of some power of ten.
fn step(span: f64) -> f64 {
    let rough = (span / MOST_STEPS).max(f64::MIN_POSITIVE);
    let power = 10_f64.powf(rough.log10().floor());
    let round = [1.0, 2.0, 5.0].into_iter().map(|factor| factor * power).find(|step| *step >= rough * 0.999);
    round.unwrap_or(10.0 * power)
}

/// What is counted is written beside the plot in whole numbers.
const fn smallest_step(unit: Unit) -> f64 {
    match unit {
        Unit::Count | Unit::Minutes => 1.0,
        Unit::Rating | Unit::Level | Unit::Share => 0.0,
    }
}

pub(super) fn as_number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
