//! A phrase, as the tables write it, and whether words say it.
//!
//! | Written | Is said by |
//! | --- | --- |
//! | `sorry` | the word; a writer may leave out its accents, and not put in others; an umlaut may be written with an e |
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

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{
    reached::Reached,
    words::{Opens, Word, apart, bare},
};

/// What is said in many ways, by its name: each way a word, or several joined by `_`. It may name the sets before it.
pub(super) type Set = (&'static str, &'static str);

/// The sets of a table, ready to be compared.
#[derive(Debug)]
pub(super) struct Sets(Vec<(&'static str, Arc<Ways>)>);

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
    OneOf { ways: Ways, optional: bool },
    NoneOf(Ways),
    Gap { reach: usize, same_clause: bool },
    Beginning,
    Ending,
}

/// The ways to say a step.
#[derive(Debug, Default)]
struct Ways {
    /// Whole words, with their accents and without them.
    words: BTreeSet<String>,
    alike: Vec<Alike>,
    /// Those of several words.
    longer: Vec<Vec<Step>>,
    sets: Vec<Arc<Ways>>,
}

/// Words that begin or end alike.
#[derive(Debug)]
struct Alike {
    forms: BTreeSet<String>,
    begin: bool,
    end: bool,
}

/// How a word of a phrase may be written. Accents of a word in a text make it another than the bare form by themselves.
fn forms(word: &str) -> BTreeSet<String> {
    let written = apart(word);
    BTreeSet::from([bare(&written), written])
}

impl Sets {
    pub(super) fn of(sets: &[Set]) -> Self {
        sets.iter().fold(Self(Vec::new()), |mut before, (name, said)| {
            let ways = Ways::of(said.split_whitespace(), &before);
            before.0.push((name, Arc::new(ways)));
            before
        })
    }

    fn find(&self, name: &str) -> Option<&Arc<Ways>> {
        self.0.iter().find_map(|(known, ways)| (*known == name).then_some(ways))
    }
}

impl Phrases {
    /// Reads phrases. A set that is not there is a word that is never said.
    pub(super) fn of(texts: &[&str], sets: &Sets) -> Self {
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
    fn of(text: &str, sets: &Sets) -> Self {
        Self(text.split_whitespace().map(|step| Step::of(step, sets)).collect())
    }

    fn end(&self, sentence: &[Word], at: usize) -> Option<usize> {
        read(&self.0, sentence, Reached::at(at)).last().filter(|end| *end > at)
    }
}

/// The words that steps may begin with; nothing, if it may be any.
fn first_words(steps: &[Step]) -> Option<BTreeSet<String>> {
    let Some((Step::OneOf { ways, optional }, rest)) = steps.split_first() else { return None };
    let words = ways.first_words()?;
    if *optional { Some(&words | &first_words(rest)?) } else { Some(words) }
}

impl Step {
    fn of(text: &str, sets: &Sets) -> Self {
        if let Some((gap, reach)) = REACHES.iter().find(|(gap, _)| *gap == text) {
            return Self::Gap { reach: *reach, same_clause: *gap == ".." };
        }
        match (text, text.strip_prefix('!'), text.strip_suffix('?')) {
            (",", ..) => Self::Beginning,
            (".", ..) => Self::Ending,
            (_, Some(others), _) => Self::NoneOf(Ways::of(others.split('|'), sets)),
            (_, None, Some(one)) => Self::OneOf { ways: Ways::of(one.split('|'), sets), optional: true },
            (_, None, None) => Self::OneOf { ways: Ways::of(text.split('|'), sets), optional: false },
        }
    }

    /// Where one may be after this step who was there before it.
    fn read(&self, sentence: &[Word], before: Reached) -> Reached {
        let opens = |at: usize| sentence.get(at).map(|word| word.opens);
        match self {
            Self::OneOf { ways, optional: true } => before.or(ways.read(sentence, before)),
            Self::OneOf { ways, optional: false } => ways.read(sentence, before),
            Self::NoneOf(ways) => {
                before.only(|at| ways.read(sentence, over_fillers(Reached::at(at), sentence)).is_nowhere())
            }
            Self::Gap { reach, same_clause } => before.on(|at| {
                let rest = sentence.iter().skip(at).take(*reach);
                rest.take_while(|word| !same_clause || word.opens == Opens::Nothing).count()
            }),
            Self::Beginning => before.only(|at| opens(at).is_some_and(|opens| opens != Opens::Nothing)),
            Self::Ending => before.only(|at| opens(at) != Some(Opens::Nothing)),
        }
    }
}

impl Ways {
    fn of<'a>(ways: impl Iterator<Item = &'a str>, sets: &Sets) -> Self {
        ways.fold(Self::default(), |mut before, way| {
            before.add(way, sets);
            before
        })
    }

    fn add(&mut self, way: &str, sets: &Sets) {
        if let Some(set) = way.strip_prefix('@').and_then(|name| sets.find(name)) {
            self.sets.push(Arc::clone(set));
        } else if way.contains('_') {
            self.longer.push(way.split('_').map(|word| Step::of(word, sets)).collect());
        } else if way.contains('*') {
            let forms = forms(way.trim_matches('*'));
            self.alike.push(Alike { forms, begin: way.ends_with('*'), end: way.starts_with('*') });
        } else {
            self.words.extend(forms(way));
        }
    }

    fn read(&self, sentence: &[Word], before: Reached) -> Reached {
        let fits = |at: usize| sentence.get(at).is_some_and(|word| self.fits(&word.written));
        let longer = self.longer.iter().map(|steps| read(steps, sentence, before));
        let sets = self.sets.iter().map(|set| set.read(sentence, before));
        longer.chain(sets).fold(before.only(fits).next(), Reached::or)
    }

    fn first_words(&self) -> Option<BTreeSet<String>> {
        let others =
            self.longer.iter().map(|steps| first_words(steps)).chain(self.sets.iter().map(|set| set.first_words()));
        let words = self.alike.is_empty().then(|| self.words.clone())?;
        others.into_iter().try_fold(words, |words, more| Some(&words | &more?))
    }

    fn fits(&self, word: &str) -> bool {
        self.words.contains(word) || self.alike.iter().any(|alike| alike.fits(word))
    }
}

impl Alike {
    fn fits(&self, word: &str) -> bool {
        self.forms.iter().any(|form| match (self.begin, self.end) {
            (true, true) => word.contains(form),
            (true, false) => word.starts_with(form),
            (false, _) => word.ends_with(form),
        })
    }
}

fn read(steps: &[Step], sentence: &[Word], before: Reached) -> Reached {
    let Some((first, rest)) = steps.split_first() else { return before };
    let then = |reached: Reached, step: &Step| match reached.is_nowhere() {
        true => reached,
        false => step.read(sentence, over_fillers(reached, sentence)),
    };
    rest.iter().fold(first.read(sentence, before), then)
}

fn over_fillers(reached: Reached, sentence: &[Word]) -> Reached {
    reached.on(|at| sentence.iter().skip(at).take_while(|word| word.filler).count())
}

#[cfg(test)]
mod tests {
    use super::{super::words::Writing, *};

    const WRITING: Writing = Writing { whole: &[], ends: &[], beginnings: &[], fillers: &["honestly"] };

    fn says(phrase: &str, text: &str) -> bool {
        let sets = Sets::of(&[("due", "right honest"), ("yours", "are_@due owed")]);
        let phrase = Phrases::of(&[phrase], &sets);
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
        assert!(says("wärst", "waerst") && !says("wärst", "warst"), "without the dots it is another word");
        assert!(says("si", "si") && !says("si", "sí"));
    }
}
