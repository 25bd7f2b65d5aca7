//! A practice that has been at work for years: for the tests and benches that ask whether what is fast with one couple is fast with
//! four hundred.
//!
//! Everything is made by the rules of the product and kept through its store, a couple in each transaction.
#![expect(clippy::expect_used, reason = "a practice that the rules refuse is a mistake in this file")]

use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;
use domain::{
    access::{Actor, Caller},
    assignment::{Assignment, AssignmentContext, AssignmentDraft, Cadence, Ending, Overrides, Participants},
    client::{Client, ClientDraft},
    confidential::Confidential,
    couple::{Couple, CoupleChange, CoupleDraft, CoupleStatus, PartnerDraft},
    entry::{Author, Entry, EntryContext, EntryDraft},
    exercises::{Answers, History, Kind, Slug, TalkLog},
    ids::{ClientId, CoupleId, EntryId, PartnerId, PracticeId, StaffId},
    policy::{ConfidentialityPolicy, PolicyDraft, PolicyKind},
    promise::{ClaimWord, ConfirmationWord, Outcome, Promise, PromiseDraft, Schedule},
    recorded_by::RecordedBy,
    review::{Review, ReviewContext, ReviewDraft},
    safety::{Gate, Safety, SafetyDraft, SafetyStatus},
    session::{Place, Session, SessionChange, SessionDraft, SessionKind, SessionStatus},
};
use store::{
    Context, StoreError, Tx, assignments, clients, couples, entries, policies, promises, reviews, safety, sessions,
};

use uuid::Uuid;

use crate::{app::TestApp, person::Person};

/// How much there is.
#[derive(Debug, Clone, Copy)]
pub struct Size {
    /// How many couples.
    pub couples: u64,
    /// For how many weeks they have been in treatment.
    pub weeks: u64,
}

impl Size {
    /// Four hundred couples with two years of entries.
    pub const LARGE: Self = Self { couples: 400, weeks: 104 };
}

/// Gives a counselor couples who have been in treatment for a while: every quarter they plan a ritual, every week each partner checks
/// in twice and the two of them talk once, every other week there is a session, and what is younger than two weeks waits for review. Returns the couples.
///
/// # Panics
/// If the store fails.
pub async fn fill(app: &TestApp, counselor: &Person, size: Size) -> Vec<CoupleId> {
    let practice = counselor.get("/v1/me").await.text_at("/practice/id").parse().expect("a practice");
    let counselor = StaffId(counselor.id);
    let mut couples = Vec::new();
    for number in 0..size.couples {
        couples.push(open_couple(app, practice, counselor, number, size.weeks).await);
    }
    couples
}

/// Keeps an entry of a client's as many times again, as if they had written it anew each time.
///
/// # Panics
/// If there is no such entry for them, or the store fails.
pub async fn write_again(app: &TestApp, client: &Person, entry: Uuid, times: usize) {
    let practice = client.get("/v1/me").await.text_at("/practice/id").parse().expect("a practice");
    let (store, ids) = (app.inside().store.clone(), app.inside().ids.clone());
    let caller = Caller { practice, actor: Actor::Client(ClientId(client.id)), sign_in: None };
    let work = move |tx: &mut Tx<'_>| {
        let entry = entries::find(tx, EntryId(entry))?.entry;
        for _ in 0..times {
            let again = Entry { id: tx.new_id(), ..entry.clone() };
            entries::insert(tx, &again)?;
        }
        Ok::<_, StoreError>(())
    };
    store.write(Context { caller, now: app.now(), request: None }, ids, work).await.expect("they are kept");
}

async fn open_couple(app: &TestApp, practice: PracticeId, counselor: StaffId, number: u64, weeks: u64) -> CoupleId {
    let (store, ids) = (app.inside().store.clone(), app.inside().ids.clone());
    let context = Context { caller: Caller::system(practice), now: app.now(), request: None };
    let work = move |tx: &mut Tx<'_>| {
        let case = Case::open(tx, counselor, number, weeks)?;
        for quarter in (0..weeks).step_by(13) {
            case.live_through(tx, quarter)?;
        }
        Ok::<_, StoreError>(case.couple.id)
    };
    store.write(context, ids, work).await.expect("the couple is kept")
}

/// A couple, and what they are given anew each quarter.
struct Case {
    couple: Couple,
    counselor: StaffId,
    policy: ConfidentialityPolicy,
    number: u64,
    weeks: u64,
    /// When the first week began.
    beginning: DateTime<Utc>,
}

/// What they do for a quarter of a year.
struct Quarter {
    checks: Assignment,
    shares: Assignment,
    talks: Assignment,
    rituals: Assignment,
    promise: Promise,
}

/// As many weeks as a quarter has.
const QUARTER: u64 = 13;

impl Case {
    fn open(tx: &mut Tx<'_>, counselor: StaffId, number: u64, weeks: u64) -> Result<Self, StoreError> {
        let age = Days::new(weeks * 7);
        let beginning = tx.now().checked_sub_days(age).expect("a day in the past")
            + TimeDelta::minutes(i64::try_from(number).expect("few"));
        let couple = couple(tx, counselor, number, beginning)?;
        let policy = policy(tx, &couple, beginning)?;
        Ok(Self { couple, counselor, policy, number, weeks, beginning })
    }

