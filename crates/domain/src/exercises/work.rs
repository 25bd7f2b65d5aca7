//! Where a couple stands with an exercise: what their entries come to, put together for one reader.
//!
//! Entries are single sheets; a question and its answer, a draft and its coaching, an agreement and its end are several. Here they
//! are laid side by side again. **The caller passes only what the reader may read**, as they are shown it, so that nothing can be told
//! from what is put together that could not be read sheet by sheet; what goes beyond that is said of each field of [`WorkInput`].

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Discriminator, OneOfBuilder, Ref, RefOr, schema::Schema},
};

use super::{
    Answers, Slug,
    answers::{Component, tagged},
    apology::ApologyWork,
    condition::BothSaid,
    consistency::ConsistencyWork,
    forgiveness::ForgivenessWork,
    history::of_kind,
    professional_help::{PULSE_DAYS, ProfessionalHelpWork},
    reaffirm_commitment::ReaffirmCommitmentWork,
    root_cause::RootCauseWork,
    shared_rituals::SharedRitualsWork,
    time_and_space::TimeAndSpaceWork,
    transparent_communication::TransparentCommunicationWork,
    vulnerability::VulnerabilityWork,
};
use crate::{
    couple::Couple,
    entry::Entry,
    ids::PartnerId,
    promise::{Outcome, Promise},
    session::Session,
    visibility::{Reader, Visibility},
};

/// What is put together, filtered for its reader.
#[derive(Debug, Clone, Copy)]
pub struct WorkInput<'w> {
    /// The couple.
    pub couple: &'w Couple,
    /// Who reads.
    pub reader: Reader,
    /// Submitted entries of the exercise, by day: of what lasts, all; of what happened once, those of the range.
    pub entries: &'w [Entry],
    /// The promises that the exercise needs ([`WorkNeeds`]), each with what was said of the days it was due in the range.
    pub promises: &'w [(Promise, Vec<Outcome>)],
    /// Whether there were more of these: the newest are here.
    pub promises_cut: bool,
    /// The sessions of the range, where the exercise needs them.
    pub sessions: &'w [Session],
    /// What both said together, which each may know.
    pub both: &'w BothSaid,
    /// The rounds of coaching on apologies, by day, whoever may read them: who wrote a draft is told of those on it.
    pub coaching: &'w [Entry],
    /// The couple's day.
    pub today: NaiveDate,
    /// The first day of the range.
    pub from: NaiveDate,
    /// The last day of the range.
    pub until: NaiveDate,
}

/// What the work of an exercise is put together from besides its own entries: nothing else is read for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkNeeds {
    /// Promises.
    pub promises: Option<PromisesNeeded>,
    /// The sessions of the range.
    pub sessions: bool,
    /// The rounds of coaching on apologies, whoever may read them.
    pub coaching: bool,
    /// For how many days before the range what happened once still belongs to it.
    pub days_before: u64,
}

/// Which promises the work of an exercise needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromisesNeeded {
    /// Those that held on a day of the range, with what was said of them.
    OfTheRange,
    /// Those of any day: an offer of long ago may have led to one.
    OfAnyDay,
}

impl WorkNeeds {
    const ENTRIES_ALONE: Self = Self { promises: None, sessions: false, coaching: false, days_before: 0 };
    const LEDGER: Self = Self { promises: Some(PromisesNeeded::OfTheRange), ..Self::ENTRIES_ALONE };
    const APOLOGIES: Self = Self { promises: Some(PromisesNeeded::OfAnyDay), coaching: true, ..Self::ENTRIES_ALONE };
    /// A short check belongs to a session of the days after it, and so to one of the range.
    const SESSIONS: Self = Self { sessions: true, days_before: PULSE_DAYS, ..Self::ENTRIES_ALONE };
}

impl<'w> WorkInput<'w> {
    /// The entries of one kind with their answers, by day.
    pub(super) fn all<F: 'w>(self) -> impl DoubleEndedIterator<Item = (&'w Entry, &'w F)>
    where
        &'w F: TryFrom<&'w Answers>,
    {
        of_kind(self.entries)
    }

    /// The last entry of one kind by each who wrote one, those that are older first.
    pub(super) fn last_of_each<F: 'w>(self) -> Vec<(&'w Entry, &'w F)>
    where
        &'w F: TryFrom<&'w Answers>,
    {
        last_by_author(self.all())
    }

    /// What a partner recorded of one kind by themselves, under any of their memberships, by day.
    pub(super) fn all_of<F: 'w>(self, partner: PartnerId) -> impl DoubleEndedIterator<Item = (&'w Entry, &'w F)>
    where
        &'w F: TryFrom<&'w Answers>,
    {
        self.all().filter(move |(entry, _)| entry.by().is_some_and(|by| self.couple.same_person(by, partner)))
    }

    /// Those who are partners now.
    pub(super) fn partners(self) -> impl Iterator<Item = PartnerId> + use<'w> {
        self.couple.current_partners().map(|partner| partner.id)
    }

    /// Whether the reader is this partner, or treats them.
    pub(super) fn is_told_of(self, partner: PartnerId) -> bool {
        match self.reader {
            Reader::Counselor(_) | Reader::Supervisor(_) => true,
            Reader::Partner(reader) => self.couple.same_person(reader, partner),
        }
    }
}

