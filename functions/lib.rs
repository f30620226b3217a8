//! Every endpoint, one folder each, and the route table.
//!
//! To find an endpoint, look for its row below; its folder has the same name.

pub mod accounts;
pub mod activity;
pub mod authorizer;
pub mod catalogue;
pub mod jobs;
pub mod members;
pub mod meta;
pub mod permissions;
pub mod recovery;
pub mod sessions;

use std::{pin::Pin, sync::Arc};

use http::Method;
use rolecall_domain::{Ports, ports::Mailer};
use rolecall_http::{
    Context, Problem, Request, Response,
    openapi::Doc,
    route::{Access, Endpoint},
};
use serde_json::Value;

/// The route table: one row an endpoint.
#[must_use]
#[rustfmt::skip]
pub fn routes() -> Vec<Endpoint> {
    use Access::{Needs, Public, SignedIn};
    use accounts::{delete_user, resend_invitation, invite_user, list_users, restore_user, update_user, get_me, get_user, register, unlock_user, update_me, verify_email};
    use activity::{get_activity_summary, get_activity, get_activity_stream, get_latest_activity_stats, list_activities, list_activity_streams, list_activity_stats, track_activities, track_activity, update_activity_stream};
    use catalogue::{create_module, create_permission, create_role, delete_module, delete_permission, delete_role, get_module, get_permission, get_role, grant_module, grant_permission, list_modules, list_permissions, list_role_modules, list_role_permissions, list_roles, update_module, update_permission, update_role, revoke_module, revoke_permission};
    use members::{assign_role, create_organization, delete_organization, get_member, get_organization, list_member_roles, list_members, list_organizations, put_member, remove_member, unassign_role, update_organization};
    use permissions::{check_permissions, list_my_modules, list_my_permissions};
    use meta::{healthz, get_signing_keys, get_openapi_document, get_openid_configuration};
    use recovery::{request_email_change, request_password_reset, change_password, confirm_email_change, confirm_password_reset, unlock_account, verify_password_reset};
    use sessions::{list_active_users, end_session, end_sessions, list_sessions, refresh_token, revoke_token, create_token};
    vec![
        row("accounts", "register", Method::POST, "/api/v1/auth/register", Public, register::handler, register::doc),
        row("accounts", "verify_email", Method::POST, "/api/v1/auth/verify-email", Public, verify_email::handler, verify_email::doc),
        row("sessions", "create_token", Method::POST, "/api/v1/auth/token", Public, create_token::handler, create_token::doc),
        row("sessions", "refresh_token", Method::POST, "/api/v1/auth/token/refresh", Public, refresh_token::handler, refresh_token::doc),
        row("sessions", "revoke_token", Method::POST, "/api/v1/auth/token/revoke", Public, revoke_token::handler, revoke_token::doc),
        row("recovery", "request_password_reset", Method::POST, "/api/v1/auth/password-reset", Public, request_password_reset::handler, request_password_reset::doc),
        row("recovery", "verify_password_reset", Method::POST, "/api/v1/auth/password-reset/verify", Public, verify_password_reset::handler, verify_password_reset::doc),
        row("recovery", "confirm_password_reset", Method::POST, "/api/v1/auth/password-reset/confirm", Public, confirm_password_reset::handler, confirm_password_reset::doc),
        row("recovery", "change_password", Method::POST, "/api/v1/auth/password-change", SignedIn, change_password::handler, change_password::doc),
        row("recovery", "request_email_change", Method::POST, "/api/v1/auth/email-change", SignedIn, request_email_change::handler, request_email_change::doc),
        row("recovery", "confirm_email_change", Method::POST, "/api/v1/auth/email-change/confirm", Public, confirm_email_change::handler, confirm_email_change::doc),
        row("recovery", "unlock_account", Method::POST, "/api/v1/auth/unlock", Public, unlock_account::handler, unlock_account::doc),
        row("accounts", "get_me", Method::GET, "/api/v1/me", SignedIn, get_me::handler, get_me::doc),
        row("accounts", "update_me", Method::PATCH, "/api/v1/me", SignedIn, update_me::handler, update_me::doc),
        row("accounts", "get_user", Method::GET, "/api/v1/users/{id}", Needs(get_user::NEEDS), get_user::handler, get_user::doc),
        row("accounts", "unlock_user", Method::POST, "/api/v1/users/{id}/unlock", Needs(unlock_user::NEEDS), unlock_user::handler, unlock_user::doc),
        row("catalogue", "list_modules", Method::GET, "/api/v1/modules", Needs(list_modules::NEEDS), list_modules::handler, list_modules::doc),
        row("catalogue", "create_module", Method::POST, "/api/v1/modules", Needs(create_module::NEEDS), create_module::handler, create_module::doc),
        row("catalogue", "get_module", Method::GET, "/api/v1/modules/{code}", Needs(get_module::NEEDS), get_module::handler, get_module::doc),
        row("catalogue", "update_module", Method::PATCH, "/api/v1/modules/{code}", Needs(update_module::NEEDS), update_module::handler, update_module::doc),
        row("catalogue", "delete_module", Method::DELETE, "/api/v1/modules/{code}", Needs(delete_module::NEEDS), delete_module::handler, delete_module::doc),
        row("catalogue", "list_permissions", Method::GET, "/api/v1/permissions", Needs(list_permissions::NEEDS), list_permissions::handler, list_permissions::doc),
        row("catalogue", "create_permission", Method::POST, "/api/v1/permissions", Needs(create_permission::NEEDS), create_permission::handler, create_permission::doc),
        row("catalogue", "get_permission", Method::GET, "/api/v1/permissions/{code}", Needs(get_permission::NEEDS), get_permission::handler, get_permission::doc),
        row("catalogue", "update_permission", Method::PATCH, "/api/v1/permissions/{code}", Needs(update_permission::NEEDS), update_permission::handler, update_permission::doc),
        row("catalogue", "delete_permission", Method::DELETE, "/api/v1/permissions/{code}", Needs(delete_permission::NEEDS), delete_permission::handler, delete_permission::doc),
        row("catalogue", "list_roles", Method::GET, "/api/v1/roles", Needs(list_roles::NEEDS), list_roles::handler, list_roles::doc),
        row("catalogue", "create_role", Method::POST, "/api/v1/roles", Needs(create_role::NEEDS), create_role::handler, create_role::doc),
        row("catalogue", "get_role", Method::GET, "/api/v1/roles/{code}", Needs(get_role::NEEDS), get_role::handler, get_role::doc),
        row("catalogue", "update_role", Method::PATCH, "/api/v1/roles/{code}", Needs(update_role::NEEDS), update_role::handler, update_role::doc),
        row("catalogue", "delete_role", Method::DELETE, "/api/v1/roles/{code}", Needs(delete_role::NEEDS), delete_role::handler, delete_role::doc),
        row("catalogue", "list_role_modules", Method::GET, "/api/v1/roles/{code}/modules", Needs(list_role_modules::NEEDS), list_role_modules::handler, list_role_modules::doc),
        row("catalogue", "list_role_permissions", Method::GET, "/api/v1/roles/{code}/permissions", Needs(list_role_permissions::NEEDS), list_role_permissions::handler, list_role_permissions::doc),
        row("catalogue", "grant_module", Method::PUT, "/api/v1/roles/{code}/modules/{module}", Needs(grant_module::NEEDS), grant_module::handler, grant_module::doc),
        row("catalogue", "revoke_module", Method::DELETE, "/api/v1/roles/{code}/modules/{module}", Needs(revoke_module::NEEDS), revoke_module::handler, revoke_module::doc),
        row("catalogue", "grant_permission", Method::PUT, "/api/v1/roles/{code}/permissions/{permission}", Needs(grant_permission::NEEDS), grant_permission::handler, grant_permission::doc),
        row("catalogue", "revoke_permission", Method::DELETE, "/api/v1/roles/{code}/permissions/{permission}", Needs(revoke_permission::NEEDS), revoke_permission::handler, revoke_permission::doc),
        row("permissions", "list_my_modules", Method::GET, "/api/v1/me/modules", SignedIn, list_my_modules::handler, list_my_modules::doc),
        row("permissions", "list_my_permissions", Method::GET, "/api/v1/me/permissions", SignedIn, list_my_permissions::handler, list_my_permissions::doc),
        row("members", "list_organizations", Method::GET, "/api/v1/organizations", Needs(list_organizations::NEEDS), list_organizations::handler, list_organizations::doc),
        row("members", "create_organization", Method::POST, "/api/v1/organizations", Needs(create_organization::NEEDS), create_organization::handler, create_organization::doc),
        row("members", "get_organization", Method::GET, "/api/v1/organizations/{code}", Needs(get_organization::NEEDS), get_organization::handler, get_organization::doc),
        row("members", "update_organization", Method::PATCH, "/api/v1/organizations/{code}", Needs(update_organization::NEEDS), update_organization::handler, update_organization::doc),
        row("members", "delete_organization", Method::DELETE, "/api/v1/organizations/{code}", Needs(delete_organization::NEEDS), delete_organization::handler, delete_organization::doc),
        row("members", "list_members", Method::GET, "/api/v1/organizations/{code}/members", Needs(list_members::NEEDS), list_members::handler, list_members::doc),
        row("members", "get_member", Method::GET, "/api/v1/organizations/{code}/members/{user_id}", Needs(get_member::NEEDS), get_member::handler, get_member::doc),
        row("members", "put_member", Method::PUT, "/api/v1/organizations/{code}/members/{user_id}", Needs(put_member::NEEDS), put_member::handler, put_member::doc),
        row("members", "remove_member", Method::DELETE, "/api/v1/organizations/{code}/members/{user_id}", Needs(remove_member::NEEDS), remove_member::handler, remove_member::doc),
        row("members", "list_member_roles", Method::GET, "/api/v1/organizations/{code}/members/{user_id}/roles", Needs(list_member_roles::NEEDS), list_member_roles::handler, list_member_roles::doc),
        row("members", "assign_role", Method::PUT, "/api/v1/organizations/{code}/members/{user_id}/roles/{role}", Needs(assign_role::NEEDS), assign_role::handler, assign_role::doc),
        row("members", "unassign_role", Method::DELETE, "/api/v1/organizations/{code}/members/{user_id}/roles/{role}", Needs(unassign_role::NEEDS), unassign_role::handler, unassign_role::doc),
        row("permissions", "check_permissions", Method::POST, "/api/v1/permissions/check", SignedIn, check_permissions::handler, check_permissions::doc),
        row("activity", "track_activity", Method::POST, "/api/v1/activities", SignedIn, track_activity::handler, track_activity::doc),
        row("activity", "track_activities", Method::POST, "/api/v1/activities/batch", SignedIn, track_activities::handler, track_activities::doc),
        row("activity", "list_activities", Method::GET, "/api/v1/activities", Needs(list_activities::NEEDS), list_activities::handler, list_activities::doc),
        row("activity", "get_activity_summary", Method::GET, "/api/v1/activities/summary", Needs(get_activity_summary::NEEDS), get_activity_summary::handler, get_activity_summary::doc),
        row("activity", "list_activity_stats", Method::GET, "/api/v1/activity-stats", Needs(list_activity_stats::NEEDS), list_activity_stats::handler, list_activity_stats::doc),
        row("activity", "get_latest_activity_stats", Method::GET, "/api/v1/activity-stats/latest", Needs(get_latest_activity_stats::NEEDS), get_latest_activity_stats::handler, get_latest_activity_stats::doc),
        row("activity", "get_activity", Method::GET, "/api/v1/activities/{id}", Needs(get_activity::NEEDS), get_activity::handler, get_activity::doc),
        row("activity", "list_activity_streams", Method::GET, "/api/v1/activity-streams", SignedIn, list_activity_streams::handler, list_activity_streams::doc),
        row("activity", "get_activity_stream", Method::GET, "/api/v1/activity-streams/{id}", SignedIn, get_activity_stream::handler, get_activity_stream::doc),
        row("activity", "update_activity_stream", Method::PATCH, "/api/v1/activity-streams/{id}", Needs(update_activity_stream::NEEDS), update_activity_stream::handler, update_activity_stream::doc),
        row("accounts", "list_users", Method::GET, "/api/v1/users", Needs(list_users::NEEDS), list_users::handler, list_users::doc),
        row("accounts", "invite_user", Method::POST, "/api/v1/users", Needs(invite_user::NEEDS), invite_user::handler, invite_user::doc),
        row("accounts", "update_user", Method::PATCH, "/api/v1/users/{id}", Needs(update_user::NEEDS), update_user::handler, update_user::doc),
        row("accounts", "delete_user", Method::DELETE, "/api/v1/users/{id}", Needs(delete_user::NEEDS), delete_user::handler, delete_user::doc),
        row("accounts", "resend_invitation", Method::POST, "/api/v1/users/{id}/invitation", Needs(resend_invitation::NEEDS), resend_invitation::handler, resend_invitation::doc),
        row("accounts", "restore_user", Method::POST, "/api/v1/users/{id}/restore", Needs(restore_user::NEEDS), restore_user::handler, restore_user::doc),
        row("sessions", "list_sessions", Method::GET, "/api/v1/user-sessions", SignedIn, list_sessions::handler, list_sessions::doc),
        row("sessions", "end_sessions", Method::DELETE, "/api/v1/user-sessions", SignedIn, end_sessions::handler, end_sessions::doc),
        row("sessions", "end_session", Method::DELETE, "/api/v1/user-sessions/{id}", SignedIn, end_session::handler, end_session::doc),
        row("sessions", "list_active_users", Method::GET, "/api/v1/active-users", SignedIn, list_active_users::handler, list_active_users::doc),
        row("meta", "get_signing_keys", Method::GET, "/.well-known/jwks.json", Public, get_signing_keys::handler, get_signing_keys::doc),
        row("meta", "get_openid_configuration", Method::GET, "/.well-known/openid-configuration", Public, get_openid_configuration::handler, get_openid_configuration::doc),
        row("meta", "get_openapi_document", Method::GET, "/openapi.json", Public, get_openapi_document::handler, get_openapi_document::doc),
        row("meta", "healthz", Method::GET, "/healthz", Public, healthz::handler, healthz::doc),
    ]
}

