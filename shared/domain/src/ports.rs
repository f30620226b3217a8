//! What the domain needs from outside: small traits, one method an atomic access pattern.
//!
//! Every adapter of a port passes the port's contract suite in `tests/contracts`.

use std::error::Error;

use async_trait::async_trait;

use crate::{
    account::{Email, FirstAdmin, SignUp, User},
    activity::Activity,
    clock::{SignedDuration, Timestamp, after},
    ids::{MailId, SessionId, UserId, WriteId},
    mail::{Letter, OutboxMail, TokenHash},
    session::{AccessClaims, Rotation, Session},
};

/// Why the store did not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// It throttles, is away, or lost every race for this write: try again later (503). Whether a write happened is
    /// not known.
    #[error("the store is unavailable")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// It answered what this program cannot have written, or refused a request as wrong: a bug (500).
    #[error("the store answered nonsense: {0}")]
    Broken(String),
}

/// Why a key could not be used. Never a default key, never an unsigned token.
#[derive(Debug, thiserror::Error)]
#[error("a key is out of reach: {0}")]
pub struct KeyError(pub String);

/// What a login finds under an address.
#[derive(Debug, Clone)]
pub enum LoginRecord {
    /// An account.
    Account(Box<Credentials>),
    /// No account; the latest sign-up that waits. Its time is for the caller to compare.
    Pending(Box<SignUp>),
    /// Neither.
    Nobody,
}

/// An account with its credential.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The account.
    pub user: User,
    /// PHC string.
    pub password_hash: String,
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    /// The account, active.
    pub user: User,
    /// PHC string.
    pub password_hash: String,
    /// Whether it is to be the first super admin.
    pub first_admin: FirstAdmin,
}

/// An `Idempotency-Key` as it came with a request.
pub struct Once<'a> {
    /// Hash of scope and key.
    pub key: [u8; 32],
    /// Keyed hash of the body: the body may hold a password.
    pub fingerprint: [u8; 32],
    /// Makes the answer that a repetition gets.
    pub answer: &'a (dyn Fn(&crate::account::Registered) -> FirstAnswer + Send + Sync),
}

/// How long a key is remembered.
const KEY_LIFETIME: SignedDuration = SignedDuration::from_hours(24);

impl Once<'_> {
    /// What is written with the change.
    #[must_use]
    pub fn record(&self, registered: &crate::account::Registered, now: Timestamp) -> OnceRecord {
        OnceRecord {
            key: self.key,
            fingerprint: self.fingerprint,
            answer: (self.answer)(registered),
            expires_at: after(now, KEY_LIFETIME),
        }
    }
}

/// An `Idempotency-Key` with the answer that it got.
#[derive(Debug, Clone)]
pub struct OnceRecord {
    /// Hash of scope and key.
    pub key: [u8; 32],
    /// Keyed hash of the body.
    pub fingerprint: [u8; 32],
    /// The answer.
    pub answer: FirstAnswer,
    /// Forgotten from then on.
    pub expires_at: Timestamp,
}

/// An answer that is given again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAnswer {
    /// HTTP status.
    pub status: u16,
    /// The body.
    pub body: String,
}

/// What became of a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registration {
    /// Written.
    Done,
    /// The same idempotency key and body were here before; nothing was written.
    Again(FirstAnswer),
    /// An account has the address; nothing was written.
    EmailTaken,
    /// The username is not free; nothing was written.
    UsernameTaken,
    /// The idempotency key came with another body; nothing was written.
    KeyReused,
    /// There is a super admin; nothing was written.
    AdminExists,
}

/// What became of an activation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Activation {
    /// The account is there and active.
    Done,
    /// The sign-up is used or over, the address has an owner, or the username went: nothing was written.
    Refused,
}

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Update {
    /// Written.
    Done,
    /// The version had moved; nothing was written.
    Stale,
}

