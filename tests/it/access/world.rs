//! Who asks, and for what: one practice with a couple that most may not know of, and everybody around it.

use std::{cell::RefCell, collections::HashMap, fmt};

use actix_web::{http::Method, test::TestRequest};
use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, Partner},
    person::{Person, Reply},
};
use uuid::Uuid;

use super::{operations::Operation, requests};
use crate::instruments::norms;

/// Those who ask. The columns of the table, and the order in which they ask: whom more is denied comes first, so that what one
/// does can't be what stops the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Caller {
    Nobody,
    OtherPractice,
    OtherCounselor,
    OtherSupervisor,
    OtherClient,
    Assistant,
    OtherPartner,
    Partner,
    Supervisor,
    Counselor,
    Owner,
}

impl Caller {
    pub(super) const ALL: [Self; 11] = [
        Self::Nobody,
        Self::OtherPractice,
        Self::OtherCounselor,
        Self::OtherSupervisor,
        Self::OtherClient,
        Self::Assistant,
        Self::OtherPartner,
        Self::Partner,
        Self::Supervisor,
        Self::Counselor,
        Self::Owner,
    ];

    /// To them the couple must not exist.
    pub(super) fn is_outside(self) -> bool {
        matches!(self, Self::OtherPractice | Self::OtherCounselor | Self::OtherSupervisor | Self::OtherClient)
    }

    pub(super) fn is_partner(self) -> bool {
        matches!(self, Self::Partner | Self::OtherPartner)
    }
}

impl fmt::Display for Caller {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nobody => "nobody",
            Self::OtherPractice => "other practice",
            Self::OtherCounselor => "other counselor",
            Self::OtherSupervisor => "other supervisor",
            Self::OtherClient => "other client",
            Self::Assistant => "assistant",
            Self::OtherPartner => "other partner",
            Self::Partner => "partner",
            Self::Supervisor => "supervisor",
            Self::Counselor => "counselor",
            Self::Owner => "owner",
        })
    }
}

/// A practice with a couple, and everybody around it.
pub(crate) struct World {
    pub(crate) app: TestApp,
    /// The couple that is asked for: what is asked about is Lee's, and Kim is the other partner.
    pub(crate) case: Case,
    elsewhere: Case,
    owner: Person,
    supervisor: Person,
    other_supervisor: Person,
    assistant: Person,
    stranger: Person,
    nobody: Person,
    breach: Uuid,
    assignment: Uuid,
    pub(super) program: Uuid,
    /// What stands for the parameters until somebody has used it up.
    made: RefCell<HashMap<String, String>>,
}

impl World {
    pub(crate) async fn new(app: TestApp) -> Self {
        let (case, elsewhere) = (Case::lee_and_kim(&app).await, Case::of(&app, "ben", ["sam", "max"]).await);
        let (owner, supervisor) = (app.owner().await, app.supervisor("susan").await);
        case.supervised_by(&supervisor, &owner).await;
        let (other_supervisor, assistant) = (app.supervisor("simon").await, app.assistant("alex").await);
        let (stranger, nobody) = (app.owner_of("lagoon").await, app.nobody());
        let breach = case.record_breach(json!({ "kind": "secrecy", "came_to_light": "disclosed" })).await;
        let assignment = case.assign(json!({ "exercise": "professional-help" })).await;
        let steps = json!([{ "exercise": "professional-help", "release": "after_completion" }]);
        let program = case.program(steps).await;
        Self {
            app,
            case,
            elsewhere,
            owner,
            supervisor,
            other_supervisor,
            assistant,
            stranger,
            nobody,
            breach,
            assignment,
            program,
            made: RefCell::default(),
        }
    }

    fn person(&self, caller: Caller) -> &Person {
        match caller {
            Caller::Nobody => &self.nobody,
            Caller::OtherPractice => &self.stranger,
            Caller::OtherCounselor => &self.elsewhere.counselor,
            Caller::OtherSupervisor => &self.other_supervisor,
            Caller::OtherClient => &self.elsewhere.lee.person,
            Caller::Assistant => &self.assistant,
            Caller::OtherPartner => &self.case.kim.person,
            Caller::Partner => &self.case.lee.person,
            Caller::Supervisor => &self.supervisor,
            Caller::Counselor => &self.case.counselor,
            Caller::Owner => &self.owner,
        }
    }

