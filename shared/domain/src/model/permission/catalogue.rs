use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
};

use serde_json::{Map, Value};

use super::types::{Module, ModuleFields, Permission, PermissionFields, RBAC, Right};
use crate::model::{
    clock::Timestamp,
    code::Code,
    fields::audited,
    role::{Grant, Level, Role, RoleFields, SUPER_ADMIN},
    words::Line,
};

/// All definitions under one version: modules, permissions, and roles with their grants. The
/// organizations share it.
#[derive(Debug, Clone)]
pub struct Catalogue {
    /// Counts the changes of any definition.
    pub version: u64,
    modules: HashMap<Code, Module>,
    permissions: HashMap<Code, Permission>,
    roles: Vec<Role>,
    role_places: HashMap<Code, usize>,
    /// The places of the roles that grant a permission.
    permission_roles: HashMap<Code, Vec<usize>>,
    /// The places of the roles that open a module.
    module_roles: HashMap<Code, Vec<usize>>,
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
        let roles: Vec<Role> = roles.into_values().collect();
        let (mut permission_roles, mut module_roles) =
            (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for (place, role) in roles.iter().enumerate() {
            for code in role.permissions.keys() {
                permission_roles.entry(code.clone()).or_default().push(place);
            }
            for code in role.modules.keys() {
                module_roles.entry(code.clone()).or_default().push(place);
            }
        }
        let role_places =
            roles.iter().enumerate().map(|(place, role)| (role.code.clone(), place)).collect();
        Self { version, modules, permissions, roles, role_places, permission_roles, module_roles }
    }

    /// The catalogue with this definition in the place of the one of its code.
    #[must_use]
    pub fn with(&self, definition: Definition) -> Self {
        let modules = self.modules.values().cloned().map(Definition::Module);
        let permissions = self.permissions.values().cloned().map(Definition::Permission);
        let roles = self.roles.iter().cloned().map(Definition::Role);
        Self::new(self.version, modules.chain(permissions).chain(roles).chain([definition]))
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
        self.roles.get(self.place(code)?)
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
            Kind::Role => self.role_places.keys().any(is_same),
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
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// The place of a role in [`roles`](Self::roles).
    pub(super) fn place(&self, role: &str) -> Option<usize> {
        self.role_places.get(role).copied()
    }

    /// The places of the roles that grant a permission, whatever is inactive.
    pub(crate) fn granting(&self, permission: &str) -> &[usize] {
        self.permission_roles.get(permission).map_or(&[], Vec::as_slice)
    }

    /// The places of the roles that open a module, whatever is inactive.
    pub(crate) fn opening(&self, module: &str) -> &[usize] {
        self.module_roles.get(module).map_or(&[], Vec::as_slice)
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
            Right::CheckAccess,
            Right::ReadActivities,
            Right::ManageSessions,
            Right::ReadActivityStats,
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

/// The catalogue that a process keeps, under the version that it was read at.
#[derive(Debug, Default)]
pub struct KeptCatalogue(RwLock<Option<Arc<Catalogue>>>);

impl KeptCatalogue {
    /// The one of this version or a later one, if it is kept.
    #[must_use]
    pub fn at(&self, version: u64) -> Option<Arc<Catalogue>> {
        let kept = self.0.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|catalogue| catalogue.version >= version).map(Arc::clone)
    }

    /// Keeps one, unless a newer one is kept.
    pub fn keep(&self, catalogue: &Arc<Catalogue>) {
        let mut kept = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if kept.as_ref().is_none_or(|older| older.version < catalogue.version) {
            *kept = Some(Arc::clone(catalogue));
        }
    }
}
