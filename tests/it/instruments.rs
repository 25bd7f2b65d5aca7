//! Instruments: what the product knows, what a practice adds, and whose words it refuses to keep.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tenfold_tests::{app::TestApp, case::items, stories};

use crate::sign_ins::trail;

stories![
    the_known_ones_come_with_their_norms_and_no_item_text,
    a_practice_defines_its_own,
    item_text_needs_a_licence,
    new_norms_are_a_new_version,
    what_is_archived_can_be_brought_back,
    what_is_archived_gets_no_other_norms_until_it_is_brought_back,
    instruments_are_of_one_practice_and_for_clinical_staff,
];

/// Norms with one field set to another value.
pub(crate) fn norms(field: &str, value: Value) -> Value {
    let mut norms = json!({
        "name": "Evening scale", "better": "higher", "lowest": 0, "highest": 100, "cut_off": 60,
        "sd": 10, "reliability": 0.92, "source": "Our own 240 intakes, 2024 to 2026",
    });
    norms[field] = value;
    norms
}

fn evening() -> Value {
    json!({ "slug": "evening-scale", "norms": norms("lowest", json!(0)) })
}

async fn the_known_ones_come_with_their_norms_and_no_item_text(app: TestApp) {
    let anna = app.counselor("anna").await;

    let list = anna.get("/v1/instruments").await.expect_status(200).json();

    let slugs: Vec<_> = items(&list["items"]).iter().map(|one| one["slug"].clone()).collect();
    assert_eq!(slugs, ["csi-32", "csi-16", "csi-4", "rdas", "couple-relationship-scale"].map(Value::from));
    let rdas = anna.get("/v1/instruments/rdas").await.expect_status(200).json();
    let first = &rdas["versions"][0];
    assert_eq!(
        (&first["cut_off"], &first["reliable_points"], &first["sd"]),
        (&json!(47.31), &json!(12.0), &Value::Null)
    );
    assert_eq!((&rdas["shipped"], &first["items"], &first["licence"]), (&json!(true), &json!([]), &Value::Null));
}

async fn a_practice_defines_its_own(app: TestApp) {
    let anna = app.counselor("anna").await;

    let defined = anna.post("/v1/instruments", evening()).await.expect_status(201).json();

    assert_eq!(anna.get("/v1/instruments/evening-scale").await.expect_status(200).json(), defined);
    assert_eq!(defined["versions"][0]["reliability"], 0.92);
    assert_eq!(items(&anna.get("/v1/instruments").await.json()["items"]).len(), 6);
    for taken in ["evening-scale", "rdas"] {
        let again = json!({ "slug": taken, "norms": norms("lowest", json!(0)) });
        assert_eq!(anna.post("/v1/instruments", again).await.problem(), (422, "rule-broken".to_owned()));
    }
    for (field, value) in [
        ("reliability", json!(1)),
        ("reliability", Value::Null),
        ("reliable_points", json!(5)),
        ("highest", json!(-1)),
        ("cut_off", json!(101)),
        ("source", json!(" ")),
    ] {
        let wanted = json!({ "slug": "other", "norms": norms(field, value.clone()) });
        assert_eq!(anna.post("/v1/instruments", wanted).await.status(), 422, "{field}: {value}");
    }
}

async fn item_text_needs_a_licence(app: TestApp) {
    let anna = app.counselor("anna").await;
    let mut wanted = evening();
    wanted["norms"]["items"] = json!(["How was your evening?"]);
    assert_eq!(anna.post("/v1/instruments", wanted.clone()).await.problem(), (422, "rule-broken".to_owned()));

    wanted["norms"]["licence"] = json!("CC BY 4.0, by ourselves");

    let defined = anna.post("/v1/instruments", wanted).await.expect_status(201).json();
    assert_eq!(defined["versions"][0]["items"], json!(["How was your evening?"]));
}

