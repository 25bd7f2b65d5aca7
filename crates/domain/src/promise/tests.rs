//! How promises are made, claimed, confirmed and counted.

use super::*;
use crate::couple::tests::{day, id, lee_and_kim, noon};

fn lee() -> RecordedBy {
    RecordedBy::Partner(id(1))
}

fn kim() -> RecordedBy {
    RecordedBy::Partner(id(2))
}

fn draft(schedule: Schedule) -> PromiseDraft {
    PromiseDraft {
        maker: id(1),
        what: Confidential::new("I call when I am late."),
        schedule,
        starts_on: None,
        until: None,
        origin: Some(Slug::Consistency),
        assignment: None,
        entry: None,
    }
}

fn daily() -> Schedule {
    Schedule::Recurring("FREQ=DAILY".parse().unwrap())
}

fn make(draft: PromiseDraft) -> Result<Promise, PromiseError> {
    Promise::new(id(30), &lee_and_kim(), draft, lee(), noon("2026-03-02"))
}

fn claim(due: &str, word: ClaimWord, by: RecordedBy, at: &str) -> Result<Outcome, OutcomeError> {
    Outcome::claim(&make(draft(daily())).unwrap(), &lee_and_kim(), None, day(due), word, by, noon(at))
}

fn answered(due: &str, word: ClaimWord, confirmation: Option<ConfirmationWord>) -> Outcome {
    let before = if word == ClaimWord::Renegotiated { "2026-03-02" } else { due };
    let mut outcome = claim(due, word, lee(), before).unwrap();
    if let Some(word) = confirmation {
        outcome.confirm(&make(draft(daily())).unwrap(), word, kim(), noon(due)).unwrap();
    }
    outcome
}

#[test]
fn a_promise_is_made_to_the_other_partner() {
    let promise = make(draft(daily())).unwrap();
    assert_eq!((promise.maker, promise.to, promise.starts_on), (id(1), id(2), day("2026-03-02")));
    let in_other_name = Promise::new(id(30), &lee_and_kim(), draft(daily()), kim(), noon("2026-03-02"));
    assert_eq!(in_other_name, Err(PromiseError::NotTheMaker));
    let mut alone = lee_and_kim();
    alone.leave(id(2), day("2026-03-01"), noon("2026-03-01")).unwrap();
    assert_eq!(Promise::new(id(30), &alone, draft(daily()), lee(), noon("2026-03-02")), Err(PromiseError::Partners));
}

#[test]
fn a_promise_is_due_at_least_once() {
    let once = |due| make(draft(Schedule::On(day(due)))).map(|_| ());
    assert_eq!(once("2026-03-01"), Err(PromiseError::DueOn));
    assert_eq!(once("2026-03-02"), Ok(()));
    let over = PromiseDraft { until: Some(day("2026-03-01")), ..draft(daily()) };
    assert_eq!(make(over), Err(PromiseError::NeverDue));
    let forgiving = PromiseDraft { origin: Some(Slug::Forgiveness), ..draft(daily()) };
    assert_eq!(make(forgiving), Err(PromiseError::Origin));
}

#[test]
fn a_promise_that_ended_is_not_due_any_more() {
    let couple = lee_and_kim();
    let mut promise = make(draft(daily())).unwrap();
    assert_eq!(promise.end(&couple, true, kim(), noon("2026-03-04")), Err(PromiseError::NotTheMaker));
    promise.end(&couple, false, lee(), noon("2026-03-04")).unwrap();
    assert_eq!(promise.due_dates(day("2026-03-01"), day("2026-03-31")).len(), 3);
    assert_eq!(promise.end(&couple, true, lee(), noon("2026-03-05")), Err(PromiseError::Ended));
}

#[test]
fn the_maker_claims_and_the_other_confirms() {
    assert_eq!(claim("2026-03-03", ClaimWord::Kept, kim(), "2026-03-03"), Err(OutcomeError::NotTheMaker));
    let mut outcome = claim("2026-03-03", ClaimWord::Kept, lee(), "2026-03-03").unwrap();
    let promise = make(draft(daily())).unwrap();
    let by_maker = outcome.confirm(&promise, ConfirmationWord::Confirmed, lee(), noon("2026-03-03"));
    assert_eq!(by_maker, Err(OutcomeError::NotTheReceiver));
    outcome.confirm(&promise, ConfirmationWord::Disputed, kim(), noon("2026-03-03")).unwrap();
    let (couple, now) = (lee_and_kim(), noon("2026-03-04"));
    let again = Outcome::claim(&promise, &couple, Some(&outcome), outcome.due_on, ClaimWord::Partly, lee(), now);
    assert_eq!(again, Err(OutcomeError::Answered));
}

#[test]
fn a_promise_is_renegotiated_before_it_is_due_only() {
    let renegotiate = |at| claim("2026-03-05", ClaimWord::Renegotiated, lee(), at).map(|_| ());
    assert_eq!(renegotiate("2026-03-04"), Ok(()));
    assert_eq!(renegotiate("2026-03-05"), Err(OutcomeError::RenegotiatedLate));
    assert_eq!(claim("2026-03-05", ClaimWord::Missed, lee(), "2026-03-04"), Err(OutcomeError::MissedEarly));
    assert_eq!(claim("2026-03-01", ClaimWord::Kept, lee(), "2026-03-05"), Err(OutcomeError::NotDue));
}

#[test]
fn claimed_and_confirmed_are_counted_apart_and_silence_is_missing() {
    use ClaimWord::{Excused, Kept, Missed, Renegotiated};
    use ConfirmationWord::{Confirmed, Disputed, NotNoticed};
    let said = [
        answered("2026-03-03", Kept, Some(Confirmed)),
        answered("2026-03-04", Kept, Some(Disputed)),
        answered("2026-03-05", Kept, Some(NotNoticed)),
        answered("2026-03-06", Missed, None),
        answered("2026-03-07", Renegotiated, None),
        answered("2026-03-08", Excused, None),
    ];
    let due = said.iter().map(|outcome| (outcome.due_on, Some(outcome))).chain([(day("2026-03-09"), None)]);
    let rate = KeptRate::over(due, day("2026-03-03"), day("2026-03-10"));
    assert_eq!((rate.due, rate.unclaimed, rate.disputed, rate.not_noticed), (7, 1, 1, 1));
    assert_eq!(rate.claimed(), Some((0.75, 4)));
    assert_eq!(rate.confirmed(), Some((0.5, 2)));
    assert_eq!(rate.gap(), Some((0.5, 2)), "only of the two that both spoke of");
}

#[test]
fn the_rate_is_of_its_days_and_none_of_none_is_no_rate() {
    let kept = answered("2026-03-03", ClaimWord::Kept, None);
    let rate = |from| KeptRate::over([(kept.due_on, Some(&kept))], day(from), day("2026-03-30"));
    assert_eq!(rate("2026-03-03").claimed(), Some((1.0, 1)));
    assert_eq!(rate("2026-03-04").claimed(), None);
    assert_eq!((rate("2026-03-03").confirmed(), rate("2026-03-03").gap()), (None, None));
}
