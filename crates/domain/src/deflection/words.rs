//! A text as words: without regard to case, to how an apostrophe is drawn, to where lines break; with each word's place.
//!
//! Letters are taken apart into base and accent, so that a letter reads the same whichever way it was typed. What one may write
//! shorter ("I'm", "j'ai") is written out, so that a phrase needs one form only. What stands in quotation marks is told of, not said.

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    /// In small letters, accents as characters of their own.
    pub(super) written: String,
    /// Its first character in the text.
    pub(super) start: usize,
    /// The character after its last.
    pub(super) end: usize,
    /// What stands before it.
    pub(super) opens: Opens,
    /// It stands with others in quotation marks.
    pub(super) quoted: bool,
    /// It may be left out, and the sentence says the same.
    pub(super) filler: bool,
}

/// What a word begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Opens {
    /// Nothing: it goes on.
    Nothing,
    /// A part of a sentence, after a comma, a dash, a bracket.
    Clause,
    /// A sentence, or what stands by itself like one.
    Sentence,
}

/// How a language is written.
pub(super) struct Writing {
    /// Whole words that are written shorter, and what they stand for.
    pub(super) whole: &'static [(&'static str, &'static str)],
    /// Ends of words after an apostrophe, and the word they stand for.
    pub(super) ends: &'static [(&'static str, &'static str)],
    /// Beginnings of words up to an apostrophe, and the word they stand for.
    pub(super) beginnings: &'static [(&'static str, &'static str)],
    /// Words that add nothing: "really", "ja", "cariño".
    pub(super) fillers: &'static [&'static str],
}

impl Writing {
    fn is_filler(&self, word: &str) -> bool {
        self.fillers.iter().any(|filler| is_written(filler, word))
    }

    /// What a word stands for.
    fn written_out(&self, word: &str) -> String {
        if let Some((_, full)) = self.whole.iter().find(|(short, _)| is_written(short, word)) {
            return apart(full);
        }
        if let Some((rest, full)) = self.ends.iter().find_map(|(end, full)| Some((word.strip_suffix(end)?, full))) {
            return format!("{rest} {full}");
        }
        let begun = self.beginnings.iter().find_map(|(begin, full)| Some((word.strip_prefix(begin)?, full)));
        begun.map_or_else(|| word.to_owned(), |(rest, full)| format!("{full} {rest}"))
    }
}

/// The words of a text, in order.
pub(super) fn words(text: &str, writing: &Writing) -> Vec<Word> {
    let mut reading =
        Reading { writing, words: Vec::new(), open: None, opens: Opens::Sentence, lines: 0, quotation: None };
    for (place, character) in text.chars().enumerate() {
        reading.take(place, character);
    }
    reading.close();
    reading.words
}

/// A text as it is written for comparing: small letters, accents as characters of their own.
pub(super) fn apart(text: &str) -> String {
    text.chars().flat_map(folded).collect()
}

fn is_written(text: &str, written: &str) -> bool {
    text.chars().flat_map(folded).eq(written.chars())
}

/// Without its accents; an umlaut isn't one, but may be written with an e.
pub(super) fn bare(written: &str) -> String {
    let before = std::iter::once(None).chain(written.chars().map(Some));
    let bare = before.zip(written.chars()).filter_map(|(before, character)| match (before, character) {
        (Some('a' | 'o' | 'u'), UMLAUT) => Some('e'),
        _ => (!is_accent(character)).then_some(character),
    });
    bare.collect()
}

/// A word that is being read.
struct Open {
    written: String,
    start: usize,
    end: usize,
    /// An apostrophe is part of the word only if the word goes on after it.
    apostrophe: bool,
}

struct Reading<'a> {
    writing: &'a Writing,
    words: Vec<Word>,
    open: Option<Open>,
    opens: Opens,
    lines: u8,
    quotation: Option<Quotation>,
}

/// A quotation that is being read.
struct Quotation {
    /// Its first word.
    first: usize,
    /// It was begun with an apostrophe, and ends with one.
    single: bool,
}

impl Reading<'_> {
    fn take(&mut self, place: usize, character: char) {
        if is_apostrophe(character) {
            match &mut self.open {
                Some(open) => open.apostrophe = true,
                None => self.quote(true),
            }
        } else if character.is_alphanumeric() || is_accent(character) {
            self.go_on(place, character);
        } else if character != SOFT_HYPHEN {
            self.close();
            if is_quotation_mark(character) {
                self.quote(false);
            }
            self.pause(character);
        }
    }

    /// Begins a quotation, or ends the one that was begun; of one word, it is only a way to stress it.
    fn quote(&mut self, single: bool) {
        match &self.quotation {
            None => self.quotation = Some(Quotation { first: self.words.len(), single }),
            Some(open) if open.single == single => {
                let within = self.words.get_mut(open.first..).unwrap_or_default();
                let several = within.len() > 1;
                within.iter_mut().for_each(|word| word.quoted |= several);
                self.quotation = None;
            }
            Some(_) => {}
        }
    }

    fn go_on(&mut self, place: usize, character: char) {
        let fresh = || Open { written: String::new(), start: place, end: place, apostrophe: false };
        let open = self.open.get_or_insert_with(fresh);
        if std::mem::take(&mut open.apostrophe) {
            open.written.push('\'');
        }
        open.written.extend(folded(character));
        open.end = place + 1;
    }

    fn close(&mut self) {
        let Some(Open { written, start, end, apostrophe }) = self.open.take() else { return };
        for word in self.writing.written_out(&written).split_whitespace() {
            let filler = self.writing.is_filler(word);
            self.words.push(Word { written: word.to_owned(), start, end, opens: self.opens, quoted: false, filler });
            self.opens = Opens::Nothing;
        }
        self.lines = 0;
        if apostrophe && self.quotation.as_ref().is_some_and(|open| open.single) {
            self.quote(true);
        }
    }

    fn pause(&mut self, character: char) {
        let opens = match character {
            '.' | '!' | '?' | '…' | '¿' | '¡' => Opens::Sentence,
            ',' | ';' | ':' | '—' | '–' | '(' | ')' => Opens::Clause,
            _ if is_quotation_mark(character) => Opens::Clause,
            '\n' => {
                self.lines = self.lines.saturating_add(1);
                if self.lines > 1 { Opens::Sentence } else { Opens::Nothing }
            }
            _ => Opens::Nothing,
        };
        self.opens = self.opens.max(opens);
    }
}

