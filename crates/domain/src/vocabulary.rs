//! Closed vocabularies, and what is said when a word is none of them.

use utoipa::openapi::{Object, RefOr, Schema, Type, extensions::ExtensionsBuilder};

/// A word that is not in the vocabulary. It does not repeat the word: it may be something a client wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not one of: {}", .0.join(", "))]
pub struct UnknownWord(pub &'static [&'static str]);

/// A closed vocabulary: an enum whose variants each have one word, the same in the API, the database and the documents. Where
/// its name in the OpenAPI document is another, it stands after `as`.
///
/// The schema is written out here because utoipa's derive does not see a word that comes from a macro.
macro_rules! word {
    (
        $(#[doc = $doc:expr])* $name:ident
        { $($(#[doc = $variant_doc:expr])* $variant:ident = $word:literal,)+ }
    ) => {
        $crate::vocabulary::word! {
            $(#[doc = $doc])* $name as (stringify!($name))
            { $($(#[doc = $variant_doc])* $variant = $word,)+ }
        }
    };
    (
        $(#[doc = $doc:expr])* $name:ident as ($component:expr)
        { $($(#[doc = $variant_doc:expr])* $variant:ident = $word:literal,)+ }
    ) => {
        $(#[doc = $doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
        )]
        pub enum $name {
            $($(#[doc = $variant_doc])* #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every word of the vocabulary, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::vocabulary::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::vocabulary::UnknownWord(&[$($word),+])),
                }
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                let meanings = [$([$($variant_doc),*].as_slice()),+];
                $crate::vocabulary::schema(&[$($doc),*], &[$($word),+], &meanings)
            }
        }

        impl utoipa::ToSchema for $name {
            fn name() -> std::borrow::Cow<'static, str> {
                $component.into()
            }
        }
    };
}
pub(crate) use word;

/// The property of a vocabulary's schema that says what each of its words means, in the order of the words. Generators of clients
/// know it by this name.
const MEANINGS: &str = "x-enum-descriptions";

/// The schema of a vocabulary.
pub(crate) fn schema(doc: &[&str], words: &[&str], meanings: &[&[&str]]) -> RefOr<Schema> {
    let text = Object::builder().schema_type(Type::String).description(Some(sentences(doc, "\n")));
    let meanings: Vec<_> = meanings.iter().map(|meaning| sentences(meaning, " ")).collect();
    let says = ExtensionsBuilder::new().add(MEANINGS, meanings).build();
    text.enum_values(Some(words.iter().copied())).extensions(Some(says)).into()
}

fn sentences(doc: &[&str], between: &str) -> String {
    doc.iter().map(|line| line.trim()).collect::<Vec<_>>().join(between)
}

#[cfg(test)]
mod tests {
    use utoipa::PartialSchema;

    #[test]
    fn the_words_that_are_published_are_the_words_that_are_read() {
        let published = serde_json::to_value(crate::couple::CoupleStatus::schema()).unwrap();
        assert_eq!(published["enum"], serde_json::json!(["intake", "active", "paused", "closed", "separated"]));
        assert_eq!(published["description"], "Where a case stands.");
        assert_eq!(published["x-enum-descriptions"].as_array().map(Vec::len), Some(5));
    }
}
