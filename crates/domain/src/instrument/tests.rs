//! What is known of instruments, what is refused, and when a change is more than chance.

use proptest::prelude::*;

use super::*;
use crate::couple::tests::{id, noon};

fn norms() -> Norms {
    Norms {
        name: "Evening scale".into(),
        better: Better::Higher,
        lowest: 0.0,
        highest: 100.0,
        cut_off: Some(60.0),
        yardstick: Some(Yardstick::Spread { sd: 10.0, reliability: 0.92 }),
        source: "Our own 240 intakes, 2024 to 2026".into(),
        licence: None,
        items: Vec::new(),
    }
}

fn define(slug: &str, norms: Norms, others: &[Instrument]) -> Result<Instrument, InstrumentError> {
    Instrument::new(id(1), slug.into(), norms, others, noon("2026-03-02"))
}

#[test]
fn the_known_norms_are_the_published_ones() {
    let known: Vec<_> = Instrument::all(Vec::new())
        .iter()
        .map(|one| {
            let norms = one.norms(1).unwrap();
            (one.slug.clone(), norms.highest, norms.cut_off.unwrap(), norms.yardstick)
        })
        .collect();
    let expected = [
        ("csi-32", 161.0, 104.5, None),
        ("csi-16", 81.0, 51.5, None),
        ("csi-4", 21.0, 13.5, None),
        ("rdas", 69.0, 47.31, Some(Yardstick::Points(12.0))),
        ("couple-relationship-scale", 100.0, 70.9, Some(Yardstick::Points(16.0))),
    ];
    assert_eq!(known, expected.map(|(slug, most, cut, yardstick)| (slug.to_owned(), most, cut, yardstick)));
    for one in Instrument::all(Vec::new()) {
        assert_eq!(one.versions[0].check(), Ok(()), "{}", one.slug);
        assert!(one.versions[0].items.is_empty(), "the product ships no item text");
    }
}

#[test]
fn what_has_no_source_or_somebody_elses_items_is_refused() {
    let with = |change: &dyn Fn(&mut Norms)| {
        let mut wanted = norms();
        change(&mut wanted);
        define("evening", wanted, &[]).map(|_| ())
    };
    assert_eq!(with(&|_| ()), Ok(()));
    assert_eq!(with(&|norms| norms.source = " ".into()), Err(InstrumentError::Text));
    assert_eq!(with(&|norms| norms.highest = 0.0), Err(InstrumentError::Range));
    assert_eq!(with(&|norms| norms.highest = f64::INFINITY), Err(InstrumentError::Range));
    assert_eq!(with(&|norms| norms.cut_off = Some(101.0)), Err(InstrumentError::CutOff));
    let items = |norms: &mut Norms| norms.items = vec!["How was your evening?".into()];
    assert_eq!(with(&items), Err(InstrumentError::Licence));
    let licensed = |norms: &mut Norms| {
        items(norms);
        norms.licence = Some("CC BY 4.0".into());
    };
    assert_eq!(with(&licensed), Ok(()));
}

#[test]
fn a_yardstick_is_one_thing_and_whole() {
    let wrong = [
        (Some(10.0), None, None),
        (None, Some(0.9), None),
        (Some(10.0), Some(1.0), None),
        (Some(10.0), Some(0.0), None),
        (Some(0.0), Some(0.9), None),
        (None, None, Some(0.0)),
        (Some(10.0), Some(0.9), Some(5.0)),
    ];
    for (sd, reliability, points) in wrong {
        assert_eq!(Yardstick::of(sd, reliability, points), Err(InstrumentError::Yardstick));
    }
    assert_eq!(Yardstick::of(None, None, None), Ok(None));
}

#[test]
fn a_slug_is_taken_once_and_the_products_are_taken() {
    let own = define("evening", norms(), &[]).unwrap();
    for slug in ["evening", "rdas"] {
        assert_eq!(define(slug, norms(), std::slice::from_ref(&own)), Err(InstrumentError::Taken));
    }
    for slug in ["", "Evening", "9-lives", "even ing", "e/vening"] {
        assert_eq!(define(slug, norms(), &[]), Err(InstrumentError::Slug), "{slug}");
    }
}

#[test]
fn new_norms_leave_the_earlier_ones_as_they_were() {
    let mut rdas = shipped("rdas").unwrap();
    let before = rdas.norms(1).cloned();
    rdas.revise(Norms { highest: 50.0, ..norms() }, id(9), noon("2026-03-02")).unwrap_err();
    let revised = Norms { yardstick: Some(Yardstick::Points(11.0)), ..before.clone().unwrap() };
    rdas.revise(revised, id(9), noon("2026-03-02")).unwrap();
    assert_eq!((rdas.id, rdas.latest(), rdas.version), (Some(id(9)), 2, 2));
    assert_eq!(rdas.norms(1), before.as_ref());
    assert_eq!((rdas.norms(0), rdas.norms(3)), (None, None));
    assert_eq!(Instrument::all(vec![rdas.clone()])[3], rdas);
}

#[test]
fn an_archived_instrument_takes_no_new_norms_until_it_is_brought_back() {
    let mut rdas = shipped("rdas").unwrap();
    rdas.archive(true, id(9), noon("2026-03-02"));
    assert_eq!(rdas.revise(norms(), id(9), noon("2026-03-03")), Err(InstrumentError::Archived));
    assert_eq!(rdas.latest(), 1);
    rdas.archive(false, id(9), noon("2026-03-04"));
    assert_eq!(rdas.revise(norms(), id(9), noon("2026-03-05")), Ok(()));
}

