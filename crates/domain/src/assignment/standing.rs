//! Where a participant stands with an assignment. "Not ready" is a full answer, and can be taken back.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use super::{Assignment, Cadence, Overdue};
use crate::{
    couple::Couple,
    exercises::{Mode, Slug},
    ids::PartnerId,
    recorded_by::RecordedBy,
    safety::Safety,
    session::instants_of,
    visibility::Reader,
    vocabulary::word,
};

word! {
    /// Where a participant stands.
    StandingStatus {
        /// It was given to them.
        Assigned = "assigned",
        /// They have looked at it.
        Opened = "opened",
        /// They have begun.
        InProgress = "in_progress",
        /// They have submitted.
        Submitted = "submitted",
        /// They are not ready: a full answer. For the other partner the exercise is paused. It holds until they say otherwise,
        /// whatever they write meanwhile.
        NotReady = "not_ready",
        /// They leave it out.
        Skipped = "skipped",
        /// The counselor has read what they submitted.
        Reviewed = "reviewed",
    }
}

/// Where one participant stands, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Who.
    pub partner: PartnerId,
    /// Where they stand.
    pub status: StandingStatus,
    /// Since when.
    pub changed_at: DateTime<Utc>,
    /// The last day they have answered for: the one their latest submitted entry is about, or on which they spoke of a promise, left
    /// a round out, or became ready again. `None` if they have not, and in what was kept before there was one.
    pub answered_on: Option<NaiveDate>,
}

/// What a reader gets to know of where a participant stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShownStanding {
    /// All of it, and what of theirs is overdue: their own, or a counselor reads.
    Whole(Standing, Option<Overdue>),
    /// Only whether the exercise is paused, and not since when.
    OnlyWhetherPaused(bool),
}

/// Why a standing can't become what was wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StandingError {
    /// Someone who has no part in it.
    #[error("this partner does not take part in this assignment")]
    NotAParticipant,
    /// Somebody else's to say.
    #[error("partners say for themselves where they stand, or have a counselor record it")]
    NotTheirs,
    /// It is over.
    #[error("this assignment has ended")]
    Ended,
    /// It was given once.
    #[error("an assignment is not given again by hand; say opened or in_progress to take \"not ready\" back")]
    GivenOnce,
    /// Follows from an entry or a review.
    #[error("an assignment counts as submitted by submitting an entry, and as reviewed by reviewing it")]
    NotByHand,
    /// It is done.
    #[error("what was submitted stays submitted; correct the entry instead")]
    AlreadySubmitted,
}

impl StandingError {
    /// The field of what was wanted that it is about, as a JSON pointer.
    #[must_use]
    pub const fn pointer(self) -> Option<&'static str> {
        match self {
            Self::GivenOnce | Self::NotByHand | Self::AlreadySubmitted => Some("/status"),
            Self::NotAParticipant | Self::NotTheirs | Self::Ended => None,
        }
    }
}

impl Standing {
    /// Where they stand after a word of their own, or of a counselor on their behalf.
    ///
    /// # Errors
    /// [`StandingError::GivenOnce`] and [`StandingError::NotByHand`] for what follows from something else;
    /// [`StandingError::AlreadySubmitted`] if it is done and does not come round again.
    fn change(
        self,
        to: StandingStatus,
        repeats: bool,
        today: NaiveDate,
        at: DateTime<Utc>,
    ) -> Result<Self, StandingError> {
        use StandingStatus::{Assigned, InProgress, NotReady, Opened, Reviewed, Skipped, Submitted};
        match (self.status, to) {
            (_, Assigned) => Err(StandingError::GivenOnce),
            (_, Submitted | Reviewed) => Err(StandingError::NotByHand),
            (Submitted | Reviewed, _) if !repeats => Err(StandingError::AlreadySubmitted),
            // Looking at it again takes nothing back of having begun.
            (InProgress, Opened) => Ok(self),
            (_, Opened | InProgress | NotReady | Skipped) => Ok(self.moved(to, today, at)),
        }
    }

    /// Whoever leaves a round out has answered for it, and nobody owes what came round while they were not ready.
    fn moved(self, to: StandingStatus, today: NaiveDate, at: DateTime<Utc>) -> Self {
        let answers = to == StandingStatus::Skipped || self.status == StandingStatus::NotReady;
        let moved = Self { status: to, changed_at: at, ..self };
        if answers { moved.answered(today) } else { moved }
    }

    fn answered(self, on: NaiveDate) -> Self {
        Self { answered_on: self.answered_on.max(Some(on)), ..self }
    }

    /// The last day that where they stand says something of.
    pub(super) fn holds_until(&self, couple: &Couple) -> NaiveDate {
        let answered = self.answered_on.filter(|_| self.is_done());
        answered.unwrap_or_else(|| couple.today(self.changed_at))
    }

    pub(super) const fn is_done(&self) -> bool {
        matches!(self.status, StandingStatus::Submitted | StandingStatus::Reviewed)
    }
}

impl Assignment {
    /// Records where a participant says they stand. It counts as no change of the assignment: the other partner, who sees its
    /// version, would learn from it when this one looked or wrote.
    ///
    /// # Errors
    /// [`StandingError`], and then nothing has changed.
    pub fn change_standing(
        &mut self,
        partner: PartnerId,
        to: StandingStatus,
        recorded_by: RecordedBy,
        couple: &Couple,
        now: DateTime<Utc>,
    ) -> Result<(), StandingError> {
        self.check_open().map_err(|_| StandingError::Ended)?;
        if !recorded_by.may_write_for(partner) {
            return Err(StandingError::NotTheirs);
        }
        let today = couple.today(now);
        self.come_round(&[partner], couple, today);
        let repeats = self.repeats();
        let standing = self.standing_mut(partner).ok_or(StandingError::NotAParticipant)?;
        let was_not_ready = standing.status == StandingStatus::NotReady;
        *standing = standing.change(to, repeats, today, now)?;
        if was_not_ready && to != StandingStatus::NotReady && self.mode == Mode::Joint {
            self.resumed_at = Some(now);
        }
        Ok(())
    }

