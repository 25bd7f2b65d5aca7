//! Where a couple stands with exercise 6: each ritual with the days it was planned for, and what became of them.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Ritual, RitualReflection, RitualRhythm, SkipReason,
    times::{OccurrenceState, RecordedTime, planned_days, recorded_times, state_of},
};
use crate::{
    entry::Entry,
    exercises::work::{WorkInput, WorkMean},
    ids::{EntryId, PartnerId},
    recurrence::WINDOW_DAYS,
};

/// How many times of one ritual are looked at, the latest.
const MOST_OF_RITUAL: usize = 400;

/// How many times of all rituals are looked at.
const MOST_IN_ALL: usize = 2_000;

/// The rituals of a couple, and how they went in a range of days.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SharedRitualsWork {
    /// What comes round each day or week, the first one first.
    #[schema(max_items = 2000)]
    pub rituals: Vec<RitualWork>,
    /// What is new, the first one first.
    #[schema(max_items = 2000)]
    pub novel: Vec<RitualWork>,
    /// All of them in figures.
    pub figures: RitualFigures,
    /// Whether earlier times were left out: of one ritual the latest 400 are looked at, of all together 2,000, and of no ritual those
    /// before the last two years of the range.
    pub cut: bool,
}

/// A ritual and its times.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RitualWork {
    /// The entry.
    pub ritual_id: EntryId,
    /// What they call it.
    #[schema(max_length = 500)]
    pub name: String,
    /// What they do.
    #[schema(required = true, max_length = 10_000)]
    pub description: Option<String>,
    /// How often it comes round.
    pub rhythm: RitualRhythm,
    /// Since which day it is planned.
    pub planned_since: NaiveDate,
    /// On which days from then on, as an RFC 5545 recurrence rule.
    #[schema(required = true, max_length = 200)]
    pub recurrence: Option<String>,
    /// At what time of the day, by the couple's clock, such as `09:00`.
    #[schema(required = true, max_length = 5)]
    pub starts_at: Option<String>,
    /// Who starts it; null if they take turns.
    #[schema(required = true)]
    pub started_by: Option<PartnerId>,
    /// The days it was planned for and the days something was recorded for, in order.
    #[schema(max_items = 2400)]
    pub occurrences: Vec<OccurrenceWork>,
    /// The same in figures.
    pub figures: RitualFigures,
}

/// One day a ritual was for.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OccurrenceWork {
    /// The day.
    pub due_on: NaiveDate,
    /// When it starts, if the ritual has a time of the day. Where the clock skips that time, as long after as the clock skips; where
    /// it comes twice, the first time.
    #[schema(required = true)]
    pub starts_at: Option<DateTime<Utc>>,
    /// Whether the ritual is planned for the day, as it is now.
    pub planned: bool,
    /// What became of it.
    pub state: OccurrenceState,
    /// The entry, if something was recorded.
    #[schema(required = true)]
    pub occurrence_id: Option<EntryId>,
    /// Whether both were there; null if nothing was recorded.
    #[schema(required = true)]
    pub both_present: Option<bool>,
    /// Why it was skipped, if they say so.
    #[schema(required = true)]
    pub skip_reason: Option<SkipReason>,
    /// How many minutes it took, if they say so.
    #[schema(value_type = Option<i32>, required = true, minimum = 1, maximum = 1440)]
    pub duration_minutes: Option<u16>,
    /// What they like to remember.
    #[schema(required = true, max_length = 10_000)]
    pub note: Option<String>,
    /// How it was for each.
    #[schema(max_items = 10)]
    pub felt: Vec<FeltWork>,
}

/// How a time was for one partner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeltWork {
    /// Who.
    pub partner_id: PartnerId,
    /// How much they enjoyed it, 0 to 10.
    #[schema(minimum = 0, maximum = 10)]
    pub enjoyment: u8,
    /// How connected they felt, 0 to 10.
    #[schema(minimum = 0, maximum = 10)]
    pub connection: u8,
}

