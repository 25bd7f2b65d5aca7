//! Entries: what the partners record, who may read it, and what the counselor makes of it.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use domain::exercises::{Kind, Slug};
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, answers, in_any_order, items},
    person::Person,
    practice::write_again,
    stories,
};
use uuid::Uuid;

stories![
    what_both_wrote_is_revealed_once_both_have_submitted,
    a_draft_is_its_authors_alone,
    a_submitted_entry_is_corrected_by_a_new_version,
    only_the_author_opens_an_entry_further,
    an_embargo_ends_on_its_day,
    the_line_for_the_counselor_reaches_the_counselor_only,
    the_line_that_a_counselor_adds_on_behalf_stays_among_counselors,
    the_line_of_one_partner_is_not_written_by_the_other,
    what_an_author_took_out_before_opening_is_not_opened,
    every_field_that_does_not_fit_is_named,
    who_caused_it_writes_the_account_and_who_was_hurt_the_impact,
    a_partner_leaves_fifty_drafts_open_and_no_more,
    not_ready_is_a_full_answer,
    a_counselor_writes_on_behalf_of_a_partner_and_never_opens_it,
    the_queue_shows_what_waits_longest_first,
    feedback_reaches_whom_it_is_for,
    feedback_that_would_never_arrive_is_refused,
    whoever_looks_through_the_review_queue_leaves_a_trace_of_each_entry,
    a_hidden_entry_leaves_no_gap_in_a_page,
    every_kind_of_entry_is_recorded_and_read_back,
    nobody_is_late_for_forgiving,
];

async fn reads(person: &Person, entry: Uuid) -> u16 {
    person.get(format!("/v1/entries/{entry}")).await.status()
}

fn account(text: &str) -> Value {
    answers(Kind::RootCauseAccount, "account", json!(text))
}

async fn what_both_wrote_is_revealed_once_both_have_submitted(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "root-cause" })).await;

    let told = case.lee.submit(assignment, json!({ "answers": account("I hid the debt") })).await;
    assert_eq!((reads(&case.kim.person, told).await, reads(&case.counselor, told).await), (404, 200));

    let impact = json!({ "answers": Kind::RootCauseImpact.example() });
    let felt = case.kim.submit(assignment, impact).await;
    assert_eq!((reads(&case.kim.person, told).await, reads(&case.lee.person, felt).await), (200, 200));
}

async fn a_draft_is_its_authors_alone(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "root-cause" })).await;
    let draft = case.lee.draft(assignment, json!({ "answers": account("not yet"), "visibility": "shared" })).await;

    assert_eq!(reads(&case.lee.person, draft).await, 200);
    assert_eq!((reads(&case.kim.person, draft).await, reads(&case.counselor, draft).await), (404, 404));
    let path = format!("/v1/entries/{draft}");
    case.lee.person.patch(&path, json!({ "answers": account("now") })).await.expect_status(200);
    assert_eq!(case.kim.person.delete(&path).await.status(), 404);
    case.lee.person.delete(&path).await.expect_status(204);
    assert_eq!(reads(&case.lee.person, draft).await, 404);
}

async fn a_submitted_entry_is_corrected_by_a_new_version(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "root-cause" })).await;
    let entry = case.lee.submit(assignment, json!({ "answers": account("it was once") })).await;
    let path = format!("/v1/entries/{entry}");

    let changed = case.lee.person.patch(&path, json!({ "answers": account("it was twice") })).await;
    assert_eq!(changed.json()["detail"], json!("this entry is submitted; correct it instead"));
    let other_kind = json!({ "answers": Kind::RootCauseQuestion.example() });
    assert_eq!(case.lee.person.post(format!("{path}/corrections"), other_kind).await.status(), 422);
    let corrected = case.lee.person.post(format!("{path}/corrections"), json!({ "answers": account("it was twice") }));
    assert_eq!(corrected.await.expect_status(200).json()["number"], json!(2));

    let known = TestRequest::get().uri(&path).insert_header(("if-none-match", "*"));
    assert_eq!(case.lee.person.send(known).await.status(), 200, "what it names may have been opened since");
    let earlier = case.counselor.get(format!("{path}/versions")).await.expect_status(200).json();
    assert_eq!(earlier["items"][0]["answers"]["account"], json!("it was once"));
    assert_eq!(case.lee.person.delete(&path).await.status(), 422);
}

