use aws_sdk_dynamodb::types::{AttributeValue, builders::UpdateBuilder};
use rolecall_domain::{
    clock::{Timestamp, from_millis},
    code::Code,
    idempotency::IdempotencyRecord,
    ids::WriteId,
    organization::LogKey,
    permission::{Catalogue, Definition, Kind, OwnRoles},
    ports::{CatalogueWrite, DefinitionStore, Refused, StoreError},
    role::Role,
    session::{CatalogueState, OrganizationState},
};

use crate::{
    items::{DefinitionItem, OrganizationStateItem, V},
    keys::{self, CATALOGUE_STATE_COPIES, Key},
    store::{CONFLICT_ATTEMPTS, Item, Store, from_item, number, text},
    transaction::{IntoWrite, Write},
};

/// The gate remembers its last changes in so many attributes, the version's remainder each.
const REMEMBERED: u64 = 8;

/// Until when everything was ended: in milliseconds, in every copy.
pub(super) const ENDED_BEFORE: &str = "ended_before";

/// One copy of what the gate reads, as far as it is read.
#[derive(Default)]
struct CatalogueStateItem {
    version: u64,
    /// The organizations that were closed when there was a list of them: it counts for those that
    /// have no state of their own yet.
    inactive: Vec<String>,
    /// The last changes: the version, and the sort key of the definition, with a `-` before it
    /// where it was deleted.
    recent: Vec<(u64, String)>,
    /// Sessions that began by then are over.
    ended_before: Option<Timestamp>,
}

impl CatalogueStateItem {
    fn read(item: Option<&Item>) -> Result<Self, StoreError> {
        let Some(item) = item else {
            return Ok(Self::default());
        };
        let broken = || StoreError::Broken("the gate cannot be read".to_owned());
        let version = match item.get("version") {
            Some(version) => {
                version.as_n().ok().and_then(|version| version.parse().ok()).ok_or_else(broken)?
            }
            None => 0,
        };
        let millis = |at: &AttributeValue| at.as_n().ok().and_then(|at| at.parse().ok());
        let ended_before =
            item.get(ENDED_BEFORE).map(|at| millis(at).and_then(from_millis).ok_or_else(broken));
        let ended_before = ended_before.transpose()?;
        let inactive =
            item.get("inactive").and_then(|set| set.as_ss().ok()).cloned().unwrap_or_default();
        let recent = last_changes(item)?;
        Ok(Self { version, inactive, recent, ended_before })
    }
}

/// Of a state, the last changes: the version, and the sort key of the definition, with a `-` before
/// it where it was deleted.
pub(super) fn last_changes(state: &Item) -> Result<Vec<(u64, String)>, StoreError> {
    let broken = || StoreError::Broken("a change cannot be read".to_owned());
    let entries = (0..REMEMBERED).filter_map(|slot| state.get(&slot_name(slot))?.as_s().ok());
    let changes = entries
        .filter_map(|entry| entry.split_once(' '))
        .map(|(at, key)| Ok((at.parse().map_err(|_| broken())?, key.to_owned())));
    changes.collect()
}

/// Whether definitions that were read show every change that is remembered. A transaction is no one
/// moment to a query: the state may show a change before its definition does.
pub(super) fn are_shown(
    mut changes: Vec<(u64, String)>,
    found: &[(String, u64, Definition)],
) -> bool {
    changes.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    let mut seen = Vec::new();
    changes.iter().all(|(version, entry)| {
        let (is_deleted, key) =
            entry.strip_prefix('-').map_or((false, entry.as_str()), |key| (true, key));
        if seen.contains(&key) {
            return true;
        }
        seen.push(key);
        let shown = found.iter().find(|(sk, ..)| sk == key);
        shown.map_or(is_deleted, |(_, changed, _)| changed >= version)
    })
}

/// What is remembered of a change that makes a state this version: an entry of [`last_changes`].
fn change_entry(version: u64, key: &Key, is_deleted: bool) -> AttributeValue {
    let deleted = if is_deleted { "-" } else { "" };
    text(format!("{version} {deleted}{}", key.sk))
}

pub(super) fn slot_name(version: u64) -> String {
    format!("change_{}", version % REMEMBERED)
}

impl Store {
    /// What the gate reads, of items that were read: a copy, and the state of an organization.
    pub(super) fn catalogue_state_of(
        copy: Option<&Item>,
        organization: Option<(&Code, Option<Item>)>,
    ) -> Result<CatalogueState, StoreError> {
        let CatalogueStateItem { version, inactive, ended_before, .. } =
            CatalogueStateItem::read(copy)?;
        let state = |(code, state): (&Code, Option<Item>)| {
            let state = state.map(from_item::<OrganizationStateItem>).transpose()?;
            let is_active = match &state {
                Some(state) => state.is_active,
                None => inactive.iter().all(|one| one != code.as_str()),
            };
            let roles_version = state.as_ref().map_or(0, |state| state.roles_version);
            let log = LogKey::new(code, state.and_then(|state| state.id));
            Ok::<_, StoreError>(OrganizationState { log, is_active, roles_version })
        };
        let organization = organization.map(state).transpose()?;
        Ok(CatalogueState { version, organization, ended_before })
    }

    async fn read_catalogue_state(&self) -> Result<CatalogueStateItem, StoreError> {
        CatalogueStateItem::read(self.get(&keys::catalogue_state(self.draw())).await?.as_ref())
    }

