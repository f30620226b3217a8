use std::collections::BTreeMap;

use crate::{
    model::{
        account::User,
        activity::Activity,
        activity_stream::{RenderedEntry, State, Templates, belongs, group_of},
        clock::Timestamp,
        event::Event,
        ids::UserId,
        organization::{LogKey, PLATFORM},
    },
    ports::{Crypto, Ports, Store, StoreError},
    usecases::commit::commit,
};

/// So many activities are filed in one transaction: each may open an entry of a group of its own.
const AT_ONCE: usize = 25;

/// Files activities in the activity streams of their organizations. An activity that comes twice
/// counts once.
pub async fn file(
    ports: &Ports<impl Store, impl Crypto>,
    activities: &[Activity],
) -> Result<(), StoreError> {
    let mut activity_streams: BTreeMap<&str, Vec<&Activity>> = BTreeMap::new();
    for activity in activities.iter().filter(|activity| belongs(&activity.what)) {
        activity_streams
            .entry(activity.organization.as_ref().map_or(PLATFORM, LogKey::as_str))
            .or_default()
            .push(activity);
    }
    let is_own = |activity: &&Activity| Event::from_type(&activity.what.activity_type).is_none();
    let needs_templates = activity_streams.values().flatten().any(is_own);
    let templates =
        if needs_templates { ports.store.templates().await? } else { Templates::default() };
    for (organization, mut activities) in activity_streams {
        activities.sort_by_key(|activity| activity.id);
        for some in activities.chunks(AT_ONCE) {
            file_in(ports, organization, some, &templates).await?;
        }
    }
    Ok(())
}

async fn file_in<'a>(
    ports: &Ports<impl Store, impl Crypto>,
    organization: &str,
    activities: &[&'a Activity],
    templates: &Templates,
) -> Result<(), StoreError> {
    let names = names(ports, activities).await?;
    let render = |activity: &&'a Activity| {
        let name = names
            .iter()
            .find(|(id, _)| Some(*id) == activity.concerned().map(|user| user.id))
            .map(|(_, name)| name.as_str());
        let (shown, is_public) = templates.show(activity, name);
        RenderedEntry { activity, group: group_of(activity, is_public), shown, is_public }
    };
    let rendered: Vec<RenderedEntry<'a>> = activities.iter().map(render).collect();
    let mut since: BTreeMap<String, Timestamp> = BTreeMap::new();
    for one in &rendered {
        since.entry(one.group.clone()).or_insert_with(|| one.activity.at());
    }
    let (rendered, since) = (&rendered, &since);
    let load = || ports.store.activity_stream_state(organization, since);
    commit(load, |state: State| async move {
        let filing = state.filed(organization, rendered, || ports.id());
        if filing.is_empty() {
            return Ok(());
        }
        ports.store.commit_entries(&filing, ports.id()).await
    })
    .await
}

/// What people are called.
async fn names(
    ports: &Ports<impl Store, impl Crypto>,
    activities: &[&Activity],
) -> Result<Vec<(UserId, String)>, StoreError> {
    let mut ids: Vec<UserId> =
        activities.iter().filter_map(|activity| Some(activity.concerned()?.id)).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let people = ports.store.users_with_memberships(&ids).await?;
    Ok(people.iter().map(|person| (person.user.id, name_of(&person.user))).collect())
}

/// First and last name, or the username of somebody without names.
fn name_of(user: &User) -> String {
    let name = user.profile.names().collect::<Vec<_>>().join(" ");
    if name.is_empty() { user.username.as_str().to_owned() } else { name }
}
