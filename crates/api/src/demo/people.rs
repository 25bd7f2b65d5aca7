//! The people of the demo: who works there and who is in treatment. None of them exists.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use domain::{
    access::{Action, Actor, Caller, Role},
    account::{Account, AccountHolder, PasswordHash},
    client::{Client, ClientDraft},
    confidential::Confidential,
    email::EmailAddress,
    ids::{ClientId, PracticeId, StaffId},
    practice::{Handle, PracticeDraft},
    staff::{StaffDraft, StaffMember},
};
use futures_util::future::try_join_all;
use store::{Tx, accounts, audit::Event, clients, staff};

use super::mistake;
use crate::{
    app::App,
    commands::{NewOwner, create_owner},
    config::Secret,
    extract::Asker,
    passwords::check_policy,
    problem::Problem,
};

/// What the people of the demo type at sign-in.
pub const HANDLE: &str = "tenfold-demo";
/// What the practice is called.
pub(super) const PRACTICE_NAME: &str = "Lantern House (demo)";
/// Where its days begin and end.
pub(super) const TIME_ZONE: Tz = Tz::America__New_York;
/// The password of everybody in the demo. It is printed at each start: nothing real belongs into the demo.
pub const PASSWORD: &str = "for-demonstration-only";

/// Who signs in to the demo.
#[derive(Debug, Clone, Copy)]
pub struct Login {
    /// What the stories call them; the first part of their address.
    pub key: &'static str,
    /// Their whole name.
    pub name: &'static str,
    /// What they are there, in words.
    pub role: &'static str,
}

impl Login {
    /// The address they sign in with.
    #[must_use]
    pub fn email(&self) -> String {
        format!("{}@lantern.example", self.key)
    }

    fn address(&self) -> Result<EmailAddress, Problem> {
        EmailAddress::parse(&self.email()).map_err(mistake)
    }
}

const fn login(key: &'static str, name: &'static str, role: &'static str) -> Login {
    Login { key, name, role }
}

/// Everybody who signs in.
pub const LOGINS: &[Login] = &[
    login("ingrid", "Ingrid Solheim", "owner"),
    login("walter", "Walter Adeyemi", "supervisor, of Ben"),
    login("anna", "Anna Lindgren", "counselor"),
    login("ben", "Ben Castellano", "counselor"),
    login("sofia", "Sofia Marek", "assistant"),
    login("naomi", "Naomi Hartwell", "partner, eleven weeks into treatment with Anna"),
    login("theo", "Theo Hartwell", "partner, eleven weeks into treatment with Anna"),
    login("june", "June Pemberton", "partner, in intake with Anna"),
    login("priya", "Priya Pemberton", "partner, in intake with Anna"),
    login("carlos", "Carlos Aldana", "partner, near the end of treatment with Ben"),
    login("mei", "Mei Aldana", "partner, near the end of treatment with Ben"),
];

const OWNER: &str = "ingrid";
const STAFF: &[(&str, Role)] =
    &[("walter", Role::Supervisor), ("anna", Role::Counselor), ("ben", Role::Counselor), ("sofia", Role::Assistant)];
/// Who is supervised by whom.
const SUPERVISED: (&str, &str) = ("ben", "walter");
const CLIENTS: &[(&str, &str)] = &[
    ("naomi", "202-555-0111"),
    ("theo", "202-555-0112"),
    ("june", "202-555-0121"),
    ("priya", "202-555-0122"),
    ("carlos", "202-555-0131"),
    ("mei", "202-555-0132"),
];

/// Who acts in the stories, by what the stories call them.
#[derive(Debug)]
pub(super) struct Cast {
    practice: PracticeId,
    actors: BTreeMap<&'static str, Actor>,
}

impl Cast {
    /// The practice.
    pub(super) const fn practice(&self) -> PracticeId {
        self.practice
    }

    /// Who acts under this name.
    pub(super) fn asker(&self, key: &str) -> Result<Asker, Problem> {
        let actor = self.actors.get(key).copied().ok_or_else(|| mistake(format!("nobody is {key}")))?;
        Ok(Asker { caller: Caller { actor, ..Caller::system(self.practice) }, request: None })
    }

    /// The staff member of this name.
    pub(super) fn staff(&self, key: &str) -> Result<StaffId, Problem> {
        self.asker(key)?.caller.staff().ok_or_else(|| mistake(format!("{key} does not work here")))
    }

