//! Rituals: what of the planned was done, and whether it was kept up after reminders stopped.

use chrono::{Days, NaiveDate};

use super::{CountedAssignment, ProgressInput, Span};
use crate::{
    exercises::{OccurrenceState, PlannedRitual, PlannedRituals},
    ids::AssignmentId,
};

/// How many days on either side of the last day of reminders are looked at, at most: eight weeks.
pub const KEPT_UP_DAYS: u64 = 56;

/// How many planned times it takes for a share of them to be told.
pub const KEPT_UP_MINIMUM: u32 = 4;

/// What became of the days that rituals were planned for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RitualCount {
    /// How many there were.
    pub planned: u32,
    /// Of these, done.
    pub done: u32,
    /// Of these, skipped.
    pub skipped: u32,
    /// Of these, with nothing recorded: missing, not skipped.
    pub not_recorded: u32,
    /// Whether there were more than are counted.
    pub cut: bool,
}

/// Whether the rituals of an assignment were kept up after its reminders stopped: as many days after as before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptUp {
    /// Which assignment.
    pub assignment: AssignmentId,
    /// The days up to the last one of reminders.
    pub before: RitualStretch,
    /// The days after it, up to eight weeks. What is planned for today is not among them: the day is not over.
    pub after: RitualStretch,
}

/// The rituals of some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RitualStretch {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub until: NaiveDate,
    /// How many times were planned.
    pub planned: u32,
    /// Of these, done.
    pub done: u32,
}

impl RitualStretch {
    fn of(days: &[PlannedRitual], assignment: AssignmentId, from: NaiveDate, until: NaiveDate) -> Self {
        let mut stretch = Self { from, until, planned: 0, done: 0 };
        for day in days.iter().filter(|day| day.assignment == assignment && (from..=until).contains(&day.on)) {
            stretch.planned += 1;
            stretch.done += u32::from(day.state == OccurrenceState::Done);
        }
        stretch
    }

    /// The share that was done, 0 to 1; withheld below [`KEPT_UP_MINIMUM`] planned times.
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.planned >= KEPT_UP_MINIMUM).then(|| f64::from(self.done) / f64::from(self.planned))
    }
}

/// What became of the planned days of the span; `None` if none was planned.
pub(super) fn count(rituals: &PlannedRituals, span: &Span) -> Option<RitualCount> {
    let mut count = RitualCount { cut: rituals.cut, ..RitualCount::default() };
    for day in rituals.days.iter().filter(|day| span.contains(day.on)) {
        count.planned += 1;
        *match day.state {
            OccurrenceState::Done => &mut count.done,
            OccurrenceState::Skipped => &mut count.skipped,
            OccurrenceState::NotRecorded => &mut count.not_recorded,
        } += 1;
    }
    (count.planned > 0).then_some(count)
}

/// What was kept up, of each assignment whose reminders stopped at most eight weeks before the span, or within it. Nothing if not
/// every planned day is there.
pub(super) fn kept_up(input: &ProgressInput, span: &Span) -> Vec<KeptUp> {
    let days = &input.rituals.days;
    let of = |assignment: &CountedAssignment| {
        let (from, until) = after_reminders(assignment, span)?;
        let length = Days::new(until.signed_duration_since(from).num_days().unsigned_abs() + 1);
        let (first, last) = (from.checked_sub_days(length)?, from.pred_opt()?);
        let before = RitualStretch::of(days, assignment.id, first, last);
        let after = RitualStretch::of(days, assignment.id, from, until);
        (before.planned + after.planned > 0).then_some(KeptUp { assignment: assignment.id, before, after })
    };
    if input.rituals.cut { Vec::new() } else { input.assignments.iter().filter_map(of).collect() }
}

/// The days after the last one of reminders: those that are over, on which the assignment was open, and that end within the span.
fn after_reminders(assignment: &CountedAssignment, span: &Span) -> Option<(NaiveDate, NaiveDate)> {
    let last = assignment.reminders_until?;
    let ends = [last.checked_add_days(Days::new(KEPT_UP_DAYS)), span.today.pred_opt(), assignment.ended_on];
    let until = ends.into_iter().flatten().fold(span.until, NaiveDate::min);
    (until > last && until >= span.from).then_some((last.succ_opt()?, until))
}

