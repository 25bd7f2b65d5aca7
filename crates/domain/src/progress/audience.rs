//! Whose progress is shown to whom: what of the record an audience gets to see counted.
//!
//! A count tells as much as what is counted. So a shared answer is made of what **both** partners may read and is the same for
//! whoever asks; and an answer about one partner holds of the other's only what was said to them: answers to their promises, and thanks.
//! Neither changes with what is hidden.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    CountedAssignment, CountedEntry, CountedPromise, CountedThanks, Pairs, Progress, ProgressInput, Span,
    WhichExercise, pairs, progress, questions::count_by_question,
};
use crate::{
    assignment::{Assignment, Ending, Standing},
    couple::{Couple, Partner},
    entry::{Author, Entry},
    exercises::{Answers, AttendanceWork, Kind, PlannedRitual, PlannedRituals},
    ids::{AssignmentId, EntryId, PartnerId},
    own_exercise::AssignedForm,
    promise::{Outcome, Promise},
    session::Session,
    visibility::{Reader, may_see_given},
};

/// For whom progress is put together, and about whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// For both partners at once, about both: only what each of them may read.
    Both,
    /// About one partner, for someone who may see that: the partner, or a counselor.
    One {
        /// About whom.
        about: PartnerId,
        /// Who reads.
        reader: Reader,
    },
    /// About each current partner, for a counselor or a supervisor: one beside the other, and nothing added up across them.
    SideBySide {
        /// Who reads.
        reader: Reader,
    },
}

/// What there is of a couple over a span, as far as all of an audience's readers may read it; where it says so, raw.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// Entries that every reader may read.
    pub entries: Vec<Entry>,
    /// Whether there were more entries: these are the newest.
    pub entries_cut: bool,
    /// Answers of before the span that something in `entries` is about, and that every reader may read.
    pub earlier_answers: Vec<Entry>,
    /// Assignments, raw: the audience decides which count.
    pub assignments: Vec<Assignment>,
    /// Promises, raw, each with what was said of the days it was due: the audience decides which count.
    pub promises: Vec<(Promise, Vec<Outcome>)>,
    /// Whether there were more promises: these are the newest.
    pub promises_cut: bool,
    /// Rituals that every reader may read, whenever they were planned, and what was recorded of their days since
    /// [`Span::rituals_from`]; in order.
    pub rituals: Vec<Entry>,
    /// Sessions of the span that every reader may know of.
    pub sessions: Vec<Session>,
    /// The forms that entries of the practice's own exercises answer, by assignment.
    pub forms: BTreeMap<AssignmentId, AssignedForm>,
}

/// What an audience is told.
#[derive(Debug, Clone, PartialEq)]
pub enum Told {
    /// About both at once.
    Both(Progress, Pairs),
    /// About one partner.
    One(PartnerId, Progress),
    /// About each, and what lies between them.
    SideBySide(Vec<(PartnerId, Progress)>, Pairs),
}

/// Why there is no such progress to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AudienceError {
    /// Another partner's.
    #[error("partners see what they share, and each their own progress")]
    NotTheirs,
    /// Both at once, which is more than each has shared.
    #[error("partners side by side are for those who treat them")]
    NotForPartners,
    /// Nobody of this couple.
    #[error("this is not a partner of this couple")]
    NotAPartner,
}

impl Audience {
    /// About one partner.
    ///
    /// # Errors
    /// [`AudienceError`] if the partner is not of this couple, or another than the one who asks.
    pub fn one(couple: &Couple, about: PartnerId, reader: Reader) -> Result<Self, AudienceError> {
        match reader {
            Reader::Partner(own) if !couple.same_person(own, about) => Err(AudienceError::NotTheirs),
            _ if couple.partner(about).is_none() => Err(AudienceError::NotAPartner),
            Reader::Partner(_) | Reader::Counselor(_) | Reader::Supervisor(_) => {
                Ok(Self::One { about: couple.latest_membership(about), reader })
            }
        }
    }

    /// About each partner, side by side.
    ///
    /// # Errors
    /// [`AudienceError::NotForPartners`] for a partner.
    pub const fn side_by_side(reader: Reader) -> Result<Self, AudienceError> {
        match reader {
            Reader::Partner(_) => Err(AudienceError::NotForPartners),
            Reader::Counselor(_) | Reader::Supervisor(_) => Ok(Self::SideBySide { reader }),
        }
    }

