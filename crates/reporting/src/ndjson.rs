//! Notes for tools: one JSON value on each line.

use crate::note::NoteRecord;

/// The notes, one on each line.
///
/// # Errors
/// If a value can't be written as JSON.
pub fn ndjson(notes: &[NoteRecord]) -> Result<String, serde_json::Error> {
    let mut lines = String::new();
    for note in notes {
        lines.push_str(&serde_json::to_string(note)?);
        lines.push('\n');
    }
    Ok(lines)
}