impl Span {
    /// The first day on which what was planned counts: what was kept up looks back as far as it looks ahead.
    #[must_use]
    pub fn rituals_from(&self) -> NaiveDate {
        self.from.checked_sub_days(Days::new(2 * KEPT_UP_DAYS)).unwrap_or(self.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        couple::tests::{day, id},
        exercises::Slug,
        progress::{Interval, Progress, progress},
    };

    /// A ritual for each day from 1 March on: `d` done, `s` skipped, `.` not recorded.
    fn daily(days: &str) -> PlannedRituals {
        let state = |letter| match letter {
            'd' => OccurrenceState::Done,
            's' => OccurrenceState::Skipped,
            _ => OccurrenceState::NotRecorded,
        };
        let planned = |(on, letter)| PlannedRitual { assignment: id(50), on, state: state(letter) };
        let days = day("2026-03-01").iter_days().zip(days.chars()).map(planned).collect();
        PlannedRituals { days, cut: false }
    }

    fn told(rituals: PlannedRituals, reminders_until: Option<&str>, from: &str, today: &str) -> Progress {
        let assignment = CountedAssignment {
            id: id(50),
            exercise: Slug::SharedRituals.into(),
            starts_on: day("2026-03-01"),
            ended_on: None,
            reminders_until: reminders_until.map(day),
            standings: Vec::new(),
            told: true,
        };
        let input = ProgressInput { assignments: vec![assignment], rituals, ..ProgressInput::default() };
        let span = Span { from: day(from), until: day(today), interval: Interval::Week, today: day(today) };
        progress(&input, &span)
    }

    fn kept_up(rituals: PlannedRituals, reminders_until: &str, from: &str, today: &str) -> Option<KeptUp> {
        let told = told(rituals, Some(reminders_until), from, today);
        told.exercises.first().and_then(|row| row.kept_up.first().copied())
    }

    #[test]
    fn what_is_planned_and_not_spoken_of_is_missing_and_not_skipped() {
        let told = told(daily("dds.d.."), None, "2026-03-02", "2026-03-06");
        let count = told.exercises[0].activity.rituals.unwrap();
        assert_eq!(count, RitualCount { planned: 5, done: 2, skipped: 1, not_recorded: 2, cut: false });
        assert!(told.exercises[0].kept_up.is_empty());
    }

    #[test]
    fn as_many_days_after_the_last_reminder_are_held_against_those_before() {
        // Reminders until the 8th; looked at on the 13th, which is not over.
        let kept = kept_up(daily("sssddddddsdd.d"), "2026-03-08", "2026-03-10", "2026-03-13").unwrap();
        assert_eq!((kept.before.from, kept.before.until), (day("2026-03-05"), day("2026-03-08")));
        assert_eq!((kept.after.from, kept.after.until), (day("2026-03-09"), day("2026-03-12")));
        assert_eq!((kept.before.share(), kept.after.share()), (Some(1.0), Some(0.75)));
    }

    #[test]
    fn a_share_is_withheld_below_four_planned_times() {
        let kept = kept_up(daily("ddddddddddd"), "2026-03-08", "2026-03-08", "2026-03-12").unwrap();
        assert_eq!((kept.before.planned, kept.after.planned), (3, 3));
        assert_eq!((kept.before.share(), kept.after.share()), (None, None));
    }

    #[test]
    fn nothing_was_kept_up_before_reminders_stopped_or_long_ago() {
        let rituals = || daily(&"d".repeat(200));
        assert_eq!(kept_up(rituals(), "2026-03-08", "2026-03-01", "2026-03-09"), None, "no day after it is over");
        assert_eq!(kept_up(rituals(), "2026-03-08", "2026-05-04", "2026-09-01"), None, "eight weeks are over");
        let kept = kept_up(rituals(), "2026-04-30", "2026-05-04", "2026-09-01").unwrap();
        assert_eq!((kept.before.planned, kept.after.planned), (56, 56));
        let cut = PlannedRituals { cut: true, ..rituals() };
        assert_eq!(kept_up(cut, "2026-04-30", "2026-05-04", "2026-09-01"), None);
    }
}
