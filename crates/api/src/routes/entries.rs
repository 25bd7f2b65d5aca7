//! Entries: what the partners recorded for an assignment.

mod request;
mod view;

use actix_web::{
    delete, get, patch, post, put,
    web::{Data, Json, Path},
};
use domain::{
    access::Action,
    assignment::Assignment,
    couple::Couple,
    entry::{Entry, EntryContext, ShownEntry},
    ids::{AssignmentId, CoupleId, EntryId},
    visibility::may_read_earlier_versions,
};
use store::{
    Slice, Tx, View, assignments,
    audit::Event,
    breaches, couples,
    entries::{self, FoundEntry},
    references,
};
use utoipa_actix_web::service_config::ServiceConfig;

pub(super) use self::{request::AuthorWord, view::EntryView};
use self::{
    request::{EntryBody, OpenFurther, RecordEntry},
    view::EarlierVersions,
};
use crate::{
    answer::{Created, Found, NoContent},
    app::App,
    extract::{Asker, Body, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged, Patch},
    pen,
    problem::Problem,
    routes::assignments::check_goes_on,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(record_entry)
        .service(list_entries_of_assignment)
        .service(list_entries)
        .service(show_entry)
        .service(change_entry)
        .service(delete_entry)
        .service(submit_entry)
        .service(correct_entry)
        .service(open_entry)
        .service(list_entry_versions);
}

fn shown(view: &mut View<'_>, couple: &Couple, entry: Entry) -> Result<EntryView, Problem> {
    Ok(entries::show(view, couple, entry)?.into())
}

/// Record an entry
///
/// It is a draft, its author's alone, until it is submitted. A partner writes for themselves; a counselor on behalf of the
/// partner they name, or of both.
#[utoipa::path(tag = "entries", security(("bearer" = [])),
    params(("assignment_id" = AssignmentId, Path, description = "The assignment"), IdempotencyKey), request_body = RecordEntry,
    responses((status = 201, description = "The draft", body = EntryView)))]
#[post("/v1/assignments/{assignment_id}/entries")]
async fn record_entry(
    app: Data<App>,
    caller: Asker,
    assignment_id: Path<AssignmentId>,
    new: New<RecordEntry>,
) -> Result<Created<EntryView>, Problem> {
    app.create(&caller, Action::RecordEntries, new, move |tx, wanted| {
        let (mut assignment, couple) = assignments::find(tx, *assignment_id)?;
        check_goes_on(tx, &assignment, &couple)?;
        let entry = record(tx, &assignment, &couple, wanted)?;
        assignment.follow_begun(&entry.authors(&assignment), &couple, tx.now());
        assignments::update(tx, &assignment)?;
        shown(tx, &couple, entry)
    })
    .await
}

fn record(tx: &mut Tx<'_>, assignment: &Assignment, couple: &Couple, wanted: RecordEntry) -> Result<Entry, Problem> {
    let breach = assignment.breach.map(|id| breaches::find(tx, id)).transpose()?;
    let draft = wanted.draft(tx, couple, assignment)?;
    Entry::check_another_draft(entries::count_drafts(tx, assignment.id, draft.author)?)?;
    let context = EntryContext { couple, assignment, breach: breach.as_ref() };
    let entry = Entry::record(tx.new_id(), context, draft, tx.now())?;
    entries::insert(tx, &entry)?;
    tx.record(Event::new("entry.begun", entry.id).of_couple(couple.id));
    Ok(entry)
}

/// List the entries of an assignment
#[utoipa::path(tag = "entries", security(("bearer" = [])),
    params(("assignment_id" = AssignmentId, Path, description = "The assignment"), PageParameters),
    responses((status = 200, description = "The entries that you may read, in the order in which they were begun", body = Paged<EntryView>)))]
#[get("/v1/assignments/{assignment_id}/entries")]
async fn list_entries_of_assignment(
    app: Data<App>,
    caller: Asker,
    assignment_id: Path<AssignmentId>,
    list: Listing,
) -> Result<Paged<EntryView>, Problem> {
    app.read_audited(&caller, Action::ReadEntries, move |tx| {
        let (assignment, couple) = assignments::find(tx, *assignment_id)?;
        let slice = entries::list(tx, &couple, Some(assignment.id), list.page)?;
        tx.record(Event::new("entries.read", assignment.id).of_couple(couple.id));
        Ok(page(slice))
    })
    .await
}

/// List the entries of a couple
#[utoipa::path(tag = "entries", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), PageParameters),
    responses((status = 200, description = "The entries that you may read, in the order in which they were begun", body = Paged<EntryView>)))]
