//! Sessions: the appointments. What one is about is for the counselors alone.

mod view;

use actix_web::{
    get, patch, post, put,
    web::{Data, Path},
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::{
    access::Action,
    confidential::Confidential,
    couple::Couple,
    ids::{CoupleId, PartnerId, SessionId, StaffId},
    session::{
        Attendance, Place, Presence, Session, SessionChange, SessionDraft, SessionKind, SessionStatus, instants_of,
    },
};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, audit::Event, couples, practices, sessions, sessions::Filter};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use self::view::{AppointmentView, SessionView};
use crate::{
    answer::{Created, Found},
    app::App,
    extract::{Asker, Body, IdempotencyKey, IfMatch, Listing, New, PageParameters, Paged, Patch, nullable},
    problem::{Problem, named},
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(schedule_session)
        .service(list_sessions_of_couple)
        .service(list_sessions)
        .service(show_session)
        .service(change_session)
        .service(record_attendance);
}

/// The session that a body or a query names; one of another couple is as unknown as none.
pub(super) fn session_of(
    tx: &mut Tx<'_>,
    couple: CoupleId,
    id: SessionId,
    unknown: impl FnOnce() -> Problem,
) -> Result<Session, Problem> {
    let of_couple = |(session, _): (Session, Couple)| {
        if session.couple == couple { Ok(session) } else { Err(StoreError::NotFound) }
    };
    named(sessions::find(tx, id).and_then(of_couple), unknown)
}

/// A session to schedule.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScheduleSession {
    /// The one partner it is with; both if absent. The other learns nothing of it.
    #[schema(nullable = false)]
    partner_id: Option<PartnerId>,
    /// Who holds it; the couple's primary counselor if absent.
    #[schema(nullable = false)]
    counselor_id: Option<StaffId>,
    /// When it starts.
    starts_at: DateTime<Utc>,
    /// The time zone it is agreed in (IANA); the couple's if absent.
    #[schema(value_type = Option<String>, nullable = false, max_length = 50, example = "Europe/Berlin")]
    time_zone: Option<Tz>,
    /// How long it takes.
    #[validate(range(min = 5, max = 480))]
    #[schema(minimum = 5, maximum = 480)]
    minutes: u16,
    /// Where.
    place: Place,
    /// What it is about; for counselors only.
    #[schema(value_type = Option<String>, nullable = false, max_length = 200)]
    topic: Option<Confidential>,
}

impl ScheduleSession {
    fn draft(self, couple: &Couple) -> SessionDraft {
        SessionDraft {
            kind: self.partner_id.map_or(SessionKind::Joint, SessionKind::With),
            counselor: self.counselor_id.unwrap_or(couple.primary_counselor),
            starts_at: self.starts_at,
            time_zone: self.time_zone,
            minutes: self.minutes,
            place: self.place,
            topic: self.topic,
        }
    }
}

/// What of a session is to be different.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeSession {
    /// Who holds it.
    #[schema(nullable = false)]
    counselor_id: Option<StaffId>,
    /// When it starts; only while it is to come.
    #[schema(nullable = false)]
    starts_at: Option<DateTime<Utc>>,
    /// How long it takes, or took.
    #[validate(range(min = 5, max = 480))]
    #[schema(nullable = false, minimum = 5, maximum = 480)]
    minutes: Option<u16>,
    /// Where.
    #[schema(nullable = false)]
    place: Option<Place>,
    /// What it is about; null removes it. For counselors only.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, max_length = 200)]
    topic: Option<Option<Confidential>>,
    /// What became of it.
    #[schema(nullable = false)]
    status: Option<SessionStatus>,
}

impl From<ChangeSession> for SessionChange {
    fn from(change: ChangeSession) -> Self {
        let ChangeSession { counselor_id, starts_at, minutes, place, topic, status } = change;
        Self { counselor: counselor_id, starts_at, minutes, place, topic, status, attendance: None }
    }
}

/// Who was there.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecordAttendance {
    /// Each expected partner once.
    #[validate(length(max = 20))]
    #[schema(max_items = 20)]
    attendance: Vec<PartnerAttendance>,
}