/// A mean, and of how many values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct WorkMean {
    /// The mean; null of none.
    #[schema(required = true)]
    pub mean: Option<f64>,
    /// Of how many values.
    #[schema(value_type = i32, minimum = 0)]
    pub n: usize,
}

impl WorkMean {
    /// Of these values.
    pub(super) fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let values: Vec<f64> = values.into_iter().collect();
        let n = values.len();
        let count = f64::from(u32::try_from(n).unwrap_or(u32::MAX));
        Self { mean: (n > 0).then(|| values.iter().sum::<f64>() / count), n }
    }

    /// The share of yes among answers.
    pub(super) fn share(answers: impl IntoIterator<Item = bool>) -> Self {
        Self::of(answers.into_iter().map(|yes| f64::from(u8::from(yes))))
    }
}

/// How even two amounts are: the smaller one as a share of the larger, 1 if they are the same, 0 if one is all; `None` if both are
/// nothing.
#[must_use]
pub fn evenness(one: f64, other: f64) -> Option<f64> {
    (one.max(other) > 0.0).then(|| one.min(other) / one.max(other))
}

/// The last of these by each author, those that are older first.
pub(super) fn last_by_author<'e, F>(said: impl IntoIterator<Item = (&'e Entry, &'e F)>) -> Vec<(&'e Entry, &'e F)> {
    let mut last: Vec<(&Entry, &F)> = Vec::new();
    for (entry, answers) in said {
        last.retain(|(known, _)| known.author != entry.author);
        last.push((entry, answers));
    }
    last
}

/// How even two counts are; `None` if there are not two, or if nobody did anything.
pub(super) fn evenness_of(counts: &[usize]) -> Option<f64> {
    let [one, other] = counts else { return None };
    let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
    evenness(number(*one), number(*other))
}

impl Entry {
    /// The partner whose words these are; `None` for what both wrote as one, and for a counselor's.
    pub(super) const fn by(&self) -> Option<PartnerId> {
        self.author.partner()
    }

    /// Whether it is for who wrote it and the counselors alone.
    pub(super) const fn is_kept_private(&self) -> bool {
        matches!(self.visibility, Visibility::CounselorOnly)
    }
}

macro_rules! works {
    ($($slug:ident $work:ident $word:literal $needs:ident,)+) => {
        /// Where a couple stands with an exercise.
        #[derive(Debug, Clone, PartialEq, Serialize)]
        #[serde(tag = "exercise")]
        pub enum Work {
            $(#[doc = concat!("Exercise `", $word, "`.")] #[serde(rename = $word)] $slug($work),)+
        }

        /// Puts together where a couple stands with an exercise; `None` for one that has nothing to put together.
        #[must_use]
        pub fn work(exercise: Slug, input: WorkInput<'_>) -> Option<Work> {
            match exercise {
                $(Slug::$slug => Some(Work::$slug($work::of(input))),)+
                // A form that a practice made says nothing of how its entries belong together.
                Slug::Own => None,
            }
        }

        impl WorkNeeds {
            /// What an exercise needs.
            #[must_use]
            pub const fn of(exercise: Slug) -> Self {
                match exercise {
                    $(Slug::$slug => Self::$needs,)+
                    Slug::Own => Self::ENTRIES_ALONE,
                }
            }
        }

        const COMPONENTS: &[(Slug, &str)] = &[$((Slug::$slug, stringify!($work)),)+];

        impl ToSchema for Work {
            fn name() -> std::borrow::Cow<'static, str> {
                "ExerciseWork".into()
            }

            fn schemas(components: &mut Vec<Component>) {
                $(
                    let words = "Which exercise.";
                    components.push((<$work as ToSchema>::name().into_owned(), tagged("exercise", $word, words, <$work as PartialSchema>::schema())));
                    <$work as ToSchema>::schemas(components);
                )+
            }
        }
    };
}

works! {
    RootCause RootCauseWork "root-cause" ENTRIES_ALONE,
    Apology ApologyWork "apology" APOLOGIES,
    TransparentCommunication TransparentCommunicationWork "transparent-communication" ENTRIES_ALONE,
    Consistency ConsistencyWork "consistency" LEDGER,
    Vulnerability VulnerabilityWork "vulnerability" ENTRIES_ALONE,
    SharedRituals SharedRitualsWork "shared-rituals" ENTRIES_ALONE,
    ProfessionalHelp ProfessionalHelpWork "professional-help" SESSIONS,
    ReaffirmCommitment ReaffirmCommitmentWork "reaffirm-commitment" LEDGER,
    TimeAndSpace TimeAndSpaceWork "time-and-space" ENTRIES_ALONE,
    Forgiveness ForgivenessWork "forgiveness" LEDGER,
}

impl PartialSchema for Work {
    fn schema() -> RefOr<Schema> {
        let reference = |name: &str| Ref::from_schema_name(name);
        let mapping: BTreeMap<_, _> =
            COMPONENTS.iter().map(|(slug, name)| (slug.to_string(), reference(name).ref_location)).collect();
        let union = OneOfBuilder::new()
            .description(Some(
                "Where a couple stands with an exercise, as far as the reader may read what it is made of.",
            ))
            .discriminator(Some(Discriminator::with_mapping("exercise", mapping)));
        let union = COMPONENTS.iter().fold(union, |union, (_, name)| union.item(reference(name)));
        Schema::OneOf(union.build()).into()
    }
}