async fn only_the_author_opens_an_entry_further(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let entry = case.kim.submit(assignment, json!({ "answers": Kind::Pulse.example() })).await;
    let (path, open) = (format!("/v1/entries/{entry}/visibility"), json!({ "visibility": "shared" }));

    assert_eq!(reads(&case.lee.person, entry).await, 404);
    assert_eq!(case.counselor.put(&path, open.clone()).await.status(), 422);
    assert_eq!(case.lee.person.put(&path, open.clone()).await.status(), 404);
    case.kim.person.put(&path, open).await.expect_status(200);
    assert_eq!(reads(&case.lee.person, entry).await, 200);
    let closed = case.kim.person.put(&path, json!({ "visibility": "counselor_only" })).await;
    assert_eq!(closed.json()["detail"], json!("a submitted entry can be opened further, never closed"));
    let fixed = case.assign(json!({ "exercise": "reaffirm-commitment" })).await;
    let doubt = case.kim.submit(fixed, json!({ "answers": Kind::Ambivalence.example() })).await;
    let opened = case.kim.person.put(format!("/v1/entries/{doubt}/visibility"), json!({ "visibility": "shared" }));
    assert_eq!(opened.await.status(), 422);
}

async fn an_embargo_ends_on_its_day(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "root-cause" })).await;
    let day = (app.now() + TimeDelta::days(7)).date_naive();
    let wanted = json!({ "answers": account("later"), "visibility": "embargoed", "embargoed_until": day });
    let entry = case.lee.submit(assignment, wanted).await;

    assert_eq!(reads(&case.kim.person, entry).await, 404);
    app.advance(TimeDelta::days(7));
    assert_eq!(reads(&case.kim.person, entry).await, 200);
    let over = json!({ "answers": account("x"), "visibility": "embargoed", "embargoed_until": "2026-09-21" });
    let over = case.lee.person.post(format!("/v1/assignments/{assignment}/entries"), over).await;
    assert_eq!(over.expect_status(422).json()["errors"][0]["pointer"], json!("/embargoed_until"));
    let without_day = json!({ "answers": account("x"), "visibility": "embargoed" });
    let refused = case.lee.person.post(format!("/v1/assignments/{assignment}/entries"), without_day).await;
    assert_eq!(refused.json()["errors"][0]["pointer"], json!("/embargoed_until"));
}

async fn the_line_for_the_counselor_reaches_the_counselor_only(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "vulnerability" })).await;
    let wanted = json!({ "answers": Kind::VulnerabilityShare.example(), "for_counselor": "I nearly cried" });
    let entry = case.lee.submit(assignment, wanted).await;
    let path = format!("/v1/entries/{entry}");

    let line = |reply: Value| reply["for_counselor"].clone();
    assert_eq!(line(case.counselor.get(&path).await.json()), json!("I nearly cried"));
    assert_eq!(line(case.lee.person.get(&path).await.json()), json!("I nearly cried"));
    assert_eq!(line(case.kim.person.get(&path).await.expect_status(200).json()), Value::Null);
}

async fn the_line_that_a_counselor_adds_on_behalf_stays_among_counselors(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "vulnerability" })).await;
    let share = json!({ "answers": Kind::VulnerabilityShare.example() });
    let mut on_behalf = share.clone();
    on_behalf["partner_id"] = json!(case.kim.id);
    on_behalf["for_counselor"] = json!("Kim looked at the door");
    let entries = format!("/v1/assignments/{assignment}/entries");
    let entry = case.counselor.post(entries, on_behalf).await.created();
    let path = format!("/v1/entries/{entry}");
    case.counselor.post(format!("{path}/submission"), Value::Null).await.expect_status(200);

    let mut corrected = share.clone();
    corrected["difficulty"] = json!(9);
    case.kim.person.post(format!("{path}/corrections"), corrected).await.expect_status(200);

    let seen = case.kim.person.get(&path).await.expect_status(200).json();
    assert_eq!((&seen["for_counselor"], &seen["number"]), (&Value::Null, &json!(2)));
    let seen = case.counselor.get(&path).await.json();
    assert_eq!(seen["for_counselor"], json!("Kim looked at the door"), "it is not lost either");
    let mut with_line = share;
    with_line["for_counselor"] = json!("I looked at the clock");
    let refused = case.kim.person.post(format!("{path}/corrections"), with_line).await;
    assert_eq!(refused.json()["errors"][0]["pointer"], json!("/for_counselor"));
}

