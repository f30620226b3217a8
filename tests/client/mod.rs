//! The Rust client against the running stack.

mod checks;
mod document;
mod examples;
mod layers;
mod tracking;
mod verify;

use rolecall_client::Client;
use serde_json::json;

use crate::support::{Actor, Firm};

/// A drawing office with a service of its own.
struct Office {
    firm: Firm,
    /// Has `pid.create` and the module `PID`.
    ada: Actor,
    /// Has nothing.
    bob: Actor,
    /// The id of the service account.
    service_id: String,
    /// A key of it.
    key: String,
    client: Client,
}

impl Office {
    async fn new() -> Self {
        Self::of(Firm::new().await).await
    }

    async fn of(firm: Firm) -> Self {
        firm.root.put("/roles/drafter/permissions/pid.create", ()).await.expect(201);
        firm.root.put("/roles/drafter/modules/PID", ()).await.expect(201);
        let ada = firm.member("ada", "MY_COMPANY", &["drafter"]).await;
        let bob = firm.member("bob", "MY_COMPANY", &[]).await;
        let service = json!({ "kind": "service", "name": "Drawings", "organization": "MY_COMPANY",
            "roles": ["drafter"] });
        let service_id = firm.root.post("/users", service).await.expect(201).text_of("id");
        let keys = format!("/users/{service_id}/api-keys");
        let key = json!({ "name": "production", "scopes": ["pid.create"] });
        let key = firm.root.post(&keys, key).await.expect(201).text_of("key");
        let client = Client::new(firm.app.url("")).unwrap();
        Self { firm, ada, bob, service_id, key, client }
    }
}

/// A client of a server that is not there.
fn nobody() -> Client {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    Client::new(format!("http://127.0.0.1:{port}")).unwrap()
}
