//! The formats of notes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    confidential::{Confidential, NOTE_CHARACTERS},
    vocabulary::word,
};

word! {
    /// How a note is laid out.
    NoteFormat {
        /// Subjective, objective, assessment, plan.
        Soap = "soap",
        /// Data, assessment, plan.
        Dap = "dap",
        /// Behavior, intervention, response, plan.
        Birp = "birp",
        /// Goals, intervention, response, plan.
        Girp = "girp",
        /// Free text.
        Free = "free",
    }
}

/// What a note says, by its format. Each part has up to 50,000 characters and may be empty, but not all of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "format", rename_all = "snake_case")]
pub enum NoteBody {
    /// SOAP.
    Soap {
        /// What the partners say.
        subjective: Confidential,
        /// What the counselor observes.
        objective: Confidential,
        /// What the counselor makes of it.
        assessment: Confidential,
        /// What comes next.
        plan: Confidential,
    },
    /// DAP.
    Dap {
        /// What was said and observed.
        data: Confidential,
        /// What the counselor makes of it.
        assessment: Confidential,
        /// What comes next.
        plan: Confidential,
    },
    /// BIRP.
    Birp {
        /// What the partners did and said.
        behavior: Confidential,
        /// What the counselor did.
        intervention: Confidential,
        /// How the partners took it.
        response: Confidential,
        /// What comes next.
        plan: Confidential,
    },
    /// GIRP.
    Girp {
        /// What the partners work towards.
        goals: Confidential,
        /// What the counselor did.
        intervention: Confidential,
        /// How the partners took it.
        response: Confidential,
        /// What comes next.
        plan: Confidential,
    },
    /// Free text.
    Free {
        /// The text.
        text: Confidential,
    },
}

impl NoteBody {
    /// Its format.
    #[must_use]
    pub const fn format(&self) -> NoteFormat {
        match self {
            Self::Soap { .. } => NoteFormat::Soap,
            Self::Dap { .. } => NoteFormat::Dap,
            Self::Birp { .. } => NoteFormat::Birp,
            Self::Girp { .. } => NoteFormat::Girp,
            Self::Free { .. } => NoteFormat::Free,
        }
    }

    /// Its parts in order, each with its name.
    #[must_use]
    pub fn parts(&self) -> Vec<(&'static str, &Confidential)> {
        match self {
            Self::Soap { subjective, objective, assessment, plan } => {
                vec![("subjective", subjective), ("objective", objective), ("assessment", assessment), ("plan", plan)]
            }
            Self::Dap { data, assessment, plan } => vec![("data", data), ("assessment", assessment), ("plan", plan)],
            Self::Birp { behavior, intervention, response, plan } => {
                vec![("behavior", behavior), ("intervention", intervention), ("response", response), ("plan", plan)]
            }
            Self::Girp { goals, intervention, response, plan } => {
                vec![("goals", goals), ("intervention", intervention), ("response", response), ("plan", plan)]
            }
            Self::Free { text } => vec![("text", text)],
        }
    }

    pub(super) fn fits(&self) -> bool {
        let parts = self.parts();
        parts.iter().any(|(_, text)| !text.is_blank())
            && parts.iter().all(|(_, text)| !text.longer_than(NOTE_CHARACTERS))
    }
}
