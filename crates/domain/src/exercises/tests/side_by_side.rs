//! What entries come to when they are laid side by side.

use std::borrow::Borrow;

use chrono::Datelike;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{fields, read};
use crate::{
    confidential::Confidential,
    couple::tests::{day, id, lee_and_kim, noon},
    entry::{Author, Entry, EntryState, Seen},
    exercises::{
        ApologyDraftState, BothSaid, Kind, LedgerCounts, Slug, TransparencyAgreementState, Work, WorkInput, work,
    },
    ids::EntryId,
    promise::{Claim, ClaimWord, Confirmation, ConfirmationWord, Outcome, Promise, PromiseDraft, Schedule},
    recorded_by::RecordedBy,
    session::{Presence, Session, SessionKind, tests::held},
    visibility::{Reader, Visibility},
};

pub(super) const LEE: u128 = 1;
const KIM: u128 = 2;

/// A submitted entry of a partner about a day of March 2026: the example of a kind, with these fields.
pub(super) fn entry(number: u128, by: u128, on: &str, kind: Kind, changes: impl Borrow<Value>) -> Entry {
    let mut answers = fields(&kind.example());
    answers.extend(changes.borrow().as_object().unwrap().clone());
    let pen = RecordedBy::Partner(id(by));
    Entry {
        id: id(number),
        assignment: id(50),
        couple: id(10),
        exercise: kind.exercise(),
        kind,
        author: Author::Partner(id(by)),
        recorded_by: pen,
        begun_by: pen,
        recorded_on: day(on),
        occurrence_on: day(on),
        difficulty: None,
        answers: read(kind, answers).unwrap(),
        for_counselor: None,
        visibility: Visibility::Shared,
        permission_given_at: None,
        state: EntryState::Submitted(noon(on)),
        number: 1,
        seen: Seen::default(),
        line_changes: 0,
        reviewed_at: None,
        created_at: noon(on),
        version: 1,
    }
}

pub(super) fn put_together(
    today: &str,
    entries: &[Entry],
    promises: &[(Promise, Vec<Outcome>)],
    sessions: &[Session],
) -> Work {
    put_together_for(Reader::Counselor(id(7)), today, entries, promises, sessions)
}

fn put_together_for(
    reader: Reader,
    today: &str,
    entries: &[Entry],
    promises: &[(Promise, Vec<Outcome>)],
    sessions: &[Session],
) -> Work {
    let exercise = entries.first().map_or(Slug::Consistency, |entry| entry.exercise);
    let couple = lee_and_kim();
    let (from, until) = (day("2026-03-01"), day(today));
    let (both, coaching) = (&BothSaid::default(), entries);
    let (today, promises_cut) = (until, false);
    let input = WorkInput {
        couple: &couple,
        reader,
        entries,
        promises,
        promises_cut,
        sessions,
        both,
        coaching,
        today,
        from,
        until,
    };
    work(exercise, input).unwrap()
}

fn named(number: u128) -> Value {
    json!(id::<EntryId>(number))
}

#[test]
fn a_draft_is_ready_while_the_last_round_on_this_version_says_so() {
    let state = |rounds: &[(bool, u16)], number: i32| {
        let draft = Entry { number, ..entry(1, LEE, "2026-03-02", Kind::ApologyDraft, json!({})) };
        let round = |at: usize, (ready, version): (bool, u16)| {
            let said = json!({ "draft_id": named(1), "ready_to_deliver": ready, "draft_version": version });
            entry(10 + at as u128, KIM, "2026-03-03", Kind::ApologyCoaching, said)
        };
        let rounds = rounds.iter().enumerate().map(|(at, said)| round(at, *said));
        let Work::Apology(work) = put_together("2026-03-09", &[vec![draft], rounds.collect()].concat(), &[], &[])
        else {
            panic!()
        };
        work.drafts[0].state
    };
    assert_eq!(state(&[], 1), ApologyDraftState::Written);
    assert_eq!(state(&[(false, 1)], 1), ApologyDraftState::Coached);
    assert_eq!(state(&[(false, 1), (true, 1)], 1), ApologyDraftState::Ready);
    assert_eq!(state(&[(true, 1), (false, 1)], 1), ApologyDraftState::Coached);
    assert_eq!(state(&[(true, 1)], 2), ApologyDraftState::Coached, "it was corrected since");
}

