use super::{refresh::RefreshError, refresh_token::RefreshToken};
use crate::{
    model::{
        activity::{Activity, PendingEvents},
        client::Client,
        event::Event,
    },
    ports::{Crypto, Ports, Store},
};

/// Ends the session of a refresh token, of whatever generation (RFC 7009). A token that is not ours
/// ends nothing and is no error.
pub async fn revoke(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    client: &Client,
) -> Result<(), RefreshError> {
    if let Some(token) = RefreshToken::authentic(ports, token).await? {
        let activity = Activity::new(ports, Event::SessionEnded, client)
            .of_self(token.user_id)
            .in_session(token.session_id);
        ports
            .store
            .end_session(
                token.user_id,
                token.session_id,
                &PendingEvents::new(activity),
                ports.clock.now(),
            )
            .await?;
    }
    Ok(())
}
