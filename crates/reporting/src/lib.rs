//! Documents from values: notes as Markdown and NDJSON, and the bundle of an export.
//!
//! Everything here is pure: the same values give the same bytes, whenever and wherever. It reads no clock and no file, and it decides
//! nothing: who may have what was decided before.

mod bundle;
mod manifest;
mod markdown;
mod names;
mod ndjson;
mod note;
mod text;

pub use bundle::{Bundle, BundleError, Bundled, bundle};
pub use manifest::{LeftOut, Manifest, ManifestFile, ManifestNote};
pub use markdown::{Heading, markdown};
pub use names::{Names, Person};
pub use ndjson::ndjson;
pub use note::{AddendumRecord, NoteRecord, PartitionRecord, Section, SignatureRecord};
