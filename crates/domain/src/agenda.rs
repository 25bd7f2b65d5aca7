//! The agenda of a session: what waits to be taken up in it, gathered from the couple's record.
//!
//! It is for the counselors, and it depends on who will be in the room. What one partner wrote may be known to the other or not;
//! [`may_use_with_the_other`] says whether the counselor may bring it up. What may not be brought up is marked as private to its
//! author in a joint session, and is not on the agenda of a session with the other alone.

use chrono::{DateTime, NaiveDate, Utc};

use crate::{
    assignment::{Assignment, Overdue},
    couple::Couple,
    entry::{Author, Entry},
    exercises::{BringToSession, Slug},
    flag::Flag,
    ids::{AssignmentId, PartnerId},
    policy::PolicyKind,
    program::FoundRun,
    promise::{Outcome, Promise},
    safety::Safety,
    session::SessionKind,
    visibility::{Reader, may_read, may_use_with_the_other},
};

mod agreements;
mod pulses;
mod steps;
#[cfg(test)]
mod tests;

pub use agreements::{AgreementDay, AgreementItem};
pub use pulses::{PULSES_COMPARED, PulseItem};
pub use steps::StepItem;

/// As many items as a section shows.
pub const ITEMS: usize = 20;

/// As many records as are looked at for a section.
pub const LOOKED_AT: usize = 100;

/// Who will be in the room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Company {
    /// Both partners.
    Both,
    /// One of them alone.
    One(PartnerId),
}

impl From<SessionKind> for Company {
    fn from(kind: SessionKind) -> Self {
        kind.partner().map_or(Self::Both, Self::One)
    }
}

impl Company {
    /// The partner whose sessions alone count besides the joint ones.
    #[must_use]
    pub const fn alone(self) -> Option<PartnerId> {
        match self {
            Self::Both => None,
            Self::One(partner) => Some(partner),
        }
    }
}

/// An entry, and what the visibility rule asks of it besides.
#[derive(Debug, Clone)]
pub struct Written {
    /// The entry; one that the counselor who asks may read.
    pub entry: Entry,
    /// Whether both participants have submitted what is revealed with it.
    pub both_submitted: bool,
}

/// What a partner wants to bring up.
#[derive(Debug, Clone)]
pub struct Brought {
    /// What, in their words.
    pub what: BringToSession,
    /// The entry in which they say so.
    pub written: Written,
}

impl Brought {
    /// What an entry wants to bring up; `None` for one of another kind.
    #[must_use]
    pub fn of(written: Written) -> Option<Self> {
        let what = <&BringToSession>::try_from(&written.entry.answers).ok().cloned();
        what.map(|what| Self { what, written })
    }
}

/// What was found in the record, each list at most [`LOOKED_AT`] long.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// What the policy in force lets the counselor do; `None` without one.
    pub policy: Option<PolicyKind>,
    /// When the last session in such company began that was held.
    pub last_held: Option<DateTime<Utc>>,
    /// Flags that stand, oldest first, with the entries they are about.
    pub flags: Vec<(Flag, Written)>,
    /// What the partners want to bring up, submitted since the last session, oldest first.
    pub brought: Vec<Brought>,
    /// Assignments that have not ended.
    pub assignments: Vec<Assignment>,
    /// Runs of programs that are not over.
    pub runs: Vec<FoundRun>,
    /// What is known of the partners' safety.
    pub safety: Vec<Safety>,
    /// The latest pulses of each partner, the newest first.
    pub pulses: Vec<Written>,
    /// Transparency agreements.
    pub agreements: Vec<Written>,
    /// What followed on them: entries by which both looked at one of them again, or a partner ended it.
    pub followed_by: Vec<Entry>,
    /// What was disputed since the last session, oldest first.
    pub disputes: Vec<(Promise, Outcome)>,
    /// Entries that wait for review, those that wait longest first.
    pub waiting: Vec<Written>,
    /// How many wait for review altogether.
    pub waiting_count: i64,
}

/// Something to take up, and with whom not.
#[derive(Debug, Clone, PartialEq)]
pub struct Item<T> {
    /// What.
    pub what: T,
    /// The one partner whose confidence it is: it is not brought up with the other. `None` if it may be.
    pub private_to: Option<PartnerId>,
}

/// A section of the agenda.
#[derive(Debug, Clone, PartialEq)]
pub struct Section<T> {
    /// What is in it.
    pub items: Vec<T>,
    /// Whether some was left out.
    pub more: bool,
}

/// Work of one partner that is overdue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OverdueItem {
    /// Which assignment.
    pub assignment: AssignmentId,
    /// Of which exercise.
    pub exercise: Slug,
    /// Whose.
    pub partner: PartnerId,
    /// Since when, and how many rounds in a row.
    pub overdue: Overdue,
}

/// Work that the safety gate holds because one partner is not clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HeldItem {
    /// Which assignment.
    pub assignment: AssignmentId,
    /// Of which exercise.
    pub exercise: Slug,
    /// Who is not clear.
    pub partner: PartnerId,
}

