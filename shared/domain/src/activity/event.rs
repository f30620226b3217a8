use super::{Category, Severity};

/// What can happen. Types are those of OWASP's Logging Vocabulary where it has one, and slugs of
/// its kind elsewhere.
///
/// <https://cheatsheetseries.owasp.org/cheatsheets/Logging_Vocabulary_Cheat_Sheet.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// Somebody signed up; the address is not proven.
    SignUp,
    /// An account came to be.
    UserCreated,
    /// An account was brought from another system.
    UserImported,
    UserUpdated,
    LoginSuccess,
    /// Somebody signed in after failures of the same network or device.
    LoginSuccessAfterFail,
    LoginFail,
    /// Failures locked an account to unknown devices.
    LoginLock,
    /// The mailed link, or an administrator, ended a lock.
    Unlock,
    /// Somebody asked for a password reset.
    ResetRequested,
    PasswordChange,
    /// The present password was wrong.
    PasswordChangeFail,
    /// Somebody asked for another address.
    EmailChangeRequested,
    /// The present password was wrong when another address was asked for.
    EmailChangeFail,
    EmailChanged,
    /// A session got a new pair.
    SessionRenewed,
    /// The token of a session that is over was used.
    SessionUseAfterExpire,
    /// A session was ended, or several at once.
    SessionEnded,
    /// A used refresh token came back.
    TokenReuse,
    /// A network, or an account, went over a limit.
    RateLimit,
    /// A signing key was published or taken away.
    KeysRotated,
    /// An organization was made.
    OrganizationCreated,
    /// An organization was changed.
    OrganizationUpdated,
    /// An organization was deleted.
    OrganizationDeleted,
    /// A module was made.
    ModuleCreated,
    /// A module was changed.
    ModuleUpdated,
    /// A module was deleted.
    ModuleDeleted,
    /// A permission was made.
    PermissionCreated,
    /// A permission was changed.
    PermissionUpdated,
    /// A permission was deleted.
    PermissionDeleted,
    /// A role was made.
    RoleCreated,
    /// A role was changed.
    RoleUpdated,
    /// A role was deleted.
    RoleDeleted,
    /// What a role grants changed.
    PermissionsChanged,
    /// A member was given a role.
    RoleAssigned,
    /// A role was taken from a member.
    RoleUnassigned,
    /// A user became a member.
    MemberAdded,
    /// A membership changed.
    MemberUpdated,
    /// A membership ended.
    MemberRemoved,
    UserInvited,
    /// An invitation was followed.
    InvitationAccepted,
    /// An account was deleted softly.
    UserDeleted,
    /// A deleted account was restored.
    UserRestored,
    /// An entry of the feed, or how entries are shown, was changed.
    ActivityStreamChanged,
}

impl Event {
    pub const ALL: [Self; 44] = [
        Self::SignUp,
        Self::UserCreated,
        Self::UserImported,
        Self::UserUpdated,
        Self::LoginSuccess,
        Self::LoginSuccessAfterFail,
        Self::LoginFail,
        Self::LoginLock,
        Self::Unlock,
        Self::ResetRequested,
        Self::PasswordChange,
        Self::PasswordChangeFail,
        Self::EmailChangeRequested,
        Self::EmailChangeFail,
        Self::EmailChanged,
        Self::SessionRenewed,
        Self::SessionUseAfterExpire,
        Self::SessionEnded,
        Self::TokenReuse,
        Self::RateLimit,
        Self::KeysRotated,
        Self::OrganizationCreated,
        Self::OrganizationUpdated,
        Self::OrganizationDeleted,
        Self::ModuleCreated,
        Self::ModuleUpdated,
        Self::ModuleDeleted,
        Self::PermissionCreated,
        Self::PermissionUpdated,
        Self::PermissionDeleted,
        Self::RoleCreated,
        Self::RoleUpdated,
        Self::RoleDeleted,
        Self::PermissionsChanged,
        Self::RoleAssigned,
        Self::RoleUnassigned,
        Self::MemberAdded,
        Self::MemberUpdated,
        Self::MemberRemoved,
        Self::UserInvited,
        Self::InvitationAccepted,
        Self::UserDeleted,
        Self::UserRestored,
        Self::ActivityStreamChanged,
    ];

