//! How couples behave, and the couple other tests work with.

use super::*;
use uuid::Uuid;

/// The numbered id of any kind.
pub(crate) fn id<Id: From<Uuid>>(number: u128) -> Id {
    Id::from(Uuid::from_u128(number))
}

/// Noon of a day, in UTC.
pub(crate) fn noon(day: &str) -> DateTime<Utc> {
    format!("{day}T12:00:00Z").parse().unwrap()
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Lee (partner 1) and Kim (partner 2), treated by counselor 7 since 1 January 2026.
pub(crate) fn lee_and_kim() -> Couple {
    let partner = |number| PartnerDraft { id: id(number), client: id(number + 100), from: None };
    let draft = CoupleDraft {
        label: Some(Confidential::new("Lee and Kim")),
        time_zone: Tz::UTC,
        primary_counselor: id(7),
        care_team: vec![],
        partners: vec![partner(1), partner(2)],
        opened_on: None,
    };
    Couple::new(id(50), draft, noon("2026-01-01")).unwrap()
}

pub(crate) fn separated(on: &str) -> Couple {
    let mut couple = lee_and_kim();
    let parted =
        CoupleChange { status: Some(CoupleStatus::Separated), separated_on: Some(day(on)), ..Default::default() };
    couple.change(parted, noon("2026-12-31")).unwrap();
    couple
}

fn become_status(couple: &mut Couple, status: CoupleStatus) -> Result<(), CoupleError> {
    couple.change(CoupleChange { status: Some(status), ..Default::default() }, noon("2026-02-01"))
}

#[test]
fn the_primary_counselor_is_always_on_the_team() {
    let mut couple = lee_and_kim();
    assert_eq!(couple.care_team, [id(7)]);
    let team = CoupleChange { care_team: Some(vec![id(8), id(9), id(8)]), ..Default::default() };
    couple.change(team, noon("2026-01-02")).unwrap();
    assert_eq!(couple.care_team, [id(7), id(8), id(9)]);
    let handed_over = CoupleChange { primary_counselor: Some(id(3)), ..Default::default() };
    couple.change(handed_over, noon("2026-01-02")).unwrap();
    assert!(couple.is_treated_by(id(3)) && couple.is_treated_by(id(7)));
}

#[test]
fn a_third_partner_and_the_same_one_twice_are_refused() {
    let mut couple = lee_and_kim();
    let third = PartnerDraft { id: id(3), client: id(103), from: None };
    assert_eq!(couple.join(third, noon("2026-01-02")), Err(CoupleError::PartnerCount));
    let again = PartnerDraft { id: id(3), client: id(101), from: None };
    assert_eq!(couple.join(again, noon("2026-01-02")), Err(CoupleError::AlreadyPartner));
    assert_eq!(couple.version, 1);
}

#[test]
fn who_comes_back_gets_a_new_membership() {
    let mut couple = lee_and_kim();
    couple.leave(id(1), day("2026-02-01"), noon("2026-02-01")).unwrap();
    assert!(couple.partner_of(id(101)).is_none());
    let back = |from| PartnerDraft { id: id(3), client: id(101), from: Some(day(from)) };
    assert_eq!(couple.join(back("2026-01-15"), noon("2026-03-01")), Err(CoupleError::Order));
    couple.join(back("2026-03-01"), noon("2026-03-01")).unwrap();
    assert_eq!(couple.partner_of(id(101)).map(|partner| partner.id), Some(id(3)));
    assert!(couple.same_person(id(1), id(3)) && !couple.same_person(id(1), id(2)));
    assert_eq!(couple.current_partners().count(), 2);
}

#[test]
fn nobody_leaves_before_joining_or_in_the_future() {
    let mut couple = lee_and_kim();
    assert_eq!(couple.leave(id(1), day("2025-12-31"), noon("2026-02-01")), Err(CoupleError::Order));
    assert_eq!(couple.leave(id(1), day("2026-02-02"), noon("2026-02-01")), Err(CoupleError::Future));
    assert_eq!(couple.leave(id(9), day("2026-02-01"), noon("2026-02-01")), Err(CoupleError::NotAPartner));
}

#[test]
fn a_closed_case_takes_nothing_new_and_can_be_reopened() {
    let mut couple = lee_and_kim();
    become_status(&mut couple, CoupleStatus::Closed).unwrap();
    assert_eq!((couple.check_takes_work(), couple.closed_on), (Err(CaseEnded), Some(day("2026-02-01"))));
    become_status(&mut couple, CoupleStatus::Active).unwrap();
    assert_eq!((couple.check_takes_work(), couple.closed_on), (Ok(()), None));
}

#[test]
fn a_separation_ends_sharing_from_its_day_and_is_not_undone() {
    let mut couple = separated("2026-03-01");
    assert!(couple.shares_on(day("2026-02-28")) && !couple.shares_on(day("2026-03-01")));
    let refused = CoupleError::Transition { from: CoupleStatus::Separated, to: CoupleStatus::Active };
    assert_eq!(become_status(&mut couple, CoupleStatus::Active), Err(refused));
    become_status(&mut couple, CoupleStatus::Closed).unwrap();
    assert!(become_status(&mut couple, CoupleStatus::Active).is_err(), "not by way of closing either");
    assert!(!couple.shares_on(day("2026-03-01")));
}

#[test]
fn the_day_of_a_separation_is_said_once_and_has_come() {
    let mut couple = lee_and_kim();
    let mut part = |status, on: &str| {
        couple.change(CoupleChange { status, separated_on: Some(day(on)), ..Default::default() }, noon("2026-02-10"))
    };
    let separated = Some(CoupleStatus::Separated);
    assert_eq!(part(None, "2026-02-01"), Err(CoupleError::SeparatedOn));
    assert_eq!(part(Some(CoupleStatus::Paused), "2026-02-01"), Err(CoupleError::SeparatedOn));
    assert_eq!(part(separated, "2026-02-11"), Err(CoupleError::Future));
    assert_eq!(part(separated, "2026-02-01"), Ok(()));
    assert_eq!(part(separated, "2026-02-05"), Err(CoupleError::SeparatedOn), "what has ended is not opened again");
    assert_eq!(couple.separated_on, Some(day("2026-02-01")));
}

#[test]
fn today_is_the_couples_own_day() {
    let mut couple = lee_and_kim();
    couple.time_zone = Tz::Pacific__Auckland;
    assert_eq!(couple.today("2026-03-01T11:30:00Z".parse().unwrap()), day("2026-03-02"));
}

#[test]
fn a_couple_has_somebody_in_it_and_began_by_today() {
    let mut draft = CoupleDraft {
        label: None,
        time_zone: Tz::UTC,
        primary_counselor: id(7),
        care_team: vec![],
        partners: vec![],
        opened_on: None,
    };
    assert_eq!(Couple::new(id(1), draft.clone(), noon("2026-01-01")), Err(CoupleError::PartnerCount));
    draft.partners = vec![PartnerDraft { id: id(1), client: id(101), from: None }];
    assert!(Couple::new(id(1), draft.clone(), noon("2026-01-01")).is_ok(), "one may begin alone");
    draft.opened_on = Some(day("2026-01-02"));
    assert_eq!(Couple::new(id(1), draft, noon("2026-01-01")), Err(CoupleError::Future));
}
