use rolecall_domain::{
    api_key::{self, IssuedKey},
    clock::rfc3339,
};
use rolecall_http::openapi::with;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// An API key, without its secret.
#[derive(Serialize, ToSchema)]
pub(super) struct ApiKey {
    /// A UUID of version 7; `session_id` of what is done with it.
    #[schema(format = "uuid")]
    id: String,
    /// Whose it is.
    #[schema(format = "uuid")]
    user_id: String,
    /// What people call it.
    name: String,
    /// The organization in which it acts.
    organization: String,
    /// The permissions that it has, as far as its owner has them.
    scopes: Vec<String>,
    /// The networks that it may be used from; anywhere, if there are none.
    networks: Vec<String>,
    /// Who made it.
    #[schema(format = "uuid")]
    created_by: String,
    /// RFC 3339.
    #[schema(format = "date-time")]
    created_at: String,
    /// When it was last given another secret.
    #[schema(format = "date-time")]
    rotated_at: Option<String>,
    /// Until when the secret of before is good, too.
    #[schema(format = "date-time")]
    former_until: Option<String>,
    /// It is good for nothing from then on.
    #[schema(format = "date-time")]
    expires_at: String,
    /// When it was last used, to the hour.
    #[schema(format = "date-time")]
    last_used_at: Option<String>,
}

/// A key with its secret.
#[derive(Serialize, ToSchema)]
#[schema(as = IssuedApiKey)]
pub(super) struct Issued {
    /// What a program sends in `Authorization: Bearer`. It is shown once.
    #[schema(min_length = 120, max_length = 120)]
    key: String,
    /// What is kept of it.
    #[serde(flatten)]
    kept: ApiKey,
}

/// A user's keys.
#[derive(Serialize, ToSchema)]
#[schema(as = ApiKeys)]
pub(super) struct Keys {
    /// Those that are good for something, the newest first.
    items: Vec<ApiKey>,
    /// `null`: there are ten at most.
    next_cursor: Option<String>,
}

impl From<&api_key::ApiKey> for ApiKey {
    fn from(one: &api_key::ApiKey) -> Self {
        Self {
            id: one.id.to_string(),
            user_id: one.owner.to_string(),
            name: one.name.as_str().to_owned(),
            organization: one.organization.to_string(),
            scopes: one.scopes.iter().map(ToString::to_string).collect(),
            networks: one.networks.iter().map(ToString::to_string).collect(),
            created_by: one.created_by.to_string(),
            created_at: rfc3339(one.created_at),
            rotated_at: one.rotated_at.map(rfc3339),
            former_until: one.former.as_ref().map(|former| rfc3339(former.until)),
            expires_at: rfc3339(one.ends_at),
            last_used_at: one.last_used_at.map(rfc3339),
        }
    }
}

impl From<&IssuedKey> for Issued {
    fn from(IssuedKey { key, text }: &IssuedKey) -> Self {
        Self { key: text.reveal(), kept: key.into() }
    }
}

impl From<&[api_key::ApiKey]> for Keys {
    fn from(keys: &[api_key::ApiKey]) -> Self {
        Self { items: keys.iter().map(ApiKey::from).collect(), next_cursor: None }
    }
}

/// A key for the OpenAPI document.
pub(super) fn example() -> Value {
    json!({
        "id": "0199c1d2-8f00-7c11-8a22-1b2c3d4e5f61",
        "user_id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "name": "Nightly backup",
        "organization": "MY_COMPANY",
        "scopes": ["pid.read"],
        "networks": ["203.0.113.0/24"],
        "created_by": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "created_at": "2026-11-23T09:30:00.000Z",
        "rotated_at": null,
        "former_until": null,
        "expires_at": "2027-02-21T09:30:00.000Z",
        "last_used_at": null,
    })
}

/// A key with its secret, for the document.
pub(super) fn issued_example() -> Value {
    with(example(), json!({ "key": format!("rck_{}", "0".repeat(116)) }))
}
