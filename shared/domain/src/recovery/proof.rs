use crate::{
    Ports,
    account::PasswordAttempt,
    activity::{Activity, Enclosed, Event},
    ports::{Credentials, Owner, PasswordError, StoreError},
    session::{Admission, Attempts, Caller, Client, Source},
    throttle::TooMany,
};

/// Why the present password did not prove who calls.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// It is another one.
    #[error("the present password is wrong")]
    Wrong,
    /// Too many wrong ones.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// It could not be checked.
    #[error(transparent)]
    Hashing(#[from] PasswordError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks a signed-in caller for the present password. Whoever stole an access token guesses here under the same
/// counters as a device that signs in.
pub(super) async fn present_password(
    ports: &Ports,
    caller: &Caller,
    attempt: &PasswordAttempt,
    client: &Client,
) -> Result<Credentials, ProofError> {
    let source = Source::device(caller.session().id);
    let record = ports.accounts.login_record(&caller.user().email).await?;
    let admission = record.attempts.admission(&source, &ports.settings.login_limits, ports.clock.now());
    if let Admission::Wait(wait) = admission {
        return Err(ProofError::TooMany(TooMany(wait)));
    }
    let account = match record.owner {
        Owner::Account(account) if account.user.id == caller.user().id => Some(account),
        _ => None,
    };
    let hash = account.as_ref().and_then(|account| account.password_hash.as_deref());
    let is_right = ports.passwords.verify(attempt.reveal(), hash).await?.is_right();
    match account {
        Some(account) if is_right && admission == Admission::Open => Ok(*account),
        _ => Err(failed(ports, caller, &source, record.attempts, client).await?),
    }
}

/// How often a failure is counted again that lost to another.
const ATTEMPTS: usize = 8;

async fn failed(
    ports: &Ports,
    caller: &Caller,
    source: &Source,
    mut attempts: Attempts,
    client: &Client,
) -> Result<ProofError, ProofError> {
    for _ in 0..ATTEMPTS {
        let (next, _) = attempts.failed(source, &ports.settings.login_limits, ports.clock.now());
        let activity = Activity::new(ports, Event::PasswordChangeFail, client)
            .of_user(caller.user().id)
            .in_session(caller.session().id)
            .with("failures", next.failures);
        let email = &caller.user().email;
        match ports.accounts.put_attempts(email, attempts.version, &next, &Enclosed::new(activity)).await? {
            None => return Ok(ProofError::Wrong),
            Some(moved) => attempts = moved,
        }
    }
    Err(StoreError::Unavailable("the counters changed too often meanwhile".into()).into())
}
