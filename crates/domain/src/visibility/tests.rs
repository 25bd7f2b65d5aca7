//! The rule, as sentences and for every case there is.

use proptest::prelude::*;

use super::*;
use crate::couple::{
    PartnerDraft,
    tests::{day, id, lee_and_kim, noon, separated},
};

const LEE: u128 = 1;
const KIM: u128 = 2;

fn by_lee(visibility: Visibility) -> EntryFacts {
    EntryFacts {
        author: Author::Partner(id(LEE)),
        recorded_by: RecordedBy::Partner(id(LEE)),
        recorded_on: day("2026-03-02"),
        visibility,
        submitted: true,
    }
}

fn kim_reads(couple: &Couple, entry: &EntryFacts, both: bool, today: &str) -> bool {
    may_read(Reader::Partner(id(KIM)), couple, entry, both, day(today))
}

#[test]
fn an_embargo_opens_on_its_day() {
    let entry = by_lee(Visibility::Embargoed { until: day("2026-04-01") });
    assert!(!kim_reads(&lee_and_kim(), &entry, true, "2026-03-31"));
    assert!(kim_reads(&lee_and_kim(), &entry, false, "2026-04-01"));
}

#[test]
fn what_is_revealed_together_waits_for_both() {
    let entry = by_lee(Visibility::RevealTogether);
    assert!(!kim_reads(&lee_and_kim(), &entry, false, "2026-03-03"));
    assert!(kim_reads(&lee_and_kim(), &entry, true, "2026-03-03"));
}

#[test]
fn both_have_submitted_when_each_has_what_is_revealed_with_it() {
    let (lee, kim) = (id(LEE), id(KIM));
    let [by_lee, by_kim] = [lee, kim].map(Author::Partner);
    let both = |kind, submitted: &[(Kind, Author)]| both_submitted(&[lee, kim], kind, submitted);
    let (account, impact) = (Kind::RootCauseAccount, Kind::RootCauseImpact);
    assert!(both(account, &[(account, by_lee), (impact, by_kim)]), "by role, of two kinds");
    assert!(both(impact, &[(account, by_lee), (impact, by_kim)]));
    assert!(!both(account, &[(account, by_lee), (account, by_lee)]));
    assert!(!both(account, &[(account, by_lee), (Kind::RootCauseQuestion, by_kim)]), "a question is no account");
    let compared = [(account, by_lee), (impact, by_kim), (Kind::RootCauseComparison, by_lee)];
    assert!(!both(Kind::RootCauseComparison, &compared), "the next step waits for both again");
    assert!(both(Kind::RootCauseComparison, &[(Kind::RootCauseComparison, Author::Together)]), "as one, both have");
    assert!(!both_submitted(&[lee], account, &[(account, by_lee)]), "alone there is nobody to reveal it with");
}

#[test]
fn how_an_apology_reads_to_a_machine_is_not_told_to_whoever_received_it() {
    let (couple, apology) = (lee_and_kim(), by_lee(Visibility::Shared));
    assert!(kim_reads(&couple, &apology, false, "2026-03-02"), "the apology itself is theirs to read");
    assert!(!may_read_deflections(Reader::Partner(id(KIM)), &couple, &apology));
    for reader in [Reader::Partner(id(LEE)), Reader::Counselor(id(9)), Reader::Supervisor(id(8))] {
        assert!(may_read_deflections(reader, &couple, &apology), "{reader:?}");
    }
}

#[test]
fn a_draft_is_its_authors_alone() {
    let draft = EntryFacts { submitted: false, ..by_lee(Visibility::Shared) };
    let couple = lee_and_kim();
    let reads = |reader| may_read(reader, &couple, &draft, true, day("2026-03-03"));
    assert!(reads(Reader::Partner(id(LEE))));
    assert!(!reads(Reader::Partner(id(KIM))));
    assert!(!reads(Reader::Counselor(id(7))) && !reads(Reader::Supervisor(id(8))));
}

#[test]
fn after_a_separation_each_keeps_their_own_and_what_they_wrote_together() {
    let couple = separated("2026-04-01");
    let shared = by_lee(Visibility::Shared);
    let together = EntryFacts { author: Author::Together, ..shared };
    assert!(kim_reads(&couple, &shared, true, "2026-03-31"));
    assert!(!kim_reads(&couple, &shared, true, "2026-04-01"));
    assert!(kim_reads(&couple, &together, true, "2026-04-01"));
    assert!(may_read(Reader::Partner(id(LEE)), &couple, &shared, true, day("2026-04-01")));
}

