//! Steps that are exercises of the practice's own: the version they go out in, and what holds them.

use actix_web::test::TestRequest;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, items, wanted_own_exercise},
    stories,
};
use uuid::Uuid;

use super::{assignment, complete, release, show, states, steps};

stories![
    a_step_goes_out_in_the_version_in_force_on_its_day,
    what_waits_is_shown_in_its_new_version_to_whoever_has_the_old,
    an_archived_exercise_holds_its_step_until_it_is_brought_back,
    a_step_left_to_one_alone_stays_so,
    a_step_whose_exercise_is_never_overdue_any_more_goes_out_without_a_due_date,
];

/// An apology, then the practice's own exercise.
async fn apology_then(case: &Case, own: Uuid) -> Uuid {
    let mut wanted = steps(&[("apology", "after_completion"), ("own", "after_completion")]);
    wanted[1]["own_exercise_id"] = json!(own);
    case.program(wanted).await
}

/// Says anew what the practice's own exercise is: one field of it.
async fn revise(case: &Case, own: Uuid, field: &str, value: Value) {
    let mut wanted = wanted_own_exercise("How close did you feel?");
    wanted[field] = value;
    case.counselor.put(format!("/v1/own-exercises/{own}"), wanted).await.expect_status(200);
}

async fn archive(case: &Case, own: Uuid, archived: bool) {
    let path = format!("/v1/own-exercises/{own}/archival");
    case.counselor.put(path, json!({ "archived": archived })).await.expect_status(200);
}

async fn a_step_goes_out_in_the_version_in_force_on_its_day(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let own = case.own_exercise().await;
    let run = case.start(apology_then(&case, own).await, json!({})).await;
    let waiting = show(&case.counselor, run).await;
    assert_eq!(
        (&waiting["steps"][1]["exercise"], &waiting["steps"][1]["own_exercise_id"]),
        (&json!("own"), &json!(own))
    );
    let seen = show(&case.kim.person, run).await;
    assert_eq!((items(&seen["steps"]).len(), seen.to_string().contains(&own.to_string())), (1, false));

    revise(&case, own, "title", json!("The second wording")).await;
    complete(&case, run, 1).await;
    let given = case.kim.person.get(assignment(&case, run, 2).await).await.json();
    assert_eq!((&given["own_exercise_id"], &given["own_exercise_version"]), (&json!(own), &json!(2)));
    revise(&case, own, "title", json!("The third wording")).await;

    for person in [&case.counselor, &case.kim.person] {
        let seen = show(person, run).await;
        assert_eq!(seen["steps"][1]["title"], "The second wording");
        assert_eq!(seen["steps"][1]["own_exercise_id"], json!(own));
    }
    let listed = case.kim.person.get(format!("/v1/couples/{}/program-runs", case.couple)).await.json();
    assert_eq!(listed["items"], json!([show(&case.kim.person, run).await]));
    let version = |number: u8| format!("/v1/own-exercises/{own}/versions/{number}");
    assert_eq!(case.kim.person.get(version(2)).await.text_at("/title"), "The second wording");
    for number in [1, 3] {
        assert_eq!(case.kim.person.get(version(number)).await.status(), 404, "it was not given to her");
    }
}

async fn what_waits_is_shown_in_its_new_version_to_whoever_has_the_old(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let own = case.own_exercise().await;
    let program = apology_then(&case, own).await;
    let run = case.start(program, json!({})).await;
    let paths = [format!("/v1/programs/{program}"), format!("/v1/program-runs/{run}")];
    let mut known = Vec::new();
    for path in &paths {
        known.push(case.counselor.get(path).await.header("etag").to_owned());
    }

    revise(&case, own, "title", json!("The second wording")).await;

    for (path, etag) in paths.iter().zip(known) {
        let cached = TestRequest::get().uri(path).insert_header(("if-none-match", etag));
        assert_eq!(
            case.counselor.send(cached).await.expect_status(200).text_at("/steps/1/title"),
            "The second wording"
        );
    }
}

async fn an_archived_exercise_holds_its_step_until_it_is_brought_back(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let own = case.own_exercise().await;
    let program = apology_then(&case, own).await;
    let run = case.start(program, json!({})).await;
    archive(&case, own, true).await;
    let seen = show(&case.kim.person, run).await;

    complete(&case, run, 1).await;

    let held = show(&case.counselor, run).await;
    assert_eq!(
        (&held["steps"][1]["state"], &held["steps"][1]["plan"]["held"]),
        (&json!("waiting"), &json!("archived"))
    );
    let still = show(&case.kim.person, run).await;
    assert_eq!((&still["more_to_come"], &still["status"]), (&seen["more_to_come"], &seen["status"]));
    assert_eq!(release(&case, run).await["version"], held["version"], "trying again has changed nothing");
    let later = case.start(program, json!({})).await;
    assert_eq!(states(&case.counselor, later).await, ["released", "waiting"], "what was made before can be started");
    archive(&case, own, false).await;
    assert_eq!(release(&case, run).await["steps"][1]["state"], "released");
}

async fn a_step_left_to_one_alone_stays_so(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let own = case.own_exercise().await;
    revise(&case, own, "mode", json!("separate")).await;
    let alone = json!([{ "position": 2, "partner_id": case.lee.id }]);
    let run = case.start(apology_then(&case, own).await, json!({ "alone": alone })).await;

    revise(&case, own, "mode", json!("joint")).await;
    complete(&case, run, 1).await;

    let given = case.lee.person.get(assignment(&case, run, 2).await).await.expect_status(200).json();
    assert_eq!((&given["mode"], &given["own_exercise_version"]), (&json!("separate"), &json!(3)));
    assert_eq!(items(&given["standings"]).len(), 1);
    let seen = show(&case.kim.person, run).await;
    assert_eq!((items(&seen["steps"]).len(), &seen["status"]), (1, &json!("completed")));
    let together = json!({ "program_id": apology_then(&case, own).await, "alone": alone });
    let refused = case.counselor.post(format!("/v1/couples/{}/program-runs", case.couple), together).await;
    assert_eq!(refused.text_at("/detail"), "one current partner alone answers steps in separate mode only");
}

async fn a_step_whose_exercise_is_never_overdue_any_more_goes_out_without_a_due_date(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let own = case.own_exercise().await;
    revise(&case, own, "can_be_overdue", json!(true)).await;
    let mut wanted = steps(&[("apology", "after_completion"), ("own", "after_completion")]);
    wanted[1]["own_exercise_id"] = json!(own);
    wanted[1]["due_after_days"] = json!(7);
    let run = case.start(case.program(wanted).await, json!({})).await;

    revise(&case, own, "can_be_overdue", json!(false)).await;
    complete(&case, run, 1).await;

    assert_eq!(case.kim.person.get(assignment(&case, run, 2).await).await.json()["due_on"], Value::Null);
}
