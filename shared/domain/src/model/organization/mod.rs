//! Organizations, and who belongs to them.

mod membership;
mod people;
mod types;

pub use membership::{
    Assignment, MOST_ASSIGNMENTS, MOST_MEMBERSHIPS, MOST_ROLES, MOST_SUPER_ADMINS, Membership,
    Memberships,
};
pub use people::{AccountState, GrantedRole, UserWithMemberships};
pub use types::{
    Document, Member, MembershipStatus, Organization, OrganizationFields, OrganizationPatch,
    PLATFORM,
};

pub use crate::model::log_key::LogKey;
