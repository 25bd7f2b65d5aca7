//! What an agenda is made of, gathered in a bounded number of statements, however much there is.

use chrono::{DateTime, Utc};
use domain::{
    agenda::{Brought, Company, Found, LOOKED_AT},
    couple::Couple,
    policy::in_force,
};

use crate::{
    Page, StoreError, View, assignments,
    columns::AsText,
    entries::{self, EntriesOfAgenda},
    flags, policies, program_runs, promises, safety, sessions,
};

/// What was found in a couple's record for a session in some company, before an instant: that of the session, or now.
///
/// # Errors
/// If the database fails.
pub fn gather(
    view: &mut View<'_>,
    couple: &Couple,
    company: Company,
    before: DateTime<Utc>,
) -> Result<Found, StoreError> {
    let looked_at = i64::try_from(LOOKED_AT).unwrap_or(i64::MAX);
    let last_held = sessions::last_held(view, couple, company, before)?;
    let policy = in_force(&policies::list(view, couple.id)?, couple.today(view.now())).map(|policy| policy.kind);
    let flags = flags::list_open(view, Some(couple.id), Page { after: None, limit: looked_at })?.items;
    let flagged: Vec<_> = flags.iter().map(|flag| flag.entry).collect();
    let EntriesOfAgenda { flagged, brought, pulses, agreements, followed_by, waiting } =
        entries::of_agenda(view, couple, &flagged, last_held)?;
    let with_entry = |flag: domain::flag::Flag| flagged.get(&flag.entry).cloned().map(|written| (flag, written));
    Ok(Found {
        policy,
        last_held,
        flags: flags.into_iter().filter_map(with_entry).collect(),
        brought: brought.into_iter().filter_map(Brought::of).collect(),
        assignments: assignments::list_open(view, &[AsText(couple.id)])?,
        runs: program_runs::list_open(view, &[couple.id])?,
        safety: safety::list(view, couple.id)?,
        pulses,
        agreements,
        followed_by: followed_by.into_iter().map(|written| written.entry).collect(),
        disputes: promises::list_disputed(view, couple.id, last_held, looked_at)?,
        waiting,
        waiting_count: entries::backlogs(view, &[AsText(couple.id)])?.remove(&couple.id).unwrap_or_default().count,
    })
}
