//! A session as it is shown, field by field.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{
    ids::{CoupleId, PartnerId, SessionId, StaffId},
    session::{Place, Session, SessionStatus},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::PartnerAttendance;
use crate::answer::Resource;

/// An appointment, as it stands in a calendar.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Appointment)]
pub(super) struct AppointmentView {
    /// Its id.
    id: SessionId,
    /// The couple.
    couple_id: CoupleId,
    /// The one partner it is with; null if it is with both.
    #[schema(required = true)]
    partner_id: Option<PartnerId>,
    /// Who holds it.
    counselor_id: StaffId,
    /// When it starts.
    starts_at: DateTime<Utc>,
    /// The time zone it was agreed in (IANA).
    #[schema(value_type = String, max_length = 50)]
    time_zone: Tz,
    /// How long it takes; how long it took, once it was held.
    #[schema(minimum = 5, maximum = 480)]
    minutes: u16,
    /// Where.
    place: Place,
    /// What became of it.
    status: SessionStatus,
    /// Who was there, once it was held.
    #[schema(max_items = 20)]
    attendance: Vec<PartnerAttendance>,
    /// Counts the changes, from 1.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    version: i64,
}

impl From<Session> for AppointmentView {
    fn from(session: Session) -> Self {
        Self {
            id: session.id,
            couple_id: session.couple,
            partner_id: session.kind.partner(),
            counselor_id: session.counselor,
            starts_at: session.starts_at,
            time_zone: session.time_zone,
            minutes: session.minutes,
            place: session.place,
            status: session.status,
            attendance: session.attendance.into_iter().map(Into::into).collect(),
            version: session.version,
        }
    }
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(super) struct SessionView {
    /// The appointment.
    #[serde(flatten)]
    pub(super) appointment: AppointmentView,
    /// What it is about; null for who is no counselor.
    #[schema(required = true, max_length = 200)]
    pub(super) topic: Option<String>,
}

impl Resource for SessionView {
    fn path(&self) -> String {
        format!("/v1/sessions/{}", self.appointment.id)
    }

    fn version(&self) -> i64 {
        self.appointment.version
    }
}
