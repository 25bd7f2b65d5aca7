//! The same numbers as a table: unseen in the picture, read by a screen reader after it (WAI-ARIA 1.2, role `table`).

use domain::progress::Interval;

use super::{
    Chart, Series,
    svg::{Picture, Text},
};

pub(super) fn write(picture: &mut Picture, chart: &Chart) {
    picture.add(format_args!("<g class=\"table\" role=\"table\" aria-label=\"{}\">", Text(&chart.title)));
    let interval = match chart.interval {
        Interval::Week => "Week of",
        Interval::Month => "Month",
    };
    let names = chart.shown().iter().map(|series| series.name.clone());
    row(picture, "columnheader", std::iter::once(interval.to_owned()).chain(names));
    for (interval, day) in chart.intervals.iter().enumerate() {
        let value = |series: &Series| match series.values.get(interval).copied().flatten() {
            Some(value) => chart.written(value),
            None => "no value".to_owned(),
        };
        let cells = chart.shown().iter().map(value);
        row(picture, "cell", std::iter::once(chart.named(*day).to_string()).chain(cells));
    }
    picture.add(format_args!("</g>"));
}

/// A row; in the body of the table its first cell names it.
fn row(picture: &mut Picture, role: &str, cells: impl Iterator<Item = String>) {
    picture.add(format_args!("<g role=\"row\">"));
    for (at, cell) in cells.enumerate() {
        let role = if at == 0 && role == "cell" { "rowheader" } else { role };
        picture.add(format_args!("<text role=\"{role}\">{}</text>", Text(&cell)));
    }
    picture.add(format_args!("</g>"));
}
