use std::collections::BTreeSet;

use serde_json::json;

use super::{complaints, example_with, fields, read};
use crate::exercises::{Depth, Kind, STARTER_ID_LENGTH, starters};

#[test]
fn the_deck_has_enough_of_each_depth_and_none_twice() {
    for depth in Depth::ALL {
        assert!(starters().iter().filter(|starter| starter.depth == *depth).count() >= 24, "{depth}");
    }
    let ids: BTreeSet<_> = starters().iter().map(|starter| starter.id).collect();
    let texts: BTreeSet<_> = starters().iter().map(|starter| starter.text.to_lowercase()).collect();
    assert_eq!((ids.len(), texts.len()), (starters().len(), starters().len()));
    assert!(starters().is_sorted_by_key(|starter| starter.depth));
}

#[test]
fn every_starter_asks_or_invites_in_few_words() {
    for starter in starters() {
        let invites =
            ["Tell ", "Show "].iter().any(|word| starter.text.starts_with(word)) && starter.text.ends_with('.');
        assert!(invites || starter.text.ends_with('?'), "{}", starter.id);
        assert!(starter.text.chars().count() <= 200, "{}", starter.id);
        let plain = starter.id.bytes().all(|letter| letter.is_ascii_lowercase() || letter == b'-');
        assert!(plain && starter.id.len() as u64 <= STARTER_ID_LENGTH, "{}", starter.id);
    }
}

#[test]
fn no_starter_asks_for_the_breach_for_forgiveness_or_takes_a_life_for_granted() {
    let never = [
        "forgiv",
        "affair",
        "cheat",
        "betray",
        "lie to",
        "lied",
        "secret",
        "confess",
        "husband",
        "wife",
        "boyfriend",
        "girlfriend",
        "marriage",
        "wedding",
        "married",
        "our children",
        "your children",
        "kids",
        "god",
        "pray",
        "church",
    ];
    for starter in starters() {
        let text = starter.text.to_lowercase();
        assert_eq!(never.iter().find(|word| text.contains(**word)), None, "{}", starter.id);
    }
}

#[test]
fn a_share_names_a_starter_of_the_deck_or_none() {
    let kind = Kind::VulnerabilityShare;
    for starter in starters() {
        assert!(complaints(&example_with(kind, "starter", json!(starter.id)).unwrap()).is_empty());
    }
    assert_eq!(complaints(&example_with(kind, "starter", json!("first-lie")).unwrap()), ["starter"]);
    let mut before_there_was_a_deck = fields(&kind.example());
    before_there_was_a_deck.remove("starter");
    assert!(complaints(&read(kind, before_there_was_a_deck).unwrap()).is_empty());
}
