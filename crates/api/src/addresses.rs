//! The addresses on the network that sign-ins failed from, so that one can't try its luck at every account in turn.
//!
//! Kept in memory: each server slows down by itself, and a restart forgives. Accounts are counted in the database.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use domain::throttle::{Failures, Throttle};

use crate::{extract::ClientAddress, problem::Problem};

/// So many addresses are remembered, a few megabytes.
const MOST: usize = 50_000;

/// The failures of each address.
#[derive(Debug, Default)]
pub struct Addresses(Mutex<HashMap<IpAddr, Failures>>);

impl Addresses {
    /// Whether this address may try.
    ///
    /// # Errors
    /// 429 if it must wait.
    pub fn admit(&self, address: ClientAddress, now: DateTime<Utc>) -> Result<(), Problem> {
        let Some(address) = address.0.map(network) else { return Ok(()) };
        let failures = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&address).copied();
        let failures = failures.filter(|failures| !failures.are_forgotten(Throttle::ADDRESS, now));
        match failures.and_then(|failures| failures.wait(Throttle::ADDRESS, now)) {
            Some(wait) => Err(must_wait(wait)),
            None => Ok(()),
        }
    }

    /// It tried and failed.
    pub fn failed(&self, address: ClientAddress, now: DateTime<Utc>) {
        let Some(address) = address.0.map(network) else { return };
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.retain(|_, failures| !failures.are_forgotten(Throttle::ADDRESS, now));
        }
        if all.len() >= MOST {
            all.clear();
        }
        let before = all.get(&address).copied();
        all.insert(address, Failures::and_another(before, Throttle::ADDRESS, now));
    }
}

/// 429, in whole seconds.
pub(crate) fn must_wait(wait: TimeDelta) -> Problem {
    Problem::too_many_requests(u64::try_from((wait.num_milliseconds() + 999) / 1000).unwrap_or(1))
}

/// Whoever has one IPv6 address has all of its /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => address.into(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

    fn from(text: &str) -> ClientAddress {
        ClientAddress(text.parse().ok())
    }

    #[test]
    fn an_address_that_fails_too_often_waits_and_others_do_not() {
        let addresses = Addresses::default();
        for _ in 0..30 {
            assert!(addresses.admit(from("203.0.113.7"), NOW).is_ok());
            addresses.failed(from("203.0.113.7"), NOW);
        }
        assert!(addresses.admit(from("203.0.113.7"), NOW).is_err());
        assert!(addresses.admit(from("::ffff:203.0.113.7"), NOW).is_err());
        assert!(addresses.admit(from("203.0.113.8"), NOW).is_ok());
        assert!(addresses.admit(from("203.0.113.7"), NOW + TimeDelta::seconds(10)).is_ok());
    }

    #[test]
    fn neighbours_in_one_network_are_one_and_the_memory_is_bounded() {
        assert_eq!(network("2001:db8::1".parse().unwrap()), network("2001:db8::ffff:2".parse().unwrap()));
        assert_ne!(network("2001:db8::1".parse().unwrap()), network("2001:db8:0:1::1".parse().unwrap()));
        let addresses = Addresses::default();
        for number in 0..=u32::try_from(MOST).unwrap() {
            addresses.failed(ClientAddress(Some(IpAddr::from(number.to_be_bytes()))), NOW);
        }
        assert!(addresses.0.lock().unwrap().len() <= MOST);
    }
}
