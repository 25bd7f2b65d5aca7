//! What of a couple's entries belongs on an agenda, each with what the visibility rule asks of it, however many sections there are.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    agenda::{LOOKED_AT, PULSES_COMPARED, Written},
    couple::Couple,
    entry::{Author, Entry},
    exercises::Kind,
    ids::{CoupleId, EntryId},
    visibility::may_read,
};

use super::{Query, Revealed, Row, author_text, waits_for_review};
use crate::{StoreError, View, columns::AsText, couples, schema::entries};

/// The entries of an agenda's sections. What the caller may not read is in none of them.
pub(crate) struct EntriesOfAgenda {
    pub(crate) flagged: HashMap<EntryId, Written>,
    pub(crate) brought: Vec<Written>,
    pub(crate) pulses: Vec<Written>,
    pub(crate) agreements: Vec<Written>,
    pub(crate) followed_by: Vec<Written>,
    pub(crate) waiting: Vec<Written>,
}

/// Gathers them: those that were flagged, and what was submitted since an instant to be brought up.
pub(crate) fn of_agenda(
    view: &mut View<'_>,
    couple: &Couple,
    flagged: &[EntryId],
    since: Option<DateTime<Utc>>,
) -> Result<EntriesOfAgenda, StoreError> {
    let found = [
        flagged_rows(view, couple.id, flagged)?,
        brought_rows(view, couple.id, since)?,
        pulse_rows(view, couple)?,
        lasting_rows(view, couple.id, &[Kind::TransparencyAgreement])?,
        lasting_rows(view, couple.id, &[Kind::TransparencyReview, Kind::TransparencyWithdrawal])?,
        waiting_rows(view, couple.id)?,
    ];
    let [flagged, brought, pulses, agreements, followed_by, waiting] = readable(view, couple, found)?;
    let flagged = flagged.into_iter().map(|written| (written.entry.id, written)).collect();
    Ok(EntriesOfAgenda { flagged, brought, pulses, agreements, followed_by, waiting })
}

/// Opens what the caller may read; what revealing together is decided by is asked once for all.
fn readable<const N: usize>(
    view: &mut View<'_>,
    couple: &Couple,
    found: [Vec<Row>; N],
) -> Result<[Vec<Written>; N], StoreError> {
    let (reader, today) = (couples::reader(view, couple)?, couple.today(view.now()));
    let mut opened = [const { Vec::new() }; N];
    for (entries, rows) in opened.iter_mut().zip(found) {
        *entries = rows.into_iter().map(|row| row.entry(view)).collect::<Result<Vec<_>, _>>()?;
    }
    let revealed = Revealed::of(view, opened.iter().flatten())?;
    let written = |entry: Entry| {
        let both_submitted = revealed.holds(&entry);
        let readable = may_read(reader, couple, &entry.facts(), both_submitted, today);
        readable.then_some(Written { entry, both_submitted })
    };
    Ok(opened.map(|entries| entries.into_iter().filter_map(written).collect()))
}

fn submitted_of<'q>(view: &View<'_>, couple: CoupleId) -> Query<'q> {
    entries::table
        .filter(entries::practice_id.eq(AsText(view.caller().practice)))
        .filter(entries::couple_id.eq(AsText(couple)).and(entries::submitted_at.is_not_null()))
        .limit(i64::try_from(LOOKED_AT).unwrap_or(i64::MAX))
        .into_boxed()
}

fn load(view: &mut View<'_>, query: Query<'_>) -> Result<Vec<Row>, StoreError> {
    Ok(query.select(Row::as_select()).load(view.conn())?)
}

fn flagged_rows(view: &mut View<'_>, couple: CoupleId, flagged: &[EntryId]) -> Result<Vec<Row>, StoreError> {
    let ids: Vec<_> = flagged.iter().copied().map(AsText).collect();
    let query = submitted_of(view, couple).filter(entries::id.eq_any(ids));
    load(view, query)
}

fn brought_rows(view: &mut View<'_>, couple: CoupleId, since: Option<DateTime<Utc>>) -> Result<Vec<Row>, StoreError> {
    let mut query = submitted_of(view, couple)
        .filter(entries::kind.eq(AsText(Kind::BringToSession)))
        .order((entries::submitted_at, entries::id));
    if let Some(since) = since {
        query = query.filter(entries::submitted_at.gt(since.naive_utc()));
    }
    load(view, query)
}

/// The latest pulses of each current partner, by any of their memberships: as many as are compared.
fn pulse_rows(view: &mut View<'_>, couple: &Couple) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::new();
    for partner in couple.current_partners() {
        let own = couple.partners.iter().filter(|member| member.client == partner.client);
        let authors: Vec<_> = own.map(|member| author_text(Author::Partner(member.id))).collect();
        let query = submitted_of(view, couple.id)
            .filter(entries::kind.eq(AsText(Kind::Pulse)).and(entries::author.eq_any(authors)))
            .order((entries::recorded_on.desc(), entries::id.desc()))
            .limit(i64::try_from(PULSES_COMPARED + 1).unwrap_or(i64::MAX));
        rows.extend(load(view, query)?);
    }
    Ok(rows)
}

fn lasting_rows(view: &mut View<'_>, couple: CoupleId, kinds: &[Kind]) -> Result<Vec<Row>, StoreError> {
    let kinds: Vec<_> = kinds.iter().copied().map(AsText).collect();
    let query = submitted_of(view, couple)
        .filter(entries::kind.eq_any(kinds))
        .order((entries::recorded_on.desc(), entries::id.desc()));
    load(view, query)
}

fn waiting_rows(view: &mut View<'_>, couple: CoupleId) -> Result<Vec<Row>, StoreError> {
    let query = submitted_of(view, couple).filter(waits_for_review!()).order((entries::submitted_at, entries::id));
    load(view, query)
}