    /// Follows an entry that was begun: its authors are in progress, unless they are done with what does not come round again. It takes
    /// no "not ready" back: the other, who may not know of the entry, sees whether that holds.
    pub fn follow_begun(&mut self, authors: &[PartnerId], couple: &Couple, now: DateTime<Utc>) {
        let repeats = self.repeats();
        let done = |status| matches!(status, StandingStatus::Submitted | StandingStatus::Reviewed);
        let moves = |status| (repeats || !done(status)) && status != StandingStatus::NotReady;
        self.follow(authors, StandingStatus::InProgress, moves, couple, now);
    }

    /// Follows an entry about a day that was submitted. One authored by both counts for both. It takes no "not ready" back, as with one
    /// that was begun.
    pub fn follow_submitted(&mut self, authors: &[PartnerId], on: NaiveDate, couple: &Couple, now: DateTime<Utc>) {
        self.follow(authors, StandingStatus::Submitted, |status| status != StandingStatus::NotReady, couple, now);
        for standing in self.standings.iter_mut().filter(|standing| authors.contains(&standing.partner)) {
            *standing = standing.answered(on);
        }
    }

    /// Follows what a partner said of a promise, which is the work of exercise 4, whichever exercise the promise came from. Says whether
    /// it was work on this assignment. It takes no "not ready" back.
    pub fn follow_ledger(&mut self, speaker: PartnerId, couple: &Couple, now: DateTime<Utc>) -> bool {
        let today = couple.today(now);
        let takes_it = self.exercise == Slug::Consistency && self.ended.is_none() && self.starts_on <= today;
        let is_theirs = |own: &&Standing| {
            couple.same_person(own.partner, speaker) && own.status != StandingStatus::NotReady && takes_it
        };
        let theirs: Vec<_> = self.standings.iter().filter(is_theirs).map(|own| own.partner).collect();
        self.follow_submitted(&theirs, today, couple, now);
        !theirs.is_empty()
    }

    /// Follows a review: who had submitted is now reviewed. What they submitted in an earlier round is over with it.
    pub fn follow_reviewed(&mut self, authors: &[PartnerId], couple: &Couple, now: DateTime<Utc>) {
        self.follow(authors, StandingStatus::Reviewed, |status| status == StandingStatus::Submitted, couple, now);
    }

    /// Where a participant stands, as far as a reader may know on a day: the other partner learns only whether the exercise is paused,
    /// and from the day of a separation on nothing. `None` if that is so, if the partner has no part in it, or if the assignment does
    /// not exist for the reader.
    #[must_use]
    pub fn standing_shown_to(
        &self,
        reader: Reader,
        partner: PartnerId,
        couple: &Couple,
        known: &[Safety],
        today: NaiveDate,
    ) -> Option<ShownStanding> {
        let standing = *self.standings.iter().find(|standing| standing.partner == partner)?;
        match reader {
            _ if !self.exists_for(reader, couple) => None,
            Reader::Partner(reader) if !couple.same_person(reader, partner) => couple
                .shares_on(today)
                .then_some(ShownStanding::OnlyWhetherPaused(standing.status == StandingStatus::NotReady)),
            Reader::Counselor(_) | Reader::Supervisor(_) | Reader::Partner(_) => {
                let overdue = self.overdue_for(partner, couple, known, today);
                Some(ShownStanding::Whole(self.of_round(standing, couple, today), overdue))
            }
        }
    }

    /// A standing as it is in the round that a day belongs to. What comes round again is given anew with each round; only "not ready"
    /// holds until it is taken back.
    pub(crate) fn of_round(&self, standing: Standing, couple: &Couple, today: NaiveDate) -> Standing {
        let began_on = self.occurrence_of(today);
        let holds = !self.repeats()
            || standing.status == StandingStatus::NotReady
            || began_on > today
            || standing.holds_until(couple) >= began_on;
        let changed_at = instants_of(couple.time_zone, began_on, began_on).start;
        if holds { standing } else { Standing { status: StandingStatus::Assigned, changed_at, ..standing } }
    }

    fn come_round(&mut self, partners: &[PartnerId], couple: &Couple, today: NaiveDate) {
        let of_round = |own: &Standing| match partners.contains(&own.partner) {
            true => self.of_round(*own, couple, today),
            false => *own,
        };
        self.standings = self.standings.iter().map(of_round).collect();
    }

    fn follow(
        &mut self,
        authors: &[PartnerId],
        to: StandingStatus,
        moves: impl Fn(StandingStatus) -> bool,
        couple: &Couple,
        now: DateTime<Utc>,
    ) {
        let today = couple.today(now);
        self.come_round(authors, couple, today);
        let follows = |standing: &Standing| {
            authors.contains(&standing.partner) && standing.status != to && moves(standing.status)
        };
        for standing in self.standings.iter_mut().filter(|standing| follows(standing)) {
            *standing = standing.moved(to, today, now);
        }
    }

    pub(super) const fn repeats(&self) -> bool {
        matches!(self.cadence, Cadence::Recurring(_))
    }

    fn standing_mut(&mut self, partner: PartnerId) -> Option<&mut Standing> {
        self.standings.iter_mut().find(|standing| standing.partner == partner)
    }
}
