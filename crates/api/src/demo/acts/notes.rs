//! Notes: written, signed, co-signed, added to; and an export of them.

use domain::{
    confidential::Confidential,
    export::{Export, ExportDraft, ExportFormat, ExportPartition, ExportPurpose},
    note::{Note, NoteBody, NoteDraft},
    psychotherapy_note::{PsychotherapyNote, PsychotherapyNoteDraft},
};
use store::{
    Tx,
    audit::Event,
    couples, exports,
    jobs::{self, JobKind},
    notes::{self, Filter},
    psychotherapy_notes, staff,
};

use super::sessions;
use crate::{
    demo::{ALL, mistake, script::Case},
    pen,
    problem::Problem,
};

pub(super) fn write(tx: &mut Tx<'_>, case: &Case, body: NoteBody, draft: bool) -> Result<(), Problem> {
    let (session, couple) = sessions::last(tx, case)?;
    let (by, now) = (pen::staff(tx)?, tx.now());
    let wanted = NoteDraft { partition: None, body, attended: None };
    let mut note = Note::new(tx.new_id(), &couple, &session, wanted, by, now)?;
    notes::insert(tx, &note)?;
    tx.record(Event::new("note.written", note.id).of_couple(couple.id));
    if !draft {
        note.sign(by, now, notes::digest)?;
        notes::sign(tx, &note)?;
        tx.record(Event::new("note.signed", note.id).of_couple(couple.id));
    }
    Ok(())
}

/// The signed notes of the couple, in the order of their sessions.
fn signed(tx: &mut Tx<'_>, case: &Case) -> Result<Vec<Note>, Problem> {
    let couple = couples::find(tx, case.couple)?;
    let found = notes::list(tx, &couple, &Filter { signed: Some(true), ..Filter::default() }, ALL)?;
    Ok(found.items.into_iter().map(|found| found.note).collect())
}

pub(super) fn add_addendum(tx: &mut Tx<'_>, case: &Case, text: String) -> Result<(), Problem> {
    let mut note = signed(tx, case)?.pop().ok_or_else(|| mistake("there is no signed note yet"))?;
    let couple = couples::find(tx, case.couple)?;
    let (id, by, now) = (tx.new_id(), pen::staff(tx)?, tx.now());
    note.add_addendum(&couple, id, Confidential::new(text), by, now, notes::digest)?;
    notes::add_addendum(tx, &note)?;
    tx.record(Event::new("note.added_to", note.id).of_couple(couple.id));
    Ok(())
}

pub(super) fn cosign(tx: &mut Tx<'_>, case: &Case) -> Result<(), Problem> {
    let supervisor = pen::staff(tx)?;
    let by = staff::find(tx, supervisor)?;
    for mut note in signed(tx, case)?.into_iter().filter(|note| note.cosignature.is_none()) {
        let author = staff::find(tx, note.author)?;
        note.cosign(&author, &by, tx.now(), notes::digest)?;
        notes::cosign(tx, &note)?;
        tx.record(Event::new("note.cosigned", note.id).of_couple(case.couple));
    }
    Ok(())
}

pub(super) fn keep_psychotherapy_note(tx: &mut Tx<'_>, case: &Case, text: String) -> Result<(), Problem> {
    let (session, couple) = sessions::last(tx, case)?;
    let draft = PsychotherapyNoteDraft { session: Some(session.id), text: Confidential::new(text) };
    let note = PsychotherapyNote::new(tx.new_id(), couple.id, draft, pen::staff(tx)?, tx.now());
    let note = note?;
    psychotherapy_notes::insert(tx, &note)?;
    tx.record(Event::new("psychotherapy_note.written", note.id).of_couple(couple.id));
    Ok(())
}

pub(super) fn request_export(tx: &mut Tx<'_>, case: &Case) -> Result<(), Problem> {
    let couple = couples::find(tx, case.couple)?;
    let own = case.partners.iter().map(|(_, id)| ExportPartition::About(*id));
    let draft = ExportDraft {
        from: couple.opened_on,
        until: couple.today(tx.now()),
        formats: vec![ExportFormat::Markdown, ExportFormat::Ndjson],
        partitions: own.chain([ExportPartition::Joint]).collect(),
        purpose: ExportPurpose::Treatment,
        recipient: None,
        psychotherapy_authorization: None,
    };
    let export = Export::new(tx.new_id(), &couple, draft, pen::staff(tx)?, tx.now())?;
    exports::insert(tx, &export)?;
    jobs::enqueue(tx, JobKind::MakeExport, export.id, tx.now())?;
    tx.record(Event::new("export.requested", export.id).of_couple(couple.id));
    Ok(())
}
