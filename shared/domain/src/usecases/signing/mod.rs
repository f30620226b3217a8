//! Making, publishing and dropping keys.

mod manage;
mod rotate;
mod seal;
mod secret_keys;
mod sign_out;

pub use manage::{
    KnownKey, OrderRotationError, OrderRotationRefusal, order_rotation, signing_keys,
};
pub use rotate::{RotateError, RotateRefusal, Rotated, RotationOrder, ensure_keys, rotate};
pub use seal::{SealOrder, SealPass, Sealed, seal_passwords};
pub use sign_out::{Ended, sign_out_everyone};

use crate::model::clock::SignedDuration;

/// How long a key is on the list before it signs or makes: longer than anybody keeps the list. API
/// Gateway's JWT authorizer keeps public keys for two hours.
const LEAD: SignedDuration = SignedDuration::from_hours(3);

/// Clocks differ, and a token that is over may still be in somebody's hands.
const MARGIN: SignedDuration = SignedDuration::from_mins(5);
