use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{a_monday, complaints, example_with, fields, read};
use crate::exercises::{Answers, Aspect, History, Kind, Measure};

/// A value one beyond each limit that a property states, and one at its upper limit.
fn around_limits(property: &Value, example: Option<&Value>) -> (Vec<Value>, Vec<Value>) {
    match property["type"].as_str() {
        Some("integer") => around_range(property),
        Some("string") if property["maxLength"].is_u64() => around_length(property),
        Some("array") => around_items(property, example),
        _ => (Vec::new(), Vec::new()),
    }
}

fn around_range(property: &Value) -> (Vec<Value>, Vec<Value>) {
    let (least, most) = (property["minimum"].as_u64().unwrap(), property["maximum"].as_u64().unwrap());
    let below = least.checked_sub(1).map(|below| json!(below));
    ([json!(most + 1)].into_iter().chain(below).collect(), vec![json!(least), json!(most)])
}

fn around_length(property: &Value) -> (Vec<Value>, Vec<Value>) {
    let most = property["maxLength"].as_u64().unwrap() as usize;
    (vec![json!(""), json!("é".repeat(most + 1))], vec![json!("é".repeat(most))])
}

fn around_items(property: &Value, example: Option<&Value>) -> (Vec<Value>, Vec<Value>) {
    let most = property["maxItems"].as_u64().unwrap() as usize;
    let item = example.and_then(|list| list.get(0)).cloned().unwrap_or_else(|| json!("line"));
    let (beyond, within) = around_limits(&property["items"], None);
    let lists = |items: Vec<Value>| items.into_iter().map(|item| json!([item]));
    let too_few = (property["minItems"].as_u64() > Some(0)).then(|| json!([]));
    let refused = lists(beyond).chain([json!(vec![item.clone(); most + 1])]).chain(too_few).collect();
    (refused, lists(within).chain([json!(vec![item; most])]).collect())
}

/// Whether a field is complained of for its size; what it means is another matter.
fn breaks_limit(answers: &Answers, field: &str) -> bool {
    let Err(errors) = answers.check(a_monday()) else { return false };
    let errors = errors.field_errors();
    errors.get(field).is_some_and(|errors| errors.iter().any(|error| ["length", "range"].contains(&&*error.code)))
}

fn properties(kind: Kind) -> Map<String, Value> {
    let schema = serde_json::to_value(kind.schema()).unwrap();
    schema["properties"].as_object().unwrap().clone()
}

#[test]
fn the_limits_that_are_published_are_the_limits_that_are_checked() {
    for kind in Kind::ALL {
        let example = fields(&kind.example());
        for (field, property) in properties(*kind) {
            let (refused, accepted) = around_limits(&property, example.get(&field));
            for value in refused {
                let answers = example_with(*kind, &field, value).unwrap();
                assert_eq!(complaints(&answers), [field.as_str()], "{kind}");
            }
            for value in accepted {
                let answers = example_with(*kind, &field, value).unwrap();
                assert!(!breaks_limit(&answers, &field), "{kind}.{field}");
            }
        }
    }
}

#[test]
fn every_number_text_and_list_has_its_limits() {
    for kind in Kind::ALL {
        for (field, property) in properties(*kind) {
            let limited = match property["type"].as_str() {
                Some("integer") => property["maximum"].is_u64(),
                Some("string") => ["maxLength", "format", "enum"].iter().any(|limit| !property[limit].is_null()),
                Some("array") => property["maxItems"].is_u64(),
                _ => true,
            };
            assert!(limited, "{kind}.{field}");
        }
    }
}

