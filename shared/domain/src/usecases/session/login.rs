use super::{
    begin::begin,
    device::DeviceToken,
    granted::{Granted, new_session},
    living::end_beyond,
};
use crate::{
    model::{
        account::{AccountStatus, Email, PlainPassword, User},
        activity::{Activity, LoggedUser, PendingEvents},
        client::Client,
        clock::{Timestamp, after},
        code::Code,
        event::Event,
        ids::UserId,
        organization::{Membership, MembershipStatus, Memberships},
        quota::{Quota, Report},
        session::{Admission, FailedLogins, NOTE_EVERY, Presence, Session, Source},
        throttle::Rule,
    },
    ports::{Crypto, Ports, Store, StoredHash, Verdict},
    usecases::{
        error::{Refusal, UseCaseError, refusals},
        password::{PasswordAttempt, WrongPassword},
        quota, throttle,
    },
};

/// Why nobody was signed in.
pub type LoginError = UseCaseError<LoginRefusal>;

/// The reasons of [`LoginError`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LoginRefusal {
    /// Wrong password, unknown address or locked account: the caller cannot tell which.
    #[error("the credentials are not valid")]
    InvalidCredentials,
    /// The password is right, the account is not active.
    #[error("the account is {0}")]
    NotActive(AccountStatus),
    /// The credentials are right; the account is no member of the wished organization.
    #[error("not a member of that organization")]
    NotAMember,
}

impl Refusal for LoginRefusal {}
refusals!(LoginRefusal);

impl From<WrongPassword> for LoginRefusal {
    fn from(WrongPassword: WrongPassword) -> Self {
        Self::InvalidCredentials
    }
}

/// What somebody who signs in gives.
#[derive(Debug, Clone, Copy)]
pub struct Login<'a> {
    pub email: &'a Email,
    pub password: &'a PlainPassword,
    /// The organization to act in.
    pub organization: Option<&'a str>,
    /// What an earlier login gave this device.
    pub device: Option<&'a str>,
    /// From where and with what.
    pub client: &'a Client,
}

/// Signs somebody in: one read, exactly one Argon2 whatever is found, then the writes side by side.
///
/// The session needs no condition on the account: it carries the account's epoch as it was read,
/// and the gate refuses a session of another epoch.
pub async fn login(
    ports: &Ports<impl Store, impl Crypto>,
    login: Login<'_>,
) -> Result<Granted, LoginError> {
    let device = match login.device {
        Some(text) => DeviceToken::authentic(ports, text).await?,
        None => None,
    };
    // A device that signed in before is not stopped by what others do in its network.
    if device.is_none() {
        throttle::check(ports, Rule::Logins, login.client)?;
    }
    let is_lost = async {
        match &device {
            Some(device) => device.is_lost(ports).await,
            None => Ok(false),
        }
    };
    let (record, keys, is_lost) =
        futures::join!(ports.store.login_record(login.email), ports.crypto.renew_keys(), is_lost);
    let (record, is_lost) = (record?, is_lost?);
    keys?;
    let (user, hash, memberships) = match record.owner {
        Some(account) => (Some(account.user), account.password_hash, account.memberships),
        None => (None, None, Memberships::default()),
    };
    let known = user
        .as_ref()
        .and_then(|user| device.as_ref()?.session_of(user))
        .filter(|_| !is_lost && record.failed_logins.trusts_devices());
    if device.is_some() && known.is_none() {
        throttle::check(ports, Rule::Logins, login.client)?;
    }
    let attempt = PasswordAttempt {
        ports,
        email: login.email,
        client: login.client,
        source: known.map_or_else(|| Source::network(&login.client.network()), Source::device),
        user: user.as_ref().map(LoggedUser::from),
        session_id: None,
        failure: Event::LoginFail,
    };
    let admission = attempt.admission(&record.failed_logins)?;
    let owner = user.as_ref().map(|user| user.id);
    let stored = owner.zip(hash.as_deref()).map(|(owner, hash)| StoredHash { owner, hash });
    let now = ports.clock.now();
    let is_open = |user: &User| !user.is_locked(now) && user.status != AccountStatus::Deleted;
    let is_admitted = admission == Admission::Open && user.as_ref().is_some_and(is_open);
    let verdict =
        ports.crypto.verify_password(login.password.reveal(), stored, is_admitted).await?;
    let now = ports.clock.now();
    let right = user.filter(|_| verdict.is_right());
    let Some(user) = right else {
        return Err(refuse(&attempt, record.failed_logins).await);
    };
    let place = place(&memberships, login.organization, &[]);
    if user.status != AccountStatus::Active || (login.organization.is_some() && place.is_none()) {
        return Err(turn_away(&attempt, record.failed_logins, user.status).await);
    }
    let sign_in = quota::take::<LoginError>(ports, Quota::SignIns, &user, 1, login.client).await?;
    let mut session = new_session(ports, &user, place, login.client, now);
    if record.failed_logins.own(&attempt.source) > 0 {
        // Its first call notes the presence that `start` leaves out.
        session.last_activity = after(now, -NOTE_EVERY);
    }
    let mut granted = Granted::of(ports, &session, (user, memberships), now).await?;
    let closed =
        start(&attempt, &session, &granted.user, record.failed_logins, sign_in, now).await?;
    if session.organization.as_ref().is_some_and(|place| closed.contains(place)) {
        (session, granted) = elsewhere(&attempt, &login, session, granted).await?;
    }
    debug_assert_eq!(session.id, granted.session_id);
    if let (Verdict::Outdated { renewed }, Some(before)) = (verdict, hash) {
        renew(ports, &login, (granted.user.id, &before), renewed).await;
    }
    Ok(granted)
}

