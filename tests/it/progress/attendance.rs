//! Who was there, in progress: from the sessions themselves, and of a session with one alone nothing for the other.

use chrono::TimeDelta;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner},
    person::Person,
    stories,
};

use super::{ask, progress};

stories![
    attendance_is_told_joint_and_separate,
    the_other_is_told_nothing_of_a_session_with_one_alone,
    a_session_counts_on_its_day_where_the_couple_lives,
];

/// Holds a session that has just been, with those who were there.
async fn meet(app: &TestApp, case: &Case, alone: Option<&Partner>, there: &[(&Partner, &str)]) {
    let mut wanted = json!({ "starts_at": app.now() - TimeDelta::hours(1) });
    if let Some(partner) = alone {
        wanted["partner_id"] = json!(partner.id);
    }
    let path = format!("/v1/sessions/{}", case.session(wanted).await);
    case.counselor.patch(&path, json!({ "status": "held" })).await.expect_status(200);
    let noted = |(partner, presence): &(&Partner, &str)| json!({ "partner_id": partner.id, "presence": presence });
    let attendance: Vec<_> = there.iter().map(noted).collect();
    let noted = json!({ "attendance": attendance });
    case.counselor.put(format!("{path}/attendance"), noted).await.expect_status(200);
    app.advance(TimeDelta::days(7));
}

async fn told(case: &Case, person: &Person, query: &str) -> Value {
    let told = ask(case, person, &format!("exercise=professional-help&{query}")).await;
    told["exercises"][0]["activity"]["attendance"].clone()
}

fn row(partner: &Partner, sessions: &str, held: u32, attended: u32, late: u32) -> Value {
    json!({
        "partner_id": partner.id, "sessions": sessions, "held": held, "attended": attended, "late": late,
        "absent": held - attended, "missed": 0,
    })
}

async fn attendance_is_told_joint_and_separate(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (lee, kim) = (&case.lee, &case.kim);
    meet(&app, &case, None, &[(lee, "attended"), (kim, "late")]).await;
    meet(&app, &case, None, &[(lee, "attended"), (kim, "absent")]).await;
    meet(&app, &case, Some(lee), &[(lee, "attended")]).await;
    meet(&app, &case, Some(kim), &[(kim, "late")]).await;
    meet(&app, &case, Some(kim), &[(kim, "attended")]).await;

    let (of_lee, of_kim) = (row(lee, "joint", 2, 2, 0), row(kim, "joint", 2, 1, 1));
    let shared = json!([of_lee, of_kim]);
    for person in [&lee.person, &kim.person, &case.counselor] {
        assert_eq!(told(&case, person, "view=shared").await, shared);
    }
    assert_eq!(told(&case, &lee.person, "view=separate").await, json!([of_lee, row(lee, "separate", 1, 1, 0)]));
    let own = json!([of_kim, row(kim, "separate", 2, 2, 1)]);
    assert_eq!(told(&case, &kim.person, "view=separate").await, own);
    let beside = ask(&case, &case.counselor, "view=side_by_side").await;
    assert_eq!(beside["partners"][1]["exercises"][0]["activity"]["attendance"], own);
    let other = ask(&case, &case.counselor, "view=shared&exercise=consistency").await;
    assert_eq!(other["exercises"], json!([]), "it goes with its exercise");
}

async fn the_other_is_told_nothing_of_a_session_with_one_alone(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    meet(&app, &case, None, &[(&case.lee, "attended"), (&case.kim, "attended")]).await;
    let kim = &case.kim.person;
    let (shared, own) = (progress(&case, "view=shared"), progress(&case, "view=separate"));
    app.advance(TimeDelta::days(7));
    let before = (kim.get(&shared).await, kim.get(&own).await);

    app.advance(TimeDelta::days(-7));
    meet(&app, &case, Some(&case.lee), &[(&case.lee, "attended")]).await;

    assert_eq!(kim.get(&shared).await.bytes(), before.0.bytes());
    assert_eq!(kim.get(&own).await.bytes(), before.1.bytes());
}

async fn a_session_counts_on_its_day_where_the_couple_lives(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let couple = format!("/v1/couples/{}", case.couple);
    case.counselor.patch(couple, json!({ "time_zone": "Pacific/Auckland" })).await.expect_status(200);
    meet(&app, &case, None, &[(&case.lee, "attended")]).await;
    // The story begins on the afternoon of the 21st, UTC: there it was the 22nd.
    let held = async |query: &str| told(&case, &case.counselor, query).await;

    assert_eq!(held("view=shared&from=2026-09-22&until=2026-09-22").await[0]["held"], 1);
    assert_eq!(held("view=shared&until=2026-09-21").await, Value::Null);
}
