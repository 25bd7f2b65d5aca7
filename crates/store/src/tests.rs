//! The store on SQLite, from inside: what the black-box tests can't reach.

mod groups;
mod locks;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use diesel::connection::SimpleConnection;
use domain::{
    access::{Caller, Role},
    confidential::Confidential,
    email::EmailAddress,
    ids::PracticeId,
    practice::{Practice, PracticeDraft},
    staff::{StaffDraft, StaffMember},
};
use uuid::Uuid;

use crate::{
    Context, IdSource, MasterKeys, Options, Page, Store, StoreError,
    audit::{self, Event, Verdict},
    jobs::{self, JobKind},
    migrate, practices, staff,
};

struct Numbers(AtomicU64);

impl IdSource for Numbers {
    fn next(&self) -> Uuid {
        Uuid::from_u128(u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }

    fn random(&self) -> Uuid {
        self.next()
    }
}

/// A store in a folder of its own, with one practice in it.
struct Fixture {
    folder: PathBuf,
    store: Store,
    ids: Arc<Numbers>,
    context: Context,
}

impl Drop for Fixture {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.folder).ok();
    }
}

impl Fixture {
    async fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("tenfold-store-{}-{name}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = folder.join("tenfold.db").display().to_string();
        migrate::migrate(&url).unwrap();
        let (master_keys, _) = MasterKeys::load_or_make(&folder.join("master.keys")).unwrap();
        let store = Store::open(Options { url, master_keys, reload_master_keys: Box::new(|| None) }).unwrap();
        let practice = PracticeId(Uuid::from_u128(1 << 64));
        let now = DateTime::<Utc>::from_timestamp(1_760_000_000, 0).unwrap();
        let context = Context { caller: Caller::system(practice), now, request: None };
        let fixture = Self { folder, store, ids: Arc::new(Numbers(AtomicU64::new(1))), context };
        fixture.make_practice(practice).await;
        fixture
    }

    async fn make_practice(&self, id: PracticeId) {
        let name = "Harbor Counseling".to_owned();
        let draft = PracticeDraft { handle: "harbor".parse().unwrap(), name, time_zone: chrono_tz::Tz::UTC };
        self.write(move |tx| practices::insert(tx, &Practice::new(id, draft, tx.now()).unwrap())).await.unwrap();
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut crate::Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.store.write(self.context, Arc::clone(&self.ids) as Arc<dyn IdSource>, work).await
    }

    async fn hire(&self, name: &'static str) -> Result<(), StoreError> {
        self.write(move |tx| {
            let member = member(tx, name);
            staff::insert(tx, &member)?;
            tx.record(Event::new("staff.hired", member.id));
            Ok(())
        })
        .await
    }

    async fn names(&self) -> Vec<String> {
        let page = Page { after: None, limit: 100 };
        let members = self.store.read(self.context, move |view| staff::list(view, page)).await.unwrap();
        members.items.iter().map(|member| member.name.expose().to_owned()).collect()
    }
}

fn member(tx: &crate::Tx<'_>, name: &str) -> StaffMember {
    let email = EmailAddress::parse(&format!("{name}@example.org")).unwrap();
    let draft = StaffDraft { role: Role::Counselor, name: Confidential::new(name), email };
    StaffMember::new(tx.new_id(), draft, tx.now()).unwrap()
}

#[tokio::test]
async fn what_is_written_is_read_back_and_audited() {
    let fixture = Fixture::new("written").await;

    fixture.hire("Anna").await.unwrap();
    fixture.hire("Ben").await.unwrap();

    assert_eq!(fixture.names().await, ["Anna", "Ben"]);
    let verdict = fixture.store.read(fixture.context, audit::verify).await.unwrap();
    assert_eq!(verdict, Verdict::Whole(2));
}

#[tokio::test]
async fn a_unit_of_work_that_fails_or_panics_leaves_nothing_and_stops_nobody() {
    let fixture = Fixture::new("panic").await;

    let failed = fixture.write(|tx| {
        let gone = member(tx, "Gone");
        staff::insert(tx, &gone)?;
        Err::<(), _>(StoreError::Conflict)
    });
    assert!(matches!(failed.await, Err(StoreError::Conflict)));
    let panicked = fixture.write(|tx| -> Result<(), StoreError> {
        let gone = member(tx, "Gone");
        staff::insert(tx, &gone)?;
        panic!("on purpose")
    });
    assert!(matches!(panicked.await, Err(StoreError::Panicked)));

    fixture.hire("Anna").await.unwrap();
    assert_eq!(fixture.names().await, ["Anna"]);
}

#[tokio::test]
async fn an_altered_audit_trail_names_its_first_broken_row() {
    let fixture = Fixture::new("altered").await;
    for name in ["Anna", "Ben", "Cleo"] {
        fixture.hire(name).await.unwrap();
    }

    let alter = "DROP TRIGGER audit_events_stay; UPDATE audit_events SET action = 'staff.ended' WHERE number = 2";
    fixture.write(move |tx| Ok(tx.conn().batch_execute(alter)?)).await.unwrap();

    let verdict = fixture.store.read(fixture.context, audit::verify).await.unwrap();
    assert_eq!(verdict, Verdict::Broken(2));
}

#[tokio::test]
async fn the_audit_trail_can_only_grow() {
    let fixture = Fixture::new("grow").await;
    fixture.hire("Anna").await.unwrap();
    let replace = "INSERT OR REPLACE INTO audit_events SELECT * FROM audit_events";
    for attempt in ["DELETE FROM audit_events", "UPDATE audit_events SET action = 'x'", replace] {
        let tried = fixture.write(move |tx| Ok(tx.conn().batch_execute(attempt)?)).await;
        assert!(matches!(tried, Err(StoreError::Database(_))), "{attempt}");
    }
}