#[get("/v1/couples/{couple_id}/entries")]
async fn list_entries(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    list: Listing,
) -> Result<Paged<EntryView>, Problem> {
    app.read_audited(&caller, Action::ReadEntries, move |tx| {
        let couple = couples::find(tx, *couple_id)?;
        let slice = entries::list(tx, &couple, None, list.page)?;
        tx.record(Event::new("entries.read", couple.id).of_couple(couple.id));
        Ok(page(slice))
    })
    .await
}

fn page(slice: Slice<ShownEntry>) -> Paged<EntryView> {
    Paged::of(slice, |shown| (shown.entry.created_at, shown.entry.id.0), EntryView::from)
}

/// Show an entry
#[utoipa::path(tag = "entries", security(("bearer" = [])),
    params(("entry_id" = EntryId, Path, description = "The entry")),
    responses((status = 200, description = "The entry", body = EntryView)))]
#[get("/v1/entries/{entry_id}")]
async fn show_entry(app: Data<App>, caller: Asker, id: Path<EntryId>) -> Result<Found<EntryView>, Problem> {
    app.read_audited(&caller, Action::ReadEntries, move |tx| {
        let FoundEntry { entry, couple, .. } = entries::find(tx, *id)?;
        tx.record(Event::new("entry.read", entry.id).of_couple(couple.id));
        shown(tx, &couple, entry)
    })
    .await
    .map(Found)
}

/// The entry to change, if it is still at the version that the caller saw.
fn find_as_seen(tx: &mut Tx<'_>, id: EntryId, expected: &IfMatch) -> Result<FoundEntry, Problem> {
    let found = entries::find(tx, id)?;
    expected.check(found.entry.version_shown_to(couples::reader(tx, &found.couple)?, &found.couple))?;
    Ok(found)
}

/// As [`find_as_seen`], where something of its assignment may be written now.
fn find_to_write(tx: &mut Tx<'_>, id: EntryId, expected: &IfMatch) -> Result<FoundEntry, Problem> {
    let found = find_as_seen(tx, id, expected)?;
    check_goes_on(tx, &found.assignment, &found.couple)?;
    Ok(found)
}

/// Keeps what a change made of an entry.
fn keep(tx: &mut Tx<'_>, before: &FoundEntry, entry: Entry, action: &'static str) -> Result<EntryView, Problem> {
    entries::update(tx, &before.entry, &entry)?;
    tx.record(Event::new(action, entry.id).of_couple(before.couple.id));
    shown(tx, &before.couple, entry)
}

/// Replace the content of a draft
#[utoipa::path(tag = "entries", security(("bearer" = [])),
    params(("entry_id" = EntryId, Path, description = "The entry"), IfMatch), request_body = EntryBody,
    responses((status = 200, description = "The draft as it is now", body = EntryView)))]
#[patch("/v1/entries/{entry_id}")]
async fn change_entry(
    app: Data<App>,
    caller: Asker,
    id: Path<EntryId>,
    expected: IfMatch,
    patch: Patch<EntryBody>,
) -> Result<Found<EntryView>, Problem> {
    app.write(&caller, Action::RecordEntries, move |tx| {
        let found = find_to_write(tx, *id, &expected)?;
        let mut entry = found.entry.clone();
        let content = patch.into_inner().content(tx, &found)?;
        entry.change(&found.couple, content, pen::recorded_by(tx, &found.couple)?)?;
        keep(tx, &found, entry, "entry.changed")
    })
    .await
    .map(Found)
}

/// Take back a draft
#[utoipa::path(tag = "entries", security(("bearer" = [])),
    params(("entry_id" = EntryId, Path, description = "The entry"), IfMatch),
    responses((status = 204, description = "It is gone")))]
#[delete("/v1/entries/{entry_id}")]
async fn delete_entry(
    app: Data<App>,
    caller: Asker,
    id: Path<EntryId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    app.write(&caller, Action::RecordEntries, move |tx| {
        let FoundEntry { entry, couple, .. } = find_as_seen(tx, *id, &expected)?;
        entry.check_can_be_taken_back(&couple, pen::recorded_by(tx, &couple)?)?;
        entries::delete_draft(tx, &entry)?;
        tx.record(Event::new("entry.taken_back", entry.id).of_couple(couple.id));
        Ok(NoContent)
    })
    .await
}

/// Submit an entry
///
/// From now on its answers don't change; a correction is a new version.
#[utoipa::path(tag = "entries", security(("bearer" = [])),
    params(("entry_id" = EntryId, Path, description = "The entry"), IfMatch),
    responses((status = 200, description = "The submitted entry", body = EntryView)))]
