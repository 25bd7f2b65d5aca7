//! The intervals a range of days is looked at by. All days are the couple's own, so no time zone comes in here.

use std::iter::successors;

use chrono::{Datelike, Days, Months, NaiveDate};

use crate::{promise::KEPT_RATE_DAYS, vocabulary::word};

word! {
    /// How long each point of a series is.
    Interval as ("ProgressInterval") {
        /// Monday to Sunday.
        Week = "week",
        /// A month of the calendar.
        Month = "month",
    }
}

impl Interval {
    /// The first day of the interval a day lies in: its Monday, or the first of its month.
    #[must_use]
    pub fn first_day(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Week => day - Days::new(u64::from(day.weekday().num_days_from_monday())),
            Self::Month => day - Days::new(u64::from(day.day0())),
        }
    }

    /// The first day of the interval so many before the one a day lies in; `None` before the calendar begins.
    #[must_use]
    pub fn before(self, day: NaiveDate, count: u32) -> Option<NaiveDate> {
        let first = self.first_day(day);
        match self {
            Self::Week => first.checked_sub_days(Days::new(u64::from(count) * 7)),
            Self::Month => first.checked_sub_months(Months::new(count)),
        }
    }

    fn after(self, first: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Week => first.checked_add_days(Days::new(7)),
            Self::Month => first.checked_add_months(Months::new(1)),
        }
    }
}

/// What is looked at, and from when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The first day.
    pub from: NaiveDate,
    /// The last day, today at the latest.
    pub until: NaiveDate,
    /// How long each point is.
    pub interval: Interval,
    /// The couple's day on which it is looked at: what is due on it is not late yet.
    pub today: NaiveDate,
}

/// One interval of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Its first day, which names it. For the first one that may be before the span.
    pub starts_on: NaiveDate,
    /// Its last day within the span.
    pub ends_on: NaiveDate,
}

impl Span {
    /// Whether a day lies within.
    #[must_use]
    pub fn contains(&self, day: NaiveDate) -> bool {
        (self.from..=self.until).contains(&day)
    }

    /// The intervals it touches, in order.
    #[must_use]
    pub fn stretches(&self) -> Vec<Stretch> {
        let next = |first: &NaiveDate| self.interval.after(*first);
        let firsts = successors(Some(self.interval.first_day(self.from)), next).take_while(|day| *day <= self.until);
        let stretch = |starts_on: NaiveDate| {
            let last = self.interval.after(starts_on).and_then(|next| next.pred_opt());
            Stretch { starts_on, ends_on: last.map_or(self.until, |last| last.min(self.until)) }
        };
        firsts.map(stretch).collect()
    }

    /// The first day on which what was due counts: the kept-rate of the first interval looks back four weeks from its end.
    #[must_use]
    pub fn promises_from(&self) -> NaiveDate {
        let first_end = self.stretches().first().map_or(self.until, |stretch| stretch.ends_on);
        first_end.checked_sub_days(Days::new(KEPT_RATE_DAYS - 1)).map_or(self.from, |day| day.min(self.from))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::couple::tests::day;

    fn span(from: &str, until: &str, interval: Interval) -> Span {
        Span { from: day(from), until: day(until), interval, today: day(until) }
    }

    fn told(span: Span) -> Vec<(String, String)> {
        span.stretches().iter().map(|one| (one.starts_on.to_string(), one.ends_on.to_string())).collect()
    }

    #[test]
    fn weeks_begin_on_monday_and_months_are_the_calendars() {
        let weeks = told(span("2026-03-04", "2026-03-17", Interval::Week));
        let expected = [("2026-03-02", "2026-03-08"), ("2026-03-09", "2026-03-15"), ("2026-03-16", "2026-03-17")];
        assert_eq!(weeks, expected.map(|(first, last)| (first.to_owned(), last.to_owned())));
        let months = told(span("2024-01-31", "2024-03-31", Interval::Month));
        let expected = [("2024-01-01", "2024-01-31"), ("2024-02-01", "2024-02-29"), ("2024-03-01", "2024-03-31")];
        assert_eq!(months, expected.map(|(first, last)| (first.to_owned(), last.to_owned())));
    }

    #[test]
    fn the_kept_rate_looks_back_before_the_range() {
        assert_eq!(span("2026-03-04", "2026-03-17", Interval::Week).promises_from(), day("2026-02-09"));
        assert_eq!(span("2026-03-01", "2026-05-31", Interval::Month).promises_from(), day("2026-03-01"));
    }

    #[test]
    fn so_many_intervals_before_is_a_first_day() {
        assert_eq!(Interval::Week.before(day("2026-03-05"), 11), Some(day("2025-12-15")));
        assert_eq!(Interval::Month.before(day("2026-03-31"), 11), Some(day("2025-04-01")));
    }
}
