//! Instruments: questionnaires with published norms, and those a practice defines. The product ships what is known about them and no
//! item text: items belong to whoever wrote them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{archival::archive, ids::InstrumentId, vocabulary::word};

mod catalog;
mod change;
#[cfg(test)]
mod tests;

pub use catalog::shipped;
pub use change::{Change, CoupleChange, Verdict, couple_change, reliable_change};

/// How many instruments of its own a practice may define.
pub const MOST_INSTRUMENTS: usize = 100;

/// How many versions an instrument may have.
pub const MOST_VERSIONS: usize = 100;

/// The largest score either way; no questionnaire comes near.
const LARGEST: f64 = 1_000_000.0;

word! {
    /// Which way of a score is the better one.
    Better {
        /// A higher score is better.
        Higher = "higher",
        /// A lower score is better.
        Lower = "lower",
    }
}

/// How large a change must be to be more than chance.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Yardstick {
    /// From the spread and the reliability of the scores (Jacobson & Truax 1991).
    Spread {
        /// The standard deviation in the norm sample, above 0, in points.
        sd: f64,
        /// The reliability, above 0 and below 1.
        reliability: f64,
    },
    /// As published: so many points or more, above 0.
    Points(f64),
}

/// What is known about an instrument, as of one version.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Norms {
    /// What it is called, 1 to 200 characters.
    pub name: String,
    /// Which way is better.
    pub better: Better,
    /// The lowest score there can be.
    pub lowest: f64,
    /// The highest score there can be.
    pub highest: f64,
    /// The score at which the undistressed begin, seen from the worse side; within the range.
    pub cut_off: Option<f64>,
    /// How large a change must be; without it reliable change is withheld.
    pub yardstick: Option<Yardstick>,
    /// Where all this comes from, 1 to 2,000 characters.
    pub source: String,
    /// By which licence the items may be kept, up to 500 characters.
    pub licence: Option<String>,
    /// What it asks, each up to 1,000 characters; only with a licence.
    pub items: Vec<String>,
}

/// An instrument with all its versions. What a score was entered under stays as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Instrument {
    /// Its row in the practice; `None` while it is as the product ships it.
    pub id: Option<InstrumentId>,
    /// Its name in addresses: 1 to 60 small letters, digits and hyphens.
    pub slug: String,
    /// Its versions, the first one first; version 1 is at place 0. Never empty.
    pub versions: Vec<Norms>,
    /// Since when no new score is entered with it.
    pub archived_at: Option<DateTime<Utc>>,
    /// When the practice defined or first changed it; `None` while it is as the product ships it.
    pub created_at: Option<DateTime<Utc>>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// Why an instrument can't be as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InstrumentError {
    /// New norms for one that is put away.
    #[error("this instrument is archived; bring it back before you give it other norms")]
    Archived,
    /// A name that doesn't fit into an address.
    #[error("an instrument's slug has 1 to 60 small letters, digits and hyphens, and begins with a letter")]
    Slug,
    /// It is there.
    #[error("there is an instrument of this slug already; give it a new version instead")]
    Taken,
    /// Empty or too long.
    #[error(
        "an instrument has a name of up to 200 characters and a source of up to 2,000 that says where its norms come from"
    )]
    Text,
    /// The ends of the range.
    #[error("the lowest score lies below the highest, both within a million of zero")]
    Range,
    /// The cut-off.
    #[error("a cut-off lies within the range of the scores")]
    CutOff,
    /// How large a change must be.
    #[error(
        "reliable change comes from a standard deviation above 0 with a reliability between 0 and 1, or from published points above 0: \
         from one of the two"
    )]
    Yardstick,
    /// Somebody else's words.
    #[error("item text is kept only with the licence that allows it")]
    Licence,
    /// Empty, too long or too many.
    #[error("an instrument has up to 200 items of up to 1,000 characters")]
    Items,
    /// Enough.
    #[error("a practice has up to 100 instruments of its own, each with up to 100 versions")]
    TooMany,
}

impl Yardstick {
    /// Reads what was entered: both of the spread, or points, or nothing.
    ///
    /// # Errors
    /// [`InstrumentError::Yardstick`] for half of one, for both, and for values out of their ranges.
    pub fn of(sd: Option<f64>, reliability: Option<f64>, points: Option<f64>) -> Result<Option<Self>, InstrumentError> {
        match (sd, reliability, points) {
            (None, None, None) => Ok(None),
            (Some(sd), Some(reliability), None) if is_size(sd) && reliability > 0.0 && reliability < 1.0 => {
                Ok(Some(Self::Spread { sd, reliability }))
            }
            (None, None, Some(points)) if is_size(points) => Ok(Some(Self::Points(points))),
            _ => Err(InstrumentError::Yardstick),
        }
    }
}

