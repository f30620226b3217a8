use super::{crypto::StoredHash, error::StoreError};
use crate::model::{
    account::{Email, EmailDelivery, FirstAdmin, SignUp, Spent, User, Username},
    activity::PendingEvents,
    client::Network,
    clock::Timestamp,
    idempotency::IdempotencyRecord,
    ids::{SessionId, UserId, WriteId},
    invitation::Invitation,
    mail::OutboxMail,
    organization::{GrantedRole, Member, Membership, Memberships, UserWithMemberships},
    recovery::OneTimeToken,
    session::FailedLogins,
    token::{Purpose, TokenHash},
};

/// What a login finds under an address.
#[derive(Debug, Clone)]
pub struct LoginRecord {
    /// The account that has it. A sign-up that waits is nobody.
    pub owner: Option<Box<Credentials>>,
    /// The failed sign-ins to it, whether or not it has an owner.
    pub failed_logins: FailedLogins,
}

/// An account with its credential.
#[derive(Debug, Clone)]
pub struct Credentials {
    pub user: User,
    /// Where it belongs, without the roles: enough to choose where a session acts.
    pub memberships: Memberships,
    /// The password's hash, sealed; or as another system or an older stack made it. None where no
    /// password was ever set.
    pub password_hash: Option<String>,
    /// That mail to its address came back, or was not wanted, since the address was last proven.
    pub delivery: Option<EmailDelivery>,
}

impl Credentials {
    /// The hash, and whose it is.
    #[must_use]
    pub fn stored_hash(&self) -> Option<StoredHash<'_>> {
        let hash = self.password_hash.as_deref()?;
        Some(StoredHash { owner: self.user.id, hash })
    }
}

