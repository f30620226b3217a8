use rolecall_domain::{
    account,
    appearance::Language,
    clock::rfc3339,
    organization::{self, Memberships, UserWithMemberships},
};
use rolecall_http::words;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

/// A user.
#[derive(Debug, Serialize, ToSchema)]
pub struct User {
    /// A UUID of version 7.
    #[schema(format = "uuid")]
    pub id: String,
    /// Unique, whatever the case and Unicode form.
    pub username: String,
    /// `person` or `service`, the account of a program.
    #[schema(value_type = words::UserKind)]
    pub kind: String,
    /// Unique, whatever the case and Unicode form; `null` of a service account, and of an account
    /// that is erased.
    #[schema(format = "idn-email")]
    pub email: Option<String>,
    /// Whether the address is verified.
    pub email_verified: bool,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    /// E.164.
    pub phone_number: Option<String>,
    /// About the person.
    pub bio: Option<String>,
    /// The language that they read (BCP 47).
    #[schema(value_type = Option<words::Language>)]
    pub language: Option<&'static str>,
    /// `pending`, `active`, `inactive`, `suspended` or `deleted`.
    #[schema(value_type = words::UserStatus)]
    pub status: String,
    /// Whether the user must change the password before anything else.
    pub must_change_password: bool,
    /// The organizations that the user belongs to; in a list of one organization that one.
    pub memberships: Vec<Membership>,
    /// RFC 3339.
    #[schema(format = "date-time")]
    pub created_at: String,
    /// RFC 3339.
    #[schema(format = "date-time")]
    pub updated_at: String,
}

/// A user's membership in an organization.
#[derive(Debug, Serialize, ToSchema)]
pub struct Membership {
    /// The organization's code.
    pub organization: String,
    /// `active`, `inactive`, `suspended` or `pending`; only an active membership has any effect.
    #[schema(value_type = words::MembershipStatus)]
    pub status: String,
    /// The roles, the primary one first; left out when signing in, and in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub roles: Option<Vec<String>>,
}

impl Membership {
    fn new(membership: &organization::Membership) -> Self {
        let roles = membership.roles.iter().map(|one| one.role.to_string()).collect();
        Self {
            organization: membership.organization.to_string(),
            status: membership.status.as_str().to_owned(),
            roles: Some(roles),
        }
    }
}

impl From<&UserWithMemberships> for User {
    fn from(person: &UserWithMemberships) -> Self {
        Self {
            memberships: person.memberships.iter().map(Membership::new).collect(),
            ..Self::from(&person.user)
        }
    }
}

impl User {
    /// Without roles: what signing in reads, and what lists show.
    #[must_use]
    pub fn bare(user: &account::User, memberships: &Memberships) -> Self {
        let bare = |membership: &organization::Membership| Membership {
            roles: None,
            ..Membership::new(membership)
        };
        Self { memberships: memberships.iter().map(bare).collect(), ..Self::from(user) }
    }
}

impl From<&account::User> for User {
    fn from(user: &account::User) -> Self {
        Self {
            id: user.id.to_string(),
            username: user.username.as_str().to_owned(),
            kind: user.kind().as_str().to_owned(),
            email: user.mail_address().map(|email| email.address().to_owned()),
            email_verified: user.email_verified,
            first_name: user.profile.first_name.as_ref().map(|name| name.as_str().to_owned()),
            last_name: user.profile.last_name.as_ref().map(|name| name.as_str().to_owned()),
            phone_number: user
                .profile
                .phone_number
                .as_ref()
                .map(|number| number.as_str().to_owned()),
            bio: user.profile.bio.as_ref().map(|bio| bio.as_str().to_owned()),
            language: user.profile.language.map(Language::as_str),
            must_change_password: user.must_change_password,
            status: user.status.to_string(),
            memberships: Vec::new(),
            created_at: rfc3339(user.created_at),
            updated_at: rfc3339(user.updated_at),
        }
    }
}

/// A user for the OpenAPI document.
#[must_use]
pub fn example() -> Value {
    json!({
        "id": "0199c1d2-7a10-7b32-9f54-0c1d2e3f4a5b",
        "username": "ada",
        "kind": "person",
        "email": "ada@example.com",
        "email_verified": true,
        "first_name": "Ada",
        "last_name": "Lovelace",
        "phone_number": null,
        "bio": null,
        "language": "en",
        "status": "active",
        "must_change_password": false,
        "memberships": [],
        "created_at": "2026-11-23T09:30:00.000Z",
        "updated_at": "2026-11-23T09:30:00.000Z",
    })
}
