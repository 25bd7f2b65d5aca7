//! Who may record what, when it may change, and who may open it.

use chrono::{Days, TimeDelta};
use proptest::prelude::*;

use super::*;
use crate::{
    assignment::{AssignmentDraft, Ending, Participants, tests::assign, tests::draft as assignment_draft},
    breach::{BreachDraft, BreachKind, BreachRole, CameToLight, RoleInBreach},
    couple::tests::{day, id, lee_and_kim, noon, separated},
    exercises::{
        ApologyCoaching, CommitmentAct, Condition, History, Mode, Reference, Ritual, RitualOccurrence, ShareMedium,
        TalkReflection, Target, Touch, VulnerabilityShare, Whose, Writer,
    },
    ids::SessionId,
    own_exercise::tests::weekly_check_in,
};

pub(super) const LEE: u128 = 1;
pub(super) const KIM: u128 = 2;

pub(super) fn lee() -> RecordedBy {
    RecordedBy::Partner(id(LEE))
}

pub(super) fn kim() -> RecordedBy {
    RecordedBy::Partner(id(KIM))
}

pub(super) fn counselor() -> RecordedBy {
    RecordedBy::Staff(id(7))
}

/// The example of a kind, by whom it is written; by Lee if by either.
fn written(kind: Kind) -> EntryDraft {
    let (author, recorded_by) = match kind.writer() {
        Writer::Together => (Author::Together, lee()),
        Writer::Counselor => (Author::Counselor(id(7)), counselor()),
        Writer::Caused | Writer::Hurt | Writer::EitherPartner | Writer::EachAlone => (Author::Partner(id(LEE)), lee()),
    };
    EntryDraft { author, recorded_by, ..by_lee(kind) }
}

pub(super) fn by_lee(kind: Kind) -> EntryDraft {
    EntryDraft {
        author: Author::Partner(id(LEE)),
        recorded_by: lee(),
        recorded_on: None,
        difficulty: None,
        answers: kind.example(),
        referred: found_for_lee(&kind.example()),
        form: form_for(kind),
        for_counselor: None,
        visibility: None,
    }
}

/// What somebody handed in on 2 March 2026; a higher number is later.
pub(crate) fn handed_in(number: u128, author: Author, answers: Answers) -> Entry {
    let at = noon("2026-03-02") + chrono::TimeDelta::minutes(i64::try_from(number).unwrap());
    let kind = answers.kind();
    Entry {
        id: id(1000 + number),
        assignment: id(70),
        couple: id(50),
        exercise: kind.exercise(),
        kind,
        author,
        recorded_by: lee(),
        begun_by: lee(),
        recorded_on: day("2026-03-02"),
        occurrence_on: day("2026-03-02"),
        difficulty: None,
        answers,
        for_counselor: None,
        visibility: Visibility::Shared,
        permission_given_at: None,
        state: EntryState::Submitted(at),
        number: 1,
        seen: Seen::default(),
        line_changes: 0,
        reviewed_at: None,
        created_at: at,
        version: 2,
    }
}

/// What was handed in before answers of Lee's, so that they fit and their condition holds.
fn before(answers: &Answers) -> History {
    let entries = answers.condition().map_or_else(
        || followed_by(answers.kind()),
        |condition| match condition {
            Condition::Planned { ritual, .. } => {
                vec![Entry { id: ritual, ..handed_in(1, Author::Together, Kind::Ritual.example()) }]
            }
            Condition::FineForBoth(_) => said_by_both(Kind::TouchComfort),
            Condition::AskedByBoth => said_by_both(Kind::ForgivenessTalkWish),
        },
    );
    let (on, today) = (day("2026-03-04"), day("2026-03-04"));
    History { entries, told: Vec::new(), on, today, now: noon("2026-03-04") }
}

fn said_by_both(kind: Kind) -> Vec<Entry> {
    [LEE, KIM].map(|number| handed_in(number, Author::Partner(id(number)), kind.example())).to_vec()
}

fn followed_by(kind: Kind) -> Vec<Entry> {
    let ends_it = |before: &Kind| match kind {
        Kind::ApologyDraft => *before == Kind::ApologyDelivery,
        _ => matches!(before, Kind::TransparencyReview | Kind::TransparencyWithdrawal),
    };
    let makes_way = |before: &Kind| *before != kind && !ends_it(before);
    let named_in_examples = Kind::ApologyResponse.example().references()[0].to;
    let Target::Entry { id, .. } = named_in_examples else { panic!() };
    let as_named = |kind: Kind| {
        let visibility = (!kind.visibility().fixed).then_some(Visibility::Shared);
        Entry { id, ..submitted(EntryDraft { visibility, ..written(kind) }) }
    };
    kind.follows().iter().copied().filter(makes_way).map(as_named).collect()
}

