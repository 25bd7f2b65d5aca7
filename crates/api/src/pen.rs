//! Who writes, and for whom: partners for themselves, staff on a partner's behalf.

use domain::{
    couple::Couple,
    ids::{PartnerId, StaffId},
    recorded_by::RecordedBy,
};
use store::View;

use crate::problem::{FieldError, Problem};

/// Who holds the pen, and whose word it is.
pub(crate) struct Pen {
    /// Whose word it is.
    pub(crate) partner: PartnerId,
    /// Who holds the pen.
    pub(crate) recorded_by: RecordedBy,
}

/// The pen of the caller: a partner may leave out who they are, staff have to name the partner.
pub(crate) fn of(view: &View<'_>, couple: &Couple, named: Option<PartnerId>) -> Result<Pen, Problem> {
    let recorded_by = recorded_by(view, couple)?;
    let partner = named.or(recorded_by.partner()).ok_or_else(|| {
        Problem::invalid(vec![FieldError::body("/partner_id", "required", "names the partner whose word this is")])
    })?;
    Ok(Pen { partner, recorded_by })
}

/// As whom the caller writes in a couple's record.
pub(crate) fn recorded_by(view: &View<'_>, couple: &Couple) -> Result<RecordedBy, Problem> {
    let caller = view.caller();
    let partner = caller.client().and_then(|client| couple.partner_of(client)).map(|own| RecordedBy::Partner(own.id));
    partner.or(caller.staff().map(RecordedBy::Staff)).ok_or_else(Problem::not_found)
}

/// The staff member who acts; nobody else gets as far as where this is asked.
pub(crate) fn staff(view: &View<'_>) -> Result<StaffId, Problem> {
    view.caller().staff().ok_or_else(Problem::not_found)
}
