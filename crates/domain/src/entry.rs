//! Entries: what a partner, or both, recorded for an assignment on a day.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::ValidationErrors;

use crate::{
    assignment::Assignment,
    breach::Breach,
    confidential::Confidential,
    couple::{CaseEnded, Couple},
    exercises::{Answers, Condition, Kind, Slug, Writer},
    ids::{AssignmentId, CoupleId, EntryId, PartnerId, StaffId},
    own_exercise::{Misfit, OwnForm},
    recorded_by::RecordedBy,
    visibility::{EntryFacts, RevealKey, Visibility},
};

mod references;
mod rules;
mod shown;
#[cfg(test)]
pub(crate) mod tests;

pub use references::{Referred, UnknownReference};
pub use shown::{EarlierVersion, Seen, ShownEntry, Sight};

/// Whose words an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "author", content = "id", rename_all = "snake_case")]
pub enum Author {
    /// One partner's.
    Partner(PartnerId),
    /// Both partners', as one.
    Together,
    /// A counselor's.
    Counselor(StaffId),
}

impl Author {
    /// The one partner whose words these are; `None` for what both wrote as one, and for a counselor's.
    #[must_use]
    pub const fn partner(self) -> Option<PartnerId> {
        match self {
            Self::Partner(partner) => Some(partner),
            Self::Together | Self::Counselor(_) => None,
        }
    }

    /// Whether these are a partner's words, alone or as one with the other, by any of their memberships.
    #[must_use]
    pub fn includes(self, partner: PartnerId, couple: &Couple) -> bool {
        self == Self::Together || self.partner().is_some_and(|author| couple.same_person(author, partner))
    }
}

/// How far an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", content = "at", rename_all = "snake_case")]
pub enum EntryState {
    /// Still being written; its author's alone.
    Draft,
    /// Handed in. Its answers don't change any more; a correction is a new number.
    Submitted(DateTime<Utc>),
}

/// What was recorded for an assignment on a day.
#[derive(Clone, PartialEq)]
pub struct Entry {
    /// Which one.
    pub id: EntryId,
    /// For which assignment.
    pub assignment: AssignmentId,
    /// Of which couple.
    pub couple: CoupleId,
    /// Of which exercise; the assignment's.
    pub exercise: Slug,
    /// Which kind of entry; that of the answers.
    pub kind: Kind,
    /// Whose words they are.
    pub author: Author,
    /// Who held the pen.
    pub recorded_by: RecordedBy,
    /// Who began it, from whom the line for the counselors is, whoever held the pen since.
    pub begun_by: RecordedBy,
    /// The day it is about, in the couple's time zone.
    pub recorded_on: NaiveDate,
    /// The first day of the assignment's occurrence that day belongs to; what is revealed together is of one occurrence. Of what is about
    /// one record it is the day of that, or, of what is about a session, the assignment's first day.
    pub occurrence_on: NaiveDate,
    /// How hard it was, 0 easy to 10 very hard.
    pub difficulty: Option<u8>,
    /// What was recorded.
    pub answers: Answers,
    /// A line for the counselors alone, up to 10,000 characters.
    pub for_counselor: Option<Confidential>,
    /// Who else may read it.
    pub visibility: Visibility,
    /// When its author opened it further than it started: their recorded permission.
    pub permission_given_at: Option<DateTime<Utc>>,
    /// Whether it was handed in.
    pub state: EntryState,
    /// The number of these answers: 1, and one more with each correction, but of a counselor's line alone. Earlier ones are kept by the
    /// store.
    pub number: i32,
    /// How it is counted for those who don't count every change.
    pub seen: Seen,
    /// How many of its changes were a counselor's of nothing but the line that a counselor began it with. Whose words it is does not
    /// read that line, and does not count them.
    pub line_changes: i64,
    /// When a counselor reviewed these answers; a correction waits for review again.
    pub reviewed_at: Option<DateTime<Utc>>,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// An entry as wanted.
#[derive(Clone)]
pub struct EntryDraft {
    /// Whose words they are.
    pub author: Author,
    /// Who holds the pen.
    pub recorded_by: RecordedBy,
    /// The day it is about; the day of the request if absent.
    pub recorded_on: Option<NaiveDate>,
    /// How hard it was, 0 to 10.
    pub difficulty: Option<u8>,
    /// What is recorded; their kind is the entry's.
    pub answers: Answers,
    /// What the answers name and rest on, as it was found.
    pub referred: Vec<Referred>,
    /// The form they answer, where the exercise is the practice's own: of the version that was assigned.
    pub form: Option<OwnForm>,
    /// A line for the counselors alone.
    pub for_counselor: Option<Confidential>,
    /// Who else may read it, as the author decides; as the assignment or the kind has it if absent.
    pub visibility: Option<Visibility>,
}

/// What replaces the content of a draft, or corrects a submitted entry. It replaces all of it.
#[derive(Clone)]
pub struct EntryContent {
    /// How hard it was, 0 to 10.
    pub difficulty: Option<u8>,
    /// What is recorded; of the same kind as before.
    pub answers: Answers,
    /// What the answers name and rest on, as it was found.
    pub referred: Vec<Referred>,
    /// The form they answer, where the exercise is the practice's own: of the version that was assigned.
    pub form: Option<OwnForm>,
    /// A line for the counselors alone.
    pub for_counselor: Option<Confidential>,
}

/// What an entry is checked against.
#[derive(Debug, Clone, Copy)]
pub struct EntryContext<'a> {
    /// The couple.
    pub couple: &'a Couple,
    /// The assignment it is for.
    pub assignment: &'a Assignment,
    /// The breach linked to the assignment, if there is one: it says who may write which kind.
    pub breach: Option<&'a Breach>,
}

