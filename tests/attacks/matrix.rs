//! Who may call what: every route of the table by everybody there is, as a table that a person can
//! read.

use functions::Endpoint;
use reqwest::Method;
use rolecall_http::access::Access;
use serde_json::json;

use crate::support::{Actor, Firm, Json, Response};

/// Whom and what the calls are about.
struct Target {
    actor: Actor,
    activity: String,
    entry: String,
}

/// Calls that an authorized caller makes without an effect: bodies that nothing takes, versions
/// that nothing has.
async fn call(firm: &Firm, who: Option<&Actor>, endpoint: &Endpoint, target: &Target) -> Response {
    let path = endpoint.path.replace("{user_id}", &target.actor.id);
    let id = if path.contains("user-sessions") {
        &target.actor.session_id
    } else if path.contains("activities") {
        &target.activity
    } else if path.contains("activity-streams") {
        &target.entry
    } else {
        &target.actor.id
    };
    let path = path.replace("{id}", id);
    let code = if path.contains("/organizations/") {
        "MY_COMPANY"
    } else if path.contains("/modules/{code}") {
        "PID"
    } else if path.contains("/permissions/{code}") {
        "pid.create"
    } else {
        "viewer"
    };
    let path = path
        .replace("{code}", code)
        .replace("{role}", "viewer")
        .replace("{permission}", "pid.create")
        .replace("{module}", "PID");
    let method: Method = endpoint.method.as_str().parse().unwrap();
    let has_body = [Method::POST, Method::PUT, Method::PATCH].contains(&method)
        || endpoint.key() == "DELETE /api/v1/me";
    let call = match who {
        Some(who) => who.request(method, &path),
        None => firm.app.request(method, &path),
    };
    let body = has_body.then(|| json!({ "no_such_field": 1 }));
    call.header("If-Match", "\"0\"").json(body).await
}

fn told(response: &Response) -> &'static str {
    match response.status {
        401 => "401",
        403 => "403",
        404 => "404",
        // The call went on to what it asks for, and stopped at what is wrong with it.
        200..=299 | 409 | 412 | 422 => "yes",
        status => panic!("{status}: {response:?}"),
    }
}

#[tokio::test]
async fn the_matrix_of_routes_and_callers_is_as_written() {
    let firm = Firm::new().await;
    let actor = firm.member("target", "MY_COMPANY", &["viewer"]).await;
    let activity = actor.track(json!({})).await;
    let entry = actor.entry_of(&activity).await.text_of("id").to_owned();
    let target = Target { actor, activity: activity.text_of("id").to_owned(), entry };
    let mut callers = vec![("anonymous", None), ("no org", Some(firm.app.signed_in("lone").await))];
    callers.push(("member", Some(firm.member("plain", "MY_COMPANY", &[]).await)));
    for role in ["viewer", "reviewer", "engineer", "manager", "admin"] {
        callers
            .push((role, Some(firm.member(&format!("the-{role}"), "MY_COMPANY", &[role]).await)));
    }
    callers.push(("other admin", Some(firm.member("foreign", "OTHER", &["admin"]).await)));
    callers.push(("super admin", Some(firm.root.clone())));
    let names: Vec<String> = callers.iter().map(|(name, _)| format!("{name:>11}")).collect();
    let mut table = format!("{:<78} {}\n", "route", names.join(" "));
    for endpoint in
        functions::routes::all().iter().filter(|endpoint| endpoint.handler.access != Access::Public)
    {
        let mut row = format!("{:<78}", endpoint.key());
        for (_, who) in &callers {
            row += &format!(" {:>11}", told(&call(&firm, who.as_ref(), endpoint, &target).await));
        }
        table += &format!("{row}\n");
    }
    insta::assert_snapshot!(table);
}
