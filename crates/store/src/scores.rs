//! Scores of instruments. What they came to and on which day is sealed.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::{
    couple::Couple,
    ids::{CoupleId, PartnerId, PracticeId, ScoreId, StaffId},
    score::Score,
    visibility::may_see_score,
};
use serde::{Deserialize, Serialize};

use crate::{Page, Slice, StoreError, Tx, View, columns::AsText, couples, page::after, schema::scores, seal::Place};

/// How many scores of one instrument are looked at for change: the first ones, which no couple has as many of.
const MOST_OF_INSTRUMENT: i64 = 2_000;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = scores, treat_none_as_null = true)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<ScoreId>,
    couple_id: AsText<CoupleId>,
    partner_id: AsText<PartnerId>,
    instrument: String,
    shared_with_partner: bool,
    superseded_by_id: Option<AsText<ScoreId>>,
    entered_by_id: AsText<StaffId>,
    sealed: Vec<u8>,
    created_at: NaiveDateTime,
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    value: f64,
    taken_on: NaiveDate,
    instrument_version: u16,
}

impl Row {
    fn of(view: &mut View<'_>, score: &Score) -> Result<Self, StoreError> {
        let Score { value, taken_on, instrument_version, .. } = *score;
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(score.id),
            couple_id: AsText(score.couple),
            partner_id: AsText(score.partner),
            instrument: score.instrument.clone(),
            shared_with_partner: score.shared_with_partner,
            superseded_by_id: score.superseded_by.map(AsText),
            entered_by_id: AsText(score.entered_by),
            sealed: view.seal(place(score.id), &Sealed { value, taken_on, instrument_version })?,
            created_at: score.created_at.naive_utc(),
            version: score.version,
        })
    }

    fn score(self, view: &mut View<'_>) -> Result<Score, StoreError> {
        let sealed: Sealed = view.open(place(self.id.0), &self.sealed)?;
        Ok(Score {
            id: self.id.0,
            couple: self.couple_id.0,
            partner: self.partner_id.0,
            instrument: self.instrument,
            instrument_version: sealed.instrument_version,
            taken_on: sealed.taken_on,
            value: sealed.value,
            shared_with_partner: self.shared_with_partner,
            superseded_by: self.superseded_by_id.map(|AsText(id)| id),
            entered_by: self.entered_by_id.0,
            created_at: self.created_at.and_utc(),
            version: self.version,
        })
    }
}

fn place(id: ScoreId) -> Place {
    Place { column: "scores.sealed", row: id.0 }
}

/// A score that exists for the caller, with its couple.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none for this caller.
pub fn find(view: &mut View<'_>, id: ScoreId) -> Result<(Score, Couple), StoreError> {
    let practice = AsText(view.caller().practice);
    let row: Row = scores::table.find((practice, AsText(id))).select(Row::as_select()).first(view.conn())?;
    let couple = couples::find(view, row.couple_id.0)?;
    let score = row.score(view)?;
    if may_see_score(couples::reader(view, &couple)?, &couple, &score) {
        Ok((score, couple))
    } else {
        Err(StoreError::NotFound)
    }
}

/// The scores of a couple that exist for the caller, in the order in which they were entered.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, couple: &Couple, page: Page) -> Result<Slice<Score>, StoreError> {
    let reader = couples::reader(view, couple)?;
    Slice::filled(
        page,
        |page| batch(view, couple.id, page),
        |score| (score.created_at, score.id.0),
        |score| may_see_score(reader, couple, score),
    )
}

fn batch(view: &mut View<'_>, couple: CoupleId, page: Page) -> Result<Vec<Score>, StoreError> {
    let caller = view.caller();
    let mut query = scores::table
        .filter(scores::practice_id.eq(AsText(caller.practice)))
        .filter(scores::couple_id.eq(AsText(couple)))
        .order((scores::created_at, scores::id))
        .limit(page.limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(client) = caller.client() {
        let theirs = scores::partner_id.eq_any(couples::memberships_of!(client, caller));
        query = query.filter(scores::shared_with_partner.and(theirs));
    }
    let rows: Vec<Row> = after!(query, page, scores::created_at, scores::id).load(view.conn())?;
    rows.into_iter().map(|row| row.score(view)).collect()
}

/// The scores of a couple by one instrument that still hold, for those who may see both partners'. Nothing is left out for anybody here.
///
/// # Errors
/// If the database fails.
pub fn list_of_instrument(view: &mut View<'_>, couple: CoupleId, slug: &str) -> Result<Vec<Score>, StoreError> {
    let rows: Vec<Row> = scores::table
        .filter(scores::practice_id.eq(AsText(view.caller().practice)))
        .filter(scores::couple_id.eq(AsText(couple)).and(scores::instrument.eq(slug)))
        .filter(scores::superseded_by_id.is_null())
        .order(scores::created_at)
        .limit(MOST_OF_INSTRUMENT)
        .select(Row::as_select())
        .load(view.conn())?;
    rows.into_iter().map(|row| row.score(view)).collect()
}

/// Keeps a new score.
///
/// # Errors
/// If the database fails.
pub fn insert(tx: &mut Tx<'_>, score: &Score) -> Result<(), StoreError> {
    let row = Row::of(tx, score)?;
    diesel::insert_into(scores::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps a score that was shared or corrected.
///
/// # Errors
/// If the database fails.
pub fn update(tx: &mut Tx<'_>, score: &Score) -> Result<(), StoreError> {
    let row = Row::of(tx, score)?;
    diesel::update(scores::table.find((row.practice_id, row.id))).set(row).execute(tx.conn())?;
    Ok(())
}
