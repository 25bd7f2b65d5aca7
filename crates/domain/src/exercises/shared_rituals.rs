//! Exercise 6: things done together, small and often, with something new now and then.

use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use super::{
    Defaults, Exercise, Kind, Mode, Slug,
    condition::{Condition, Ground},
    example::{day, id},
    form::{Form, KindVisibility, Writer, expect, present},
    measure::{Measure, Reading},
    reference::{Reference, Target, ToldOnce, Whose},
    rhythm::{Per, Rhythm},
};
use crate::{
    ids::{EntryId, PartnerId},
    recurrence::{RULE_WANTED, Recurrence},
    visibility::Visibility,
    vocabulary::word,
};

mod times;
mod work;

pub use times::{OccurrenceState, PlannedRitual, PlannedRituals};
pub use work::*;

/// The exercise as the catalog ships it.
pub(super) const EXERCISE: Exercise = Exercise {
    slug: Slug::SharedRituals,
    number: 6,
    version: 1,
    title: "Rituals of your own",
    purpose: "To build good time together that lasts beyond this work.",
    steps: &[
        "Pick something small for each day and something bigger for each week.",
        "Now and then, try something neither of you has done.",
        "Agree on who starts it, so that it does not wait for the other.",
        "Note that you did it; each notes alone how it was.",
        "If it was skipped, note why, without blame.",
    ],
    prompts: &[
        "What did you love doing together at the start?",
        "What have you both never tried?",
        "Which ten minutes of the day could be yours?",
    ],
    defaults: Defaults {
        mode: Mode::Joint,
        cadence: Some("FREQ=DAILY"),
        visibility: Visibility::Shared,
        can_be_overdue: true,
        needs_safety_in_every_mode: true,
        prerequisites: &[Slug::TransparentCommunication, Slug::Consistency, Slug::TimeAndSpace],
    },
    rhythms: &[
        Rhythm::of(DONE, "Something small each day").by("FREQ=DAILY"),
        Rhythm::of(DONE, "Something bigger each week").by("FREQ=WEEKLY"),
        Rhythm::of(DONE, "Something new, one to four times a month").times(1, 4, Per::Month),
    ],
    weeks: None,
    kinds: Kind::of(Slug::SharedRituals),
};

word! {
    /// How often a ritual comes round.
    RitualRhythm {
        /// Something small, each day.
        Daily = "daily",
        /// Something bigger, each week.
        Weekly = "weekly",
        /// Something new, now and then.
        Novel = "novel",
    }
}

/// What is recorded each time a ritual was due.
const DONE: &[Kind] = &[Kind::RitualOccurrence, Kind::RitualReflection];

/// Something the partners plan to do together, again and again or once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = recurs))]
pub struct Ritual {
    /// What do you call it?
    #[schema(min_length = 1, max_length = 500)]
    #[validate(length(min = 1, max = 500))]
    pub name: String,
    /// What do you do?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub description: Option<String>,
    /// How often does it come round?
    pub rhythm: RitualRhythm,
    /// On which days, as an RFC 5545 recurrence rule such as `FREQ=WEEKLY;BYDAY=SU`, from the day you note it? A daily or weekly
    /// ritual needs one.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 200, nullable = false)]
    #[validate(length(min = 1, max = 200))]
    pub recurrence: Option<String>,
    /// At what time of the day, by the clock where you live, such as `09:00`?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 5, max_length = 5, pattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$", nullable = false)]
    #[validate(length(min = 5, max = 5))]
    pub starts_at: Option<String>,
    /// Who starts it? Leave it out to take turns.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub started_by: Option<PartnerId>,
}

impl Form for Ritual {
    const WRITER: Writer = Writer::Together;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;
    const LASTS: bool = true;

    fn references(&self) -> Vec<Reference> {
        Reference::to("started_by", self.started_by.map(Target::Partner))
    }

    fn example() -> Self {
        Self {
            name: "Coffee before work".into(),
            description: None,
            rhythm: RitualRhythm::Daily,
            recurrence: Some("FREQ=DAILY".into()),
            starts_at: Some("07:30".into()),
            started_by: None,
        }
    }

    /// A rule without a day in two years would never fall, and be looked for in vain each time.
    fn check_on(&self, day: NaiveDate) -> Result<(), ValidationError> {
        let falls = |rule: Recurrence| !rule.days(day, day, NaiveDate::MAX).is_empty();
        expect(self.rule().is_none_or(falls), "recurrence", "give a rule that has a day within two years")?;
        let keeps_time = |rule: Recurrence| self.rhythm.fits(&rule.days(day, day, NaiveDate::MAX));
        let words = "a daily ritual comes round every few days, and a weekly one every week or two; change the rule or the rhythm";
        expect(self.rule().is_none_or(keeps_time), "recurrence", words)
    }
}

impl RitualRhythm {
    /// Whether something on these days comes round so often: a daily ritual may rest over a long weekend, and a weekly one for a week.
    fn fits(self, days: &[NaiveDate]) -> bool {
        let most = match self {
            Self::Daily => 4,
            Self::Weekly => 14,
            Self::Novel => return true,
        };
        days.iter().zip(days.iter().skip(1)).all(|(one, next)| next.signed_duration_since(*one).num_days() <= most)
    }
}

impl Ritual {
    /// Its rule; `None` for something that is planned for no day. Rules that were kept before these were checked plan none either.
    #[must_use]
    pub fn rule(&self) -> Option<Recurrence> {
        self.recurrence.as_deref().and_then(|rule| rule.parse().ok())
    }

