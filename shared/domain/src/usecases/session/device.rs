use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    model::{
        account::User,
        clock::{Timestamp, after, from_millis},
        ids::{SessionId, UserId},
        session::Session,
    },
    ports::{Crypto, Derivation, KeyError, Ports, Store, StoreError},
};

const PREFIX: &str = "rcd_";

/// That a device has signed in to an account: signed, and new with every login and every refresh.
///
/// It opens nothing by itself. With it, strangers' failures do not keep the owner out. It is over
/// after `ROLECALL_DEVICE_DAYS`, with every change of the account's epoch (a new password, signing
/// out everywhere), and with its session when another device or an administrator signs that out:
/// then it is lost.
#[derive(Clone, PartialEq, Eq)]
pub struct DeviceToken {
    user_id: UserId,
    session_id: SessionId,
    epoch: u64,
    issued_at: Timestamp,
}

impl DeviceToken {
    /// The value for the device of a session, the same for all who are given the same pair.
    pub(super) async fn issue(
        ports: &Ports<impl Store, impl Crypto>,
        session: &Session,
    ) -> Result<String, KeyError> {
        let token = Self {
            user_id: session.user_id,
            session_id: session.id,
            epoch: session.epoch,
            issued_at: session.rotated_at,
        };
        let named = token.named();
        let tag = ports.crypto.tag(Derivation::Device, token.issued_at, &[&named]).await?;
        Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode([named.as_slice(), &tag].concat())))
    }

    /// What a text says, if this server made it and its time is not over.
    pub(super) async fn authentic(
        ports: &Ports<impl Store, impl Crypto>,
        text: &str,
    ) -> Result<Option<Self>, KeyError> {
        let Some((token, tag)) = Self::parse(text) else {
            return Ok(None);
        };
        let is_ours = ports.crypto.check_tag(Derivation::Device, &[&token.named()], &tag).await?;
        let is_current = after(token.issued_at, ports.settings.device_lifetime) > ports.clock.now();
        Ok((is_ours && is_current).then_some(token))
    }

    /// The session in which the device signed in to this account, as the account is now.
    pub(super) fn session_of(&self, user: &User) -> Option<SessionId> {
        (self.user_id == user.id && self.epoch == user.epoch).then_some(self.session_id)
    }

    /// Whether the device was signed out as lost.
    pub(super) async fn is_lost(
        &self,
        ports: &Ports<impl Store, impl Crypto>,
    ) -> Result<bool, StoreError> {
        ports.store.is_lost(self.user_id, self.session_id).await
    }

    fn parse(text: &str) -> Option<(Self, Vec<u8>)> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        let (user, rest) = bytes.split_first_chunk::<16>()?;
        let (session, rest) = rest.split_first_chunk::<16>()?;
        let (epoch, rest) = rest.split_first_chunk::<8>()?;
        let (issued, tag) = rest.split_first_chunk::<8>()?;
        let token = Self {
            user_id: UserId::from_bytes(*user),
            session_id: SessionId::from_bytes(*session),
            epoch: u64::from_be_bytes(*epoch),
            issued_at: from_millis(i64::from_be_bytes(*issued))?,
        };
        Some((token, tag.to_vec()))
    }

    fn named(&self) -> Vec<u8> {
        let (epoch, issued) =
            (self.epoch.to_be_bytes(), self.issued_at.as_millisecond().to_be_bytes());
        [self.user_id.as_bytes().as_slice(), self.session_id.as_bytes(), &epoch, &issued].concat()
    }
}

impl fmt::Debug for DeviceToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DeviceToken({})", self.session_id)
    }
}
