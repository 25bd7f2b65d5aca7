//! The two partners beside each other: for who treats them, and of what both may see.

use domain::exercises::Kind;
use serde_json::{Value, json};
use tenfold_tests::{
    app::TestApp,
    case::{Case, items},
    stories,
};

use super::{ask, progress, pulse, pulses};

stories![
    partners_stand_side_by_side_for_who_treats_them,
    what_lies_between_the_two_is_made_of_what_both_may_see,
    acts_are_told_with_what_the_other_noticed_of_them,
];

async fn partners_stand_side_by_side_for_who_treats_them(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = pulses(&case).await;
    case.lee.submit(assignment, pulse(2, "counselor_only")).await;
    case.kim.submit(assignment, pulse(7, "counselor_only")).await;
    case.lee.promise(case.couple, "to call").await;

    let both = ask(&case, &case.counselor, "view=side_by_side").await;

    for (at, partner) in [&case.lee, &case.kim].into_iter().enumerate() {
        let separate = ask(&case, &case.counselor, &format!("view=separate&partner_id={}", partner.id)).await;
        for part in ["partner_id", "exercises", "promises"] {
            assert_eq!(both["partners"][at][part], separate[part], "{part}");
        }
        assert_eq!(separate["pairs"], Value::Null);
    }
    let gaps = items(&both["pairs"]["gaps"]);
    let trust = gaps.iter().find(|gap| gap["measure"] == "trust").expect("a gap");
    assert_eq!(trust["difference"], -5.0);
    assert_eq!(trust["sides"][1], json!({ "partner_id": case.kim.id, "value": 7.0, "n": 1 }));
    assert_eq!(ask(&case, &case.counselor, "view=shared").await["pairs"]["gaps"], json!([]));
    let susan = app.supervisor("susan").await;
    case.supervised_by(&susan, &app.owner().await).await;
    assert_eq!(ask(&case, &susan, "view=side_by_side").await, both);
    for partner in [&case.lee, &case.kim] {
        let refused = partner.person.get(progress(&case, "view=side_by_side")).await;
        assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
    }
}

async fn what_lies_between_the_two_is_made_of_what_both_may_see(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = pulses(&case).await;
    case.lee.submit(assignment, pulse(2, "shared")).await;
    case.kim.submit(assignment, pulse(8, "shared")).await;
    let query = progress(&case, "view=shared");
    let before = case.kim.person.get(&query).await;

    case.lee.submit(assignment, pulse(10, "counselor_only")).await;

    assert_eq!(case.kim.person.get(&query).await.bytes(), before.bytes());
    let gaps = before.expect_status(200).json()["pairs"]["gaps"].clone();
    let trust = items(&gaps).iter().find(|gap| gap["measure"] == "trust").expect("a gap");
    assert_eq!((&trust["difference"], &trust["unit"]), (&json!(-6.0), &json!("rating")));
}

async fn acts_are_told_with_what_the_other_noticed_of_them(app: TestApp) {
    let case = Case::lee_and_kim(&app).await;
    let assignment = case.assign(json!({ "exercise": "reaffirm-commitment" })).await;
    let mut acts = Vec::new();
    for _ in 0..3 {
        acts.push(case.lee.submit(assignment, json!({ "answers": Kind::CommitmentAct.example() })).await);
    }
    case.kim.submit(assignment, json!({ "answers": Kind::CommitmentAct.example() })).await;
    for (act, noticed) in [(acts[0], "later"), (acts[1], "only_when_told")] {
        let answers = json!({ "type": "act_noticed", "act_id": act, "noticed": noticed, "meaning": 6 });
        case.kim.submit(assignment, json!({ "answers": answers })).await;
    }

    let pairs = ask(&case, &case.lee.person, "view=shared").await["pairs"].clone();

    let share = 1.0 / 3.0;
    let lee = json!({ "giver_id": case.lee.id, "acts": 3, "noticed": 1, "share": share });
    let kim = json!({ "giver_id": case.kim.id, "acts": 1, "noticed": 0, "share": 0.0 });
    assert_eq!(pairs["noticed"], json!([lee, kim]));
    let acts = items(&pairs["balances"]).iter().find(|balance| balance["measure"] == "commitment_acts");
    assert_eq!(acts.expect("a balance")["evenness"], share);
}
