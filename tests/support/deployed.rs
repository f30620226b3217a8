//! A deployed stack in the place of a local one, shared with every other test: each test has names
//! of its own there.

use std::{
    collections::BTreeSet,
    env,
    ops::{Deref, DerefMut},
    sync::{Arc, Mutex},
};

use reqwest::{Body, Client, Request};
use rolecall_domain::{
    clock::{Clock, SignedDuration, SystemClock, Timestamp, rfc3339},
    rng::{self, SystemRng},
};
use rolecall_local::Stack;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

use super::Json;

/// The stack that a test runs on.
pub(crate) enum Place {
    /// Of its own, in this process.
    Local(Box<Stack>),
    /// Somewhere else, and everybody's.
    Deployed(Arc<Deployed>),
}

impl Place {
    /// Where its API is.
    pub(crate) fn url(&self) -> String {
        match self {
            Self::Local(stack) => stack.url(),
            Self::Deployed(deployed) => deployed.url.clone(),
        }
    }

    /// The `iss` of its tokens.
    pub(crate) fn issuer(&self) -> String {
        match self {
            Self::Local(stack) => stack.url(),
            Self::Deployed(deployed) => deployed.issuer(),
        }
    }
}

impl Deref for Place {
    type Target = Stack;

    fn deref(&self) -> &Stack {
        match self {
            Self::Local(stack) => stack,
            Self::Deployed(_) => {
                panic!("needs the local stack: put it into tests/deployed/left_out.txt")
            }
        }
    }
}

impl DerefMut for Place {
    fn deref_mut(&mut self) -> &mut Stack {
        match self {
            Self::Local(stack) => stack,
            Self::Deployed(_) => {
                panic!("needs the local stack: put it into tests/deployed/left_out.txt")
            }
        }
    }
}

/// The deployed stack, and what one test's names end with there.
pub(crate) struct Deployed {
    url: String,
    mode: String,
    mailbox: Option<String>,
    tag: String,
    started: Timestamp,
    /// The ids of the people that this test made.
    people: Mutex<BTreeSet<String>>,
    admin: OnceCell<Value>,
}

/// Codes that tests give to what they make.
const CODES: [&str; 9] =
    ["ACME", "DRAFTER", "HR", "MY_COMPANY", "OTHER", "PID", "drafter", "hr", "pid.create"];

/// Who gets the mails: SES takes what goes to its simulator and tells nobody.
const SIMULATOR: (&str, &str) = ("success+", "simulator.amazonses.com");
const EXAMPLE: &str = "example.com";

#[expect(
    clippy::disallowed_methods,
    reason = "the suite is pointed at a deployed stack by its environment"
)]
fn variable(name: &str) -> Option<String> {
    env::var(name).ok()
}

impl Deployed {
    /// The stack that `ROLECALL_TEST_DEPLOYED` names; the suite in `tests/deployed.rs` sets it.
    pub(crate) fn from_environment() -> Option<Self> {
        let url = variable("ROLECALL_TEST_DEPLOYED")?;
        let mode = variable("ROLECALL_REGISTRATION").unwrap_or_else(|| "open".to_owned());
        let tag = rng::bytes::<4>(&SystemRng).map(|byte| format!("{byte:02x}")).concat();
        Some(Self {
            url,
            mode,
            mailbox: variable("ROLECALL_MAILBOX"),
            tag: format!("_{tag}"),
            started: SystemClock.now(),
            people: Mutex::default(),
            admin: OnceCell::new(),
        })
    }

    /// Asserts that who signs up is treated as a test expects.
    pub(crate) fn expect_mode(&self, mode: &str) {
        assert_eq!(
            self.mode, mode,
            "needs the mode {mode}: put it into tests/deployed/left_out.txt"
        );
    }

    /// Whether accounts come to be at once.
    pub(crate) fn is_open(&self) -> bool {
        self.mode == "open"
    }

    /// Where mails can be read, in the form of the local stack's `mail.json`.
    pub(crate) fn mailbox(&self) -> &str {
        self.mailbox.as_deref().expect("needs a mailbox: put it into tests/deployed/left_out.txt")
    }

    /// The `iss` of its tokens: where the API is, unless `ROLECALL_ISSUER` says otherwise.
    fn issuer(&self) -> String {
        variable("ROLECALL_ISSUER").unwrap_or_else(|| self.url.clone())
    }

    /// Signs in as the stack's super admin.
    pub(crate) async fn admin(&self, client: &Client) -> Value {
        let given = |name| variable(name).unwrap_or_else(|| panic!("set {name}"));
        let body = json!({ "email": given("ROLECALL_ADMIN_EMAIL"),
            "password": given("ROLECALL_ADMIN_PASSWORD") });
        let request = client.post(format!("{}/api/v1/auth/token", self.url)).json(&body);
        let response = request.send().await.unwrap();
        let text = response.text().await.unwrap();
        let pair: Value = serde_json::from_str(&text).unwrap();
        assert!(pair["access"].is_string(), "the super admin cannot sign in: {text}");
        pair
    }

