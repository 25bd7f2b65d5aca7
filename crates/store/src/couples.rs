//! Couples, and which of them exist for a caller.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use diesel::prelude::*;
use domain::{
    access::{Actor, Role},
    confidential::Confidential,
    couple::{Couple, CoupleStatus, Partner},
    ids::{ClientId, CoupleId, PartnerId, PracticeId, StaffId},
    visibility::Reader,
};
use serde::{Deserialize, Serialize};

use crate::{
    Page, Slice, StoreError, Tx, View,
    columns::AsText,
    page::after,
    schema::{care_team, couples, partners},
    seal::Place,
};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = couples, treat_none_as_null = true)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<CoupleId>,
    sealed: Vec<u8>,
    status: AsText<CoupleStatus>,
    time_zone: AsText<Tz>,
    primary_counselor_id: AsText<StaffId>,
    opened_on: NaiveDate,
    closed_on: Option<NaiveDate>,
    separated_on: Option<NaiveDate>,
    created_at: NaiveDateTime,
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    label: Option<Confidential>,
    #[serde(default)]
    resumed_at: Option<DateTime<Utc>>,
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = partners, treat_none_as_null = true)]
struct PartnerRow {
    practice_id: AsText<PracticeId>,
    id: AsText<PartnerId>,
    couple_id: AsText<CoupleId>,
    client_id: AsText<ClientId>,
    from_on: NaiveDate,
    until_on: Option<NaiveDate>,
    position: i32,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = care_team)]
struct TeamRow {
    practice_id: AsText<PracticeId>,
    couple_id: AsText<CoupleId>,
    staff_id: AsText<StaffId>,
    position: i32,
}

impl Row {
    fn of(view: &mut View<'_>, couple: &Couple) -> Result<Self, StoreError> {
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(couple.id),
            sealed: view
                .seal(place(couple.id), &Sealed { label: couple.label.clone(), resumed_at: couple.resumed_at })?,
            status: AsText(couple.status),
            time_zone: AsText(couple.time_zone),
            primary_counselor_id: AsText(couple.primary_counselor),
            opened_on: couple.opened_on,
            closed_on: couple.closed_on,
            separated_on: couple.separated_on,
            created_at: couple.created_at.naive_utc(),
            version: couple.version,
        })
    }

    fn couple(self, view: &mut View<'_>, people: &mut People) -> Result<Couple, StoreError> {
        let Sealed { label, resumed_at } = view.open(place(self.id.0), &self.sealed)?;
        Ok(Couple {
            id: self.id.0,
            label,
            status: self.status.0,
            time_zone: self.time_zone.0,
            primary_counselor: self.primary_counselor_id.0,
            care_team: people.team.remove(&self.id.0).unwrap_or_default(),
            partners: people.partners.remove(&self.id.0).unwrap_or_default(),
            opened_on: self.opened_on,
            closed_on: self.closed_on,
            separated_on: self.separated_on,
            resumed_at,
            created_at: self.created_at.and_utc(),
            version: self.version,
        })
    }
}

fn place(id: CoupleId) -> Place {
    Place { column: "couples.sealed", row: id.0 }
}

/// Whether the couple that a table's row belongs to exists for a caller, as a condition on that table: the owner's and the
/// assistant's are the practice's, a counselor's those whose care team they are on, a supervisor's those of the counselors they
/// supervise, a client's the one they are a partner in.
macro_rules! within_reach {
    ($table:ident, $couple_id:ident, $caller:expr) => {{
        use diesel::{BoxableExpression, dsl::exists, prelude::*, sql_types::Bool};
        use domain::access::{Actor, Role};
        use $crate::{
            columns::AsText,
            schema::{care_team, partners, staff},
        };

        let of_team = care_team::practice_id.eq($table::practice_id).and(care_team::couple_id.eq($table::$couple_id));
        let condition: Box<dyn BoxableExpression<$table::table, $crate::conn::Backend, SqlType = Bool>> =
            match $caller.actor {
                Actor::System | Actor::Staff { role: Role::Owner | Role::Assistant, .. } => {
                    Box::new(diesel::dsl::sql::<Bool>("1 = 1"))
                }
                Actor::Staff { role: Role::Counselor, id } => {
                    Box::new(exists(care_team::table.filter(of_team).filter(care_team::staff_id.eq(AsText(id)))))
                }
                Actor::Staff { role: Role::Supervisor, id } => {
                    let supervised = staff::practice_id
                        .eq(care_team::practice_id)
                        .and(staff::id.eq(care_team::staff_id))
                        .and(staff::supervisor_id.eq(AsText(id)));
                    let theirs = exists(staff::table.filter(supervised)).or(care_team::staff_id.eq(AsText(id)));
                    Box::new(exists(care_team::table.filter(of_team).filter(theirs)))
                }
                Actor::Client(id) => {
                    let membership = partners::practice_id
                        .eq($table::practice_id)
                        .and(partners::couple_id.eq($table::$couple_id))
                        .and(partners::client_id.eq(AsText(id)))
                        .and(partners::until_on.is_null());
                    Box::new(exists(partners::table.filter(membership)))
                }
            };
        condition
    }};
}
pub(crate) use within_reach;

