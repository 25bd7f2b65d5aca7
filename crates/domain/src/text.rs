//! What a text is, wherever a person writes one.

/// What is asked of a text, for those who were refused.
pub const NOT_WRITTEN: &str =
    "must say something: not only white space, and no control characters but line breaks and tabs";

/// Whether a text says something: it is not only white space, and has no control characters but line breaks and tabs. How long it may
/// be is another matter.
#[must_use]
pub fn is_written(text: &str) -> bool {
    let breaks_off = |character: char| character.is_control() && !matches!(character, '\n' | '\r' | '\t');
    !text.trim().is_empty() && !text.contains(breaks_off)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::is_written;

    #[test]
    fn a_text_may_have_several_lines() {
        assert!(is_written("Dear Kim,\r\n\tit was me.\n"));
    }

    proptest! {
        #[test]
        fn white_space_says_nothing(text in "\\s*") {
            prop_assert!(!is_written(&text));
        }

        #[test]
        fn a_control_character_is_refused_wherever_it_is(before in "\\PC*", after in "\\PC*", control in "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]") {
            let text = [before, control, after].concat();
            prop_assert!(!is_written(&text));
        }

        #[test]
        fn words_are_written(words in "[\\PC&&\\S][\\PC\n\t]*") {
            prop_assert!(is_written(&words));
        }
    }
}
