use super::kind::{Category, Severity};

/// How the activity stream shows an event, unless an operator gave a template of their own.
#[derive(Debug, Clone, Copy)]
pub struct Display {
    pub title: &'static str,
    pub subtitle: &'static str,
    /// Lucide's name of it: <https://lucide.dev/icons>.
    pub icon: &'static str,
    /// Whether colleagues see it: what people of an organization do together, and nothing about who
    /// is who.
    pub is_public: bool,
}

struct Row {
    activity_type: &'static str,
    category: Category,
    severity: Severity,
    success: bool,
    description: &'static str,
    display: Option<Display>,
}

macro_rules! outcome {
    (success) => {
        true
    };
    (failure) => {
        false
    };
}

macro_rules! display {
    (hidden) => {
        None
    };
    (public $shown:tt) => {
        Some(display!(true, $shown))
    };
    (private $shown:tt) => {
        Some(display!(false, $shown))
    };
    ($is_public:literal, ($icon:literal, $title:literal)) => {
        display!($is_public, ($icon, $title, ""))
    };
    ($is_public:literal, ($icon:literal, $title:literal, $subtitle:literal)) => {
        Display { title: $title, subtitle: $subtitle, icon: $icon, is_public: $is_public }
    };
}

/// One row an event: its type, category, severity and outcome, its description, and how the
/// activity stream shows it (`hidden` for what goes on all the time, and for changes of the stream
/// itself).
macro_rules! events {
    ($($event:ident: $type:literal, $category:ident, $severity:ident, $outcome:ident,
        $description:literal, $display:ident $(($($shown:tt)+))?;)*) => {
        /// What can happen. Types are those of OWASP's Logging Vocabulary where it has one, and
        /// slugs of its kind elsewhere.
        ///
        /// <https://cheatsheetseries.owasp.org/cheatsheets/Logging_Vocabulary_Cheat_Sheet.html>
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Event {
            $(#[doc = $description] $event,)*
        }

        impl Event {
            pub const ALL: &[Self] = &[$(Self::$event),*];

            fn row(self) -> Row {
                match self {
                    $(Self::$event => Row {
                        activity_type: $type,
                        category: Category::$category,
                        severity: Severity::$severity,
                        success: outcome!($outcome),
                        description: $description,
                        display: display!($display $(($($shown)+))?),
                    },)*
                }
            }
        }
    };
}

events! {
    SignUp: "user_sign_up", Authentication, Low, success,
        "A user signed up.",
        private("user-plus", "{details.username} signed up", "The address is not proven yet");
    UserCreated: "user_created", Authentication, Normal, success,
        "An account was created.",
        private("user-plus", "{user} has an account");
    VerificationRequested: "user_email_verification_request", Authentication, Low, success,
        "A verification mail was requested once more.",
        private("mail", "A verification mail was requested");
    InvitationRequested: "user_invitation_request", Authentication, Low, success,
        "The address of an invited user was typed, and the invitation was mailed again.",
        private("mail", "The invitation of {user} was mailed again");
    VerificationFail: "user_email_verification_fail", Security, Low, failure,
        "The link of a verification mail came with no password, or a wrong one.",
        private("shield-alert", "An address was not verified", "The password was wrong");
    EmailVerified: "user_email_verification", Authentication, Normal, success,
        "An account's address was verified.",
        private("mail-check", "{user} verified the email address");
    UserImported: "user_imported", Authentication, Normal, success,
        "An account was imported from another system.",
        private("user-plus", "{user} was imported from another system");
    UserUpdated: "user_updated", DataManagement, Low, success,
        "A profile was updated.",
        private("user-pen", "{user} updated a profile");
    LoginSuccess: "authn_login_success", Authentication, Info, success,
        "A user signed in.",
        private("log-in", "{user} signed in");
    LoginSuccessAfterFail: "authn_login_successafterfail", Authentication, Low, success,
        "A user signed in after failed attempts.",
        private("log-in", "{user} signed in", "After failed attempts");
    LoginFail: "authn_login_fail", Authentication, Low, failure,
        "A sign-in was refused.",
        private("log-in", "A sign-in was refused", "{user}");
    LoginLock: "authn_login_lock", Security, High, failure,
        "Failed sign-ins locked an account to unknown devices.",
        private("lock", "{user} is locked to unknown devices", "After failed sign-ins");
    Unlock: "authn_login_unlock", Security, Normal, success,
        "An account was unlocked.",
        private("lock-open", "{user} was unlocked");
    ResetRequested: "authn_password_reset_request", Authentication, Low, success,
        "A password reset was requested.",
        private("key-round", "{user} requested a password reset");
    PasswordChange: "authn_password_change", Authentication, Normal, success,
        "A password was changed.",
        private("key-round", "{user} has a new password");
    PasswordChangeFail: "authn_password_change_fail", Security, Normal, failure,
        "The current password was wrong.",
        private("shield-alert", "{user} gave a wrong password", "When changing it");
    EmailChangeRequested: "user_email_change_request", Authentication, Normal, success,
        "An email change was requested.",
        private("mail", "{user} requested an email change");
    EmailChangeFail: "user_email_change_fail", Security, Normal, failure,
        "The current password was wrong in an email change.",
        private("shield-alert", "{user} gave a wrong password", "When changing the email address");
    EmailChanged: "user_email_change", Authentication, High, success,
        "An email address was changed.",
        private("mail-check", "{user} has another email address");
    EmailChangeStopped: "user_email_change_stop", Security, High, success,
        "An email change was stopped by the link of its notice.",
        private("shield-check", "An email change was stopped", "{user}");
    EmailChangeUndone: "user_email_change_undo", Security, High, success,
        "An email change was taken back by the link of its notice.",
        private("shield-check", "{user} has the email address of before again");
    SessionRenewed: "session_renewed", Authentication, Info, success,
        "A session was refreshed.",
        hidden;
    OrganizationSwitched: "organization_switched", Authentication, Info, success,
        "A session went on in another organization.",
        hidden;
    SessionUseAfterExpire: "session_use_after_expire", Security, Low, failure,
        "The refresh token of an ended session was used.",
        private("shield-alert", "The token of an ended session was used", "{user}");
    SessionEnded: "authn_token_revoked", Authentication, Low, success,
        "One or more sessions were ended.",
        private("log-out", "{user} was signed out");
    TokenReuse: "authn_token_reuse", Security, Critical, failure,
        "A used refresh token came back; its session was ended.",
        private("shield-alert", "A used refresh token came back", "{user} was signed out there");
    RateLimit: "excess_rate_limit_exceeded", Security, Normal, failure,
        "A network or an account went over a limit.",
        private("gauge", "A limit was exceeded", "{details.limit}");
    KeysRotated: "sys_signing_keys_rotated", SystemOperation, Normal, success,
        "The signing keys were rotated.",
        private("key-square", "The signing keys were rotated");
    KeysRotationFail: "sys_signing_keys_rotation_fail", Security, Normal, failure,
        "The current password was wrong when rotating the signing keys.",
        private("shield-alert", "{user} gave a wrong password", "When rotating the signing keys");
    AppearanceChanged: "sys_appearance_changed", SystemOperation, Normal, success,
        "The appearance of pages and mails was changed.",
        private("palette", "The appearance was changed");
    EverythingEnded: "sys_everyone_signed_out", Security, Critical, success,
        "Every session, device, mailed link and sealed value was ended.",
        private("shield-alert", "Everybody was signed out");
    OrganizationCreated: "organization_created", DataManagement, Normal, success,
        "An organization was created.",
        public("building", "The organization was created");
    OrganizationUpdated: "organization_updated", DataManagement, Normal, success,
        "An organization was updated.",
        public("building", "The organization was updated");
    OrganizationDeleted: "organization_deleted", DataManagement, High, success,
        "An organization was deleted.",
        private("building", "The organization was deleted");
    ModuleCreated: "module_created", Authorization, Normal, success,
        "A module was created.",
        private("package-plus", "A module was created", "{details.code}");
    ModuleUpdated: "module_updated", Authorization, Normal, success,
        "A module was updated.",
        private("package", "A module was updated", "{details.code}");
    ModuleDeleted: "module_deleted", Authorization, Normal, success,
        "A module was deleted.",
        private("package-minus", "A module was deleted", "{details.code}");
    PermissionCreated: "permission_created", Authorization, Normal, success,
        "A permission was created.",
        private("shield-plus", "A permission was created", "{details.code}");
    PermissionUpdated: "permission_updated", Authorization, Normal, success,
        "A permission was updated.",
        private("shield", "A permission was updated", "{details.code}");
    PermissionDeleted: "permission_deleted", Authorization, Normal, success,
        "A permission was deleted.",
        private("shield-minus", "A permission was deleted", "{details.code}");
    RoleCreated: "role_created", Authorization, Normal, success,
        "A role was created.",
        private("shield-plus", "A role was created", "{details.code}");
    RoleUpdated: "role_updated", Authorization, Normal, success,
        "A role was updated.",
        private("shield", "A role was updated", "{details.code}");
    RoleDeleted: "role_deleted", Authorization, Normal, success,
        "A role was deleted.",
        private("shield-minus", "A role was deleted", "{details.code}");
    PermissionsChanged: "privilege_permissions_changed", Authorization, High, success,
        "The grants of a role were changed.",
        private("shield", "The grants of a role were changed", "{details.code}");
    RoleAssigned: "role_assigned", Authorization, High, success,
        "A role was assigned to a member.",
        private("badge-plus", "{user} was assigned a role", "{details.role}");
    RoleUnassigned: "role_unassigned", Authorization, High, success,
        "A role was unassigned from a member.",
        private("badge-minus", "A role was unassigned from {user}", "{details.role}");
    MemberAdded: "member_added", Authorization, Normal, success,
        "A user became a member of an organization.",
        public("user-plus", "{user} joined");
    MemberUpdated: "member_updated", DataManagement, Normal, success,
        "A membership was updated.",
        private("user-pen", "The membership of {user} was updated");
    MemberRemoved: "member_removed", Authorization, High, success,
        "A user is no longer a member of an organization.",
        public("user-minus", "{user} left");
    UserInvited: "user_invited", Authentication, Normal, success,
        "A user was invited.",
        private("mail-plus", "{details.username} was invited");
    ServiceCreated: "service_account_created", Authorization, High, success,
        "A service account was created.",
        private("bot", "A service account was created", "{details.name}");
    ApiKeyCreated: "api_key_created", Security, High, success,
        "An API key was created.",
        private("key-round", "An API key was created", "{details.name}");
    ApiKeyRotated: "api_key_rotated", Security, Normal, success,
        "An API key was given another secret.",
        private("key-round", "An API key was rotated", "{details.name}");
    ApiKeyRevoked: "api_key_revoked", Security, High, success,
        "An API key was revoked.",
        private("key-round", "An API key was revoked", "{details.name}");
    InvitationAccepted: "user_invitation_accepted", Authentication, Normal, success,
        "An invitation was accepted.",
        private("mail-check", "{user} accepted an invitation");
    InvitationCreated: "invitation_created", Authorization, Normal, success,
        "Somebody was invited into an organization.",
        private("mail-plus", "Somebody was invited", "{details.email}");
    InvitationResent: "invitation_resent", Authorization, Low, success,
        "An invitation was mailed again.",
        private("mail", "An invitation was mailed again", "{details.email}");
    InvitationWithdrawn: "invitation_withdrawn", Authorization, Normal, success,
        "An invitation was withdrawn.",
        private("mail-x", "An invitation was withdrawn", "{details.email}");
    InvitationDeclined: "invitation_declined", Authorization, Low, success,
        "An invitation was declined.",
        private("mail-x", "An invitation was declined");
    UserDeleted: "user_deleted", DataManagement, High, success,
        "An account was deleted; it can be restored.",
        private("user-x", "The account of {user} was deleted", "It can be restored");
    UserDeleteFail: "user_delete_fail", Security, Normal, failure,
        "The current password was wrong when deleting the own account.",
        private("shield-alert", "{user} gave a wrong password", "When deleting the account");
    UserErasureAsked: "user_erasure_asked", DataManagement, High, success,
        "A deleted account is to be erased.",
        private("eraser", "A deleted account is to be erased");
    UserErased: "user_erased", DataManagement, High, success,
        "An account was erased: its name and its address are free.",
        private("eraser", "An account was erased");
    UserRestored: "user_restored", DataManagement, High, success,
        "A deleted account was restored.",
        private("user-check", "The account of {user} was restored");
    MailFailed: "mail_failed", Communication, High, failure,
        "A mail will never go out.",
        private("mail-x", "A mail will never go out", "{details.reason}");
    ActivityStreamChanged: "feed_changed", SystemOperation, Low, success,
        "The activity stream was changed by hand.",
        hidden;
}

impl Event {
    /// The event of that type; no two share one.
    #[must_use]
    pub fn from_type(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|event| event.activity_type() == name)
    }

    /// Its type in the API and in the table.
    #[must_use]
    pub fn activity_type(self) -> &'static str {
        self.row().activity_type
    }

    #[must_use]
    pub fn category(self) -> Category {
        self.row().category
    }

    #[must_use]
    pub fn severity(self) -> Severity {
        self.row().severity
    }

    /// Whether what was tried worked.
    #[must_use]
    pub fn success(self) -> bool {
        self.row().success
    }

    #[must_use]
    pub fn description(self) -> &'static str {
        self.row().description
    }

    /// How the activity stream shows it; `None` where it does not.
    #[must_use]
    pub fn display(self) -> Option<Display> {
        self.row().display
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_is_found_by_its_type() {
        for event in Event::ALL {
            assert_eq!(Event::from_type(event.activity_type()), Some(*event));
        }
    }
}
