//! The days that are looked back at.

use chrono::{Days, NaiveDate};
use domain::progress::week_of;

use crate::problem::{Code, FieldError, Problem};

/// The longest range, in days: three years.
const RANGE_DAYS: u64 = 3 * 366;

/// How many weeks are looked at if nothing else is asked for, the last one included.
const DEFAULT_WEEKS: u64 = 12;

/// The range that the query parameters `from` and `until` mean: the last day is today at the latest.
///
/// # Errors
/// 400 for a range that is out of order, or longer than three years.
pub(crate) fn look_back(
    from: Option<NaiveDate>,
    until: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<(NaiveDate, NaiveDate), Problem> {
    let until = until.map_or(today, |until| until.min(today));
    let monday = week_of(until).checked_sub_days(Days::new((DEFAULT_WEEKS - 1) * 7));
    let from = from.or(monday).unwrap_or(until);
    let too_long = from.checked_add_days(Days::new(RANGE_DAYS)).is_some_and(|last| last < until);
    if from > until || too_long {
        let words = "must be a day from three years before the last day to the last day, which is today at the latest";
        let error = FieldError::query("from", "range", words);
        return Err(
            Problem::new(Code::MalformedParameter, "the query can't be read; see errors").with_errors(vec![error])
        );
    }
    Ok((from, until))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn range(from: Option<&str>, until: Option<&str>) -> Result<(NaiveDate, NaiveDate), Code> {
        look_back(from.map(day), until.map(day), day("2026-03-05")).map_err(|problem| problem.code())
    }

    #[test]
    fn twelve_weeks_are_looked_back_at_unless_asked_otherwise() {
        assert_eq!(range(None, None), Ok((day("2025-12-15"), day("2026-03-05"))));
        assert_eq!(range(Some("2026-01-01"), Some("2030-01-01")), Ok((day("2026-01-01"), day("2026-03-05"))));
    }

    #[test]
    fn a_range_is_at_most_three_years_and_in_order() {
        assert_eq!(range(Some("2023-03-03"), None), Ok((day("2023-03-03"), day("2026-03-05"))));
        for (from, until) in [("2023-03-02", None), ("2026-03-06", None), ("2026-03-05", Some("2026-03-04"))] {
            assert_eq!(range(Some(from), until), Err(Code::MalformedParameter), "{from}");
        }
    }
}
