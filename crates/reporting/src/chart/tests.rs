//! What a chart refuses to show, and that whatever is named stays text.

use proptest::prelude::*;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn trust(lines: Vec<Line>) -> Chart {
    let weeks = ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"];
    Chart {
        title: "Trust".to_owned(),
        meaning: "How much each trusts the other, 0 to 10; more is better.".to_owned(),
        intervals: weeks.map(day).to_vec(),
        interval_name: "Week of",
        range: (0.0, Some(10.0)),
        lines,
    }
}

fn line(name: &str, values: [Option<f64>; 4]) -> Line {
    Line { name: name.to_owned(), values: values.to_vec() }
}

#[test]
fn a_week_without_a_value_interrupts_the_line_and_says_so_in_the_table() {
    let svg = trust(vec![line("Lee", [Some(4.0), None, Some(5.0), Some(6.5)])]).svg();
    let path = svg.split("class=\"line a\" d=\"").nth(1).unwrap().split('"').next().unwrap();
    assert_eq!((path.matches('M').count(), path.matches('L').count()), (2, 1), "{path}");
    assert!(svg.contains("<text role=\"rowheader\">9 March 2026</text><text role=\"cell\">no value</text>"), "{svg}");
    assert!(svg.contains("Lee: 3 values, from 4 (2 March 2026) to 6.5 (23 March 2026)."), "{svg}");
}

#[test]
fn without_a_highest_value_the_values_decide_the_axis() {
    let minutes = Chart { range: (0.0, None), ..trust(vec![line("Kim", [Some(45.0), Some(130.0), None, Some(20.0)])]) };
    assert!(minutes.svg().contains(">150</text>"));
    let nothing = Chart { range: (0.0, None), ..trust(vec![]) };
    assert!(nothing.svg().contains("Nothing was recorded."));
}

#[test]
fn a_number_too_large_to_be_rounded_is_written_as_it_is() {
    let svg = trust(vec![line("Lee", [Some(f64::MAX), None, None, None])]).svg();
    assert!(!svg.contains("inf") && svg.contains("179769313486231"), "{svg}");
}

proptest! {
    #[test]
    fn whatever_is_named_and_measured_stays_well_formed(
        name in r#"[b-e<>&"'\u{0}-\u{1f}\u{202e}é😀]{0,40}"#,
        values in proptest::collection::vec(proptest::option::of(any::<f64>()), 0..8),
    ) {
        let chart = Chart { title: name.clone(), meaning: name.clone(), ..trust(vec![Line { name, values }]) };
        let svg = chart.svg();
        prop_assert_eq!(svg.matches('<').count(), svg.matches('>').count());
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf"));
        prop_assert!(svg.chars().all(|character| character == '\n' || !character.is_control()));
    }
}
