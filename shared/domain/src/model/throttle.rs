//! Limits of networks and addresses, and whom this process turns away.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use crate::model::{
    client::Network,
    clock::{SignedDuration, Timestamp},
    settings::Settings,
};

/// Networks that are remembered at once; the map starts anew when a flood makes more.
const MOST_BLOCKED: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    Logins,
    /// Refresh tokens that are not ours.
    Tokens,
    /// Mailed tokens that are not good.
    Links,
    SignUps,
    /// Password resets asked for.
    Resets,
    /// Mails to an address that somebody typed, in an hour.
    Mails,
    /// The same by one network.
    MailShare,
    /// Mails to whatever addresses somebody in a network typed, in an hour.
    NetworkMails,
    /// Mails to whatever addresses anybody typed, in an hour.
    StackMails,
    /// Mails of an organization's invitations, in an hour.
    Invitations,
}

impl Rule {
    /// Its name in keys.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Logins => "logins",
            Self::Tokens => "tokens",
            Self::Links => "links",
            Self::SignUps => "sign-ups",
            Self::Resets => "resets",
            Self::Mails => "mails",
            Self::MailShare => "mail-share",
            Self::NetworkMails => "network-mails",
            Self::StackMails => "stack-mails",
            Self::Invitations => "invitations",
        }
    }

    pub(crate) fn most(self, settings: &Settings) -> u32 {
        match self {
            Self::Logins | Self::Tokens | Self::Links => settings.network_failures,
            Self::SignUps => settings.network_sign_ups,
            Self::Resets => settings.network_resets,
            Self::Mails => settings.address_mails,
            Self::MailShare => settings.address_mails.div_ceil(2),
            Self::NetworkMails => settings.network_mails,
            Self::StackMails => settings.stack_mails,
            Self::Invitations => settings.organization_invitations,
        }
    }
}

/// Try again after this long (429).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests")]
pub struct TooMany(pub SignedDuration);

/// The networks that a process turns away, each until its time.
#[derive(Debug, Default)]
pub struct Blocked(Mutex<HashMap<(Rule, Network), Timestamp>>);

impl Blocked {
    pub(crate) fn until(&self, rule: Rule, network: &Network) -> Option<Timestamp> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&(rule, network.clone())).copied()
    }

    pub(crate) fn set(&self, rule: Rule, network: Network, until: Timestamp) {
        let mut blocked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if blocked.len() >= MOST_BLOCKED {
            blocked.clear();
        }
        blocked.insert((rule, network), until);
    }
}
