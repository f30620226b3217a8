//! SIGKILL loses nothing that was acknowledged.

use std::{
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    sync::Notify,
    task::JoinSet,
};

use crate::support::{PASSWORD, binaries};

/// `cargo run` as a process of its own.
async fn start(data: &Path) -> (Child, String) {
    start_logging_to(data, Stdio::null()).await
}

async fn start_logging_to(data: &Path, log: Stdio) -> (Child, String) {
    let mut child = Command::new(binaries::debug("rolecall"))
        .args(["--port", "0", "--dynamodb-port", "0", "--data"])
        .arg(data)
        .env("ROLECALL_REGISTRATION", "open")
        .stdout(Stdio::piped())
        .env("ROLECALL_ADMIN_EMAIL", "admin@example.com")
        .env("ROLECALL_ADMIN_PASSWORD", PASSWORD)
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let line = lines.next_line().await.unwrap().expect("the ready line");
    let url = line
        .strip_prefix("rolecall: listening on ")
        .expect("the ready line comes first")
        .to_owned();
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (child, url)
}

/// What one client was told.
#[derive(Default)]
struct Acknowledged {
    emails: Vec<String>,
    /// The last refresh token that came back, and the one that may be on its way.
    refresh: Option<Value>,
}

async fn post(
    client: &reqwest::Client,
    url: &str,
    path: &str,
    body: &Value,
) -> Option<(u16, Value)> {
    let response = client.post(format!("{url}{path}")).json(body).send().await.ok()?;
    let status = response.status().as_u16();
    Some((status, response.json().await.ok()?))
}

/// Registers, signs in and refreshes until the server is gone.
async fn work(url: String, number: usize, told: Arc<Mutex<Acknowledged>>, busy: Arc<Notify>) {
    let client = reqwest::Client::new();
    for round in 0.. {
        let name = format!("user{number}x{round}");
        let email = format!("{name}@example.com");
        let account = json!({ "username": name, "email": email, "password": PASSWORD });
        let Some((201, _)) = post(&client, &url, "/api/v1/auth/register", &account).await else {
            return;
        };
        told.lock().unwrap().emails.push(email.clone());
        let credentials = json!({ "email": email, "password": PASSWORD });
        let Some((200, mut pair)) = post(&client, &url, "/api/v1/auth/token", &credentials).await
        else {
            return;
        };
        for _ in 0..3 {
            told.lock().unwrap().refresh = Some(pair["refresh"].clone());
            let Some((200, next)) = post(
                &client,
                &url,
                "/api/v1/auth/token/refresh",
                &json!({ "refresh": pair["refresh"] }),
            )
            .await
            else {
                return;
            };
            pair = next;
        }
        told.lock().unwrap().refresh = Some(pair["refresh"].clone());
        busy.notify_one();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_under_load_loses_no_acknowledged_write() {
    let folder = tempfile::tempdir().unwrap();
    let (mut server, url) = start(folder.path()).await;
    let told: Vec<Arc<Mutex<Acknowledged>>> = (0..8).map(|_| Arc::default()).collect();
    let busy = Arc::new(Notify::new());
    let mut clients = JoinSet::new();
    for (number, one) in told.iter().enumerate() {
        clients.spawn(work(url.clone(), number, Arc::clone(one), Arc::clone(&busy)));
    }
    for _ in 0..16 {
        busy.notified().await;
    }
    server.kill().await.unwrap();
    clients.join_all().await;

    let (_server, url) = start(folder.path()).await;
    let client = reqwest::Client::new();
    let mut accounts = 0;
    for one in told {
        let Acknowledged { emails, refresh } = std::mem::take(&mut *one.lock().unwrap());
        for email in emails {
            let (status, _) = post(
                &client,
                &url,
                "/api/v1/auth/token",
                &json!({ "email": email, "password": PASSWORD }),
            )
            .await
            .unwrap();
            assert_eq!(status, 200, "{email} was acknowledged");
            accounts += 1;
        }
        if let Some(refresh) = refresh {
            let (status, body) =
                post(&client, &url, "/api/v1/auth/token/refresh", &json!({ "refresh": refresh }))
                    .await
                    .unwrap();
            assert_eq!(status, 200, "the last token works, or gives its successor again: {body}");
        }
    }
    assert!(accounts >= 16, "{accounts}");
}

#[tokio::test]
async fn what_is_refused_as_expected_is_no_warning() {
    let folder = tempfile::tempdir().unwrap();
    let log = tempfile::NamedTempFile::new().unwrap();
    let client = reqwest::Client::new();
    // The second start finds its super admin made.
    for _ in 0..2 {
        let logged = log.reopen().unwrap().into();
        let (mut child, url) = start_logging_to(folder.path(), logged).await;
        for (username, email) in [("ada", "ada"), ("ada", "eve"), ("eve", "ada"), ("ada", "ada")] {
            let body = json!({ "username": username, "email": format!("{email}@example.com"),
                "password": PASSWORD });
            let (status, _) = post(&client, &url, "/api/v1/auth/register", &body).await.unwrap();
            assert!([201, 409].contains(&status), "{status}");
        }
        child.kill().await.unwrap();
    }
    let text = std::fs::read_to_string(log.path()).unwrap();
    assert!(!text.contains("WARN") && !text.contains("ERROR"), "{text}");
}