/// The fields of answers that don't fit. Its `Debug` and `Display` show no value: a value is something a client wrote.
#[derive(Clone, PartialEq)]
pub struct AnswersRefused(pub ValidationErrors);

impl fmt::Debug for AnswersRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnswersRefused(…)")
    }
}

/// How many drafts of one author's may be open for an assignment.
pub const MOST_OPEN_DRAFTS: i64 = 50;

/// How often the answers of an entry may be corrected; and, of what both wrote as one, how often the line for the counselors alone may.
pub const MOST_CORRECTIONS: i32 = 100;

/// Why an entry can't be recorded or changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum EntryError {
    /// The case is over.
    #[error(transparent)]
    CaseEnded(#[from] CaseEnded),
    /// The assignment is over.
    #[error("this assignment has ended and takes no more entries")]
    AssignmentEnded,
    /// Too much was begun.
    #[error(
        "{MOST_OPEN_DRAFTS} drafts for this assignment are open; submit one, or take one back, before another is begun"
    )]
    TooManyDrafts,
    /// Too much was corrected.
    #[error("an entry is corrected {MOST_CORRECTIONS} times at most; record another one to say more")]
    TooManyCorrections,
    /// A kind of another exercise.
    #[error("this kind of entry belongs to another exercise than the assignment's")]
    Kind,
    /// A correction can't become something else.
    #[error("an entry keeps its kind")]
    KindChanged,
    /// Someone who has no part in it.
    #[error("entries are written by those who take part in the assignment")]
    NotAParticipant,
    /// Not theirs to write.
    #[error("this kind of entry is not this author's to write: who may write it is {}", .0.words())]
    Writer(Writer),
    /// The pen is held by someone else.
    #[error("an entry is written by its author, or by a counselor on their behalf")]
    Pen,
    /// The day has not come, or lies before the assignment.
    #[error("an entry is about a day from the assignment's start to today")]
    Day,
    /// No rating.
    #[error("difficulty is a number from 0 to 10")]
    Difficulty,
    /// The line is too long.
    #[error("the line for the counselor has up to 10,000 characters")]
    LineForCounselor,
    /// The line is someone else's.
    #[error("the line for the counselor is written by who began the entry; record an entry of your own for another")]
    LineOfAnother,
    /// Some answers are missing or out of range.
    #[error("some answers are missing or don't fit")]
    Answers(AnswersRefused),
    /// Some answers don't fit the practice's form; places are below the answers.
    #[error("some answers are missing or don't fit")]
    Form(Vec<Misfit>),
    /// They name something that is not there for their author.
    #[error("some answers name what is not there")]
    References(Vec<UnknownReference>),
    /// Its author has told of the same thing before.
    #[error("this is told of in the entry {first} already: correct that one to say it differently")]
    ToldBefore {
        /// The field that names it, as a JSON pointer below the answers.
        pointer: String,
        /// The entry that tells of it.
        first: EntryId,
    },
    /// What they rest on does not hold.
    #[error("what these answers rest on does not hold")]
    Condition(Condition),
    /// It is always for the counselors alone, or always for both partners: by its kind, or because the exercise was given to one partner
    /// alone.
    #[error("who reads this entry is settled by its kind and by whom the exercise was given to, and stays so")]
    VisibilityFixed,
    /// It would end before it began.
    #[error("an embargo ends on a day to come; to open the entry now, set its visibility to shared")]
    Embargo,
    /// Opened by somebody else.
    #[error("only its author opens an entry further, and by themselves")]
    NotTheAuthor,
    /// It would close what was open.
    #[error("a submitted entry can be opened further, never closed")]
    NotWider,
    /// A correction can't be about something else: what is revealed together is about one record.
    #[error("an entry keeps the record it is about; to write about another one, record another entry")]
    About,
    /// What came after it rests on it as it is.
    #[error("{0}")]
    Settled(&'static str),
    /// Not on paper yet.
    #[error("this entry is not submitted yet")]
    NotSubmitted,
    /// On paper for good.
    #[error("this entry is submitted; correct it instead")]
    Submitted,
    /// The joint record is frozen.
    #[error("the partners have parted: what they wrote together stays as it is")]
    Frozen,
}

