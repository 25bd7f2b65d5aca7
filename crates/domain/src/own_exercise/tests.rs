//! How exercises of the practice's own behave, and the one other tests work with.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;
use crate::{
    couple::tests::{id, noon},
    exercises::Direction,
};

fn words<const MOST: usize>(text: &str) -> Words<MOST> {
    Words::try_from(text.to_owned()).unwrap()
}

fn scale_of_closeness() -> Value {
    json!({ "type": "integer", "title": "How close did you feel?", "minimum": 0, "maximum": 10 })
}

fn form_of(properties: &Value, required: &[&str]) -> Value {
    json!({ "type": "object", "properties": properties, "required": required })
}

fn read(schema: Value) -> Result<OwnForm, Vec<Misfit>> {
    serde_json::from_value::<GivenForm>(schema).unwrap().read()
}

/// What is refused about a schema, as pointers and codes.
fn refused(schema: Value) -> Vec<String> {
    let misfits = read(schema).err().unwrap_or_default();
    misfits.into_iter().map(|misfit| format!("{} {}", misfit.pointer, misfit.code)).collect()
}

/// What is refused about one property.
fn refused_of(property: &Value) -> Vec<String> {
    refused(form_of(&json!({ "closeness": property }), &[]))
}

fn definition() -> Definition {
    Definition {
        title: words("Weekly check-in"),
        purpose: words("To see where you both are."),
        steps: vec![words("Sit down by yourself.")],
        prompts: vec![],
        mode: Mode::Separate,
        cadence: Some("FREQ=WEEKLY".parse().unwrap()),
        visibility: OwnVisibility::RevealTogether,
        can_be_overdue: false,
        form: read(form_of(&json!({ "closeness": scale_of_closeness() }), &["closeness"])).unwrap(),
    }
}

/// An exercise with one question, answered by a scale.
pub(crate) fn weekly_check_in() -> OwnExercise {
    OwnExercise::new(id(95), definition(), id(7), noon("2026-02-01")).unwrap()
}

/// Another version, which asks for a text instead.
pub(crate) fn ask_for_a_text(exercise: &mut OwnExercise) {
    let closeness = json!({ "type": "string", "title": "How close did you feel?", "maxLength": 100 });
    let form = read(form_of(&json!({ "closeness": closeness }), &[])).unwrap();
    exercise.revise(Definition { form, ..definition() }, id(7), noon("2026-03-03")).unwrap();
}

fn check_in_form() -> OwnForm {
    let properties = json!({
        "mood": { "type": "string", "title": "In a word?", "enum": ["heavy", "light"] },
        "closeness": scale_of_closeness(),
        "story": { "type": "string", "title": "What happened?", "description": "Briefly.", "maxLength": 20 },
        "talked_on": { "type": "string", "title": "When did you talk?", "format": "date" },
        "thanks": { "type": "array", "title": "Thanks for?", "maxItems": 2, "items": { "type": "string", "maxLength": 5 } },
    });
    read(form_of(&properties, &["mood", "closeness"])).unwrap()
}

/// What is refused about answers, as pointers and codes.
fn complaints(answers: Value) -> Vec<String> {
    let Value::Object(values) = answers else { panic!("answers are an object") };
    let misfits = check_in_form().check(&values).err().unwrap_or_default();
    misfits.into_iter().map(|misfit| format!("{} {}", misfit.pointer, misfit.code)).collect()
}

#[test]
fn each_revision_is_a_version_and_archiving_is_none() {
    let mut exercise = weekly_check_in();
    ask_for_a_text(&mut exercise);
    assert_eq!((exercise.latest.number, exercise.version), (2, 2));
    assert!(exercise.archive(true, noon("2026-03-04")) && !exercise.archive(true, noon("2026-03-05")));
    assert_eq!((exercise.archived_at, exercise.version), (Some(noon("2026-03-04")), 3));
    assert_eq!(exercise.revise(definition(), id(7), noon("2026-03-06")), Err(OwnExerciseError::Archived));
    assert!(exercise.archive(false, noon("2026-03-07")));
    assert_eq!((exercise.latest.number, exercise.version, exercise.check_in_use()), (2, 4, Ok(())));
}

