use std::convert::Infallible;

use super::verification::Verifier;
use crate::{
    model::{
        account::{
            AccountStatus, Email, FirstAdmin, NewPassword, Profile, SignUp, User, Username,
            check_policy,
        },
        activity::{Activity, PendingEvents},
        client::Client,
        clock::{Timestamp, after},
        code::Code,
        event::Event,
        idempotency::Idempotency,
        mail::{MailRequest, OutboxMail},
        organization::{Assignment, GrantedRole, Member, Membership, MembershipStatus, PLATFORM},
        process::Process,
        role::{Role, SUPER_ADMIN},
        settings::RegistrationMode,
        throttle::Rule,
        violation::Violation,
    },
    ports::{Crypto, NewAccount, Ports, Refused, Store, Unique},
    usecases::{
        commit::Created,
        error::{Refusal, UseCaseError, refusals},
        idempotency, throttle,
    },
};

/// What somebody who signs up gives.
#[derive(Debug, Clone)]
pub struct NewUser {
    pub username: Username,
    pub email: Email,
    /// The password, not yet held against the policy.
    pub password: NewPassword,
    pub profile: Profile,
}

/// How a registration went well.
#[derive(Debug, Clone)]
pub enum Registered {
    /// Mode `verified`: a mail is on its way, whether or not the address has an account.
    VerificationSent {
        /// What tells this browser's sign-up from others of the address.
        verifier: String,
    },
    /// Mode `open`: the account, active.
    Active(Box<User>),
}

/// Why a registration did not happen.
pub type RegisterError = UseCaseError<RegisterRefusal>;

/// The reasons of [`RegisterError`].
#[derive(Debug, thiserror::Error)]
pub enum RegisterRefusal {
    /// Mode `invite`.
    #[error("registration is closed")]
    Closed,
    /// An account has this address (mode `open`) or this username.
    #[error("the {0} is taken")]
    Taken(Unique),
    /// The username is kept for those who run the service.
    #[error("the username is reserved")]
    Username(Violation),
    /// The password breaks the policy.
    #[error("the password is refused")]
    Password(Violation),
    /// The `Idempotency-Key` came with another body before.
    #[error("the idempotency key was used for another request")]
    KeyReused,
    /// There is a super admin already.
    #[error("there is a super admin already")]
    AdminExists,
}

impl Refusal for RegisterRefusal {
    fn of(refused: Refused) -> Result<Self, Refused> {
        match refused {
            Refused::Taken(what) => Ok(Self::Taken(what)),
            Refused::KeyReused => Ok(Self::KeyReused),
            Refused::AdminExists => Ok(Self::AdminExists),
            other => Err(other),
        }
    }
}

refusals!(RegisterRefusal);

/// Signs somebody up.
///
/// Mode `verified` writes the same items for a known and an unknown address, in one transaction,
/// without looking at the address: `deliver_mail` decides which mail goes out (OWASP ASVS 6.3.8).
/// Following the link proves the address, and the password or the verifier tells whose sign-up it
/// is. `idempotency` makes the answer repeatable.
pub async fn register(
    ports: &Ports<impl Store, impl Crypto>,
    new: NewUser,
    idempotency: Option<Idempotency<'_, Registered>>,
    client: &Client,
) -> Result<Created<Registered>, RegisterError> {
    let mode = ports.settings.registration;
    if mode == RegistrationMode::Invite {
        return Err(RegisterRefusal::Closed.into());
    }
    throttle::check(ports, Rule::SignUps, client)?;
    let reserved = &ports.settings.reserved_usernames;
    reserved.check(&new.username).map_err(RegisterRefusal::Username)?;
    let (user, password_hash) = pending_user(ports, new).await?;
    let remembered = idempotency.as_ref();
    let registration = async {
        match mode {
            RegistrationMode::Verified => {
                sign_up(ports, user, password_hash, remembered, client).await
            }
            _ => {
                create_active(ports, user, password_hash, remembered, FirstAdmin::No, client).await
            }
        }
    };
    // Beside the transaction, not before it: this instance turns the network away from the next one
    // on.
    let (registered, _uncounted) =
        futures::join!(registration, throttle::count(ports, Rule::SignUps, client));
    Created::of(ports, remembered, registered).await
}

/// Why no mail was asked for: too often, or the store is away.
pub type ResendError = UseCaseError<Infallible>;

/// Makes the first super admin, active, if there is none ([`RegisterRefusal::AdminExists`]
/// otherwise).
pub async fn create_first_admin(
    ports: &Ports<impl Store, impl Crypto>,
    new: NewUser,
) -> Result<User, RegisterError> {
    let (mut user, password_hash) = pending_user(ports, new).await?;
    user.email_verified = true;
    match create_active(ports, user, password_hash, None, FirstAdmin::Yes, &Client::default())
        .await?
    {
        Registered::Active(user) => Ok(*user),
        Registered::VerificationSent { .. } => Err(RegisterRefusal::AdminExists.into()),
    }
}

