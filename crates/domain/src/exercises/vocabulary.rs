//! Closed sets of words: an enum whose every value has one spelling, on the wire and in the database alike.

use thiserror::Error;

/// A word that is not in the vocabulary it was read for. The word itself is left out: it may be private text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("no such {vocabulary}")]
pub struct UnknownWord {
    /// What was looked for, as a person would say it.
    pub vocabulary: &'static str,
}

macro_rules! vocabulary {
    (
        $(#[$meta:meta])* $name:ident, $vocabulary:literal
        { $($(#[$doc:meta])* $variant:ident = $word:literal,)+ }
    ) => {
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            ::serde::Serialize, ::serde::Deserialize, ::utoipa::ToSchema,
        )]
        $(#[$meta])*
        pub enum $name { $($(#[$doc])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its one spelling.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::exercises::vocabulary::UnknownWord;

            fn from_str(word: &str) -> Result<Self, Self::Err> {
                match word {
                    $($word => Ok(Self::$variant),)+
                    _ => Err($crate::exercises::vocabulary::UnknownWord { vocabulary: $vocabulary }),
                }
            }
        }
    };
}

pub(crate) use vocabulary;
