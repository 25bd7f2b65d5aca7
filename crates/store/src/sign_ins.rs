//! Sign-ins: devices that someone signed in on, and the chain of refresh tokens of each.

mod rotation;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::{
    access::{Actor, Role},
    account::AccountHolder,
    confidential::Confidential,
    ids::{PracticeId, SignInId, StaffId},
    sign_in::SignIn,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    Page, Slice, StoreError, Tx, View, accounts,
    columns::AsText,
    page::after,
    schema::{accounts as account_rows, sign_ins, staff},
    seal::Place,
    tokens::OpaqueToken,
};

pub use rotation::{Refreshed, refresh};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sign_ins)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<SignInId>,
    account_id: AsText<Uuid>,
    sealed: Vec<u8>,
    created_at: NaiveDateTime,
    last_used_at: NaiveDateTime,
    idle_until: NaiveDateTime,
    expires_at: NaiveDateTime,
    ended_at: Option<NaiveDateTime>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    device: Option<Confidential>,
}

impl Row {
    fn of(view: &mut View<'_>, sign_in: &SignIn) -> Result<Self, StoreError> {
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(sign_in.id),
            account_id: AsText(sign_in.holder.id()),
            sealed: view.seal(place(sign_in.id), &Sealed { device: sign_in.device.clone() })?,
            created_at: sign_in.created_at.naive_utc(),
            last_used_at: sign_in.last_used_at.naive_utc(),
            idle_until: sign_in.idle_until.naive_utc(),
            expires_at: sign_in.expires_at.naive_utc(),
            ended_at: sign_in.ended_at.map(|at| at.naive_utc()),
        })
    }

    fn sign_in(self, view: &mut View<'_>, is_staff: bool) -> Result<SignIn, StoreError> {
        let Sealed { device } = view.open(place(self.id.0), &self.sealed)?;
        Ok(SignIn {
            id: self.id.0,
            holder: accounts::holder(self.account_id.0, is_staff),
            device,
            created_at: self.created_at.and_utc(),
            last_used_at: self.last_used_at.and_utc(),
            idle_until: self.idle_until.and_utc(),
            expires_at: self.expires_at.and_utc(),
            ended_at: self.ended_at.map(|at| at.and_utc()),
        })
    }
}

fn place(id: SignInId) -> Place {
    Place { column: "sign_ins.sealed", row: id.0 }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_accounts() -> _ {
    let of_account = account_rows::practice_id.eq(sign_ins::practice_id).and(account_rows::id.eq(sign_ins::account_id));
    sign_ins::table.inner_join(account_rows::table.on(of_account))
}

/// Who holds this sign-in, with the role they have now, if it lives and they still work here. Asked at every request.
///
/// # Errors
/// [`StoreError::NotFound`] otherwise.
pub fn admit(view: &mut View<'_>, id: SignInId) -> Result<Actor, StoreError> {
    let now = view.now().naive_utc();
    let of_holder = staff::practice_id.nullable().eq(account_rows::practice_id.nullable());
    let of_holder = of_holder.and(staff::id.nullable().eq(account_rows::staff_id));
    let (account, role): (AsText<Uuid>, Option<AsText<Role>>) = with_accounts()
        .left_join(staff::table.on(of_holder))
        .filter(sign_ins::practice_id.eq(AsText(view.caller().practice)))
        .filter(sign_ins::id.eq(AsText(id)))
        .filter(sign_ins::ended_at.is_null())
        .filter(sign_ins::idle_until.gt(now).and(sign_ins::expires_at.gt(now)))
        .filter(staff::ended_at.is_null())
        .select((account_rows::id, staff::role.nullable()))
        .first(view.conn())?;
    Ok(match (accounts::holder(account.0, role.is_some()), role) {
        (AccountHolder::Staff(id), Some(AsText(role))) => Actor::Staff { id, role },
        (AccountHolder::Staff(_), None) => return Err(StoreError::NotFound),
        (AccountHolder::Client(id), _) => Actor::Client(id),
    })
}

/// One sign-in of the caller's practice, whether it lives or not.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none with this id.
pub fn find(view: &mut View<'_>, id: SignInId) -> Result<SignIn, StoreError> {
    let (row, staff): (Row, Option<AsText<StaffId>>) = with_accounts()
        .filter(sign_ins::practice_id.eq(AsText(view.caller().practice)))
        .filter(sign_ins::id.eq(AsText(id)))
        .select((Row::as_select(), account_rows::staff_id))
        .first(view.conn())?;
    row.sign_in(view, staff.is_some())
}

/// Where this person is signed in now, in the order they signed in.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, holder: AccountHolder, page: Page) -> Result<Slice<SignIn>, StoreError> {
    let now = view.now().naive_utc();
    let query = sign_ins::table
        .filter(sign_ins::practice_id.eq(AsText(view.caller().practice)))
        .filter(sign_ins::account_id.eq(AsText(holder.id())))
        .filter(sign_ins::ended_at.is_null())
        .filter(sign_ins::idle_until.gt(now).and(sign_ins::expires_at.gt(now)))
        .order((sign_ins::created_at, sign_ins::id))
        .limit(page.limit + 1)
        .select(Row::as_select())
        .into_boxed();
    let rows: Vec<Row> = after!(query, page, sign_ins::created_at, sign_ins::id).load(view.conn())?;
    let is_staff = matches!(holder, AccountHolder::Staff(_));
    let found = rows.into_iter().map(|row| row.sign_in(view, is_staff)).collect::<Result<_, _>>()?;
    Ok(Slice::of(found, page.limit))
}

/// Keeps a new sign-in, gives its first refresh token, and lets go of those of the same person that are over.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, sign_in: &SignIn) -> Result<OpaqueToken, StoreError> {
    let now = tx.now().naive_utc();
    let over = sign_ins::ended_at.is_not_null().or(sign_ins::idle_until.le(now)).or(sign_ins::expires_at.le(now));
    diesel::delete(
        sign_ins::table
            .filter(sign_ins::practice_id.eq(AsText(tx.caller().practice)))
            .filter(sign_ins::account_id.eq(AsText(sign_in.holder.id())))
            .filter(over),
    )
    .execute(tx.conn())?;
    let row = Row::of(tx, sign_in)?;
    diesel::insert_into(sign_ins::table).values(row).execute(tx.conn())?;
    rotation::issue(tx, sign_in.id)
}

/// Keeps when a sign-in was used or ended.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, sign_in: &SignIn) -> Result<(), StoreError> {
    let key = (AsText(tx.caller().practice), AsText(sign_in.id));
    diesel::update(sign_ins::table.find(key))
        .set((
            sign_ins::last_used_at.eq(sign_in.last_used_at.naive_utc()),
            sign_ins::idle_until.eq(sign_in.idle_until.naive_utc()),
            sign_ins::ended_at.eq(sign_in.ended_at.map(|at| at.naive_utc())),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Signs this person out everywhere, except perhaps where they are now.
///
/// # Errors
/// If the database fails.
pub fn end_all(tx: &mut Tx<'_>, holder: AccountHolder, except: Option<SignInId>) -> Result<(), StoreError> {
    let now = tx.now().naive_utc();
    let spared = AsText(except.unwrap_or(SignInId(Uuid::nil())));
    let others = sign_ins::table
        .filter(sign_ins::practice_id.eq(AsText(tx.caller().practice)))
        .filter(sign_ins::account_id.eq(AsText(holder.id())))
        .filter(sign_ins::ended_at.is_null())
        .filter(sign_ins::id.ne(spared));
    diesel::update(others).set(sign_ins::ended_at.eq(Some(now))).execute(tx.conn())?;
    Ok(())
}
