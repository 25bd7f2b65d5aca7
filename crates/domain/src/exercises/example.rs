//! Days, instants and ids for the examples: fixed, so that the published ones never change by themselves.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

/// A day of 2026.
pub(super) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap_or_default()
}

/// An instant on the evening of 2 March 2026.
pub(super) fn evening(hour: u32, minute: u32) -> DateTime<Utc> {
    day(3, 2).and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default()).and_utc()
}

/// An id of any kind.
pub(super) fn id<Id: From<Uuid>>() -> Id {
    Id::from(Uuid::from_u128(0x019c_ad6e_2f00_7c3a_9d41_5b8e_6f20_a1c7))
}
