use crate::{
    model::{
        account::Email,
        activity::{Activity, LoggedUser, PendingEvents},
        client::Client,
        event::Event,
        ids::{SessionId, UserId},
        mail::{MailRequest, OutboxMail},
        session::{Admission, FailedLogins, Source},
        throttle::TooMany,
        token::Purpose,
    },
    ports::{Crypto, KeyError, Ports, Store, StoreError},
    usecases::{
        error::{Refusal, UseCaseError, refusals},
        token_secret::TokenSecret,
    },
};

/// Why an attempt failed.
pub(crate) type PasswordAttemptError = UseCaseError<WrongPassword>;

/// The password is wrong, or the account is locked to this client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the password is wrong")]
pub struct WrongPassword;

impl Refusal for WrongPassword {}
refusals!(WrongPassword);

/// One attempt at an account's password, held against the counters of its address.
///
/// Parallel attempts are counted as if they came one after the other: each outcome, right or wrong,
/// is written only on the counters that its attempt was admitted under, and otherwise admitted
/// anew.
pub(crate) struct PasswordAttempt<'a, S, C> {
    pub(crate) ports: &'a Ports<S, C>,
    pub(crate) email: &'a Email,
    /// From where and with what.
    pub(crate) client: &'a Client,
    /// Who tries, as the counters know them.
    pub(crate) source: Source,
    /// Whose password, if anybody's.
    pub(crate) user: Option<LoggedUser>,
    /// The session that asks, where there is one.
    pub(crate) session_id: Option<SessionId>,
    /// What a wrong password is called in the log.
    pub(crate) failure: Event,
}

/// How often an outcome is written again that lost to another.
const ATTEMPTS: usize = 8;

impl<S: Store, C: Crypto> PasswordAttempt<'_, S, C> {
    /// Whether the password may count; a wait is an answer of its own, whether or not the address
    /// has an account.
    pub(crate) fn admission(&self, failed_logins: &FailedLogins) -> Result<Admission, TooMany> {
        match failed_logins.admission(
            &self.source,
            &self.ports.settings.login_limits(),
            self.ports.clock.now(),
        ) {
            Admission::Wait(wait) => Err(TooMany(wait)),
            admission => Ok(admission),
        }
    }

    /// Takes the own failures back, unless there are too many of them meanwhile.
    ///
    /// A right password has its turn like a wrong one: it counts on the counters as they are, not
    /// on those of before. Only a known device that did not fail itself meanwhile is let in when
    /// strangers fail faster than it can write.
    pub(crate) async fn record_success(
        &self,
        mut failed_logins: FailedLogins,
    ) -> Result<(), PasswordAttemptError> {
        let (own, by_devices) = (failed_logins.own(&self.source), failed_logins.device_failures);
        for _ in 0..ATTEMPTS {
            let now = self.ports.clock.now();
            let next = failed_logins.succeeded(&self.source);
            match self
                .ports
                .store
                .settle_failed_logins(self.email, &failed_logins, next.as_ref(), now)
                .await?
            {
                None => return Ok(()),
                Some(moved) => failed_logins = moved,
            }
            if self.admission(&failed_logins)? == Admission::Locked {
                return Err(WrongPassword.into());
            }
        }
        let is_undisturbed =
            (failed_logins.own(&self.source), failed_logins.device_failures) == (own, by_devices);
        if self.source.is_known_device() && is_undisturbed { Ok(()) } else { Err(busy()) }
    }

    /// Counts the failure for source and account; the answer is the same whether or not there is an
    /// account.
    pub(crate) async fn record_failure(&self, failed_logins: FailedLogins) -> PasswordAttemptError {
        self.count(failed_logins).await.err().unwrap_or(WrongPassword.into())
    }

    async fn count(&self, mut failed_logins: FailedLogins) -> Result<(), PasswordAttemptError> {
        for _ in 0..ATTEMPTS {
            let (next, pending_events) = self.failure(&failed_logins).await?;
            match self
                .ports
                .store
                .put_failed_logins(self.email, failed_logins.version, &next, &pending_events)
                .await?
            {
                None => return Ok(()),
                Some(moved) => failed_logins = moved,
            }
            self.admission(&failed_logins)?;
        }
        Err(busy())
    }

    /// The counters with this failure, what it is called, and the mail to the owner when it locks
    /// the account.
    async fn failure(
        &self,
        failed_logins: &FailedLogins,
    ) -> Result<(FailedLogins, PendingEvents), KeyError> {
        let ports = self.ports;
        let (mut next, locked) =
            failed_logins.failed(&self.source, &ports.settings.login_limits(), ports.clock.now());
        let event = if locked.is_some() { Event::LoginLock } else { self.failure };
        let mut activity = Activity::new(ports, event, self.client).with("failures", next.total());
        activity.subject.clone_from(&self.user);
        // Whoever has a session is known.
        activity.actor = self.session_id.and_then(|_| self.user.clone());
        activity.session_id = self.session_id;
        let mut pending_events = PendingEvents::new(activity);
        if let Some(until) = locked {
            // Nobody has this id, and a mail about nobody goes to nobody.
            let owner = self.user.as_ref().map_or(UserId::from_bytes([0; 16]), |user| user.id);
            let token = TokenSecret::new(ports, Purpose::Unlock, Some(owner)).await?;
            let message = MailRequest::AccountLocked { owner, seed: token.seed, until };
            next.unlock = Some(token.hash());
            next.unlock_made_at = Some(ports.clock.now());
            pending_events = pending_events.mail(OutboxMail::new(ports, self.email, None, message));
        }
        Ok((next, pending_events))
    }
}

fn busy() -> PasswordAttemptError {
    StoreError::Unavailable("the counters changed too often meanwhile".into()).into()
}
