//! A couple in treatment: two partners who are signed in, and the counselor who treats them.

use domain::{
    exercises::{Kind, Reference, Target, Whose},
    program,
};
use futures_util::future::{FutureExt, LocalBoxFuture};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{app::TestApp, person::Person};

/// The program that comes with Tenfold.
pub const SHIPPED: Uuid = program::SHIPPED.0;

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
        let policy = self.set_policy(json!({ "kind": "limited_secrets" })).await;
        for partner in [&self.lee, &self.kim] {
            let acknowledgements = format!("/v1/policies/{policy}/acknowledgements");
            partner.person.post(acknowledgements, json!({})).await.expect_status(201);
            self.screen(partner, json!({ "status": "clear" })).await;
        }
        self
    }

    /// Has a supervisor read the counselor's cases.
    pub async fn supervised_by(&self, supervisor: &Person, owner: &Person) {
        let wanted = json!({ "supervisor_id": supervisor.id });
        owner.patch(format!("/v1/staff/{}", self.counselor.id), wanted).await.expect_status(200);
    }

    /// Puts a confidentiality policy in force: `{"kind": "no_secrets"}`.
    pub async fn set_policy(&self, wanted: Value) -> Uuid {
        self.counselor.post(format!("/v1/couples/{}/policies", self.couple), wanted).await.created()
    }

    /// Records how safe a partner is: `{"status": "concern"}`.
    pub async fn screen(&self, partner: &Partner, outcome: Value) {
        let path = format!("/v1/couples/{}/partners/{}/safety", self.couple, partner.id);
        self.counselor.put(path, outcome).await.expect_status(200);
    }

    /// Records what broke the trust, as the counselor learned of it.
    pub async fn record_breach(&self, wanted: Value) -> Uuid {
        self.counselor.post(format!("/v1/couples/{}/breaches", self.couple), wanted).await.created()
    }

    /// Reviews an entry: `{"feedback": "…"}`.
    pub async fn review(&self, entry: Uuid, wanted: Value) -> Uuid {
        self.counselor.post(format!("/v1/entries/{entry}/reviews"), wanted).await.created()
    }

    /// Schedules a session for today: `{"topic": "…"}`, `{"partner_id": …}` for one of them alone.
    pub async fn session(&self, wanted: Value) -> Uuid {
        let mut session = json!({ "starts_at": "2026-09-21T12:00:00Z", "minutes": 50, "place": "office" });
        if let (Some(session), Value::Object(wanted)) = (session.as_object_mut(), wanted) {
            session.extend(wanted);
        }
        self.counselor.post(format!("/v1/couples/{}/sessions", self.couple), session).await.created()
    }

    /// Writes a note about a session, a draft.
    pub async fn note(&self, session: Uuid, text: &str) -> Uuid {
        let wanted = json!({ "body": { "format": "free", "text": text } });
        self.counselor.post(format!("/v1/sessions/{session}/notes"), wanted).await.created()
    }

    /// Signs a note.
    pub async fn sign(&self, note: Uuid) {
        self.counselor.post(format!("/v1/notes/{note}/signature"), Value::Null).await.expect_status(200);
    }

    /// Keeps a psychotherapy note.
    pub async fn psychotherapy_note(&self, text: &str) -> Uuid {
        let wanted = json!({ "couple_id": self.couple, "text": text });
        self.counselor.post("/v1/psychotherapy-notes", wanted).await.created()
    }

    /// Asks for an export of what is joint.
    pub async fn export(&self, recipient: &str) -> Uuid {
        let asked = self.counselor.post("/v1/exports", self.wanted_export(recipient)).await;
        asked.expect_status(202).text_at("/id").parse().unwrap_or_default()
    }

    /// What is asked for in [`Case::export`].
    #[must_use]
    pub fn wanted_export(&self, recipient: &str) -> Value {
        json!({
            "couple_id": self.couple, "from": "2026-01-01", "until": "2026-12-31", "formats": ["markdown"],
            "partitions": [{ "kind": "joint" }], "purpose": "transfer", "recipient": recipient,
        })
    }

    /// Answers of a kind as a partner of this couple would write them: the example, about records that are there to be named, and
    /// about today where they are about a day.
    #[must_use]
    pub fn answers_of<'c>(&'c self, kind: Kind, author: &'c Partner) -> LocalBoxFuture<'c, Value> {
        async move {
            let mut answers = serde_json::to_value(kind.example()).unwrap_or_default();
            if kind == Kind::RitualOccurrence {
                answers["due_on"] = json!("2026-09-21");
            }
            if kind == Kind::ForgivenessMeaning {
                self.ask_to_talk_about_forgiving().await;
            }
            for Reference { pointer, to } in kind.example().references() {
                let id = self.named(to, author).await;
                if let Some(field) = answers.pointer_mut(&pointer) {
                    *field = json!(id);
                }
            }
            self.make_way(kind, &mut answers, author).await;
            answers
        }
        .boxed_local()
    }

    /// Both ask for it, each alone.
    async fn ask_to_talk_about_forgiving(&self) {
        let assignment = self.assign(json!({ "exercise": "forgiveness" })).await;
        for partner in [&self.lee, &self.kim] {
            partner.submit(assignment, json!({ "answers": Kind::ForgivenessTalkWish.example() })).await;
        }
    }

    /// Does what has to be done before answers of a kind: a draft is ready and given, an agreement holds today.
    async fn make_way(&self, kind: Kind, answers: &mut Value, author: &Partner) {
        match kind {
            Kind::ApologyDelivery => self.coach(&answers["draft_id"]).await,
            Kind::ApologyResponse => self.deliver(&answers["apology_id"], self.other_than(author)).await,
            Kind::TransparencyAgreement => {
                for (field, day) in [("starts_on", "09-21"), ("review_on", "10-21"), ("expires_on", "12-21")] {
                    answers[field] = json!(format!("2026-{day}"));
                }
            }
            _ => {}
        }
    }

    /// Says that a draft is ready to be given.
    async fn coach(&self, draft: &Value) {
        let answers = answers(Kind::ApologyCoaching, "draft_id", draft.clone());
        let assignment = self.assign(json!({ "exercise": "apology" })).await;
        let path = format!("/v1/assignments/{assignment}/entries");
        let round = self.counselor.post(path, json!({ "answers": answers })).await.created();
        self.counselor.post(format!("/v1/entries/{round}/submission"), Value::Null).await.expect_status(200);
    }

    /// Records that an apology was given, once it is ready.
    async fn deliver(&self, draft: &Value, author: &Partner) {
        self.coach(draft).await;
        let assignment = self.assign(json!({ "exercise": "apology" })).await;
        let delivery = answers(Kind::ApologyDelivery, "draft_id", draft.clone());
        author.submit(assignment, json!({ "answers": delivery })).await;
    }

    fn other_than(&self, partner: &Partner) -> &Partner {
        if partner.id == self.lee.id { &self.kim } else { &self.lee }
    }

    /// A record that answers of this author may name.
    async fn named(&self, to: Target, author: &Partner) -> Uuid {
        let other = self.other_than(author);
        match to {
            Target::Entry { kind, whose, .. } => {
                let writer = if whose == Whose::TheOthers { other } else { author };
                let assignment = self.assign(json!({ "exercise": kind.exercise(), "mode": "parallel" })).await;
                let answers = self.answers_of(kind, writer).await;
                writer.submit(assignment, json!({ "answers": answers, "visibility": "shared" })).await
            }
            Target::PromiseOfTheOther(_) => other.promise(self.couple, "to call").await,
            Target::BegunSession(_) => self.session(json!({})).await,
            Target::Partner(_) => author.id,
        }
    }

    /// Defines an exercise of the practice's own, with a form that the example of its kind of entry fits.
    pub async fn own_exercise(&self) -> Uuid {
        self.counselor.post("/v1/own-exercises", wanted_own_exercise("How close did you feel?")).await.created()
    }

    /// Gives them an exercise: `{"exercise": "apology"}` and what else is wanted. What comes before it in the default order they did
    /// elsewhere.
    pub async fn assign(&self, wanted: Value) -> Uuid {
        let wanted = in_any_order(wanted);
        self.counselor.post(format!("/v1/couples/{}/assignments", self.couple), wanted).await.created()
    }

    /// Makes a program: `[{ "exercise": "apology", "release": "after_completion" }]`.
    pub async fn program(&self, steps: Value) -> Uuid {
        self.counselor.post("/v1/programs", json!({ "name": "After the move", "steps": steps })).await.created()
    }

    /// Starts a program with them: `{"alone": […]}` and what else is wanted. What comes before its steps in the default order they did
    /// elsewhere.
    pub async fn start(&self, program: Uuid, mut wanted: Value) -> Uuid {
        wanted["program_id"] = json!(program);
        let wanted = in_any_order(wanted);
        self.counselor.post(format!("/v1/couples/{}/program-runs", self.couple), wanted).await.created()
    }
}