/// Rituals in figures.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct RitualFigures {
    /// For how many days something was planned.
    #[schema(value_type = i32, minimum = 0)]
    pub planned: usize,
    /// Of these, done.
    #[schema(value_type = i32, minimum = 0)]
    pub done: usize,
    /// Of these, skipped.
    #[schema(value_type = i32, minimum = 0)]
    pub skipped: usize,
    /// Of these, with nothing recorded.
    #[schema(value_type = i32, minimum = 0)]
    pub not_recorded: usize,
    /// Done without being planned for the day.
    #[schema(value_type = i32, minimum = 0)]
    pub done_unplanned: usize,
    /// The mean connection, 0 to 10, over every rating.
    pub connection: WorkMean,
    /// How far apart the two felt, 0 to 10: the mean difference of their connection, over the times that both rated.
    pub connection_gap: WorkMean,
    /// The mean enjoyment, 0 to 10, over every rating.
    pub enjoyment: WorkMean,
}

impl SharedRitualsWork {
    pub(in crate::exercises) fn of(input: WorkInput<'_>) -> Self {
        let (recorded, felt) = (recorded_times(input.entries, (input.from, input.until)), Felt::of(input));
        let nothing = BTreeMap::new();
        // Of years ago not every time is laid out.
        let window = input.until.checked_sub_days(Days::new(WINDOW_DAYS - 1)).unwrap_or(input.from);
        let from = input.from.max(window);
        let (mut rituals, mut novel) = (Vec::new(), Vec::new());
        let (mut left, mut cut) = (MOST_IN_ALL, false);
        for (entry, ritual) in input.all::<Ritual>() {
            let (days, was_cut) = planned_days(entry, ritual, (from, input.until), MOST_OF_RITUAL.min(left));
            left -= days.len();
            let begun_before = ritual.rule().is_some() && from > input.from.max(entry.recorded_on);
            cut |= was_cut || begun_before;
            let times = felt.times(recorded.get(&entry.id).unwrap_or(&nothing), &days);
            let work = RitualWork::of(input, entry, ritual, &times);
            if ritual.rhythm == RitualRhythm::Novel { novel.push(work) } else { rituals.push(work) }
        }
        let all = rituals.iter().chain(&novel).flat_map(|ritual| &ritual.occurrences);
        let figures = RitualFigures::of(&all.collect::<Vec<_>>());
        Self { rituals, novel, figures, cut }
    }
}

/// A day, whether the ritual is planned for it, what was recorded, and how it was.
type Time<'w> = (NaiveDate, bool, Option<RecordedTime<'w>>, Vec<FeltWork>);

/// How each time was for each.
struct Felt<'w>(BTreeMap<EntryId, BTreeMap<PartnerId, &'w RitualReflection>>);

impl<'w> Felt<'w> {
    fn of(input: WorkInput<'w>) -> Self {
        let mut felt = BTreeMap::<_, BTreeMap<_, _>>::new();
        for (entry, reflection) in input.all::<RitualReflection>() {
            if let (Some(occurrence), Some(partner)) = (reflection.occurrence_id, entry.by()) {
                felt.entry(occurrence).or_default().insert(partner, reflection);
            }
        }
        Self(felt)
    }

    fn times(&self, recorded: &BTreeMap<NaiveDate, RecordedTime<'w>>, planned: &[NaiveDate]) -> Vec<Time<'w>> {
        let mut days: Vec<_> = planned.iter().chain(recorded.keys()).copied().collect();
        days.sort_unstable();
        days.dedup();
        let time = |day: NaiveDate| {
            let found = recorded.get(&day).copied();
            (day, planned.contains(&day), found, found.map(|(entry, _)| self.of_time(entry.id)).unwrap_or_default())
        };
        days.into_iter().map(time).collect()
    }

    fn of_time(&self, occurrence: EntryId) -> Vec<FeltWork> {
        let told = |(partner, felt): (&PartnerId, &&RitualReflection)| FeltWork {
            partner_id: *partner,
            enjoyment: felt.enjoyment,
            connection: felt.connection,
        };
        self.0.get(&occurrence).into_iter().flatten().map(told).collect()
    }
}

impl RitualWork {
    fn of(input: WorkInput<'_>, entry: &Entry, ritual: &Ritual, times: &[Time<'_>]) -> Self {
        let zone = input.couple.time_zone;
        let occurrences: Vec<_> = times.iter().map(|time| OccurrenceWork::of(zone, ritual.time(), time)).collect();
        let Ritual { name, description, rhythm, recurrence, starts_at, started_by } = ritual.clone();
        Self {
            ritual_id: entry.id,
            name,
            description,
            rhythm,
            planned_since: entry.recorded_on,
            recurrence,
            starts_at,
            started_by,
            figures: RitualFigures::of(&occurrences.iter().collect::<Vec<_>>()),
            occurrences,
        }
    }
}

