//! Notes for people, as Markdown (CommonMark).

use std::fmt::{self, Write};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::{
    names::Person,
    note::{AddendumRecord, NoteRecord, SignatureRecord},
    text::{line, prose},
};

/// What stands above the notes.
pub struct Heading<'a> {
    /// What the practice is called.
    pub practice: &'a str,
    /// Who the couple is.
    pub partners: &'a [Person],
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
}

/// The notes as one document, in the order in which they come.
///
/// # Errors
/// None: writing to a string does not fail.
pub fn markdown(heading: &Heading<'_>, notes: &[NoteRecord]) -> Result<String, fmt::Error> {
    let mut out = String::new();
    writeln!(out, "# Notes\n")?;
    writeln!(out, "- Practice: {}", line(heading.practice))?;
    writeln!(out, "- Couple: {}", people(heading.partners))?;
    writeln!(out, "- Sessions from {} to {}", heading.from, heading.until)?;
    writeln!(out, "- Notes: {}", notes.len())?;
    notes.iter().try_for_each(|note| write_note(&mut out, note))?;
    Ok(out)
}

fn write_note(out: &mut String, note: &NoteRecord) -> fmt::Result {
    writeln!(out, "\n---\n\n## {}, {} session\n", instant(note.starts_at, note.time_zone), note.session)?;
    writeln!(out, "- {} minutes, {}", note.minutes, note.place)?;
    writeln!(out, "- Attended: {}", people(&note.attended))?;
    if let Some(partner) = &note.partition.partner {
        writeln!(out, "- From the part of the record that is {}'s own", line(&partner.name))?;
    }
    writeln!(out, "- Written by {}", line(&note.author.name))?;
    for section in &note.sections {
        writeln!(out, "\n### {}\n\n{}", title(section.name), said(&section.text))?;
    }
    if let Some(signature) = &note.signature {
        write_signature(out, "Signed", signature, note.time_zone)?;
    }
    if let Some(signature) = &note.cosignature {
        write_signature(out, "Co-signed", signature, note.time_zone)?;
    }
    note.addenda.iter().try_for_each(|addendum| write_addendum(out, addendum, note.time_zone))
}

fn write_addendum(out: &mut String, addendum: &AddendumRecord, zone: Tz) -> fmt::Result {
    writeln!(out, "\n### Addendum\n\n{}", said(&addendum.text))?;
    write_signature(out, "Signed", &addendum.signature, zone)
}

fn write_signature(out: &mut String, signed: &str, signature: &SignatureRecord, zone: Tz) -> fmt::Result {
    let SignatureRecord { by, at, sha256 } = signature;
    writeln!(out, "\n*{signed} by {} on {}.* SHA-256 `{sha256}`", line(&by.name), instant(*at, zone))
}

fn instant(at: DateTime<Utc>, zone: Tz) -> String {
    format!("{} ({zone})", at.with_timezone(&zone).format("%Y-%m-%d, %H:%M"))
}

fn people(people: &[Person]) -> String {
    if people.is_empty() {
        return "nobody is named".to_owned();
    }
    people.iter().map(|person| line(&person.name)).collect::<Vec<_>>().join(", ")
}

fn said(text: &str) -> String {
    if text.trim().is_empty() { "*Left empty.*".to_owned() } else { prose(text) }
}

/// `subjective` as a heading: `Subjective`.
fn title(name: &str) -> String {
    let mut characters = name.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}
