//! Sets a stack up from a file of organizations, modules, permissions, roles, the first super
//! admin, accounts of programs, and templates of the activity stream.

mod input;
mod yaml;

use rolecall_domain::setup;
use rolecall_http::extract;
use serde_json::{Value, json};

use input::Input;

use crate::Ports;

/// What a schedule's event has beside what an operator gives.
const OF_A_SCHEDULE: [&str; 9] =
    ["version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail"];

/// Takes `{"organizations", "modules", "permissions", "roles", "super_admin", "service_users",
/// "activity_stream_templates", "dry_run"?}`, or the same as YAML text in `yaml`, and answers
/// `{"dry_run", "changes": [{"do", "what", "code", "before", "after"}]}`. Running it again changes
/// nothing.
pub async fn handler(ports: Ports, event: Value) -> Result<Value, String> {
    let Value::Object(mut event) = event else {
        return Err("the event is not a JSON object".to_owned());
    };
    if event.get("source") == Some(&json!("aws.scheduler")) {
        event.retain(|name, _| !OF_A_SCHEDULE.contains(&name.as_str()));
    }
    let dry_run = event.remove("dry_run").unwrap_or_default();
    let dry_run = dry_run
        .as_bool()
        .or(dry_run.is_null().then_some(false))
        .ok_or("`dry_run` is true or false")?;
    let wanted = match event.remove("yaml") {
        Some(Value::String(text)) => {
            yaml::document(&text).map_err(|why| format!("the file {why}"))?
        }
        Some(_) => return Err("`yaml` is a text".to_owned()),
        None => event,
    };
    let wanted = extract::take::<Input>(wanted).map_err(|problem| {
        let wrong = problem
            .errors()
            .iter()
            .map(|error| format!("{}: {} {}", error.field, error.code, error.message));
        format!("the file is wrong: {}", wrong.collect::<Vec<_>>().join("; "))
    })?;
    let changes =
        setup::set_up(&ports, &wanted.into(), dry_run).await.map_err(|error| error.to_string())?;
    let changes: Vec<Value> = changes.iter().map(shown).collect();
    Ok(json!({ "dry_run": dry_run, "changes": changes }))
}

fn shown(change: &setup::Change) -> Value {
    let doing = if change.before.is_null() { "create" } else { "update" };
    json!({ "do": doing, "what": change.what, "code": change.code, "before": change.before,
        "after": change.after })
}

#[cfg(test)]
mod tests;