async fn the_line_of_one_partner_is_not_written_by_the_other(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "shared-rituals" })).await;
    let ritual = || json!({ "answers": Kind::Ritual.example() });
    let mut with_line = ritual();
    with_line["for_counselor"] = json!("I do it for Kim");
    let entry = case.lee.submit(assignment, with_line).await;
    let corrections = format!("/v1/entries/{entry}/corrections");

    let mut afraid = ritual();
    afraid["for_counselor"] = json!("I am afraid to say no");
    assert_eq!(case.kim.person.post(&corrections, afraid).await.status(), 422);
    case.kim.person.post(&corrections, ritual()).await.expect_status(200);

    let seen = case.counselor.get(format!("/v1/entries/{entry}")).await.expect_status(200).json();
    assert_eq!(seen["for_counselor"], json!("I do it for Kim"), "nor is it lost when the other corrects the entry");
}

async fn what_an_author_took_out_before_opening_is_not_opened(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "root-cause" })).await;
    let wanted = json!({ "answers": account("and the other debt"), "visibility": "counselor_only" });
    let entry = case.lee.submit(assignment, wanted).await;
    let path = format!("/v1/entries/{entry}");
    let corrected = json!({ "answers": account("the debt") });
    case.lee.person.post(format!("{path}/corrections"), corrected).await.expect_status(200);

    case.lee.person.put(format!("{path}/visibility"), json!({ "visibility": "shared" })).await.expect_status(200);

    assert_eq!(reads(&case.kim.person, entry).await, 200);
    assert_eq!(case.kim.person.get(format!("{path}/versions")).await.status(), 404);
    case.lee.person.get(format!("{path}/versions")).await.expect_status(200);
    case.counselor.get(format!("{path}/versions")).await.expect_status(200);
}

async fn every_field_that_does_not_fit_is_named(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let path = format!("/v1/assignments/{assignment}/entries");
    let mut pulse = answers(Kind::Pulse, "trust", json!(11));
    pulse["hope"] = json!(99);

    let refused = case.lee.person.post(&path, json!({ "answers": pulse })).await;

    assert_eq!(refused.problem(), (422, "invalid-fields".to_owned()));
    let pointers: Vec<_> = items(&refused.json()["errors"]).iter().map(|error| error["pointer"].clone()).collect();
    assert_eq!(pointers, [json!("/answers/hope"), json!("/answers/trust")]);
    assert!(!String::from_utf8_lossy(refused.bytes()).contains("99"), "what was submitted is not repeated");
    let unknown = case.lee.person.post(&path, json!({ "answers": { "type": "affair" } })).await;
    assert_eq!(unknown.json()["errors"][0]["pointer"], json!("/answers/type"));
}

async fn who_caused_it_writes_the_account_and_who_was_hurt_the_impact(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let roles = json!([{ "partner_id": case.lee.id, "role": "caused" }, { "partner_id": case.kim.id, "role": "hurt" }]);
    let breach = json!({ "kind": "secrecy", "came_to_light": "disclosed", "roles": roles });
    let breach = case.record_breach(breach).await;
    let assignment = case.assign(json!({ "exercise": "root-cause", "breach_id": breach })).await;
    let path = format!("/v1/assignments/{assignment}/entries");

    assert_eq!(case.kim.person.post(&path, json!({ "answers": account("mine") })).await.status(), 422);
    let impact = json!({ "answers": Kind::RootCauseImpact.example() });
    assert_eq!(case.lee.person.post(&path, impact.clone()).await.status(), 422);
    case.lee.draft(assignment, json!({ "answers": account("mine") })).await;
    case.kim.draft(assignment, impact).await;
}

async fn a_partner_leaves_fifty_drafts_open_and_no_more(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "vulnerability" })).await;
    let share = json!({ "answers": Kind::VulnerabilityShare.example() });
    let draft = case.lee.draft(assignment, share.clone()).await;
    write_again(&app, &case.lee.person, draft, 49).await;
    let path = format!("/v1/assignments/{assignment}/entries");

    let refused = case.lee.person.post(&path, share.clone()).await;

    assert_eq!(refused.status(), 422);
    assert!(refused.json()["detail"].as_str().is_some_and(|words| words.contains("take one back")));
    case.kim.draft(assignment, share.clone()).await;
    case.lee.person.delete(format!("/v1/entries/{draft}")).await.expect_status(204);
    case.lee.draft(assignment, share).await;
}

async fn not_ready_is_a_full_answer(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "root-cause" })).await;
    let path = format!("/v1/assignments/{assignment}/standings/{}", case.kim.id);

    case.kim.person.put(&path, json!({ "status": "not_ready" })).await.expect_status(200);

    let seen = case.lee.person.get(format!("/v1/assignments/{assignment}")).await.json();
    assert_eq!(
        seen["standings"][1],
        json!({ "partner_id": case.kim.id, "paused": true, "status": null, "changed_at": null, "overdue_since": null })
    );
    assert_eq!(case.lee.person.put(&path, json!({ "status": "opened" })).await.status(), 422);
    case.kim.person.put(&path, json!({ "status": "in_progress" })).await.expect_status(200);
    assert_eq!(case.kim.person.put(&path, json!({ "status": "submitted" })).await.status(), 422);
}

