//! Signing in, staying signed in, signing out.

use actix_web::{http::Method, test::TestRequest};
use chrono::TimeDelta;
use serde_json::{Value, json};
use tenfold_tests::{
    app::{PASSWORD, PRACTICE, TestApp},
    person::{Person, sign_in},
    stories,
};

stories![
    staff_and_clients_sign_in,
    whoever_is_not_let_in_learns_nothing,
    a_refresh_token_is_good_for_one_renewal,
    a_lost_answer_is_given_again,
    a_copied_refresh_token_ends_the_sign_in,
    staff_are_signed_out_when_idle_and_after_twelve_hours,
    clients_stay_signed_in_for_longer,
    who_signs_out_is_out_at_once,
    one_ends_ones_own_sign_ins_and_nobody_elses,
    sign_ins_are_listed_page_by_page,
    what_happened_is_in_the_trail_and_no_address_is,
    a_token_of_one_practice_opens_nothing_in_another,
];

/// What was done, oldest first.
pub(crate) async fn trail(owner: &Person) -> Vec<Value> {
    let reply = owner.get("/v1/audit-events?limit=100").await;
    let mut events = reply.json()["items"].as_array().cloned().unwrap_or_default();
    events.reverse();
    events
}

/// What of it was done to sign-ins and accounts.
fn actions(trail: &[Value], subject: &str) -> Vec<String> {
    let of_subject = trail.iter().filter(|event| event["subject_id"] == subject);
    of_subject.filter_map(|event| event["action"].as_str()).map(ToOwned::to_owned).collect()
}

async fn staff_and_clients_sign_in(app: TestApp) {
    let anna = app.counselor("anna").await;
    let kim = app.client("kim").await;

    let (of_anna, of_kim) = (anna.get("/v1/me").await.json(), kim.get("/v1/me").await.json());

    assert_eq!(
        (&of_anna["kind"], &of_anna["role"], &of_anna["name"]),
        (&json!("staff"), &json!("counselor"), &json!("anna"))
    );
    assert_eq!((&of_kim["kind"], &of_kim["role"], &of_kim["name"]), (&json!("client"), &Value::Null, &json!("kim")));
    assert_eq!(of_kim["practice"]["handle"], PRACTICE);
    assert_eq!(of_kim["sign_in_id"], kim.tokens().sign_in);
}

async fn whoever_is_not_let_in_learns_nothing(app: TestApp) {
    let owner = app.owner().await;
    let anna = app.counselor("anna").await;
    let invited = json!({ "role": "counselor", "name": "ben", "email": "ben@harbor.example" });
    owner.post("/v1/staff", invited).await.expect_status(201);
    let cleo = app.counselor("cleo").await;
    owner.post(format!("/v1/staff/{}/end", cleo.id), Value::Null).await.expect_status(200);

    let wrong_password = sign_in(&app, PRACTICE, &anna.email, "eight boats on the quay").await;
    let mut others = vec![
        sign_in(&app, "nowhere", &anna.email, PASSWORD).await,
        sign_in(&app, PRACTICE, "nobody@harbor.example", PASSWORD).await,
        sign_in(&app, PRACTICE, "ben@harbor.example", PASSWORD).await,
        sign_in(&app, PRACTICE, &cleo.email, PASSWORD).await,
    ];

    assert_eq!(wrong_password.problem(), (401, "invalid-credentials".to_owned()));
    let shown = |mut body: Value| {
        body.as_object_mut().and_then(|body| body.remove("request_id"));
        body
    };
    for other in others.drain(..) {
        assert_eq!((other.status(), shown(other.json())), (401, shown(wrong_password.json())));
        assert_eq!(other.header("www-authenticate"), wrong_password.header("www-authenticate"));
    }
}

