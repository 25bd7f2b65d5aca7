//! A phrase, as the tables write it, and whether words say it.
//!
//! | Written | Is said by |
//! | --- | --- |
//! | `sorry` | the word; a writer may leave out its accents, and not put in others |
//! | `hurt\|upset` | one of these |
//! | `verletz*` | a word that begins so; `*` alone is any one word |
//! | `@hurt` | a word of the set `hurt` of the table |
//! | `really?` | the word or nothing |
//! | `..` | up to three words of the same clause: as few as it takes, and all at the end of a phrase |
//! | `,` | nothing, where a sentence or a part of one begins |
//! | `!deserve\|@due` | nothing, where none of these comes next |
//!
//! A comma in the text is read over wherever the phrase has none.

use super::words::{Opens, Word, apart, bare};

/// A set of words, by its name.
pub(super) type Set = (&'static str, &'static str);

/// How many words `..` reads over at most.
const REACH: usize = 3;

/// A phrase, ready to be compared.
#[derive(Debug)]
pub(super) struct Phrase(Vec<Step>);

#[derive(Debug)]
enum Step {
    OneOf { spellings: Vec<Spelling>, optional: bool },
    NoneOf(Vec<Spelling>),
    Gap,
    Beginning,
}

#[derive(Debug)]
struct Spelling {
    written: String,
    bare: String,
    begins: bool,
}

impl Spelling {
    fn of(word: &str) -> Self {
        let written = apart(word.trim_end_matches('*'));
        Self { bare: bare(&written), written, begins: word.ends_with('*') }
    }

    fn fits(&self, word: &Word) -> bool {
        let word = word.written.as_str();
        // Accents of the word make it another than the bare spelling by themselves.
        if self.begins {
            word.starts_with(&self.written) || word.starts_with(&self.bare)
        } else {
            word == self.written || word == self.bare
        }
    }
}

impl Phrase {
    /// Reads a phrase. A set that is not there is a word that is never said.
    pub(super) fn of(text: &str, sets: &[Set]) -> Self {
        Self(text.split_whitespace().map(|step| Step::of(step, sets)).collect())
    }

    /// Where in a sentence the phrase ends that begins at this word, if it does.
    pub(super) fn end(&self, sentence: &[Word], at: usize) -> Option<usize> {
        end(&self.0, sentence, at).filter(|end| *end > at)
    }
}

impl Step {
    fn of(text: &str, sets: &[Set]) -> Self {
        match text {
            ".." => Self::Gap,
            "," => Self::Beginning,
            _ => match text.strip_prefix('!') {
                Some(words) => Self::NoneOf(spellings(words, sets)),
                None => {
                    let (words, optional) = text.strip_suffix('?').map_or((text, false), |words| (words, true));
                    Self::OneOf { spellings: spellings(words, sets), optional }
                }
            },
        }
    }
}

fn spellings(words: &str, sets: &[Set]) -> Vec<Spelling> {
    let of_set = |name: &str| sets.iter().find(|(known, _)| *known == name).map(|(_, words)| *words);
    let words = words.split('|').flat_map(|word| {
        word.strip_prefix('@').map_or(word, |name| of_set(name).unwrap_or(word)).split([' ', '|', '\n'])
    });
    words.filter(|word| !word.is_empty()).map(Spelling::of).collect()
}

fn end(steps: &[Step], sentence: &[Word], at: usize) -> Option<usize> {
    let Some((step, rest)) = steps.split_first() else { return Some(at) };
    let next = sentence.get(at);
    let is_one = |spellings: &[Spelling]| next.is_some_and(|word| spellings.iter().any(|known| known.fits(word)));
    match step {
        Step::OneOf { spellings, optional } => {
            let said = if is_one(spellings) { end(rest, sentence, at + 1) } else { None };
            said.or_else(|| if *optional { end(rest, sentence, at) } else { None })
        }
        Step::NoneOf(spellings) => (!is_one(spellings)).then(|| end(rest, sentence, at)).flatten(),
        Step::Gap => {
            let same_clause = sentence.iter().skip(at).take_while(|word| word.opens == Opens::Nothing);
            let furthest = same_clause.take(REACH).count();
            if rest.is_empty() {
                return Some(at + furthest);
            }
            (0..=furthest).find_map(|over| end(rest, sentence, at + over))
        }
        Step::Beginning => (next?.opens != Opens::Nothing).then(|| end(rest, sentence, at)).flatten(),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::words::Shortened, *};

    const AS_IT_IS: Shortened = Shortened { whole: &[], ends: &[], beginnings: &[] };

    fn says(phrase: &str, text: &str) -> bool {
        let phrase = Phrase::of(phrase, &[("due", "right honest")]);
        phrase.end(&super::super::words::words(text, &AS_IT_IS), 0).is_some()
    }

    #[test]
    fn each_sign_of_a_phrase_means_what_the_table_above_says() {
        assert!(says("hurt|upset you", "Upset, YOU"));
        assert!(says("so really? sorry", "so sorry") && says("so really? sorry", "so really sorry"));
        assert!(says("verletz* *", "verletzte dich") && !says("verletz* *", "verletzte"));
        assert!(says("sorry .. but", "sorry for all that, but") && !says("sorry .. but", "sorry for all of that but"));
        assert!(!says("sorry .. but", "sorry for, that but"), "a gap stays in its clause");
        assert!(says("sorry , but", "sorry, but") && !says("sorry , but", "sorry but"));
        assert!(says("you !@due are", "you are") && !says("you !@due are", "you right are"));
        assert!(!says("you @nowhere", "you nowhere"));
    }

    #[test]
    fn an_accent_may_be_left_out_and_not_put_in() {
        assert!(says("perdón", "perdon") && says("perdón", "Perdón"));
        assert!(says("si", "si") && !says("si", "sí"));
    }
}
