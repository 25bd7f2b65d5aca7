//! Exports: documents made from a couple's record, for a stated purpose and recipient.

use actix_web::{
    get, post,
    web::{Data, Json, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::Action,
    confidential::Confidential,
    export::{
        Export, ExportDraft, ExportFailure, ExportFile, ExportFormat, ExportPartition, ExportPurpose, ExportStatus,
    },
    ids::{CoupleId, ExportId, PartnerId, StaffId},
};
use serde::{Deserialize, Serialize};
use store::{
    audit::Event,
    couples, exports,
    jobs::{self, JobKind},
};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use crate::{
    answer::{Accepted, Attachment, Resource},
    app::App,
    extract::{Asker, IdempotencyKey, Listing, New, PageParameters, Paged},
    pen,
    problem::{Code, FieldError, Problem},
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(request_export).service(list_exports).service(show_export).service(fetch_export_file);
}

/// Whose part of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum ExportPartitionKind {
    /// Both partners'.
    Joint,
    /// One partner's own.
    Partner,
}

/// A part of the record. Psychotherapy notes are in none of them.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ExportPartition)]
struct PartitionView {
    /// Whose.
    kind: ExportPartitionKind,
    /// The partner whose own it is.
    #[serde(default)]
    partner_id: Option<PartnerId>,
}

impl TryFrom<PartitionView> for ExportPartition {
    type Error = Problem;

    fn try_from(PartitionView { kind, partner_id }: PartitionView) -> Result<Self, Problem> {
        match (kind, partner_id) {
            (ExportPartitionKind::Joint, None) => Ok(Self::Joint),
            (ExportPartitionKind::Partner, Some(partner)) => Ok(Self::About(partner)),
            _ => {
                let detail = "names a partner for what is one partner's own, and only for that";
                Err(Problem::invalid(vec![FieldError::body("/partitions", "unexpected", detail)]))
            }
        }
    }
}

impl PartitionView {
    fn of(partition: ExportPartition) -> Option<Self> {
        match partition {
            ExportPartition::Joint => Some(Self { kind: ExportPartitionKind::Joint, partner_id: None }),
            ExportPartition::About(partner) => {
                Some(Self { kind: ExportPartitionKind::Partner, partner_id: Some(partner) })
            }
            ExportPartition::Psychotherapy => None,
        }
    }
}

/// An export to make: the signed notes of a couple.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RequestExport {
    /// Of which couple.
    couple_id: CoupleId,
    /// The first day of the sessions it takes, in the couple's time zone.
    from: NaiveDate,
    /// The last day.
    until: NaiveDate,
    /// What it is written in.
    #[validate(length(min = 1, max = 10))]
    #[schema(min_items = 1, max_items = 10)]
    formats: Vec<ExportFormat>,
    /// Which parts of the record it takes. What is one partner's own is in it only if it is named here.
    #[validate(length(min = 1, max = 20))]
    #[schema(min_items = 1, max_items = 20)]
    partitions: Vec<PartitionView>,
    /// What it is for.
    purpose: ExportPurpose,
    /// Who gets it; leave it out if it stays in the practice.
    #[schema(value_type = Option<String>, nullable = false, max_length = 200)]
    recipient: Option<Confidential>,
}

impl RequestExport {
    fn draft(self) -> Result<ExportDraft, Problem> {
        Ok(ExportDraft {
            from: self.from,
            until: self.until,
            formats: self.formats,
            partitions: self.partitions.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            purpose: self.purpose,
            recipient: self.recipient,
            psychotherapy_authorization: None,
        })
    }
}

/// How much of an export is made.
#[derive(Debug, Serialize, ToSchema)]
struct ExportProgressView {
    /// Notes looked at.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    done: i64,
    /// Notes to look at; 0 while they are not counted.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    total: i64,
}

/// A file in the bundle of an export.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExportFile)]
struct ExportFileView {
    /// What it is called.
    #[schema(max_length = 100)]
    name: String,
    /// How many bytes it has.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    size: i64,
    /// SHA-256 of its bytes, in base16.
    #[schema(max_length = 64, pattern = "^[0-9a-f]{64}$")]
    sha256: String,
}

impl From<ExportFile> for ExportFileView {
    fn from(file: ExportFile) -> Self {
        Self { name: file.name, size: file.size, sha256: file.digest.to_string() }
    }
}