async fn a_refresh_token_is_good_for_one_renewal(app: TestApp) {
    let anna = app.counselor("anna").await;
    let first = anna.tokens();

    app.advance(TimeDelta::minutes(9));
    let second = anna.refresh(&first.refresh).await.tokens(app.now());
    app.advance(TimeDelta::minutes(9));
    let third = anna.refresh(&second.refresh).await.tokens(app.now());

    assert_eq!((&first.sign_in, &second.sign_in), (&second.sign_in, &third.sign_in));
    anna.continue_with(&third);
    anna.send_as_held(TestRequest::get().uri("/v1/me")).await.expect_status(200);
    for none in ["tfr_x", "", &third.refresh.replace("tfr", "tfi"), &format!("{}x", third.refresh)] {
        assert!([400, 401].contains(&anna.refresh(none).await.status()), "{none}");
    }
}

async fn a_lost_answer_is_given_again(app: TestApp) {
    let anna = app.counselor("anna").await;
    let first = anna.tokens();

    let lost = anna.refresh(&first.refresh).await.tokens(app.now());
    app.advance(TimeDelta::seconds(10));
    let again = anna.refresh(&first.refresh).await.tokens(app.now());

    assert_eq!(lost.refresh, again.refresh);
    anna.refresh(&again.refresh).await.expect_status(200);
}

async fn a_copied_refresh_token_ends_the_sign_in(app: TestApp) {
    let owner = app.owner().await;
    let anna = app.counselor("anna").await;
    let copied = anna.tokens();
    let renewed = anna.refresh(&copied.refresh).await.tokens(app.now());

    app.advance(TimeDelta::seconds(11));
    let thief = anna.refresh(&copied.refresh).await;

    assert_eq!(thief.problem(), (401, "invalid-refresh-token".to_owned()));
    assert_eq!(anna.refresh(&renewed.refresh).await.problem(), (401, "invalid-refresh-token".to_owned()));
    anna.continue_with(&renewed);
    assert_eq!(anna.get("/v1/me").await.problem(), (401, "unauthenticated".to_owned()));
    assert_eq!(actions(&trail(&owner).await, &copied.sign_in), ["sign_in.made", "sign_in.reused"]);
}

async fn staff_are_signed_out_when_idle_and_after_twelve_hours(app: TestApp) {
    let anna = app.counselor("anna").await;
    let idle = anna.tokens();
    let mut used = anna.sign_in().await;

    app.advance(TimeDelta::minutes(29));
    used = anna.refresh(&used.refresh).await.tokens(app.now());
    app.advance(TimeDelta::minutes(2));
    assert_eq!(anna.refresh(&idle.refresh).await.status(), 401);
    used = anna.refresh(&used.refresh).await.tokens(app.now());

    let beginning = app.now() - TimeDelta::minutes(31);
    while app.now() < beginning + TimeDelta::hours(13) {
        app.advance(TimeDelta::minutes(29));
        let reply = anna.refresh(&used.refresh).await;
        if reply.status() == 401 {
            break;
        }
        used = reply.tokens(app.now());
    }
    let signed_in = app.now() - beginning;
    assert!((TimeDelta::hours(12)..TimeDelta::minutes(12 * 60 + 29)).contains(&signed_in), "{signed_in}");
}

async fn clients_stay_signed_in_for_longer(app: TestApp) {
    let kim = app.client("kim").await;
    let first = kim.tokens();

    app.advance(TimeDelta::days(2));

    kim.refresh(&first.refresh).await.expect_status(200);
    app.advance(TimeDelta::days(4));
    assert_eq!(kim.refresh(&first.refresh).await.status(), 401);
}

async fn who_signs_out_is_out_at_once(app: TestApp) {
    let anna = app.counselor("anna").await;
    let here = anna.tokens();
    let elsewhere = anna.sign_in().await;

    anna.continue_with(&here);
    anna.delete("/v1/sign-ins/current").await.expect_status(204);

    assert_eq!(anna.get("/v1/me").await.problem(), (401, "unauthenticated".to_owned()));
    assert_eq!(anna.refresh(&here.refresh).await.status(), 401);
    anna.continue_with(&elsewhere);
    anna.get("/v1/me").await.expect_status(200);
}

