use crate::{
    model::{
        account::PlainPassword,
        client::Client,
        event::Event,
        session::{Admission, Caller, Source},
        throttle::TooMany,
    },
    ports::{Credentials, Crypto, KeyError, Owner, PasswordError, Ports, Store, StoreError},
    usecases::session::{PasswordAttempt, PasswordAttemptError},
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
    /// The server key is out of reach.
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<PasswordAttemptError> for ProofError {
    fn from(error: PasswordAttemptError) -> Self {
        match error {
            PasswordAttemptError::Refused => Self::Wrong,
            PasswordAttemptError::TooMany(too_many) => too_many.into(),
            PasswordAttemptError::Key(error) => error.into(),
            PasswordAttemptError::Store(error) => error.into(),
        }
    }
}

/// Asks a signed-in caller for the present password. Whoever stole an access token guesses here
/// under the counters of a device that signs in, and when those are used up under those of a
/// stranger.
pub(super) async fn present_password(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    password: &PlainPassword,
    client: &Client,
    failure: Event,
) -> Result<Credentials, ProofError> {
    let email = &caller.user().email;
    let record = ports.store.login_record(email).await?;
    let session = caller.session().id;
    let source = if record.failed_logins.trusts_devices() {
        Source::device(session)
    } else {
        Source::network(&client.network())
    };
    let (user_id, session_id) = (Some(caller.user().id), Some(session));
    let attempt = PasswordAttempt { ports, email, client, source, user_id, session_id, failure };
    let admission = attempt.admission(&record.failed_logins)?;
    let account = match record.owner {
        Owner::Account(account) if account.user.id == caller.user().id => Some(account),
        _ => None,
    };
    let hash = account.as_ref().and_then(|account| account.password_hash.as_deref());
    let is_right = ports.crypto.verify_password(password.reveal(), hash).await?.is_right();
    match account {
        Some(account) if is_right && admission == Admission::Open => {
            attempt.record_success(record.failed_logins).await?;
            Ok(*account)
        }
        _ => Err(attempt.record_failure(record.failed_logins).await.into()),
    }
}
