//! What the command line does beside serving: the first owner, rotation of keys, a check of the audit trail.

use domain::{
    access::{Action, Role},
    account::{AccountHolder, PasswordHash},
    confidential::Confidential,
    email::EmailAddress,
    ids::{PracticeId, StaffId},
    practice::{Practice, PracticeDraft},
    staff::{StaffDraft, StaffMember},
};
use store::{
    Tx, accounts,
    audit::{self, Event, Verdict},
    keys, practices, staff,
};

use crate::{app::App, config::Secret, passwords::check_policy, problem::Problem};

/// A practice, and the one who runs it.
#[derive(Debug, Clone)]
pub struct NewOwner {
    /// The practice.
    pub practice: PracticeDraft,
    /// What the owner is called.
    pub name: Confidential,
    /// How they sign in.
    pub email: EmailAddress,
    /// Their first password.
    pub password: Secret,
}

/// Sets up a practice with its first owner.
///
/// # Errors
/// If the handle is taken, or something of it is against a rule.
pub async fn create_owner(app: &App, owner: NewOwner) -> Result<(PracticeId, StaffId), Problem> {
    let NewOwner { practice, name, email, password } = owner;
    check_policy(password.expose(), &[&practice.name, practice.handle.as_str(), email.expose()], "/password")?;
    let hash = PasswordHash::new(app.passwords.hash(password).await?);
    let id = PracticeId(app.ids.next());
    let draft = StaffDraft { role: Role::Owner, name, email };
    let make = move |tx: &mut Tx<'_>| {
        practices::insert(tx, &Practice::new(id, practice, tx.now())?)?;
        let member = StaffMember::new(tx.new_id(), draft, tx.now())?;
        staff::insert(tx, &member)?;
        let mut account = accounts::find(tx, AccountHolder::Staff(member.id))?;
        account.set_password(hash);
        accounts::update(tx, &account)?;
        tx.record(Event::new("practice.made", id));
        tx.record(Event::new("staff.added", member.id));
        Ok((id, member.id))
    };
    app.write(&app.system(id), Action::ManageStaff, make).await
}

/// Wraps every practice's data keys with the newest master key, and gives each a newer data key if wanted. Answers how many
/// practices there are.
///
/// # Errors
/// If the database fails, or a master key is missing.
pub async fn rotate_keys(app: &App, with_data_keys: bool) -> Result<usize, Problem> {
    let practices = app.store.practices().await?;
    for (practice, _) in &practices {
        let rotate = move |tx: &mut Tx<'_>| {
            keys::rewrap(tx)?;
            if with_data_keys {
                keys::add(tx)?;
            }
            tx.record(Event::new("practice.keys_rotated", tx.caller().practice));
            Ok(())
        };
        app.write(&app.system(*practice), Action::ChangePractice, rotate).await?;
    }
    Ok(practices.len())
}

/// What the check of one practice's trail found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The practice's handle.
    pub practice: String,
    /// What was found.
    pub verdict: Verdict,
}

/// Checks the audit trail of every practice.
///
/// # Errors
/// If the database fails; a broken trail is an answer, not an error.
pub async fn verify_audit(app: &App) -> Result<Vec<Checked>, Problem> {
    let mut checked = Vec::new();
    for (practice, handle) in app.store.practices().await? {
        let verify = app.read(&app.system(practice), Action::ReadAudit, |view| Ok(audit::verify(view)?)).await;
        checked.push(Checked { practice: handle.into(), verdict: verify? });
    }
    Ok(checked)
}
