use std::collections::BTreeMap;

use aws_sdk_dynamodb::types::AttributeValue;
use rolecall_domain::{
    activity::Activity,
    activity_stream::{
        ActivityStreamGroup, ActivityStreamHead, Entry, Filing, State, Template, Templates,
    },
    clock::Timestamp,
    ids::{EntryId, WriteId},
    ports::{ActivityStreamStore, EntryChange, StoreError},
};

use serde_json::Value;

use crate::{
    items::{ActivityItem, ActivityStreamGroupItem, EntryItem, TemplatesItem, V, id},
    keys::{self, Key},
    store::{Item, Store, from_item, number, text},
    transaction::{IntoWrite, Write},
};

const LAST: &str = "last_entry";
const PINNED: &str = "pinned";

fn entry_of(item: Item) -> Result<Entry, StoreError> {
    from_item::<EntryItem>(item)?.try_into()
}

fn head_of(item: &Item) -> Result<ActivityStreamHead, StoreError> {
    let last = item.get(LAST).and_then(|last| last.as_s().ok()).map(|last| id(last)).transpose()?;
    let pinned =
        item.get(PINNED).and_then(|list| list.as_l().ok()).map(Vec::as_slice).unwrap_or_default();
    let pinned = pinned
        .iter()
        .filter_map(|one| one.as_s().ok())
        .map(|one| id(one))
        .collect::<Result<_, _>>()?;
    Ok(ActivityStreamHead { last, pinned })
}

fn list(ids: &[EntryId]) -> AttributeValue {
    AttributeValue::L(ids.iter().map(|id| text(id.to_string())).collect())
}

impl ActivityStreamStore for Store {
    async fn activity_stream_head(
        &self,
        organization: &str,
    ) -> Result<ActivityStreamHead, StoreError> {
        self.get(&keys::activity_stream_head(organization))
            .await?
            .as_ref()
            .map_or_else(|| Ok(ActivityStreamHead::default()), head_of)
    }

    async fn activity_stream_state(
        &self,
        organization: &str,
        groups: &BTreeMap<String, Timestamp>,
    ) -> Result<State, StoreError> {
        let head = keys::activity_stream_head(organization);
        let mut wanted: Vec<Key> =
            groups.keys().map(|group| keys::activity_stream_group(organization, group)).collect();
        wanted.push(head.clone());
        let (mut state, mut next) = (State::default(), Vec::new());
        for item in self.get_all(&wanted).await? {
            if item.get(keys::PK).and_then(|pk| pk.as_s().ok()) == Some(&head.pk) {
                state.head = head_of(&item)?;
            } else {
                next.push(from_item::<ActivityStreamGroupItem>(item)?.now()?);
            }
        }
        // Mostly the latest entry is old enough at once; one that left the table ends the way back.
        while !next.is_empty() {
            let found = self.entries(organization, &next).await?;
            next.clear();
            for entry in found {
                let since = groups.get(&entry.group).copied().unwrap_or(Timestamp::MAX);
                next.extend(entry.earlier.filter(|_| since < entry.first.made_at()));
                state.entries.entry(entry.group.clone()).or_default().push(entry);
            }
        }
        Ok(state)
    }

    async fn commit_entries(&self, filing: &Filing, write: WriteId) -> Result<(), StoreError> {
        let organization = &filing.organization;
        let mut writes = Vec::new();
        if let Some(last) = filing.last.filter(|_| filing.last != filing.was) {
            writes.push(self.head_write(
                organization,
                LAST,
                text(last.to_string()),
                filing.was.map(|was| text(was.to_string())),
            )?);
        }
        for entry in &filing.new {
            writes.push(self.put_new(&EntryItem::new(entry, &self.retention))?);
        }
        for entry in &filing.changed {
            writes.push(self.entry_write(entry, entry.version - 1)?);
        }
        for group in &filing.groups {
            writes.push(self.group_write(organization, group)?);
        }
        self.transact(writes, write).await
    }

    async fn entries(&self, organization: &str, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let wanted: Vec<Key> =
            ids.iter().map(|id| keys::activity_stream_entry(organization, *id)).collect();
        self.get_all(&wanted).await?.into_iter().map(entry_of).collect()
    }

    async fn newest_entries(
        &self,
        organization: &str,
        before: Option<EntryId>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        // `g` comes after every id, a blank before.
        self.stretch_of(
            organization,
            before.map_or_else(|| "g".to_owned(), |id| id.to_string()),
            false,
            limit,
        )
        .await
    }

    async fn oldest_entries(
        &self,
        organization: &str,
        after: Option<EntryId>,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        self.stretch_of(
            organization,
            after.map_or_else(|| " ".to_owned(), |id| id.to_string()),
            true,
            limit,
        )
        .await
    }