/// Whether a partner was there.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PartnerAttendance {
    /// Who.
    partner_id: PartnerId,
    /// Whether they were there.
    presence: Presence,
}

impl From<PartnerAttendance> for Attendance {
    fn from(PartnerAttendance { partner_id, presence }: PartnerAttendance) -> Self {
        Self { partner: partner_id, presence }
    }
}

impl From<Attendance> for PartnerAttendance {
    fn from(Attendance { partner, presence }: Attendance) -> Self {
        Self { partner_id: partner, presence }
    }
}

/// The session as the caller may see it. A topic that is shown leaves a trace.
fn shown(tx: &mut Tx<'_>, mut session: Session) -> SessionView {
    let may_read = tx.caller().may(Action::ReadSessionTopics).is_ok();
    let topic = session.topic.take().filter(|_| may_read);
    if topic.is_some() {
        tx.record(Event::new("session.topic_read", session.id).of_couple(session.couple));
    }
    SessionView { topic: topic.map(Confidential::into_exposed), appointment: session.into() }
}

/// Who may not see what sessions are about may not say it either.
fn check_topic<T>(tx: &Tx<'_>, topic: Option<&T>) -> Result<(), Problem> {
    if topic.is_some() { Ok(tx.caller().may(Action::ReadSessionTopics)?) } else { Ok(()) }
}

/// Schedule a session
///
/// With both partners, or with one alone: then the other learns nothing of it.
#[utoipa::path(tag = "sessions", security(("bearer" = [])), params(("couple_id" = CoupleId, Path, description = "The couple"), IdempotencyKey),
    request_body = ScheduleSession, responses((status = 201, description = "The session", body = SessionView)))]
#[post("/v1/couples/{couple_id}/sessions")]
async fn schedule_session(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    new: New<ScheduleSession>,
) -> Result<Created<SessionView>, Problem> {
    app.create(&caller, Action::ScheduleSessions, new, move |tx, wanted| {
        check_topic(tx, wanted.topic.as_ref())?;
        let couple = couples::find(tx, *couple_id)?;
        let session = Session::new(tx.new_id(), &couple, wanted.draft(&couple), tx.now())?;
        sessions::insert(tx, &session)?;
        tx.record(Event::new("session.scheduled", session.id).of_couple(couple.id));
        Ok(shown(tx, session))
    })
    .await
}

/// Which days are listed.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct DaysOfCouple {
    /// The first day, in the couple's time zone.
    #[param(nullable = false, required = false)]
    from: Option<NaiveDate>,
    /// The last day.
    #[param(nullable = false, required = false)]
    until: Option<NaiveDate>,
}

/// List the sessions of a couple
///
/// Partners see those with both and their own. What sessions are about is shown one by one.
#[utoipa::path(tag = "sessions", security(("bearer" = [])),
    params(("couple_id" = CoupleId, Path, description = "The couple"), PageParameters, DaysOfCouple),
    responses((status = 200, description = "Sessions, in the order in which they start", body = Paged<AppointmentView>)))]
#[get("/v1/couples/{couple_id}/sessions")]
async fn list_sessions_of_couple(
    app: Data<App>,
    caller: Asker,
    couple_id: Path<CoupleId>,
    list: Listing<DaysOfCouple>,
) -> Result<Paged<AppointmentView>, Problem> {
    app.read(&caller, Action::ReadSessions, move |view| {
        let couple = couples::find(view, *couple_id)?;
        let DaysOfCouple { from, until } = list.filter;
        let filter = Filter {
            couple: Some(couple.id),
            counselor: None,
            from: from.map(|day| instants_of(couple.time_zone, day, day).start),
            before: until.map(|day| instants_of(couple.time_zone, day, day).end),
        };
        let slice = sessions::list(view, &filter, list.page)?;
        Ok(Paged::of(slice, place, AppointmentView::from))
    })
    .await
}

fn place(session: &Session) -> (DateTime<Utc>, uuid::Uuid) {
    (session.starts_at, session.id.0)
}

