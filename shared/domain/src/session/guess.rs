use super::{
    attempts::{Admission, Attempts, Source},
    types::Client,
};
use crate::{
    Ports,
    account::Email,
    activity::{Activity, Enclosed, Event},
    ids::{SessionId, UserId},
    mail::{MailToken, Message, OutboxMail, Purpose},
    ports::{KeyError, StoreError},
    throttle::TooMany,
};

/// Why a guess came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum GuessError {
    /// Wrong, or the account is locked to whoever guesses.
    #[error("the password is not taken")]
    Refused,
    /// Too many failures from there: nothing was looked at.
    #[error(transparent)]
    TooMany(#[from] TooMany),
    /// The server key is out of reach.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One guess of an account's password, held against the counters of its address.
///
/// Parallel guesses are counted as if they came one after the other: each outcome, right or wrong,
/// is written only on the counters that its guess was admitted under, and otherwise admitted anew.
pub(crate) struct Guess<'a> {
    /// The ports.
    pub(crate) ports: &'a Ports,
    /// The address.
    pub(crate) email: &'a Email,
    /// From where and with what.
    pub(crate) client: &'a Client,
    /// Who guesses, as the counters know them.
    pub(crate) source: Source,
    /// Whose password, if anybody's.
    pub(crate) user_id: Option<UserId>,
    /// The session that asks, where there is one.
    pub(crate) session_id: Option<SessionId>,
    /// What a wrong guess is called in the log.
    pub(crate) failure: Event,
}

/// How often an outcome is written again that lost to another.
const ATTEMPTS: usize = 8;

impl Guess<'_> {
    /// Whether the password may count; a wait is an answer of its own, whether or not the address
    /// has an account.
    pub(crate) fn admission(&self, attempts: &Attempts) -> Result<Admission, TooMany> {
        match attempts.admission(
            &self.source,
            &self.ports.settings.login_limits,
            self.ports.clock.now(),
        ) {
            Admission::Wait(wait) => Err(TooMany(wait)),
            admission => Ok(admission),
        }
    }

    /// Takes the own failures back, unless there are too many of them meanwhile.
    ///
    /// A right guess has its turn like a wrong one: it counts on the counters as they are, not on
    /// those of before. Only a known device that did not fail itself meanwhile is let in when
    /// strangers fail faster than it can write.
    pub(crate) async fn right(&self, mut attempts: Attempts) -> Result<(), GuessError> {
        let (own, by_devices) = (attempts.own(&self.source), attempts.device_failures);
        for _ in 0..ATTEMPTS {
            let now = self.ports.clock.now();
            let next = attempts.succeeded(&self.source);
            match self
                .ports
                .accounts
                .settle_attempts(self.email, &attempts, next.as_ref(), now)
                .await?
            {
                None => return Ok(()),
                Some(moved) => attempts = moved,
            }
            if self.admission(&attempts)? == Admission::Locked {
                return Err(GuessError::Refused);
            }
        }
        let is_undisturbed =
            (attempts.own(&self.source), attempts.device_failures) == (own, by_devices);
        if self.source.is_known_device() && is_undisturbed {
            Ok(())
        } else {
            Err(busy())
        }
    }

    /// Counts the failure for source and account; the answer is the same whether or not there is an
    /// account.
    pub(crate) async fn wrong(&self, mut attempts: Attempts) -> Result<GuessError, GuessError> {
        for _ in 0..ATTEMPTS {
            let (next, enclosed) = self.failure(&attempts).await?;
            match self
                .ports
                .accounts
                .put_attempts(self.email, attempts.version, &next, &enclosed)
                .await?
            {
                None => return Ok(GuessError::Refused),
                Some(moved) => attempts = moved,
            }
            self.admission(&attempts)?;
        }
        Err(busy())
    }

    /// The counters with this failure, what it is called, and the mail to the owner when it locks
    /// the account.
    async fn failure(&self, attempts: &Attempts) -> Result<(Attempts, Enclosed), KeyError> {
        let ports = self.ports;
        let (mut next, locked) = attempts.failed(
            &self.source,
            &ports.settings.login_limits,
            ports.clock.now(),
        );
        let event = if locked.is_some() {
            Event::LoginLock
        } else {
            self.failure
        };
        let mut activity = Activity::new(ports, event, self.client).with("failures", next.total());
        activity.user_id = self.user_id;
        activity.session_id = self.session_id;
        let mut enclosed = Enclosed::new(activity);
        if let Some(until) = locked {
            // Nobody has this id, and a mail about nobody goes to nobody.
            let owner = self.user_id.unwrap_or(UserId::from_bytes([0; 16]));
            let token = MailToken::new(ports, Purpose::Unlock, Some(owner)).await?;
            let message = Message::AccountLocked {
                owner,
                nonce: token.nonce,
                until,
            };
            next.unlock = Some(token.hash());
            enclosed = enclosed.mail(OutboxMail::new(ports, self.email, None, message));
        }
        Ok((next, enclosed))
    }
}

fn busy() -> GuessError {
    StoreError::Unavailable("the counters changed too often meanwhile".into()).into()
}
