//! What was one partner's own and is opened: the other learns what it says, and nothing of where it comes from, of what it names, or of
//! what became of it before. And who comes later counts from when they came.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, answers},
    person::Person,
    stories,
};
use uuid::Uuid;

use super::{
    hidden::by_counselor,
    side_channels::twin_of,
    view::{Known, assert_same, entry},
};

stories![
    what_became_of_it_before_it_was_opened_does_not_show,
    where_it_comes_from_is_told_to_who_knows_of_that,
    what_it_names_is_told_to_who_can_see_that,
    one_of_two_who_wrote_as_one_is_not_told_of_the_others_line,
    whose_words_it_is_is_not_told_of_the_line_of_who_wrote_them_down,
    what_is_about_one_talk_is_not_revealed_by_what_is_about_another,
    who_comes_later_does_not_count_what_was_before,
];

async fn read(person: &Person, entry: Uuid) -> Value {
    person.get(format!("/v1/entries/{entry}")).await.expect_status(200).json()
}

async fn correct(partner: &Partner, entry: Uuid, wanted: Value) {
    partner.person.post(format!("/v1/entries/{entry}/corrections"), wanted).await.expect_status(200);
}

async fn open(partner: &Partner, entry: Uuid) {
    let path = format!("/v1/entries/{entry}/visibility");
    partner.person.put(path, json!({ "visibility": "shared" })).await.expect_status(200);
}

/// Twins have the same ids from here on.
fn level(app: &TestApp, twin: &TestApp) {
    let next = app.inside().ids.next();
    while twin.inside().ids.next() < next {}
}

fn goal(rank: u8) -> Value {
    json!({ "answers": { "type": "goal", "goal": "To sleep again.", "rank": rank } })
}

async fn what_became_of_it_before_it_was_opened_does_not_show(app: TestApp) {
    let twin = twin_of(&app).await;
    let (case, other) = (Case::lee_and_kim(&app).await, Case::lee_and_kim(&twin).await);
    let (mut known, mut other_known) = (Known::after_sharing(&case).await, Known::after_sharing(&other).await);
    let private = case.lee.submit(known.assignment(), entry("counselor_only")).await;
    other.lee.submit(other_known.assignment(), entry("counselor_only")).await;
    for rank in [2, 3, 1] {
        correct(&case.lee, private, goal(rank)).await;
    }
    case.review(private, json!({ "feedback": "Thank you for telling me." })).await;
    level(&app, &twin);
    open(&case.lee, private).await;
    open(&other.lee, private).await;
    known.add("entry_id", private);
    other_known.add("entry_id", private);

    let (seen, other_seen) = (known.view(&case.kim.person).await, other_known.view(&other.kim.person).await);

    assert_same(&other_seen, &seen, "corrections and a review of before it was opened");
    assert_eq!(read(&case.lee.person, private).await["number"], 4, "Lee's own view is whole");
    correct(&case.lee, private, goal(5)).await;
    assert_eq!(read(&case.kim.person, private).await["number"], 2, "from now on Kim sees what is corrected");
}

async fn where_it_comes_from_is_told_to_who_knows_of_that(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let alone = case.assign(json!({ "exercise": "professional-help", "partner_id": case.lee.id })).await;
    let goal = case.lee.submit(alone, goal(1)).await;
    open(&case.lee, goal).await;
    let alone = case.assign(json!({ "exercise": "apology", "partner_id": case.lee.id })).await;
    let draft = case.lee.submit(alone, json!({ "answers": Kind::ApologyDraft.example() })).await;
    by_counselor(&case, alone, answers(Kind::ApologyCoaching, "draft_id", json!(draft))).await;
    open(&case.lee, draft).await;
    let given = json!({ "answers": answers(Kind::ApologyDelivery, "draft_id", json!(draft)) });
    let given = case.lee.submit(alone, given).await;
    let both = case.assign(json!({ "exercise": "professional-help" })).await;
    let of_both = case.lee.submit(both, entry("shared")).await;

    for opened in [goal, draft, given] {
        assert_eq!(read(&case.kim.person, opened).await["assignment_id"], Value::Null);
        for whole in [&case.lee.person, &case.counselor] {
            assert!(read(whole, opened).await["assignment_id"].is_string());
        }
    }
    assert_eq!(read(&case.kim.person, of_both).await["assignment_id"], json!(both));
    let listed = case.kim.person.get(format!("/v1/couples/{}/entries", case.couple)).await.expect_status(200).json();
    assert!(!listed.to_string().contains(&alone.to_string()), "{listed}");
}

