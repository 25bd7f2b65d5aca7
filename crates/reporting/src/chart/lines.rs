//! People as lines: told apart by dashes and marks, not by colours alone.

use std::fmt::Write;

use super::{
    Chart, Series,
    axis::Axis,
    look::{LOOKS, Look, Mark, SAMPLE},
    svg::{Number, Picture},
};

/// All lines, and then the marks, so that no line hides one.
pub(super) fn draw(picture: &mut Picture, chart: &Chart, axis: &Axis) {
    for (series, look) in chart.shown().iter().zip(LOOKS) {
        let Strokes { through, across } = strokes(series, axis);
        draw_line(picture, look, &through);
        if !across.is_empty() {
            picture.add(format_args!("<path class=\"bridge {}\" d=\"{across}\"/>", look.class));
        }
    }
    for (series, look) in chart.shown().iter().zip(LOOKS) {
        for (interval, value) in series.valued() {
            draw_mark(picture, look, axis.x(interval), axis.y(value));
        }
    }
}

/// A piece of a line with its mark, for the key.
pub(super) fn sample(picture: &mut Picture, look: Look, x: f64, y: f64) {
    draw_line(picture, look, &format!("M{} {}h{SAMPLE}", Number(x), Number(y)));
    draw_mark(picture, look, x + SAMPLE / 2.0, y);
}

/// The two ways a line goes on.
#[derive(Default)]
struct Strokes {
    /// From one interval to the very next.
    through: String,
    /// Across intervals in which nothing was said.
    across: String,
}

fn strokes(series: &Series, axis: &Axis) -> Strokes {
    let mut strokes = Strokes::default();
    let mut last: Option<(usize, String)> = None;
    for (interval, value) in series.valued() {
        let here = format!("{} {}", Number(axis.x(interval)), Number(axis.y(value)));
        let goes_on = last.as_ref().is_some_and(|(last, _)| last + 1 == interval);
        // Writing to a String does not fail.
        write!(strokes.through, "{}{here}", if goes_on { 'L' } else { 'M' }).ok();
        if let Some((_, there)) = last.filter(|_| !goes_on) {
            write!(strokes.across, "M{there}L{here}").ok();
        }
        last = Some((interval, here));
    }
    strokes
}

fn draw_line(picture: &mut Picture, Look { class, dashes, .. }: Look, path: &str) {
    if path.is_empty() {
        return;
    }
    let dashes = if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dashes}\"") };
    picture.add(format_args!("<path class=\"line {class}\"{dashes} d=\"{path}\"/>"));
}

fn draw_mark(picture: &mut Picture, Look { class, mark, .. }: Look, x: f64, y: f64) {
    let form = match mark {
        Mark::Disc => {
            let (x, y) = (Number(x), Number(y));
            picture.add(format_args!("<circle class=\"mark full {class}\" cx=\"{x}\" cy=\"{y}\" r=\"3\"/>"));
            return;
        }
        Mark::Square => "m-5.5-5.5h11v11h-11z",
        Mark::Diamond => "m0-9.5l9.5 9.5-9.5 9.5-9.5-9.5z",
        Mark::Triangle => "m0-16l13 23h-26z",
    };
    picture.add(format_args!("<path class=\"mark hollow {class}\" d=\"M{} {}{form}\"/>", Number(x), Number(y)));
}

/// What is said about the gaps in the picture, if it has some: they are crossed, and that is no value.
pub(super) fn note(chart: &Chart) -> Option<String> {
    let has_gaps = chart.shown().iter().any(has_gaps);
    has_gaps.then(|| format!("Thin dots cross {} in which nothing was said.", chart.many()))
}

/// Whether nothing was said in an interval between two with a value.
fn has_gaps(series: &Series) -> bool {
    let mut said = series.valued().map(|(interval, _)| interval);
    said.next().is_some_and(|first| said.zip(first + 1..).any(|(interval, next)| interval != next))
}

/// How many values, the first and the last.
pub(super) fn described(chart: &Chart, series: &Series) -> String {
    let (name, count) = (&series.name, series.valued().count());
    match (series.valued().next(), series.valued().last()) {
        (Some(first), Some(last)) if count > 1 => {
            format!("{name}: {count} values, from {} to {}.", chart.told(first), chart.told(last))
        }
        (Some(only), _) => format!("{name}: one value, {}.", chart.told(only)),
        (None, _) => format!("{name}: no values."),
    }
}
