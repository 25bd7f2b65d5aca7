//! Accounts: the password hash, sealed, found by the blind index of the address that its holder signs in with.

use diesel::prelude::*;
use domain::{
    account::{Account, AccountHolder, PasswordHash},
    email::EmailAddress,
    ids::{ClientId, PracticeId, StaffId},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{StoreError, Tx, View, columns::AsText, schema::accounts, seal::Place};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = accounts)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<Uuid>,
    staff_id: Option<AsText<StaffId>>,
    client_id: Option<AsText<ClientId>>,
    email_index: String,
    sealed: Vec<u8>,
    created_at: chrono::NaiveDateTime,
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    password: Option<PasswordHash>,
}

impl Row {
    fn of(view: &mut View<'_>, account: &Account, email_index: String) -> Result<Self, StoreError> {
        let (staff_id, client_id) = match account.holder {
            AccountHolder::Staff(id) => (Some(AsText(id)), None),
            AccountHolder::Client(id) => (None, Some(AsText(id))),
        };
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(account.holder.id()),
            staff_id,
            client_id,
            email_index,
            sealed: sealed(view, account)?,
            created_at: account.created_at.naive_utc(),
            version: account.version,
        })
    }

    fn account(self, view: &mut View<'_>) -> Result<Account, StoreError> {
        let Sealed { password } = view.open(place(self.id.0), &self.sealed)?;
        let holder = holder(self.id.0, self.staff_id.is_some());
        Ok(Account { holder, password, created_at: self.created_at.and_utc(), version: self.version })
    }
}

/// The holder of the account with this id. The table's check allows no third kind.
pub(crate) fn holder(id: Uuid, is_staff: bool) -> AccountHolder {
    if is_staff { AccountHolder::Staff(StaffId(id)) } else { AccountHolder::Client(ClientId(id)) }
}

fn sealed(view: &mut View<'_>, account: &Account) -> Result<Vec<u8>, StoreError> {
    view.seal(place(account.holder.id()), &Sealed { password: account.password.clone() })
}

fn place(row: Uuid) -> Place {
    Place { column: "accounts.sealed", row }
}

fn email_index(view: &mut View<'_>, email: &EmailAddress) -> Result<String, StoreError> {
    view.blind_index("accounts.email", &email.normalised())
}

/// The account of this staff member or client.
///
/// # Errors
/// [`StoreError::NotFound`] if they have none.
pub fn find(view: &mut View<'_>, holder: AccountHolder) -> Result<Account, StoreError> {
    let key = (AsText(view.caller().practice), AsText(holder.id()));
    let row: Row = accounts::table.find(key).select(Row::as_select()).first(view.conn())?;
    row.account(view)
}

/// Whose account this address signs in to.
///
/// # Errors
/// If the database fails.
pub fn find_by_email(view: &mut View<'_>, email: &EmailAddress) -> Result<Option<Account>, StoreError> {
    let index = email_index(view, email)?;
    let row: Option<Row> = accounts::table
        .filter(accounts::practice_id.eq(AsText(view.caller().practice)).and(accounts::email_index.eq(index)))
        .select(Row::as_select())
        .first(view.conn())
        .optional()?;
    row.map(|row| row.account(view)).transpose()
}

/// Keeps a new account, under the address that its holder signs in with.
///
/// # Errors
/// [`StoreError::Conflict`] if someone else signs in with the address, or they have an account already.
pub fn insert(tx: &mut Tx<'_>, account: &Account, email: &EmailAddress) -> Result<(), StoreError> {
    let index = email_index(tx, email)?;
    let row = Row::of(tx, account, index)?;
    diesel::insert_into(accounts::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps another password.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, account: &Account) -> Result<(), StoreError> {
    let sealed = sealed(tx, account)?;
    let key = (AsText(tx.caller().practice), AsText(account.holder.id()));
    diesel::update(accounts::table.find(key))
        .set((accounts::sealed.eq(sealed), accounts::version.eq(account.version)))
        .execute(tx.conn())?;
    Ok(())
}

/// The holder's address is another, or gone. Without one the account ends, and with it every sign-in and invitation.
pub(crate) fn follow(tx: &mut Tx<'_>, holder: AccountHolder, email: Option<&EmailAddress>) -> Result<(), StoreError> {
    let key = (AsText(tx.caller().practice), AsText(holder.id()));
    match email {
        Some(email) => {
            let index = email_index(tx, email)?;
            diesel::update(accounts::table.find(key)).set(accounts::email_index.eq(index)).execute(tx.conn())?;
        }
        None => {
            diesel::delete(accounts::table.find(key)).execute(tx.conn())?;
        }
    }
    Ok(())
}

/// Whether someone signs in with a password already.
///
/// # Errors
/// If the database fails.
pub fn has_password(view: &mut View<'_>, holder: AccountHolder) -> Result<bool, StoreError> {
    match find(view, holder) {
        Err(StoreError::NotFound) => Ok(false),
        found => found.map(|account| account.password.is_some()),
    }
}
