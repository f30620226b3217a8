//! Tenant walls: what belongs to another organization is what does not exist, byte for byte.

use functions::Endpoint;
use reqwest::Method;
use rolecall_http::access::Access;
use serde_json::{Value, json};

use crate::support::{Actor, Firm, Json, Response, document};

const NOBODY: &str = "0199c1d2-8f00-7c11-8a22-1b2c3d4e5f60";

/// What stands for the ids of a path.
struct Ids<'a> {
    organization: &'a str,
    user: &'a str,
    session: &'a str,
    activity: &'a str,
    entry: &'a str,
}

fn fill(endpoint: &Endpoint, ids: &Ids<'_>) -> String {
    let path = endpoint.path.replace("{user_id}", ids.user);
    let id = if path.contains("user-sessions") {
        ids.session
    } else if path.contains("activities") {
        ids.activity
    } else if path.contains("activity-streams") {
        ids.entry
    } else {
        ids.user
    };
    let path = path.replace("{id}", id);
    let code = if path.contains("/organizations/") { ids.organization } else { "{code}" };
    path.replace("/organizations/{code}", &format!("/organizations/{code}"))
        .replace("{role}", "viewer")
}

/// Whether a path names something that belongs to somebody.
fn names_a_tenants_thing(endpoint: &Endpoint) -> bool {
    ["{user_id}", "{id}", "/organizations/{code}"].iter().any(|part| endpoint.path.contains(part))
}

async fn send(who: &Actor, endpoint: &Endpoint, path: &str) -> Response {
    let method = endpoint.method.as_str().to_lowercase();
    let body = &document()["paths"][endpoint.path][method]["requestBody"];
    let example = &body["content"]["application/json"]["example"];
    let example = Some(example).filter(|example| !example.is_null());
    who.request(endpoint.method.as_str().parse().unwrap(), path).json(example).await
}

#[tokio::test]
async fn attack_33_what_is_another_organizations_is_what_does_not_exist() {
    let firm = Firm::new().await;
    let every_right = json!({ "code": "steward", "name": "Steward", "level": 2 });
    firm.root.post("/roles", every_right).await.expect(201);
    for right in rolecall_domain::permission::Right::ALL {
        firm.root
            .put(&format!("/roles/steward/permissions/{}", right.code()), ())
            .await
            .expect(201);
    }
    let victim = firm.member("victim", "MY_COMPANY", &["viewer"]).await;
    let steward = firm.member("steward", "OTHER", &["steward"]).await;
    let activity = victim.track(json!({})).await;
    let entry = victim.entry_of(&activity).await;
    let theirs = Ids {
        organization: "MY_COMPANY",
        user: &victim.id,
        session: &victim.session_id,
        activity: activity.text_of("id"),
        entry: entry.text_of("id"),
    };
    let made_up = Ids {
        organization: "NOWHERE",
        user: NOBODY,
        session: NOBODY,
        activity: NOBODY,
        entry: NOBODY,
    };
    let before = firm.root.get(&victim.at("MY_COMPANY")).await.expect(200).text;
    let mut walls = 0;
    for endpoint in functions::routes::all()
        .iter()
        .filter(|one| one.handler.access != Access::Public && names_a_tenants_thing(one))
    {
        let at_theirs = send(&steward, endpoint, &fill(endpoint, &theirs)).await;
        let at_nothing = send(&steward, endpoint, &fill(endpoint, &made_up)).await;
        assert_eq!(at_theirs.status, 404, "{}: {at_theirs:?}", endpoint.key());
        assert_eq!(at_theirs.seen(), at_nothing.seen(), "{}", endpoint.key());
        // Their user in one's own organization is nobody there, either.
        let mixed = Ids { organization: "OTHER", ..theirs };
        let at_mixed = send(&steward, endpoint, &fill(endpoint, &mixed)).await;
        if endpoint.path.contains("{user_id}") {
            assert_eq!(at_mixed.seen(), at_nothing.seen(), "{}", endpoint.key());
        }
        walls += 1;
    }
    assert!(walls >= 15, "{walls}");
    for (method, path) in [
        (Method::GET, "/user-sessions?user_id="),
        (Method::DELETE, "/user-sessions?scope=all&user_id="),
    ] {
        let theirs =
            steward.request(method.clone(), &format!("{path}{}", theirs.user)).await.expect(404);
        let nobodys = steward.request(method, &format!("{path}{NOBODY}")).await;
        assert_eq!(theirs.seen(), nobodys.seen());
    }
    for (theirs, made_up) in [
        (
            json!({ "permission": "pid.create", "user_id": theirs.user }),
            json!({ "permission": "pid.create", "user_id": NOBODY }),
        ),
        (
            json!({ "permission": "pid.create", "organization": "MY_COMPANY", "explain": true }),
            json!({ "permission": "pid.create", "organization": "NOWHERE", "explain": true }),
        ),
        (
            json!({ "permission": "pid.create", "organization": "MY_COMPANY",
                "user_id": theirs.user }),
            json!({ "permission": "pid.create", "organization": "NOWHERE",
                "user_id": theirs.user }),
        ),
    ] {
        let check = async |body: &Value| steward.post("/permissions/check", body).await.seen();
        assert_eq!(check(&theirs).await, check(&made_up).await, "{theirs}");
    }
    let invite = async |organization: &str| {
        let body =
            json!({ "username": "spy", "email": "spy@example.com", "organization": organization });
        steward.post("/users", body).await.expect(404).seen()
    };
    assert_eq!(invite("MY_COMPANY").await, invite("NOWHERE").await);
    let after = firm.root.get(&victim.at("MY_COMPANY")).await.expect(200).text;
    assert_eq!(before, after);
    victim.get("/me").await.expect(200);
}
