//! Which mail goes out to an address that somebody typed.

/// Where an address stands when a mail to it is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressState {
    Nobody,
    /// Sign-ups wait for the address to be proven.
    Waiting,
    /// An account that waits for its owner to accept the invitation.
    Invited,
    Active,
    /// An active account whose address is not proven yet.
    Unproven,
    /// Suspended or inactive.
    Barred,
    Deleted,
    /// An account had it, and may take it back.
    Former,
}

impl AddressState {
    pub const ALL: [Self; 8] = [
        Self::Nobody,
        Self::Waiting,
        Self::Invited,
        Self::Active,
        Self::Unproven,
        Self::Barred,
        Self::Deleted,
        Self::Former,
    ];
}

/// What somebody asked for by typing an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressRequest {
    SignUp,
    /// The verification mail once more.
    Resend,
    Reset,
    /// That this be the address of another account.
    WishedAddress,
}

impl AddressRequest {
    pub const ALL: [Self; 4] = [Self::SignUp, Self::Resend, Self::Reset, Self::WishedAddress];
}

/// The mail that goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailedReply {
    /// The link that proves the address.
    VerificationLink,
    /// The invitation again, with a new link.
    InvitationAgain,
    /// The link that sets a new password.
    ResetLink,
    /// The link that makes it the address of the account that wished for it.
    ConfirmationLink,
    /// There is an account: sign in, or ask for a new password.
    AlreadyRegistered,
    /// The account is not active: whom to ask.
    NotActive,
    /// It was an account's: how it comes back, or gets free.
    FormerEmail,
}

impl MailedReply {
    /// Its name in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::VerificationLink => "verification_link",
            Self::InvitationAgain => "invitation_again",
            Self::ResetLink => "reset_link",
            Self::ConfirmationLink => "confirmation_link",
            Self::AlreadyRegistered => "already_registered",
            Self::NotActive => "not_active",
            Self::FormerEmail => "former_email",
        }
    }
}

/// Which mail answers a request, by the state of the address. None of them is a dead end, and
/// nobody but the reader of the mailbox learns which one it was.
#[must_use]
pub fn mailed_reply(state: AddressState, request: AddressRequest) -> Option<MailedReply> {
    use AddressRequest::{Resend, Reset, SignUp, WishedAddress};
    use AddressState::{Active, Barred, Deleted, Former, Invited, Nobody, Unproven, Waiting};
    match (state, request) {
        // Nobody wrote this address but a stranger.
        (Nobody, Resend | Reset) => None,
        (Nobody | Waiting, SignUp) | (Waiting, Resend | Reset) | (Unproven, Resend) => {
            Some(MailedReply::VerificationLink)
        }
        (Nobody | Waiting, WishedAddress) => Some(MailedReply::ConfirmationLink),
        (Invited, SignUp | Resend | Reset | WishedAddress) => Some(MailedReply::InvitationAgain),
        (Active | Unproven, Reset) => Some(MailedReply::ResetLink),
        (Active, SignUp | Resend | WishedAddress) | (Unproven, SignUp | WishedAddress) => {
            Some(MailedReply::AlreadyRegistered)
        }
        (Barred | Deleted, SignUp | Resend | Reset | WishedAddress) => Some(MailedReply::NotActive),
        (Former, SignUp | Resend | Reset | WishedAddress) => Some(MailedReply::FormerEmail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_as_it_was_agreed() {
        let row = |state| {
            AddressRequest::ALL
                .map(|request| mailed_reply(state, request))
                .map(|reply| reply.map_or_else(|| "-".to_owned(), |reply| format!("{reply:?}")))
        };
        let table = AddressState::ALL.map(|state| format!("{state:?}: {}", row(state).join(", ")));
        assert_eq!(
            table,
            [
                "Nobody: VerificationLink, -, -, ConfirmationLink",
                "Waiting: VerificationLink, VerificationLink, VerificationLink, ConfirmationLink",
                "Invited: InvitationAgain, InvitationAgain, InvitationAgain, InvitationAgain",
                "Active: AlreadyRegistered, AlreadyRegistered, ResetLink, AlreadyRegistered",
                "Unproven: AlreadyRegistered, VerificationLink, ResetLink, AlreadyRegistered",
                "Barred: NotActive, NotActive, NotActive, NotActive",
                "Deleted: NotActive, NotActive, NotActive, NotActive",
                "Former: FormerEmail, FormerEmail, FormerEmail, FormerEmail",
            ]
        );
    }
}
