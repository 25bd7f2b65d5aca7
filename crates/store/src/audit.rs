//! The audit trail: who did and who read what, append-only, hash-chained per practice (45 CFR 164.312(b), (c)(1)).
//!
//! A row names what was done and to what. It never holds what anyone wrote; the reason for an override, which is someone's own
//! words, is sealed.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::{
    access::Actor,
    ids::{AuditEventId, CoupleId, PracticeId},
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    StoreError, Tx, View,
    columns::AsText,
    conn::each_backend,
    page::Slice,
    schema::{audit_events, audit_heads},
    seal::Place,
};

/// Something that was done or read, as the unit of work tells it.
#[derive(Debug, Clone)]
pub struct Event {
    action: &'static str,
    subject: Uuid,
    couple: Option<CoupleId>,
    reason: Option<String>,
}

impl Event {
    /// `action` is `noun.verb`: `note.signed`, `entry.read`; `subject` is the id of that noun.
    #[must_use]
    pub fn new(action: &'static str, subject: impl Into<Uuid>) -> Self {
        Self { action, subject: subject.into(), couple: None, reason: None }
    }

    /// Which couple it concerns.
    #[must_use]
    pub fn of_couple(mut self, couple: CoupleId) -> Self {
        self.couple = Some(couple);
        self
    }

    /// Why a rule was overridden.
    #[must_use]
    pub fn because(mut self, reason: Option<&str>) -> Self {
        self.reason = reason.map(str::to_owned);
        self
    }
}

/// A row of the trail.
#[derive(Debug, Clone)]
pub struct AuditEvent {
    /// Its place in the practice's trail, from 1, without gaps.
    pub number: i64,
    /// Its id.
    pub id: AuditEventId,
    /// When.
    pub at: DateTime<Utc>,
    /// `staff`, `client` or `system`.
    pub actor_kind: String,
    /// Who, unless it was Tenfold itself.
    pub actor: Option<Uuid>,
    /// Through which sign-in.
    pub sign_in: Option<Uuid>,
    /// In answer to which request.
    pub request: Option<Uuid>,
    /// What: `noun.verb`.
    pub action: String,
    /// The id of that noun.
    pub subject: Uuid,
    /// Which couple it concerns.
    pub couple: Option<CoupleId>,
    /// Why a rule was overridden.
    pub reason: Option<String>,
    /// SHA-256 over the row and the hash before it, in base16.
    pub hash: String,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = audit_events, treat_none_as_default_value = false)]
struct Row {
    practice_id: AsText<PracticeId>,
    number: i64,
    id: AsText<Uuid>,
    at: chrono::NaiveDateTime,
    actor_kind: String,
    actor_id: Option<AsText<Uuid>>,
    sign_in_id: Option<AsText<Uuid>>,
    request_id: Option<AsText<Uuid>>,
    action: String,
    subject_id: AsText<Uuid>,
    couple_id: Option<AsText<Uuid>>,
    reason: Option<Vec<u8>>,
    hash: Vec<u8>,
}

impl Row {
    /// Every column, each with its length before it, so that no two different rows hash alike.
    fn digest(&self, previous: &[u8]) -> Vec<u8> {
        let text = |id: &Option<AsText<Uuid>>| id.map(|AsText(id)| id.as_bytes().to_vec()).unwrap_or_default();
        let fields: [&[u8]; 13] = [
            previous,
            self.practice_id.0.0.as_bytes(),
            &self.number.to_be_bytes(),
            self.id.0.as_bytes(),
            &self.at.and_utc().timestamp_micros().to_be_bytes(),
            self.actor_kind.as_bytes(),
            &text(&self.actor_id),
            &text(&self.sign_in_id),
            &text(&self.request_id),
            self.action.as_bytes(),
            self.subject_id.0.as_bytes(),
            &text(&self.couple_id),
            self.reason.as_deref().unwrap_or_default(),
        ];
        let mut hash = Sha256::new();
        for field in fields {
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field);
        }
        hash.finalize().to_vec()
    }
}

/// As many rows as one statement appends: SQLite takes 32,766 values.
const APPENDED_AT_ONCE: usize = 500;

/// Appends to the practice's trail, in one statement for all that a unit of work did or read. Units of work of one practice run one after another, so the head can't move meanwhile.
pub(crate) fn append(tx: &mut Tx<'_>, events: Vec<Event>) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let practice = tx.caller().practice;
    let (mut number, mut hash): (i64, Vec<u8>) =
        audit_heads::table.find(AsText(practice)).select((audit_heads::number, audit_heads::hash)).first(tx.conn())?;
    let mut rows = Vec::with_capacity(events.len());
    for event in events {
        number += 1;
        let row = next_row(tx, number, event, &hash)?;
        hash.clone_from(&row.hash);
        rows.push(row);
    }
    for rows in rows.chunks(APPENDED_AT_ONCE) {
        each_backend!(tx.conn(), |conn| diesel::insert_into(audit_events::table).values(rows).execute(conn))?;
    }
    diesel::update(audit_heads::table.find(AsText(practice)))
        .set((audit_heads::number.eq(number), audit_heads::hash.eq(hash)))
        .execute(tx.conn())?;
    Ok(())
}

