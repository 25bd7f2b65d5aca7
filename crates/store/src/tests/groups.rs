//! Units of work that share a transaction on SQLite: where one breaks it, nobody is told that theirs is kept.

use std::sync::mpsc::channel;

use super::*;

/// Runs a unit that breaks the transaction in the middle of a group: after Anna is hired, before Cleo is.
async fn break_a_group(fixture: &Fixture, with: &'static str) -> [Result<(), StoreError>; 3] {
    let (release, released) = channel::<()>();
    let holds_up = fixture.write(move |tx| {
        // The writer waits here until the others have been handed in, so that they are one group.
        released.recv().ok();
        let anna = member(tx, "Anna");
        staff::insert(tx, &anna)
    });
    let breaks = fixture.write(move |tx| {
        let ben = member(tx, "Ben");
        staff::insert(tx, &ben)?;
        Ok(tx.conn().batch_execute(with)?)
    });
    let comes_after = fixture.hire("Cleo");
    let (first, broken, later, ()) = tokio::join!(holds_up, breaks, comes_after, async {
        release.send(()).ok();
    });
    [first, broken, later]
}

#[tokio::test]
async fn a_group_that_broke_answers_nobody_that_it_is_kept() {
    let or_rollback = "INSERT OR ROLLBACK INTO practices SELECT * FROM practices";
    for (name, with) in [("rollback", "ROLLBACK"), ("or-rollback", or_rollback)] {
        let fixture = Fixture::new(name).await;

        let [first, broken, later] = break_a_group(&fixture, with).await;

        assert!(matches!(first, Err(StoreError::Unavailable(_))), "{with}: {first:?}, though it went well by itself");
        assert!(broken.is_err(), "{with}: {broken:?}");
        let kept = fixture.names().await;
        assert_eq!(kept.contains(&"Cleo".to_owned()), later.is_ok(), "{with}: {later:?}");
        assert!(!kept.contains(&"Anna".to_owned()) && !kept.contains(&"Ben".to_owned()), "{with}: {kept:?}");
        fixture.hire("Dora").await.unwrap();
        assert!(fixture.names().await.contains(&"Dora".to_owned()), "{with}: the writer goes on");
        assert!(matches!(fixture.store.read(fixture.context, audit::verify).await.unwrap(), Verdict::Whole(_)));
    }
}

#[tokio::test]
async fn a_unit_that_fails_takes_nothing_from_those_beside_it() {
    let fixture = Fixture::new("beside").await;

    let [first, failed, later] = break_a_group(&fixture, "INSERT INTO practices SELECT * FROM practices").await;

    assert!(first.is_ok() && later.is_ok(), "{first:?} {later:?}");
    assert!(matches!(failed, Err(StoreError::Conflict)), "{failed:?}");
    assert_eq!(fixture.names().await, ["Anna", "Cleo"]);
}

#[tokio::test]
async fn a_job_of_an_unknown_kind_is_left_to_a_newer_server_and_stops_nobody() {
    let fixture = Fixture::new("jobs").await;
    let practice = fixture.context.caller.practice;
    let unknown = format!(
        "INSERT INTO jobs (practice_id, id, kind, subject_id, due_at, attempts) \
         VALUES ('{practice}', '{}', 'from_the_future', '{}', '2020-01-01 00:00:00', 0)",
        Uuid::from_u128(900),
        Uuid::from_u128(901),
    );
    fixture.write(move |tx| Ok(tx.conn().batch_execute(&unknown)?)).await.unwrap();
    let (now, subject) = (fixture.context.now, Uuid::from_u128(902));
    fixture.write(move |tx| jobs::enqueue(tx, JobKind::ExpireExport, subject, tx.now())).await.unwrap();
    let claim = || fixture.store.claim_job(now, now + chrono::TimeDelta::minutes(2));

    let claimed = claim().await.unwrap();

    assert_eq!(claimed.map(|job| job.subject), Some(subject), "the unknown one has been due for longer");
    assert_eq!(claim().await.unwrap(), None);
}
