//! What a separation ends, and what it leaves to each.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, items},
    person::Person,
    stories,
};
use uuid::Uuid;

use super::view::{Known, assert_same, entry};

stories![
    a_separation_ends_what_was_shared_and_leaves_each_their_own,
    what_either_does_after_a_separation_does_not_show_to_the_other,
    a_separation_can_be_of_an_earlier_day,
    the_record_of_a_couple_that_parted_is_whole_for_the_practice,
];

/// What Lee and Kim have recorded, on the day before they part.
struct Record {
    case: Case,
    own: Uuid,
    joint: Uuid,
    lees: Uuid,
    private: Uuid,
    kims: Uuid,
    together: Uuid,
    promises: [Uuid; 2],
    talked: Uuid,
    planned: Uuid,
}

impl Record {
    async fn of_a_shared_life(app: &TestApp) -> Self {
        let case = Case::lee_and_kim(app).await;
        let own = case.assign(json!({ "exercise": "professional-help" })).await;
        let joint = case.assign(json!({ "exercise": "consistency" })).await;
        let (lees, private) =
            (case.lee.submit(own, entry("shared")).await, case.lee.submit(own, entry("counselor_only")).await);
        let kims = case.kim.submit(own, entry("shared")).await;
        let together = case.kim.submit(joint, json!({ "answers": Kind::ConsistencyReview.example() })).await;
        let promises = [
            case.lee.promise(case.couple, "I call when I am late.").await,
            case.kim.promise(case.couple, "I ask before I guess.").await,
        ];
        let talked = case.session(json!({})).await;
        let planned = case.session(json!({ "starts_at": "2026-09-28T12:00:00Z" })).await;
        say(&case.lee, joint, "not_ready").await;
        app.advance(TimeDelta::days(1));
        Self { case, own, joint, lees, private, kims, together, promises, talked, planned }
    }

    async fn part(&self) {
        let couple = format!("/v1/couples/{}", self.case.couple);
        let parted = self.case.counselor.patch(couple, json!({ "status": "separated" })).await;
        assert_eq!(parted.expect_status(200).json()["separated_on"], json!("2026-09-22"));
    }

    async fn listed(&self, person: &Person, noun: &str) -> Vec<Uuid> {
        listed(person, &format!("/v1/couples/{}/{noun}", self.case.couple)).await
    }
}

async fn listed(person: &Person, path: &str) -> Vec<Uuid> {
    let page = person.get(path).await.expect_status(200).json();
    let id = |item: &Value| item["id"].as_str().and_then(|id| id.parse().ok());
    items(&page["items"]).iter().filter_map(id).collect()
}

async fn say(partner: &Partner, assignment: Uuid, status: &str) {
    let path = format!("/v1/assignments/{assignment}/standings/{}", partner.id);
    partner.person.put(path, json!({ "status": status })).await.expect_status(200);
}

async fn a_separation_ends_what_was_shared_and_leaves_each_their_own(app: TestApp) {
    let record = Record::of_a_shared_life(&app).await;
    let Record { case, joint, lees, private, kims, together, promises, talked, planned, .. } = &record;
    let (lee, kim) = (&case.lee.person, &case.kim.person);
    let progress = |view: &str| format!("/v1/couples/{}/progress?view={view}", case.couple);
    assert_eq!(record.listed(lee, "entries").await, [*lees, *private, *kims, *together]);
    assert_eq!(record.listed(kim, "entries").await, [*lees, *kims, *together]);
    assert_eq!(record.listed(kim, "promises").await, promises);
    assert_eq!(record.listed(kim, "sessions").await, [*talked, *planned]);
    let alone = lee.get(progress("separate")).await.expect_status(200).json();
    assert_ne!(lee.get(progress("shared")).await.json()["exercises"], json!([]));

    record.part().await;

    assert_eq!(record.listed(lee, "entries").await, [*lees, *private, *together]);
    assert_eq!(record.listed(kim, "entries").await, [*kims, *together]);
    for (partner, others) in [(lee, *kims), (kim, *lees)] {
        assert_eq!(partner.get(format!("/v1/entries/{others}")).await.status(), 404);
        assert_eq!(partner.get(format!("/v1/entries/{others}/reviews")).await.status(), 404);
        assert_eq!(partner.get(progress("shared")).await.expect_status(200).json()["exercises"], json!([]));
        assert_eq!(record.listed(partner, "sessions").await, [*talked], "what was planned is off for both");
    }
    assert_eq!(lee.get(progress("separate")).await.json(), alone, "each keeps their own");
    assert_eq!(record.listed(lee, "promises").await, promises[..1]);
    assert_eq!(kim.get(format!("/v1/promises/{}", promises[0])).await.status(), 404);
    let standings = kim.get(format!("/v1/assignments/{joint}")).await.json()["standings"].clone();
    assert_eq!(items(&standings).len(), 1, "the pause of the other does not show any more");
    assert_eq!(standings[0]["partner_id"], json!(case.kim.id));
    let couple = kim.get(format!("/v1/couples/{}", case.couple)).await.json();
    assert_eq!((&couple["status"], &couple["separated_on"]), (&json!("separated"), &json!("2026-09-22")));
}