    /// Those who all must be able to read what counts. Nobody, where there are no two partners to share something, or not any more:
    /// then nothing counts.
    #[must_use]
    pub fn readers(self, couple: &Couple, today: NaiveDate) -> Vec<Reader> {
        match self {
            Self::One { reader, .. } | Self::SideBySide { reader } => vec![reader],
            Self::Both if !couple.shares_on(today) => Vec::new(),
            Self::Both => {
                let both: Vec<_> = couple.current_partners().map(|partner| Reader::Partner(partner.id)).collect();
                if both.len() == 2 { both } else { Vec::new() }
            }
        }
    }

    /// What of an entry counts, if every reader of the audience may read it, which the caller has seen to.
    #[must_use]
    pub fn entry(self, couple: &Couple, entry: &Entry, form: Option<&AssignedForm>) -> Option<CountedEntry> {
        let about = match (self, entry.author) {
            (Self::Both | Self::SideBySide { .. }, _) | (Self::One { .. }, Author::Together) => true,
            (Self::One { .. }, Author::Partner(author)) => self.is_about(couple, author),
            (Self::One { .. }, Author::Counselor(_)) => false,
        };
        let counted = CountedEntry::of(entry, form).filter(|_| about);
        counted.map(|counted| CountedEntry { author: person(couple, counted.author), ..counted })
    }

    /// The thanks in an entry that every reader of the audience may read: to whoever was the other partner on its day.
    pub fn thanks<'c>(self, couple: &'c Couple, entry: &Entry) -> impl Iterator<Item = CountedThanks> + use<'c> {
        let by = match entry.author {
            Author::Partner(by) if entry.is_submitted() && entry.kind == Kind::Appreciation => Some(by),
            _ => None,
        };
        let on = entry.recorded_on;
        let was_there = move |partner: &&Partner| partner.from <= on && partner.until.is_none_or(|until| on < until);
        let others = by.into_iter().flat_map(move |by| {
            couple.partners.iter().filter(was_there).filter(move |partner| !couple.same_person(partner.id, by))
        });
        others
            .map(|partner| couple.latest_membership(partner.id))
            .filter(move |to| self.is_about(couple, *to))
            .map(move |to| CountedThanks { to, on })
    }

    /// What of an assignment counts that was open on a day of the range. A cancelled one does not. Where someone says they stand is
    /// theirs, so a shared answer holds nothing of it.
    #[must_use]
    pub fn assignment(
        self,
        couple: &Couple,
        assignment: &Assignment,
        (from, until): (NaiveDate, NaiveDate),
        today: NaiveDate,
    ) -> Option<CountedAssignment> {
        let readers = self.readers(couple, today);
        let exists = !readers.is_empty() && readers.iter().all(|reader| assignment.exists_for(*reader, couple));
        let cancelled = assignment.ended.is_some_and(|ended| ended.how == Ending::Cancelled);
        let ended_on = assignment.ended.map(|ended| couple.today(ended.at));
        let ended_before = ended_on.is_some_and(|day| day < from);
        let in_range = assignment.starts_on <= until && !ended_before;
        let standings = self.standings(couple, assignment, today);
        let counts = exists && in_range && !cancelled && !standings.is_empty();
        let Assignment { id, exercise: slug, own, starts_on, reminders_until, .. } = *assignment;
        let exercise = WhichExercise { slug, own: own.map(|own| own.id) };
        let told = !matches!(self, Self::Both);
        counts.then_some(CountedAssignment { id, exercise, starts_on, ended_on, reminders_until, standings, told })
    }

    /// Whether every reader of the audience may see a promise.
    fn sees_promise(self, couple: &Couple, promise: &Promise, today: NaiveDate) -> bool {
        let readers = self.readers(couple, today);
        let sees = |reader: &Reader| may_see_given(*reader, couple, promise.maker, promise.to, today);
        !readers.is_empty() && readers.iter().all(sees)
    }

    fn standings(self, couple: &Couple, assignment: &Assignment, today: NaiveDate) -> Vec<Standing> {
        let about = |standing: &&Standing| self.is_about(couple, standing.partner);
        let now = |standing: &Standing| assignment.of_round(*standing, couple, today);
        let theirs = |standing: Standing| Standing { partner: couple.latest_membership(standing.partner), ..standing };
        assignment.standings.iter().filter(about).map(now).map(theirs).collect()
    }

    fn is_about(self, couple: &Couple, partner: PartnerId) -> bool {
        match self {
            Self::Both | Self::SideBySide { .. } => true,
            Self::One { about, .. } => couple.same_person(about, partner),
        }
    }

    fn input(self, couple: &Couple, record: &Record, span: &Span) -> ProgressInput {
        let assignment = |found| self.assignment(couple, found, (span.from, span.until), span.today);
        let seen = |(promise, _): &&(Promise, Vec<Outcome>)| self.sees_promise(couple, promise, span.today);
        let promise = |(promise, outcomes): &(Promise, Vec<Outcome>)| {
            let counted = CountedPromise::of(promise, outcomes, span.promises_from(), span.until);
            let [maker, to] = [counted.maker, counted.to].map(|partner| couple.latest_membership(partner));
            CountedPromise { maker, to, ..counted }
        };
        let promises: Vec<_> = record.promises.iter().filter(seen).map(promise).collect();
        let of = |whose: fn(&CountedPromise) -> PartnerId| {
            promises.iter().filter(|promise| self.is_about(couple, whose(promise))).cloned().collect()
        };
        let assignments: Vec<_> = record.assignments.iter().filter_map(assignment).collect();
        ProgressInput {
            entries: self.entries(couple, record),
            entries_cut: record.entries_cut,
            promises: of(|promise| promise.maker),
            received: of(|promise| promise.to),
            promises_cut: record.promises_cut,
            thanks: record.entries.iter().flat_map(|entry| self.thanks(couple, entry)).collect(),
            rituals: rituals(&record.rituals, &assignments, span),
            attendance: self.attendance(couple, &record.sessions),
            assignments,
        }
    }

    fn entries(self, couple: &Couple, record: &Record) -> Vec<CountedEntry> {
        let counted = |entry: &Entry| self.entry(couple, entry, record.forms.get(&entry.assignment));
        let mut entries = record.entries.iter().filter_map(counted).collect::<Vec<_>>();
        count_by_question(&mut entries, &record.questions());
        entries
    }

    /// Who was there, of those it is about.
    fn attendance(self, couple: &Couple, sessions: &[Session]) -> Vec<AttendanceWork> {
        let mut attendance = AttendanceWork::all(couple, sessions);
        attendance.retain(|row| self.is_about(couple, row.partner_id));
        attendance
    }

    fn pairs(self, couple: &Couple, record: &Record, span: &Span) -> Pairs {
        let current = couple.current_partners().map(|partner| partner.id);
        let two: Result<[PartnerId; 2], _> = current.collect::<Vec<_>>().try_into();
        two.map(|two| pairs(two, &self.entries(couple, record), span)).unwrap_or_default()
    }
}