/// All that Lee's answers name, follow and rest on, there as they name it.
pub(crate) fn found_for_lee(answers: &Answers) -> Vec<Referred> {
    let found = |reference: Reference| match reference.to {
        Target::Entry { id, kind, whose: Whose::TheOthers } => {
            Referred::Entry { id, kind, author: Author::Partner(crate::couple::tests::id(KIM)), took_place: true }
        }
        Target::Entry { id, kind, .. } => {
            Referred::Entry { id, kind, author: Author::Partner(crate::couple::tests::id(LEE)), took_place: true }
        }
        Target::PromiseOfTheOther(id) => Referred::Promise { id, maker: crate::couple::tests::id(KIM) },
        Target::BegunSession(id) => Referred::Session { id, has_begun: true },
        Target::Partner(id) => Referred::Partner(id),
    };
    answers.references().into_iter().map(found).chain([Referred::History(before(answers))]).collect()
}

/// The form that answers of this kind are checked against, where it is the practice's.
pub(crate) fn form_for(kind: Kind) -> Option<OwnForm> {
    (kind == Kind::OwnEntry).then(|| weekly_check_in().latest.definition.form)
}

pub(super) fn given(kind: Kind) -> Assignment {
    assign(assignment_draft(kind.exercise())).unwrap()
}

fn record_for(assignment: &Assignment, draft: EntryDraft) -> Result<Entry, EntryError> {
    let couple = lee_and_kim();
    let context = EntryContext { couple: &couple, assignment, breach: None };
    Entry::record(id(80), context, draft, noon("2026-03-04"))
}

pub(super) fn record(draft: EntryDraft) -> Result<Entry, EntryError> {
    record_for(&given(draft.answers.kind()), draft)
}

fn submitted(draft: EntryDraft) -> Entry {
    let pen = draft.recorded_by;
    let mut entry = record(draft).unwrap();
    let history = before(&entry.answers);
    entry.submit(&lee_and_kim(), &history, pen, noon("2026-03-04")).unwrap();
    entry
}

pub(super) fn content(kind: Kind) -> EntryContent {
    let answers = kind.example();
    let (referred, form) = (found_for_lee(&answers), form_for(kind));
    EntryContent { difficulty: Some(3), referred, form, answers, for_counselor: None }
}

/// Lee caused it, Kim was hurt.
fn breach() -> Breach {
    let role = |partner, role| RoleInBreach { partner: id(partner), role };
    let draft = BreachDraft {
        kind: BreachKind::Secrecy,
        happened_on: None,
        came_to_light: CameToLight::Disclosed,
        came_to_light_on: None,
        ongoing: false,
        description: None,
        roles: vec![role(LEE, BreachRole::Caused), role(KIM, BreachRole::Hurt)],
    };
    Breach::new(id(90), &lee_and_kim(), draft, noon("2026-03-01")).unwrap()
}

#[test]
fn every_kind_can_be_recorded_by_its_writer() {
    for kind in Kind::ALL.iter().copied() {
        let entry = record(written(kind));
        assert!(entry.is_ok(), "{kind}: {entry:?}");
    }
}

#[test]
fn the_linked_breach_says_who_writes_what() {
    let (couple, breach) = (lee_and_kim(), breach());
    let assignment = assign(assignment_draft(Slug::RootCause)).unwrap();
    let writes = |partner: u128, kind| {
        let context = EntryContext { couple: &couple, assignment: &assignment, breach: Some(&breach) };
        let (author, recorded_by) = (Author::Partner(id(partner)), RecordedBy::Partner(id(partner)));
        Entry::record(id(80), context, EntryDraft { author, recorded_by, ..by_lee(kind) }, noon("2026-03-04")).is_ok()
    };
    assert!(writes(LEE, Kind::RootCauseAccount) && !writes(KIM, Kind::RootCauseAccount));
    assert!(writes(KIM, Kind::RootCauseImpact) && !writes(LEE, Kind::RootCauseImpact));
}

