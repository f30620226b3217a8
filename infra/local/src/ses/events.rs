//! The mailbox simulator, and what SES tells EventBridge of the mails to it (SES developer guide,
//! "Using the mailbox simulator manually").

use functions::jobs::{MAIL_EVENTS, Trigger};
use rolecall_domain::clock::{Timestamp, rfc3339};
use serde_json::{Value, json};

use crate::deliveries::Invoker;

/// The domain of the simulator.
const SIMULATOR: &str = "simulator.amazonses.com";

/// What becomes of a mail to an address of the simulator: `detail-type` and what is in the event.
/// `bounce+label@…` is `bounce@…`.
fn outcome(address: &str, now: Timestamp) -> Option<(&'static str, Value)> {
    let (local, domain) = address.rsplit_once('@')?;
    if !domain.eq_ignore_ascii_case(SIMULATOR) {
        return None;
    }
    let [bounced, complained] = MAIL_EVENTS;
    let at = rfc3339(now);
    let bounce = |kind: &str, diagnostic: &str| {
        json!({ "eventType": "Bounce", "bounce": { "bounceType": "Permanent",
            "bounceSubType": kind, "bouncedRecipients": [{ "emailAddress": address,
                "action": "failed", "status": "5.1.1", "diagnosticCode": diagnostic }],
            "timestamp": at } })
    };
    match local.split('+').next().unwrap_or_default() {
        "bounce" => Some((bounced, bounce("General", "smtp; 550 5.1.1 user unknown"))),
        "suppressionlist" => {
            Some((bounced, bounce("Suppressed", "Amazon SES did not send the message")))
        }
        "complaint" => Some((
            complained,
            json!({ "eventType": "Complaint", "complaint": {
                "complainedRecipients": [{ "emailAddress": address }],
                "complaintFeedbackType": "abuse", "timestamp": at } }),
        )),
        _ => None,
    }
}

/// Tells the functions that are started by such events, as EventBridge does: beside the answer to
/// whoever sent the mail.
pub(super) fn tell(invoker: &Invoker, recipients: &[String], set: &str, id: &str, now: Timestamp) {
    let jobs = functions::jobs::all();
    let job = jobs.into_iter().find(|job| job.trigger == Trigger::MailEvents);
    let events = recipients.iter().filter_map(|address| {
        let (kind, mut detail) = outcome(address, now)?;
        let tags = json!({ "ses:configuration-set": [set] });
        if let Some(detail) = detail.as_object_mut() {
            let mail = json!({ "messageId": id, "destination": [address], "tags": tags });
            detail.insert("mail".to_owned(), mail);
        }
        Some(json!({ "version": "0", "id": id, "detail-type": kind, "source": "aws.ses",
            "account": "000000000000", "time": rfc3339(now), "region": "us-east-1",
            "resources": [], "detail": detail }))
    });
    let Some(job) = job else { return };
    for event in events {
        let (invoker, job) = (invoker.clone(), job.clone());
        tokio::spawn(async move {
            if let Err(error) = invoker.invoke(&job, event).await {
                tracing::error!(function = job.name, error, "an event was not taken");
            }
        });
    }
}
