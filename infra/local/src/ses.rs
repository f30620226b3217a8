//! Amazon SES, API version 2, as far as one machine can be it: `SendEmail` with what the real one
//! documents that it refuses, `GetAccount`, and the identities.

mod address;
mod events;
mod faults;
mod request;

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State, rejection::JsonRejection},
    http::{HeaderName, StatusCode},
    response::{IntoResponse, Response},
};
use rolecall_domain::{
    clock::{Clock, Timestamp, from_millis},
    settings::Settings,
};
use serde_json::{Value, json};

use faults::{Fault, Faults};
use request::SendEmail;

use crate::local_routes::Local;

type Shared = State<Arc<Local>>;

/// The largest message, in bytes (SES developer guide, "Service quotas": 40 MB after encoding).
const LARGEST: usize = 40 * 1024 * 1024;

/// A request's body holds the message in base64, and JSON around it.
pub(crate) const LARGEST_BODY: usize = LARGEST / 3 * 4 + 65_536;

/// The most recipients of a message (the same page).
const MOST_RECIPIENTS: usize = 50;

/// Mails of production access's usual account, a day and a second.
const QUOTA: (f64, f64) = (50_000.0, 14.0);

/// What this SES knows.
#[derive(Debug)]
pub(crate) struct Ses {
    /// Its one configuration set.
    configuration_set: String,
    /// Who sends.
    mail_from: String,
    faults: Faults,
}

impl Ses {
    /// As an operator sets it up for a stack of these settings.
    pub(crate) fn of(settings: &Settings) -> Self {
        Self {
            configuration_set: settings.ses_configuration_set.clone(),
            mail_from: settings.mail_from.clone(),
            faults: Faults::default(),
        }
    }
}

/// What SES answers to what it does not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    kind: String,
    message: String,
}

impl Refusal {
    fn new(kind: &str, message: impl Into<String>) -> Self {
        Self { kind: kind.to_owned(), message: message.into() }
    }

    /// The input is wrong.
    fn bad(message: impl Into<String>) -> Self {
        Self::new("BadRequestException", message)
    }

    fn status(&self) -> StatusCode {
        match self.kind.as_str() {
            "NotFoundException" => StatusCode::NOT_FOUND,
            "TooManyRequestsException" => StatusCode::TOO_MANY_REQUESTS,
            "InternalServiceErrorException" => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

impl IntoResponse for Refusal {
    /// REST-JSON's form of an error (Smithy, "AWS restJson1 protocol").
    fn into_response(self) -> Response {
        let kind = [(HeaderName::from_static("x-amzn-errortype"), self.kind.clone())];
        (self.status(), kind, Json(json!({ "message": self.message }))).into_response()
    }
}

/// `SendEmail`.
pub(crate) async fn send_email(
    State(local): Shared,
    sent: Result<Json<SendEmail>, JsonRejection>,
) -> Result<Json<Value>, Refusal> {
    tokio::time::sleep(local.mail_delay).await;
    let Json(sent) = sent.map_err(|error| Refusal::bad(error.body_text()))?;
    let set = sent.configuration_set().map(str::to_owned);
    if let Some(name) = set.as_ref().filter(|name| **name != local.ses.configuration_set) {
        let message = format!("Configuration set <{name}> does not exist.");
        return Err(Refusal::new("NotFoundException", message));
    }
    let message = sent.message()?;
    local.ses.faults.refusal(&message.recipients).map_or(Ok(()), Err)?;
    let (now, recipients) = (local.clock.now(), message.recipients.clone());
    let id = local.mailbox.take(message, now, local.clock.as_ref());
    let away = |error| Refusal::new("InternalServiceErrorException", format!("{error}"));
    let id = id.map_err(away)?;
    // Events are a configuration set's.
    if let Some(set) = set {
        events::tell(&local.invoker, &recipients, &set, &id, now);
    }
    Ok(Json(json!({ "MessageId": id })))
}

/// `GetAccount`.
pub(crate) async fn get_account(State(local): Shared) -> Json<Value> {
    let (day, second) = QUOTA;
    let since = local.clock.now().as_millisecond() - 24 * 3_600_000;
    let sent = local.mailbox.count_since(from_millis(since).unwrap_or(Timestamp::MIN));
    Json(json!({
        "DedicatedIpAutoWarmupEnabled": false,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": true,
        "SendQuota": { "Max24HourSend": day, "MaxSendRate": second, "SentLast24Hours": sent },
        "SendingEnabled": true,
        "SuppressionAttributes": { "SuppressedReasons": ["BOUNCE", "COMPLAINT"] },
    }))
}

/// The sender's address and its domain: what an operator proves.
fn identities(local: &Local) -> [(String, &'static str); 2] {
    let from = local.ses.mail_from.clone();
    let domain = from.split('@').next_back().unwrap_or_default().to_owned();
    [(from, "EMAIL_ADDRESS"), (domain, "DOMAIN")]
}

/// `ListEmailIdentities`.
pub(crate) async fn list_identities(State(local): Shared) -> Json<Value> {
    let identity = |(name, kind)| {
        json!({ "IdentityName": name, "IdentityType": kind, "SendingEnabled": true,
            "VerificationStatus": "SUCCESS" })
    };
    let all: Vec<Value> = identities(&local).map(identity).into();
    Json(json!({ "EmailIdentities": all }))
}

/// `GetEmailIdentity`.
pub(crate) async fn get_identity(
    State(local): Shared,
    Path(wanted): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let known = identities(&local).into_iter().find(|(name, _)| name.eq_ignore_ascii_case(&wanted));
    let (_, kind) = known.ok_or_else(|| {
        let message = format!("Email identity <{wanted}> does not exist.");
        Refusal::new("NotFoundException", message)
    })?;
    Ok(Json(json!({
        "IdentityType": kind,
        "VerifiedForSendingStatus": true,
        "VerificationStatus": "SUCCESS",
        "FeedbackForwardingStatus": true,
        "DkimAttributes": { "SigningEnabled": true, "Status": "SUCCESS" },
        "MailFromAttributes": { "BehaviorOnMxFailure": "USE_DEFAULT_VALUE" },
        "Policies": {},
        "Tags": [],
    })))
}

/// Has `SendEmail` refuse mails to an address, or all to `*`, with an error of its own; `null`
/// takes that back. For tests and for people who want to see what a refusal does.
pub(crate) async fn set_fault(State(local): Shared, Json(fault): Json<Fault>) -> Json<Value> {
    local.ses.faults.set(fault);
    Json(json!({}))
}
