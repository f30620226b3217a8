//! Amazon SES, by its API of version 2.

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sdk_sesv2::{
    Client,
    config::{
        BehaviorVersion, Builder, HttpClient, Region, retry::RetryConfig, timeout::TimeoutConfig,
    },
    error::{BuildError, ProvideErrorMetadata, SdkError},
    operation::send_email::SendEmailError,
    types::{Body, Content, Destination, EmailContent, Message as SesMessage},
};
use rolecall_domain::{
    mail::{Letterhead, Message},
    ports::{MailError, Mailer, in_words},
    settings::Settings,
};

use crate::{
    messages::{Rendered, render},
    sender::Sender,
    without_addresses,
};

/// Sends through SES v2, or through whatever speaks its protocol.
pub struct SesMailer {
    client: Client,
    sender: Sender,
    /// Which tells what bounced.
    configuration_set: Option<String>,
}

impl SesMailer {
    /// SES with the credentials and region of `config`, at another `endpoint` if there is one.
    #[must_use]
    pub fn on_aws(
        config: &aws_types::SdkConfig,
        endpoint: Option<&str>,
        settings: &Settings,
    ) -> Self {
        let mut builder = Builder::from(config);
        builder.set_endpoint_url(endpoint.map(str::to_owned));
        Self::new(builder, settings)
    }

    /// The local stack's mailbox.
    #[must_use]
    pub fn at_endpoint(
        endpoint: &str,
        http: impl HttpClient + 'static,
        settings: &Settings,
    ) -> Self {
        let config = Builder::default()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(endpoint)
            .http_client(http)
            .region(Region::from_static("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "local"));
        Self::new(config, settings)
    }

    fn new(config: Builder, settings: &Settings) -> Self {
        let timeouts =
            TimeoutConfig::builder().operation_timeout(std::time::Duration::from_secs(20)).build();
        let config = config
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(2))
            .build();
        let set = Some(&settings.ses_configuration_set).filter(|name| !name.is_empty());
        Self {
            client: Client::from_conf(config),
            sender: Sender::of(settings),
            configuration_set: set.cloned(),
        }
    }
}

#[async_trait]
impl Mailer for SesMailer {
    async fn send(&self, to: &str, message: &Message, head: &Letterhead) -> Result<(), MailError> {
        let Rendered { subject, text, html } =
            render(message, head).map_err(|_| MailError::Refused("unrenderable".to_owned()))?;
        let content =
            |data: String| Content::builder().data(data).charset("UTF-8").build().map_err(unbuilt);
        let body = Body::builder().text(content(text)?).html(content(html)?).build();
        let message = SesMessage::builder().subject(content(subject)?).body(body).build();
        self.client
            .send_email()
            .from_email_address(self.sender.from(&head.product))
            .set_reply_to_addresses(self.sender.reply_to.clone().map(|address| vec![address]))
            .set_configuration_set_name(self.configuration_set.clone())
            .destination(Destination::builder().to_addresses(to).build())
            .content(EmailContent::builder().simple(message).build())
            .send()
            .await
            .map(drop)
            .map_err(|error| what_it_means(&error))
    }
}

fn unbuilt(_: BuildError) -> MailError {
    MailError::Refused("incomplete".to_owned())
}

/// What a refusal means for the mail (SES API v2, `SendEmail`, "Errors"; SES developer guide,
/// "Amazon SES email sending errors").
///
/// About this mail, for good: `BadRequestException`, an address or a message that SES cannot take,
/// and `MessageRejected`, content that it does not send. One `MessageRejected` is about today:
/// "Email address is not verified" is the sandbox, or a sender that is not proven yet, and an
/// operator does something about it; such a mail is tried until it is of no use any more.
///
/// About the account, until an operator repairs it: suspended, paused, over its quota, without its
/// domain's proof, without the configuration set that we name, or without our right to send. About
/// the moment: too many requests, 5xx, no answer. Nothing of what is unknown is for good.
fn what_it_means(error: &SdkError<SendEmailError>) -> MailError {
    let cause = without_addresses(&in_words(error));
    let is_of_the_service = error.raw_response().is_none_or(|raw| raw.status().is_server_error());
    match error.as_service_error() {
        Some(SendEmailError::BadRequestException(_)) => {
            MailError::Refused("BadRequestException".to_owned())
        }
        Some(SendEmailError::MessageRejected(rejected)) => {
            if rejected.message().is_some_and(|text| text.contains("not verified")) {
                MailError::Postponed(cause.into())
            } else {
                MailError::Refused("MessageRejected".to_owned())
            }
        }
        Some(
            SendEmailError::AccountSuspendedException(_)
            | SendEmailError::SendingPausedException(_)
            | SendEmailError::LimitExceededException(_)
            | SendEmailError::MailFromDomainNotVerifiedException(_)
            | SendEmailError::NotFoundException(_)
            | SendEmailError::TooManyRequestsException(_),
        ) => MailError::Unavailable(cause.into()),
        Some(other) if other.code() == Some("AccessDeniedException") => {
            MailError::Unavailable(cause.into())
        }
        _ if is_of_the_service => MailError::Unavailable(cause.into()),
        _ => MailError::Postponed(cause.into()),
    }
}
