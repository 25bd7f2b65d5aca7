//! When something happens in the demo: a week, a day of it and a time, which fall where they fall today.

use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc, Weekday};
use chrono_tz::Tz;
use serde::Deserialize;

use super::people::TIME_ZONE;

/// How many weeks the demo tells of; the last one is the week of today.
pub(super) const WEEKS: i64 = 12;

/// A day of the demo, such as `3 tue`: the Tuesday of the third week. Weeks before the first are 0, -1 and so on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Day {
    week: i64,
    weekday: Weekday,
}

/// A moment of the demo, such as `3 tue 18:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Moment {
    /// The day.
    pub(super) day: Day,
    time: NaiveTime,
}

/// No day or moment of the demo.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("a day of the demo is written as in 3 tue, and a moment as in 3 tue 18:30")]
pub(super) struct NotInCalendar;

impl Day {
    /// A day of a week.
    pub(super) const fn new(week: i64, weekday: Weekday) -> Self {
        Self { week, weekday }
    }

    /// Its week.
    pub(super) const fn week(self) -> i64 {
        self.week
    }

    /// A time of this day.
    pub(super) fn at(self, hour: u32, minute: u32) -> Moment {
        Moment { day: self, time: NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default() }
    }
}

impl Moment {
    /// The same some weeks later.
    pub(super) const fn later(self, weeks: i64) -> Self {
        Self { day: Day { week: self.day.week + weeks, ..self.day }, ..self }
    }
}

impl FromStr for Day {
    type Err = NotInCalendar;

    fn from_str(text: &str) -> Result<Self, NotInCalendar> {
        let (week, weekday) = text.split_once(' ').ok_or(NotInCalendar)?;
        let week = week.parse().map_err(|_| NotInCalendar)?;
        Ok(Self { week, weekday: weekday.parse().map_err(|_| NotInCalendar)? })
    }
}

impl FromStr for Moment {
    type Err = NotInCalendar;

    fn from_str(text: &str) -> Result<Self, NotInCalendar> {
        let (day, time) = text.rsplit_once(' ').ok_or(NotInCalendar)?;
        let time = NaiveTime::parse_from_str(time, "%H:%M").map_err(|_| NotInCalendar)?;
        Ok(Self { day: day.parse()?, time })
    }
}

impl TryFrom<String> for Day {
    type Error = NotInCalendar;

    fn try_from(text: String) -> Result<Self, NotInCalendar> {
        text.parse()
    }
}

impl TryFrom<String> for Moment {
    type Error = NotInCalendar;

    fn try_from(text: String) -> Result<Self, NotInCalendar> {
        text.parse()
    }
}

/// Where the weeks of the demo fall.
#[derive(Debug, Clone, Copy)]
pub(super) struct Calendar {
    monday: NaiveDate,
    zone: Tz,
}

impl Calendar {
    /// The calendar whose last week is that of an instant.
    pub(super) fn until(now: DateTime<Utc>) -> Self {
        let today = now.with_timezone(&TIME_ZONE).date_naive();
        let back = TimeDelta::days(i64::from(today.weekday().num_days_from_monday()) + 7 * (WEEKS - 1));
        Self { monday: today - back, zone: TIME_ZONE }
    }

    /// The date of a day.
    pub(super) fn date(self, day: Day) -> NaiveDate {
        self.monday + TimeDelta::days(7 * (day.week - 1) + i64::from(day.weekday.num_days_from_monday()))
    }

    /// The instant of a moment. A time that the clocks skip is taken for an hour later.
    pub(super) fn instant(self, moment: Moment) -> DateTime<Utc> {
        let local = self.date(moment.day).and_time(moment.time);
        let found = self.zone.from_local_datetime(&local).earliest();
        let later = || self.zone.from_local_datetime(&(local + TimeDelta::hours(1))).earliest();
        found.or_else(later).map_or_else(|| local.and_utc(), |at| at.with_timezone(&Utc))
    }

    /// The days of a week, from Monday on.
    pub(super) fn week(self, week: i64) -> [NaiveDate; 7] {
        let monday = self.date(Day::new(week, Weekday::Mon));
        [0, 1, 2, 3, 4, 5, 6].map(|day| monday + Days::new(day))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_week_is_that_of_today_on_each_day_of_it() {
        for day in 1..=7 {
            let now = Utc.with_ymd_and_hms(2026, 6, day, 16, 0, 0).unwrap();
            let calendar = Calendar::until(now);
            assert_eq!(calendar.week(WEEKS)[0], NaiveDate::from_ymd_opt(2026, 6, 1).unwrap());
            assert_eq!(calendar.date("1 mon".parse().unwrap()), NaiveDate::from_ymd_opt(2026, 3, 16).unwrap());
        }
    }

    #[test]
    fn a_moment_is_one_of_the_practices_own_clock() {
        let calendar = Calendar::until(Utc.with_ymd_and_hms(2026, 6, 3, 16, 0, 0).unwrap());
        let summer = calendar.instant("12 tue 18:30".parse().unwrap());
        assert_eq!(summer, Utc.with_ymd_and_hms(2026, 6, 2, 22, 30, 0).unwrap());
        let winter = calendar.instant("-4 tue 18:30".parse().unwrap());
        assert_eq!(winter, Utc.with_ymd_and_hms(2026, 2, 10, 23, 30, 0).unwrap());
    }
}
