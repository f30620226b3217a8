use super::{
    error::StoreError,
    idempotency::{IdempotencyRecord, StoredResponse},
};
use crate::model::{
    activity::Activity,
    clock::Timestamp,
    code::Code,
    ids::{UserId, WriteId},
    organization::{GrantedRole, Member, Memberships, Organization, UserWithMemberships},
    permission::{Catalogue, Definition},
};

/// A change of one definition.
#[derive(Debug, Clone)]
pub struct CatalogueWrite<'a> {
    /// The catalogue's version that it was decided upon; it MUST be the stored one.
    pub version: u64,
    /// As it was; none where it is made.
    pub before: Option<&'a Definition>,
    /// As it is to be; none where it is deleted.
    pub after: Option<&'a Definition>,
    pub activity: &'a Activity,
}

/// The outcome of a change of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CatalogueWritten {
    /// Written; the catalogue is at its next version.
    Done,
    /// The same idempotency key and body were here before; nothing was written.
    Replayed(StoredResponse),
    /// The idempotency key came with another body; nothing was written.
    KeyReused,
    /// The catalogue is at another version; nothing was written.
    Moved,
    /// A member has the role that was to be deleted; nothing was written.
    InUse,
}

/// Modules, permissions and roles.
#[trait_variant::make(Send)]
pub trait DefinitionStore: Send + Sync {
    /// All definitions, strongly consistent; MUST show every change up to the version that it
    /// tells, which is `at_least` or later.
    async fn catalogue(&self, at_least: u64) -> Result<Catalogue, StoreError>;
    /// MUST write definition, record, idempotency key and the catalogue's next version in one
    /// transaction, or nothing.
    async fn write_definition(
        &self,
        change: &CatalogueWrite<'_>,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<CatalogueWritten, StoreError>;
}

/// A change of one organization.
#[derive(Debug, Clone)]
pub struct OrganizationWrite<'a> {
    /// As it was read; none where it is made.
    pub before: Option<&'a Organization>,
    /// As it is to be; none where it is deleted.
    pub after: Option<&'a Organization>,
    pub activity: &'a Activity,
}

/// The outcome of a change of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrganizationWritten {
    Done,
    /// The same idempotency key and body were here before; nothing was written.
    Replayed(StoredResponse),
    /// The idempotency key came with another body; nothing was written.
    KeyReused,
    /// The code is taken, the version had moved, or there are members; nothing was written.
    Refused,
}

/// Organizations. All reads are strongly consistent.
#[trait_variant::make(Send)]
pub trait OrganizationStore: Send + Sync {
    /// One organization by its code, in its one spelling; the built-in one is always there.
    async fn organization(&self, code: &str) -> Result<Option<Organization>, StoreError>;
    /// Organizations by folded code, behind `after`, at most `limit`; the built-in one is among
    /// them.
    async fn organizations(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Organization>, StoreError>;
    /// MUST write organization, record, idempotency key and what the gate knows of it in one
    /// transaction, or nothing. One with members MUST NOT be deleted.
    async fn write_organization(
        &self,
        change: &OrganizationWrite<'_>,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<OrganizationWritten, StoreError>;
}

/// A change of what a user belongs to.
#[derive(Debug, Clone)]
pub struct MemberWrite<'a> {
    /// As it was read; its memberships MUST be the stored ones.
    pub before: &'a UserWithMemberships,
    /// The memberships as they are to be.
    pub memberships: &'a Memberships,
    /// The membership that people see, as it was and as it is to be; none where only roles move.
    pub member: Option<(Option<&'a Member>, Option<&'a Member>)>,
    /// Roles that are new to the member; each MUST still be at its version.
    pub granted_roles: &'a [GrantedRole],
    /// Roles that the member has no more.
    pub revoked_roles: &'a [Code],
    pub activity: &'a Activity,
}

/// The outcome of a change of a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberWritten {
    Done,
    /// Memberships, account or role are not what was read; nothing was written.
    Moved,
    /// Another member has the employee id; nothing was written.
    EmployeeIdTaken,
    /// No super admin would be active any more; nothing was written.
    LastSuperAdmin,
    /// There is no such organization; nothing was written.
    NoOrganization,
}

/// Who belongs where. All reads are strongly consistent.
#[trait_variant::make(Send)]
pub trait MemberStore: Send + Sync {
    /// An account with its memberships.
    async fn user_with_memberships(
        &self,
        id: UserId,
    ) -> Result<Option<UserWithMemberships>, StoreError>;
    /// Those of these accounts that are there, in no order; at most 100 are asked for.
    async fn users_with_memberships(
        &self,
        ids: &[UserId],
    ) -> Result<Vec<UserWithMemberships>, StoreError>;
    /// Ids of all accounts, behind `after`, at most `limit`.
    async fn directory(
        &self,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<UserId>, StoreError>;
    /// One member.
    async fn member(&self, organization: &str, user: UserId) -> Result<Option<Member>, StoreError>;
    /// Members of an organization by id, behind `after`, at most `limit`.
    async fn members(
        &self,
        organization: &str,
        after: Option<UserId>,
        limit: usize,
    ) -> Result<Vec<Member>, StoreError>;
    /// The member that has an employee id.
    async fn employee(
        &self,
        organization: &str,
        employee_id: &str,
    ) -> Result<Option<UserId>, StoreError>;
    /// How many super admins are active.
    async fn super_admins(&self) -> Result<usize, StoreError>;
    /// MUST write membership, counters, markers and record in one transaction, or nothing. An
    /// account that gains or loses the last word as a super admin MUST be counted, and the last one
    /// MUST stay.
    async fn write_membership(
        &self,
        change: &MemberWrite<'_>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<MemberWritten, StoreError>;
}
