//! Sessions: the appointments.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::{
    confidential::{Confidential, NAME_CHARACTERS, too_long},
    couple::{CaseEnded, Couple},
    ids::{CoupleId, PartnerId, SessionId, StaffId},
    vocabulary::word,
};

#[cfg(test)]
pub(crate) mod tests;

/// With whom a session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "partner", rename_all = "snake_case")]
pub enum SessionKind {
    /// With both partners.
    Joint,
    /// With one partner alone. The other may not know of it.
    With(PartnerId),
}

impl SessionKind {
    /// The one partner it is with, if it is not joint.
    #[must_use]
    pub const fn partner(self) -> Option<PartnerId> {
        match self {
            Self::Joint => None,
            Self::With(partner) => Some(partner),
        }
    }
}

word! {
    /// Where a session takes place.
    Place {
        /// In the practice.
        Office = "office",
        /// By video.
        Video = "video",
        /// By phone.
        Phone = "phone",
    }
}

word! {
    /// What became of a session.
    SessionStatus {
        /// It is to come.
        Scheduled = "scheduled",
        /// It took place.
        Held = "held",
        /// It was called off in time.
        Cancelled = "cancelled",
        /// It was called off too late.
        LateCancelled = "late_cancelled",
        /// Nobody came.
        NoShow = "no_show",
    }
}

word! {
    /// Whether someone was there.
    Presence {
        /// They were.
        Attended = "attended",
        /// They were not.
        Absent = "absent",
        /// They came late.
        Late = "late",
    }
}

/// Whether a partner was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// Who.
    pub partner: PartnerId,
    /// Whether they were there.
    pub presence: Presence,
}

/// An appointment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Which one.
    pub id: SessionId,
    /// Of which couple.
    pub couple: CoupleId,
    /// With whom.
    pub kind: SessionKind,
    /// Who holds it.
    pub counselor: StaffId,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// The time zone it was agreed in.
    pub time_zone: Tz,
    /// How long it takes, 5 to 480 minutes; how long it took, once it was held.
    pub minutes: u16,
    /// Where.
    pub place: Place,
    /// What became of it.
    pub status: SessionStatus,
    /// Who was there, once it was held: each expected partner once.
    pub attendance: Vec<Attendance>,
    /// What it is about, up to 200 characters: clinical, so not for assistants, partners or calendars.
    pub topic: Option<Confidential>,
    /// When it was arranged.
    pub created_at: DateTime<Utc>,
    /// Counts the changes, from 1.
    pub version: i64,
}

/// A session as wanted.
#[derive(Debug, Clone)]
pub struct SessionDraft {
    /// With whom.
    pub kind: SessionKind,
    /// Who holds it.
    pub counselor: StaffId,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// The time zone it is agreed in; the couple's if absent.
    pub time_zone: Option<Tz>,
    /// How long it takes.
    pub minutes: u16,
    /// Where.
    pub place: Place,
    /// What it is about.
    pub topic: Option<Confidential>,
}

/// What of a session is to be different; `None` leaves it, `Some(None)` removes it.
#[derive(Debug, Clone, Default)]
pub struct SessionChange {
    /// Who holds it.
    pub counselor: Option<StaffId>,
    /// When it starts; only while it is to come.
    pub starts_at: Option<DateTime<Utc>>,
    /// How long it takes, or took.
    pub minutes: Option<u16>,
    /// Where.
    pub place: Option<Place>,
    /// What it is about.
    pub topic: Option<Option<Confidential>>,
    /// What became of it.
    pub status: Option<SessionStatus>,
    /// Who was there; only for a session that was held.
    pub attendance: Option<Vec<Attendance>>,
}

/// The days that calendars and databases agree on; what lies beyond is taken for the nearest of them.
const FIRST_DAY: NaiveDate = day(1, 1, 2);
const LAST_DAY: NaiveDate = day(9999, 12, 30);

const fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => day,
        None => NaiveDate::MIN,
    }
}

/// How far from now a session may start: a hundred years.
const FARTHEST: TimeDelta = TimeDelta::days(36_525);

/// The instants of whole days in a time zone: from the beginning of the first to the end of the last. A day begins when its clocks
/// first show it, which is not always at midnight.
#[must_use]
pub fn instants_of(zone: Tz, from: NaiveDate, until: NaiveDate) -> Range<DateTime<Utc>> {
    let after = until.succ_opt().unwrap_or(until);
    beginning_of(zone, from)..beginning_of(zone, after)
}

fn beginning_of(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let day = day.clamp(FIRST_DAY, LAST_DAY);
    let midnight = day.and_time(NaiveTime::MIN);
    // A clock is put forward by three hours at most.
    let hours = (0..=12).map(|quarter| midnight + TimeDelta::minutes(15 * quarter));
    let first = hours.filter_map(|time| zone.from_local_datetime(&time).earliest()).next();
    first.map_or_else(|| midnight.and_utc(), |time| time.with_timezone(&Utc))
}

