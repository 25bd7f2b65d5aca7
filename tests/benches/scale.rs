//! How long the counselor's desk takes with a practice that has been at work for years, on SQLite, side by side with an answer that
//! asks the database nothing. Other machines have other times; the ratios are what to compare.
#![expect(clippy::print_stdout, reason = "this is what it is for")]
#![expect(clippy::expect_used, reason = "a benchmark that cannot be set up has failed, and says so at once")]

use std::{
    env,
    time::{Duration, Instant},
};

use actix_web::rt::System;
use tenfold_tests::{
    app::TestApp,
    person::Person,
    practice::{Size, fill},
};

/// How often each is asked.
const TIMES: usize = 31;

fn main() {
    // `cargo test --benches` asks for nothing to be measured.
    if env::args().any(|argument| argument == "--bench") {
        System::new().block_on(measure());
    }
}

async fn measure() {
    let couples = env::args().find_map(|argument| argument.parse().ok());
    let size = Size { couples: couples.unwrap_or(Size::LARGE.couples), ..Size::LARGE };
    let app = TestApp::on_sqlite().await;
    let (counselor, owner) = (app.counselor("anna").await, app.owner().await);
    let begun = Instant::now();
    let couples = fill(&app, &counselor, size).await;
    println!("{} couples, {} weeks: filled in {:.1} s", size.couples, size.weeks, begun.elapsed().as_secs_f64());

    let couple = format!("/v1/couples/{}", couples[couples.len() / 2]);
    let partner = counselor.get(&couple).await.text_at("/partners/0/id");
    let baseline = median(&counselor, "/health/live").await;
    println!("{:>28} {:>10} {:>8}", "", "median", "ratio");
    for (what, person, path) in [
        ("health/live", &counselor, "/health/live".to_owned()),
        ("progress, 12 weeks", &counselor, format!("{couple}/progress?view=shared")),
        ("progress, two years", &counselor, format!("{couple}/progress?view=shared&from=2024-09-23")),
        (
            "progress of one, two years",
            &counselor,
            format!("{couple}/progress?view=separate&partner_id={partner}&from=2024-09-23"),
        ),
        ("agenda", &counselor, format!("{couple}/agenda")),
        ("review queue, a page", &counselor, "/v1/review-queue".to_owned()),
        ("caseload, a page of 25", &counselor, "/v1/caseload".to_owned()),
        ("caseload, a page of 100", &counselor, "/v1/caseload?limit=100".to_owned()),
        ("overview of a month", &owner, "/v1/practice/overview?from=2026-08-22&until=2026-09-21".to_owned()),
    ] {
        let median = median(person, &path).await;
        let ratio = median.as_secs_f64() / baseline.as_secs_f64();
        println!("{what:>28} {:>7.2} ms {ratio:>8.1}", median.as_secs_f64() * 1_000.0);
    }
}

/// The median of how long an answer takes.
async fn median(person: &Person, path: &str) -> Duration {
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let begun = Instant::now();
        person.get(path).await.expect_status(200);
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    times.get(TIMES / 2).copied().expect("it was asked")
}