#[test]
fn who_comes_later_reads_nothing_of_before_and_who_left_nothing_of_after() {
    let mut couple = lee_and_kim();
    couple.leave(id(KIM), day("2026-04-01"), noon("2026-04-01")).unwrap();
    let sam = PartnerDraft { id: id(3), client: id(103), from: None };
    couple.join(sam, noon("2026-05-01")).unwrap();
    let shared = by_lee(Visibility::Shared);
    let reads =
        |partner, entry: &EntryFacts| may_read(Reader::Partner(partner), &couple, entry, true, day("2026-06-01"));
    assert!(!reads(id(3), &shared), "Sam was not there");
    assert!(!reads(id(KIM), &shared), "Kim has left");
    let later = EntryFacts { recorded_on: day("2026-05-02"), ..shared };
    assert!(reads(id(3), &later) && !reads(id(KIM), &later));
}

#[test]
fn who_comes_back_reads_their_own_of_before() {
    let mut couple = lee_and_kim();
    couple.leave(id(LEE), day("2026-04-01"), noon("2026-04-01")).unwrap();
    let back = PartnerDraft { id: id(3), client: id(LEE + 100), from: None };
    couple.join(back, noon("2026-05-01")).unwrap();
    let entry = by_lee(Visibility::CounselorOnly);
    assert!(may_read(Reader::Partner(id(3)), &couple, &entry, false, day("2026-06-01")));
}

#[test]
fn the_line_for_the_counselor_is_not_for_the_other_even_in_a_joint_entry() {
    let couple = lee_and_kim();
    let together = EntryFacts { author: Author::Together, ..by_lee(Visibility::Shared) };
    let reads = |reader, entry: &EntryFacts| may_read_line_for_counselor(reader, &couple, entry);
    assert!(reads(Reader::Counselor(id(7)), &together));
    assert!(reads(Reader::Partner(id(LEE)), &together), "Lee held the pen");
    assert!(!reads(Reader::Partner(id(KIM)), &together));
    let on_behalf = EntryFacts { recorded_by: RecordedBy::Staff(id(7)), ..by_lee(Visibility::Shared) };
    assert!(reads(Reader::Partner(id(LEE)), &on_behalf) && !reads(Reader::Partner(id(KIM)), &on_behalf));
}

#[test]
fn the_policy_says_what_a_counselor_may_use_and_opens_nothing() {
    let may = |policy, permission| may_use_with_the_other(policy, false, permission);
    assert!(may(Some(PolicyKind::NoSecrets), false));
    assert!(!may(Some(PolicyKind::LimitedSecrets), false) && may(Some(PolicyKind::LimitedSecrets), true));
    assert!(!may(Some(PolicyKind::Individual), true));
    assert!(!may(None, true));
    assert!(may_use_with_the_other(None, true, false), "what the other reads anyway is no secret");
}

#[test]
fn a_session_with_one_partner_does_not_exist_for_the_other() {
    let couple = lee_and_kim();
    assert!(may_know_of(Reader::Partner(id(KIM)), &couple, None, day("2026-03-02")));
    assert!(!may_know_of(Reader::Partner(id(KIM)), &couple, Some(id(LEE)), day("2026-03-02")));
    assert!(may_know_of(Reader::Partner(id(LEE)), &couple, Some(id(LEE)), day("2026-03-02")));
}

#[test]
fn a_promise_stays_with_its_maker_after_a_separation() {
    let couple = separated("2026-04-01");
    let sees = |reader, today| may_see_given(Reader::Partner(id(reader)), &couple, id(LEE), id(KIM), day(today));
    assert!(sees(KIM, "2026-03-31") && !sees(KIM, "2026-04-01") && sees(LEE, "2026-04-01"));
}

#[test]
fn word_and_day_are_one_visibility_or_none() {
    let until = Some(day("2026-04-01"));
    assert_eq!(Visibility::from_parts("shared", until), None);
    assert_eq!(Visibility::from_parts("embargoed", None), None);
    assert_eq!(Visibility::from_parts("everybody", None), None);
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..200).prop_map(|days| day("2026-01-01") + chrono::Days::new(days))
}

fn any_visibility() -> impl Strategy<Value = Visibility> {
    prop_oneof![
        Just(Visibility::CounselorOnly),
        Just(Visibility::Shared),
        Just(Visibility::RevealTogether),
        any_day().prop_map(|until| Visibility::Embargoed { until }),
    ]
}

