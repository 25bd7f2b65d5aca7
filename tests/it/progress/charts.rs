//! Charts of progress: the same to see as what is told in numbers, and to the same people.

use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::json;
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers},
    person::{Person, Reply},
    stories,
};

stories![
    a_counselor_looks_at_both_partners_and_each_partner_at_their_own,
    what_was_done_is_shown_week_by_week_to_whom_progress_tells_it,
    a_chart_is_asked_for_in_full,
];

fn text(reply: &Reply) -> String {
    String::from_utf8_lossy(reply.bytes()).into_owned()
}

async fn a_counselor_looks_at_both_partners_and_each_partner_at_their_own(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    for (partner, trust) in [(&case.lee, 6), (&case.kim, 2)] {
        partner.submit(assignment, json!({ "answers": answers(Kind::Pulse, "trust", json!(trust)) })).await;
    }
    let chart = |view: &str| format!("/v1/couples/{}/progress/chart.svg?measure=trust&view={view}", case.couple);

    let both = case.counselor.get(chart("side_by_side")).await;
    let own = case.lee.person.get(chart("separate")).await;
    let shared = case.kim.person.get(chart("shared")).await;

    assert_eq!(both.expect_status(200).header("content-type"), "image/svg+xml");
    assert!(both.header("content-security-policy").contains("style-src 'unsafe-inline'"));
    assert!(text(&both).contains("lee: one value, 6") && text(&both).contains("kim: one value, 2"), "{}", text(&both));
    assert!(text(&own).contains("lee: one value, 6") && !text(&own).contains("kim"), "{}", text(&own));
    assert!(text(&shared).contains("There is nothing to show for this time."), "pulses are private: {}", text(&shared));
    assert_eq!(case.kim.person.get(chart("side_by_side")).await.status(), 403);
}

/// Lee writes two pages in the first week, one for the counselor alone, and none in the second; Kim one in the second.
async fn what_was_done_is_shown_week_by_week_to_whom_progress_tells_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "vulnerability" })).await;
    let page = |visibility: &str| json!({ "answers": Kind::Journal.example(), "visibility": visibility });
    case.lee.submit(assignment, page("shared")).await;
    case.lee.submit(assignment, page("counselor_only")).await;
    app.advance(TimeDelta::days(7));
    case.kim.submit(assignment, page("shared")).await;
    let chart = async |person: &Person, view: &str| {
        let query = format!("measure=journal_pages&from=2026-09-14&view={view}");
        let path = format!("/v1/couples/{}/progress/chart.svg?{query}", case.couple);
        text(person.get(path).await.expect_status(200))
    };

    let both = chart(&case.counselor, "side_by_side").await;
    let [own, shared] = [chart(&case.kim.person, "separate").await, chart(&case.kim.person, "shared").await];

    let lee = |sum: u8| format!("lee: {sum} in 2 weeks, the most {sum} (21 September 2026).");
    let kim = "kim: 1 in 2 weeks, the most 1 (28 September 2026).";
    assert!(both.contains(&lee(2)) && both.contains(kim), "{both}");
    assert!(own.contains(kim) && !own.contains("lee"), "{own}");
    assert!(shared.contains(&lee(1)) && shared.contains(kim), "{shared}");
    for (name, cells) in [("lee", ["no value", "2", "0"]), ("kim", ["no value", "0", "1"])] {
        assert_eq!(column(&both, name), cells, "nobody was asked before it was given");
    }
    let before = text(
        &case
            .counselor
            .get(format!("/v1/couples/{}/progress/chart.svg?measure=shares&view=side_by_side", case.couple))
            .await,
    );
    assert!(before.contains("There is nothing to show for this time."), "{before}");
}

/// What a screen reader reads of one person, interval by interval.
fn column(svg: &str, name: &str) -> Vec<String> {
    let cells = |row: &str| -> Vec<String> {
        let texts = row.split("<text role=").skip(1);
        texts.filter_map(|text| Some(text.split_once('>')?.1.split_once('<')?.0.to_owned())).collect()
    };
    let rows: Vec<_> = svg.split("<g role=\"row\">").skip(1).map(cells).collect();
    let at = rows[0].iter().position(|head| head == name).expect("a column");
    rows[1..].iter().map(|row| row[at].clone()).collect()
}

async fn a_chart_is_asked_for_in_full(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let chart = |query: &str| format!("/v1/couples/{}/progress/chart.svg?view=shared&{query}", case.couple);

    for rate in ["claimed", "confirmed"] {
        case.counselor.get(chart(&format!("rate={rate}"))).await.expect_status(200);
    }
    for query in ["felt_safe&exercise=vulnerability&interval=month", "talks_held&from=2025-09-22", "promises_claimed"] {
        case.counselor.get(chart(&format!("measure={query}"))).await.expect_status(200);
    }
    for (query, field) in [
        ("", "measure"),
        ("measure=trust&rate=claimed", "rate"),
        ("measure=apology_parts", "measure"),
        ("measure=talks_held&from=2025-09-16", "interval"),
        ("measure=felt_safe", "exercise"),
        ("measure=trust&exercise=apology", "exercise"),
        ("measure=trust&interval=day", "interval"),
        ("measure=trust&colour=red", "colour"),
    ] {
        let refused = case.counselor.get(chart(query)).await;
        assert_eq!((refused.status(), refused.text_at("/errors/0/pointer")), (400, field.to_owned()), "{query}");
    }
}
