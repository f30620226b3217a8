use std::{convert::Infallible, sync::Arc};

use super::register::blank_user;
use crate::{
    model::{
        account::{AccountStatus, Email, Profile, User, Username},
        activity::{Activity, PendingEvents},
        client::Client,
        clock::{SignedDuration, Timestamp},
        code::Code,
        event::Event,
        ids::UserId,
        organization::{
            Assignment, GrantedRole, LogKey, MOST_ROLES, Member, Membership, MembershipStatus,
        },
        permission::Catalogue,
        role::SUPER_ADMIN,
        signing::KeyList,
        violation::Violation,
        words::Line,
    },
    ports::{Crypto, NewAccount, Occupant, Ports, Refused, Store, StoreError, StoredHash, Unique},
    usecases::{
        commit::{commit, commit_on},
        error::{Refusal, UseCaseError},
        permission::catalogue_of,
    },
};

/// Somebody who comes from another system.
#[derive(Debug, Clone)]
pub struct ImportedUser {
    pub username: Username,
    /// The address; the other system proved it.
    pub email: Email,
    /// The hash that the other system made, in one of its usual spellings. Without one, or with one
    /// that begins with `!` or `*` (the mark of unusable ones), only a reset lets the owner in.
    pub password_hash: Option<String>,
    pub profile: Profile,
    /// Whether the password has to be changed before anything else.
    pub must_change_password: bool,
    /// Where the account stands; active where nothing is said.
    pub status: AccountStatus,
    /// Whether the other system proved the address.
    pub email_verified: bool,
    /// What the other system calls the account.
    pub external_id: Option<Line<200>>,
    /// Where its owner is to belong, with these roles.
    pub organization: Option<Code>,
    pub roles: Vec<Code>,
    /// When the other system made it; now where nothing is said.
    pub created_at: Option<Timestamp>,
}

/// The outcome of an imported user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Imported {
    /// There is an account now.
    Created(UserId),
    /// There would be one; nothing was written.
    WouldCreate,
    /// The account of this address and external id is there: an earlier run made it.
    AlreadyImported(UserId),
    /// An account has the address.
    EmailTaken,
    /// Another account has the username.
    UsernameTaken,
    /// No mail could be sent to the address.
    EmailNotDeliverable,
    /// The hash is of no form that is known, or asks for more work than a function has.
    UnknownHash,
    /// The hash takes longer to check than a refused sign-in may.
    SlowHash,
    /// A field that only the stack as it is shows to be wrong.
    Invalid(&'static str, Violation),
}

/// The longest that checking an imported hash may take: every refused sign-in of the stack takes as
/// long from then on. Django's own default is within it, on one whole vCPU.
const SLOWEST_HASH: SignedDuration = SignedDuration::from_secs(2);

/// The longest hash that is taken, in bytes: known forms have a quarter of it.
const LONGEST_HASH: usize = 512;

/// Why nobody could be imported: [`Imported`] has every reason of its own.
pub type ImportError = UseCaseError<Infallible>;

impl Refusal for Infallible {}

/// Makes an account with the hash of another system, which the first login renews. Again changes
/// nothing; nor does a dry run.
///
/// `catalogue` is the one of the run; it is read again where a role changed meanwhile.
pub async fn import_user(
    ports: &Ports<impl Store, impl Crypto>,
    catalogue: &Arc<Catalogue>,
    brought: ImportedUser,
    is_dry_run: bool,
) -> Result<Imported, ImportError> {
    let now = ports.clock.now();
    if brought.created_at.is_some_and(|at| at > now) {
        let message = "An account was made in the past.";
        return Ok(Imported::Invalid("created_at", Violation::new("out_of_range", message)));
    }
    if brought.organization.is_none() && !brought.roles.is_empty() {
        let message = "Roles need an organization.";
        return Ok(Imported::Invalid("organization", Violation::new("required", message)));
    }
    if !brought.email.is_deliverable() || brought.email.is_nobodys() {
        return Ok(Imported::EmailNotDeliverable);
    }
    let usable = brought.password_hash.filter(|hash| !hash.starts_with(['!', '*']));
    let time = match &usable {
        None => None,
        Some(hash) if hash.len() > LONGEST_HASH => return Ok(Imported::UnknownHash),
        Some(hash) => match ports.crypto.time_of_hash(hash).await? {
            None => return Ok(Imported::UnknownHash),
            Some(time) if time > SLOWEST_HASH => return Ok(Imported::SlowHash),
            time => time,
        },
    };
    let (organization, roles) = (brought.organization.as_ref(), brought.roles.as_slice());
    let user = User {
        email_verified: brought.email_verified,
        profile: brought.profile,
        status: brought.status,
        must_change_password: brought.must_change_password,
        external_id: brought.external_id,
        created_at: brought.created_at.unwrap_or(now),
        ..blank_user(ports, brought.username, brought.email)
    };
    let id = user.id;
    if is_dry_run {
        return Ok(would_import(ports, catalogue, &user, organization, roles).await?);
    }
    if let Some(time) = time {
        // Before anybody can sign in with it.
        note_hash(ports, time).await?;
    }
    let password_hash = match &usable {
        Some(hash) => Some(ports.crypto.import_hash(StoredHash { owner: id, hash }).await?),
        None => None,
    };
    let pending_events = PendingEvents::new(
        Activity::new(ports, Event::UserImported, &Client::default()).of_user(&user),
    );
    let account = &NewAccount::new(user, password_hash);
    let pending_events = &pending_events;
    let load = || async move { Ok(Arc::new(ports.store.catalogue(0).await?)) };
    let made = commit_on(Arc::clone(catalogue), load, |catalogue| async move {
        let mut account = account.clone();
        if let Some(organization) = organization {
            // First of all, so that no other one of its code gets the roles of this one.
            let log = ports.store.log_key(organization.as_str()).await?;
            let catalogue = within(ports, &catalogue, organization, roles).await?;
            let granted_roles = match granted(&catalogue, roles) {
                Ok(granted_roles) => granted_roles,
                Err(violation) => return Ok(Imported::Invalid("roles", violation)),
            };
            let membership = membership(organization, &log, &granted_roles);
            let member = Member::new(organization.clone(), id, membership.status, now);
            account =
                NewAccount { membership: Some((membership, member)), granted_roles, ..account };
        }
        ports.store.create_account(&account, pending_events, None, now, ports.id()).await?;
        Ok::<_, StoreError>(Imported::Created(id))
    });
    match made.await {
        Err(StoreError::Refused(Refused::Taken(Unique::Email))) => {
            let there = there_already(ports, &account.user).await?;
            Ok(there.unwrap_or(Imported::EmailTaken))
        }
        Err(StoreError::Refused(Refused::Taken(Unique::Username))) => Ok(Imported::UsernameTaken),
        Err(StoreError::Refused(Refused::NoOrganization)) => Ok(unknown_organization()),
        made => Ok(made?),
    }
}

