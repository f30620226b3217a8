//! Mail by SMTP (RFC 5321, RFC 6409).

use std::{
    error::Error,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use lettre::{
    Address,
    transport::smtp::{
        Error as SmtpError,
        authentication::{Credentials, Mechanism},
        client::{AsyncSmtpConnection, TlsParameters},
        commands,
        extension::ClientId,
    },
};
use mail_builder::{MessageBuilder, headers::message_id::generate_message_id_header};
use rolecall_domain::{
    mail::{Letterhead, Message},
    ports::{MailError, Mailer, in_words},
    settings::Settings,
    smtp::{SmtpSecurity, SmtpServer},
};

use crate::{
    messages::{Rendered, render},
    sender::Sender,
    without_addresses,
};

/// The longest that one mail takes: less than its claim holds.
const LONGEST: Duration = Duration::from_secs(30);

/// The longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);

/// Where user and password come from.
#[async_trait]
pub trait SmtpCredentials: Send + Sync {
    /// User and password; none where the server asks for none.
    async fn read(&self) -> Result<Option<(String, String)>, Box<dyn Error + Send + Sync>>;
}

/// Sends through a mail server, with a connection a mail.
pub struct SmtpMailer {
    server: SmtpServer,
    sender: Sender,
    credentials: Arc<dyn SmtpCredentials>,
    /// As they were read last: until a server refuses them.
    known: Mutex<Option<Option<Credentials>>>,
    tls: OnceLock<TlsParameters>,
}

/// How far a mail came: what a refusal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The server, us as its client, or our sender.
    Session,
    /// The recipient or the content.
    Mail,
}

impl SmtpMailer {
    /// Mail of a stack of these settings through a server.
    #[must_use]
    pub fn new(
        server: SmtpServer,
        settings: &Settings,
        credentials: Arc<dyn SmtpCredentials>,
    ) -> Self {
        let sender = Sender::of(settings);
        Self { server, sender, credentials, known: Mutex::default(), tls: OnceLock::new() }
    }

    /// The message, headers and both bodies, in 7-bit ASCII.
    fn message(&self, to: &str, name: &str, rendered: Rendered) -> std::io::Result<Vec<u8>> {
        let Sender { address, reply_to, .. } = &self.sender;
        let mut id = Vec::new();
        generate_message_id_header(&mut id, self.domain());
        let id = String::from_utf8_lossy(&id).trim_matches(['<', '>']).to_owned();
        let mut mail = MessageBuilder::new()
            .message_id(id)
            .from((name, address.as_str()))
            .to(to)
            .subject(rendered.subject)
            .text_body(rendered.text)
            .html_body(rendered.html);
        if let Some(address) = reply_to {
            mail = mail.reply_to(address.as_str());
        }
        mail.write_to_vec()
    }

    /// The sender's domain: what we are called.
    fn domain(&self) -> &str {
        self.sender.address.split('@').next_back().unwrap_or_default()
    }

    /// The TLS of every connection; made once, because it reads the machine's certificates.
    fn tls(&self) -> Result<TlsParameters, SmtpError> {
        if let Some(tls) = self.tls.get() {
            return Ok(tls.clone());
        }
        let tls = TlsParameters::new(self.server.host.clone())?;
        Ok(self.tls.get_or_init(|| tls).clone())
    }

    async fn credentials(&self) -> Result<Option<Credentials>, MailError> {
        if let Some(known) = &*self.known.lock().unwrap_or_else(PoisonError::into_inner) {
            return Ok(known.clone());
        }
        let read = self.credentials.read().await.map_err(MailError::Unavailable)?;
        let read = read.map(|(user, password)| Credentials::new(user, password));
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(read.clone());
        Ok(read)
    }

