//! People as bars, side by side in the column of each interval.

use super::{
    Chart, Series,
    axis::{Axis, as_number},
    look::{Fill, LOOKS, Look, SAMPLE},
    svg::{Number, Picture},
};

/// How much of its column a group of bars fills.
const GROUP: f64 = 0.8;
/// How much of its place in the group a bar fills.
const BAR: f64 = 0.85;
/// The most room that one bar has.
const WIDEST: f64 = 32.0;
/// How far under the line the stroke for a zero lies: above the line even the thinnest would look like a little.
const ZERO: f64 = 4.0;
/// How high the sample in the key is.
const SAMPLE_HEIGHT: f64 = 12.0;

/// Whoever has values has a place in every group, and the same one.
pub(super) fn draw(picture: &mut Picture, chart: &Chart, axis: &Axis) {
    let drawn: Vec<_> = chart.shown().iter().zip(LOOKS).filter(|(series, _)| series.has_values()).collect();
    drawn.iter().for_each(|(_, look)| define(picture, *look));
    let width = (axis.width() * GROUP / as_number(drawn.len().max(1))).min(WIDEST);
    let margin = (width * (1.0 - BAR) - width * as_number(drawn.len())) / 2.0;
    for (place, (series, look)) in drawn.into_iter().enumerate() {
        for (interval, value) in series.valued() {
            let x = axis.x(interval) + margin + width * as_number(place);
            draw_value(picture, look, axis, (x, width * BAR), value);
        }
    }
}

/// A bar, or a stroke where the value is zero.
fn draw_value(picture: &mut Picture, look: Look, axis: &Axis, (x, width): (f64, f64), value: f64) {
    if value > axis.low {
        let y = axis.y(value);
        draw_bar(picture, look, (x, y), (width, axis.bottom - y));
    } else {
        let (x, y, width) = (Number(x), Number(axis.bottom + ZERO), Number(width));
        picture.add(format_args!("<path class=\"zero {}\" d=\"M{x} {y}h{width}\"/>", look.class));
    }
}

/// A small bar, for the key.
pub(super) fn sample(picture: &mut Picture, look: Look, x: f64, y: f64) {
    draw_bar(picture, look, (x, y - SAMPLE_HEIGHT / 2.0), (SAMPLE, SAMPLE_HEIGHT));
}

fn draw_bar(picture: &mut Picture, Look { class, fill, .. }: Look, (x, y): (f64, f64), (width, height): (f64, f64)) {
    let fill = match fill {
        Fill::Full => "full",
        Fill::Hollow => "ground",
        Fill::Striped => "striped",
        Fill::Dotted => "dotted",
    };
    let (x, y, width, height) = (Number(x), Number(y), Number(width), Number(height));
    picture.add(format_args!(
        "<rect class=\"bar {fill} {class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>"
    ));
}

/// The pattern that a fill is made of, if it is one.
fn define(picture: &mut Picture, Look { class, fill, .. }: Look) {
    let (name, turned, drawn) = match fill {
        Fill::Full | Fill::Hollow => return,
        Fill::Striped => ("striped", 45, "M0 0V5"),
        Fill::Dotted => ("dotted", 0, "M2.5 1.75V3.25"),
    };
    picture.add(format_args!(
        "<pattern id=\"{name}\" class=\"{class}\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate({turned})\"><rect class=\"ground\" width=\"5\" height=\"5\"/>\
         <path class=\"pattern\" d=\"{drawn}\"/></pattern>"
    ));
}

/// What a zero looks like, and that nothing at all is none.
pub(super) fn note(chart: &Chart) -> Option<String> {
    let (mut zeros, mut gaps) = (false, false);
    for series in chart.shown().iter().filter(|series| series.has_values()) {
        zeros |= series.valued().any(|(_, value)| value <= 0.0);
        gaps |= series.valued().count() < chart.intervals.len();
    }
    let words = match (zeros, gaps) {
        (false, false) => return None,
        (true, false) => "A stroke under the line is 0.",
        (false, true) => "Where there is no bar, no exercise was open.",
        (true, true) => "A stroke under the line is 0; where there is neither bar nor stroke, no exercise was open.",
    };
    Some(words.to_owned())
}

/// The sum, of how many intervals, and the most in one.
pub(super) fn described(chart: &Chart, series: &Series) -> String {
    let (name, many) = (&series.name, chart.many());
    let sum = chart.written(series.valued().map(|(_, value)| value).sum());
    let most = series.valued().max_by(|(_, one), (_, other)| one.total_cmp(other));
    match (most, series.valued().count()) {
        (None, _) => format!("{name}: no values."),
        (Some(only), 1) => format!("{name}: one value, {}.", chart.told(only)),
        (Some((_, most)), count) if most <= 0.0 => format!("{name}: 0 in each of {count} {many}."),
        (Some(most), count) => format!("{name}: {sum} in {count} {many}, the most {}.", chart.told(most)),
    }
}