async fn a_counselor_writes_on_behalf_of_a_partner_and_never_opens_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let path = format!("/v1/assignments/{assignment}/entries");
    let pulse = Kind::Pulse.example();

    let unnamed = case.counselor.post(&path, json!({ "answers": pulse })).await;
    assert_eq!(unnamed.json()["errors"][0]["pointer"], json!("/partner_id"));
    let opened = json!({ "answers": pulse, "partner_id": case.kim.id, "visibility": "shared" });
    assert_eq!(case.counselor.post(&path, opened).await.status(), 422);
    let entry = case.counselor.post(&path, json!({ "answers": pulse, "partner_id": case.kim.id })).await.created();
    case.counselor.post(format!("/v1/entries/{entry}/submission"), Value::Null).await.expect_status(200);
    let seen = case.kim.person.get(format!("/v1/entries/{entry}")).await.expect_status(200).json();
    assert_eq!(seen["recorded_by_staff_id"], json!(case.counselor.id));
}

async fn the_queue_shows_what_waits_longest_first(app: TestApp) {
    let (case, ben) = (Case::lee_and_kim(&app).await, app.counselor("ben").await);
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let pulse = || json!({ "answers": Kind::Pulse.example() });
    let first = case.kim.submit(assignment, pulse()).await;
    app.advance(TimeDelta::hours(1));
    let second = case.lee.submit(assignment, pulse()).await;
    let queue = async |person: &Person| -> Vec<Value> {
        let waiting = person.get("/v1/review-queue").await.expect_status(200).json();
        items(&waiting["items"]).iter().map(|entry| entry["id"].clone()).collect()
    };

    let plan = json!({ "answers": Kind::TreatmentPlan.example() });
    let plan = case.counselor.post(format!("/v1/assignments/{assignment}/entries"), plan).await.created();
    case.counselor.post(format!("/v1/entries/{plan}/submission"), Value::Null).await.expect_status(200);

    assert_eq!(queue(&case.counselor).await, [json!(first), json!(second)], "a counselor's own waits for nobody");
    assert!(queue(&ben).await.is_empty());
    case.review(first, json!({})).await;
    assert_eq!(queue(&case.counselor).await, [json!(second)]);
    let corrections = format!("/v1/entries/{first}/corrections");
    case.kim.person.post(&corrections, pulse()).await.expect_status(200);
    assert_eq!(queue(&case.counselor).await, [json!(second)], "that says nothing new");
    let mut harder = pulse();
    harder["difficulty"] = json!(9);
    case.kim.person.post(&corrections, harder).await.expect_status(200);
    assert_eq!(queue(&case.counselor).await.len(), 2, "a correction waits for review again");
}

async fn feedback_that_would_never_arrive_is_refused(app: TestApp) {
    let (case, jo) = (Case::lee_and_kim(&app).await, app.client("jo").await);
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let couple = format!("/v1/couples/{}", case.couple);
    let entry = |visibility: &str| json!({ "answers": Kind::Concern.example(), "visibility": visibility });
    let (private, shared) = (
        case.lee.submit(assignment, entry("counselor_only")).await,
        case.lee.submit(assignment, entry("shared")).await,
    );
    let to = |entry: Uuid, to: Vec<Uuid>| {
        case.counselor.post(format!("/v1/entries/{entry}/reviews"), json!({ "feedback": "well said", "to": to }))
    };

    for (entry, recipients) in
        [(private, vec![case.kim.id]), (private, vec![case.lee.id, case.kim.id]), (shared, vec![Uuid::nil()])]
    {
        assert_eq!(to(entry, recipients).await.problem(), (422, "rule-broken".to_owned()));
    }
    let waiting = case.counselor.get("/v1/review-queue").await.json();
    assert_eq!(items(&waiting["items"]).len(), 2, "what was refused is not reviewed");
    assert_eq!(to(shared, vec![case.lee.id, case.kim.id]).await.status(), 201);

    app.advance(chrono::TimeDelta::days(1));
    case.counselor.delete(format!("{couple}/partners/{}", case.kim.id)).await.expect_status(200);
    let joined = case.counselor.post(format!("{couple}/partners"), json!({ "client_id": jo.id })).await;
    let jo_id = joined.expect_status(201).text_at("/partners/2/id").parse().expect("an id");
    for never in [case.kim.id, jo_id] {
        assert_eq!(to(shared, vec![never]).await.status(), 422, "who left and who came later don't read the entry");
    }
    assert_eq!(jo.get(format!("/v1/entries/{shared}/reviews")).await.status(), 404);
}

