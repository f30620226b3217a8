use rolecall_domain::{
    account::Email,
    clock::{SignedDuration, Timestamp, after},
    ids::UserId,
    mail::{Purpose, TokenHash},
    ports::StoreError,
    recovery::OneTimeToken,
};
use serde::{Deserialize, Serialize};

use super::{V, instant, parsed};
use crate::keys::{self, Key};

/// The one living token of a user and purpose. `asked_1` to `asked_3` are the last times that one
/// was made.
#[derive(Deserialize)]
pub(crate) struct OneTimeTokenItem {
    #[serde(default)]
    token: Option<String>,
    email: String,
    credential: u64,
    epoch: u64,
    #[serde(default)]
    new_email: Option<String>,
    ends_at: i64,
    /// When the one was made that a new account came with.
    #[serde(default)]
    made_at: i64,
    #[serde(default)]
    asked_1: i64,
    #[serde(default)]
    asked_3: i64,
}

/// The time in which three tokens may be made.
pub(crate) const PERIOD: SignedDuration = SignedDuration::from_hours(1);

impl OneTimeTokenItem {
    /// The token, unless it was used.
    pub(crate) fn one_time_token(
        self,
        owner: UserId,
        purpose: Purpose,
    ) -> Result<Option<OneTimeToken>, StoreError> {
        let Some(token) = self.token else {
            return Ok(None);
        };
        Ok(Some(OneTimeToken {
            owner,
            purpose,
            token: TokenHash::from_stored(token),
            email: parsed(Email::parse(&self.email))?,
            credential: self.credential,
            epoch: self.epoch,
            new_email: parsed(self.new_email.as_deref().map(Email::parse).transpose())?,
            made_at: instant(self.made_at.max(self.asked_1))?,
            ends_at: instant(self.ends_at)?,
            last_until: (self.asked_3 > 0)
                .then(|| instant(self.asked_3))
                .transpose()?
                .map(|third| after(third, PERIOD)),
        }))
    }

    /// The hash of the token, unless it was used, and when the next one can be made.
    pub(crate) fn asked(self) -> Result<(Option<String>, Timestamp), StoreError> {
        Ok((self.token, after(instant(self.asked_3)?, PERIOD)))
    }
}

/// The token that a new account comes with.
#[derive(Serialize)]
pub(crate) struct NewOneTimeTokenItem {
    #[serde(flatten)]
    key: Key,
    entity: &'static str,
    v: u8,
    token: String,
    email: String,
    credential: u64,
    epoch: u64,
    made_at: i64,
    ends_at: i64,
    expires_at: i64,
}

impl From<&OneTimeToken> for NewOneTimeTokenItem {
    fn from(one_time_token: &OneTimeToken) -> Self {
        Self {
            key: keys::one_time_token(one_time_token.owner, one_time_token.purpose),
            entity: "ticket",
            v: V,
            token: one_time_token.token.as_str().to_owned(),
            email: one_time_token.email.address().to_owned(),
            credential: one_time_token.credential,
            epoch: one_time_token.epoch,
            made_at: one_time_token.made_at.as_millisecond(),
            ends_at: one_time_token.ends_at.as_millisecond(),
            expires_at: one_time_token.ends_at.as_second(),
        }
    }
}
