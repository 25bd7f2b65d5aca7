//! Taking on couples: who is in them, who treats them, and what has to be settled first.

use actix_web::test::TestRequest;
use chrono::TimeDelta;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, in_any_order, items},
    stories,
};
use uuid::Uuid;

stories![
    a_counselor_takes_on_a_couple_and_others_do_not_see_it,
    a_colleague_joins_the_care_team_and_leaves_it,
    a_partner_leaves_and_comes_back,
    who_comes_later_learns_nothing_of_who_was_there_before,
    a_counselor_who_left_does_not_hold_up_a_separation,
    no_day_lies_outside_of_the_calendar,
    a_couple_is_changed_by_whoever_saw_its_latest_version,
    nobody_from_elsewhere_is_let_into_a_couple,
    taking_on_a_couple_twice_with_one_key_takes_it_on_once,
    couples_are_listed_page_by_page,
    a_partner_sees_the_couple_without_the_counselors_label,
    what_broke_the_trust_is_kept_from_the_partners,
    a_policy_is_followed_by_another_and_acknowledged_anew,
    who_comes_later_sees_no_policy_of_before,
    each_partner_is_screened_alone,
];

async fn a_counselor_takes_on_a_couple_and_others_do_not_see_it(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let (ben, owner) = (app.counselor("ben").await, app.owner().await);
    let path = format!("/v1/couples/{}", case.couple);

    let seen = case.counselor.get(&path).await.expect_status(200).json();
    assert_eq!((&seen["status"], seen["partners"][0]["name"].as_str()), (&json!("intake"), Some("lee")));
    assert_eq!(seen["primary_counselor_id"], json!(case.counselor.id));
    owner.get(&path).await.expect_status(200);
    assert_eq!(ben.get(&path).await.problem(), (404, "not-found".to_owned()));
    assert_eq!(items(&ben.get("/v1/couples").await.json()["items"]).len(), 0);
    assert_eq!(ben.get(format!("/v1/clients/{}", case.lee.person.id)).await.status(), 404);
}

async fn a_colleague_joins_the_care_team_and_leaves_it(app: TestApp) {
    let (case, ben) = (Case::lee_and_kim(&app).await, app.counselor("ben").await);
    let path = format!("/v1/couples/{}", case.couple);

    case.counselor.patch(&path, json!({ "care_team": [ben.id] })).await.expect_status(200);
    ben.get(&path).await.expect_status(200);
    case.counselor.patch(&path, json!({ "care_team": [] })).await.expect_status(200);
    assert_eq!(ben.get(&path).await.status(), 404);
}

async fn a_partner_leaves_and_comes_back(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let path = format!("/v1/couples/{}", case.couple);

    case.counselor.delete(format!("{path}/partners/{}", case.kim.id)).await.expect_status(200);
    assert_eq!(case.kim.person.get(&path).await.status(), 404);

    app.advance(TimeDelta::days(30));
    let back = case.counselor.post(format!("{path}/partners"), json!({ "client_id": case.kim.person.id })).await;
    let partners = back.expect_status(201).json()["partners"].clone();
    assert_eq!(items(&partners).len(), 3, "who comes back gets a new membership");
    assert_eq!(partners[2]["client_id"], partners[1]["client_id"]);
    case.kim.person.get(&path).await.expect_status(200);
}

async fn who_comes_later_learns_nothing_of_who_was_there_before(app: TestApp) {
    let (case, jo) = (Case::lee_and_kim(&app).await, app.client("jo").await);
    let path = format!("/v1/couples/{}", case.couple);
    let starts_at = app.now() + TimeDelta::hours(1);
    let joint = json!({ "starts_at": starts_at, "minutes": 50, "place": "office" });
    case.counselor.post(format!("{path}/sessions"), joint).await.expect_status(201);
    app.advance(TimeDelta::days(7));
    case.counselor.delete(format!("{path}/partners/{}", case.kim.id)).await.expect_status(200);
    case.counselor.post(format!("{path}/partners"), json!({ "client_id": jo.id })).await.expect_status(201);

    let seen = jo.get(&path).await.expect_status(200).json();
    let names: Vec<_> = items(&seen["partners"]).iter().map(|partner| partner["name"].clone()).collect();
    assert_eq!(names, [json!("lee"), json!("jo")]);
    assert_eq!(items(&jo.get(format!("{path}/sessions")).await.json()["items"]).len(), 0);
    assert_eq!(items(&case.lee.person.get(format!("{path}/sessions")).await.json()["items"]).len(), 1);
}

async fn a_counselor_who_left_does_not_hold_up_a_separation(app: TestApp) {
    let (case, ben, owner) = (Case::lee_and_kim(&app).await, app.counselor("ben").await, app.owner().await);
    let path = format!("/v1/couples/{}", case.couple);
    case.counselor.patch(&path, json!({ "care_team": [ben.id] })).await.expect_status(200);
    owner.post(format!("/v1/staff/{}/end", ben.id), Value::Null).await.expect_status(200);

    case.counselor.patch(&path, json!({ "status": "separated" })).await.expect_status(200);
}

