//! What must hold among a couple's entries for answers to be recorded.
//!
//! A reference is about what the author can see; a condition is about what both have said, sealed or not. So it has one answer for
//! every way of failing: **whoever is refused learns that it does not hold for both, and never because of whom.**

use chrono::NaiveDate;

use super::{
    Answers, Kind, Slug,
    forgiveness::asked_by_both,
    shared_rituals::is_planned,
    vulnerability::{Touch, fine_for_both},
};
use crate::{
    couple::Couple,
    entry::Entry,
    ids::{EntryId, PartnerId},
    visibility::{Reader, may_know_what_both_said},
};

/// What must hold for answers to be recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Condition {
    /// Both partners said that a touch is fine on the day the answers are about.
    FineForBoth(Touch),
    /// A ritual is planned for a day.
    Planned {
        /// The ritual.
        ritual: EntryId,
        /// The day.
        on: NaiveDate,
    },
    /// Both partners asked to talk about forgiving.
    AskedByBoth,
}

/// What conditions are checked against.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'g> {
    /// The couple.
    pub couple: &'g Couple,
    /// The day the answers are about.
    pub on: NaiveDate,
    /// The submitted entries that decide it ([`super::History`]), whoever may read them.
    pub entries: &'g [Entry],
}

impl Condition {
    /// Whether it holds.
    #[must_use]
    pub fn holds(self, ground: Ground<'_>) -> bool {
        match self {
            Self::FineForBoth(touch) => fine_for_both(ground).contains(&touch),
            Self::Planned { ritual, on } => is_planned(ground, ritual, on),
            Self::AskedByBoth => asked_by_both(ground),
        }
    }

    /// The field that asks for it, as a JSON pointer below the answers.
    #[must_use]
    pub const fn pointer(self) -> &'static str {
        match self {
            Self::FineForBoth(_) => "/touch",
            Self::Planned { .. } => "/due_on",
            Self::AskedByBoth => "/meaning",
        }
    }

    /// What would be right, for those who were refused.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::FineForBoth(_) => "is not fine for both today: each says what is fine before any touch",
            Self::Planned { .. } => "must be a day for which the ritual is planned; something new may be on any day",
            Self::AskedByBoth => "is written once both of you have asked to talk about it",
        }
    }
}

/// What both partners' words come to together. It is told to both, although neither may read all that it is made of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BothSaid {
    /// The touches that both say are fine on the day.
    pub fine_today: Vec<Touch>,
    /// Both asked to talk about forgiving.
    pub asked_to_talk: bool,
}

impl BothSaid {
    /// The kind of entry that both have a say in by an exercise, if it has one.
    #[must_use]
    pub const fn decided_by(exercise: Slug) -> Option<Kind> {
        match exercise {
            Slug::Vulnerability => Some(Kind::TouchComfort),
            Slug::Forgiveness => Some(Kind::ForgivenessTalkWish),
            _ => None,
        }
    }

    /// What it comes to on a day, as far as a reader may know.
    #[must_use]
    pub fn of(ground: Ground<'_>, reader: Reader) -> Self {
        if !may_know_what_both_said(reader, ground.couple, ground.on) {
            return Self::default();
        }
        Self { fine_today: fine_for_both(ground), asked_to_talk: asked_by_both(ground) }
    }
}

impl<'g> Ground<'g> {
    /// The two who are partners now; `None` while there are not two.
    pub(super) fn both(self) -> Option<[PartnerId; 2]> {
        let partners: Vec<_> = self.couple.current_partners().map(|partner| partner.id).collect();
        partners.try_into().ok()
    }

    /// What a partner said last among entries of one kind, alone or as one with the other.
    pub(super) fn last_word<F>(self, of: PartnerId, counts: impl Fn(&Entry) -> bool) -> Option<(&'g Entry, &'g F)>
    where
        &'g F: TryFrom<&'g Answers>,
    {
        let said = |entry: &&Entry| entry.is_submitted() && entry.author.includes(of, self.couple) && counts(entry);
        let of_kind = |entry: &'g Entry| Some((entry, (&entry.answers).try_into().ok()?));
        let said = self.entries.iter().filter(said).filter_map(of_kind);
        said.max_by_key(|(entry, _)| (entry.submitted_at(), entry.id))
    }
}