    /// Remembers who an answer tells of, where it is somebody of this test.
    pub(crate) fn meet(&self, text: &str) {
        if let Ok(response) = serde_json::from_str(text) {
            self.meet_in(&response);
        }
    }

    fn meet_in(&self, value: &Value) {
        if let (Some(id), Some(email)) = (value["id"].as_str(), value["email"].as_str())
            && email.contains(&self.tag)
        {
            self.people.lock().unwrap().insert(id.to_owned());
        }
        match value {
            Value::Array(values) => values.iter().for_each(|one| self.meet_in(one)),
            Value::Object(fields) => fields.values().for_each(|one| self.meet_in(one)),
            _ => {}
        }
    }

    /// What the log has of a type that this test's people did or that names something of it, in the
    /// form of the table.
    pub(crate) async fn activities(&self, client: &Client, activity_type: &str) -> Vec<Value> {
        let admin = self.admin.get_or_init(|| self.admin(client)).await;
        // Clocks of two machines differ a little.
        let since = rfc3339(self.started - SignedDuration::from_mins(1));
        let (mut found, mut cursor) = (Vec::new(), None);
        loop {
            let query = [
                ("organization", "*"),
                ("activity_type", activity_type),
                ("since", &since),
                ("limit", "200"),
            ];
            let request =
                client.get(format!("{}/api/v1/activities", self.url)).query(&query).query(&cursor);
            let response = request.bearer_auth(admin.text_of("access")).send().await.unwrap();
            let page: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
            let items =
                page["items"].as_array().unwrap_or_else(|| panic!("no list of activities: {page}"));
            found
                .extend(items.iter().filter(|one| self.is_own(one)).map(|one| self.as_stored(one)));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some([("cursor", next.to_owned())]),
                None => return found,
            }
        }
    }

    fn is_own(&self, activity: &Value) -> bool {
        let is_own = |field: &str| {
            activity[field].as_str().is_some_and(|user| self.people.lock().unwrap().contains(user))
        };
        is_own("user_id") || is_own("subject_id") || activity.to_string().contains(&self.tag)
    }

    fn as_stored(&self, activity: &Value) -> Value {
        let told: Value = serde_json::from_str(&self.heard(&activity.to_string())).unwrap();
        let fields = told.as_object().unwrap().iter().map(|(name, value)| {
            let stored = match value {
                Value::Null => Value::Null,
                Value::Bool(yes) => json!({ "BOOL": yes }),
                Value::Number(number) => json!({ "N": number.to_string() }),
                Value::String(text) => json!({ "S": text }),
                Value::Array(_) | Value::Object(_) => json!({ "S": value.to_string() }),
            };
            (name.clone(), stored)
        });
        fields.collect()
    }

    /// Puts the request under this test's names; answers the path as the contract has it.
    pub(crate) fn tell(&self, request: &mut Request) -> String {
        let base = reqwest::Url::parse(&self.url).unwrap().path().trim_end_matches('/').to_owned();
        let known = request.url().path().trim_start_matches(&base).to_owned();
        assert!(
            !request.url().path().contains("/_local/"),
            "needs the local stack: put it into tests/deployed/left_out.txt"
        );
        let path: Vec<String> =
            request.url().path().split('/').map(|part| self.told(part)).collect();
        let query: Vec<(String, String)> = request
            .url()
            .query_pairs()
            .map(|(name, value)| (name.to_string(), self.told_of(&name, &value)))
            .collect();
        let url = request.url_mut();
        url.set_path(&path.join("/"));
        if !query.is_empty() {
            url.query_pairs_mut().clear().extend_pairs(query);
        }
        let json = request
            .body()
            .and_then(Body::as_bytes)
            .and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
        if let Some(said) = json {
            let mut told = said.clone();
            self.tell_value(&mut told);
            if told != said {
                *request.body_mut() = Some(told.to_string().into());
            }
        }
        known
    }

    /// An answer's text under the names that the test knows.
    pub(crate) fn heard(&self, text: &str) -> String {
        text.replace(&self.tag, "").replace(SIMULATOR.0, "").replace(SIMULATOR.1, EXAMPLE)
    }

    /// A text of a request.
    pub(crate) fn told(&self, text: &str) -> String {
        if CODES.contains(&text) {
            return format!("{text}{}", self.tag);
        }
        match text.split_once('@') {
            Some((name, domain)) if domain.eq_ignore_ascii_case(EXAMPLE) => {
                format!("{}{name}{}@{}", SIMULATOR.0, self.tag, SIMULATOR.1)
            }
            _ => text.to_owned(),
        }
    }

    fn told_of(&self, name: &str, text: &str) -> String {
        // One that is too short has to stay so.
        if name == "username" && text.len() > 2 {
            format!("{text}{}", self.tag)
        } else {
            self.told(text)
        }
    }

    fn tell_value(&self, value: &mut Value) {
        match value {
            Value::String(text) => *text = self.told(text),
            Value::Array(values) => values.iter_mut().for_each(|one| self.tell_value(one)),
            Value::Object(fields) => {
                for (name, field) in fields {
                    match field {
                        Value::String(text) => *text = self.told_of(name, text),
                        other => self.tell_value(other),
                    }
                }
            }
            _ => {}
        }
    }
}
