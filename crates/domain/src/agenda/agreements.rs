//! Agreements on openness that are to be looked at again, or that end.

use std::collections::HashSet;

use chrono::{DateTime, Days, NaiveDate, Utc};

use super::{Room, Written};
use crate::{entry::Entry, exercises::Answers, ids::EntryId, vocabulary::word};

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

/// The days that are near, or past and without a session since: in a session it was talked about, or could have been. What a
/// partner ended is over.
pub(super) fn due(
    room: &Room<'_>,
    agreements: Vec<Written>,
    withdrawals: &[Entry],
    since: Option<DateTime<Utc>>,
) -> Vec<(AgreementItem, Written)> {
    let ended: HashSet<_> = withdrawals.iter().filter_map(ended_by).collect();
    let near = room.today.checked_add_days(Days::new(NEAR_DAYS)).unwrap_or(room.today);
    let met = since.map(|since| room.couple.today(since));
    let is_due = |day: NaiveDate| day <= near && met.is_none_or(|met| met <= day);
    let mut due: Vec<_> = agreements
        .into_iter()
        .filter(|one| !ended.contains(&one.entry.id))
        .flat_map(|one| {
            let items: Vec<_> = days(&one.entry).into_iter().filter(|(_, on)| is_due(*on)).collect();
            items.into_iter().map(move |(what, on)| {
                let past = on < room.today;
                (AgreementItem { entry: one.entry.id, what, on, past }, one.clone())
            })
        })
        .collect();
    due.sort_by_key(|(item, _)| (item.on, item.entry));
    due
}

fn ended_by(entry: &Entry) -> Option<EntryId> {
    match &entry.answers {
        Answers::TransparencyWithdrawal(withdrawal) => Some(withdrawal.agreement_id),
        _ => None,
    }
}

fn days(entry: &Entry) -> Vec<(AgreementDay, NaiveDate)> {
    match &entry.answers {
        Answers::TransparencyAgreement(agreement) => {
            vec![(AgreementDay::Review, agreement.review_on), (AgreementDay::Expiry, agreement.expires_on)]
        }
        _ => Vec::new(),
    }
}
