use super::*;
use crate::{
    confidential::Confidential,
    couple::tests::{id, lee_and_kim, noon},
    entry::{
        EntryContent, EntryDraft,
        tests::{KIM, LEE, by_lee, content, given, handed_in, kim, lee, record},
    },
    exercises::{Answers, History, Kind},
    recorded_by::RecordedBy,
    visibility::Visibility,
};

fn staff(member: u128) -> RecordedBy {
    RecordedBy::Staff(id(member))
}

fn of(partner: u128) -> Reader {
    Reader::Partner(id(partner))
}

fn shown(entry: &Entry, reader: Reader) -> ShownEntry {
    entry.clone().shown_to(reader, &lee_and_kim(), &Sight::default()).unwrap()
}

/// Number and version, as a reader counts.
fn counted(entry: &Entry, reader: Reader) -> (i32, i64) {
    let shown = shown(entry, reader).entry;
    assert_eq!(shown.version, entry.version_shown_to(reader, &lee_and_kim()));
    (shown.number, shown.version)
}

fn submitted(kind: Kind, rewritten: usize) -> Entry {
    let mut entry = record(by_lee(kind)).unwrap();
    for _ in 0..rewritten {
        entry.change(&lee_and_kim(), content(kind), lee()).unwrap();
    }
    entry.submit(&lee_and_kim(), &History::default(), lee(), noon("2026-03-04")).unwrap();
    entry
}

fn line(of: &Entry, text: &str) -> EntryContent {
    let for_counselor = Some(Confidential::new(text.to_owned()));
    EntryContent { difficulty: of.difficulty, for_counselor, ..content(of.kind) }
}

#[test]
fn the_other_counts_the_corrections_that_they_can_see() {
    let (couple, kind) = (lee_and_kim(), Kind::Appreciation);
    let mut entry = submitted(kind, 3);
    assert_eq!(counted(&entry, of(KIM)), counted(&submitted(kind, 0), of(KIM)), "not how often it was rewritten");
    assert_eq!((counted(&entry, of(LEE)), counted(&entry, Reader::Counselor(id(7)))), ((1, 5), (1, 5)));

    entry.mark_reviewed(noon("2026-03-05")).unwrap();
    entry.correct(&couple, line(&entry, "I don't mean it."), lee(), true).unwrap();
    assert_eq!(counted(&entry, of(KIM)), (1, 1), "neither the review nor the line for the counselor");
    assert_eq!(shown(&entry, of(KIM)).entry.for_counselor, None);

    let otherwise = EntryContent { difficulty: Some(9), ..content(kind) };
    entry.correct(&couple, otherwise, lee(), true).unwrap();
    assert_eq!((counted(&entry, of(KIM)), counted(&entry, of(LEE))), ((2, 2), (3, 8)));
}

#[test]
fn what_was_before_it_was_opened_is_not_counted() {
    let (couple, kind) = (lee_and_kim(), Kind::Pulse);
    let mut entry = submitted(kind, 0);
    let otherwise = |difficulty| EntryContent { difficulty: Some(difficulty), ..content(kind) };
    entry.correct(&couple, otherwise(7), lee(), false).unwrap();
    entry.widen(&couple, &given(kind), Visibility::Shared, lee(), false, noon("2026-03-05")).unwrap();
    assert_eq!((counted(&entry, of(KIM)), counted(&entry, of(LEE))), ((1, 1), (2, 4)));
    entry.correct(&couple, otherwise(8), lee(), true).unwrap();
    assert_eq!((counted(&entry, of(KIM)), counted(&entry, of(LEE))), ((2, 2), (3, 5)));
}

#[test]
fn of_two_who_wrote_as_one_the_other_does_not_count_the_line_of_who_held_the_pen() {
    let (couple, kind) = (lee_and_kim(), Kind::ConsistencyReview);
    let mut entry = record(EntryDraft { author: Author::Together, ..by_lee(kind) }).unwrap();
    entry.change(&couple, content(kind), kim()).unwrap();
    entry.submit(&couple, &History::default(), lee(), noon("2026-03-04")).unwrap();
    let before = counted(&entry, of(KIM));
    assert_eq!(before, (1, 3), "both wrote the draft");
    let mut earlier = vec![earlier_version(&entry)];

    entry.correct(&couple, line(&entry, "Kim talked over me."), lee(), true).unwrap();
    assert_eq!(counted(&entry, of(KIM)), before);
    assert!(entry.earlier_shown_to(earlier.clone(), of(KIM), &couple).is_empty());
    assert_eq!(entry.earlier_shown_to(earlier.clone(), of(LEE), &couple).len(), 1);

    earlier.push(earlier_version(&entry));
    let otherwise = EntryContent { difficulty: Some(9), ..content(kind) };
    entry.correct(&couple, otherwise, kim(), true).unwrap();
    assert_eq!(counted(&entry, of(KIM)), (2, 4));
    let told = entry.earlier_shown_to(earlier, of(KIM), &couple);
    assert_eq!(told.iter().map(|version| version.number).collect::<Vec<_>>(), [1]);
}