/// Why a session can't be as wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// The case is over.
    #[error(transparent)]
    CaseEnded(#[from] CaseEnded),
    /// With someone else.
    #[error("a session is with current partners of this couple")]
    NotAPartner,
    /// Held by someone else.
    #[error("a session is held by a member of the couple's care team")]
    NotOnTheTeam,
    /// A mistyped year.
    #[error("a session starts within a hundred years")]
    StartsAt,
    /// Too short or too long.
    #[error("a session takes 5 to 480 minutes")]
    Minutes,
    /// The topic is too long.
    #[error("a topic has up to 200 characters")]
    Topic,
    /// It can't become that.
    #[error("a session that is {from} can't become {to}")]
    Transition {
        /// What it is.
        from: SessionStatus,
        /// What was wanted.
        to: SessionStatus,
    },
    /// What is over is not moved.
    #[error("only a session that is to come is moved")]
    Moved,
    /// Somebody twice, or nobody expected.
    #[error("attendance is of each expected partner once, of a session that was held")]
    Attendance,
    /// It has not begun.
    #[error("a session is held, or nobody came, once it has begun")]
    NotBegun,
}

impl Session {
    /// Arranges a session.
    ///
    /// # Errors
    /// [`SessionError`]: the case is over, the people are not of it, or the draft doesn't fit.
    pub fn new(id: SessionId, couple: &Couple, draft: SessionDraft, now: DateTime<Utc>) -> Result<Self, SessionError> {
        couple.check_takes_work()?;
        if draft.kind.partner().is_some_and(|partner| couple.current_partner(partner).is_err()) {
            return Err(SessionError::NotAPartner);
        }
        let session = Self {
            id,
            couple: couple.id,
            kind: draft.kind,
            counselor: draft.counselor,
            starts_at: draft.starts_at,
            time_zone: draft.time_zone.unwrap_or(couple.time_zone),
            minutes: draft.minutes,
            place: draft.place,
            status: SessionStatus::Scheduled,
            attendance: Vec::new(),
            topic: draft.topic,
            created_at: now,
            version: 1,
        };
        session.check_counselor(couple)?;
        session.check_start(now)?;
        session.checked(couple)
    }

    /// Changes it: moves it, records what became of it and who was there.
    ///
    /// # Errors
    /// [`SessionError`], and then nothing has changed.
    pub fn change(&mut self, couple: &Couple, change: SessionChange, now: DateTime<Utc>) -> Result<(), SessionError> {
        let mut wanted = self.clone();
        if let Some(starts_at) = change.starts_at.filter(|starts_at| *starts_at != self.starts_at) {
            if self.status != SessionStatus::Scheduled {
                return Err(SessionError::Moved);
            }
            wanted.starts_at = starts_at;
            wanted.check_start(now)?;
        }
        if let Some(status) = change.status.filter(|status| *status != self.status) {
            wanted.become_status(status, now)?;
        }
        if let Some(counselor) = change.counselor.filter(|counselor| *counselor != self.counselor) {
            wanted.counselor = counselor;
            wanted.check_counselor(couple)?;
        }
        wanted.minutes = change.minutes.unwrap_or(wanted.minutes);
        wanted.place = change.place.unwrap_or(wanted.place);
        wanted.topic = change.topic.unwrap_or(wanted.topic);
        wanted.attendance = change.attendance.unwrap_or(wanted.attendance);
        wanted.version += 1;
        *self = wanted.checked(couple)?;
        Ok(())
    }

    /// Whether it has begun.
    #[must_use]
    pub fn has_begun(&self, now: DateTime<Utc>) -> bool {
        self.starts_at <= now
    }

    /// Who was there, late or not.
    pub fn attended(&self) -> impl Iterator<Item = PartnerId> {
        self.attendance.iter().filter(|entry| entry.presence != Presence::Absent).map(|entry| entry.partner)
    }

    fn become_status(&mut self, to: SessionStatus, now: DateTime<Utc>) -> Result<(), SessionError> {
        use SessionStatus::{Cancelled, Held, LateCancelled, NoShow, Scheduled};
        let corrects = matches!((self.status, to), (Held, NoShow) | (NoShow, Held));
        let calls_off_otherwise = matches!((self.status, to), (Cancelled, LateCancelled) | (LateCancelled, Cancelled));
        if self.status != Scheduled && !corrects && !calls_off_otherwise {
            return Err(SessionError::Transition { from: self.status, to });
        }
        if matches!(to, Held | NoShow) && !self.has_begun(now) {
            return Err(SessionError::NotBegun);
        }
        self.status = to;
        if to != Held {
            self.attendance.clear();
        }
        Ok(())
    }

    fn check_counselor(&self, couple: &Couple) -> Result<(), SessionError> {
        if couple.is_treated_by(self.counselor) { Ok(()) } else { Err(SessionError::NotOnTheTeam) }
    }

    fn check_start(&self, now: DateTime<Utc>) -> Result<(), SessionError> {
        let near = (self.starts_at - now).abs() <= FARTHEST;
        if near { Ok(()) } else { Err(SessionError::StartsAt) }
    }

    fn checked(self, couple: &Couple) -> Result<Self, SessionError> {
        if !(5..=480).contains(&self.minutes) {
            return Err(SessionError::Minutes);
        }
        if too_long(self.topic.as_ref(), NAME_CHARACTERS) {
            return Err(SessionError::Topic);
        }
        let expected = |partner| match self.kind {
            SessionKind::Joint => couple.partner(partner).is_some(),
            SessionKind::With(with) => with == partner,
        };
        let once = |partner| self.attendance.iter().filter(|other| other.partner == partner).count() == 1;
        let fits = self.attendance.iter().all(|entry| expected(entry.partner) && once(entry.partner));
        let held = self.attendance.is_empty() || self.status == SessionStatus::Held;
        if fits && held { Ok(self) } else { Err(SessionError::Attendance) }
    }
}
