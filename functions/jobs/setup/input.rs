use rolecall_domain::{
    account::{Email, Invitation, PersonName, Username},
    activity::any_type,
    activity_stream::Template,
    code::Code,
    organization::OrganizationFields,
    setup::{Setup, WantedDefinition, WantedMembership, WantedRole, WantedTemplate, WantedUser},
    words::Line,
};
use rolecall_http::extract::{self, Fields};

use crate::{
    catalogue::{update_module, update_permission, update_role},
    members::{create_organization, put_member},
};

/// The most entries of one kind: Lambda's time has an end.
const MOST: usize = 1000;

/// What a file says, read strictly.
pub(super) struct Input(pub(super) Setup);

struct Organization(OrganizationFields);
struct Module(WantedDefinition);
struct Permission(WantedDefinition);
struct Role(WantedDefinition);
struct UserWithMemberships(WantedUser);
struct ActivityStreamTemplate(WantedTemplate);
struct Membership(WantedMembership);

impl extract::Input for Input {
    fn read(fields: &mut Fields) -> Option<Self> {
        let organizations = fields.list::<Organization>("organizations", MOST);
        let modules = fields.list::<Module>("modules", MOST);
        let permissions = fields.list::<Permission>("permissions", MOST);
        let roles = fields.list::<Role>("roles", MOST);
        let super_admin = fields.nested::<UserWithMemberships>("super_admin");
        let service_users = fields.list::<UserWithMemberships>("service_users", MOST);
        let activity_stream_templates =
            fields.list::<ActivityStreamTemplate>("feed_templates", MOST);
        let modules = modules?.unwrap_or_default().into_iter().map(|Module(one)| one);
        let permissions = permissions?.unwrap_or_default().into_iter().map(|Permission(one)| one);
        let roles = roles?.unwrap_or_default().into_iter().map(|Role(one)| one);
        Some(Self(Setup {
            organizations: organizations?
                .unwrap_or_default()
                .into_iter()
                .map(|Organization(one)| one)
                .collect(),
            definitions: modules.chain(permissions).chain(roles).collect(),
            super_admin: super_admin?.map(|UserWithMemberships(one)| one),
            service_users: service_users?
                .unwrap_or_default()
                .into_iter()
                .map(|UserWithMemberships(one)| of_service(one))
                .collect(),
            activity_stream_templates: activity_stream_templates?
                .unwrap_or_default()
                .into_iter()
                .map(|ActivityStreamTemplate(one)| one)
                .collect(),
        }))
    }
}

fn of_service(one: WantedUser) -> WantedUser {
    WantedUser { invitation: Invitation { is_service: true, ..one.invitation }, ..one }
}

impl extract::Input for Organization {
    fn read(fields: &mut Fields) -> Option<Self> {
        create_organization::Input::read(fields).map(|input| Self(input.into()))
    }
}

impl extract::Input for Module {
    fn read(fields: &mut Fields) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let patch = update_module::Input::read(fields);
        Some(Self(WantedDefinition::Module(code?, patch?.into())))
    }
}

impl extract::Input for Permission {
    fn read(fields: &mut Fields) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let module = fields.required("module", Code::parse);
        let patch = update_permission::Input::read(fields);
        Some(Self(WantedDefinition::Permission(code?, module?, patch?.into())))
    }
}

impl extract::Input for Role {
    fn read(fields: &mut Fields) -> Option<Self> {
        let code = fields.required("code", Code::parse);
        let permissions = fields.texts("permissions", MOST, Code::parse);
        let modules = fields.texts("modules", MOST, Code::parse);
        let patch = update_role::Input::read(fields);
        let wanted = WantedRole {
            patch: patch?.into(),
            permissions: permissions?.map(|codes| codes.into_iter().collect()),
            modules: modules?.map(|codes| codes.into_iter().collect()),
        };
        Some(Self(WantedDefinition::Role(code?, wanted)))
    }
}

impl extract::Input for UserWithMemberships {
    fn read(fields: &mut Fields) -> Option<Self> {
        let username = fields.required("username", Username::parse);
        let email = fields.required("email", Email::parse);
        let first_name = fields.optional("first_name", PersonName::parse);
        let last_name = fields.optional("last_name", PersonName::parse);
        let memberships = fields.list::<Membership>("memberships", MOST);
        let invitation = Invitation {
            username: username?,
            email: email?,
            first_name: first_name?,
            last_name: last_name?,
            phone_number: None,
            organization: None,
            role: None,
            is_service: false,
        };
        let memberships =
            memberships?.unwrap_or_default().into_iter().map(|Membership(one)| one).collect();
        Some(Self(WantedUser { invitation, memberships }))
    }
}

impl extract::Input for Membership {
    fn read(fields: &mut Fields) -> Option<Self> {
        let organization = fields.required("organization", Code::parse);
        let roles = fields.texts("roles", MOST, Code::parse);
        let put = put_member::Input::read(fields);
        Some(Self(WantedMembership {
            organization: organization?,
            roles: roles?.unwrap_or_default(),
            put: put?.into(),
        }))
    }
}

impl extract::Input for ActivityStreamTemplate {
    fn read(fields: &mut Fields) -> Option<Self> {
        let activity_type = fields.required("activity_type", any_type);
        let title = fields.optional("title", Line::parse);
        let subtitle = fields.optional("subtitle", Line::parse);
        let icon = fields.optional("icon", Line::parse);
        let color = fields.optional("color", Line::parse);
        let is_public = fields.choice("is_public");
        let template = Template {
            title: title?,
            subtitle: subtitle?,
            icon: icon?,
            color: color?,
            is_public: is_public?,
        };
        Some(Self(WantedTemplate { activity_type: activity_type?, template }))
    }
}
