//! The bundle of an export: its documents and their manifest in one ZIP, byte for byte the same for the same values.

use std::io::{Cursor, Write};

use chrono::{DateTime, Utc};
use domain::{
    couple::Couple,
    export::{Export, ExportFile, ExportFormat, ExportPartition},
    note::{Digest, Partition},
    practice::Practice,
};
use sha2::{Digest as _, Sha256};
use zip::{CompressionMethod, DateTime as ZipTime, ZipWriter, write::SimpleFileOptions};

use crate::{
    manifest::{Manifest, ManifestFile, ManifestNote, left_out},
    markdown::{Heading, markdown},
    names::{Names, Person},
    ndjson::ndjson,
    note::{NoteRecord, PartitionRecord},
};

/// What goes into a bundle.
pub struct Bundled<'a> {
    /// What was asked for.
    pub export: &'a Export,
    /// Of which couple.
    pub couple: &'a Couple,
    /// Of which practice.
    pub practice: &'a Practice,
    /// What the people in it are called.
    pub names: &'a Names,
    /// The signed notes, in the order of their sessions.
    pub notes: &'a [NoteRecord],
    /// How many notes of the same parts of the record are drafts.
    pub drafts: usize,
    /// When it is made.
    pub made_at: DateTime<Utc>,
    /// By which program.
    pub made_by: &'a str,
}

/// A bundle.
pub struct Bundle {
    /// The ZIP.
    pub zip: Vec<u8>,
    /// Of the ZIP.
    pub digest: Digest,
    /// The files in it, the manifest last.
    pub files: Vec<ExportFile>,
}

/// Why a bundle can't be made.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// A document could not be written as JSON.
    #[error("a document could not be written as JSON")]
    Json(#[from] serde_json::Error),
    /// A document could not be written as text.
    #[error("a document could not be written as text")]
    Text(#[from] std::fmt::Error),
    /// The ZIP could not be written.
    #[error("the ZIP could not be written")]
    Zip(#[from] zip::result::ZipError),
    /// The ZIP could not be written.
    #[error("the ZIP could not be written")]
    Write(#[from] std::io::Error),
}

struct File {
    name: &'static str,
    media_type: &'static str,
    bytes: Vec<u8>,
}

/// Makes the bundle.
///
/// # Errors
/// [`BundleError`].
pub fn bundle(bundled: &Bundled<'_>) -> Result<Bundle, BundleError> {
    let formats = bundled.export.formats.iter();
    let mut files = formats.map(|format| document(*format, bundled)).collect::<Result<Vec<_>, _>>()?;
    let manifest = manifest(bundled, &files);
    let bytes = serde_json::to_vec_pretty(&manifest)?;
    files.push(File { name: "manifest.json", media_type: "application/json", bytes });
    let zip = zipped(&files)?;
    let listed = |file: &File| ExportFile { name: file.name.to_owned(), size: size(file), digest: digest(&file.bytes) };
    Ok(Bundle { digest: digest(&zip), files: files.iter().map(listed).collect(), zip })
}

fn document(format: ExportFormat, bundled: &Bundled<'_>) -> Result<File, BundleError> {
    match format {
        ExportFormat::Markdown => {
            let partners = partners(bundled);
            let heading = Heading {
                practice: &bundled.practice.name,
                partners: &partners,
                from: bundled.export.from,
                until: bundled.export.until,
            };
            let bytes = markdown(&heading, bundled.notes)?.into_bytes();
            Ok(File { name: "notes.md", media_type: "text/markdown; charset=utf-8", bytes })
        }
        ExportFormat::Ndjson => {
            let bytes = ndjson(bundled.notes)?.into_bytes();
            Ok(File { name: "notes.ndjson", media_type: "application/x-ndjson", bytes })
        }
    }
}

/// Each person once, however often they left and came back.
fn partners(bundled: &Bundled<'_>) -> Vec<Person> {
    let mut partners: Vec<Person> = Vec::new();
    for partner in &bundled.couple.partners {
        let person = bundled.names.partner(partner.id);
        if !partners.iter().any(|known| known.name == person.name) {
            partners.push(person);
        }
    }
    partners
}

fn manifest(bundled: &Bundled<'_>, files: &[File]) -> Manifest {
    let Bundled { export, couple, practice, names, notes, .. } = bundled;
    let partition = |partition: &ExportPartition| match partition {
        ExportPartition::Joint => Some(PartitionRecord::new(Partition::Joint, names)),
        ExportPartition::About(partner) => Some(PartitionRecord::new(Partition::About(*partner), names)),
        ExportPartition::Psychotherapy => None,
    };
    let sha256 = |note: &NoteRecord| note.signature.as_ref().map(|signature| signature.sha256.clone());
    let note = |note: &NoteRecord| ManifestNote { id: note.id.clone(), version: note.version, sha256: sha256(note) };
    Manifest {
        layout: "tenfold export 1",
        export_id: export.id.to_string(),
        practice: Person { id: practice.id.to_string(), name: practice.name.clone() },
        couple_id: couple.id.to_string(),
        from: export.from,
        until: export.until,
        time_zone: couple.time_zone.to_string(),
        partitions: export.partitions.iter().filter_map(partition).collect(),
        purpose: export.purpose.as_str(),
        recipient: export.recipient.as_ref().map(|recipient| recipient.expose().to_owned()),
        requested_by: names.member(export.requested_by),
        requested_at: export.created_at,
        made_at: bundled.made_at,
        made_by: bundled.made_by.to_owned(),
        notes: notes.iter().map(note).collect(),
        left_out: left_out(bundled.drafts),
        files: files.iter().map(listed).collect(),
    }
}

fn listed(file: &File) -> ManifestFile {
    ManifestFile {
        name: file.name.to_owned(),
        media_type: file.media_type,
        size: size(file),
        sha256: digest(&file.bytes).to_string(),
    }
}

fn size(file: &File) -> i64 {
    i64::try_from(file.bytes.len()).unwrap_or(i64::MAX)
}

fn digest(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

fn zipped(files: &[File]) -> Result<Vec<u8>, BundleError> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // A fixed time: the same values make the same bytes. When it was made is in the manifest.
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(ZipTime::DEFAULT)
        .unix_permissions(0o600);
    for file in files {
        zip.start_file(file.name, options)?;
        zip.write_all(&file.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
