//! A note as documents show it: one content for every format, with the names of the people in it.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{
    note::{Addendum, Note, Partition, Signature},
    session::{Session, SessionKind},
};
use serde::Serialize;

use crate::names::{Names, Person};

/// A note about a session.
#[derive(Clone, Serialize)]
pub struct NoteRecord {
    /// What this line is: always `note`.
    pub r#type: &'static str,
    /// The id of the note.
    pub id: String,
    /// Which version of it this is.
    pub version: i64,
    /// The id of the couple.
    pub couple_id: String,
    /// The id of the session.
    pub session_id: String,
    /// With whom the session was: `joint` or `individual`.
    pub session: &'static str,
    /// When the session started.
    pub starts_at: DateTime<Utc>,
    /// The time zone it was agreed in.
    pub time_zone: Tz,
    /// How long it took.
    pub minutes: u16,
    /// Where it took place: `office`, `video` or `phone`.
    pub place: &'static str,
    /// The part of the record the note belongs to.
    pub partition: PartitionRecord,
    /// Who wrote it.
    pub author: Person,
    /// Who attended, as the note names them.
    pub attended: Vec<Person>,
    /// Its layout: `soap`, `dap`, `birp`, `girp` or `free`.
    pub format: &'static str,
    /// What it says, part by part, in the order of its layout.
    pub sections: Vec<Section>,
    /// The signature that locked it.
    pub signature: Option<SignatureRecord>,
    /// The co-signature of the author's supervisor.
    pub cosignature: Option<SignatureRecord>,
    /// What was added after it was signed, oldest first.
    pub addenda: Vec<AddendumRecord>,
}

/// A part of the record.
#[derive(Clone, Serialize)]
pub struct PartitionRecord {
    /// `joint`, or `partner` for what is one partner's own.
    pub kind: &'static str,
    /// That partner.
    pub partner: Option<Person>,
}

/// A part of a note.
#[derive(Clone, Serialize)]
pub struct Section {
    /// What it is called.
    pub name: &'static str,
    /// What it says.
    pub text: String,
}

/// A signature.
#[derive(Clone, Serialize)]
pub struct SignatureRecord {
    /// Who signed.
    pub by: Person,
    /// When.
    pub at: DateTime<Utc>,
    /// SHA-256 of what was signed, in base16.
    pub sha256: String,
}

/// An addition to a signed note.
#[derive(Clone, Serialize)]
pub struct AddendumRecord {
    /// Its id.
    pub id: String,
    /// What is added.
    pub text: String,
    /// By whom and when.
    pub signature: SignatureRecord,
}

impl NoteRecord {
    /// A note about its session.
    #[must_use]
    pub fn new(note: &Note, session: &Session, names: &Names) -> Self {
        let sections = note.body.parts().into_iter();
        Self {
            r#type: "note",
            id: note.id.to_string(),
            version: note.version,
            couple_id: note.couple.to_string(),
            session_id: session.id.to_string(),
            session: match session.kind {
                SessionKind::Joint => "joint",
                SessionKind::With(_) => "individual",
            },
            starts_at: session.starts_at,
            time_zone: session.time_zone,
            minutes: session.minutes,
            place: session.place.as_str(),
            partition: PartitionRecord::new(note.partition, names),
            author: names.member(note.author),
            attended: note.attended.iter().map(|partner| names.partner(*partner)).collect(),
            format: note.body.format().as_str(),
            sections: sections.map(|(name, text)| Section { name, text: text.expose().to_owned() }).collect(),
            signature: note.signature().map(|signature| SignatureRecord::new(signature, names)),
            cosignature: note.cosignature.as_ref().map(|signature| SignatureRecord::new(signature, names)),
            addenda: note.addenda.iter().map(|addendum| AddendumRecord::new(addendum, names)).collect(),
        }
    }
}

impl PartitionRecord {
    pub(crate) fn new(partition: Partition, names: &Names) -> Self {
        match partition {
            Partition::Joint => Self { kind: "joint", partner: None },
            Partition::About(partner) => Self { kind: "partner", partner: Some(names.partner(partner)) },
        }
    }
}

impl SignatureRecord {
    fn new(signature: &Signature, names: &Names) -> Self {
        Self { by: names.member(signature.by), at: signature.at, sha256: signature.digest.to_string() }
    }
}

impl AddendumRecord {
    fn new(addendum: &Addendum, names: &Names) -> Self {
        let signature = SignatureRecord::new(&addendum.signature, names);
        Self { id: addendum.id.to_string(), text: addendum.text.expose().to_owned(), signature }
    }
}
