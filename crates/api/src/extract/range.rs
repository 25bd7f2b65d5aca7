//! The days that are looked back at.

use chrono::{Days, NaiveDate};
use domain::progress::{Interval, Span};

use crate::problem::Problem;

/// The longest range, in days: three years.
const RANGE_DAYS: u64 = 3 * 366;

/// How many intervals are looked at if nothing else is asked for, the last one included.
const DEFAULT_INTERVALS: u32 = 12;

/// The days that the query parameters `from` and `until` mean, in intervals: the last day is today at the latest.
///
/// # Errors
/// 400 for a range that is out of order, or longer than three years.
pub(crate) fn look_back(
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    interval: Interval,
    today: NaiveDate,
) -> Result<Span, Problem> {
    let until = until.map_or(today, |until| until.min(today));
    let from = from.or_else(|| interval.before(until, DEFAULT_INTERVALS - 1)).unwrap_or(until);
    check_range(from, until)?;
    Ok(Span { from, until, interval, today })
}

/// Whether the query parameter `from` begins a range that ends on a day.
///
/// # Errors
/// 400 for a range that is out of order, or longer than three years.
pub(crate) fn check_range(from: NaiveDate, until: NaiveDate) -> Result<(), Problem> {
    let too_long = from.checked_add_days(Days::new(RANGE_DAYS)).is_some_and(|last| last < until);
    if from > until || too_long {
        let words = "must be a day from three years before the last day to the last day";
        return Err(Problem::parameter("from", "range", words));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn range(from: Option<&str>, until: Option<&str>, interval: Interval) -> Result<(NaiveDate, NaiveDate), Code> {
        let span = look_back(from.map(day), until.map(day), interval, day("2026-03-05"));
        span.map(|span| (span.from, span.until)).map_err(|problem| problem.code())
    }

    #[test]
    fn twelve_intervals_are_looked_back_at_unless_asked_otherwise() {
        assert_eq!(range(None, None, Interval::Week), Ok((day("2025-12-15"), day("2026-03-05"))));
        assert_eq!(range(None, None, Interval::Month), Ok((day("2025-04-01"), day("2026-03-05"))));
        let beyond = range(Some("2026-01-01"), Some("2030-01-01"), Interval::Week);
        assert_eq!(beyond, Ok((day("2026-01-01"), day("2026-03-05"))));
    }

    #[test]
    fn a_range_is_at_most_three_years_and_in_order() {
        let three_years = range(Some("2023-03-03"), None, Interval::Week);
        assert_eq!(three_years, Ok((day("2023-03-03"), day("2026-03-05"))));
        for (from, until) in [("2023-03-02", None), ("2026-03-06", None), ("2026-03-05", Some("2026-03-04"))] {
            assert_eq!(range(Some(from), until, Interval::Week), Err(Code::MalformedParameter), "{from}");
        }
    }
}
