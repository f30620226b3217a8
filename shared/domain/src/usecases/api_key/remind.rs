use crate::{
    model::{
        account::AccountStatus,
        api_key::{ApiKey, DueReminder},
        mail::{MailRequest, OutboxMail},
        organization::UserWithMemberships,
        session::is_good,
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::commit::MayBeStale,
};

/// Tells the owner of a key, or who made it for a service account, that it ends soon, and takes the
/// reminder off the list. A key that is gone, or was rotated meanwhile, has nobody told. Answers
/// whether a mail goes out; again sends none.
pub async fn remind(
    ports: &Ports<impl Store, impl Crypto>,
    due: DueReminder,
) -> Result<bool, StoreError> {
    let key = ports.store.api_key(due.owner, due.key).await?;
    let mail = match key.filter(|key| key.reminder() == Some(due)) {
        Some(key) => mail(ports, &key).await?,
        None => None,
    };
    match ports.store.end_reminder(due, mail.as_ref(), ports.id()).await {
        Ok(()) => Ok(mail.is_some()),
        // Another run did it.
        Err(error) if error.is_stale() => Ok(false),
        Err(error) => Err(error),
    }
}

/// The mail to whoever can do something about it: the owner, or for a program the member who made
/// the key or gave it its secret.
async fn mail(
    ports: &Ports<impl Store, impl Crypto>,
    key: &ApiKey,
) -> Result<Option<OutboxMail>, StoreError> {
    let owner = ports.store.user_with_memberships(key.owner).await?;
    let now = ports.clock.now();
    let is_open = |owner: &UserWithMemberships| {
        owner.user.status == AccountStatus::Active && is_good(key, owner, now)
    };
    let Some(owner) = owner.filter(is_open) else { return Ok(None) };
    let reader = if owner.user.is_service_account() {
        let reader = ports.store.user_with_memberships(key.issued_by).await?;
        let is_member = |reader: &UserWithMemberships| {
            let membership = reader.memberships.of(key.organization.as_str());
            let is_here = membership.is_some_and(|one| one.log_key() == key.log_key());
            is_here || reader.memberships.is_super_admin()
        };
        reader.filter(is_member)
    } else {
        Some(owner)
    };
    let is_reached = |one: &UserWithMemberships| {
        one.user.status == AccountStatus::Active && one.user.mail_address().is_some()
    };
    let message = MailRequest::ApiKeyEnds { name: key.name.clone(), at: key.ends_at };
    let mail = |UserWithMemberships { user, .. }| OutboxMail::to_user(ports, &user, message);
    Ok(reader.filter(is_reached).map(mail))
}
