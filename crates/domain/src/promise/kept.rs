//! How often promises are kept: as claimed and as confirmed, with what is missing shown as missing.

use chrono::NaiveDate;

use super::{ClaimWord, ConfirmationWord, Outcome};

/// The window a kept-rate looks back over, in days, the last one included: four weeks.
pub const KEPT_RATE_DAYS: u64 = 28;

/// How promises that were due in a range of days went, counted. Claimed and confirmed are never mixed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptRate {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// How many times something was due.
    pub due: u32,
    /// Of these, claimed as kept.
    pub kept: u32,
    /// Of these, claimed as kept in part.
    pub partly: u32,
    /// Of these, claimed as missed.
    pub missed: u32,
    /// Of these, renegotiated before they were due: no miss.
    pub renegotiated: u32,
    /// Of these, excused: no miss.
    pub excused: u32,
    /// Of these, not spoken of by the maker: missing, not missed.
    pub unclaimed: u32,
    /// Of the kept, confirmed by the other.
    pub kept_confirmed: u32,
    /// Of those claimed as kept, in part or missed, answered with yes or no by the other.
    pub answered: u32,
    /// Of these, claimed as kept.
    pub kept_answered: u32,
    /// Of those claimed, disputed by the other.
    pub disputed: u32,
    /// Of those claimed, not noticed by the other.
    pub not_noticed: u32,
}

impl KeptRate {
    /// Counts the days from one to another. `due` are the days on which the promises were due, each with what was said of it; days
    /// outside are left out, so that the caller may pass more.
    pub fn over<'a>(
        due: impl IntoIterator<Item = (NaiveDate, Option<&'a Outcome>)>,
        from: NaiveDate,
        until: NaiveDate,
    ) -> Self {
        let mut rate = Self {
            from,
            until,
            due: 0,
            kept: 0,
            partly: 0,
            missed: 0,
            renegotiated: 0,
            excused: 0,
            unclaimed: 0,
            kept_confirmed: 0,
            answered: 0,
            kept_answered: 0,
            disputed: 0,
            not_noticed: 0,
        };
        for (_, outcome) in due.into_iter().filter(|(day, _)| (from..=until).contains(day)) {
            rate.count(outcome);
        }
        rate
    }

    /// The share the maker says was kept, and of how many: without what was renegotiated, excused or not spoken of. `None` of none.
    #[must_use]
    pub fn claimed(&self) -> Option<(f64, u32)> {
        share(self.kept, self.kept + self.partly + self.missed)
    }

    /// The share that was kept and confirmed, and of how many the other answered with yes or no. `None` of none.
    #[must_use]
    pub fn confirmed(&self) -> Option<(f64, u32)> {
        share(self.kept_confirmed, self.answered)
    }

    /// How much more is claimed as kept than the other confirms, over the times both spoke of, and of how many. `None` of none.
    #[must_use]
    pub fn gap(&self) -> Option<(f64, u32)> {
        share(self.kept_answered - self.kept_confirmed, self.answered)
    }

    fn count(&mut self, outcome: Option<&Outcome>) {
        self.due += 1;
        let Some(outcome) = outcome else {
            self.unclaimed += 1;
            return;
        };
        let claimed = match outcome.claim.word {
            ClaimWord::Kept => &mut self.kept,
            ClaimWord::Partly => &mut self.partly,
            ClaimWord::Missed => &mut self.missed,
            ClaimWord::Renegotiated => &mut self.renegotiated,
            ClaimWord::Excused => &mut self.excused,
        };
        *claimed += 1;
        self.count_answer(outcome);
    }

    fn count_answer(&mut self, outcome: &Outcome) {
        let counts = matches!(outcome.claim.word, ClaimWord::Kept | ClaimWord::Partly | ClaimWord::Missed);
        let Some(confirmation) = outcome.confirmation.filter(|_| counts) else { return };
        let kept = u32::from(outcome.claim.word == ClaimWord::Kept);
        match confirmation.word {
            ConfirmationWord::Confirmed => {
                self.answered += 1;
                self.kept_answered += kept;
                self.kept_confirmed += kept;
            }
            ConfirmationWord::Disputed => {
                self.answered += 1;
                self.kept_answered += kept;
                self.disputed += 1;
            }
            ConfirmationWord::NotNoticed => self.not_noticed += 1,
        }
    }
}

fn share(part: u32, whole: u32) -> Option<(f64, u32)> {
    (whole > 0).then(|| (f64::from(part) / f64::from(whole), whole))
}
