//! The gate: on every authenticated call, who calls and whether they still may.

use super::access::verify;
use crate::{
    model::{
        api_key::{KeyText, is_key},
        client::Client,
        clock::after,
        code::Code,
        session::{
            Caller, NOTE_EVERY, Presence, Unauthenticated, authenticate_caller, authenticate_key,
            is_first_use, is_minute_over, is_torn, tells_first_page,
        },
    },
    ports::{Crypto, Ports, Seen, Store, StoreError, Use},
    usecases::error::{Refusal, UseCaseError, refusals},
};

/// Why nobody was let in.
pub type AuthenticationError = UseCaseError<Unauthenticated>;

impl Refusal for Unauthenticated {}
refusals!(Unauthenticated);

/// Lets the owner of a bearer token, or of an API key, in: one round trip, and beside it the public
/// keys when they are ten seconds old, so that a key that was dropped opens nothing from then on.
pub async fn authenticate(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<Caller, AuthenticationError> {
    if is_key(token) {
        return by_key(ports, token, client).await;
    }
    let verified = verify(ports, token).await?;
    let (user, session, _) = verified.claims.subject().ok_or(Unauthenticated)?;
    let organization = verified.claims.org.as_deref().map(Code::parse).transpose();
    let organization = organization.map_err(|_| Unauthenticated)?;
    let read = || ports.store.caller(user, Some(session), organization.as_ref());
    let (record, renewed) = futures::join!(read(), ports.crypto.renew_keys());
    renewed?;
    let mut record = record?;
    if is_torn(&record) {
        record = read().await?;
    }
    if !ports.crypto.is_published(&verified.kid).await {
        return Err(Unauthenticated.into());
    }
    Ok(authenticate_caller(record, &verified.claims, ports.clock.now())?)
}

/// The same for a key: what is in it says what is read.
async fn by_key(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<Caller, AuthenticationError> {
    let text = KeyText::parse(token).ok_or(Unauthenticated)?;
    let record = ports.store.key_caller(text.owner, text.id).await?;
    let address = client.address.as_deref();
    Ok(authenticate_key(record, &text, address, ports.clock.now())?)
}

/// Notes the use, and once a minute, or when a client first tells its page, that its user was seen.
/// It runs beside the request; if it fails, the next call notes.
pub async fn note_use(
    ports: &Ports<impl Store, impl Crypto>,
    caller: &Caller,
    page: Option<String>,
) -> Result<(), StoreError> {
    let now = ports.clock.now();
    if let Some(key) = caller.key() {
        return ports.store.note_key_use(key, now).await;
    }
    let presence = Presence::of(caller.session(), now);
    let is_minute_over = is_minute_over(caller, now);
    let first_page =
        page.clone().filter(|page| !is_minute_over && tells_first_page(caller, Some(page)));
    let is_seen = is_minute_over || first_page.is_some();
    let usage = Use {
        user_id: caller.user().id,
        session_id: caller.session().id,
        first_of: is_first_use(caller).then_some(caller.generation()),
        seen: is_minute_over.then_some(Seen { at: now, not_since: after(now, -NOTE_EVERY), page }),
        first_page,
    };
    let seen = async {
        if is_seen {
            ports.store.note_presence(&presence, ports.settings.shards).await
        } else {
            Ok(())
        }
    };
    let (noted, seen) = futures::join!(ports.store.note_use(&usage), seen);
    noted.and(seen)
}
