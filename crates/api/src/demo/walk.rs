//! The walk through the main job, to be pasted into a shell. It is a script in `walk.sh`, with the ids of this demo filled in.

use super::{Demo, HANDLE, PASSWORD};

/// Who walks: her couples are listed, and the walk is about one of them.
pub(super) const COUNSELOR: &str = "anna";
/// What she calls that couple.
pub(super) const COUPLE: &str = "Naomi and Theo";

/// The walk, against the server at this address.
pub(super) fn through(demo: &Demo, url: &str) -> String {
    let [naomi, theo] = demo.partners;
    include_str!("walk.sh")
        .replace("{url}", url)
        .replace("{practice}", HANDLE)
        .replace("{password}", PASSWORD)
        .replace("{couple}", &demo.couple.to_string())
        .replace("{naomi}", &naomi.to_string())
        .replace("{theo}", &theo.to_string())
        .replace("{session}", &demo.session.to_string())
        .replace("{from}", &demo.from.to_string())
        .replace("{until}", &demo.until.to_string())
}
