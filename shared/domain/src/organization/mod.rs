//! Organizations, and who belongs to them.

mod assign;
mod edit;
mod members;
mod membership;
mod people;
mod types;

pub use assign::{Assigned, AssignmentOrder, assign, assigned, unassign};
pub use edit::{
    Made, OrganizationFields, OrganizationPatch, create_organization, delete_organization,
    organization, organizations, update_organization,
};
pub use members::{MemberPut, PutMember, member, members, put_member, remove_member};
pub use membership::{Assignment, MOST_MEMBERSHIPS, MOST_ROLES, Membership, Memberships};
pub(crate) use people::keeps_own_power;
pub use people::{GrantedRole, UserWithMemberships};
pub use types::{Document, Member, MembershipStatus, Organization, PLATFORM};
