use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    model::{
        clock::Timestamp,
        code::Code,
        ids::{SessionId, UserId},
    },
    ports::{Crypto, Derivation, KeyError, Ports, Store, Tag},
};

const PREFIX: &str = "rcr_";

/// The length of a token from before keys had ids.
const BEFORE_IDS: usize = 16 + 16 + 4 + 32;

/// The n-th refresh token of a session: user, session, number, the organization that the session
/// acts in, and a tag over them with the server key of when it was made.
///
/// The organization tells what to read beside the session; it decides nothing, and tokens of before
/// have none.
/// The table keeps the number alone, so a copy of the table signs nobody in. `rcr_` lets secret
/// scanners find it.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken {
    pub user_id: UserId,
    pub session_id: SessionId,
    pub generation: u32,
    pub organization: Option<Code>,
}

impl RefreshToken {
    /// The token, which was made at `at`: the same one each time.
    pub async fn issue(
        &self,
        ports: &Ports<impl Store, impl Crypto>,
        at: Timestamp,
    ) -> Result<String, KeyError> {
        let named = self.named();
        let tag = ports.crypto.tag(Derivation::RefreshToken, at, &[&named]).await?;
        Ok(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode([named.as_slice(), &tag].concat())))
    }

    /// What a text names, if this server made it.
    pub async fn authentic(
        ports: &Ports<impl Store, impl Crypto>,
        text: &str,
    ) -> Result<Option<Self>, KeyError> {
        let Some((token, tag)) = Self::parse(text) else {
            return Ok(None);
        };
        let is_ours =
            ports.crypto.check_tag(Derivation::RefreshToken, &[&token.named()], &tag).await?;
        Ok(is_ours.then_some(token))
    }

    fn parse(text: &str) -> Option<(Self, Vec<u8>)> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        // Tokens of before name no key: they are as long as no other.
        let tag_length = if bytes.len() == BEFORE_IDS { 32 } else { size_of::<Tag>() };
        let (named, tag) = bytes.split_at_checked(bytes.len().checked_sub(tag_length)?)?;
        let (user, rest) = named.split_first_chunk::<16>()?;
        let (session, rest) = rest.split_first_chunk::<16>()?;
        let (generation, organization) = rest.split_first_chunk::<4>()?;
        let organization = str::from_utf8(organization).ok().filter(|code| !code.is_empty());
        let token = Self {
            user_id: UserId::from_bytes(*user),
            session_id: SessionId::from_bytes(*session),
            generation: u32::from_be_bytes(*generation),
            organization: organization.map(Code::parse).transpose().ok()?,
        };
        Some((token, tag.to_vec()))
    }

    fn named(&self) -> Vec<u8> {
        [
            self.user_id.as_bytes().as_slice(),
            self.session_id.as_bytes(),
            &self.generation.to_be_bytes(),
            self.organization.as_ref().map_or(&[], |code| code.as_str().as_bytes()),
        ]
        .concat()
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RefreshToken({} #{})", self.session_id, self.generation)
    }
}
