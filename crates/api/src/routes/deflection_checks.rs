//! The deflection checker of the apology: on a text that is being written, and on a draft that is saved. It advises; what it
//! finds is kept nowhere.

use std::borrow::Cow;

use actix_web::{
    get, post,
    web::{Data, Json, Path, block},
};
use domain::{
    access::Action,
    confidential::{Confidential, TEXT_CHARACTERS},
    deflection::{Checked, CheckedDraft, Deflection, Finding, Language, check, check_draft},
    exercises::{Answers, ApologyPart},
    ids::EntryId,
    visibility::may_read_deflections,
};
use serde::{Deserialize, Serialize};
use store::{
    audit::Event,
    couples,
    entries::{self, FoundEntry},
};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::{Validate, ValidationError};

use crate::{
    app::App,
    extract::{Asker, Body},
    problem::Problem,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(check_deflections).service(show_deflections);
}

/// A text to check.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckDeflections {
    /// The text.
    #[schema(value_type = String, min_length = 1, max_length = 10_000,
        example = "I'm sorry you feel that way. I lied to you about the loan.")]
    #[validate(custom(function = has_text))]
    text: Confidential,
    /// The language it is in; if absent, it is recognized by its small words.
    #[schema(nullable = false)]
    language: Option<Language>,
}

fn has_text(text: &Confidential) -> Result<(), ValidationError> {
    if text.expose().is_empty() || text.longer_than(TEXT_CHARACTERS) {
        return Err(ValidationError::new("length").with_message(Cow::Borrowed("must have 1 to 10000 characters")));
    }
    Ok(())
}

/// What the checker says of a text.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeflectionCheck)]
struct CheckView {
    /// The language that was said or recognized; null for one that the checker doesn't know, of which it says nothing.
    #[schema(required = true)]
    language: Option<Language>,
    /// What was found, in the order of the text; no two overlap. None is a verdict, and none keeps a text from being given.
    #[schema(max_items = 10_000)]
    findings: Vec<FindingView>,
}

impl From<Checked> for CheckView {
    fn from(Checked { language, findings }: Checked) -> Self {
        Self { language, findings: findings.into_iter().map(Into::into).collect() }
    }
}

/// A turn of phrase by which an apology slips away from what was done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DeflectionFinding)]
struct FindingView {
    /// How it slips away.
    kind: Deflection,
    /// Its first character, counted in Unicode characters (scalar values, not UTF-16 units or bytes) from 0.
    #[schema(value_type = i32, minimum = 0, maximum = 10_000)]
    start: usize,
    /// The character after its last.
    #[schema(value_type = i32, minimum = 1, maximum = 10_000)]
    end: usize,
    /// Why it may not be heard as an apology, in the language of the text.
    #[schema(value_type = String, max_length = 200)]
    why: &'static str,
    /// A better direction, in the language of the text.
    #[schema(value_type = String, max_length = 200)]
    instead: &'static str,
}

impl From<Finding> for FindingView {
    fn from(Finding { kind, start, end, why, instead }: Finding) -> Self {
        Self { kind, start, end, why, instead }
    }
}

/// What the checker says of a draft of an apology.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DraftDeflections)]
struct DraftView {
    /// The language of the whole draft, as it was recognized; null for one that the checker doesn't know.
    #[schema(required = true)]
    language: Option<Language>,
    /// The parts that are written, in the order of the form.
    #[schema(max_items = 6)]
    parts: Vec<PartView>,
}

/// What the checker says of one part of a draft.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PartDeflections)]
struct PartView {
    /// The part: the field of the answers.
    part: ApologyPart,
    /// What was found in it, in the order of its text.
    #[schema(max_items = 10_000)]
    findings: Vec<FindingView>,
}

impl From<CheckedDraft> for DraftView {
    fn from(CheckedDraft { language, parts }: CheckedDraft) -> Self {
        let view = |(part, findings): (_, Vec<Finding>)| PartView {
            part,
            findings: findings.into_iter().map(Into::into).collect(),
        };
        Self { language, parts: parts.into_iter().map(view).collect() }
    }
}

/// Check a text for deflecting phrases
///
/// For whoever writes an apology or helps to. Nothing of the text is kept, so it may be sent as often as it changes.
#[utoipa::path(tag = "deflection-checks", security(("bearer" = [])), request_body = CheckDeflections,
    responses((status = 200, description = "What was found, which may be nothing", body = CheckView,
        example = json!({
            "language": "en",
            "findings": [{
                "kind": "feelings_not_deeds",
                "start": 4,
                "end": 27,
                "why": "This is sorry for what the other feels, and leaves out what you did.",
                "instead": "Name what you did, and then how it hurt.",
            }],
        }))))]
#[post("/v1/deflection-checks")]
async fn check_deflections(who: Asker, body: Body<CheckDeflections>) -> Result<Json<CheckView>, Problem> {
    who.caller.may(Action::CheckDeflections)?;
    let CheckDeflections { text, language } = body.into_inner();
    // A long text takes a while, and others wait for this thread.
    let checked = block(move || check(text.expose(), language)).await.map_err(Problem::internal)?;
    Ok(Json(checked.into()))
}

/// Check a draft of an apology for deflecting phrases
///
/// For its author and the counselors. Whoever received the apology is told nothing of it, as if it were not there: what an
/// apology is worth is theirs to hear, and no machine's to say before them. Only a draft of an apology has it.
#[utoipa::path(tag = "deflection-checks", security(("bearer" = [])),
    params(("entry_id" = EntryId, Path, description = "The draft of an apology")),
    responses((status = 200, description = "What was found in each part that is written", body = DraftView)))]
#[get("/v1/entries/{entry_id}/deflections")]
async fn show_deflections(app: Data<App>, caller: Asker, id: Path<EntryId>) -> Result<Json<DraftView>, Problem> {
    let found = app.read_audited(&caller, Action::ReadEntries, move |tx| {
        let FoundEntry { entry, couple, .. } = entries::find(tx, *id)?;
        let is_let_in = may_read_deflections(couples::reader(tx, &couple)?, &couple, &entry.facts());
        match entry.answers {
            Answers::ApologyDraft(draft) if is_let_in => {
                tx.record(Event::new("entry.read", entry.id).of_couple(couple.id));
                Ok(draft)
            }
            _ => Err(Problem::not_found()),
        }
    });
    let draft = found.await?;
    // Checked after the unit of work, which all others who write wait for.
    let checked = block(move || check_draft(&draft)).await.map_err(Problem::internal)?;
    Ok(Json(checked.into()))
}
