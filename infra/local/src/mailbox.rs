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
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) reply_to: Vec<String>,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
    pub(crate) sent_at: String,
}

/// A message that SES took.
#[derive(Debug)]
pub(crate) struct Message {
    /// As its header has it.
    pub(crate) to: String,
    /// Whom it goes to: addresses alone.
    pub(crate) recipients: Vec<String>,
    pub(crate) from: String,
    pub(crate) reply_to: Vec<String>,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
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
        message: Message,
        now: Timestamp,
        clock: &dyn rolecall_domain::clock::Clock,
    ) -> io::Result<String> {
        let Message { to, from, reply_to, subject, text, html, .. } = message;
        let mail = Mail {
            id: Id::<()>::new(clock, &SystemRng).to_string(),
            to,
            from,
            reply_to,
            subject,
            text,
            html,
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

    /// How many came since an instant.
    pub(crate) fn count_since(&self, since: Timestamp) -> usize {
        let mails = self.mails.lock().unwrap_or_else(PoisonError::into_inner);
        let since = rfc3339(since);
        // Instants of one form order as texts do.
        mails.iter().filter(|mail| mail.sent_at >= since).count()
    }
}
