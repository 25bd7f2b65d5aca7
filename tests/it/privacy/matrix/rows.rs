//! The product of what an entry can be and who may want to read it, and what the rule says of each.

use std::fmt;

use chrono::{DateTime, NaiveDate, Utc};
use domain::{
    access::{Action, Actor, Caller, Role},
    couple::{Couple, CoupleChange, CoupleDraft, CoupleStatus, PartnerDraft},
    entry::Author,
    exercises::{Kind, Writer},
    ids::PartnerId,
    recorded_by::RecordedBy,
    visibility::{self, EntryFacts, RevealKey, Visibility, both_submitted, may_read, may_read_line_for_counselor},
};
use uuid::Uuid;

/// A word for each of some things, in the order of the table.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $each:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub(super) enum $name { $($(#[$of])* $each,)+ }

        impl $name {
            pub(super) const ALL: &[Self] = &[$(Self::$each,)+];
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$each => $word,)+ })
            }
        }
    };
}

words! {
    /// A visibility, and whether what it waits for has happened.
    Rule {
        CounselorOnly = "for the counselors",
        Shared = "shared",
        RevealBefore = "to be revealed together, the other has not submitted",
        RevealAfter = "to be revealed together, both have submitted",
        EmbargoBefore = "embargoed, before the day",
        EmbargoAfter = "embargoed, from the day on",
    }
}

words! {
    /// How far it is.
    State {
        Draft = "draft",
        Submitted = "submitted",
        Corrected = "corrected",
    }
}

words! {
    /// Who wants to read.
    Reader {
        Author = "author",
        Other = "other",
        Counselor = "counselor",
        Supervisor = "supervisor",
        Assistant = "assistant",
        Owner = "owner",
        CameLater = "came later",
        Left = "left",
        AfterSeparation = "separated",
    }
}

/// One thing an entry can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Row {
    pub(super) kind: Kind,
    pub(super) rule: Rule,
    pub(super) state: State,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {})", self.kind, self.rule, self.state)
    }
}

const LEE: u128 = 1;
const KIM: u128 = 2;
const JO: u128 = 3;
const COUNSELOR: u128 = 7;

impl Row {
    pub(super) fn of(kind: Kind) -> impl Iterator<Item = Self> {
        Rule::ALL
            .iter()
            .flat_map(move |rule| State::ALL.iter().map(move |state| Self { kind, rule: *rule, state: *state }))
    }

    pub(super) fn all() -> impl Iterator<Item = Self> {
        Kind::ALL.iter().copied().flat_map(Self::of)
    }

    /// Whether an entry of the kind can have the visibility.
    pub(super) fn is_possible(&self) -> bool {
        let of_kind = self.kind.visibility();
        !of_kind.fixed || of_kind.default == self.visibility()
    }

    /// What the rule says; `None` where there is no such entry.
    pub(super) fn is_read_by(&self, reader: Reader) -> Option<bool> {
        self.is_possible().then(|| match reader {
            Reader::Author => self.passes_to(self.author_reads(), &lee_and_kim()),
            Reader::Other => self.passes_to(partner(KIM), &lee_and_kim()),
            Reader::Counselor => self.passes_to(visibility::Reader::Counselor(id(COUNSELOR).into()), &lee_and_kim()),
            Reader::Owner => self.passes_to(visibility::Reader::Counselor(id(9).into()), &lee_and_kim()),
            Reader::Supervisor => self.passes_to(visibility::Reader::Supervisor(id(8).into()), &lee_and_kim()),
            Reader::Assistant => assistant().may(Action::ReadEntries).is_ok(),
            Reader::CameLater => self.passes_to(partner(JO), &lee_and_jo()),
            // Who has left is no partner of the couple any more, and it does not exist for them.
            Reader::Left => lee_and_jo().partner_of(id(KIM + 100).into()).is_some(),
            Reader::AfterSeparation => self.passes_to(partner(KIM), &parted()),
        })
    }

    /// Whether the other partner would be told what the author wrote to the counselors.
    pub(super) fn line_passes_to_the_other(&self) -> bool {
        may_read_line_for_counselor(partner(KIM), &lee_and_kim(), &self.facts())
    }

