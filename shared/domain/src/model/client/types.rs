use super::{agent::Agent, network::Network};
use crate::model::{appearance::Language, text::sanitize};

/// From where and with what somebody calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// The address that API Gateway saw.
    pub address: Option<String>,
    /// `User-Agent`, at most 256 characters, control characters replaced.
    pub agent: Option<String>,
    /// What it prefers of the languages that pages and mails speak. Nothing keeps it but a mail.
    pub language: Option<Language>,
}

impl Client {
    /// A client as the gateway tells of it.
    #[must_use]
    pub fn new(address: Option<&str>, agent: Option<&str>) -> Self {
        Self {
            address: address.map(|text| sanitize(text, 64)),
            agent: agent.map(|text| sanitize(text, 256)),
            language: None,
        }
    }

    /// The same, who reads this language.
    #[must_use]
    pub fn reading(self, language: Option<Language>) -> Self {
        Self { language, ..self }
    }

    /// Its network, as far as limits go.
    #[must_use]
    pub fn network(&self) -> Network {
        Network::of(self.address.as_deref())
    }

    /// Its device, browser and operating system.
    #[must_use]
    pub fn device(&self) -> Agent {
        Agent::read(self.agent.as_deref().unwrap_or_default())
    }
}
