use crate::{
    Ports,
    account::{AccountStatus, Email, User},
    clock::Timestamp,
    ids::UserId,
    mail::{MailToken, Purpose, TokenHash},
    organization::Person,
    ports::{KeyError, StoreError},
    session::Client,
    throttle::{self, Rule, TooMany},
};

/// What a one-time token of an account is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketKind {
    /// A new password.
    ResetPassword,
    /// A new address.
    ChangeEmail,
    /// The first password of an invited account.
    Invitation,
}

impl TicketKind {
    /// What its token is for.
    #[must_use]
    pub fn purpose(self) -> Purpose {
        match self {
            Self::ResetPassword => Purpose::ResetPassword,
            Self::ChangeEmail => Purpose::ChangeEmail,
            Self::Invitation => Purpose::Invitation,
        }
    }
}

/// The one living token of a user and kind. A newer one takes its place.
#[derive(Debug, Clone)]
pub struct Ticket {
    /// Whose; the id of nobody when the address has no account.
    pub owner: UserId,
    /// What for.
    pub kind: TicketKind,
    /// The hash of the token.
    pub token: TokenHash,
    /// The account's address when it was asked for; dead when that is another.
    pub email: Email,
    /// [`User::credential`] when it was asked for; dead when that is another, as after a password
    /// change.
    pub credential: u64,
    /// [`User::epoch`] when it was asked for. A link to another address is dead when that is
    /// another: whoever signs all devices out takes their links away, too. One that resets lives
    /// on, or a stolen session could keep it from its owner.
    pub epoch: u64,
    /// The wished address.
    pub new_email: Option<Email>,
    /// Dead from then on.
    pub ends_at: Timestamp,
    /// The third one of an hour goes on working until another one can be asked for: strangers who
    /// ask three times keep no owner without a link.
    pub last_until: Option<Timestamp>,
}

/// What became of asking for a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It is the living one.
    Done,
    /// Three were made within the hour: another one can be made from then on.
    NotBefore(Timestamp),
}

impl Ticket {
    fn is_good_for(
        &self,
        user: &User,
        kind: TicketKind,
        token: &TokenHash,
        now: Timestamp,
    ) -> bool {
        let is_living = self.ends_at > now || self.last_until.is_some_and(|until| until > now);
        self.token == *token
            && is_living
            && self.owner == user.id
            && self.credential == user.credential
            && self.kind == kind
            && (kind != TicketKind::ChangeEmail || self.epoch == user.epoch)
            && self.email.key() == user.email.key()
            && user.status
                == if kind == TicketKind::Invitation {
                    AccountStatus::Pending
                } else {
                    AccountStatus::Active
                }
            && !user.is_locked(now)
    }
}

/// Why a mailed token was not taken.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// Unknown, used, over, or replaced by a newer one.
    #[error("the token is not valid")]
    InvalidToken,
    /// The network failed too often.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// A key is out of reach.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The account and the ticket of a token that is good now. It uses nothing up.
pub(super) async fn redeemable(
    ports: &Ports,
    kind: TicketKind,
    token: &str,
    client: &Client,
) -> Result<(Person, Ticket), TicketError> {
    throttle::check(ports, Rule::Links, client)?;
    let Some(owner) = MailToken::owner(token) else {
        return Err(refused(ports, client).await?);
    };
    let hash = TokenHash::of(kind.purpose(), token);
    match ports.tickets.ticket(owner, kind).await? {
        (Some(person), Some(ticket))
            if ticket.is_good_for(&person.user, kind, &hash, ports.clock.now()) =>
        {
            Ok((person, ticket))
        }
        _ => Err(refused(ports, client).await?),
    }
}

/// Counts the failure of the network.
pub(super) async fn refused(ports: &Ports, client: &Client) -> Result<TicketError, TicketError> {
    let over = throttle::count(ports, Rule::Links, client).await?;
    Ok(over.map_or(TicketError::InvalidToken, TicketError::TooMany))
}
