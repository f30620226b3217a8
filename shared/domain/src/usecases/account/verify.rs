use super::{
    register::blank_user,
    verification::{VerificationLink, Verifier},
};
use crate::{
    model::{
        account::{
            AccountStatus, Email, NewPassword, PlainPassword, SignUp, Spent, User, Username,
            check_policy,
        },
        activity::{Activity, LoggedUser, PendingEvents},
        client::Client,
        event::Event,
        ids::UserId,
        session::{FailedLogins, Source},
        throttle::Rule,
        token::{Purpose, TokenHash},
        violation::Violation,
    },
    ports::{
        AccountChange, Credentials, Crypto, LoginRecord, NewAccount, Ports, Refused, Store,
        StoreError, StoredHash, Unique,
    },
    usecases::{
        error::{Refusal, UseCaseError, refusals},
        password::{PasswordAttempt, WrongPassword},
        throttle,
    },
};

/// Why an address was not proven.
pub type VerifyError = UseCaseError<VerifyRefusal>;

/// The reasons of [`VerifyError`].
#[derive(Debug, thiserror::Error)]
pub enum VerifyRefusal {
    /// Never mailed, altered, or the address has its account by another link.
    #[error("the token is not valid")]
    InvalidToken,
    /// The link is over.
    #[error("the token is over")]
    Expired,
    /// Nothing, or the wrong thing, tells whose sign-up it is. The link stays.
    #[error("the credentials are not valid")]
    InvalidCredentials,
    /// An account got the username meanwhile: another one makes the account.
    #[error("the username is taken")]
    UsernameTaken,
    /// The username is kept for those who run the service.
    #[error("the username is reserved")]
    Username(Violation),
    /// The new password breaks the policy.
    #[error("the password is refused")]
    Password(Violation),
}

impl Refusal for VerifyRefusal {
    fn of(refused: Refused) -> Result<Self, Refused> {
        match refused {
            Refused::Taken(Unique::Username) => Ok(Self::UsernameTaken),
            other => Err(other),
        }
    }
}

refusals!(VerifyRefusal);

impl From<WrongPassword> for VerifyRefusal {
    fn from(WrongPassword: WrongPassword) -> Self {
        Self::InvalidCredentials
    }
}

/// What tells whose sign-up a link is to finish.
#[derive(Debug, Clone)]
pub enum Proof {
    /// What registering gave to this browser.
    Verifier(String),
    /// The sign-up's password, or that of the account that is there.
    Password(PlainPassword),
    /// The mailbox's holder signs up afresh.
    Afresh(Username, NewPassword),
    /// A click alone.
    None,
}

/// Proves the address that the link of `token` was mailed to, and makes the account of the sign-up
/// that `proof` tells, once. `username` takes the place of the sign-up's own.
///
/// The link proves the address; the password or the verifier tells whose sign-up it is. A click
/// alone brings in nobody's password, and the one that was chosen last works with the first link.
pub async fn verify_email(
    ports: &Ports<impl Store, impl Crypto>,
    token: &str,
    proof: &Proof,
    username: Option<&Username>,
    client: &Client,
) -> Result<(), VerifyError> {
    throttle::check(ports, Rule::Links, client)?;
    let chosen = match proof {
        Proof::Afresh(username, _) => Some(username),
        _ => username,
    };
    if let Some(username) = chosen {
        let reserved = &ports.settings.reserved_usernames;
        reserved.check(username).map_err(VerifyRefusal::Username)?;
    }
    let Some(link) = VerificationLink::open(ports, token).await? else {
        return Err(refused(ports, client).await);
    };
    if link.ends_at <= ports.clock.now() {
        return Err(VerifyRefusal::Expired.into());
    }
    let spends = Spent { hash: TokenHash::of(Purpose::VerifyEmail, token), ends_at: link.ends_at };
    let verification = Verification { ports, token, spends, proof, username, client };
    let outcome = match verification.run(&link.email).await {
        // The same call was faster, or another link's: look at what it made.
        Err(UseCaseError::Store(StoreError::Refused(Refused::Taken(_) | Refused::Stale))) => {
            verification.run(&link.email).await
        }
        outcome => outcome,
    };
    match outcome {
        // It made nothing: the address was an account's, which may take it back.
        Err(UseCaseError::Store(StoreError::Refused(Refused::Taken(Unique::Email)))) => {
            Err(refused(ports, client).await)
        }
        outcome => outcome,
    }
}

