//! What one partner may see of the other: the whole rule, in one place, pure.
//!
//! The confidentiality policy never opens anything to the other partner by itself: it says what a *counselor* may do with what
//! they know ([`may_use_with_the_other`]). Only the author opens an entry, and separation closes what was open.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    couple::{Couple, Partner},
    entry::Author,
    exercises::{Kind, Target, Writer},
    ids::{PartnerId, StaffId},
    policy::{ConfidentialityPolicy, PolicyKind},
    recorded_by::RecordedBy,
    score::Score,
};

#[cfg(test)]
mod tests;

/// Who may read an entry besides its author and the counselors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Visibility {
    /// Nobody else.
    CounselorOnly,
    /// Both partners.
    Shared,
    /// Sealed to the other partner until both have submitted; then both see both.
    RevealTogether,
    /// Sealed to the other partner until a day.
    Embargoed {
        /// The first day on which the other partner may read it.
        until: NaiveDate,
    },
}

impl Visibility {
    /// Under which a submitted entry counts towards revealing together ([`both_submitted`]): what is kept back opens nothing.
    pub const REVEALING: [Self; 2] = [Self::Shared, Self::RevealTogether];

    /// The word for it, without the day.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CounselorOnly => "counselor_only",
            Self::Shared => "shared",
            Self::RevealTogether => "reveal_together",
            Self::Embargoed { .. } => "embargoed",
        }
    }

    /// The day of an embargo.
    #[must_use]
    pub const fn until(self) -> Option<NaiveDate> {
        match self {
            Self::Embargoed { until } => Some(until),
            Self::CounselorOnly | Self::Shared | Self::RevealTogether => None,
        }
    }

    /// Puts word and day together again; `None` if they are not of one visibility.
    #[must_use]
    pub fn from_parts(word: &str, until: Option<NaiveDate>) -> Option<Self> {
        match (word, until) {
            ("counselor_only", None) => Some(Self::CounselorOnly),
            ("shared", None) => Some(Self::Shared),
            ("reveal_together", None) => Some(Self::RevealTogether),
            ("embargoed", Some(until)) => Some(Self::Embargoed { until }),
            _ => None,
        }
    }

    /// Whether everyone who may read under `other` may read under this, whatever happens. Waiting for the other partner and
    /// waiting for a day can't be compared: neither is as open as the other.
    #[must_use]
    pub fn is_as_open_as(self, other: Self) -> bool {
        match (self, other) {
            (Self::Shared, _) | (_, Self::CounselorOnly) => true,
            (Self::RevealTogether, other) => other == Self::RevealTogether,
            (Self::Embargoed { until }, Self::Embargoed { until: other }) => until <= other,
            (Self::CounselorOnly | Self::Embargoed { .. }, _) => false,
        }
    }

    /// Whether it is more open than `other`: what an author may turn theirs into.
    #[must_use]
    pub fn is_wider_than(self, other: Self) -> bool {
        self != other && self.is_as_open_as(other)
    }
}

/// Who wants to read. That the couple exists for them at all was decided before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reader {
    /// A counselor of the couple, or an owner of the practice.
    Counselor(StaffId),
    /// The supervisor of a counselor of the couple.
    Supervisor(StaffId),
    /// A partner, by any of their memberships in the couple.
    Partner(PartnerId),
}

/// What the rule asks of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryFacts {
    /// Whose it is.
    pub author: Author,
    /// Who held the pen.
    pub recorded_by: RecordedBy,
    /// Who began it, from whom the line for the counselors is.
    pub begun_by: RecordedBy,
    /// The day it is about.
    pub recorded_on: NaiveDate,
    /// Who else may read it.
    pub visibility: Visibility,
    /// Whether it was submitted; a draft is its author's alone.
    pub submitted: bool,
}

