//! A phrase, as the tables write it, and whether words say it.
//!
//! | Written | Is said by |
//! | --- | --- |
//! | `sorry` | the word; a writer may leave out its accents, and not put in others |
//! | `hurt\|let_down` | one of these; `_` joins the words of one that has several |
//! | `verletz*`, `*aste` | a word that begins or ends so; `*` alone is any one word |
//! | `@hurt` | one of the set `hurt` of the table |
//! | `really?` | the word or nothing |
//! | `..` | up to three words of the same clause |
//! | `...` | up to eight words, commas or not |
//! | `,` | nothing, where a sentence or a part of one begins |
//! | `.` | nothing, where a sentence or a part of one ends |
//! | `!deserve\|@due` | nothing, where none of these comes next |
//!
//! A comma in the text is read over wherever the phrase has none, and so are the words that the language calls fillers. Of several
//! ways to read a phrase the longest counts.

use std::collections::HashMap;

use super::words::{Opens, Word, apart, bare, spelled_out};

/// What is said in many ways, by its name: each way a word, or several joined by `_`. It may name the sets before it.
pub(super) type Set = (&'static str, &'static str);

/// How many words `..` and `...` read over at most.
const REACHES: [(&str, usize); 2] = [("..", 3), ("...", 8)];

/// Phrases, ready to be compared: by the words that each may begin with, so that few are looked at.
#[derive(Debug)]
pub(super) struct Phrases {
    all: Vec<Phrase>,
    by_first_word: HashMap<String, Vec<usize>>,
    /// Those that may begin with any word.
    by_any: Vec<usize>,
}

#[derive(Debug)]
struct Phrase(Vec<Step>);

#[derive(Debug)]
enum Step {
    OneOf { ways: Vec<Way>, optional: bool },
    NoneOf(Vec<Way>),
    Gap { reach: usize, same_clause: bool },
    Beginning,
    Ending,
}

/// One way to say a step.
#[derive(Debug)]
enum Way {
    Word(Spelling),
    Words(Vec<Step>),
}

#[derive(Debug)]
struct Spelling {
    /// With its accents, without them, and with an e for an umlaut.
    forms: Vec<String>,
    begins: bool,
    ends: bool,
}

impl Spelling {
    fn of(word: &str) -> Self {
        let written = apart(word.trim_matches('*'));
        let mut forms = vec![bare(&written), spelled_out(&written), written];
        forms.sort();
        forms.dedup();
        Self { forms, begins: word.ends_with('*'), ends: word.starts_with('*') }
    }

    fn fits(&self, word: &str) -> bool {
        // Accents of the word make it another than the bare spelling by themselves.
        self.forms.iter().any(|form| match (self.begins, self.ends) {
            (false, false) => word == form,
            (true, false) => word.starts_with(form),
            (false, true) => word.ends_with(form),
            (true, true) => word.contains(form),
        })
    }
}

impl Phrases {
    /// Reads phrases. A set that is not there is a word that is never said.
    pub(super) fn of(texts: &[&str], sets: &[Set]) -> Self {
        let all: Vec<_> = texts.iter().map(|text| Phrase::of(text, sets)).collect();
        let (mut by_first_word, mut by_any) = (HashMap::<_, Vec<_>>::new(), Vec::new());
        for (place, phrase) in all.iter().enumerate() {
            match first_words(&phrase.0) {
                Some(words) => words.into_iter().for_each(|word| by_first_word.entry(word).or_default().push(place)),
                None => by_any.push(place),
            }
        }
        Self { all, by_first_word, by_any }
    }

    /// Where in a sentence the longest of the phrases ends that begin at this word.
    pub(super) fn end(&self, sentence: &[Word], at: usize) -> Option<usize> {
        let of_word = self.by_first_word.get(&sentence.get(at)?.written);
        let places = of_word.into_iter().flatten().chain(&self.by_any);
        places.filter_map(|place| self.all.get(*place)?.end(sentence, at)).max()
    }
}

impl Phrase {
    fn of(text: &str, sets: &[Set]) -> Self {
        Self(text.split_whitespace().map(|step| Step::of(step, sets)).collect())
    }

