//! Staff members.

use diesel::prelude::*;
use domain::{
    access::Role,
    account::{Account, AccountHolder},
    confidential::Confidential,
    email::EmailAddress,
    ids::{PracticeId, StaffId},
    staff::StaffMember,
};

use serde::{Deserialize, Serialize};

use crate::{Page, Slice, StoreError, Tx, View, accounts, columns::AsText, page::after, schema::staff, seal::Place};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = staff, treat_none_as_null = true)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<StaffId>,
    role: AsText<Role>,
    sealed: Vec<u8>,
    supervisor_id: Option<AsText<StaffId>>,
    ended_at: Option<chrono::NaiveDateTime>,
    created_at: chrono::NaiveDateTime,
    version: i64,
}

/// What is kept from everyone outside the practice.
#[derive(Serialize, Deserialize)]
struct Sealed {
    name: Confidential,
    email: EmailAddress,
}

impl Row {
    fn of(view: &mut View<'_>, member: &StaffMember) -> Result<Self, StoreError> {
        let sealed = Sealed { name: member.name.clone(), email: member.email.clone() };
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(member.id),
            role: AsText(member.role),
            sealed: view.seal(place(member.id), &sealed)?,
            supervisor_id: member.supervisor.map(AsText),
            ended_at: member.ended_at.map(|at| at.naive_utc()),
            created_at: member.created_at.naive_utc(),
            version: member.version,
        })
    }

    fn member(self, view: &mut View<'_>) -> Result<StaffMember, StoreError> {
        let Sealed { name, email } = view.open(place(self.id.0), &self.sealed)?;
        Ok(StaffMember {
            id: self.id.0,
            role: self.role.0,
            name,
            email,
            supervisor: self.supervisor_id.map(|AsText(id)| id),
            ended_at: self.ended_at.map(|at| at.and_utc()),
            created_at: self.created_at.and_utc(),
            version: self.version,
        })
    }
}

fn place(id: StaffId) -> Place {
    Place { column: "staff.sealed", row: id.0 }
}

/// One staff member of the caller's practice.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none with this id.
pub fn find(view: &mut View<'_>, id: StaffId) -> Result<StaffMember, StoreError> {
    let practice = AsText(view.caller().practice);
    let row: Row = staff::table.find((practice, AsText(id))).select(Row::as_select()).first(view.conn())?;
    row.member(view)
}

/// The staff of the caller's practice, in the order they came.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, page: Page) -> Result<Slice<StaffMember>, StoreError> {
    let query = staff::table
        .filter(staff::practice_id.eq(AsText(view.caller().practice)))
        .order((staff::created_at, staff::id))
        .limit(page.limit + 1)
        .select(Row::as_select())
        .into_boxed();
    let rows: Vec<Row> = after!(query, page, staff::created_at, staff::id).load(view.conn())?;
    let members = rows.into_iter().map(|row| row.member(view)).collect::<Result<_, _>>()?;
    Ok(Slice::of(members, page.limit))
}

/// How many owners besides this one still work here.
///
/// # Errors
/// If the database fails.
pub fn count_other_owners(view: &mut View<'_>, id: StaffId) -> Result<usize, StoreError> {
    let count: i64 = staff::table
        .filter(staff::practice_id.eq(AsText(view.caller().practice)))
        .filter(staff::role.eq(AsText(Role::Owner)))
        .filter(staff::ended_at.is_null())
        .filter(staff::id.ne(AsText(id)))
        .count()
        .get_result(view.conn())?;
    Ok(usize::try_from(count).unwrap_or(0))
}

/// Keeps a new staff member, with an account that has no password yet.
///
/// # Errors
/// [`StoreError::Conflict`] if someone else signs in with the address.
pub fn insert(tx: &mut Tx<'_>, member: &StaffMember) -> Result<(), StoreError> {
    let row = Row::of(tx, member)?;
    diesel::insert_into(staff::table).values(row).execute(tx.conn())?;
    let account = Account::new(AccountHolder::Staff(member.id), tx.now());
    accounts::insert(tx, &account, &member.email)
}

/// Keeps a changed staff member. Their account goes with them: it follows the address, and ends with their access.
///
/// # Errors
/// [`StoreError::Conflict`] if someone else signs in with the address.
pub fn update(tx: &mut Tx<'_>, member: &StaffMember) -> Result<(), StoreError> {
    let row = Row::of(tx, member)?;
    let key = (AsText(tx.caller().practice), AsText(member.id));
    diesel::update(staff::table.find(key)).set(row).execute(tx.conn())?;
    accounts::follow(tx, AccountHolder::Staff(member.id), member.is_active().then_some(&member.email))
}
