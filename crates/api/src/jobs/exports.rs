//! Making exports and removing them. An export is made as whoever asked for it: it holds what they may read when it is made.

use std::collections::{HashMap, hash_map::Entry};

use actix_web::web::block;
use chrono::TimeDelta;
use domain::{
    access::{Action, Actor, Caller},
    couple::Couple,
    export::{Export, ExportFailure, ExportPartition},
    ids::{ExportId, StaffId},
    note::{Note, Partition},
    practice::Practice,
    session::instants_of,
};
use reporting::{Bundle, Bundled, Names, NoteRecord, bundle};
use store::{
    Page, Slice, StoreError, Tx, View,
    audit::Event,
    couples, exports,
    jobs::{self, Job, JobKind},
    notes::{self, Filter, NoteOfSession},
    practices, staff,
};
use uuid::Uuid;

use super::held_until;
use crate::{app::App, extract::Asker, names, problem::Problem};

/// How many notes are read at a time.
const BATCH: i64 = 25;

/// How much text one export may hold, in bytes.
const LARGEST: usize = 32 * 1024 * 1024;

/// For how long a bundle can be fetched.
const KEPT: TimeDelta = TimeDelta::days(7);

/// The program, as manifests name it.
const MADE_BY: &str = concat!("Tenfold ", env!("CARGO_PKG_VERSION"));

/// An export that is being made, and as whom.
struct Order {
    export: Export,
    asker: Asker,
}

/// What goes into it.
struct Content {
    couple: Couple,
    practice: Practice,
    names: Names,
    notes: Vec<NoteRecord>,
    drafts: usize,
}

/// Makes an export, unless it has been made already.
pub(super) async fn make(app: &App, job: &Job) -> Result<(), Problem> {
    let Some(order) = begin(app, *job).await? else { return Ok(()) };
    let content = match gather(app, *job, &order).await? {
        Ok(content) => content,
        Err(failure) => return fail(app, *job, failure).await,
    };
    let made_at = app.clock.now();
    let Order { export, asker } = order;
    let bundled = block(move || {
        let Content { couple, practice, names, notes, drafts } = &content;
        let (export, drafts) = (&export, *drafts);
        bundle(&Bundled { export, couple, practice, names, notes, drafts, made_at, made_by: MADE_BY })
            .map(|bundle| (bundle, content))
    });
    let (bundle, content) = bundled.await.map_err(Problem::internal)?.map_err(Problem::internal)?;
    keep(app, *job, asker, bundle, content).await
}

/// Takes the export up; `None` if it is finished.
async fn begin(app: &App, job: Job) -> Result<Option<Order>, Problem> {
    app.write(&app.system(job.practice), Action::ExportRecords, move |tx| {
        let mut export = exports::find(tx, ExportId(job.subject))?;
        if export.start().is_err() {
            jobs::finish(tx, &job)?;
            return Ok(None);
        }
        exports::update(tx, &export)?;
        let requester = staff::find(tx, export.requested_by)?;
        let actor = Actor::Staff { id: requester.id, role: requester.role };
        let caller = Caller { actor, ..Caller::system(job.practice) };
        let works_here = requester.ended_at.is_none() && caller.may(Action::ExportRecords).is_ok();
        if !works_here {
            end_in(tx, &job, export, ExportFailure::NoAccess)?;
            return Ok(None);
        }
        Ok(Some(Order { export, asker: Asker { caller, request: None } }))
    })
    .await
}

/// Reads what goes into it, batch by batch, as whoever asked for it.
async fn gather(app: &App, job: Job, order: &Order) -> Result<Result<Content, ExportFailure>, Problem> {
    let export = order.export.clone();
    let opened = app.read(&order.asker, Action::ExportRecords, move |view| open(view, &export)).await?;
    let Some((couple, practice, filter, total)) = opened else { return Ok(Err(ExportFailure::NoAccess)) };
    let mut taken = Taken::default();
    let mut page = Page { after: None, limit: BATCH };
    loop {
        let (of, wanted) = (couple.clone(), filter.clone());
        let read = move |view: &mut View<'_>| Ok(notes::list(view, &of, &wanted, page)?);
        let Slice { items, more } = app.read(&order.asker, Action::ExportRecords, read).await?;
        page.after = items.last().map(key);
        taken.take(&order.export, items);
        if taken.size > LARGEST {
            return Ok(Err(ExportFailure::TooLarge));
        }
        advance(app, job, taken.looked_at, total).await?;
        if !more {
            break;
        }
    }
    let (people, Taken { notes, drafts, .. }) = (couple.clone(), taken);
    let named = app.read(&order.asker, Action::ExportRecords, move |view| with_names(view, &people, &notes));
    let (names, notes) = named.await?;
    Ok(Ok(Content { couple, practice, names, notes, drafts }))
}

/// What was taken so far.
#[derive(Default)]
struct Taken {
    notes: Vec<NoteOfSession>,
    /// How many drafts were left out.
    drafts: usize,
    /// How long the notes are, in bytes.
    size: usize,
    /// How many notes were looked at.
    looked_at: i64,
}

impl Taken {
    /// Takes what is signed and asked for.
    fn take(&mut self, export: &Export, batch: Vec<NoteOfSession>) {
        self.looked_at += i64::try_from(batch.len()).unwrap_or(BATCH);
        for found in batch.into_iter().filter(|found| takes(export, &found.note)) {
            if found.note.signature().is_none() {
                self.drafts += 1;
            } else {
                self.size += length(&found.note);
                self.notes.push(found);
            }
        }
    }
}

