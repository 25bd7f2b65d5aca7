//! What is known of one language, and finding it in a text.

use std::sync::LazyLock;

use super::{
    Deflection, Finding, Language, de, en, es, fr,
    phrase::{Phrases, Set, Sets},
    words::{Opens, Word, Writing, apart, words},
};

/// What is known of a language, as it is written down.
pub(super) struct Known {
    /// How it is written.
    pub(super) writing: Writing,
    /// Its small words, by which it is recognized.
    pub(super) small_words: &'static str,
    /// What the phrases name by a set.
    pub(super) sets: &'static [Set],
    /// What begins a report: after it, in the same sentence, a phrase is only told of.
    pub(super) told: &'static [&'static str],
    /// What takes back the sentence that it ends: "and that was a lie". A phrase before it is only told of, too.
    pub(super) owned: &'static [&'static str],
    /// One for each kind.
    pub(super) rules: &'static [Rule],
}

/// The phrases of one kind.
pub(super) struct Rule {
    pub(super) kind: Deflection,
    pub(super) why: &'static str,
    pub(super) instead: &'static str,
    /// Each makes a finding.
    pub(super) phrases: &'static [&'static str],
    /// Each excuses the findings that it overlaps.
    pub(super) unless: &'static [&'static str],
}

/// What is known of a language, ready to be compared.
pub(super) struct Table {
    known: &'static Known,
    small_words: Vec<String>,
    told: Phrases,
    owned: Phrases,
    rules: Vec<Compared>,
}

struct Compared {
    rule: &'static Rule,
    phrases: Phrases,
    unless: Phrases,
}

static ENGLISH: LazyLock<Table> = LazyLock::new(|| Table::read(&en::KNOWN));
static SPANISH: LazyLock<Table> = LazyLock::new(|| Table::read(&es::KNOWN));
static GERMAN: LazyLock<Table> = LazyLock::new(|| Table::read(&de::KNOWN));
static FRENCH: LazyLock<Table> = LazyLock::new(|| Table::read(&fr::KNOWN));

/// How many words before a finding an excuse for it may begin.
const LOOK_BACK: usize = 10;

impl Table {
    pub(super) fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::Spanish => &SPANISH,
            Language::German => &GERMAN,
            Language::French => &FRENCH,
        }
    }

    fn read(known: &'static Known) -> Self {
        let sets = Sets::of(known.sets);
        let phrases = |texts: &[&str]| Phrases::of(texts, &sets);
        let compared =
            |rule: &'static Rule| Compared { rule, phrases: phrases(rule.phrases), unless: phrases(rule.unless) };
        Self {
            known,
            small_words: known.small_words.split_whitespace().map(apart).collect(),
            told: phrases(known.told),
            owned: phrases(known.owned),
            rules: known.rules.iter().map(compared).collect(),
        }
    }

    /// How many of the words of a text are small words of this language, and of how many.
    pub(super) fn familiar(&self, text: &str) -> (usize, usize) {
        let words = words(text, &self.known.writing);
        let familiar = words.iter().filter(|word| self.small_words.contains(&word.written));
        (familiar.count(), words.len())
    }

    /// What is found in a text, in order. Of findings that overlap the first stays, and of these the longest; one that lies within
    /// another of a different kind stays too, and the other begins after it.
    pub(super) fn findings(&self, text: &str) -> Vec<Finding> {
        let words = words(text, &self.known.writing);
        let sentences = words.chunk_by(|_, next| next.opens != Opens::Sentence);
        let mut found: Vec<_> = sentences.flat_map(|sentence| self.found_in(sentence)).collect();
        found.sort_by_key(|finding| (finding.start, std::cmp::Reverse(finding.end)));
        let mut apart: Vec<Finding> = Vec::new();
        for finding in found {
            match apart.last_mut() {
                Some(last) if finding.start < last.end => {
                    let rest = words.iter().map(|word| word.start).find(|start| *start >= finding.end);
                    if let Some(start) = rest.filter(|rest| *rest < last.end && finding.kind != last.kind) {
                        let around = std::mem::replace(last, finding);
                        apart.push(Finding { start, ..around });
                    }
                }
                _ => apart.push(finding),
            }
        }
        apart
    }

    fn found_in<'a>(&'a self, sentence: &'a [Word]) -> impl Iterator<Item = Finding> + 'a {
        let told_from = (0..sentence.len()).find(|at| self.told.end(sentence, *at).is_some()).unwrap_or(sentence.len());
        let owned_to = (0..sentence.len()).rfind(|at| self.owned.end(sentence, *at).is_some()).unwrap_or(0);
        let said = (owned_to..told_from).filter(|at| sentence.get(*at).is_some_and(|word| !word.quoted));
        let places = said.flat_map(move |at| self.rules.iter().map(move |rule| (at, rule)));
        places.filter_map(move |(at, rule)| rule.finding(sentence, at))
    }
}

impl Compared {
    /// The longest of the phrases that begin at this word, unless something excuses it.
    fn finding(&self, sentence: &[Word], at: usize) -> Option<Finding> {
        let end = self.phrases.end(sentence, at)?;
        if self.is_excused(sentence, at, end) {
            return None;
        }
        let Rule { kind, why, instead, .. } = *self.rule;
        let (first, last) = (sentence.get(at)?, sentence.get(end - 1)?);
        Some(Finding { kind, start: first.start, end: last.end, why, instead })
    }

    fn is_excused(&self, sentence: &[Word], start: usize, end: usize) -> bool {
        let excused_to = |from| self.unless.end(sentence, from);
        (start.saturating_sub(LOOK_BACK)..end).any(|from| excused_to(from).is_some_and(|to| to > start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_each_kind_once_and_names_only_sets_that_are_there() {
        for known in [&en::KNOWN, &es::KNOWN, &de::KNOWN, &fr::KNOWN] {
            let kinds: Vec<_> = known.rules.iter().map(|rule| rule.kind).collect();
            assert_eq!(kinds, Deflection::ALL);
            let phrases = known.rules.iter().flat_map(|rule| rule.phrases.iter().chain(rule.unless));
            for phrase in phrases.chain(known.told).chain(known.owned) {
                assert_names_only(known.sets, phrase);
            }
            for (place, (_, said)) in known.sets.iter().enumerate() {
                assert_names_only(&known.sets[..place], said);
            }
        }
    }

    fn assert_names_only(sets: &[Set], phrase: &str) {
        for set in phrase.split([' ', '|', '!', '?', '_', '\n']).filter_map(|step| step.strip_prefix('@')) {
            assert!(sets.iter().any(|(name, _)| *name == set), "@{set} in {phrase}");
        }
    }

    #[test]
    fn every_advice_is_a_sentence() {
        for known in [&en::KNOWN, &es::KNOWN, &de::KNOWN, &fr::KNOWN] {
            for advice in known.rules.iter().flat_map(|rule| [rule.why, rule.instead]) {
                assert!(advice.ends_with('.') && advice.chars().count() <= 200, "{advice}");
            }
        }
    }
}
