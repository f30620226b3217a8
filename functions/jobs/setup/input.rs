use rolecall_domain::{
    account::{Invitation, NewEmail, Username},
    activity::any_type,
    activity_stream::Template,
    code::Code,
    setup::{
        Setup, WantedDefinition, WantedMembership, WantedOrganization, WantedRole, WantedTemplate,
        WantedUser,
    },
    words::Line,
};
use rolecall_http::{fields::List, input, texts};

use crate::{
    accounts::NewProfile,
    catalogue::{ModuleChange, PermissionChange, RoleChange},
    members::{NewOrganization, put_member},
};

/// Of one kind: Lambda's time has an end.
type Entries<T> = Option<List<T, 1, 1000>>;

input! {
    /// What a file says, read strictly.
    pub struct Input as Setup {
        organizations: Entries<NewOrganization>,
        modules: Entries<Module>,
        permissions: Entries<Permission>,
        roles: Entries<Role>,
        super_admin: Option<User>,
        service_users: Entries<User>,
        activity_stream_templates as "feed_templates": Entries<ActivityStreamTemplate>,
    }
}

input! {
    pub struct Module as WantedModule {
        code: Code,
        .. patch: ModuleChange,
    }
}

input! {
    pub struct Permission as WantedPermission {
        code: Code,
        module: Code,
        .. patch: PermissionChange,
    }
}

input! {
    pub struct Role as WantedRole {
        code: Code,
        permissions: Option<List<Code, 0, 1000>>,
        modules: Option<List<Code, 0, 1000>>,
        .. patch: RoleChange,
    }
}

input! {
    pub struct User as WantedUser {
        username: Username,
        email: NewEmail,
        memberships: Entries<Membership>,
        .. profile: NewProfile,
    }
}

input! {
    pub struct Membership as WantedMembership {
        organization: Code,
        roles: Option<List<Code, 0, 1000>>,
        .. put: put_member::Input,
    }
}

input! {
    pub struct ActivityStreamTemplate as WantedTemplate {
        activity_type: AnyType,
        title: Option<Line<200>>,
        subtitle: Option<Line<200>>,
        icon: Option<Line<50>>,
        color: Option<Line<50>>,
        is_public: Option<bool>,
    }
}

/// A type of activities, Rolecall's own or another.
pub struct AnyType(String);

texts! {
    AnyType: |text| any_type(text).map(AnyType), {};
}

impl From<Input> for Setup {
    fn from(input: Input) -> Self {
        let modules = all(input.modules)
            .map(|Module { code, patch }| WantedDefinition::Module(code, patch.into()));
        let permissions = all(input.permissions).map(|Permission { code, module, patch }| {
            WantedDefinition::Permission(code, module, patch.into())
        });
        let roles = all(input.roles).map(Role::wanted);
        Self {
            organizations: all(input.organizations).map(wanted).collect(),
            definitions: modules.chain(permissions).chain(roles).collect(),
            super_admin: input.super_admin.map(|user| user.wanted(false)),
            service_users: all(input.service_users).map(|user| user.wanted(true)).collect(),
            activity_stream_templates: all(input.activity_stream_templates)
                .map(WantedTemplate::from)
                .collect(),
        }
    }
}

fn all<T, const LEAST: usize, const MOST: usize>(
    list: Option<List<T, LEAST, MOST>>,
) -> impl Iterator<Item = T> {
    list.into_iter().flat_map(|List(list)| list)
}

fn wanted(NewOrganization { code, name, rest }: NewOrganization) -> WantedOrganization {
    WantedOrganization { code, name, patch: rest.into() }
}

impl Role {
    fn wanted(self) -> WantedDefinition {
        let codes =
            |list: Option<List<Code, 0, 1000>>| list.map(|List(codes)| codes.into_iter().collect());
        let wanted = WantedRole {
            patch: self.patch.into(),
            permissions: codes(self.permissions),
            modules: codes(self.modules),
        };
        WantedDefinition::Role(self.code, wanted)
    }
}

impl User {
    fn wanted(self, is_service: bool) -> WantedUser {
        let Self { username, email, memberships, profile } = self;
        let invitation = Invitation {
            username,
            email: email.into(),
            profile: profile.into(),
            organization: None,
            role: None,
            is_service,
        };
        WantedUser { invitation, memberships: all(memberships).map(Membership::wanted).collect() }
    }
}

impl Membership {
    fn wanted(self) -> WantedMembership {
        let Self { organization, roles, put } = self;
        WantedMembership { organization, roles: all(roles).collect(), put: put.into() }
    }
}

impl From<ActivityStreamTemplate> for WantedTemplate {
    fn from(one: ActivityStreamTemplate) -> Self {
        let ActivityStreamTemplate { activity_type, title, subtitle, icon, color, is_public } = one;
        let template = Template { title, subtitle, icon, color, is_public };
        Self { activity_type: activity_type.0, template }
    }
}
