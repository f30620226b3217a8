//! Problems in the document: a named response for each set of error codes.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::{EVERY_RESPONSE, content, header, reference};
use crate::{
    access::Access,
    problem::{ErrorCode, ProblemBody},
    route::Route,
};

/// The errors of every route behind the gate.
const BEHIND_THE_GATE: &[ErrorCode] = &[
    ErrorCode::Unauthenticated,
    ErrorCode::PasswordChangeRequired,
    ErrorCode::BodyTooLarge,
    ErrorCode::InternalError,
    ErrorCode::Unavailable,
];

/// The error codes of an endpoint by their status: its own, and those that its path and its access
/// bring.
pub(super) fn by_status<S, C>(
    own: &[ErrorCode],
    Route { method, path, handler, .. }: &Route<S, C>,
) -> BTreeMap<u16, Vec<ErrorCode>> {
    let everywhere: &[ErrorCode] = match handler.access {
        Access::Page | Access::Public => &[ErrorCode::BodyTooLarge, ErrorCode::InternalError],
        Access::SignedIn => BEHIND_THE_GATE,
        Access::Needs(_) | Access::SuperAdmin => {
            &[&[ErrorCode::Forbidden], BEHIND_THE_GATE].concat()
        }
    };
    // An undeclared query parameter.
    let strict = path.starts_with("/api/v1/").then_some(&ErrorCode::ValidationFailed);
    let is_counted = handler.is_counted && !method.is_safe();
    let counted = is_counted.then_some(&ErrorCode::TooManyRequests);
    let no_keys = (!handler.takes_keys).then_some(&ErrorCode::KeyNotAllowed);
    let mut by_status: BTreeMap<u16, Vec<ErrorCode>> = BTreeMap::new();
    for code in own.iter().chain(everywhere).chain(strict).chain(counted).chain(no_keys) {
        by_status.entry(code.status()).or_default().push(*code);
    }
    for codes in by_status.values_mut() {
        codes.sort_unstable();
        codes.dedup();
    }
    by_status
}

/// What the response of a set of codes is called: `EmailTakenOrUsernameTaken`.
pub(super) fn name(codes: &[ErrorCode]) -> String {
    codes.iter().map(|code| format!("{code:?}")).collect::<Vec<_>>().join("Or")
}

/// The response of a set of codes.
pub(super) fn response(codes: &[ErrorCode]) -> Value {
    let described: Vec<String> =
        codes.iter().map(|code| format!("`{}`: {}.", code.as_str(), code.title())).collect();
    let examples: Map<String, Value> = codes
        .iter()
        .map(|code| (code.as_str().to_owned(), json!({ "value": example(*code) })))
        .collect();
    let schema = reference("schemas", &ProblemBody::name());
    let own = codes.iter().filter_map(|code| match code {
        ErrorCode::Unauthenticated => Some("WWW-Authenticate"),
        ErrorCode::TooManyRequests | ErrorCode::Unavailable => Some("Retry-After"),
        _ => None,
    });
    let headers: Map<String, Value> = own.chain([EVERY_RESPONSE]).map(header).collect();
    json!({
        "description": described.join(" "),
        "headers": headers,
        "content": content("application/problem+json", &schema, "examples", &examples.into()),
    })
}

fn example(code: ErrorCode) -> Value {
    let mut problem = json!({
        "type": format!("urn:problem-type:rolecall:{}", code.as_str()),
        "title": code.title(),
        "status": code.status(),
        "detail": code.title(),
        "instance": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "code": code.as_str(),
    });
    match code {
        ErrorCode::ValidationFailed => {
            problem["errors"] = json!([{ "field": "email", "code": "required",
                "message": "This field is required." }]);
        }
        ErrorCode::AccountNotActive => problem["account_status"] = json!("pending"),
        _ => {}
    }
    problem
}
