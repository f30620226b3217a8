use std::collections::BTreeMap;

use rolecall_domain::permission::Right::{
    self, AssignRoles, CheckAccess, ManageCatalogue, ManageOrganizations, ManageRoles, ManageUsers,
    ReadActivities, ReadActivityStats, ReadUsers,
};
use rolecall_http::access::Access;

/// What a route is expected to be: who may call, the fields that it requires, the status of its
/// example.
pub(super) struct Expected {
    pub(super) access: Access,
    pub(super) required: &'static [&'static str],
    pub(super) optional: &'static [&'static str],
    pub(super) example_answers: u16,
}

const OF_ORGANIZATION: &[&str] = &[
    "description",
    "is_active",
    "settings",
    "contact_email",
    "contact_phone",
    "website",
    "address",
    "city",
    "state",
    "postal_code",
    "country",
];

const PATCH_OF_ORGANIZATION: &[&str] = &[
    "name",
    "description",
    "is_active",
    "settings",
    "contact_email",
    "contact_phone",
    "website",
    "address",
    "city",
    "state",
    "postal_code",
    "country",
];

/// One line a route. A route without a line, or a line without a route, fails.
#[expect(clippy::too_many_lines, reason = "one line a route")]
pub(super) fn expectations() -> BTreeMap<&'static str, Expected> {
    let public = |required, optional, example_answers| Expected {
        access: Access::Public,
        required,
        optional,
        example_answers,
    };
    let signed_in = |required, optional, example_answers| Expected {
        access: Access::SignedIn,
        required,
        optional,
        example_answers,
    };
    let needs = |rights: &'static [Right], required, optional, example_answers| Expected {
        access: Access::Needs(rights),
        required,
        optional,
        example_answers,
    };
    let super_admin = |required, optional, example_answers| Expected {
        access: Access::SuperAdmin,
        required,
        optional,
        example_answers,
    };
    let organizations =
        |status| needs(&[ManageOrganizations, ReadUsers, ManageUsers], &[], &[], status);
    let look =
        |status| needs(&[ManageCatalogue, ManageRoles, AssignRoles, CheckAccess], &[], &[], status);
    let catalogue =
        |required, optional, status| needs(&[ManageCatalogue], required, optional, status);
    let roles = |required, optional, status| {
        needs(&[ManageCatalogue, ManageRoles], required, optional, status)
    };
    BTreeMap::from([
        (
            "POST /api/v1/auth/register",
            public(
                &["username", "email", "password"],
                &["first_name", "last_name", "phone_number"],
                202,
            ),
        ),
        (
            "POST /api/v1/auth/verify-email",
            public(&["token"], &["verifier", "password", "username", "new_password"], 400),
        ),
        ("POST /api/v1/auth/verify-email/resend", public(&["email"], &[], 202)),
        (
            "POST /api/v1/auth/token",
            public(&["email", "password"], &["organization", "device"], 401),
        ),
        ("DELETE /api/v1/me", signed_in(&["current_password"], &[], 204)),
        ("POST /api/v1/auth/password-reset", public(&["email"], &[], 202)),
        ("POST /api/v1/auth/password-reset/verify", public(&["token"], &[], 400)),
        ("POST /api/v1/auth/password-reset/confirm", public(&["token", "new_password"], &[], 400)),
        (
            "POST /api/v1/auth/password-change",
            signed_in(&["current_password", "new_password"], &[], 204),
        ),
        ("POST /api/v1/auth/email-change", signed_in(&["new_email", "current_password"], &[], 202)),
        ("POST /api/v1/auth/email-change/confirm", public(&["token"], &["password"], 400)),
        ("POST /api/v1/auth/api-key/revoke", public(&["key"], &[], 204)),
        ("GET /api/v1/users/{id}/api-keys", signed_in(&[], &[], 404)),
        (
            "POST /api/v1/users/{id}/api-keys",
            signed_in(&["name", "scopes"], &["networks", "expires_in_days"], 404),
        ),
        ("DELETE /api/v1/users/{id}/api-keys/{key_id}", signed_in(&[], &[], 404)),
        (
            "POST /api/v1/users/{id}/api-keys/{key_id}/rotate",
            signed_in(&[], &["overlap_seconds"], 404),
        ),
        ("POST /api/v1/auth/email-change/undo", public(&["token"], &[], 400)),
        ("POST /api/v1/auth/unlock", public(&["token"], &[], 400)),
        ("POST /api/v1/auth/switch-organization", signed_in(&["organization"], &[], 403)),
        ("POST /api/v1/auth/token/refresh", public(&[], &["refresh"], 401)),
        ("POST /api/v1/auth/token/revoke", public(&[], &["refresh"], 204)),
        ("GET /api/v1/me", signed_in(&[], &[], 200)),
        (
            "PATCH /api/v1/me",
            signed_in(
                &[],
                &["username", "first_name", "last_name", "phone_number", "bio", "language"],
                200,
            ),
        ),
        ("GET /api/v1/users/{id}", needs(&[ReadUsers, ManageUsers], &[], &[], 404)),
        ("POST /api/v1/users/{id}/unlock", needs(&[ManageUsers], &[], &[], 404)),
        ("GET /api/v1/users", needs(&[ReadUsers, ManageUsers], &[], &[], 200)),
        ("GET /api/v1/users.csv", needs(&[ReadUsers, ManageUsers], &[], &[], 200)),
        (
            "POST /api/v1/users",
            needs(
                &[ManageUsers],
                &[],
                &[
                    "kind",
                    "username",
                    "email",
                    "first_name",
                    "last_name",
                    "phone_number",
                    "organization",
                    "role",
                    "name",
                    "roles",
                ],
                201,
            ),
        ),
        (
            "PATCH /api/v1/users/{id}",
            needs(
                &[ManageUsers],
                &[],
                &[
                    "username",
                    "email",
                    "first_name",
                    "last_name",
                    "phone_number",
                    "bio",
                    "language",
                    "status",
                ],
                404,
            ),
        ),
        ("DELETE /api/v1/users/{id}", needs(&[ManageUsers], &[], &[], 404)),
        ("POST /api/v1/users/{id}/invitation", needs(&[ManageUsers], &[], &[], 404)),
        ("POST /api/v1/users/{id}/erase", needs(&[ManageUsers], &[], &[], 404)),
        ("POST /api/v1/users/{id}/restore", needs(&[ManageUsers], &[], &[], 404)),
        ("GET /api/v1/me/invitations", signed_in(&[], &[], 200)),
        ("POST /api/v1/me/invitations/{id}/accept", signed_in(&[], &[], 404)),
        ("POST /api/v1/me/invitations/{id}/decline", signed_in(&[], &[], 404)),
        (
            "POST /api/v1/auth/accept-invitation",
            public(&["token", "username", "password"], &["first_name", "last_name"], 400),
        ),
        ("POST /api/v1/auth/accept-invitation/verify", public(&["token"], &[], 400)),
        ("POST /api/v1/auth/decline-invitation", public(&["token"], &[], 400)),
        ("GET /api/v1/organizations/{code}/invitations", needs(&[ManageUsers], &[], &[], 404)),
        (
            "POST /api/v1/organizations/{code}/invitations",
            needs(
                &[ManageUsers],
                &[],
                &[
                    "email",
                    "roles",
                    "employee_id",
                    "department",
                    "job_title",
                    "first_name",
                    "last_name",
                    "invitations",
                ],
                404,
            ),
        ),
        ("GET /api/v1/organizations/{code}/invitations/{id}", needs(&[ManageUsers], &[], &[], 404)),
        (
            "DELETE /api/v1/organizations/{code}/invitations/{id}",
            needs(&[ManageUsers], &[], &[], 404),
        ),
        (
            "POST /api/v1/organizations/{code}/invitations/{id}/resend",
            needs(&[ManageUsers], &[], &[], 404),
        ),
        ("GET /api/v1/organizations", organizations(200)),
        ("POST /api/v1/organizations", super_admin(&["code", "name"], OF_ORGANIZATION, 201)),
        ("GET /api/v1/organizations/{code}", organizations(404)),
        (
            "PATCH /api/v1/organizations/{code}",
            needs(&[ManageOrganizations], &[], PATCH_OF_ORGANIZATION, 404),
        ),
        ("DELETE /api/v1/organizations/{code}", needs(&[ManageOrganizations], &[], &[], 404)),
        (
            "GET /api/v1/organizations/{code}/members",
            needs(&[ReadUsers, ManageUsers], &[], &[], 404),
        ),
        (
            "GET /api/v1/organizations/{code}/members.csv",
            needs(&[ReadUsers, ManageUsers], &[], &[], 404),
        ),
        (
            "GET /api/v1/organizations/{code}/members/{user_id}",
            needs(&[ReadUsers, ManageUsers], &[], &[], 404),
        ),
        (
            "PUT /api/v1/organizations/{code}/members/{user_id}",
            needs(
                &[ManageUsers],
                &[],
                &["status", "employee_id", "department", "job_title", "manager", "metadata"],
                404,
            ),
        ),
        (
            "DELETE /api/v1/organizations/{code}/members/{user_id}",
            needs(&[ManageUsers], &[], &[], 404),
        ),
        (
            "GET /api/v1/organizations/{code}/members/{user_id}/roles",
            needs(&[ReadUsers, AssignRoles], &[], &[], 404),
        ),
        (
            "PUT /api/v1/organizations/{code}/members/{user_id}/roles/{role}",
            needs(&[AssignRoles], &[], &["is_primary", "starts_at", "expires_at"], 404),
        ),
        (
            "DELETE /api/v1/organizations/{code}/members/{user_id}/roles/{role}",
            needs(&[AssignRoles], &[], &[], 404),
        ),
        (
            "POST /api/v1/permissions/check",
            signed_in(
                &[],
                &["permission", "module", "checks", "user_id", "organization", "explain"],
                200,
            ),
        ),
        ("GET /api/v1/me/permissions", signed_in(&[], &[], 200)),
        ("GET /api/v1/me/modules", signed_in(&[], &[], 200)),
        ("GET /api/v1/modules", look(200)),
        (
            "POST /api/v1/modules",
            catalogue(&["code", "name"], &["description", "order", "icon", "is_active"], 201),
        ),
        ("GET /api/v1/modules/{code}", look(404)),
        (
            "PATCH /api/v1/modules/{code}",
            catalogue(&[], &["name", "description", "order", "icon", "is_active"], 404),
        ),
        ("DELETE /api/v1/modules/{code}", catalogue(&[], &[], 404)),
        ("GET /api/v1/permissions", look(200)),
        (
            "POST /api/v1/permissions",
            catalogue(&["code", "name", "module", "action"], &["description", "is_active"], 201),
        ),
        ("GET /api/v1/permissions/{code}", look(404)),
        (
            "PATCH /api/v1/permissions/{code}",
            catalogue(&[], &["name", "description", "action", "is_active"], 404),
        ),
        ("DELETE /api/v1/permissions/{code}", catalogue(&[], &[], 404)),
        ("GET /api/v1/appearance", public(&[], &[], 200)),
        (
            "PUT /api/v1/appearance",
            super_admin(
                &[],
                &["product_name", "accent_color", "links", "default_language", "logo"],
                200,
            ),
        ),
        ("GET /api/v1/appearance/logo", public(&[], &[], 404)),
        ("GET /api/v1/settings", super_admin(&[], &[], 200)),
        ("GET /api/v1/signing-keys", super_admin(&[], &[], 200)),
        ("POST /api/v1/signing-keys/rotate", super_admin(&["current_password"], &["drop"], 202)),
        ("GET /api/v1/catalogue", look(200)),
        ("GET /api/v1/roles", look(200)),
        (
            "POST /api/v1/roles",
            roles(&["code", "name", "level"], &["organization", "description", "is_active"], 201),
        ),
        ("GET /api/v1/roles/{code}", look(404)),
        (
            "PATCH /api/v1/roles/{code}",
            roles(&[], &["name", "description", "level", "is_active"], 404),
        ),
        ("DELETE /api/v1/roles/{code}", roles(&[], &[], 404)),
        ("GET /api/v1/roles/{code}/permissions", look(404)),
        ("PUT /api/v1/roles/{code}/permissions/{permission}", roles(&[], &[], 404)),
        ("DELETE /api/v1/roles/{code}/permissions/{permission}", roles(&[], &[], 404)),
        ("GET /api/v1/roles/{code}/modules", look(404)),
        ("PUT /api/v1/roles/{code}/modules/{module}", roles(&[], &[], 404)),
        ("DELETE /api/v1/roles/{code}/modules/{module}", roles(&[], &[], 404)),
        (
            "POST /api/v1/activities",
            signed_in(
                &["activity_type", "description", "category"],
                &[
                    "severity",
                    "success",
                    "error_message",
                    "details",
                    "metadata",
                    "tags",
                    "duration_ms",
                    "related",
                ],
                201,
            ),
        ),
        ("POST /api/v1/activities/batch", signed_in(&["activities"], &[], 200)),
        ("GET /api/v1/activities", signed_in(&[], &[], 403)),
        ("GET /api/v1/activities.csv", signed_in(&[], &[], 403)),
        (
            "GET /api/v1/activities/summary",
            needs(&[ReadActivities, ReadActivityStats], &[], &[], 200),
        ),
        ("GET /api/v1/activity-stats", needs(&[ReadActivityStats], &[], &[], 200)),
        ("GET /api/v1/activity-stats/latest", needs(&[ReadActivityStats], &[], &[], 200)),
        ("GET /api/v1/activity-streams", signed_in(&[], &[], 200)),
        ("GET /api/v1/activity-streams/{id}", signed_in(&[], &[], 404)),
        (
            "PATCH /api/v1/activity-streams/{id}",
            needs(&[ManageOrganizations], &[], &["is_pinned", "is_public"], 404),
        ),
        ("GET /api/v1/activities/{id}", signed_in(&[], &[], 404)),
        ("GET /api/v1/user-sessions", signed_in(&[], &[], 200)),
        ("DELETE /api/v1/user-sessions", signed_in(&[], &[], 422)),
        ("DELETE /api/v1/user-sessions/{id}", signed_in(&[], &[], 404)),
        ("GET /api/v1/active-users", signed_in(&[], &[], 200)),
        ("GET /.well-known/jwks.json", public(&[], &[], 200)),
        ("GET /.well-known/openid-configuration", public(&[], &[], 200)),
        ("GET /openapi.json", public(&[], &[], 200)),
        ("GET /healthz", public(&[], &[], 200)),
    ])
}
