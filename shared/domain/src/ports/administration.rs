use super::error::StoreError;
use crate::model::{
    activity::Activity,
    clock::Timestamp,
    code::Code,
    idempotency::IdempotencyRecord,
    ids::{UserId, WriteId},
    invitation::Invitation,
    organization::{GrantedRole, LogKey, Member, Memberships, Organization, UserWithMemberships},
    permission::{Catalogue, Definition, OwnRoles},
    role::Role,
    session::OrganizationState,
};

/// A change of one definition.
#[derive(Debug, Clone)]
pub struct CatalogueWrite<'a> {
    /// The version that it was decided upon: of the own roles where it is one of an organization's
    /// own, or else of the catalogue. It MUST be the stored one.
    pub version: u64,
    /// Whose own role it is.
    pub organization: Option<&'a OrganizationState>,
    /// As it was; none where it is made.
    pub before: Option<&'a Definition>,
    /// As it is to be; none where it is deleted.
    pub after: Option<&'a Definition>,
    pub activity: &'a Activity,
}

/// Modules, permissions and roles.
#[trait_variant::make(Send)]
pub trait DefinitionStore: Send + Sync {
    /// All definitions, strongly consistent; MUST show every change up to the version that it
    /// tells, which is `at_least` or later.
    async fn catalogue(&self, at_least: u64) -> Result<Catalogue, StoreError>;
    /// An organization's own roles, strongly consistent; MUST show every change up to the version
    /// that they tell, which is `at_least` or later.
    async fn own_roles(&self, organization: &LogKey, at_least: u64)
    -> Result<OwnRoles, StoreError>;
    /// Takes an own role of an organization that is gone away, with the count of who has it; MUST
    /// leave the count of a role of the same code that another organization has by now.
    async fn remove_own_role(
        &self,
        organization: &LogKey,
        role: &Role,
        write: WriteId,
    ) -> Result<(), StoreError>;
    /// Waits before another attempt of a write that lost for the `lost`-th time: a random time,
    /// short at first, then under a bound of some seconds that shrinks with each.
    async fn wait_turn(&self, lost: u32);
    /// MUST write definition, record, idempotency key and the next version, of the catalogue or of
    /// the organization's own roles, in one transaction, or nothing. Refuses with `InUse` (a member
    /// has the role that is deleted), `NoOrganization`, `Replayed`, `KeyReused`.
    async fn write_definition(
        &self,
        change: &CatalogueWrite<'_>,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError>;
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

/// Organizations. All reads are strongly consistent.
#[trait_variant::make(Send)]
pub trait OrganizationStore: Send + Sync {
    /// One organization by its code, in its one spelling; the built-in one is always there.
    async fn organization(&self, code: &str) -> Result<Option<Organization>, StoreError>;
    /// What the log of the organization of this code is kept under; of none that is there, `code`
    /// itself.
    async fn log_key(&self, code: &str) -> Result<LogKey, StoreError>;
    /// What the gate knows of the organization of this code, in its one spelling; none where there
    /// is none.
    async fn organization_state(
        &self,
        code: &Code,
    ) -> Result<Option<OrganizationState>, StoreError>;
    /// Organizations by folded code, behind `after`, at most `limit`; the built-in one is among
    /// them.
    async fn organizations(
        &self,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<Organization>, StoreError>;
    /// MUST write organization, record, idempotency key and what the gate knows of it in one
    /// transaction, or nothing. One with members MUST NOT be deleted. Refuses with `Taken`,
    /// `InUse`, `Replayed`, `KeyReused`.
    async fn write_organization(
        &self,
        change: &OrganizationWrite<'_>,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError>;
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
    /// The invitation that is over with it, as it was read.
    pub accepts: Option<&'a Invitation>,
    pub activity: &'a Activity,
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
    /// How many members an organization has, by reading them all.
    async fn count_members(&self, organization: &str) -> Result<u64, StoreError>;
    /// The member that has an employee id.
    async fn employee(
        &self,
        organization: &str,
        employee_id: &str,
    ) -> Result<Option<UserId>, StoreError>;
    /// How many super admins are active.
    async fn super_admins(&self) -> Result<usize, StoreError>;
    /// MUST write membership, counters, markers and record in one transaction, or nothing. An
    /// account that becomes or stops being an active super admin MUST be counted, and the last one
    /// MUST stay. Refuses with `NoOrganization`, `Taken` (the employee id), `LastSuperAdmin`,
    /// `TooManySuperAdmins`.
    async fn write_membership(
        &self,
        change: &MemberWrite<'_>,
        write: WriteId,
    ) -> Result<(), StoreError>;
}
