//! What a chart refuses to show, and that whatever is named stays text.

use proptest::prelude::*;
use roxmltree::{Document, Node};

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn chart(series: Vec<Series>) -> Chart {
    let weeks = ["2026-03-02", "2026-03-09", "2026-03-16", "2026-03-23"];
    Chart {
        title: "Trust".to_owned(),
        meaning: "How much each trusts the other, 0 to 10; more is better.".to_owned(),
        form: Form::Lines,
        interval: Interval::Week,
        intervals: weeks.map(day).to_vec(),
        unit: Unit::Rating,
        series,
    }
}

fn series(name: &str, values: [Option<f64>; 4]) -> Series {
    Series { name: name.to_owned(), values: values.to_vec() }
}

fn of_class<'d>(svg: &'d Document<'_>, class: &str) -> Vec<Node<'d, 'd>> {
    let words = |node: &Node<'_, '_>| node.attribute("class").is_some_and(|all| all.split(' ').any(|one| one == class));
    svg.descendants().filter(words).collect()
}

fn texts<'d>(svg: &'d Document<'_>, class: &str) -> Vec<&'d str> {
    of_class(svg, class).iter().filter_map(Node::text).collect()
}

fn number(node: &Node<'_, '_>, attribute: &str) -> f64 {
    node.attribute(attribute).unwrap().parse().unwrap()
}

#[test]
fn a_week_without_a_value_is_crossed_by_dots_and_said_to_have_none() {
    let svg = chart(vec![series("Lee", [Some(4.0), None, Some(5.0), Some(6.5)])]).svg();
    let svg = Document::parse(&svg).unwrap();
    let lines = of_class(&svg, "line");
    let steps = |path: &str| (path.matches('M').count(), path.matches('L').count());
    assert_eq!(lines.iter().map(|line| steps(line.attribute("d").unwrap())).collect::<Vec<_>>(), [(1, 0), (2, 1)]);
    assert_eq!(of_class(&svg, "bridge").len(), 1);
    assert_eq!(texts(&svg, "note"), ["Thin dots cross weeks in which nothing was said."]);
    let cells: Vec<_> =
        of_class(&svg, "table")[0].descendants().filter(Node::is_text).filter_map(|text| text.text()).collect();
    assert_eq!(cells[2..6], ["2 March 2026", "4", "9 March 2026", "no value"]);
    let description = svg.descendants().find(|node| node.has_tag_name("desc")).unwrap();
    assert!(description.text().unwrap().ends_with("Lee: 3 values, from 4 (2 March 2026) to 6.5 (23 March 2026)."));
}

#[test]
fn without_gaps_nothing_is_said_of_them() {
    let svg = chart(vec![series("Lee", [None, Some(4.0), Some(5.0), None])]).svg();
    let svg = Document::parse(&svg).unwrap();
    assert!(of_class(&svg, "bridge").is_empty() && of_class(&svg, "note").is_empty());
}

#[test]
fn who_has_no_values_is_named_apart_and_nothing_marks_them() {
    let svg = chart(vec![series("Kim", [None; 4]), series("Lee", [None, Some(3.0), None, None])]).svg();
    let svg = Document::parse(&svg).unwrap();
    assert_eq!(texts(&svg, "no-values"), ["Kim: no values"]);
    assert!(of_class(&svg, "a").is_empty());
    assert_eq!(of_class(&svg, "mark").len(), 2, "Lee's value, and Lee's mark in the key");
}

#[test]
fn beside_the_plot_no_mark_looks_like_a_value() {
    let svg = chart(vec![series("Kim", [Some(2.0); 4]), series("Lee", [Some(2.0); 4])]).svg();
    let svg = Document::parse(&svg).unwrap();
    let discs: Vec<_> = svg.descendants().filter(|node| node.has_tag_name("circle")).collect();
    let last_day = of_class(&svg, "day").last().map(|day| number(day, "x")).unwrap();
    let grid = of_class(&svg, "value").iter().map(|value| number(value, "y")).fold(f64::MAX, f64::min);
    for disc in discs {
        assert!(number(&disc, "cx") <= last_day);
        assert!(number(&disc, "cx") < 100.0 || number(&disc, "cy") > grid, "in the key, or in the plot");
    }
}

