//! The picture: what surrounds the plot, and how text and numbers are written. It turns dark where its reader's screen is.

use std::fmt::{self, Display, Write};

use chrono::{Datelike, NaiveDate};
use domain::progress::Interval;

use super::{
    Chart, EMPTY,
    axis::{Axis, SIZE, as_number},
    look::{LOOKS, SAMPLE},
    table,
};

/// Contrast on its ground: at least 4.5:1 for text, 3:1 for lines (WCAG 2.2, 1.4.3 and 1.4.11), and lightness apart from each other.
const STYLE: &str = "text{font:12px 'Noto Sans',system-ui,sans-serif;fill:#3e4c59}\
.ground{fill:#fff}.title{font-size:15px;font-weight:600;fill:#1f2933}.empty{font-size:15px}\
.grid{stroke:#d5dbe1}.axis{stroke:#7b8794}.name,.year{font-weight:600}.name{fill:#1f2933}\
.line,.bridge,.mark,.bar,.zero,.pattern{stroke:currentColor}.line,.bridge,.hollow{fill:none}.full{fill:currentColor}\
.line{stroke-width:2.25;stroke-linejoin:round}.mark{stroke-width:1.75}\
.bridge{stroke-width:1.5;stroke-linecap:round;stroke-dasharray:0 5}\
.bar{stroke-width:1.25}.zero{stroke-width:3}.pattern{stroke-width:1.75}.striped{fill:url(#striped)}.dotted{fill:url(#dotted)}\
.a{color:#0b4f8a}.b{color:#b8520a}.c{color:#2f7d4f}.d{color:#7a3e9d}.table text{font-size:1px;fill-opacity:0}\
@media(prefers-color-scheme:dark){text{fill:#c3ccd5}.ground{fill:#161b21}.title,.name{fill:#f0f4f8}\
.grid{stroke:#323f4b}.axis{stroke:#7b8794}.a{color:#6db3f2}.b{color:#f5a35c}.c{color:#7fd1a0}.d{color:#cda2e8}}";

/// How far everything keeps from the left and the right edge.
const EDGE: f64 = 12.0;
/// Where the key lies: the middle of its row.
const KEY: f64 = 66.0;
/// The most room that one person has in the key.
const KEY_WIDTH: f64 = 240.0;
/// How wide a character is, about.
const CHARACTER: f64 = 7.5;

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
    heading(&mut picture, chart);
    key(&mut picture, chart);
    days(&mut picture, chart, &axis);
    if chart.is_empty() {
        let (x, y) = (f64::midpoint(axis.left, axis.right), f64::midpoint(axis.top, axis.bottom));
        picture.text("empty", x, y, Anchor::Middle, EMPTY);
    } else {
        scale(&mut picture, chart, &axis);
        chart.form.draw(&mut picture, chart, &axis);
    }
    picture.add(format_args!("</g>"));
    table::write(&mut picture, chart);
    picture.add(format_args!("</svg>\n"));
    picture.0
}

/// What is drawn so far.
#[derive(Default)]
pub(super) struct Picture(String);

/// Which end of a text lies where it is put.
#[derive(Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

impl Picture {
    pub(super) fn add(&mut self, part: fmt::Arguments<'_>) {
        // Writing to a String does not fail.
        self.0.write_fmt(part).ok();
    }

    fn text(&mut self, class: &str, x: f64, y: f64, anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        };
        let (x, y, text) = (Number(x), Number(y), Text(text));
        self.add(format_args!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\">{text}</text>"));
    }
}

fn heading(picture: &mut Picture, chart: &Chart) {
    let (width, height) = SIZE;
    picture.add(format_args!("<rect class=\"ground\" width=\"{width}\" height=\"{height}\"/>"));
    picture.text("title", EDGE, 26.0, Anchor::Start, &chart.title);
    picture.text("meaning", EDGE, 44.0, Anchor::Start, &chart.meaning);
    if let Some(note) = chart.form.note(chart) {
        picture.text("note", EDGE, height - EDGE, Anchor::Start, &note);
    }
}

/// Who is who, above the plot: beside it, a mark would look like a value. Who has no values is named without one.
fn key(picture: &mut Picture, chart: &Chart) {
    let width = ((SIZE.0 - 2.0 * EDGE) / as_number(chart.shown().len().max(1))).min(KEY_WIDTH);
    for (at, (series, look)) in chart.shown().iter().zip(LOOKS).enumerate() {
        let x = EDGE + width * as_number(at);
        let room = width - SAMPLE - 2.0 * EDGE;
        if series.has_values() {
            chart.form.sample(picture, look, x, KEY);
            let name = cut(&series.name, room);
            picture.text("name", x + SAMPLE + 10.0, KEY + 4.0, Anchor::Start, &name);
        } else {
            let name = cut(&series.name, room - CHARACTER * 6.0);
            picture.text("no-values", x, KEY + 4.0, Anchor::Start, &format!("{name}: no values"));
        }
    }
}

/// A name, as much of it as there is room for.
fn cut(name: &str, room: f64) -> String {
    let fits = |characters: usize| CHARACTER * as_number(characters) <= room;
    if fits(name.chars().count()) {
        return name.to_owned();
    }
    let kept = name.chars().enumerate().take_while(|(at, _)| fits(at + 2));
    let kept: String = kept.map(|(_, character)| character).collect();
    format!("{}…", kept.trim_end())
}

/// The values beside the plot.
fn scale(picture: &mut Picture, chart: &Chart, axis: &Axis) {
    for value in axis.steps() {
        let y = axis.y(value);
        if value > axis.low {
            let (left, y, right) = (Number(axis.left), Number(y), Number(axis.right));
            picture.add(format_args!("<path class=\"grid\" d=\"M{left} {y}H{right}\"/>"));
        }
        picture.text("value", axis.left - 8.0, y + 4.0, Anchor::End, &chart.written(value));
    }
}

/// The intervals below the plot, each year where it begins.
fn days(picture: &mut Picture, chart: &Chart, axis: &Axis) {
    let (left, bottom, right) = (Number(axis.left), Number(axis.bottom), Number(axis.right));
    picture.add(format_args!("<path class=\"axis\" d=\"M{left} {bottom}H{right}\"/>"));
    let mut year = None;
    for (interval, day) in chart.intervals.iter().enumerate().step_by(axis.every()) {
        let x = axis.x(interval);
        picture.text("day", x, axis.bottom + 18.0, Anchor::Middle, &short(chart.interval, *day));
        if year.replace(day.year()) != Some(day.year()) {
            picture.text("year", x, axis.bottom + 34.0, Anchor::Middle, &day.year().to_string());
        }
    }
}

fn short(interval: Interval, day: NaiveDate) -> String {
    let format = match interval {
        Interval::Week => "%-d %b",
        Interval::Month => "%b",
    };
    day.format(format).to_string()
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