    fn end(&self, sentence: &[Word], at: usize) -> Option<usize> {
        read(&self.0, sentence, Reached::at(at)).last().filter(|end| *end > at)
    }
}

/// The words that steps may begin with; nothing, if it may be any.
fn first_words(steps: &[Step]) -> Option<Vec<String>> {
    let Some((Step::OneOf { ways, optional }, rest)) = steps.split_first() else { return None };
    let mut words = Vec::new();
    for way in ways {
        match way {
            Way::Word(Spelling { begins, ends, .. }) if *begins || *ends => return None,
            Way::Word(Spelling { forms, .. }) => words.extend(forms.iter().cloned()),
            Way::Words(steps) => words.extend(first_words(steps)?),
        }
    }
    if *optional {
        words.extend(first_words(rest)?);
    }
    words.sort();
    words.dedup();
    Some(words)
}

impl Step {
    fn of(text: &str, sets: &[Set]) -> Self {
        if let Some((gap, reach)) = REACHES.iter().find(|(gap, _)| *gap == text) {
            return Self::Gap { reach: *reach, same_clause: *gap == ".." };
        }
        match (text, text.strip_prefix('!'), text.strip_suffix('?')) {
            (",", ..) => Self::Beginning,
            (".", ..) => Self::Ending,
            (_, Some(others), _) => Self::NoneOf(ways(others, sets)),
            (_, None, Some(one)) => Self::OneOf { ways: ways(one, sets), optional: true },
            (_, None, None) => Self::OneOf { ways: ways(text, sets), optional: false },
        }
    }

    /// Where one may be after this step who was there before it.
    fn read(&self, sentence: &[Word], before: Reached) -> Reached {
        let opens = |at: usize| sentence.get(at).map(|word| word.opens);
        match self {
            Self::OneOf { ways, optional } => {
                let said = ways.iter().map(|way| way.read(sentence, before));
                said.fold(if *optional { before } else { Reached::NOWHERE }, Reached::or)
            }
            Self::NoneOf(ways) => before.only(|at| {
                let next = Reached::at(at).over_fillers(sentence);
                ways.iter().all(|way| way.read(sentence, next).is_nowhere())
            }),
            Self::Gap { reach, same_clause } => before.on(|at| {
                let rest = sentence.iter().skip(at).take(*reach);
                rest.take_while(|word| !same_clause || word.opens == Opens::Nothing).count()
            }),
            Self::Beginning => before.only(|at| opens(at).is_some_and(|opens| opens != Opens::Nothing)),
            Self::Ending => before.only(|at| opens(at) != Some(Opens::Nothing)),
        }
    }
}

impl Way {
    fn of(text: &str, sets: &[Set]) -> Self {
        if text.contains('_') {
            return Self::Words(text.split('_').map(|word| Step::of(word, sets)).collect());
        }
        Self::Word(Spelling::of(text))
    }

    fn read(&self, sentence: &[Word], before: Reached) -> Reached {
        match self {
            Self::Word(spelling) => {
                before.only(|at| sentence.get(at).is_some_and(|word| spelling.fits(&word.written))).next()
            }
            Self::Words(steps) => read(steps, sentence, before),
        }
    }
}

fn read(steps: &[Step], sentence: &[Word], before: Reached) -> Reached {
    let Some((first, rest)) = steps.split_first() else { return before };
    let then = |reached: Reached, step: &Step| step.read(sentence, reached.over_fillers(sentence));
    rest.iter().fold(first.read(sentence, before), then)
}

/// The ways that a step names, the sets by what is in them. A set sees those before it.
fn ways(text: &str, sets: &[Set]) -> Vec<Way> {
    let of_name = |name: &str| sets.iter().position(|(known, _)| *known == name);
    let ways = text.split('|').flat_map(|way| match way.strip_prefix('@').and_then(of_name) {
        Some(place) => {
            let (before, (_, said)) = (&sets[..place], sets[place]);
            said.split_whitespace().flat_map(|way| ways(way, before)).collect()
        }
        None => vec![Way::of(way, sets)],
    });
    ways.collect()
}