#[test]
fn nobody_writes_in_the_other_partners_name() {
    assert_eq!(record(EntryDraft { recorded_by: kim(), ..by_lee(Kind::Appreciation) }), Err(EntryError::Pen));
    assert!(record(EntryDraft { recorded_by: counselor(), ..by_lee(Kind::Appreciation) }).is_ok());
    let as_counselor = EntryDraft { author: Author::Counselor(id(7)), ..by_lee(Kind::ApologyCoaching) };
    assert_eq!(record(as_counselor), Err(EntryError::Pen));
}

#[test]
fn who_has_no_part_in_it_records_nothing() {
    let alone = AssignmentDraft { participants: Participants::One(id(KIM)), ..assignment_draft(Slug::Apology) };
    let refused = record_for(&assign(alone).unwrap(), by_lee(Kind::ApologyDraft));
    assert_eq!(refused, Err(EntryError::NotAParticipant));
}

#[test]
fn partners_answer_as_one_in_joint_mode_only() {
    let together = EntryDraft { author: Author::Together, ..by_lee(Kind::VulnerabilityShare) };
    let with = |mode| {
        let draft = AssignmentDraft { mode: Some(mode), ..assignment_draft(Slug::Vulnerability) };
        record_for(&assign(draft).unwrap(), together.clone()).map(|_| ())
    };
    assert_eq!(with(Mode::Joint), Ok(()));
    assert_eq!(with(Mode::Separate), Err(EntryError::Writer(Writer::EitherPartner)));
}

#[test]
fn a_kind_of_another_exercise_is_refused() {
    let assignment = assign(assignment_draft(Slug::Apology)).unwrap();
    assert_eq!(record_for(&assignment, by_lee(Kind::Appreciation)), Err(EntryError::Kind));
}

#[test]
fn an_assignment_that_ended_takes_no_entry() {
    let mut assignment = assign(assignment_draft(Slug::Consistency)).unwrap();
    assignment.end(Ending::Completed, id(7), noon("2026-03-03")).unwrap();
    assert_eq!(record_for(&assignment, by_lee(Kind::Appreciation)), Err(EntryError::AssignmentEnded));
}

#[test]
fn an_entry_is_about_a_day_from_the_start_to_today() {
    let on = |text| record(EntryDraft { recorded_on: Some(day(text)), ..by_lee(Kind::Appreciation) }).map(|_| ());
    assert_eq!(on("2026-03-01"), Err(EntryError::Day));
    assert_eq!(on("2026-03-05"), Err(EntryError::Day));
    assert_eq!(on("2026-03-02"), Ok(()));
}

#[test]
fn answers_that_do_not_fit_are_refused_without_repeating_them() {
    let Answers::CommitmentAct(act) = Kind::CommitmentAct.example() else { panic!() };
    let answers = Answers::CommitmentAct(CommitmentAct { act: "secret".repeat(200), ..act });
    let refused = record(EntryDraft { answers, ..by_lee(Kind::CommitmentAct) }).unwrap_err();
    assert!(matches!(refused, EntryError::Answers(_)));
    assert!(!format!("{refused:?} {refused}").contains("secret"));
    let difficulty = EntryDraft { difficulty: Some(11), ..by_lee(Kind::CommitmentAct) };
    assert_eq!(record(difficulty), Err(EntryError::Difficulty));
}

#[test]
fn a_submitted_entry_changes_only_by_correction() {
    let couple = lee_and_kim();
    let kind = Kind::Appreciation;
    let mut entry = record(by_lee(kind)).unwrap();
    assert_eq!(entry.correct(&couple, content(kind), lee(), false), Err(EntryError::NotSubmitted));
    entry.change(&couple, content(kind), lee()).unwrap();
    entry.submit(&couple, &History::default(), lee(), noon("2026-03-04")).unwrap();
    assert_eq!(entry.change(&couple, content(kind), lee()), Err(EntryError::Submitted));
    assert_eq!(entry.submit(&couple, &History::default(), lee(), noon("2026-03-04")), Err(EntryError::Submitted));
    entry.mark_reviewed(noon("2026-03-05")).unwrap();
    assert_eq!(entry.correct(&couple, content(kind), kim(), false), Err(EntryError::Pen));
    entry.correct(&couple, content(kind), lee(), false).unwrap();
    assert_eq!((entry.number, entry.reviewed_at.is_some(), entry.version), (1, true, 5), "nothing is corrected");
    let otherwise = EntryContent { difficulty: Some(9), ..content(kind) };
    entry.correct(&couple, otherwise, lee(), false).unwrap();
    assert_eq!((entry.number, entry.reviewed_at, entry.version), (2, None, 6));
    assert_eq!(entry.correct(&couple, content(Kind::Pulse), lee(), false), Err(EntryError::KindChanged));
}

