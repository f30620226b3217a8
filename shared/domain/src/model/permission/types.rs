use std::fmt;

use crate::model::{
    code::Code,
    fields::fields,
    versioned::Versioned,
    violation::Violation,
    words::{Line, Paragraph},
};

fields! {
    /// What a module says of itself.
    ModuleFields,
    /// A change of a module.
    ModulePatch {
        name: Line<100>,
        description: Option<Paragraph>,
        /// Where it stands in lists, lowest first.
        order: i32,
        /// What a client draws beside it.
        icon: Option<Line<50>>,
        /// An inactive one gives nothing, and neither do its permissions.
        is_active: bool,
    }
}

impl ModuleFields {
    /// Of an active module, with nothing but its name.
    #[must_use]
    pub fn new(name: Line<100>) -> Self {
        Self { name, description: None, order: 0, icon: None, is_active: true }
    }
}

/// A part of the customer's product that roles open: `PID`, `QHSE`.
pub type Module = Versioned<ModuleFields>;

fields! {
    /// What a permission says of itself.
    PermissionFields,
    /// A change of a permission. Its module is for good: in another one it would be another
    /// permission.
    PermissionPatch {
        name: Line<100>,
        description: Option<Paragraph>,
        /// What kind of doing it is.
        action: Action,
        /// An inactive one gives nothing.
        is_active: bool,
    }
    fixed {
        /// The module that it belongs to.
        module: Code,
    }
}

impl PermissionFields {
    /// Of an active permission of a module, with nothing but its name.
    #[must_use]
    pub fn new(module: Code, name: Line<100>, action: Action) -> Self {
        Self { name, description: None, action, is_active: true, module }
    }
}

/// Something that a role may allow: `pid.create`.
pub type Permission = Versioned<PermissionFields>;

/// What kind of doing a permission is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    Create,
    Read,
    Update,
    Delete,
    Approve,
    /// Carrying out of the system.
    Export,
    /// Bringing into the system.
    Import,
    Execute,
}

impl Action {
    pub const ALL: [Self; 8] = [
        Self::Create,
        Self::Read,
        Self::Update,
        Self::Delete,
        Self::Approve,
        Self::Export,
        Self::Import,
        Self::Execute,
    ];

    /// Its name in the API and in the table.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Read => "read",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Approve => "approve",
            Self::Export => "export",
            Self::Import => "import",
            Self::Execute => "execute",
        }
    }

    /// The action of that name. Error: `unknown_action`.
    pub fn parse(name: &str) -> Result<Self, Violation> {
        Self::ALL.into_iter().find(|action| action.as_str() == name).ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|action| action.as_str()).collect();
            Violation::new("unknown_action", format!("One of: {}.", names.join(", ")))
        })
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What Rolecall's own API asks for: a permission of the built-in module [`RBAC`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Right {
    /// Changing the caller's organization; in `PLATFORM`, all of them.
    ManageOrganizations,
    /// Changing the modules, permissions, roles and grants that all organizations share.
    ManageCatalogue,
    /// Seeing users and members.
    ReadUsers,
    /// Inviting, changing and removing users and members.
    ManageUsers,
    /// Giving and taking roles.
    AssignRoles,
    /// Making, changing and deleting the organization's own roles.
    ManageRoles,
    /// Asking what others may do.
    CheckAccess,
    ReadActivities,
    /// Seeing and ending the sessions of others.
    ManageSessions,
    ReadActivityStats,
    /// Making keys of service accounts, and ending keys of others.
    ManageKeys,
}

/// The built-in module of [`Right`]s.
pub const RBAC: &str = "RBAC";

impl Right {
    pub const ALL: [Self; 11] = [
        Self::ManageOrganizations,
        Self::ManageCatalogue,
        Self::ReadUsers,
        Self::ManageUsers,
        Self::AssignRoles,
        Self::ManageRoles,
        Self::CheckAccess,
        Self::ReadActivities,
        Self::ManageSessions,
        Self::ReadActivityStats,
        Self::ManageKeys,
    ];

    pub(super) fn row(self) -> (&'static str, &'static str, Action) {
        match self {
            Self::ManageOrganizations => {
                ("organizations.manage", "Change the organization", Action::Update)
            }
            Self::ManageCatalogue => {
                ("catalog.manage", "Change modules, permissions and roles", Action::Update)
            }
            Self::ReadUsers => ("users.read", "See users and members", Action::Read),
            Self::ManageUsers => {
                ("users.manage", "Invite, change and remove users and members", Action::Update)
            }
            Self::AssignRoles => ("roles.assign", "Give and take roles", Action::Update),
            Self::ManageRoles => {
                ("roles.manage", "Make and change the organization's own roles", Action::Update)
            }
            Self::CheckAccess => ("access.check", "Ask what others may do", Action::Read),
            Self::ReadActivities => ("activities.read", "See what happened", Action::Read),
            Self::ManageSessions => {
                ("sessions.manage", "See and end the sessions of others", Action::Delete)
            }
            Self::ReadActivityStats => ("stats.read", "See statistics", Action::Read),
            Self::ManageKeys => {
                ("keys.manage", "Make keys of service accounts and end keys", Action::Update)
            }
        }
    }

    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().0
    }
}
