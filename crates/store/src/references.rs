//! What answers name, as far as their author may see it, and what was handed in before them.

use std::collections::HashSet;

use chrono::NaiveDate;
use domain::{
    couple::Couple,
    entry::{Author, Referred},
    exercises::{Answers, History, Target},
    ids::{EntryId, PromiseId, SessionId},
    visibility::Reader,
};

use crate::{StoreError, View, couples, entries, promises, sessions};

/// What answers about a day stand on: those of the records they name that exist for everyone who has to be able to see them, the author
/// of the answers or both partners where they write as one; and what was handed in before of the kinds that they follow.
///
/// # Errors
/// If the database fails.
pub fn find(
    view: &mut View<'_>,
    couple: &Couple,
    author: Author,
    answers: &Answers,
    on: NaiveDate,
) -> Result<Vec<Referred>, StoreError> {
    let mut found = named_by(view, couple, author, answers)?;
    found.push(Referred::History(history(view, couple, answers, on)?));
    Ok(found)
}

fn named_by(
    view: &mut View<'_>,
    couple: &Couple,
    author: Author,
    answers: &Answers,
) -> Result<Vec<Referred>, StoreError> {
    let mut found = Vec::new();
    let named: HashSet<_> = answers.references().into_iter().map(|reference| reference.to).collect();
    if named.is_empty() {
        return Ok(found);
    }
    let readers = author.readers(couple, couples::reader(view, couple)?);
    found.extend(of_entries(view, couple, &readers, &named)?);
    for to in named {
        match to {
            Target::Entry { .. } => {}
            Target::PromiseOfTheOther(id) => found.extend(of_promise(view, couple, &readers, id)?),
            Target::BegunSession(id) => found.extend(of_session(view, couple, &readers, id)?),
            Target::Partner(id) => found.extend(couple.current_partner(id).ok().map(|one| Referred::Partner(one.id))),
        }
    }
    Ok(found)
}

/// What was handed in before of the kinds that answers about a day follow, **whoever may read it**: only what the rules make of it may
/// be told.
///
/// # Errors
/// If the database fails.
pub fn history(view: &mut View<'_>, couple: &Couple, answers: &Answers, on: NaiveDate) -> Result<History, StoreError> {
    let entries = entries::list_submitted(view, couple, answers.kind().follows(), on)?;
    Ok(History { entries, today: couple.today(view.now()) })
}

fn of_entries(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    named: &HashSet<Target>,
) -> Result<Vec<Referred>, StoreError> {
    let id = |to: &Target| if let Target::Entry { id, .. } = to { Some(*id) } else { None };
    let ids: Vec<EntryId> = named.iter().filter_map(id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = entries::find_readable_by(view, couple, readers, &ids)?;
    Ok(found.iter().map(|entry| Referred::Entry { id: entry.id, kind: entry.kind, author: entry.author }).collect())
}

fn of_promise(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    id: PromiseId,
) -> Result<Option<Referred>, StoreError> {
    let promise = promises::find_for(view, couple, readers, id)?;
    Ok(promise.map(|promise| Referred::Promise { id, maker: promise.maker }))
}

fn of_session(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    id: SessionId,
) -> Result<Option<Referred>, StoreError> {
    let session = sessions::find_for(view, couple, readers, id)?;
    Ok(session.map(|session| Referred::Session { id, has_begun: session.has_begun(view.now()) }))
}