/// The memberships by which a client is or was a partner, as a query: what is of another's is left to the database where a client asks,
/// so that it costs them no time by which they could tell how much there is. The rules are asked of what comes of it.
macro_rules! memberships_of {
    ($client:expr, $caller:expr) => {{
        use diesel::prelude::*;
        use $crate::{columns::AsText, schema::partners};

        partners::table
            .filter(partners::practice_id.eq(AsText($caller.practice)))
            .filter(partners::client_id.eq(AsText($client)))
            .select(partners::id)
    }};
}
pub(crate) use memberships_of;

/// A couple within the caller's reach.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none for this caller.
pub fn find(view: &mut View<'_>, id: CoupleId) -> Result<Couple, StoreError> {
    let caller = view.caller();
    let row: Row = couples::table
        .filter(couples::practice_id.eq(AsText(caller.practice)))
        .filter(couples::id.eq(AsText(id)))
        .filter(within_reach!(couples, id, caller))
        .select(Row::as_select())
        .first(view.conn())?;
    let mut people = people(view, &[row.id])?;
    row.couple(view, &mut people)
}

/// Those of these couples that are within the caller's reach, in no order.
///
/// # Errors
/// If the database fails.
pub fn find_all(view: &mut View<'_>, ids: impl Iterator<Item = CoupleId>) -> Result<Vec<Couple>, StoreError> {
    let caller = view.caller();
    let ids: Vec<_> = ids.map(AsText).collect::<HashSet<_>>().into_iter().collect();
    let rows: Vec<Row> = couples::table
        .filter(couples::practice_id.eq(AsText(caller.practice)).and(couples::id.eq_any(&ids)))
        .filter(within_reach!(couples, id, caller))
        .select(Row::as_select())
        .load(view.conn())?;
    let mut people = people(view, &ids)?;
    rows.into_iter().map(|row| row.couple(view, &mut people)).collect()
}

/// Whether a couple is within the caller's reach.
///
/// # Errors
/// [`StoreError::NotFound`] if it is not.
pub fn check_reach(view: &mut View<'_>, id: CoupleId) -> Result<(), StoreError> {
    let caller = view.caller();
    let _: AsText<CoupleId> = couples::table
        .filter(couples::practice_id.eq(AsText(caller.practice)))
        .filter(couples::id.eq(AsText(id)))
        .filter(within_reach!(couples, id, caller))
        .select(couples::id)
        .first(view.conn())?;
    Ok(())
}

/// As whom the caller reads what concerns a couple.
///
/// # Errors
/// [`StoreError::NotFound`] for a client who is no partner in it, and for who reads nothing clinical.
pub fn reader(view: &View<'_>, couple: &Couple) -> Result<Reader, StoreError> {
    match view.caller().actor {
        Actor::Staff { role: Role::Supervisor, id } => Ok(Reader::Supervisor(id)),
        Actor::Staff { role: Role::Owner | Role::Counselor, id } => Ok(Reader::Counselor(id)),
        Actor::Client(id) => couple.partner_of(id).map(|own| Reader::Partner(own.id)).ok_or(StoreError::NotFound),
        Actor::Staff { role: Role::Assistant, .. } | Actor::System => Err(StoreError::NotFound),
    }
}