    /// The client of this name.
    pub(super) fn client(&self, key: &str) -> Result<ClientId, Problem> {
        self.asker(key)?.caller.client().ok_or_else(|| mistake(format!("{key} is no client")))
    }
}

fn find(key: &str) -> Result<&'static Login, Problem> {
    LOGINS.iter().find(|login| login.key == key).ok_or_else(|| mistake(format!("nobody is {key}")))
}

/// Makes the practice with everybody in it.
pub(super) async fn settle(app: &App) -> Result<Cast, Problem> {
    let owner = find(OWNER)?;
    let practice = PracticeDraft { handle: handle()?, name: PRACTICE_NAME.to_owned(), time_zone: TIME_ZONE };
    let (name, email) = (Confidential::new(owner.name), owner.address()?);
    let (practice, owner) =
        create_owner(app, NewOwner { practice, name, email, password: Secret::new(PASSWORD) }).await?;
    let mut cast = Cast { practice, actors: BTreeMap::from([(OWNER, Actor::Staff { id: owner, role: Role::Owner })]) };
    let mut hashes = hashes(app).await?.into_iter();
    for ((key, role), hash) in STAFF.iter().zip(hashes.by_ref()) {
        let id = StaffId(app.ids.next());
        hire(app, &cast, id, *role, find(key)?, hash).await?;
        cast.actors.insert(key, Actor::Staff { id, role: *role });
    }
    supervise(app, &cast).await?;
    for ((key, phone), hash) in CLIENTS.iter().zip(hashes) {
        let id = ClientId(app.ids.next());
        take_on(app, &cast, id, phone, find(key)?, hash).await?;
        cast.actors.insert(key, Actor::Client(id));
    }
    Ok(cast)
}

pub(super) fn handle() -> Result<Handle, Problem> {
    HANDLE.parse().map_err(mistake)
}

/// One hash of the password for each account, with a salt of its own.
async fn hashes(app: &App) -> Result<Vec<PasswordHash>, Problem> {
    for login in LOGINS {
        check_policy(PASSWORD, &[PRACTICE_NAME, HANDLE, &login.email()], "/password")?;
    }
    let hash = || async { app.passwords.hash(Secret::new(PASSWORD)).await.map(PasswordHash::new) };
    let hashes = try_join_all(LOGINS.iter().map(|_| hash())).await;
    hashes.map_err(Problem::internal)
}

async fn hire(
    app: &App,
    cast: &Cast,
    id: StaffId,
    role: Role,
    login: &Login,
    hash: PasswordHash,
) -> Result<(), Problem> {
    let draft = StaffDraft { role, name: Confidential::new(login.name), email: login.address()? };
    let hire = move |tx: &mut Tx<'_>| {
        let member = StaffMember::new(id, draft, tx.now())?;
        staff::insert(tx, &member)?;
        tx.record(Event::new("staff.added", member.id));
        let mut account = accounts::find(tx, AccountHolder::Staff(id))?;
        account.set_password(hash);
        Ok(accounts::update(tx, &account)?)
    };
    app.write(&cast.asker(OWNER)?, Action::ManageStaff, hire).await
}

async fn supervise(app: &App, cast: &Cast) -> Result<(), Problem> {
    let (member, supervisor) = (cast.staff(SUPERVISED.0)?, cast.staff(SUPERVISED.1)?);
    let change = move |tx: &mut Tx<'_>| {
        let (mut member, supervisor) = (staff::find(tx, member)?, staff::find(tx, supervisor)?);
        member.supervise(Some(&supervisor))?;
        staff::update(tx, &member)?;
        tx.record(Event::new("staff.changed", member.id));
        Ok(())
    };
    app.write(&cast.asker(OWNER)?, Action::ManageStaff, change).await
}

async fn take_on(
    app: &App,
    cast: &Cast,
    id: ClientId,
    phone: &str,
    login: &Login,
    hash: PasswordHash,
) -> Result<(), Problem> {
    let phone = Some(Confidential::new(phone));
    let email = login.address()?;
    let draft = ClientDraft { name: Confidential::new(login.name), email: Some(email.clone()), phone };
    let take_on = move |tx: &mut Tx<'_>| {
        let client = Client::new(id, draft, tx.now())?;
        clients::insert(tx, &client)?;
        tx.record(Event::new("client.added", client.id));
        let mut account = Account::new(AccountHolder::Client(id), tx.now());
        account.set_password(hash);
        Ok(accounts::insert(tx, &account, &email)?)
    };
    app.write(&cast.asker("sofia")?, Action::ManageClients, take_on).await
}
