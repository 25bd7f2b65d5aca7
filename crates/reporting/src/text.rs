//! Text that someone wrote, made safe to stand in a Markdown document: whatever it says, it stays text.

/// One line of text. What Markdown could take for markup is escaped; what can't be seen is left out.
pub(crate) fn line(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars().filter_map(shown) {
        let starts = escaped.is_empty();
        if character == ' ' && (starts || escaped.ends_with(' ')) {
            continue;
        }
        if is_markup(character) || (character == '.' && may_number_or_link(&escaped)) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped.truncate(escaped.trim_end_matches(' ').len());
    escaped
}

/// Text of several lines: an empty line begins a paragraph, and any other end of a line stays one.
pub(crate) fn prose(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    let mut paragraphs: Vec<Vec<String>> = vec![Vec::new()];
    for line in text.split('\n').map(line) {
        match paragraphs.last_mut() {
            Some(paragraph) if !line.is_empty() => paragraph.push(line),
            Some(paragraph) if !paragraph.is_empty() => paragraphs.push(Vec::new()),
            _ => {}
        }
    }
    let written = paragraphs.into_iter().filter(|lines| !lines.is_empty()).map(|lines| lines.join("\\\n"));
    written.collect::<Vec<_>>().join("\n\n")
}

/// White space is a space. Control characters, and what turns the direction of text or joins nothing, are not shown.
fn shown(character: char) -> Option<char> {
    match character {
        '\u{61c}'
        | '\u{200b}'
        | '\u{200e}'
        | '\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}' => None,
        character if character.is_whitespace() => Some(' '),
        character if character.is_control() => None,
        character => Some(character),
    }
}

fn is_markup(character: char) -> bool {
    r#"\`*_{}[]<>()#+-!|~&=^$"'@:"#.contains(character)
}

/// After a digit a point may begin a list, after `www` a link.
fn may_number_or_link(before: &str) -> bool {
    before.ends_with(|last: char| last.is_ascii_digit()) || before.to_ascii_lowercase().ends_with("www")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

    #[test]
    fn markup_stays_text() {
        assert_eq!(line("# *so* [much](http://x)"), r"\# \*so\* \[much\]\(http\://x\)");
        assert_eq!(line("1. first, www.example"), r"1\. first, www\.example");
        assert_eq!(line("  a\u{202e}b\tc\u{7}  "), "ab c");
        assert_eq!(prose("one\ntwo\r\n\r\n\n   three\n"), "one\\\ntwo\n\nthree");
    }

    /// What a reader of the document sees: words in paragraphs, or the name of anything else it holds.
    fn seen(markdown: &str) -> Vec<String> {
        let mut paragraphs = vec![];
        for event in Parser::new_ext(markdown, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
            let words = match event {
                Event::Start(Tag::Paragraph) => {
                    paragraphs.push(String::new());
                    continue;
                }
                Event::End(TagEnd::Paragraph) => continue,
                Event::Text(text) => text.to_string(),
                Event::HardBreak => "\n".to_owned(),
                other => format!("<{other:?}>"),
            };
            match paragraphs.last_mut() {
                Some(paragraph) => paragraph.push_str(&words),
                None => paragraphs.push(words),
            }
        }
        paragraphs
    }

    fn written(text: &str) -> Vec<String> {
        let plain = |line: &str| {
            let shown: String = line.chars().filter_map(shown).collect();
            shown.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
        };
        let lines: Vec<String> =
            text.replace("\r\n", "\n").split(['\n', '\r', '\u{2028}', '\u{2029}']).map(plain).collect();
        let paragraphs = lines.split(String::is_empty).filter(|lines| !lines.is_empty());
        paragraphs.map(|lines| lines.join("\n")).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn whatever_is_written_is_read_as_it_was_written(text in r#"(?s)([ \t\n#*_`~>|\[\]()!<&;.:0-9wW@/$^=+\-"'\\{}a-z]|.){0,60}"#) {
            prop_assert_eq!(seen(&prose(&text)), written(&text));
        }
    }
}
