//! Entries: recorded, corrected, reviewed.

use std::collections::BTreeMap;

use domain::{
    assignment::Assignment,
    confidential::Confidential,
    couple::Couple,
    entry::{Author, Entry, EntryContent, EntryContext, EntryDraft, EntryState},
    exercises::{Answers, Kind, Writer},
    ids::EntryId,
    recorded_by::RecordedBy,
    review::ReviewDraft,
};
use serde_json::Value;
use store::{Tx, assignments, audit::Event, breaches, couples, entries, own_exercises, references};

use super::{exercises::given, sessions};
use crate::{
    demo::{ALL, mistake, script::Case, story::Written},
    pen,
    problem::Problem,
    routes,
};

/// Begins an entry, and hands it in unless it is to stay a draft.
pub(super) fn write(tx: &mut Tx<'_>, case: &Case, written: Written) -> Result<(), Problem> {
    let answers = read(tx, case, written.answers)?;
    let (mut assignment, couple) = given(tx, case, answers.kind().exercise())?;
    let recorded_by = pen::recorded_by(tx, &couple)?;
    let (author, today) = (author(answers.kind(), recorded_by), couple.today(tx.now()));
    let draft = EntryDraft {
        author,
        recorded_by,
        recorded_on: None,
        difficulty: written.difficulty,
        referred: references::find(tx, &couple, author, &answers, today)?,
        form: own_exercises::form_of(tx, &assignment)?,
        answers,
        for_counselor: written.for_counselor.map(Confidential::new),
        visibility: written.visibility,
    };
    let begun = begin(tx, &couple, &mut assignment, draft)?;
    if !written.draft {
        hand_in(tx, &couple, &mut assignment, &begun)?;
    }
    Ok(assignments::update(tx, &assignment)?)
}

fn begin(tx: &mut Tx<'_>, couple: &Couple, assignment: &mut Assignment, draft: EntryDraft) -> Result<Entry, Problem> {
    let breach = assignment.breach.map(|id| breaches::find(tx, id)).transpose()?;
    let context = EntryContext { couple, assignment, breach: breach.as_ref() };
    let begun = Entry::record(tx.new_id(), context, draft, tx.now())?;
    entries::insert(tx, &begun)?;
    assignment.follow_begun(&begun.authors(assignment), couple, tx.now());
    tx.record(Event::new("entry.begun", begun.id).of_couple(couple.id));
    Ok(begun)
}

fn hand_in(tx: &mut Tx<'_>, couple: &Couple, assignment: &mut Assignment, begun: &Entry) -> Result<(), Problem> {
    let mut entry = begun.clone();
    let history = references::history(tx, couple, entry.author, &entry.answers, entry.recorded_on)?;
    entry.submit(couple, &history, entry.recorded_by, tx.now())?;
    assignment.follow_submitted(&entry.authors(assignment), entry.recorded_on, couple, tx.now());
    entries::update(tx, begun, &entry)?;
    tx.record(Event::new("entry.submitted", entry.id).of_couple(couple.id));
    Ok(())
}

/// Whose words a kind of entry is, when this one holds the pen.
fn author(kind: Kind, recorded_by: RecordedBy) -> Author {
    match (kind.writer(), recorded_by) {
        (Writer::Together, _) => Author::Together,
        (_, RecordedBy::Partner(partner)) => Author::Partner(partner),
        (_, RecordedBy::Staff(counselor)) => Author::Counselor(counselor),
    }
}

/// The last entry of a kind that the one who acts may read.
fn last(tx: &mut Tx<'_>, couple: &Couple, kind: Kind) -> Result<Entry, Problem> {
    let mut all = entries::list(tx, couple, None, ALL)?.items.into_iter().map(|shown| shown.entry);
    all.rfind(|entry| entry.kind == kind).ok_or_else(|| mistake(format!("there is no {kind} yet")))
}

/// The last entry of a kind that somebody else wrote, or else their own: one answers the other.
fn last_to_answer(tx: &mut Tx<'_>, couple: &Couple, kind: Kind) -> Result<Entry, Problem> {
    let own = pen::recorded_by(tx, couple)?.partner().map(Author::Partner);
    let mut all = entries::list(tx, couple, None, ALL)?.items.into_iter().map(|shown| shown.entry);
    match all.rfind(|entry| entry.kind == kind && Some(entry.author) != own) {
        Some(entry) => Ok(entry),
        None => last(tx, couple, kind),
    }
}