async fn what_either_does_after_a_separation_does_not_show_to_the_other(app: TestApp) {
    let record = Record::of_a_shared_life(&app).await;
    let Record { case, own, joint, private, kims, promises, .. } = &record;
    let unsent = case.lee.draft(*own, entry("shared")).await;
    record.part().await;
    let mut known = Known::of(case);
    for (parameter, ids) in [
        ("assignment_id", vec![*own, *joint]),
        ("entry_id", vec![record.lees, *private, *kims, record.together, unsent]),
        ("promise_id", promises.to_vec()),
        ("session_id", vec![record.talked, record.planned]),
    ] {
        ids.into_iter().for_each(|id| known.add(parameter, id));
    }
    let before = known.view(&case.kim.person).await;

    let open = format!("/v1/entries/{private}/visibility");
    case.lee.person.put(open, json!({ "visibility": "shared" })).await.expect_status(200);
    case.lee.person.post(format!("/v1/entries/{unsent}/submission"), Value::Null).await.expect_status(200);
    say(&case.lee, *joint, "skipped").await;
    let claim = format!("/v1/promises/{}/outcomes/2026-09-22/claim", promises[0]);
    let claim = TestRequest::put().uri(&claim).set_json(json!({ "claim": "kept" }));
    case.lee.person.send(claim).await.expect_status(201);
    let move_it = json!({ "starts_at": "2026-10-05T12:00:00Z" });
    case.counselor.patch(format!("/v1/sessions/{}", record.planned), move_it).await.expect_status(200);
    let to_both = json!({ "feedback": "Well said.", "to": [case.lee.id, case.kim.id] });
    let refused = case.counselor.post(format!("/v1/entries/{}/reviews", record.lees), to_both).await;
    assert_eq!(refused.status(), 422, "feedback on it would never arrive");
    case.review(record.lees, json!({ "feedback": "Thank you." })).await;

    assert_same(&before, &known.view(&case.kim.person).await, "what Lee does on their own");
}

async fn a_separation_can_be_of_an_earlier_day(app: TestApp) {
    let record = Record::of_a_shared_life(&app).await;
    let Record { case, kims, .. } = &record;
    let couple = format!("/v1/couples/{}", case.couple);
    let part = |status: Option<&str>, on: &str| {
        let mut wanted = json!({ "separated_on": on });
        if let Some(status) = status {
            wanted["status"] = json!(status);
        }
        case.counselor.patch(couple.clone(), wanted)
    };
    let promise = case.kim.promise(case.couple, "I keep my word.").await;

    assert_eq!(part(Some("separated"), "2026-09-23").await.status(), 422, "no day to come");
    assert_eq!(part(None, "2026-09-21").await.status(), 422, "without parting there is no such day");
    case.lee.person.get(format!("/v1/entries/{kims}")).await.expect_status(200);
    let parted = part(Some("separated"), "2026-09-21").await.expect_status(200).json();

    assert_eq!(parted["separated_on"], json!("2026-09-21"));
    assert_eq!(case.lee.person.get(format!("/v1/promises/{promise}")).await.status(), 404, "given after they parted");
    assert_eq!(case.lee.person.get(format!("/v1/sessions/{}", record.talked)).await.status(), 404);
    assert_eq!(part(Some("separated"), "2026-09-22").await.status(), 422, "what has ended is not opened again");
    case.counselor.patch(&couple, json!({ "status": "closed" })).await.expect_status(200);
    assert_eq!(case.counselor.patch(&couple, json!({ "status": "active" })).await.status(), 422);
    assert_eq!(case.lee.person.get(format!("/v1/entries/{kims}")).await.status(), 404);
}

async fn the_record_of_a_couple_that_parted_is_whole_for_the_practice(app: TestApp) {
    let record = Record::of_a_shared_life(&app).await;
    let Record { case, own, joint, lees, private, kims, together, promises, .. } = &record;
    for (session, text) in [(record.talked, "They talked."), (record.planned, "They will talk.")] {
        case.sign(case.note(session, text).await).await;
    }
    let unfinished = case.kim.draft(*joint, json!({ "answers": Kind::ConsistencyReview.example() })).await;
    record.part().await;

    let couple = format!("/v1/couples/{}", case.couple);
    let start = json!({ "starts_at": "2026-09-28T12:00:00Z", "minutes": 50, "place": "office" });
    for (noun, wanted) in [("assignments", json!({ "exercise": "professional-help" })), ("sessions", start)] {
        let refused = case.counselor.post(format!("{couple}/{noun}"), wanted).await;
        assert_eq!(refused.problem(), (422, "rule-broken".to_owned()), "{noun}: nothing new is begun");
    }
    let promise = json!({ "what": "To call.", "recurrence": "FREQ=DAILY" });
    assert_eq!(case.lee.person.post(format!("{couple}/promises"), promise).await.status(), 422);
    let new = case.lee.person.post(format!("/v1/assignments/{own}/entries"), entry("shared")).await;
    assert_eq!(new.status(), 422);
    let together_now = case.lee.person.post(format!("/v1/entries/{unfinished}/submission"), Value::Null).await;
    assert_eq!(together_now.status(), 422, "the joint record is frozen");

    assert_eq!(record.listed(&case.counselor, "entries").await, [*lees, *private, *kims, *together]);
    assert_eq!(record.listed(&case.counselor, "promises").await, promises);
    assert_eq!(record.listed(&case.counselor, "sessions").await, [record.talked, record.planned]);
    case.counselor.patch(&couple, json!({ "status": "closed" })).await.expect_status(200);
    let mut wanted = case.wanted_export("Practice by the sea");
    wanted["partitions"] = json!([{ "kind": "joint" }, { "kind": "partner", "partner_id": case.kim.id }]);
    let export = case.counselor.post("/v1/exports", wanted).await.expect_status(202).text_at("/id");
    api::jobs::run_due(app.inside()).await.expect("jobs can be claimed");
    let made = case.counselor.get(format!("/v1/exports/{export}")).await.json();
    assert_eq!((&made["status"], &made["progress"]["done"]), (&json!("succeeded"), &json!(2)));
}
