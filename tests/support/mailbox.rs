//! The mails that a stack sent.

use std::time::Duration;

use serde_json::Value;

use super::{Json, TestApp, deployed::Place};

/// An emulated AWS under a whole suite is slow; what is late is not lost.
const PATIENCE: Duration = Duration::from_mins(2);

/// Whether a mail is the one that proves the address of an account.
fn is_verification(mail: &Value) -> bool {
    mail.text_of("subject").starts_with("Confirm your email address")
}

/// The token in a mail's link.
pub(crate) fn token_of(mail: &Value) -> String {
    let text = mail.text_of("text");
    text.split("token=").nth(1).expect("a link").split_whitespace().next().unwrap().to_owned()
}

impl TestApp {
    /// The mails to an address that are there now.
    async fn mailbox(&self, to: &str) -> Value {
        match &self.stack {
            Place::Local(_) => self.get("/_local/mail.json").query(&[("to", to)]).await.json(),
            Place::Deployed(deployed) => {
                let request =
                    self.wire.client.get(deployed.mailbox()).query(&[("to", deployed.told(to))]);
                let text = request.send().await.unwrap().text().await.unwrap();
                serde_json::from_str(&deployed.heard(&text)).unwrap()
            }
        }
    }

    /// The mails to an address, newest first, once there are `count`; in the mode `open` without
    /// those that every account gets.
    pub(crate) async fn mails(&self, to: &str, count: usize) -> Vec<Value> {
        let mut look = tokio::time::interval(Duration::from_millis(25));
        let arrived = async {
            loop {
                look.tick().await;
                let mut mails = self.mailbox(to).await.as_array().cloned().unwrap();
                mails.retain(|mail| !self.is_open() || !is_verification(mail));
                if mails.len() >= count {
                    return mails;
                }
            }
        };
        let mails = tokio::time::timeout(PATIENCE, arrived).await.expect("the mail arrives");
        assert_eq!(mails.len(), count, "{mails:?}");
        mails
    }

    /// The newest mail of that subject to an address, once there is one.
    pub(crate) async fn mail_to(&self, to: &str, subject: &str) -> Value {
        let mut look = tokio::time::interval(Duration::from_millis(25));
        let arrived = async {
            loop {
                look.tick().await;
                let mails = self.mailbox(to).await.as_array().cloned().unwrap();
                if let Some(mail) = mails.into_iter().find(|mail| mail["subject"] == subject) {
                    return mail;
                }
            }
        };
        tokio::time::timeout(PATIENCE, arrived).await.expect("the mail arrives")
    }

    /// Every mail that is there now; in the mode `open` without those that every account gets.
    pub(crate) async fn all_mails(&self) -> Vec<Value> {
        let mails = self.get("/_local/mail.json").await.json();
        let mut mails = mails.as_array().cloned().unwrap();
        mails.retain(|mail| !self.is_open() || !is_verification(mail));
        mails
    }

    /// Whether accounts come to be at once.
    fn is_open(&self) -> bool {
        match &self.stack {
            Place::Local(stack) => {
                stack.environment().contains(&("ROLECALL_REGISTRATION", "open".to_owned()))
            }
            Place::Deployed(deployed) => deployed.is_open(),
        }
    }

    /// The token of the mail that proves the address of an account of the mode `open`.
    pub(crate) async fn verification_token(&self, to: &str) -> String {
        let mut look = tokio::time::interval(Duration::from_millis(25));
        let arrived = async {
            loop {
                look.tick().await;
                let mails = self.mailbox(to).await.as_array().cloned().unwrap();
                if let Some(mail) = mails.iter().find(|mail| is_verification(mail)) {
                    return token_of(mail);
                }
            }
        };
        tokio::time::timeout(PATIENCE, arrived).await.expect("the mail arrives")
    }

    /// The token of the newest of `count` mails.
    pub(crate) async fn mailed_token(&self, to: &str, count: usize) -> String {
        let mails = self.mails(to, count).await;
        let token = token_of(&mails[0]);
        self.note(&token);
        token
    }
}
