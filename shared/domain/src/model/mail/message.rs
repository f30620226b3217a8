use crate::model::clock::Timestamp;

/// The link of a notice, which undoes what it tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UndoLine {
    /// The link, token included.
    pub link: String,
    /// Hours that the link works.
    pub hours: i64,
}

/// A mail with all that its templates need. Rendering is the mailer's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Prove your address by this link.
    VerifyEmail {
        /// The username of the sign-up.
        username: String,
        /// The link, token included.
        link: String,
        /// Hours that the link works.
        hours: i64,
    },
    /// Somebody tried to use the address of this account for another one.
    AlreadyRegistered,
    /// Somebody asked for the account of this address, which is not active.
    NotActive,
    /// Choose a new password by this link.
    ResetPassword {
        username: String,
        /// The link, token included.
        link: String,
        /// Minutes that the link works.
        minutes: i64,
    },
    /// The password was changed.
    PasswordChanged { username: String, at: Timestamp },
    /// Prove your new address by this link.
    ConfirmNewEmail {
        username: String,
        /// The link, token included.
        link: String,
        /// Hours that the link works.
        hours: i64,
    },
    /// Another address was asked for.
    EmailChangeRequested {
        username: String,
        new_email: String,
        at: Timestamp,
        /// What stops it.
        undo: Option<UndoLine>,
    },
    /// The account has another address.
    EmailChanged {
        username: String,
        /// The address that is.
        new_email: String,
        at: Timestamp,
        /// What takes it back.
        undo: Option<UndoLine>,
    },
    /// The address is no more that of the account: its change was taken back.
    EmailChangeUndone { username: String, at: Timestamp },
    /// Somebody asked for the account of this address, which was an account's and may be again.
    FormerEmail,
    /// Failed sign-ins locked the account to unknown devices.
    AccountLocked {
        username: String,
        /// The end of the lock.
        until: Timestamp,
        /// The link that ends it now, token included.
        link: String,
    },
    /// The owner deleted the account.
    AccountDeleted { username: String, at: Timestamp },
    /// A used refresh token came back.
    SessionEndedForReuse { username: String, at: Timestamp },
    /// The account has an API key more.
    ApiKeyCreated { username: String, key: String, at: Timestamp },
    /// An API key has another secret.
    ApiKeyRotated { username: String, key: String, at: Timestamp },
    /// An API key ends soon.
    ApiKeyEnds { username: String, key: String, at: Timestamp },
    /// Join an organization by this link.
    Invitation {
        organization: String,
        /// The link, token included.
        link: String,
        /// Days that the link works.
        days: i64,
    },
}
