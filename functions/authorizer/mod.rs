//! The Lambda authorizer for anybody's HTTP API: payload format 2.0, simple responses
//! (`docs/verifying-tokens.md`).

use std::collections::BTreeMap;

use rolecall_domain::{
    UseCaseError,
    permission::{self, Need},
    session::Client,
};
use rolecall_http::guard;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Ports;

/// The stage variable that says what every route of the stage needs which the map does not name.
const STAGE_VARIABLE: &str = "rolecall_needs";

/// What API Gateway sends, as far as it is looked at.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    version: String,
    route_key: String,
    #[serde(default)]
    identity_source: Option<Vec<String>>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    stage_variables: Option<BTreeMap<String, String>>,
    #[serde(default)]
    request_context: RequestContext,
}

#[derive(Default, Deserialize)]
struct RequestContext {
    #[serde(default)]
    http: Http,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Http {
    #[serde(default)]
    source_ip: Option<String>,
}

impl Event {
    /// What the route needs: by the map of the settings, or else by the stage. Nothing said is
    /// nothing allowed.
    fn need(&self, routes: &[(String, Need)]) -> Option<Need> {
        let mapped =
            routes.iter().find(|(route, _)| *route == self.route_key).map(|(_, need)| need.clone());
        let of_stage = || Need::parse(self.stage_variables.as_ref()?.get(STAGE_VARIABLE)?).ok();
        mapped.or_else(of_stage)
    }

    fn token(&self) -> Option<&str> {
        let source = self.identity_source.as_ref().and_then(|source| source.first());
        guard::bearer_token(source.or_else(|| self.headers.get("authorization"))?)
    }
}

/// Returns `{"isAuthorized": true, "context": {"user_id", "organization", "session_id",
/// "roles"}}`, or false. When store or keys are away it fails, and API Gateway answers 500: nobody
/// is let in on a guess.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    let event: Event = serde_json::from_value(event)
        .map_err(|error| format!("not an authorizer's request: {error}"))?;
    if event.version != "2.0" {
        return Err(format!("payload format {} is not 2.0", event.version));
    }
    let denied = json!({ "isAuthorized": false });
    let Some(need) = event.need(&ports.settings.authorizer_routes) else {
        tracing::warn!(
            route = event.route_key,
            "neither the settings nor the stage say what this route needs: denied"
        );
        return Ok(denied);
    };
    let Some(token) = event.token() else {
        return Ok(denied);
    };
    let address = event.request_context.http.source_ip.clone();
    let client = Client { address, ..Client::default() };
    match permission::authorize_request(&ports, token, &client, &need).await {
        Ok(Some(who)) => Ok(json!({ "isAuthorized": true, "context": {
            "user_id": who.user_id.to_string(),
            "organization": who.organization.unwrap_or_default(),
            "session_id": who.session_id.to_string(),
            "roles": who.roles,
        } })),
        Ok(None) | Err(UseCaseError::Refused(_)) => Ok(denied),
        Err(error) => Err(error.to_string()),
    }
}

#[cfg(test)]
mod tests;