/// Accounts, sign-ups and what makes them unique. All reads are strongly consistent.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// The account of an address with its credential, or the sign-up that waits: MUST be one read.
    async fn login_record(&self, email: &Email) -> Result<LoginRecord, StoreError>;
    /// Whether an account has the address.
    async fn has_owner(&self, email: &Email) -> Result<bool, StoreError>;
    /// The account of an id.
    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError>;
    /// MUST write account, credential and both uniqueness markers in one transaction, or nothing. A marker that a
    /// sign-up holds counts as free when it is over at `now` or was taken for the same address.
    async fn create(
        &self,
        account: &NewAccount,
        once: Option<&OnceRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<Registration, StoreError>;
    /// MUST write sign-up, pointer, username lease and mail in one transaction, or nothing, and MUST NOT depend on
    /// whether the address has an account.
    async fn put_sign_up(
        &self,
        sign_up: &SignUp,
        mail: &OutboxMail,
        once: Option<&OnceRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<Registration, StoreError>;
    /// The sign-up of a token, even when it is over.
    async fn sign_up(&self, token: &TokenHash) -> Result<Option<SignUp>, StoreError>;
    /// MUST turn the sign-up into `user` in one transaction, once, and only while no account has the address.
    async fn activate(&self, sign_up: &SignUp, user: &User, now: Timestamp, write: WriteId) -> Result<Activation, StoreError>;
    /// MUST replace `before` by `after` only while `before.version` is the stored one, in every copy at once.
    async fn update(&self, before: &User, after: &User, write: WriteId) -> Result<Update, StoreError>;
}

/// What the gate's one read found.
#[derive(Debug, Clone, Default)]
pub struct CallerRecord {
    /// The account.
    pub user: Option<User>,
    /// The session.
    pub session: Option<Session>,
}

/// What became of a rotation.
#[derive(Debug, Clone)]
pub enum Rotated {
    /// The counter moved; the session as it is now.
    Moved(Session),
    /// It did not; the session as it is, if there is one.
    Refused(Option<Session>),
}

/// What is written when a session ends for reuse.
#[derive(Debug, Clone)]
pub struct Theft {
    /// The record.
    pub activity: Activity,
    /// The mail to the owner.
    pub mail: OutboxMail,
}

/// Sessions. All reads are strongly consistent.
#[async_trait]
pub trait SessionStore: Send + Sync {
    /// MUST write a new session, and never over one that is there.
    async fn start(&self, session: &Session) -> Result<(), StoreError>;
    /// Everything about a caller: MUST be one round trip.
    async fn caller(&self, user: UserId, session: SessionId) -> Result<CallerRecord, StoreError>;
    /// MUST move the counter from `presented` to the next in one conditional write, only while the session is alive
    /// and its refresh token not over, and tell the state that refused without a second read.
    async fn rotate(&self, rotation: Rotation) -> Result<Rotated, StoreError>;
    /// MUST end the session if it is there and alive; ending a dead one is no error.
    async fn end(&self, user: UserId, session: SessionId, now: Timestamp) -> Result<(), StoreError>;
    /// MUST end the session, write the activity and the mail in one transaction, once: a dead session changes nothing.
    async fn end_for_theft(&self, user: UserId, session: SessionId, theft: &Theft, write: WriteId) -> Result<(), StoreError>;
    /// Sets `last_activity`, and with `first_use` notes that the access token of that generation was used, if it is
    /// still the live one.
    async fn note_use(&self, user: UserId, session: SessionId, first_use: Option<u32>, now: Timestamp) -> Result<(), StoreError>;
}

/// An attempt to take a mail for delivery.
#[derive(Debug, Clone)]
pub enum Claim {
    /// It is the caller's until the lease is over.
    Mine(Box<OutboxMail>),
    /// It was sent, or is gone.
    Done,
    /// Somebody else holds it.
    Busy,
}

/// Mail that waits to be sent.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// MUST give a mail to one claimant at a time.
    async fn claim(&self, id: MailId, now: Timestamp, until: Timestamp) -> Result<Claim, StoreError>;
    /// MUST make every later claim [`Claim::Done`].
    async fn mark_sent(&self, id: MailId, now: Timestamp) -> Result<(), StoreError>;
    /// Gives a claim back.
    async fn release(&self, id: MailId) -> Result<(), StoreError>;
}