/// A document or bundle made from the record.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Export)]
struct ExportView {
    /// Its id.
    id: ExportId,
    /// Of which couple.
    couple_id: CoupleId,
    /// Who asked for it.
    requested_by: StaffId,
    /// The first day of the sessions it takes.
    from: NaiveDate,
    /// The last day.
    until: NaiveDate,
    /// What it is written in.
    #[schema(max_items = 10)]
    formats: Vec<ExportFormat>,
    /// Which parts of the record it takes.
    #[schema(max_items = 20)]
    partitions: Vec<PartitionView>,
    /// What it is for.
    purpose: ExportPurpose,
    /// Who gets it; null if it stays in the practice.
    #[schema(required = true, max_length = 200)]
    recipient: Option<String>,
    /// How far it is.
    status: ExportStatus,
    /// How much of it is made.
    progress: ExportProgressView,
    /// Why it could not be made.
    #[schema(required = true)]
    failure: Option<ExportFailure>,
    /// The files in its bundle, once it is there.
    #[schema(max_items = 20)]
    files: Vec<ExportFileView>,
    /// SHA-256 of the bundle, in base16, once it is there.
    #[schema(required = true, max_length = 64, pattern = "^[0-9a-f]{64}$")]
    sha256: Option<String>,
    /// When it was asked for.
    created_at: DateTime<Utc>,
    /// When it succeeded or failed.
    #[schema(required = true)]
    finished_at: Option<DateTime<Utc>>,
    /// When its bundle is removed.
    #[schema(required = true)]
    expires_at: Option<DateTime<Utc>>,
    /// Counts the changes of its status, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

impl From<Export> for ExportView {
    fn from(export: Export) -> Self {
        Self {
            id: export.id,
            couple_id: export.couple,
            requested_by: export.requested_by,
            from: export.from,
            until: export.until,
            formats: export.formats,
            partitions: export.partitions.into_iter().filter_map(PartitionView::of).collect(),
            purpose: export.purpose,
            recipient: export.recipient.map(Confidential::into_exposed),
            status: export.status,
            progress: ExportProgressView { done: export.progress.done, total: export.progress.total },
            failure: export.failure,
            files: export.files.into_iter().map(Into::into).collect(),
            sha256: export.digest.map(|digest| digest.to_string()),
            created_at: export.created_at,
            finished_at: export.finished_at,
            expires_at: export.expires_at,
            version: export.version,
        }
    }
}

impl Resource for ExportView {
    fn path(&self) -> String {
        format!("/v1/exports/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }
}

/// Ask for an export
///
/// It is made in the background: ask where `Location` says until its status is `succeeded`, then fetch its file. Only signed notes are
/// in it; its manifest says what was left out and why.
#[utoipa::path(tag = "exports", security(("bearer" = [])), params(IdempotencyKey), request_body = RequestExport,
    responses((status = 202, description = "The export, still to be made", body = ExportView),
        (status = 404, description = "There is no such couple, or none that you may know of")))]
#[post("/v1/exports")]
async fn request_export(
    app: Data<App>,
    caller: Asker,
    new: New<RequestExport>,
) -> Result<Accepted<ExportView>, Problem> {
    let created = app.create(&caller, Action::ExportRecords, new, |tx, wanted| {
        let couple = couples::find(tx, wanted.couple_id)?;
        let export = Export::new(tx.new_id(), &couple, wanted.draft()?, pen::staff(tx)?, tx.now())?;
        exports::insert(tx, &export)?;
        jobs::enqueue(tx, JobKind::MakeExport, export.id, tx.now())?;
        tx.record(Event::new("export.requested", export.id).of_couple(couple.id));
        Ok(ExportView::from(export))
    });
    Ok(Accepted(created.await?))
}

/// Which exports are listed.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ExportFilter {
    /// Only of this couple.
    #[param(nullable = false, required = false)]
    couple_id: Option<CoupleId>,
}

/// List exports
///
/// Yours; an owner sees everybody's. Together they account for what left the practice, to whom and why (45 CFR 164.528).
#[utoipa::path(tag = "exports", security(("bearer" = [])), params(PageParameters, ExportFilter),
    responses((status = 200, description = "Exports, newest first", body = Paged<ExportView>)))]
#[get("/v1/exports")]
async fn list_exports(
    app: Data<App>,
    caller: Asker,
    list: Listing<ExportFilter>,
) -> Result<Paged<ExportView>, Problem> {
    app.read(&caller, Action::ExportRecords, move |view| {
        let slice = exports::list(view, list.filter.couple_id, list.page)?;
        Ok(Paged::of(slice, |export| (export.created_at, export.id.0), ExportView::from))
    })
    .await
}

/// Show an export and how far it is
#[utoipa::path(tag = "exports", security(("bearer" = [])), params(("export_id" = ExportId, Path, description = "The export")),
    responses((status = 200, description = "The export", body = ExportView)))]
#[get("/v1/exports/{export_id}")]
async fn show_export(app: Data<App>, caller: Asker, id: Path<ExportId>) -> Result<Json<ExportView>, Problem> {
    app.read(&caller, Action::ExportRecords, move |view| Ok(Json(exports::find(view, *id)?.into()))).await
}

/// The bundle: a ZIP.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "describes the bytes that are answered")]
struct ZipFile(Vec<u8>);

/// Fetch the file of an export
///
/// A ZIP with the documents and `manifest.json`: what is in it, from which versions, SHA-256 of each file, and what was left out.
#[utoipa::path(tag = "exports", security(("bearer" = [])), params(("export_id" = ExportId, Path, description = "The export")),
    responses((status = 200, description = "The ZIP", body = inline(ZipFile), content_type = "application/zip"),
        (status = 409, description = "It is not made yet"), (status = 410, description = "It was removed")))]
#[get("/v1/exports/{export_id}/file")]
async fn fetch_export_file(app: Data<App>, caller: Asker, id: Path<ExportId>) -> Result<Attachment, Problem> {
    app.read_audited(&caller, Action::ExportRecords, move |tx| {
        let export = exports::find(tx, *id)?;
        check_fetchable(&export, tx.now())?;
        let bytes = exports::file(tx, &export)?;
        tx.record(Event::new("export.fetched", export.id).of_couple(export.couple));
        let name = format!("tenfold-export-{}.zip", export.id);
        Ok(Attachment { name, media_type: "application/zip", bytes, sha256: export.digest.map(|digest| digest.0) })
    })
    .await
}

fn check_fetchable(export: &Export, now: DateTime<Utc>) -> Result<(), Problem> {
    let code = match export.status {
        _ if export.can_be_fetched(now) => return Ok(()),
        ExportStatus::Succeeded | ExportStatus::Expired => Code::ExportExpired,
        ExportStatus::Queued | ExportStatus::Running | ExportStatus::Failed => Code::ExportNotReady,
    };
    Err(Problem::new(code, code.meaning()))
}
