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
        token::Purpose,
        violation::Violation,
    },
    ports::{Crypto, NewAccount, Ports, Refused, Store, Unique},
    usecases::{
        commit::Created,
        error::{Refusal, UseCaseError, refusals},
        throttle,
        token_secret::TokenSecret,
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
    VerificationSent,
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
    /// An account has this address (mode `open`), or an account, or a sign-up under way with
    /// another address, has this username.
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
/// Mode `verified` writes the same four items for a known and an unknown address, in one
/// transaction, without looking at the address: `deliver_mail` decides which mail goes out, and
/// following the link decides who gets the account (OWASP ASVS 6.3.8). `once` makes the answer
/// repeatable.
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
    let password_hash = hash_checked(ports, &new).await?;
    let user = pending_user(ports, new);
    let registration = async {
        match mode {
            RegistrationMode::Verified => {
                sign_up(ports, user, password_hash, idempotency, client).await
            }
            _ => {
                create_active(ports, user, password_hash, idempotency, FirstAdmin::No, client).await
            }
        }
    };
    // Beside the transaction, not before it: this instance turns the network away from the next one
    // on.
    let (registered, _uncounted) =
        futures::join!(registration, throttle::count(ports, Rule::SignUps, client));
    Created::of(registered)
}

/// Makes the first super admin, active, if there is none ([`RegisterRefusal::AdminExists`]
/// otherwise).
pub async fn create_first_admin(
    ports: &Ports<impl Store, impl Crypto>,
    new: NewUser,
) -> Result<User, RegisterError> {
    let password_hash = hash_checked(ports, &new).await?;
    let mut user = pending_user(ports, new);
    user.email_verified = true;
    match create_active(ports, user, password_hash, None, FirstAdmin::Yes, &Client::default())
        .await?
    {
        Registered::Active(user) => Ok(*user),
        Registered::VerificationSent => Err(RegisterRefusal::AdminExists.into()),
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

async fn hash_checked(
    ports: &Ports<impl Store, impl Crypto>,
    new: &NewUser,
) -> Result<String, RegisterError> {
    let names: Vec<&str> = new.profile.names().collect();
    check_policy(&new.password, &new.username, &new.email, &names)
        .map_err(RegisterRefusal::Password)?;
    Ok(ports.crypto.hash_password(new.password.reveal()).await?)
}

fn pending_user(ports: &Ports<impl Store, impl Crypto>, new: NewUser) -> User {
    User { profile: new.profile, ..blank_user(ports, new.username, new.email) }
}

/// A new account that waits, with nothing but its names.
pub(super) fn blank_user(process: &Process, username: Username, email: Email) -> User {
    let now = process.clock.now();
    User {
        id: process.id(),
        username,
        email,
        email_verified: false,
        profile: Profile::default(),
        status: AccountStatus::Pending,
        must_change_password: false,
        is_service: false,
        locked_until: None,
        epoch: 0,
        credential: 0,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

async fn sign_up(
    ports: &Ports<impl Store, impl Crypto>,
    user: User,
    password_hash: String,
    idempotency: Option<Idempotency<'_, Registered>>,
    client: &Client,
) -> Result<Registered, RegisterError> {
    let now: Timestamp = user.created_at;
    let token = TokenSecret::new(ports, Purpose::VerifyEmail, None).await?;
    let link = MailRequest::VerifyEmail {
        nonce: token.nonce,
        valid_for: ports.settings.verification_lifetime,
    };
    let mail = OutboxMail::new(ports, &user.email, Some(&user.username), link);
    let pending_events = PendingEvents::new(
        Activity::new(ports, Event::SignUp, client).with("username", user.username.as_str()),
    );
    let expires_at = after(now, ports.settings.verification_lifetime);
    let sign_up = SignUp { token: token.hash(), user, password_hash, expires_at };
    let record =
        idempotency.map(|idempotency| idempotency.record(&Registered::VerificationSent, now));
    let write = ports.id();
    ports.store.put_sign_up(&sign_up, &mail, &pending_events, record.as_ref(), now, write).await?;
    Ok(Registered::VerificationSent)
}

async fn create_active(
    ports: &Ports<impl Store, impl Crypto>,
    mut user: User,
    password_hash: String,
    idempotency: Option<Idempotency<'_, Registered>>,
    first_admin: FirstAdmin,
    client: &Client,
) -> Result<Registered, RegisterError> {
    user.status = AccountStatus::Active;
    let now = user.created_at;
    let registered = Registered::Active(Box::new(user.clone()));
    let record = idempotency.map(|idempotency| idempotency.record(&registered, now));
    let pending_events =
        PendingEvents::new(Activity::new(ports, Event::UserCreated, client).of_user(user.id));
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