    /// A connection that may send.
    async fn connected(&self) -> Result<AsyncSmtpConnection, MailError> {
        let session = |error: SmtpError| what_it_means(&error, Stage::Session);
        let credentials = self.credentials().await?;
        let hello = ClientId::Domain(self.domain().to_owned());
        let SmtpServer { host, port, security } = &self.server;
        let at_once = match security {
            SmtpSecurity::Tls => Some(self.tls().map_err(session)?),
            SmtpSecurity::StartTls | SmtpSecurity::Plain => None,
        };
        let place = (host.as_str(), *port);
        let connecting =
            AsyncSmtpConnection::connect_tokio1(place, Some(CONNECT), &hello, at_once, None);
        let mut connection = connecting.await.map_err(session)?;
        if *security == SmtpSecurity::StartTls {
            // A server that does not offer it is an error here: nothing goes out in clear.
            connection.starttls(self.tls().map_err(session)?, &hello).await.map_err(session)?;
        }
        if let Some(credentials) = credentials {
            let mechanisms = [Mechanism::Plain, Mechanism::Login];
            if let Err(error) = connection.auth(&mechanisms, &credentials).await {
                // They may have been changed: the next mail reads them anew.
                *self.known.lock().unwrap_or_else(PoisonError::into_inner) = None;
                return Err(session(error));
            }
        }
        Ok(connection)
    }

    async fn deliver(&self, to: Address, mail: &[u8]) -> Result<(), MailError> {
        let of = |stage| move |error: SmtpError| what_it_means(&error, stage);
        let from = self.sender.address.parse().map_err(|_| refused("bad sender"))?;
        let mut connection = self.connected().await?;
        let from = commands::Mail::new(Some(from), Vec::new());
        connection.command(from).await.map_err(of(Stage::Session))?;
        let to = commands::Rcpt::new(to, Vec::new());
        connection.command(to).await.map_err(of(Stage::Mail))?;
        connection.command(commands::Data).await.map_err(of(Stage::Mail))?;
        connection.message(mail).await.map_err(of(Stage::Mail))?;
        // The server has the mail: what becomes of the connection changes nothing.
        let _ = connection.quit().await;
        Ok(())
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, to: &str, message: &Message, head: &Letterhead) -> Result<(), MailError> {
        // A local part beyond ASCII needs SMTPUTF8 (RFC 6531) all the way, which few servers have.
        let address: Option<Address> = to.parse().ok().filter(|_| to.is_ascii());
        let address = address.ok_or_else(|| refused("bad address"))?;
        let rendered = render(message, head).map_err(|_| refused("unrenderable"))?;
        let name = self.sender.name(&head.product);
        let mail = self.message(to, name, rendered).map_err(|_| refused("unrenderable"))?;
        let late = |_| Err(MailError::Unavailable("the mail server did not answer in time".into()));
        tokio::time::timeout(LONGEST, self.deliver(address, &mail)).await.unwrap_or_else(late)
    }
}

fn refused(code: &str) -> MailError {
    MailError::Refused(code.to_owned())
}

/// What a server's answer means for the mail (RFC 5321 §4.2.1).
///
/// 5xx about the recipient or the content is for good, but for one that asks for a sign-in (530,
/// 535), and for SES's "not verified" (see the SES sender). 4xx about them is about this mail
/// today: greylisting, a full mailbox. All else is about the server or our account there: a sender
/// that it does not know, a password that it refuses, a connection that breaks, `421`.
fn what_it_means(error: &SmtpError, stage: Stage) -> MailError {
    let words = in_words(error);
    let code = error.status().map(u16::from);
    let cause = without_addresses(&words).into();
    match code {
        Some(421 | 530 | 535) | None => MailError::Unavailable(cause),
        Some(_) if stage == Stage::Session => MailError::Unavailable(cause),
        Some(500..) if words.contains("not verified") => MailError::Postponed(cause),
        Some(code @ 500..) => MailError::Refused(match enhanced(&words) {
            Some(enhanced) => format!("{code} {enhanced}"),
            None => code.to_string(),
        }),
        Some(_) => MailError::Postponed(cause),
    }
}

/// The enhanced status code (RFC 3463) in a server's words: `5.1.1`.
fn enhanced(words: &str) -> Option<&str> {
    words.split([' ', ':', '(', ')']).find(|word| {
        let parts: Vec<&str> = word.split('.').collect();
        let is_number =
            |part: &&str| (1..=3).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit());
        parts.len() == 3 && parts.iter().all(is_number)
    })
}