#[test]
fn its_writer_is_told_that_a_draft_is_ready_and_nobody_else_before_it_is_given() {
    let draft = entry(1, LEE, "2026-03-02", Kind::ApologyDraft, json!({}));
    let round = entry(2, KIM, "2026-03-03", Kind::ApologyCoaching, json!({ "draft_id": named(1) }));
    let told = |reader| {
        let entries = [draft.clone(), round.clone()];
        let Work::Apology(mut work) = put_together_for(reader, "2026-03-09", &entries, &[], &[]) else { panic!() };
        work.drafts.remove(0)
    };
    let to_writer = told(Reader::Partner(id(LEE)));
    assert_eq!((to_writer.state, to_writer.coaching.len()), (ApologyDraftState::Ready, 1));
    assert!(to_writer.coaching[0].ready_to_deliver && to_writer.coaching[0].observation.is_none());
    let to_counselor = told(Reader::Counselor(id(7)));
    assert!(to_counselor.coaching[0].observation.is_some());
    let to_other = told(Reader::Partner(id(KIM)));
    assert_eq!((to_other.state, to_other.coaching), (ApologyDraftState::Written, Vec::new()));
}

#[test]
fn an_agreement_goes_through_its_states_by_the_day() {
    let dates = json!({ "starts_on": "2026-03-05", "review_on": "2026-03-12", "expires_on": "2026-03-26" });
    let agreed = entry(1, LEE, "2026-03-02", Kind::TransparencyAgreement, dates);
    let review = |on: &str, changes: Value| {
        let mut said = json!({ "agreement_id": named(1) });
        said.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        entry(2, LEE, on, Kind::TransparencyReview, said)
    };
    let state = |today: &str, after: &[Entry]| {
        let entries = [std::slice::from_ref(&agreed), after].concat();
        let Work::TransparentCommunication(work) = put_together(today, &entries, &[], &[]) else { panic!() };
        work.agreements[0].state
    };
    let kept = [review("2026-03-12", json!({ "decision": "keep", "scope": [], "next_review_on": "2026-03-20" }))];
    let ended = [review("2026-03-12", json!({ "decision": "end", "scope": [] }))];
    let stopped = [entry(3, KIM, "2026-03-10", Kind::TransparencyWithdrawal, json!({ "agreement_id": named(1) }))];

    assert_eq!(state("2026-03-04", &[]), TransparencyAgreementState::NotYet);
    assert_eq!(state("2026-03-05", &[]), TransparencyAgreementState::InForce);
    assert_eq!(state("2026-03-12", &[]), TransparencyAgreementState::ReviewDue);
    assert_eq!(state("2026-03-12", &kept), TransparencyAgreementState::InForce);
    assert_eq!(state("2026-03-20", &kept), TransparencyAgreementState::ReviewDue);
    assert_eq!(state("2026-03-12", &ended), TransparencyAgreementState::Ended);
    assert_eq!(state("2026-03-26", &[]), TransparencyAgreementState::Expired);
    assert_eq!(state("2026-03-26", &stopped), TransparencyAgreementState::Withdrawn);
}

#[test]
fn a_step_down_says_what_stays_open_and_what_was_agreed_stays_told() {
    let agreed = entry(1, LEE, "2026-03-02", Kind::TransparencyAgreement, json!({ "scope": ["Mail", "The phone"] }));
    let review = |number: u128, on: &str, changes: Value| {
        let mut said = json!({ "agreement_id": named(1), "note": "It got easier." });
        said.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        entry(number, KIM, on, Kind::TransparencyReview, said)
    };
    let kept = review(2, "2026-03-09", json!({ "decision": "keep", "scope": [], "next_review_on": "2026-03-16" }));
    let less = review(3, "2026-03-16", json!({ "decision": "step_down", "scope": ["Mail"] }));

    let Work::TransparentCommunication(work) = put_together("2026-03-20", &[agreed, kept, less], &[], &[]) else {
        panic!()
    };

    let agreement = &work.agreements[0];
    assert_eq!((agreement.scope.len(), agreement.agreed_scope.len()), (1, 2));
    let reviews: Vec<_> = agreement.reviews.iter().map(|review| (review.scope.len(), review.next_review_on)).collect();
    assert_eq!(reviews, [(0, Some(day("2026-03-16"))), (1, None)]);
    assert_eq!(agreement.reviews[0].note.as_deref(), Some("It got easier."));
}

