//! Organizations, and who belongs to them.

mod assign;
mod edit;
mod members;
mod people;
mod seat;
mod types;

pub use assign::{Assigned, AssignmentOrder, assign, assigned, unassign};
pub use edit::{
    Made, OrganizationFields, OrganizationPatch, create_organization, delete_organization,
    organization, organizations, update_organization,
};
pub use members::{MemberPut, PutMember, member, members, put_member, remove_member};
pub(crate) use people::keeps_own_power;
pub use people::{Person, RoleUse};
pub use seat::{Assignment, MOST_ROLES, MOST_SEATS, Seat, Seats};
pub use types::{Document, Member, MembershipStatus, Organization, PLATFORM};
