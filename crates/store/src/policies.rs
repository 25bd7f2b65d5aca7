//! Confidentiality policies, and who acknowledged them.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::{
    confidential::Confidential,
    couple::Couple,
    ids::{CoupleId, PartnerId, PolicyId, PracticeId, StaffId},
    policy::{Acknowledgement, ConfidentialityPolicy, PolicyKind},
    recorded_by::RecordedBy,
    visibility::policies_known_to,
};
use serde::{Deserialize, Serialize};

use crate::{
    StoreError, Tx, View,
    columns::AsText,
    couples,
    schema::{acknowledgements, policies},
    seal::Place,
};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = policies)]
struct Row {
    practice_id: AsText<PracticeId>,
    id: AsText<PolicyId>,
    couple_id: AsText<CoupleId>,
    number: i32,
    kind: AsText<PolicyKind>,
    in_force_from: NaiveDate,
    sealed: Vec<u8>,
    created_at: NaiveDateTime,
    version: i64,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    text: Option<Confidential>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = acknowledgements)]
struct AcknowledgementRow {
    practice_id: AsText<PracticeId>,
    policy_id: AsText<PolicyId>,
    partner_id: AsText<PartnerId>,
    at: NaiveDateTime,
    recorded_by_staff_id: Option<AsText<StaffId>>,
}

impl Row {
    fn of(view: &mut View<'_>, policy: &ConfidentialityPolicy) -> Result<Self, StoreError> {
        Ok(Self {
            practice_id: AsText(view.caller().practice),
            id: AsText(policy.id),
            couple_id: AsText(policy.couple),
            number: policy.number,
            kind: AsText(policy.kind),
            in_force_from: policy.in_force_from,
            sealed: view.seal(place(policy.id), &Sealed { text: policy.text.clone() })?,
            created_at: policy.created_at.naive_utc(),
            version: policy.version,
        })
    }

    fn policy(
        self,
        view: &mut View<'_>,
        acknowledgements: Vec<Acknowledgement>,
    ) -> Result<ConfidentialityPolicy, StoreError> {
        let Sealed { text } = view.open(place(self.id.0), &self.sealed)?;
        Ok(ConfidentialityPolicy {
            id: self.id.0,
            couple: self.couple_id.0,
            number: self.number,
            kind: self.kind.0,
            in_force_from: self.in_force_from,
            text,
            acknowledgements,
            created_at: self.created_at.and_utc(),
            version: self.version,
        })
    }
}

impl From<AcknowledgementRow> for Acknowledgement {
    fn from(row: AcknowledgementRow) -> Self {
        let partner = row.partner_id.0;
        let recorded_by = row.recorded_by_staff_id;
        let recorded_by = recorded_by.map_or(RecordedBy::Partner(partner), |AsText(id)| RecordedBy::Staff(id));
        Self { partner, at: row.at.and_utc(), recorded_by }
    }
}

fn place(id: PolicyId) -> Place {
    Place { column: "policies.sealed", row: id.0 }
}

/// A policy that exists for the caller, with its couple.
///
/// # Errors
/// [`StoreError::NotFound`] if there is none, or none for this caller.
pub fn find(view: &mut View<'_>, id: PolicyId) -> Result<(ConfidentialityPolicy, Couple), StoreError> {
    let key = (AsText(view.caller().practice), AsText(id));
    let AsText(couple): AsText<CoupleId> = policies::table.find(key).select(policies::couple_id).first(view.conn())?;
    let couple = couples::find(view, couple)?;
    let found = list_known(view, &couple)?.into_iter().find(|policy| policy.id == id);
    Ok((found.ok_or(StoreError::NotFound)?, couple))
}

/// The versions of a couple's policy that exist for the caller, as they count them, the first one first.
///
/// # Errors
/// If the database fails.
pub fn list_known(view: &mut View<'_>, couple: &Couple) -> Result<Vec<ConfidentialityPolicy>, StoreError> {
    Ok(policies_known_to(couples::reader(view, couple)?, couple, list(view, couple.id)?))
}

/// Every version of a couple's policy, the first one first: there are few. For what is decided by them, not to be shown.
///
/// # Errors
/// If the database fails.
pub fn list(view: &mut View<'_>, couple: CoupleId) -> Result<Vec<ConfidentialityPolicy>, StoreError> {
    list_of(view, &[AsText(couple)])
}

/// Every version of the policies of some couples, each couple's first one first.
pub(crate) fn list_of(
    view: &mut View<'_>,
    couples: &[AsText<CoupleId>],
) -> Result<Vec<ConfidentialityPolicy>, StoreError> {
    let rows: Vec<Row> = policies::table
        .filter(policies::practice_id.eq(AsText(view.caller().practice)))
        .filter(policies::couple_id.eq_any(couples))
        .order((policies::couple_id, policies::number))
        .select(Row::as_select())
        .load(view.conn())?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let mut given = acknowledgements_of(view, &ids)?;
    rows.into_iter()
        .map(|row| {
            let given = given.remove(&row.id.0).unwrap_or_default();
            row.policy(view, given)
        })
        .collect()
}

fn acknowledgements_of(
    view: &mut View<'_>,
    ids: &[AsText<PolicyId>],
) -> Result<HashMap<PolicyId, Vec<Acknowledgement>>, StoreError> {
    let rows: Vec<AcknowledgementRow> = acknowledgements::table
        .filter(acknowledgements::practice_id.eq(AsText(view.caller().practice)))
        .filter(acknowledgements::policy_id.eq_any(ids))
        .order((acknowledgements::at, acknowledgements::partner_id))
        .select(AcknowledgementRow::as_select())
        .load(view.conn())?;
    let mut given: HashMap<_, Vec<_>> = HashMap::new();
    for row in rows {
        given.entry(row.policy_id.0).or_default().push(row.into());
    }
    Ok(given)
}

/// Keeps a new policy.
///
/// # Errors
/// [`StoreError::Conflict`] if the couple has one of this number.
pub fn insert(tx: &mut Tx<'_>, policy: &ConfidentialityPolicy) -> Result<(), StoreError> {
    let row = Row::of(tx, policy)?;
    diesel::insert_into(policies::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Keeps the acknowledgement that a policy got last.
///
/// # Errors
/// [`StoreError::Conflict`] if this partner has acknowledged it before.
pub fn insert_acknowledgement(
    tx: &mut Tx<'_>,
    policy: &ConfidentialityPolicy,
    given: &Acknowledgement,
) -> Result<(), StoreError> {
    let practice_id = AsText(tx.caller().practice);
    let row = AcknowledgementRow {
        practice_id,
        policy_id: AsText(policy.id),
        partner_id: AsText(given.partner),
        at: given.at.naive_utc(),
        recorded_by_staff_id: given.recorded_by.staff().map(AsText),
    };
    diesel::insert_into(acknowledgements::table).values(row).execute(tx.conn())?;
    diesel::update(policies::table.find((practice_id, AsText(policy.id))))
        .set(policies::version.eq(policy.version))
        .execute(tx.conn())?;
    Ok(())
}
