//! What changed in how a partner says they are: the latest pulse against the ones before.

use chrono::{DateTime, NaiveDate, Utc};

use super::Written;
use crate::{
    couple::Couple,
    entry::Entry,
    exercises::{Kind, Measure},
    ids::{EntryId, PartnerId},
};

/// How many pulses before the latest one are compared with it, at most.
pub const PULSES_COMPARED: usize = 3;

/// By how many points a scale has to move to be on the agenda.
const CHANGE: f64 = 2.0;

/// The four scales of a pulse.
const SCALES: [Measure; 4] = [Measure::Trust, Measure::Safety, Measure::Closeness, Measure::Hope];

/// A scale on which a partner's latest pulse is two points or more from what they said before.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PulseItem {
    /// Whose.
    pub partner: PartnerId,
    /// The latest pulse.
    pub entry: EntryId,
    /// The day it is about.
    pub recorded_on: NaiveDate,
    /// Which scale: trust, safety, closeness or hope.
    pub scale: Measure,
    /// What they said last, 0 to 10.
    pub latest: f64,
    /// The mean of what they said before, 0 to 10.
    pub before: f64,
    /// Of how many pulses before, 1 to [`PULSES_COMPARED`].
    pub n: u32,
}

/// What changed since the last session, partner by partner. `pulses` are the newest first.
pub(super) fn changed(couple: &Couple, pulses: &[Written], since: Option<DateTime<Utc>>) -> Vec<(PulseItem, Written)> {
    let is_by = |partner: PartnerId, one: &Written| {
        let author = one.entry.author.partner();
        one.entry.kind == Kind::Pulse && author.is_some_and(|author| couple.same_person(author, partner))
    };
    let of_partner = |partner: PartnerId| {
        let mut theirs = pulses.iter().filter(|one| is_by(partner, one));
        let latest =
            theirs.next().filter(|latest| since.is_none_or(|since| latest.entry.submitted_at() > Some(since)))?;
        let before: Vec<_> = theirs.take(PULSES_COMPARED).map(|one| &one.entry).collect();
        let moved = SCALES.iter().filter_map(|scale| compared(partner, &latest.entry, &before, *scale));
        Some(moved.map(|change| (change, latest.clone())).collect::<Vec<_>>())
    };
    couple.current_partners().filter_map(|partner| of_partner(partner.id)).flatten().collect()
}

fn compared(partner: PartnerId, latest: &Entry, before: &[&Entry], scale: Measure) -> Option<PulseItem> {
    let said: Vec<_> = before.iter().filter_map(|entry| value(entry, scale)).collect();
    let n = u32::try_from(said.len()).ok().filter(|n| *n > 0)?;
    let mean = said.iter().sum::<f64>() / f64::from(n);
    let now = value(latest, scale)?;
    let item =
        PulseItem { partner, entry: latest.id, recorded_on: latest.recorded_on, scale, latest: now, before: mean, n };
    ((now - mean).abs() >= CHANGE).then_some(item)
}

fn value(entry: &Entry, scale: Measure) -> Option<f64> {
    entry.answers.readings().iter().find(|reading| reading.measure == scale).map(|reading| reading.value)
}