    /// The event of that type; no two share one.
    #[must_use]
    pub fn from_type(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|event| event.activity_type() == name)
    }

    #[rustfmt::skip]
    fn row(self) -> (&'static str, Category, Severity, bool, &'static str) {
        use Category::{Authentication, Authorization, DataManagement, Security, SystemOperation};
        use Severity::{Critical, High, Info, Low, Normal};
        match self {
            Self::SignUp => ("user_sign_up", Authentication, Low, true, "A user signed up."),
            Self::UserCreated => ("user_created", Authentication, Normal, true, "An account was created."),
            Self::UserImported => ("user_imported", Authentication, Normal, true, "An account was imported from another system."),
            Self::UserUpdated => ("user_updated", DataManagement, Low, true, "A profile was updated."),
            Self::LoginSuccess => ("authn_login_success", Authentication, Info, true, "A user signed in."),
            Self::LoginSuccessAfterFail => ("authn_login_successafterfail", Authentication, Low, true, "A user signed in after failed attempts."),
            Self::LoginFail => ("authn_login_fail", Authentication, Low, false, "A sign-in was refused."),
            Self::LoginLock => ("authn_login_lock", Security, High, false, "Failed sign-ins \
                locked an account to unknown devices."),
            Self::Unlock => ("authn_login_unlock", Security, Normal, true, "An account was \
                unlocked."),
            Self::ResetRequested => ("authn_password_reset_request", Authentication, Low, true, "A password reset was requested."),
            Self::PasswordChange => ("authn_password_change", Authentication, Normal, true, "A password was changed."),
            Self::PasswordChangeFail => ("authn_password_change_fail", Security, Normal, false, "The current password was wrong."),
            Self::EmailChangeRequested => ("user_email_change_request", Authentication, Normal, true, "An email change was requested."),
            Self::EmailChangeFail => ("user_email_change_fail", Security, Normal, false, "The current password was wrong in an email change."),
            Self::EmailChanged => ("user_email_change", Authentication, High, true, "An email address was changed."),
            Self::SessionRenewed => ("session_renewed", Authentication, Info, true, "A session was refreshed."),
            Self::SessionUseAfterExpire => ("session_use_after_expire", Security, Low, false, "The refresh token of an ended session was used."),
            Self::SessionEnded => ("authn_token_revoked", Authentication, Low, true, "One or more sessions were ended."),
            Self::TokenReuse => ("authn_token_reuse", Security, Critical, false, "A used refresh \
                token came back; its session was ended."),
            Self::RateLimit => ("excess_rate_limit_exceeded", Security, Normal, false, "A network or an account went over a limit."),
            Self::KeysRotated => ("sys_signing_keys_rotated", SystemOperation, Normal, true, "The signing keys were rotated."),
            Self::OrganizationCreated => ("organization_created", DataManagement, Normal, true, "An organization was created."),
            Self::OrganizationUpdated => ("organization_updated", DataManagement, Normal, true, "An organization was updated."),
            Self::OrganizationDeleted => ("organization_deleted", DataManagement, High, true, "An organization was deleted."),
            Self::ModuleCreated => ("module_created", Authorization, Normal, true, "A module was created."),
            Self::ModuleUpdated => ("module_updated", Authorization, Normal, true, "A module was updated."),
            Self::ModuleDeleted => ("module_deleted", Authorization, Normal, true, "A module was deleted."),
            Self::PermissionCreated => ("permission_created", Authorization, Normal, true, "A permission was created."),
            Self::PermissionUpdated => ("permission_updated", Authorization, Normal, true, "A permission was updated."),
            Self::PermissionDeleted => ("permission_deleted", Authorization, Normal, true, "A permission was deleted."),
            Self::RoleCreated => ("role_created", Authorization, Normal, true, "A role was created."),
            Self::RoleUpdated => ("role_updated", Authorization, Normal, true, "A role was updated."),
            Self::RoleDeleted => ("role_deleted", Authorization, Normal, true, "A role was deleted."),
            Self::PermissionsChanged => ("privilege_permissions_changed", Authorization, High, true, "The grants of a role were changed."),
            Self::RoleAssigned => ("role_assigned", Authorization, High, true, "A member was \
                given a role."),
            Self::RoleUnassigned => ("role_unassigned", Authorization, High, true, "A role was unassigned from a member."),
            Self::MemberAdded => ("member_added", Authorization, Normal, true, "A user became a \
                member of an organization."),
            Self::MemberUpdated => ("member_updated", DataManagement, Normal, true, "A membership was updated."),
            Self::MemberRemoved => ("member_removed", Authorization, High, true, "A user is no \
                member of an organization any more."),
            Self::UserInvited => ("user_invited", Authentication, Normal, true, "A user was invited."),
            Self::InvitationAccepted => ("user_invitation_accepted", Authentication, Normal, true, "An invitation was accepted."),
            Self::UserDeleted => ("user_deleted", DataManagement, High, true, "An account was \
                deleted; it may be restored."),
            Self::UserRestored => ("user_restored", DataManagement, High, true, "A deleted \
                account was restored."),
            Self::ActivityStreamChanged => ("feed_changed", SystemOperation, Low, true, "The feed was \
                changed by hand."),
        }
    }

    /// Its type in the API and in the table.
    #[must_use]
    pub fn activity_type(self) -> &'static str {
        self.row().0
    }

    /// What it is about.
    #[must_use]
    pub fn category(self) -> Category {
        self.row().1
    }

    /// How much it matters.
    #[must_use]
    pub fn severity(self) -> Severity {
        self.row().2
    }

    /// Whether what was tried worked.
    #[must_use]
    pub fn success(self) -> bool {
        self.row().3
    }

    #[must_use]
    pub fn description(self) -> &'static str {
        self.row().4
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_found_by_its_type() {
        for event in Event::ALL {
            assert_eq!(Event::from_type(event.activity_type()), Some(event));
        }
    }
}
