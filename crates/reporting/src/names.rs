//! What the people in a document are called.

use std::{collections::HashMap, fmt::Display, hash::Hash};

use domain::ids::{PartnerId, StaffId};
use serde::Serialize;

/// Someone, by id and by name.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Their id: of a membership in the couple, or of a member of the staff.
    pub id: String,
    /// What they are called.
    pub name: String,
}

/// What the people in a document are called.
#[derive(Clone, Default)]
pub struct Names {
    /// The partners.
    pub partners: HashMap<PartnerId, String>,
    /// The staff.
    pub staff: HashMap<StaffId, String>,
}

impl Names {
    pub(crate) fn partner(&self, id: PartnerId) -> Person {
        person(&self.partners, id)
    }

    pub(crate) fn member(&self, id: StaffId) -> Person {
        person(&self.staff, id)
    }
}

fn person<I: Copy + Eq + Hash + Display>(names: &HashMap<I, String>, id: I) -> Person {
    Person { id: id.to_string(), name: names.get(&id).cloned().unwrap_or_default() }
}
