//! The table asked through the API: one kind of each sort, with every visibility and in every state, read by everybody.

use std::collections::{HashMap, HashSet};

use chrono::TimeDelta;
use domain::exercises::{Kind, Writer};
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, items},
    person::Person,
    stories,
};
use uuid::Uuid;

use super::rows::{Reader, Row, Rule, State};

stories![after_a_separation_it_is_what_the_table_says];

/// What an author tells the counselors with each entry.
const LINE: &str = "planted line for the counselors quince";

/// The entries there are, each with what it is before the other has submitted and the embargo is over, and what it is then.
struct World {
    app: TestApp,
    case: Case,
    assignments: HashMap<Kind, Uuid>,
    entries: Vec<(Uuid, Row)>,
}

pub(super) async fn compare_with_the_rule(app: TestApp) {
    let (owner, supervisor, assistant) =
        (app.owner().await, app.supervisor("susan").await, app.assistant("alex").await);
    let mut world = World::new(app).await;
    world.case.supervised_by(&supervisor, &owner).await;
    for after in [false, true] {
        if after {
            world.reveal().await;
        }
        let case = &world.case;
        world.compare(&case.lee.person, Reader::Author, |row| row.kind.writer() != Writer::Counselor).await;
        world.compare(&case.counselor, Reader::Author, |row| row.kind.writer() == Writer::Counselor).await;
        world.compare(&case.kim.person, Reader::Other, |_| true).await;
        world.compare(&case.counselor, Reader::Counselor, |_| true).await;
        world.compare(&supervisor, Reader::Supervisor, |_| true).await;
        world.compare(&owner, Reader::Owner, |_| true).await;
        let path = format!("/v1/couples/{}/entries", case.couple);
        assert_eq!(assistant.get(path).await.status(), 403, "an assistant reads nothing clinical");
    }
    world.kim_leaves_and_jo_comes().await;
}

async fn after_a_separation_it_is_what_the_table_says(app: TestApp) {
    let mut world = World::new(app).await;
    world.reveal().await;
    let couple = format!("/v1/couples/{}", world.case.couple);
    world.case.counselor.patch(couple, json!({ "status": "separated" })).await.expect_status(200);

    world.compare(&world.case.kim.person, Reader::AfterSeparation, |_| true).await;
}

/// The first kind of each sort, of those that stand by themselves.
fn one_of_each_sort() -> Vec<Kind> {
    let mut seen = HashSet::new();
    let sort = |kind: Kind| {
        let by = match kind.writer() {
            Writer::Together => 'b',
            Writer::Counselor => 'c',
            Writer::Caused | Writer::Hurt | Writer::EitherPartner | Writer::EachAlone => 'p',
        };
        (by, kind.visibility().default, kind.visibility().fixed)
    };
    let alone = Kind::ALL.iter().copied().filter(|kind| kind.example().references().is_empty());
    alone.filter(|kind| seen.insert(sort(*kind))).collect()
}

impl World {
    async fn new(app: TestApp) -> Self {
        let case = Case::lee_and_kim(&app).await;
        // The policy that lets a counselor use the most opens nothing to the other partner.
        let policy = case.set_policy(json!({ "kind": "no_secrets" })).await;
        for partner in [&case.lee, &case.kim] {
            let path = format!("/v1/policies/{policy}/acknowledgements");
            partner.person.post(path, json!({})).await.expect_status(201);
        }
        let mut world = Self { app, case, assignments: HashMap::new(), entries: Vec::new() };
        for kind in one_of_each_sort() {
            world.fill(kind).await;
        }
        world
    }

    async fn fill(&mut self, kind: Kind) {
        let assignment = self.case.assign(json!({ "exercise": kind.exercise().as_str(), "cadence": null })).await;
        self.assignments.insert(kind, assignment);
        for row in Row::of(kind).filter(|row| !matches!(row.rule, Rule::RevealAfter | Rule::EmbargoAfter)) {
            let path = format!("/v1/assignments/{assignment}/entries");
            let begun = self.author(kind).post(path, wanted(&row)).await;
            if !row.is_possible() {
                assert_eq!(begun.problem(), (422, "rule-broken".to_owned()), "{row}");
                continue;
            }
            let entry = begun.created();
            self.bring_to(entry, &row).await;
            self.entries.push((entry, row));
        }
    }