    /// The updates of every copy.
    pub(super) fn catalogue_state_writes(
        &self,
        update: impl Fn(UpdateBuilder) -> UpdateBuilder,
    ) -> Result<Vec<Write>, StoreError> {
        (0..CATALOGUE_STATE_COPIES)
            .map(|copy| update(self.update(&keys::catalogue_state(copy))).write())
            .collect()
    }

    pub(super) async fn definitions(
        &self,
        partition: &str,
    ) -> Result<Vec<(String, u64, Definition)>, StoreError> {
        let found = self.page_of(partition, None, usize::MAX).await?;
        found.into_iter().map(DefinitionItem::read).collect()
    }

    /// The next version of the catalogue, in every copy of its state.
    fn catalogue_version_writes(
        &self,
        before: u64,
        key: &Key,
        is_deleted: bool,
    ) -> Result<Vec<Write>, StoreError> {
        let version = before + 1;
        self.catalogue_state_writes(|update| {
            let update = update
                .update_expression(
                    "SET entity = :entity, v = :v, version = :version, #slot = :change",
                )
                .expression_attribute_names("#slot", slot_name(version))
                .expression_attribute_values(":entity", text("gate"))
                .expression_attribute_values(":v", number(V))
                .expression_attribute_values(":version", number(version))
                .expression_attribute_values(":change", change_entry(version, key, is_deleted));
            match before {
                0 => update.condition_expression("attribute_not_exists(version)"),
                before => update
                    .condition_expression("version = :before")
                    .expression_attribute_values(":before", number(before)),
            }
        })
    }

    /// What a change of a definition writes: the definition, and the use of the role.
    fn definition_writes(&self, change: &CatalogueWrite<'_>) -> Result<Vec<Write>, StoreError> {
        let Some(one) = change.after.or(change.before) else {
            return Err(StoreError::Broken("a change of nothing".to_owned()));
        };
        let code = one.code().as_str();
        let key = match change.organization {
            Some(organization) => keys::own_role(organization.log.as_str(), code),
            None => keys::definition(one.kind(), code),
        };
        let version = change.version + 1;
        let is_deleted = change.after.is_none();
        let mut writes = match change.organization {
            Some(organization) => {
                let entry = change_entry(version, &key, is_deleted);
                let next = self.roles_version_write(organization, change.version, entry)?;
                [Some(next), self.organization_check(&organization.log)?]
                    .into_iter()
                    .flatten()
                    .collect()
            }
            None => self.catalogue_version_writes(change.version, &key, is_deleted)?,
        };
        writes.push(match change.after {
            Some(after) => self.put(&DefinitionItem::new(key, after, version))?.write()?,
            None => self.delete(&key).write()?,
        });
        if one.kind() == Kind::Role {
            // A role that is gone is at version 0, so that nobody is given it any more.
            let (version, created) = match change.after {
                Some(Definition::Role(role)) => (role.version, role.created_at.as_millisecond()),
                _ => (0, 0),
            };
            let update = self
                .update(&keys::role_use(one.code().as_str()))
                .update_expression(
                    "SET entity = :entity, v = :v, role_version = :version, \
                    role_created = :created",
                )
                .expression_attribute_values(":entity", text("role use"))
                .expression_attribute_values(":v", number(V))
                .expression_attribute_values(":created", number(created))
                .expression_attribute_values(":version", number(version));
            writes.push(match change.after {
                Some(_) => update.write()?,
                None => update
                    .condition_expression("attribute_not_exists(members) OR members = :none")
                    .expression_attribute_values(":none", number(0))
                    .write()?
                    .or(Refused::InUse),
            });
        }
        Ok(writes)
    }
}

impl DefinitionStore for Store {
    async fn catalogue(&self, at_least: u64) -> Result<Catalogue, StoreError> {
        for attempt in 0..CONFLICT_ATTEMPTS {
            let before = self.read_catalogue_state().await?;
            let found = self.definitions(keys::CATALOGUE).await?;
            if before.version >= at_least
                && are_shown(before.recent.clone(), &found)
                && self.read_catalogue_state().await?.version == before.version
            {
                return Ok(Catalogue::new(
                    before.version,
                    found.into_iter().map(|(.., definition)| definition),
                ));
            }
            self.back_off(attempt).await;
        }
        Err(StoreError::Unavailable("the catalogue changed too often meanwhile".into()))
    }

    async fn own_roles(
        &self,
        organization: &LogKey,
        at_least: u64,
    ) -> Result<OwnRoles, StoreError> {
        self.read_own_roles(organization, at_least).await
    }

    async fn remove_own_role(
        &self,
        organization: &LogKey,
        role: &Role,
        write: WriteId,
    ) -> Result<(), StoreError> {
        self.take_own_role_away(organization, role, write).await
    }

    async fn wait_turn(&self, lost: u32) {
        // One more writer is soon done. Of many, each try that loses keeps another one from its
        // turn: they spread out, and whoever has lost more often comes sooner.
        let bound = match lost {
            0 => 50,
            lost => 4500_u64.saturating_sub(500 * u64::from(lost)).max(1000),
        };
        self.wait_under(bound).await;
    }

    async fn write_definition(
        &self,
        change: &CatalogueWrite<'_>,
        idempotency: Option<&IdempotencyRecord>,
        now: Timestamp,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let mut writes = self.definition_writes(change)?;
        writes.push(self.recorded(change.activity)?);
        if let Some(idempotency) = idempotency {
            writes.push(self.idempotency_write(idempotency, now)?);
        }
        self.transact_recorded(writes, Some(change.activity), write).await
    }
}