/// A reference may be read as null, which is how it is shown to who can't see what it names; it is not accepted so.
#[test]
fn an_optional_field_is_left_out_and_never_null() {
    let is_accepted = |answers: Result<Answers, _>| answers.is_ok_and(|answers| complaints(&answers).is_empty());
    for kind in Kind::ALL {
        let schema = serde_json::to_value(kind.schema()).unwrap();
        let required: Vec<_> = schema["required"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        for (field, _) in properties(*kind) {
            assert!(field == "type" || !is_accepted(example_with(*kind, &field, Value::Null)), "{kind}.{field}");
            let mut without = fields(&kind.example());
            without.remove(&field);
            let readable = field == "type" || !required.contains(&field.as_str());
            assert!(readable || !is_accepted(read(*kind, without.clone())), "{kind}.{field}");
            assert!(!readable || read(*kind, without).is_ok(), "{kind}.{field}");
        }
    }
}

#[test]
fn unknown_fields_are_refused() {
    for kind in Kind::ALL {
        assert!(example_with(*kind, "no_such_field", json!(1)).is_err(), "{kind}");
        assert!(example_with(*kind, "type", json!(kind)).is_err(), "{kind}");
    }
}

#[test]
fn checks_in_a_list_name_the_list() {
    let emotions = json!([{ "emotion": "anger", "intensity": 11 }]);
    let impact = example_with(Kind::RootCauseImpact, "emotions", emotions).unwrap();
    assert_eq!(complaints(&impact), ["emotions"]);
    let goals = json!([{ "goal_id": "019cad6e-2f00-7c3a-9d41-5b8e6f20a1c7", "attainment": 11 }]);
    let feedback = example_with(Kind::SessionFeedback, "goals", goals).unwrap();
    assert_eq!(complaints(&feedback), ["goals"]);
}

#[track_caller]
fn inconsistent(kind: Kind, changes: &Value, field: &str) {
    let mut answers = fields(&kind.example());
    answers.extend(changes.as_object().unwrap().clone());
    assert_eq!(complaints(&read(kind, answers).unwrap()), [field], "{kind}: {changes}");
}

#[test]
fn an_agreement_is_reviewed_before_it_ends() {
    let kind = Kind::TransparencyAgreement;
    inconsistent(kind, &json!({ "expires_on": "2026-03-02" }), "expires_on");
    inconsistent(kind, &json!({ "expires_on": "2027-03-04" }), "expires_on");
    inconsistent(kind, &json!({ "review_on": "2026-03-02" }), "review_on");
    inconsistent(kind, &json!({ "review_on": "2026-06-01" }), "review_on");
    inconsistent(Kind::SpaceAgreement, &json!({ "review_on": "2026-03-02" }), "review_on");
    inconsistent(Kind::SpaceAgreement, &json!({ "ended_on": "2026-03-01" }), "ended_on");
}

#[test]
fn a_step_down_says_what_stays_open_and_only_a_step_down_does() {
    let kind = Kind::TransparencyReview;
    inconsistent(kind, &json!({ "scope": [] }), "scope");
    inconsistent(kind, &json!({ "decision": "keep" }), "scope");
    inconsistent(kind, &json!({ "decision": "end", "scope": [], "next_review_on": "2026-04-01" }), "next_review_on");
    inconsistent(Kind::TransparencyAgreement, &json!({ "mutual": true }), "open_partner_id");
    let mut for_one = fields(&Kind::TransparencyAgreement.example());
    for_one.remove("open_partner_id");
    assert_eq!(complaints(&read(Kind::TransparencyAgreement, for_one).unwrap()), ["open_partner_id"]);
}

#[test]
fn a_talk_went_on_or_not_after_its_last_time_out() {
    inconsistent(Kind::TalkLog, &json!({ "time_out": "not_resumed" }), "time_out");
    inconsistent(Kind::TalkLog, &json!({ "time_out": "none" }), "time_out");
}

#[test]
fn a_goal_is_rated_once() {
    let goal = json!({ "goal_id": "019cad6e-2f00-7c3a-9d41-5b8e6f20a1c7", "attainment": 4 });
    inconsistent(Kind::SessionFeedback, &json!({ "goals": [goal, goal] }), "goals");
}

#[test]
fn a_feeling_is_named_once() {
    let twice = json!([{ "emotion": "anger", "intensity": 7 }, { "emotion": "anger", "intensity": 2 }]);
    inconsistent(Kind::RootCauseImpact, &json!({ "emotions": twice }), "emotions");
    let others = json!([{ "emotion": "other", "intensity": 7 }, { "emotion": "other", "intensity": 2 }]);
    assert!(complaints(&example_with(Kind::RootCauseImpact, "emotions", others).unwrap()).is_empty());
}

#[test]
fn an_agreement_without_an_end_cannot_be_read() {
    let mut answers = fields(&Kind::TransparencyAgreement.example());
    answers.remove("expires_on");
    assert!(read(Kind::TransparencyAgreement, answers).is_err());
}

#[test]
fn a_time_out_ends_after_it_was_asked_for() {
    inconsistent(Kind::TimeOut, &json!({ "return_by": "2026-03-02T19:10:00Z" }), "return_by");
    inconsistent(Kind::TimeOut, &json!({ "returned_at": "2026-03-02T19:00:00Z" }), "returned_at");
}

#[test]
fn a_ritual_recurs_and_is_done_or_skipped() {
    inconsistent(Kind::Ritual, &json!({ "recurrence": "now and then" }), "recurrence");
    inconsistent(Kind::Ritual, &json!({ "recurrence": "FREQ=SECONDLY" }), "recurrence");
    inconsistent(Kind::Ritual, &json!({ "recurrence": "FREQ=DAILY;BYMINUTE=1,2,3" }), "recurrence");
    for time in ["24:00", "9 a.m", "09.00"] {
        inconsistent(Kind::Ritual, &json!({ "starts_at": time }), "starts_at");
    }
    let mut ritual = fields(&Kind::Ritual.example());
    ritual.remove("recurrence");
    assert_eq!(complaints(&read(Kind::Ritual, ritual).unwrap()), ["recurrence"]);
    inconsistent(Kind::RitualOccurrence, &json!({ "skip_reason": "tired" }), "skip_reason");
    inconsistent(Kind::RitualOccurrence, &json!({ "done": false }), "both_present");
    inconsistent(Kind::RitualOccurrence, &json!({ "done": false, "both_present": false }), "duration_minutes");
}

#[test]
fn a_touch_is_either_fine_today_or_not() {
    inconsistent(Kind::TouchComfort, &json!({ "fine_today": ["kiss"], "not_today": ["kiss"] }), "not_today");
    inconsistent(Kind::VulnerabilityShare, &json!({ "medium": "touch" }), "touch");
    inconsistent(Kind::VulnerabilityShare, &json!({ "touch": "hug" }), "touch");
}

#[test]
fn an_act_was_noted_by_the_other_or_is_named() {
    inconsistent(Kind::ActNoticed, &json!({ "act": "Tea in bed." }), "act_id");
    let mut noticed = fields(&Kind::ActNoticed.example());
    noticed.remove("act_id");
    assert_eq!(complaints(&read(Kind::ActNoticed, noticed.clone()).unwrap()), ["act_id"]);
    noticed.insert("act".to_owned(), json!("Tea in bed."));
    let unasked = read(Kind::ActNoticed, noticed.clone()).unwrap();
    assert_eq!(complaints(&unasked), Vec::<String>::new());
    assert_eq!(unasked.readings().iter().map(|reading| reading.measure).collect::<Vec<_>>(), [Measure::Meaning]);
    noticed.insert("noticed".to_owned(), json!("only_when_told"));
    assert_eq!(complaints(&read(Kind::ActNoticed, noticed).unwrap()), ["noticed"]);
}

#[test]
fn nothing_makes_forgiving_a_target() {
    let readings = |kind: Kind, field: &str, word: &str| {
        let answers = example_with(kind, field, json!(word)).unwrap();
        answers.readings().iter().map(|reading| (reading.measure, reading.value.to_bits())).collect::<Vec<_>>()
    };
    for choice in ["yes", "no", "not_yet"] {
        assert!(readings(Kind::ForgivenessDecision, "choice", choice).is_empty());
    }
    for outlook in ["stay", "part", "undecided"] {
        assert!(readings(Kind::ForgivenessMeaning, "outlook", outlook).is_empty());
    }
    let step = |direction| readings(Kind::ForgivenessStep, "direction", direction);
    assert_eq!((step("forward"), step("still")), (step("back"), step("back")));
    assert!(Kind::ForgivenessTalkWish.example().readings().is_empty());
}

#[test]
fn an_apology_has_at_least_one_part() {
    let draft = read(Kind::ApologyDraft, Map::new()).unwrap();
    assert_eq!(complaints(&draft), ["acknowledgement"]);
}

proptest! {
    #[test]
    fn a_pulse_passes_exactly_within_its_range(trust: u8, hope: u8) {
        let mut answers = fields(&Kind::Pulse.example());
        answers.extend([("trust".to_owned(), json!(trust)), ("hope".to_owned(), json!(hope))]);
        let answers = read(Kind::Pulse, answers).unwrap();
        prop_assert_eq!(answers.check(a_monday()).is_ok(), trust <= 10 && hope <= 10);
    }

    #[test]
    fn any_recurrence_is_either_a_rule_or_refused(rule in "(FREQ=(DAILY|YEARLY);)?([A-Z]{2,10}=[-+A-Z0-9,]{0,12};?){0,4}") {
        let ritual = example_with(Kind::Ritual, "recurrence", json!(rule)).unwrap();
        prop_assert!(complaints(&ritual).iter().all(|field| field == "recurrence"));
    }

    #[test]
    fn whatever_is_stored_is_read_back(text in "\\PC*", rating in 0_u8..=10) {
        let mut answers = fields(&Kind::ActNoticed.example());
        answers.insert("meaning".to_owned(), json!(rating));
        let noticed = read(Kind::ActNoticed, answers).unwrap();
        let journal = example_with(Kind::Journal, "text", json!(text)).unwrap();
        for answers in [noticed, journal] {
            let stored = serde_json::to_string(&answers).unwrap();
            prop_assert_eq!(serde_json::from_str::<Answers>(&stored).unwrap(), answers);
        }
    }
}

#[test]
fn readings_tell_what_was_done_from_what_changed() {
    let told = example_with(Kind::VolunteeredInformation, "prompting", json!("asked")).unwrap();
    let read: Vec<_> =
        told.readings().iter().map(|reading| (reading.measure, reading.aspect(), reading.value)).collect();
    let told = (Measure::Disclosures, Aspect::Activity, 1.0);
    assert_eq!(read, [told, (Measure::UnpromptedDisclosures, Aspect::Outcome, 0.0)]);
    assert!(Kind::ForgivenessDecision.example().readings().is_empty());
    assert!(Kind::Ambivalence.example().readings().is_empty());
}

#[test]
fn what_was_done_lies_in_the_past() {
    inconsistent(Kind::RootCauseTimelineEvent, &json!({ "happened_on": "2026-03-03" }), "happened_on");
    inconsistent(Kind::RitualOccurrence, &json!({ "due_on": "2026-03-03" }), "due_on");
    inconsistent(Kind::ConsistencyReview, &json!({ "week_of": "2026-03-09" }), "week_of");
    let of_this_week = example_with(Kind::ConsistencyReview, "week_of", json!("2026-03-08")).unwrap();
    assert!(complaints(&of_this_week).is_empty(), "the Sunday of the week that began today");
    let back = example_with(Kind::TimeOut, "returned_at", json!("2026-03-02T20:00:00Z")).unwrap();
    let told_at = |now: &str| {
        let history = History { now: now.parse().unwrap(), ..History::default() };
        back.check_against(&history).map_err(|unmet| unmet.pointer)
    };
    assert_eq!(told_at("2026-03-02T18:50:00Z"), Err("/asked_at".to_owned()));
    assert_eq!(told_at("2026-03-02T19:30:00Z"), Err("/returned_at".to_owned()));
    assert_eq!(told_at("2026-03-02T19:55:00Z"), Ok(()), "a phone that is a little ahead");
}

#[test]
fn a_ritual_comes_round_at_least_once() {
    let by = |rule: &str| complaints(&example_with(Kind::Ritual, "recurrence", json!(rule)).unwrap());
    assert!(by("FREQ=DAILY").is_empty());
    assert!(!by("FREQ=DAILY;UNTIL=20260301").is_empty(), "it ended before it began");
    for rule in ["FREQ=YEARLY", "FREQ=MONTHLY", "FREQ=WEEKLY;BYDAY=SU"] {
        assert_eq!(by(rule), ["recurrence"], "{rule} is not daily");
    }
    assert!(by("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR").is_empty());
}

#[test]
fn a_draft_is_ready_in_one_version() {
    let mut round = fields(&Kind::ApologyCoaching.example());
    round.remove("draft_version");
    assert!(!complaints(&read(Kind::ApologyCoaching, round.clone()).unwrap()).is_empty());
    round.insert("ready_to_deliver".to_owned(), json!(false));
    assert!(complaints(&read(Kind::ApologyCoaching, round).unwrap()).is_empty());
}

#[test]
fn an_apology_was_given_by_the_day_it_is_recorded_also_where_that_is_corrected() {
    let given = |on: &str| complaints(&example_with(Kind::ApologyDelivery, "delivered_on", json!(on)).unwrap());
    assert!(given("2026-03-02").is_empty());
    assert_eq!(given("2150-01-01"), ["delivered_on"]);
}
