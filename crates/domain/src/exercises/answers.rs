//! Every kind of entry in one list: adding a line here is all it takes to store, check and publish a new one.

use std::{collections::BTreeMap, fmt};

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{
        Discriminator, ObjectBuilder, OneOfBuilder, Ref, RefOr,
        schema::{Schema, SchemaType, Type},
    },
};
use validator::ValidationErrors;

use crate::{entry::UnknownReference, ids::EntryId, vocabulary::word};

use super::{
    Slug,
    condition::Condition,
    form::{self, Form, KindVisibility, Writer},
    history::History,
    measure::Reading,
    reference::{Reference, Target, ToldOnce},
    wording::worded,
};
use super::{
    apology::*, consistency::*, forgiveness::*, own::*, professional_help::*, reaffirm_commitment::*, root_cause::*,
    shared_rituals::*, time_and_space::*, transparent_communication::*, vulnerability::*,
};

/// A component's name and its schema.
pub(super) type Component = (String, RefOr<Schema>);

macro_rules! answers {
    ($($slug:ident { $($form:ident = $word:literal,)+ })+) => {
        word! {
            /// What an entry is: the `type` of its answers, which decides its fields, its writer and its readers.
            Kind as ("EntryKind") { $($(#[doc = concat!("Answers of the type `", $word, "`.")] $form = $word,)+)+ }
        }

        /// What was recorded in an entry, together with its `type`.
        ///
        /// This is the form it is stored and published in.
        #[derive(Clone, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "type")]
        pub enum Answers {
            $($(#[doc = concat!("Answers of the type `", $word, "`.")] #[serde(rename = $word)] $form($form),)+)+
        }

        impl Kind {
            /// The kinds of an exercise, in the order in which they are met.
            pub const fn of(exercise: Slug) -> &'static [Self] {
                match exercise { $(Slug::$slug => &[$(Self::$form),+],)+ }
            }

            /// The exercise it belongs to.
            pub const fn exercise(self) -> Slug {
                match self { $($(Self::$form)|+ => Slug::$slug,)+ }
            }

            /// Who may write it.
            pub const fn writer(self) -> Writer {
                match self { $($(Self::$form => <$form as Form>::WRITER,)+)+ }
            }

            /// Who reads it, unless its author decides otherwise.
            pub const fn visibility(self) -> KindVisibility {
                match self { $($(Self::$form => <$form as Form>::VISIBILITY,)+)+ }
            }

            /// Whether it goes on to matter after its day.
            pub const fn lasts(self) -> bool {
                match self { $($(Self::$form => <$form as Form>::LASTS,)+)+ }
            }

            /// The kinds it follows, which decide its condition and which its answers are checked against.
            pub const fn follows(self) -> &'static [Self] {
                match self { $($(Self::$form => <$form as Form>::FOLLOWS,)+)+ }
            }

            /// Whether what is revealed together is of one day.
            pub const fn is_of_its_day(self) -> bool {
                match self { $($(Self::$form => <$form as Form>::OF_ITS_DAY,)+)+ }
            }

            /// Whether what is revealed together is about one record.
            pub const fn is_of_its_record(self) -> bool {
                match self { $($(Self::$form => <$form as Form>::OF_ITS_RECORD,)+)+ }
            }

            /// Why an entry of this kind, once handed in, stays as it is; `None` while it may be corrected.
            pub fn settled_by(self, entry: EntryId, history: &History) -> Option<&'static str> {
                match self { $($(Self::$form => <$form as Form>::settled_by(entry, history),)+)+ }
            }

            /// Answers of this kind that pass every check.
            pub fn example(self) -> Answers {
                match self { $($(Self::$form => Answers::$form(<$form as Form>::example()),)+)+ }
            }

            /// The schema of its answers, `type` included.
            pub fn schema(self) -> RefOr<Schema> {
                let form = match self { $($(Self::$form => <$form as PartialSchema>::schema(),)+)+ };
                let tagged = tagged("type", self.as_str(), "What these answers are.", form);
                worded(self, (self.component(), tagged)).1
            }

            /// The name of its schema among the components of an OpenAPI document.
            pub fn component(self) -> String {
                match self { $($(Self::$form => <$form as ToSchema>::name().into_owned(),)+)+ }
            }

            /// The schemas that its own refers to.
            fn nested(self) -> impl Iterator<Item = Component> {
                let mut components = Vec::new();
                match self { $($(Self::$form => <$form as ToSchema>::schemas(&mut components),)+)+ }
                components.into_iter().map(move |component| worded(self, component))
            }
        }

        $($(
            impl<'a> TryFrom<&'a Answers> for &'a $form {
                type Error = Kind;

                fn try_from(answers: &'a Answers) -> Result<Self, Kind> {
                    if let Answers::$form(form) = answers { Ok(form) } else { Err(answers.kind()) }
                }
            }
        )+)+

        impl Answers {
            /// What they are.
            pub const fn kind(&self) -> Kind {
                match self { $($(Self::$form(_) => Kind::$form,)+)+ }
            }

            /// Reads the answers of a kind from an object without `type`.
            pub fn read<'de, D: Deserializer<'de>>(kind: Kind, from: D) -> Result<Self, D::Error> {
                match kind { $($(Kind::$form => $form::deserialize(from).map(Self::$form),)+)+ }
            }

            /// Checks every field by itself, those that depend on each other, and all against the day they are about; every error names its field.
            pub fn check(&self, on: NaiveDate) -> Result<(), ValidationErrors> {
                match self { $($(Self::$form(answers) => form::check(answers, on),)+)+ }
            }

            /// What they say in numbers.
            pub fn readings(&self) -> Vec<Reading> {
                match self { $($(Self::$form(answers) => answers.readings(),)+)+ }
            }

            /// The records they are about.
            pub fn references(&self) -> Vec<Reference> {
                match self { $($(Self::$form(answers) => answers.references(),)+)+ }
            }

            /// What their author tells of once.
            pub fn told_once(&self) -> Option<ToldOnce> {
                match self { $($(Self::$form(answers) => answers.told_once(),)+)+ }
            }

            /// What must hold among the couple's entries for them to be recorded.
            pub fn condition(&self) -> Option<Condition> {
                match self { $($(Self::$form(answers) => answers.condition(),)+)+ }
            }

            /// Checks them against what was handed in before.
            ///
            /// # Errors
            /// What they would have to name instead.
            pub fn check_against(&self, history: &History) -> Result<(), UnknownReference> {
                match self { $($(Self::$form(answers) => answers.check_against(history),)+)+ }
            }
        }
    };
}

impl Answers {
    /// The record they are about, where what is revealed together is about one.
    #[must_use]
    pub fn about(&self) -> Option<Target> {
        self.references().into_iter().map(|reference| reference.to).next().filter(|_| self.kind().is_of_its_record())
    }

    /// Whether what they tell of took place: a ritual that was skipped did not.
    #[must_use]
    pub fn took_place(&self) -> bool {
        <&RitualOccurrence>::try_from(self).map_or(true, |occurrence| occurrence.done)
    }

    /// The same without these references: what they name is not told.
    ///
    /// # Errors
    /// If a form does not do without one of its references.
    pub fn without(&self, references: &[Reference]) -> Result<Self, serde_json::Error> {
        let mut fields = serde_json::to_value(self)?;
        for Reference { pointer, .. } in references {
            let parent = pointer.rsplit_once('/').and_then(|(of, name)| Some((fields.pointer_mut(of)?, name)));
            if let Some((Value::Object(parent), name)) = parent {
                parent.remove(name);
            }
        }
        serde_json::from_value(fields)
    }
}

/// Says what they are and not what they say: that is someone's own.
impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Answers").field(&self.kind()).finish()
    }
}

