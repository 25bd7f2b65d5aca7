//! The arrows between the crates, and who may know which library.
//!
//! Cargo holds an arrow only as long as nobody adds the line that breaks it; this test reads every manifest's lines, for all
//! targets, optional or not. Development dependencies count too, except for what `domain` may use: its tests may use more.

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const API: &str = "tenfold";
const DOMAIN: &str = "tenfold-domain";
const REPORTING: &str = "tenfold-reporting";
const STORE: &str = "tenfold-store";
const TESTS: &str = "tenfold-tests";

/// Each crate of ours, and those of ours it may depend on.
const ARROWS: [(&str, &[&str]); 5] = [
    (DOMAIN, &[]),
    (STORE, &[DOMAIN]),
    (REPORTING, &[DOMAIN]),
    (API, &[DOMAIN, REPORTING, STORE]),
    (TESTS, &[API, DOMAIN, STORE]),
];

/// A library, `*` standing for any ending, and the only crates that may name it. The first line that fits counts.
const CONFINED: [(&str, &[&str]); 6] = [
    ("diesel*", &[STORE]),
    ("libsqlite3-sys", &[STORE]),
    ("pq-sys", &[STORE]),
    // The tests call the application in their own process, through actix's test client.
    ("actix-web", &[API, TESTS]),
    ("actix-*", &[API]),
    ("utoipa-*", &[API]),
];

/// All that the rules may be written with: types, dates, errors; nothing that reads a clock, a file or the network. `jsonschema`
/// could fetch what a schema refers to, but for its features: the workspace's manifest takes it without them.
const DOMAIN_MAY_USE: [&str; 10] =
    ["chrono", "chrono-tz", "jsonschema", "rrule", "serde", "serde_json", "thiserror", "utoipa", "uuid", "validator"];

struct Dependency {
    name: String,
    for_tests: bool,
}

type Manifests = BTreeMap<String, Vec<Dependency>>;

#[test]
fn every_crate_of_ours_has_its_place() {
    let known: BTreeMap<&str, &[&str]> = ARROWS.into_iter().collect();

    let manifests = manifests();

    let ours: Vec<&str> = manifests.keys().map(String::as_str).collect();
    let placed: Vec<&str> = known.into_keys().collect();
    assert_eq!(ours, placed, "a crate came or went: give it its arrows in this test and in crates/README.md");
}

#[test]
fn crates_of_ours_depend_along_the_arrows_only() {
    let manifests = manifests();

    let breaches = ARROWS.iter().flat_map(|(owner, allowed)| {
        let ours = named_by(&manifests, owner).filter(|dependency| manifests.contains_key(&dependency.name));
        let stray = ours.filter(|dependency| !allowed.contains(&dependency.name.as_str()));
        stray.map(move |dependency| format!("{owner} must not depend on {}; it may on {allowed:?}", dependency.name))
    });

    assert_none(breaches);
}

#[test]
fn a_confined_library_is_named_only_where_it_belongs() {
    let manifests = manifests();

    let breaches = manifests.keys().flat_map(|owner| {
        let named = named_by(&manifests, owner);
        named.filter_map(move |dependency| {
            let (pattern, places) = CONFINED.iter().find(|(pattern, _)| matches(pattern, &dependency.name))?;
            let stray = !places.contains(&owner.as_str());
            stray.then(|| format!("{owner} must not depend on {}: {pattern} belongs to {places:?}", dependency.name))
        })
    });

    assert_none(breaches);
}

#[test]
fn the_domain_is_pure() {
    let manifests = manifests();

    let in_use = named_by(&manifests, DOMAIN).filter(|dependency| !dependency.for_tests);
    let stray = in_use.filter(|dependency| !DOMAIN_MAY_USE.contains(&dependency.name.as_str()));

    assert_none(stray.map(|dependency| {
        format!("{DOMAIN} must not depend on {}; the rules get by with {DOMAIN_MAY_USE:?}", dependency.name)
    }));
}

fn assert_none(breaches: impl Iterator<Item = String>) {
    let breaches: Vec<String> = breaches.collect();
    assert!(
        breaches.is_empty(),
        "the layering is broken (crates/README.md says why it is so):\n{}",
        breaches.join("\n")
    );
}

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |beginning| name.starts_with(beginning))
}

fn named_by<'a>(manifests: &'a Manifests, owner: &str) -> impl Iterator<Item = &'a Dependency> {
    manifests.get(owner).into_iter().flatten()
}

/// The workspace's manifests as Cargo understands them. It needs no network: nothing is resolved.
fn manifests() -> Manifests {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace above this package");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["metadata", "--format-version", "1", "--no-deps", "--offline", "--locked"]).current_dir(root);
    let output = cargo.output().expect("cargo");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON from cargo metadata");
    list(&metadata, "packages").iter().map(|package| (text(package, "name"), dependencies(package))).collect()
}

/// By their names in the registry: renaming a library in a manifest does not hide it.
fn dependencies(package: &Value) -> Vec<Dependency> {
    let read = |dependency| Dependency { name: text(dependency, "name"), for_tests: dependency["kind"] == "dev" };
    list(package, "dependencies").iter().map(read).collect()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value[key].as_array().expect("a list in cargo metadata")
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().expect("a text in cargo metadata").to_owned()
}
