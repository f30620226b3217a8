//! Mail: the SES v2 sender, and one text and one HTML template a message.

mod messages;

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sdk_sesv2::{
    Client,
    config::{
        BehaviorVersion, Builder, HttpClient, Region, retry::RetryConfig, timeout::TimeoutConfig,
    },
    types::{Body, Content, Destination, EmailContent, Message as SesMessage},
};
pub use messages::{Rendered, render};
use rolecall_domain::{
    mail::Message,
    ports::{MailError, Mailer, in_words},
};

/// Sends through SES v2, or through whatever speaks its protocol.
pub struct SesMailer {
    client: Client,
    from: String,
}

impl SesMailer {
    /// SES with the credentials and region of `config`, at another `endpoint` if there is one; mail
    /// comes from `from`.
    #[must_use]
    pub fn on_aws(config: &aws_types::SdkConfig, endpoint: Option<&str>, from: &str) -> Self {
        let mut builder = Builder::from(config);
        builder.set_endpoint_url(endpoint.map(str::to_owned));
        Self::new(builder, from)
    }

    /// The local stack's mailbox.
    #[must_use]
    pub fn at_endpoint(endpoint: &str, http: impl HttpClient + 'static, from: &str) -> Self {
        let config = Builder::default()
            .behavior_version(BehaviorVersion::latest())
            .endpoint_url(endpoint)
            .http_client(http)
            .region(Region::from_static("us-east-1"))
            .credentials_provider(Credentials::new("local", "local", None, None, "local"));
        Self::new(config, from)
    }

    fn new(config: Builder, from: &str) -> Self {
        let timeouts =
            TimeoutConfig::builder().operation_timeout(std::time::Duration::from_secs(20)).build();
        let config = config
            .timeout_config(timeouts)
            .retry_config(RetryConfig::standard().with_max_attempts(2))
            .build();
        Self { client: Client::from_conf(config), from: from.to_owned() }
    }
}

#[async_trait]
impl Mailer for SesMailer {
    async fn send(&self, to: &str, message: &Message) -> Result<(), MailError> {
        let Rendered { subject, text, html } =
            render(message).map_err(|error| MailError(error.into()))?;
        let content = |data: String| {
            Content::builder()
                .data(data)
                .charset("UTF-8")
                .build()
                .map_err(|error| MailError(error.into()))
        };
        let body = Body::builder().text(content(text)?).html(content(html)?).build();
        let message = SesMessage::builder().subject(content(subject)?).body(body).build();
        self.client
            .send_email()
            .from_email_address(&self.from)
            .destination(Destination::builder().to_addresses(to).build())
            .content(EmailContent::builder().simple(message).build())
            .send()
            .await
            .map(drop)
            .map_err(|error| MailError(in_words(&error).into()))
    }
}
