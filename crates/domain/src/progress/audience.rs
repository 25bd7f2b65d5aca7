//! Whose progress is shown to whom: what of the record an audience gets to see counted.
//!
//! A count tells as much as what is counted. So a shared answer is made of what **both** partners may read and is the same for
//! whoever asks; and an answer about one partner holds nothing of the other's. Neither changes with what is hidden.

use chrono::NaiveDate;

use super::{CountedAssignment, CountedEntry};
use crate::{
    assignment::{Assignment, Ending, Standing},
    couple::Couple,
    entry::{Author, Entry},
    ids::PartnerId,
    promise::Promise,
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
}

/// Why there is no such progress to see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AudienceError {
    /// Another partner's.
    #[error("partners see what they share, and each their own progress")]
    NotTheirs,
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
            Reader::Partner(_) | Reader::Counselor(_) | Reader::Supervisor(_) => Ok(Self::One { about, reader }),
        }
    }

    /// Those who all must be able to read what counts. Nobody, where there are no two partners to share something, or not any more:
    /// then nothing counts.
    #[must_use]
    pub fn readers(self, couple: &Couple, today: NaiveDate) -> Vec<Reader> {
        match self {
            Self::One { reader, .. } => vec![reader],
            Self::Both if !couple.shares_on(today) => Vec::new(),
            Self::Both => {
                let both: Vec<_> = couple.current_partners().map(|partner| Reader::Partner(partner.id)).collect();
                if both.len() == 2 { both } else { Vec::new() }
            }
        }
    }

    /// What of an entry counts, if every reader of the audience may read it, which the caller has seen to.
    #[must_use]
    pub fn entry(self, couple: &Couple, entry: &Entry) -> Option<CountedEntry> {
        let about = match (self, entry.author) {
            (Self::Both, _) | (Self::One { .. }, Author::Together) => true,
            (Self::One { about, .. }, Author::Partner(author)) => couple.same_person(about, author),
            (Self::One { .. }, Author::Counselor(_)) => false,
        };
        CountedEntry::of(entry).filter(|_| about)
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
        let ended_before = assignment.ended.is_some_and(|ended| couple.today(ended.at) < from);
        let in_range = couple.today(assignment.assigned_at) <= until && !ended_before;
        let standings = self.standings(couple, assignment);
        let counts = exists && in_range && !cancelled && !standings.is_empty();
        let Assignment { id, exercise, .. } = *assignment;
        counts.then_some(CountedAssignment { id, exercise, standings, told: matches!(self, Self::One { .. }) })
    }

    /// Whether a promise counts.
    #[must_use]
    pub fn counts_promise(self, couple: &Couple, promise: &Promise, today: NaiveDate) -> bool {
        let about = match self {
            Self::Both => true,
            Self::One { about, .. } => couple.same_person(about, promise.maker),
        };
        let readers = self.readers(couple, today);
        let sees = |reader: &Reader| may_see_given(*reader, couple, promise.maker, promise.to, today);
        about && !readers.is_empty() && readers.iter().all(sees)
    }

    fn standings(self, couple: &Couple, assignment: &Assignment) -> Vec<Standing> {
        let about = |standing: &&Standing| match self {
            Self::Both => true,
            Self::One { about, .. } => couple.same_person(about, standing.partner),
        };
        assignment.standings.iter().filter(about).copied().collect()
    }
}
