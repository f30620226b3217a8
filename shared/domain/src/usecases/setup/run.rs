use super::{
    activity_stream::{self, WantedTemplate},
    catalogue::{self, WantedDefinition},
    change::Change,
    people::{self, WantedUser},
};
use crate::{
    model::{authorization::Authorization, client::Client, organization::Organization},
    ports::{Crypto, Ports, Store},
    usecases::{
        administration::AdministerError,
        commit::Created,
        organization::{self, OrganizationFields, OrganizationPatch},
        permission::operator,
    },
};

/// What is wanted. What a file does not name stays as it is; nothing is deleted.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    pub organizations: Vec<OrganizationFields>,
    /// Modules, permissions and roles, in the order in which they need each other.
    pub definitions: Vec<WantedDefinition>,
    /// The first super admin.
    pub super_admin: Option<WantedUser>,
    pub service_users: Vec<WantedUser>,
    /// How entries of the activity stream are shown.
    pub activity_stream_templates: Vec<WantedTemplate>,
}

/// Makes it so, or with `dry_run` only tells what would change. It stops at the first thing that is
/// refused: what was done before stays, and running it again goes on from there.
pub async fn set_up(
    ports: &Ports<impl Store, impl Crypto>,
    setup: &Setup,
    dry_run: bool,
) -> Result<Vec<Change>, AdministerError> {
    let client = Client::default();
    let authorization = operator(ports).await?;
    let mut changes = Vec::new();
    for wanted in &setup.organizations {
        changes.extend(organization(ports, &authorization, wanted, dry_run, &client).await?);
    }
    changes.extend(catalogue::set_up(ports, &setup.definitions, dry_run, &client).await?);
    if let Some(wanted) = &setup.super_admin {
        changes.extend(people::set_up_super_admin(ports, wanted, dry_run, &client).await?);
    }
    for wanted in &setup.service_users {
        changes.extend(people::set_up_service(ports, wanted, dry_run, &client).await?);
    }
    changes.extend(
        activity_stream::set_up(ports, &setup.activity_stream_templates, dry_run, &client).await?,
    );
    Ok(changes)
}

async fn organization(
    ports: &Ports<impl Store, impl Crypto>,
    authorization: &Authorization,
    wanted: &OrganizationFields,
    dry_run: bool,
    client: &Client,
) -> Result<Option<Change>, AdministerError> {
    let code = wanted.code.as_str();
    let before = ports.store.organization(code).await?;
    let patch = OrganizationPatch { name: Some(wanted.name.clone()), ..wanted.patch.clone() };
    let now = ports.clock.now();
    let bare = Organization::new(wanted.code.clone(), wanted.name.clone(), now);
    let after = patch.apply(before.as_ref().unwrap_or(&bare), now);
    if before.as_ref() == Some(&after) {
        return Ok(None);
    }
    let was = before.as_ref().map(Organization::described);
    let change = Change::new("organization", code, was.as_ref(), &after.described());
    if dry_run {
        return Ok(Some(change));
    }
    if before.is_some() {
        organization::update_organization(ports, authorization, code, &patch, None, client).await?;
    } else if let Created::Replayed(_) =
        organization::create_organization(ports, authorization, wanted.clone(), None, client)
            .await?
    {
        return Ok(None);
    }
    Ok(Some(change))
}
