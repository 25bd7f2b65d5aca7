//! Throttling: after some failures, whoever tries again must wait, each time longer.
//!
//! The rule is the same for an account and for an address on the network; only the numbers differ. It never knows whether what
//! was tried exists.

use chrono::{DateTime, TimeDelta, Utc};

/// How many failures are forgiven, and how long the waits are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// So many failures in a row cost nothing.
    pub forgiven: u32,
    /// The wait after the first failure beyond them; it doubles with each further one.
    pub first_wait: TimeDelta,
    /// The longest wait.
    pub longest_wait: TimeDelta,
    /// A row of failures ends when there was none for so long.
    pub forgotten_after: TimeDelta,
}

impl Throttle {
    /// For one account: fewer than a hundred guesses a day (NIST SP 800-63B-4 §3.2.2), and nobody is locked out for long.
    pub const ACCOUNT: Self = Self {
        forgiven: 5,
        first_wait: TimeDelta::seconds(30),
        longest_wait: TimeDelta::minutes(20),
        forgotten_after: TimeDelta::hours(24),
    };
    /// For one address on the network, which a whole practice may share.
    pub const ADDRESS: Self = Self {
        forgiven: 30,
        first_wait: TimeDelta::seconds(10),
        longest_wait: TimeDelta::minutes(5),
        forgotten_after: TimeDelta::hours(1),
    };
}

/// A row of failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// When the last one was.
    pub last_at: DateTime<Utc>,
}

impl Failures {
    /// How long to wait before the next try, if at all.
    #[must_use]
    pub fn wait(&self, throttle: Throttle, now: DateTime<Utc>) -> Option<TimeDelta> {
        let beyond = self.count.checked_sub(throttle.forgiven)?;
        let doublings = beyond.min(16);
        let wait = (throttle.first_wait * (1 << doublings)).min(throttle.longest_wait);
        let left = self.last_at + wait - now;
        (left > TimeDelta::zero()).then_some(left)
    }

    /// Whether they no longer count.
    #[must_use]
    pub fn are_forgotten(&self, throttle: Throttle, now: DateTime<Utc>) -> bool {
        now - self.last_at >= throttle.forgotten_after
    }

    /// These and one more.
    #[must_use]
    pub fn and_another(before: Option<Self>, throttle: Throttle, now: DateTime<Utc>) -> Self {
        let counting = before.filter(|failures| !failures.are_forgotten(throttle, now));
        let count = counting.map_or(0, |failures| failures.count).saturating_add(1);
        Self { count, last_at: now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn wait_after(count: u32) -> Option<i64> {
        Failures { count, last_at: NOW }.wait(Throttle::ACCOUNT, NOW).map(|wait| wait.num_seconds())
    }

    #[test]
    fn five_failures_are_enough_and_then_the_waits_double_up_to_the_longest() {
        assert_eq!((wait_after(4), wait_after(5), wait_after(6)), (None, Some(30), Some(60)));
        assert_eq!((wait_after(11), wait_after(u32::MAX)), (Some(1200), Some(1200)));
    }

    #[test]
    fn a_wait_is_over_when_its_time_has_passed() {
        let failures = Failures { count: 5, last_at: NOW };
        assert_eq!(failures.wait(Throttle::ACCOUNT, NOW + TimeDelta::seconds(29)), Some(TimeDelta::seconds(1)));
        assert_eq!(failures.wait(Throttle::ACCOUNT, NOW + TimeDelta::seconds(30)), None);
    }

    #[test]
    fn a_day_without_failures_starts_anew() {
        let later = |hours| {
            let before = Some(Failures { count: 9, last_at: NOW });
            Failures::and_another(before, Throttle::ACCOUNT, NOW + TimeDelta::hours(hours)).count
        };
        assert_eq!((later(23), later(24)), (10, 1));
    }

    #[test]
    fn fewer_than_a_hundred_guesses_fit_into_a_day() {
        let (mut now, mut failures, mut guesses) = (NOW, None, 0);
        while now < NOW + TimeDelta::days(1) {
            guesses += 1;
            let row = Failures::and_another(failures, Throttle::ACCOUNT, now);
            now += row.wait(Throttle::ACCOUNT, now).unwrap_or(TimeDelta::seconds(1));
            failures = Some(row);
        }
        assert!(guesses < 100, "{guesses}");
    }
}