async fn no_day_lies_outside_of_the_calendar(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let couple = format!("/v1/couples/{}", case.couple);

    let progress = case.counselor.get(format!("{couple}/progress?view=shared&until=-262143-01-01")).await;
    assert_eq!(progress.problem(), (400, "malformed-parameter".to_owned()));
    let ancient = json!({ "what": "to call", "recurrence": "FREQ=DAILY", "starts_on": "0001-01-01" });
    let refused = case.lee.person.post(format!("{couple}/promises"), ancient).await;
    assert_eq!(refused.json()["errors"][0]["pointer"], json!("/starts_on"));
    let long_ago = json!({ "what": "to call", "recurrence": "FREQ=DAILY", "starts_on": "1990-01-01" });
    assert_eq!(case.lee.person.post(format!("{couple}/promises"), long_ago).await.status(), 422);
}

async fn a_couple_is_changed_by_whoever_saw_its_latest_version(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let path = format!("/v1/couples/{}", case.couple);
    let change = |version: Option<&str>| {
        let request = TestRequest::patch().uri(&path).set_json(json!({ "status": "active" }));
        match version {
            Some(version) => request.insert_header(("if-match", format!("\"{version}\""))),
            None => request,
        }
    };

    assert_eq!(case.counselor.send(change(None)).await.problem(), (428, "precondition-required".to_owned()));
    assert_eq!(case.counselor.send(change(Some("7"))).await.problem(), (412, "precondition-failed".to_owned()));
    let changed = case.counselor.send(change(Some("1"))).await;
    assert_eq!((changed.status(), changed.header("etag")), (200, "\"2\""));
}

async fn nobody_from_elsewhere_is_let_into_a_couple(app: TestApp) {
    let (anna, stranger) = (app.counselor("anna").await, app.owner_of("lighthouse").await);
    let theirs = stranger.post("/v1/clients", json!({ "name": "Jo" })).await.created();

    let opened = anna.post("/v1/couples", json!({ "partners": [{ "client_id": theirs }] })).await;
    assert_eq!(opened.problem(), (422, "invalid-fields".to_owned()));
    let team = json!({ "partners": [{ "client_id": Uuid::nil() }], "care_team": [stranger.id] });
    assert_eq!(anna.post("/v1/couples", team).await.status(), 422);
    assert_eq!(items(&anna.get("/v1/couples").await.json()["items"]).len(), 0);
}

async fn taking_on_a_couple_twice_with_one_key_takes_it_on_once(app: TestApp) {
    let (anna, jo) = (app.counselor("anna").await, app.client("jo").await);
    let open = |label: &str| {
        let wanted = json!({ "label": label, "partners": [{ "client_id": jo.id }] });
        let request = TestRequest::post().uri("/v1/couples").set_json(wanted);
        request.insert_header(("idempotency-key", "first-visit"))
    };

    let first = anna.send(open("Jo")).await;
    let again = anna.send(open("Jo")).await;

    assert_eq!((first.status(), again.status()), (201, 201));
    assert_eq!((first.json(), first.header("location")), (again.json(), again.header("location")));
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(anna.send(open("Joe")).await.problem(), (422, "idempotency-key-reused".to_owned()));
    assert_eq!(items(&anna.get("/v1/couples").await.json()["items"]).len(), 1);
}

async fn couples_are_listed_page_by_page(app: TestApp) {
    let (anna, jo) = (app.counselor("anna").await, app.client("jo").await);
    let mut opened = Vec::new();
    for _ in 0..5 {
        opened.push(anna.post("/v1/couples", json!({ "partners": [{ "client_id": jo.id }] })).await.created());
    }

    let (mut listed, mut next) = (Vec::new(), String::new());
    loop {
        let page = anna.get(format!("/v1/couples?limit=2{next}")).await.expect_status(200).json();
        listed.extend(items(&page["items"]).iter().filter_map(|couple| couple["id"].as_str()?.parse::<Uuid>().ok()));
        let Some(cursor) = page["next_cursor"].as_str() else { break };
        next = format!("&cursor={cursor}");
    }

    assert_eq!(listed, opened);
    assert_eq!(anna.get("/v1/couples?cursor=nonsense").await.problem(), (400, "invalid-cursor".to_owned()));
    assert_eq!(anna.get("/v1/couples?page=2").await.problem(), (400, "malformed-parameter".to_owned()));
}

async fn a_partner_sees_the_couple_without_the_counselors_label(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let path = format!("/v1/couples/{}", case.couple);
    case.counselor.patch(&path, json!({ "label": "the ones with the boat" })).await.expect_status(200);

    assert_eq!(case.counselor.get(&path).await.json()["label"], json!("the ones with the boat"));
    assert_eq!(case.lee.person.get(&path).await.json()["label"], Value::Null);
}