type Opened = (Couple, Practice, Filter, i64);

/// What is to be read, and how much that is; `None` if the couple is out of the requester's reach.
fn open(view: &mut View<'_>, export: &Export) -> Result<Option<Opened>, Problem> {
    let couple = match couples::find(view, export.couple) {
        Ok(couple) => couple,
        Err(StoreError::NotFound) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let days = instants_of(couple.time_zone, export.from, export.until);
    let filter = Filter { from: Some(days.start), before: Some(days.end), signed: None };
    let total = notes::count(view, &couple, &filter)?;
    Ok(Some((couple, practices::find(view)?, filter, total)))
}

fn key(found: &NoteOfSession) -> (chrono::DateTime<chrono::Utc>, Uuid) {
    (found.session.starts_at, found.note.id.0)
}

fn takes(export: &Export, note: &Note) -> bool {
    export.partitions.contains(&match note.partition {
        Partition::Joint => ExportPartition::Joint,
        Partition::About(partner) => ExportPartition::About(partner),
    })
}

fn length(note: &Note) -> usize {
    let parts = note.body.parts().into_iter().map(|(_, text)| text.expose().len());
    parts.chain(note.addenda.iter().map(|addendum| addendum.text.expose().len())).sum()
}

/// Says how much is done, and holds on to the job.
async fn advance(app: &App, job: Job, done: i64, total: i64) -> Result<(), Problem> {
    app.write(&app.system(job.practice), Action::ExportRecords, move |tx| {
        jobs::hold(tx, &job, held_until(tx.now()))?;
        let mut export = exports::find(tx, ExportId(job.subject))?;
        export.advance(done, total);
        Ok(exports::update(tx, &export)?)
    })
    .await
}

fn with_names(
    view: &mut View<'_>,
    couple: &Couple,
    taken: &[NoteOfSession],
) -> Result<(Names, Vec<NoteRecord>), Problem> {
    let names = names(view, couple, taken)?;
    let records = taken.iter().map(|found| NoteRecord::new(&found.note, &found.session, &names)).collect();
    Ok((names, records))
}

fn names(view: &mut View<'_>, couple: &Couple, taken: &[NoteOfSession]) -> Result<Names, Problem> {
    let mut names = Names { partners: names::of_partners(view, couple)?, staff: HashMap::new() };
    let asking = view.caller().staff();
    for id in taken.iter().flat_map(|found| who_wrote(&found.note)).chain(asking) {
        if let Entry::Vacant(unnamed) = names.staff.entry(id) {
            unnamed.insert(staff::find(view, id)?.name.into_exposed());
        }
    }
    Ok(names)
}

fn who_wrote(note: &Note) -> Vec<StaffId> {
    let signatures = note.signature().into_iter().chain(&note.cosignature);
    let signed =
        signatures.chain(note.addenda.iter().map(|addendum| &addendum.signature)).map(|signature| signature.by);
    std::iter::once(note.author).chain(signed).collect()
}

/// Keeps the bundle, and with it the end of the job: both or neither.
async fn keep(app: &App, job: Job, asker: Asker, bundle: Bundle, content: Content) -> Result<(), Problem> {
    app.write(&asker, Action::ExportRecords, move |tx| {
        jobs::finish(tx, &job)?;
        let mut export = exports::find(tx, ExportId(job.subject))?;
        let expires_at = tx.now() + KEPT;
        export.succeed(bundle.digest, bundle.files, tx.now(), expires_at)?;
        exports::insert_file(tx, export.id, &bundle.zip)?;
        exports::update(tx, &export)?;
        jobs::enqueue(tx, JobKind::ExpireExport, export.id, expires_at)?;
        for note in &content.notes {
            let id: Uuid = note.id.parse().map_err(Problem::internal)?;
            tx.record(Event::new("note.exported", id).of_couple(export.couple));
        }
        tx.record(Event::new("export.made", export.id).of_couple(export.couple));
        Ok(())
    })
    .await
}

async fn fail(app: &App, job: Job, failure: ExportFailure) -> Result<(), Problem> {
    app.write(&app.system(job.practice), Action::ExportRecords, move |tx| {
        let export = exports::find(tx, ExportId(job.subject))?;
        end_in(tx, &job, export, failure)
    })
    .await
}

/// Gives an export up that failed too often.
pub(super) async fn give_up(app: &App, job: Job) -> Result<(), Problem> {
    fail(app, job, ExportFailure::Internal).await
}

fn end_in(tx: &mut Tx<'_>, job: &Job, mut export: Export, failure: ExportFailure) -> Result<(), Problem> {
    jobs::finish(tx, job)?;
    export.fail(failure, tx.now())?;
    exports::update(tx, &export)?;
    tx.record(Event::new("export.failed", export.id).of_couple(export.couple));
    Ok(())
}

/// Removes the bundle of an export, unless it is gone already.
pub(super) async fn expire(app: &App, job: &Job) -> Result<(), Problem> {
    let job = *job;
    app.write(&app.system(job.practice), Action::ExportRecords, move |tx| {
        jobs::finish(tx, &job)?;
        let mut export = exports::find(tx, ExportId(job.subject))?;
        if export.expire().is_ok() {
            exports::delete_file(tx, &export)?;
            exports::update(tx, &export)?;
            tx.record(Event::new("export.expired", export.id).of_couple(export.couple));
        }
        Ok(())
    })
    .await
}
