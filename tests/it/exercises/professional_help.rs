//! Exercise 7 from assignment to progress, as the counselor sees it.

use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, answers, items},
    person::Person,
    stories,
};
use uuid::Uuid;

stories![
    the_work_is_told_from_goals_to_what_came_of_them,
    a_new_goal_may_take_the_place_of_an_earlier_one,
    what_is_with_one_alone_is_theirs,
    what_a_session_was_like_is_said_once_it_has_begun,
];

async fn work(person: &Person, case: &Case) -> Value {
    person.get(format!("/v1/couples/{}/exercises/professional-help", case.couple)).await.expect_status(200).json()
}

async fn held(case: &Case, session: Uuid, attendance: Value) {
    let path = format!("/v1/sessions/{session}");
    case.counselor.patch(&path, json!({ "status": "held" })).await.expect_status(200);
    let attendance = json!({ "attendance": attendance });
    case.counselor.put(format!("{path}/attendance"), attendance).await.expect_status(200);
}

async fn say_after(partner: &Partner, assignment: Uuid, session: Uuid, alliance: u8, goals: Value) {
    let said = json!({
        "type": "session_feedback", "session_id": session, "usefulness": 7, "alliance": alliance, "goals": goals,
        "note": "More time to speak.",
    });
    partner.submit(assignment, json!({ "answers": said })).await;
}

async fn write(case: &Case, assignment: Uuid, wanted: Value) {
    let entry = case.counselor.post(format!("/v1/assignments/{assignment}/entries"), wanted).await.created();
    case.counselor.post(format!("/v1/entries/{entry}/submission"), Value::Null).await.expect_status(200);
}

async fn the_work_is_told_from_goals_to_what_came_of_them(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let goal = |rank: u8, goal: &str| json!({ "answers": { "type": "goal", "goal": goal, "rank": rank, "sign": "We plan a trip." } });
    case.lee.submit(assignment, goal(2, "To sleep.")).await;
    let first = case.lee.submit(assignment, goal(1, "To talk about money.")).await;
    case.kim.submit(assignment, json!({ "answers": Kind::Concern.example() })).await;
    let pulse = answers(Kind::Pulse, "note", json!("I slept badly."));
    case.lee.submit(assignment, json!({ "answers": pulse })).await;
    case.lee.submit(assignment, json!({ "answers": Kind::BringToSession.example() })).await;
    write(&case, assignment, json!({ "answers": Kind::TreatmentPlan.example() })).await;
    let referral = json!({ "type": "referral", "referred_to": "A debt advice center", "purpose": "A plan.", "partner_id": case.lee.id });
    write(&case, assignment, json!({ "answers": referral })).await;
    let to_bring = work(&case.lee.person, &case).await["to_bring"].clone();
    assert_eq!((items(&to_bring).len(), &to_bring[0]["kept_private"]), (1, &json!(true)));

    let starts_at = app.now() + TimeDelta::days(2);
    let session = case.session(json!({ "starts_at": starts_at })).await;
    app.advance(TimeDelta::days(3));
    let there = json!([
        { "partner_id": case.lee.id, "presence": "attended" }, { "partner_id": case.kim.id, "presence": "late" },
    ]);
    held(&case, session, there).await;
    say_after(&case.lee, assignment, session, 8, json!([{ "goal_id": first, "attainment": 4 }])).await;
    say_after(&case.kim, assignment, session, 5, json!([])).await;

    let told = work(&case.counselor, &case).await;
    assert_eq!(
        (&told["goals"][0]["goal"], &told["goals"][0]["attainment"]),
        (&json!("To talk about money."), &json!(4))
    );
    assert_eq!((items(&told["goals"][0]["course"]).len(), &told["goals"][0]["sign"]), (1, &json!("We plan a trip.")));
    assert_eq!((&told["goals"][1]["rank"], &told["goals"][1]["attainment"]), (&json!(2), &Value::Null));
    assert_eq!(
        (&told["readiness"][0]["partner_id"], &told["readiness"][0]["readiness"]),
        (&json!(case.kim.id), &json!(7))
    );
    let of = &told["sessions"][0];
    assert_eq!((&of["pulses"][0]["partner_id"], &of["pulses"][0]["trust"]), (&json!(case.lee.id), &json!(5)));
    assert_eq!((items(&of["feedback"]).len(), &of["alliance_apart"]), (2, &json!(3)));
    let said = [&of["pulses"][0]["note"], &of["feedback"][0]["note"], &told["concerns"][0]["readiness"]];
    assert_eq!(said, [&json!("I slept badly."), &json!("More time to speak."), &json!(7)]);
    let hers = work(&case.kim.person, &case).await.to_string();
    assert!(hers.contains("We plan a trip.") && !hers.contains("I slept badly."), "{hers}");
    assert_eq!(hers.matches("More time to speak.").count(), 1, "her own: {hers}");
    assert_eq!(told["to_bring"], json!([]), "it had its session");
    let kim = &told["attendance"][1];
    assert_eq!((&kim["sessions"], &kim["attended"], &kim["late"]), (&json!("joint"), &json!(1), &json!(1)));
    assert_eq!((&told["plan"]["review_due"], &told["referrals"][0]["partner_id"]), (&json!(true), &json!(case.lee.id)));
    let progress = |about| format!("/v1/couples/{}/progress?view=separate&partner_id={about}", case.couple);
    for (partner, measures) in [(&case.lee, ["alliance", "goal_attainment"]), (&case.kim, ["alliance", "readiness"])] {
        let told = case.counselor.get(progress(partner.id)).await.expect_status(200).json().to_string();
        assert!(measures.iter().all(|measure| told.contains(&format!("\"{measure}\""))), "{told}");
    }
}

