//! A couple in treatment: two partners who are signed in, and the counselor who treats them.

use domain::exercises::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{app::TestApp, person::Person};

/// A couple in treatment.
pub struct Case {
    /// The one who treats them.
    pub counselor: Person,
    /// One partner.
    pub lee: Partner,
    /// The other.
    pub kim: Partner,
    /// The couple.
    pub couple: Uuid,
}

/// A partner: who they are signed in as, and their membership in the couple.
pub struct Partner {
    /// The client.
    pub person: Person,
    /// The membership.
    pub id: Uuid,
}

impl Case {
    /// Lee and Kim, whom Anna treats.
    pub async fn lee_and_kim(app: &TestApp) -> Self {
        Self::of(app, "anna", ["lee", "kim"]).await
    }

    /// A couple of these names. They have acknowledged a policy and are clear, so nothing stands in the way of an exercise.
    pub async fn of(app: &TestApp, counselor: &str, names: [&str; 2]) -> Self {
        let counselor = app.counselor(counselor).await;
        let (one, other) = (app.client(names[0]).await, app.client(names[1]).await);
        let wanted = json!({ "partners": [{ "client_id": one.id }, { "client_id": other.id }] });
        let opened = counselor.post("/v1/couples", wanted).await;
        let couple = opened.created();
        let id = |at| opened.text_at(&format!("/partners/{at}/id")).parse().unwrap_or_default();
        let (lee, kim) = (Partner { person: one, id: id(0) }, Partner { person: other, id: id(1) });
        Self { counselor, lee, kim, couple }.prepared().await
    }

    async fn prepared(self) -> Self {
        let path = format!("/v1/couples/{}/policies", self.couple);
        let policy = self.counselor.post(path, json!({ "kind": "limited_secrets" })).await.created();
        for partner in [&self.lee, &self.kim] {
            let acknowledgements = format!("/v1/policies/{policy}/acknowledgements");
            partner.person.post(acknowledgements, json!({})).await.expect_status(201);
            let safety = format!("/v1/couples/{}/partners/{}/safety", self.couple, partner.id);
            self.counselor.put(safety, json!({ "status": "clear" })).await.expect_status(200);
        }
        self
    }

    /// Gives them an exercise: `{"exercise": "apology"}` and what else is wanted.
    pub async fn assign(&self, wanted: Value) -> Uuid {
        self.counselor.post(format!("/v1/couples/{}/assignments", self.couple), wanted).await.created()
    }
}

impl Partner {
    /// Records an entry for an assignment and submits it.
    pub async fn submit(&self, assignment: Uuid, wanted: Value) -> Uuid {
        let entry = self.draft(assignment, wanted).await;
        self.person.post(format!("/v1/entries/{entry}/submission"), Value::Null).await.expect_status(200);
        entry
    }

    /// Records an entry for an assignment, and keeps it to themselves for now.
    pub async fn draft(&self, assignment: Uuid, wanted: Value) -> Uuid {
        self.person.post(format!("/v1/assignments/{assignment}/entries"), wanted).await.created()
    }
}

/// The example answers of a kind of entry, with one field set to another value.
#[must_use]
pub fn answers(kind: Kind, field: &str, value: Value) -> Value {
    let mut answers = serde_json::to_value(kind.example()).unwrap_or_default();
    answers[field] = value;
    answers
}
