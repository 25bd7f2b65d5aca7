//! The sessions as the partners come to them and go from them: which short check belongs to which session, what was said after it,
//! what is still to be brought up.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::{BringToSession, Pulse, SessionFeedback};
use crate::{
    couple::Couple,
    entry::{Entry, EntryState},
    exercises::work::WorkInput,
    ids::{EntryId, PartnerId, SessionId},
    session::{Session, SessionKind, SessionStatus},
};

/// How many days before a session a short check still belongs to it.
pub const PULSE_DAYS: u64 = 7;

/// A session, with how each came to it and went from it.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct SessionWork {
    /// The session.
    pub session_id: SessionId,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// The one partner it is with; null for a joint one.
    #[schema(required = true)]
    pub with_partner_id: Option<PartnerId>,
    /// What became of it.
    pub status: SessionStatus,
    /// How each came: their last short check within seven days before it.
    #[schema(max_items = 10)]
    pub pulses: Vec<PulseWork>,
    /// What each said after it: their last word.
    #[schema(max_items = 10)]
    pub feedback: Vec<SessionFeedbackWork>,
    /// How far the two partners' ratings of the alliance lie apart, 0 to 10; null unless both are there.
    #[schema(value_type = Option<i32>, required = true, minimum = 0, maximum = 10)]
    pub alliance_apart: Option<u8>,
}

/// A short check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PulseWork {
    /// The entry.
    pub pulse_id: EntryId,
    /// Whose.
    #[schema(required = true)]
    pub partner_id: Option<PartnerId>,
    /// On which day.
    pub taken_on: NaiveDate,
    /// How much they trust the other, 0 to 10.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub trust: u8,
    /// How safe they feel with the other, 0 to 10.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub safety: u8,
    /// How close they feel, 0 to 10.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub closeness: u8,
    /// How hopeful they are, 0 to 10.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub hope: u8,
    /// What their counselor should know.
    #[schema(required = true, max_length = 10_000)]
    pub note: Option<String>,
}

/// What one partner said after a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SessionFeedbackWork {
    /// The entry.
    pub feedback_id: EntryId,
    /// Whose.
    #[schema(required = true)]
    pub partner_id: Option<PartnerId>,
    /// How useful it was, 0 to 10.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub usefulness: u8,
    /// How well they and their counselor work together, 0 to 10.
    #[schema(value_type = i32, minimum = 0, maximum = 10)]
    pub alliance: u8,
    /// What should be different next time.
    #[schema(required = true, max_length = 10_000)]
    pub note: Option<String>,
}

/// Something to be brought up in the next session.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BringWork {
    /// The entry.
    pub bring_id: EntryId,
    /// Who wants to bring it up.
    #[schema(required = true)]
    pub noted_by: Option<PartnerId>,
    /// Since which day.
    pub noted_on: NaiveDate,
    /// What it is.
    #[schema(max_length = 10_000)]
    pub topic: String,
    /// How their counselor could help them to say it.
    #[schema(required = true, max_length = 10_000)]
    pub help_wanted: Option<String>,
    /// Whether it is for who noted it and the counselors alone; what is sealed until a day, or until both have written, is not.
    pub kept_private: bool,
}

impl SessionWork {
    pub(super) fn of(input: WorkInput<'_>, session: &Session) -> Self {
        let said = input.all::<SessionFeedback>().filter(|(_, said)| said.session_id == Some(session.id));
        let feedback = last_of_each(said.map(SessionFeedbackWork::of), |said| said.partner_id);
        let pulses = input.all::<Pulse>().filter(|(entry, _)| comes_before(input.couple, entry, session));
        Self {
            session_id: session.id,
            starts_at: session.starts_at,
            with_partner_id: session.kind.partner(),
            status: session.status,
            pulses: last_of_each(pulses.map(PulseWork::of), |pulse| pulse.partner_id),
            alliance_apart: apart(&feedback),
            feedback,
        }
    }
}

/// The last of each partner, in the order of the last ones.
fn last_of_each<T>(all: impl Iterator<Item = T>, of: impl Fn(&T) -> Option<PartnerId>) -> Vec<T> {
    let mut last: Vec<T> = Vec::new();
    for one in all {
        last.retain(|known| of(known) != of(&one));
        last.push(one);
    }
    last
}

fn apart(feedback: &[SessionFeedbackWork]) -> Option<u8> {
    let mut ratings = feedback.iter().filter(|said| said.partner_id.is_some()).map(|said| said.alliance);
    ratings.next().zip(ratings.next()).map(|(one, other)| one.abs_diff(other))
}

/// Whether someone is expected in a session; `None` stands for both as one.
fn is_expected(couple: &Couple, partner: Option<PartnerId>, session: &Session) -> bool {
    match session.kind {
        SessionKind::Joint => true,
        SessionKind::With(with) => partner.is_some_and(|partner| couple.same_person(partner, with)),
    }
}

/// Whether a short check is one of the days before a session: of that day only if it was handed in before the session began.
fn comes_before(couple: &Couple, pulse: &Entry, session: &Session) -> bool {
    let day = session.starts_at.with_timezone(&couple.time_zone).date_naive();
    let days = u64::try_from(day.signed_duration_since(pulse.recorded_on).num_days());
    let in_time = match days {
        Ok(0) => handed_in_before(pulse, session.starts_at),
        Ok(days) => days <= PULSE_DAYS,
        Err(_) => false,
    };
    in_time && is_expected(couple, pulse.by(), session)
}

fn handed_in_before(entry: &Entry, instant: DateTime<Utc>) -> bool {
    matches!(entry.state, EntryState::Submitted(at) if at <= instant)
}

/// Whether what was noted has not had its session: none was held since in which whoever noted it was expected.
pub(super) fn is_open(input: WorkInput<'_>, (entry, _): &(&Entry, &BringToSession)) -> bool {
    let takes_it_up = |session: &&Session| {
        session.status == SessionStatus::Held
            && is_expected(input.couple, entry.by(), session)
            && handed_in_before(entry, session.starts_at)
    };
    entry.recorded_on >= input.from && input.sessions.iter().find(takes_it_up).is_none()
}

impl PulseWork {
    pub(super) fn of((entry, pulse): (&Entry, &Pulse)) -> Self {
        let Pulse { trust, safety, closeness, hope, note } = pulse.clone();
        let (pulse_id, partner_id, taken_on) = (entry.id, entry.by(), entry.recorded_on);
        Self { pulse_id, partner_id, taken_on, trust, safety, closeness, hope, note }
    }
}

impl SessionFeedbackWork {
    fn of((entry, said): (&Entry, &SessionFeedback)) -> Self {
        let SessionFeedback { usefulness, alliance, note, .. } = said.clone();
        Self { feedback_id: entry.id, partner_id: entry.by(), usefulness, alliance, note }
    }
}
