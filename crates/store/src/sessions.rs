//! Sessions, and which of them exist for a caller. The rule itself is `domain::visibility`.

use std::{collections::HashMap, ops::Range};

use chrono::{DateTime, NaiveDateTime, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use domain::{
    access::{Actor, Role},
    agenda::Company,
    confidential::Confidential,
    couple::Couple,
    ids::{CoupleId, PartnerId, PracticeId, SessionId, StaffId},
    session::{Attendance, Place as Where, Session, SessionKind, SessionStatus},
    visibility::{Reader, may_know_of},
};
use serde::{Deserialize, Serialize};

use crate::{Page, Slice, StoreError, Tx, View, columns::AsText, couples, page::after, schema::sessions, seal::Place};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sessions, treat_none_as_null = true)]
pub(crate) struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<SessionId>,
    couple_id: AsText<CoupleId>,
    partner_id: Option<AsText<PartnerId>>,
    counselor_id: AsText<StaffId>,
    starts_at: NaiveDateTime,
    sealed: Vec<u8>,
    created_at: NaiveDateTime,
    version: i64,
    /// A copy of what is sealed, for counting; none in rows that are older than the column.
    status: Option<AsText<SessionStatus>>,
}

/// What it is about, and what became of it.
#[derive(Serialize, Deserialize)]
struct Sealed {
    time_zone: Tz,
    minutes: u16,
    place: Where,
    status: SessionStatus,
    attendance: Vec<Attendance>,
    topic: Option<Confidential>,
}

impl Row {
    fn of(view: &mut View<'_>, session: &Session) -> Result<Self, StoreError> {
        let Session { time_zone, minutes, place: at, status, attendance, topic, .. } = session.clone();
        let sealed = Sealed { time_zone, minutes, place: at, status, attendance, topic };
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(session.id),
            couple_id: AsText(session.couple),
            partner_id: session.kind.partner().map(AsText),
            counselor_id: AsText(session.counselor),
            starts_at: session.starts_at.naive_utc(),
            sealed: view.seal(place(session.id), &sealed)?,
            created_at: session.created_at.naive_utc(),
            version: session.version,
            status: Some(AsText(status)),
        })
    }

    pub(crate) fn session(self, view: &mut View<'_>) -> Result<Session, StoreError> {
        let sealed: Sealed = view.open(place(self.id.0), &self.sealed)?;
        Ok(Session {
            id: self.id.0,
            couple: self.couple_id.0,
            kind: self.partner_id.map_or(SessionKind::Joint, |AsText(partner)| SessionKind::With(partner)),
            counselor: self.counselor_id.0,
            starts_at: self.starts_at.and_utc(),
            time_zone: sealed.time_zone,
            minutes: sealed.minutes,
            place: sealed.place,
            status: sealed.status,
            attendance: sealed.attendance,
            topic: sealed.topic,
            created_at: self.created_at.and_utc(),
            version: self.version,
        })
    }
}

fn place(id: SessionId) -> Place {
    Place { column: "sessions.sealed", row: id.0 }
}

/// A session that exists for the caller, with its couple: for a partner a joint one or their own.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none for this caller.
pub fn find(view: &mut View<'_>, id: SessionId) -> Result<(Session, Couple), StoreError> {
    let practice = AsText(view.caller().practice);
    let row: Row = sessions::table.find((practice, AsText(id))).select(Row::as_select()).first(view.conn())?;
    let couple = couples::find(view, row.couple_id.0)?;
    let session = row.session(view)?;
    if exists_for(view, &couple, &session)? { Ok((session, couple)) } else { Err(StoreError::NotFound) }
}

/// Those of some sessions of a couple that each of these readers may know of.
///
/// # Errors
/// If the database fails.
pub(crate) fn known_to(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    ids: &[SessionId],
) -> Result<Vec<Session>, StoreError> {
    if ids.is_empty() || readers.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = ids.iter().copied().map(AsText).collect();
    let rows: Vec<Row> = sessions::table
        .filter(sessions::practice_id.eq(AsText(view.caller().practice)).and(sessions::id.eq_any(&ids)))
        .filter(sessions::couple_id.eq(AsText(couple.id)))
        .select(Row::as_select())
        .load(view.conn())?;
    let mut found = rows.into_iter().map(|row| row.session(view)).collect::<Result<Vec<_>, _>>()?;
    found.retain(|session| all_know_of(session, couple, readers));
    Ok(found)
}

/// Nobody reads for nobody: without readers nothing is known.
fn all_know_of(session: &Session, couple: &Couple, readers: &[Reader]) -> bool {
    let day = session.starts_at.with_timezone(&couple.time_zone).date_naive();
    let knows = |reader: &Reader| may_know_of(*reader, couple, session.kind.partner(), day);
    !readers.is_empty() && readers.iter().all(knows)
}

/// The sessions of a couple that start within a range and that each of these readers may know of, in the order in which they start.
pub(crate) fn list_known_to(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    range: Range<DateTime<Utc>>,
) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<Row> = sessions::table
        .filter(sessions::practice_id.eq(AsText(view.caller().practice)))
        .filter(sessions::couple_id.eq(AsText(couple.id)))
        .filter(sessions::starts_at.ge(range.start.naive_utc()).and(sessions::starts_at.lt(range.end.naive_utc())))
        .order((sessions::starts_at, sessions::id))
        .select(Row::as_select())
        .load(view.conn())?;
    let mut known = rows.into_iter().map(|row| row.session(view)).collect::<Result<Vec<_>, _>>()?;
    known.retain(|session| all_know_of(session, couple, readers));
    Ok(known)
}

