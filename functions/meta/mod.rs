//! About the service itself.

pub mod fallback;
pub mod get_openapi_document;
pub mod get_openid_configuration;
pub mod get_signing_keys;
pub mod healthz;

/// The generated OpenAPI document; `cargo xtask sync` writes it.
pub(crate) const OPENAPI: &str = include_str!("../openapi.json");
