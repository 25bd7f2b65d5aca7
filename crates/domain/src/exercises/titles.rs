//! What the fields of every form are called, in the words of whoever fills it in: the label of an input, above the question that
//! describes it.
//!
//! They stand together, and not beside the fields, to be read and reworded as one text. A field without its line here fails a test.

use super::Kind;

impl Kind {
    /// What its form is called.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::RootCauseAccount => "What happened, and why",
            Self::RootCauseImpact => "What it did to you",
            Self::RootCauseQuestion => "A question",
            Self::RootCauseAnswer => "An answer",
            Self::RootCauseAnswerHeard => "How the answer was for you",
            Self::RootCauseTimelineEvent => "An event you agree on",
            Self::RootCauseComparison => "Your two accounts side by side",
            Self::RootCauseUndisclosed => "Not told yet",
            Self::ApologyDraft => "Your apology, in draft",
            Self::ApologyCoaching => "A word on the draft",
            Self::ApologyDelivery => "The apology was given",
            Self::ApologyResponse => "How the apology reached you",
            Self::TalkLog => "A talk you had",
            Self::TalkReflection => "How the talk was for you",
            Self::Boundary => "A limit you both keep",
            Self::TransparencyAgreement => "Openness for a time",
            Self::TransparencyReview => "Looking at your agreement again",
            Self::TransparencyWithdrawal => "Ending an agreement early",
            Self::VolunteeredInformation => "Something you told",
            Self::Appreciation => "A thank-you",
            Self::ConsistencyReview => "Your week, looked at together",
            Self::VulnerabilityShare => "Something you shared",
            Self::VulnerabilityResponse => "What you heard in it",
            Self::TouchComfort => "What touch is fine today",
            Self::Journal => "Your journal",
            Self::Ritual => "A ritual of yours",
            Self::RitualOccurrence => "One time of your ritual",
            Self::RitualReflection => "How the ritual was for you",
            Self::Goal => "A goal of yours",
            Self::Concern => "A worry of yours",
            Self::Pulse => "How you are today",
            Self::SessionFeedback => "How the session was for you",
            Self::BringToSession => "For the next session",
            Self::TreatmentPlan => "What we work on",
            Self::Referral => "Help from somebody else",
            Self::CommitmentAct => "A small act of yours",
            Self::ActNoticed => "An act you noticed",
            Self::DedicationRating => "How it feels to stay",
            Self::Ambivalence => "Being of two minds",
            Self::PaceWish => "The pace you wish for",
            Self::PatienceCheck => "How patient you were",
            Self::Trigger => "It came back",
            Self::TimeOut => "A time-out",
            Self::SpaceAgreement => "Room for each of you",
            Self::Setback => "A setback",
            Self::ForgivenessStep => "A step",
            Self::ForgivenessDecision => "Where you stand with forgiving",
            Self::ForgivenessPatience => "Waiting without pushing",
            Self::ForgivenessTalkWish => "Wishing to talk about it",
            Self::ForgivenessMeaning => "What forgiving means to you",
            Self::OwnEntry => "Your answers",
        }
    }
}

/// What a field of a form, or of a part of one, is called; no longer than forty characters, and each title once in a form.
pub(super) fn title(form: &str, field: &str) -> Option<&'static str> {
    let (_, fields) = TITLES.iter().find(|(named, _)| *named == form)?;
    fields.iter().find(|(named, _)| *named == field).map(|(_, title)| *title)
}

type Titles = &'static [(&'static str, &'static str)];