#[post("/v1/entries/{entry_id}/submission")]
async fn submit_entry(
    app: Data<App>,
    caller: Asker,
    id: Path<EntryId>,
    expected: IfMatch,
) -> Result<Found<EntryView>, Problem> {
    app.write(&caller, Action::RecordEntries, move |tx| {
        let mut found = find_to_write(tx, *id, &expected)?;
        let mut entry = found.entry.clone();
        let history = references::history(tx, &found.couple, entry.author, &entry.answers, entry.recorded_on)?;
        entry.submit(&found.couple, &history, pen::recorded_by(tx, &found.couple)?, tx.now())?;
        let authors = entry.authors(&found.assignment);
        found.assignment.follow_submitted(&authors, entry.recorded_on, &found.couple, tx.now());
        assignments::update(tx, &found.assignment)?;
        keep(tx, &found, entry, "entry.submitted")
    })
    .await
    .map(Found)
}

/// Correct a submitted entry
///
/// A correction of the answers is the next version of the entry, 100 at most; the earlier ones stay. What changes nothing, or nothing but
/// a line that a counselor began it with, makes none.
#[utoipa::path(tag = "entries", security(("bearer" = [])),
    params(("entry_id" = EntryId, Path, description = "The entry"), IfMatch), request_body = EntryBody,
    responses((status = 200, description = "The corrected entry", body = EntryView)))]
#[post("/v1/entries/{entry_id}/corrections")]
async fn correct_entry(
    app: Data<App>,
    caller: Asker,
    id: Path<EntryId>,
    expected: IfMatch,
    body: Body<EntryBody>,
) -> Result<Found<EntryView>, Problem> {
    app.write(&caller, Action::RecordEntries, move |tx| {
        let found = find_to_write(tx, *id, &expected)?;
        let mut entry = found.entry.clone();
        let content = body.into_inner().content(tx, &found)?;
        entry.correct(&found.couple, content, pen::recorded_by(tx, &found.couple)?, found.is_open(tx.now()))?;
        keep(tx, &found, entry, "entry.corrected")
    })
    .await
    .map(Found)
}

/// Open an entry further
///
/// Only its author does, in person, and it is recorded as their permission. What was submitted can't be closed again.
#[utoipa::path(tag = "entries", security(("bearer" = [])),
    params(("entry_id" = EntryId, Path, description = "The entry"), IfMatch), request_body = OpenFurther,
    responses((status = 200, description = "The entry as it is now", body = EntryView)))]
#[put("/v1/entries/{entry_id}/visibility")]
async fn open_entry(
    app: Data<App>,
    caller: Asker,
    id: Path<EntryId>,
    expected: IfMatch,
    body: Body<OpenFurther>,
) -> Result<Found<EntryView>, Problem> {
    app.write(&caller, Action::RecordEntries, move |tx| {
        let found = find_to_write(tx, *id, &expected)?;
        let mut entry = found.entry.clone();
        let (to, by) = (body.into_inner().visibility()?, pen::recorded_by(tx, &found.couple)?);
        entry.widen(&found.couple, &found.assignment, to, by, found.is_open(tx.now()), tx.now())?;
        keep(tx, &found, entry, "entry.opened_further")
    })
    .await
    .map(Found)
}

/// List the earlier versions of an entry
///
/// They are for its author and the counselors: what an author took out before opening it was never shared.
#[utoipa::path(tag = "entries", security(("bearer" = [])),
    params(("entry_id" = EntryId, Path, description = "The entry")),
    responses((status = 200, description = "What it said before its corrections, the first version first", body = EarlierVersions)))]
#[get("/v1/entries/{entry_id}/versions")]
async fn list_entry_versions(
    app: Data<App>,
    caller: Asker,
    id: Path<EntryId>,
) -> Result<Json<EarlierVersions>, Problem> {
    app.read_audited(&caller, Action::ReadEntries, move |tx| {
        let FoundEntry { entry, couple, .. } = entries::find(tx, *id)?;
        let reader = couples::reader(tx, &couple)?;
        if !may_read_earlier_versions(reader, &couple, &entry.facts()) {
            return Err(Problem::not_found());
        }
        let earlier = entry.earlier_shown_to(entries::earlier_versions(tx, &entry)?, reader, &couple);
        tx.record(Event::new("entry.read", entry.id).of_couple(couple.id));
        Ok(Json(earlier.into_iter().collect()))
    })
    .await
}