fn unknown_organization() -> Imported {
    let violation = Violation::new("unknown_organization", "It does not exist.");
    Imported::Invalid("organization", violation)
}

/// What is said of somebody whose address an account has; none where no account has it.
async fn there_already(
    ports: &Ports<impl Store, impl Crypto>,
    user: &User,
) -> Result<Option<Imported>, StoreError> {
    Ok(ports.store.owner(&user.email).await?.map(|owner| is_there(&owner, user)))
}

fn is_there(owner: &User, user: &User) -> Imported {
    let is_same = owner.external_id.is_some() && owner.external_id == user.external_id;
    if is_same { Imported::AlreadyImported(owner.id) } else { Imported::EmailTaken }
}

/// The outcome without the writes.
async fn would_import(
    ports: &Ports<impl Store, impl Crypto>,
    catalogue: &Arc<Catalogue>,
    user: &User,
    organization: Option<&Code>,
    roles: &[Code],
) -> Result<Imported, StoreError> {
    if let Some(organization) = organization
        && let Err(violation) =
            granted(&*within(ports, catalogue, organization, roles).await?, roles)
    {
        return Ok(Imported::Invalid("roles", violation));
    }
    match ports.store.occupant(&user.email, user.updated_at).await? {
        Occupant::Nobody => {}
        Occupant::Owner(owner) => return Ok(is_there(&owner, user)),
        Occupant::Former(_) => return Ok(Imported::EmailTaken),
    }
    if ports.store.owner_of_username(&user.username).await?.is_some() {
        return Ok(Imported::UsernameTaken);
    }
    let Some(organization) = organization else { return Ok(Imported::WouldCreate) };
    let is_there = ports.store.organization(organization.as_str()).await?.is_some();
    Ok(if is_there { Imported::WouldCreate } else { unknown_organization() })
}

/// The catalogue, with the own roles of the organization where one of these is among them.
async fn within(
    ports: &Ports<impl Store, impl Crypto>,
    catalogue: &Arc<Catalogue>,
    organization: &Code,
    roles: &[Code],
) -> Result<Arc<Catalogue>, StoreError> {
    if roles.iter().all(|role| role.organization().is_none()) {
        return Ok(Arc::clone(catalogue));
    }
    catalogue_of(ports, catalogue, organization.as_str()).await
}

/// The roles of these codes. `super_admin` is given to somebody who is there.
fn granted(catalogue: &Catalogue, roles: &[Code]) -> Result<Vec<GrantedRole>, Violation> {
    let mut granted: Vec<GrantedRole> = Vec::new();
    for code in roles {
        let role = catalogue.role(code.as_str()).filter(|role| role.code.as_str() != SUPER_ADMIN);
        let Some(role) = role else {
            return Err(Violation::new(
                "unknown_role",
                format!("There is no role {code} to give."),
            ));
        };
        if granted.iter().all(|one| one.role != role.code) {
            granted.push(GrantedRole::of(role));
        }
    }
    if granted.len() > MOST_ROLES {
        let message = format!("A member has at most {MOST_ROLES} roles.");
        return Err(Violation::new("too_many", message));
    }
    Ok(granted)
}

fn membership(organization: &Code, log: &LogKey, granted_roles: &[GrantedRole]) -> Membership {
    let assignment = |one: &GrantedRole| Assignment {
        role: one.role.clone(),
        starts_at: None,
        expires_at: None,
    };
    let roles = granted_roles.iter().map(assignment).collect();
    let membership = Membership::new(organization.clone(), MembershipStatus::Active);
    Membership { id: log.id(), roles, ..membership }
}

/// Keeps how long the slowest hash takes, beside the keys, which every sign-in reads.
async fn note_hash(
    ports: &Ports<impl Store, impl Crypto>,
    time: SignedDuration,
) -> Result<(), StoreError> {
    let load = || ports.store.public_keys();
    commit(load, |list: KeyList| async move {
        // A step of 10 ms, so that hashes of one form move the list once.
        if time <= list.slowest_hash {
            return Ok(());
        }
        let slowest_hash = time + SignedDuration::from_millis(10);
        let next = KeyList { slowest_hash, ..list.without(&[]) };
        ports.store.replace_keys(list.version, &next, &PendingEvents::none()).await
    })
    .await
}
