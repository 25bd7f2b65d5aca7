//! Psychotherapy notes (45 CFR 164.501): for their author alone, and for everybody else they do not exist.

use actix_web::{
    get, patch, post,
    web::{Data, Path},
};
use chrono::{DateTime, Utc};
use domain::{
    access::Action,
    confidential::Confidential,
    ids::{CoupleId, PsychotherapyNoteId, SessionId},
    psychotherapy_note::{PsychotherapyNote, PsychotherapyNoteDraft},
};
use serde::{Deserialize, Serialize};
use store::{Tx, audit::Event, couples, psychotherapy_notes};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Created, Found, Resource},
    app::App,
    extract::{Asker, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged, Patch},
    pen,
    problem::Problem,
    routes::sessions::session_of,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(write_psychotherapy_note)
        .service(list_psychotherapy_notes)
        .service(show_psychotherapy_note)
        .service(change_psychotherapy_note);
}

/// A psychotherapy note to write: your own analysis. Start and stop times, modality, results of measures and summaries of diagnosis,
/// plan and progress are ordinary record and belong in a note.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct WritePsychotherapyNote {
    /// About which couple.
    couple_id: CoupleId,
    /// About which of its sessions, if one.
    #[schema(nullable = false)]
    session_id: Option<SessionId>,
    /// What to write.
    #[schema(value_type = String, min_length = 1, max_length = 50_000)]
    text: Confidential,
}

/// What of a psychotherapy note is to be different.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangePsychotherapyNote {
    /// What to write instead.
    #[schema(value_type = String, min_length = 1, max_length = 50_000)]
    text: Confidential,
}

/// A counselor's own analysis.
#[derive(Serialize, ToSchema)]
#[schema(as = PsychotherapyNote)]
struct PsychotherapyNoteView {
    /// Its id.
    id: PsychotherapyNoteId,
    /// About which couple.
    couple_id: CoupleId,
    /// About which session, if one.
    #[schema(required = true)]
    session_id: Option<SessionId>,
    /// What you wrote.
    #[schema(max_length = 50_000)]
    text: String,
    /// When it was begun.
    created_at: DateTime<Utc>,
    /// When it was last changed.
    changed_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

impl From<PsychotherapyNote> for PsychotherapyNoteView {
    fn from(note: PsychotherapyNote) -> Self {
        Self {
            id: note.id,
            couple_id: note.couple,
            session_id: note.session,
            text: note.text.into_exposed(),
            created_at: note.created_at,
            changed_at: note.changed_at,
            version: note.version,
        }
    }
}

impl Resource for PsychotherapyNoteView {
    fn path(&self) -> String {
        format!("/v1/psychotherapy-notes/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// Leaves the trace of what was done, and shows what came of it.
fn done(tx: &mut Tx<'_>, note: PsychotherapyNote, action: &'static str) -> PsychotherapyNoteView {
    tx.record(Event::new(action, note.id).of_couple(note.couple));
    note.into()
}

/// Write a psychotherapy note
///
/// You alone will read it: no supervisor, no owner, no export.
#[utoipa::path(tag = "psychotherapy-notes", security(("bearer" = [])), params(IdempotencyKey), request_body = WritePsychotherapyNote,
    responses((status = 201, description = "The psychotherapy note", body = PsychotherapyNoteView),
        (status = 404, description = "There is no such couple, or none that you may know of")))]
#[post("/v1/psychotherapy-notes")]
async fn write_psychotherapy_note(
    app: Data<App>,
    caller: Asker,
    new: New<WritePsychotherapyNote>,
) -> Result<Created<PsychotherapyNoteView>, Problem> {
    app.create(&caller, Action::KeepPsychotherapyNotes, new, |tx, wanted| {
        let WritePsychotherapyNote { couple_id, session_id: session, text } = wanted;
        couples::check_reach(tx, couple_id)?;
        let unknown = || Problem::unknown("/session_id", "is no session of this couple");
        session.map(|id| session_of(tx, couple_id, id, unknown)).transpose()?;
        let draft = PsychotherapyNoteDraft { session, text };
        let note = PsychotherapyNote::new(tx.new_id(), couple_id, draft, pen::staff(tx)?, tx.now())?;
        psychotherapy_notes::insert(tx, &note)?;
        Ok(done(tx, note, "psychotherapy_note.written"))
    })
    .await
}

/// Which psychotherapy notes are listed.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PsychotherapyNoteFilter {
    /// Only about this couple.
    #[param(nullable = false, required = false)]
    couple_id: Option<CoupleId>,
}

/// List your psychotherapy notes
#[utoipa::path(tag = "psychotherapy-notes", security(("bearer" = [])), params(PageParameters, PsychotherapyNoteFilter),
    responses((status = 200, description = "Your own, in the order in which they were begun", body = Paged<PsychotherapyNoteView>)))]
#[get("/v1/psychotherapy-notes")]
async fn list_psychotherapy_notes(
    app: Data<App>,
    caller: Asker,
    list: Listing<PsychotherapyNoteFilter>,
) -> Result<Paged<PsychotherapyNoteView>, Problem> {
    app.read_audited(&caller, Action::KeepPsychotherapyNotes, move |tx| {
        let slice = psychotherapy_notes::list(tx, list.filter.couple_id, list.page)?;
        for note in &slice.items {
            tx.record(Event::new("psychotherapy_note.read", note.id).of_couple(note.couple));
        }
        Ok(Paged::of(slice, |note| (note.created_at, note.id.0), PsychotherapyNoteView::from))
    })
    .await
}

/// Show a psychotherapy note of yours
#[utoipa::path(tag = "psychotherapy-notes", security(("bearer" = [])),
    params(("psychotherapy_note_id" = PsychotherapyNoteId, Path, description = "The psychotherapy note")),
    responses((status = 200, description = "The psychotherapy note", body = PsychotherapyNoteView)))]
#[get("/v1/psychotherapy-notes/{psychotherapy_note_id}")]
async fn show_psychotherapy_note(
    app: Data<App>,
    caller: Asker,
    id: Path<PsychotherapyNoteId>,
) -> Result<Found<PsychotherapyNoteView>, Problem> {
    app.read_audited(&caller, Action::KeepPsychotherapyNotes, move |tx| {
        let note = psychotherapy_notes::find(tx, *id)?;
        Ok(done(tx, note, "psychotherapy_note.read"))
    })
    .await
    .map(Found)
}

/// Rewrite a psychotherapy note of yours
#[utoipa::path(tag = "psychotherapy-notes", security(("bearer" = [])),
    params(("psychotherapy_note_id" = PsychotherapyNoteId, Path, description = "The psychotherapy note"), IfMatch),
    request_body = ChangePsychotherapyNote,
    responses((status = 200, description = "The psychotherapy note as it is now", body = PsychotherapyNoteView)))]
#[patch("/v1/psychotherapy-notes/{psychotherapy_note_id}")]
async fn change_psychotherapy_note(
    app: Data<App>,
    caller: Asker,
    id: Path<PsychotherapyNoteId>,
    expected: IfMatch,
    patch: Patch<ChangePsychotherapyNote>,
) -> Result<Found<PsychotherapyNoteView>, Problem> {
    app.write(&caller, Action::KeepPsychotherapyNotes, move |tx| {
        let mut note = psychotherapy_notes::find(tx, *id)?;
        expected.check(note.version)?;
        note.change(patch.into_inner().text, pen::staff(tx)?, tx.now())?;
        psychotherapy_notes::update(tx, &note)?;
        Ok(done(tx, note, "psychotherapy_note.changed"))
    })
    .await
    .map(Found)
}