async fn one_ends_ones_own_sign_ins_and_nobody_elses(app: TestApp) {
    let (anna, kim) = (app.counselor("anna").await, app.client("kim").await);
    let stolen = anna.tokens();
    anna.sign_in().await;

    assert_eq!(kim.delete(format!("/v1/sign-ins/{}", stolen.sign_in)).await.status(), 404);
    anna.delete(format!("/v1/sign-ins/{}", stolen.sign_in)).await.expect_status(204);

    assert_eq!(anna.delete(format!("/v1/sign-ins/{}", stolen.sign_in)).await.status(), 404);
    assert_eq!(anna.refresh(&stolen.refresh).await.status(), 401);
}

async fn sign_ins_are_listed_page_by_page(app: TestApp) {
    let anna = app.counselor("anna").await;
    let body = json!({ "practice": PRACTICE, "email": anna.email, "password": PASSWORD });
    app.advance(TimeDelta::seconds(1));
    let agent = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0");
    let request = TestRequest::default().method(Method::POST).uri("/v1/sign-ins");
    app.nobody().send(request.insert_header(agent).set_json(body)).await.expect_status(201);

    let first = anna.get("/v1/sign-ins?limit=1").await.json();
    let cursor = first["next_cursor"].as_str().expect("there is more");
    let second = anna.get(format!("/v1/sign-ins?limit=1&cursor={cursor}")).await.json();

    assert_eq!((&first["items"][0]["current"], &first["items"][0]["device"]), (&json!(true), &Value::Null));
    assert_eq!((&second["items"][0]["current"], &second["next_cursor"]), (&json!(false), &Value::Null));
    assert_eq!(second["items"][0]["device"], "Firefox on Linux");
}

async fn what_happened_is_in_the_trail_and_no_address_is(app: TestApp) {
    let owner = app.owner().await;
    let anna = app.counselor("anna").await;
    assert_eq!(anna.try_to_sign_in("eight boats on the quay").await.status(), 401);
    assert_eq!(sign_in(&app, PRACTICE, "nobody@harbor.example", PASSWORD).await.status(), 401);
    anna.delete("/v1/sign-ins/current").await.expect_status(204);

    let trail = trail(&owner).await;

    let id = anna.id.to_string();
    assert_eq!(actions(&trail, &id), ["staff.added", "sign_in.failed"]);
    assert_eq!(actions(&trail, &anna.tokens().sign_in), ["sign_in.made", "sign_in.ended"]);
    let made = trail.iter().find(|event| event["subject_id"] == anna.tokens().sign_in).expect("it is there");
    assert_eq!((&made["actor_kind"], &made["actor_id"]), (&json!("staff"), &json!(id)));
    assert_eq!(made["sign_in_id"], anna.tokens().sign_in);
    assert!(!json!(trail).to_string().contains("example"));
    let asked = anna.sign_in().await;
    assert_eq!(anna.get("/v1/audit-events").await.problem().0, 403, "{}", asked.sign_in);
}

async fn a_token_of_one_practice_opens_nothing_in_another(app: TestApp) {
    let (owner, other) = (app.owner().await, app.owner_of("lagoon").await);

    assert_eq!(other.get(format!("/v1/staff/{}", owner.id)).await.status(), 404);
    assert_eq!(other.delete(format!("/v1/sign-ins/{}", owner.tokens().sign_in)).await.status(), 404);
    assert_eq!(sign_in(&app, "lagoon", &owner.email, PASSWORD).await.status(), 401);
    let token = owner.tokens().refresh;
    let (_, rest) = token.split_once('_').expect("a token has parts");
    let (_, rest) = rest.split_once('_').expect("a token has parts");
    let lagoon = other.get("/v1/practice").await.text_at("/id").replace('-', "");
    assert_eq!(owner.refresh(&format!("tfr_{lagoon}_{rest}")).await.status(), 401);
    owner.refresh(&token).await.expect_status(200);
}
