use crate::activity::Event;

/// The built-in template of an event.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    pub(super) title: &'static str,
    pub(super) subtitle: &'static str,
    /// Lucide's name of it: <https://lucide.dev/icons>.
    pub(super) icon: &'static str,
    /// Whether colleagues see it: what people of an organization do together, and nothing about who
    /// is who.
    pub(super) is_public: bool,
}

/// How an event is shown in the feed; None for what goes on all the time, and for changes of the
/// feed itself.
#[rustfmt::skip]
pub(super) fn row(event: Event) -> Option<Row> {
    let (title, subtitle, icon, is_public) = match event {
        Event::SessionRenewed | Event::ActivityStreamChanged => return None,
        Event::SignUp => ("{details.username} signed up", "The address is not proven yet", "user-plus", false),
        Event::UserCreated => ("{user} has an account", "", "user-plus", false),
        Event::UserImported => ("{user} was brought from another system", "", "user-plus", false),
        Event::UserUpdated => ("{user} changed a profile", "", "user-pen", false),
        Event::LoginSuccess => ("{user} signed in", "", "log-in", false),
        Event::LoginSuccessAfterFail => ("{user} signed in", "After failed attempts", "log-in", false),
        Event::LoginFail => ("A sign-in was refused", "{user}", "log-in", false),
        Event::LoginLock => ("{user} is locked to unknown devices", "After failed sign-ins", "lock", false),
        Event::Unlock => ("{user} was unlocked", "", "lock-open", false),
        Event::ResetRequested => ("{user} asked for a password reset", "", "key-round", false),
        Event::PasswordChange => ("{user} has a new password", "", "key-round", false),
        Event::PasswordChangeFail => ("{user} gave a wrong password", "When changing it", "shield-alert", false),
        Event::EmailChangeRequested => ("{user} asked for another email address", "", "mail", false),
        Event::EmailChangeFail => ("{user} gave a wrong password", "When changing the email \
            address", "shield-alert", false),
        Event::EmailChanged => ("{user} has another email address", "", "mail-check", false),
        Event::SessionUseAfterExpire => ("The token of an ended session was used", "{user}", "shield-alert", false),
        Event::SessionEnded => ("{user} was signed out", "", "log-out", false),
        Event::TokenReuse => ("A used refresh token came back", "{user} was signed out there", "shield-alert", false),
        Event::RateLimit => ("A limit was exceeded", "{details.limit}", "gauge", false),
        Event::KeysRotated => ("The signing keys were changed", "", "key-square", false),
        Event::OrganizationCreated => ("The organization was made", "", "building", true),
        Event::OrganizationUpdated => ("The organization was changed", "", "building", true),
        Event::OrganizationDeleted => ("The organization was deleted", "", "building", false),
        Event::ModuleCreated => ("A module was made", "{details.code}", "package-plus", false),
        Event::ModuleUpdated => ("A module was changed", "{details.code}", "package", false),
        Event::ModuleDeleted => ("A module was deleted", "{details.code}", "package-minus", false),
        Event::PermissionCreated => ("A permission was made", "{details.code}", "shield-plus", false),
        Event::PermissionUpdated => ("A permission was changed", "{details.code}", "shield", false),
        Event::PermissionDeleted => ("A permission was deleted", "{details.code}", "shield-minus", false),
        Event::RoleCreated => ("A role was made", "{details.code}", "shield-plus", false),
        Event::RoleUpdated => ("A role was changed", "{details.code}", "shield", false),
        Event::RoleDeleted => ("A role was deleted", "{details.code}", "shield-minus", false),
        Event::PermissionsChanged => ("What a role grants was changed", "{details.code}", "shield", false),
        Event::RoleAssigned => ("{user} was given a role", "{details.role}", "badge-plus", false),
        Event::RoleUnassigned => ("A role was taken from {user}", "{details.role}", "badge-minus", false),
        Event::MemberAdded => ("{user} joined", "", "user-plus", true),
        Event::MemberUpdated => ("The membership of {user} was changed", "", "user-pen", false),
        Event::MemberRemoved => ("{user} left", "", "user-minus", true),
        Event::UserInvited => ("{details.username} was invited", "", "mail-plus", false),
        Event::InvitationAccepted => ("{user} followed an invitation", "", "mail-check", false),
        Event::UserDeleted => ("The account of {user} was deleted", "It may be restored", "user-x", false),
        Event::UserRestored => ("The account of {user} was restored", "", "user-check", false),
    };
    Some(Row { title, subtitle, icon, is_public })
}
