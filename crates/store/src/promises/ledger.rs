//! The ledger of a couple over a range of days.

use chrono::NaiveDate;
use diesel::prelude::*;
use domain::{
    couple::Couple,
    ids::PartnerId,
    promise::{Outcome, Promise},
    visibility::Reader,
};

use super::{Row, outcomes_between};
use crate::{StoreError, View, columns::AsText, schema::promises};

/// How many promises of a range are looked at: the newest. Few couples make a hundred.
const MOST: u16 = 500;

/// The promises that held on a day of a range, oldest first, each with what was said of the days it was due in that range.
#[derive(Debug, Default)]
pub struct Ledger {
    /// The promises.
    pub promises: Vec<(Promise, Vec<Outcome>)>,
    /// Whether there are more: these are the newest.
    pub cut: bool,
}

/// The ledger of a couple over a range, of the promises that could exist for each of these readers: what progress is made of. Which of
/// them do, the domain says.
///
/// # Errors
/// If the database fails.
pub fn list_between(
    view: &mut View<'_>,
    couple: &Couple,
    readers: &[Reader],
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Ledger, StoreError> {
    let mut query = promises::table
        .filter(promises::practice_id.eq(AsText(view.caller().practice)))
        .filter(promises::couple_id.eq(AsText(couple.id)))
        .filter(promises::starts_on.le(until))
        .filter(promises::until_on.is_null().or(promises::until_on.ge(from)))
        .order((promises::created_at.desc(), promises::id.desc()))
        .limit(i64::from(MOST) + 1)
        .select(Row::as_select())
        .into_boxed();
    for memberships in readers.iter().filter_map(|reader| memberships(couple, *reader)) {
        query = query.filter(promises::maker_id.eq_any(memberships.clone()).or(promises::to_id.eq_any(memberships)));
    }
    let mut rows: Vec<Row> = query.load(view.conn())?;
    let cut = rows.len() > usize::from(MOST);
    rows.truncate(usize::from(MOST));
    rows.reverse();
    Ok(Ledger { promises: with_outcomes(view, couple, rows, (from, until))?, cut })
}

/// The memberships of a partner who reads: what was promised between others does not exist for them, and takes no place. `None` for
/// staff.
fn memberships(couple: &Couple, reader: Reader) -> Option<Vec<AsText<PartnerId>>> {
    let Reader::Partner(own) = reader else { return None };
    let theirs = couple.partners.iter().filter(|partner| couple.same_person(partner.id, own));
    Some(theirs.map(|partner| AsText(partner.id)).collect())
}

fn with_outcomes(
    view: &mut View<'_>,
    couple: &Couple,
    rows: Vec<Row>,
    (from, until): (NaiveDate, NaiveDate),
) -> Result<Vec<(Promise, Vec<Outcome>)>, StoreError> {
    let mut said = outcomes_between(view, couple.id, from, until)?;
    let with_outcomes = |row: Row| {
        let outcomes = said.remove(&row.id.0).unwrap_or_default();
        let people = (row.maker_id.0, row.to_id.0);
        let outcomes = outcomes.into_iter().map(|row| row.outcome(people)).collect::<Result<_, _>>()?;
        Ok((row.promise(view)?, outcomes))
    };
    rows.into_iter().map(with_outcomes).collect()
}