/// When the last session of a couple began that was held before an instant, in such company: a joint one, or one with the partner
/// who will be there alone.
pub(crate) fn last_held(
    view: &mut View<'_>,
    couple: &Couple,
    company: Company,
    before: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let own =
        company.alone().map(|present| couple.partners.iter().filter(move |one| couple.same_person(one.id, present)));
    let own: Vec<_> = own.into_iter().flatten().map(|member| AsText(member.id)).collect();
    let found: Option<NaiveDateTime> = sessions::table
        .filter(sessions::practice_id.eq(AsText(view.caller().practice)))
        .filter(sessions::couple_id.eq(AsText(couple.id)).and(sessions::starts_at.lt(before.naive_utc())))
        .filter(sessions::status.eq(AsText(SessionStatus::Held)))
        .filter(sessions::partner_id.is_null().or(sessions::partner_id.eq_any(own)))
        .order((sessions::starts_at.desc(), sessions::id.desc()))
        .select(sessions::starts_at)
        .first(view.conn())
        .optional()?;
    Ok(found.map(|at| at.and_utc()))
}

/// Who schedules must know of every session; for the others the visibility rule decides.
fn exists_for(view: &View<'_>, couple: &Couple, session: &Session) -> Result<bool, StoreError> {
    match view.caller().actor {
        Actor::Staff { role: Role::Assistant, .. } | Actor::System => Ok(true),
        Actor::Staff { .. } | Actor::Client(_) => {
            let day = session.starts_at.with_timezone(&couple.time_zone).date_naive();
            Ok(may_know_of(couples::reader(view, couple)?, couple, session.kind.partner(), day))
        }
    }
}

/// Which sessions are listed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this couple.
    pub couple: Option<CoupleId>,
    /// Held by this counselor.
    pub counselor: Option<StaffId>,
    /// That start from the first of these instants on.
    pub from: Option<DateTime<Utc>>,
    /// That start before this instant.
    pub before: Option<DateTime<Utc>>,
}

impl Filter {
    /// That start within these instants.
    #[must_use]
    pub fn within(self, range: Range<DateTime<Utc>>) -> Self {
        Self { from: Some(range.start), before: Some(range.end), ..self }
    }
}

/// The sessions of couples within the caller's reach that exist for the caller, in the order in which they start.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, filter: &Filter, page: Page) -> Result<Slice<Session>, StoreError> {
    let mut couples = Couples::default();
    let found = Slice::filled(
        page,
        |page| {
            let sessions = batch(view, filter, page)?;
            let with_existence = |session: Session| Ok((couples.exists(view, &session)?, session));
            sessions.into_iter().map(with_existence).collect::<Result<Vec<_>, StoreError>>()
        },
        |(_, session)| (session.starts_at, session.id.0),
        |(exists, _)| *exists,
    )?;
    Ok(Slice { items: found.items.into_iter().map(|(_, session)| session).collect(), more: found.more })
}

/// The couples that a client's sessions are of; nobody else's list needs them.
#[derive(Default)]
struct Couples(HashMap<CoupleId, Couple>);

impl Couples {
    fn exists(&mut self, view: &mut View<'_>, session: &Session) -> Result<bool, StoreError> {
        if view.caller().client().is_none() {
            return Ok(true);
        }
        let couple = match self.0.remove(&session.couple) {
            Some(couple) => couple,
            None => couples::find(view, session.couple)?,
        };
        let exists = exists_for(view, &couple, session);
        self.0.insert(couple.id, couple);
        exists
    }
}

fn batch(view: &mut View<'_>, filter: &Filter, page: Page) -> Result<Vec<Session>, StoreError> {
    let caller = view.caller();
    let mut query = sessions::table
        .filter(sessions::practice_id.eq(AsText(caller.practice)))
        .filter(couples::within_reach!(sessions, couple_id, caller))
        .order((sessions::starts_at, sessions::id))
        .limit(page.limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(client) = caller.client() {
        let theirs = sessions::partner_id.eq_any(couples::memberships_of!(client, caller).nullable());
        query = query.filter(sessions::partner_id.is_null().or(theirs));
    }
    if let Some(couple) = filter.couple {
        query = query.filter(sessions::couple_id.eq(AsText(couple)));
    }
    if let Some(counselor) = filter.counselor {
        query = query.filter(sessions::counselor_id.eq(AsText(counselor)));
    }
    if let Some(from) = filter.from {
        query = query.filter(sessions::starts_at.ge(from.naive_utc()));
    }
    if let Some(before) = filter.before {
        query = query.filter(sessions::starts_at.lt(before.naive_utc()));
    }
    let rows: Vec<Row> = after!(query, page, sessions::starts_at, sessions::id).load(view.conn())?;
    rows.into_iter().map(|row| row.session(view)).collect()
}

/// Keeps a new session.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, session: &Session) -> Result<(), StoreError> {
    let row = Row::of(tx, session)?;
    diesel::insert_into(sessions::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps a changed session.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, session: &Session) -> Result<(), StoreError> {
    let row = Row::of(tx, session)?;
    diesel::update(sessions::table.find((row.practice_id, row.id))).set(row).execute(tx.conn())?;
    Ok(())
}