    fn author(&self, kind: Kind) -> &Person {
        if kind.writer() == Writer::Counselor { &self.case.counselor } else { &self.case.lee.person }
    }

    async fn bring_to(&self, entry: Uuid, row: &Row) {
        let author = self.author(row.kind);
        if row.state != State::Draft {
            author.post(format!("/v1/entries/{entry}/submission"), Value::Null).await.expect_status(200);
        }
        if row.state == State::Corrected {
            let content = json!({ "answers": row.kind.example(), "for_counselor": LINE });
            author.post(format!("/v1/entries/{entry}/corrections"), content).await.expect_status(200);
        }
    }

    /// Kim submits what is theirs to write, and the embargoes end.
    async fn reveal(&mut self) {
        self.app.advance(TimeDelta::days(30));
        for (kind, assignment) in &self.assignments {
            if matches!(kind.writer(), Writer::Caused | Writer::Hurt | Writer::EitherPartner | Writer::EachAlone)
                && !kind.visibility().fixed
            {
                let own = json!({ "answers": kind.example(), "visibility": "reveal_together" });
                self.case.kim.submit(*assignment, own).await;
            }
        }
        for (_, row) in &mut self.entries {
            row.rule = match row.rule {
                Rule::RevealBefore => Rule::RevealAfter,
                Rule::EmbargoBefore => Rule::EmbargoAfter,
                rule => rule,
            };
        }
    }

    async fn kim_leaves_and_jo_comes(&self) {
        let (case, jo) = (&self.case, self.app.client("jo").await);
        let couple = format!("/v1/couples/{}", case.couple);
        case.counselor.delete(format!("{couple}/partners/{}", case.kim.id)).await.expect_status(200);
        case.counselor.post(format!("{couple}/partners"), json!({ "client_id": jo.id })).await.expect_status(201);

        self.compare(&jo, Reader::CameLater, |_| true).await;
        assert_eq!(case.kim.person.get(format!("{couple}/entries")).await.status(), 404);
        for (entry, row) in &self.entries {
            let read = case.kim.person.get(format!("/v1/entries/{entry}")).await.status() == 200;
            assert_eq!(Some(read), row.is_read_by(Reader::Left), "{row}");
        }
    }

    /// Each entry in the list, and for a partner by itself, against the rule.
    async fn compare(&self, person: &Person, reader: Reader, concerns: impl Fn(&Row) -> bool) {
        let listed = self.listed_for(person).await;
        let is_other = matches!(reader, Reader::Other | Reader::CameLater | Reader::AfterSeparation);
        for (entry, row) in self.entries.iter().filter(|(_, row)| concerns(row)) {
            assert_eq!(Some(listed.contains(entry)), row.is_read_by(reader), "{row} for {reader}");
            if is_other {
                let shown = person.get(format!("/v1/entries/{entry}")).await;
                let expected = if listed.contains(entry) { 200 } else { 404 };
                assert_eq!(shown.status(), expected, "{row} by itself for {reader}");
                assert!(!String::from_utf8_lossy(shown.bytes()).contains(LINE), "{row}: its line is told to {reader}");
            }
        }
    }

    async fn listed_for(&self, person: &Person) -> HashSet<Uuid> {
        let path = format!("/v1/couples/{}/entries?limit=40", self.case.couple);
        let (mut listed, mut next) = (HashSet::new(), Some(path.clone()));
        while let Some(page) = next {
            let page = person.get(page).await.expect_status(200).json();
            listed.extend(items(&page["items"]).iter().filter_map(|entry| entry["id"].as_str()?.parse::<Uuid>().ok()));
            next = page["next_cursor"].as_str().map(|cursor| format!("{path}&cursor={cursor}"));
        }
        listed
    }
}

/// An entry as a row has it, with a line for the counselors.
fn wanted(row: &Row) -> Value {
    let mut wanted = json!({ "answers": row.kind.example(), "for_counselor": LINE });
    wanted["visibility"] = json!(match row.rule {
        Rule::CounselorOnly => "counselor_only",
        Rule::Shared => "shared",
        Rule::RevealBefore | Rule::RevealAfter => "reveal_together",
        Rule::EmbargoBefore | Rule::EmbargoAfter => "embargoed",
    });
    if wanted["visibility"] == "embargoed" {
        wanted["embargoed_until"] = json!("2026-10-01");
    }
    wanted
}