async fn new_norms_are_a_new_version(app: TestApp) {
    let anna = app.counselor("anna").await;
    let before = anna.get("/v1/instruments/csi-16").await.json()["versions"][0].clone();
    let mut wanted = norms("highest", json!(81));
    wanted["cut_off"] = json!(51.5);

    let revise = |version: &str| {
        let request = TestRequest::put().uri("/v1/instruments/csi-16").insert_header(("If-Match", version));
        anna.send(request.set_json(&wanted))
    };

    let revised = revise("\"1\"").await.expect_status(200).json();

    assert_eq!((&revised["versions"][0], &revised["versions"][1]["number"]), (&before, &json!(2)));
    assert_eq!((&revised["shipped"], &revised["version"]), (&json!(true), &json!(2)));
    assert_eq!(revise("\"1\"").await.problem(), (412, "precondition-failed".to_owned()), "somebody else was first");
    revise("\"2\"").await.expect_status(200);
    assert_eq!(items(&anna.get("/v1/instruments/csi-16").await.json()["versions"]).len(), 3);
    let unknown = anna.put("/v1/instruments/nothing", norms("lowest", json!(0))).await;
    assert_eq!(unknown.problem(), (404, "not-found".to_owned()));
}

async fn what_is_archived_can_be_brought_back(app: TestApp) {
    let anna = app.counselor("anna").await;
    let archival = "/v1/instruments/rdas/archival";
    for (archived, version) in [(false, 1), (true, 2), (true, 2), (false, 3)] {
        let put = anna.put(archival, json!({ "archived": archived })).await.expect_status(200).json();
        assert_eq!((put["archived_at"].is_string(), &put["version"]), (archived, &json!(version)));
        app.advance(TimeDelta::minutes(1));
    }
    let trail = trail(&app.owner().await).await;
    let events = |action: &str| trail.iter().filter(|event| event["action"] == action).count();
    assert_eq!((events("instrument.archived"), events("instrument.brought_back")), (1, 1));
    let list = anna.get("/v1/instruments").await.json();
    assert_eq!((items(&list["items"]).len(), &list["items"][3]["archived_at"]), (5, &Value::Null));
}

async fn what_is_archived_gets_no_other_norms_until_it_is_brought_back(app: TestApp) {
    let anna = app.counselor("anna").await;
    let archive = async |archived: bool| {
        let put = anna.put("/v1/instruments/rdas/archival", json!({ "archived": archived })).await;
        put.expect_status(200);
    };
    let revise = async || anna.put("/v1/instruments/rdas", norms("lowest", json!(0))).await;
    archive(true).await;

    let refused = revise().await;
    assert_eq!(refused.problem(), (422, "rule-broken".to_owned()));
    let words = "this instrument is archived; bring it back before you give it other norms";
    assert_eq!(refused.text_at("/detail"), words);
    assert_eq!(items(&anna.get("/v1/instruments/rdas").await.json()["versions"]).len(), 1);

    archive(false).await;
    assert_eq!(items(&revise().await.expect_status(200).json()["versions"]).len(), 2);
}

async fn instruments_are_of_one_practice_and_for_clinical_staff(app: TestApp) {
    let anna = app.counselor("anna").await;
    anna.post("/v1/instruments", evening()).await.expect_status(201);

    let elsewhere = app.owner_of("lagoon").await;
    assert_eq!(elsewhere.get("/v1/instruments/evening-scale").await.problem(), (404, "not-found".to_owned()));
    assert_eq!(items(&elsewhere.get("/v1/instruments").await.json()["items"]).len(), 5);
    for person in [app.client("lee").await, app.assistant("tom").await] {
        assert_eq!(person.get("/v1/instruments").await.problem(), (403, "forbidden".to_owned()));
    }
    let susan = app.supervisor("susan").await;
    assert_eq!(susan.post("/v1/instruments", evening()).await.problem(), (403, "forbidden".to_owned()));
}