async fn what_it_names_is_told_to_who_can_see_that(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let private = case.lee.submit(assignment, entry("counselor_only")).await;
    let shared = case.lee.submit(assignment, entry("shared")).await;
    let alone = case.session(json!({ "partner_id": case.lee.id })).await;
    let mut feedback = answers(Kind::SessionFeedback, "session_id", json!(alone));
    feedback["goals"] = json!([{ "goal_id": private, "attainment": 4 }, { "goal_id": shared, "attainment": 7 }]);
    let feedback = json!({ "answers": feedback, "visibility": "shared" });
    let feedback = case.lee.submit(assignment, feedback).await;

    let told = read(&case.kim.person, feedback).await;

    assert_eq!(told["answers"]["session_id"], Value::Null);
    let goals = json!([{ "goal_id": null, "attainment": 4 }, { "goal_id": shared, "attainment": 7 }]);
    assert_eq!(told["answers"]["goals"], goals);
    let listed = case.kim.person.get(format!("/v1/couples/{}/entries", case.couple)).await.expect_status(200).json();
    let work = format!("/v1/couples/{}/exercises/professional-help", case.couple);
    let work = case.kim.person.get(work).await.expect_status(200).json();
    for hidden in [private, alone] {
        assert!(![&listed, &work].iter().any(|told| told.to_string().contains(&hidden.to_string())));
    }
    for whole in [&case.lee.person, &case.counselor] {
        let told = read(whole, feedback).await;
        let named = (&told["answers"]["session_id"], &told["answers"]["goals"][0]["goal_id"]);
        assert_eq!(named, (&json!(alone), &json!(private)));
    }
    let nameless = json!({ "answers": told["answers"] });
    let refused = case.lee.person.post(format!("/v1/assignments/{assignment}/entries"), nameless).await;
    assert_eq!(refused.status(), 422, "what is shown without a name is not recorded without one");
}

async fn one_of_two_who_wrote_as_one_is_not_told_of_the_others_line(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "consistency" })).await;
    let together = case.lee.submit(assignment, json!({ "answers": Kind::ConsistencyReview.example() })).await;
    let mut known = Known::of(&case);
    known.add("assignment_id", assignment);
    known.add("entry_id", together);
    let before = known.view(&case.kim.person).await;

    let line = json!({ "answers": Kind::ConsistencyReview.example(), "for_counselor": "Kim talked over me." });
    correct(&case.lee, together, line).await;

    assert_same(&before, &known.view(&case.kim.person).await, "the line of who held the pen");
    assert_eq!(read(&case.lee.person, together).await["number"], 2, "Lee counts it");
}

