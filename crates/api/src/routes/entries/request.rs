//! Entries as they are submitted.

use chrono::NaiveDate;
use domain::{
    assignment::Assignment,
    confidential::Confidential,
    couple::Couple,
    entry::{Author, Entry, EntryContent, EntryDraft, EntryError},
    exercises::{Answers, Writer},
    ids::PartnerId,
    recorded_by::RecordedBy,
    visibility::Visibility,
};
use serde::{Deserialize, Serialize};
use store::{Tx, entries::FoundEntry, own_exercises, references};
use utoipa::ToSchema;
use validator::Validate;

use crate::{
    extract::SubmittedAnswers,
    pen,
    problem::{FieldError, Problem},
    routes::visibility::{VisibilityWord, visibility_if_said, visibility_of},
};

/// Whose words an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = EntryAuthor)]
pub(crate) enum AuthorWord {
    /// One partner's.
    Partner,
    /// Both partners', as one.
    Together,
    /// A counselor's.
    Counselor,
}

impl AuthorWord {
    /// The word for an author, and the partner if it is one.
    pub(crate) fn of(author: Author) -> (Self, Option<PartnerId>) {
        match author {
            Author::Partner(id) => (Self::Partner, Some(id)),
            Author::Together => (Self::Together, None),
            Author::Counselor(_) => (Self::Counselor, None),
        }
    }
}

/// What to record.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordEntry {
    /// Whose words they are; as the kind of entry has it if absent.
    #[schema(nullable = false)]
    author: Option<AuthorWord>,
    /// The partner whose words they are; needed from staff who write on a partner's behalf.
    #[schema(nullable = false)]
    partner_id: Option<PartnerId>,
    /// The day it is about; today if absent.
    #[schema(nullable = false)]
    recorded_on: Option<NaiveDate>,
    /// How hard it was, 0 easy to 10 very hard.
    #[validate(range(min = 0, max = 10))]
    #[schema(nullable = false, minimum = 0, maximum = 10)]
    difficulty: Option<u8>,
    /// What is recorded; `type` is the kind of entry.
    #[schema(value_type = Answers)]
    answers: SubmittedAnswers,
    /// A line for the counselors alone.
    #[validate(length(max = 10_000))]
    #[schema(nullable = false, max_length = 10_000)]
    for_counselor: Option<String>,
    /// Who else may read it; as the assignment or the kind has it if absent. For an exercise that was given to one partner alone it is
    /// `counselor_only` if absent, and stays so for what a counselor writes.
    #[schema(nullable = false)]
    visibility: Option<VisibilityWord>,
    /// The first day on which the other partner may read it, if it is embargoed.
    #[schema(nullable = false)]
    embargoed_until: Option<NaiveDate>,
}

impl RecordEntry {
    pub(super) fn draft(
        self,
        tx: &mut Tx<'_>,
        couple: &Couple,
        assignment: &Assignment,
    ) -> Result<EntryDraft, Problem> {
        let recorded_by = pen::recorded_by(tx, couple)?;
        let answers = self.answers.read("/answers")?;
        let writer = answers.kind().writer();
        let by_kind = match writer {
            Writer::Together => AuthorWord::Together,
            Writer::Counselor => AuthorWord::Counselor,
            Writer::Caused | Writer::Hurt | Writer::EitherPartner | Writer::EachAlone => AuthorWord::Partner,
        };
        let author = author(self.author.unwrap_or(by_kind), self.partner_id, recorded_by, writer)?;
        Entry::check_pen(couple, author, recorded_by)?;
        let day = self.recorded_on.unwrap_or_else(|| couple.today(tx.now()));
        Ok(EntryDraft {
            author,
            recorded_by,
            recorded_on: self.recorded_on,
            difficulty: self.difficulty,
            referred: references::find(tx, couple, author, &answers, day)?,
            form: own_exercises::form_of(tx, assignment)?,
            answers,
            for_counselor: self.for_counselor.map(Confidential::new),
            visibility: visibility_if_said(self.visibility, self.embargoed_until)?,
        })
    }
}

fn author(word: AuthorWord, named: Option<PartnerId>, pen: RecordedBy, writer: Writer) -> Result<Author, Problem> {
    let required = |pointer, detail| Problem::invalid(vec![FieldError::body(pointer, "required", detail)]);
    match word {
        AuthorWord::Together => Ok(Author::Together),
        AuthorWord::Partner => named
            .or(pen.partner())
            .map(Author::Partner)
            .ok_or_else(|| required("/partner_id", "names the partner whose words these are")),
        AuthorWord::Counselor => Ok(pen.staff().map(Author::Counselor).ok_or(EntryError::Writer(writer))?),
    }
}

/// What replaces the content of a draft, or corrects a submitted entry: all of it, so that what is absent is removed.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryBody {
    /// How hard it was, 0 easy to 10 very hard.
    #[validate(range(min = 0, max = 10))]
    #[schema(nullable = false, minimum = 0, maximum = 10)]
    difficulty: Option<u8>,
    /// What is recorded; of the same `type` as before.
    #[schema(value_type = Answers)]
    answers: SubmittedAnswers,
    /// A line for the counselors alone.
    #[validate(length(max = 10_000))]
    #[schema(nullable = false, max_length = 10_000)]
    for_counselor: Option<String>,
}

impl EntryBody {
    pub(super) fn content(self, tx: &mut Tx<'_>, found: &FoundEntry) -> Result<EntryContent, Problem> {
        let answers = self.answers.read("/answers")?;
        Ok(EntryContent {
            difficulty: self.difficulty,
            referred: references::find(tx, &found.couple, found.entry.author, &answers, found.entry.recorded_on)?,
            form: own_exercises::form_of(tx, &found.assignment)?,
            answers,
            for_counselor: self.for_counselor.map(Confidential::new),
        })
    }
}

/// Who else may read the entry from now on.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenFurther {
    /// Who else may read it.
    visibility: VisibilityWord,
    /// The first day on which the other partner may read it, if it is embargoed.
    #[schema(nullable = false)]
    embargoed_until: Option<NaiveDate>,
}

impl OpenFurther {
    pub(super) fn visibility(self) -> Result<Visibility, Problem> {
        visibility_of(self.visibility, self.embargoed_until)
    }
}