#[test]
fn an_exercise_has_so_many_steps_and_prompts_and_no_more() {
    let steps = |many| Definition { steps: vec![words("Breathe."); many], ..definition() };
    assert!(OwnExercise::new(id(95), steps(50), id(7), noon("2026-02-01")).is_ok());
    let refused = OwnExercise::new(id(95), steps(51), id(7), noon("2026-02-01"));
    assert_eq!(refused, Err(OwnExerciseError::Lines));
    assert!(Words::<200>::try_from(" \n".to_owned()).is_err() && Words::<3>::try_from("four".to_owned()).is_err());
}

#[test]
fn a_form_keeps_the_order_in_which_it_was_written() {
    let written = r#"{"type":"object","properties":{
        "zeal":{"type":"string","title":"Z","maxLength":5},"awe":{"type":"string","title":"A","maxLength":5}}}"#;
    let form = serde_json::from_str::<GivenForm>(written).unwrap().read().unwrap();
    let names: Vec<_> = form.fields().iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["zeal", "awe"]);
    let published = serde_json::to_string(&form).unwrap();
    assert!(published.find("zeal") < published.find("awe"), "{published}");
    assert_eq!(serde_json::from_str::<OwnForm>(&published).unwrap(), form);
}

#[test]
fn what_is_outside_of_the_subset_is_refused_by_its_place() {
    let scale = scale_of_closeness();
    let with = |name: &str, value: Value| {
        let mut property = scale.clone();
        property[name] = value;
        refused_of(&property)
    };
    assert_eq!(refused_of(&scale), Vec::<String>::new());
    assert_eq!(with("$ref", json!("https://evil.example/x")), ["/properties/closeness/$ref not-supported"]);
    assert_eq!(with("pattern", json!("(a+)+$")), ["/properties/closeness/pattern not-supported"]);
    assert_eq!(with("properties", json!({})), ["/properties/closeness/properties not-supported"]);
    assert_eq!(with("my words", json!(1)), ["/properties/closeness not-supported"]);
    assert_eq!(with("type", json!("object")), ["/properties/closeness/type unknown-word"]);
    assert_eq!(with("maximum", json!(100)), ["/properties/closeness/maximum wrong-value"]);
    assert_eq!(with("title", json!("")), ["/properties/closeness/title length"]);
    assert_eq!(with("description", json!(7)), ["/properties/closeness/description length"]);
    assert_eq!(refused_of(&json!(true)), ["/properties/closeness wrong-type"]);
    let text = json!({ "type": "string", "title": "?", "maxLength": 10_001 });
    assert_eq!(refused_of(&text), ["/properties/closeness/maxLength range"]);
    let date = json!({ "type": "string", "title": "?", "format": "regex" });
    assert_eq!(refused_of(&date), ["/properties/closeness/format wrong-value"]);
    let nested = json!({ "type": "array", "title": "?", "maxItems": 3, "items": { "type": "array" } });
    assert_eq!(refused_of(&nested), ["/properties/closeness/items/type unknown-word"]);
    for choices in [json!(["one"]), json!(["one", "one"]), json!(["one", 2]), json!(vec!["x"; 21])] {
        let choice = json!({ "type": "string", "title": "?", "enum": choices });
        assert_eq!(refused_of(&choice), ["/properties/closeness/enum length"]);
    }
}