/// A counselor writes Lee's words down, and later changes the line for the counselors, of a draft and of what was handed in.
async fn whose_words_it_is_is_not_told_of_the_line_of_who_wrote_them_down(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let on_behalf = json!({ "answers": entry("")["answers"], "partner_id": case.lee.id, "for_counselor": "Lee wept." });
    let path = format!("/v1/assignments/{assignment}/entries");
    let draft = case.counselor.post(&path, on_behalf.clone()).await.created();
    let submitted = case.counselor.post(&path, on_behalf).await.created();
    case.counselor.post(format!("/v1/entries/{submitted}/submission"), Value::Null).await.expect_status(200);
    case.review(submitted, json!({ "feedback": "Thank you for telling me." })).await;
    let mut known = Known::of(&case);
    known.add("assignment_id", assignment);
    known.add("entry_id", draft);
    known.add("entry_id", submitted);
    let before = [known.view(&case.lee.person).await, known.view(&case.kim.person).await];

    let line = json!({ "answers": entry("")["answers"], "for_counselor": "Lee wept for long." });
    case.counselor.patch(format!("/v1/entries/{draft}"), line.clone()).await.expect_status(200);
    let corrected = case.counselor.post(format!("/v1/entries/{submitted}/corrections"), line).await;

    assert_eq!(corrected.expect_status(200).json()["for_counselor"], "Lee wept for long.");
    for (before, partner) in before.iter().zip([&case.lee, &case.kim]) {
        assert_same(before, &known.view(&partner.person).await, "the line of the counselor");
    }
    let seen = read(&case.lee.person, submitted).await;
    let as_seen = TestRequest::post().uri(&format!("/v1/entries/{submitted}/corrections"));
    let as_seen = as_seen.insert_header(("if-match", format!("\"{}\"", seen["version"])));
    case.lee.person.send(as_seen.set_json(goal(2))).await.expect_status(200);
    assert_eq!(read(&case.counselor, submitted).await["for_counselor"], "Lee wept for long.", "it stays");
}

async fn what_is_about_one_talk_is_not_revealed_by_what_is_about_another(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "transparent-communication" })).await;
    let mut talks = Vec::new();
    for topic in ["The weekend", "The debt"] {
        let mut talk = answers(Kind::TalkLog, "topic", json!(topic));
        talk["time_outs"] = json!([]);
        talks.push(case.lee.submit(assignment, json!({ "answers": talk })).await);
    }
    let about = |talk: Uuid| json!({ "answers": answers(Kind::TalkReflection, "talk_id", json!(talk)) });
    let lees = case.lee.submit(assignment, about(talks[0])).await;
    let kims = case.kim.submit(assignment, about(talks[1])).await;
    let status =
        async |partner: &Partner, entry: Uuid| partner.person.get(format!("/v1/entries/{entry}")).await.status();

    assert_eq!((status(&case.kim, lees).await, status(&case.lee, kims).await), (404, 404), "each is alone with theirs");
    let turned = case.lee.person.post(format!("/v1/entries/{lees}/corrections"), about(talks[1])).await;
    assert_eq!(
        turned.problem(),
        (422, "rule-broken".to_owned()),
        "what was written about one is not turned to another"
    );
    case.lee.submit(assignment, about(talks[1])).await;
    assert_eq!(status(&case.lee, kims).await, 200, "both have written about the debt");
    assert_eq!(status(&case.kim, lees).await, 404, "and Lee alone about the weekend");
}

/// Jo comes after Kim. In the twin there was nothing before.
async fn who_comes_later_does_not_count_what_was_before(app: TestApp) {
    let twin = twin_of(&app).await;
    let (case, other) = (Case::lee_and_kim(&app).await, Case::lee_and_kim(&twin).await);
    for kind in ["no_secrets", "limited_secrets"] {
        case.set_policy(json!({ "kind": kind })).await;
        let label = json!({ "label": kind });
        case.counselor.patch(format!("/v1/couples/{}", case.couple), label).await.expect_status(200);
    }
    level(&app, &twin);
    let mut views = Vec::new();
    for (app, case) in [(&app, &case), (&twin, &other)] {
        let jo = app.client("jo").await;
        let couple = format!("/v1/couples/{}", case.couple);
        app.advance(TimeDelta::days(1));
        case.counselor.delete(format!("{couple}/partners/{}", case.kim.id)).await.expect_status(200);
        case.set_policy(json!({ "kind": "individual" })).await;
        case.counselor.post(format!("{couple}/partners"), json!({ "client_id": jo.id })).await.expect_status(201);
        let seen = jo.get(&couple).await.expect_status(200).json();
        assert_eq!(seen["version"], Value::Null);
        views.push(Known::of(case).view(&jo).await);
    }
    assert!(views[0].values().any(|answer| answer.contains("\"individual\"")), "the policy of their time is theirs");
    assert_same(&views[1], &views[0], "policies and changes of before");
}
