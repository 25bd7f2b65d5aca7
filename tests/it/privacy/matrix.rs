//! Who reads which entry: the whole product of kinds, visibilities, states and readers as the rule has it, in a table that a
//! non-programmer can read; and the same through the API, for one kind of each sort.
//!
//! `UPDATE_PRIVACY=1` writes the table into `matrix.md`, to be read before it is committed. What must never be opened is in
//! `never_opened`, and no table opens it.

mod rows;
mod world;

use std::{collections::BTreeMap, env, fmt::Write, fs, path::PathBuf};

use domain::exercises::{Kind, KindVisibility, Writer};
use serde_json::{Value, json};
use tenfold_tests::{app::TestApp, case::Case, stories};

use rows::{Reader, Row, Rule, State};

stories![what_is_read_through_the_api_is_what_the_table_says, what_is_between_them_is_the_others_once_it_is_handed_in,];

async fn what_is_read_through_the_api_is_what_the_table_says(app: TestApp) {
    world::compare_with_the_rule(app).await;
}

/// Kinds that name other records and so are not in the world: each is its author's draft, then the other's to read, and stays so.
async fn what_is_between_them_is_the_others_once_it_is_handed_in(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let between = Kind::ALL.iter().copied().filter(|kind| kind.visibility() == KindVisibility::BETWEEN_THEM);
    for kind in between {
        let assignment = case.assign(json!({ "exercise": kind.exercise().as_str() })).await;
        let answers = case.answers_of(kind, &case.lee).await;
        let closed = json!({ "answers": answers, "visibility": "counselor_only" });
        let path = format!("/v1/assignments/{assignment}/entries");
        assert_eq!(case.lee.person.post(path, closed).await.problem(), (422, "rule-broken".to_owned()), "{kind}");
        let entry = case.lee.draft(assignment, json!({ "answers": answers })).await;
        let path = format!("/v1/entries/{entry}");
        let drafted = if kind.writer() == Writer::Together { 200 } else { 404 };
        assert_eq!(case.kim.person.get(&path).await.status(), drafted, "{kind}");

        case.lee.person.post(format!("{path}/submission"), Value::Null).await.expect_status(200);

        assert_eq!(case.kim.person.get(&path).await.expect_status(200).json()["visibility"], "shared", "{kind}");
        let narrower = json!({ "visibility": "counselor_only" });
        let refused = case.lee.person.put(format!("{path}/visibility"), narrower).await;
        assert_eq!(refused.problem(), (422, "rule-broken".to_owned()), "{kind}");
    }
}

