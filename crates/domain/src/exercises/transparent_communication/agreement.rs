//! Openness for a time: agreed on, looked at again, and over on a day, because watching is not trusting.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::{
    entry::{Entry, UnknownReference},
    exercises::{
        Kind,
        example::{day, id},
        form::{Form, KindVisibility, Writer, expect, lines, present},
        history::{History, names, of_kind},
        reference::{Reference, Target, Whose},
    },
    ids::{EntryId, PartnerId},
    visibility::Visibility,
    vocabulary::word,
};

/// What the course of an agreement is made of.
const COURSE: &[Kind] = &[Kind::TransparencyAgreement, Kind::TransparencyReview, Kind::TransparencyWithdrawal];

/// How open the partners will be, for a time. It ends within a year, because watching is not trusting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = holds_for_a_time))]
pub struct TransparencyAgreement {
    /// What will be open? One thing a line.
    #[schema(min_items = 1, max_items = 10, min_length = 1, max_length = 500)]
    #[validate(length(min = 1, max = 10), custom(function = lines))]
    pub scope: Vec<String>,
    /// Does it hold for both of you alike?
    pub mutual: bool,
    /// If it does not hold for both alike: who of you will be open to the other?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub open_partner_id: Option<PartnerId>,
    /// From which day?
    pub starts_on: NaiveDate,
    /// When will you look at it again?
    pub review_on: NaiveDate,
    /// On which day does it end? From that day on it holds no more.
    pub expires_on: NaiveDate,
    /// How does it become less over time?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub step_down: Option<String>,
}

impl Form for TransparencyAgreement {
    const WRITER: Writer = Writer::Together;
    const VISIBILITY: KindVisibility = KindVisibility::SHARED;
    const LASTS: bool = true;

    fn example() -> Self {
        Self {
            scope: vec!["Bank statements".into()],
            mutual: false,
            open_partner_id: Some(id()),
            starts_on: day(3, 2),
            review_on: day(4, 1),
            expires_on: day(6, 1),
            step_down: Some("From weekly to monthly after the review.".into()),
        }
    }

    fn references(&self) -> Vec<Reference> {
        Reference::to("open_partner_id", self.open_partner_id.map(Target::Partner))
    }
}

const LONGEST_AGREEMENT_DAYS: i64 = 366;

fn holds_for_a_time(agreement: &TransparencyAgreement) -> Result<(), ValidationError> {
    let TransparencyAgreement { mutual, open_partner_id, starts_on, review_on, expires_on, .. } = agreement;
    let days = expires_on.signed_duration_since(*starts_on).num_days();
    let one_sided = open_partner_id.is_some();
    expect(!(*mutual && one_sided), "open_partner_id", "an agreement for both alike names neither of you")?;
    expect(*mutual || one_sided, "open_partner_id", "an agreement for one of you says who is open to the other")?;
    expect(expires_on > starts_on, "expires_on", "the end comes after the start")?;
    expect(days <= LONGEST_AGREEMENT_DAYS, "expires_on", "the end comes within a year of the start")?;
    expect(starts_on < review_on, "review_on", "the review comes after the start")?;
    expect(review_on < expires_on, "review_on", "the review comes before the end")
}

/// One partner ends a transparency agreement early. It takes both to agree, and one to stop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct TransparencyWithdrawal {
    /// The agreement you end.
    #[schema(required = true)]
    #[validate(required)]
    pub agreement_id: Option<EntryId>,
    /// Would you like to say why? You need not.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub reason: Option<String>,
}

impl Form for TransparencyWithdrawal {
    const WRITER: Writer = Writer::EitherPartner;
    const VISIBILITY: KindVisibility = KindVisibility::BETWEEN_THEM;
    const LASTS: bool = true;
    const FOLLOWS: &'static [Kind] = COURSE;

    fn example() -> Self {
        Self { agreement_id: Some(id()), reason: None }
    }

    fn references(&self) -> Vec<Reference> {
        Reference::entry("agreement_id", self.agreement_id, Kind::TransparencyAgreement, Whose::Anyones)
    }

    fn check_against(&self, history: &History) -> Result<(), UnknownReference> {
        let course = self.agreement_id.and_then(|agreement| Course::of(&history.entries, agreement));
        let state = course.map(|course| course.state(history.today));
        names(!state.is_none_or(TransparencyAgreementState::is_over), "agreement_id", "an agreement that has not ended")
    }
}

word! {
    /// What both decide when they look at an agreement again.
    ReviewDecision {
        /// It goes on as it is.
        Keep = "keep",
        /// It becomes less.
        StepDown = "step_down",
        /// It ends today.
        End = "end",
    }
}

/// Both look at an agreement again. A step down replaces what is open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
#[validate(schema(function = decides_one_thing))]
pub struct TransparencyReview {
    /// The agreement you look at.
    #[schema(required = true)]
    #[validate(required)]
    pub agreement_id: Option<EntryId>,
    /// Does it go on, become less, or end?
    pub decision: ReviewDecision,
    /// If it becomes less: what stays open? One thing a line; it replaces what was open before.
    #[serde(default)]
    #[schema(max_items = 10, min_length = 1, max_length = 500)]
    #[validate(length(max = 10), custom(function = lines))]
    pub scope: Vec<String>,
    /// When will you look at it again? Before it ends; leave it out if this was the last time.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub next_review_on: Option<NaiveDate>,
    /// What did it do for you?
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    #[schema(min_length = 1, max_length = 10000, nullable = false)]
    #[validate(length(min = 1, max = 10000))]
    pub note: Option<String>,
}

impl Form for TransparencyReview {
    const WRITER: Writer = Writer::Together;
    const VISIBILITY: KindVisibility = KindVisibility::BETWEEN_THEM;
    const LASTS: bool = true;
    const FOLLOWS: &'static [Kind] = COURSE;