pub(super) fn correct(tx: &mut Tx<'_>, case: &Case, answers: Value) -> Result<(), Problem> {
    let answers = read(tx, case, answers)?;
    let couple = couples::find(tx, case.couple)?;
    let (id, by) = (last(tx, &couple, answers.kind())?.id, pen::recorded_by(tx, &couple)?);
    let found = entries::find(tx, id)?;
    let mut entry = found.entry.clone();
    let Entry { difficulty, for_counselor, .. } = entry.clone();
    let referred = references::find(tx, &couple, entry.author, &answers, entry.recorded_on)?;
    let form = own_exercises::form_of(tx, &found.assignment)?;
    let content = EntryContent { difficulty, answers, referred, form, for_counselor };
    entry.correct(&couple, content, by, found.is_open(tx.now()))?;
    entries::update(tx, &found.entry, &entry)?;
    tx.record(Event::new("entry.corrected", entry.id).of_couple(couple.id));
    Ok(())
}

/// Reads all that waits: what was submitted before and not reviewed since. The words for a kind go to the first of that kind.
pub(super) fn review(
    tx: &mut Tx<'_>,
    case: &Case,
    feedback: &BTreeMap<Kind, String>,
    flag: &[Kind],
) -> Result<(), Problem> {
    let mut words = feedback.clone();
    let waiting = entries::list_to_review(tx, entries::Waiting::default(), ALL)?.items.into_iter();
    for entry in waiting.filter(|entry| entry.couple == case.couple && is_handed_in(entry)) {
        let feedback = words.remove(&entry.kind).map(Confidential::new);
        let draft = ReviewDraft { feedback, to: None, flagged_for_session: flag.contains(&entry.kind) };
        let found = entries::find(tx, entry.id)?;
        routes::reviews::review(tx, found, draft)?;
    }
    match words.keys().next() {
        Some(kind) => Err(mistake(format!("no {kind} waits for review"))),
        None => Ok(()),
    }
}

fn is_handed_in(entry: &Entry) -> bool {
    matches!(entry.state, EntryState::Submitted(_)) && entry.reviewed_at.is_none()
}

/// Answers as a story has them, with what stands for ids and dates filled in.
fn read(tx: &mut Tx<'_>, case: &Case, mut answers: Value) -> Result<Answers, Problem> {
    fill_in(tx, case, &mut answers)?;
    serde_json::from_value(answers).map_err(mistake)
}

fn fill_in(tx: &mut Tx<'_>, case: &Case, value: &mut Value) -> Result<(), Problem> {
    match value {
        Value::Object(fields) => fields.values_mut().try_for_each(|field| fill_in(tx, case, field)),
        Value::Array(items) => items.iter_mut().try_for_each(|item| fill_in(tx, case, item)),
        Value::String(text) => {
            if let Some((word, rest)) = text.strip_prefix('@').map(|text| text.split_once(' ').unwrap_or((text, ""))) {
                *text = stands_for(tx, case, word, rest)?;
            }
            Ok(())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

fn stands_for(tx: &mut Tx<'_>, case: &Case, word: &str, rest: &str) -> Result<String, Problem> {
    match word {
        "entry" => {
            let couple = couples::find(tx, case.couple)?;
            let kind: Kind = rest.parse().map_err(mistake)?;
            let id: EntryId = last_to_answer(tx, &couple, kind)?.id;
            Ok(id.to_string())
        }
        "session" => Ok(sessions::last(tx, case)?.0.id.to_string()),
        "partner" => Ok(case.partner(rest)?.to_string()),
        "promise" => {
            let number: usize = rest.parse().map_err(mistake)?;
            let id = case.promises.get(number).ok_or_else(|| mistake("there is no such promise"))?;
            Ok(id.to_string())
        }
        "day" => Ok(case.calendar.date(rest.parse().map_err(mistake)?).to_string()),
        "time" => Ok(case.calendar.instant(rest.parse().map_err(mistake)?).to_rfc3339()),
        other => Err(mistake(format!("nothing stands for @{other}"))),
    }
}
