use super::{
    access::AccessClaims,
    attempts::{Admission, Attempts, Source},
    device::DeviceToken,
    refresh_token::RefreshToken,
    types::{Client, Presence, Session},
};
use crate::{
    Ports,
    account::{AccountStatus, Email, PasswordAttempt, User},
    activity::{Activity, Enclosed, Event},
    clock::{Timestamp, after},
    ids::{SessionId, UserId},
    mail::{MailToken, Message, OutboxMail, Purpose},
    ports::{KeyError, Owner, PasswordError, StoreError, Verdict},
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
    /// The account.
    pub user: User,
}

impl Granted {
    /// The pair of the live generation of `session`.
    pub(super) async fn of(ports: &Ports, session: &Session, user: User, now: Timestamp) -> Result<Self, KeyError> {
        let claims = AccessClaims::of(ports, session).await?;
        let refresh = RefreshToken { user_id: user.id, session_id: session.id, generation: session.generation };
        Ok(Self {
            access: ports.tokens.sign(&claims).await?,
            refresh: refresh.issue(ports).await?,
            device: DeviceToken::issue(ports, session).await?,
            expires_in: (claims.exp - now.as_second()).max(0),
            refresh_expires_in: session.expires_at().duration_since(now).as_secs().max(0),
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

/// Signs somebody in: one read, exactly one Argon2 whatever is found, then the writes side by side.
///
/// Parallel guesses are counted as if they came one after the other: each outcome, right or wrong, is written only on
/// the counters that its guess was admitted under, and otherwise admitted anew. The session needs no condition on the
/// account: it carries the account's epoch as it was read, and the gate refuses a session of another epoch.
pub async fn login(ports: &Ports, login: Login<'_>) -> Result<Granted, LoginError> {
    throttle::check(ports, Rule::Failures, login.client)?;
    let record = ports.accounts.login_record(login.email).await?;
    let (user, hash) = match record.owner {
        Owner::Account(account) => (Some(account.user), account.password_hash),
        Owner::Pending(sign_up) if sign_up.expires_at > ports.clock.now() => (Some(sign_up.user), Some(sign_up.password_hash)),
        Owner::Pending(_) | Owner::Nobody => (None, None),
    };
    let source = source(ports, &login, user.as_ref()).await?;
    let guess = Guess { ports, login, source, user_id: user.as_ref().map(|user| user.id) };
    let admission = guess.admission(&record.attempts)?;
    let verdict = ports.passwords.verify(login.password.reveal(), hash.as_deref()).await?;
    let now = ports.clock.now();
    let is_open = |user: &User| !user.is_locked(now) && user.status != AccountStatus::Deleted;
    let right = user.filter(|user| verdict.is_right() && admission == Admission::Open && is_open(user));
    let Some(user) = right else { return Err(guess.refuse(record.attempts).await?) };
    if user.status != AccountStatus::Active || login.organization.is_some() {
        return Err(guess.turn_away(record.attempts, user.status).await?);
    }
    let session = new_session(ports, &user, login.client, now);
    let granted = Granted::of(ports, &session, user, now).await?;
    start(&guess, &session, &granted.user, record.attempts, now).await?;
    if let (Verdict::Outdated { renewed }, Some(before)) = (verdict, hash) {
        renew(ports, &login, &before, renewed).await?;
    }
    Ok(granted)
}

/// Writes what a login changes, side by side. A session whose guess turns out to be one too many is ended before its
/// tokens leave.
async fn start(guess: &Guess<'_>, session: &Session, user: &User, attempts: Attempts, now: Timestamp) -> Result<(), LoginError> {
    let ports = guess.ports;
    let event = if attempts.failures == 0 { Event::LoginSuccess } else { Event::LoginSuccessAfterFail };
    let activity = Activity::new(ports, event, guess.login.client).of_user(user.id).in_session(session.id);
    let enclosed = Enclosed::new(activity);
    let presence = Presence::of(user, session, None, now);
    let (cleared, started, seen) = futures::join!(
        guess.clear(attempts),
        ports.sessions.start(session, &enclosed),
        ports.presence.seen(&presence, ports.settings.shards),
    );
    started?;
    seen?;
    if let Err(refusal) = cleared {
        let activity = Activity::new(ports, Event::LoginFail, guess.login.client).of_user(user.id).in_session(session.id);
        ports.sessions.end(user.id, session.id, &Enclosed::new(activity), now).await?;
        return Err(refusal);
    }
    Ok(())
}

/// Replaces an outdated hash. Another login may have done so already; then this one is dropped.
async fn renew(ports: &Ports, login: &Login<'_>, before: &str, renewed: Option<String>) -> Result<(), LoginError> {
    let after = match renewed {
        Some(hash) => hash,
        None => ports.passwords.hash(login.password.reveal()).await?,
    };
    Ok(ports.accounts.renew_hash(login.email, before, &after).await?)
}

async fn source(ports: &Ports, login: &Login<'_>, user: Option<&User>) -> Result<Source, KeyError> {
    if let (Some(text), Some(user)) = (login.device, user)
        && let Some(session) = DeviceToken::known(ports, text, user).await?
    {
        return Ok(Source::device(session));
    }
    Ok(Source::network(&login.client.network()))
}

/// One guess and the counters that it is held against.
struct Guess<'a> {
    ports: &'a Ports,
    login: Login<'a>,
    source: Source,
    user_id: Option<UserId>,
}

/// How often a failure is counted again that lost to another.
const ATTEMPTS: usize = 8;
/// How often failures are forgotten again that became more meanwhile.
const CLEARINGS: usize = 2;

impl Guess<'_> {
    /// Whether the password may count; a wait is an answer of its own, whether or not the address has an account.
    fn admission(&self, attempts: &Attempts) -> Result<Admission, TooMany> {
        match attempts.admission(&self.source, &self.ports.settings.login_limits, self.ports.clock.now()) {
            Admission::Wait(wait) => Err(TooMany(wait)),
            admission => Ok(admission),
        }
    }

    /// Forgets the failures, unless others made them too many meanwhile. Those that go on failing at this very moment
    /// keep nobody out who may come in: then the failures are not forgotten, and that is all.
    async fn clear(&self, mut attempts: Attempts) -> Result<(), LoginError> {
        for _ in 0..CLEARINGS {
            match self.ports.accounts.clear_attempts(self.login.email, &attempts, self.ports.clock.now()).await? {
                None => return Ok(()),
                Some(moved) => attempts = moved,
            }
            if self.admission(&attempts)? == Admission::Locked {
                return Err(LoginError::InvalidCredentials);
            }
        }
        Ok(())
    }

    /// The right password of somebody who may not come in.
    async fn turn_away(&self, attempts: Attempts, status: AccountStatus) -> Result<LoginError, LoginError> {
        let mut activity = Activity::new(self.ports, Event::LoginFail, self.login.client);
        activity.user_id = self.user_id;
        let activity = activity.with("account_status", status.as_str());
        let (cleared, recorded) = futures::join!(self.clear(attempts), self.ports.activities.record(&activity));
        cleared?;
        recorded?;
        Ok(match status {
            AccountStatus::Active => LoginError::NotAMember,
            status => LoginError::NotActive(status),
        })
    }

    /// Counts the failure for source, account and network; the answer is the same whether or not there is an account.
    async fn refuse(&self, attempts: Attempts) -> Result<LoginError, LoginError> {
        let network = throttle::count(self.ports, Rule::Failures, self.login.client);
        let (counted, over) = futures::join!(self.count(attempts), network);
        let (refusal, over) = (counted?, over?);
        Ok(over.map_or(refusal, LoginError::TooMany))
    }

    async fn count(&self, mut attempts: Attempts) -> Result<LoginError, LoginError> {
        for _ in 0..ATTEMPTS {
            let (next, enclosed) = self.failure(&attempts).await?;
            match self.ports.accounts.put_attempts(self.login.email, attempts.version, &next, &enclosed).await? {
                None => return Ok(LoginError::InvalidCredentials),
                Some(moved) => attempts = moved,
            }
            self.admission(&attempts)?;
        }
        Err(busy())
    }

    /// The counters with this failure, what it is called, and the mail to the owner when it locks the account.
    async fn failure(&self, attempts: &Attempts) -> Result<(Attempts, Enclosed), KeyError> {
        let ports = self.ports;
        let (mut next, locked) = attempts.failed(&self.source, &ports.settings.login_limits, ports.clock.now());
        let event = if locked.is_some() { Event::LoginLock } else { Event::LoginFail };
        let mut activity = Activity::new(ports, event, self.login.client).with("failures", next.failures);
        activity.user_id = self.user_id;
        let mut enclosed = Enclosed::new(activity);
        if let Some(until) = locked {
            // Nobody has this id, and a mail about nobody goes to nobody.
            let owner = self.user_id.unwrap_or(UserId::from_bytes([0; 16]));
            let token = MailToken::new(ports, Purpose::Unlock, Some(owner)).await?;
            let message = Message::AccountLocked { owner, nonce: token.nonce, until };
            next.unlock = Some(token.hash());
            enclosed = enclosed.mail(OutboxMail::new(ports, self.login.email, None, message));
        }
        Ok((next, enclosed))
    }
}

fn busy() -> LoginError {
    StoreError::Unavailable("the counters changed too often meanwhile".into()).into()
}

fn new_session(ports: &Ports, user: &User, client: &Client, now: Timestamp) -> Session {
    Session {
        id: SessionId::new(ports.clock.as_ref(), ports.rng.as_ref()),
        user_id: user.id,
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
