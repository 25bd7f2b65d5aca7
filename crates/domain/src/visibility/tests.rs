//! The rule, as sentences and for every case there is.

use proptest::prelude::*;

use super::*;
use crate::{
    couple::{
        CoupleChange, CoupleStatus, PartnerDraft,
        tests::{day, id, lee_and_kim, noon, separated},
    },
    policy::PolicyDraft,
};

const LEE: u128 = 1;
const KIM: u128 = 2;

fn by_lee(visibility: Visibility) -> EntryFacts {
    EntryFacts {
        author: Author::Partner(id(LEE)),
        recorded_by: RecordedBy::Partner(id(LEE)),
        begun_by: RecordedBy::Partner(id(LEE)),
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
    let keyed = |submitted: &[(Kind, Author)]| -> Vec<_> {
        submitted.iter().map(|(kind, author)| (RevealKey::new(*kind, None), *author)).collect()
    };
    let both =
        |kind, submitted: &[(Kind, Author)]| both_submitted(&[lee, kim], RevealKey::new(kind, None), &keyed(submitted));
    let (account, impact) = (Kind::RootCauseAccount, Kind::RootCauseImpact);
    assert!(both(account, &[(account, by_lee), (impact, by_kim)]), "by role, of two kinds");
    assert!(both(impact, &[(account, by_lee), (impact, by_kim)]));
    assert!(!both(account, &[(account, by_lee), (account, by_lee)]));
    assert!(!both(account, &[(account, by_lee), (Kind::RootCauseQuestion, by_kim)]), "a question is no account");
    let compared = [(account, by_lee), (impact, by_kim), (Kind::RootCauseComparison, by_lee)];
    assert!(!both(Kind::RootCauseComparison, &compared), "the next step waits for both again");
    assert!(both(Kind::RootCauseComparison, &[(Kind::RootCauseComparison, Author::Together)]), "as one, both have");
    assert!(
        !both_submitted(&[lee], RevealKey::new(account, None), &keyed(&[(account, by_lee)])),
        "alone there is nobody to reveal it with"
    );
}

#[test]
fn what_is_about_one_talk_is_not_revealed_by_what_is_about_another() {
    let partners = [id(LEE), id(KIM)];
    let about =
        |talk| Some(Target::Entry { id: id(talk), kind: Kind::TalkLog, whose: crate::exercises::Whose::Anyones });
    let key = |talk| RevealKey::new(Kind::TalkReflection, about(talk));
    let submitted = [(key(901), Author::Partner(partners[0])), (key(902), Author::Partner(partners[1]))];
    assert!(!both_submitted(&partners, key(901), &submitted) && !both_submitted(&partners, key(902), &submitted));
    let more = [submitted[0], submitted[1], (key(902), Author::Partner(partners[0]))];
    assert!(both_submitted(&partners, key(902), &more), "both have written about the second");
    assert!(!both_submitted(&partners, key(901), &more), "the first is still one's own");
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
}

#[test]
fn the_line_that_a_counselor_wrote_on_behalf_is_for_counselors() {
    let couple = lee_and_kim();
    let on_behalf = EntryFacts { begun_by: RecordedBy::Staff(id(7)), ..by_lee(Visibility::Shared) };
    let reads = |reader| may_read_line_for_counselor(reader, &couple, &on_behalf);
    assert!(reads(Reader::Counselor(id(8))));
    assert!(!reads(Reader::Partner(id(LEE))) && !reads(Reader::Partner(id(KIM))), "though Lee may have corrected it");
    assert!(may_count_every_change(Reader::Partner(id(LEE)), &couple, &on_behalf), "the words are Lee's");
    assert!(!may_count_every_change(Reader::Partner(id(KIM)), &couple, &on_behalf));
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
fn from_the_day_of_a_separation_no_session_is_joint() {
    let couple = separated("2026-04-01");
    let knows = |reader, with, on| may_know_of(reader, &couple, with, day(on));
    assert!(
        knows(Reader::Partner(id(KIM)), None, "2026-03-31") && !knows(Reader::Partner(id(KIM)), None, "2026-04-01")
    );
    assert!(knows(Reader::Partner(id(KIM)), Some(id(KIM)), "2026-04-01"));
    assert!(knows(Reader::Counselor(id(7)), None, "2026-04-01"));
}

#[test]
fn a_partner_reads_the_policies_of_their_own_time() {
    let mut couple = lee_and_kim();
    let draft = PolicyDraft { kind: PolicyKind::NoSecrets, in_force_from: None, text: None };
    let mut policy = ConfidentialityPolicy::new(id(60), &couple, None, draft, noon("2026-02-01")).unwrap();
    couple.leave(id(KIM), day("2026-04-01"), noon("2026-04-01")).unwrap();
    couple.join(PartnerDraft { id: id(3), client: id(103), from: None }, noon("2026-05-01")).unwrap();
    let reads =
        |policy: &_, reader, followed: Option<&str>| may_read_policy(reader, &couple, policy, followed.map(day));
    let (lee, sam) = (Reader::Partner(id(LEE)), Reader::Partner(id(3)));

    assert!(reads(&policy, sam, None), "it holds still");
    assert!(reads(&policy, sam, Some("2026-05-02")), "it held on the day Sam came");
    assert!(!reads(&policy, sam, Some("2026-05-01")), "it was followed by the one that Sam met");
    assert!(reads(&policy, lee, Some("2026-02-01")), "it was followed on the day on which it began");
    assert!(reads(&policy, Reader::Supervisor(id(8)), Some("2026-02-01")));
    policy.acknowledge(&couple, id(3), RecordedBy::Staff(id(7)), noon("2026-05-02")).unwrap();
    assert!(reads(&policy, sam, Some("2026-05-01")), "what they have acknowledged is theirs");
}

#[test]
fn who_comes_later_counts_the_policies_of_their_own_time() {
    let mut couple = lee_and_kim();
    let mut versions: Vec<ConfidentialityPolicy> = Vec::new();
    for (number, on) in [(60, "2026-02-01"), (61, "2026-03-01"), (62, "2026-05-01")] {
        let draft = PolicyDraft { kind: PolicyKind::NoSecrets, in_force_from: None, text: None };
        let next = ConfidentialityPolicy::new(id(number), &couple, versions.last(), draft, noon(on)).unwrap();
        versions.push(next);
    }
    couple.leave(id(KIM), day("2026-04-01"), noon("2026-04-01")).unwrap();
    couple.join(PartnerDraft { id: id(3), client: id(103), from: None }, noon("2026-05-01")).unwrap();
    let known = |reader| {
        let known = policies_known_to(reader, &couple, versions.clone());
        known.iter().map(|policy| (policy.id, policy.number)).collect::<Vec<_>>()
    };

    assert_eq!(known(Reader::Partner(id(3))), [(id(62), 1)]);
    let all = [(id(60), 1), (id(61), 2), (id(62), 3)];
    assert_eq!((known(Reader::Partner(id(LEE))), known(Reader::Counselor(id(7)))), (all.to_vec(), all.to_vec()));
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
            begun_by: recorded_by,
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

/// A couple that parted on the day, whoever else was in it before, and perhaps closed since.
fn any_parted_couple() -> impl Strategy<Value = (Couple, NaiveDate)> {
    (any_couple(), any_day(), any::<bool>()).prop_map(|(mut couple, on, closed)| {
        let mut become_status = |status, separated_on| {
            let change = CoupleChange { status: Some(status), separated_on, ..Default::default() };
            couple.change(change, noon("2026-12-31")).ok();
        };
        become_status(CoupleStatus::Separated, Some(on));
        if closed {
            become_status(CoupleStatus::Closed, None);
        }
        let on = couple.separated_on.unwrap();
        (couple, on)
    })
}

/// The same people, who have not parted.
fn lee_and_kim_of(couple: &Couple) -> Couple {
    Couple { status: CoupleStatus::Active, separated_on: None, closed_on: None, ..couple.clone() }
}

fn is_own(couple: &Couple, author: Author, reader: PartnerId) -> bool {
    match author {
        Author::Partner(author) => couple.same_person(author, reader),
        Author::Together => true,
        Author::Counselor(_) => false,
    }
}

proptest! {
    #[test]
    fn whoever_was_a_partner_nothing_of_the_other_passes_after_a_separation(
        (couple, on) in any_parted_couple(), later in 0_u64..300, entry in any_entry(), both: bool, reader in 1_u128..4,
        (giver, receiver) in (1_u128..4, 1_u128..4),
    ) {
        let (today, reader) = (on + chrono::Days::new(later), id(reader));
        let reads = may_read(Reader::Partner(reader), &couple, &entry, both, today);
        prop_assert!(!reads || is_own(&couple, entry.author, reader));
        let sees = may_see_given(Reader::Partner(reader), &couple, id(giver), id(receiver), today);
        prop_assert!(!sees || couple.same_person(id(giver), reader));
        prop_assert!(!may_know_of(Reader::Partner(reader), &couple, None, today));
    }

    #[test]
    fn a_separation_takes_nothing_of_their_own_from_anybody_and_nothing_from_the_counselors(
        (couple, on) in any_parted_couple(), later in 0_u64..300, entry in any_entry(), both: bool, reader in 1_u128..4,
    ) {
        let together = lee_and_kim_of(&couple);
        let today = on + chrono::Days::new(later);
        let own = is_own(&couple, entry.author, id(reader));
        for reader in [Reader::Partner(id(reader)), Reader::Counselor(id(7)), Reader::Supervisor(id(8))] {
            let reads = |couple| may_read(reader, couple, &entry, both, today);
            let keeps = own || !matches!(reader, Reader::Partner(_));
            prop_assert!(!keeps || reads(&couple) == reads(&together));
        }
    }

    #[test]
    fn a_draft_and_what_is_not_open_yet_are_their_authors_alone(
        couple in any_couple(), entry in any_entry(), today in any_day(), reader in 1_u128..4,
    ) {
        let sealed = match entry.visibility {
            Visibility::CounselorOnly | Visibility::RevealTogether => true,
            Visibility::Shared => !entry.submitted,
            Visibility::Embargoed { until } => !entry.submitted || today < until,
        };
        let reads = may_read(Reader::Partner(id(reader)), &couple, &entry, false, today);
        prop_assert!(!sealed || !reads || is_own(&couple, entry.author, id(reader)));
    }

    #[test]
    fn who_was_not_a_partner_on_the_day_reads_only_their_own(
        couple in any_couple(), entry in any_entry(), both: bool, today in any_day(), reader in 1_u128..4,
    ) {
        let there = was_partner_on(&couple, id(reader), entry.recorded_on);
        let reads = may_read(Reader::Partner(id(reader)), &couple, &entry, both, today);
        prop_assert!(there || !reads || matches!(entry.author, Author::Partner(author) if couple.same_person(author, id(reader))));
    }

    #[test]
    fn an_embargo_is_only_ever_moved_to_an_earlier_day(one in any_day(), other in any_day()) {
        let wider = Visibility::Embargoed { until: other }.is_wider_than(Visibility::Embargoed { until: one });
        prop_assert_eq!(wider, other < one);
    }

    #[test]
    fn no_policy_lets_a_counselor_hold_back_what_the_other_reads_or_use_more_than_it_says(
        readable: bool, permission: bool,
    ) {
        let uses = |policy| may_use_with_the_other(policy, readable, permission);
        let expected = [(None, false), (Some(PolicyKind::Individual), false),
            (Some(PolicyKind::LimitedSecrets), permission), (Some(PolicyKind::NoSecrets), true)];
        for (policy, by_itself) in expected {
            prop_assert_eq!(uses(policy), readable || by_itself);
        }
    }

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
            begun_by: RecordedBy::Partner(id(author)),
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
