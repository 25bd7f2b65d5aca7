//! Entries as they are shown: each field is chosen for the one who reads.

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    confidential::Confidential,
    entry::{EarlierVersion, ShownEntry},
    exercises::{Answers, Slug},
    ids::{AssignmentId, CoupleId, EntryId, PartnerId, StaffId},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::request::AuthorWord;
use crate::{answer::Resource, routes::visibility::VisibilityWord};

/// What was recorded for an assignment on a day.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Entry)]
pub(crate) struct EntryView {
    /// Its id.
    id: EntryId,
    /// The assignment; null if it does not exist for you: the other partner alone was given it.
    #[schema(required = true)]
    assignment_id: Option<AssignmentId>,
    /// The couple.
    couple_id: CoupleId,
    /// The exercise.
    exercise: Slug,
    /// Whose words they are.
    author: AuthorWord,
    /// The partner whose words they are; null if they are both partners' or a counselor's.
    #[schema(required = true)]
    partner_id: Option<PartnerId>,
    /// The staff member who held the pen; null if a partner did.
    #[schema(required = true)]
    recorded_by_staff_id: Option<StaffId>,
    /// The day it is about, in the couple's time zone.
    recorded_on: NaiveDate,
    /// How hard it was, 0 easy to 10 very hard.
    #[schema(required = true, minimum = 0, maximum = 10)]
    difficulty: Option<u8>,
    /// What was recorded; `type` is the kind of entry. The id of a record that does not exist for you, in what the other wrote, is null
    /// or left out.
    answers: Answers,
    /// The line for the counselors alone; null for everyone else but the partner who wrote it.
    #[schema(required = true, max_length = 10_000)]
    for_counselor: Option<String>,
    /// Who else may read it.
    visibility: VisibilityWord,
    /// The first day on which the other partner may read it, if it is embargoed.
    #[schema(required = true)]
    embargoed_until: Option<NaiveDate>,
    /// When it was submitted; null while it is a draft.
    #[schema(required = true)]
    submitted_at: Option<DateTime<Utc>>,
    /// When a counselor reviewed these answers; null for everyone else but who wrote them.
    #[schema(required = true)]
    reviewed_at: Option<DateTime<Utc>>,
    /// The number of these answers: 1, and one more with each correction, but where a counselor changes nothing but their line; for the
    /// other partner since it was opened to them.
    #[schema(minimum = 1)]
    number: i32,
    /// Counts the changes, from 1; for a partner those that they can see.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

impl From<ShownEntry> for EntryView {
    fn from(ShownEntry { assignment, entry }: ShownEntry) -> Self {
        let submitted_at = entry.submitted_at();
        let (author, partner_id) = AuthorWord::of(entry.author);
        Self {
            id: entry.id,
            assignment_id: assignment,
            couple_id: entry.couple,
            exercise: entry.exercise,
            author,
            partner_id,
            recorded_by_staff_id: entry.recorded_by.staff(),
            recorded_on: entry.recorded_on,
            difficulty: entry.difficulty,
            answers: entry.answers,
            for_counselor: entry.for_counselor.map(Confidential::into_exposed),
            visibility: entry.visibility.into(),
            embargoed_until: entry.visibility.until(),
            submitted_at,
            reviewed_at: entry.reviewed_at,
            number: entry.number,
            version: entry.version,
        }
    }
}

impl Resource for EntryView {
    fn path(&self) -> String {
        format!("/v1/entries/{}", self.id)
    }

    fn version(&self) -> i64 {
        self.version
    }

    // What it names is shown as far as the reader may see that, which the other may open without a change of this entry.
    fn counts_all_that_is_seen(&self) -> bool {
        false
    }
}

/// What an entry said before its corrections.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EarlierVersions {
    /// The versions, the first one first. An entry is corrected a hundred times at most; of what both wrote as one, the line for the
    /// counselors a hundred times more.
    #[schema(max_items = 200)]
    items: Vec<EarlierVersionView>,
}

impl FromIterator<EarlierVersion> for EarlierVersions {
    fn from_iter<I: IntoIterator<Item = EarlierVersion>>(versions: I) -> Self {
        Self { items: versions.into_iter().map(Into::into).collect() }
    }
}

/// What an entry said before a correction.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EarlierVersion)]
struct EarlierVersionView {
    /// The number of these answers.
    #[schema(minimum = 1)]
    number: i32,
    /// What was recorded.
    answers: Answers,
    /// How hard it was, 0 easy to 10 very hard.
    #[schema(required = true, minimum = 0, maximum = 10)]
    difficulty: Option<u8>,
    /// When they were replaced.
    replaced_at: DateTime<Utc>,
}

impl From<EarlierVersion> for EarlierVersionView {
    fn from(version: EarlierVersion) -> Self {
        let EarlierVersion { number, answers, difficulty, replaced_at } = version;
        Self { number, answers, difficulty, replaced_at }
    }
}