fn any_entry() -> impl Strategy<Value = EntryFacts> {
    let author = prop_oneof![
        (1_u128..4).prop_map(|partner| Author::Partner(id(partner))),
        Just(Author::Together),
        Just(Author::Counselor(id(7))),
    ];
    let pen = prop_oneof![(1_u128..3).prop_map(|p| RecordedBy::Partner(id(p))), Just(RecordedBy::Staff(id(7)))];
    (author, pen, any_day(), any_visibility(), any::<bool>()).prop_map(
        |(author, recorded_by, recorded_on, visibility, submitted)| EntryFacts {
            author,
            recorded_by,
            recorded_on,
            visibility,
            submitted,
        },
    )
}

fn any_couple() -> impl Strategy<Value = Couple> {
    prop_oneof![
        Just(lee_and_kim()),
        any_day().prop_map(|on| separated(&on.to_string())),
        any_day().prop_map(|on| {
            let mut couple = lee_and_kim();
            couple.leave(id(KIM), on, noon("2026-12-31")).unwrap();
            couple.join(PartnerDraft { id: id(3), client: id(103), from: Some(on) }, noon("2026-12-31")).unwrap();
            couple
        }),
    ]
}

proptest! {
    #[test]
    fn nobody_but_author_and_counselors_ever_reads_what_is_for_the_counselor(
        couple in any_couple(), entry in any_entry(), both: bool, today in any_day(), reader in 1_u128..4,
    ) {
        let entry = EntryFacts { visibility: Visibility::CounselorOnly, ..entry };
        let reads = may_read(Reader::Partner(id(reader)), &couple, &entry, both, today);
        prop_assert!(!reads || entry.author == Author::Partner(id(reader)) || entry.author == Author::Together);
    }

    #[test]
    fn revealing_together_is_the_same_for_both(couple in any_couple(), on in any_day(), both: bool, today in any_day()) {
        let entry = |author: u128| EntryFacts {
            author: Author::Partner(id(author)),
            recorded_by: RecordedBy::Partner(id(author)),
            recorded_on: on,
            visibility: Visibility::RevealTogether,
            submitted: true,
        };
        let lee_reads = may_read(Reader::Partner(id(LEE)), &couple, &entry(KIM), both, today);
        let kim_reads = may_read(Reader::Partner(id(KIM)), &couple, &entry(LEE), both, today);
        let joined = [id(LEE), id(KIM)].iter().all(|partner| couple.current_partner(*partner).is_ok());
        prop_assert_eq!(lee_reads, kim_reads && joined);
    }

    #[test]
    fn widening_never_takes_anything_from_anybody(
        couple in any_couple(), entry in any_entry(), wider in any_visibility(), both: bool, today in any_day(),
        reader in 1_u128..4,
    ) {
        prop_assume!(wider.is_wider_than(entry.visibility));
        let reads = |entry: &EntryFacts| may_read(Reader::Partner(id(reader)), &couple, entry, both, today);
        let widened = EntryFacts { visibility: wider, ..entry };
        prop_assert!(!reads(&entry) || reads(&widened));
    }

    #[test]
    fn widening_can_not_be_turned_round(one in any_visibility(), other in any_visibility()) {
        prop_assert!(!(one.is_wider_than(other) && other.is_wider_than(one)));
        prop_assert!(!one.is_wider_than(one));
    }

    #[test]
    fn the_line_for_the_counselor_is_never_read_by_two_partners(couple in any_couple(), entry in any_entry()) {
        let readers = (1_u128..4)
            .filter(|reader| may_read_line_for_counselor(Reader::Partner(id(*reader)), &couple, &entry));
        prop_assert!(readers.count() <= 1);
    }

    #[test]
    fn from_the_day_of_a_separation_nothing_passes(
        on in any_day(), later in 0_u64..100, entry in any_entry(), both: bool, reader in 1_u128..3,
    ) {
        let couple = separated(&on.to_string());
        let today = on + chrono::Days::new(later);
        let reads = may_read(Reader::Partner(id(reader)), &couple, &entry, both, today);
        prop_assert!(!reads || entry.author == Author::Partner(id(reader)) || entry.author == Author::Together);
    }

    #[test]
    fn a_visibility_is_stored_as_word_and_day(visibility in any_visibility()) {
        prop_assert_eq!(Visibility::from_parts(visibility.as_str(), visibility.until()), Some(visibility));
    }
}
