//! What a note says, as it is written on the wire: one schema for each format, told apart by `format`.

use domain::{confidential::Confidential, note::NoteBody};
use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::Value;
use utoipa::ToSchema;
use validator::{Validate, ValidationErrors};

macro_rules! formats {
    ($($(#[$doc:meta])* $variant:ident $form:ident $tag:ident $word:literal { $($(#[$part_doc:meta])* $part:ident,)+ })+) => {
        $(
            #[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
            enum $tag {
                #[serde(rename = $word)]
                Word,
            }

            $(#[$doc])*
            #[derive(Serialize, Deserialize, ToSchema)]
            #[serde(deny_unknown_fields)]
            pub(super) struct $form {
                /// The layout.
                #[schema(inline)]
                format: $tag,
                $($(#[$part_doc])* #[schema(value_type = String, max_length = 50_000)] $part: Confidential,)+
            }

            impl Validate for $form {
                fn validate(&self) -> Result<(), ValidationErrors> {
                    #[derive(Validate)]
                    struct Parts<'p> {
                        $(#[validate(length(max = 50_000))] $part: &'p str,)+
                    }
                    Parts { $($part: self.$part.expose(),)+ }.validate()
                }
            }
        )+

        /// What a note says. `format` tells which parts it has; each may be empty, but not all of them.
        #[derive(Serialize, ToSchema)]
        #[serde(untagged)]
        #[schema(as = NoteBody, discriminator(property_name = "format", mapping($(($word = concat!("#/components/schemas/", stringify!($form)))),+)))]
        pub(super) enum NoteBodyView {
            $($(#[$doc])* $variant($form),)+
        }

        impl NoteBodyView {
            fn read(format: &str, body: Value) -> Result<Self, serde_json::Error> {
                match format {
                    $($word => serde_json::from_value(body).map(Self::$variant),)+
                    unknown => Err(Error::unknown_variant(unknown, &[$($word),+])),
                }
            }
        }

        impl Validate for NoteBodyView {
            fn validate(&self) -> Result<(), ValidationErrors> {
                match self { $(Self::$variant(form) => form.validate(),)+ }
            }
        }

        impl From<NoteBodyView> for NoteBody {
            fn from(view: NoteBodyView) -> Self {
                match view {
                    $(NoteBodyView::$variant($form { format: $tag::Word, $($part),+ }) => Self::$variant { $($part),+ },)+
                }
            }
        }

        impl From<NoteBody> for NoteBodyView {
            fn from(body: NoteBody) -> Self {
                match body {
                    $(NoteBody::$variant { $($part),+ } => Self::$variant($form { format: $tag::Word, $($part),+ }),)+
                }
            }
        }
    };
}

formats! {
    /// Subjective, objective, assessment, plan.
    Soap SoapNote SoapFormat "soap" {
        /// What the partners say.
        subjective,
        /// What the counselor observes.
        objective,
        /// What the counselor makes of it.
        assessment,
        /// What comes next.
        plan,
    }
    /// Data, assessment, plan.
    Dap DapNote DapFormat "dap" {
        /// What was said and observed.
        data,
        /// What the counselor makes of it.
        assessment,
        /// What comes next.
        plan,
    }
    /// Behavior, intervention, response, plan.
    Birp BirpNote BirpFormat "birp" {
        /// What the partners did and said.
        behavior,
        /// What the counselor did.
        intervention,
        /// How the partners took it.
        response,
        /// What comes next.
        plan,
    }
    /// Goals, intervention, response, plan.
    Girp GirpNote GirpFormat "girp" {
        /// What the partners work towards.
        goals,
        /// What the counselor did.
        intervention,
        /// How the partners took it.
        response,
        /// What comes next.
        plan,
    }
    /// Free text.
    Free FreeNote FreeFormat "free" {
        /// The text.
        text,
    }
}

impl<'de> Deserialize<'de> for NoteBodyView {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let body = Value::deserialize(deserializer)?;
        let format = body.get("format").and_then(Value::as_str).ok_or_else(|| D::Error::missing_field("format"))?;
        let format = format.to_owned();
        Self::read(&format, body).map_err(D::Error::custom)
    }
}