/// May they read the entry?
///
/// `both_submitted` is whether both participants have submitted what is revealed with it ([`both_submitted`]); `today` is the couple's day.
#[must_use]
pub fn may_read(reader: Reader, couple: &Couple, entry: &EntryFacts, both_submitted: bool, today: NaiveDate) -> bool {
    match reader {
        Reader::Counselor(_) => entry.submitted || entry.recorded_by.staff().is_some(),
        Reader::Supervisor(_) => entry.submitted,
        Reader::Partner(reader) => {
            is_author(reader, couple, entry)
                || (is_open_to_the_other(entry, both_submitted, today) && passes_to(reader, couple, entry, today))
        }
    }
}

/// Is an entry open to the partner who has no part in it, as far as that is the entry's to say?
#[must_use]
pub fn is_open_to_the_other(entry: &EntryFacts, both_submitted: bool, today: NaiveDate) -> bool {
    entry.submitted && is_open(entry.visibility, both_submitted, today)
}

/// May they read what an entry said before its corrections? What an author took out before opening it was never shared: besides
/// the author only counselors and supervisors may.
#[must_use]
pub fn may_read_earlier_versions(reader: Reader, couple: &Couple, entry: &EntryFacts) -> bool {
    treats_or_wrote(reader, couple, entry)
}

/// May they know where an entry that they may read comes from and which records it names, whatever they can see of these? Others are
/// told of those only that exist for them.
#[must_use]
pub fn may_know_what_it_names(reader: Reader, couple: &Couple, entry: &EntryFacts) -> bool {
    treats_or_wrote(reader, couple, entry)
}

/// May they have an apology that they may read checked for deflecting phrases? Whoever received it may not: how it sounds to them
/// is what counts, and no machine is to say it before they do.
#[must_use]
pub fn may_read_deflections(reader: Reader, couple: &Couple, entry: &EntryFacts) -> bool {
    treats_or_wrote(reader, couple, entry)
}

/// May they know that a draft of an apology was coached, and whether it is ready to be given? It is between its writer and the
/// counselors until it is given.
#[must_use]
pub fn may_know_of_coaching(reader: Reader, couple: &Couple, draft: &EntryFacts) -> bool {
    treats_or_wrote(reader, couple, draft)
}

/// May they read the line that is for the counselors only? Besides the counselors it is there for who wrote it: in a joint entry the
/// one who held the pen, and not the other. What a counselor added while writing on behalf is for counselors.
#[must_use]
pub fn may_read_line_for_counselor(reader: Reader, couple: &Couple, entry: &EntryFacts) -> bool {
    match reader {
        Reader::Counselor(_) => entry.submitted || entry.recorded_by.staff().is_some(),
        Reader::Supervisor(_) => entry.submitted,
        Reader::Partner(reader) => match (entry.author, entry.begun_by) {
            (Author::Partner(author), RecordedBy::Partner(_)) => couple.same_person(author, reader),
            (Author::Together, RecordedBy::Partner(pen)) => couple.same_person(pen, reader),
            (_, RecordedBy::Staff(_)) | (Author::Counselor(_), _) => false,
        },
    }
}

/// May they count every change of an entry, and know which of its answers a review was of? Besides those who read the line for the
/// counselors, whoever's words it is, alone, but for changes of a line that is not theirs to read; others count what they can see.
#[must_use]
pub fn may_count_every_change(reader: Reader, couple: &Couple, entry: &EntryFacts) -> bool {
    let is_their_own = match (reader, entry.author) {
        (Reader::Partner(reader), Author::Partner(author)) => couple.same_person(author, reader),
        _ => false,
    };
    is_their_own || may_read_line_for_counselor(reader, couple, entry)
}

/// May the counselor bring up with one partner what the other wrote? What the other may read anyway, always; else the policy
/// decides. Without a policy, nothing is used.
#[must_use]
pub fn may_use_with_the_other(policy: Option<PolicyKind>, readable_by_other: bool, permission_given: bool) -> bool {
    match policy {
        _ if readable_by_other => true,
        Some(PolicyKind::NoSecrets) => true,
        Some(PolicyKind::LimitedSecrets) => permission_given,
        Some(PolicyKind::Individual) | None => false,
    }
}

/// What is revealed together: entries of one kind with each other, about the same record where they are about one
/// ([`crate::exercises::Answers::about`]). Where an exercise asks the one who caused and the one who was hurt for different kinds, these
/// are revealed with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RevealKey {
    kind: Kind,
    about: Option<Target>,
}