    /// Ids that nobody outside may be told of.
    pub(super) fn secrets(&self) -> Vec<String> {
        let Case { lee, kim, couple, .. } = &self.case;
        let ids = [*couple, lee.id, kim.id, lee.person.id, kim.person.id, self.breach, self.assignment];
        ids.iter().map(ToString::to_string).collect()
    }

    /// Asks. Whatever somebody got through with is made anew for the next one.
    pub(crate) async fn ask(&self, operation: &Operation, situation: &str, caller: Caller) -> Reply {
        let path = self.path(operation, situation).await;
        let method: Method = operation.method.parse().expect("a method");
        let mut request = TestRequest::default().uri(&path).method(method.clone());
        if !method.is_safe() {
            request = request.insert_header(("if-match", "*"));
        }
        if operation.takes_body {
            request = request.set_json(requests::body(self, &operation.id, caller).await);
        }
        let person = self.person(caller);
        let reply = person.send(request).await;
        if !method.is_safe() && reply.status() < 300 {
            self.forget();
        }
        if operation.id == "signOut" && reply.status() < 300 {
            person.sign_in().await;
        }
        reply
    }

    /// The next one asks for something new.
    pub(crate) fn forget(&self) {
        self.made.borrow_mut().clear();
    }

    async fn path(&self, operation: &Operation, situation: &str) -> String {
        let mut path = operation.path.clone();
        for parameter in operation.parameters() {
            let known = self.made.borrow().get(parameter).cloned();
            let value = match known {
                Some(known) => known,
                None => self.resource(&operation.id, parameter, situation).await,
            };
            path = path.replace(&format!("{{{parameter}}}"), &value);
            self.made.borrow_mut().insert(parameter.to_owned(), value);
        }
        path + &requests::query(operation, situation)
    }

    /// What stands in the place of a parameter: something that is there, or is made now.
    async fn resource(&self, operation: &str, parameter: &str, situation: &str) -> String {
        match (parameter, operation) {
            ("couple_id", "endPartner") => self.new_couple(true).await.to_string(),
            ("couple_id", "addPartner") => self.new_couple(false).await.to_string(),
            ("couple_id", _) => self.case.couple.to_string(),
            ("partner_id", "endPartner") => self.newest_partner().await,
            ("partner_id", _) => self.case.lee.id.to_string(),
            ("client_id", _) => self.case.lee.person.id.to_string(),
            ("policy_id", _) => self.case.set_policy(json!({ "kind": "no_secrets" })).await.to_string(),
            ("breach_id", _) => self.breach.to_string(),
            ("assignment_id", _) => self.assignment_for(operation, situation).await.to_string(),
            ("program_id", _) => self.new_program().await.to_string(),
            ("program_run_id", _) => self.program_run(operation, situation).await.to_string(),
            ("position", _) => "1".to_owned(),
            ("entry_id", _) => self.entry(operation, situation).await.to_string(),
            ("review_id", _) => self.flag().await.to_string(),
            ("promise_id", _) => self.promise().await.to_string(),
            ("session_id", _) => self.session(operation, situation).await.to_string(),
            ("note_id", _) => self.note(operation, situation).await.to_string(),
            ("psychotherapy_note_id", _) => self.case.psychotherapy_note("A hunch.").await.to_string(),
            ("export_id", _) => self.export().await.to_string(),
            ("due_on", _) => DAY.to_owned(),
            ("own_exercise_id", _) => self.own_exercise().await.to_string(),
            ("number", _) => "1".to_owned(),
            ("staff_id", _) => self.new_staff().await.to_string(),
            ("sign_in_id", _) => self.sign_in_of(&self.case.lee).await,
            ("score_id", _) => self.score(situation).await.to_string(),
            ("instrument", _) => self.new_instrument().await,
            ("slug", _) => "root-cause".to_owned(),
            ("code", _) => "not-found".to_owned(),
            _ => panic!("tests/it/access/world.rs does not say what stands for {{{parameter}}} in {operation}"),
        }
    }

