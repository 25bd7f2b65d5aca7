//! One's own account.

use serde_json::json;
use tenfold_tests::{
    app::{PASSWORD, TestApp},
    stories,
};

stories![another_password_signs_out_everywhere_else, a_password_that_is_easy_to_guess_is_refused];

const NEW: &str = "nine herons over the pier";

async fn another_password_signs_out_everywhere_else(app: TestApp) {
    let anna = app.counselor("anna").await;
    let elsewhere = anna.tokens();
    let here = anna.sign_in().await;

    let change = json!({ "current_password": PASSWORD, "new_password": NEW });
    anna.post("/v1/me/password", change).await.expect_status(204);

    anna.get("/v1/me").await.expect_status(200);
    assert_eq!(anna.refresh(&elsewhere.refresh).await.status(), 401);
    anna.refresh(&here.refresh).await.expect_status(200);
    assert_eq!(anna.try_to_sign_in(PASSWORD).await.status(), 401);
    anna.try_to_sign_in(NEW).await.expect_status(201);
}

async fn a_password_that_is_easy_to_guess_is_refused(app: TestApp) {
    let anna = app.counselor("anna").await;

    for (password, code) in
        [("too short", "length"), ("passwordpassword", "too-common"), ("harbor harbor 12", "too-easy-to-guess")]
    {
        let change = json!({ "current_password": PASSWORD, "new_password": password });
        let reply = anna.post("/v1/me/password", change).await;
        assert_eq!((reply.status(), reply.text_at("/errors/0/code").as_str()), (422, code));
        assert_eq!(reply.text_at("/errors/0/pointer"), "/new_password");
    }
    anna.try_to_sign_in(PASSWORD).await.expect_status(201);
}