/// The couples within the caller's reach, in the order in which they came, perhaps of one status.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, status: Option<CoupleStatus>, page: Page) -> Result<Slice<Couple>, StoreError> {
    let caller = view.caller();
    let mut query = couples::table
        .filter(couples::practice_id.eq(AsText(caller.practice)))
        .filter(within_reach!(couples, id, caller))
        .order((couples::created_at, couples::id))
        .limit(page.limit + 1)
        .select(Row::as_select())
        .into_boxed();
    if let Some(status) = status {
        query = query.filter(couples::status.eq(AsText(status)));
    }
    let rows: Vec<Row> = after!(query, page, couples::created_at, couples::id).load(view.conn())?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut people = people(view, &ids)?;
    let found = rows.into_iter().map(|row| row.couple(view, &mut people)).collect::<Result<_, _>>()?;
    Ok(Slice::of(found, page.limit))
}

/// Who is in the couples and who treats them.
struct People {
    partners: HashMap<CoupleId, Vec<Partner>>,
    team: HashMap<CoupleId, Vec<StaffId>>,
}

fn people(view: &mut View<'_>, ids: &[AsText<CoupleId>]) -> Result<People, StoreError> {
    let practice = AsText(view.caller().practice);
    let partner_rows: Vec<PartnerRow> = partners::table
        .filter(partners::practice_id.eq(practice).and(partners::couple_id.eq_any(ids)))
        .order((partners::couple_id, partners::position))
        .select(PartnerRow::as_select())
        .load(view.conn())?;
    let team_rows: Vec<TeamRow> = care_team::table
        .filter(care_team::practice_id.eq(practice).and(care_team::couple_id.eq_any(ids)))
        .order((care_team::couple_id, care_team::position))
        .select(TeamRow::as_select())
        .load(view.conn())?;
    let mut people = People { partners: HashMap::new(), team: HashMap::new() };
    for row in partner_rows {
        let partner = Partner { id: row.id.0, client: row.client_id.0, from: row.from_on, until: row.until_on };
        people.partners.entry(row.couple_id.0).or_default().push(partner);
    }
    for row in team_rows {
        people.team.entry(row.couple_id.0).or_default().push(row.staff_id.0);
    }
    Ok(people)
}

/// Keeps a new couple with its partners and its care team.
///
/// # Errors
/// If the database fails, or a partner or staff member is not of this practice.
pub fn insert(tx: &mut Tx<'_>, couple: &Couple) -> Result<(), StoreError> {
    let row = Row::of(tx, couple)?;
    diesel::insert_into(couples::table).values(row).execute(tx.conn())?;
    keep_people(tx, couple)
}

/// Keeps a changed couple with its partners and its care team.
///
/// # Errors
/// As [`insert`].
pub fn update(tx: &mut Tx<'_>, couple: &Couple) -> Result<(), StoreError> {
    let row = Row::of(tx, couple)?;
    let (practice, id) = (row.practice_id, row.id);
    diesel::update(couples::table.find((practice, id))).set(row).execute(tx.conn())?;
    diesel::delete(care_team::table.filter(care_team::practice_id.eq(practice).and(care_team::couple_id.eq(id))))
        .execute(tx.conn())?;
    keep_people(tx, couple)
}

fn keep_people(tx: &mut Tx<'_>, couple: &Couple) -> Result<(), StoreError> {
    let practice_id = AsText(tx.caller().practice);
    let couple_id = AsText(couple.id);
    for (position, staff) in (0..).zip(&couple.care_team) {
        let row = TeamRow { practice_id, couple_id, staff_id: AsText(*staff), position };
        diesel::insert_into(care_team::table).values(row).execute(tx.conn())?;
    }
    for (position, partner) in (0..).zip(&couple.partners) {
        let row = || PartnerRow {
            practice_id,
            id: AsText(partner.id),
            couple_id,
            client_id: AsText(partner.client),
            from_on: partner.from,
            until_on: partner.until,
            position,
        };
        let key = partners::table.find((practice_id, AsText(partner.id)));
        if diesel::update(key).set(row()).execute(tx.conn())? == 0 {
            diesel::insert_into(partners::table).values(row()).execute(tx.conn())?;
        }
    }
    Ok(())
}