/// Who an address is taken by.
#[derive(Debug, Clone)]
pub enum Occupant {
    /// The account that has it.
    Owner(Box<User>),
    /// The account that had it, and may take it back.
    Former(UserId),
    Nobody,
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewAccount {
    pub user: User,
    /// The password's hash; none for somebody who is yet to choose one.
    pub password_hash: Option<String>,
    /// Whether it is to be the first super admin.
    pub first_admin: FirstAdmin,
    /// The membership that it comes with: what it gives, and what people see of it.
    pub membership: Option<(Membership, Member)>,
    /// The roles of the membership; each MUST still be at its version.
    pub granted_roles: Vec<GrantedRole>,
    /// The token by which its owner chooses a password.
    pub one_time_token: Option<OneTimeToken>,
    /// The link that makes it.
    pub spends: Option<Spent>,
    /// The invitation that is over with it, as it was read.
    pub invitation: Option<Invitation>,
}

impl NewAccount {
    /// An account that belongs nowhere.
    #[must_use]
    pub fn new(user: User, password_hash: Option<String>) -> Self {
        let first_admin = FirstAdmin::No;
        Self {
            user,
            password_hash,
            first_admin,
            membership: None,
            granted_roles: Vec::new(),
            one_time_token: None,
            spends: None,
            invitation: None,
        }
    }
}

/// A change of an account that exists. All parts are written together or not at all.
#[derive(Debug, Clone)]
pub struct AccountChange<'a> {
    /// As it was read.
    pub before: &'a User,
    /// As it is to be; a higher epoch ends every session.
    pub after: &'a User,
    /// A new password's hash.
    pub password_hash: Option<&'a str>,
    /// The session that lives on through a change of the epoch.
    pub keep: Option<SessionId>,
    /// The mailed token that this change uses up; it MUST be the living one.
    pub uses: Option<(Purpose, &'a TokenHash)>,
    /// The link that it uses up; it MUST not be used yet.
    pub spends: Option<&'a Spent>,
    /// The account with its memberships as they were read, where the status or the address
    /// changes: they MUST be the same, and the last super admin MUST stay active.
    pub person: Option<&'a UserWithMemberships>,
    /// A token that takes the place of the living one.
    pub one_time_token: Option<&'a OneTimeToken>,
    /// The record, and the mails.
    pub pending_events: &'a PendingEvents,
}

impl<'a> AccountChange<'a> {
    /// A change of the account alone.
    #[must_use]
    pub fn new(before: &'a User, after: &'a User, pending_events: &'a PendingEvents) -> Self {
        Self {
            before,
            after,
            password_hash: None,
            keep: None,
            uses: None,
            spends: None,
            person: None,
            one_time_token: None,
            pending_events,
        }
    }
}

/// Accounts, sign-ups and what makes them unique. All reads are strongly consistent.
#[trait_variant::make(Send)]
pub trait AccountStore: Send + Sync {
    /// The owner of an address with the credential, and its failed sign-ins: MUST be one read.
    async fn login_record(&self, email: &Email) -> Result<LoginRecord, StoreError>;
    /// The account that has the address.
    async fn owner(&self, email: &Email) -> Result<Option<User>, StoreError>;
    /// The same, and the account that had it lately. A former address whose time is over is
    /// nobody's.
    async fn occupant(&self, email: &Email, now: Timestamp) -> Result<Occupant, StoreError>;
    /// The id of the account that has a username.
    async fn owner_of_username(&self, username: &Username) -> Result<Option<UserId>, StoreError>;
    /// The account of an id.
    async fn user(&self, id: UserId) -> Result<Option<User>, StoreError>;
    /// MUST write account, credential, membership, token, spent link and both uniqueness markers in
    /// one transaction, or nothing, and forget the failed sign-ins to its address: it was nobody's.
    /// Refuses with `Taken`, `AdminExists`, `NoOrganization`, `Replayed`; with `Stale` where a role
    /// is not what it was.
    async fn create_account(
        &self,
        account: &NewAccount,
        pending_events: &PendingEvents,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// MUST write sign-up and mail in one transaction, or nothing, and MUST NOT depend on whether
    /// the address has an account. A sign-up of the same address and network is replaced. Refuses
    /// with `Taken` where an account has the username, and `Replayed`.
    async fn put_sign_up(
        &self,
        sign_up: &SignUp,
        mail: &OutboxMail,
        pending_events: &PendingEvents,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// The sign-ups of an address, even those that are over, in no order.
    async fn sign_ups(&self, email: &Email) -> Result<Vec<SignUp>, StoreError>;
    /// Forgets sign-ups of an address.
    async fn forget_sign_ups(&self, email: &Email, of: &[Network]) -> Result<(), StoreError>;
    /// Whose account a link made or proved, if it was used.
    async fn spent_by(&self, link: &TokenHash) -> Result<Option<UserId>, StoreError>;
    /// Writes a mail that nothing else changes with, and its record.
    async fn put_mail(
        &self,
        mail: &OutboxMail,
        pending_events: &PendingEvents,
    ) -> Result<(), StoreError>;
    /// MUST write the change in one transaction, only while `before.version` is the stored one. The
    /// memberships stay as they are. Username and address follow the account: they are freed where
    /// it holds them no more ([`User::holds_names`]), and MUST be free, or former ones of its own,
    /// where it takes them; addresses that are former no more are freed. Where the address changes,
    /// the hash is that of the change, or none. A mailed token or link that is used up proves the
    /// address: MUST forget what came back from it. Refuses with `LastSuperAdmin`,
    /// `TooManySuperAdmins`, `Taken`.
    async fn change_account(
        &self,
        change: &AccountChange<'_>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// MUST write the wish of `after` and make `one_time_token` the one living token, with its
    /// pending events, in one transaction, only while `before.version` is the stored one and no
    /// three were made within an hour. Refuses with `NotBefore`.
    async fn request_email_change(
        &self,
        before: &User,
        after: &User,
        one_time_token: &OneTimeToken,
        pending_events: &PendingEvents,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// MUST move the account to the address of `after` in one transaction, credential and marker
    /// included, only while `before.version` is the stored one, `uses` is the living token, and the
    /// new address is free or one that the account had; and forget the failed sign-ins to both. The
    /// address of before MUST stay taken while it is one of [`User::former_emails`]; those that are
    /// former no more are freed. Refuses with `Taken`.
    async fn change_email(
        &self,
        before: &User,
        after: &User,
        uses: &TokenHash,
        pending_events: &PendingEvents,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// Notes at the account of an address that mail to it came back, or was not wanted. MUST leave
    /// what is newer: another note, or a proof of the address. Tells whether it is noted.
    async fn note_delivery(
        &self,
        email: &Email,
        delivery: &EmailDelivery,
    ) -> Result<bool, StoreError>;
    /// Replaces a hash by a better one of the same password, only while the old one is stored.
    async fn renew_hash(&self, email: &Email, before: &str, after: &str) -> Result<(), StoreError>;
    /// MUST replace the failed sign-ins of an address only while `before` is the stored version (0:
    /// none is stored); otherwise it answers what is stored.
    async fn put_failed_logins(
        &self,
        email: &Email,
        before: u64,
        failed_logins: &FailedLogins,
        pending_events: &PendingEvents,
    ) -> Result<Option<FailedLogins>, StoreError>;
    /// MUST do so for an administrator, with the record, only while `before` is the stored version
    /// and [`Activity::allowed_on`](crate::activity::Activity::allowed_on) holds.
    async fn forgive_failed_logins(
        &self,
        email: &Email,
        before: u64,
        failed_logins: &FailedLogins,
        pending_events: &PendingEvents,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// MUST replace the failed sign-ins of an address by `next`, only while they are as they were
    /// read; otherwise it answers what is stored. Without a `next`, MUST make sure that they still
    /// are as they were read.
    async fn settle_failed_logins(
        &self,
        email: &Email,
        read: &FailedLogins,
        next: Option<&FailedLogins>,
        now: Timestamp,
    ) -> Result<Option<FailedLogins>, StoreError>;
    /// MUST end the lock that this token was mailed for, once, and not by a token that was made by
    /// `ended_before`. Tells whether it was that token.
    async fn unlock_account(
        &self,
        email: &Email,
        token: &TokenHash,
        ended_before: Option<Timestamp>,
        pending_events: &PendingEvents,
        now: Timestamp,
    ) -> Result<bool, StoreError>;
}