    fn passes_to(&self, reader: visibility::Reader, couple: &Couple) -> bool {
        may_read(reader, couple, &self.facts(), self.is_revealed(), day("2026-06-01"))
    }

    fn author_reads(&self) -> visibility::Reader {
        match self.author() {
            Author::Counselor(author) => visibility::Reader::Counselor(author),
            Author::Partner(_) | Author::Together => partner(LEE),
        }
    }

    fn author(&self) -> Author {
        match self.kind.writer() {
            Writer::Caused | Writer::Hurt | Writer::EitherPartner | Writer::EachAlone => {
                Author::Partner(id(LEE).into())
            }
            Writer::Together => Author::Together,
            Writer::Counselor => Author::Counselor(id(COUNSELOR).into()),
        }
    }

    fn visibility(&self) -> Visibility {
        match self.rule {
            Rule::CounselorOnly => Visibility::CounselorOnly,
            Rule::Shared => Visibility::Shared,
            Rule::RevealBefore | Rule::RevealAfter => Visibility::RevealTogether,
            Rule::EmbargoBefore => Visibility::Embargoed { until: day("2026-06-02") },
            Rule::EmbargoAfter => Visibility::Embargoed { until: day("2026-06-01") },
        }
    }

    /// Whether both have submitted: the author unless it is a draft, and the other where the row says so and the kind is theirs to
    /// write.
    fn is_revealed(&self) -> bool {
        let key = RevealKey::new(self.kind, None);
        let own = (self.state != State::Draft).then_some((key, self.author()));
        let by_the_other = matches!(self.author(), Author::Partner(_)) && self.rule == Rule::RevealAfter;
        let other = by_the_other.then_some((key, Author::Partner(id(KIM).into())));
        let submitted: Vec<_> = own.into_iter().chain(other).collect();
        both_submitted(&[id(LEE).into(), id(KIM).into()], key, &submitted)
    }

    fn facts(&self) -> EntryFacts {
        let recorded_by = match self.author() {
            Author::Counselor(author) => RecordedBy::Staff(author),
            Author::Partner(_) | Author::Together => RecordedBy::Partner(id(LEE).into()),
        };
        EntryFacts {
            author: self.author(),
            recorded_by,
            begun_by: recorded_by,
            recorded_on: day("2026-03-02"),
            visibility: self.visibility(),
            submitted: self.state != State::Draft,
        }
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn noon(day: &str) -> DateTime<Utc> {
    format!("{day}T12:00:00Z").parse().expect("an instant")
}

fn partner(number: u128) -> visibility::Reader {
    visibility::Reader::Partner(PartnerId::from(id(number)))
}

fn assistant() -> Caller {
    let actor = Actor::Staff { id: id(10).into(), role: Role::Assistant };
    Caller { actor, ..Caller::system(id(50).into()) }
}

fn lee_and_kim() -> Couple {
    let partner = |number| PartnerDraft { id: id(number).into(), client: id(number + 100).into(), from: None };
    let draft = CoupleDraft {
        label: None,
        time_zone: chrono_tz::Tz::UTC,
        primary_counselor: id(COUNSELOR).into(),
        care_team: vec![],
        partners: vec![partner(LEE), partner(KIM)],
        opened_on: None,
    };
    Couple::new(id(50).into(), draft, noon("2026-01-01")).expect("a couple")
}

fn lee_and_jo() -> Couple {
    let mut couple = lee_and_kim();
    couple.leave(id(KIM).into(), day("2026-04-01"), noon("2026-04-01")).expect("Kim leaves");
    let jo = PartnerDraft { id: id(JO).into(), client: id(JO + 100).into(), from: None };
    couple.join(jo, noon("2026-05-01")).expect("Jo joins");
    couple
}

fn parted() -> Couple {
    let mut couple = lee_and_kim();
    let change = CoupleChange { status: Some(CoupleStatus::Separated), ..CoupleChange::default() };
    couple.change(change, noon("2026-05-01")).expect("they part");
    couple
}
