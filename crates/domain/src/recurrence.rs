//! How often something repeats: RFC 5545 recurrence rules, as far as whole days go.
//!
//! Days only: what is due "each Monday" is due on the couple's Monday, so no instant and no daylight-saving change comes in.

use std::{collections::BTreeSet, fmt, iter::successors, str::FromStr};

use chrono::{Days, NaiveDate, NaiveTime};
use rrule::{RRule, RRuleSet, Tz, Unvalidated};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A validated recurrence rule, such as `FREQ=WEEKLY;BYDAY=MO,TH`, in capitals.
///
/// Taken are `FREQ` (`DAILY`, `WEEKLY`, `MONTHLY`, `YEARLY`), `INTERVAL` (1 to 366), `BYDAY`, `BYMONTHDAY`, and one of `COUNT`
/// (1 to 5,000) and `UNTIL` (a day; a time after it is dropped). At most 200 characters, no day named twice: what a rule says in a
/// breath is worked out as fast, and whoever reads a list of them waits for each.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 200, example = "FREQ=WEEKLY;BYDAY=MO,TH")]
pub struct Recurrence(String);

/// Why a text is no recurrence rule Tenfold keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RecurrenceError {
    /// More characters than a rule needs that names every day of a month and of a week.
    #[error("a recurrence rule has at most {LONGEST} characters")]
    Long,
    /// A day that is named twice.
    #[error("a recurrence rule names each day of BYDAY and BYMONTHDAY once")]
    Twice,
    /// A part nobody needs here, or one that is there twice.
    #[error("a recurrence rule has the parts FREQ, INTERVAL, BYDAY, BYMONTHDAY and COUNT or UNTIL, each once")]
    Part,
    /// How often is missing, or more often than daily.
    #[error("a recurrence is DAILY, WEEKLY, MONTHLY or YEARLY")]
    Frequency,
    /// A number out of range.
    #[error("INTERVAL is 1 to 366 and COUNT 1 to 5000")]
    Number,
    /// Both ends at once.
    #[error("a recurrence ends by COUNT or by UNTIL, not by both")]
    TwoEnds,
    /// UNTIL is no day.
    #[error("UNTIL is a day, as in UNTIL=20270331")]
    Until,
    /// The parts don't go together.
    #[error("this recurrence rule is not valid")]
    Invalid,
    /// The parts contradict each other, or do so from most days on which it might start.
    #[error(
        "a recurrence rule names its days in one way: weeks by WEEKLY, not by DAILY, and days of the month without BYDAY"
    )]
    Never,
}

/// The most characters of a rule.
const LONGEST: usize = 200;

/// How a rule is written, for those whose text is none.
pub const RULE_WANTED: &str = "give a rule of whole days: FREQ (DAILY, WEEKLY, MONTHLY or YEARLY), INTERVAL, BYDAY, BYMONTHDAY, and COUNT or UNTIL";

/// The longest window that is looked at at once, in days: two years.
pub const WINDOW_DAYS: u64 = 731;

/// A range of days cut into windows that a rule looks at, one after the other.
pub(crate) fn windows(from: NaiveDate, until: NaiveDate) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let firsts = successors(Some(from), |day| day.checked_add_days(Days::new(WINDOW_DAYS + 1)));
    firsts.take_while(move |first| *first <= until).map(move |first| {
        let last = first.checked_add_days(Days::new(WINDOW_DAYS));
        (first, last.map_or(until, |last| last.min(until)))
    })
}

impl Recurrence {
    /// The rule as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The days within a window, from its first day to its last and for at most two years, of a rule that starts on a day.
    #[must_use]
    pub fn days(&self, starts_on: NaiveDate, from: NaiveDate, until: NaiveDate) -> Vec<NaiveDate> {
        let last = from.checked_add_days(Days::new(WINDOW_DAYS)).map_or(until, |end| end.min(until));
        self.expand(starts_on, from.max(starts_on), last)
    }

    /// The last day of the rule on a day or before it; `None` before the first.
    #[must_use]
    pub fn last_day_until(&self, starts_on: NaiveDate, day: NaiveDate) -> Option<NaiveDate> {
        self.expand(starts_on, starts_on, day).pop()
    }

    /// Whether the rule has no day after this one.
    #[must_use]
    pub fn ends_by(&self, starts_on: NaiveDate, day: NaiveDate) -> bool {
        let has_an_end = self.0.contains("COUNT=") || self.0.contains("UNTIL=");
        // However far off: one that comes round every third year goes on.
        let another = |next: NaiveDate| set(&self.0, starts_on)?.after(noon(next)).all(1).dates.pop();
        has_an_end && day.succ_opt().and_then(another).is_none()
    }

    fn expand(&self, starts_on: NaiveDate, from: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
        if from > last {
            return Vec::new();
        }
        let Some(set) = set(&self.0, starts_on) else { return Vec::new() };
        let days = set.after(noon(from)).before(noon(last)).all(u16::MAX).dates;
        days.into_iter().map(|day| day.date_naive()).collect()
    }
}