#[rustfmt::skip]
const TITLES: &[(&str, Titles)] = &[
    ("RootCauseAccount", &[
        ("account", "What happened"),
        ("responsibility", "Your part in it"),
        ("contributing_factors", "What helped it happen"),
        ("understood_since", "What you understand now"),
    ]),
    ("RootCauseImpact", &[
        ("impact", "What it changed for you"),
        ("emotions", "What you feel"),
        ("needs", "What you need now"),
    ]),
    ("EmotionFelt", &[
        ("emotion", "The feeling"),
        ("intensity", "How strong it is"),
        ("in_your_words", "In your own words"),
    ]),
    ("RootCauseQuestion", &[
        ("question", "What you need to know"),
        ("reason", "Why it matters to you"),
    ]),
    ("RootCauseAnswer", &[
        ("question_id", "The question you answer"),
        ("answer", "Your answer"),
    ]),
    ("RootCauseAnswerHeard", &[
        ("answer_id", "The answer you heard"),
        ("satisfied", "Is your question answered?"),
        ("felt_understood", "How well you felt understood"),
        ("still_open", "What is still open"),
    ]),
    ("RootCauseTimelineEvent", &[
        ("happened_on", "The day it happened"),
        ("day_is_certain", "Are you sure of the day?"),
        ("event", "What happened"),
        ("detail", "What else belongs to it"),
    ]),
    ("RootCauseComparison", &[
        ("accounts_agree", "How well your accounts agree"),
        ("felt_understood", "How well you feel understood"),
        ("difference", "Where they still differ"),
    ]),
    ("RootCauseUndisclosed", &[
        ("undisclosed", "What you have not told yet"),
        ("hindrance", "What keeps you from telling it"),
    ]),
    ("ApologyDraft", &[
        ("acknowledgement", "What you did, and how it hurt"),
        ("remorse", "What you feel about it"),
        ("commitment", "What you will do differently"),
        ("explanation", "How it came about"),
        ("repair_offer", "How you could make up for it"),
        ("forgiveness_request", "Asking for forgiveness"),
    ]),
    ("ApologyCoaching", &[
        ("draft_id", "The draft you read"),
        ("observation", "What works, and what does not yet"),
        ("draft_version", "Its version"),
        ("ready_to_deliver", "Is it ready to be given?"),
    ]),
    ("ApologyDelivery", &[
        ("draft_id", "The draft you gave"),
        ("how", "How you gave it"),
        ("delivered_on", "The day you gave it"),
        ("note", "What you would like to remember"),
    ]),
    ("ApologyResponse", &[
        ("apology_id", "The apology you answer"),
        ("acknowledgement_heard", "Was it named, and how it hurt you?"),
        ("remorse_heard", "Did you hear that they are sorry?"),
        ("commitment_heard", "Did you hear what will change?"),
        ("sincerity", "How sincere it felt"),
        ("missing", "What is missing"),
        ("answer", "Where this leaves you, for now"),
    ]),
    ("TalkLog", &[
        ("topic", "What you talked about"),
        ("duration_minutes", "How long you talked, in minutes"),
        ("turns", "How often the speaker changed"),
        ("time_out", "Time-out, and whether you resumed"),
        ("time_outs", "Each time-out"),
    ]),
    ("TalkTimeOut", &[
        ("asked_by", "Who asked for it"),
        ("break_minutes", "How long it was, in minutes"),
        ("resumed", "Did the talk go on?"),
    ]),
    ("TalkReflection", &[
        ("talk_id", "The talk you had"),
        ("felt_heard", "How well you felt heard"),
        ("felt_safe", "How safe you felt to speak"),
        ("boundaries_respected", "How well your limits were respected"),
        ("note", "What to keep from it, or change"),
    ]),
    ("Boundary", &[
        ("boundary", "Your limit"),
        ("reason", "What it protects"),
        ("when_crossed", "What you do when it is crossed"),
    ]),
    ("TransparencyAgreement", &[
        ("scope", "What will be open"),
        ("mutual", "Does it hold for both alike?"),
        ("open_partner_id", "Who will be open to the other"),
        ("starts_on", "The first day"),
        ("review_on", "The day you look at it again"),
        ("expires_on", "The day it ends"),
        ("step_down", "How it becomes less over time"),
    ]),
    ("TransparencyReview", &[
        ("agreement_id", "The agreement you look at"),
        ("decision", "What you decide"),
        ("scope", "What stays open"),
        ("next_review_on", "The next time you look at it"),
        ("note", "What it did for you"),
    ]),
    ("TransparencyWithdrawal", &[
        ("agreement_id", "The agreement you end"),
        ("reason", "Why, if you like to say"),
    ]),
    ("VolunteeredInformation", &[
        ("information", "What you told"),
        ("prompting", "Did you tell it unasked?"),
    ]),
    ("Appreciation", &[
        ("effort", "What you are thankful for"),
        ("promise_id", "The promise it belongs to"),
    ]),
    ("ConsistencyReview", &[
        ("week_of", "The week"),
        ("went_well", "What went well"),
        ("was_hard", "What was hard"),
        ("next_week", "What you do next week"),
    ]),
    ("VulnerabilityShare", &[
        ("prompt", "What you answered"),
        ("starter", "The card from the deck"),
        ("medium", "How you shared it"),
        ("touch", "Which touch it was"),
        ("depth", "How deep it went"),
        ("shared", "What you would like to keep of it"),
        ("felt_safe", "How safe it felt"),
        ("felt_understood", "How well you felt understood"),
    ]),
    ("VulnerabilityResponse", &[
        ("share_id", "What you listened to"),
        ("heard", "What you heard"),
        ("touched", "What touched you"),
    ]),
    ("TouchComfort", &[
        ("fine_today", "What is fine today"),
        ("not_today", "What you would rather not"),
        ("note", "What the other should know"),
    ]),
    ("Journal", &[
        ("text", "Your words"),
    ]),
    ("Ritual", &[
        ("name", "What you call it"),
        ("description", "What you do"),
        ("rhythm", "How often it comes round"),
        ("recurrence", "On which days"),
        ("starts_at", "At what time"),
        ("started_by", "Who starts it"),
    ]),
    ("RitualOccurrence", &[
        ("ritual_id", "Which ritual it was"),
        ("due_on", "The day it was for"),
        ("done", "Did you do it?"),
        ("both_present", "Were you both there for it?"),
        ("duration_minutes", "How long it took, in minutes"),
        ("skip_reason", "Why not"),
        ("note", "What you would like to remember"),
    ]),
    ("RitualReflection", &[
        ("occurrence_id", "The time you did it"),
        ("enjoyment", "How much you enjoyed it"),
        ("connection", "How connected you felt"),
    ]),
    ("Goal", &[
        ("goal", "What you want to be different"),
        ("rank", "How important it is"),
        ("sign", "How you would notice"),
    ]),
    ("Concern", &[
        ("concern", "What worries you"),
        ("weight", "How heavy it is"),
        ("readiness", "How ready you feel"),
    ]),
    ("Pulse", &[
        ("trust", "How much you trust the other"),
        ("safety", "How safe you feel"),
        ("closeness", "How close you feel"),
        ("hope", "How hopeful you are"),
        ("note", "For your counselor"),
    ]),
    ("SessionFeedback", &[
        ("session_id", "The session you had"),
        ("usefulness", "How useful it was"),
        ("alliance", "How well you work together"),
        ("goals", "How near your goals have come"),
        ("note", "What to do differently next time"),
    ]),
    ("GoalProgress", &[
        ("goal_id", "Your goal"),
        ("attainment", "How near you are to it"),
    ]),
    ("BringToSession", &[
        ("topic", "What you want to bring up"),
        ("help_wanted", "How your counselor could help"),
    ]),
    ("TreatmentPlan", &[
        ("focus", "What the work is about"),
        ("steps", "The steps, in order"),
        ("review_on", "The day to look at it again"),
    ]),
    ("Referral", &[
        ("referred_to", "Whom or where to"),
        ("purpose", "What for"),
        ("partner_id", "For whom"),
        ("follow_up_on", "The day to ask how it went"),
    ]),
    ("CommitmentAct", &[
        ("act", "What you did"),
        ("form", "What it was made of"),
        ("planning", "Was it planned?"),
    ]),
    ("ActNoticed", &[
        ("act_id", "The act the other noted"),
        ("act", "What the other did"),
        ("noticed", "When you noticed it"),
        ("meaning", "How much it meant to you"),
    ]),
    ("DedicationRating", &[
        ("dedication", "How much you want to be in this"),
        ("feeling_stuck", "How stuck you feel"),
        ("note", "What you would like to add"),
    ]),
    ("Ambivalence", &[
        ("doubts", "What makes you doubt"),
        ("holds", "What holds you"),
    ]),
    ("PaceWish", &[
        ("pace", "The pace that is right for you"),
        ("last_wish_respected", "How well your last wish was respected"),
        ("note", "What would help"),
    ]),
    ("PatienceCheck", &[
        ("patience", "How patient you were this week"),
        ("pressure", "How much you pushed the other"),
        ("note", "What makes patience hard, or easier"),
    ]),
    ("Trigger", &[
        ("cue", "What brought it back"),
        ("intensity", "How strong it was"),
        ("settled_after_minutes", "How long it took to settle, in minutes"),
        ("helped", "What helped"),
    ]),
    ("TimeOut", &[
        ("asked_at", "When it was asked for"),
        ("return_by", "When you agreed to be back"),
        ("returned_at", "When you came back to it"),
    ]),
    ("SpaceAgreement", &[
        ("limits", "What you agreed on"),
        ("starts_on", "The first day"),
        ("review_on", "The day you look at it again"),
        ("ended_on", "The last day it held"),
        ("replaces_id", "The agreement it takes the place of"),
    ]),
    ("Setback", &[
        ("happened", "What happened"),
        ("helped", "What helped, or might have"),
        ("next_step", "A small next step"),
    ]),
    ("ForgivenessStep", &[
        ("step", "What you tried, or noticed"),
        ("direction", "Where it took you"),
        ("resentment", "How much resentment you feel"),
        ("goodwill", "How much goodwill you feel"),
        ("efforts_seen", "How much effort you see"),
        ("efforts", "What you see the other doing"),
    ]),
    ("ForgivenessDecision", &[
        ("choice", "Where you stand today"),
        ("words", "What you would like to say"),
    ]),
    ("ForgivenessPatience", &[
        ("patience", "How patient you are with the waiting"),
        ("ongoing_change", "What you keep doing differently"),
    ]),
    ("ForgivenessTalkWish", &[
        ("taken_back", "Do you take back what you asked for?"),
        ("hope", "What you hope for from the talk"),
    ]),
    ("ForgivenessMeaning", &[
        ("meaning", "What forgiving means to you two"),
        ("outlook", "Where you are heading, for now"),
    ]),
    ("OwnEntry", &[
        ("values", "Your answers"),
    ]),
];