impl RevealKey {
    /// Of entries of a kind about a record.
    #[must_use]
    pub fn new(kind: Kind, about: Option<Target>) -> Self {
        let by_role = |kind: &Kind| {
            kind.visibility().default == Visibility::RevealTogether
                && matches!(kind.writer(), Writer::Caused | Writer::Hurt)
        };
        let stands_for_all = || Kind::of(kind.exercise()).iter().copied().find(by_role);
        Self { kind: if by_role(&kind) { stands_for_all().unwrap_or(kind) } else { kind }, about }
    }

    /// Whether a kind is revealed with other kinds of its exercise, too: with all of those of which this is true.
    #[must_use]
    pub fn is_of_several_kinds(kind: Kind) -> bool {
        let is_other = |other: &&Kind| **other != kind && Self::new(**other, None) == Self::new(kind, None);
        Kind::of(kind.exercise()).iter().any(|other| is_other(&other))
    }
}

/// Whether both participants have submitted openly what is revealed together. `submitted` are key and author of the submitted
/// entries that count for revealing ([`Visibility::REVEALING`]), of one occurrence of the assignment; a joint one counts for both. Who keeps theirs to the counselor reveals nothing, and so sees nothing.
#[must_use]
pub fn both_submitted(participants: &[PartnerId], key: RevealKey, submitted: &[(RevealKey, Author)]) -> bool {
    let has = |partner: &PartnerId| {
        let theirs = |author| author == Author::Together || author == Author::Partner(*partner);
        submitted.iter().any(|(of, author)| *of == key && theirs(*author))
    };
    participants.len() >= 2 && participants.iter().all(has)
}

/// May they know of a session, or of anything else that is with one partner alone? `with` is that partner; `None` if it is joint. Of what was
/// joint on a day only those know who were partners on that day, and from the day of a separation on nothing is joint.
#[must_use]
pub fn may_know_of(reader: Reader, couple: &Couple, with: Option<PartnerId>, on: NaiveDate) -> bool {
    match (reader, with) {
        (Reader::Counselor(_) | Reader::Supervisor(_), _) => true,
        (Reader::Partner(reader), Some(with)) => couple.same_person(reader, with),
        (Reader::Partner(reader), None) => was_partner_on(couple, reader, on) && couple.shares_on(on),
    }
}

/// May they read a version of the confidentiality policy? `followed_on` is the first day of the version that took its place. A partner
/// reads what was in force on a day on which they were one, what is still to come, and what they acknowledged: a version of before
/// them was agreed with somebody else.
#[must_use]
pub fn may_read_policy(
    reader: Reader,
    couple: &Couple,
    policy: &ConfidentialityPolicy,
    followed_on: Option<NaiveDate>,
) -> bool {
    let Reader::Partner(reader) = reader else { return true };
    let theirs = |partner| couple.same_person(reader, partner);
    let was_in_force = |member: &Partner| {
        let before_they_left = member.until.is_none_or(|until| policy.in_force_from < until);
        let came_in_time = member.from <= policy.in_force_from || followed_on.is_none_or(|day| member.from < day);
        before_they_left && came_in_time
    };
    policy.acknowledgements.iter().any(|given| theirs(given.partner))
        || couple.partners.iter().any(|member| theirs(member.id) && was_in_force(member))
}

/// The versions of a couple's policy that a reader may read, of all, the first one first. A partner counts them from their own time.
#[must_use]
pub fn policies_known_to(
    reader: Reader,
    couple: &Couple,
    versions: Vec<ConfidentialityPolicy>,
) -> Vec<ConfidentialityPolicy> {
    let followed: Vec<_> = versions.iter().skip(1).map(|next| Some(next.in_force_from)).chain([None]).collect();
    let mut known: Vec<_> = versions.into_iter().zip(followed).collect();
    known.retain(|(policy, followed_on)| may_read_policy(reader, couple, policy, *followed_on));
    let counts_all = !matches!(reader, Reader::Partner(_));
    let counted = |(number, (policy, _)): (i32, (ConfidentialityPolicy, _))| {
        if counts_all { policy } else { ConfidentialityPolicy { number, ..policy } }
    };
    (1..).zip(known).map(counted).collect()
}

