//! About the service itself.

pub mod fallback;
pub mod healthz;
pub mod jwks;
pub mod openapi;
pub mod openid_configuration;

/// The generated OpenAPI document; `cargo xtask sync` writes it.
pub(crate) const OPENAPI: &str = include_str!("../openapi.json");