#[test]
fn an_empty_chart_says_so_in_the_picture() {
    for series in [vec![], vec![series("Kim", [None; 4])]] {
        let svg = chart(series).svg();
        let svg = Document::parse(&svg).unwrap();
        assert_eq!(texts(&svg, "empty"), ["There is nothing to show for this time."]);
        assert!(of_class(&svg, "value").is_empty(), "no scale for what isn't there");
    }
}

#[test]
fn shares_are_percentages() {
    let svg = Chart { unit: Unit::Share, ..chart(vec![series("Kim", [Some(5.0 / 6.0), None, None, None])]) }.svg();
    assert!(svg.contains("Kim: one value, 83% (2 March 2026).") && svg.contains(">100%</text>"), "{svg}");
}

#[test]
fn each_year_is_written_where_it_begins() {
    let months = (1..=14).map(|month| day("2025-11-01") + chrono::Months::new(month)).collect();
    let chart = Chart { interval: Interval::Month, intervals: months, ..chart(vec![]) };
    let svg = chart.svg();
    let svg = Document::parse(&svg).unwrap();
    assert_eq!(texts(&svg, "day"), ["Dec", "Feb", "Apr", "Jun", "Aug", "Oct", "Dec"]);
    assert_eq!(texts(&svg, "year"), ["2025", "2026"]);
}

#[test]
fn without_a_highest_value_the_values_decide_the_axis() {
    let values = [Some(45.0), Some(130.0), None, Some(20.0)];
    let minutes = Chart { unit: Unit::Minutes, ..chart(vec![series("Kim", values)]) };
    assert!(minutes.svg().contains(">150</text>"));
}

#[test]
fn a_number_too_large_to_be_rounded_is_written_as_it_is() {
    let svg = chart(vec![series("Lee", [Some(f64::MAX), None, None, None])]).svg();
    assert!(!svg.contains("inf") && svg.contains("179769313486231"), "{svg}");
}

fn bars(series: Vec<Series>) -> Chart {
    let meaning = "How many in each week: what was done, not what changed.".to_owned();
    Chart { title: "Talks held".to_owned(), meaning, form: Form::Bars, unit: Unit::Count, ..chart(series) }
}

/// Left and right of a bar.
fn sides(bar: &Node<'_, '_>) -> (f64, f64) {
    (number(bar, "x"), number(bar, "x") + number(bar, "width"))
}

#[test]
fn each_week_has_a_bar_for_each_side_by_side_in_its_column() {
    let svg = bars(vec![series("Kim", [Some(2.0); 4]), series("Lee", [Some(3.0); 4])]).svg();
    let svg = Document::parse(&svg).unwrap();
    let days: Vec<_> = of_class(&svg, "day").iter().map(|day| number(day, "x")).collect();
    let of = |class: &str| of_class(&svg, class).iter().skip(1).map(sides).collect::<Vec<_>>();
    for ((kim, lee), day) in of("full").iter().zip(of("b")).zip(days) {
        assert!(kim.1 <= day && day <= lee.0 && lee.1 - kim.0 < 100.0, "{kim:?} {day} {lee:?}");
    }
    let tops: Vec<_> = of_class(&svg, "bar").iter().skip(2).map(|bar| number(bar, "height")).collect();
    assert!((tops[0] / tops[4] - 2.0 / 3.0).abs() < 0.001, "a bar is as high as what it stands for");
}