async fn a_new_goal_may_take_the_place_of_an_earlier_one(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let goal = |rank: u8, goal: &str| json!({ "answers": { "type": "goal", "goal": goal, "rank": rank } });
    let told = async || {
        let told = work(&case.counselor, &case).await;
        let in_order = items(&told["goals"]).iter();
        in_order.map(|one| (one["rank"].clone(), one["goal"].clone())).collect::<Vec<_>>()
    };
    let sleep = case.lee.submit(assignment, goal(1, "To sleep.")).await;
    case.lee.submit(assignment, goal(2, "To laugh again.")).await;

    app.advance(TimeDelta::days(30));
    case.lee.submit(assignment, goal(1, "To talk about money.")).await;
    let [money, sleeping, laughing] = ["To talk about money.", "To sleep.", "To laugh again."].map(|goal| json!(goal));
    let first = (json!(1), money);
    assert_eq!(told().await, [first.clone(), (json!(1), sleeping.clone()), (json!(2), laughing.clone())]);

    let path = format!("/v1/entries/{sleep}/corrections");
    case.lee.person.post(path, goal(3, "To sleep.")).await.expect_status(200);
    assert_eq!(told().await, [first, (json!(2), laughing), (json!(3), sleeping)], "they are ranked anew one by one");
}

async fn what_is_with_one_alone_is_theirs(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let bring = json!({ "answers": Kind::BringToSession.example(), "visibility": "shared" });
    case.lee.submit(assignment, bring).await;
    let joint = case.session(json!({ "starts_at": app.now() - TimeDelta::hours(2) })).await;
    held(&case, joint, json!([])).await;
    say_after(&case.kim, assignment, joint, 5, json!([])).await;
    let before = work(&case.kim.person, &case).await;

    let alone =
        case.session(json!({ "starts_at": app.now() + TimeDelta::minutes(5), "partner_id": case.lee.id })).await;
    app.advance(TimeDelta::hours(2));
    held(&case, alone, json!([{ "partner_id": case.lee.id, "presence": "attended" }])).await;
    say_after(&case.lee, assignment, alone, 8, json!([])).await;
    say_after(&case.lee, assignment, joint, 9, json!([])).await;

    assert_eq!(work(&case.kim.person, &case).await, before, "she can't tell that he was there alone");
    assert_eq!((items(&before["to_bring"]).len(), &before["to_bring"][0]["kept_private"]), (1, &json!(false)));
    let his = work(&case.lee.person, &case).await;
    assert_eq!(items(&his["sessions"]).len(), 2);
    assert_eq!((&his["to_bring"], &his["sessions"][0]["alliance_apart"]), (&json!([]), &Value::Null));
    let alone = items(&his["attendance"]).iter().find(|row| row["sessions"] == "separate").expect("his own");
    assert_eq!((&alone["partner_id"], &alone["attended"]), (&json!(case.lee.id), &json!(1)));
    assert_eq!(work(&case.counselor, &case).await["sessions"][0]["alliance_apart"], 4);
}

async fn what_a_session_was_like_is_said_once_it_has_begun(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let in_an_hour = app.now() + TimeDelta::hours(1);
    let joint = case.session(json!({ "starts_at": in_an_hour })).await;
    let alone = case.session(json!({ "starts_at": in_an_hour + TimeDelta::hours(1), "partner_id": case.lee.id })).await;
    let say = async |partner: &Partner, session: Uuid| {
        let said = json!({ "type": "session_feedback", "session_id": session, "usefulness": 7, "alliance": 8 });
        partner.person.post(format!("/v1/assignments/{assignment}/entries"), json!({ "answers": said })).await
    };
    let refused = async |partner: &Partner, session: Uuid| {
        let problem = say(partner, session).await.expect_status(422).json();
        assert_eq!(problem["errors"][0]["pointer"], "/answers/session_id");
        problem["errors"].clone()
    };
    let to_come = "must name a session that has begun: what it was like is said after it";

    assert_eq!(refused(&case.kim, joint).await[0]["detail"], to_come);
    assert_eq!(refused(&case.lee, alone).await[0]["detail"], to_come);
    let unknown = refused(&case.kim, Uuid::nil()).await;
    assert_eq!(refused(&case.kim, alone).await, unknown, "she can't tell that he will be there alone");
    app.advance(TimeDelta::hours(1));
    let draft = say(&case.kim, joint).await.created();
    assert_eq!(refused(&case.kim, alone).await, unknown);
    app.advance(TimeDelta::hours(2));

    assert_eq!(refused(&case.kim, alone).await, unknown);
    say(&case.lee, alone).await.expect_status(201);
    case.kim.person.post(format!("/v1/entries/{draft}/submission"), Value::Null).await.expect_status(200);
    let again = refused(&case.kim, joint).await;
    assert_eq!(again[0]["code"], "told_before");
    let for_kim = json!({ "type": "session_feedback", "session_id": alone, "usefulness": 7, "alliance": 8 });
    let on_behalf = json!({ "answers": for_kim, "partner_id": case.kim.id });
    let path = format!("/v1/assignments/{assignment}/entries");
    assert_eq!(
        case.counselor.post(path, on_behalf).await.json()["errors"],
        unknown,
        "what she may not know, nobody names for her"
    );
}
