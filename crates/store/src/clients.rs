//! Clients: names and contact data, sealed.

use diesel::prelude::*;
use domain::{
    account::AccountHolder,
    client::Client,
    confidential::Confidential,
    email::EmailAddress,
    ids::{ClientId, PracticeId},
};
use serde::{Deserialize, Serialize};

use crate::{Page, Slice, StoreError, Tx, View, accounts, columns::AsText, schema::clients, seal::Place};

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

/// One client of the caller's practice.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none with this id.
pub fn find(view: &mut View<'_>, id: ClientId) -> Result<Client, StoreError> {
    let practice = AsText(view.caller().practice);
    let row: Row = clients::table.find((practice, AsText(id))).select(Row::as_select()).first(view.conn())?;
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

/// The clients of the caller's practice, in the order they came.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, page: Page) -> Result<Slice<Client>, StoreError> {
    let mut query = clients::table
        .filter(clients::practice_id.eq(AsText(view.caller().practice)))
        .order((clients::created_at, clients::id))
        .limit(page.limit + 1)
        .select(Row::as_select())
        .into_boxed();
    if let Some((at, id)) = page.after {
        let at = at.naive_utc();
        let later = clients::created_at.eq(at).and(clients::id.gt(AsText(ClientId(id))));
        query = query.filter(clients::created_at.ge(at)).filter(clients::created_at.gt(at).or(later));
    }
    let rows: Vec<Row> = query.load(view.conn())?;
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