#[test]
fn the_table_is_what_the_rule_says() {
    let (table, path) = (table(), PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("it/privacy/matrix.md"));
    if env::var_os("UPDATE_PRIVACY").is_some() {
        fs::write(&path, &table).expect("the table can be written");
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    let differs = |line: &&str| !committed.lines().any(|known| known == *line);
    let news: Vec<_> = table.lines().filter(differs).collect();
    let again = "If it is meant to: UPDATE_PRIVACY=1 cargo test -p tenfold-tests -- the_table_is_what";
    assert!(committed == table, "tests/it/privacy/matrix.md is not what the rule says. {again}\n{}", news.join("\n"));
}

#[test]
fn no_table_opens_what_must_never_be_opened() {
    for row in Row::all() {
        let read_by = |reader| row.is_read_by(reader) == Some(true);
        let together = row.kind.writer() == Writer::Together;
        let by_counselor = row.kind.writer() == Writer::Counselor;
        let others = [Reader::Other, Reader::CameLater, Reader::Left, Reader::AfterSeparation];
        let none_of = |readers: &[Reader]| readers.iter().all(|reader| !read_by(*reader));

        assert!(!read_by(Reader::Assistant), "{row}: an assistant reads nothing clinical");
        assert!(none_of(&[Reader::CameLater, Reader::Left]), "{row}: it was shared with somebody else");
        if row.is_possible() {
            assert!(read_by(Reader::Author), "{row}: nobody loses their own");
        }
        if !together {
            assert!(!read_by(Reader::AfterSeparation), "{row}: nothing passes after a separation");
            let sealed = matches!(row.rule, Rule::CounselorOnly | Rule::RevealBefore | Rule::EmbargoBefore);
            assert!(!sealed || none_of(&others), "{row}: it is not open yet");
            assert!(row.state != State::Draft || none_of(&others), "{row}: a draft is its author's");
        }
        match row.kind.visibility() {
            KindVisibility::COUNSELOR_ONLY => {
                assert!(none_of(&others), "{row}: this kind is safe to write because the other never reads it");
                assert!(row.rule == Rule::CounselorOnly || !row.is_possible(), "{row}: nobody opens it");
            }
            KindVisibility::BETWEEN_THEM => {
                assert!(row.rule == Rule::Shared || !row.is_possible(), "{row}: nobody keeps it from the other");
                let is_theirs = row.state != State::Draft || together;
                assert!(read_by(Reader::Other) == (is_theirs && row.is_possible()), "{row}: it is said to the other");
            }
            of_kind => assert!(!of_kind.fixed, "{row}: say here what its settled visibility means"),
        }
        let staff = [Reader::Counselor, Reader::Supervisor, Reader::Owner];
        let all_staff = staff.iter().all(|reader| read_by(*reader));
        assert!(row.state == State::Draft || !row.is_possible() || all_staff, "{row}: the practice reads its record");
        assert!(row.state != State::Draft || by_counselor || none_of(&staff), "{row}: a draft is not handed in");
        assert!(!row.line_passes_to_the_other(), "{row}: the line for the counselors is for nobody else");
    }
}

const HEAD: &str = "\
# Who reads which entry

Made by `UPDATE_PRIVACY=1 cargo test -p tenfold-tests -- the_table_is_what`, and checked by the same test: every kind of entry, with every
visibility and in every state. The same is asked through the API, for one kind of each sort, by `matrix/world.rs`.

| Column | Who |
| --- | --- |
| author | who wrote it; for what both wrote as one, the one who held the pen |
| other | the other partner; for what a counselor wrote, a partner |
| counselor, supervisor, assistant, owner | of the practice |
| came later | a partner who joined the couple after the day the entry is about |
| left | the other partner, after they have left the couple |
| separated | the other partner, after the two have parted |

`yes` is read, `–` is not there for them, `×` can't be: the kind stays with the counselors, or between the partners, whatever its author
wants. An exercise that was given to one partner alone starts with the counselors, see `alone.rs`.
";

fn table() -> String {
    let mut sorts: BTreeMap<String, Vec<Kind>> = BTreeMap::new();
    for kind in Kind::ALL.iter().copied() {
        sorts.entry(block(kind)).or_default().push(kind);
    }
    let mut sorts: Vec<_> = sorts.into_iter().collect();
    sorts.sort_by_key(|(_, kinds)| kinds.first().map(|first| Kind::ALL.iter().position(|kind| kind == first)));
    let mut text = HEAD.to_owned();
    for (block, kinds) in sorts {
        let names: Vec<_> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
        write!(text, "\n## {}\n\n{}\n\n{block}", title(kinds[0]), names.join(", ")).expect("text can be appended");
    }
    text
}

/// What the kinds of a sort have in common, in words.
fn title(kind: Kind) -> String {
    let by = match kind.writer() {
        Writer::Together => "Of both partners, as one",
        Writer::Counselor => "Of a counselor",
        Writer::Caused | Writer::Hurt | Writer::EitherPartner | Writer::EachAlone => "Of one partner",
    };
    let stays = match kind.visibility() {
        KindVisibility::COUNSELOR_ONLY => ", always for the counselors alone",
        KindVisibility::BETWEEN_THEM => ", always for both",
        _ => "",
    };
    format!("{by}{stays}")
}

/// All that there is to say of a kind.
fn block(kind: Kind) -> String {
    let names: Vec<_> = Reader::ALL.iter().map(ToString::to_string).collect();
    let mut block = format!("| | {} |\n| --- |{}\n", names.join(" | "), " --- |".repeat(names.len()));
    for row in Row::of(kind) {
        let cell = |reader: &Reader| match row.is_read_by(*reader) {
            None => "×",
            Some(true) => "yes",
            Some(false) => "–",
        };
        let cells: Vec<_> = Reader::ALL.iter().map(cell).collect();
        writeln!(block, "| {}, {} | {} |", row.rule, row.state, cells.join(" | ")).expect("text can be appended");
    }
    block
}
