//! Who was there, taken from the sessions themselves. A row is there only where there is a session that the reader may know of, so that
//! no row and a hidden session look the same.

use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    couple::Couple,
    ids::PartnerId,
    session::{Presence, Session, SessionKind, SessionStatus},
    vocabulary::word,
};

word! {
    /// Which sessions are counted.
    SessionsOf {
        /// With both partners.
        Joint = "joint",
        /// With one partner alone.
        Separate = "separate",
    }
}

/// How often one partner was there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct AttendanceWork {
    /// Who.
    pub partner_id: PartnerId,
    /// In which sessions.
    pub sessions: SessionsOf,
    /// How many of these were held.
    #[schema(value_type = i32, minimum = 0)]
    pub held: u32,
    /// Of those held, in how many they were there, late or not.
    #[schema(value_type = i32, minimum = 0)]
    pub attended: u32,
    /// Of those held, to how many they came late.
    #[schema(value_type = i32, minimum = 0)]
    pub late: u32,
    /// Of those held, from how many they were absent. Where nobody noted it, they are neither there nor absent.
    #[schema(value_type = i32, minimum = 0)]
    pub absent: u32,
    /// To how many nobody came, or which were called off too late.
    #[schema(value_type = i32, minimum = 0)]
    pub missed: u32,
}

impl AttendanceWork {
    /// Of each current partner, in their order: of the joint sessions among these, and of those with them alone.
    #[must_use]
    pub fn all(couple: &Couple, sessions: &[Session]) -> Vec<Self> {
        let partners = couple.current_partners().map(|partner| partner.id);
        partners
            .flat_map(|partner| {
                SessionsOf::ALL.iter().filter_map(move |wanted| Self::of(couple, sessions, partner, *wanted))
            })
            .collect()
    }

    fn of(couple: &Couple, all: &[Session], partner: PartnerId, sessions: SessionsOf) -> Option<Self> {
        let counted: Vec<_> = all.iter().filter(|session| is_of(couple, session, partner, sessions)).collect();
        let held = || counted.iter().filter(|session| session.status == SessionStatus::Held);
        let was = |wanted: Presence| count(held().filter(|session| presence(couple, session, partner) == Some(wanted)));
        let lost = |session: &&&Session| matches!(session.status, SessionStatus::NoShow | SessionStatus::LateCancelled);
        let late = was(Presence::Late);
        (!counted.is_empty()).then(|| Self {
            partner_id: partner,
            sessions,
            held: count(held()),
            attended: was(Presence::Attended) + late,
            late,
            absent: was(Presence::Absent),
            missed: count(counted.iter().filter(lost)),
        })
    }
}

fn is_of(couple: &Couple, session: &Session, partner: PartnerId, wanted: SessionsOf) -> bool {
    match session.kind {
        SessionKind::Joint => wanted == SessionsOf::Joint,
        SessionKind::With(with) => wanted == SessionsOf::Separate && couple.same_person(with, partner),
    }
}

fn presence(couple: &Couple, session: &Session, partner: PartnerId) -> Option<Presence> {
    let noted = session.attendance.iter().find(|noted| couple.same_person(noted.partner, partner));
    noted.map(|noted| noted.presence)
}

fn count(of: impl Iterator) -> u32 {
    of.map(|_| 1).sum()
}
