//! What answers name, as far as their author may see it, and what was handed in before them.

use std::collections::HashSet;

use chrono::NaiveDate;
use domain::{
    couple::Couple,
    entry::{Author, Referred},
    exercises::{Answers, History, Target},
    ids::{EntryId, PromiseId},
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
    found.push(Referred::History(history(view, couple, author, answers, on)?));
    Ok(found)
}

fn named_by(
    view: &mut View<'_>,
    couple: &Couple,
    author: Author,
    answers: &Answers,
) -> Result<Vec<Referred>, StoreError> {
    let named: HashSet<_> = answers.references().into_iter().map(|reference| reference.to).collect();
    let readers = author.readers(couple, couples::reader(view, couple)?);
    existing(view, couple, &readers, &named)
}

/// Those of some records that exist for a reader.
pub(crate) fn existing_for(
    view: &mut View<'_>,
    couple: &Couple,
    reader: Reader,
    named: &HashSet<Target>,
) -> Result<HashSet<Target>, StoreError> {
    let found = existing(view, couple, &[reader], named)?;
    Ok(named.iter().copied().filter(|to| found.iter().any(|found| found.is(*to))).collect())
}

/// Those of some records that exist for each of these readers: a statement or two for each sort of record.
fn existing(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    named: &HashSet<Target>,
) -> Result<Vec<Referred>, StoreError> {
    let (mut entries, mut promises, mut sessions, mut found) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for to in named {
        match to {
            Target::Entry { id, .. } => entries.push(*id),
            Target::PromiseOfTheOther(id) => promises.push(*id),
            Target::BegunSession(id) => sessions.push(*id),
            Target::Partner(id) => found.extend(couple.current_partner(*id).ok().map(|one| Referred::Partner(one.id))),
        }
    }
    found.extend(of_entries(view, couple, readers, &entries)?);
    found.extend(of_promises(view, couple, readers, &promises)?);
    let known = sessions::known_to(view, couple, readers, &sessions)?;
    let now = view.now();
    found.extend(known.iter().map(|session| Referred::Session { id: session.id, has_begun: session.has_begun(now) }));
    Ok(found)
}

/// What was handed in before of the kinds that answers about a day follow, **whoever may read it**: only what the rules make of it may
/// be told; and what their author told of before, as far as they may read it.
///
/// # Errors
/// If the database fails.
pub fn history(
    view: &mut View<'_>,
    couple: &Couple,
    author: Author,
    answers: &Answers,
    on: NaiveDate,
) -> Result<History, StoreError> {
    let entries = entries::list_submitted(view, couple, answers.kind().follows(), on)?;
    let told = if answers.told_once().is_some() {
        entries::list_told(view, couple, author, answers.kind())?
    } else {
        Vec::new()
    };
    Ok(History { entries, told, on, today: couple.today(view.now()), now: view.now() })
}

fn of_entries(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    ids: &[EntryId],
) -> Result<Vec<Referred>, StoreError> {
    let found = entries::find_readable_by(view, couple, readers, ids)?;
    Ok(found.iter().map(Referred::of).collect())
}

fn of_promises(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    ids: &[PromiseId],
) -> Result<Vec<Referred>, StoreError> {
    let found = promises::find_for(view, couple, readers, ids)?;
    Ok(found.iter().map(|promise| Referred::Promise { id: promise.id, maker: promise.maker }).collect())
}