    async fn change_entry(
        &self,
        change: &EntryChange<'_>,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let mut writes =
            vec![self.entry_write(change.after, change.before)?, self.recorded(change.activity)?];
        if let Some((was, is)) = change.pins {
            let was = (!was.is_empty()).then(|| list(was));
            writes.push(self.head_write(&change.after.organization, PINNED, list(is), was)?);
        }
        self.transact_recorded(writes, Some(change.activity), write).await
    }

    fn activity_of_image(&self, image: &Value) -> Result<Activity, StoreError> {
        let broken = |error: &dyn std::fmt::Display| {
            StoreError::Broken(format!("an item of the stream: {error}"))
        };
        let item: serde_dynamo::Item =
            serde_json::from_value(image.clone()).map_err(|error| broken(&error))?;
        let stored: ActivityItem = serde_dynamo::from_item(item).map_err(|error| broken(&error))?;
        stored.try_into()
    }

    async fn templates(&self) -> Result<Templates, StoreError> {
        let Some(item) = self.get(&keys::activity_stream_templates()).await? else {
            return Ok(Templates::default());
        };
        let stored: TemplatesItem = from_item(item)?;
        let by_type = stored
            .templates
            .into_iter()
            .map(|(name, template)| Ok((name, Template::try_from(template)?)));
        Ok(Templates {
            by_type: by_type.collect::<Result<BTreeMap<_, _>, StoreError>>()?,
            version: stored.version,
        })
    }

    async fn put_templates(
        &self,
        templates: &Templates,
        activity: &Activity,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let item = TemplatesItem {
            key: keys::activity_stream_templates(),
            entity: "feed templates".to_owned(),
            v: V,
            version: templates.version,
            templates: templates
                .by_type
                .iter()
                .map(|(name, template)| (name.clone(), template.into()))
                .collect(),
        };
        let before = templates.version - 1;
        let put = match before {
            0 => self.put_new(&item)?,
            _ => self
                .put(&item)?
                .condition_expression("version = :before")
                .expression_attribute_values(":before", number(before))
                .write()?,
        };
        self.transact(vec![put, self.recorded(activity)?], write).await
    }
}

impl Store {
    /// An entry in the place of its version `before`.
    fn entry_write(&self, entry: &Entry, before: u64) -> Result<Write, StoreError> {
        self.put(&EntryItem::new(entry, &self.retention))?
            .condition_expression("version = :before")
            .expression_attribute_values(":before", number(before))
            .write()
    }

    fn group_write(
        &self,
        organization: &str,
        group: &ActivityStreamGroup,
    ) -> Result<Write, StoreError> {
        let put = self
            .put(&ActivityStreamGroupItem::new(organization, group))?
            .expression_attribute_names("#now", "now");
        // Where its entry left the table, the group's item may be there still.
        let put = match group.was {
            None => put
                .condition_expression("attribute_not_exists(PK) OR #now < :now")
                .expression_attribute_values(":now", text(group.now.to_string())),
            Some(was) => put
                .condition_expression("#now = :was")
                .expression_attribute_values(":was", text(was.to_string())),
        };
        put.write()
    }

    /// Sets an attribute of an activity stream's head in the place of what was read.
    fn head_write(
        &self,
        organization: &str,
        name: &str,
        value: AttributeValue,
        was: Option<AttributeValue>,
    ) -> Result<Write, StoreError> {
        let update = self
            .update(&keys::activity_stream_head(organization))
            .update_expression("SET entity = :entity, v = :v, #name = :value")
            .expression_attribute_names("#name", name)
            .expression_attribute_values(":entity", text("feed head"))
            .expression_attribute_values(":v", number(V))
            .expression_attribute_values(":value", value);
        let update = match was {
            None if name == PINNED => update
                .condition_expression("attribute_not_exists(#name) OR #name = :was")
                .expression_attribute_values(":was", list(&[])),
            None => update.condition_expression("attribute_not_exists(#name)"),
            Some(was) => {
                update.condition_expression("#name = :was").expression_attribute_values(":was", was)
            }
        };
        update.write()
    }

    /// Entries of an activity stream on one side of a sort key, read eventually: each names the one
    /// before it, so a gap is seen.
    async fn stretch_of(
        &self,
        organization: &str,
        at: String,
        is_forward: bool,
        limit: usize,
    ) -> Result<Vec<Entry>, StoreError> {
        let query = self.query(keys::activity_stream_partition(organization));
        let query = if is_forward { query.after(at) } else { query.before(at).backward() };
        query.limit(limit).page().await?.items.into_iter().map(entry_of).collect()
    }
}
