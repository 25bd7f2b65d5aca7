//! What an author has told of already, where one thing is told of once.

use diesel::prelude::*;
use domain::{
    couple::Couple,
    entry::{Author, Entry},
    exercises::Kind,
};

use super::{Row, author_text, readable};
use crate::{StoreError, View, columns::AsText, couples, schema::entries};

/// How many entries of one kind by one author are looked at: the latest.
const MOST_TOLD: i64 = 2_000;

/// What an author has handed in of a kind, under any of their memberships, as far as everyone may read it who has to be able to see what
/// they name. In no order.
///
/// It stays so until the unit of work that asks has written, because the writes of one practice follow one another (`begin_writing` in
/// `store.rs`): of two that tell of one thing at once, the second finds the first. No constraint could do that: what they tell of is sealed.
pub(crate) fn list_told(
    view: &mut View<'_>,
    couple: &Couple,
    author: Author,
    kind: Kind,
) -> Result<Vec<Entry>, StoreError> {
    let rows: Vec<Row> = entries::table
        .filter(entries::practice_id.eq(AsText(view.caller().practice)))
        .filter(entries::couple_id.eq(AsText(couple.id)).and(entries::kind.eq(AsText(kind))))
        .filter(entries::submitted_at.is_not_null().and(entries::author.eq_any(written_as(author, couple))))
        .order((entries::recorded_on.desc(), entries::id.desc()))
        .limit(MOST_TOLD)
        .select(Row::as_select())
        .load(view.conn())?;
    let readers = author.readers(couple, couples::reader(view, couple)?);
    readable(view, couple, &readers, rows)
}

/// The author as entries name them.
fn written_as(author: Author, couple: &Couple) -> Vec<String> {
    let Author::Partner(partner) = author else { return vec![author_text(author)] };
    let memberships = couple.partners.iter().filter(|member| couple.same_person(member.id, partner));
    memberships.map(|member| author_text(Author::Partner(member.id))).collect()
}
