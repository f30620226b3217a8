use super::{device::DeviceToken, refresh_token::RefreshToken};
use crate::{
    model::{
        account::User,
        client::Client,
        clock::{Timestamp, after},
        ids::SessionId,
        organization::{Membership, Memberships},
        process::Process,
        session::{AccessClaims, Session},
    },
    ports::{Crypto, KeyError, Ports, Store},
};

/// A pair of tokens and whose it is.
#[derive(Clone)]
pub struct Granted {
    pub access: String,
    pub refresh: String,
    /// What says that this device is known.
    pub device: String,
    /// Seconds that the access token has left.
    pub expires_in: i64,
    /// Seconds that the refresh token has left.
    pub refresh_expires_in: i64,
    pub session_id: SessionId,
    /// The account, with its memberships; after a login without their roles.
    pub user: User,
    pub memberships: Memberships,
}

impl Granted {
    /// The pair of the live generation of `session`.
    pub(super) async fn of(
        ports: &Ports<impl Store, impl Crypto>,
        session: &Session,
        (user, memberships): (User, Memberships),
        now: Timestamp,
    ) -> Result<Self, KeyError> {
        let claims = AccessClaims::of(ports, session).await?;
        let refresh = RefreshToken {
            user_id: user.id,
            session_id: session.id,
            generation: session.generation,
            organization: session.organization.clone(),
        };
        Ok(Self {
            access: ports.crypto.sign_token(&claims, ports.settings.token_type).await?,
            refresh: refresh.issue(ports, session.rotated_at).await?,
            device: DeviceToken::issue(ports, session).await?,
            expires_in: (claims.exp - now.as_second()).max(0),
            refresh_expires_in: session.expires_at().duration_since(now).as_secs().max(0),
            session_id: session.id,
            user,
            memberships,
        })
    }
}

/// A session of now, in an organization or in none.
pub(super) fn new_session(
    process: &Process,
    user: &User,
    place: Option<&Membership>,
    client: &Client,
    now: Timestamp,
) -> Session {
    Session {
        id: process.id(),
        user_id: user.id,
        organization: place.map(|membership| membership.organization.clone()),
        organization_id: place.and_then(|membership| membership.id),
        member_since: place.and_then(|membership| membership.since),
        epoch: user.epoch,
        generation: 0,
        rotated_at: now,
        access_used_generation: 0,
        refresh_expires_at: after(now, process.settings.refresh_lifetime),
        ends_at: after(now, process.settings.session_lifetime),
        ended_at: None,
        created_at: now,
        last_activity: now,
        client: client.clone(),
        page: None,
    }
}
