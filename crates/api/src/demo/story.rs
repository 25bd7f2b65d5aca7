//! The story of a couple, as it is written down in `stories/`: who does what, when.

use std::collections::BTreeMap;

use domain::{
    breach::{BreachKind, BreachRole, CameToLight},
    couple::CoupleStatus,
    exercises::{Kind, Mode, Slug},
    note::NoteBody,
    policy::PolicyKind,
    recurrence::Recurrence,
    safety::SafetyStatus,
    session::{Place, SessionStatus},
    visibility::Visibility,
};
use serde::Deserialize;
use serde_json::Value;

use super::{
    calendar::{Day, Moment},
    mistake,
};
use crate::{problem::Problem, routes::own_exercises::DefineOwnExercise};

/// The stories, one for each couple.
const STORIES: [&str; 3] = [
    include_str!("stories/naomi_and_theo.json"),
    include_str!("stories/june_and_priya.json"),
    include_str!("stories/carlos_and_mei.json"),
];

/// Every story of the demo.
pub(super) fn all() -> Result<Vec<Story>, Problem> {
    STORIES.iter().map(|text| serde_json::from_str(text).map_err(mistake)).collect()
}

/// What happens with one couple. People are named by the first part of their address.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Story {
    /// What the counselor calls the case.
    pub(super) label: String,
    /// Who treats them.
    pub(super) counselor: String,
    /// The partners.
    pub(super) partners: [String; 2],
    /// What happens, in any order.
    pub(super) acts: Vec<Act>,
    /// Numbers that are recorded again and again.
    #[serde(default)]
    pub(super) series: Vec<Series>,
    /// What they promise each other, and how it went.
    #[serde(default)]
    pub(super) promises: Vec<Ledger>,
}

/// Someone does something.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Act {
    /// When.
    pub(super) when: Moment,
    /// Who.
    pub(super) by: String,
    /// What.
    pub(super) does: Does,
}

/// An entry that is recorded each week with other numbers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Series {
    /// By whom.
    pub(super) by: String,
    /// In the first week, when.
    pub(super) from: Moment,
    /// Which kind.
    pub(super) kind: Kind,
    /// Which fields.
    pub(super) fields: Vec<String>,
    /// The values of the fields, week after week; nothing for a week in which nothing was recorded.
    pub(super) weeks: Vec<Vec<Value>>,
}

/// A promise and how it went.
#[derive(Debug, Deserialize)]
pub(super) struct Ledger {
    /// When it was made.
    pub(super) made: Moment,
    /// By whom.
    pub(super) by: String,
    /// What is promised, how often and from which exercise.
    #[serde(flatten)]
    pub(super) promise: Promised,
    /// Week after week, from the one in which it was made, a letter for each day it was due: `k`ept, `p`artly, `m`issed,
    /// `r`enegotiated, `x` excused, `-` not spoken of.
    pub(super) claims: Vec<String>,
    /// The same for the other's word: `c`onfirmed, `d`isputed, `n`ot noticed, `-` nothing.
    pub(super) answers: Vec<String>,
}

/// A promise.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Promised {
    /// What is promised.
    pub(super) what: String,
    /// How often it is due.
    pub(super) recurrence: Recurrence,
    /// From which exercise it comes.
    pub(super) origin: Slug,
}

