use std::{fs, io, net::SocketAddr, sync::Arc};

use rolecall_domain::{
    clock::Clock,
    people,
    ports::StoreError,
    settings::{RegistrationMode, Settings, SettingsError},
    signing::RotateError,
};
use rolecall_http::Recorder;
use tokio::{
    net::TcpListener,
    sync::watch,
    task::{JoinHandle, JoinSet},
};

use crate::{
    clock::MovableClock,
    cors::CorsRules,
    data::Files,
    database,
    deliveries::Invoker,
    first_admin,
    host::Host,
    http_server::HttpServer,
    local_routes::{Local, router},
    mailbox::Mailbox,
    metrics::Metrics,
    options::Options,
    plain_http::PlainHttp,
    poller,
    progress::Progress,
    scheduler,
    ses::Ses,
    welcome::Welcome,
};

/// Why the stack does not start.
#[derive(Debug, thiserror::Error)]
pub enum StackError {
    /// A port is taken.
    #[error("port {0} cannot be used ({1}); choose another one with --port or --dynamodb-port")]
    Port(u16, io::Error),
    /// The file system or the network refused.
    #[error(transparent)]
    Io(io::Error),
    /// The embedded DynamoDB did not open its file.
    #[error("the embedded DynamoDB cannot open its data: {0}")]
    Database(String),
    /// The settings are wrong.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The signing key could not be made or read.
    #[error("the signing key cannot be used: {0}")]
    Keys(#[from] RotateError),
    /// The first super admin could not be made.
    #[error("the first super admin cannot be made: {0}")]
    Admin(String),
    /// The server beside the mailbox is no server.
    #[error("--smtp wants smtp://HOST:PORT or smtps://HOST:PORT, and not `{0}`")]
    Smtp(String),
    /// Two routes are one path.
    #[error("the route table is wrong: {0}")]
    Routes(#[from] matchit::InsertError),
}

/// The running local stack.
pub struct Stack {
    address: SocketAddr,
    dynamodb_endpoint: String,
    environment: Vec<(&'static str, String)>,
    services_only: bool,
    registration: RegistrationMode,
    admin_email: Option<String>,
    setup_token: Option<String>,
    stop: watch::Sender<bool>,
    stop_database: watch::Sender<bool>,
    server: JoinHandle<()>,
    database: Option<JoinHandle<()>>,
    background: JoinSet<()>,
    recorder: Recorder,
}

impl Stack {
    /// Starts everything; when it returns, the API answers.
    pub async fn start(options: Options) -> Result<Self, StackError> {
        let files = Files::of(&options.data).map_err(StackError::Io)?;
        let (stop, stopped) = watch::channel(false);
        // The database goes on until everything that the front took is written.
        let (stop_database, database_stopped) = watch::channel(false);
        let (dynamodb_endpoint, database) = if let Some(endpoint) = &options.dynamodb_endpoint {
            (endpoint.clone(), None)
        } else {
            let embedded = database::serve(&files, options.dynamodb_port, database_stopped).await?;
            (embedded.endpoint, Some(embedded.task))
        };
        let listener = TcpListener::bind(("127.0.0.1", options.port))
            .await
            .map_err(|error| StackError::Port(options.port, error))?;
        let address = listener.local_addr().map_err(StackError::Io)?;
        let clock = Arc::new(MovableClock::new(files.clock.clone()));
        let environment = environment(&options, &files, address, &dynamodb_endpoint);
        let settings = Settings::read(|name| lookup(&environment, name))?;
        let cors_origins = settings.cors_origins.clone();
        let (registration, ses_state) = (settings.registration, Ses::of(&settings));
        let shared_clock: Arc<dyn Clock> = Arc::clone(&clock) as _;
        let http = PlainHttp::default();
        let ses = format!("http://{address}/_local/ses");
        let host = Arc::new(
            Host::start(
                &options,
                &files,
                settings,
                Arc::clone(&shared_clock),
                &http,
                &dynamodb_endpoint,
                &ses,
            )
            .await?,
        );
        fill_lists(&host).await?;
        let (setup_link, setup_token) = first_admin::prepare(&options, &host).await?;
        write_environment(&files, &environment).map_err(StackError::Io)?;
        let metrics = Arc::new(Metrics::default());
        let progress = Arc::new(Progress::default());
        let recorder = Recorder::start(host.ports(Arc::default()).store);
        let (invoker, http_server) = if options.services_only {
            (
                Invoker::Lambda {
                    client: reqwest::Client::new(),
                    endpoint: options.lambda_endpoint.clone(),
                },
                None,
            )
        } else {
            let (clock, metrics) = (Arc::clone(&shared_clock), Arc::clone(&metrics));
            let http_server = HttpServer::new(
                Arc::clone(&host),
                clock,
                metrics,
                Arc::clone(&progress),
                recorder.clone(),
                CorsRules::new(cors_origins),
            )?;
            (Invoker::Here(Arc::clone(&host)), Some(http_server))
        };
        let mailbox = Mailbox::open(files.mail.clone()).map_err(StackError::Io)?;
        let local = Local {
            clock,
            mailbox,
            metrics,
            invoker: invoker.clone(),
            host,
            http_server,
            mail_delay: options.mail_delay,
            setup_link,
            ses: ses_state,
            progress: Arc::clone(&progress),
        };
        let server = tokio::spawn(serve(listener, Arc::new(local), stopped));
        let mut background = JoinSet::new();
        background.spawn(scheduler::run(shared_clock, invoker.clone()));
        background.spawn(poller::poll(
            http,
            dynamodb_endpoint.clone(),
            options.table.clone(),
            invoker,
            progress,
        ));
        let services_only = options.services_only;
        Ok(Self {
            address,
            dynamodb_endpoint,
            environment,
            services_only,
            registration,
            admin_email: options.admin_email,
            setup_token,
            stop,
            stop_database,
            server,
            database,
            background,
            recorder,
        })
    }

    /// Where it listens, `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where its DynamoDB listens.
    #[must_use]
    pub fn dynamodb_endpoint(&self) -> &str {
        &self.dynamodb_endpoint
    }

    /// What a function's own process needs in its environment to use this stack's services.
    #[must_use]
    pub fn environment(&self) -> &[(&'static str, String)] {
        &self.environment
    }

    /// The token of the link that makes the first super admin, where there was none.
    #[must_use]
    pub fn setup_token(&self) -> Option<&str> {
        self.setup_token.as_deref()
    }

    /// What the newcomer types next.
    #[must_use]
    pub fn first_thing_to_try(&self) -> String {
        let url = self.url();
        if self.services_only {
            return "\nServices only. In another terminal:\n  cargo lambda watch --package \
                functions --env-file .rolecall/functions.env"
                .to_owned();
        }
        let welcome = Welcome {
            url: &url,
            dynamodb: &self.dynamodb_endpoint,
            registration: self.registration,
            admin_email: self.admin_email.as_deref(),
            setup_token: self.setup_token.as_deref(),
        };
        welcome.text()
    }

    /// Stops reading the table's stream and running schedules: from then on mails wait in the
    /// outbox.
    pub async fn stop_background(&mut self) {
        self.background.shutdown().await;
    }

    /// Waits until the records of all calls that were answered are in the table.
    pub async fn recorded(&self) {
        self.recorder.idle().await;
    }

    /// Stops in order: no new requests, the last answers out and recorded, then the database.
    pub async fn stop(mut self) {
        self.stop_background().await;
        self.stop.send_replace(true);
        drop(self.server.await);
        self.recorder.idle().await;
        self.stop_database.send_replace(true);
        if let Some(database) = self.database {
            drop(database.await);
        }
    }
}

async fn serve(listener: TcpListener, local: Arc<Local>, mut stopped: watch::Receiver<bool>) {
    let service = router(local).into_make_service_with_connect_info::<SocketAddr>();
    let until = async move { drop(stopped.wait_for(|stopped| *stopped).await) };
    if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(until).await {
        tracing::error!(%error, "the front stopped");
    }
}

/// The settings of this stack, as a function's own process would have them.
fn environment(
    options: &Options,
    files: &Files,
    address: SocketAddr,
    dynamodb: &str,
) -> Vec<(&'static str, String)> {
    let issuer = if options.services_only {
        options.lambda_endpoint.clone()
    } else {
        format!("http://{address}")
    };
    let mut environment = vec![
        ("ROLECALL_TABLE", options.table.clone()),
        ("ROLECALL_ISSUER", issuer),
        ("AWS_ENDPOINT_URL_DYNAMODB", dynamodb.to_owned()),
        ("AWS_ENDPOINT_URL_SESV2", format!("http://{address}/_local/ses")),
        ("AWS_REGION", "us-east-1".to_owned()),
        ("AWS_ACCESS_KEY_ID", "local".to_owned()),
        ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
    ];
    if let Some(mode) = &options.registration {
        environment.push(("ROLECALL_REGISTRATION", mode.clone()));
    }
    environment.extend(options.settings.iter().cloned());
    let defaults = [
        ("ROLECALL_MAIL_FROM", "rolecall@example.com".to_owned()),
        ("ROLECALL_SES_CONFIGURATION_SET", "rolecall".to_owned()),
    ];
    for (name, default) in defaults {
        let given = lookup(&environment, name).filter(|given| !given.is_empty());
        environment.push((name, given.unwrap_or(default)));
    }
    if let Some(keys) = &files.keys {
        environment.push(("ROLECALL_KEYS_DIR", keys.display().to_string()));
    }
    environment
}

/// What the stack itself decides has the first word, then the machine's environment.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the environment of the local stack"
)]
fn lookup(environment: &[(&'static str, String)], name: &str) -> Option<String> {
    let own = environment.iter().find(|(key, _)| *key == name).map(|(_, value)| value.clone());
    own.or_else(|| std::env::var(name).ok())
}

fn write_environment(files: &Files, environment: &[(&'static str, String)]) -> io::Result<()> {
    let Some(file) = &files.environment else {
        return Ok(());
    };
    let lines: String =
        environment.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
    fs::write(file, lines)
}

/// A new table has nobody yet, and its lists have everybody.
async fn fill_lists(host: &Host) -> Result<(), StackError> {
    people::fill_lists(&host.ports(Arc::default()), usize::MAX, false).await?;
    Ok(())
}