answers! {
    RootCause {
        RootCauseAccount = "root_cause_account",
        RootCauseImpact = "root_cause_impact",
        RootCauseQuestion = "root_cause_question",
        RootCauseAnswer = "root_cause_answer",
        RootCauseAnswerHeard = "root_cause_answer_heard",
        RootCauseTimelineEvent = "root_cause_timeline_event",
        RootCauseComparison = "root_cause_comparison",
        RootCauseUndisclosed = "root_cause_undisclosed",
    }
    Apology {
        ApologyDraft = "apology_draft",
        ApologyCoaching = "apology_coaching",
        ApologyDelivery = "apology_delivery",
        ApologyResponse = "apology_response",
    }
    TransparentCommunication {
        TalkLog = "talk_log",
        TalkReflection = "talk_reflection",
        Boundary = "boundary",
        TransparencyAgreement = "transparency_agreement",
        TransparencyReview = "transparency_review",
        TransparencyWithdrawal = "transparency_withdrawal",
        VolunteeredInformation = "volunteered_information",
    }
    Consistency {
        Appreciation = "appreciation",
        ConsistencyReview = "consistency_review",
    }
    Vulnerability {
        VulnerabilityShare = "vulnerability_share",
        VulnerabilityResponse = "vulnerability_response",
        TouchComfort = "touch_comfort",
        Journal = "journal",
    }
    SharedRituals {
        Ritual = "ritual",
        RitualOccurrence = "ritual_occurrence",
        RitualReflection = "ritual_reflection",
    }
    ProfessionalHelp {
        Goal = "goal",
        Concern = "concern",
        Pulse = "pulse",
        SessionFeedback = "session_feedback",
        BringToSession = "bring_to_session",
        TreatmentPlan = "treatment_plan",
        Referral = "referral",
    }
    ReaffirmCommitment {
        CommitmentAct = "commitment_act",
        ActNoticed = "act_noticed",
        DedicationRating = "dedication_rating",
        Ambivalence = "ambivalence",
    }
    TimeAndSpace {
        Trigger = "trigger",
        PaceWish = "pace_wish",
        PatienceCheck = "patience_check",
        TimeOut = "time_out",
        SpaceAgreement = "space_agreement",
        Setback = "setback",
    }
    Forgiveness {
        ForgivenessStep = "forgiveness_step",
        ForgivenessDecision = "forgiveness_decision",
        ForgivenessPatience = "forgiveness_patience",
        ForgivenessTalkWish = "forgiveness_talk_wish",
        ForgivenessMeaning = "forgiveness_meaning",
    }
    Own {
        OwnEntry = "own_entry",
    }
}

