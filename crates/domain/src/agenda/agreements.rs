//! Agreements on openness that are to be looked at again, or that end.

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::{Room, Written};
use crate::{
    entry::Entry,
    exercises::{Course, TransparencyAgreementState},
    ids::EntryId,
    vocabulary::word,
};

/// How many days ahead an agreement comes on the agenda.
const NEAR_DAYS: u64 = 14;

word! {
    /// Which of an agreement's days it is.
    AgreementDay {
        /// The day to look at it again.
        Review = "review",
        /// The day on which it ends.
        Expiry = "expiry",
    }
}

/// A day of an agreement that is near or past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AgreementItem {
    /// Which agreement.
    pub entry: EntryId,
    /// Which of its days.
    pub what: AgreementDay,
    /// The day.
    pub on: NaiveDate,
    /// Whether it is past.
    pub past: bool,
}

/// The days that are near, or past and without a session since: in a session it was talked about, or could have been. What the
/// partners ended is over; what merely expired is not yet talked about.
pub(super) fn due(
    room: &Room<'_>,
    agreements: &[Written],
    followed_by: Vec<Entry>,
    since: Option<DateTime<Utc>>,
) -> Vec<AgreementItem> {
    let near = room.today.checked_add_days(Days::new(NEAR_DAYS)).unwrap_or(room.today);
    let met = since.map(|since| room.couple.today(since));
    let is_due = |day: NaiveDate| day <= near && met.is_none_or(|met| met <= day);
    let entries = by_day(agreements, followed_by);
    let items_of = |entry: EntryId| {
        let days = days(&entries, entry, room.today).into_iter().filter(|(_, on)| is_due(*on));
        days.map(move |(what, on)| AgreementItem { entry, what, on, past: on < room.today })
    };
    let mut due: Vec<_> = agreements.iter().flat_map(|one| items_of(one.entry.id)).collect();
    due.sort_by_key(|item| (item.on, item.entry));
    due
}

/// Agreements and what followed on them, as a course is made of them.
fn by_day(agreements: &[Written], followed_by: Vec<Entry>) -> Vec<Entry> {
    let mut entries: Vec<_> = agreements.iter().map(|one| one.entry.clone()).chain(followed_by).collect();
    entries.sort_by_key(|entry| (entry.recorded_on, entry.id));
    entries
}

/// The days that count for an agreement; none once the partners ended it.
fn days(entries: &[Entry], agreement: EntryId, today: NaiveDate) -> Vec<(AgreementDay, NaiveDate)> {
    let Some(course) = Course::of(entries, agreement) else { return Vec::new() };
    if matches!(course.state(today), TransparencyAgreementState::Ended | TransparencyAgreementState::Withdrawn) {
        return Vec::new();
    }
    let review = course.review_on().map(|day| (AgreementDay::Review, day));
    review.into_iter().chain([(AgreementDay::Expiry, course.agreement.expires_on)]).collect()
}
