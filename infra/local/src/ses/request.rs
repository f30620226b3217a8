//! `SendEmail`'s request, and the message in it.

use base64::{Engine, engine::general_purpose::STANDARD};
use mail_parser::{Address, MessageParser};
use serde::Deserialize;

use super::{LARGEST, MOST_RECIPIENTS, Refusal, address::address};
use crate::mailbox::Message;

/// `SendEmail`, as far as it has a meaning here.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SendEmail {
    from_email_address: Option<String>,
    #[serde(default)]
    destination: Destination,
    #[serde(default)]
    reply_to_addresses: Vec<String>,
    content: Content,
    configuration_set_name: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Destination {
    #[serde(rename = "ToAddresses")]
    to: Vec<String>,
    #[serde(rename = "CcAddresses")]
    cc: Vec<String>,
    #[serde(rename = "BccAddresses")]
    bcc: Vec<String>,
}

impl Destination {
    fn all(&self) -> impl Iterator<Item = &String> {
        self.to.iter().chain(&self.cc).chain(&self.bcc)
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Option<Simple>,
    raw: Option<Raw>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Part,
    body: Body,
}

/// At least one of the two.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    text: Option<Part>,
    html: Option<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Part {
    data: String,
}

/// A whole message of RFC 5322, in base64.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Raw {
    data: String,
}

impl SendEmail {
    pub(super) fn configuration_set(&self) -> Option<&str> {
        self.configuration_set_name.as_deref()
    }

    /// The message to be delivered, or why SES does not take it.
    pub(super) fn message(self) -> Result<Message, Refusal> {
        match (&self.content.simple, &self.content.raw) {
            (Some(_), None) => self.simple(),
            (None, Some(_)) => self.raw(),
            _ => Err(Refusal::bad("Content has exactly one of Simple, Raw and Template")),
        }
    }

    fn simple(self) -> Result<Message, Refusal> {
        let simple = self.content.simple.ok_or_else(|| Refusal::bad("No content"))?;
        let from = self.from_email_address.ok_or_else(|| Refusal::bad("No sender"))?;
        address(&from)?;
        let recipients = recipients(self.destination.all())?;
        let reply_to = self.reply_to_addresses;
        reply_to.iter().try_for_each(|one| address(one).map(drop))?;
        let subject = simple.subject.data;
        if subject.chars().any(char::is_control) {
            return Err(Refusal::bad("The subject contains control characters"));
        }
        let [text, html] =
            [simple.body.text, simple.body.html].map(|part| part.map(|part| part.data));
        if text.is_none() && html.is_none() {
            return Err(Refusal::bad("The body has neither text nor HTML"));
        }
        let (text, html) = (text.unwrap_or_default(), html.unwrap_or_default());
        fits(subject.len() + text.len() + html.len())?;
        let to = self.destination.to.join(", ");
        Ok(Message { to, recipients, from, reply_to, subject, text, html })
    }

    fn raw(self) -> Result<Message, Refusal> {
        let raw = self.content.raw.ok_or_else(|| Refusal::bad("No content"))?;
        let bytes =
            STANDARD.decode(raw.data).map_err(|_| Refusal::bad("Raw.Data is not base64"))?;
        fits(bytes.len())?;
        let parsed = MessageParser::default()
            .parse(&bytes)
            .ok_or_else(|| Refusal::bad("Raw.Data is no message"))?;
        let written = |header: Option<&Address<'_>>| -> Vec<String> {
            let all = header.into_iter().flat_map(Address::iter);
            all.filter_map(|one| one.address().map(str::to_owned)).collect()
        };
        let from = match self.from_email_address {
            Some(from) => from,
            None => written(parsed.from()).pop().ok_or_else(|| Refusal::bad("No sender"))?,
        };
        address(&from)?;
        let to = written(parsed.to());
        let in_headers = [&to, &written(parsed.cc()), &written(parsed.bcc())];
        // The request's own destination has the first word.
        let recipients = if self.destination.all().next().is_some() {
            recipients(self.destination.all())?
        } else {
            recipients(in_headers.into_iter().flatten())?
        };
        let body = |part: Option<std::borrow::Cow<'_, str>>| part.unwrap_or_default().into_owned();
        Ok(Message {
            to: if to.is_empty() { recipients.join(", ") } else { to.join(", ") },
            recipients,
            from,
            reply_to: written(parsed.reply_to()),
            subject: parsed.subject().unwrap_or_default().to_owned(),
            text: body(parsed.body_text(0)),
            html: body(parsed.body_html(0)),
        })
    }
}

fn recipients<'a>(all: impl Iterator<Item = &'a String>) -> Result<Vec<String>, Refusal> {
    let all: Vec<String> = all.map(|one| address(one)).collect::<Result<_, _>>()?;
    match all.len() {
        0 => Err(Refusal::bad("There is no recipient")),
        1..=MOST_RECIPIENTS => Ok(all),
        _ => Err(Refusal::bad(format!("Recipient count exceeds {MOST_RECIPIENTS}."))),
    }
}

fn fits(length: usize) -> Result<(), Refusal> {
    if length > LARGEST {
        return Err(Refusal::bad(format!("Message length is more than {LARGEST} bytes long")));
    }
    Ok(())
}
