use super::attempt::{PasswordAttempt, WrongPassword};
use crate::{
    model::{
        account::{PlainPassword, User},
        client::Client,
        event::Event,
        ids::SessionId,
        session::{Admission, Caller, Source},
    },
    ports::{Credentials, Crypto, Ports, Store},
    usecases::error::UseCaseError,
};

/// Why the present password did not prove who calls.
pub type ProofError = UseCaseError<WrongPassword>;

/// Asks a signed-in caller for the current password. A thief of an access token guesses here
/// under the counters of a device that signs in, and when those are used up under those of a
/// stranger.
pub(crate) async fn present_password(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    password: &PlainPassword,
    client: &Client,
    failure: Event,
) -> Result<Credentials, ProofError> {
    let session = caller.session().id;
    prove(ports, caller.user(), Some(session), password, client, failure).await
}

/// Asks whoever acts for an account, and is not signed in, for its password.
pub(crate) async fn own_password(
    ports: &Ports<impl Store, impl Crypto>,
    user: &User,
    password: &PlainPassword,
    client: &Client,
    failure: Event,
) -> Result<Credentials, ProofError> {
    prove(ports, user, None, password, client, failure).await
}

async fn prove(
    ports: &Ports<impl Store, impl Crypto>,
    user: &User,
    session_id: Option<SessionId>,
    password: &PlainPassword,
    client: &Client,
    failure: Event,
) -> Result<Credentials, ProofError> {
    let email = &user.email;
    let record = ports.store.login_record(email).await?;
    let device = session_id.filter(|_| record.failed_logins.trusts_devices());
    let source = device.map_or_else(|| Source::network(&client.network()), Source::device);
    let owner = Some(user.into());
    let attempt =
        PasswordAttempt { ports, email, client, source, user: owner, session_id, failure };
    let admission = attempt.admission(&record.failed_logins)?;
    let account = record.owner.filter(|account| account.user.id == user.id);
    let stored = account.as_ref().and_then(|account| account.stored_hash());
    let is_admitted = admission == Admission::Open;
    let verdict = ports.crypto.verify_password(password.reveal(), stored, is_admitted).await?;
    match account {
        Some(account) if verdict.is_right() => {
            attempt.record_success(record.failed_logins).await?;
            Ok(*account)
        }
        _ => Err(attempt.record_failure(record.failed_logins).await),
    }
}
