//! Passwords, keys and tokens: the adapters of the domain's ports to Argon2id, HMAC and RS256.
//!
//! They stand apart from the domain because they need aws-lc and a thread pool; see `docs/decisions/0002-crypto-crate.md`.

mod keys;
mod passwords;
mod secrets;
mod tokens;

pub use keys::{DirectoryKeys, KeyMaterial, KeyRing, KeySource, MemoryKeys};
pub use passwords::PasswordPool;
pub use tokens::AccessTokens;

/// Draws the first random byte of aws-lc in this process: what its seeding costs is in the budget.
pub fn first_random_byte() {
    let mut byte = [0];
    // A generator that fails has cost its time all the same.
    let _ = aws_lc_rs::rand::fill(&mut byte);
}
