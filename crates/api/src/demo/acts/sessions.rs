//! Sessions: arranged, held, missed, called off, and what is taken up in them.

use domain::{
    confidential::Confidential,
    couple::Couple,
    exercises::Kind,
    session::{Attendance, Presence, Session, SessionChange, SessionDraft, SessionKind, SessionStatus},
};
use store::{Tx, audit::Event, couples, entries, flags, sessions};

use crate::{
    demo::{ALL, mistake, script::Case, story::Scheduled},
    problem::Problem,
    routes,
};

pub(super) fn schedule(tx: &mut Tx<'_>, case: &Case, wanted: Scheduled) -> Result<(), Problem> {
    let couple = couples::find(tx, case.couple)?;
    let with = wanted.with.map(|key| case.partner(&key)).transpose()?;
    let draft = SessionDraft {
        kind: with.map_or(SessionKind::Joint, SessionKind::With),
        counselor: case.cast.staff(&case.counselor)?,
        starts_at: case.calendar.instant(wanted.at),
        time_zone: None,
        minutes: wanted.minutes,
        place: wanted.place,
        topic: None,
    };
    let session = Session::new(tx.new_id(), &couple, draft, tx.now())?;
    sessions::insert(tx, &session)?;
    tx.record(Event::new("session.scheduled", session.id).of_couple(couple.id));
    Ok(())
}

/// The couple's session that began last; one that was called off before counts by the day it was meant for.
pub(super) fn last(tx: &mut Tx<'_>, case: &Case) -> Result<(Session, Couple), Problem> {
    let couple = couples::find(tx, case.couple)?;
    let filter = sessions::Filter { couple: Some(couple.id), before: Some(tx.now()), ..sessions::Filter::default() };
    let session = sessions::list(tx, &filter, ALL)?.items.pop();
    Ok((session.ok_or_else(|| mistake("there was no session yet"))?, couple))
}

/// The next session, which can still be called off.
fn next(tx: &mut Tx<'_>, case: &Case) -> Result<(Session, Couple), Problem> {
    let couple = couples::find(tx, case.couple)?;
    let filter = sessions::Filter { couple: Some(couple.id), from: Some(tx.now()), ..sessions::Filter::default() };
    let session = sessions::list(tx, &filter, ALL)?.items.into_iter().next();
    Ok((session.ok_or_else(|| mistake("there is no session to come"))?, couple))
}

pub(super) fn end(
    tx: &mut Tx<'_>,
    case: &Case,
    status: SessionStatus,
    late: &[String],
    topic: Option<String>,
) -> Result<(), Problem> {
    let called_off = matches!(status, SessionStatus::Cancelled | SessionStatus::LateCancelled);
    let (mut session, couple) = if called_off { next(tx, case)? } else { last(tx, case)? };
    let attendance = (status == SessionStatus::Held).then(|| attendance(case, session.kind, late));
    let topic = topic.map(|topic| Some(Confidential::new(topic)));
    let change = SessionChange { status: Some(status), attendance, topic, ..SessionChange::default() };
    session.change(&couple, change, tx.now())?;
    sessions::update(tx, &session)?;
    tx.record(Event::new("session.changed", session.id).of_couple(couple.id));
    Ok(())
}

fn attendance(case: &Case, kind: SessionKind, late: &[String]) -> Vec<Attendance> {
    let expected = case.partners.iter().filter(|(_, id)| kind.partner().is_none_or(|with| with == *id));
    let presence = |key| if late.contains(key) { Presence::Late } else { Presence::Attended };
    expected.map(|(key, id)| Attendance { partner: *id, presence: presence(key) }).collect()
}

pub(super) fn take_up(tx: &mut Tx<'_>, case: &Case, kinds: &[Kind]) -> Result<(), Problem> {
    let (session, couple) = last(tx, case)?;
    let mut open = flags::list_open(tx, Some(couple.id), ALL)?.items;
    let entries = entries::list(tx, &couple, None, ALL)?.items;
    let of = |kind| entries.iter().map(|shown| &shown.entry).filter(move |entry| entry.kind == kind);
    for kind in kinds {
        let flagged = open.iter_mut().filter(|flag| of(*kind).any(|entry| entry.id == flag.entry));
        let taken = flagged.map(|flag| routes::flags::take_up(tx, flag, Some(&session)));
        if taken.collect::<Result<Vec<_>, _>>()?.is_empty() {
            return Err(mistake(format!("no {kind} is flagged")));
        }
    }
    Ok(())
}
