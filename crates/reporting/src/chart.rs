//! A figure over time as an accessible SVG: one line for each person, and the same numbers as a table for who can't see lines.

mod axis;
mod svg;
mod table;

use chrono::NaiveDate;

/// The values of one person over the intervals of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
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
    /// The first day of each interval, in order.
    pub intervals: Vec<NaiveDate>,
    /// What the intervals are: `Week of` or `Month from`.
    pub interval_name: &'static str,
    /// The lowest and the highest value that the axis shows; where there is no highest, the values decide.
    pub range: (f64, Option<f64>),
    /// One for each person, at most [`MOST_LINES`]; more are left out.
    pub lines: Vec<Line>,
}

/// How many lines can be told apart without colours.
pub const MOST_LINES: usize = 4;

impl Chart {
    /// Draws it. The same chart gives the same bytes.
    #[must_use]
    pub fn svg(&self) -> String {
        svg::draw(self)
    }

    fn shown(&self) -> &[Line] {
        &self.lines[..self.lines.len().min(MOST_LINES)]
    }

    /// What there is to see, in words: for each line how many values, the first and the last.
    fn description(&self) -> String {
        let lines: Vec<_> = self.shown().iter().map(|line| self.described(line)).collect();
        let lines = if lines.is_empty() { "Nothing was recorded.".to_owned() } else { lines.join(" ") };
        format!("{} {lines}", self.meaning)
    }

    fn described(&self, line: &Line) -> String {
        let valued: Vec<_> =
            line.values.iter().zip(&self.intervals).filter_map(|(value, day)| Some(((*value)?, day))).collect();
        let name = &line.name;
        match (valued.first(), valued.last()) {
            (Some((first, from)), Some((last, until))) if valued.len() > 1 => format!(
                "{name}: {} values, from {} ({}) to {} ({}).",
                valued.len(),
                svg::Number(*first),
                svg::long(**from),
                svg::Number(*last),
                svg::long(**until)
            ),
            (Some((only, on)), _) => format!("{name}: one value, {} ({}).", svg::Number(*only), svg::long(**on)),
            _ => format!("{name}: no values."),
        }
    }
}

#[cfg(test)]
mod tests;
