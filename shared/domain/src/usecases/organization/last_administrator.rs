use std::sync::Arc;

use crate::{
    model::{
        activity::AllowedOn,
        organization::{PLATFORM, UserWithMemberships},
        permission::Catalogue,
    },
    ports::{Crypto, Ports, Store},
    usecases::{
        administrators::{Found, LastAdministrator, administers, look},
        error::UseCaseError,
        permission::catalogue_of,
    },
};

/// Refuses a change of an account by which an organization with other members would lose its last
/// administrator. Answers what stays: the change MUST be made only while it is so, or two who
/// remove each other at once would both be gone.
pub(crate) async fn keeps_administrators(
    ports: &Ports<impl Store, impl Crypto>,
    catalogue: &Arc<Catalogue>,
    caller: Option<&UserWithMemberships>,
    before: &UserWithMemberships,
    after: &UserWithMemberships,
) -> Result<Vec<AllowedOn>, UseCaseError<LastAdministrator>> {
    let now = ports.clock.now();
    let mut relied_on = Vec::new();
    for membership in before.memberships.iter() {
        let organization = membership.organization.as_str();
        // Super admins administer that one, and the last of them stays.
        if organization == PLATFORM {
            continue;
        }
        let has_own = membership.roles.iter().any(|one| one.role.organization().is_some());
        let mut catalogue = Arc::clone(catalogue);
        if has_own {
            catalogue = catalogue_of(ports, &catalogue, organization).await?;
        }
        if !administers(before, organization, &catalogue, now)
            || administers(after, organization, &catalogue, now)
        {
            continue;
        }
        let catalogue = catalogue_of(ports, &catalogue, organization).await?;
        let stays = |one: &UserWithMemberships| {
            one.user.id != before.user.id && administers(one, organization, &catalogue, now)
        };
        let staying = match caller.filter(|caller| stays(caller)) {
            Some(caller) => Found::Administrator(caller.state()),
            None => look(ports, organization, stays).await?,
        };
        match staying {
            Found::Administrator(state) => relied_on.push(AllowedOn::Account(state)),
            // That is the one who goes.
            Found::Nobody { living: 0 | 1 } => {}
            Found::Nobody { .. } => return Err(LastAdministrator.into()),
        }
        if let (Some(log), 1..) = (catalogue.organization(), catalogue.own_version()) {
            relied_on.push(AllowedOn::Roles(log.clone(), catalogue.own_version()));
        }
    }
    Ok(relied_on)
}
