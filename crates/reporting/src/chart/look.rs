//! How people are told apart: by colour, and without.

use super::MOST_SERIES;

/// How wide the sample of a look in the key is.
pub(super) const SAMPLE: f64 = 32.0;

/// The look of each person, in the order of a chart's series.
pub(super) const LOOKS: [Look; MOST_SERIES] = [
    Look { class: "a", dashes: "", mark: Mark::Disc, fill: Fill::Full },
    Look { class: "b", dashes: "7 4", mark: Mark::Square, fill: Fill::Hollow },
    Look { class: "c", dashes: "2 3", mark: Mark::Diamond, fill: Fill::Striped },
    Look { class: "d", dashes: "10 3 2 3", mark: Mark::Triangle, fill: Fill::Dotted },
];

/// How one person is drawn, whatever the form of the chart.
#[derive(Clone, Copy)]
pub(super) struct Look {
    /// The colour, as a class of the picture's style.
    pub(super) class: &'static str,
    /// The dashes of their line.
    pub(super) dashes: &'static str,
    /// The marks on their line.
    pub(super) mark: Mark,
    /// What their bars are filled with.
    pub(super) fill: Fill,
}

/// Only the first is filled, and each is larger than those before: where values are equal, all can be seen.
#[derive(Clone, Copy)]
pub(super) enum Mark {
    Disc,
    Square,
    Diamond,
    Triangle,
}

/// All have an outline besides.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Fill {
    Full,
    Hollow,
    Striped,
    Dotted,
}
