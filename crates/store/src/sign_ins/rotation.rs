//! The chain of refresh tokens of a sign-in: of each the hash, and while its answer may still be lost, its successor, sealed.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::{
    ids::SignInId,
    sign_in::{Rotation, SignIn, SignInPolicy, TokenState},
};
use zeroize::Zeroizing;

use super::{find, update};
use crate::{
    StoreError, Tx,
    columns::AsText,
    schema::refresh_tokens,
    seal::Place,
    tokens::{OpaqueToken, TokenKind},
};

/// What became of a refresh token.
#[derive(Debug)]
pub enum Refreshed {
    /// It gave way to this one.
    Renewed(SignIn, OpaqueToken),
    /// It had been used before: two have it, and the sign-in was ended.
    Reused(SignIn),
    /// It is none, or its sign-in is over.
    Refused,
}

/// Presents a refresh token.
///
/// # Errors
/// If the database fails.
pub fn refresh(tx: &mut Tx<'_>, token: &OpaqueToken, policy: SignInPolicy) -> Result<Refreshed, StoreError> {
    let id = SignInId(token.row);
    let Some(spent) = find_token(tx, id, token)? else { return Ok(Refreshed::Refused) };
    let mut sign_in = find(tx, id)?;
    let now = tx.now();
    match sign_in.rotation(spent.state(), now) {
        Rotation::Rotate => {
            let successor = rotate(tx, id, token)?;
            sign_in.touch(policy, now);
            update(tx, &sign_in)?;
            Ok(Refreshed::Renewed(sign_in, successor))
        }
        Rotation::Repeat => {
            let successor = spent.successor(tx, id)?;
            Ok(Refreshed::Renewed(sign_in, successor))
        }
        Rotation::Reuse => {
            sign_in.end(now);
            update(tx, &sign_in)?;
            Ok(Refreshed::Reused(sign_in))
        }
        Rotation::Refused => Ok(Refreshed::Refused),
    }
}

/// Puts the first token of a sign-in in force, or the next.
pub(super) fn issue(tx: &mut Tx<'_>, id: SignInId) -> Result<OpaqueToken, StoreError> {
    let practice = tx.caller().practice;
    let token = OpaqueToken::new(TokenKind::Refresh, practice, id.0)?;
    diesel::insert_into(refresh_tokens::table)
        .values((
            refresh_tokens::practice_id.eq(AsText(practice)),
            refresh_tokens::sign_in_id.eq(AsText(id)),
            refresh_tokens::token_hash.eq(token.hash()),
        ))
        .execute(tx.conn())?;
    Ok(token)
}

/// Spends a token. Its successor is kept until that one is presented in turn; then nobody can still be waiting for it.
fn rotate(tx: &mut Tx<'_>, id: SignInId, spent: &OpaqueToken) -> Result<OpaqueToken, StoreError> {
    let successor = issue(tx, id)?;
    let practice = AsText(tx.caller().practice);
    let now = tx.now().naive_utc();
    let sealed = tx.seal(place(id), &*successor.expose())?;
    let waiting = refresh_tokens::table
        .filter(refresh_tokens::practice_id.eq(practice).and(refresh_tokens::sign_in_id.eq(AsText(id))))
        .filter(refresh_tokens::successor.is_not_null());
    diesel::update(waiting).set(refresh_tokens::successor.eq(None::<Vec<u8>>)).execute(tx.conn())?;
    diesel::update(refresh_tokens::table.find((practice, AsText(id), spent.hash())))
        .set((refresh_tokens::spent_at.eq(Some(now)), refresh_tokens::successor.eq(Some(sealed))))
        .execute(tx.conn())?;
    Ok(successor)
}

/// What is stored of a token.
struct Stored {
    spent_at: Option<DateTime<Utc>>,
    successor: Option<Vec<u8>>,
}

fn find_token(tx: &mut Tx<'_>, id: SignInId, token: &OpaqueToken) -> Result<Option<Stored>, StoreError> {
    let key = (AsText(tx.caller().practice), AsText(id), token.hash());
    let row: Option<(Option<NaiveDateTime>, Option<Vec<u8>>)> = refresh_tokens::table
        .find(key)
        .select((refresh_tokens::spent_at, refresh_tokens::successor))
        .first(tx.conn())
        .optional()?;
    Ok(row.map(|(spent_at, successor)| Stored { spent_at: spent_at.map(|at| at.and_utc()), successor }))
}

impl Stored {
    fn state(&self) -> TokenState {
        let spent = |at| TokenState::Spent { at, successor_unused: self.successor.is_some() };
        self.spent_at.map_or(TokenState::Current, spent)
    }

    fn successor(&self, tx: &mut Tx<'_>, id: SignInId) -> Result<OpaqueToken, StoreError> {
        let unreadable = StoreError::Corrupt("refresh_tokens.successor");
        let Some(sealed) = &self.successor else { return Err(unreadable) };
        let text: Zeroizing<String> = Zeroizing::new(tx.open(place(id), sealed)?);
        OpaqueToken::read(TokenKind::Refresh, &text).ok_or(unreadable)
    }
}

fn place(id: SignInId) -> Place {
    Place { column: "refresh_tokens.successor", row: id.0 }
}