#[test]
fn the_index_is_the_one_of_jacobson_and_truax() {
    // Sdiff = 10 · √2 · √0.08 = 4; 1.96 of it are 7.84 points.
    let change = |earlier, later| reliable_change(&norms(), earlier, later).unwrap();
    assert!((change(50.0, 58.0).index.unwrap() - 2.0).abs() < 1e-9);
    assert!((change(50.0, 58.0).needed - 7.84).abs() < 1e-9);
    assert_eq!(change(50.0, 57.0).verdict, Verdict::NoReliableChange);
    assert_eq!(change(50.0, 58.0).verdict, Verdict::Improved);
    assert_eq!(change(50.0, 60.0).verdict, Verdict::Recovered);
    assert_eq!(change(62.0, 70.0).verdict, Verdict::Improved, "who was well before has not recovered");
    assert_eq!(change(58.0, 50.0).verdict, Verdict::Deteriorated);
    assert_eq!(change(57.0, 60.0).verdict, Verdict::NoReliableChange, "crossing alone is not enough");
}

#[test]
fn published_points_are_enough_and_without_norms_nothing_is_said() {
    let rdas = shipped("rdas").unwrap().versions.remove(0);
    let change = |earlier, later| reliable_change(&rdas, earlier, later).unwrap();
    assert_eq!((change(36.0, 48.0).verdict, change(36.0, 48.0).index), (Verdict::Recovered, None));
    assert_eq!(change(36.0, 47.0).verdict, Verdict::NoReliableChange);
    let csi = shipped("csi-16").unwrap().versions.remove(0);
    assert_eq!(reliable_change(&csi, 20.0, 70.0), None);
}

#[test]
fn two_partners_are_told_together_without_being_added_up() {
    use Verdict::{Deteriorated, Improved, NoReliableChange, Recovered};
    for (of_each, expected) in [
        ([Recovered, Improved], CoupleChange::BothImproved),
        ([Improved, NoReliableChange], CoupleChange::OneImproved),
        ([NoReliableChange, NoReliableChange], CoupleChange::Neither),
        ([Deteriorated, Recovered], CoupleChange::Diverging),
        ([NoReliableChange, Deteriorated], CoupleChange::Deteriorated),
        ([Deteriorated, Deteriorated], CoupleChange::Deteriorated),
    ] {
        assert_eq!(couple_change(of_each), expected);
        assert_eq!(couple_change([of_each[1], of_each[0]]), expected, "the order of partners changes nothing");
    }
}

fn yardsticks() -> impl Strategy<Value = Yardstick> {
    let spread = (0.1..50.0_f64, 0.01..0.99_f64).prop_map(|(sd, reliability)| Yardstick::Spread { sd, reliability });
    prop_oneof![spread, (0.1..50.0_f64).prop_map(Yardstick::Points)]
}

fn any_norms() -> impl Strategy<Value = Norms> {
    (any::<bool>(), proptest::option::of(0.0..100.0_f64), yardsticks()).prop_map(|(higher, cut_off, yardstick)| Norms {
        better: if higher { Better::Higher } else { Better::Lower },
        cut_off,
        yardstick: Some(yardstick),
        ..norms()
    })
}

fn turned(norms: &Norms) -> Norms {
    let better = if norms.better == Better::Higher { Better::Lower } else { Better::Higher };
    let cut_off = norms.cut_off.map(|cut| 100.0 - cut);
    Norms { better, cut_off, ..norms.clone() }
}

proptest! {
    #[test]
    fn there_and_back_again_are_opposites(norms in any_norms(), one in 0.0..100.0_f64, other in 0.0..100.0_f64) {
        let (there, back) = (reliable_change(&norms, one, other).unwrap(), reliable_change(&norms, other, one).unwrap());
        prop_assert_eq!(there.improvement, -back.improvement);
        prop_assert_eq!(there.verdict.is_better(), back.verdict == Verdict::Deteriorated);
        prop_assert_eq!(there.needed, back.needed);
    }

    #[test]
    fn a_change_is_reliable_from_the_points_it_needs(norms in any_norms(), one in 0.0..100.0_f64, other in 0.0..100.0_f64) {
        let change = reliable_change(&norms, one, other).unwrap();
        prop_assume!((change.improvement.abs() - change.needed).abs() > 1e-6);
        let reliable = change.verdict != Verdict::NoReliableChange;
        prop_assert_eq!(reliable, change.improvement.abs() > change.needed);
        prop_assert_eq!(change.verdict.is_better(), reliable && change.improvement > 0.0);
    }

    #[test]
    fn a_scale_read_the_other_way_round_says_the_same(norms in any_norms(), one in 0..101_u8, other in 0..101_u8) {
        let (one, other) = (f64::from(one), f64::from(other));
        prop_assume!(norms.cut_off.is_none_or(|cut| (cut - one).abs() > 1e-6 && (cut - other).abs() > 1e-6));
        let as_is = reliable_change(&norms, one, other).unwrap();
        let turned = reliable_change(&turned(&norms), 100.0 - one, 100.0 - other).unwrap();
        prop_assert_eq!(as_is.verdict, turned.verdict);
    }

    #[test]
    fn nobody_recovers_without_crossing(norms in any_norms(), one in 0.0..100.0_f64, other in 0.0..100.0_f64) {
        let change = reliable_change(&norms, one, other).unwrap();
        let between = norms.cut_off.is_some_and(|cut| (one.min(other)..=one.max(other)).contains(&cut));
        prop_assert!(change.verdict != Verdict::Recovered || between);
    }
}
