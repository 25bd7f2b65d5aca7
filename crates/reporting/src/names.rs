//! What the people in a document are called.

use std::{
    collections::{BTreeSet, HashMap},
    fmt::Display,
    hash::Hash,
};

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

/// What to call partners where there is little room: by their first names, if those tell everyone apart; else by their whole names.
pub(crate) fn short_names(names: &HashMap<PartnerId, String>) -> HashMap<PartnerId, String> {
    let first = |name: &String| name.split_whitespace().next().unwrap_or_default().to_owned();
    // Who came back is a partner twice, under one name.
    let whole: BTreeSet<&String> = names.values().collect();
    let firsts: BTreeSet<String> = names.values().map(|name| first(name).to_lowercase()).collect();
    // An initial or a title calls nobody.
    let call_someone = firsts.iter().all(|first| !first.ends_with('.'));
    if whole.len() == firsts.len() && call_someone {
        names.iter().map(|(id, name)| (*id, first(name))).collect()
    } else {
        names.clone()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn called(names: &[&str]) -> Vec<String> {
        let numbered: Vec<_> = (1..).map(|number| PartnerId::from(Uuid::from_u128(number))).zip(names).collect();
        let short = short_names(&numbered.iter().map(|(id, name)| (*id, (*name).to_string())).collect());
        numbered.iter().map(|(id, _)| short[id].clone()).collect()
    }

    #[test]
    fn first_names_are_enough_where_they_tell_partners_apart() {
        assert_eq!(called(&["Naomi Hartwell", "Theo Hartwell"]), ["Naomi", "Theo"]);
        assert_eq!(called(&["Naomi Hartwell", "Theo Hartwell", "Naomi Hartwell"]), ["Naomi", "Theo", "Naomi"]);
        assert_eq!(called(&["Kim", "Lee"]), ["Kim", "Lee"]);
    }

    #[test]
    fn whole_names_are_kept_where_first_names_are_not_enough() {
        for names in [["Kim Park", "kim Olsen"], ["Kim", "Kim Olsen"], ["Dr. Kim Park", "Lee Olsen"]] {
            assert_eq!(called(&names), names);
        }
    }
}