#[test]
fn a_short_check_belongs_to_the_session_of_the_week_after_it() {
    let session = held(SessionKind::Joint, &[(LEE, Presence::Late), (KIM, Presence::Absent)]).unwrap();
    let pulse = |number: u128, on: &str, trust: u8| entry(number, LEE, on, Kind::Pulse, json!({ "trust": trust }));
    let of_session = |pulses: &[Entry]| {
        let Work::ProfessionalHelp(work) = put_together("2026-03-20", pulses, &[], std::slice::from_ref(&session))
        else {
            panic!()
        };
        let row = work.attendance[0];
        assert_eq!((row.held, row.attended, row.late, row.absent), (1, 1, 1, 0));
        work.sessions[0].pulses.iter().map(|pulse| pulse.trust).collect::<Vec<_>>()
    };
    assert_eq!(of_session(&[pulse(1, "2026-03-02", 1)]), [0_u8; 0], "eight days before");
    assert_eq!(of_session(&[pulse(1, "2026-03-03", 2), pulse(2, "2026-03-09", 3)]), [3]);
    assert_eq!(of_session(&[pulse(1, "2026-03-10", 4)]), [4], "at noon, as it began");
    assert_eq!(of_session(&[pulse(1, "2026-03-11", 5)]), [0_u8; 0]);
}

#[test]
fn what_is_to_be_brought_up_stays_open_until_a_session_with_its_author() {
    let bring = [entry(1, LEE, "2026-03-05", Kind::BringToSession, json!({}))];
    let open = |session: Session| {
        let Work::ProfessionalHelp(work) = put_together("2026-03-20", &bring, &[], &[session]) else { panic!() };
        work.to_bring.len()
    };
    assert_eq!(open(held(SessionKind::Joint, &[]).unwrap()), 0);
    assert_eq!(open(held(SessionKind::With(id(LEE)), &[]).unwrap()), 0);
    assert_eq!(open(held(SessionKind::With(id(KIM)), &[]).unwrap()), 1);
    assert_eq!(open(crate::session::tests::session(SessionKind::Joint)), 1, "it was not held");
}

/// A promise of Lee's for every day from 1 March 2026 on.
fn daily() -> Promise {
    let draft = PromiseDraft {
        maker: id(LEE),
        what: Confidential::new("I call when I am late."),
        schedule: Schedule::Recurring("FREQ=DAILY".parse().unwrap()),
        starts_on: None,
        until: None,
        origin: Some(Slug::Consistency),
        assignment: None,
        entry: None,
    };
    Promise::new(id(30), &lee_and_kim(), draft, RecordedBy::Partner(id(LEE)), noon("2026-03-01")).unwrap()
}

fn said(promise: &Promise, day_of_march: u32, claim: ClaimWord, answer: Option<ConfirmationWord>) -> Outcome {
    let (at, recorded_by) = (noon("2026-03-31"), RecordedBy::Partner(id(LEE)));
    Outcome {
        promise: promise.id,
        couple: promise.couple,
        due_on: day("2026-03-01").with_day(day_of_march).unwrap(),
        claim: Claim { word: claim, at, recorded_by },
        confirmation: answer.map(|word| Confirmation { word, at, recorded_by }),
        version: 1,
    }
}

/// A claim and its answer.
type Told = (ClaimWord, Option<ConfirmationWord>);

/// What was said of each of thirty-one days, or nothing.
fn month() -> impl Strategy<Value = Vec<Option<Told>>> {
    let claim = proptest::sample::select(ClaimWord::ALL);
    let answer = proptest::option::of(proptest::sample::select(ConfirmationWord::ALL));
    proptest::collection::vec(proptest::option::of((claim, answer)), 31)
}

proptest! {
    #[test]
    fn every_day_of_the_ledger_is_counted_once_and_as_it_was_said(month in month()) {
        let promise = daily();
        let told = |(day, said_of_it): (u32, &Option<Told>)| {
            said_of_it.map(|(claim, answer)| said(&promise, day, claim, answer))
        };
        let outcomes: Vec<_> = (1..).zip(&month).filter_map(told).collect();
        let Work::Consistency(work) = put_together("2026-03-31", &[], &[(promise.clone(), outcomes)], &[]) else {
            panic!()
        };
        let LedgerCounts { due, kept, kept_confirmed, partly, missed, renegotiated, excused, unclaimed, disputed } =
            work.promises[0].counts;
        prop_assert_eq!(due, 31);
        prop_assert_eq!(kept + partly + missed + renegotiated + excused + unclaimed, due);
        let times = |wanted: &dyn Fn(&Told) -> bool| {
            u32::try_from(month.iter().flatten().filter(|said| wanted(said)).count()).unwrap()
        };
        prop_assert_eq!(missed, times(&|(claim, _)| *claim == ClaimWord::Missed));
        let confirmed = (ClaimWord::Kept, Some(ConfirmationWord::Confirmed));
        prop_assert_eq!(kept_confirmed, times(&|said| *said == confirmed));
        prop_assert_eq!(disputed, times(&|(_, answer)| *answer == Some(ConfirmationWord::Disputed)));
        prop_assert_eq!(work.makers[0].counts, work.promises[0].counts);
    }
}
