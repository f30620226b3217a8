//! Administering organizations and their members.

mod assign;
mod edit;
mod last_administrator;
mod members;
mod people;
mod remains;

pub use crate::usecases::administrators::LastAdministrator;
pub use assign::{Assigned, AssignmentOrder, assign, assigned, unassign};
pub(crate) use edit::known_organization;
pub use edit::{
    create_organization, delete_organization, organization, organizations, update_organization,
};
pub(crate) use last_administrator::keeps_administrators;
pub use members::{
    MemberFilter, MemberPut, MemberWithUser, PutMember, member, members, put_member, remove_member,
};
pub(crate) use people::{acts_on, keeps_power};
pub use remains::take_remains_away;
