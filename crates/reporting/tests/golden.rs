//! Documents as they were looked at and found good. To accept new ones, remove the file in `golden/` and run the test again.
#![expect(clippy::unwrap_used, reason = "what a test's own functions cannot do is the test's failure")]

use std::{fs, path::Path};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use domain::{
    confidential::Confidential,
    couple::{Couple, CoupleDraft, PartnerDraft},
    exercises::Unit,
    export::{Export, ExportDraft, ExportFormat, ExportPartition, ExportPurpose},
    ids::PartnerId,
    note::{Digest, Note, NoteBody, NoteDraft},
    practice::{Practice, PracticeDraft},
    progress::Interval,
    session::{Place, Session, SessionDraft, SessionKind},
};
use tenfold_reporting::{Bundle, Bundled, Chart, Form, Names, NoteRecord, Series, bundle};
use uuid::Uuid;

fn id<I: From<Uuid>>(number: u128) -> I {
    Uuid::from_u128(number).into()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn couple() -> Couple {
    let partner = |number, client| PartnerDraft { id: id(number), client: id(client), from: Some(day("2026-01-01")) };
    let draft = CoupleDraft {
        label: None,
        time_zone: Tz::Europe__Berlin,
        primary_counselor: id(7),
        care_team: vec![],
        partners: vec![partner(1, 11), partner(2, 12)],
        opened_on: Some(day("2026-01-01")),
    };
    Couple::new(id(3), draft, at("2026-01-02T10:00:00Z")).unwrap()
}

fn note(couple: &Couple) -> (Note, Session) {
    let draft = SessionDraft {
        kind: SessionKind::Joint,
        counselor: id(7),
        starts_at: at("2026-03-10T16:30:00Z"),
        time_zone: None,
        minutes: 50,
        place: Place::Office,
        topic: Some(Confidential::new("never shown")),
    };
    let session = Session::new(id(5), couple, draft, at("2026-03-01T10:00:00Z")).unwrap();
    let text = Confidential::new;
    let body = NoteBody::Soap {
        subjective: text("Kim: \"I checked the phone *again*.\"\nLee was silent.\n\n1. the letters\n2. the money"),
        objective: text("# not a heading\n<script>alert(1)</script>"),
        assessment: text(""),
        plan: text("Talk log, 3× a week."),
    };
    let attended = Some(vec![id::<PartnerId>(1), id(2)]);
    let draft = NoteDraft { partition: None, body, attended };
    let mut note = Note::new(id(20), couple, &session, draft, id(7), at("2026-03-10T18:00:00Z")).unwrap();
    let digest = |_: &[u8]| Digest([0xab; 32]);
    note.sign(id(7), at("2026-03-10T18:05:00Z"), digest).unwrap();
    note.add_addendum(couple, id(30), text("Lee came late."), id(7), at("2026-03-11T08:00:00Z"), digest).unwrap();
    (note, session)
}

fn made() -> Bundle {
    let couple = couple();
    let partners = [(id(1), "Kim O'Hara".to_owned()), (id(2), "Lee_Park".to_owned())].into();
    let names = Names { partners, staff: [(id(7), "Anna".to_owned())].into() };
    let draft = ExportDraft {
        from: day("2026-01-01"),
        until: day("2026-03-31"),
        formats: vec![ExportFormat::Markdown, ExportFormat::Ndjson],
        partitions: vec![ExportPartition::Joint],
        purpose: ExportPurpose::Transfer,
        recipient: Some(Confidential::new("Practice by the sea")),
        psychotherapy_authorization: None,
    };
    let export = Export::new(id(9), &couple, draft, id(7), at("2026-04-01T09:00:00Z")).unwrap();
    let draft = PracticeDraft {
        handle: "harbor".parse().unwrap(),
        name: "Harbor Counseling".to_owned(),
        time_zone: Tz::Europe__Berlin,
    };
    let practice = Practice::new(id(4), draft, at("2026-01-01T00:00:00Z")).unwrap();
    let (note, session) = note(&couple);
    let notes = [NoteRecord::new(&note, &session, &names)];
    let made_at = at("2026-04-01T09:00:02Z");
    let (export, couple, practice, names, notes) = (&export, &couple, &practice, &names, &notes);
    bundle(&Bundled { export, couple, practice, names, notes, drafts: 2, made_at, made_by: "Tenfold 0.1.0" }).unwrap()
}

#[test]
fn the_documents_are_as_they_were_found_good() {
    let bundle = made();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(&bundle.zip)).unwrap();
    for file in &bundle.files {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut zip.by_name(&file.name).unwrap(), &mut text).unwrap();
        assert_golden(&file.name, &text);
    }
}

fn assert_golden(name: &str, text: &str) {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if !golden.exists() {
        fs::write(&golden, text).unwrap();
    }
    assert_eq!(fs::read_to_string(&golden).unwrap(), text, "{name}");
}

/// Twelve weeks: one rises with gaps, one falls back, one has a long name and a single value.
fn chart() -> Chart {
    let week = |number: u64| day("2026-01-05") + chrono::Days::new(7 * number);
    let series = |name: &str, values: [f64; 12]| Series {
        name: name.to_owned(),
        values: values.map(|value| Some(value).filter(|value| *value >= 0.0)).to_vec(),
    };
    Chart {
        title: "Trust".to_owned(),
        meaning: "How much each trusts the other, 0 to 10; more is better.".to_owned(),
        form: Form::Lines,
        interval: Interval::Week,
        intervals: (0..12).map(week).collect(),
        unit: Unit::Rating,
        series: vec![
            series("Kim", [2.0, 2.5, 3.0, -1.0, 3.5, 4.0, 4.0, 5.0, -1.0, -1.0, 6.0, 6.5]),
            series("Lee", [5.0, 6.0, 6.0, 6.5, 7.0, 5.0, 4.0, 4.5, 5.0, 5.5, 6.0, 6.25]),
            series("Bartholomew-Alexander", [-1.0, -1.0, -1.0, -1.0, -1.0, -1.0, 9.0, -1.0, -1.0, -1.0, -1.0, -1.0]),
        ],
    }
}

/// The same weeks and people, and another who has nothing: weeks of nothing done, and weeks of which nobody was asked.
fn bars() -> Chart {
    let series = |name: &str, values: Vec<Option<f64>>| Series { name: name.to_owned(), values };
    let sums = |sums: [f64; 12]| sums.map(|sum| Some(sum).filter(|sum| *sum >= 0.0)).to_vec();
    Chart {
        title: "Things shared".to_owned(),
        meaning: "How many in each week: what was done, not what changed.".to_owned(),
        form: Form::Bars,
        unit: Unit::Count,
        series: vec![
            series("Kim", sums([-1.0, -1.0, 2.0, 3.0, 0.0, 1.0, 4.0, 5.0, 2.0, 0.0, 3.0, 6.0])),
            series("Lee", sums([-1.0, -1.0, 1.0, 0.0, 0.0, 2.0, 2.0, 3.0, 3.0, 4.0, 5.0, 11.0])),
            series("Both", sums([-1.0, -1.0, -1.0, -1.0, -1.0, 3.0, 3.0, 4.0, 5.0, 3.0, 0.0, 8.0])),
            series("Bartholomew-Alexander", vec![]),
        ],
        ..chart()
    }
}

#[test]
fn charts_are_as_they_were_found_good() {
    assert_golden("chart.svg", &chart().svg());
    assert_golden("bars.svg", &bars().svg());
}

#[test]
fn the_same_values_make_the_same_bytes() {
    assert!(made().zip == made().zip);
}
