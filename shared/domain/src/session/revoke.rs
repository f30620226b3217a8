use super::{refresh::RefreshError, refresh_token::RefreshToken};
use crate::Ports;

/// Ends the session of a refresh token, of whatever generation (RFC 7009). A token that is not ours ends nothing and
/// is no error.
pub async fn revoke(ports: &Ports, token: &str) -> Result<(), RefreshError> {
    if let Some(token) = RefreshToken::authentic(ports, token).await? {
        ports.sessions.end(token.user_id, token.session_id, ports.clock.now()).await?;
    }
    Ok(())
}
