use super::ticket::{TicketError, refused};
use crate::{
    Ports,
    activity::{Activity, Enclosed, Event},
    mail::{MailToken, Purpose, TokenHash},
    session::Client,
    throttle::{self, Rule},
};

/// Ends the lock that the token was mailed for, once, and forgets the failures that brought it.
pub async fn unlock(ports: &Ports, token: &str, client: &Client) -> Result<(), TicketError> {
    throttle::check(ports, Rule::Links, client)?;
    let user = match MailToken::owner(token) {
        Some(owner) => ports.accounts.user(owner).await?,
        None => None,
    };
    let Some(user) = user else {
        return Err(refused(ports, client).await?);
    };
    let enclosed = Enclosed::new(Activity::new(ports, Event::Unlock, client).of_user(user.id));
    let hash = TokenHash::of(Purpose::Unlock, token);
    if ports
        .accounts
        .unlock(&user.email, &hash, &enclosed, ports.clock.now())
        .await?
    {
        return Ok(());
    }
    Err(refused(ports, client).await?)
}
