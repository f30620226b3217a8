use crate::{
    Ports,
    account::PasswordAttempt,
    activity::Event,
    ports::{Credentials, KeyError, Owner, PasswordError, StoreError},
    session::{Admission, Caller, Client, Guess, GuessError, Source},
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
    /// The server key is out of reach.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<GuessError> for ProofError {
    fn from(error: GuessError) -> Self {
        match error {
            GuessError::Refused => Self::Wrong,
            GuessError::TooMany(too_many) => too_many.into(),
            GuessError::Key(error) => error.into(),
            GuessError::Store(error) => error.into(),
        }
    }
}

/// Asks a signed-in caller for the present password. Whoever stole an access token guesses here
/// under the counters of a device that signs in, and when those are used up under those of a
/// stranger.
pub(super) async fn present_password(
    ports: &Ports,
    caller: &Caller,
    attempt: &PasswordAttempt,
    client: &Client,
    failure: Event,
) -> Result<Credentials, ProofError> {
    let email = &caller.user().email;
    let record = ports.accounts.login_record(email).await?;
    let session = caller.session().id;
    let source = if record.attempts.trusts_devices() {
        Source::device(session)
    } else {
        Source::network(&client.network())
    };
    let (user_id, session_id) = (Some(caller.user().id), Some(session));
    let guess = Guess {
        ports,
        email,
        client,
        source,
        user_id,
        session_id,
        failure,
    };
    let admission = guess.admission(&record.attempts)?;
    let account = match record.owner {
        Owner::Account(account) if account.user.id == caller.user().id => Some(account),
        _ => None,
    };
    let hash = account
        .as_ref()
        .and_then(|account| account.password_hash.as_deref());
    let is_right = ports
        .passwords
        .verify(attempt.reveal(), hash)
        .await?
        .is_right();
    match account {
        Some(account) if is_right && admission == Admission::Open => {
            guess.right(record.attempts).await?;
            Ok(*account)
        }
        _ => Err(guess.wrong(record.attempts).await?.into()),
    }
}
