//! How well the tables do on sentences labelled by hand, and what holds for any text at all.
#![expect(
    clippy::print_stdout,
    reason = "the figures are what the test is for: `cargo test -p tenfold-domain deflects -- --nocapture`"
)]

use std::fmt;

use proptest::prelude::*;

use super::{Deflection, Language, check, check_draft};
use crate::exercises::{ApologyDraft, ApologyPart, Form};

/// Sentences labelled by hand: a line has the language, the label and the sentence.
struct Set {
    name: &'static str,
    lines: &'static str,
    /// Precision and recall when the set was first measured, before any table was changed for its sake. What a counselor may
    /// expect of a text that nobody saw is this, and not what the test prints now.
    first: Option<(f64, f64)>,
}

/// The sets in the order they were written. From the third on each was written whole before it was measured once; then it was seen,
/// and the tables learned constructions from it, so that by now none is unseen. (The fifth and the sixth are by the one who had just
/// widened the tables.) The `tuned` sentences were never held out, but for two sets among them with a recall of 0.55 and 0.48.
///
/// Half of each set is honest, much of it on purpose near to what deflects: when first measured, 11 of the 96 honest sentences of
/// the fourth were taken for deflecting, and 6 of the 108 of the fifth and the sixth. The tables as they were before the fourth was
/// seen, measured on the same two sets: precision 0.848 and recall 0.696 on the fifth, 0.758 and 0.481 on the sixth.
const SETS: [Set; 5] = [
    Set { name: "tuned", lines: include_str!("labelled/tuned.tsv"), first: None },
    Set { name: "third", lines: include_str!("labelled/third.tsv"), first: Some((0.976, 0.932)) },
    Set { name: "fourth", lines: include_str!("labelled/fourth.tsv"), first: Some((0.882, 0.854)) },
    Set { name: "fifth", lines: include_str!("labelled/fifth.tsv"), first: Some((0.938, 0.804)) },
    Set { name: "sixth", lines: include_str!("labelled/sixth.tsv"), first: Some((0.880, 0.423)) },
];

/// What no set must fall below by now: precision, recall.
const FLOOR: (f64, f64) = (0.97, 0.9);

impl Set {
    fn sentences(&self) -> impl Iterator<Item = Labelled> {
        self.lines.lines().map(Labelled::read)
    }
}

struct Labelled {
    language: Language,
    /// `None` for an honest sentence.
    kind: Option<Deflection>,
    text: &'static str,
}

impl Labelled {
    fn read(line: &'static str) -> Self {
        let mut columns = line.split('\t');
        let mut next = || columns.next().unwrap_or_else(|| panic!("three columns: {line}"));
        let (language, label, text) = (next(), next(), next());
        let kind = (label != "honest").then(|| label.parse().unwrap());
        Self { language: language.parse().unwrap(), kind, text }
    }
}

fn labelled() -> Vec<Labelled> {
    SETS.iter().flat_map(Set::sentences).collect()
}

/// How often a deflecting sentence was found, an honest one was taken for one, and so on.
#[derive(Default)]
struct Score {
    found: u32,
    missed: u32,
    mistaken: u32,
    of_its_kind: u32,
    sentences: u32,
}

impl Score {
    fn of<'a>(sentences: impl IntoIterator<Item = &'a Labelled>) -> Self {
        let mut score = Self::default();
        for sentence in sentences {
            score.count(sentence);
        }
        score
    }

    fn count(&mut self, Labelled { language, kind, text }: &Labelled) {
        let findings = check(text, Some(*language)).findings;
        self.sentences += 1;
        let how = match (kind, findings.is_empty()) {
            (Some(kind), false) => {
                self.found += 1;
                self.of_its_kind += u32::from(findings.iter().any(|finding| finding.kind == *kind));
                return;
            }
            (Some(_), true) => {
                self.missed += 1;
                "missed"
            }
            (None, false) => {
                self.mistaken += 1;
                "mistaken"
            }
            (None, true) => return,
        };
        println!("  {how}: {text} {findings:?}");
    }

    fn precision(&self) -> f64 {
        f64::from(self.found) / f64::from(self.found + self.mistaken)
    }

    fn recall(&self) -> f64 {
        f64::from(self.found) / f64::from(self.found + self.missed)
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { sentences, found, of_its_kind, .. } = self;
        let (precision, recall) = (self.precision(), self.recall());
        write!(
            f,
            "{sentences} sentences: precision {precision:.3}, recall {recall:.3}, of its kind {of_its_kind}/{found}"
        )
    }
}

