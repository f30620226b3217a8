use super::{
    access::verify, authenticate::AuthenticationError, refresh::RefreshError,
    refresh_token::RefreshToken,
};
use crate::{
    model::{
        activity::{Activity, PendingEvents},
        client::Client,
        event::Event,
        ids::{SessionId, UserId},
        session::Unauthenticated,
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::error::UseCaseError,
};

/// Ends the session of a refresh token, of whatever generation (RFC 7009). A token that is not ours
/// ends nothing and is no error.
pub async fn revoke(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<(), RefreshError> {
    if let Some(token) = RefreshToken::authentic(ports, token).await? {
        end(ports, token.user_id, token.session_id, client).await?;
    }
    Ok(())
}

/// The same for an access token, of a browser that has no refresh token any more.
pub async fn revoke_by_access_token(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<(), AuthenticationError> {
    let verified = match verify(ports, token).await {
        Err(UseCaseError::Refused(Unauthenticated)) => return Ok(()),
        verified => verified?,
    };
    if let Some((user, session, _)) = verified.claims.subject() {
        end(ports, user, session, client).await?;
    }
    Ok(())
}

async fn end(
    ports: &Ports<impl Store, impl Crypto>,
    user: UserId,
    session: SessionId,
    client: &Client,
) -> Result<(), StoreError> {
    let activity = Activity::new(ports, Event::SessionEnded, client);
    let activity = activity.of_self(user).in_session(session);
    let pending_events = PendingEvents::new(activity);
    ports.store.end_session(user, session, &pending_events, ports.clock.now()).await?;
    Ok(())
}
