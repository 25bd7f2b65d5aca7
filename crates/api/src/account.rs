//! Choosing a password: by accepting an invitation, or by knowing the one before.

use domain::{
    access::Action,
    account::{Account, AccountHolder, PasswordHash},
    email::EmailAddress,
    ids::InvitationId,
    invitation::Invitation,
};
use store::{
    StoreError, Tx, View, accounts, audit::Event, clients, invitations, practices, sign_ins, staff, throttles,
    tokens::OpaqueToken,
};

use crate::{
    app::App,
    config::Secret,
    extract::{Asker, RequestId},
    passwords::check_policy,
    problem::{Code, FieldError, Problem},
    sign_in::{still_as, throttle},
};

/// Gives the one who was invited the password that they chose, and signs them out everywhere.
pub(crate) async fn accept(
    app: &App,
    token: OpaqueToken,
    password: Secret,
    request: &RequestId,
) -> Result<(), Problem> {
    let system = app.system(token.practice).in_request(request);
    let token = std::sync::Arc::new(token);
    let (shown, chosen) = (token.clone(), password.clone());
    let check = app.read(&system, Action::ManageOwnAccount, move |view| {
        let invitation = open_invitation(view, &shown)?;
        check_password(view, invitation.holder, &chosen, "/password")
    });
    check.await?;
    let hash = PasswordHash::new(app.passwords.hash(password).await?);
    app.write(&system, Action::ManageOwnAccount, move |tx| {
        let Invitation { id, holder, .. } = open_invitation(tx, &token)?;
        let mut account = accounts::find(tx, holder)?;
        account.set_password(hash);
        accounts::update(tx, &account)?;
        invitations::delete(tx, holder)?;
        sign_ins::end_all(tx, holder, None)?;
        tx.record(Event::new("invitation.accepted", id));
        Ok(())
    })
    .await
}

/// The invitation, if it can be accepted. Whatever is wrong with it, the answer is the same.
fn open_invitation(view: &mut View<'_>, token: &OpaqueToken) -> Result<Invitation, Problem> {
    match invitations::find(view, token) {
        Ok(invitation) if invitation.is_open(view.now()) => Ok(invitation),
        Ok(_) | Err(StoreError::NotFound) => Err(Problem::invalid_invitation()),
        Err(error) => Err(error.into()),
    }
}

/// Makes an invitation, in place of an older one.
pub(crate) fn invite(tx: &mut Tx<'_>, holder: AccountHolder) -> Result<(Invitation, OpaqueToken), Problem> {
    let id: InvitationId = tx.new_id();
    let invitation = Invitation::new(id, holder, tx.now());
    let token = invitations::replace(tx, &invitation)?;
    tx.record(Event::new("invitation.made", id));
    Ok((invitation, token))
}

/// What changes a password: the one before, and the new one.
#[derive(Clone)]
pub(crate) struct Change {
    pub(crate) current: Secret,
    pub(crate) new: Secret,
}

/// Changes a password for the one who knows the one before. Who guesses at it waits like one who guesses at sign-in.
pub(crate) async fn change_password(app: &App, who: &Asker, change: Change) -> Result<(), Problem> {
    let wanted = change.new.clone();
    let seen = app.write(who, Action::ManageOwnAccount, move |tx| {
        let holder = AccountHolder::of(&tx.caller()).ok_or_else(Problem::not_found)?;
        check_password(tx, holder, &wanted, "/new_password")?;
        throttle(tx, &tried(holder))?;
        Ok(accounts::find(tx, holder)?)
    });
    let seen = seen.await?;
    let kept = seen.password.as_ref().map(|hash| hash.expose().to_owned());
    if !app.passwords.verify(change.current, kept).await?.is_right() {
        return Err(refuse(app, who, seen.holder).await?);
    }
    let hash = PasswordHash::new(app.passwords.hash(change.new).await?);
    app.write(who, Action::ManageOwnAccount, move |tx| replace(tx, seen, hash)).await
}

fn replace(tx: &mut Tx<'_>, mut account: Account, hash: PasswordHash) -> Result<(), Problem> {
    still_as(tx, &account)?;
    account.set_password(hash);
    accounts::update(tx, &account)?;
    let here = tx.caller().sign_in;
    sign_ins::end_all(tx, account.holder, here)?;
    invitations::delete(tx, account.holder)?;
    throttles::clear(tx, &tried(account.holder))?;
    tx.record(Event::new("account.password_changed", account.holder.id()));
    Ok(())
}

async fn refuse(app: &App, who: &Asker, holder: AccountHolder) -> Result<Problem, Problem> {
    app.write(who, Action::ManageOwnAccount, move |tx| {
        throttles::failed(tx, &tried(holder))?;
        tx.record(Event::new("account.password_refused", holder.id()));
        Ok(())
    })
    .await?;
    let wrong = FieldError::body("/current_password", "wrong", "is not the password");
    Ok(Problem::new(Code::InvalidFields, "see errors for each field").with_errors(vec![wrong]))
}

fn tried(holder: AccountHolder) -> String {
    format!("password of {}", holder.id())
}

/// Whether this person may have this password.
fn check_password(view: &mut View<'_>, holder: AccountHolder, password: &Secret, pointer: &str) -> Result<(), Problem> {
    let practice = practices::find(view)?;
    let email = address_of(view, holder)?;
    let email = email.as_ref().map_or("", EmailAddress::expose);
    check_policy(password.expose(), &[&practice.name, practice.handle.as_str(), email], pointer)
}

fn address_of(view: &mut View<'_>, holder: AccountHolder) -> Result<Option<EmailAddress>, StoreError> {
    Ok(match holder {
        AccountHolder::Staff(id) => Some(staff::find(view, id)?.email),
        AccountHolder::Client(id) => clients::find(view, id)?.email,
    })
}
