//! Notes: what the counselor wrote about a session. Once signed, a note is locked; addenda follow.

mod body;

use actix_web::{
    delete, get, patch, post,
    web::{Data, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::Action,
    confidential::Confidential,
    couple::Couple,
    ids::{AddendumId, CoupleId, NoteId, PartnerId, SessionId, StaffId},
    note::{Addendum, Note, NoteChange, NoteDraft, NoteState, Partition, Signature},
    session::instants_of,
};
use serde::{Deserialize, Serialize};
use store::{
    Tx,
    audit::Event,
    couples, notes,
    notes::{Filter, FoundNote, NoteOfSession},
    sessions, staff,
};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use self::body::NoteBodyView;
use crate::{
    answer::{Created, Found, NoContent, Resource},
    app::App,
    extract::{Asker, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged, Patch},
    pen,
    problem::{FieldError, Problem},
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(write_note)
        .service(list_notes)
        .service(show_note)
        .service(change_note)
        .service(discard_note)
        .service(sign_note)
        .service(cosign_note)
        .service(add_addendum);
}

/// Which part of the record a note about a joint session belongs to.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum PartitionWord {
    /// Both partners'.
    Joint,
    /// One partner's own: `about_partner_id`.
    Partner,
}

/// A note to write. It begins as a draft.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct WriteNote {
    /// Which part of the record it belongs to; the session's if absent.
    #[schema(inline, nullable = false)]
    partition: Option<PartitionWord>,
    /// Whose own part of the record it belongs to.
    #[schema(nullable = false)]
    about_partner_id: Option<PartnerId>,
    /// What it says.
    #[validate(nested)]
    body: NoteBodyView,
    /// Who attended; as the session has it if absent.
    #[validate(length(max = 20))]
    #[schema(nullable = false, max_items = 20)]
    attended: Option<Vec<PartnerId>>,
}

impl WriteNote {
    fn draft(self) -> Result<NoteDraft, Problem> {
        let partition = match (self.partition, self.about_partner_id) {
            (None, None) => None,
            (Some(PartitionWord::Joint), None) => Some(Partition::Joint),
            (None | Some(PartitionWord::Partner), Some(partner)) => Some(Partition::About(partner)),
            (Some(PartitionWord::Joint), Some(_)) | (Some(PartitionWord::Partner), None) => {
                let detail = "goes with a note about one partner, and only with that";
                return Err(Problem::invalid(vec![FieldError::body("/about_partner_id", "unexpected", detail)]));
            }
        };
        Ok(NoteDraft { partition, body: self.body.into(), attended: self.attended })
    }
}

/// What of a draft is to be different.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeNote {
    /// What it says; replaces all of it.
    #[validate(nested)]
    #[schema(nullable = false)]
    body: Option<NoteBodyView>,
    /// Who attended.
    #[validate(length(max = 20))]
    #[schema(nullable = false, max_items = 20)]
    attended: Option<Vec<PartnerId>>,
}

impl From<ChangeNote> for NoteChange {
    fn from(change: ChangeNote) -> Self {
        Self { body: change.body.map(Into::into), attended: change.attended }
    }
}

/// Something to add to a signed note.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct AddAddendum {
    /// What is added.
    #[schema(value_type = String, min_length = 1, max_length = 50_000)]
    text: Confidential,
}

/// Whether a note is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NoteState)]
enum NoteStateWord {
    /// Still being written.
    Draft,
    /// Signed and locked.
    Signed,
}

/// A signature.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Signature)]
struct SignatureView {
    /// Who signed.
    by: StaffId,
    /// When.
    at: DateTime<Utc>,
    /// SHA-256 of what was signed, in base16.
    #[schema(max_length = 64, pattern = "^[0-9a-f]{64}$")]
    sha256: String,
}

impl From<Signature> for SignatureView {
    fn from(Signature { by, at, digest }: Signature) -> Self {
        Self { by, at, sha256: digest.to_string() }
    }
}

/// An addition to a signed note, signed by its author.
#[derive(Serialize, ToSchema)]
#[schema(as = Addendum)]
struct AddendumView {
    /// Its id.
    id: AddendumId,
    /// What is added.
    #[schema(max_length = 50_000)]
    text: String,
    /// By whom and when.
    signature: SignatureView,
}

impl From<Addendum> for AddendumView {
    fn from(Addendum { id, text, signature }: Addendum) -> Self {
        Self { id, text: text.into_exposed(), signature: signature.into() }
    }
}