/// A public key as the world sees it (RFC 7517).
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct PublicKey {
    /// Key id: the RFC 7638 thumbprint.
    pub kid: String,
    /// Key type: `RSA`.
    pub kty: String,
    /// Algorithm: `RS256`.
    pub alg: String,
    /// Use: `sig`.
    #[serde(rename = "use")]
    pub usage: String,
    /// Modulus, base64url.
    pub n: String,
    /// Exponent, base64url.
    pub e: String,
}

/// The published public keys.
#[async_trait]
pub trait KeyDirectory: Send + Sync {
    /// Every key that may have signed a living token, or will sign one.
    async fn public_keys(&self) -> Result<Vec<PublicKey>, StoreError>;
    /// Publishes `key` beside what is there; again changes nothing.
    async fn publish(&self, key: &PublicKey) -> Result<(), StoreError>;
}

/// Why a password was neither hashed nor checked.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// More wait than may: try again in a moment (429).
    #[error("too many passwords are being hashed")]
    Overloaded,
    /// Argon2 failed, or a stored hash cannot be read: a bug (500).
    #[error("hashing failed: {0}")]
    Failed(String),
}

/// Argon2id on threads of its own, at most as many at once as there are cores.
#[async_trait]
pub trait Passwords: Send + Sync {
    /// A PHC string with a new random salt.
    async fn hash(&self, password: &str) -> Result<String, PasswordError>;
    /// Whether the password is that of `hash`. Without one it MUST cost the same and say no.
    async fn verify(&self, password: &str, hash: Option<&str>) -> Result<bool, PasswordError>;
}

/// What a derived value is for: part of the derivation, so that none passes for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Derivation {
    /// A session's n-th refresh token.
    RefreshToken,
    /// The unique part of an access token's `jti`.
    TokenId,
    /// A mailed token.
    MailToken,
    /// A request body, for `Idempotency-Key`.
    Fingerprint,
}

/// HMAC-SHA-256 under the server key.
#[async_trait]
pub trait Secrets: Send + Sync {
    /// The tag over purpose and parts; parts are told apart by their lengths.
    async fn derive(&self, purpose: Derivation, parts: &[&[u8]]) -> Result<[u8; 32], KeyError>;
    /// Whether `tag` is that tag: MUST take the same time whatever differs.
    async fn check(&self, purpose: Derivation, parts: &[&[u8]], tag: &[u8]) -> Result<bool, KeyError>;
}

/// Why a token was not read.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It is not a token of ours.
    #[error("the token is not valid")]
    Invalid,
    /// The keys are out of reach.
    #[error(transparent)]
    Key(#[from] KeyError),
}

/// Access tokens: RS256, `typ: at+jwt`, `kid`.
#[async_trait]
pub trait Tokens: Send + Sync {
    /// The signed token: MUST be the same bytes for the same claims and key.
    async fn sign(&self, claims: &AccessClaims) -> Result<String, KeyError>;
    /// The claims of a token whose signature, algorithm and type are right. It MUST take no key from the token itself
    /// (RFC 8725 §3) and compares no times: those belong to the injected clock.
    async fn verify(&self, token: &str) -> Result<AccessClaims, TokenError>;
}

/// Why a mail was not sent.
#[derive(Debug, thiserror::Error)]
#[error("the mail service did not take the mail")]
pub struct MailError(#[source] pub Box<dyn Error + Send + Sync>);

/// Sends mail.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Renders and sends one letter.
    async fn send(&self, to: &str, letter: &Letter) -> Result<(), MailError>;
}