async fn what_broke_the_trust_is_kept_from_the_partners(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let roles = json!([{ "partner_id": case.lee.id, "role": "caused" }, { "partner_id": case.kim.id, "role": "hurt" }]);
    let breach = json!({ "kind": "secrecy", "came_to_light": "discovered", "roles": roles, "description": "the debt" });
    let breach = case.record_breach(breach).await;

    let seen = case.counselor.get(format!("/v1/breaches/{breach}")).await.expect_status(200).json();
    assert_eq!((&seen["description"], &seen["roles"]), (&json!("the debt"), &roles));
    assert_eq!(case.kim.person.get(format!("/v1/breaches/{breach}")).await.status(), 403);
    let future = json!({ "kind": "secrecy", "came_to_light": "unknown", "happened_on": "2031-01-01" });
    let refused = case.counselor.post(format!("/v1/couples/{}/breaches", case.couple), future).await;
    assert_eq!(refused.json()["detail"], json!("a breach lies in the past"));
}

async fn a_policy_is_followed_by_another_and_acknowledged_anew(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    case.assign(json!({ "exercise": "root-cause" })).await;

    let second = case.set_policy(json!({ "kind": "no_secrets" })).await;

    let path = format!("/v1/couples/{}/assignments", case.couple);
    assert_eq!(case.counselor.post(&path, in_any_order(json!({ "exercise": "apology" }))).await.status(), 422);
    let on_paper = json!({ "partner_id": case.lee.id });
    let acknowledgements = format!("/v1/policies/{second}/acknowledgements");
    case.counselor.post(&acknowledgements, on_paper).await.expect_status(201);
    case.kim.person.post(&acknowledgements, json!({})).await.expect_status(201);
    case.counselor.post(&path, in_any_order(json!({ "exercise": "apology" }))).await.expect_status(201);
    let versions = case.lee.person.get(format!("/v1/couples/{}/policies", case.couple)).await.json();
    let numbers: Vec<_> = items(&versions["items"]).iter().map(|policy| policy["number"].clone()).collect();
    assert_eq!(numbers, [json!(1), json!(2)]);
}

async fn who_comes_later_sees_no_policy_of_before(app: TestApp) {
    let (case, jo) = (Case::lee_and_kim(&app).await, app.client("jo").await);
    let couple = format!("/v1/couples/{}", case.couple);
    let policies = format!("{couple}/policies");
    let first = case.lee.person.get(&policies).await.text_at("/items/0/id");
    app.advance(TimeDelta::days(1));
    let second = case.set_policy(json!({ "kind": "no_secrets", "text": "as Lee and Kim wished" })).await;
    let on_paper = json!({ "partner_id": case.kim.id });
    case.counselor.post(format!("/v1/policies/{second}/acknowledgements"), on_paper).await.expect_status(201);
    app.advance(TimeDelta::days(1));
    case.counselor.delete(format!("{couple}/partners/{}", case.kim.id)).await.expect_status(200);
    let third = case.set_policy(json!({ "kind": "individual" })).await;
    case.counselor.post(format!("{couple}/partners"), json!({ "client_id": jo.id })).await.expect_status(201);

    let seen = jo.get(&policies).await.expect_status(200).json();
    let ids: Vec<_> = items(&seen["items"]).iter().map(|policy| policy["id"].clone()).collect();
    assert_eq!(ids, [json!(third)], "what was agreed with somebody else is not theirs");
    for before in [first, second.to_string()] {
        let acknowledged = jo.post(format!("/v1/policies/{before}/acknowledgements"), json!({})).await;
        assert_eq!(acknowledged.problem(), (404, "not-found".to_owned()));
    }
    jo.post(format!("/v1/policies/{third}/acknowledgements"), json!({})).await.expect_status(201);
    for person in [&case.lee.person, &case.counselor] {
        assert_eq!(items(&person.get(&policies).await.json()["items"]).len(), 3);
    }
    let fourth = case.set_policy(json!({ "kind": "limited_secrets" })).await;
    let known: Vec<_> =
        items(&jo.get(&policies).await.json()["items"]).iter().map(|policy| policy["id"].clone()).collect();
    assert_eq!(known, [json!(third), json!(fourth)]);
}

async fn each_partner_is_screened_alone(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    case.screen(&case.kim, json!({ "status": "concern", "note": "afraid to say no" })).await;

    let path = format!("/v1/couples/{}/assignments", case.couple);
    let joint = case.counselor.post(&path, json!({ "exercise": "shared-rituals" })).await;
    assert_eq!(joint.problem(), (422, "rule-broken".to_owned()));
    let with_reason = json!({ "exercise": "shared-rituals", "overrides": { "safety": "agreed with both, alone" } });
    let given = case.counselor.post(&path, in_any_order(with_reason)).await.expect_status(201).json();
    assert_eq!(given["safety_override"]["reason"], json!("agreed with both, alone"));
    let seen = case.lee.person.get(format!("/v1/assignments/{}", given["id"].as_str().unwrap_or(""))).await.json();
    assert_eq!(seen["safety_override"], Value::Null, "the other partner can't infer it");
    for partner in [&case.lee, &case.kim] {
        let safety = format!("/v1/couples/{}/safety", case.couple);
        assert_eq!(partner.person.get(safety).await.status(), 403);
    }
}