#[test]
fn an_entry_is_corrected_a_hundred_times() {
    let (couple, kind) = (lee_and_kim(), Kind::ConsistencyReview);
    let with = |difficulty, line: &str| {
        let for_counselor = Some(Confidential::new(line.to_owned()));
        EntryContent { difficulty: Some(difficulty), for_counselor, ..content(kind) }
    };
    for author in [Author::Partner(id(LEE)), Author::Together] {
        let kind = if author == Author::Together { kind } else { Kind::Appreciation };
        let with = |difficulty, line| EntryContent { answers: content(kind).answers, ..with(difficulty, line) };
        let mut entry = record(EntryDraft { author, ..by_lee(kind) }).unwrap();
        entry.submit(&couple, &History::default(), lee(), noon("2026-03-04")).unwrap();
        for time in 0..100 {
            entry.correct(&couple, with(time % 2 + 1, "A line."), lee(), true).unwrap();
        }
        let before = entry.clone();
        assert_eq!(entry.correct(&couple, with(3, "A line."), lee(), true), Err(EntryError::TooManyCorrections));
        assert!(entry == before, "nothing has changed");
        let line = entry.correct(&couple, with(2, "Another line."), lee(), true);
        let counts_apart = author == Author::Together;
        assert_eq!(line, if counts_apart { Ok(()) } else { Err(EntryError::TooManyCorrections) });
    }
}

#[test]
fn what_is_for_the_counselors_by_its_kind_stays_so() {
    let shared = EntryDraft { visibility: Some(Visibility::Shared), ..by_lee(Kind::Ambivalence) };
    assert_eq!(record(shared), Err(EntryError::VisibilityFixed));
    let mut entry = submitted(by_lee(Kind::Ambivalence));
    let widened = entry.widen(&lee_and_kim(), &given(entry.kind), Visibility::Shared, lee(), false, noon("2026-03-05"));
    assert_eq!((widened, entry.visibility), (Err(EntryError::VisibilityFixed), Visibility::CounselorOnly));
}

#[test]
fn an_assignment_may_close_what_a_kind_starts_with_and_never_open_it() {
    let starts = |kind: Kind, visibility| {
        let draft = AssignmentDraft { visibility: Some(visibility), ..assignment_draft(kind.exercise()) };
        record_for(&assign(draft).unwrap(), by_lee(kind)).unwrap().visibility
    };
    assert_eq!(starts(Kind::CommitmentAct, Visibility::CounselorOnly), Visibility::CounselorOnly);
    assert_eq!(starts(Kind::DedicationRating, Visibility::Shared), Visibility::CounselorOnly);
    assert_eq!(starts(Kind::RootCauseAccount, Visibility::Shared), Visibility::RevealTogether);
}

#[test]
fn only_the_author_opens_an_entry_and_by_that_gives_permission() {
    let couple = lee_and_kim();
    let mut entry = submitted(by_lee(Kind::DedicationRating));
    for other in [kim(), counselor()] {
        let refused = entry.widen(&couple, &given(entry.kind), Visibility::Shared, other, false, noon("2026-03-05"));
        assert_eq!(refused, Err(EntryError::NotTheAuthor));
    }
    assert_eq!(entry.permission_given_at, None);
    entry.widen(&couple, &given(entry.kind), Visibility::Shared, lee(), false, noon("2026-03-05")).unwrap();
    assert_eq!(entry.permission_given_at, Some(noon("2026-03-05")));
    let closed = entry.widen(&couple, &given(entry.kind), Visibility::CounselorOnly, lee(), false, noon("2026-03-06"));
    assert_eq!((closed, entry.visibility), (Err(EntryError::NotWider), Visibility::Shared));
}

#[test]
fn an_author_may_open_an_entry_from_the_start_and_think_again_while_it_is_a_draft() {
    let shared = EntryDraft { visibility: Some(Visibility::Shared), ..by_lee(Kind::DedicationRating) };
    let mut entry = record(shared.clone()).unwrap();
    assert_eq!(entry.permission_given_at, Some(noon("2026-03-04")));
    entry
        .widen(&lee_and_kim(), &given(entry.kind), Visibility::CounselorOnly, lee(), false, noon("2026-03-04"))
        .unwrap();
    assert_eq!((entry.visibility, entry.permission_given_at), (Visibility::CounselorOnly, None));
    let on_behalf = EntryDraft { recorded_by: counselor(), ..shared };
    assert_eq!(record(on_behalf), Err(EntryError::NotTheAuthor));
}

