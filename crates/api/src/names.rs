//! What the partners of a couple are called, for documents and charts.

use std::collections::HashMap;

use domain::{
    couple::{Couple, Partner},
    ids::PartnerId,
};
use store::{View, clients};

use crate::problem::Problem;

/// The name of everyone who was ever a partner of a couple.
pub(crate) fn of_partners(view: &mut View<'_>, couple: &Couple) -> Result<HashMap<PartnerId, String>, Problem> {
    let ids: Vec<_> = couple.partners.iter().map(|partner| partner.client).collect();
    let clients: HashMap<_, _> =
        clients::find_all(view, &ids)?.into_iter().map(|client| (client.id, client.name.into_exposed())).collect();
    let called = |partner: &Partner| (partner.id, clients.get(&partner.client).cloned().unwrap_or_default());
    Ok(couple.partners.iter().map(called).collect())
}
