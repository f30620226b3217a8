use rolecall_domain::{Violation, account::NewEmail, invitation::InvitationOrder};
use rolecall_http::{Problem, fields::Each, input};

use crate::members::invitation::{InvitationRest, NewInvitation};

input! {
    /// One invitation with its `email`, or several as `invitations` alone.
    pub struct Input as NewInvitations {
        /// The address to invite, of ASCII alone before the `@`.
        email: Option<NewEmail>,
        /// Up to 50, in the place of all else.
        invitations: Option<Each<NewInvitation, 50>>,
        .. rest: InvitationRest,
    }
}

/// Who is invited.
pub(super) enum Invited {
    One(InvitationOrder),
    /// Each right or wrong on its own.
    Many(Vec<Result<InvitationOrder, Problem>>),
}

impl Input {
    /// Either the one or the several. Problem: a field that does not go with the other.
    pub(super) fn invited(self) -> Result<Invited, Problem> {
        let Self { email, rest, invitations } = self;
        match (email, invitations) {
            (Some(email), None) => Ok(Invited::One(NewInvitation { email, rest }.into())),
            (None, Some(Each(all))) if rest.is_empty() => {
                let orders = all.into_iter().map(|one| one.map(InvitationOrder::from));
                Ok(Invited::Many(orders.collect()))
            }
            (None, None) => {
                let message = "An address, or several as `invitations`.";
                Err(Problem::field("email", Violation::new("required", message)))
            }
            _ => {
                let message = "`invitations` stands alone.";
                Err(Problem::field("invitations", Violation::new("ambiguous", message)))
            }
        }
    }
}
