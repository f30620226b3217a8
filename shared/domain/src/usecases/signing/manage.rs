//! What super admins see and order of the signing keys.

use super::rotate::{ATTEMPTS, RotateRefusal, Rotated, RotationOrder, after_life, rotate_once};
use crate::{
    model::{
        account::PlainPassword,
        authorization::Authorization,
        clock::{Timestamp, after},
        event::Event,
        signing::{KeyState, PublishedKey},
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        administration::{AdministerError, AdministerRefusal, Administrator, for_super_admins},
        error::{Refusal, UseCaseError, refusals},
        password::{WrongPassword, present_password},
        permission::renewed,
    },
};

/// A signing key, and where it is on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownKey {
    pub key: PublishedKey,
    pub state: KeyState,
    /// When its last token is over: the run after that takes it away.
    pub gone_at: Option<Timestamp>,
}

/// Every published key, the first that signed first.
pub async fn signing_keys(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
) -> Result<Vec<KnownKey>, AdministerError> {
    for_super_admins(authorization, "Only super admins see the signing keys.")?;
    let (now, list) = (ports.clock.now(), ports.store.public_keys().await?);
    let known = |one: &PublishedKey| {
        let (state, successor) = list.state(one, now);
        let gone_at = successor.map(|at| after(at, after_life(ports)));
        KnownKey { key: one.clone(), state, gone_at }
    };
    let mut all: Vec<KnownKey> = list.keys.iter().map(known).collect();
    all.sort_by_key(|one| one.key.signs_from);
    Ok(all)
}

/// Why the keys were not rotated by a super admin.
pub type OrderRotationError = UseCaseError<OrderRotationRefusal>;

/// The reasons of [`OrderRotationError`].
#[derive(Debug, thiserror::Error)]
pub enum OrderRotationRefusal {
    #[error(transparent)]
    Administer(#[from] AdministerRefusal),
    /// The present password did not prove who calls.
    #[error(transparent)]
    WrongPassword(#[from] WrongPassword),
    #[error(transparent)]
    Rotate(#[from] RotateRefusal),
}

impl Refusal for OrderRotationRefusal {}
refusals!(OrderRotationRefusal);

/// Publishes the next key, or drops one by its id with every token that it signed: for super admins
/// who know their password. Said once more it does no harm.
pub async fn order_rotation(
    ports: &Ports<impl Store, impl Crypto>,
    by: Administrator<'_>,
    current: &PlainPassword,
    drop: Option<&str>,
) -> Result<Rotated, OrderRotationError> {
    let detail = "Only super admins rotate the signing keys.";
    for_super_admins(by.authorization, detail).map_err(|error| error.map(Into::into))?;
    let Some(caller) = by.authorization.caller() else {
        return Err(OrderRotationRefusal::from(AdministerRefusal::Forbidden(detail)).into());
    };
    let failure = Event::KeysRotationFail;
    let proven = present_password(ports, caller, current, by.client, failure).await;
    proven.map_err(|error| error.map(OrderRotationRefusal::from))?;
    let order = match drop {
        None => RotationOrder::Next,
        // Words that mean another key after the next change are the operator's, and so are the
        // server's keys: an answer that is lost asks for the same thing once more.
        Some(kid) if kid == "current" || kid.starts_with("server") => {
            return Err(OrderRotationRefusal::from(RotateRefusal::UnknownKey).into());
        }
        Some(kid) => RotationOrder::Drop(kid.to_owned()),
    };
    let mut authorization = by.authorization.clone();
    for _ in 1..ATTEMPTS {
        match rotate_once(ports, &order, Some((&authorization, by.client))).await {
            Err(UseCaseError::Refused(RotateRefusal::Raced)) if order == RotationOrder::Next => {}
            rotated => return rotated.map_err(|error| error.map(OrderRotationRefusal::from)),
        }
        let renewed = renewed(ports, &authorization).await;
        authorization = renewed.map_err(|error| error.map(OrderRotationRefusal::from))?;
        for_super_admins(&authorization, detail).map_err(|error| error.map(Into::into))?;
    }
    let rotated = rotate_once(ports, &order, Some((&authorization, by.client))).await;
    rotated.map_err(|error| error.map(OrderRotationRefusal::from))
}
