use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    path::PathBuf,
    sync::{Mutex, PoisonError},
};

use rolecall_domain::{
    account::Email,
    clock::{Timestamp, rfc3339},
    ids::Id,
    rng::SystemRng,
};
use serde::{Deserialize, Serialize};

/// A mail that arrived.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Mail {
    pub(crate) id: String,
    pub(crate) to: String,
    pub(crate) from: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    pub(crate) sent_at: String,
}

/// `SendEmail` of SES v2, as far as Rolecall uses it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct SendEmail {
    from_email_address: String,
    destination: Destination,
    content: Content,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Destination {
    to_addresses: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Content {
    simple: Simple,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Simple {
    subject: Part,
    body: Body,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Body {
    text: Part,
    html: Part,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Part {
    data: String,
}

/// Every mail that was sent, kept in a file of JSON lines.
pub(crate) struct Mailbox {
    mails: Mutex<Vec<Mail>>,
    file: Option<PathBuf>,
}

impl Mailbox {
    /// Reads what is kept; a line that a kill left half written is dropped.
    pub(crate) fn open(file: Option<PathBuf>) -> io::Result<Self> {
        let kept = match &file {
            Some(file) if file.exists() => fs::read_to_string(file)?,
            _ => String::new(),
        };
        let mails = kept.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        Ok(Self { mails: Mutex::new(mails), file })
    }

    /// Takes a mail; it is on disk before SES's answer leaves.
    pub(crate) fn take(
        &self,
        sent: SendEmail,
        now: Timestamp,
        clock: &dyn rolecall_domain::clock::Clock,
    ) -> io::Result<String> {
        let SendEmail { from_email_address, destination, content: Content { simple } } = sent;
        let mail = Mail {
            id: Id::<()>::new(clock, &SystemRng).to_string(),
            to: destination.to_addresses.join(", "),
            from: from_email_address,
            subject: simple.subject.data,
            text: simple.body.text.data,
            html: simple.body.html.data,
            sent_at: rfc3339(now),
        };
        let id = mail.id.clone();
        let mut mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &self.file {
            let mut line = serde_json::to_vec(&mail)?;
            line.insert(0, b'\n');
            let mut file = OpenOptions::new().create(true).append(true).open(file)?;
            file.write_all(&line)?;
            file.sync_data()?;
        }
        mails.push(mail);
        Ok(id)
    }

    /// The mails to an address, however it is spelt, or all, newest first.
    pub(crate) fn list(&self, to: Option<&str>) -> Vec<Mail> {
        let mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        let key = |text: &str| {
            Email::parse(text).map_or_else(|_| text.to_owned(), |email| email.key().to_owned())
        };
        let to = to.map(key);
        let is_to = |mail: &&Mail| to.as_ref().is_none_or(|to| key(&mail.to) == *to);
        mails.iter().rev().filter(is_to).cloned().collect()
    }
}
