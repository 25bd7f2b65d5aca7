//! People of a story, and what they are answered.

use std::{cell::RefCell, fmt::Display};

use actix_web::{
    http::{
        Method, StatusCode,
        header::{HeaderMap, HeaderName},
    },
    test::TestRequest,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{PASSWORD, TestApp};

/// Someone who asks the server for something. Signs in again by themselves when their access token has run out.
pub struct Person {
    app: TestApp,
    /// The id of the staff member or client.
    pub id: Uuid,
    /// The address they sign in with.
    pub email: String,
    /// The handle of their practice.
    pub practice: String,
    /// Their password now.
    pub password: RefCell<String>,
    tokens: RefCell<Option<Tokens>>,
}

/// What a sign-in gives.
#[derive(Debug, Clone)]
pub struct Tokens {
    /// Shown at each request.
    pub access: String,
    /// Gets the next pair.
    pub refresh: String,
    /// The sign-in.
    pub sign_in: String,
    until: DateTime<Utc>,
}

impl Person {
    pub(crate) fn nobody(app: TestApp) -> Self {
        Self::new(app, Uuid::nil(), "nobody", "nowhere")
    }

    pub(crate) fn new(app: TestApp, id: Uuid, name: &str, practice: &str) -> Self {
        let (email, practice) = (format!("{name}@{practice}.example"), practice.to_owned());
        Self { app, id, email, practice, password: RefCell::new(PASSWORD.to_owned()), tokens: RefCell::new(None) }
    }

    pub(crate) async fn signed_in(self) -> Self {
        self.sign_in().await;
        self
    }

    /// Signs in, on another device if they are signed in already, and goes on with that one.
    ///
    /// # Panics
    /// If they are not let in.
    pub async fn sign_in(&self) -> Tokens {
        let password = self.password.borrow().clone();
        let tokens = self.try_to_sign_in(&password).await.tokens(self.app.now());
        self.continue_with(&tokens);
        tokens
    }

    /// Tries a password.
    pub async fn try_to_sign_in(&self, password: &str) -> Reply {
        sign_in(&self.app, &self.practice, &self.email, password).await
    }

    /// Accepts an invitation with their password.
    pub async fn accept(&self, token: &str) -> Reply {
        let body = json!({ "token": token, "password": *self.password.borrow() });
        self.app.ask(TestApp::request(Method::POST, "/v1/invitations/acceptance").set_json(body)).await
    }

    /// Renews a sign-in, and does not go on with it.
    pub async fn refresh(&self, token: &str) -> Reply {
        let body = json!({ "refresh_token": token });
        self.app.ask(TestApp::request(Method::POST, "/v1/sign-ins/refresh").set_json(body)).await
    }

    /// Goes on with these.
    pub fn continue_with(&self, tokens: &Tokens) {
        self.tokens.replace(Some(tokens.clone()));
    }

    /// What they hold.
    ///
    /// # Panics
    /// If they are not signed in.
    #[must_use]
    pub fn tokens(&self) -> Tokens {
        self.tokens.borrow().clone().unwrap_or_else(|| panic!("{} is not signed in", self.email))
    }

    /// Reads.
    pub async fn get(&self, path: impl Display) -> Reply {
        self.send(TestApp::request(Method::GET, &path.to_string())).await
    }

    /// Creates or does something; `Value::Null` sends no body.
    pub async fn post(&self, path: impl Display, body: Value) -> Reply {
        self.send(with_body(TestApp::request(Method::POST, &path.to_string()), &body)).await
    }

    /// Puts something in its place.
    pub async fn put(&self, path: impl Display, body: Value) -> Reply {
        self.send(with_body(TestApp::request(Method::PUT, &path.to_string()), &body)).await
    }

    /// Changes something, whichever version is there.
    pub async fn patch(&self, path: impl Display, body: Value) -> Reply {
        self.send(with_body(TestApp::request(Method::PATCH, &path.to_string()), &body)).await
    }

    /// Removes or ends something.
    pub async fn delete(&self, path: impl Display) -> Reply {
        self.send(TestApp::request(Method::DELETE, &path.to_string())).await
    }

    /// Sends a request of the test's own making, as this person.
    pub async fn send(&self, request: TestRequest) -> Reply {
        let held = self.tokens.borrow().clone();
        if held.is_some_and(|tokens| tokens.until <= self.app.now()) {
            self.sign_in().await;
        }
        self.send_as_held(request).await
    }

    /// The same with the access token they hold, even if it has run out.
    pub async fn send_as_held(&self, request: TestRequest) -> Reply {
        let bearer = self.tokens.borrow().as_ref().map(|tokens| format!("Bearer {}", tokens.access));
        let request = match bearer {
            Some(bearer) => request.insert_header(("authorization", bearer)),
            None => request,
        };
        self.app.ask(request).await
    }
}

fn with_body(request: TestRequest, body: &Value) -> TestRequest {
    if body.is_null() { request } else { request.set_json(body) }
}

/// Tries to sign in as anyone at any practice.
pub async fn sign_in(app: &TestApp, practice: &str, email: &str, password: &str) -> Reply {
    let body = json!({ "practice": practice, "email": email, "password": password });
    app.ask(TestApp::request(Method::POST, "/v1/sign-ins").set_json(body)).await
}

/// What the server answered.
#[derive(Debug)]
pub struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Reply {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, body: Vec<u8>) -> Self {
        Self { status, headers, body }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status.as_u16()
    }

    /// The body, for files.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    /// The body; null if there is none.
    ///
    /// # Panics
    /// If it is not JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        if self.body.is_empty() {
            return Value::Null;
        }
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A header; empty if there is none.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// All that was answered, but for the date and the id of the request: what there is to learn from it.
    #[must_use]
    pub fn whole(&self) -> String {
        let told = |name: &&str| !matches!(*name, "date" | "x-request-id");
        let mut names: Vec<_> = self.headers.keys().map(HeaderName::as_str).filter(told).collect();
        names.sort_unstable();
        let headers: String = names.iter().map(|name| format!("{name}: {}\n", self.header(name))).collect();
        format!("{}\n{headers}\n{}", self.status, String::from_utf8_lossy(&self.body))
    }

    /// The text at this JSON pointer.
    ///
    /// # Panics
    /// If there is none.
    #[must_use]
    pub fn text_at(&self, pointer: &str) -> String {
        let json = self.json();
        let text = json.pointer(pointer).and_then(Value::as_str);
        text.map(ToOwned::to_owned).unwrap_or_else(|| panic!("no text at {pointer}: {} {json}", self.status))
    }

    /// The status and the code of a problem.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn problem(&self) -> (u16, String) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{} {}", self.status, self.json());
        (self.status(), self.text_at("/code"))
    }

    /// The id of what was created.
    ///
    /// # Panics
    /// If nothing was.
    #[must_use]
    pub fn created(&self) -> Uuid {
        self.expect_status(201);
        self.text_at("/id").parse().unwrap_or_else(|error| panic!("{error}"))
    }

    /// Checks the status, and shows the body if it is another.
    ///
    /// # Panics
    /// If it is another.
    pub fn expect_status(&self, status: u16) -> &Self {
        assert_eq!(self.status(), status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    /// The tokens of a sign-in that was just made or renewed.
    ///
    /// # Panics
    /// If it was neither.
    #[must_use]
    pub fn tokens(&self, now: DateTime<Utc>) -> Tokens {
        let json = self.json();
        let seconds = json["expires_in"].as_i64().unwrap_or_else(|| panic!("not signed in: {} {json}", self.status));
        Tokens {
            access: self.text_at("/access_token"),
            refresh: self.text_at("/refresh_token"),
            sign_in: self.text_at("/sign_in/id"),
            until: now + TimeDelta::seconds(seconds),
        }
    }
}
