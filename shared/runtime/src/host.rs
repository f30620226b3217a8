use std::{error::Error, path::PathBuf, sync::Arc};

use async_trait::async_trait;
use aws_config::{
    BehaviorVersion, Region, SdkConfig, environment::EnvironmentVariableCredentialsProvider,
};
use aws_credential_types::provider::SharedCredentialsProvider;
use rolecall_crypto::{Crypto, DirectoryKeys, KeySource, NoKeys, PasswordPool, TrustedProxy};
use rolecall_domain::{
    Ports, Process,
    clock::SystemClock,
    meter::Meter,
    ports::Mailer,
    rng::{Rng, SystemRng},
    settings::{Settings, SettingsError},
    smtp::SmtpServer,
};
use rolecall_http::Recorder;
use rolecall_mail::{SesMailer, SmtpCredentials, SmtpMailer};
use rolecall_storage::Store;
use tracing::Level;
use tracing_subscriber::{filter::Targets, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{extension::AnsweredCalls, https::Https, log::Lines, ssm::SsmKeys};

/// Why a function does not start.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error(transparent)]
    Settings(#[from] SettingsError),
    #[error("no threads: {0}")]
    Threads(std::io::Error),
    #[error("the Lambda runtime stopped: {0}")]
    Runtime(lambda_http::Error),
}

/// Everything that lives as long as the process.
pub(crate) struct Host {
    aws: SdkConfig,
    https: Https,
    process: Process,
    store: Store,
    crypto: Crypto<Store>,
    pub(crate) proxy: TrustedProxy,
    pub(crate) answered_calls: AnsweredCalls,
}

impl Host {
    /// Reads the settings and builds the clients; nothing is fetched before the first request needs
    /// it.
    pub(crate) fn start() -> Result<Self, StartError> {
        let process = process()?;
        let (clock, rng) = (Arc::clone(&process.clock), Arc::clone(&process.rng));
        let https = Https::default();
        let aws = aws_from_environment(https.clone());
        let endpoint = endpoint("DYNAMODB");
        let store =
            Store::on_aws(&aws, endpoint.as_deref(), &process.settings.table, Arc::clone(&rng))
                .retention(process.settings.retention());
        let keys = key_source(&aws, &https, &rng);
        let is_trusted = process.settings.trusted_proxy;
        let proxy = TrustedProxy::new(is_trusted, Arc::clone(&keys), Arc::clone(&clock));
        let crypto = Crypto::new(
            keys,
            store.clone(),
            Arc::clone(&clock),
            PasswordPool::new(Arc::clone(&rng)),
        );
        Ok(Self { aws, https, process, store, crypto, proxy, answered_calls: AnsweredCalls::new() })
    }

    /// Reads the public keys while Lambda's CPU is not throttled, which also opens the connection
    /// to the table.
    pub(crate) async fn warm(&self) {
        self.https.prepare().await;
        if let Err(error) = self.crypto.warm().await {
            tracing::debug!(%error, "the first request will open the connection");
        }
    }

    /// Writes the records of calls: of an endpoint, so a job does not link it.
    pub(crate) fn recorder(&self) -> Recorder {
        Recorder::start(self.store.clone())
    }

    /// The ports of one request, counting into `meter`.
    pub(crate) fn ports(&self, meter: Arc<Meter>) -> Ports<Store, Crypto<Store>> {
        let store = self.store.metered(Arc::clone(&meter));
        Ports::new(&self.process, store, self.crypto.metered(meter))
    }

    /// A mail server where the settings name one, otherwise SES; only event functions ask for it,
    /// so only they link it.
    pub(crate) fn mailer(&self) -> Arc<dyn Mailer> {
        let settings = &self.process.settings;
        if let Some(server) = SmtpServer::parse(&settings.smtp_url) {
            let keys = key_source(&self.aws, &self.https, &self.process.rng);
            return Arc::new(SmtpMailer::new(server, settings, Arc::new(SmtpSecret(keys))));
        }
        Arc::new(SesMailer::on_aws(&self.aws, endpoint("SESV2").as_deref(), &self.process.settings))
    }
}

/// What every function has: clock, random bytes, and the settings of its environment.
pub(crate) fn process() -> Result<Process, SettingsError> {
    Ok(Process {
        clock: Arc::new(SystemClock),
        rng: Arc::new(SystemRng),
        settings: Arc::new(Settings::read(variable)?),
        blocked: Arc::default(),
        quotas: Arc::default(),
        catalogue: Arc::default(),
    })
}

/// User and password of the mail server: the secret `smtp`, `USER:PASSWORD`, or the environment
/// where a machine of one's own has them there.
struct SmtpSecret(Arc<dyn KeySource>);

#[async_trait]
impl SmtpCredentials for SmtpSecret {
    async fn read(&self) -> Result<Option<(String, String)>, Box<dyn Error + Send + Sync>> {
        let given = |name: &str| variable(name).filter(|text| !text.is_empty());
        if let Some(user) = given("ROLECALL_SMTP_USER") {
            return Ok(Some((user, given("ROLECALL_SMTP_PASSWORD").unwrap_or_default())));
        }
        let Some(secret) = self.0.read("smtp").await? else {
            return Ok(None);
        };
        let secret = String::from_utf8(secret).map_err(|_| "the secret `smtp` is no text")?;
        let (user, password) =
            secret.trim_end().split_once(':').ok_or("the secret `smtp` is no USER:PASSWORD")?;
        Ok(Some((user.to_owned(), password.to_owned())))
    }
}

/// SSM on AWS, a folder under the local stack. Where neither is set, every key is missing: no
/// default key.
fn key_source(aws: &SdkConfig, https: &Https, rng: &Arc<dyn Rng>) -> Arc<dyn KeySource> {
    match variable("ROLECALL_KEYS_SSM").filter(|prefix| !prefix.is_empty()) {
        Some(prefix) => Arc::new(SsmKeys::new(
            aws.clone(),
            https.clone(),
            endpoint("SSM"),
            prefix,
            Arc::clone(rng),
        )),
        None => match variable("ROLECALL_KEYS_DIR").filter(|folder| !folder.is_empty()) {
            Some(folder) => Arc::new(DirectoryKeys::new(&PathBuf::from(folder))),
            None => Arc::new(NoKeys),
        },
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment of a function"
)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// Where a service is, if not at AWS: said for it alone, or for all.
fn endpoint(service: &str) -> Option<String> {
    variable(&format!("AWS_ENDPOINT_URL_{service}")).or_else(|| variable("AWS_ENDPOINT_URL"))
}

/// Where the Runtime API is.
pub(crate) fn runtime_api() -> String {
    variable("AWS_LAMBDA_RUNTIME_API").unwrap_or_default()
}

/// Lambda gives region and credentials in the environment. The SDK's default chain would look there
/// too, and link STS, SSO, ECS and IMDS clients into every function.
fn aws_from_environment(https: Https) -> SdkConfig {
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(https)
        .region(variable("AWS_REGION").map(Region::new))
        .credentials_provider(SharedCredentialsProvider::new(
            EnvironmentVariableCredentialsProvider::new(),
        ))
        .build()
}

/// One JSON line an event, for CloudWatch; `ROLECALL_LOG` says what is logged, `info,aws=error`
/// when it is not set.
pub(crate) fn log_json() {
    let quiet = || {
        Targets::new()
            .with_default(Level::INFO)
            .with_target("aws", Level::ERROR)
            .with_target("hyper", Level::WARN)
    };
    let wished = variable("ROLECALL_LOG").and_then(|text| text.parse::<Targets>().ok());
    let function = variable("AWS_LAMBDA_FUNCTION_NAME").unwrap_or_default();
    let lines = tracing_subscriber::fmt::layer().event_format(Lines::of(&function));
    tracing_subscriber::registry().with(lines).with(wished.unwrap_or_else(quiet)).init();
}
