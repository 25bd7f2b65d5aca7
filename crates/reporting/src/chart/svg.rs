//! The picture. It is told apart by dashes and marks, not by colours alone, and turns dark where its reader's screen is.

use std::fmt::{self, Display, Write};

use chrono::NaiveDate;

use super::{
    Chart, Line,
    axis::{Axis, SIZE},
    table,
};

/// Contrast on its ground: at least 4.5:1 for text, 3:1 for lines (WCAG 2.2, 1.4.3 and 1.4.11), and lightness apart from each other.
const STYLE: &str = "text{font:12px 'Noto Sans',system-ui,sans-serif;fill:#3e4c59}\
.ground{fill:#fff}.title{font-size:15px;font-weight:600;fill:#1f2933}.grid{stroke:#d5dbe1}.axis{stroke:#7b8794}\
.line{fill:none;stroke-width:2.25;stroke-linejoin:round}.mark{stroke-width:1.75}.hollow{fill:#fff}\
.a{stroke:#0b4f8a}.a.full{fill:#0b4f8a}.b{stroke:#b8520a}.b.full{fill:#b8520a}\
.c{stroke:#2f7d4f}.c.full{fill:#2f7d4f}.d{stroke:#7a3e9d}.d.full{fill:#7a3e9d}\
.name{font-weight:600;fill:#1f2933}.table text{font-size:1px;fill-opacity:0}\
@media(prefers-color-scheme:dark){text{fill:#c3ccd5}.ground,.hollow{fill:#161b21}.title,.name{fill:#f0f4f8}\
.grid{stroke:#323f4b}.axis{stroke:#7b8794}\
.a{stroke:#6db3f2}.a.full{fill:#6db3f2}.b{stroke:#f5a35c}.b.full{fill:#f5a35c}\
.c{stroke:#7fd1a0}.c.full{fill:#7fd1a0}.d{stroke:#cda2e8}.d.full{fill:#cda2e8}}";

/// How each line is told apart: its class, its dashes, the form of its marks.
const LOOKS: [(&str, &str, Mark); super::MOST_LINES] =
    [("a", "", Mark::Disc), ("b", "7 4", Mark::Square), ("c", "2 3", Mark::Diamond), ("d", "10 3 2 3", Mark::Triangle)];

/// How far names beside the plot keep from each other.
const NAME_HEIGHT: f64 = 16.0;
/// How many characters of a name fit beside the plot.
const NAME_CHARACTERS: usize = 13;

#[derive(Clone, Copy)]
enum Mark {
    Disc,
    Square,
    Diamond,
    Triangle,
}

pub(super) fn draw(chart: &Chart) -> String {
    let axis = Axis::of(chart);
    let mut picture = Picture::default();
    let (width, height) = SIZE;
    picture.add(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" \
         role=\"graphics-document document\" lang=\"en\" aria-labelledby=\"title\" aria-describedby=\"description\">\
         <title id=\"title\">{}</title><desc id=\"description\">{}</desc><style>{STYLE}</style>",
        Text(&chart.title),
        Text(&chart.description())
    ));
    picture.add(format_args!("<g role=\"img\" aria-labelledby=\"title\" aria-describedby=\"description\">"));
    frame(&mut picture, chart, &axis);
    for (line, look) in chart.shown().iter().zip(LOOKS) {
        draw_line(&mut picture, line, look, &axis);
    }
    names(&mut picture, chart, &axis);
    picture.add(format_args!("</g>"));
    table::write(&mut picture, chart);
    picture.add(format_args!("</svg>\n"));
    picture.0
}

/// What is drawn so far.
#[derive(Default)]
pub(super) struct Picture(String);

impl Picture {
    pub(super) fn add(&mut self, part: fmt::Arguments<'_>) {
        // Writing to a String does not fail.
        self.0.write_fmt(part).ok();
    }
}

fn frame(picture: &mut Picture, chart: &Chart, axis: &Axis) {
    let (width, height) = SIZE;
    picture.add(format_args!("<rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>"));
    picture.add(format_args!("<text class=\"title\" x=\"12\" y=\"26\">{}</text>", Text(&chart.title)));
    picture.add(format_args!("<text x=\"12\" y=\"44\">{}</text>", Text(&chart.meaning)));
    let Axis { left, right, bottom, .. } = *axis;
    for value in axis.steps() {
        let y = axis.y(value);
        picture.add(format_args!("<path class=\"grid\" d=\"M{} {}H{}\"/>", Number(left), Number(y), Number(right)));
        let (x, y, value) = (Number(left - 8.0), Number(y + 4.0), Number(value));
        picture.add(format_args!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\">{value}</text>"));
    }
    picture.add(format_args!("<path class=\"axis\" d=\"M{} {}H{}\"/>", Number(left), Number(bottom), Number(right)));
    for (interval, day) in chart.intervals.iter().enumerate().step_by(axis.every()) {
        let (x, y) = (Number(axis.x(interval)), Number(bottom + 20.0));
        picture.add(format_args!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{}</text>", short(*day)));
    }
}

