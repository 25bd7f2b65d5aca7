//! Exports and their bundles. An export exists for who asked for it, and for the owner of the practice.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::{BoxableExpression, prelude::*, sql_types::Bool};
use domain::{
    access::{Actor, Role},
    confidential::Confidential,
    export::{
        Export, ExportFailure, ExportFile, ExportFormat, ExportPartition, ExportProgress, ExportPurpose, ExportStatus,
    },
    ids::{CoupleId, ExportId, PracticeId, StaffId},
    note::Digest,
};
use serde::{Deserialize, Serialize};

use crate::{
    Page, Slice, StoreError, Tx, View,
    columns::AsText,
    conn::Backend,
    couples,
    schema::{export_files, exports},
    seal::Place,
};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = exports, treat_none_as_null = true)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<ExportId>,
    couple_id: AsText<CoupleId>,
    requested_by_id: AsText<StaffId>,
    status: AsText<ExportStatus>,
    done: i64,
    total: i64,
    sealed: Vec<u8>,
    created_at: NaiveDateTime,
    finished_at: Option<NaiveDateTime>,
    expires_at: Option<NaiveDateTime>,
    version: i64,
}

/// What was asked for, and what came of it.
#[derive(Serialize, Deserialize)]
struct Sealed {
    from: NaiveDate,
    until: NaiveDate,
    formats: Vec<ExportFormat>,
    partitions: Vec<ExportPartition>,
    purpose: ExportPurpose,
    recipient: Option<Confidential>,
    psychotherapy_authorization: Option<Confidential>,
    digest: Option<[u8; 32]>,
    files: Vec<SealedFile>,
    failure: Option<ExportFailure>,
}

#[derive(Serialize, Deserialize)]
struct SealedFile {
    name: String,
    size: i64,
    digest: [u8; 32],
}

impl Sealed {
    fn of(export: &Export) -> Self {
        let export = export.clone();
        let file = |file: ExportFile| SealedFile { name: file.name, size: file.size, digest: file.digest.0 };
        Self {
            from: export.from,
            until: export.until,
            formats: export.formats,
            partitions: export.partitions,
            purpose: export.purpose,
            recipient: export.recipient,
            psychotherapy_authorization: export.psychotherapy_authorization,
            digest: export.digest.map(|digest| digest.0),
            files: export.files.into_iter().map(file).collect(),
            failure: export.failure,
        }
    }
}

impl Row {
    fn of(view: &mut View<'_>, export: &Export) -> Result<Self, StoreError> {
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(export.id),
            couple_id: AsText(export.couple),
            requested_by_id: AsText(export.requested_by),
            status: AsText(export.status),
            done: export.progress.done,
            total: export.progress.total,
            sealed: view.seal(place(export.id), &Sealed::of(export))?,
            created_at: export.created_at.naive_utc(),
            finished_at: export.finished_at.map(|at| at.naive_utc()),
            expires_at: export.expires_at.map(|at| at.naive_utc()),
            version: export.version,
        })
    }

    fn export(self, view: &mut View<'_>) -> Result<Export, StoreError> {
        let sealed: Sealed = view.open(place(self.id.0), &self.sealed)?;
        let file = |file: SealedFile| ExportFile { name: file.name, size: file.size, digest: Digest(file.digest) };
        Ok(Export {
            id: self.id.0,
            couple: self.couple_id.0,
            requested_by: self.requested_by_id.0,
            from: sealed.from,
            until: sealed.until,
            formats: sealed.formats,
            partitions: sealed.partitions,
            purpose: sealed.purpose,
            recipient: sealed.recipient,
            psychotherapy_authorization: sealed.psychotherapy_authorization,
            status: self.status.0,
            progress: ExportProgress { done: self.done, total: self.total },
            digest: sealed.digest.map(Digest),
            files: sealed.files.into_iter().map(file).collect(),
            failure: sealed.failure,
            created_at: self.created_at.and_utc(),
            finished_at: self.finished_at.map(|at| at.and_utc()),
            expires_at: self.expires_at.map(|at| at.and_utc()),
            version: self.version,
        })
    }
}

fn place(id: ExportId) -> Place {
    Place { column: "exports.sealed", row: id.0 }
}

