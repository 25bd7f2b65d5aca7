//! What an export may take, and how it goes.

use super::*;
use crate::couple::tests::{day, id, lee_and_kim, noon};

fn draft() -> ExportDraft {
    ExportDraft {
        from: day("2026-01-01"),
        until: day("2026-03-31"),
        formats: vec![ExportFormat::Ndjson, ExportFormat::Markdown, ExportFormat::Ndjson],
        partitions: vec![ExportPartition::Joint],
        purpose: ExportPurpose::Transfer,
        recipient: None,
        psychotherapy_authorization: None,
    }
}

fn ask(draft: ExportDraft) -> Result<Export, ExportError> {
    Export::new(id(10), &lee_and_kim(), draft, id(7), noon("2026-04-01"))
}

#[test]
fn each_format_is_written_once() {
    assert_eq!(ask(draft()).unwrap().formats, [ExportFormat::Markdown, ExportFormat::Ndjson]);
    assert_eq!(ask(ExportDraft { formats: vec![], ..draft() }), Err(ExportError::Formats));
}

#[test]
fn an_export_takes_ten_years_at_most() {
    let range = |from, until| ask(ExportDraft { from: day(from), until: day(until), ..draft() }).map(|_| ());
    assert_eq!(range("2026-03-02", "2026-03-01"), Err(ExportError::Range));
    assert_eq!(range("2016-03-31", "2026-03-31"), Ok(()));
    assert_eq!(range("2016-03-30", "2026-03-31"), Err(ExportError::Range));
}

#[test]
fn an_export_names_parts_of_this_couples_record() {
    let parts = |partitions| ask(ExportDraft { partitions, ..draft() }).map(|_| ());
    assert_eq!(parts(vec![]), Err(ExportError::Partitions));
    assert_eq!(parts(vec![ExportPartition::About(id(9))]), Err(ExportError::Partitions));
    assert_eq!(parts(vec![ExportPartition::About(id(1))]), Ok(()));
}

#[test]
fn psychotherapy_notes_leave_only_by_name_and_with_an_authorization() {
    let named = ExportDraft { partitions: vec![ExportPartition::Psychotherapy], ..draft() };
    assert_eq!(ask(named.clone()), Err(ExportError::Authorization));
    let authorized = Some(Confidential::new("signed on 3 March, folder 12"));
    assert!(ask(ExportDraft { psychotherapy_authorization: authorized, ..named }).is_ok());
}

#[test]
fn an_export_is_taken_up_again_after_a_crash_and_finishes_once() {
    let mut export = ask(draft()).unwrap();
    export.start().unwrap();
    export.start().unwrap();
    export.advance(12, 10);
    assert_eq!(export.progress, ExportProgress { done: 10, total: 10 });
    export.succeed(Digest([1; 32]), Vec::new(), noon("2026-04-01"), noon("2026-04-08")).unwrap();
    assert!(export.can_be_fetched(noon("2026-04-07")) && !export.can_be_fetched(noon("2026-04-08")));
    let late = ExportError::Transition { from: ExportStatus::Succeeded, to: ExportStatus::Failed };
    assert_eq!(export.fail(ExportFailure::Internal, noon("2026-04-01")), Err(late));
    export.expire().unwrap();
    assert!(!export.can_be_fetched(noon("2026-04-02")));
}
