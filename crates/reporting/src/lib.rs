//! Documents from values: notes as Markdown and NDJSON, the bundle of an export, and figures over time as charts.
//!
//! Everything here is pure: the same values give the same bytes, whenever and wherever. It reads no clock and no file, and it decides
//! nothing: who may have what was decided before.

mod bundle;
mod chart;
mod manifest;
mod markdown;
mod names;
mod ndjson;
mod note;
mod progress_chart;
mod text;

pub use bundle::{Bundle, BundleError, Bundled, bundle};
pub use chart::{Chart, Form, MOST_BARS, MOST_SERIES, Series};
pub use manifest::{LeftOut, Manifest, ManifestFile, ManifestNote};
pub use markdown::{Heading, markdown};
pub use names::{Names, Person};
pub use ndjson::ndjson;
pub use note::{AddendumRecord, NoteRecord, PartitionRecord, Section, SignatureRecord};
pub use progress_chart::{Figure, progress_chart};
