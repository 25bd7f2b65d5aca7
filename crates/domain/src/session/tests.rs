//! How sessions behave, and the session other tests work with.

use super::*;
use crate::couple::tests::{id, lee_and_kim, noon, separated};

pub(crate) fn draft(kind: SessionKind) -> SessionDraft {
    SessionDraft {
        kind,
        counselor: id(7),
        starts_at: noon("2026-03-10"),
        time_zone: None,
        minutes: 50,
        place: Place::Office,
        topic: None,
    }
}

pub(crate) fn session(kind: SessionKind) -> Session {
    Session::new(id(40), &lee_and_kim(), draft(kind), noon("2026-03-02")).unwrap()
}

pub(crate) fn held(kind: SessionKind, present: &[(u128, Presence)]) -> Result<Session, SessionError> {
    let mut session = session(kind);
    let attendance =
        present.iter().map(|(partner, presence)| Attendance { partner: id(*partner), presence: *presence });
    let change = SessionChange {
        status: Some(SessionStatus::Held),
        attendance: Some(attendance.collect()),
        ..Default::default()
    };
    session.change(&lee_and_kim(), change, noon("2026-03-11")).map(|()| session)
}

#[test]
fn a_session_is_held_by_the_care_team_with_people_of_the_couple() {
    let refused = |draft| Session::new(id(40), &lee_and_kim(), draft, noon("2026-03-02")).unwrap_err();
    assert_eq!(refused(SessionDraft { counselor: id(8), ..draft(SessionKind::Joint) }), SessionError::NotOnTheTeam);
    assert_eq!(refused(draft(SessionKind::With(id(9)))), SessionError::NotAPartner);
    assert_eq!(refused(SessionDraft { minutes: 0, ..draft(SessionKind::Joint) }), SessionError::Minutes);
    let parted = Session::new(id(40), &separated("2026-03-01"), draft(SessionKind::Joint), noon("2026-03-02"));
    assert_eq!(parted, Err(SessionError::CaseEnded(CaseEnded)));
}

#[test]
fn a_session_is_held_once_it_has_begun() {
    let mut session = session(SessionKind::Joint);
    let become_status = |session: &mut Session, status, at| {
        let change = SessionChange { status: Some(status), ..Default::default() };
        session.change(&lee_and_kim(), change, noon(at))
    };
    assert_eq!(become_status(&mut session, SessionStatus::Held, "2026-03-09"), Err(SessionError::NotBegun));
    become_status(&mut session, SessionStatus::Cancelled, "2026-03-09").unwrap();
    let refused = become_status(&mut session, SessionStatus::Held, "2026-03-11");
    assert!(matches!(refused, Err(SessionError::Transition { .. })));
    let moved = SessionChange { starts_at: Some(noon("2026-03-12")), ..Default::default() };
    assert_eq!(session.change(&lee_and_kim(), moved, noon("2026-03-11")), Err(SessionError::Moved));
}

#[test]
fn attendance_is_of_those_who_were_expected() {
    let joint = held(SessionKind::Joint, &[(1, Presence::Late), (2, Presence::Absent)]).unwrap();
    assert_eq!(joint.attended().collect::<Vec<_>>(), [id(1)]);
    let alone = SessionKind::With(id(1));
    assert_eq!(held(alone, &[(2, Presence::Attended)]), Err(SessionError::Attendance));
    assert_eq!(held(alone, &[(1, Presence::Attended), (1, Presence::Late)]), Err(SessionError::Attendance));
}

#[test]
fn a_day_has_the_hours_its_clocks_show() {
    let hours = |zone: Tz, day: NaiveDate| {
        let range = instants_of(zone, day, day);
        (range.end - range.start).num_hours()
    };
    let berlin = chrono_tz::Europe::Berlin;
    assert_eq!(hours(berlin, "2026-03-28".parse().unwrap()), 24);
    assert_eq!(hours(berlin, "2026-03-29".parse().unwrap()), 23);
    assert_eq!(hours(berlin, "2026-10-25".parse().unwrap()), 25);
    // Where clocks are put forward at midnight, the day begins at one.
    assert_eq!(hours(chrono_tz::Africa::Cairo, "2026-04-24".parse().unwrap()), 23);
}