#[test]
fn the_frame_of_a_form_is_as_strict() {
    let with = |name: &str, value: Value| {
        let mut schema = form_of(&json!({ "closeness": scale_of_closeness() }), &[]);
        schema[name] = value;
        refused(schema)
    };
    assert_eq!(with("$schema", json!("http://json-schema.org/draft-07/schema#")), ["/$schema wrong-value"]);
    assert_eq!(with("$defs", json!({})), ["/$defs not-supported"]);
    assert_eq!(with("additionalProperties", json!(true)), ["/additionalProperties wrong-value"]);
    assert_eq!(with("type", json!(["object"])), ["/type wrong-value"]);
    assert_eq!(with("required", json!(["distance"])), ["/required/0 unknown"]);
    assert_eq!(with("required", json!(["closeness", "closeness"])), ["/required/1 unknown"]);
    assert_eq!(refused(form_of(&json!({}), &[])), ["/properties length"]);
    let many: Map<_, _> = (0..31).map(|number| (format!("f{number}"), scale_of_closeness())).collect();
    assert_eq!(refused(form_of(&json!(many), &[])), ["/properties length"]);
    for name in ["Closeness", "2nd", "a b", "", &"x".repeat(41)] {
        assert_eq!(refused(form_of(&json!({ name: scale_of_closeness() }), &[])), ["/properties name"], "{name}");
    }
    let twice = r#"{"type":"object","properties":{"a":{"type":"string","title":"A","maxLength":5},"a":{"type":"string","title":"A","maxLength":5}}}"#;
    let misfits = serde_json::from_str::<GivenForm>(twice).unwrap().read().unwrap_err();
    assert_eq!((misfits[0].pointer.as_str(), misfits[0].code), ("/properties", "duplicate"));
}

/// The scale of closeness, marked as a measure.
fn marked(measure: Value) -> Value {
    let mut scale = scale_of_closeness();
    scale["x-tenfold-measure"] = measure;
    scale
}

#[test]
fn a_scale_is_a_measure_if_it_says_which_way_is_better_and_where_it_comes_from() {
    let at = |rest: &str| format!("/properties/closeness/x-tenfold-measure{rest}");
    let refused = |measure: Value| refused_of(&marked(measure));
    let ours = json!({ "direction": "up", "source": "Our own." });
    assert_eq!(refused(ours), Vec::<String>::new());
    assert_eq!(refused(json!(true)), [at(" wrong-type")]);
    assert_eq!(refused(json!({})), [at("/direction unknown-word"), at("/source length")]);
    let wrong = json!({ "direction": "more", "source": " ", "norm": 5 });
    assert_eq!(refused(wrong), [at("/norm not-supported"), at("/direction unknown-word"), at("/source length")]);
    let text = json!({ "type": "string", "title": "A", "maxLength": 5, "x-tenfold-measure": {} });
    assert_eq!(refused_of(&text), [at(" not-supported")], "only a scale is a measure");
}

#[test]
fn answers_say_in_numbers_what_is_marked_and_nothing_else() {
    let ours = marked(json!({ "direction": "down", "source": "Our own." }));
    let form = read(form_of(&json!({ "distance": ours, "closeness": scale_of_closeness() }), &[])).unwrap();
    let readings = |values: Value| {
        let Value::Object(values) = values else { panic!() };
        assert_eq!(form.check(&values), Ok(()));
        form.readings(&values).map(|one| (one.measure.field.as_str().to_owned(), one.value)).collect::<Vec<_>>()
    };
    assert_eq!(readings(json!({ "distance": 4, "closeness": 7 })), [("distance".to_owned(), 4.0)]);
    assert_eq!(readings(json!({ "closeness": 7 })), []);
}

#[test]
fn answers_are_checked_field_by_field_and_all_at_once() {
    assert_eq!(complaints(json!({ "mood": "light", "closeness": 7 })), Vec::<String>::new());
    let whole = json!({
        "mood": "heavy", "closeness": 0, "story": "We cooked.", "talked_on": "2026-02-28", "thanks": ["tea", "calls"],
    });
    assert_eq!(complaints(whole), Vec::<String>::new());
    let wrong = json!({
        "closeness": 11, "story": "secret".repeat(9), "talked_on": "2026-02-30", "thanks": ["tea", "a secret", ""],
        "other": "secret", "My secret": 1,
    });
    assert_eq!(
        complaints(wrong),
        [
            " unknown-field",
            "/closeness range",
            "/mood required",
            "/other unknown-field",
            "/story length",
            "/talked_on malformed",
            "/thanks length",
            "/thanks/1 length",
            "/thanks/2 length",
        ]
    );
    assert_eq!(
        complaints(json!({ "mood": "secret", "closeness": 6.5 })),
        ["/closeness wrong-type", "/mood unknown-word"]
    );
    assert_eq!(complaints(json!({ "mood": null, "closeness": [] })), ["/closeness wrong-type", "/mood unknown-word"]);
}