    fn monday(&self, week: u64) -> DateTime<Utc> {
        self.beginning.checked_add_days(Days::new(week * 7)).expect("a day in the past")
    }

    /// Three months of theirs, from a week on. What was given is done with after it, unless it lasts until now.
    fn live_through(&self, tx: &mut Tx<'_>, first: u64) -> Result<(), StoreError> {
        let (monday, end) = (self.monday(first), (first + QUARTER).min(self.weeks));
        let mut quarter = Quarter {
            checks: self.give(tx, Slug::ProfessionalHelp, monday)?,
            shares: self.give(tx, Slug::Vulnerability, monday)?,
            talks: self.give(tx, Slug::TransparentCommunication, monday)?,
            rituals: self.give(tx, Slug::SharedRituals, monday)?,
            promise: promise(tx, &self.couple, monday)?,
        };
        self.write(tx, &quarter.rituals, Author::Together, Kind::Ritual.example(), monday, first)?;
        for week in first..end {
            self.spend_week(tx, &quarter, week)?;
        }
        if end == self.weeks {
            return Ok(());
        }
        let Quarter { checks, shares, talks, rituals, .. } = &mut quarter;
        for assignment in [checks, shares, talks, rituals] {
            assignment.end(Ending::Completed, self.counselor, self.monday(end)).expect("it is done");
            assignments::update(tx, assignment)?;
        }
        Ok(())
    }

    fn give(&self, tx: &mut Tx<'_>, exercise: Slug, at: DateTime<Utc>) -> Result<Assignment, StoreError> {
        let context = AssignmentContext {
            couple: &self.couple,
            policy: Some(&self.policy),
            gate: Gate::Open,
            breach: None,
            own: None,
            before: &[],
            by: self.counselor,
        };
        let assignment = Assignment::new(tx.new_id(), context, weekly(exercise), at).expect("it is given");
        assignments::insert(tx, &assignment).map(|()| assignment)
    }

    /// One week of theirs.
    fn spend_week(&self, tx: &mut Tx<'_>, quarter: &Quarter, week: u64) -> Result<(), StoreError> {
        let monday = self.monday(week);
        let both: Vec<_> = self.couple.current_partners().map(|partner| partner.id).collect();
        for (position, partner) in (0..).zip(both) {
            let author = Author::Partner(partner);
            self.write(tx, &quarter.checks, author, pulse(self.number + week + position), monday, week)?;
            self.write(tx, &quarter.shares, author, Kind::VulnerabilityShare.example(), monday, week)?;
            if week % 4 == 3 {
                self.write(tx, &quarter.checks, author, Kind::BringToSession.example(), monday, week)?;
            }
        }
        self.write(tx, &quarter.talks, Author::Together, talk(), monday, week)?;
        self.keep(tx, &quarter.promise, monday, week)?;
        if week.is_multiple_of(2) { self.meet(tx, monday) } else { Ok(()) }
    }

    fn write(
        &self,
        tx: &mut Tx<'_>,
        assignment: &Assignment,
        author: Author,
        answers: Answers,
        at: DateTime<Utc>,
        week: u64,
    ) -> Result<(), StoreError> {
        let pen = RecordedBy::Partner(match author {
            Author::Partner(partner) => partner,
            Author::Together | Author::Counselor(_) => self.couple.partners[0].id,
        });
        let draft = EntryDraft {
            author,
            recorded_by: pen,
            recorded_on: None,
            difficulty: Some(4),
            answers,
            referred: Vec::new(),
            form: None,
            for_counselor: None,
            visibility: None,
        };
        let context = EntryContext { couple: &self.couple, assignment, breach: None };
        let mut entry = Entry::record(tx.new_id(), context, draft, at).expect("it is recorded");
        entry.submit(&self.couple, &History::default(), pen, at).expect("it is submitted");
        let waits = self.weeks - week <= 2;
        if waits {
            return entries::insert(tx, &entry);
        }
        let flagged = week.is_multiple_of(13) && entry.kind == Kind::Pulse;
        let context = ReviewContext { couple: &self.couple, both_submitted: false };
        let draft = ReviewDraft { flagged_for_session: flagged, ..ReviewDraft::default() };
        let review = Review::new(tx.new_id(), context, &mut entry, draft, self.counselor, at).expect("it is reviewed");
        entries::insert(tx, &entry)?;
        reviews::insert(tx, &entry, &review)
    }

    /// The promise of the week: kept, and now and then disputed.
    fn keep(&self, tx: &mut Tx<'_>, promise: &Promise, monday: DateTime<Utc>, week: u64) -> Result<(), StoreError> {
        let (maker, to) = (RecordedBy::Partner(promise.maker), RecordedBy::Partner(promise.to));
        let due_on = self.couple.today(monday);
        let claimed = Outcome::claim(promise, &self.couple, None, due_on, ClaimWord::Kept, maker, monday);
        let mut outcome = claimed.expect("it is claimed");
        let answer = if week % 7 == 6 { ConfirmationWord::Disputed } else { ConfirmationWord::Confirmed };
        outcome.confirm(promise, answer, to, monday).expect("it is answered");
        promises::insert_outcome(tx, &outcome)
    }

