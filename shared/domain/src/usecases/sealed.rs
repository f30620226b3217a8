//! Values that are handed out to be brought back, and kept nowhere: sealed with what they are for,
//! whose they are, and their end.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{
    model::clock::Timestamp,
    ports::{Crypto, KeyError, Ports, Sealing, Store},
};

/// What was in a value that came back.
pub(crate) struct Opened {
    pub(crate) content: Vec<u8>,
    /// It is over from then on.
    pub(crate) ends_at: Timestamp,
}

/// Seals `content` until `ends_at`, in whole seconds; base64url.
pub(crate) async fn issue(
    ports: &Ports<impl Store, impl Crypto>,
    purpose: Sealing,
    bound_to: &[u8],
    ends_at: Timestamp,
    content: &[u8],
) -> Result<String, KeyError> {
    let content = [ends_at.as_second().to_be_bytes().as_slice(), content].concat();
    let sealed = ports.crypto.seal(purpose, bound_to, &content).await?;
    Ok(URL_SAFE_NO_PAD.encode(sealed))
}

/// What a text holds, if it was sealed for this; its end is for the caller to compare.
pub(crate) async fn open(
    ports: &Ports<impl Store, impl Crypto>,
    purpose: Sealing,
    bound_to: &[u8],
    text: &str,
) -> Result<Option<Opened>, KeyError> {
    let Ok(sealed) = URL_SAFE_NO_PAD.decode(text) else {
        return Ok(None);
    };
    let Some(content) = ports.crypto.open(purpose, bound_to, &sealed).await? else {
        return Ok(None);
    };
    let opened = content.split_first_chunk::<8>().and_then(|(seconds, content)| {
        let ends_at = Timestamp::from_second(i64::from_be_bytes(*seconds)).ok()?;
        Some(Opened { content: content.to_vec(), ends_at })
    });
    Ok(opened)
}