#[test]
fn what_is_refused_is_never_repeated() {
    let values = json!({ "mood": "secret", "closeness": "secret", "story": "secret".repeat(9), "a secret": "secret" });
    let Value::Object(values) = values else { panic!() };
    let misfits = check_in_form().check(&values).unwrap_err();
    assert!(!format!("{misfits:?}").contains("secret"), "{misfits:?}");
}

fn texts() -> impl Strategy<Value = UpTo<MOST_CHARACTERS>> {
    (1..=10_000_u64).prop_map(|most| UpTo::new(most).unwrap())
}

fn choices() -> impl Strategy<Value = Choices> {
    prop::collection::hash_set("[a-z äß]{0,20}x", 2..=20)
        .prop_map(|set| Choices::new(set.iter().map(|text| words(text)).collect()).unwrap())
}

fn measures() -> impl Strategy<Value = ScaleMeasure> {
    let direction = prop::sample::select(Direction::ALL);
    direction.prop_map(|direction| ScaleMeasure { direction, source: words("Our own.") })
}

fn kinds() -> impl Strategy<Value = FieldKind> {
    let items = prop_oneof![texts().prop_map(ItemKind::Text), choices().prop_map(ItemKind::Choice)];
    prop_oneof![
        texts().prop_map(FieldKind::Text),
        choices().prop_map(FieldKind::Choice),
        prop::option::of(measures()).prop_map(FieldKind::Scale),
        Just(FieldKind::Date),
        (items, 1..=20_u64).prop_map(|(of, most)| FieldKind::List { of, most: UpTo::new(most).unwrap() }),
    ]
}

fn forms() -> impl Strategy<Value = OwnForm> {
    let label = |required, kind, described: bool| Field {
        name: "a".parse().unwrap(),
        title: words("What?"),
        description: described.then(|| words("Say it.")),
        required,
        kind,
    };
    let fields = prop::collection::hash_map("[a-z][a-z0-9_]{0,39}", (any::<bool>(), kinds(), any::<bool>()), 1..=8);
    fields.prop_map(move |fields| {
        let named = |(name, (required, kind, described)): (String, _)| Field {
            name: name.parse().unwrap(),
            ..label(required, kind, described)
        };
        OwnForm::new(fields.into_iter().map(named).collect()).unwrap()
    })
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,30}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        let members = prop::collection::btree_map("[a-z$ ]{0,8}", inner.clone(), 0..6);
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::from),
            members.prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_form_is_read_back_from_what_it_is_published_as(form in forms()) {
        let published = serde_json::to_string(&form).unwrap();
        let given: GivenForm = serde_json::from_str(&published).unwrap();
        prop_assert_eq!(given.read(), Ok(form));
    }

    #[test]
    fn any_values_are_answers_or_refused_within_bounds(form in forms(), value in any_json()) {
        let names = form.fields().iter().map(|field| field.name.as_str().to_owned());
        let values = names.map(|name| (name, value.clone())).collect();
        if let Err(misfits) = form.check(&values) {
            prop_assert!((1..=100).contains(&misfits.len()));
        }
    }

    #[test]
    fn any_schema_is_a_form_or_refused_within_bounds(value in any_json()) {
        if let Ok(given) = serde_json::from_value::<GivenForm>(value) {
            prop_assert!(given.read().map_or_else(|misfits| (1..=100).contains(&misfits.len()), |_| true));
        }
    }
}
