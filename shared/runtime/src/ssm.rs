//! Secrets in SSM Parameter Store, as `SecureString`: nothing to pay while idle.
//!
//! Three calls of JSON 1.1, signed by the SDK's own signer. The SDK's client for them weighs 1.2 of
//! the 8 MiB that a function may have (`docs/decisions/0006-lean-functions.md`).

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_credential_types::provider::ProvideCredentials;
use aws_sigv4::{
    http_request::{SignableBody, SignableRequest, SigningSettings, sign},
    sign::v4,
};
use base64::{Engine, engine::general_purpose::STANDARD};
use rolecall_crypto::KeySource;
use rolecall_domain::{
    clock::{Clock, SystemClock},
    ports::KeyError,
    rng::{self, Rng},
};
use serde_json::{Value, json};

use crate::https::Https;

/// How often a call is made that did not get through.
const ATTEMPTS: u32 = 5;
const TIMEOUT: Duration = Duration::from_secs(4);

/// The parameters under a prefix: `{prefix}/server` and `{prefix}/signing/{kid}`, in base64.
pub(crate) struct SsmKeys {
    config: SdkConfig,
    https: Https,
    endpoint: Option<String>,
    prefix: String,
    rng: Arc<dyn Rng>,
}

/// What SSM answered: the body, or the name of the error.
type Reply = Result<Value, String>;

impl SsmKeys {
    /// Parameters that begin with `prefix`, such as `/rolecall/prod`; at another `endpoint` if
    /// there is one.
    pub(crate) fn new(
        config: SdkConfig,
        https: Https,
        endpoint: Option<String>,
        prefix: String,
        rng: Arc<dyn Rng>,
    ) -> Self {
        Self { config, https, endpoint, prefix, rng }
    }

    fn name(&self, name: &str) -> String {
        format!("{}/{name}", self.prefix)
    }

    fn region(&self) -> &str {
        self.config.region().map(AsRef::as_ref).unwrap_or_default()
    }

    fn url(&self) -> String {
        let region = self.region();
        let suffix = if region.starts_with("cn-") { "amazonaws.com.cn" } else { "amazonaws.com" };
        self.endpoint.clone().unwrap_or_else(|| format!("https://ssm.{region}.{suffix}")) + "/"
    }

    /// A random time under a bound that doubles (AWS Builders' Library, "full jitter").
    fn back_off(&self, attempt: u32) -> Duration {
        let draw = u64::from(u16::from_be_bytes(rng::bytes(self.rng.as_ref())));
        Duration::from_millis(1 + draw * (100 << attempt) / u64::from(u16::MAX))
    }

    /// Calls until SSM says yes or no.
    async fn call(&self, operation: &str, body: &Value) -> Result<Reply, KeyError> {
        let mut last = String::new();
        for attempt in 0..ATTEMPTS {
            if attempt > 0 {
                tokio::time::sleep(self.back_off(attempt)).await;
            }
            let request = self
                .signed(operation, body)
                .await
                .map_err(|error| KeyError(format!("{operation}: {error}")))?;
            match tokio::time::timeout(TIMEOUT, self.https.send(request)).await {
                Ok(Ok((status, response))) if status < 500 => match read(status, &response) {
                    Err(kind) if is_passing(&kind) => last = kind,
                    response => return Ok(response),
                },
                Ok(Ok((status, _))) => last = format!("SSM answered {status}"),
                Ok(Err(error)) => last = error,
                Err(_) => "SSM did not answer in time".clone_into(&mut last),
            }
        }
        Err(KeyError(format!("{operation}: {last}")))
    }

    async fn signed(
        &self,
        operation: &str,
        body: &Value,
    ) -> Result<http::Request<Vec<u8>>, Box<dyn std::error::Error + Send + Sync>> {
        let provider = self.config.credentials_provider().ok_or("no credentials")?;
        let identity = provider.provide_credentials().await?.into();
        let mut request = http::Request::post(self.url())
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("AmazonSSM.{operation}"))
            .body(body.to_string().into_bytes())?;
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(self.region())
            .name("ssm")
            .time(now())
            .settings(SigningSettings::default())
            .build()?
            .into();
        let headers = request
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str(), value.to_str().unwrap_or_default()));
        let signable = SignableRequest::new(
            "POST",
            request.uri().to_string(),
            headers,
            SignableBody::Bytes(request.body()),
        )?;
        let (instructions, _) = sign(signable, &params)?.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        Ok(request)
    }
}

fn now() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(SystemClock.now().as_second().unsigned_abs())
}

/// Errors of status 400 that are over in a moment: many instances that start at once meet SSM's
/// rate.
fn is_passing(kind: &str) -> bool {
    ["ThrottlingException", "TooManyUpdates", "RequestLimitExceeded", "InternalServerError"]
        .contains(&kind)
}

/// The name of an error stands behind the last `#` of its type.
fn read(status: u16, body: &[u8]) -> Reply {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    if status == 200 {
        return Ok(body);
    }
    let kind = body.get("__type").and_then(Value::as_str).and_then(|kind| kind.rsplit('#').next());
    Err(kind.map_or_else(|| format!("status {status}"), str::to_owned))
}

#[async_trait]
impl KeySource for SsmKeys {
    async fn read(&self, name: &str) -> Result<Option<Vec<u8>>, KeyError> {
        let name = self.name(name);
        let response = match self
            .call("GetParameter", &json!({ "Name": name, "WithDecryption": true }))
            .await?
        {
            Ok(response) => response,
            Err(kind) if kind == "ParameterNotFound" => return Ok(None),
            Err(kind) => return Err(KeyError(format!("{name}: {kind}"))),
        };
        let text = response.pointer("/Parameter/Value").and_then(Value::as_str).unwrap_or_default();
        STANDARD
            .decode(text.trim())
            .map(Some)
            .map_err(|_| KeyError(format!("{name} is not base64")))
    }

    async fn keep(&self, name: &str, secret: &[u8]) -> Result<(), KeyError> {
        let name = self.name(name);
        let value = STANDARD.encode(secret);
        let put =
            json!({ "Name": name, "Value": value, "Type": "SecureString", "Overwrite": false });
        match self.call("PutParameter", &put).await? {
            Err(kind) if kind != "ParameterAlreadyExists" => {
                Err(KeyError(format!("{name}: {kind}")))
            }
            _ => Ok(()),
        }
    }

    async fn destroy(&self, name: &str) -> Result<(), KeyError> {
        let name = self.name(name);
        match self.call("DeleteParameter", &json!({ "Name": name })).await? {
            Err(kind) if kind != "ParameterNotFound" => Err(KeyError(format!("{name}: {kind}"))),
            _ => Ok(()),
        }
    }
}