/// Counts the failure of the network.
async fn refused(ports: &Ports<impl Store, impl Crypto>, client: &Client) -> VerifyError {
    match throttle::count(ports, Rule::Links, client).await {
        Ok(None) => VerifyRefusal::InvalidToken.into(),
        Ok(Some(too_many)) => too_many.into(),
        Err(error) => error.into(),
    }
}

/// One link that came back, with what came with it.
struct Verification<'a, S, C> {
    ports: &'a Ports<S, C>,
    token: &'a str,
    spends: Spent,
    proof: &'a Proof,
    username: Option<&'a Username>,
    client: &'a Client,
}

impl<S: Store, C: Crypto> Verification<'_, S, C> {
    async fn run(&self, email: &Email) -> Result<(), VerifyError> {
        let ports = self.ports;
        let (record, sign_ups, spent_by, keys) = futures::join!(
            ports.store.login_record(email),
            ports.store.sign_ups(email),
            ports.store.spent_by(&self.spends.hash),
            ports.crypto.renew_keys(),
        );
        let (record, sign_ups, spent_by) = (record?, sign_ups?, spent_by?);
        keys?;
        // By the keys as they are now: the one that sealed it may have been dropped.
        if VerificationLink::open(ports, self.token).await?.is_none() {
            return Err(refused(ports, self.client).await);
        }
        let LoginRecord { owner, failed_logins } = record;
        let attempt = self.attempt(email, owner.as_ref().map(|account| (&account.user).into()));
        attempt.admission(&failed_logins)?;
        let outcome = match owner {
            Some(account) => {
                // The same call may have proven the address between these reads.
                let spent_by = match spent_by {
                    None if account.user.email_verified => {
                        ports.store.spent_by(&self.spends.hash).await?
                    }
                    spent_by => spent_by,
                };
                self.of_account(email, &account, spent_by).await
            }
            None => match self.of_sign_up(email, sign_ups).await {
                // Or it made the account, and what waited is gone.
                Err(UseCaseError::Refused(VerifyRefusal::InvalidCredentials))
                    if ports.store.owner(email).await?.is_some() =>
                {
                    Err(StoreError::Refused(Refused::Stale).into())
                }
                outcome => outcome,
            },
        };
        match outcome {
            Err(UseCaseError::Refused(VerifyRefusal::InvalidCredentials)) => {
                Err(self.wrong(&attempt, failed_logins).await)
            }
            outcome => outcome,
        }
    }

    fn attempt<'b>(
        &'b self,
        email: &'b Email,
        user: Option<LoggedUser>,
    ) -> PasswordAttempt<'b, S, C> {
        let Self { ports, client, .. } = *self;
        let source = Source::network(&client.network());
        let failure = Event::VerificationFail;
        PasswordAttempt { ports, email, client, source, user, session_id: None, failure }
    }

    /// Counts a wrong guess for the address and for the network.
    async fn wrong(
        &self,
        attempt: &PasswordAttempt<'_, S, C>,
        failed_logins: FailedLogins,
    ) -> VerifyError {
        let network = throttle::count(self.ports, Rule::Links, self.client);
        match futures::join!(attempt.record_failure(failed_logins), network) {
            (UseCaseError::Refused(WrongPassword), Ok(Some(too_many))) => too_many.into(),
            (UseCaseError::Refused(WrongPassword), Err(error)) => error.into(),
            (refusal, _) => refusal.map(VerifyRefusal::from),
        }
    }

    /// The address has an account: it is not proven yet, or this very link proved it.
    async fn of_account(
        &self,
        email: &Email,
        account: &Credentials,
        spent_by: Option<UserId>,
    ) -> Result<(), VerifyError> {
        let before = &account.user;
        let is_done = spent_by == Some(before.id);
        let is_open = before.status == AccountStatus::Active;
        if !is_open || (before.email_verified && !is_done) {
            return Err(VerifyRefusal::InvalidToken.into());
        }
        if !self.is_of(email, account).await? {
            return Err(VerifyRefusal::InvalidCredentials.into());
        }
        if before.email_verified {
            return Ok(());
        }
        let now = self.ports.clock.now();
        let version = before.version + 1;
        let after =
            User { version, updated_at: now, ..before.clone().with_proven_email(true, now) };
        let verified = Activity::new(self.ports, Event::EmailVerified, self.client);
        let pending_events = PendingEvents::new(verified.of_self(before));
        let change = AccountChange {
            spends: Some(&self.spends),
            ..AccountChange::new(before, &after, &pending_events)
        };
        Ok(self.ports.store.change_account(&change, now, self.ports.id()).await?)
    }

    /// Whether what came with the link is the account's own.
    async fn is_of(&self, email: &Email, account: &Credentials) -> Result<bool, VerifyError> {
        let password = match self.proof {
            Proof::Verifier(text) => {
                let named = Verifier::open(self.ports, email, text).await?;
                return Ok(named == Some(account.user.id));
            }
            Proof::Password(password) => password.reveal(),
            Proof::Afresh(_, password) => password.reveal(),
            Proof::None => return Ok(false),
        };
        let stored = account.stored_hash();
        Ok(self.ports.crypto.verify_password(password, stored, true).await?.is_right())
    }

    /// The address has no account: one of its sign-ups becomes it, or a new one.
    async fn of_sign_up(&self, email: &Email, all: Vec<SignUp>) -> Result<(), VerifyError> {
        let networks: Vec<_> = all.iter().map(|one| one.network.clone()).collect();
        let now = self.ports.clock.now();
        let (waiting, _) = SignUp::waiting(all, now);
        let (user, password_hash) = match self.proof {
            Proof::Verifier(text) => {
                let named = Verifier::open(self.ports, email, text).await?;
                let found = waiting.into_iter().find(|one| Some(one.user.id) == named);
                found.map(|one| (one.user, one.password_hash))
            }
            Proof::Password(password) => self.chosen_by(waiting, password).await?,
            Proof::Afresh(username, password) => {
                Some(self.afresh(email, username, password).await?)
            }
            Proof::None => None,
        }
        .ok_or(VerifyRefusal::InvalidCredentials)?;
        let username = self.username.unwrap_or(&user.username).clone();
        let status = AccountStatus::Active;
        let user = User { username, status, email_verified: true, updated_at: now, ..user };
        let created = Activity::new(self.ports, Event::UserCreated, self.client).of_self(&user);
        let account = NewAccount {
            spends: Some(self.spends.clone()),
            ..NewAccount::new(user, Some(password_hash))
        };
        let (pending_events, write) = (PendingEvents::new(created), self.ports.id());
        let store = &self.ports.store;
        store.create_account(&account, &pending_events, None, now, write).await?;
        // The address has its account now: whatever stays of these counts for nothing.
        let _ = store.forget_sign_ups(email, &networks).await;
        Ok(())
    }

    /// The newest sign-up that waits with that password.
    async fn chosen_by(
        &self,
        waiting: Vec<SignUp>,
        password: &PlainPassword,
    ) -> Result<Option<(User, String)>, VerifyError> {
        for SignUp { user, password_hash, .. } in waiting {
            let stored = Some(StoredHash { owner: user.id, hash: &password_hash });
            let verdict = self.ports.crypto.verify_password(password.reveal(), stored, true);
            if verdict.await?.is_right() {
                return Ok(Some((user, password_hash)));
            }
        }
        Ok(None)
    }

    async fn afresh(
        &self,
        email: &Email,
        username: &Username,
        password: &NewPassword,
    ) -> Result<(User, String), VerifyError> {
        let product = &self.ports.settings.product_name;
        check_policy(password, username, email, &[], product).map_err(VerifyRefusal::Password)?;
        let user = blank_user(self.ports, username.clone(), email.clone());
        let hash = self.ports.crypto.hash_password(user.id, password.reveal()).await?;
        Ok((user, hash))
    }
}
