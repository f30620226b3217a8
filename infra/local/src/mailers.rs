//! Who sends the local stack's mail.

use std::{error::Error, sync::Arc};

use async_trait::async_trait;
use rolecall_domain::{
    mail::{Letterhead, Message},
    ports::{MailError, Mailer, in_words},
    settings::Settings,
    smtp::SmtpServer,
};
use rolecall_mail::{SesMailer, SmtpCredentials, SmtpMailer};

use crate::{options::Options, plain_http::PlainHttp, stack::StackError};

/// The mailbox by SES's protocol, and a server beside it if there is one; the server of
/// `ROLECALL_SMTP_URL` alone where a deployed stack would send through it.
pub(crate) fn mailer(
    options: &Options,
    settings: &Settings,
    http: &PlainHttp,
    ses: &str,
) -> Result<Arc<dyn Mailer>, StackError> {
    let through = |server| {
        let credentials = Arc::new(Given(options.smtp_user.clone(), options.smtp_password.clone()));
        SmtpMailer::new(server, settings, credentials)
    };
    if let Some(server) = SmtpServer::parse(&settings.smtp_url) {
        return Ok(Arc::new(through(server)));
    }
    let mailbox = SesMailer::at_endpoint(ses, http.clone(), settings);
    let Some(url) = options.smtp.as_ref().filter(|url| !url.is_empty()) else {
        return Ok(Arc::new(mailbox));
    };
    let server = SmtpServer::parse(url).ok_or_else(|| StackError::Smtp(url.clone()))?;
    Ok(Arc::new(Both { mailbox, server: through(server) }))
}

/// User and password, as they were given.
struct Given(Option<String>, Option<String>);

#[async_trait]
impl SmtpCredentials for Given {
    async fn read(&self) -> Result<Option<(String, String)>, Box<dyn Error + Send + Sync>> {
        let password = self.1.clone().unwrap_or_default();
        Ok(self.0.clone().filter(|user| !user.is_empty()).map(|user| (user, password)))
    }
}

/// The mailbox, and a server that gets the same mails.
struct Both {
    mailbox: SesMailer,
    server: SmtpMailer,
}

#[async_trait]
impl Mailer for Both {
    async fn send(&self, to: &str, message: &Message, head: &Letterhead) -> Result<(), MailError> {
        self.mailbox.send(to, message, head).await?;
        // The mailbox has it: a server that does not take it is worth a line, and no second mail.
        if let Err(error) = self.server.send(to, message, head).await {
            tracing::warn!(
                error = in_words(&error),
                "the mail server beside the mailbox did not \
                take a mail"
            );
        }
        Ok(())
    }
}
