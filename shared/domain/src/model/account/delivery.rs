use crate::model::{clock::Timestamp, violation::Violation};

/// What an address's mail server, or its owner, last said of our mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailDelivery {
    pub status: DeliveryStatus,
    pub at: Timestamp,
    /// The mail service's word for why.
    pub reason: String,
}

/// What became of a mail to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveryStatus {
    /// The address takes no mail: it is not there, or refused ours for good.
    Bounced,
    /// Its owner called our mail spam.
    Complained,
}

impl DeliveryStatus {
    pub const ALL: [Self; 2] = [Self::Bounced, Self::Complained];

    /// Its name in the API and in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bounced => "bounced",
            Self::Complained => "complained",
        }
    }

    /// The status of that name. Error: `unknown_status`.
    pub fn parse(name: &str) -> Result<Self, Violation> {
        Self::ALL
            .into_iter()
            .find(|status| status.as_str() == name)
            .ok_or_else(|| Violation::new("unknown_status", "One of: bounced, complained."))
    }
}