impl EntryError {
    /// The field of what was wanted that it is about, as a JSON pointer. What is wrong with the answers says itself where.
    #[must_use]
    pub const fn pointer(&self) -> Option<&'static str> {
        match self {
            Self::Kind | Self::KindChanged => Some("/answers/type"),
            Self::NotAParticipant | Self::Writer(_) => Some("/author"),
            Self::Day => Some("/recorded_on"),
            Self::Difficulty => Some("/difficulty"),
            Self::LineForCounselor | Self::LineOfAnother => Some("/for_counselor"),
            Self::Embargo => Some("/embargoed_until"),
            Self::VisibilityFixed | Self::NotTheAuthor | Self::NotWider => Some("/visibility"),
            _ => None,
        }
    }
}

impl Entry {
    /// What the visibility rule asks of it.
    #[must_use]
    pub const fn facts(&self) -> EntryFacts {
        EntryFacts {
            author: self.author,
            recorded_by: self.recorded_by,
            begun_by: self.begun_by,
            recorded_on: self.recorded_on,
            visibility: self.visibility,
            submitted: self.is_submitted(),
        }
    }

    /// Whether it was handed in.
    #[must_use]
    pub const fn is_submitted(&self) -> bool {
        matches!(self.state, EntryState::Submitted(_))
    }

    /// What it is revealed together with.
    #[must_use]
    pub fn reveal_key(&self) -> RevealKey {
        RevealKey::new(self.kind, self.answers.about())
    }

    /// When it was handed in, if it was.
    #[must_use]
    pub const fn submitted_at(&self) -> Option<DateTime<Utc>> {
        match self.state {
            EntryState::Draft => None,
            EntryState::Submitted(at) => Some(at),
        }
    }

    /// The participants it counts for: its author, both for a joint one, nobody for a counselor's.
    #[must_use]
    pub fn authors(&self, assignment: &Assignment) -> Vec<PartnerId> {
        match self.author {
            Author::Partner(partner) => vec![partner],
            Author::Together => assignment.participants(),
            Author::Counselor(_) => Vec::new(),
        }
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl fmt::Debug for EntryDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntryDraft").field("kind", &self.answers.kind()).finish_non_exhaustive()
    }
}

impl fmt::Debug for EntryContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EntryContent").field("kind", &self.answers.kind()).finish_non_exhaustive()
    }
}