impl Norms {
    /// Whether a score can be one of this instrument.
    #[must_use]
    pub fn contains(&self, score: f64) -> bool {
        (self.lowest..=self.highest).contains(&score)
    }

    /// Whether scores under these norms can be compared with scores under others: same range, same way.
    #[must_use]
    pub fn is_comparable_to(&self, other: &Self) -> bool {
        (self.better, self.lowest, self.highest) == (other.better, other.lowest, other.highest)
    }

    fn check(&self) -> Result<(), InstrumentError> {
        let filled = |text: &str, most: usize| !text.trim().is_empty() && text.chars().count() <= most;
        if !filled(&self.name, 200) || !filled(&self.source, 2_000) {
            return Err(InstrumentError::Text);
        }
        let fits = |score: f64| score.abs() <= LARGEST;
        if !fits(self.lowest) || !fits(self.highest) || self.lowest >= self.highest {
            return Err(InstrumentError::Range);
        }
        if !self.cut_off.is_none_or(|score| self.contains(score)) {
            return Err(InstrumentError::CutOff);
        }
        let licensed = self.licence.as_deref().is_some_and(|licence| filled(licence, 500));
        if (!self.items.is_empty() || self.licence.is_some()) && !licensed {
            return Err(InstrumentError::Licence);
        }
        let items = self.items.len() <= 200 && self.items.iter().all(|item| filled(item, 1_000));
        if items { Ok(()) } else { Err(InstrumentError::Items) }
    }
}

impl Instrument {
    /// An instrument of a practice's own. `others` are those it has already; the product's are among the taken.
    ///
    /// # Errors
    /// [`InstrumentError`].
    pub fn new(
        id: InstrumentId,
        slug: String,
        norms: Norms,
        others: &[Self],
        now: DateTime<Utc>,
    ) -> Result<Self, InstrumentError> {
        let of_an_address = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        let begins = slug.starts_with(|letter: char| letter.is_ascii_lowercase());
        if !begins || slug.len() > 60 || !slug.chars().all(of_an_address) {
            return Err(InstrumentError::Slug);
        }
        if shipped(&slug).is_some() || others.iter().any(|other| other.slug == slug) {
            return Err(InstrumentError::Taken);
        }
        if others.iter().filter(|other| shipped(&other.slug).is_none()).count() >= MOST_INSTRUMENTS {
            return Err(InstrumentError::TooMany);
        }
        norms.check()?;
        Ok(Self { id: Some(id), slug, versions: vec![norms], archived_at: None, created_at: Some(now), version: 1 })
    }

    /// Other norms from now on. Scores that were entered keep theirs. `id` is for one that is as the product ships it so far.
    ///
    /// # Errors
    /// [`InstrumentError`], and then nothing has changed.
    pub fn revise(&mut self, norms: Norms, id: InstrumentId, now: DateTime<Utc>) -> Result<(), InstrumentError> {
        if self.archived_at.is_some() {
            return Err(InstrumentError::Archived);
        }
        norms.check()?;
        if self.versions.len() >= MOST_VERSIONS {
            return Err(InstrumentError::TooMany);
        }
        self.versions.push(norms);
        self.changed(id, now);
        Ok(())
    }

    /// Puts it away, so that no new score is entered with it, or brings it back. What was entered stays. Says whether anything has
    /// changed. `id` is for one that is as the product ships it so far.
    pub fn archive(&mut self, archived: bool, id: InstrumentId, now: DateTime<Utc>) -> bool {
        let changes = archive(&mut self.archived_at, archived, now);
        if changes {
            self.changed(id, now);
        }
        changes
    }

    /// The number of its latest version.
    #[must_use]
    pub fn latest(&self) -> u16 {
        u16::try_from(self.versions.len()).unwrap_or(u16::MAX)
    }

    /// The norms of a version.
    #[must_use]
    pub fn norms(&self, number: u16) -> Option<&Norms> {
        usize::from(number).checked_sub(1).and_then(|at| self.versions.get(at))
    }

    fn changed(&mut self, id: InstrumentId, now: DateTime<Utc>) {
        self.id.get_or_insert(id);
        self.created_at.get_or_insert(now);
        self.version += 1;
    }
}

fn is_size(size: f64) -> bool {
    size > 0.0 && size <= LARGEST
}
