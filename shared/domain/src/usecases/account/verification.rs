//! What proves an address, and what tells whose sign-up it is.

use crate::{
    model::{
        account::{Email, User},
        clock::Timestamp,
        ids::UserId,
    },
    ports::{Crypto, KeyError, Ports, Sealing, Store},
    usecases::sealed,
};

/// What the link of a verification mail carries: the address that it was mailed to. It serves every
/// sign-up of the address that waits.
pub(crate) struct VerificationLink {
    pub(crate) email: Email,
    /// It is over from then on.
    pub(crate) ends_at: Timestamp,
}

impl VerificationLink {
    /// The token of a link; another one each time.
    pub(crate) async fn issue(
        ports: &Ports<impl Store, impl Crypto>,
        email: &Email,
        ends_at: Timestamp,
    ) -> Result<String, KeyError> {
        let address = email.address().as_bytes();
        sealed::issue(ports, Sealing::VerificationLink, &[], ends_at, address).await
    }

    /// What a token says, if this server made it.
    pub(crate) async fn open(
        ports: &Ports<impl Store, impl Crypto>,
        token: &str,
    ) -> Result<Option<Self>, KeyError> {
        let opened = sealed::open(ports, Sealing::VerificationLink, &[], token).await?;
        Ok(opened.and_then(|opened| {
            let email = Email::parse(std::str::from_utf8(&opened.content).ok()?).ok()?;
            Some(Self { email, ends_at: opened.ends_at })
        }))
    }
}

/// What registering gives to the browser that signs up: with it, the link needs no password.
pub(crate) struct Verifier;

const PREFIX: &str = "rcv_";

impl Verifier {
    /// For the sign-up that is to become `user`.
    pub(crate) async fn issue(
        ports: &Ports<impl Store, impl Crypto>,
        user: &User,
        ends_at: Timestamp,
    ) -> Result<String, KeyError> {
        let (email, id) = (user.email.key().as_bytes(), user.id);
        let text = sealed::issue(ports, Sealing::Verifier, email, ends_at, id.as_bytes()).await?;
        Ok(format!("{PREFIX}{text}"))
    }

    /// The account that the sign-up is to become, if this server made it for this address and its
    /// time is not over.
    pub(crate) async fn open(
        ports: &Ports<impl Store, impl Crypto>,
        email: &Email,
        text: &str,
    ) -> Result<Option<UserId>, KeyError> {
        let Some(text) = text.strip_prefix(PREFIX) else {
            return Ok(None);
        };
        let opened = sealed::open(ports, Sealing::Verifier, email.key().as_bytes(), text).await?;
        let opened = opened.filter(|opened| opened.ends_at > ports.clock.now());
        Ok(opened.and_then(|opened| {
            opened.content.try_into().ok().map(|id: [u8; 16]| UserId::from_bytes(id))
        }))
    }
}
