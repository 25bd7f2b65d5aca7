//! Clients: names and contact data, sealed.

use diesel::{
    dsl::{exists, not, sql},
    prelude::*,
    sql_types::Bool,
};
use domain::{
    access::{Actor, Caller, Role},
    account::AccountHolder,
    client::Client,
    confidential::Confidential,
    email::EmailAddress,
    ids::{ClientId, PracticeId},
};
use serde::{Deserialize, Serialize};

use crate::{
    Page, Slice, StoreError, Tx, View, accounts,
    columns::AsText,
    conn::Backend,
    page::after,
    schema::{care_team, clients, partners, staff},
    seal::Place,
};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = clients)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<ClientId>,
    sealed: Vec<u8>,
    created_at: chrono::NaiveDateTime,
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    name: Confidential,
    email: Option<EmailAddress>,
    phone: Option<Confidential>,
}

impl Row {
    fn of(view: &mut View<'_>, client: &Client) -> Result<Self, StoreError> {
        let Client { name, email, phone, .. } = client.clone();
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(client.id),
            sealed: view.seal(place(client.id), &Sealed { name, email, phone })?,
            created_at: client.created_at.naive_utc(),
            version: client.version,
        })
    }

    fn client(self, view: &mut View<'_>) -> Result<Client, StoreError> {
        let Sealed { name, email, phone } = view.open(place(self.id.0), &self.sealed)?;
        let created_at = self.created_at.and_utc();
        Ok(Client { id: self.id.0, name, email, phone, created_at, version: self.version })
    }
}

fn place(id: ClientId) -> Place {
    Place { column: "clients.sealed", row: id.0 }
}

type Reach = Box<dyn BoxableExpression<clients::table, Backend, SqlType = Bool>>;

/// Which clients exist for a caller: those of the couples within their reach, and for a counselor those who are in no couple
/// yet; a client is there for themselves.
fn reach(caller: Caller) -> Reach {
    let in_couple = partners::practice_id.eq(clients::practice_id).and(partners::client_id.eq(clients::id));
    let team_of_couple =
        care_team::practice_id.eq(partners::practice_id).and(care_team::couple_id.eq(partners::couple_id));
    match caller.actor {
        Actor::System | Actor::Staff { role: Role::Owner | Role::Assistant, .. } => Box::new(sql::<Bool>("1 = 1")),
        Actor::Staff { role: Role::Counselor, id } => {
            let treats = exists(care_team::table.filter(team_of_couple).filter(care_team::staff_id.eq(AsText(id))));
            let treated = exists(partners::table.filter(in_couple).filter(treats));
            Box::new(treated.or(not(exists(partners::table.filter(in_couple)))))
        }
        Actor::Staff { role: Role::Supervisor, id } => {
            let supervised = staff::practice_id
                .eq(care_team::practice_id)
                .and(staff::id.eq(care_team::staff_id))
                .and(staff::supervisor_id.eq(AsText(id)));
            let theirs = exists(staff::table.filter(supervised)).or(care_team::staff_id.eq(AsText(id)));
            let treats = exists(care_team::table.filter(team_of_couple).filter(theirs));
            Box::new(exists(partners::table.filter(in_couple).filter(treats)))
        }
        Actor::Client(id) => Box::new(clients::id.eq(AsText(id))),
    }
}

/// A client within the caller's reach.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none for this caller.
pub fn find(view: &mut View<'_>, id: ClientId) -> Result<Client, StoreError> {
    let caller = view.caller();
    let row: Row = clients::table
        .filter(clients::practice_id.eq(AsText(caller.practice)).and(clients::id.eq(AsText(id))))
        .filter(reach(caller))
        .select(Row::as_select())
        .first(view.conn())?;
    row.client(view)
}

/// These clients of the caller's practice, in no order.
///
/// # Errors
/// If the database fails.
pub fn find_all(view: &mut View<'_>, ids: &[ClientId]) -> Result<Vec<Client>, StoreError> {
    let ids: Vec<_> = ids.iter().copied().map(AsText).collect();
    let rows: Vec<Row> = clients::table
        .filter(clients::practice_id.eq(AsText(view.caller().practice)).and(clients::id.eq_any(ids)))
        .select(Row::as_select())
        .load(view.conn())?;
    rows.into_iter().map(|row| row.client(view)).collect()
}

/// The clients within the caller's reach, in the order they came.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, page: Page) -> Result<Slice<Client>, StoreError> {
    let caller = view.caller();
    let query = clients::table
        .filter(clients::practice_id.eq(AsText(caller.practice)))
        .filter(reach(caller))
        .order((clients::created_at, clients::id))
        .limit(page.limit + 1)
        .select(Row::as_select())
        .into_boxed();
    let rows: Vec<Row> = after!(query, page, clients::created_at, clients::id).load(view.conn())?;
    let found = rows.into_iter().map(|row| row.client(view)).collect::<Result<_, _>>()?;
    Ok(Slice::of(found, page.limit))
}

/// Keeps a new client.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, client: &Client) -> Result<(), StoreError> {
    let row = Row::of(tx, client)?;
    diesel::insert_into(clients::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps changed contact data. Their account, if they have one, follows the address, and ends without one.
///
/// # Errors
/// [`StoreError::Conflict`] if someone else signs in with the address.
pub fn update(tx: &mut Tx<'_>, client: &Client) -> Result<(), StoreError> {
    let row = Row::of(tx, client)?;
    diesel::update(clients::table.find((row.practice_id, row.id))).set(row).execute(tx.conn())?;
    accounts::follow(tx, AccountHolder::Client(client.id), client.email.as_ref())
}