#[test]
fn a_zero_is_a_stroke_under_the_line_and_what_is_missing_is_nothing() {
    let svg = bars(vec![series("Kim", [None, Some(0.0), Some(2.0), Some(0.0)])]).svg();
    let svg = Document::parse(&svg).unwrap();
    assert_eq!((of_class(&svg, "zero").len(), of_class(&svg, "bar").len()), (2, 2), "one bar, and one in the key");
    let note = "A stroke under the line is 0; where there is neither bar nor stroke, no exercise was open.";
    assert_eq!(texts(&svg, "note"), [note]);
    let description = svg.descendants().find(|node| node.has_tag_name("desc")).unwrap();
    assert!(description.text().unwrap().ends_with("Kim: 2 in 3 weeks, the most 2 (16 March 2026)."));
    let cells: Vec<_> =
        of_class(&svg, "table")[0].descendants().filter(Node::is_text).filter_map(|text| text.text()).collect();
    assert_eq!(cells[2..6], ["2 March 2026", "no value", "9 March 2026", "0"]);
}

#[test]
fn weeks_of_nothing_but_zeros_are_not_empty() {
    let svg = bars(vec![series("Kim", [Some(0.0); 4])]).svg();
    assert!(svg.contains("Kim: 0 in each of 4 weeks.") && !svg.contains(EMPTY), "{svg}");
    let svg = Document::parse(&svg).unwrap();
    assert_eq!(of_class(&svg, "zero").len(), 4);
    assert_eq!(texts(&svg, "value"), ["0", "1"], "whole numbers only");
    assert_eq!(texts(&svg, "note"), ["A stroke under the line is 0."]);
}

#[test]
fn bars_of_a_third_and_a_fourth_are_told_apart_by_what_fills_them() {
    let all = ["Kim", "Lee", "Both", "Counselor"].map(|name| series(name, [Some(1.0); 4]));
    let svg = bars(all.to_vec()).svg();
    let svg = Document::parse(&svg).unwrap();
    let patterns = svg.descendants().filter(|node| node.has_tag_name("pattern"));
    assert_eq!(patterns.filter_map(|pattern| pattern.attribute("id")).collect::<Vec<_>>(), ["striped", "dotted"]);
    for fill in ["full", "ground", "striped", "dotted"] {
        assert_eq!(
            of_class(&svg, "bar").iter().filter(|bar| bar.attribute("class").unwrap().contains(fill)).count(),
            5
        );
    }
}

#[test]
fn as_many_bars_as_there_may_be_do_not_run_into_each_other() {
    let intervals: Vec<_> = (0..53).map(|week| day("2026-01-05") + chrono::Days::new(7 * week)).collect();
    let series = |name: &str| Series { name: name.to_owned(), values: vec![Some(5.0); MOST_BARS] };
    let all = vec![series("Kim"), series("Lee"), series("Both"), series("Counselor")];
    let svg = Chart { intervals, ..bars(all) }.svg();
    let svg = Document::parse(&svg).unwrap();
    let mut places: Vec<_> = of_class(&svg, "bar").iter().skip(MOST_SERIES).map(sides).collect();
    places.sort_by(|one, other| one.0.total_cmp(&other.0));
    assert_eq!(places.len(), MOST_BARS * MOST_SERIES);
    assert!(places.windows(2).all(|pair| pair[0].1 < pair[1].0));
}

proptest! {
    #[test]
    fn whatever_is_named_and_measured_stays_well_formed(
        name in r#"[b-e<>&"'\u{0}-\u{1f}\u{202e}\u{fffe}é😀]{0,40}"#,
        values in proptest::collection::vec(proptest::option::of(any::<f64>()), 0..8),
        unit in proptest::sample::select(vec![Unit::Rating, Unit::Level, Unit::Share]),
        form in proptest::sample::select(vec![Form::Lines, Form::Bars]),
    ) {
        let shown = vec![Series { name: name.clone(), values }];
        let svg = Chart { title: name.clone(), meaning: name.clone(), unit, form, ..chart(shown) }.svg();
        let document = Document::parse(&svg);
        prop_assert!(document.is_ok(), "{:?}", document.err());
        let document = document.unwrap();
        let title = document.descendants().find(|node| node.has_tag_name("title"));
        prop_assert_eq!(title.unwrap().text().unwrap_or_default().chars().count(), name.replace('\u{202e}', "").chars().count());
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}
