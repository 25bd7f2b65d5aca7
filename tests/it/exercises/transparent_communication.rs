//! Exercise 3 from assignment to progress, as the counselor sees it.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use domain::exercises::Kind;
use futures_util::future::join;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers, in_any_order},
    person::{Person, Reply},
    stories,
};
use uuid::Uuid;

use super::told_before;

stories![
    talks_are_held_and_each_says_how_they_were_heard,
    of_two_words_at_once_about_one_talk_one_holds,
    openness_is_agreed_on_stepped_down_and_over_on_its_day,
    what_is_called_a_step_down_opens_less,
    a_review_is_corrected_within_what_held_when_it_was_handed_in,
    it_takes_both_to_agree_and_one_to_stop,
    safety_stands_before_it_and_does_not_show,
];

async fn work(person: &Person, case: &Case) -> Value {
    let path = format!("/v1/couples/{}/exercises/transparent-communication", case.couple);
    person.get(path).await.expect_status(200).json()
}

async fn agreement(person: &Person, case: &Case) -> Value {
    work(person, case).await["agreements"][0].clone()
}

async fn talks_are_held_and_each_says_how_they_were_heard(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "transparent-communication" })).await;
    let talk =
        answers(Kind::TalkLog, "time_outs", json!([{ "asked_by": case.kim.id, "break_minutes": 15, "resumed": true }]));
    let talk = case.lee.submit(assignment, json!({ "answers": talk })).await;
    let limit = answers(Kind::Boundary, "reason", json!("Each has friends of their own."));
    case.lee.submit(assignment, json!({ "answers": limit })).await;
    case.lee.submit(assignment, json!({ "answers": Kind::VolunteeredInformation.example() })).await;

    let about = |heard: u8| {
        let mut reflection = answers(Kind::TalkReflection, "talk_id", json!(talk));
        reflection["felt_heard"] = json!(heard);
        reflection["note"] = json!(format!("Felt {heard}."));
        json!({ "answers": reflection })
    };
    case.kim.submit(assignment, about(4)).await;
    let sealed = work(&case.lee.person, &case).await;
    assert_eq!(sealed["talks"][0]["reflections"], json!([]), "not before his own");
    assert!(!sealed.to_string().contains("Felt 4."), "{sealed}");
    let his = case.lee.draft(assignment, about(7)).await;
    let his_again = case.lee.draft(assignment, about(6)).await;
    case.lee.person.post(format!("/v1/entries/{his}/submission"), Value::Null).await.expect_status(200);
    told_before(&case.lee, assignment, about(5), his, "/answers/talk_id").await;
    let twice = case.lee.person.post(format!("/v1/entries/{his_again}/submission"), Value::Null).await;
    assert_eq!(twice.expect_status(422).json()["errors"][0]["code"], "told_before");

    let told = work(&case.counselor, &case).await;
    let held = &told["talks"][0];
    assert_eq!((&held["time_out"], &held["time_outs"][0]["asked_by"]), (&json!("resumed"), &json!(case.kim.id)));
    let heard: Vec<_> = [0, 1].iter().map(|at| &held["reflections"][at]["felt_heard"]).collect();
    assert_eq!(heard, [&json!(4), &json!(7)]);
    assert_eq!((&held["turns"], &held["reflections"][1]["note"]), (&json!(6), &json!("Felt 7.")));
    assert_eq!(told["boundaries"][0]["reason"], "Each has friends of their own.");
    assert_eq!(told["boundaries"][0]["boundary"], "We do not read each other's messages without asking.");
    assert_eq!(told["disclosures"][0]["prompting"], "unprompted");
    let stranger = answers(Kind::TalkLog, "time_outs", json!([{ "asked_by": Uuid::nil(), "resumed": true }]));
    let refused = case.lee.person.post(format!("/v1/assignments/{assignment}/entries"), json!({ "answers": stranger }));
    assert_eq!(refused.await.text_at("/errors/0/pointer"), "/answers/time_outs/0/asked_by");
    let progress = case.counselor.get(format!("/v1/couples/{}/progress?view=shared", case.couple)).await.json();
    for measure in ["talks_held", "felt_heard", "unprompted_disclosures"] {
        assert!(progress.to_string().contains(measure), "{measure}: {progress}");
    }
}