/// What can be done in a story.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum Does {
    /// Takes the couple on.
    OpenCase {},
    /// Says where the case stands.
    ChangeStatus(CoupleStatus),
    /// Puts a confidentiality policy in force.
    SetPolicy { kind: PolicyKind, text: String },
    /// Acknowledges it.
    Acknowledge {},
    /// Records how safe a partner is.
    Screen { partner: String, status: SafetyStatus, note: String },
    /// Records what broke the trust.
    RecordBreach(Event),
    /// Enters what a questionnaire came to for a partner.
    EnterScore(Entered),
    /// Defines an exercise of the practice's own.
    DefineExercise(DefineOwnExercise),
    /// Gives the couple an exercise; `own` is the practice's own that was defined last.
    Assign(Assigned),
    /// Starts the program that comes with Tenfold.
    StartProgram {
        /// Why it begins before both have acknowledged a policy.
        #[serde(default)]
        before_policy: Option<String>,
    },
    /// Lets out what is due in the program that was started last.
    ReleaseSteps {},
    /// Ends an assignment as done.
    Complete { exercise: Slug },
    /// Says that they are not ready for one.
    NotReady { exercise: Slug },
    /// Records an entry and hands it in.
    Write(Written),
    /// Corrects the entry of this kind that they recorded last.
    Correct { answers: Value },
    /// Reads what waits for review, and says something about some kinds of entries.
    Review { feedback: BTreeMap<Kind, String>, flag: Vec<Kind> },
    /// Ticks off what was flagged of these kinds: it was taken up in the last session that was held.
    TakeUp(Vec<Kind>),
    /// Makes a promise: the one with this number in the story.
    Promise(usize, Promised),
    /// Says of a week how a promise went.
    Claim(Told),
    /// Says whether it was so.
    Answer(Told),
    /// Arranges a session.
    Schedule(Scheduled),
    /// Says what became of the last session.
    EndSession {
        status: SessionStatus,
        #[serde(default)]
        late: Vec<String>,
        #[serde(default)]
        topic: Option<String>,
    },
    /// Writes a note about the last session that was held, and signs it unless it stays a draft.
    WriteNote {
        body: NoteBody,
        #[serde(default)]
        draft: bool,
    },
    /// Adds to the note about the last session that was held.
    AddAddendum { text: String },
    /// Co-signs what waits for it.
    Cosign {},
    /// Keeps a note of their own.
    KeepPsychotherapyNote { text: String },
    /// Asks for an export of everything so far.
    RequestExport {},
}

/// What was said of a promise's days in one week: a letter for each day it was due.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Told {
    /// The number of the promise in the story.
    pub(super) promise: usize,
    /// The week.
    pub(super) week: i64,
    /// What.
    pub(super) marks: String,
}

/// What broke the trust.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Event {
    pub(super) kind: BreachKind,
    pub(super) happened: Day,
    pub(super) came_to_light: CameToLight,
    pub(super) came_to_light_on: Day,
    pub(super) description: String,
    pub(super) roles: BTreeMap<String, BreachRole>,
}

/// A score.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entered {
    pub(super) partner: String,
    pub(super) instrument: String,
    pub(super) value: f64,
    /// Whether that partner may see it.
    #[serde(default)]
    pub(super) shared: bool,
}

/// An exercise that is given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Assigned {
    pub(super) exercise: Slug,
    #[serde(default)]
    pub(super) mode: Option<Mode>,
    /// How often, where not as the exercise has it.
    #[serde(default)]
    pub(super) cadence: Option<Recurrence>,
    #[serde(default)]
    pub(super) due: Option<Day>,
    pub(super) instructions: String,
    /// Why it goes out before both have acknowledged a policy.
    #[serde(default)]
    pub(super) before_policy: Option<String>,
    /// Why it goes out before something that comes first in the default order.
    #[serde(default)]
    pub(super) out_of_order: Option<String>,
}

/// An entry. In its answers, `@entry talk_log` stands for the id of the last entry of that kind, `@session` for that of the last
/// session, `@promise 0` for that of a promise, `@day 3 tue` for a day and `@time 3 tue 18:30` for an instant.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Written {
    pub(super) answers: Value,
    #[serde(default)]
    pub(super) difficulty: Option<u8>,
    #[serde(default)]
    pub(super) for_counselor: Option<String>,
    #[serde(default)]
    pub(super) visibility: Option<Visibility>,
    /// It is not handed in yet.
    #[serde(default)]
    pub(super) draft: bool,
}

/// A session.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scheduled {
    pub(super) at: Moment,
    #[serde(default)]
    pub(super) with: Option<String>,
    pub(super) minutes: u16,
    pub(super) place: Place,
}
