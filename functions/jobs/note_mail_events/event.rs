//! What SES publishes to EventBridge (SES developer guide, "Event data that Amazon SES publishes to
//! Amazon EventBridge").

use rolecall_domain::{
    account::{DeliveryStatus, Email, EmailDelivery},
    clock::Timestamp,
};
use serde::Deserialize;

/// An event, as far as we look at it.
#[derive(Debug, Deserialize)]
pub(super) struct Event {
    detail: Detail,
}

#[derive(Debug, Deserialize)]
struct Detail {
    bounce: Option<Bounce>,
    complaint: Option<Complaint>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bounce {
    #[serde(rename = "bounceType")]
    kind: String,
    #[serde(rename = "bounceSubType", default)]
    sub_kind: String,
    bounced_recipients: Vec<Recipient>,
    timestamp: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Complaint {
    complained_recipients: Vec<Recipient>,
    #[serde(rename = "complaintFeedbackType")]
    kind: Option<String>,
    timestamp: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Recipient {
    email_address: String,
    /// The enhanced status code (RFC 3463) of a bounce.
    status: Option<String>,
}

/// What an event says of the addresses that it names. A bounce that may be over tomorrow says
/// nothing, and neither does somebody who calls a mail no spam.
pub(super) fn deliveries(event: Event) -> Result<Vec<(Email, EmailDelivery)>, String> {
    match event.detail {
        Detail { bounce: Some(bounce), .. } if bounce.kind == "Permanent" => {
            let at = instant(&bounce.timestamp)?;
            let of = |recipient: Recipient| {
                let parts = [Some(bounce.sub_kind.as_str()), recipient.status.as_deref()];
                let reason = parts.into_iter().flatten().map(word).collect::<Vec<_>>().join(" ");
                let status = DeliveryStatus::Bounced;
                Some((email(&recipient)?, EmailDelivery { status, at, reason }))
            };
            Ok(bounce.bounced_recipients.into_iter().filter_map(of).collect())
        }
        Detail { complaint: Some(complaint), .. } => {
            let kind = complaint.kind.as_deref().unwrap_or("unspecified");
            if kind == "not-spam" {
                return Ok(Vec::new());
            }
            let (at, reason) = (instant(&complaint.timestamp)?, word(kind));
            let of = |recipient: Recipient| {
                let (status, reason) = (DeliveryStatus::Complained, reason.clone());
                Some((email(&recipient)?, EmailDelivery { status, at, reason }))
            };
            Ok(complaint.complained_recipients.into_iter().filter_map(of).collect())
        }
        Detail { .. } => Ok(Vec::new()),
    }
}

fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| format!("`{text}` is no time"))
}

/// The address of `ada@example.com` or `Ada <ada@example.com>`.
fn email(recipient: &Recipient) -> Option<Email> {
    let text = recipient.email_address.trim();
    let bare = text.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>'));
    Email::parse(bare.unwrap_or(text)).ok()
}

/// A word of SES or of a mail server, held short and plain.
fn word(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric() || ".-_".contains(*c)).take(40).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn read(detail: &Value) -> Vec<(String, &'static str, String)> {
        let event = serde_json::from_value(json!({ "detail": detail })).unwrap();
        let one = |(email, delivery): (Email, EmailDelivery)| {
            (email.address().to_owned(), delivery.status.as_str(), delivery.reason)
        };
        deliveries(event).unwrap().into_iter().map(one).collect()
    }

    fn bounce(kind: &str) -> Value {
        json!({ "eventType": "Bounce", "bounce": { "bounceType": kind, "bounceSubType": "General",
            "bouncedRecipients": [
                { "emailAddress": "Ada <ADA@example.com>", "action": "failed", "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 user unknown" },
                { "emailAddress": "eve@example.com" },
                { "emailAddress": "nothing" }],
            "timestamp": "2026-11-28T09:30:00.000Z" } })
    }

    #[test]
    fn words_of_a_mail_server_are_held_short() {
        let mut event = bounce("Permanent");
        event["bounce"]["bounceSubType"] = json!("General".repeat(20));
        event["bounce"]["bouncedRecipients"][0]["status"] = json!("5.1.1".repeat(20));
        let (_, _, reason) = read(&event).remove(0);
        assert_eq!(reason.len(), 40 + 1 + 40, "{reason}");
    }

    #[test]
    fn a_bounce_for_good_and_a_complaint_mark_and_what_passes_does_not() {
        assert_eq!(
            read(&bounce("Permanent")),
            [
                ("ADA@example.com".to_owned(), "bounced", "General 5.1.1".to_owned()),
                ("eve@example.com".to_owned(), "bounced", "General".to_owned()),
            ]
        );
        assert_eq!(read(&bounce("Transient")), []);
        assert_eq!(read(&bounce("Undetermined")), []);
        let complaint = |kind: Value| {
            read(&json!({ "eventType": "Complaint", "complaint": {
                "complainedRecipients": [{ "emailAddress": "ada@example.com" }],
                "complaintFeedbackType": kind, "timestamp": "2026-11-28T09:30:00.000Z" } }))
        };
        let marked = |reason: &str| ("ada@example.com".to_owned(), "complained", reason.to_owned());
        assert_eq!(complaint(json!("abuse")), [marked("abuse")]);
        assert_eq!(complaint(Value::Null), [marked("unspecified")]);
        assert_eq!(complaint(json!("not-spam")), []);
        assert_eq!(read(&json!({ "eventType": "Delivery", "delivery": {} })), []);
    }
}
