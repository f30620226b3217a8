//! Passwords, keys and tokens: the adapters of the domain's ports to Argon2id, HMAC and RS256.
//!
//! They stand apart from the domain because they need aws-lc and a thread pool; see
//! `docs/decisions/0002-crypto-crate.md`.

mod crypto;
mod foreign;
mod keys;
mod passwords;
mod proxy;
mod secrets;
mod tokens;

pub use crypto::Crypto;
pub use keys::{DirectoryKeys, KeyRing, KeySource, MemoryKeys, NoKeys};
pub use passwords::{Cost, PasswordPool};
pub use proxy::TrustedProxy;
pub use tokens::AccessTokens;
