//! Where a couple stands with exercise 9: the pace wished for, and the room that was agreed on. Nothing here is late.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Pace, PaceWish, SpaceAgreement};
use crate::{
    entry::Entry,
    exercises::work::WorkInput,
    ids::{EntryId, PartnerId},
};

/// Pace and room.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct TimeAndSpaceWork {
    /// The last pace each partner wished for in the range.
    #[schema(max_items = 10)]
    pub pace: Vec<PaceWork>,
    /// The agreements on room, the first one first.
    #[schema(max_items = 2000)]
    pub agreements: Vec<SpaceWork>,
}

/// The last pace a partner wished for.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PaceWork {
    /// Who.
    pub partner_id: PartnerId,
    /// On which day.
    pub wished_on: NaiveDate,
    /// Which pace.
    pub pace: Pace,
}

/// An agreement on room.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SpaceWork {
    /// The entry.
    pub agreement_id: EntryId,
    /// From which day.
    pub starts_on: NaiveDate,
    /// When it is looked at again.
    pub review_on: NaiveDate,
    /// What was agreed on.
    #[schema(max_items = 10, max_length = 500)]
    pub limits: Vec<String>,
}

impl TimeAndSpaceWork {
    pub(in crate::exercises) fn of(input: WorkInput<'_>) -> Self {
        let mut pace: Vec<PaceWork> = Vec::new();
        for (entry, wish) in input.all::<PaceWish>() {
            let Some(partner_id) = entry.by() else { continue };
            pace.retain(|known| known.partner_id != partner_id);
            pace.push(PaceWork { partner_id, wished_on: entry.recorded_on, pace: wish.pace });
        }
        Self { pace, agreements: input.all().map(SpaceWork::of).collect() }
    }
}

impl SpaceWork {
    fn of((entry, agreement): (&Entry, &SpaceAgreement)) -> Self {
        let SpaceAgreement { limits, starts_on, review_on } = agreement.clone();
        Self { agreement_id: entry.id, starts_on, review_on, limits }
    }
}
