//! Who may call what: every route of the table by everybody there is, as a table that a person can
//! read.

use functions::Endpoint;
use reqwest::Method;
use rolecall_http::access::Access;
use serde_json::{Value, json};

use crate::{api::Firm, support::Response};

/// Calls that an authorized caller makes without an effect: bodies that nothing takes, versions
/// that nothing has.
async fn call(firm: &Firm, who: Option<&Value>, endpoint: &Endpoint, target: &Value) -> Response {
    let path = endpoint.path.replace("{user_id}", target["user"]["id"].as_str().unwrap());
    let path = if path.contains("user-sessions") {
        path.replace("{id}", target["session_id"].as_str().unwrap())
    } else if path.contains("activities") {
        path.replace("{id}", target["activity"].as_str().unwrap())
    } else if path.contains("activity-streams") {
        path.replace("{id}", target["entry"].as_str().unwrap())
    } else {
        path.replace("{id}", target["user"]["id"].as_str().unwrap())
    };
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
    let mut request = firm
        .app
        .request(endpoint.method.as_str().parse().unwrap(), &path)
        .header("If-Match", "\"0\"");
    if let Some(who) = who {
        request = request.bearer_auth(who["access"].as_str().unwrap());
    }
    let has_body = [Method::POST, Method::PUT, Method::PATCH]
        .iter()
        .any(|method| method.as_str() == endpoint.method.as_str());
    firm.app
        .send(if has_body { request.json(&json!({ "no_such_field": 1 })) } else { request })
        .await
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
    let mut target = firm.member("target", "MY_COMPANY", &["viewer"]).await;
    let activity = firm.track(&target, json!({})).await;
    target["entry"] = firm.entry_of(&target, &activity).await["id"].clone();
    target["activity"] = activity["id"].clone();
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
