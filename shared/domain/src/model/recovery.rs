//! The one-time token that a mail carries, as it is stored.

use crate::model::{
    account::{AccountStatus, Email, User},
    clock::Timestamp,
    ids::UserId,
    token::{Purpose, TokenHash},
};

/// The one living token of a user and purpose. A newer one takes its place.
#[derive(Debug, Clone)]
pub struct OneTimeToken {
    /// Whose; the id of nobody when the address has no account.
    pub owner: UserId,
    pub purpose: Purpose,
    pub token: TokenHash,
    /// The account's address when it was asked for; dead when that is another.
    pub email: Email,
    /// [`User::credential`] when it was asked for; dead when that is another, as after a password
    /// change.
    pub credential: u64,
    /// [`User::epoch`] when it was asked for. A link to another address is dead when that is
    /// another: signing all devices out takes their links away, too. One that resets lives
    /// on, or a stolen session could keep it from its owner.
    pub epoch: u64,
    pub new_email: Option<Email>,
    /// Dead when everything that was made by then was ended.
    pub made_at: Timestamp,
    /// Dead from then on.
    pub ends_at: Timestamp,
    /// The third one of an hour goes on working until another one can be asked for: strangers who
    /// ask three times keep no owner without a link.
    pub last_until: Option<Timestamp>,
}

/// The outcome of asking for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requested {
    /// It is the living one.
    Done,
    /// Three were made within the hour: another one can be made from then on.
    NotBefore(Timestamp),
}

impl OneTimeToken {
    pub(crate) fn is_good_for(
        &self,
        user: &User,
        purpose: Purpose,
        token: &TokenHash,
        ended_before: Option<Timestamp>,
        now: Timestamp,
    ) -> bool {
        let is_living = self.ends_at > now || self.last_until.is_some_and(|until| until > now);
        self.token == *token
            && is_living
            && ended_before.is_none_or(|at| self.made_at > at)
            && self.owner == user.id
            && self.credential == user.credential
            && self.purpose == purpose
            && (purpose != Purpose::ChangeEmail || self.is_wished_by(user))
            && self.email.key() == user.email.key()
            && user.status
                == if purpose == Purpose::Invitation {
                    AccountStatus::Pending
                } else {
                    AccountStatus::Active
                }
            && !user.is_locked(now)
    }

    /// Whether the account still wishes for the address: the link in its notice takes that away.
    fn is_wished_by(&self, user: &User) -> bool {
        let wished = user.pending_email.as_ref().map(|one| one.email.key());
        self.epoch == user.epoch && wished == self.new_email.as_ref().map(Email::key)
    }
}