type Condition = Box<dyn BoxableExpression<exports::table, Backend, SqlType = Bool>>;

/// Which exports exist for the caller, as a condition: their own, as long as the couple is within their reach.
fn within_reach(view: &View<'_>) -> Condition {
    match view.caller().actor {
        Actor::System | Actor::Staff { role: Role::Owner, .. } => Box::new(diesel::dsl::sql::<Bool>("1 = 1")),
        Actor::Staff { id, .. } => {
            let couple = couples::within_reach!(exports, couple_id, view.caller());
            Box::new(exports::requested_by_id.eq(AsText(id)).and(couple))
        }
        Actor::Client(_) => Box::new(diesel::dsl::sql::<Bool>("1 = 0")),
    }
}

/// An export that exists for the caller.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none for this caller.
pub fn find(view: &mut View<'_>, id: ExportId) -> Result<Export, StoreError> {
    let row: Row = exports::table
        .filter(exports::practice_id.eq(AsText(view.caller().practice)))
        .filter(exports::id.eq(AsText(id)))
        .filter(within_reach(view))
        .select(Row::as_select())
        .first(view.conn())?;
    row.export(view)
}

/// The exports that exist for the caller, perhaps of one couple, newest first.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, couple: Option<CoupleId>, page: Page) -> Result<Slice<Export>, StoreError> {
    let mut query = exports::table
        .filter(exports::practice_id.eq(AsText(view.caller().practice)))
        .filter(within_reach(view))
        .order((exports::created_at.desc(), exports::id.desc()))
        .limit(page.limit + 1)
        .select(Row::as_select())
        .into_boxed();
    if let Some(couple) = couple {
        query = query.filter(exports::couple_id.eq(AsText(couple)));
    }
    if let Some((at, id)) = page.after {
        let at = at.naive_utc();
        let earlier = exports::created_at.eq(at).and(exports::id.lt(AsText(ExportId(id))));
        query = query.filter(exports::created_at.le(at)).filter(exports::created_at.lt(at).or(earlier));
    }
    let rows: Vec<Row> = query.load(view.conn())?;
    let found = rows.into_iter().map(|row| row.export(view)).collect::<Result<_, _>>()?;
    Ok(Slice::of(found, page.limit))
}

/// Keeps a new export.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, export: &Export) -> Result<(), StoreError> {
    let row = Row::of(tx, export)?;
    diesel::insert_into(exports::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps how far an export is.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, export: &Export) -> Result<(), StoreError> {
    let row = Row::of(tx, export)?;
    diesel::update(exports::table.find((row.practice_id, row.id))).set(row).execute(tx.conn())?;
    Ok(())
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = export_files)]
struct FileRow {
    practice_id: AsText<PracticeId>,
    export_id: AsText<ExportId>,
    sealed: Vec<u8>,
}

fn file_place(id: ExportId) -> Place {
    Place { column: "export_files.sealed", row: id.0 }
}

/// Keeps the bundle of an export.
///
/// # Errors
/// If the database fails, or there is one already.
pub fn insert_file(tx: &mut Tx<'_>, id: ExportId, bytes: &[u8]) -> Result<(), StoreError> {
    let practice_id = AsText(tx.caller().practice);
    let row = FileRow { practice_id, export_id: AsText(id), sealed: tx.seal_bytes(file_place(id), bytes)? };
    diesel::insert_into(export_files::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// The bundle of an export that was found.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none any more.
pub fn file(view: &mut View<'_>, export: &Export) -> Result<Vec<u8>, StoreError> {
    let key = (AsText(view.caller().practice), AsText(export.id));
    let row: FileRow = export_files::table.find(key).select(FileRow::as_select()).first(view.conn())?;
    view.open_bytes(file_place(export.id), &row.sealed)
}

/// Removes the bundle of an export.
///
/// # Errors
/// If the database fails.
pub fn delete_file(tx: &mut Tx<'_>, export: &Export) -> Result<(), StoreError> {
    let key = (AsText(tx.caller().practice), AsText(export.id));
    diesel::delete(export_files::table.find(key)).execute(tx.conn())?;
    Ok(())
}