    async fn new_couple(&self, both: bool) -> Uuid {
        let (lee, kim) = (self.case.lee.person.id, self.case.kim.person.id);
        let both = json!([{ "client_id": lee }, { "client_id": kim }]).as_array().cloned().filter(|_| both);
        let partners = both.unwrap_or_else(|| vec![json!({ "client_id": lee })]);
        self.case.counselor.post("/v1/couples", json!({ "partners": partners })).await.created()
    }

    /// Kim's membership in the couple that was taken on last.
    async fn newest_partner(&self) -> String {
        let couples = self.case.counselor.get("/v1/couples?limit=100").await.json();
        let newest = couples["items"].as_array().and_then(|couples| couples.last().cloned());
        newest.expect("a couple")["partners"][1]["id"].as_str().expect("an id").to_owned()
    }

    async fn assignment_for(&self, operation: &str, situation: &str) -> Uuid {
        let lee_alone = json!({ "exercise": "professional-help", "partner_id": self.case.lee.id });
        let reasons = json!({ "exercise": "professional-help", "overrides": { "policy": "so agreed" } });
        let with_reasons = |mut wanted: Value| {
            wanted["overrides"] = reasons["overrides"].clone();
            wanted
        };
        match (operation, situation) {
            (_, "of one partner alone") => self.case.assign(with_reasons(lee_alone)).await,
            ("endAssignment", _) => self.case.assign(reasons).await,
            ("setSafetyAside", _) => self.held_assignment(with_reasons(json!({ "exercise": "shared-rituals" }))).await,
            _ => self.assignment,
        }
    }

    /// One that went out while both were clear, and Lee is not any more.
    async fn held_assignment(&self, wanted: Value) -> Uuid {
        self.case.screen(&self.case.lee, json!({ "status": "clear" })).await;
        let held = self.case.assign(wanted).await;
        self.case.screen(&self.case.lee, json!({ "status": "concern" })).await;
        held
    }

    async fn new_program(&self) -> Uuid {
        self.case.program(json!([{ "exercise": "apology", "release": "after_completion" }])).await
    }

    /// A run of which the first step has gone out, and was taken back where it is to be given again.
    async fn program_run(&self, operation: &str, situation: &str) -> Uuid {
        let mut wanted = json!({ "overrides": { "policy": "so agreed" } });
        if situation == "of one partner alone" {
            wanted["alone"] = json!([{ "position": 1, "partner_id": self.case.lee.id }]);
        }
        let run = self.case.start(self.program, wanted).await;
        if operation == "renewStep" {
            let shown = self.case.counselor.get(format!("/v1/program-runs/{run}")).await;
            let ending = format!("/v1/assignments/{}/ending", shown.text_at("/steps/0/assignment_id"));
            self.case.counselor.put(ending, json!({ "how": "cancelled" })).await.expect_status(200);
        }
        run
    }

    /// A new entry of Lee's.
    async fn entry(&self, operation: &str, situation: &str) -> Uuid {
        let lee = &self.case.lee;
        let entry = |visibility: &str| {
            let answers = json!({ "type": "concern", "concern": "That it is too late.", "weight": 4 });
            json!({ "answers": answers, "visibility": visibility })
        };
        let embargoed = || {
            let mut entry = entry("embargoed");
            entry["embargoed_until"] = json!("2027-01-01");
            entry
        };
        match (operation, situation) {
            ("showDeflections", _) => self.apology(situation).await,
            ("changeEntry" | "deleteEntry" | "submitEntry", _) | (_, "a draft") => {
                lee.draft(self.assignment, entry("shared")).await
            }
            (_, "a shared one") => lee.submit(self.assignment, entry("shared")).await,
            (_, "one to be revealed together") => lee.submit(self.assignment, entry("reveal_together")).await,
            (_, "one under embargo") => lee.submit(self.assignment, embargoed()).await,
            _ => lee.submit(self.assignment, entry("counselor_only")).await,
        }
    }

    /// An apology of Lee's that was given, or not yet.
    async fn apology(&self, situation: &str) -> Uuid {
        let wanted = json!({ "exercise": "apology", "overrides": { "policy": "so agreed" } });
        let assignment = self.case.assign(wanted).await;
        let visibility = if situation == "a shared one" { "shared" } else { "counselor_only" };
        let wanted = json!({ "answers": Kind::ApologyDraft.example(), "visibility": visibility });
        self.case.lee.submit(assignment, wanted).await
    }

