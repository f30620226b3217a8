//! `GET /api/v1/settings`: the settings that the stack runs with.

use http::StatusCode;
use rolecall_domain::{permission::Authorization, settings::Variable};
use rolecall_http::{Problem, Request, Response, openapi::Doc, response};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::Context;

/// The authorizer alone has it.
const OF_ANOTHER: &str = "ROLECALL_AUTHORIZER_ROUTES";

/// A setting; none is a secret.
#[derive(Serialize, ToSchema)]
#[schema(as = StackSetting)]
pub struct Shown {
    /// Its variable.
    name: &'static str,
    /// As it is now.
    value: String,
    /// As it is where nobody sets it; `null` where somebody has to.
    default: Option<&'static str>,
}

/// Every setting.
#[derive(Serialize, ToSchema)]
#[schema(as = StackSettings)]
pub struct All(Vec<Shown>);

/// Returns them as this function was started with them.
pub async fn handler(ctx: Context, _: Authorization, _: Request) -> Result<Response, Problem> {
    let shown = |(Variable { name, default, .. }, value): &(Variable, String)| Shown {
        name,
        value: value.clone(),
        default: *default,
    };
    let all = ctx.ports.settings.values.iter().filter(|(variable, _)| variable.name != OF_ANOTHER);
    let all = All(all.map(shown).collect());
    response::json(StatusCode::OK, &all)
}

/// Its part of the OpenAPI document.
#[must_use]
pub fn doc() -> Doc {
    let rules = "For super admins. Secrets are no settings: they lie in Parameter Store.";
    let example = json!([{ "name": "ROLECALL_REGISTRATION", "value": "invite",
        "default": "verified" }]);
    Doc::new("List the settings", rules).response::<All>(200, "Every setting.", example)
}
