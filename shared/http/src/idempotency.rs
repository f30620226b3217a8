//! `Idempotency-Key` on a POST that creates (draft-ietf-httpapi-idempotency-key-header).

use rolecall_domain::{
    Created, Crypto, Store, Violation,
    idempotency::{Idempotency, KEY_LIFETIME, SECRET_LIFETIME, StoredResponse},
    ids::UserId,
};
use sha2::{Digest, Sha256};

use crate::{Context, Request, Response, problem::Problem, response};

/// A key as it came, bound to its endpoint and its sender, and its body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// Hash of endpoint, sender, key, and what the path names.
    pub key: [u8; 32],
    /// Hash of the body.
    pub fingerprint: [u8; 32],
}

/// The key of a request, if it has one. `sender` keeps callers apart: a user's id, or nothing for
/// strangers.
pub fn key(
    ctx: &Context<impl Store, impl Crypto>,
    request: &Request,
    sender: &str,
) -> Result<Option<IdempotencyKey>, Problem> {
    let Some(value) = request.headers().get("idempotency-key") else {
        return Ok(None);
    };
    let is_visible = |text: &&str| text.bytes().all(|byte| byte.is_ascii_graphic());
    let value = value.to_str().ok().filter(|text| (1..=255).contains(&text.len()));
    let value = value.filter(is_visible).ok_or_else(|| {
        let message = "An Idempotency-Key has 1 to 255 visible ASCII characters.";
        Problem::field("Idempotency-Key", Violation::new("invalid", message))
    })?;
    let endpoint = ctx.endpoint.as_bytes();
    let path: Vec<String> = ctx.path_values().collect();
    let mut parts = vec![b"key".as_slice(), endpoint, sender.as_bytes(), value.as_bytes()];
    parts.extend(path.iter().map(String::as_bytes));
    let key = hash(&parts);
    let fingerprint = hash(&[b"body", endpoint, request.body()]);
    Ok(Some(IdempotencyKey { key, fingerprint }))
}

/// SHA-256 over parts, which are told apart by their lengths.
fn hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// The key of a request of `sender`, whom an operator is not, as the use case that makes a `T`
/// takes it.
pub fn idempotency<'a, T>(
    ctx: &Context<impl Store, impl Crypto>,
    request: &Request,
    sender: Option<UserId>,
    response: &'a (dyn Fn(&T) -> StoredResponse + Send + Sync),
) -> Result<Option<Idempotency<'a, T>>, Problem> {
    let sender = sender.map(|user| user.to_string()).unwrap_or_default();
    let key = key(ctx, request, &sender)?;
    let lifetime = KEY_LIFETIME;
    Ok(key.map(|IdempotencyKey { key, fingerprint }| Idempotency {
        key,
        fingerprint,
        lifetime,
        response,
    }))
}

/// The same where the answer holds a secret.
pub fn of_secret<'a, T>(
    ctx: &Context<impl Store, impl Crypto>,
    request: &Request,
    sender: Option<UserId>,
    response: &'a (dyn Fn(&T) -> StoredResponse + Send + Sync),
) -> Result<Option<Idempotency<'a, T>>, Problem> {
    let found = idempotency(ctx, request, sender, response)?;
    Ok(found.map(|found| Idempotency { lifetime: SECRET_LIFETIME, ..found }))
}

/// An answer in the form that can be given again.
pub fn first(status: u16, body: &impl serde::Serialize) -> StoredResponse {
    let encoded = response::encode(http::StatusCode::from_u16(status).unwrap_or_default(), body);
    StoredResponse {
        status: encoded.status().as_u16(),
        etag: None,
        body: String::from_utf8_lossy(encoded.body()).into_owned(),
    }
}

/// The answer to what was made now, or by the same request before.
pub fn created<T>(
    created: Created<T>,
    first: impl Fn(&T) -> StoredResponse,
) -> Result<Response, Problem> {
    let first = match created {
        Created::New(made) => first(&made),
        Created::Replayed(first) => first,
    };
    let status = http::StatusCode::from_u16(first.status)
        .map_err(|_| Problem::bug("a stored answer has no status"))?;
    let response = response::raw_json(status, first.body);
    match first.etag {
        Some(etag) => response::with_etag(response, etag),
        None => response,
    }
}
