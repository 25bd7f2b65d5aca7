//! Charts of progress: the same to see as what is told in numbers, and to the same people.

use domain::exercises::Kind;
use serde_json::json;
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers},
    stories,
};

stories![a_counselor_looks_at_both_partners_and_each_partner_at_their_own, a_chart_is_asked_for_in_full];

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
    let text = |reply: &tenfold_tests::person::Reply| String::from_utf8_lossy(reply.bytes()).into_owned();
    assert!(text(&both).contains("lee: one value, 6") && text(&both).contains("kim: one value, 2"), "{}", text(&both));
    assert!(text(&own).contains("lee: one value, 6") && !text(&own).contains("kim"), "{}", text(&own));
    assert!(text(&shared).contains("There is nothing to show for this time."), "pulses are private: {}", text(&shared));
    assert_eq!(case.kim.person.get(chart("side_by_side")).await.status(), 403);
}

async fn a_chart_is_asked_for_in_full(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let chart = |query: &str| format!("/v1/couples/{}/progress/chart.svg?view=shared&{query}", case.couple);

    for rate in ["claimed", "confirmed"] {
        case.counselor.get(chart(&format!("rate={rate}"))).await.expect_status(200);
    }
    case.counselor.get(chart("measure=felt_safe&exercise=vulnerability&interval=month")).await.expect_status(200);
    for (query, field) in [
        ("", "measure"),
        ("measure=trust&rate=claimed", "rate"),
        ("measure=talks_held", "measure"),
        ("measure=felt_safe", "exercise"),
        ("measure=trust&exercise=apology", "exercise"),
        ("measure=trust&interval=day", "interval"),
        ("measure=trust&colour=red", "colour"),
    ] {
        let refused = case.counselor.get(chart(query)).await;
        assert_eq!((refused.status(), refused.text_at("/errors/0/pointer")), (400, field.to_owned()), "{query}");
    }
}
