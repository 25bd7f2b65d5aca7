//! The manifest of an export: what is in it, from which versions, for what and for whom, and what was left out and why.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use crate::{names::Person, note::PartitionRecord};

/// What is in an export.
#[derive(Serialize)]
pub struct Manifest {
    /// Which layout this is; another layout has another name.
    pub layout: &'static str,
    /// The id of the export.
    pub export_id: String,
    /// The practice it comes from.
    pub practice: Person,
    /// The id of the couple.
    pub couple_id: String,
    /// The first day it takes, in the couple's time zone.
    pub from: NaiveDate,
    /// The last day it takes.
    pub until: NaiveDate,
    /// The couple's time zone.
    pub time_zone: String,
    /// The parts of the record it takes.
    pub partitions: Vec<PartitionRecord>,
    /// What it is for.
    pub purpose: &'static str,
    /// Who gets it; null if it stays in the practice.
    pub recipient: Option<String>,
    /// Who asked for it.
    pub requested_by: Person,
    /// When they did.
    pub requested_at: DateTime<Utc>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By which program.
    pub made_by: String,
    /// The notes in it, each in the version it has here.
    pub notes: Vec<ManifestNote>,
    /// What is not in it, and why.
    pub left_out: Vec<LeftOut>,
    /// The other files.
    pub files: Vec<ManifestFile>,
}

/// A note in the export.
#[derive(Serialize)]
pub struct ManifestNote {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// SHA-256 of what was signed, in base16.
    pub sha256: Option<String>,
}

/// Something that is not in the export.
#[derive(Serialize)]
pub struct LeftOut {
    /// What: `drafts`, `psychotherapy_notes`, `other_partitions`.
    pub what: &'static str,
    /// How many; null where the number itself would tell something.
    pub count: Option<usize>,
    /// Why.
    pub why: String,
}

/// A file in the export.
#[derive(Serialize)]
pub struct ManifestFile {
    /// What it is called.
    pub name: String,
    /// What it is.
    pub media_type: &'static str,
    /// How many bytes it has.
    pub size: i64,
    /// SHA-256 of its bytes, in base16.
    pub sha256: String,
}

/// What was left out. What there is of other parts of the record is not even counted: the recipient may be the partner it is kept from.
pub(crate) fn left_out(drafts: usize) -> Vec<LeftOut> {
    let mut left_out = Vec::new();
    if drafts > 0 {
        let notes = if drafts == 1 { "1 note is a draft".to_owned() } else { format!("{drafts} notes are drafts") };
        let why = format!("{notes}; only what is signed leaves the practice");
        left_out.push(LeftOut { what: "drafts", count: Some(drafts), why });
    }
    let never = "psychotherapy notes (45 CFR 164.501) are kept apart from the record, if there are any";
    left_out.push(LeftOut { what: "psychotherapy_notes", count: None, why: never.to_owned() });
    let others = "parts of the record that are not named under partitions, if there is anything in them";
    left_out.push(LeftOut { what: "other_partitions", count: None, why: others.to_owned() });
    left_out
}
