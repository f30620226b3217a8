use rolecall_local::Options;
use serde_json::{Value, json};

use super::{Actor, PASSWORD, TestApp, person};

/// A stack with a super admin, two organizations, a module, a permission of it and a role.
pub(crate) struct Firm {
    pub(crate) app: TestApp,
    pub(crate) root: Actor,
}

impl Firm {
    pub(crate) async fn new() -> Self {
        Self::at(TestApp::with_admin("open").await).await
    }

    /// The same on a stack of these options.
    pub(crate) async fn on(options: Options) -> Self {
        Self::at(TestApp::with_admin_on("open", options).await).await
    }

    async fn at(app: TestApp) -> Self {
        let root = app.admin().await;
        for (list, one) in [
            ("/organizations", json!({ "code": "MY_COMPANY", "name": "My Company" })),
            ("/organizations", json!({ "code": "OTHER", "name": "Other" })),
            ("/modules", json!({ "code": "PID", "name": "Piping" })),
            (
                "/permissions",
                json!({ "code": "pid.create", "module": "PID", "name": "Create",
                    "action": "create" }),
            ),
            ("/roles", json!({ "code": "drafter", "name": "Drafter", "level": 5 })),
        ] {
            root.post(list, one).await.expect(201);
        }
        Self { app, root }
    }

    /// Somebody who signed up, made a member with these roles, and signed in there.
    pub(crate) async fn member(&self, name: &str, organization: &str, roles: &[&str]) -> Actor {
        let user = self.app.post("/auth/register", person(name)).await.expect(201);
        let at = format!("/organizations/{organization}/members/{}", user.text_of("id"));
        self.root.put(&at, json!({})).await.expect(201);
        for role in roles {
            self.root.put(&format!("{at}/roles/{role}"), json!({})).await.expect(201);
        }
        self.signed_in_at(name, organization).await
    }

    /// Somebody whom an invitation into an organization made, with these roles, signed in there.
    pub(crate) async fn invited(&self, name: &str, organization: &str, roles: &[&str]) -> Actor {
        let email = format!("{name}@example.com");
        let user = json!({ "username": name, "email": email, "organization": organization });
        let user = self.root.post("/users", user).await.expect(201);
        let token = self.app.mailed_token(&email, 1).await;
        let confirm = json!({ "token": token, "new_password": PASSWORD });
        self.app.post("/auth/password-reset/confirm", confirm).await.expect(204);
        let at = format!("/organizations/{organization}/members/{}", user.text_of("id"));
        for role in roles {
            self.root.put(&format!("{at}/roles/{role}"), json!({})).await.expect(201);
        }
        self.signed_in_at(name, organization).await
    }

    /// A member, signed in where they are one.
    pub(crate) async fn signed_in_at(&self, name: &str, organization: &str) -> Actor {
        self.app.post("/auth/token", credentials(name, organization)).actor().await
    }
}

/// What somebody signs in with at an organization of theirs.
pub(crate) fn credentials(name: &str, organization: &str) -> Value {
    json!({ "email": format!("{name}@example.com"), "password": PASSWORD,
        "organization": organization })
}