    /// A session that was held.
    fn meet(&self, tx: &mut Tx<'_>, at: DateTime<Utc>) -> Result<(), StoreError> {
        let draft = SessionDraft {
            kind: SessionKind::Joint,
            counselor: self.counselor,
            starts_at: at + TimeDelta::days(1),
            time_zone: None,
            minutes: 50,
            place: Place::Office,
            topic: None,
        };
        let mut session = Session::new(tx.new_id(), &self.couple, draft, at).expect("it is scheduled");
        let held = SessionChange { status: Some(SessionStatus::Held), ..SessionChange::default() };
        session.change(&self.couple, held, at + TimeDelta::days(2)).expect("it was held");
        sessions::insert(tx, &session)
    }
}

fn couple(tx: &mut Tx<'_>, counselor: StaffId, number: u64, at: DateTime<Utc>) -> Result<Couple, StoreError> {
    let mut partners = Vec::new();
    for name in ["Lee", "Kim"] {
        let draft = ClientDraft { name: Confidential::new(format!("{name} {number}")), email: None, phone: None };
        let client = Client::new(tx.new_id(), draft, at).expect("a name");
        clients::insert(tx, &client)?;
        partners.push(PartnerDraft { id: tx.new_id(), client: client.id, from: None });
    }
    let draft = CoupleDraft {
        label: Some(Confidential::new(format!("Couple {number}"))),
        time_zone: Tz::Europe__Berlin,
        primary_counselor: counselor,
        care_team: Vec::new(),
        partners,
        opened_on: None,
    };
    let mut couple = Couple::new(tx.new_id(), draft, at).expect("a couple");
    let active = CoupleChange { status: Some(CoupleStatus::Active), ..CoupleChange::default() };
    couple.change(active, at).expect("it is in treatment");
    couples::insert(tx, &couple)?;
    for partner in couple.current_partners() {
        let mut known = Safety::not_screened(couple.id, partner.id);
        let clear = SafetyDraft { status: SafetyStatus::Clear, screened_on: None, note: None };
        known.screen(&couple, clear, counselor, at).expect("they are screened");
        safety::keep(tx, &known)?;
    }
    Ok(couple)
}

fn policy(tx: &mut Tx<'_>, couple: &Couple, at: DateTime<Utc>) -> Result<ConfidentialityPolicy, StoreError> {
    let draft = PolicyDraft { kind: PolicyKind::LimitedSecrets, in_force_from: None, text: None };
    let mut policy = ConfidentialityPolicy::new(tx.new_id(), couple, None, draft, at).expect("a policy");
    policies::insert(tx, &policy)?;
    for partner in couple.current_partners() {
        let by = RecordedBy::Partner(partner.id);
        policy.acknowledge(couple, partner.id, by, at).expect("it is acknowledged");
        let given = policy.acknowledgements.last().copied().expect("the one just given");
        policies::insert_acknowledgement(tx, &policy, &given)?;
    }
    Ok(policy)
}

fn talk() -> Answers {
    let Answers::TalkLog(talk) = Kind::TalkLog.example() else { panic!("the example of a talk is one") };
    Answers::TalkLog(TalkLog { time_outs: Vec::new(), ..talk })
}

fn weekly(exercise: Slug) -> AssignmentDraft {
    AssignmentDraft {
        exercise,
        own: None,
        mode: None,
        cadence: Some(Cadence::Recurring("FREQ=WEEKLY".parse().expect("a rule"))),
        starts_on: None,
        due_on: None,
        reminders_until: None,
        instructions: None,
        breach: None,
        visibility: None,
        participants: Participants::Both,
        overrides: Overrides { order: Some(Confidential::new("they did the rest before")), ..Overrides::default() },
    }
}

fn promise(tx: &mut Tx<'_>, couple: &Couple, at: DateTime<Utc>) -> Result<Promise, StoreError> {
    let maker: PartnerId = couple.partners[0].id;
    let draft = PromiseDraft {
        maker,
        what: Confidential::new("I call when I am late."),
        schedule: Schedule::Recurring("FREQ=DAILY".parse().expect("a rule")),
        starts_on: None,
        until: None,
        origin: Some(Slug::Consistency),
        entry: None,
        assignment: None,
    };
    let promise = Promise::new(tx.new_id(), couple, draft, RecordedBy::Partner(maker), at).expect("a promise");
    promises::insert(tx, &promise).map(|()| promise)
}

/// A pulse that goes up and down.
fn pulse(step: u64) -> Answers {
    let mut answers = Kind::Pulse.example();
    if let Answers::Pulse(pulse) = &mut answers {
        pulse.trust = u8::try_from(step * 7 % 11).unwrap_or_default();
        pulse.hope = u8::try_from(step * 3 % 11).unwrap_or_default();
    }
    answers
}