/// The account of the first super admin, with its membership.
fn first_admin_account(user: User, password_hash: String, role: Option<&Role>) -> NewAccount {
    let mut membership = Membership::new(Code::known(PLATFORM), MembershipStatus::Active);
    membership.roles.push(Assignment {
        role: Code::known(SUPER_ADMIN),
        starts_at: None,
        expires_at: None,
    });
    let member =
        Member::new(membership.organization.clone(), user.id, membership.status, user.created_at);
    let granted_roles = role.map(GrantedRole::of).into_iter().collect();
    let membership = Some((membership, member));
    NewAccount {
        first_admin: FirstAdmin::Yes,
        membership,
        granted_roles,
        ..NewAccount::new(user, Some(password_hash))
    }
}

/// The account that somebody is to have, and the hash of the password that they chose.
async fn pending_user(
    ports: &Ports<impl Store, impl Crypto>,
    new: NewUser,
) -> Result<(User, String), RegisterError> {
    let names: Vec<&str> = new.profile.names().collect();
    let product = &ports.settings.product_name;
    check_policy(&new.password, &new.username, &new.email, &names, product)
        .map_err(RegisterRefusal::Password)?;
    let user = User { profile: new.profile, ..blank_user(ports, new.username, new.email) };
    let hash = ports.crypto.hash_password(user.id, new.password.reveal()).await?;
    Ok((user, hash))
}

/// A new account that waits, with nothing but its names.
pub(crate) fn blank_user(process: &Process, username: Username, email: Email) -> User {
    User::new(process.id(), username, email, process.clock.now())
}

async fn sign_up(
    ports: &Ports<impl Store, impl Crypto>,
    user: User,
    password_hash: String,
    idempotency: Option<&Idempotency<'_, Registered>>,
    client: &Client,
) -> Result<Registered, RegisterError> {
    let now: Timestamp = user.created_at;
    let expires_at = after(now, SignUp::WAITS.max(ports.settings.verification_lifetime));
    let registered =
        Registered::VerificationSent { verifier: Verifier::issue(ports, &user, expires_at).await? };
    let mail = verification_mail(ports, &user, false).asked_by(client);
    let pending_events = PendingEvents::new(
        Activity::new(ports, Event::SignUp, client).with("username", user.username.as_str()),
    );
    let sign_up = SignUp { user, password_hash, network: client.network(), expires_at };
    let record = idempotency::record(ports, idempotency, &registered, now).await?;
    let write = ports.id();
    ports.store.put_sign_up(&sign_up, &mail, &pending_events, record.as_ref(), now, write).await?;
    Ok(registered)
}

/// The mail with the link that proves the address of an account that is to be, or is not proven.
fn verification_mail(process: &Process, user: &User, again: bool) -> OutboxMail {
    let valid_for = process.settings.verification_lifetime;
    let link = MailRequest::VerifyEmail { again, valid_for };
    OutboxMail::to_user(process, user, link)
}

/// Asks for the verification mail once more. The same write for every address; `deliver_mail` finds
/// out whether there is anything to prove.
pub async fn resend_verification(
    ports: &Ports<impl Store, impl Crypto>,
    email: &Email,
    client: &Client,
) -> Result<(), ResendError> {
    throttle::check(ports, Rule::Resets, client)?;
    let valid_for = ports.settings.verification_lifetime;
    let link = MailRequest::VerifyEmail { again: true, valid_for };
    let mail = OutboxMail::new(ports, email, None, link).asked_by(client);
    let asked = Activity::new(ports, Event::VerificationRequested, client);
    let pending_events = PendingEvents::new(asked);
    let (written, over) = futures::join!(
        ports.store.put_mail(&mail, &pending_events),
        throttle::count(ports, Rule::Resets, client)
    );
    written?;
    match over? {
        Some(too_many) => Err(too_many.into()),
        None => Ok(()),
    }
}

async fn create_active(
    ports: &Ports<impl Store, impl Crypto>,
    mut user: User,
    password_hash: String,
    idempotency: Option<&Idempotency<'_, Registered>>,
    first_admin: FirstAdmin,
    client: &Client,
) -> Result<Registered, RegisterError> {
    user.status = AccountStatus::Active;
    let now = user.created_at;
    let registered = Registered::Active(Box::new(user.clone()));
    let record = idempotency::record(ports, idempotency, &registered, now).await?;
    let mut pending_events =
        PendingEvents::new(Activity::new(ports, Event::UserCreated, client).of_self(&user));
    if !user.email_verified {
        pending_events =
            pending_events.mail(verification_mail(ports, &user, true).asked_by(client));
    }
    let account = match first_admin {
        FirstAdmin::No => NewAccount::new(user, Some(password_hash)),
        FirstAdmin::Yes => first_admin_account(
            user,
            password_hash,
            ports.store.catalogue(0).await?.role(SUPER_ADMIN),
        ),
    };
    let write = ports.id();
    ports.store.create_account(&account, &pending_events, record.as_ref(), now, write).await?;
    Ok(registered)
}