#[test]
fn it_finds_what_deflects_and_lets_what_is_honest_be() {
    for set in SETS {
        let sentences: Vec<_> = set.sentences().collect();
        for language in Language::ALL {
            let score = Score::of(sentences.iter().filter(|sentence| sentence.language == *language));
            println!("{} {language}: {score}", set.name);
        }
        let whole = Score::of(&sentences);
        println!("{}: {whole}; when first measured {:?}", set.name, set.first);
        assert!(whole.precision() >= FLOOR.0 && whole.recall() >= FLOOR.1, "{}: {whole}", set.name);
    }
}

/// The text that a finding is about, cut out by its characters.
fn said(text: &str, finding: &super::Finding) -> String {
    text.chars().skip(finding.start).take(finding.end - finding.start).collect()
}

#[test]
fn a_finding_says_where_it_is_in_the_text_as_it_was_given() {
    let text = "💔 I’m  SORRY\nyou feel that way. Mistakes\u{2014}were made!";
    let checked = check(text, None);
    assert_eq!(checked.language, Some(Language::English));
    let kinds: Vec<_> = checked.findings.iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds, [Deflection::FeelingsNotDeeds, Deflection::Passive]);
    let said: Vec<_> = checked.findings.iter().map(|finding| said(text, finding)).collect();
    assert_eq!(said, ["SORRY\nyou feel that way", "Mistakes\u{2014}were made"]);
}

#[test]
fn a_text_is_recognized_by_its_small_words() {
    let (mut recognized, mut unknown) = (0, 0);
    for sentence in labelled().iter().filter(|sentence| sentence.text.split(' ').count() > 7) {
        match check(sentence.text, None).language {
            Some(language) => {
                assert_eq!(language, sentence.language, "{}", sentence.text);
                recognized += 1;
            }
            None => unknown += 1,
        }
    }
    assert!(recognized > 20 * unknown, "{recognized} recognized, {unknown} not");
    for unknown in ["", "💔", "1 2 3", "Przepraszam, jeśli cię zraniłem.", "Mi dispiace che tu ti senta così."] {
        assert_eq!(check(unknown, None), super::Checked { language: None, findings: Vec::new() }, "{unknown}");
    }
}

#[test]
fn a_draft_is_checked_part_by_part_in_the_language_of_the_whole() {
    let draft = ApologyDraft {
        acknowledgement: Some("Ich habe dich belogen, und du hast es von der Bank erfahren.".into()),
        remorse: Some("Fehler wurden gemacht.".into()),
        ..ApologyDraft::example()
    };
    let checked = check_draft(&ApologyDraft { commitment: None, ..draft });
    assert_eq!(checked.language, Some(Language::German));
    let parts: Vec<_> = checked.parts.iter().map(|(part, findings)| (*part, findings.len())).collect();
    assert_eq!(parts, [(ApologyPart::Acknowledgement, 0), (ApologyPart::Remorse, 1)]);
}

#[test]
fn the_longest_text_of_one_phrase_over_and_over_is_soon_checked() {
    for (language, phrase) in [(Language::English, "sorry if you "), (Language::German, "es tut mir leid dass du ")] {
        let text: String = phrase.chars().cycle().take(10_000).collect();
        let (whole, half) = (check(&text, Some(language)), check(&text[..5_000], Some(language)));
        assert!(whole.findings.len() >= half.findings.len());
    }
}

/// Any text, and texts of the words that the tables know.
fn texts() -> impl Strategy<Value = String> {
    let lines: Vec<_> = labelled().iter().flat_map(|sentence| sentence.text.split(' ')).map(str::to_owned).collect();
    let of_words = prop::collection::vec(prop::sample::select(lines), 0..40).prop_map(|words| words.join(" "));
    prop_oneof![any::<String>(), of_words, "[ßẞıİŉﬁſK'’`´\u{300}-\u{36f}IiNSs .,\n]{0,30}"]
}

proptest! {
    #[test]
    fn whatever_the_text_findings_lie_in_it_in_order_and_apart(text in texts()) {
        let length = text.chars().count();
        for language in Language::ALL {
            let checked = check(&text, Some(*language));
            prop_assert_eq!(&checked, &check(&text, Some(*language)));
            let mut reached = 0;
            for finding in checked.findings {
                prop_assert!(reached <= finding.start && finding.start < finding.end && finding.end <= length);
                reached = finding.end;
            }
        }
    }

    #[test]
    fn capitals_and_small_letters_make_no_difference(text in texts()) {
        let count = |text: &str, language: Language| check(text, Some(language)).findings.len();
        for language in Language::ALL {
            let found = count(&text, *language);
            prop_assert_eq!(found, count(&text.to_uppercase(), *language));
            prop_assert_eq!(found, count(&text.to_lowercase(), *language));
        }
    }
}