#[test]
fn whose_words_it_is_does_not_count_the_line_of_a_counselor_who_began_it_for_them() {
    let (couple, kind) = (lee_and_kim(), Kind::Appreciation);
    for author in [Author::Partner(id(LEE)), Author::Together] {
        let kind = if author == Author::Together { Kind::ConsistencyReview } else { kind };
        let begun = EntryDraft { author, recorded_by: staff(7), for_counselor: None, ..by_lee(kind) };
        let mut entry = record(begun).unwrap();
        let mut before = counted(&entry, of(LEE));
        entry.change(&couple, line(&entry, "Lee wept."), staff(7)).unwrap();
        assert_eq!(counted(&entry, of(LEE)), before, "{author:?}: a draft");
        entry.submit(&couple, &History::default(), staff(7), noon("2026-03-04")).unwrap();
        entry.mark_reviewed(noon("2026-03-05")).unwrap();
        before = counted(&entry, of(LEE));
        let (pen, reviewed_at) = (entry.recorded_by, entry.reviewed_at);

        entry.correct(&couple, line(&entry, "Lee wept for long."), staff(8), true).unwrap();
        assert_eq!((counted(&entry, of(LEE)), counted(&entry, of(KIM)).0), (before, 1));
        assert_eq!((entry.number, entry.version, entry.recorded_by, entry.reviewed_at), (1, 5, pen, reviewed_at));
        let otherwise = EntryContent { difficulty: Some(9), ..content(kind) };
        entry.correct(&couple, otherwise, staff(8), true).unwrap();
        assert_eq!((entry.number, entry.reviewed_at), (2, None));
        assert_eq!(counted(&entry, of(LEE)), (before.0 + 1, before.1 + 1));
    }
}

fn earlier_version(entry: &Entry) -> EarlierVersion {
    let Entry { number, difficulty, .. } = *entry;
    EarlierVersion { number, answers: entry.answers.clone(), difficulty, replaced_at: noon("2026-03-05") }
}

#[test]
fn what_it_comes_from_and_names_is_told_as_far_as_it_exists_for_the_reader() {
    let (couple, answers) = (lee_and_kim(), Kind::SessionFeedback.example());
    let entry = handed_in(1, Author::Partner(id(LEE)), answers.clone());
    for reader in [of(LEE), Reader::Counselor(id(7))] {
        let whole = shown(&entry, reader);
        assert_eq!((whole.assignment, whole.entry.answers), (Some(entry.assignment), answers.clone()), "{reader:?}");
    }

    let told = shown(&entry, of(KIM));
    let Answers::SessionFeedback(feedback) = &told.entry.answers else { panic!() };
    assert_eq!((told.assignment, feedback.session_id, feedback.goals[0].goal_id), (None, None, None));
    assert_eq!(feedback.goals[0].attainment, 4, "what it says is theirs to read");

    let seen = entry.to_be_seen_by(of(KIM), &couple);
    let named = seen.iter().map(|reference| reference.to).filter(|to| to.entry().is_none()).collect();
    let sight = Sight { assignments: HashSet::from([entry.assignment]), named };
    let told = entry.clone().shown_to(of(KIM), &couple, &sight).unwrap();
    let Answers::SessionFeedback(feedback) = &told.entry.answers else { panic!() };
    assert!(told.assignment.is_some() && feedback.session_id.is_some() && feedback.goals[0].goal_id.is_none());
}

#[test]
fn every_form_does_without_what_it_names() {
    for kind in Kind::ALL {
        let answers = kind.example();
        let mut named = answers.references();
        named.retain(|reference| !matches!(reference.to, Target::Partner(_)));
        let without = answers.without(&named).unwrap_or_else(|error| panic!("{kind}: {error}"));
        let left = without.references();
        assert!(left.iter().all(|reference| matches!(reference.to, Target::Partner(_))), "{kind}: {left:?}");
    }
}
