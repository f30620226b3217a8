use super::{
    access::AccessClaims,
    refresh_token::RefreshToken,
    types::{Client, Session},
};
use crate::{
    Ports,
    account::{AccountStatus, Email, PasswordAttempt, User},
    clock::{Timestamp, after},
    ids::SessionId,
    ports::{KeyError, LoginRecord, PasswordError, StoreError},
};

/// A pair of tokens and whose it is.
#[derive(Clone)]
pub struct Granted {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
    /// Seconds that the access token has left.
    pub expires_in: i64,
    /// Seconds that the refresh token has left.
    pub refresh_expires_in: i64,
    /// The session.
    pub session_id: SessionId,
    /// The account.
    pub user: User,
}

impl Granted {
    /// The pair of the live generation of `session`.
    pub(super) async fn of(ports: &Ports, session: &Session, user: User, now: Timestamp) -> Result<Self, KeyError> {
        let claims = AccessClaims::of(ports, session).await?;
        let refresh = RefreshToken { user_id: user.id, session_id: session.id, generation: session.generation };
        let refresh_ends = session.refresh_expires_at.min(session.ends_at);
        Ok(Self {
            access: ports.tokens.sign(&claims).await?,
            refresh: refresh.issue(ports).await?,
            expires_in: (claims.exp - now.as_second()).max(0),
            refresh_expires_in: refresh_ends.duration_since(now).as_secs().max(0),
            session_id: session.id,
            user,
        })
    }
}

/// Why nobody was signed in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Wrong password, unknown address or locked account: the caller cannot tell which.
    #[error("the credentials are not valid")]
    InvalidCredentials,
    /// The password is right, the account is not active.
    #[error("the account is {0}")]
    NotActive(AccountStatus),
    /// The credentials are right; the account is no member of the wished organization.
    #[error("not a member of that organization")]
    NotAMember,
    /// The password could not be checked.
    #[error(transparent)]
    Hashing(#[from] PasswordError),
    /// A key is out of reach: no token, rather than an unsigned one.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Signs somebody in: one read, exactly one Argon2 whatever is found, one write.
///
/// The write needs no condition on the account: the session carries the account's epoch as it was read, and the gate
/// refuses a session of another epoch.
pub async fn login(
    ports: &Ports,
    email: &Email,
    password: &PasswordAttempt,
    organization: Option<&str>,
    client: Client,
) -> Result<Granted, LoginError> {
    let (user, hash) = match ports.accounts.login_record(email).await? {
        LoginRecord::Account(account) => (Some(account.user), Some(account.password_hash)),
        LoginRecord::Pending(sign_up) if sign_up.expires_at > ports.clock.now() => {
            (Some(sign_up.user), Some(sign_up.password_hash))
        }
        LoginRecord::Pending(_) | LoginRecord::Nobody => (None, None),
    };
    let matches = ports.passwords.verify(password.reveal(), hash.as_deref()).await?;
    let now = ports.clock.now();
    let user = user.filter(|user| matches && !user.is_locked(now)).ok_or(LoginError::InvalidCredentials)?;
    if user.status == AccountStatus::Deleted {
        return Err(LoginError::InvalidCredentials);
    }
    if user.status != AccountStatus::Active {
        return Err(LoginError::NotActive(user.status));
    }
    if organization.is_some() {
        return Err(LoginError::NotAMember);
    }
    let session = new_session(ports, &user, client, now);
    let granted = Granted::of(ports, &session, user, now).await?;
    ports.sessions.start(&session).await?;
    Ok(granted)
}

fn new_session(ports: &Ports, user: &User, client: Client, now: Timestamp) -> Session {
    let ends_at = after(now, ports.settings.session_lifetime);
    Session {
        id: SessionId::new(ports.clock.as_ref(), ports.rng.as_ref()),
        user_id: user.id,
        epoch: user.epoch,
        generation: 0,
        rotated_at: now,
        access_used_generation: 0,
        refresh_expires_at: after(now, ports.settings.refresh_lifetime),
        ends_at,
        ended_at: None,
        created_at: now,
        last_activity: now,
        client,
    }
}
