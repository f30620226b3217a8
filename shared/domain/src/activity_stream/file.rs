use std::collections::BTreeMap;

use super::{
    entry::{Entry, Shown, belongs, group_of},
    template::Templates,
};
use crate::{
    Crypto, Ports, Store,
    account::{PersonName, User},
    activity::{Activity, Event, PLATFORM},
    administration::{ATTEMPTS, changed_too_often},
    clock::Timestamp,
    ids::{EntryId, UserId},
    ports::{ActivityStreamGroup, ActivityStreamHead, Filing, StoreError},
};

/// So many activities are filed in one transaction: each may open an entry of a group of its own.
const AT_ONCE: usize = 25;

/// An activity stream as far as some groups are concerned.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// What was opened last.
    pub head: ActivityStreamHead,
    /// The entries of the groups, latest first.
    pub entries: BTreeMap<String, Vec<Entry>>,
}

/// An activity with what it takes to show it.
pub(super) struct RenderedEntry<'a> {
    pub(super) activity: &'a Activity,
    pub(super) group: String,
    pub(super) shown: Shown,
    pub(super) is_public: bool,
}

/// Files activities in the activity streams of their organizations. An activity that comes twice
/// counts once.
pub async fn file(
    ports: &Ports<impl Store, impl Crypto>,
    activities: &[Activity],
) -> Result<(), StoreError> {
    let mut activity_streams: BTreeMap<&str, Vec<&Activity>> = BTreeMap::new();
    for activity in activities.iter().filter(|activity| belongs(&activity.what)) {
        activity_streams
            .entry(activity.organization.as_deref().unwrap_or(PLATFORM))
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
            .find(|(id, _)| Some(*id) == activity.user_id)
            .map(|(_, name)| name.as_str());
        let (shown, is_public) = templates.show(activity, name);
        RenderedEntry { activity, group: group_of(activity, is_public), shown, is_public }
    };
    let rendered: Vec<RenderedEntry<'a>> = activities.iter().map(render).collect();
    let mut since: BTreeMap<String, Timestamp> = BTreeMap::new();
    for one in &rendered {
        since.entry(one.group.clone()).or_insert_with(|| one.activity.at());
    }
    for _ in 0..ATTEMPTS {
        let state = ports.store.activity_stream_state(organization, &since).await?;
        let filing = state.filed(organization, &rendered, || ports.id());
        if filing.is_empty() || ports.store.commit_entries(&filing, ports.id()).await? {
            return Ok(());
        }
    }
    Err(changed_too_often())
}

/// What people are called.
async fn names(
    ports: &Ports<impl Store, impl Crypto>,
    activities: &[&Activity],
) -> Result<Vec<(UserId, String)>, StoreError> {
    let mut ids: Vec<UserId> = activities.iter().filter_map(|activity| activity.user_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let people = ports.store.users_with_memberships(&ids).await?;
    Ok(people.iter().map(|person| (person.user.id, name_of(&person.user))).collect())
}

/// First and last name, or the username of whoever has none.
fn name_of(user: &User) -> String {
    let names = [&user.first_name, &user.last_name].into_iter().flatten();
    let name = names.map(PersonName::as_str).collect::<Vec<_>>().join(" ");
    if name.is_empty() { user.username.as_str().to_owned() } else { name }
}

impl State {
    /// What becomes of the activity stream by some activities, oldest first.
    pub(super) fn filed(
        &self,
        organization: &str,
        activities: &[RenderedEntry<'_>],
        mut id: impl FnMut() -> EntryId,
    ) -> Filing {
        let mut filing = Filing {
            organization: organization.to_owned(),
            was: self.head.last,
            ..Filing::default()
        };
        let (mut groups, mut last) = (self.entries.clone(), self.head.last);
        for one in activities {
            let entries = groups.entry(one.group.clone()).or_default();
            if let Some(entry) = entry_of(entries, one.activity.at()) {
                entry.fold(one.activity, &one.shown);
                continue;
            }
            let earlier = entries.first().map(|entry| entry.id);
            let opened = Entry {
                follows: last,
                earlier,
                ..Entry::new(later(id(), last), organization, one)
            };
            last = Some(opened.id);
            entries.insert(0, opened);
        }
        filing.last = last;
        for (group, entries) in groups {
            let known = self.entries.get(&group).map(Vec::as_slice).unwrap_or_default();
            if let Some(latest) = entries.first().filter(|_| entries.len() > known.len()) {
                let was = known.first().map(|entry| entry.id);
                filing.groups.push(ActivityStreamGroup {
                    group,
                    was,
                    now: latest.id,
                    opened_at: latest.opened_at(),
                });
            }
            for entry in entries {
                match known.iter().find(|known| known.id == entry.id) {
                    None => filing.new.push(entry),
                    Some(known) if *known == entry => {}
                    Some(known) => {
                        filing.changed.push(Entry { version: known.version + 1, ..entry });
                    }
                }
            }
        }
        filing
    }
}

/// The entry of a group, latest first, that takes what happens at an instant: the one that was open
/// then. What comes too late for any goes into the next one.
fn entry_of(entries: &mut [Entry], at: Timestamp) -> Option<&mut Entry> {
    let is_late = |entry: &Entry| at < entry.opened_at();
    let later = entries.iter().take_while(|entry| is_late(entry)).count();
    let place = match entries.get(later) {
        Some(entry) if !entry.is_over(at) => Some(later),
        _ => later.checked_sub(1),
    };
    place.and_then(|place| entries.get_mut(place))
}

/// The id itself where it is greater than the last one, or the next one after that: entries of a
/// activity stream are in order.
fn later(id: EntryId, last: Option<EntryId>) -> EntryId {
    last.filter(|last| *last >= id).map_or(id, |last| last.next())
}