/// Whose words something is, whichever of their memberships they wrote it under.
fn person(couple: &Couple, author: Author) -> Author {
    match author {
        Author::Partner(partner) => Author::Partner(couple.latest_membership(partner)),
        Author::Together | Author::Counselor(_) => author,
    }
}

impl Record {
    /// Which question each answer is to.
    fn questions(&self) -> BTreeMap<EntryId, EntryId> {
        let question = |entry: &Entry| match &entry.answers {
            Answers::RootCauseAnswer(answer) => answer.question_id.map(|question| (entry.id, question)),
            _ => None,
        };
        self.entries.iter().chain(&self.earlier_answers).filter_map(question).collect()
    }
}

/// The planned rituals of the assignments that count, up to the day on which each ended: nothing is recorded after it.
fn rituals(entries: &[Entry], assignments: &[CountedAssignment], span: &Span) -> PlannedRituals {
    let mut planned = PlannedRituals::among(entries, (span.rituals_from(), span.until));
    let ends: BTreeMap<_, _> = assignments.iter().map(|counted| (counted.id, counted.ended_on)).collect();
    let counts =
        |day: &PlannedRitual| ends.get(&day.assignment).is_some_and(|ended| ended.is_none_or(|ended| day.on <= ended));
    planned.days.retain(counts);
    planned
}

/// What an audience is told of a couple's record over a span.
#[must_use]
pub fn tell(couple: &Couple, audience: Audience, record: &Record, span: &Span) -> Told {
    let about = |audience: Audience| progress(&audience.input(couple, record, span), span);
    match audience {
        Audience::Both => Told::Both(about(audience), audience.pairs(couple, record, span)),
        Audience::One { about: partner, .. } => Told::One(partner, about(audience)),
        Audience::SideBySide { reader } => {
            let partners = couple.current_partners().map(|partner| partner.id);
            let each = partners.map(|partner| (partner, about(Audience::One { about: partner, reader })));
            Told::SideBySide(each.collect(), audience.pairs(couple, record, span))
        }
    }
}
