//! What the tests of entries work with, by subject.

use super::*;
use crate::{
    assignment::{tests::assign, tests::draft as assignment_draft},
    breach::{BreachDraft, BreachKind, BreachRole, CameToLight, RoleInBreach},
    couple::tests::{day, id, lee_and_kim, noon, separated},
    exercises::{Condition, History, Reference, Target, Whose, Writer},
    own_exercise::tests::weekly_check_in,
};

mod changing;
mod naming;
mod opening;
mod recording;

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
    let entry = |id, kind, partner: u128| {
        let author = Author::Partner(crate::couple::tests::id(partner));
        Referred::Entry { id, kind, author, recorded_on: day("2026-03-03"), took_place: true }
    };
    let found = |reference: Reference| match reference.to {
        Target::Entry { id, kind, whose: Whose::TheOthers } => entry(id, kind, KIM),
        Target::Entry { id, kind, .. } => entry(id, kind, LEE),
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
