//! An entry as somebody is shown it: what is not theirs to know is taken out here, and nowhere else.
//!
//! Its author and those who treat the couple read it whole. The other partner reads what it says, and of what it comes from and names
//! only what exists for them; they count what they can see, from when it was opened to them, and so does one of two who wrote as one
//! while the other held the pen: neither is told of the line for the counselors. Nor is its author, where a counselor began it for them.

#[cfg(test)]
mod tests;

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Author, Entry};
use crate::{
    couple::Couple,
    exercises::{Answers, Reference, Target},
    ids::AssignmentId,
    visibility::{Reader, may_count_every_change, may_know_what_it_names, may_read_line_for_counselor},
};

/// How an entry is counted for those who don't count every change ([`may_count_every_change`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// The number of the answers: 1 when they were opened, and one more with each correction of them since.
    pub number: i32,
    /// Counts the changes that show, from 1.
    pub version: i64,
}

impl Default for Seen {
    fn default() -> Self {
        Self { number: 1, version: 1 }
    }
}

/// What a reader can see of what entries come from and name.
#[derive(Debug, Default)]
pub struct Sight {
    /// The assignments that exist for them.
    pub assignments: HashSet<AssignmentId>,
    /// The records that exist for them.
    pub named: HashSet<Target>,
}

/// An entry as a reader is shown it.
#[derive(Debug)]
pub struct ShownEntry {
    /// The assignment it is for; `None` if that does not exist for the reader.
    pub assignment: Option<AssignmentId>,
    /// What else there is to it, without what the reader is not told. It is not to be kept.
    pub entry: Entry,
}

/// What an entry said before it was corrected.
#[derive(Debug, Clone)]
pub struct EarlierVersion {
    /// The number of these answers.
    pub number: i32,
    /// What was recorded.
    pub answers: Answers,
    /// How hard it was, 0 to 10.
    pub difficulty: Option<u8>,
    /// When they were replaced.
    pub replaced_at: DateTime<Utc>,
}

impl EarlierVersion {
    fn says(&self, answers: &Answers, difficulty: Option<u8>) -> bool {
        self.answers == *answers && self.difficulty == difficulty
    }
}

impl Entry {
    /// The records it names that a reader is told of only if they exist for them. Partners of one day know of each other.
    #[must_use]
    pub fn to_be_seen_by(&self, reader: Reader, couple: &Couple) -> Vec<Reference> {
        if may_know_what_it_names(reader, couple, &self.facts()) {
            return Vec::new();
        }
        let mut named = self.answers.references();
        named.retain(|reference| !matches!(reference.to, Target::Partner(_)));
        named
    }

    /// What a reader who may read it is shown. `sight` is of the assignment it is for, and of what it names to be seen by them.
    ///
    /// # Errors
    /// If its answers can't do without a reference ([`Answers::without`]).
    pub fn shown_to(mut self, reader: Reader, couple: &Couple, sight: &Sight) -> Result<ShownEntry, serde_json::Error> {
        let (facts, assignment) = (self.facts(), self.assignment);
        let knows_origin = may_know_what_it_names(reader, couple, &facts) || sight.assignments.contains(&assignment);
        let mut hidden = self.to_be_seen_by(reader, couple);
        hidden.retain(|reference| !sight.named.contains(&reference.to));
        if !hidden.is_empty() {
            self.answers = self.answers.without(&hidden)?;
        }
        if !may_read_line_for_counselor(reader, couple, &facts) {
            self.for_counselor = None;
        }
        let Seen { number, version } = self.counted_by(reader, couple);
        let reviewed_at = self.reviewed_at.filter(|_| may_count_every_change(reader, couple, &facts));
        self = Self { number, version, reviewed_at, ..self };
        Ok(ShownEntry { assignment: knows_origin.then_some(assignment), entry: self })
    }

    /// The version that a reader sees.
    #[must_use]
    pub fn version_shown_to(&self, reader: Reader, couple: &Couple) -> i64 {
        self.counted_by(reader, couple).version
    }

    /// Number and version, as a reader counts them. Whose words it is counts every change, but of a line that is not theirs to read.
    fn counted_by(&self, reader: Reader, couple: &Couple) -> Seen {
        let Self { number, version, .. } = *self;
        let facts = self.facts();
        if !may_count_every_change(reader, couple, &facts) {
            self.seen
        } else if may_read_line_for_counselor(reader, couple, &facts) {
            Seen { number, version }
        } else {
            Seen { number, version: version - self.line_changes }
        }
    }

    /// What it said before its corrections, the first version first, as who may read that is shown it: a correction of nothing but the
    /// line for the counselors is none to who does not count every change.
    #[must_use]
    pub fn earlier_shown_to(
        &self,
        earlier: Vec<EarlierVersion>,
        reader: Reader,
        couple: &Couple,
    ) -> Vec<EarlierVersion> {
        if may_count_every_change(reader, couple, &self.facts()) {
            return earlier;
        }
        let mut shown: Vec<EarlierVersion> = Vec::new();
        for version in earlier {
            shown.pop_if(|last| last.says(&version.answers, version.difficulty));
            let number = i32::try_from(shown.len() + 1).unwrap_or(i32::MAX);
            shown.push(EarlierVersion { number, ..version });
        }
        shown.pop_if(|last| last.says(&self.answers, self.difficulty));
        shown
    }

    /// The same after a change, with what shows of it counted; `open` is whether it was open to the other before.
    pub(super) fn counted_since(self, before: &Self, open: bool) -> Self {
        if !open && before.author != Author::Together {
            return self;
        }
        let says_otherwise = !self.says_the_same_as(before);
        let looks_otherwise = says_otherwise || (self.visibility, self.state) != (before.visibility, before.state);
        let seen = Seen {
            number: before.seen.number + i32::from(says_otherwise && before.is_submitted()),
            version: before.seen.version + i64::from(looks_otherwise),
        };
        Self { seen, ..self }
    }
}