    /// The time of the day at which it starts, by the couple's clock.
    #[must_use]
    pub fn time(&self) -> Option<NaiveTime> {
        self.starts_at.as_deref().and_then(|time| NaiveTime::parse_from_str(time, "%H:%M").ok())
    }
}

fn recurs(ritual: &Ritual) -> Result<(), ValidationError> {
    match &ritual.recurrence {
        Some(_) => expect(ritual.rule().is_some(), "recurrence", RULE_WANTED)?,
        None => expect(ritual.rhythm == RitualRhythm::Novel, "recurrence", "a daily or weekly ritual needs a rule")?,
    }
    let time_fits = ritual.starts_at.is_none() || ritual.time().is_some();
    expect(time_fits, "starts_at", "give hours and minutes, as in 09:00")
}

/// Whether a ritual is planned for a day. Something new is for any day.
pub(super) fn is_planned(ground: Ground<'_>, ritual: EntryId, on: NaiveDate) -> bool {
    let found = ground.entries.iter().find(|entry| entry.id == ritual);
    let of = found.and_then(|entry| Some((entry, <&Ritual>::try_from(&entry.answers).ok()?)));
    of.is_some_and(|(entry, ritual)| {
        let by_rule = |rule: Recurrence| !rule.days(entry.recorded_on, on, on).is_empty();
        ritual.rhythm == RitualRhythm::Novel || ritual.rule().is_some_and(by_rule)
    })
}

word! {
    /// Why a ritual did not happen.
    SkipReason {
        /// There was no time.
        NoTime = "no_time",
        /// One of you was too tired.
        Tired = "tired",
        /// One of you was ill.
        Ill = "ill",
        /// One of you was away.
        Away = "away",
        /// It did not feel right between you.
        Tension = "tension",
        /// It was forgotten.
        Forgotten = "forgotten",
        /// Another reason.
        Other = "other",
    }
}

/// One time a ritual was due.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = done_or_skipped))]
pub struct RitualOccurrence {
    /// The ritual.
    #[schema(required = true)]
    #[validate(required)]
    pub ritual_id: Option<EntryId>,
    /// Which day was it for?
    pub due_on: NaiveDate,
    /// Did you do it?
    pub done: bool,
    /// Were both of you there, and with your minds on it?
    pub both_present: bool,
    /// How many minutes did it take?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1440, nullable = false)]
    #[validate(range(min = 1, max = 1440))]
    pub duration_minutes: Option<u16>,
    /// If not, why?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub skip_reason: Option<SkipReason>,
    /// What would you like to remember?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub note: Option<String>,
}

impl Form for RitualOccurrence {
    const WRITER: Writer = Writer::Together;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;
    const FOLLOWS: &'static [Kind] = &[Kind::Ritual];

    fn example() -> Self {
        Self {
            ritual_id: Some(id()),
            due_on: day(3, 2),
            done: true,
            both_present: true,
            duration_minutes: Some(15),
            skip_reason: None,
            note: None,
        }
    }

    fn readings(&self) -> Vec<Reading> {
        let minutes = self.duration_minutes.map(|minutes| Measure::RitualMinutes.of(minutes));
        let happened = if self.done { Measure::RitualsDone } else { Measure::RitualsSkipped };
        [happened.one()].into_iter().chain(minutes).collect()
    }

    fn references(&self) -> Vec<Reference> {
        Reference::entry("ritual_id", self.ritual_id, Kind::Ritual, Whose::Anyones)
    }

    /// It is said together, so whoever says it second says it again.
    fn told_once(&self) -> Option<ToldOnce> {
        ToldOnce::about(self.references()).map(|once| ToldOnce { on: Some(self.due_on), ..once })
    }

    fn check_on(&self, day: NaiveDate) -> Result<(), ValidationError> {
        expect(!self.done || self.due_on <= day, "due_on", "what was done was for the day of this entry, or before")
    }

    fn condition(&self) -> Option<Condition> {
        Some(Condition::Planned { ritual: self.ritual_id?, on: self.due_on })
    }
}

fn done_or_skipped(occurrence: &RitualOccurrence) -> Result<(), ValidationError> {
    if occurrence.done {
        return expect(occurrence.skip_reason.is_none(), "skip_reason", "what was done was not skipped");
    }
    expect(!occurrence.both_present, "both_present", "nobody is present at what was skipped")?;
    expect(occurrence.duration_minutes.is_none(), "duration_minutes", "what was skipped took no time")
}

/// How a ritual was for one partner. Nobody rates for the other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct RitualReflection {
    /// The time this is about.
    #[schema(required = true)]
    #[validate(required)]
    pub occurrence_id: Option<EntryId>,
    /// How much did you enjoy it? 0 not at all, 10 very much.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub enjoyment: u8,
    /// How connected did you feel? 0 not at all, 10 completely.
    #[schema(minimum = 0, maximum = 10)]
    #[validate(range(min = 0, max = 10))]
    pub connection: u8,
}

impl Form for RitualReflection {
    const WRITER: Writer = Writer::EachAlone;
    const VISIBILITY: KindVisibility = KindVisibility::REVEAL_TOGETHER;
    const OF_ITS_RECORD: bool = true;

    fn example() -> Self {
        Self { occurrence_id: Some(id()), enjoyment: 8, connection: 7 }
    }

    fn readings(&self) -> Vec<Reading> {
        vec![Measure::Enjoyment.of(self.enjoyment), Measure::Connection.of(self.connection)]
    }

    fn references(&self) -> Vec<Reference> {
        Reference::entry("occurrence_id", self.occurrence_id, Kind::RitualOccurrence, Whose::Anyones)
    }
}