fn draw_line(picture: &mut Picture, line: &Line, (class, dashes, mark): (&str, &str, Mark), axis: &Axis) {
    let path = path(line, axis);
    if !path.is_empty() {
        let dashes = if dashes.is_empty() { String::new() } else { format!(" stroke-dasharray=\"{dashes}\"") };
        picture.add(format_args!("<path class=\"line {class}\"{dashes} d=\"{path}\"/>"));
    }
    for (interval, value) in valued(line) {
        draw_mark(picture, mark, class, axis.x(interval), axis.y(value));
    }
}

/// The line, interrupted where nothing was said.
fn path(line: &Line, axis: &Axis) -> String {
    let mut path = String::new();
    let mut last = None;
    for (interval, value) in valued(line) {
        let goes_on = last.is_some_and(|last| last + 1 == interval);
        let step = if goes_on { 'L' } else { 'M' };
        write!(path, "{step}{} {}", Number(axis.x(interval)), Number(axis.y(value))).ok();
        last = Some(interval);
    }
    path
}

fn valued(line: &Line) -> impl Iterator<Item = (usize, f64)> {
    line.values
        .iter()
        .enumerate()
        .filter_map(|(interval, value)| Some((interval, (*value).filter(|value| value.is_finite())?)))
}

fn draw_mark(picture: &mut Picture, mark: Mark, class: &str, x: f64, y: f64) {
    let at = |dx: f64, dy: f64| (Number(x + dx), Number(y + dy));
    match mark {
        Mark::Disc => {
            let (x, y) = at(0.0, 0.0);
            picture.add(format_args!("<circle class=\"mark full {class}\" cx=\"{x}\" cy=\"{y}\" r=\"3.5\"/>"));
        }
        Mark::Square => {
            let (x, y) = at(-3.5, -3.5);
            picture.add(format_args!(
                "<rect class=\"mark hollow {class}\" x=\"{x}\" y=\"{y}\" width=\"7\" height=\"7\"/>"
            ));
        }
        Mark::Diamond => {
            let (x, y) = at(0.0, -5.0);
            picture.add(format_args!("<path class=\"mark full {class}\" d=\"M{x} {y}l5 5-5 5-5-5z\"/>"));
        }
        Mark::Triangle => {
            let (x, y) = at(0.0, -5.0);
            picture.add(format_args!("<path class=\"mark hollow {class}\" d=\"M{x} {y}l5 8.5h-10z\"/>"));
        }
    }
}

/// The names beside the ends of their lines, with the mark of each, kept apart from each other.
fn names(picture: &mut Picture, chart: &Chart, axis: &Axis) {
    let end = |line: &Line| valued(line).last().map_or(axis.bottom, |(_, value)| axis.y(value));
    let mut ends: Vec<_> = chart.shown().iter().zip(LOOKS).map(|(line, look)| (end(line), line, look)).collect();
    ends.sort_by(|one, other| one.0.total_cmp(&other.0));
    let most = ends.iter().fold(f64::MIN, |above, (y, ..)| y.max(above + NAME_HEIGHT));
    let mut above = f64::MIN;
    // If the lowest would be pushed out of the picture, all move up.
    let lift = (most - axis.bottom).max(0.0);
    for (y, line, (class, _, mark)) in ends {
        let y = (y - lift).max(above + NAME_HEIGHT);
        above = y;
        let x = axis.right + 16.0;
        draw_mark(picture, mark, class, x, y);
        let (x, y) = (Number(x + 12.0), Number(y + 4.0));
        picture.add(format_args!("<text class=\"name\" x=\"{x}\" y=\"{y}\">{}</text>", Text(&cut(&line.name))));
    }
}

fn cut(name: &str) -> String {
    if name.chars().count() <= NAME_CHARACTERS {
        return name.to_owned();
    }
    name.chars().take(NAME_CHARACTERS - 1).chain(['…']).collect()
}

fn short(day: NaiveDate) -> impl Display {
    day.format("%-d %b")
}

pub(super) fn long(day: NaiveDate) -> impl Display {
    day.format("%-d %B %Y")
}

/// A number with two decimals at most; what is none is written as nothing.
pub(super) struct Number(pub(super) f64);

impl Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.0.is_finite() {
            return Ok(());
        }
        let rounded = (self.0 * 100.0).round() / 100.0;
        // What is too large to be rounded has no decimals. Adding zero turns a minus zero into a plain one.
        write!(f, "{}", if rounded.is_finite() { rounded } else { self.0 } + 0.0)
    }
}

/// Text as XML 1.0 can carry it, in an element or an attribute. What turns the direction of text is left out.
pub(super) struct Text<'t>(pub(super) &'t str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
                character if character.is_whitespace() => f.write_char(' ')?,
                character if character.is_control() || matches!(character as u32 & 0xffff, 0xfffe | 0xffff) => {
                    f.write_char('\u{fffd}')?;
                }
                character => f.write_char(character)?,
            }
        }
        Ok(())
    }
}