/// Days stand in for themselves by noon in UTC.
fn noon(day: NaiveDate) -> chrono::DateTime<Tz> {
    let noon = NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default();
    day.and_time(noon).and_utc().with_timezone(&Tz::UTC)
}

fn set(rule: &str, starts_on: NaiveDate) -> Option<RRuleSet> {
    let parts = rule.split(';').map(|part| match part.split_once('=') {
        Some(("UNTIL", day)) => format!("UNTIL={day}T235959Z"),
        _ => part.to_owned(),
    });
    let rule: RRule<Unvalidated> = parts.collect::<Vec<_>>().join(";").parse().ok()?;
    rule.build(noon(starts_on)).ok()
}

impl FromStr for Recurrence {
    type Err = RecurrenceError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > LONGEST {
            return Err(RecurrenceError::Long);
        }
        let text = text.trim().trim_start_matches("RRULE:").to_ascii_uppercase();
        let mut seen: Vec<&str> = Vec::new();
        let mut parts = Vec::new();
        for part in text.split(';') {
            let (name, value) = part.split_once('=').ok_or(RecurrenceError::Part)?;
            if seen.contains(&name) {
                return Err(RecurrenceError::Part);
            }
            seen.push(name);
            parts.push(format!("{name}={}", checked_value(name, value)?));
        }
        if !seen.contains(&"FREQ") {
            return Err(RecurrenceError::Frequency);
        }
        if seen.contains(&"COUNT") && seen.contains(&"UNTIL") {
            return Err(RecurrenceError::TwoEnds);
        }
        if contradicts_itself(&parts) {
            return Err(RecurrenceError::Never);
        }
        let rule = parts.join(";");
        // Any early day will do: the rule is checked by itself, before it is known when it starts.
        set(&rule, NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default()).ok_or(RecurrenceError::Invalid)?;
        Ok(Self(rule))
    }
}

/// Whether no day can satisfy all parts. Such a rule would be looked for, in vain, until the end of the calendar.
fn contradicts_itself(parts: &[String]) -> bool {
    let value = |name: &str| parts.iter().find_map(|part| part.strip_prefix(name)?.strip_prefix('='));
    let (frequency, days) = (value("FREQ").unwrap_or_default(), value("BYDAY").unwrap_or_default());
    let interval: u32 = value("INTERVAL").and_then(|number| number.parse().ok()).unwrap_or(1);
    let ordinals = || days.split(',').filter_map(|day| day.get(..day.len().checked_sub(2)?)?.parse::<i32>().ok());
    let farthest = if frequency == "MONTHLY" { 5 } else { 53 };
    let same_weekday = frequency == "DAILY" && interval.is_multiple_of(7) && !days.is_empty();
    let by_day_of_week_only = frequency == "WEEKLY" || ordinals().next().is_some();
    let too_far = ordinals().any(|ordinal| !(1..=farthest).contains(&ordinal.abs()));
    same_weekday || too_far || (by_day_of_week_only && value("BYMONTHDAY").is_some())
}

fn checked_value<'a>(name: &str, value: &'a str) -> Result<&'a str, RecurrenceError> {
    let number = |largest: u32| {
        let fits = value.parse::<u32>().is_ok_and(|number| (1..=largest).contains(&number));
        fits.then_some(value).ok_or(RecurrenceError::Number)
    };
    match name {
        "FREQ" if ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"].contains(&value) => Ok(value),
        "FREQ" => Err(RecurrenceError::Frequency),
        "INTERVAL" => number(366),
        "COUNT" => number(5_000),
        "UNTIL" => {
            let day = value.split('T').next().unwrap_or_default();
            let valid = day.len() == 8 && NaiveDate::parse_from_str(day, "%Y%m%d").is_ok();
            valid.then_some(day).ok_or(RecurrenceError::Until)
        }
        "BYDAY" | "BYMONTHDAY" => {
            let days: Vec<_> = value.split(',').collect();
            let each_once = days.iter().collect::<BTreeSet<_>>().len() == days.len();
            each_once.then_some(value).ok_or(RecurrenceError::Twice)
        }
        _ => Err(RecurrenceError::Part),
    }
}

impl TryFrom<String> for Recurrence {
    /// [`RULE_WANTED`].
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map_err(|_: RecurrenceError| RULE_WANTED)
    }
}

impl From<Recurrence> for String {
    fn from(rule: Recurrence) -> Self {
        rule.0
    }
}

impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn days(rule: &str, starts_on: &str, from: &str, until: &str) -> Vec<String> {
        let rule: Recurrence = rule.parse().unwrap();
        rule.days(day(starts_on), day(from), day(until)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn twice_a_week_is_due_on_those_days_of_the_window() {
        let due = days("FREQ=WEEKLY;BYDAY=MO,TH", "2026-03-02", "2026-03-09", "2026-03-16");
        assert_eq!(due, ["2026-03-09", "2026-03-12", "2026-03-16"]);
    }

    #[test]
    fn nothing_is_due_before_the_start() {
        assert_eq!(days("FREQ=DAILY", "2026-03-02", "2026-02-01", "2026-03-03"), ["2026-03-02", "2026-03-03"]);
        assert!(days("FREQ=DAILY", "2026-03-02", "2026-02-01", "2026-03-01").is_empty());
    }

    #[test]
    fn until_includes_its_day_and_count_counts_from_the_start() {
        assert_eq!(days("FREQ=DAILY;UNTIL=20260303", "2026-03-02", "2026-03-02", "2026-03-09").len(), 2);
        assert_eq!(days("FREQ=DAILY;COUNT=3", "2026-03-02", "2026-03-04", "2026-03-09"), ["2026-03-04"]);
    }

    #[test]
    fn a_window_is_cut_at_two_years() {
        assert_eq!(days("FREQ=DAILY", "2026-01-01", "2026-01-01", "2099-01-01").len(), 732);
    }

    #[test]
    fn windows_lie_side_by_side() {
        let cut: Vec<_> = windows(day("2026-01-01"), day("2029-01-01")).collect();
        assert_eq!(cut, [(day("2026-01-01"), day("2028-01-02")), (day("2028-01-03"), day("2029-01-01"))]);
        assert_eq!(windows(day("2026-01-02"), day("2026-01-01")).count(), 0);
    }

    #[test]
    fn the_last_day_is_found() {
        let weekly: Recurrence = "FREQ=WEEKLY".parse().unwrap();
        assert_eq!(weekly.last_day_until(day("2026-03-02"), day("2026-03-15")), Some(day("2026-03-09")));
        assert_eq!(weekly.last_day_until(day("2026-03-02"), day("2026-03-01")), None);
    }

    #[test]
    fn a_rule_ends_with_its_last_day_however_far_off_that_is() {
        let ends_by = |rule: &str, on: &str| rule.parse::<Recurrence>().unwrap().ends_by(day("2026-03-02"), day(on));
        let every_third_year = "FREQ=YEARLY;INTERVAL=3;COUNT=3";
        assert!(!ends_by(every_third_year, "2026-03-02"));
        assert!(!ends_by(every_third_year, "2032-03-01"));
        assert!(ends_by(every_third_year, "2032-03-02"));
        assert!(!ends_by("FREQ=DAILY", "2099-12-31"));
    }

    #[test]
    fn a_rule_is_kept_in_capitals_and_its_end_is_a_day() {
        let rule: Recurrence = "rrule:freq=monthly;byday=1mo;until=20270331T080000Z".to_uppercase().parse().unwrap();
        assert_eq!(rule.as_str(), "FREQ=MONTHLY;BYDAY=1MO;UNTIL=20270331");
        assert_eq!(rule.as_str().parse::<Recurrence>().unwrap(), rule);
    }

    #[test]
    fn a_rule_may_name_every_day_of_the_month_but_is_no_essay() {
        let month = (1..=31).map(|day| day.to_string()).collect::<Vec<_>>().join(",");
        assert!(format!("FREQ=MONTHLY;BYMONTHDAY={month}").parse::<Recurrence>().is_ok());
        let essay = format!("FREQ=DAILY;BYDAY=MO{}", ",TU".repeat(100));
        assert_eq!(essay.parse::<Recurrence>(), Err(RecurrenceError::Long));
    }

    #[test]
    fn what_nobody_needs_is_refused() {
        for (rule, why) in [
            ("", RecurrenceError::Part),
            ("FREQ=HOURLY", RecurrenceError::Frequency),
            ("INTERVAL=2", RecurrenceError::Frequency),
            ("FREQ=DAILY;BYHOUR=8", RecurrenceError::Part),
            ("FREQ=DAILY;FREQ=WEEKLY", RecurrenceError::Part),
            ("FREQ=DAILY;INTERVAL=0", RecurrenceError::Number),
            ("FREQ=DAILY;COUNT=99999", RecurrenceError::Number),
            ("FREQ=DAILY;COUNT=3;UNTIL=20270101", RecurrenceError::TwoEnds),
            ("FREQ=DAILY;UNTIL=20271301", RecurrenceError::Until),
            ("FREQ=WEEKLY;BYDAY=MO,TU,MO", RecurrenceError::Twice),
            ("FREQ=WEEKLY;BYDAY=XX", RecurrenceError::Invalid),
            ("FREQ=MONTHLY;BYMONTHDAY=77", RecurrenceError::Invalid),
            ("FREQ=DAILY;INTERVAL=7;BYDAY=TU", RecurrenceError::Never),
            ("FREQ=MONTHLY;BYDAY=6MO", RecurrenceError::Never),
            ("FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1", RecurrenceError::Never),
            ("FREQ=WEEKLY;BYMONTHDAY=13", RecurrenceError::Never),
        ] {
            assert_eq!(rule.parse::<Recurrence>(), Err(why), "{rule}");
        }
    }
}