/// The places in a sentence that the words so far may have led to: the first, and a bit for each word from there.
#[derive(Debug, Clone, Copy)]
struct Reached {
    first: usize,
    bits: u64,
}

impl Reached {
    const NOWHERE: Self = Self { first: 0, bits: 0 };

    fn at(first: usize) -> Self {
        Self { first, bits: 1 }
    }

    fn is_nowhere(self) -> bool {
        self.bits == 0
    }

    fn places(mut self) -> impl Iterator<Item = usize> {
        std::iter::from_fn(move || {
            let bit = self.bits.trailing_zeros();
            self.bits &= self.bits.checked_sub(1)?;
            Some(self.first + bit as usize)
        })
    }

    fn last(self) -> Option<usize> {
        self.bits.checked_ilog2().map(|bit| self.first + bit as usize)
    }

    fn or(self, other: Self) -> Self {
        if self.is_nowhere() { other } else { Self { bits: self.bits | other.bits, ..self } }
    }

    fn only(self, holds: impl Fn(usize) -> bool) -> Self {
        let kept = self.places().filter(|place| holds(*place));
        Self { bits: kept.fold(0, |bits, place| bits | 1 << (place - self.first)), ..self }
    }

    /// The word after each.
    fn next(self) -> Self {
        Self { bits: self.bits << 1, ..self }
    }

    /// Each place, and those up to so many words after it.
    fn on(self, words: impl Fn(usize) -> usize) -> Self {
        let spread = self.places().map(|place| (place - self.first, words(place)));
        let bits = spread.flat_map(|(bit, more)| (bit..=bit + more).take_while(|bit| *bit < u64::BITS as usize));
        Self { bits: bits.fold(0, |bits, bit| bits | 1 << bit), ..self }
    }

    fn over_fillers(self, sentence: &[Word]) -> Self {
        self.on(|at| sentence.iter().skip(at).take_while(|word| word.filler).count())
    }
}

#[cfg(test)]
mod tests {
    use super::{super::words::Writing, *};

    const WRITING: Writing = Writing { whole: &[], ends: &[], beginnings: &[], fillers: &["honestly"] };

    fn says(phrase: &str, text: &str) -> bool {
        let phrase = Phrases::of(&[phrase], &[("due", "right honest"), ("yours", "are_@due owed")]);
        phrase.end(&super::super::words::words(text, &WRITING), 0).is_some()
    }

    #[test]
    fn each_sign_of_a_phrase_means_what_the_table_above_says() {
        assert!(says("hurt|upset you", "Upset, YOU"));
        assert!(says("hurt|let_down you", "let down you") && !says("hurt|let_down you", "let you"));
        assert!(says("so really? sorry", "so sorry") && says("so really? sorry", "so really sorry"));
        assert!(says("verletz* *", "verletzte dich") && !says("verletz* *", "verletzte"));
        assert!(says("*aste", "gritaste") && !says("*aste", "gritas"));
        assert!(says("sorry .. but", "sorry for all that, but") && !says("sorry .. but", "sorry for all of that but"));
        assert!(!says("sorry .. but", "sorry for, that but"), "a short gap stays in its clause");
        assert!(says("sorry ... but", "sorry for, that but"));
        assert!(says("sorry , but", "sorry, but") && !says("sorry , but", "sorry but"));
        assert!(says("that is all .", "that is all, so") && !says("that is all .", "that is all that"));
        assert!(says("you !@due are", "you are") && !says("you !@due are", "you right are"));
        assert!(says("you @yours", "you are honest") && says("you @yours", "you owed"));
        assert!(!says("you @nowhere", "you nowhere"));
    }

    #[test]
    fn a_filler_is_read_over_between_the_words_of_a_phrase() {
        assert!(says("you are", "you, honestly, are") && says("you honestly", "you honestly"));
        assert!(!says("you !@due", "you honestly right"));
        assert!(!says("sorry", "honestly sorry"), "a phrase doesn't begin with one");
    }

    #[test]
    fn an_accent_may_be_left_out_and_not_put_in() {
        assert!(says("perdón", "perdon") && says("perdón", "Perdón"));
        assert!(says("gehören", "gehoeren"));
        assert!(says("si", "si") && !says("si", "sí"));
    }
}
