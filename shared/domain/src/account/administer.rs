use super::types::User;
use crate::{
    Ports,
    activity::{Activity, Enclosed, Event},
    clock::Timestamp,
    ids::{Id, UserId},
    ports::{AccountChange, Owner, StoreError, Update},
    session::{Administrator, Attempts, Client},
};

/// An account as administrators see it.
#[derive(Debug, Clone)]
pub struct ManagedUser {
    /// The account.
    pub user: User,
    /// The failed sign-ins to its address.
    pub attempts: Attempts,
}

impl ManagedUser {
    /// Until when somebody is kept out: everybody, or since failed sign-ins unknown devices.
    #[must_use]
    pub fn locked_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.user.locked_until.max(self.attempts.locked_until).filter(|until| *until > now)
    }
}

/// Why an administrator saw or did nothing.
#[derive(Debug, thiserror::Error)]
pub enum AdministerError {
    /// There is no such user.
    #[error("there is no such user")]
    NotFound,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One account with its failed sign-ins.
pub async fn managed_user(ports: &Ports, _: &Administrator, id: UserId) -> Result<ManagedUser, AdministerError> {
    let user = ports.accounts.user(id).await?.ok_or(AdministerError::NotFound)?;
    let record = ports.accounts.login_record(&user.email).await?;
    // The address is the newest, and so is the account under it, unless it moved at this moment.
    let user = match record.owner {
        Owner::Account(account) if account.user.id == id => account.user,
        _ => user,
    };
    Ok(ManagedUser { user, attempts: record.attempts })
}

/// How often it is tried again when failures come in at the same moment.
const ATTEMPTS: usize = 8;

/// Ends every lock of an account and forgives its failed sign-ins.
pub async fn unlock_user(
    ports: &Ports,
    administrator: &Administrator,
    id: UserId,
    client: &Client,
) -> Result<ManagedUser, AdministerError> {
    for _ in 0..ATTEMPTS {
        let managed = managed_user(ports, administrator, id).await?;
        let activity = Activity::new(ports, Event::Unlock, client)
            .of_user(id)
            .in_session(administrator.session().id)
            .with("by", administrator.user().id.to_string());
        let enclosed = Enclosed::new(activity);
        if let Some(user) = end_lock(ports, &managed.user, &enclosed).await? {
            return Ok(ManagedUser { user, ..forgive(ports, managed, None).await? });
        }
        if managed.user.locked_until.is_none() {
            return forgive(ports, managed, Some(&enclosed)).await;
        }
    }
    Err(StoreError::Unavailable("the account changed too often meanwhile".into()).into())
}

/// The account without an administrator's lock, if it had one and did not change meanwhile.
async fn end_lock(ports: &Ports, before: &User, enclosed: &Enclosed) -> Result<Option<User>, StoreError> {
    if before.locked_until.is_none() {
        return Ok(None);
    }
    let now = ports.clock.now();
    let after = User { locked_until: None, version: before.version + 1, updated_at: now, ..before.clone() };
    let change = AccountChange { before, after: &after, password_hash: None, keep: None, uses: None, enclosed };
    let update = ports.accounts.change(&change, now, Id::new(ports.clock.as_ref(), ports.rng.as_ref())).await?;
    Ok((update == Update::Done).then_some(after))
}

async fn forgive(ports: &Ports, managed: ManagedUser, enclosed: Option<&Enclosed>) -> Result<ManagedUser, AdministerError> {
    let ManagedUser { user, mut attempts } = managed;
    for _ in 0..ATTEMPTS {
        if attempts.total() == 0 && attempts.sources.is_empty() && attempts.locked_until.is_none() {
            return Ok(ManagedUser { user, attempts });
        }
        let forgiven = attempts.forgiven();
        let moved = match enclosed {
            Some(enclosed) => ports.accounts.put_attempts(&user.email, attempts.version, &forgiven, enclosed).await?,
            None => ports.accounts.settle_attempts(&user.email, &attempts, Some(&forgiven), ports.clock.now()).await?,
        };
        match moved {
            None => return Ok(ManagedUser { user, attempts: forgiven }),
            Some(moved) => attempts = moved,
        }
    }
    Err(StoreError::Unavailable("the counters changed too often meanwhile".into()).into())
}
