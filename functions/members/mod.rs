//! Organizations, who belongs to them, and what their members may do.

pub mod assign_role;
pub mod cancel_invitation;
pub mod create_invitations;
pub mod create_organization;
pub mod delete_organization;
pub mod export_members;
pub mod get_invitation;
pub mod get_member;
pub mod get_organization;
pub mod invitation;
pub mod list_invitations;
pub mod list_member_roles;
pub mod list_members;
pub mod list_organizations;
mod member;
mod member_page;
mod organization;
pub mod put_member;
pub mod remove_member;
pub mod renew_invitation;
pub mod unassign_role;
pub mod update_organization;

pub use member::{Member, MemberRole, example as member_example};
pub use organization::{NewOrganization, Organization};
