//! "Not ready" is a full answer: the other learns that the exercise rests, and not why, nor since when. And neither partner learns why
//! something is paused for both: their counselor wants it so, or the safety of one of them does.

use actix_web::test::TestRequest;
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner, items},
    stories,
};
use uuid::Uuid;

use super::{
    hidden::pause_joint_work,
    side_channels::{same_ids_from_here, twin_of},
    view::{Known, SAME_REQUEST, assert_same, entry},
};

stories![
    the_other_sees_only_that_the_exercise_is_paused,
    what_is_written_takes_no_pause_back,
    what_the_gate_holds_looks_like_what_their_counselor_paused,
    what_the_gate_lets_go_looks_like_what_their_counselor_lets_go_on,
];

async fn the_other_sees_only_that_the_exercise_is_paused(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
    case.lee.draft(assignment, entry("shared")).await;
    let as_begun = standing(&case.kim, assignment, &case.lee).await;

    for (status, paused) in [("skipped", false), ("opened", false), ("not_ready", true), ("in_progress", false)] {
        app.advance(chrono::TimeDelta::minutes(5));
        say(&case.lee, assignment, status).await;

        let own = standing(&case.lee, assignment, &case.lee).await;
        assert_eq!(
            (&own["status"], &own["paused"]),
            (&json!(status), &json!(paused)),
            "the partner's own view is whole"
        );
        assert!(own["changed_at"].is_string());
        let (partner, unknown) = (case.lee.id, Value::Null);
        let expected = json!({
            "partner_id": partner, "paused": paused, "status": unknown, "changed_at": unknown, "overdue_since": unknown,
        });
        assert_eq!(standing(&case.kim, assignment, &case.lee).await, expected, "{status}");
        let path = format!("/v1/assignments/{assignment}");
        assert_eq!(case.counselor.get(path).await.json()["standings"][0]["status"], json!(status));
    }

    assert_eq!(standing(&case.kim, assignment, &case.lee).await, as_begun, "nothing is left of the pause");
}

async fn what_is_written_takes_no_pause_back(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "transparent-communication" })).await;
    say(&case.lee, assignment, "not_ready").await;

    let talk = case.answers_of(Kind::TalkLog, &case.kim).await;
    case.kim.draft(assignment, json!({ "answers": talk })).await;

    assert_eq!(standing(&case.lee, assignment, &case.lee).await["status"], json!("not_ready"));
    assert_eq!(standing(&case.kim, assignment, &case.lee).await["paused"], json!(true));
    case.lee.draft(assignment, json!({ "answers": Kind::VolunteeredInformation.example() })).await;
    assert_eq!(standing(&case.lee, assignment, &case.lee).await["status"], json!("not_ready"), "nor does their own");
    say(&case.lee, assignment, "in_progress").await;
    assert_eq!(standing(&case.kim, assignment, &case.lee).await["paused"], json!(false), "a word of theirs does");
}

/// In one of the twins the counselor pauses joint work, in the other Lee is not clear. Each partner is shown the same, whatever they ask,
/// and told the same, whatever they try.
async fn what_the_gate_holds_looks_like_what_their_counselor_paused(app: TestApp) {
    let twin = twin_of(&app).await;
    let (held, paused) = (Half::begin(&app).await, Half::begin(&twin).await);
    assert_eq!((&held.known.0, &held.written), (&paused.known.0, &paused.written), "the twins do the same");
    let as_it_was = [held.reads().await, paused.reads().await];

    held.case.screen(&held.case.lee, json!({ "status": "stop", "note": "Lee is afraid." })).await;
    pause_joint_work(&paused.case).await;
    same_ids_from_here(&app, &twin);

    for (of_held, of_paused) in held.both().into_iter().zip(paused.both()) {
        let view = held.known.view(&of_held.person).await;
        assert_same(&paused.known.view(&of_paused.person).await, &view, "who is not safe");
        assert!(view.values().any(|answer| answer.contains("\"paused\":true")), "nothing was paused");
        let told = held.tries(of_held).await;
        assert_eq!(told, paused.tries(of_paused).await);
        assert!(told.iter().all(|answer| answer.starts_with("422") && answer.contains("is paused")), "{told:#?}");
    }
    assert_eq!([held.reads().await, paused.reads().await], as_it_was, "what was written is as it was, drafts too");
}

