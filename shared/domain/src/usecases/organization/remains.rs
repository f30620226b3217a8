use crate::{
    model::{activity::Activity, code::Code, event::Event},
    ports::{Crypto, Ports, Store, StoreError},
};

/// Takes away what an organization leaves behind when an activity tells that it was deleted: its
/// own roles. An organization that is there keeps what it has, whatever the activity says.
pub async fn take_remains_away(
    ports: &Ports<impl Store, impl Crypto>,
    activity: &Activity,
) -> Result<(), StoreError> {
    if activity.what.activity_type != Event::OrganizationDeleted.activity_type() {
        return Ok(());
    }
    let Some(gone) = &activity.organization else { return Ok(()) };
    let there = match Code::parse(gone.code()) {
        Ok(code) => ports.store.organization_state(&code).await?,
        Err(_) => None,
    };
    if there.is_some_and(|there| there.log == *gone) {
        return Ok(());
    }
    for role in ports.store.own_roles(gone, 0).await?.roles {
        ports.store.remove_own_role(gone, &role, ports.id()).await?;
    }
    Ok(())
}