    fn example() -> Self {
        Self {
            agreement_id: Some(id()),
            decision: ReviewDecision::StepDown,
            scope: vec!["The statement of our joint account, once a month".into()],
            next_review_on: None,
            note: Some("It got easier to ask.".into()),
        }
    }

    fn references(&self) -> Vec<Reference> {
        Reference::entry("agreement_id", self.agreement_id, Kind::TransparencyAgreement, Whose::Anyones)
    }

    fn check_against(&self, history: &History) -> Result<(), UnknownReference> {
        let course = self.agreement_id.and_then(|agreement| Course::of(&history.entries, agreement));
        let holds = course.as_ref().is_some_and(|course| course.state(history.today).holds());
        names(holds, "agreement_id", "an agreement that holds: it has begun, and has not ended")?;
        let ends_on = course.as_ref().map(|course| course.agreement.expires_on);
        let in_time = |next: NaiveDate| next > history.today && ends_on.is_some_and(|ends_on| next < ends_on);
        names(self.next_review_on.is_none_or(in_time), "next_review_on", "a day to come, before the agreement ends")?;
        let opens_less = course.is_some_and(|course| is_less(&self.scope, course.scope()));
        let steps_down = self.decision == ReviewDecision::StepDown;
        names(
            !steps_down || opens_less,
            "scope",
            "less than what is open now: no more things than before, and not all of the same; for more, make a new agreement",
        )
    }
}

/// Whether what would be open is less than what was, as far as can be told of what people write in their own words: it is no more
/// things, and some of what was open is not any more, or is open in another way.
fn is_less(scope: &[String], before: &[String]) -> bool {
    let same = |one: &String, other: &String| one.trim().to_lowercase() == other.trim().to_lowercase();
    let stays = |open: &String| scope.iter().any(|line| same(line, open));
    scope.len() <= before.len() && !before.iter().all(stays)
}

fn decides_one_thing(review: &TransparencyReview) -> Result<(), ValidationError> {
    let steps_down = review.decision == ReviewDecision::StepDown;
    let ends = review.decision == ReviewDecision::End;
    expect(
        steps_down != review.scope.is_empty(),
        "scope",
        "a step down says what stays open, and only a step down does",
    )?;
    expect(!ends || review.next_review_on.is_none(), "next_review_on", "what ends is not looked at again")
}

word! {
    /// Where an agreement stands on the couple's day.
    TransparencyAgreementState {
        /// It has not begun.
        NotYet = "not_yet",
        /// It holds.
        InForce = "in_force",
        /// It holds, and the day to look at it again has come.
        ReviewDue = "review_due",
        /// Its last day is over.
        Expired = "expired",
        /// Both ended it when they looked at it again.
        Ended = "ended",
        /// One of the two ended it early.
        Withdrawn = "withdrawn",
    }
}

impl TransparencyAgreementState {
    /// Whether what was agreed is to be kept.
    #[must_use]
    pub const fn holds(self) -> bool {
        matches!(self, Self::InForce | Self::ReviewDue)
    }

    /// Whether it holds no more.
    #[must_use]
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Expired | Self::Ended | Self::Withdrawn)
    }
}

/// An agreement with what became of it.
pub(crate) struct Course<'e> {
    pub(crate) agreement: &'e TransparencyAgreement,
    pub(super) reviews: Vec<(&'e Entry, &'e TransparencyReview)>,
    pub(super) withdrawal: Option<(&'e Entry, &'e TransparencyWithdrawal)>,
}

impl<'e> Course<'e> {
    /// The course of an agreement, of entries by day. What one could keep from the other, before it was fixed that nobody can, does
    /// not count.
    pub(crate) fn of(entries: &'e [Entry], agreement: EntryId) -> Option<Self> {
        let both_know = |entry: &Entry| entry.visibility == Visibility::Shared;
        let mut agreements = of_kind::<TransparencyAgreement>(entries);
        let (_, agreement_of) = agreements.find(|(entry, _)| entry.id == agreement)?;
        let reviews =
            of_kind::<TransparencyReview>(entries).filter(|(_, review)| review.agreement_id == Some(agreement));
        let mut withdrawals = of_kind::<TransparencyWithdrawal>(entries);
        let withdrawal = withdrawals.find(|(entry, said)| said.agreement_id == Some(agreement) && both_know(entry));
        Some(Self { agreement: agreement_of, reviews: reviews.collect(), withdrawal })
    }

    /// Where it stands on a day.
    pub(crate) fn state(&self, today: NaiveDate) -> TransparencyAgreementState {
        let ended = self.reviews.iter().any(|(_, review)| review.decision == ReviewDecision::End);
        match () {
            () if self.withdrawal.is_some() => TransparencyAgreementState::Withdrawn,
            () if ended => TransparencyAgreementState::Ended,
            () if self.agreement.expires_on <= today => TransparencyAgreementState::Expired,
            () if today < self.agreement.starts_on => TransparencyAgreementState::NotYet,
            () if self.review_on().is_some_and(|day| day <= today) => TransparencyAgreementState::ReviewDue,
            () => TransparencyAgreementState::InForce,
        }
    }

    /// The day to look at it again, unless the last time was the last.
    pub(crate) fn review_on(&self) -> Option<NaiveDate> {
        self.reviews.last().map_or(Some(self.agreement.review_on), |(_, review)| review.next_review_on)
    }

    /// What is open: as agreed, or as the last step down left it.
    pub(super) fn scope(&self) -> &'e [String] {
        let mut last_first = self.reviews.iter().rev().filter(|(_, review)| !review.scope.is_empty());
        last_first.next().map_or(&self.agreement.scope, |(_, review)| &review.scope)
    }
}
