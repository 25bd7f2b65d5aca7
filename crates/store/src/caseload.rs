//! The caseload, a page at a time, in the same number of statements however many couples are on it.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::{
    dsl::{count_star, max, min},
    prelude::*,
};
use domain::{
    caseload::{CaseFacts, CaseSummary},
    couple::{Couple, CoupleStatus},
    entry::Author,
    ids::CoupleId,
    session::SessionStatus,
};

use crate::{
    Page, Slice, StoreError, View, assignments,
    columns::AsText,
    couples, entries, policies, program_runs, safety,
    schema::{entries as entry_rows, flags, sessions},
};

/// The couples within the caller's reach at a glance, in the order in which they came, perhaps of one status.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, status: Option<CoupleStatus>, page: Page) -> Result<Slice<CaseSummary>, StoreError> {
    let couples = couples::list(view, status, page)?;
    let ids: Vec<_> = couples.items.iter().map(|couple| AsText(couple.id)).collect();
    let mut facts = facts(view, &ids)?;
    let now = view.now();
    let summary = |couple: Couple| {
        let facts = facts.remove(&couple.id).unwrap_or_default();
        CaseSummary::of(couple, &facts, now)
    };
    Ok(Slice { items: couples.items.into_iter().map(summary).collect(), more: couples.more })
}

type Facts = HashMap<CoupleId, CaseFacts>;

fn facts(view: &mut View<'_>, ids: &[AsText<CoupleId>]) -> Result<Facts, StoreError> {
    let mut facts = Facts::new();
    for (couple, at) in next_sessions(view, ids)? {
        facts.entry(couple).or_default().next_session_at = at;
    }
    for (couple, at) in last_sessions(view, ids)? {
        facts.entry(couple).or_default().last_session_at = at;
    }
    for (couple, backlog) in entries::backlogs(view, ids)? {
        facts.entry(couple).or_default().to_review = backlog;
    }
    for (couple, count) in open_flags(view, ids)? {
        facts.entry(couple).or_default().open_flags = count;
    }
    for (couple, author, at) in submitted(view, ids)? {
        facts.entry(couple).or_default().submitted.push((author, at));
    }
    for assignment in assignments::list_open(view, ids)? {
        facts.entry(assignment.couple).or_default().assignments.push(assignment);
    }
    let couples: Vec<_> = ids.iter().map(|id| id.0).collect();
    for found in program_runs::list_open(view, &couples)? {
        facts.entry(found.run.couple).or_default().runs.push(found);
    }
    for policy in policies::list_of(view, ids)? {
        facts.entry(policy.couple).or_default().policies.push(policy);
    }
    for known in safety::list_of(view, ids)? {
        facts.entry(known.couple).or_default().safety.push(known);
    }
    Ok(facts)
}

type Instants = Vec<(CoupleId, Option<DateTime<Utc>>)>;

fn instants(rows: Vec<(AsText<CoupleId>, Option<NaiveDateTime>)>) -> Instants {
    rows.into_iter().map(|(AsText(couple), at)| (couple, at.map(|at| at.and_utc()))).collect()
}

fn next_sessions(view: &mut View<'_>, ids: &[AsText<CoupleId>]) -> Result<Instants, StoreError> {
    let now = view.now().naive_utc();
    let rows = sessions::table
        .filter(sessions::practice_id.eq(AsText(view.caller().practice)).and(sessions::couple_id.eq_any(ids)))
        .filter(sessions::status.eq(AsText(SessionStatus::Scheduled)).and(sessions::starts_at.ge(now)))
        .group_by(sessions::couple_id)
        .select((sessions::couple_id, min(sessions::starts_at)))
        .load(view.conn())?;
    Ok(instants(rows))
}

fn last_sessions(view: &mut View<'_>, ids: &[AsText<CoupleId>]) -> Result<Instants, StoreError> {
    let rows = sessions::table
        .filter(sessions::practice_id.eq(AsText(view.caller().practice)).and(sessions::couple_id.eq_any(ids)))
        .filter(sessions::status.eq(AsText(SessionStatus::Held)))
        .group_by(sessions::couple_id)
        .select((sessions::couple_id, max(sessions::starts_at)))
        .load(view.conn())?;
    Ok(instants(rows))
}

fn open_flags(view: &mut View<'_>, ids: &[AsText<CoupleId>]) -> Result<Vec<(CoupleId, i64)>, StoreError> {
    let rows: Vec<(AsText<CoupleId>, i64)> = flags::table
        .filter(flags::practice_id.eq(AsText(view.caller().practice)).and(flags::couple_id.eq_any(ids)))
        .filter(flags::taken_up_at.is_null())
        .group_by(flags::couple_id)
        .select((flags::couple_id, count_star()))
        .load(view.conn())?;
    Ok(rows.into_iter().map(|(AsText(couple), count)| (couple, count)).collect())
}

/// When each author of each couple last submitted something.
fn submitted(
    view: &mut View<'_>,
    ids: &[AsText<CoupleId>],
) -> Result<Vec<(CoupleId, Author, DateTime<Utc>)>, StoreError> {
    let rows: Vec<(AsText<CoupleId>, String, Option<NaiveDateTime>)> = entry_rows::table
        .filter(entry_rows::practice_id.eq(AsText(view.caller().practice)).and(entry_rows::couple_id.eq_any(ids)))
        .filter(entry_rows::submitted_at.is_not_null())
        .group_by((entry_rows::couple_id, entry_rows::author))
        .select((entry_rows::couple_id, entry_rows::author, max(entry_rows::submitted_at)))
        .load(view.conn())?;
    let mut last = Vec::with_capacity(rows.len());
    for (AsText(couple), author, at) in rows {
        let author = entries::author_of(&author)?;
        last.extend(at.map(|at| (couple, author, at.and_utc())));
    }
    Ok(last)
}