/// A one-value enum written into the object itself: generators narrow a union by it, and not by a reference.
pub(super) fn tagged(property: &str, word: &str, description: &str, schema: RefOr<Schema>) -> RefOr<Schema> {
    match schema {
        RefOr::T(Schema::Object(mut object)) => {
            let tag = ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::String))
                .description(Some(description))
                .enum_values(Some([word]));
            object.properties.insert(property.to_owned(), tag.build().into());
            object.required.push(property.to_owned());
            RefOr::T(Schema::Object(object))
        }
        other => other,
    }
}

impl PartialSchema for Answers {
    fn schema() -> RefOr<Schema> {
        let reference = |kind: &Kind| Ref::from_schema_name(kind.component());
        let mapping: BTreeMap<_, _> =
            Kind::ALL.iter().map(|kind| (kind.to_string(), reference(kind).ref_location)).collect();
        let union = OneOfBuilder::new()
            .description(Some("What was recorded in an entry. Its `type` says which fields it has."))
            .discriminator(Some(Discriminator::with_mapping("type", mapping)));
        let union = Kind::ALL.iter().fold(union, |union, kind| union.item(reference(kind)));
        Schema::OneOf(union.build()).into()
    }
}

impl ToSchema for Answers {
    fn schemas(components: &mut Vec<Component>) {
        for kind in Kind::ALL {
            components.push((kind.component(), kind.schema()));
            components.extend(kind.nested());
        }
    }
}