/// What the counselor wrote about a session.
#[derive(Serialize, ToSchema)]
#[schema(as = Note)]
struct NoteView {
    /// Its id.
    id: NoteId,
    /// The session it is about.
    session_id: SessionId,
    /// The couple.
    couple_id: CoupleId,
    /// The partner whose own part of the record it belongs to; null if it is both partners'.
    #[schema(required = true)]
    about_partner_id: Option<PartnerId>,
    /// Who wrote it.
    author_id: StaffId,
    /// Who attended, as the note names them.
    #[schema(max_items = 20)]
    attended: Vec<PartnerId>,
    /// What it says.
    body: NoteBodyView,
    /// Whether it is signed.
    state: NoteStateWord,
    /// The signature that locked it.
    #[schema(required = true)]
    signature: Option<SignatureView>,
    /// The co-signature of the author's supervisor.
    #[schema(required = true)]
    cosignature: Option<SignatureView>,
    /// What was added after it was signed, oldest first.
    #[schema(max_items = 1000)]
    addenda: Vec<AddendumView>,
    /// When it was begun.
    created_at: DateTime<Utc>,
    /// When its text last changed.
    changed_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

impl From<Note> for NoteView {
    fn from(note: Note) -> Self {
        let (state, signature) = match note.state {
            NoteState::Draft => (NoteStateWord::Draft, None),
            NoteState::Signed(signature) => (NoteStateWord::Signed, Some(signature.into())),
        };
        Self {
            id: note.id,
            session_id: note.session,
            couple_id: note.couple,
            about_partner_id: match note.partition {
                Partition::Joint => None,
                Partition::About(partner) => Some(partner),
            },
            author_id: note.author,
            attended: note.attended,
            body: note.body.into(),
            state,
            signature,
            cosignature: note.cosignature.map(Into::into),
            addenda: note.addenda.into_iter().map(Into::into).collect(),
            created_at: note.created_at,
            changed_at: note.changed_at,
            version: note.version,
        }
    }
}

impl Resource for NoteView {
    fn path(&self) -> String {
        format!("/v1/notes/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// Leaves the trace of what was done, and shows what came of it.
fn done(tx: &mut Tx<'_>, note: Note, action: &'static str) -> NoteView {
    tx.record(Event::new(action, note.id).of_couple(note.couple));
    note.into()
}

/// Write a note about a session
///
/// It begins as a draft, which its author alone changes and signs.
#[utoipa::path(tag = "notes", security(("bearer" = [])), params(("session_id" = SessionId, Path, description = "The session"), IdempotencyKey),
    request_body = WriteNote, responses((status = 201, description = "The note, a draft", body = NoteView)))]
#[post("/v1/sessions/{session_id}/notes")]
async fn write_note(
    app: Data<App>,
    caller: Asker,
    session_id: Path<SessionId>,
    new: New<WriteNote>,
) -> Result<Created<NoteView>, Problem> {
    app.create(&caller, Action::WriteNotes, new, move |tx, wanted| {
        let (session, couple) = sessions::find(tx, *session_id)?;
        let note = Note::new(tx.new_id(), &couple, &session, wanted.draft()?, pen::staff(tx)?, tx.now())?;
        notes::insert(tx, &note)?;
        Ok(done(tx, note, "note.written"))
    })
    .await
}

/// Which notes are listed.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct NoteFilter {
    /// Only about sessions from this day on, in the couple's time zone.
    #[param(nullable = false, required = false)]
    from: Option<NaiveDate>,
    /// Only about sessions until this day.
    #[param(nullable = false, required = false)]
    until: Option<NaiveDate>,
    /// Only drafts, or only what is signed.
    #[param(inline, nullable = false, required = false)]
    state: Option<NoteStateWord>,
}

impl NoteFilter {
    fn of(&self, couple: &Couple) -> Filter {
        Filter {
            from: self.from.map(|day| instants_of(couple.time_zone, day, day).start),
            before: self.until.map(|day| instants_of(couple.time_zone, day, day).end),
            signed: self.state.map(|state| state == NoteStateWord::Signed),
        }
    }
}

/// List the notes of a couple
#[utoipa::path(tag = "notes", security(("bearer" = [])), params(("couple_id" = CoupleId, Path, description = "The couple"), PageParameters, NoteFilter),
    responses((status = 200, description = "Notes, in the order of their sessions", body = Paged<NoteView>)))]
#[get("/v1/couples/{couple_id}/notes")]
async fn list_notes(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    list: Listing<NoteFilter>,
) -> Result<Paged<NoteView>, Problem> {
    app.read_audited(&caller, Action::ReadNotes, move |tx| {
        let couple = couples::find(tx, *couple_id)?;
        let slice = notes::list(tx, &couple, &list.filter.of(&couple), list.page)?;
        for found in &slice.items {
            tx.record(Event::new("note.read", found.note.id).of_couple(couple.id));
        }
        let place = |found: &NoteOfSession| (found.session.starts_at, found.note.id.0);
        Ok(Paged::of(slice, place, |found| found.note.into()))
    })
    .await
}

/// Show a note
#[utoipa::path(tag = "notes", security(("bearer" = [])), params(("note_id" = NoteId, Path, description = "The note")),
    responses((status = 200, description = "The note", body = NoteView)))]
#[get("/v1/notes/{note_id}")]
async fn show_note(app: Data<App>, caller: Asker, id: Path<NoteId>) -> Result<Found<NoteView>, Problem> {
    app.read_audited(&caller, Action::ReadNotes, move |tx| {
        let FoundNote { note, .. } = notes::find(tx, *id)?;
        Ok(done(tx, note, "note.read"))
    })
    .await
    .map(Found)
}

