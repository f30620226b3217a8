use crate::{
    model::{
        account::{AccountStatus, Erasure, PlainPassword, User},
        activity::{Activity, PendingEvents},
        client::Client,
        clock::after,
        event::Event,
        mail::{MailRequest, OutboxMail},
        organization::UserWithMemberships,
        session::{Caller, CallerRecord, CatalogueState},
    },
    ports::{AccountChange, Crypto, Ports, Refused, Store},
    usecases::{
        commit::commit,
        error::{Refusal, UseCaseError, refusals},
        organization::{LastAdministrator, keeps_administrators},
        password::{WrongPassword, present_password},
        permission,
    },
};

/// Why an account was not deleted by its owner.
pub type LeaveError = UseCaseError<LeaveRefusal>;

/// The reasons of [`LeaveError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LeaveRefusal {
    /// The present password did not prove who calls.
    #[error(transparent)]
    WrongPassword(#[from] WrongPassword),
    /// No super admin would be active any more.
    #[error("that is the last super admin")]
    LastSuperAdmin,
    /// An organization with other members would have nobody who administers it.
    #[error(transparent)]
    LastAdministrator(#[from] LastAdministrator),
}

impl Refusal for LeaveRefusal {
    fn of(refused: Refused) -> Result<Self, Refused> {
        match refused {
            Refused::LastSuperAdmin => Ok(Self::LastSuperAdmin),
            other => Err(other),
        }
    }
}

refusals!(LeaveRefusal);

/// Deletes the caller's own account softly, ends its sessions and tells the owner.
pub async fn delete_me(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    current: &PlainPassword,
    client: &Client,
) -> Result<(), LeaveError> {
    let proven = present_password(ports, caller, current, client, Event::UserDeleteFail);
    let credential = proven.await.map_err(|error| error.map(LeaveRefusal::from))?.user.credential;
    let (id, place) = (caller.user().id, caller.session().organization.as_ref());
    let load = || async move {
        // As the gate reads: the own roles of the organization may have changed, too.
        let CallerRecord { person, catalogue_state, .. } =
            ports.store.caller(id, None, place).await?;
        // If the password changed meanwhile, the present one is no more.
        let person = person.filter(|person| person.user.credential == credential);
        let person = person.ok_or(LeaveRefusal::WrongPassword(WrongPassword))?;
        Ok::<_, LeaveError>((person, catalogue_state))
    };
    commit(load, |(person, catalogue_state): (UserWithMemberships, CatalogueState)| async move {
        let (before, now) = (&person.user, ports.clock.now());
        let erase_at = after(now, ports.settings.erase_after);
        let after = before.with_status(AccountStatus::Deleted, now);
        let after = User { erasure: Some(Erasure::Due(erase_at)), ..after };
        let catalogue = permission::current_in(ports, &catalogue_state).await?;
        let is_to_be = UserWithMemberships { user: after.clone(), ..person.clone() };
        let relied_on = keeps_administrators(ports, &catalogue, None, &person, &is_to_be).await;
        let activity = Activity::new(ports, Event::UserDeleted, client).of_user(before).by(caller);
        let allowed_on = relied_on.map_err(|error| error.map(LeaveRefusal::from))?;
        let activity = Activity { allowed_on, ..activity };
        let notice = MailRequest::AccountDeleted { at: now };
        let notice = OutboxMail::to_user(ports, before, notice);
        let pending_events = PendingEvents::new(activity.with("by", "owner")).mail(notice);
        let person = Some(&person);
        let change =
            AccountChange { person, ..AccountChange::new(before, &after, &pending_events) };
        Ok(ports.store.change_account(&change, now, ports.id()).await?)
    })
    .await
}