fn any_visibility() -> impl Strategy<Value = Visibility> {
    prop_oneof![
        Just(Visibility::CounselorOnly),
        Just(Visibility::Shared),
        Just(Visibility::RevealTogether),
        (0_u64..60).prop_map(|days| Visibility::Embargoed { until: day("2026-03-10") + Days::new(days) }),
    ]
}

fn any_kind() -> impl Strategy<Value = Kind> {
    let written = |kind: &Kind| !matches!(kind.writer(), Writer::Together | Writer::Counselor);
    proptest::sample::select(Kind::ALL.iter().copied().filter(written).collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn whoever_tries_what_a_submitted_entry_is_only_ever_opened_by_its_author(
        kind in any_kind(), parted: bool,
        tries in proptest::collection::vec((any_visibility(), 0_usize..3), 1..12),
    ) {
        let couple = if parted { separated("2026-03-05") } else { lee_and_kim() };
        let assignment = assign(assignment_draft(kind.exercise())).unwrap();
        let mut entry = submitted(by_lee(kind));
        for (minute, (to, by)) in (0..).zip(tries) {
            let (before, now) = (entry.clone(), noon("2026-03-06") + TimeDelta::minutes(minute));
            let by = [lee(), kim(), counselor()][by];
            if entry.widen(&couple, &assignment, to, by, false, now).is_ok() {
                prop_assert_eq!(by, lee());
                prop_assert!(!kind.visibility().fixed && to.is_wider_than(before.visibility));
                prop_assert_eq!((entry.visibility, entry.permission_given_at), (to, Some(now)));
            } else {
                prop_assert_eq!(&entry, &before);
            }
            prop_assert!(entry.visibility.is_as_open_as(before.visibility));
        }
    }

    #[test]
    fn an_entry_begins_no_wider_than_its_kind_unless_its_author_says_so(
        kind in any_kind(), of_assignment in proptest::option::of(any_visibility()),
        wanted in proptest::option::of(any_visibility()), on_behalf: bool,
    ) {
        let draft = AssignmentDraft { visibility: of_assignment, ..assignment_draft(kind.exercise()) };
        let recorded_by = if on_behalf { counselor() } else { lee() };
        let assignment = assign(draft).unwrap();
        let begun = record_for(&assignment, EntryDraft { recorded_by, visibility: wanted, ..by_lee(kind) });
        let Ok(entry) = begun else { return Ok(()) };
        let of_kind = assignment.visibility_of(&lee_and_kim(), kind);
        let default = of_kind.default;
        let opened = !default.is_as_open_as(entry.visibility);
        prop_assert!(!opened || (!on_behalf && wanted == Some(entry.visibility)));
        prop_assert!(!of_kind.fixed || default.is_as_open_as(entry.visibility));
        prop_assert_eq!(entry.permission_given_at.is_some(), entry.visibility.is_wider_than(default));
    }
}

#[test]
fn after_a_separation_what_was_written_together_stays_as_it_is() {
    let assignment = assign(assignment_draft(Slug::Consistency)).unwrap();
    let together = EntryDraft { author: Author::Together, ..by_lee(Kind::ConsistencyReview) };
    let mut joint = record_for(&assignment, together).unwrap();
    let mut own = record_for(&assignment, by_lee(Kind::Appreciation)).unwrap();
    let parted = separated("2026-03-05");
    assert_eq!(joint.submit(&parted, &History::default(), lee(), noon("2026-03-06")), Err(EntryError::Frozen));
    assert_eq!(own.submit(&parted, &History::default(), lee(), noon("2026-03-06")), Ok(()));
    let context = EntryContext { couple: &parted, assignment: &assignment, breach: None };
    let new = Entry::record(id(81), context, by_lee(Kind::Appreciation), noon("2026-03-06"));
    assert_eq!(new, Err(EntryError::CaseEnded(CaseEnded)));
}

#[test]
fn a_joint_entry_counts_for_both_and_a_print_shows_no_answers() {
    let assignment = assign(assignment_draft(Slug::Consistency)).unwrap();
    let together = EntryDraft { author: Author::Together, ..by_lee(Kind::ConsistencyReview) };
    let entry = record_for(&assignment, together).unwrap();
    assert_eq!(entry.authors(&assignment), [id(LEE), id(KIM)]);
    assert!(!format!("{entry:?}").contains("call"));
}

#[test]
fn an_answer_names_what_the_other_shared_and_nothing_else() {
    let answers = Kind::RootCauseAnswer.example();
    let named = |referred| record(EntryDraft { referred, ..by_lee(Kind::RootCauseAnswer) }).map(|_| ());
    let Referred::Entry { id: question, kind, author, took_place } = found_for_lee(&answers)[0] else { panic!() };
    let by_kim = Referred::Entry { id: question, kind, author, took_place };
    let by_lee = Referred::Entry { id: question, kind, author: Author::Partner(id(LEE)), took_place };
    let another_kind = Referred::Entry { id: question, kind: Kind::RootCauseImpact, author, took_place };

    assert_eq!(named(vec![by_kim]), Ok(()));
    for refused in [vec![], vec![by_lee], vec![another_kind]] {
        let Err(EntryError::References(unknown)) = named(refused) else { panic!("it is refused") };
        assert_eq!(unknown[0].pointer, "/question_id");
    }
}

#[test]
fn feedback_is_about_a_session_that_has_begun() {
    let answers = Kind::SessionFeedback.example();
    let about = |session: &dyn Fn(SessionId) -> Vec<Referred>| {
        let referred = found_for_lee(&answers).into_iter().flat_map(|found| match found {
            Referred::Session { id, .. } => session(id),
            other => vec![other],
        });
        match record(EntryDraft { referred: referred.collect(), ..by_lee(Kind::SessionFeedback) }) {
            Err(EntryError::References(unknown)) => Some((unknown[0].pointer.clone(), unknown[0].wanted)),
            other => other.map(|_| None).unwrap(),
        }
    };
    let refused = |wanted| Some(("/session_id".to_owned(), wanted));

    assert_eq!(about(&|id| vec![Referred::Session { id, has_begun: true }]), None);
    let to_come = "a session that has begun: what it was like is said after it";
    assert_eq!(about(&|id| vec![Referred::Session { id, has_begun: false }]), refused(to_come));
    assert_eq!(about(&|_| vec![]), refused("a session that the author may know of"));
}

#[test]
fn an_apology_is_answered_on_the_day_it_was_given_or_later() {
    let answers = Kind::ApologyResponse.example();
    let on =
        |on: &str| answers.check_against(&History { on: day(on), ..before(&answers) }).map_err(|unmet| unmet.pointer);
    assert_eq!((on("2026-03-02"), on("2026-03-01")), (Ok(()), Err("/apology_id".to_owned())));
}

#[test]
fn coaching_is_about_a_version_that_the_draft_has() {
    let Answers::ApologyCoaching(round) = Kind::ApologyCoaching.example() else { panic!() };
    let about = |version: u16| {
        let answers = Answers::ApologyCoaching(ApologyCoaching { draft_version: Some(version), ..round.clone() });
        answers.check_against(&before(&answers)).map_err(|unmet| unmet.pointer)
    };
    assert_eq!((about(1), about(2)), (Ok(()), Err("/draft_version".to_owned())));
}

#[test]
fn an_embargo_ends_on_a_day_to_come() {
    let until = |until: &str| {
        let visibility = Some(Visibility::Embargoed { until: day(until) });
        record(EntryDraft { visibility, ..by_lee(Kind::Journal) }).map(|_| ())
    };
    assert_eq!((until("2026-03-05"), until("2026-03-04")), (Ok(()), Err(EntryError::Embargo)));
}

#[test]
fn how_it_felt_is_said_of_what_was_done() {
    let felt = |done: bool| {
        let Answers::RitualOccurrence(time) = Kind::RitualOccurrence.example() else { panic!() };
        let (Some(Target::Entry { id, .. }), both) = (Kind::RitualReflection.example().about(), Author::Together)
        else {
            panic!()
        };
        let answers = Answers::RitualOccurrence(RitualOccurrence { done, ..time });
        let named = Referred::of(&Entry { id, ..handed_in(1, both, answers) });
        record(EntryDraft { referred: vec![named], ..by_lee(Kind::RitualReflection) }).map(|_| ())
    };
    assert_eq!(felt(true), Ok(()));
    let Err(EntryError::References(unknown)) = felt(false) else { panic!("it is refused") };
    assert_eq!(unknown[0].pointer, "/occurrence_id");
    assert!(unknown[0].wanted.contains("skipped"));
}

#[test]
fn one_thing_is_told_of_once_and_corrected_from_then_on() {
    let first = submitted(by_lee(Kind::TalkReflection));
    let told = |told: Vec<Entry>| Referred::History(History { told, ..before(&Kind::TalkReflection.example()) });
    let again = |before: Vec<Entry>| {
        let named = found_for_lee(&Kind::TalkReflection.example()).remove(0);
        record(EntryDraft { referred: vec![named, told(before)], ..by_lee(Kind::TalkReflection) })
    };
    let another = Answers::TalkReflection(TalkReflection {
        talk_id: Some(id(9)),
        felt_heard: 7,
        felt_safe: 8,
        boundaries_respected: None,
        note: None,
    });

    let refused = EntryError::ToldBefore { pointer: "/talk_id".to_owned(), first: first.id };
    assert_eq!(again(vec![first.clone()]), Err(refused.clone()));
    assert!(again(vec![Entry { answers: another, ..first.clone() }]).is_ok(), "another talk");
    let mut begun_before = again(Vec::new()).unwrap();
    let history = History { told: vec![first.clone()], ..History::default() };
    assert_eq!(begun_before.submit(&lee_and_kim(), &history, lee(), noon("2026-03-04")), Err(refused));
    let mut corrected = first.clone();
    let twice = EntryContent { referred: vec![told(vec![first])], ..content(Kind::TalkReflection) };
    assert_eq!(
        corrected.correct(&lee_and_kim(), twice, lee(), false),
        Ok(()),
        "of what there is twice, either is corrected"
    );
}

#[test]
fn a_correction_still_names_what_has_since_been_hidden() {
    let mut entry = submitted(by_lee(Kind::RootCauseAnswer));
    let hidden = EntryContent { referred: Vec::new(), ..content(Kind::RootCauseAnswer) };
    assert_eq!(entry.correct(&lee_and_kim(), hidden, lee(), false), Ok(()));
}

#[test]
fn answers_to_a_form_of_the_practices_own_are_checked_by_the_version_that_was_assigned() {
    let with = |form| record(EntryDraft { form, ..by_lee(Kind::OwnEntry) }).map(|_| ());
    let mut revised = weekly_check_in();
    crate::own_exercise::tests::ask_for_a_text(&mut revised);

    assert_eq!(with(form_for(Kind::OwnEntry)), Ok(()));
    let Err(EntryError::Form(misfits)) = with(Some(revised.latest.definition.form)) else { panic!("it is refused") };
    assert_eq!((misfits[0].pointer.as_str(), misfits[0].code), ("/values/closeness", "wrong-type"));
    assert_eq!(with(None), Err(EntryError::Kind), "nothing passes unchecked");
}

#[test]
fn an_entry_of_the_practices_own_starts_as_the_exercise_says() {
    let entry = record(by_lee(Kind::OwnEntry)).unwrap();
    assert_eq!((entry.visibility, entry.permission_given_at), (Visibility::RevealTogether, None));
    let opened = EntryDraft { visibility: Some(Visibility::Shared), ..by_lee(Kind::OwnEntry) };
    assert_eq!(record(opened).unwrap().permission_given_at, Some(noon("2026-03-04")));
}

#[test]
fn what_answers_rest_on_is_asked_for_when_it_is_new_and_when_they_are_handed_in() {
    let Answers::VulnerabilityShare(share) = Kind::VulnerabilityShare.example() else { panic!() };
    let by_talking = VulnerabilityShare { touch: Some(Touch::Hug), ..share.clone() };
    let refused_as_it_is =
        record(EntryDraft { answers: Answers::VulnerabilityShare(by_talking), ..by_lee(Kind::VulnerabilityShare) });
    assert!(matches!(refused_as_it_is, Err(EntryError::Answers(_))), "a touch that is none needs nobody's word");
    let by = |touch| {
        let share = VulnerabilityShare { medium: ShareMedium::Touch, touch: Some(touch), ..share.clone() };
        EntryDraft { recorded_on: Some(day("2026-03-02")), ..with_ground(Answers::VulnerabilityShare(share)) }
    };
    let refused = |touch| Err(EntryError::Condition(Condition::FineForBoth(touch)));
    let mut hug = record(by(Touch::Hug)).unwrap();
    assert_eq!(record(by(Touch::Kiss)).map(|_| ()), refused(Touch::Kiss));
    assert_eq!(record(EntryDraft { referred: vec![], ..by(Touch::Hug) }).map(|_| ()), refused(Touch::Hug));

    let (couple, history) = (lee_and_kim(), before(&hug.answers));
    assert_eq!(hug.submit(&couple, &History::default(), lee(), noon("2026-03-04")), refused(Touch::Hug));
    hug.submit(&couple, &history, lee(), noon("2026-03-04")).unwrap();
    let content = |touch| EntryContent {
        difficulty: Some(1),
        answers: by(touch).answers,
        referred: vec![],
        form: None,
        for_counselor: None,
    };
    assert_eq!(hug.correct(&couple, content(Touch::HoldingHands), lee(), false), refused(Touch::HoldingHands));
    hug.correct(&couple, content(Touch::Hug), lee(), false).unwrap();
}

#[test]
fn an_apology_that_two_drafts_say_was_given_is_handed_in_as_given_once() {
    let (mut first, mut second) =
        (record(by_lee(Kind::ApologyDelivery)).unwrap(), record(by_lee(Kind::ApologyDelivery)).unwrap());
    let (couple, mut history) = (lee_and_kim(), before(&first.answers));
    first.submit(&couple, &history, lee(), noon("2026-03-04")).unwrap();
    history.entries.push(first);

    let Err(EntryError::References(unmet)) = second.submit(&couple, &history, lee(), noon("2026-03-04")) else {
        panic!("it is refused")
    };
    assert_eq!((unmet[0].pointer.as_str(), unmet[0].wanted), ("/draft_id", "a draft that was not given yet"));
    assert!(!second.is_submitted());
}

fn with_ground(answers: Answers) -> EntryDraft {
    EntryDraft { referred: found_for_lee(&answers), answers, ..by_lee(Kind::VulnerabilityShare) }
}

#[test]
fn who_starts_a_ritual_is_one_of_the_two() {
    let Answers::Ritual(ritual) = Kind::Ritual.example() else { panic!() };
    let started_by = |partner| {
        let answers = Answers::Ritual(Ritual { started_by: Some(id(partner)), ..ritual.clone() });
        let referred = vec![Referred::Partner(id(KIM))];
        record(EntryDraft { author: Author::Together, answers, referred, ..by_lee(Kind::Ritual) }).map(|_| ())
    };
    assert_eq!(started_by(KIM), Ok(()));
    assert!(matches!(started_by(9), Err(EntryError::References(unknown)) if unknown[0].pointer == "/started_by"));
}

#[test]
fn nobody_rates_or_consents_for_the_other_even_where_they_answer_as_one() {
    let joint = |kind: Kind| AssignmentDraft { mode: Some(Mode::Joint), ..assignment_draft(kind.exercise()) };
    for kind in [Kind::TouchComfort, Kind::ForgivenessTalkWish, Kind::TalkReflection, Kind::RitualReflection] {
        let together = EntryDraft { author: Author::Together, ..by_lee(kind) };
        let assignment = assign(joint(kind)).unwrap();
        let refused = record_for(&assignment, together).map(|_| ());
        assert_eq!(refused, Err(EntryError::Writer(Writer::EachAlone)), "{kind}");
    }
}

#[test]
fn what_holds_today_is_revealed_together_day_by_day() {
    let weekly = AssignmentDraft {
        cadence: Some(crate::assignment::Cadence::Recurring("FREQ=WEEKLY".parse().unwrap())),
        ..assignment_draft(Slug::Vulnerability)
    };
    let entry = |kind| record_for(&assign(weekly.clone()).unwrap(), by_lee(kind)).unwrap();
    assert_eq!(entry(Kind::TouchComfort).occurrence_on, day("2026-03-04"));
    assert_eq!(entry(Kind::VulnerabilityShare).occurrence_on, day("2026-03-02"));
}

#[test]
fn the_line_of_who_began_an_entry_is_not_replaced_by_another_pen() {
    let line = || Some(Confidential::new("A line."));
    let on_behalf = EntryDraft { recorded_by: counselor(), for_counselor: line(), ..by_lee(Kind::Appreciation) };
    let mut entry = record(on_behalf).unwrap();
    let of_lee = EntryContent { for_counselor: Some(Confidential::new("Mine.")), ..content(Kind::Appreciation) };

    assert_eq!(entry.change(&lee_and_kim(), of_lee, lee()), Err(EntryError::LineOfAnother));
    entry.change(&lee_and_kim(), content(Kind::Appreciation), lee()).unwrap();

    assert_eq!((entry.recorded_by, entry.begun_by), (lee(), counselor()));
    assert!(entry.for_counselor == line(), "nor is it lost");
}

#[test]
fn nobody_leaves_any_number_of_drafts_open() {
    assert_eq!(Entry::check_another_draft(MOST_OPEN_DRAFTS - 1), Ok(()));
    assert_eq!(Entry::check_another_draft(MOST_OPEN_DRAFTS), Err(EntryError::TooManyDrafts));
}