impl OccurrenceWork {
    fn of(zone: Tz, time: Option<NaiveTime>, (due_on, planned, found, felt): &Time<'_>) -> Self {
        Self {
            due_on: *due_on,
            starts_at: time.and_then(|time| instant_of(zone, *due_on, time)),
            planned: *planned,
            state: state_of(found.map(|(_, time)| time)),
            occurrence_id: found.map(|(entry, _)| entry.id),
            both_present: found.map(|(_, time)| time.both_present),
            skip_reason: found.and_then(|(_, time)| time.skip_reason),
            duration_minutes: found.and_then(|(_, time)| time.duration_minutes),
            note: found.and_then(|(_, time)| time.note.clone()),
            felt: felt.clone(),
        }
    }
}

/// When a clock in a time zone shows a time on a day, as RFC 5545 has it: the first time if it does so twice; if it never does, by the
/// clock as it was before it was put forward.
fn instant_of(zone: Tz, day: NaiveDate, time: NaiveTime) -> Option<DateTime<Utc>> {
    let local = day.and_time(time);
    let before = || {
        let offset = zone.offset_from_local_datetime(&(local - TimeDelta::days(1))).earliest()?;
        Some(offset.fix().from_local_datetime(&local).earliest()?.to_utc())
    };
    zone.from_local_datetime(&local).earliest().map(|at| at.to_utc()).or_else(before)
}

impl RitualFigures {
    fn of(times: &[&OccurrenceWork]) -> Self {
        let planned = |state| times.iter().filter(|time| time.planned && time.state == state).count();
        let felt = |value: fn(&FeltWork) -> u8| {
            WorkMean::of(times.iter().flat_map(|time| &time.felt).map(|felt| f64::from(value(felt))))
        };
        let gap = |time: &&OccurrenceWork| match &time.felt[..] {
            [one, other] => Some(f64::from(one.connection.abs_diff(other.connection))),
            _ => None,
        };
        Self {
            planned: times.iter().filter(|time| time.planned).count(),
            done: planned(OccurrenceState::Done),
            skipped: planned(OccurrenceState::Skipped),
            not_recorded: planned(OccurrenceState::NotRecorded),
            done_unplanned: times.iter().filter(|time| !time.planned && time.state == OccurrenceState::Done).count(),
            connection: felt(|felt| felt.connection),
            connection_gap: WorkMean::of(times.iter().filter_map(gap)),
            enjoyment: felt(|felt| felt.enjoyment),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(zone: Tz, day: &str, time: &str) -> String {
        let time = NaiveTime::parse_from_str(time, "%H:%M").unwrap();
        instant_of(zone, day.parse().unwrap(), time).unwrap().to_rfc3339()
    }

    #[test]
    fn nine_o_clock_stays_nine_o_clock() {
        assert_eq!(at(Tz::America__New_York, "2026-03-07", "09:00"), "2026-03-07T14:00:00+00:00");
        assert_eq!(at(Tz::America__New_York, "2026-03-08", "09:00"), "2026-03-08T13:00:00+00:00");
        assert_eq!(at(Tz::Europe__Berlin, "2026-10-25", "09:00"), "2026-10-25T08:00:00+00:00");
    }

    #[test]
    fn a_time_that_the_clock_skips_is_as_long_after_and_one_that_comes_twice_is_the_first() {
        assert_eq!(at(Tz::America__New_York, "2026-03-08", "02:30"), "2026-03-08T07:30:00+00:00");
        assert_eq!(at(Tz::America__New_York, "2026-11-01", "01:30"), "2026-11-01T05:30:00+00:00");
        assert_eq!(at(Tz::Australia__Lord_Howe, "2026-10-04", "02:15"), "2026-10-03T15:45:00+00:00");
        assert_eq!(at(Tz::Pacific__Apia, "2011-12-30", "09:00"), "2011-12-30T19:00:00+00:00");
    }
}
