//! Which methods each path can be asked with, taken from the document, so that `Allow` never says something else.

use utoipa::openapi::path::{PathItem, Paths};

#[derive(Debug)]
pub(super) struct Methods(Vec<(String, Vec<&'static str>)>);

impl Methods {
    pub(super) fn of(paths: &Paths) -> Self {
        Self(paths.paths.iter().map(|(template, item)| (template.clone(), methods_of(item))).collect())
    }

    pub(super) fn allowed(&self, path: &str) -> Option<String> {
        let here = self.0.iter().filter(|(template, _)| matches(template, path));
        let mut methods: Vec<&str> = here.flat_map(|(_, methods)| methods.iter().copied()).collect();
        if methods.is_empty() {
            return None;
        }
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        methods.sort_unstable();
        methods.dedup();
        Some(methods.join(", "))
    }
}

fn methods_of(item: &PathItem) -> Vec<&'static str> {
    let operations = [
        ("GET", &item.get),
        ("PUT", &item.put),
        ("POST", &item.post),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ];
    operations.iter().filter(|(_, operation)| operation.is_some()).map(|(method, _)| *method).collect()
}

fn matches(template: &str, path: &str) -> bool {
    let (mut wanted, mut given) = (template.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(wanted), Some(given)) if fits(wanted, given) => {}
            _ => return false,
        }
    }
}

fn fits(wanted: &str, given: &str) -> bool {
    if wanted.starts_with('{') { !given.is_empty() } else { wanted == given }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_fits_its_template_and_no_other() {
        assert!(matches("/v1/couples/{couple_id}", "/v1/couples/7"));
        assert!(matches("/v1/me", "/v1/me"));
        for other in ["/v1/couples", "/v1/couples/", "/v1/couples/7/entries", "/v1/clients/7"] {
            assert!(!matches("/v1/couples/{couple_id}", other), "{other}");
        }
    }
}
