//! Signing keys: which one signs, which ones are published, and how they change.

mod list;
mod rotate;

pub use list::{Algorithm, KeyList, PublicKey, PublishedKey};
pub use rotate::{RotateError, Rotated, RotationOrder, ensure_signer, rotate};