impl Partner {
    /// Makes the other a promise, due every day: what.
    pub async fn promise(&self, couple: Uuid, what: &str) -> Uuid {
        let wanted = json!({ "what": what, "recurrence": "FREQ=DAILY" });
        self.person.post(format!("/v1/couples/{couple}/promises"), wanted).await.created()
    }

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

/// What is wanted, with a reason for which it may go out before what comes first in the default order.
#[must_use]
pub fn in_any_order(mut wanted: Value) -> Value {
    if wanted["overrides"]["order"].is_null() {
        wanted["overrides"]["order"] = json!("They did the rest before.");
    }
    wanted
}

/// An exercise of the practice's own that asks for one thing, on a scale.
#[must_use]
pub fn wanted_own_exercise(question: &str) -> Value {
    let closeness = json!({ "type": "integer", "title": question, "minimum": 0, "maximum": 10 });
    json!({
        "title": "Check-in", "purpose": "To see where you both are.", "mode": "separate", "visibility": "counselor_only",
        "can_be_overdue": false,
        "form": { "type": "object", "properties": { "closeness": closeness }, "required": ["closeness"] },
    })
}

/// The example answers of a kind of entry, with one field set to another value.
#[must_use]
pub fn answers(kind: Kind, field: &str, value: Value) -> Value {
    let mut answers = serde_json::to_value(kind.example()).unwrap_or_default();
    answers[field] = value;
    answers
}

/// The items of a JSON list; none if it is something else.
#[must_use]
pub fn items(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}
