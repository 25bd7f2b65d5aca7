//! Entries as the caller is shown them: what the rule asks of what they come from and name, gathered for many entries at once.

use std::collections::HashSet;

use domain::{
    couple::Couple,
    entry::{Entry, ShownEntry, Sight},
    ids::AssignmentId,
    visibility::Reader,
};

use crate::{StoreError, View, assignments, couples, references};

/// An entry that the caller may read, as they are shown it.
///
/// # Errors
/// If the database fails.
pub fn show(view: &mut View<'_>, couple: &Couple, entry: Entry) -> Result<ShownEntry, StoreError> {
    show_all(view, couple, vec![entry])?.pop().ok_or(StoreError::NotFound)
}

/// The same for entries of a couple, in their order.
pub(super) fn show_all(
    view: &mut View<'_>,
    couple: &Couple,
    entries: Vec<Entry>,
) -> Result<Vec<ShownEntry>, StoreError> {
    let reader = couples::reader(view, couple)?;
    let sight = sight(view, couple, reader, &entries)?;
    let shown = |entry: Entry| entry.shown_to(reader, couple, &sight);
    entries.into_iter().map(shown).collect::<Result<_, _>>().map_err(|_| StoreError::Corrupt("entries.sealed"))
}

/// What a reader can see of what these entries come from and name. Those who treat the couple are shown them whole.
fn sight(view: &mut View<'_>, couple: &Couple, reader: Reader, entries: &[Entry]) -> Result<Sight, StoreError> {
    if !matches!(reader, Reader::Partner(_)) {
        return Ok(Sight::default());
    }
    let assignments: HashSet<AssignmentId> = entries.iter().map(|entry| entry.assignment).collect();
    let named = entries.iter().flat_map(|entry| entry.to_be_seen_by(reader, couple));
    let named: HashSet<_> = named.map(|reference| reference.to).collect();
    Ok(Sight {
        assignments: assignments::existing_for(view, couple, reader, &assignments)?,
        named: references::existing_for(view, couple, reader, &named)?,
    })
}