async fn whoever_looks_through_the_review_queue_leaves_a_trace_of_each_entry(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    let mut waiting = Vec::new();
    for _ in 0..3 {
        let private = json!({ "answers": Kind::Concern.example(), "visibility": "counselor_only" });
        waiting.push(case.lee.submit(assignment, private).await.to_string());
    }
    let draft = case.lee.draft(assignment, json!({ "answers": Kind::Concern.example() })).await;

    case.counselor.get("/v1/review-queue?limit=2").await.expect_status(200);

    let trail = crate::sign_ins::trail(&app.owner().await).await;
    let reads = trail.iter().filter(|event| event["action"] == "entry.read");
    let read: Vec<_> = reads.map(|event| event["subject_id"].as_str().unwrap_or_default().to_owned()).collect();
    assert_eq!(read, waiting[..2], "each that was shown, and only these");
    assert!(!read.contains(&draft.to_string()));
}

async fn feedback_reaches_whom_it_is_for(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "vulnerability" })).await;
    let shared = case.lee.submit(assignment, json!({ "answers": Kind::VulnerabilityShare.example() })).await;
    let private = case.lee.submit(assignment, json!({ "answers": Kind::Journal.example() })).await;

    case.review(shared, json!({ "feedback": "well said", "flagged_for_session": true })).await;

    let path = format!("/v1/entries/{shared}/reviews");
    let for_lee = case.lee.person.get(&path).await.expect_status(200).json();
    assert_eq!(for_lee["items"][0]["feedback"], json!("well said"));
    assert_eq!(for_lee["items"][0]["flagged_for_session"], Value::Null);
    assert_eq!(items(&case.kim.person.get(&path).await.expect_status(200).json()["items"]).len(), 0);
    let to_the_other = json!({ "feedback": "you should know", "to": [case.kim.id] });
    let kept = case.counselor.post(format!("/v1/entries/{private}/reviews"), to_the_other).await;
    assert_eq!(kept.problem(), (422, "rule-broken".to_owned()));
}

async fn a_hidden_entry_leaves_no_gap_in_a_page(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "vulnerability" })).await;
    for hidden in [false, true, true, false, true, false] {
        let kind = if hidden { Kind::Journal } else { Kind::VulnerabilityShare };
        case.lee.submit(assignment, json!({ "answers": kind.example() })).await;
        app.advance(TimeDelta::minutes(1));
    }

    let path = format!("/v1/assignments/{assignment}/entries?limit=2");
    let first = case.kim.person.get(&path).await.expect_status(200).json();
    assert_eq!(items(&first["items"]).len(), 2);
    let cursor = first["next_cursor"].as_str().unwrap_or_default();
    let second = case.kim.person.get(format!("{path}&cursor={cursor}")).await.expect_status(200).json();
    assert_eq!((items(&second["items"]).len(), &second["next_cursor"]), (1, &Value::Null));
}

async fn every_kind_of_entry_is_recorded_and_read_back(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    for kind in Kind::ALL {
        let mut wanted = json!({ "exercise": kind.exercise(), "mode": "parallel" });
        if kind.exercise() == Slug::Own {
            wanted["own_exercise_id"] = json!(case.own_exercise().await);
        }
        let assignment = case.assign(wanted).await;
        let path = format!("/v1/assignments/{assignment}/entries");
        let example = case.answers_of(*kind, &case.kim).await;

        let mut recorded = case.kim.person.post(&path, json!({ "answers": example })).await;
        if recorded.status() == 422 {
            recorded = case.counselor.post(&path, json!({ "answers": example })).await;
        }

        let entry = recorded.created();
        let author = if recorded.json()["recorded_by_staff_id"].is_null() { &case.kim.person } else { &case.counselor };
        let read = author.get(format!("/v1/entries/{entry}")).await.expect_status(200).json();
        assert_eq!(read["answers"], example, "{kind}");
    }
}

async fn nobody_is_late_for_forgiving(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let path = format!("/v1/couples/{}/assignments", case.couple);
    let day = (app.now() + TimeDelta::days(7)).date_naive();

    for exercise in ["time-and-space", "forgiveness"] {
        let refused = case.counselor.post(&path, in_any_order(json!({ "exercise": exercise, "due_on": day }))).await;
        assert_eq!(refused.json()["detail"], json!("this exercise is never overdue and takes no due date"));
    }
    case.counselor.post(&path, in_any_order(json!({ "exercise": "apology", "due_on": day }))).await.expect_status(201);
}