fn next_row(tx: &mut Tx<'_>, number: i64, event: Event, previous: &[u8]) -> Result<Row, StoreError> {
    let caller = tx.caller();
    let id: Uuid = tx.new_id();
    let reason = event.reason.map(|reason| tx.seal(reason_place(id), &reason)).transpose()?;
    let (actor_kind, actor) = match caller.actor {
        Actor::Staff { id, .. } => ("staff", Some(id.0)),
        Actor::Client(id) => ("client", Some(id.0)),
        Actor::System => ("system", None),
    };
    let mut row = Row {
        practice_id: AsText(caller.practice),
        number,
        id: AsText(id),
        at: tx.now().naive_utc(),
        actor_kind: actor_kind.to_owned(),
        actor_id: actor.map(AsText),
        sign_in_id: caller.sign_in.map(|id| AsText(id.0)),
        request_id: tx.request().map(AsText),
        action: event.action.to_owned(),
        subject_id: AsText(event.subject),
        couple_id: event.couple.map(|id| AsText(id.0)),
        reason,
        hash: Vec::new(),
    };
    row.hash = row.digest(previous);
    Ok(row)
}

/// Starts a practice's trail.
pub(crate) fn begin(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    diesel::insert_into(audit_heads::table)
        .values((
            audit_heads::practice_id.eq(AsText(tx.caller().practice)),
            audit_heads::number.eq(0),
            audit_heads::hash.eq(Vec::new()),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// The trail, newest first, before a number, perhaps of one couple.
///
/// # Errors
/// If the database fails.
pub fn list(
    view: &mut View<'_>,
    couple: Option<CoupleId>,
    before: Option<i64>,
    limit: i64,
) -> Result<Slice<AuditEvent>, StoreError> {
    let mut query = audit_events::table
        .filter(audit_events::practice_id.eq(AsText(view.caller().practice)))
        .order(audit_events::number.desc())
        .limit(limit + 1)
        .select(Row::as_select())
        .into_boxed();
    if let Some(couple) = couple {
        query = query.filter(audit_events::couple_id.eq(AsText(couple.0)));
    }
    if let Some(before) = before {
        query = query.filter(audit_events::number.lt(before));
    }
    let rows: Vec<Row> = query.load(view.conn())?;
    let events = rows.into_iter().map(|row| shown(view, row)).collect::<Result<_, _>>()?;
    Ok(Slice::of(events, limit))
}

fn shown(view: &mut View<'_>, row: Row) -> Result<AuditEvent, StoreError> {
    let reason = row.reason.as_deref().map(|sealed| view.open(reason_place(row.id.0), sealed)).transpose()?;
    Ok(AuditEvent {
        number: row.number,
        id: AuditEventId(row.id.0),
        at: row.at.and_utc(),
        actor_kind: row.actor_kind,
        actor: row.actor_id.map(|AsText(id)| id),
        sign_in: row.sign_in_id.map(|AsText(id)| id),
        request: row.request_id.map(|AsText(id)| id),
        action: row.action,
        subject: row.subject_id.0,
        couple: row.couple_id.map(|AsText(id)| CoupleId(id)),
        reason,
        hash: crate::columns::base16(&row.hash),
    })
}

fn reason_place(row: Uuid) -> Place {
    Place { column: "audit_events.reason", row }
}

/// What a check of the trail found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The whole trail is as it was written: so many rows.
    Whole(i64),
    /// The first row that is missing, altered or out of place.
    Broken(i64),
}

/// Walks the trail from its first row to its head, a bounded number of rows at a time.
///
/// # Errors
/// If the database fails; a broken trail is an answer, not an error.
pub fn verify(view: &mut View<'_>) -> Result<Verdict, StoreError> {
    let practice = AsText(view.caller().practice);
    let (last, head): (i64, Vec<u8>) =
        audit_heads::table.find(practice).select((audit_heads::number, audit_heads::hash)).first(view.conn())?;
    let (mut number, mut hash) = (0, Vec::new());
    loop {
        let rows: Vec<Row> = audit_events::table
            .filter(audit_events::practice_id.eq(practice).and(audit_events::number.gt(number)))
            .order(audit_events::number.asc())
            .limit(1000)
            .select(Row::as_select())
            .load(view.conn())?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            number += 1;
            if row.number != number || row.digest(&hash) != row.hash {
                return Ok(Verdict::Broken(number));
            }
            hash = row.hash;
        }
    }
    Ok(if number == last && hash == head { Verdict::Whole(number) } else { Verdict::Broken(number + 1) })
}
