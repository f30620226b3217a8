use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use serde_json::{Map, Value};

use super::{
    question::Question,
    roles::{OwnRoles, Roles},
    types::{Module, ModuleFields, Permission, PermissionFields, RBAC, Right},
};
use crate::model::{
    api_key::Scopes,
    clock::Timestamp,
    code::{Code, organization_of},
    fields::audited,
    organization::LogKey,
    role::{Grant, Level, Role, RoleFields, SUPER_ADMIN},
    words::Line,
};

/// All definitions under one version: modules, permissions, and roles with their grants. The
/// organizations share it; over it may lie the roles that one of them has for itself.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// Counts the changes of any definition that is shared.
    pub version: u64,
    modules: Arc<HashMap<Code, Module>>,
    permissions: Arc<HashMap<Code, Permission>>,
    common: Arc<Roles>,
    own: Option<Own>,
}

/// The roles of one organization alone.
#[derive(Debug, Clone)]
struct Own {
    organization: LogKey,
    version: u64,
    roles: Arc<Roles>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Definition {
    Module(Module),
    Permission(Permission),
    Role(Role),
}

/// What kind of definition it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Module,
    Permission,
    Role,
}

impl Definition {
    /// What records of changes show of it.
    pub(crate) fn audited(&self) -> Map<String, Value> {
        match self {
            Self::Module(module) => audited(&module.fields),
            Self::Permission(permission) => audited(&permission.fields),
            Self::Role(role) => audited(&role.fields),
        }
    }

    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Module(_) => Kind::Module,
            Self::Permission(_) => Kind::Permission,
            Self::Role(_) => Kind::Role,
        }
    }

    #[must_use]
    pub fn code(&self) -> &Code {
        match self {
            Self::Module(module) => &module.code,
            Self::Permission(permission) => &permission.code,
            Self::Role(role) => &role.code,
        }
    }

    #[must_use]
    pub fn version(&self) -> u64 {
        match self {
            Self::Module(module) => module.version,
            Self::Permission(permission) => permission.version,
            Self::Role(role) => role.version,
        }
    }
}

impl Catalogue {
    /// What is stored, over what is built in.
    #[must_use]
    pub fn new(version: u64, stored: impl IntoIterator<Item = Definition>) -> Self {
        let (mut modules, mut permissions, mut roles) =
            (HashMap::new(), HashMap::new(), BTreeMap::new());
        for definition in built_in().into_iter().chain(stored) {
            match definition {
                Definition::Module(module) => drop(modules.insert(module.code.clone(), module)),
                Definition::Permission(permission) => {
                    drop(permissions.insert(permission.code.clone(), permission));
                }
                Definition::Role(role) => drop(roles.insert(role.code.clone(), role)),
            }
        }
        let (modules, permissions) = (Arc::new(modules), Arc::new(permissions));
        Self { version, modules, permissions, common: Arc::new(Roles::new(roles)), own: None }
    }

    /// The same for an organization, with its own roles.
    #[must_use]
    pub fn with_own(&self, own: &OwnRoles) -> Self {
        let (organization, version) = (own.organization.clone(), own.version);
        let roles = own.roles.iter().map(|role| self.without_what_is_gone(role));
        let roles = roles.map(|role| (role.code.clone(), role)).collect();
        let roles = Arc::new(Roles::new(roles));
        Self { own: Some(Own { organization, version, roles }), ..self.clone() }
    }

    /// The same without the own roles of any organization.
    #[must_use]
    pub fn shared(&self) -> Self {
        Self { own: None, ..self.clone() }
    }

    /// An own role without grants of what is gone from the catalogue: a permission or a module that
    /// has a code later is another one.
    fn without_what_is_gone(&self, role: &Role) -> Role {
        let mut role = role.clone();
        role.permissions.retain(|code, grant| {
            self.permissions.get(code).is_some_and(|one| one.created_at <= grant.granted_at)
        });
        role.modules.retain(|code, grant| {
            self.modules.get(code).is_some_and(|one| one.created_at <= grant.granted_at)
        });
        role
    }