async fn what_the_gate_lets_go_looks_like_what_their_counselor_lets_go_on(app: TestApp) {
    let twin = twin_of(&app).await;
    let (held, paused) = (Half::begin(&app).await, Half::begin(&twin).await);
    held.case.screen(&held.case.lee, json!({ "status": "concern" })).await;
    pause_joint_work(&paused.case).await;

    let path = format!("/v1/assignments/{}", held.known.assignment());
    let reason = json!({ "reason": "Both asked for it, each alone." });
    held.case.counselor.put(format!("{path}/safety-override"), reason).await.expect_status(200);
    let goes_on = json!({ "paused": false });
    paused.case.counselor.put(format!("{path}/pause"), goes_on).await.expect_status(200);
    same_ids_from_here(&app, &twin);

    for (of_held, of_paused) in held.both().into_iter().zip(paused.both()) {
        let view = held.known.glance(&of_held.person).await;
        assert_same(&paused.known.glance(&of_paused.person).await, &view, "a reason to go on");
        assert!(view[&path].contains("\"paused\":false"), "{}", view[&path]);
        assert_eq!(held.tries(of_held).await, paused.tries(of_paused).await);
    }
}

/// One of two twins: a couple with something written for an exercise that both have.
struct Half {
    case: Case,
    known: Known,
    /// A draft and an entry of Lee's, a draft and an entry of Kim's.
    written: [Uuid; 4],
}

impl Half {
    async fn begin(app: &TestApp) -> Self {
        let case = Case::lee_and_kim(app).await;
        let known = Known::after_sharing(&case).await;
        let assignment = known.assignment();
        let written = [
            case.lee.draft(assignment, entry("shared")).await,
            case.lee.submit(assignment, entry("shared")).await,
            case.kim.draft(assignment, entry("counselor_only")).await,
            case.kim.submit(assignment, entry("counselor_only")).await,
        ];
        Self { case, known, written }
    }

    fn both(&self) -> [&Partner; 2] {
        [&self.case.lee, &self.case.kim]
    }

    /// What each partner reads of what was written.
    async fn reads(&self) -> Vec<String> {
        let mut read = Vec::new();
        for partner in self.both() {
            for entry in self.written {
                let request = TestRequest::get().uri(&format!("/v1/entries/{entry}")).insert_header(SAME_REQUEST);
                read.push(partner.person.send(request).await.whole());
            }
        }
        read
    }

    /// What a partner is answered to everything that they could write for the exercise.
    async fn tries(&self, partner: &Partner) -> Vec<String> {
        let at = if partner.id == self.case.lee.id { 0 } else { 2 };
        let [draft, submitted] = [at, at + 1].map(|at| format!("/v1/entries/{}", self.written[at]));
        let assignment = format!("/v1/assignments/{}", self.known.assignment());
        let answers = json!({ "answers": entry("")["answers"] });
        let mut told = Vec::new();
        for (request, body) in [
            (TestRequest::post().uri(&format!("{assignment}/entries")), answers.clone()),
            (TestRequest::patch().uri(&draft), answers.clone()),
            (TestRequest::put().uri(&format!("{submitted}/visibility")), json!({ "visibility": "shared" })),
            (TestRequest::post().uri(&format!("{submitted}/corrections")), answers),
            (TestRequest::post().uri(&format!("{draft}/submission")), Value::Null),
            (
                TestRequest::put().uri(&format!("{assignment}/standings/{}", partner.id)),
                json!({ "status": "not_ready" }),
            ),
        ] {
            let request = request.insert_header(SAME_REQUEST).insert_header(("if-match", "*"));
            let request = if body.is_null() { request } else { request.set_json(body) };
            told.push(partner.person.send(request).await.whole());
        }
        told
    }
}

async fn say(partner: &Partner, assignment: Uuid, status: &str) {
    let path = format!("/v1/assignments/{assignment}/standings/{}", partner.id);
    partner.person.put(path, json!({ "status": status })).await.expect_status(200);
}

/// Where one partner stands, as another sees it, in the list as by itself.
async fn standing(reader: &Partner, assignment: Uuid, of: &Partner) -> Value {
    let seen = reader.person.get(format!("/v1/assignments/{assignment}")).await.expect_status(200).json();
    let couple = seen["couple_id"].as_str().expect("an id");
    let listed = reader.person.get(format!("/v1/couples/{couple}/assignments")).await.expect_status(200).json();
    assert!(items(&listed["items"]).contains(&seen), "the list shows the same");
    let standings = items(&seen["standings"]).iter();
    standings.into_iter().find(|standing| standing["partner_id"] == json!(of.id)).cloned().unwrap_or_default()
}
