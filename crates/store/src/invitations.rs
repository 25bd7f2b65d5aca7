//! Invitations: of their tokens only the hash.

use diesel::prelude::*;
use domain::{
    account::AccountHolder,
    ids::{InvitationId, PracticeId, StaffId},
    invitation::Invitation,
};
use uuid::Uuid;

use crate::{
    StoreError, Tx, View, accounts,
    columns::AsText,
    schema::{accounts as account_rows, invitations},
    tokens::{OpaqueToken, TokenKind},
};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = invitations)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<InvitationId>,
    account_id: AsText<Uuid>,
    token_hash: String,
    created_at: chrono::NaiveDateTime,
    expires_at: chrono::NaiveDateTime,
}

impl Row {
    fn invitation(self, holder: AccountHolder) -> Invitation {
        let (created_at, expires_at) = (self.created_at.and_utc(), self.expires_at.and_utc());
        Invitation { id: self.id.0, holder, created_at, expires_at }
    }
}

/// Keeps a new invitation, in place of an older one of the same person, and gives its token. It can't be had again.
///
/// # Errors
/// If the person has no account, or the database fails.
pub fn replace(tx: &mut Tx<'_>, invitation: &Invitation) -> Result<OpaqueToken, StoreError> {
    let practice = tx.caller().practice;
    let token = OpaqueToken::new(TokenKind::Invitation, practice, invitation.id.0)?;
    delete(tx, invitation.holder)?;
    let row = Row {
        practice_id: AsText(practice),
        id: AsText(invitation.id),
        account_id: AsText(invitation.holder.id()),
        token_hash: token.hash(),
        created_at: invitation.created_at.naive_utc(),
        expires_at: invitation.expires_at.naive_utc(),
    };
    diesel::insert_into(invitations::table).values(row).execute(tx.conn())?;
    Ok(token)
}

/// The invitation that this token accepts.
///
/// # Errors
/// [`StoreError::NotFound`] if it was accepted, replaced, or never was.
pub fn find(view: &mut View<'_>, token: &OpaqueToken) -> Result<Invitation, StoreError> {
    let of_account =
        account_rows::practice_id.eq(invitations::practice_id).and(account_rows::id.eq(invitations::account_id));
    let (row, staff): (Row, Option<AsText<StaffId>>) = invitations::table
        .inner_join(account_rows::table.on(of_account))
        .filter(invitations::practice_id.eq(AsText(view.caller().practice)))
        .filter(invitations::id.eq(AsText(InvitationId(token.row))))
        .select((Row::as_select(), account_rows::staff_id))
        .first(view.conn())?;
    let holder = accounts::holder(row.account_id.0, staff.is_some());
    if token.has_hash(&row.token_hash) { Ok(row.invitation(holder)) } else { Err(StoreError::NotFound) }
}

/// Withdraws whatever invitation this person has.
///
/// # Errors
/// If the database fails.
pub fn delete(tx: &mut Tx<'_>, holder: AccountHolder) -> Result<(), StoreError> {
    let of_holder =
        invitations::practice_id.eq(AsText(tx.caller().practice)).and(invitations::account_id.eq(AsText(holder.id())));
    diesel::delete(invitations::table.filter(of_holder)).execute(tx.conn())?;
    Ok(())
}
