//! The route table: one row an endpoint, sorted by URL. A row says method, path, who may call, and
//! the endpoint's folder; the Lambda function has the folder's name.

use http::Method;
use rolecall_domain::permission::Right;
use rolecall_http::{access, openapi::Doc};

use crate::{Endpoint, Route};

macro_rules! routes {
    ($($base:literal {
        $($method:ident $path:literal $access:ident $([$($right:ident)|+])? $(($read:ident))?
            $group:ident::$name:ident;)*
    })*) => {
        $($(
            #[doc = concat!("`", stringify!($method), " ", $base, $path, "`")]
            #[must_use]
            pub fn $name() -> Route {
                Route {
                    name: stringify!($name),
                    group: stringify!($group),
                    method: Method::$method,
                    path: concat!($base, $path),
                    handler: access::$access(
                        $(&[$(Right::$right),+],)?
                        $(crate::$group::$name::$read,)?
                        crate::$group::$name::handler,
                    ),
                }
            }
        )*)*

        /// Every endpoint with its part of the OpenAPI document.
        #[must_use]
        pub fn all() -> Vec<Endpoint> {
            vec![$($(Endpoint { route: $name(), doc: crate::$group::$name::doc },)*)*]
        }
    };
}

routes! {
    "" {
        GET "/.well-known/jwks.json" public meta::get_signing_keys;
        GET "/.well-known/openid-configuration" public meta::get_openid_configuration;
        GET "/healthz" fixed meta::healthz;
        GET "/openapi.json" fixed meta::get_openapi_document;
    }
    "/api/v1" {
        GET "/active-users" signed_in sessions::list_active_users;
        GET "/activities" signed_in activity::list_activities;
        POST "/activities" signed_in_uncounted activity::track_activity;
        GET "/activities.csv" signed_in activity::export_activities;
        POST "/activities/batch" signed_in_uncounted activity::track_activities;
        GET "/activities/summary"
            needs[ReadActivities | ReadActivityStats] activity::get_activity_summary;
        GET "/activities/{id}" signed_in activity::get_activity;
        GET "/activity-stats" needs[ReadActivityStats] activity::list_activity_stats;
        GET "/activity-stats/latest" needs[ReadActivityStats] activity::get_latest_activity_stats;
        GET "/activity-streams" signed_in activity::list_activity_streams;
        GET "/activity-streams/{id}" signed_in activity::get_activity_stream;
        PATCH "/activity-streams/{id}" needs[ManageOrganizations] activity::update_activity_stream;
        GET "/appearance" public appearance::get_appearance;
        PUT "/appearance" super_admin appearance::update_appearance;
        GET "/appearance/logo" public appearance::get_appearance_logo;
        POST "/auth/accept-invitation" public accounts::accept_invitation;
        POST "/auth/accept-invitation/verify" public accounts::verify_invitation;
        POST "/auth/api-key/revoke" public api_keys::report_api_key;
        POST "/auth/decline-invitation" public accounts::decline_invitation;
        POST "/auth/email-change" in_person recovery::request_email_change;
        POST "/auth/email-change/confirm" signed_in_or_not recovery::confirm_email_change;
        POST "/auth/email-change/undo" public recovery::undo_email_change;
        POST "/auth/password-change" in_person_with_any_password recovery::change_password;
        POST "/auth/password-reset" public recovery::request_password_reset;
        POST "/auth/password-reset/confirm" public recovery::confirm_password_reset;
        POST "/auth/password-reset/verify" public recovery::verify_password_reset;
        POST "/auth/register" public accounts::register;
        POST "/auth/switch-organization" in_person sessions::switch_organization;
        POST "/auth/token" public sessions::create_token;
        POST "/auth/token/refresh" public sessions::refresh_token;
        POST "/auth/token/revoke" public sessions::revoke_token;
        POST "/auth/unlock" public recovery::unlock_account;
        POST "/auth/verify-email" public accounts::verify_email;
        POST "/auth/verify-email/resend" public accounts::resend_verification;
        GET "/catalogue"
            needs[ManageCatalogue | ManageRoles | AssignRoles | CheckAccess]
            catalogue::get_catalogue;
        GET "/me" signed_in accounts::get_me;
        PATCH "/me" in_person accounts::update_me;
        DELETE "/me" in_person accounts::delete_me;
        GET "/me/invitations" signed_in accounts::list_my_invitations;
        POST "/me/invitations/{id}/accept" in_person accounts::accept_my_invitation;
        POST "/me/invitations/{id}/decline" in_person accounts::decline_my_invitation;
        GET "/me/modules" signed_in permissions::list_my_modules;
        GET "/me/permissions" signed_in permissions::list_my_permissions;
        GET "/modules"
            needs[ManageCatalogue | ManageRoles | AssignRoles | CheckAccess]
            catalogue::list_modules;
        POST "/modules" needs[ManageCatalogue] catalogue::create_module;
        GET "/modules/{code}"
            needs[ManageCatalogue | ManageRoles | AssignRoles | CheckAccess] catalogue::get_module;
        PATCH "/modules/{code}" needs[ManageCatalogue] catalogue::update_module;
        DELETE "/modules/{code}" needs[ManageCatalogue] catalogue::delete_module;
        GET "/organizations"
            needs[ManageOrganizations | ReadUsers | ManageUsers] members::list_organizations;
        POST "/organizations" super_admin members::create_organization;
        GET "/organizations/{code}"
            needs[ManageOrganizations | ReadUsers | ManageUsers] members::get_organization;
        PATCH "/organizations/{code}" needs[ManageOrganizations] members::update_organization;
        DELETE "/organizations/{code}" needs[ManageOrganizations] members::delete_organization;
        GET "/organizations/{code}/invitations" needs[ManageUsers] members::list_invitations;
        POST "/organizations/{code}/invitations" needs[ManageUsers] members::create_invitations;
        GET "/organizations/{code}/invitations/{id}" needs[ManageUsers] members::get_invitation;
        DELETE "/organizations/{code}/invitations/{id}"
            needs[ManageUsers] members::cancel_invitation;
        POST "/organizations/{code}/invitations/{id}/resend"
            needs[ManageUsers] members::renew_invitation;
        GET "/organizations/{code}/members" needs[ReadUsers | ManageUsers] members::list_members;
        GET "/organizations/{code}/members.csv"
            needs[ReadUsers | ManageUsers] members::export_members;
        GET "/organizations/{code}/members/{user_id}"
            needs[ReadUsers | ManageUsers] members::get_member;
        PUT "/organizations/{code}/members/{user_id}" needs[ManageUsers] members::put_member;
        DELETE "/organizations/{code}/members/{user_id}" needs[ManageUsers] members::remove_member;
        GET "/organizations/{code}/members/{user_id}/roles"
            needs[ReadUsers | AssignRoles] members::list_member_roles;
        PUT "/organizations/{code}/members/{user_id}/roles/{role}"
            needs_and_reads[AssignRoles](member) members::assign_role;
        DELETE "/organizations/{code}/members/{user_id}/roles/{role}"
            needs[AssignRoles] members::unassign_role;
        GET "/permissions"
            needs[ManageCatalogue | ManageRoles | AssignRoles | CheckAccess]
            catalogue::list_permissions;
        POST "/permissions" needs[ManageCatalogue] catalogue::create_permission;
        POST "/permissions/check" signed_in_uncounted permissions::check_permissions;
        GET "/permissions/{code}"
            needs[ManageCatalogue | ManageRoles | AssignRoles | CheckAccess]
            catalogue::get_permission;
        PATCH "/permissions/{code}" needs[ManageCatalogue] catalogue::update_permission;
        DELETE "/permissions/{code}" needs[ManageCatalogue] catalogue::delete_permission;
        GET "/roles"
            needs[ManageCatalogue | ManageRoles | AssignRoles | CheckAccess] catalogue::list_roles;
        POST "/roles" needs[ManageCatalogue | ManageRoles] catalogue::create_role;
        GET "/roles/{code}"
            needs[ManageCatalogue | ManageRoles | AssignRoles | CheckAccess] catalogue::get_role;
        PATCH "/roles/{code}" needs[ManageCatalogue | ManageRoles] catalogue::update_role;
        DELETE "/roles/{code}" needs[ManageCatalogue | ManageRoles] catalogue::delete_role;
        GET "/roles/{code}/modules"
            needs[ManageCatalogue | ManageRoles | AssignRoles | CheckAccess]
            catalogue::list_role_modules;
        PUT "/roles/{code}/modules/{module}"
            needs[ManageCatalogue | ManageRoles] catalogue::grant_module;
        DELETE "/roles/{code}/modules/{module}"
            needs[ManageCatalogue | ManageRoles] catalogue::revoke_module;
        GET "/roles/{code}/permissions"
            needs[ManageCatalogue | ManageRoles | AssignRoles | CheckAccess]
            catalogue::list_role_permissions;
        PUT "/roles/{code}/permissions/{permission}"
            needs[ManageCatalogue | ManageRoles] catalogue::grant_permission;
        DELETE "/roles/{code}/permissions/{permission}"
            needs[ManageCatalogue | ManageRoles] catalogue::revoke_permission;
        GET "/settings" super_admin operation::list_settings;
        GET "/signing-keys" super_admin operation::list_signing_keys;
        POST "/signing-keys/rotate" super_admin operation::rotate_signing_keys;
        GET "/user-sessions" signed_in sessions::list_sessions;
        DELETE "/user-sessions" signed_in sessions::end_sessions;
        DELETE "/user-sessions/{id}" signed_in sessions::end_session;
        GET "/users" needs[ReadUsers | ManageUsers] accounts::list_users;
        POST "/users" needs[ManageUsers] accounts::invite_user;
        GET "/users.csv" needs[ReadUsers | ManageUsers] accounts::export_users;
        GET "/users/{id}" needs[ReadUsers | ManageUsers] accounts::get_user;
        PATCH "/users/{id}" needs[ManageUsers] accounts::update_user;
        DELETE "/users/{id}" needs[ManageUsers] accounts::delete_user;
        GET "/users/{id}/api-keys" in_person api_keys::list_api_keys;
        POST "/users/{id}/api-keys" in_person api_keys::create_api_key;
        DELETE "/users/{id}/api-keys/{key_id}" in_person api_keys::delete_api_key;
        POST "/users/{id}/api-keys/{key_id}/rotate" in_person api_keys::rotate_api_key;
        POST "/users/{id}/erase" needs[ManageUsers] accounts::erase_user;
        POST "/users/{id}/invitation" needs[ManageUsers] accounts::resend_invitation;
        POST "/users/{id}/restore" needs[ManageUsers] accounts::restore_user;
        POST "/users/{id}/unlock" needs[ManageUsers] accounts::unlock_user;
    }
}

/// The pages for people, all of the one function `pages`.
#[must_use]
pub fn pages() -> Vec<Endpoint> {
    let endpoint = |path| {
        let handler = access::page(crate::pages::handler);
        let route = Route { name: "pages", group: "pages", method: Method::GET, path, handler };
        Endpoint { route, doc: || Doc::new("", "") }
    };
    crate::pages::ROUTES.into_iter().chain([crate::pages::CONSOLE]).map(endpoint).collect()
}

/// What answers where no row does: API Gateway's `$default` route.
#[must_use]
pub fn fallback() -> Endpoint {
    let route = Route {
        name: "fallback",
        group: "meta",
        method: Method::GET,
        path: "$default",
        handler: access::public(crate::meta::fallback::handler),
    };
    Endpoint { route, doc: || Doc::new("", "") }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted_by_url() {
        let paths: Vec<&str> = super::all().iter().map(|endpoint| endpoint.path).collect();
        let (api, others): (Vec<&str>, Vec<&str>) =
            paths.into_iter().partition(|path| path.starts_with("/api/v1"));
        assert!(api.is_sorted() && others.is_sorted());
    }
}
