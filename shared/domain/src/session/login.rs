use super::{
    access::AccessClaims,
    attempts::{Admission, Attempts, Source},
    device::DeviceToken,
    guess::{Guess, GuessError},
    refresh_token::RefreshToken,
    types::{Client, Presence, Session},
};
use crate::{
    Ports,
    account::{AccountStatus, Email, PasswordAttempt, User},
    activity::{Activity, Enclosed, Event},
    clock::{Timestamp, after},
    code::Code,
    ids::SessionId,
    organization::{MembershipStatus, Seat, Seats},
    ports::{Gate, KeyError, Owner, PasswordError, StoreError, Verdict},
    throttle::{self, Rule, TooMany},
};

/// A pair of tokens and whose it is.
#[derive(Clone)]
pub struct Granted {
    /// The access token.
    pub access: String,
    /// The refresh token.
    pub refresh: String,
    /// What says that this device is known.
    pub device: String,
    /// Seconds that the access token has left.
    pub expires_in: i64,
    /// Seconds that the refresh token has left.
    pub refresh_expires_in: i64,
    /// The session.
    pub session_id: SessionId,
    /// The account, with its memberships; after a login without their roles.
    pub user: User,
    /// Its memberships.
    pub seats: Seats,
}

impl Granted {
    /// The pair of the live generation of `session`.
    pub(super) async fn of(
        ports: &Ports,
        session: &Session,
        (user, seats): (User, Seats),
        now: Timestamp,
    ) -> Result<Self, KeyError> {
        let claims = AccessClaims::of(ports, session).await?;
        let refresh = RefreshToken {
            user_id: user.id,
            session_id: session.id,
            generation: session.generation,
        };
        Ok(Self {
            access: ports.tokens.sign(&claims).await?,
            refresh: refresh.issue(ports).await?,
            device: DeviceToken::issue(ports, session).await?,
            expires_in: (claims.exp - now.as_second()).max(0),
            refresh_expires_in: session.expires_at().duration_since(now).as_secs().max(0),
            session_id: session.id,
            user,
            seats,
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
    /// Too many failures from there: nothing was looked at.
    #[error(transparent)]
    TooMany(#[from] TooMany),
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

/// What somebody who signs in gives.
#[derive(Debug, Clone, Copy)]
pub struct Login<'a> {
    /// The address.
    pub email: &'a Email,
    /// The password.
    pub password: &'a PasswordAttempt,
    /// The organization to act in.
    pub organization: Option<&'a str>,
    /// What an earlier login gave this device.
    pub device: Option<&'a str>,
    /// From where and with what.
    pub client: &'a Client,
}

impl From<GuessError> for LoginError {
    fn from(error: GuessError) -> Self {
        match error {
            GuessError::Refused => Self::InvalidCredentials,
            GuessError::TooMany(too_many) => too_many.into(),
            GuessError::Key(error) => error.into(),
            GuessError::Store(error) => error.into(),
        }
    }
}

/// Signs somebody in: one read, exactly one Argon2 whatever is found, then the writes side by side.
///
/// The session needs no condition on the account: it carries the account's epoch as it was read,
/// and the gate refuses a session of another epoch.
pub async fn login(ports: &Ports, login: Login<'_>) -> Result<Granted, LoginError> {
    let device = match login.device {
        Some(text) => DeviceToken::authentic(ports, text).await?,
        None => None,
    };
    // A device that signed in before is not stopped by what others do in its network.
    if device.is_none() {
        throttle::check(ports, Rule::Logins, login.client)?;
    }
    let (record, keys) = futures::join!(
        ports.accounts.login_record(login.email),
        ports.tokens.renew()
    );
    let record = record?;
    keys?;
    let (user, hash, seats) = match record.owner {
        Owner::Account(account) => (Some(account.user), account.password_hash, account.seats),
        Owner::Pending(sign_up) if sign_up.expires_at > ports.clock.now() => (
            Some(sign_up.user),
            Some(sign_up.password_hash),
            Seats::default(),
        ),
        Owner::Pending(_) | Owner::Nobody => (None, None, Seats::default()),
    };
    let known = user
        .as_ref()
        .and_then(|user| device.as_ref()?.session_of(user))
        .filter(|_| record.attempts.trusts_devices());
    if device.is_some() && known.is_none() {
        throttle::check(ports, Rule::Logins, login.client)?;
    }
    let guess = Guess {
        ports,
        email: login.email,
        client: login.client,
        source: known.map_or_else(|| Source::network(&login.client.network()), Source::device),
        user_id: user.as_ref().map(|user| user.id),
        session_id: None,
        failure: Event::LoginFail,
    };
    let admission = guess.admission(&record.attempts)?;
    let verdict = ports
        .passwords
        .verify(login.password.reveal(), hash.as_deref())
        .await?;
    let now = ports.clock.now();
    let is_open = |user: &User| !user.is_locked(now) && user.status != AccountStatus::Deleted;
    let right =
        user.filter(|user| verdict.is_right() && admission == Admission::Open && is_open(user));
    let Some(user) = right else {
        return Err(refuse(&guess, record.attempts).await?);
    };
    let place = place(&seats, login.organization, &Gate::default());
    if user.status != AccountStatus::Active || (login.organization.is_some() && place.is_none()) {
        return Err(turn_away(&guess, record.attempts, user.status).await?);
    }
    let mut session = Session {
        organization: place,
        ..new_session(ports, &user, login.client, now)
    };
    let mut granted = Granted::of(ports, &session, (user, seats), now).await?;
    let gate = start(&guess, &session, &granted.user, record.attempts, now).await?;
    if session
        .organization
        .as_ref()
        .is_some_and(|place| gate.is_inactive(place.as_str()))
    {
        (session, granted) = elsewhere(&guess, &login, session, granted, &gate).await?;
    }
    debug_assert_eq!(session.id, granted.session_id);
    if let (Verdict::Outdated { renewed }, Some(before)) = (verdict, hash) {
        renew(ports, &login, &before, renewed).await;
    }
    Ok(granted)
}

/// A session in another open organization, or in none, for one whose organization turned out to be
/// closed. Where that very organization was asked for there is none.
async fn elsewhere(
    guess: &Guess<'_>,
    login: &Login<'_>,
    closed: Session,
    granted: Granted,
    gate: &Gate,
) -> Result<(Session, Granted), LoginError> {
    let (ports, user, now) = (guess.ports, granted.user, closed.created_at);
    let activity = Activity::new(ports, Event::LoginFail, guess.client)
        .of_user(user.id)
        .in_session(closed.id);
    ports
        .sessions
        .end(
            user.id,
            closed.id,
            &Enclosed::new(activity.with("organization", "inactive")),
            now,
        )
        .await?;
    if login.organization.is_some() {
        return Err(LoginError::NotAMember);
    }
    let place = place(&granted.seats, None, gate);
    let session = Session {
        organization: place,
        ..new_session(ports, &user, login.client, now)
    };
    let granted = Granted::of(ports, &session, (user, granted.seats), now).await?;
    let activity = Activity::new(ports, Event::LoginSuccess, guess.client)
        .of_user(granted.user.id)
        .in_session(session.id);
    ports
        .sessions
        .start(&session, &Enclosed::new(activity))
        .await?;
    Ok((session, granted))
}

/// Where a session is to act: in the organization that is asked for, or else in the oldest
/// membership that is open.
fn place(seats: &Seats, asked: Option<&str>, gate: &Gate) -> Option<Code> {
    let is_asked = |organization: &str| asked.is_none_or(|asked| asked == organization);
    let is_open = |seat: &&Seat| {
        let organization = seat.organization.as_str();
        seat.status == MembershipStatus::Active
            && is_asked(organization)
            && !gate.is_inactive(organization)
    };
    seats
        .iter()
        .find(is_open)
        .map(|seat| seat.organization.clone())
}

/// Writes what a login changes, side by side, and reads beside it which organizations are closed. A
/// session whose guess turns out to be one too many is ended before its tokens leave.
async fn start(
    guess: &Guess<'_>,
    session: &Session,
    user: &User,
    attempts: Attempts,
    now: Timestamp,
) -> Result<Gate, LoginError> {
    let ports = guess.ports;
    let event = if attempts.own(&guess.source) == 0 {
        Event::LoginSuccess
    } else {
        Event::LoginSuccessAfterFail
    };
    let activity = Activity::new(ports, event, guess.client)
        .of_user(user.id)
        .in_session(session.id);
    let enclosed = Enclosed::new(activity);
    let presence = Presence::of(user, session, None, now);
    let gate = async {
        match &session.organization {
            Some(_) => ports.sessions.gate().await,
            None => Ok(Gate::default()),
        }
    };
    let (taken_back, gate, started, _seen) = futures::join!(
        guess.right(attempts),
        gate,
        ports.sessions.start(session, &enclosed),
        // Nothing is decided on it, and the next call notes it again: no reason to lose the session
        // that there is.
        ports
            .presence
            .seen(&presence, ports.settings.keeping.shards),
    );
    started?;
    if let Err(refusal) = taken_back {
        let activity = Activity::new(ports, Event::LoginFail, guess.client)
            .of_user(user.id)
            .in_session(session.id);
        ports
            .sessions
            .end(user.id, session.id, &Enclosed::new(activity), now)
            .await?;
        return Err(refusal.into());
    }
    Ok(gate?)
}

/// Replaces an outdated hash. If that fails, or another login was faster, the next login finds it
/// outdated again.
async fn renew(ports: &Ports, login: &Login<'_>, before: &str, renewed: Option<String>) {
    let after = match renewed {
        Some(hash) => Some(hash),
        None => ports.passwords.hash(login.password.reveal()).await.ok(),
    };
    if let Some(after) = after {
        let _ = ports.accounts.renew_hash(login.email, before, &after).await;
    }
}

/// The right password of somebody who may not come in.
async fn turn_away(
    guess: &Guess<'_>,
    attempts: Attempts,
    status: AccountStatus,
) -> Result<LoginError, LoginError> {
    let mut activity = Activity::new(guess.ports, Event::LoginFail, guess.client);
    activity.user_id = guess.user_id;
    let activity = activity.with("account_status", status.as_str());
    let (taken_back, recorded) = futures::join!(
        guess.right(attempts),
        guess.ports.activities.record(&activity)
    );
    taken_back?;
    recorded?;
    Ok(match status {
        AccountStatus::Active => LoginError::NotAMember,
        status => LoginError::NotActive(status),
    })
}

/// Counts the failure for source, account and network.
async fn refuse(guess: &Guess<'_>, attempts: Attempts) -> Result<LoginError, LoginError> {
    let network = throttle::count(guess.ports, Rule::Logins, guess.client);
    let (refusal, over) = futures::join!(guess.wrong(attempts), network);
    let (refusal, over) = (refusal?, over?);
    Ok(over.map_or_else(|| refusal.into(), LoginError::TooMany))
}

fn new_session(ports: &Ports, user: &User, client: &Client, now: Timestamp) -> Session {
    Session {
        id: ports.id(),
        user_id: user.id,
        organization: None,
        epoch: user.epoch,
        generation: 0,
        rotated_at: now,
        access_used_generation: 0,
        refresh_expires_at: after(now, ports.settings.refresh_lifetime),
        ends_at: after(now, ports.settings.session_lifetime),
        ended_at: None,
        created_at: now,
        last_activity: now,
        client: client.clone(),
        page: None,
    }
}