const SOFT_HYPHEN: char = '\u{ad}';
const UMLAUT: char = '\u{308}';

fn is_quotation_mark(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '„' | '«' | '»' | '‹' | '›')
}

fn is_apostrophe(character: char) -> bool {
    matches!(character, '\'' | '’' | '‘' | 'ʼ' | '´' | '`' | '′')
}

fn is_accent(character: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&character)
}

/// A letter in its small form and taken apart. By way of its capital, so that it comes out the same from either.
fn folded(character: char) -> impl Iterator<Item = char> {
    character.to_uppercase().flat_map(char::to_lowercase).flat_map(|small| {
        let (base, more) = match LETTERS.iter().find(|(letter, _, _)| *letter == small) {
            Some((_, base, more)) => (*base, Some(*more)),
            None => (small, None),
        };
        std::iter::once(base).chain(more)
    })
}

/// The letters of the languages that are known that consist of two characters.
const LETTERS: [(char, char, char); 26] = [
    ('á', 'a', '\u{301}'),
    ('é', 'e', '\u{301}'),
    ('í', 'i', '\u{301}'),
    ('ó', 'o', '\u{301}'),
    ('ú', 'u', '\u{301}'),
    ('à', 'a', '\u{300}'),
    ('è', 'e', '\u{300}'),
    ('ì', 'i', '\u{300}'),
    ('ò', 'o', '\u{300}'),
    ('ù', 'u', '\u{300}'),
    ('â', 'a', '\u{302}'),
    ('ê', 'e', '\u{302}'),
    ('î', 'i', '\u{302}'),
    ('ô', 'o', '\u{302}'),
    ('û', 'u', '\u{302}'),
    ('ä', 'a', '\u{308}'),
    ('ë', 'e', '\u{308}'),
    ('ï', 'i', '\u{308}'),
    ('ö', 'o', '\u{308}'),
    ('ü', 'u', '\u{308}'),
    ('ÿ', 'y', '\u{308}'),
    ('ñ', 'n', '\u{303}'),
    ('ç', 'c', '\u{327}'),
    ('œ', 'o', 'e'),
    ('æ', 'a', 'e'),
    ('ß', 's', 's'),
];

#[cfg(test)]
mod tests {
    use super::*;

    const ENGLISH: Writing = Writing {
        whole: &[("won't", "will not")],
        ends: &[("n't", "not"), ("'m", "am")],
        beginnings: &[],
        fillers: &[],
    };

    fn read(text: &str) -> Vec<String> {
        words(text, &ENGLISH).into_iter().map(|word| word.written).collect()
    }

    #[test]
    fn a_word_reads_the_same_however_it_was_typed() {
        for text in ["I'm", "I’m", "i ʼ m", "I\u{ad}'m"] {
            let expected = if text.contains(' ') { vec!["i", "m"] } else { vec!["i", "am"] };
            assert_eq!(read(text), expected, "{text}");
        }
        assert_eq!(read("WON'T didn't"), ["will", "not", "did", "not"]);
        assert_eq!(read("perdón"), read("perdo\u{301}n"));
        assert_eq!(read("STRASSE"), read("Straße"));
        assert_eq!(read("'quoted'"), ["quoted"]);
    }

    #[test]
    fn places_are_characters_of_the_text_as_it_was_given() {
        let words = words("Sí 💔 didn't", &ENGLISH);
        let places: Vec<_> = words.iter().map(|word| (word.start, word.end)).collect();
        assert_eq!(places, [(0, 2), (5, 11), (5, 11)]);
    }

    #[test]
    fn a_blank_line_ends_a_sentence_and_a_line_break_does_not() {
        let opens = |text: &str| words(text, &ENGLISH).last().map(|word| word.opens);
        assert_eq!(opens("sorry\nyou"), Some(Opens::Nothing));
        assert_eq!(opens("sorry\n\nyou"), Some(Opens::Sentence));
        assert_eq!(opens("sorry, you"), Some(Opens::Clause));
        assert_eq!(opens("sorry - you"), Some(Opens::Nothing));
    }

    #[test]
    fn what_stands_in_quotation_marks_is_quoted() {
        let quoted = |text: &str| words(text, &ENGLISH).iter().map(|word| u8::from(word.quoted)).collect::<Vec<_>>();
        for text in ["I “feel it” now", "I \"feel it\" now", "I „feel it“ now", "I « feel it » now", "I 'feel it' now"]
        {
            assert_eq!(quoted(text), [0, 1, 1, 0], "{text}");
        }
        assert_eq!(quoted("I 'don't' now"), [0, 1, 1, 0], "an apostrophe within a word ends nothing");
        assert_eq!(quoted("a “sorry” and \"no end"), [0; 5], "one word is stressed, and what doesn't end isn't quoted");
    }
}