    /// The organization whose own roles are in it.
    #[must_use]
    pub fn organization(&self) -> Option<&LogKey> {
        self.own.as_ref().map(|own| &own.organization)
    }

    /// The version of the own roles in it; 0 where there are none.
    #[must_use]
    pub fn own_version(&self) -> u64 {
        self.own.as_ref().map_or(0, |own| own.version)
    }

    /// Whether it has the own roles of an organization, if there are any.
    pub(crate) fn is_of(&self, organization: &str) -> bool {
        self.organization().is_some_and(|own| own.code() == organization)
    }

    /// The catalogue with this definition in the place of the one of its code.
    #[must_use]
    pub fn with(&self, definition: Definition) -> Self {
        let mut next = self.clone();
        match definition {
            Definition::Module(one) => {
                Arc::make_mut(&mut next.modules).insert(one.code.clone(), one);
            }
            Definition::Permission(one) => {
                Arc::make_mut(&mut next.permissions).insert(one.code.clone(), one);
            }
            Definition::Role(one) => {
                let own = next.own.as_mut().filter(|_| one.code.organization().is_some());
                let roles = own.map_or(&mut next.common, |own| &mut own.roles);
                let mut by_code = roles.by_code();
                by_code.insert(one.code.clone(), one);
                *roles = Arc::new(Roles::new(by_code));
            }
        }
        next
    }

    #[must_use]
    pub fn module(&self, code: &str) -> Option<&Module> {
        self.modules.get(code)
    }

    #[must_use]
    pub fn permission(&self, code: &str) -> Option<&Permission> {
        self.permissions.get(code)
    }

    #[must_use]
    pub fn role(&self, code: &str) -> Option<&Role> {
        self.role_at(self.place(code)?)
    }

    /// A definition of a kind.
    #[must_use]
    pub fn definition(&self, kind: Kind, code: &str) -> Option<Definition> {
        match kind {
            Kind::Module => self.module(code).cloned().map(Definition::Module),
            Kind::Permission => self.permission(code).cloned().map(Definition::Permission),
            Kind::Role => self.role(code).cloned().map(Definition::Role),
        }
    }

    /// Whether a code of a kind is taken, in whatever case.
    #[must_use]
    pub fn is_taken(&self, kind: Kind, code: &Code) -> bool {
        let folded = code.folded();
        let is_same = |other: &Code| other.folded() == folded;
        match kind {
            Kind::Module => self.modules.keys().any(is_same),
            Kind::Permission => self.permissions.keys().any(is_same),
            Kind::Role => self.all_roles().any(|roles| roles.is_taken(&folded)),
        }
    }

    /// Every module, by order and name.
    #[must_use]
    pub fn modules(&self) -> Vec<&Module> {
        let mut modules: Vec<&Module> = self.modules.values().collect();
        modules.sort_by(|a, b| (a.order, &a.name, &a.code).cmp(&(b.order, &b.name, &b.code)));
        modules
    }

    /// Every permission, by code.
    #[must_use]
    pub fn permissions(&self) -> Vec<&Permission> {
        let mut permissions: Vec<&Permission> = self.permissions.values().collect();
        permissions.sort_by(|a, b| a.code.cmp(&b.code));
        permissions
    }

    /// Every role, by code.
    #[must_use]
    pub fn roles(&self) -> Vec<&Role> {
        let mut roles: Vec<&Role> = self.all_roles().flat_map(|roles| &roles.list).collect();
        roles.sort_by(|a, b| a.code.cmp(&b.code));
        roles
    }

    /// The shared roles, and the organization's own ones: the places of these are behind those.
    fn all_roles(&self) -> impl Iterator<Item = &Roles> {
        [Some(&self.common), self.own.as_ref().map(|own| &own.roles)]
            .into_iter()
            .flatten()
            .map(Arc::as_ref)
    }

    /// How many places there are.
    pub(super) fn places(&self) -> usize {
        self.all_roles().map(|roles| roles.list.len()).sum()
    }