async fn agreed(case: &Case) -> (Uuid, Uuid) {
    let assignment = case.assign(json!({ "exercise": "transparent-communication" })).await;
    let wanted = case.answers_of(Kind::TransparencyAgreement, &case.kim).await;
    (assignment, case.lee.submit(assignment, json!({ "answers": wanted })).await)
}

async fn look_again(case: &Case, assignment: Uuid, wanted: Value) -> Reply {
    case.kim.person.post(format!("/v1/assignments/{assignment}/entries"), json!({ "answers": wanted })).await
}

async fn of_two_words_at_once_about_one_talk_one_holds(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "transparent-communication" })).await;
    for _ in 0..5 {
        let talk =
            case.lee.submit(assignment, json!({ "answers": case.answers_of(Kind::TalkLog, &case.lee).await })).await;
        let about = json!({ "answers": answers(Kind::TalkReflection, "talk_id", json!(talk)) });
        let drafts = [case.lee.draft(assignment, about.clone()).await, case.lee.draft(assignment, about).await];

        let [one, other] = drafts.map(|draft| {
            let submission = TestRequest::post().uri(&format!("/v1/entries/{draft}/submission"));
            case.lee.person.send(submission.insert_header(("if-match", "*")))
        });
        let (one, other) = join(one, other).await;

        let mut said = [one.status(), other.status()];
        said.sort_unstable();
        assert_eq!(said, [200, 422], "whichever came first");
    }
}

async fn openness_is_agreed_on_stepped_down_and_over_on_its_day(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (assignment, agreement_id) = agreed(&case).await;
    let first = agreement(&case.kim.person, &case).await;
    assert_eq!((&first["state"], &first["open_partner_id"]), (&json!("in_force"), &json!(case.kim.id)));
    assert_eq!(first["scope"], json!(["Bank statements"]));

    let mut for_nobody = case.answers_of(Kind::TransparencyAgreement, &case.kim).await;
    for_nobody.as_object_mut().expect("an object").remove("open_partner_id");
    let for_nobody = look_again(&case, assignment, for_nobody).await;
    assert_eq!(for_nobody.text_at("/errors/0/pointer"), "/answers/open_partner_id");
    app.advance(TimeDelta::days(30));
    assert_eq!(agreement(&case.counselor, &case).await["state"], "review_due");
    let review = json!({
        "type": "transparency_review", "agreement_id": agreement_id, "decision": "step_down",
        "scope": ["The joint account"], "next_review_on": "2026-12-21", "note": "It got easier to ask.",
    });
    let too_late = look_again(&case, assignment, review.clone()).await;
    assert_eq!(too_late.text_at("/errors/0/pointer"), "/answers/next_review_on");
    let mut in_time = review;
    in_time["next_review_on"] = json!("2026-11-21");
    case.kim.submit(assignment, json!({ "answers": in_time })).await;

    let less = agreement(&case.lee.person, &case).await;
    assert_eq!((&less["state"], &less["scope"]), (&json!("in_force"), &json!(["The joint account"])));
    let review = &less["reviews"][0];
    assert_eq!((&less["review_on"], &review["decision"]), (&json!("2026-11-21"), &json!("step_down")));
    assert_eq!((&less["agreed_scope"], &review["scope"]), (&json!(["Bank statements"]), &less["scope"]));
    assert_eq!((&review["note"], &review["next_review_on"]), (&json!("It got easier to ask."), &json!("2026-11-21")));
    app.advance(TimeDelta::days(61));
    assert_eq!(agreement(&case.lee.person, &case).await["state"], "expired");
    let over = json!({ "type": "transparency_review", "agreement_id": agreement_id, "decision": "keep" });
    assert!(look_again(&case, assignment, over).await.text_at("/errors/0/detail").contains("has not ended"));
}