/// Change a draft
///
/// What it said before is kept as a version.
#[utoipa::path(tag = "notes", security(("bearer" = [])), params(("note_id" = NoteId, Path, description = "The note"), IfMatch),
    request_body = ChangeNote, responses((status = 200, description = "The draft as it is now", body = NoteView)))]
#[patch("/v1/notes/{note_id}")]
async fn change_note(
    app: Data<App>,
    caller: Asker,
    id: Path<NoteId>,
    expected: IfMatch,
    patch: Patch<ChangeNote>,
) -> Result<Found<NoteView>, Problem> {
    app.write(&caller, Action::WriteNotes, move |tx| {
        let FoundNote { mut note, couple, .. } = notes::find(tx, *id)?;
        expected.check(note.version)?;
        note.change(&couple, patch.into_inner().into(), pen::staff(tx)?, tx.now())?;
        notes::update_draft(tx, &note)?;
        Ok(done(tx, note, "note.changed"))
    })
    .await
    .map(Found)
}

/// Discard a draft
#[utoipa::path(tag = "notes", security(("bearer" = [])), params(("note_id" = NoteId, Path, description = "The note"), IfMatch),
    responses((status = 204, description = "It is gone from the record"), (status = 409, description = "It is signed")))]
#[delete("/v1/notes/{note_id}")]
async fn discard_note(
    app: Data<App>,
    caller: Asker,
    id: Path<NoteId>,
    expected: IfMatch,
) -> Result<NoContent, Problem> {
    app.write(&caller, Action::WriteNotes, move |tx| {
        let FoundNote { note, .. } = notes::find(tx, *id)?;
        expected.check(note.version)?;
        note.check_draft_of(pen::staff(tx)?)?;
        notes::discard(tx, &note)?;
        done(tx, note, "note.discarded");
        Ok(NoContent)
    })
    .await
}

/// Sign a note
///
/// Its author signs it. From then on it is locked: what is to be said besides is added as an addendum.
#[utoipa::path(tag = "notes", security(("bearer" = [])), params(("note_id" = NoteId, Path, description = "The note"), IfMatch),
    responses((status = 200, description = "The signed note", body = NoteView), (status = 409, description = "It is signed")))]
#[post("/v1/notes/{note_id}/signature")]
async fn sign_note(
    app: Data<App>,
    caller: Asker,
    id: Path<NoteId>,
    expected: IfMatch,
) -> Result<Found<NoteView>, Problem> {
    app.write(&caller, Action::WriteNotes, move |tx| {
        let FoundNote { mut note, .. } = notes::find(tx, *id)?;
        expected.check(note.version)?;
        note.sign(pen::staff(tx)?, tx.now(), notes::digest)?;
        notes::sign(tx, &note)?;
        Ok(done(tx, note, "note.signed"))
    })
    .await
    .map(Found)
}

/// Co-sign a note
///
/// For the supervisor of its author.
#[utoipa::path(tag = "notes", security(("bearer" = [])), params(("note_id" = NoteId, Path, description = "The note"), IfMatch),
    responses((status = 200, description = "The co-signed note", body = NoteView), (status = 409, description = "It is a draft, or co-signed")))]
#[post("/v1/notes/{note_id}/cosignature")]
async fn cosign_note(
    app: Data<App>,
    caller: Asker,
    id: Path<NoteId>,
    expected: IfMatch,
) -> Result<Found<NoteView>, Problem> {
    app.write(&caller, Action::CosignNotes, move |tx| {
        let FoundNote { mut note, .. } = notes::find(tx, *id)?;
        expected.check(note.version)?;
        let (by, author) = (pen::staff(tx)?, staff::find(tx, note.author)?);
        note.cosign(&author, &staff::find(tx, by)?, tx.now(), notes::digest)?;
        notes::cosign(tx, &note)?;
        Ok(done(tx, note, "note.cosigned"))
    })
    .await
    .map(Found)
}

/// Add to a signed note
///
/// The addendum is signed by who adds it, and never changes.
#[utoipa::path(tag = "notes", security(("bearer" = [])), params(("note_id" = NoteId, Path, description = "The note"), IdempotencyKey),
    request_body = AddAddendum, responses((status = 201, description = "The note with its addendum", body = NoteView)))]
#[post("/v1/notes/{note_id}/addenda")]
async fn add_addendum(
    app: Data<App>,
    caller: Asker,
    id: Path<NoteId>,
    new: New<AddAddendum>,
) -> Result<Created<NoteView>, Problem> {
    app.create(&caller, Action::WriteNotes, new, move |tx, added| {
        let FoundNote { mut note, couple, .. } = notes::find(tx, *id)?;
        note.add_addendum(&couple, tx.new_id(), added.text, pen::staff(tx)?, tx.now(), notes::digest)?;
        notes::add_addendum(tx, &note)?;
        Ok(done(tx, note, "note.added_to"))
    })
    .await
}