    /// The modules that a key opens: those of the permissions that it names.
    pub(crate) fn modules_of(&self, scopes: &Scopes) -> impl Iterator<Item = &Code> {
        scopes.iter().filter_map(|code| Some(&self.permission(code.as_str())?.module))
    }

    /// The place of a role.
    pub(super) fn place(&self, role: &str) -> Option<usize> {
        match &self.own {
            Some(own) if organization_of(role).is_some() => {
                Some(self.common.list.len() + own.roles.place(role)?)
            }
            _ => self.common.place(role),
        }
    }

    /// The role in a place.
    pub(super) fn role_at(&self, place: usize) -> Option<&Role> {
        match place.checked_sub(self.common.list.len()) {
            None => self.common.list.get(place),
            Some(place) => self.own.as_ref()?.roles.list.get(place),
        }
    }

    /// The places of the roles that give what is asked for, whatever is inactive.
    pub(super) fn giving(&self, question: Question<'_>) -> impl Iterator<Item = usize> {
        let own = self.own.as_ref().map_or(&[][..], |own| own.roles.giving(question));
        let behind = self.common.list.len();
        let shared = self.common.giving(question).iter().copied();
        shared.chain(own.iter().map(move |place| behind + place))
    }

    /// Whether any role gives what is asked for, whatever is inactive.
    pub(crate) fn gives(&self, question: Question<'_>) -> bool {
        self.giving(question).next().is_some()
    }
}

/// The six roles that are always there, most power first.
const SYSTEM_ROLES: [(&str, &str, u8, &[Right]); 6] = [
    (SUPER_ADMIN, "Super administrator", 1, &Right::ALL),
    (
        "admin",
        "Administrator",
        2,
        &[
            Right::ManageOrganizations,
            Right::ReadUsers,
            Right::ManageUsers,
            Right::AssignRoles,
            Right::ManageRoles,
            Right::CheckAccess,
            Right::ReadActivities,
            Right::ManageSessions,
            Right::ReadActivityStats,
            Right::ManageKeys,
        ],
    ),
    (
        "manager",
        "Manager",
        3,
        &[Right::ReadUsers, Right::CheckAccess, Right::ReadActivities, Right::ReadActivityStats],
    ),
    ("engineer", "Engineer", 4, &[]),
    ("reviewer", "Reviewer", 5, &[]),
    ("viewer", "Viewer", 6, &[]),
];

fn built_in() -> Vec<Definition> {
    let at = Timestamp::UNIX_EPOCH;
    let module = ModuleFields::new(Line::known("Users, roles and permissions"));
    let module = Module::new(Code::known(RBAC), module, at);
    let permission = |right: Right| {
        let (code, name, action) = right.row();
        let fields = PermissionFields::new(Code::known(RBAC), Line::known(name), action);
        Definition::Permission(Permission::new(Code::known(code), fields, at))
    };
    let grant = Grant { granted_by: None, granted_at: at };
    let role = |(code, name, level, rights): (&str, &str, u8, &[Right])| {
        let opens = if rights.is_empty() { None } else { Some((Code::known(RBAC), grant)) };
        let fields = RoleFields {
            is_system: true,
            permissions: rights.iter().map(|right| (Code::known(right.code()), grant)).collect(),
            modules: opens.into_iter().collect(),
            ..RoleFields::new(Line::known(name), Level::known(level))
        };
        Definition::Role(Role::new(Code::known(code), fields, at))
    };
    let permissions = Right::ALL.into_iter().map(permission);
    [Definition::Module(module)]
        .into_iter()
        .chain(permissions)
        .chain(SYSTEM_ROLES.into_iter().map(role))
        .collect()
}

/// Whether a module or a permission is built in: what Rolecall's own API asks for cannot be
/// switched off.
#[must_use]
pub fn is_built_in(kind: Kind, code: &str) -> bool {
    match kind {
        Kind::Module => code == RBAC,
        Kind::Permission => Right::ALL.iter().any(|right| right.code() == code),
        Kind::Role => SYSTEM_ROLES.iter().any(|(role, ..)| *role == code),
    }
}