async fn what_is_called_a_step_down_opens_less(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (assignment, agreement_id) = agreed(&case).await;
    let step_down = |scope: &[&str]| {
        json!({
            "type": "transparency_review", "agreement_id": agreement_id, "decision": "step_down", "scope": scope,
        })
    };

    for more in
        [&["Bank statements"][..], &[" bank statements "], &["Bank statements", "The phone"], &["The phone", "Mail"]]
    {
        let refused = look_again(&case, assignment, step_down(more)).await;
        assert_eq!((refused.status(), refused.text_at("/errors/0/pointer")), (422, "/answers/scope".to_owned()));
        assert!(refused.text_at("/errors/0/detail").contains("make a new agreement"), "{refused:?}");
    }
    look_again(&case, assignment, step_down(&["Bank statements, once a month"])).await.expect_status(201);
}

async fn a_review_is_corrected_within_what_held_when_it_was_handed_in(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (assignment, agreement_id) = agreed(&case).await;
    let review = |next: &str, note: &str| {
        let wanted = json!({
            "type": "transparency_review", "agreement_id": agreement_id, "decision": "keep",
            "next_review_on": next, "note": note,
        });
        json!({ "answers": wanted })
    };
    let kept = case.kim.submit(assignment, review("2026-11-21", "It got easier.")).await;
    let end = json!({ "type": "transparency_review", "agreement_id": agreement_id, "decision": "end" });
    case.kim.submit(assignment, json!({ "answers": end })).await;
    app.advance(TimeDelta::days(100));
    let corrections = format!("/v1/entries/{kept}/corrections");

    let too_late = case.kim.person.post(&corrections, review("2027-11-21", "It got easier.")).await;

    assert_eq!((too_late.status(), too_late.text_at("/errors/0/pointer")), (422, "/answers/next_review_on".to_owned()));
    let reworded = review("2026-11-21", "It got easier to ask.");
    case.kim.person.post(&corrections, reworded).await.expect_status(200);
}

async fn it_takes_both_to_agree_and_one_to_stop(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (assignment, agreement_id) = agreed(&case).await;
    let stop = json!({ "type": "transparency_withdrawal", "agreement_id": agreement_id });
    let hidden = json!({ "answers": stop, "visibility": "counselor_only" });
    let entries = format!("/v1/assignments/{assignment}/entries");
    assert_eq!(case.kim.person.post(&entries, hidden).await.status(), 422, "nobody stops in secret");

    let mut stop = stop;
    stop["reason"] = json!("It feels like being watched.");
    case.kim.submit(assignment, json!({ "answers": stop })).await;

    let stopped = agreement(&case.lee.person, &case).await;
    assert_eq!((&stopped["state"], &stopped["withdrawn_by"]), (&json!("withdrawn"), &json!(case.kim.id)));
    assert_eq!(stopped["withdrawal_reason"], "It feels like being watched.", "said to both");
    let again = case.lee.person.post(&entries, json!({ "answers": stop })).await;
    assert_eq!(again.text_at("/errors/0/pointer"), "/answers/agreement_id");
}

async fn safety_stands_before_it_and_does_not_show(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignments = format!("/v1/couples/{}/assignments", case.couple);
    let seen = |person| {
        let (case, assignments) = (&case, &assignments);
        async move {
            let person: &Person = person;
            let listed = person.get(assignments).await.expect_status(200).whole();
            (listed, work(person, case).await.to_string())
        }
    };
    let before = (seen(&case.lee.person).await, seen(&case.kim.person).await);
    case.screen(&case.kim, json!({ "status": "concern" })).await;

    let wanted = in_any_order(json!({ "exercise": "transparent-communication" }));
    let refused = case.counselor.post(&assignments, wanted).await;

    assert_eq!(refused.status(), 422);
    assert_eq!((seen(&case.lee.person).await, seen(&case.kim.person).await), before);
    let asked = case.lee.person.post(&assignments, json!({ "exercise": "transparent-communication" })).await;
    case.screen(&case.kim, json!({ "status": "clear" })).await;
    let asked_again = case.lee.person.post(&assignments, json!({ "exercise": "transparent-communication" })).await;
    let told = |reply: &Reply| (reply.problem(), reply.text_at("/detail"));
    assert_eq!((asked.status(), told(&asked)), (403, told(&asked_again)), "a partner is told the same either way");
}