/// A session in another open organization, or in none, for one whose organization turned out to be
/// closed. Where that very organization was asked for there is none.
async fn elsewhere(
    attempt: &PasswordAttempt<'_, impl Store, impl Crypto>,
    login: &Login<'_>,
    closed: Session,
    granted: Granted,
) -> Result<(Session, Granted), LoginError> {
    let (ports, user, now) = (attempt.ports, granted.user, closed.created_at);
    let activity =
        Activity::new(ports, Event::LoginFail, attempt.client).of_user(&user).in_session(closed.id);
    ports
        .store
        .end_session(
            user.id,
            closed.id,
            &PendingEvents::new(activity.with("organization", "inactive")),
            now,
        )
        .await?;
    if login.organization.is_some() {
        return Err(LoginRefusal::NotAMember.into());
    }
    let codes = granted.memberships.iter().map(|one| one.organization.clone());
    let all_closed = ports.store.closed_organizations(&codes.collect::<Vec<_>>()).await?;
    let place = place(&granted.memberships, None, &all_closed).cloned();
    begin(ports, &user, granted.memberships, place.as_ref(), attempt.client).await
}

/// Where a session is to act: in the organization that is asked for, or else in the oldest
/// membership that is open.
fn place<'a>(
    memberships: &'a Memberships,
    asked: Option<&str>,
    closed: &[Code],
) -> Option<&'a Membership> {
    let is_asked = |organization: &str| asked.is_none_or(|asked| asked == organization);
    let is_open = |membership: &&Membership| {
        membership.status == MembershipStatus::Active
            && is_asked(membership.organization.as_str())
            && !closed.contains(&membership.organization)
    };
    memberships.iter().find(is_open)
}

/// Writes what a login changes, side by side, and reads beside it whether its organization is
/// closed. A session whose attempt turns out to be one too many is ended before its tokens leave,
/// as are the oldest ones beyond the fifty.
async fn start(
    attempt: &PasswordAttempt<'_, impl Store, impl Crypto>,
    session: &Session,
    user: &User,
    failed_logins: FailedLogins,
    sign_in: Option<Report>,
    now: Timestamp,
) -> Result<Vec<Code>, LoginError> {
    let ports = attempt.ports;
    let is_first_try = failed_logins.own(&attempt.source) == 0;
    let event = if is_first_try { Event::LoginSuccess } else { Event::LoginSuccessAfterFail };
    let activity = Activity::new(ports, event, attempt.client).of_self(user).in_session(session.id);
    let pending_events = PendingEvents::new(activity);
    let presence = Presence::of(session, now);
    let closed = async {
        match &session.organization {
            Some(place) => ports.store.closed_organizations(std::slice::from_ref(place)).await,
            None => Ok(Vec::new()),
        }
    };
    // Nothing is decided on it, and the next call notes it: no reason to lose the session that
    // there is, nor for another write where failures are taken back.
    let seen = async {
        if is_first_try {
            ports.store.note_presence(&presence, ports.settings.shards).await
        } else {
            Ok(())
        }
    };
    let (taken_back, closed, started, listed, told, _seen) = futures::join!(
        attempt.record_success(failed_logins),
        closed,
        ports.store.start_session(session, &pending_events),
        ports.store.list_living(session),
        quota::tell(ports, sign_in),
        seen,
    );
    started?;
    told?;
    end_beyond(ports, session, listed?, attempt.client, now).await?;
    if let Err(refusal) = taken_back {
        let activity = Activity::new(ports, Event::LoginFail, attempt.client)
            .of_user(user)
            .in_session(session.id);
        ports.store.end_session(user.id, session.id, &PendingEvents::new(activity), now).await?;
        return Err(refusal.map(LoginRefusal::from));
    }
    Ok(closed?)
}

/// Replaces an outdated hash. If that fails, or another login was faster, the next login finds it
/// outdated again.
async fn renew(
    ports: &Ports<impl Store, impl Crypto>,
    login: &Login<'_>,
    (owner, before): (UserId, &str),
    renewed: Option<String>,
) {
    let after = match renewed {
        Some(hash) => Some(hash),
        None => ports.crypto.hash_password(owner, login.password.reveal()).await.ok(),
    };
    if let Some(after) = after {
        let _ = ports.store.renew_hash(login.email, before, &after).await;
    }
}

/// The right password of somebody who may not come in.
async fn turn_away(
    attempt: &PasswordAttempt<'_, impl Store, impl Crypto>,
    failed_logins: FailedLogins,
    status: AccountStatus,
) -> LoginError {
    let mut activity = Activity::new(attempt.ports, Event::LoginFail, attempt.client);
    activity.subject.clone_from(&attempt.user);
    let activity = activity.with("account_status", status.as_str());
    let (taken_back, recorded) = futures::join!(
        attempt.record_success(failed_logins),
        attempt.ports.store.record(&activity)
    );
    match (taken_back, recorded, status) {
        (Err(error), ..) => error.map(LoginRefusal::from),
        (_, Err(error), _) => error.into(),
        (Ok(()), Ok(()), AccountStatus::Active) => LoginRefusal::NotAMember.into(),
        (Ok(()), Ok(()), status) => LoginRefusal::NotActive(status).into(),
    }
}

/// Counts the failure for source, account and network.
async fn refuse(
    attempt: &PasswordAttempt<'_, impl Store, impl Crypto>,
    failed_logins: FailedLogins,
) -> LoginError {
    let network = throttle::count(attempt.ports, Rule::Logins, attempt.client);
    match futures::join!(attempt.record_failure(failed_logins), network) {
        (UseCaseError::Refused(WrongPassword), Ok(Some(too_many))) => too_many.into(),
        (UseCaseError::Refused(WrongPassword), Err(error)) => error.into(),
        (refusal, _) => refusal.map(LoginRefusal::from),
    }
}