/// The agenda, section by section in the order in which a session takes them up.
#[derive(Debug, Clone, PartialEq)]
pub struct Agenda {
    /// When the last session in such company began that was held; what happened since is what counts.
    pub since: Option<DateTime<Utc>>,
    /// What reviews flagged and nobody has taken up.
    pub flags: Section<Item<(Flag, Entry)>>,
    /// What the partners want to bring up.
    pub brought: Section<Item<(Entry, BringToSession)>>,
    /// What changed in how the partners say they are.
    pub pulses: Section<Item<PulseItem>>,
    /// Promises of which one says that it was kept and the other that it was not: both know of it.
    pub disputes: Section<(Promise, Outcome)>,
    /// Agreements on openness that are to be looked at, or that end: both made them.
    pub agreements: Section<AgreementItem>,
    /// What the safety gate holds. How safe one partner is, is nobody else's to hear, whatever the policy.
    pub held: Section<Item<HeldItem>>,
    /// Steps of programs that wait for a counselor's word, or are held.
    pub steps: Section<Item<StepItem>>,
    /// What is overdue; never what rests, never healing or forgiving.
    pub overdue: Section<Item<OverdueItem>>,
    /// Entries that nobody has reviewed yet.
    pub waiting: Section<Item<Entry>>,
    /// How many wait for review altogether.
    pub waiting_count: i64,
}

/// Puts an agenda together, as of an instant.
#[must_use]
pub fn agenda(couple: &Couple, company: Company, found: Found, now: DateTime<Utc>) -> Agenda {
    let room = Room { couple, company, policy: found.policy, safety: &found.safety, today: couple.today(now) };
    let open: Vec<_> = found.assignments.iter().collect();
    let since = found.last_held;
    let brought = |one: Brought| room.about(&one.written).map(|item| item.with((one.written.entry, one.what)));
    let pulses = pulses::changed(couple, &found.pulses, since);
    let agreements = agreements::due(&room, &found.agreements, found.followed_by, since);
    Agenda {
        since,
        flags: section(found.flags, |(flag, one)| room.about(&one).map(|item| item.with((flag, one.entry)))),
        brought: section(found.brought, brought),
        pulses: section(pulses, |(change, one)| room.about(&one).map(|item| item.with(change))),
        disputes: section(found.disputes, Some),
        agreements: section(agreements, Some),
        held: section(open.clone(), |assignment| room.held(assignment)),
        steps: section(found.runs, |run| room.steps(&run)),
        overdue: section(open, |assignment| room.overdue(assignment)),
        waiting: section(found.waiting, |one| room.about(&one).map(|item| item.with(one.entry))),
        waiting_count: found.waiting_count,
    }
}

/// The first items of what was found. Where as much was found as is looked at, there may be more behind it.
fn section<S, T, I: IntoIterator<Item = T>>(found: Vec<S>, items_of: impl FnMut(S) -> I) -> Section<T> {
    let cut = found.len() >= LOOKED_AT;
    let mut items: Vec<_> = found.into_iter().flat_map(items_of).take(ITEMS + 1).collect();
    let more = cut || items.len() > ITEMS;
    items.truncate(ITEMS);
    Section { items, more }
}

/// Who is in the room, and what the counselor may say there.
struct Room<'a> {
    couple: &'a Couple,
    company: Company,
    policy: Option<PolicyKind>,
    safety: &'a [Safety],
    today: NaiveDate,
}

impl Room<'_> {
    /// Whether something made of an entry is for this room; `None` if not.
    fn about(&self, written: &Written) -> Option<Item<()>> {
        let Written { entry, both_submitted } = written;
        let Author::Partner(author) = entry.author else { return Some(Item { what: (), private_to: None }) };
        let reads = |other| may_read(Reader::Partner(other), self.couple, &entry.facts(), *both_submitted, self.today);
        self.of(author, reads, entry.permission_given_at.is_some())
    }

    /// What the gate holds, for each who is not clear.
    fn held(&self, assignment: &Assignment) -> Vec<Item<HeldItem>> {
        let item = |partner| {
            self.of_safety(partner, HeldItem { assignment: assignment.id, exercise: assignment.exercise, partner })
        };
        assignment.held_for(self.couple, self.safety).into_iter().filter_map(item).collect()
    }

    /// What waits because a partner is not clear. In a session with one partner alone only what is theirs.
    fn of_safety<T>(&self, partner: PartnerId, what: T) -> Option<Item<T>> {
        match self.company {
            Company::Both => Some(Item { what, private_to: Some(partner) }),
            Company::One(present) if self.couple.same_person(partner, present) => Some(Item { what, private_to: None }),
            Company::One(_) => None,
        }
    }

    /// What is overdue, for each who is late. In a session with one partner alone only what is theirs.
    fn overdue(&self, assignment: &Assignment) -> Vec<Item<OverdueItem>> {
        let present = self.company.alone();
        let is_theirs = |partner: &PartnerId| present.is_none_or(|own| self.couple.same_person(own, *partner));
        let knows = |other| assignment.exists_for(Reader::Partner(other), self.couple);
        let item = |partner: PartnerId| {
            let overdue = assignment.overdue_for(partner, self.couple, self.safety, self.today)?;
            let what = OverdueItem { assignment: assignment.id, exercise: assignment.exercise, partner, overdue };
            self.of(partner, knows, false).map(|item| item.with(what))
        };
        assignment.participants().into_iter().filter(is_theirs).filter_map(item).collect()
    }

    /// Whether what is one partner's own is for this room.
    fn of(&self, own: PartnerId, known_to: impl Fn(PartnerId) -> bool, permitted: bool) -> Option<Item<()>> {
        let is_own = |partner| self.couple.same_person(own, partner);
        let mut others = self.couple.current_partners().map(|partner| partner.id).filter(|partner| !is_own(*partner));
        let usable = may_use_with_the_other(self.policy, others.all(known_to), permitted);
        let private_to = match self.company {
            Company::One(present) if is_own(present) => None,
            Company::One(_) if !usable => return None,
            Company::One(_) => None,
            Company::Both => (!usable).then_some(own),
        };
        Some(Item { what: (), private_to })
    }
}

impl Item<()> {
    fn with<T>(self, what: T) -> Item<T> {
        Item { what, private_to: self.private_to }
    }
}