/// May they know what both partners said comes to together, such as a touch that both say is fine? It is decided by words that are
/// sealed to one or both of them, so it is for the two while they share, and tells no more than that it holds for both, or does not.
#[must_use]
pub fn may_know_what_both_said(reader: Reader, couple: &Couple, today: NaiveDate) -> bool {
    match reader {
        Reader::Counselor(_) | Reader::Supervisor(_) => true,
        Reader::Partner(reader) => couple.shares_on(today) && is_current(couple, reader),
    }
}

/// May they read a note? `supervised` is whether its author is supervised by the reader. A supervisor reads what was signed by those
/// they supervise, and no partner reads notes.
#[must_use]
pub const fn may_read_note(reader: Reader, signed: bool, supervised: bool) -> bool {
    match reader {
        Reader::Counselor(_) => true,
        Reader::Supervisor(_) => signed && supervised,
        Reader::Partner(_) => false,
    }
}

/// May they see a score? A partner sees one about them that a counselor shared with them and that still holds; of the other's, nothing.
#[must_use]
pub fn may_see_score(reader: Reader, couple: &Couple, score: &Score) -> bool {
    match reader {
        Reader::Counselor(_) | Reader::Supervisor(_) => true,
        Reader::Partner(reader) => {
            score.shared_with_partner && score.superseded_by.is_none() && couple.same_person(reader, score.partner)
        }
    }
}

/// May they see something one partner gave the other, such as a promise? After a separation only the giver does.
#[must_use]
pub fn may_see_given(reader: Reader, couple: &Couple, giver: PartnerId, receiver: PartnerId, today: NaiveDate) -> bool {
    match reader {
        Reader::Counselor(_) | Reader::Supervisor(_) => true,
        Reader::Partner(reader) => {
            let receives =
                couple.same_person(reader, receiver) && is_current(couple, reader) && is_current(couple, giver);
            couple.same_person(reader, giver) || (receives && couple.shares_on(today))
        }
    }
}

fn treats_or_wrote(reader: Reader, couple: &Couple, entry: &EntryFacts) -> bool {
    match reader {
        Reader::Counselor(_) | Reader::Supervisor(_) => true,
        Reader::Partner(reader) => is_author(reader, couple, entry),
    }
}

fn is_author(reader: PartnerId, couple: &Couple, entry: &EntryFacts) -> bool {
    match entry.author {
        Author::Partner(author) => couple.same_person(author, reader),
        Author::Together => was_partner_on(couple, reader, entry.recorded_on),
        Author::Counselor(_) => false,
    }
}

fn is_open(visibility: Visibility, both_submitted: bool, today: NaiveDate) -> bool {
    match visibility {
        Visibility::CounselorOnly => false,
        Visibility::Shared => true,
        Visibility::RevealTogether => both_submitted,
        Visibility::Embargoed { until } => until <= today,
    }
}

/// Sharing is between the partners of that day who still are: not with who came later, not after one has left, and not from the
/// day of a separation on.
fn passes_to(reader: PartnerId, couple: &Couple, entry: &EntryFacts, today: NaiveDate) -> bool {
    let author_remains = match entry.author {
        Author::Partner(author) => is_current(couple, author),
        Author::Together | Author::Counselor(_) => true,
    };
    author_remains
        && couple.shares_on(today)
        && is_current(couple, reader)
        && was_partner_on(couple, reader, entry.recorded_on)
}

fn is_current(couple: &Couple, partner: PartnerId) -> bool {
    couple.current_partners().any(|current| couple.same_person(current.id, partner))
}

fn was_partner_on(couple: &Couple, partner: PartnerId, day: NaiveDate) -> bool {
    let covers = |from: NaiveDate, until: Option<NaiveDate>| from <= day && until.is_none_or(|until| day < until);
    couple.partners.iter().any(|member| covers(member.from, member.until) && couple.same_person(member.id, partner))
}
