use super::{
    activity_stream::{self, WantedTemplate},
    catalogue::{self, WantedDefinition},
    change::Change,
    people::{self, WantedUser},
};
use crate::{
    model::{
        authorization::Authorization,
        client::Client,
        code::Code,
        fields::{Fields, audited},
        organization::{OrganizationFields, OrganizationPatch},
        words::Line,
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        administration::{AdministerError, Administrator},
        commit::Created,
        organization,
        permission::operator,
    },
};

/// An organization that is wanted: what it does not say stays.
#[derive(Debug, Clone)]
pub struct WantedOrganization {
    pub code: Code,
    pub name: Line<100>,
    pub patch: OrganizationPatch,
}

/// What is wanted. What a file does not name stays as it is; nothing is deleted.
#[derive(Debug, Clone, Default)]
pub struct Setup {
    pub organizations: Vec<WantedOrganization>,
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
    wanted: &WantedOrganization,
    dry_run: bool,
    client: &Client,
) -> Result<Option<Change>, AdministerError> {
    let WantedOrganization { code, name, patch } = wanted;
    let before = ports.store.organization(code.as_str()).await?.map(|one| one.fields);
    let mut after = before.clone().unwrap_or_else(|| OrganizationFields::new(name.clone()));
    after.patch(patch);
    after.name = name.clone();
    if before.as_ref() == Some(&after) {
        return Ok(None);
    }
    let was = before.as_ref().map(audited);
    let change = Change::new("organization", code.as_str(), was.as_ref(), &audited(&after));
    if dry_run {
        return Ok(Some(change));
    }
    let by = Administrator { authorization, client, if_match: None };
    if before.is_some() {
        let patch = OrganizationPatch { name: Some(name.clone()), ..patch.clone() };
        organization::update_organization(ports, by, code.as_str(), &patch).await?;
    } else if let Created::Replayed(_) =
        organization::create_organization(ports, by, (code.clone(), after), None).await?
    {
        return Ok(None);
    }
    Ok(Some(change))
}