/// Which part of the calendar is listed.
#[derive(Debug, Deserialize, Validate, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct CalendarRange {
    /// The first day, in the practice's time zone.
    from: NaiveDate,
    /// The last day.
    until: NaiveDate,
    /// Only sessions that this counselor holds.
    #[param(nullable = false, required = false)]
    counselor_id: Option<StaffId>,
}

/// List the sessions in a range of the calendar
///
/// Those of every couple within your reach. What sessions are about is shown one by one.
#[utoipa::path(tag = "sessions", security(("bearer" = [])), params(PageParameters, CalendarRange),
    responses((status = 200, description = "Sessions, in the order in which they start", body = Paged<AppointmentView>)))]
#[get("/v1/sessions")]
async fn list_sessions(
    app: Data<App>,
    caller: Asker,
    list: Listing<CalendarRange>,
) -> Result<Paged<AppointmentView>, Problem> {
    app.read(&caller, Action::ReadSessions, move |view| {
        let zone = practices::find(view)?.time_zone;
        let CalendarRange { from, until, counselor_id } = list.filter;
        let filter = Filter { counselor: counselor_id, ..Filter::default() }.within(instants_of(zone, from, until));
        let slice = sessions::list(view, &filter, list.page)?;
        Ok(Paged::of(slice, place, AppointmentView::from))
    })
    .await
}

/// Show a session
#[utoipa::path(tag = "sessions", security(("bearer" = [])), params(("session_id" = SessionId, Path, description = "The session")),
    responses((status = 200, description = "The session", body = SessionView)))]
#[get("/v1/sessions/{session_id}")]
async fn show_session(app: Data<App>, caller: Asker, id: Path<SessionId>) -> Result<Found<SessionView>, Problem> {
    app.read_audited(&caller, Action::ReadSessions, move |tx| {
        let (session, _) = sessions::find(tx, *id)?;
        Ok(shown(tx, session))
    })
    .await
    .map(Found)
}

/// Change a session: move it, say what became of it
#[utoipa::path(tag = "sessions", security(("bearer" = [])), params(("session_id" = SessionId, Path, description = "The session"), IfMatch),
    request_body = ChangeSession, responses((status = 200, description = "The session as it is now", body = SessionView)))]
#[patch("/v1/sessions/{session_id}")]
async fn change_session(
    app: Data<App>,
    caller: Asker,
    id: Path<SessionId>,
    expected: IfMatch,
    patch: Patch<ChangeSession>,
) -> Result<Found<SessionView>, Problem> {
    app.write(&caller, Action::ScheduleSessions, move |tx| {
        check_topic(tx, patch.topic.as_ref())?;
        change(tx, *id, &expected, patch.into_inner().into(), "session.changed")
    })
    .await
    .map(Found)
}

/// Record who was there
///
/// Of a session that was held. It replaces what was recorded before.
#[utoipa::path(tag = "sessions", security(("bearer" = [])), params(("session_id" = SessionId, Path, description = "The session"), IfMatch),
    request_body = RecordAttendance, responses((status = 200, description = "The session as it is now", body = SessionView)))]
#[put("/v1/sessions/{session_id}/attendance")]
async fn record_attendance(
    app: Data<App>,
    caller: Asker,
    id: Path<SessionId>,
    expected: IfMatch,
    body: Body<RecordAttendance>,
) -> Result<Found<SessionView>, Problem> {
    app.write(&caller, Action::ScheduleSessions, move |tx| {
        let attendance = body.into_inner().attendance.into_iter().map(Into::into).collect();
        let recorded = SessionChange { attendance: Some(attendance), ..SessionChange::default() };
        change(tx, *id, &expected, recorded, "session.attendance_recorded")
    })
    .await
    .map(Found)
}

fn change(
    tx: &mut Tx<'_>,
    id: SessionId,
    expected: &IfMatch,
    change: SessionChange,
    action: &'static str,
) -> Result<SessionView, Problem> {
    let (mut session, couple) = sessions::find(tx, id)?;
    expected.check(session.version)?;
    session.change(&couple, change, tx.now())?;
    sessions::update(tx, &session)?;
    tx.record(Event::new(action, session.id).of_couple(couple.id));
    Ok(shown(tx, session))
}