    /// A flag on an entry of Lee's: the review that set it.
    async fn flag(&self) -> Uuid {
        let entry = self.entry("reviewEntry", "").await;
        self.case.review(entry, json!({ "flagged_for_session": true })).await
    }

    /// A promise of Lee's to Kim, of which Lee has said that it was kept.
    async fn promise(&self) -> Uuid {
        let promise = self.case.lee.promise(self.case.couple, "I call when I am late.").await;
        let claim = TestRequest::put().uri(&format!("/v1/promises/{promise}/outcomes/{DAY}/claim"));
        self.case.lee.person.send(claim.set_json(json!({ "claim": "kept" }))).await.expect_status(201);
        promise
    }

    /// A score of Lee's.
    async fn score(&self, situation: &str) -> Uuid {
        let shared = situation == "one that was shared";
        let wanted =
            json!({ "partner_id": self.case.lee.id, "instrument": "rdas", "value": 40, "shared_with_partner": shared });
        self.case.counselor.post(format!("/v1/couples/{}/scores", self.case.couple), wanted).await.created()
    }

    /// An instrument that the practice defined.
    async fn new_instrument(&self) -> String {
        let slug = self.new_slug();
        let wanted = json!({ "slug": slug, "norms": norms("lowest", json!(0)) });
        self.owner.post("/v1/instruments", wanted).await.expect_status(201);
        slug
    }

    /// A slug that no instrument has.
    pub(super) fn new_slug(&self) -> String {
        format!("scale-{}", self.app.inside().ids.next().simple())
    }

    async fn session(&self, operation: &str, situation: &str) -> Uuid {
        let alone = json!({ "partner_id": self.case.lee.id });
        let session = self.case.session(if situation == "with one partner alone" { alone } else { json!({}) }).await;
        if operation == "recordAttendance" {
            let held = json!({ "status": "held" });
            self.case.counselor.patch(format!("/v1/sessions/{session}"), held).await.expect_status(200);
        }
        session
    }

    /// A note of the counselor's about a joint session.
    async fn note(&self, operation: &str, situation: &str) -> Uuid {
        let note = self.case.note(self.session("", "").await, "They talked.").await;
        let is_draft = matches!(operation, "changeNote" | "discardNote" | "signNote") || situation == "a draft";
        if !is_draft {
            self.case.sign(note).await;
        }
        note
    }

    /// An export that the counselor asked for and that is made.
    async fn export(&self) -> Uuid {
        let export = self.case.export("Practice by the sea").await;
        api::jobs::run_due(self.app.inside()).await.expect("jobs can be claimed");
        export
    }

    /// An exercise of the practice's own that was given to Lee alone.
    async fn own_exercise(&self) -> Uuid {
        let exercise = self.case.own_exercise().await;
        let wanted = json!({
            "exercise": "own", "own_exercise_id": exercise, "partner_id": self.case.lee.id,
            "overrides": { "policy": "so agreed" },
        });
        self.case.assign(wanted).await;
        exercise
    }

    async fn new_staff(&self) -> Uuid {
        let wanted = json!({ "role": "assistant", "name": "Robin", "email": self.new_address() });
        self.owner.post("/v1/staff", wanted).await.created()
    }

    /// An address that nobody has.
    pub(super) fn new_address(&self) -> String {
        format!("{}@harbor.example", self.app.inside().ids.next().simple())
    }

    async fn sign_in_of(&self, partner: &Partner) -> String {
        self.tokens_of(partner).await.text_at("/sign_in/id")
    }

    /// Signs in on another device.
    pub(super) async fn tokens_of(&self, partner: &Partner) -> Reply {
        let password = partner.person.password.borrow().clone();
        partner.person.try_to_sign_in(&password).await
    }

    /// The token of an invitation that nobody has accepted.
    pub(super) async fn invitation(&self) -> String {
        let client = json!({ "name": "Robin", "email": self.new_address() });
        let client = self.owner.post("/v1/clients", client).await.created();
        self.owner.post(format!("/v1/clients/{client}/invitations"), Value::Null).await.text_at("/token")
    }
}

/// The day on which it all happens.
const DAY: &str = "2026-09-21";
