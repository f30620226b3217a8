//! The lists that people are found in.

use std::{fmt, str::FromStr};

use crate::model::{
    account::{AccountStatus, PersonName, User},
    clock::Timestamp,
    code::Code,
    ids::UserId,
    organization::{Member, MembershipStatus, UserWithMemberships},
    text::canonical,
};

/// A list of people: of all, or of one organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeopleList {
    /// Everybody whose account is not deleted, or every member; by name.
    Everybody,
    /// Accounts of a status, by name.
    Accounts(AccountStatus),
    /// Members of a status, by name.
    Members(MembershipStatus),
    /// Whoever has a role, by name.
    Role(Code),
    /// Members of a department, whatever its case; by name.
    Department(String),
    /// Whoever is found by what a name, the username or the address begins with: first those whose
    /// whole name does, by name, then the others.
    Found(String),
    /// Whoever has not signed in since, the longest away first; those who never did count from
    /// when the account was made.
    AwaySince(Timestamp),
}

/// Somebody as a list has them.
#[derive(Debug, Clone)]
pub struct ListedPerson {
    /// What lists show of the account: nothing that a decision is made on.
    pub person: UserWithMemberships,
    /// The membership, in the lists of an organization.
    pub member: Option<Member>,
}

/// Some of a list.
#[derive(Debug, Clone)]
pub struct ListedPeople {
    /// Each with its position.
    pub people: Vec<(String, ListedPerson)>,
    /// The position behind which there may be more.
    pub next: Option<String>,
}

/// Where a page of people ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PeoplePosition {
    /// In a list.
    Listed(String),
    /// In the directory of all accounts, where the lists have not everybody yet.
    Walked(UserId),
}

impl PeoplePosition {
    /// The position in a list, where it is one.
    #[must_use]
    pub fn listed(self) -> Option<String> {
        match self {
            Self::Listed(position) => Some(position),
            Self::Walked(_) => None,
        }
    }
}

impl fmt::Display for PeoplePosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Listed(position) => write!(f, "listed {position}"),
            Self::Walked(id) => write!(f, "walked {id}"),
        }
    }
}

/// No position.
#[derive(Debug, thiserror::Error)]
#[error("not a position in a list of people")]
pub struct NoPosition;

impl FromStr for PeoplePosition {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, NoPosition> {
        match text.split_once(' ') {
            Some(("listed", position)) => Ok(Self::Listed(position.to_owned())),
            Some(("walked", id)) => id.parse().map(Self::Walked).map_err(|_| NoPosition),
            // A version of before wrote the id alone.
            _ => text.parse().map(Self::Walked).map_err(|_| NoPosition),
        }
    }
}

/// How far the lists were filled with the accounts that were there before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Filling {
    /// How often all accounts were gone through.
    pub passes: u32,
    /// When this pass began.
    pub began: Timestamp,
    /// Up to where this pass is.
    pub after: Option<UserId>,
    /// Whether everything is written, whatever the lists are said to have.
    pub again: bool,
}

impl Filling {
    /// A function of before may still have been at work in the first pass.
    const PASSES: u32 = 2;

    /// Whether the lists have everybody.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.passes >= Self::PASSES
    }

    /// That they have: there was nobody before them.
    #[must_use]
    pub fn done(now: Timestamp) -> Self {
        Self { passes: Self::PASSES, began: now, after: None, again: false }
    }
}

impl User {
    /// What lists sort by: the whole name, or the username of whoever has none; whatever the case.
    #[must_use]
    pub fn sort_name(&self) -> String {
        let name = self.whole_name();
        if name.is_empty() { canonical(self.username.as_str()) } else { canonical(&name) }
    }

    /// What a search finds somebody by: it is the beginning of one of these. The first one is
    /// [`User::sort_name`]. The username comes behind the address, which often begins with it.
    #[must_use]
    pub fn search_words(&self) -> Vec<String> {
        let email = self.mail_address().map(|email| canonical(email.address()));
        let others = email.into_iter().chain([canonical(self.username.as_str())]);
        [self.sort_name()].into_iter().chain(self.last_name()).chain(others).collect()
    }

    /// Whether the username, the first, the last or the whole name begins so, whatever the case.
    #[must_use]
    pub fn has_name(&self, prefix: &str) -> bool {
        let names = [self.sort_name(), canonical(self.username.as_str())];
        names.into_iter().chain(self.last_name()).any(|name| name.starts_with(&canonical(prefix)))
    }

    fn last_name(&self) -> Option<String> {
        self.profile.last_name.as_ref().map(|name| canonical(name.as_str()))
    }

    fn whole_name(&self) -> String {
        let names = [&self.profile.first_name, &self.profile.last_name];
        names.into_iter().flatten().map(PersonName::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// How a text is looked for: its case and its form do not matter.
#[must_use]
pub fn search_text(text: &str) -> String {
    canonical(text)
}
