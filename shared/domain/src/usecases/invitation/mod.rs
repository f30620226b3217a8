//! Invitations into organizations.

mod accept;
mod by_link;
mod invite;
mod manage;
mod repeat;
mod rights;

pub use accept::{OwnInvitation, accept, decline, own_invitations};
pub use by_link::{
    AcceptError, AcceptRefusal, InvitationOffer, NewMember, accept_by_link, decline_by_link, offer,
};
pub use invite::invite;
pub(crate) use invite::renewed_mail;
pub use manage::{InvitationPage, cancel, get, list, resend};
pub use repeat::{remember, replayed};
pub(crate) use rights::may_give;