/// What answers where no row does: API Gateway's `$default` route.
#[must_use]
pub fn fallback() -> Endpoint {
    row(
        "meta",
        "fallback",
        Method::GET,
        "$default",
        Access::Public,
        meta::fallback::handler,
        || Doc::new("", ""),
    )
}

/// A job at work.
pub type RunningJob = Pin<Box<dyn Future<Output = Result<Value, String>> + Send>>;

/// A job's handler without its type.
pub type JobHandler = Arc<dyn Fn(Ports, Arc<dyn Mailer>, Value) -> RunningJob + Send + Sync>;

/// What starts a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// The table's stream: new items of this entity.
    NewItem(&'static str),
    /// The table's stream: items that have this attribute.
    Attribute(&'static str),
    /// EventBridge Scheduler, once in so many minutes.
    EveryMinutes(u32),
    /// EventBridge Scheduler, once in so many days.
    EveryDays(u32),
    /// An operator.
    ByHand,
    /// API Gateway, before a route of another API.
    Authorizer,
}

impl Trigger {
    /// In words, for the README.
    #[must_use]
    pub fn describe(self) -> String {
        match self {
            Self::NewItem(entity) => {
                format!("the table's stream: new items whose `entity` is `{entity}`")
            }
            Self::Attribute(name) => format!("the table's stream: items written with `{name}`"),
            Self::EveryMinutes(minutes) => format!("a schedule: every {minutes} minutes"),
            Self::EveryDays(days) => format!("a schedule: every {days} days"),
            Self::ByHand => "an operator".to_owned(),
            Self::Authorizer => "API Gateway, before another API's routes".to_owned(),
        }
    }
}

/// A function that an event starts, not a request.
#[derive(Clone)]
pub struct Job {
    /// Name of its Lambda function.
    pub name: &'static str,
    /// Where it is, in `functions`.
    pub folder: &'static str,
    /// What starts it.
    pub trigger: Trigger,
    /// What runs.
    pub handler: JobHandler,
}

/// Every event function.
#[must_use]
#[rustfmt::skip]
pub fn jobs() -> Vec<Job> {
    use jobs::{aggregate_stats, deliver_mail, relay, fill_activity_stream, import_users, rotate_keys, setup};
    vec![
        job("aggregate_stats", "jobs/aggregate_stats", Trigger::EveryMinutes(5), aggregate_stats::handler),
        job("authorizer", "authorizer", Trigger::Authorizer, authorizer::handler),
        job("deliver_mail", "jobs/deliver_mail", Trigger::NewItem("outbox"), deliver_mail::handler),
        job("relay", "jobs/relay", Trigger::Attribute("enclosed"), relay::handler),
        job("fill_activity_stream", "jobs/fill_activity_stream", Trigger::Attribute("feed"), fill_activity_stream::handler),
        job("import_users", "jobs/import_users", Trigger::ByHand, import_users::handler),
        job("rotate_keys", "jobs/rotate_keys", Trigger::EveryDays(7), rotate_keys::handler),
        job("setup", "jobs/setup", Trigger::ByHand, setup::handler),
    ]
}

fn job<F>(
    name: &'static str,
    folder: &'static str,
    trigger: Trigger,
    handler: fn(Ports, Arc<dyn Mailer>, Value) -> F,
) -> Job
where
    F: Future<Output = Result<Value, String>> + Send + 'static,
{
    let handler = Arc::new(move |ports, mailer, event| -> RunningJob {
        Box::pin(handler(ports, mailer, event))
    });
    Job { name, folder, trigger, handler }
}

fn row<F>(
    group: &'static str,
    name: &'static str,
    method: Method,
    path: &'static str,
    access: Access,
    handler: fn(Context, Request) -> F,
    doc: fn() -> Doc,
) -> Endpoint
where
    F: Future<Output = Result<Response, Problem>> + Send + 'static,
{
    let handler = Arc::new(move |ctx, request| -> rolecall_http::route::Running {
        Box::pin(handler(ctx, request))
    });
    Endpoint { name, group, method, path, access, handler, doc }
}
