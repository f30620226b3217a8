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
        let path = format!("/organizations/{organization}/invitations");
        steward.post(&path, json!({ "email": "spy@example.com" })).await.expect(404).seen()
    };
    assert_eq!(invite("MY_COMPANY").await, invite("NOWHERE").await);
    let after = firm.root.get(&victim.at("MY_COMPANY")).await.expect(200).text;
    assert_eq!(before, after);
    victim.get("/me").await.expect(200);
}

#[tokio::test]
async fn attack_67_an_organization_of_a_used_code_shows_nothing_of_before() {
    let mut firm = Firm::new().await;
    let old = firm.member("olga", "OTHER", &["admin"]).await;
    let told = "we bought it";
    let deal = json!({ "activity_type": "secret_deal", "description": told });
    let deal = old.track(deal).await.text_of("id").to_owned();
    let before = firm.root.get("/organizations/OTHER").await.expect(200).json();
    firm.root.patch("/organizations/OTHER", json!({ "description": "Ours" })).await.expect(200);
    // Until the stream has filed it, and the hour is counted.
    firm.app.settled(|items| items.iter().any(|item| item["entity"]["S"] == "feed entry")).await;
    firm.app.noted().await;
    firm.app.advance(3700).await;
    let run = json!({ "time": "2026-11-23T09:30:00Z" });
    firm.app.post("/_local/schedule/aggregate_stats", &run).await.expect(200);
    let old = firm.signed_in_at("olga", "OTHER").await;
    firm.root = firm.app.admin().await;
    firm.root.delete(&old.at("OTHER")).await.expect(204);
    firm.root.delete("/organizations/OTHER").await.expect(204);
    let made = json!({ "code": "OTHER", "name": "Another" });
    let made = firm.root.post("/organizations", made).await.expect(201).json();
    assert_ne!(made["id"], before["id"]);

    let new = firm.member("nina", "OTHER", &["admin"]).await;
    for path in [
        "/activities?limit=200",
        "/activities?activity_type=secret_deal",
        "/activities?category=data_management",
        "/activity-streams",
        "/activity-stats?period_type=hour",
        "/active-users",
    ] {
        let page = new.get(path).await.expect(200);
        assert!(!page.text.contains(told) && !page.text.contains("secret_deal"), "{path}");
        assert!(!page.text.contains(&old.id), "{path}: {}", page.text);
    }
    new.get(&format!("/activities/{deal}")).await.expect_problem(404, "not_found");
    let summary = new.get("/activities/summary").await.expect(200).json();
    // What made the organization, brought her in and signed her in, and her own calls.
    assert!(summary.number_of("total_last_24h") < 15.0, "{summary}");
    assert!(!summary.to_string().contains("secret_deal"), "{summary}");
    old.get("/me").await.expect_problem(401, "unauthenticated");
    firm.app.refresh(&old.refresh).await.expect_problem(401, "invalid_token");
    // A member of now is none of before: tokens of then open nothing here.
    firm.root.put(&old.at("OTHER"), json!({})).await.expect(201);
    old.get("/me").await.expect_problem(401, "unauthenticated");

    // What there was is there for super admins, by the code and the id that it had.
    let gone = format!("OTHER@{}", before.text_of("id"));
    let log = firm.root.get(&format!("/activities?organization={gone}")).await.expect(200);
    assert!(log.text.contains(told), "{}", log.text);
    let items = log.json();
    assert!(items.items().iter().all(|one| one["organization"] == "OTHER"), "its code is shown");
    let log = firm.root.get("/activities?organization=OTHER").await.expect(200);
    assert!(!log.text.contains(told));
}

#[tokio::test]
async fn attack_67_nobody_of_before_is_in_the_lists_however_far_they_are_behind() {
    let mut firm = Firm::new().await;
    let old = firm.member("olga", "OTHER", &["admin"]).await;
    let lists = [
        "/users?",
        "/users.csv?",
        "/organizations/OTHER/members?",
        "/organizations/OTHER/members.csv?",
    ];
    let shown = async |who: &Actor, of: &Actor| {
        let mut shown = Vec::new();
        for list in lists {
            for filter in ["", "q=olga", "status=active", "role=admin"] {
                let page = who.get(&format!("{list}{filter}")).await.expect(200).text;
                if page.contains(&of.id) {
                    shown.push(format!("{list}{filter}"));
                }
            }
        }
        shown
    };
    assert_eq!(shown(&old, &old).await.len(), 16);
    firm.app.stack.stop_background().await;
    firm.root.delete(&old.at("OTHER")).await.expect(204);
    firm.root.delete("/organizations/OTHER").await.expect(204);
    let made = json!({ "code": "OTHER", "name": "Another" });
    firm.root.post("/organizations", made).await.expect(201);
    let new = firm.member("nina", "OTHER", &["admin"]).await;
    assert_eq!(shown(&new, &old).await, [""; 0]);
    for list in ["/users?organization=OTHER", lists[2], lists[3]] {
        let page = firm.root.get(list).await.expect(200).text;
        assert!(!page.contains(&old.id), "{list}: {page}");
    }
}

#[tokio::test]
async fn an_invitation_of_another_organization_is_none() {
    let firm = Firm::new().await;
    let boss = firm.member("boss", "MY_COMPANY", &["admin"]).await;
    let theirs = "/organizations/OTHER/invitations";
    let invited = json!({ "email": "grace@example.com" });
    let theirs_id = firm.root.post(theirs, invited).await.expect(201).text_of("id");
    for list in ["/organizations/MY_COMPANY/invitations", theirs] {
        for id in [theirs_id.as_str(), NOBODY] {
            for (method, path) in [
                (Method::GET, format!("{list}/{id}")),
                (Method::POST, format!("{list}/{id}/resend")),
                (Method::DELETE, format!("{list}/{id}")),
            ] {
                let body = (method == Method::POST).then(|| json!({}));
                let response = boss.request(method.clone(), &path).json(body).await;
                let told = (response.status, response.text_of("code"));
                assert_eq!(told, (404, "not_found".to_owned()));
            }
        }
    }
    firm.root.get(&format!("{theirs}/{theirs_id}")).await.expect(200);
    assert_eq!(firm.app.mails("grace@example.com", 1).await.len(), 1, "and none was mailed again");
}
