use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use rolecall_domain::{
    account::{DueErasure, User},
    activity::{API_REQUEST, Activity},
    activity_stream::Entry,
    clock::Timestamp,
    ids::UserId,
    ports::{ErasureStore, StoreError},
};
use serde_json::Value;

use super::update::Updated;
use crate::{
    items::{ActivityItem, ErasureItem},
    keys::{self, Key, SK},
    store::{Item, Store, from_item, number, text, to_item},
    transaction::{IntoWrite, Write},
};

/// Up to where the traces of an account are erased.
const POSITION: &str = "position";

/// What of an activity tells who had to do with it.
const TELLING: [&str; 5] = ["actor_name", "subject_name", "address", "agent", "details"];

impl Store {
    /// Lists an account that is to be erased, and takes off the list one that is not any more.
    pub(super) fn erasure_writes(
        &self,
        before: &User,
        after: &User,
        now: Timestamp,
    ) -> Result<Vec<Write>, StoreError> {
        let due = |user: &User| user.erase_at().map(|at| DueErasure { at, user: user.id });
        let (was, is) = (due(before), due(after));
        let mut writes = Vec::new();
        // One that has begun goes on by what is on the list.
        if let Some(was) = was.filter(|was| Some(*was) != is && !after.is_nameless()) {
            writes.push(self.delete(&keys::erasure(was)).write()?);
        }
        if let Some(is) = is.filter(|is| Some(*is) != was) {
            writes.push(self.put(&ErasureItem::new(is, is.at <= now))?.write()?);
        }
        Ok(writes)
    }

    /// Puts what tells of users in the place of what an item has, if it is there.
    async fn rewrite(&self, key: &Key, after: &Item) -> Result<bool, StoreError> {
        let mut update = self.update_item(key).condition_expression("attribute_exists(PK)");
        let (mut set, mut removed) = (Vec::new(), vec!["enclosed".to_owned()]);
        for name in TELLING {
            update = update.expression_attribute_names(format!("#{name}"), name);
            match after.get(name) {
                Some(value) => {
                    set.push(format!("#{name} = :{name}"));
                    update = update.expression_attribute_values(format!(":{name}"), value.clone());
                }
                None => removed.push(format!("#{name}")),
            }
        }
        let set = if set.is_empty() { String::new() } else { format!("SET {} ", set.join(", ")) };
        let update = update.update_expression(format!("{set}REMOVE {}", removed.join(", ")));
        Ok(matches!(self.send_update(update).await?, Updated::Done(_)))
    }

    /// Takes the name of whoever did something away from where else it is kept: with the account
    /// that it was done to, and with an invitation.
    async fn take_name_away(&self, user: UserId, done: &Activity) -> Result<(), StoreError> {
        if done.actor.as_ref().is_none_or(|actor| actor.id != user) {
            return Ok(());
        }
        if let Some(other) = done.subject.as_ref().filter(|subject| subject.id != user) {
            let update = self
                .update_item(&keys::user(other.id))
                .update_expression("REMOVE enclosed")
                // It is filed: this is its record, which has entries.
                .condition_expression("contains(enclosed, :id)")
                .expression_attribute_values(":id", text(done.id.to_string()));
            self.send_update(update).await?;
        }
        let invitation = done.details.get("invitation").and_then(|id| id.as_str()?.parse().ok());
        if let Some(invitation) = invitation {
            let update = self
                .update_item(&keys::invitation(invitation))
                .update_expression("REMOVE invited_by_name")
                .condition_expression("invited_by = :user")
                .expression_attribute_values(":user", text(user.to_string()));
            self.send_update(update).await?;
        }
        Ok(())
    }

    /// The same under the first of these keys that has an item.
    async fn rewrite_first(&self, keys: Vec<Key>, after: &Item) -> Result<(), StoreError> {
        for key in keys {
            if self.rewrite(&key, after).await? {
                break;
            }
        }
        Ok(())
    }
}

impl ErasureStore for Store {
    async fn due_erasures(
        &self,
        now: Timestamp,
        after: Option<DueErasure>,
        limit: usize,
    ) -> Result<Vec<DueErasure>, StoreError> {
        let found = self.due(keys::ERASURES, now, after.map(keys::erasure), limit).await?;
        Ok(found.iter().filter_map(|sort_key| keys::erasure_of(sort_key)).collect())
    }

    fn erasure_of_image(&self, image: &Value) -> Result<DueErasure, StoreError> {
        let sort_key = image.get(SK).and_then(|sk| sk.get("S")?.as_str());
        let due = sort_key.and_then(keys::erasure_of);
        due.ok_or_else(|| StoreError::Broken("an erasure is of nobody".to_owned()))
    }

    async fn list_erasure(&self, due: DueErasure) -> Result<(), StoreError> {
        self.put_over(&ErasureItem::new(due, false)).await
    }

    async fn end_erasure(&self, due: DueErasure) -> Result<(), StoreError> {
        self.delete_item(&keys::erasure(due)).await
    }

    async fn erased_up_to(&self, due: DueErasure) -> Result<Option<String>, StoreError> {
        let found = self.get(&keys::erasure(due)).await?;
        Ok(found.and_then(|item| item.get(POSITION)?.as_s().ok().cloned()))
    }

    async fn note_erased(&self, due: DueErasure, position: &str) -> Result<(), StoreError> {
        let update = self
            .update_item(&keys::erasure(due))
            // The stream has told of it.
            .update_expression("SET #position = :position REMOVE enclosed")
            .condition_expression("attribute_exists(PK)")
            .expression_attribute_names("#position", POSITION)
            .expression_attribute_values(":position", text(position));
        self.send_update(update).await.map(drop)
    }

    async fn traces(
        &self,
        user: UserId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, Activity)>, StoreError> {
        let page =
            self.page_of(&keys::user_log_partition(user), after.map(str::to_owned), limit).await?;
        let trace = |item: Item| {
            let position = item.get(SK).and_then(|sk| sk.as_s().ok()).cloned().unwrap_or_default();
            Ok((position, from_item::<ActivityItem>(item)?.try_into()?))
        };
        page.into_iter().map(trace).collect()
    }

    async fn erase_trace(&self, user: UserId, after: &Activity) -> Result<(), StoreError> {
        let item = to_item(&ActivityItem::new(after, &self.retention)?)?;
        let (id, log) = (after.id, super::activities::log_of(after));
        let shards = self.shards_of(id);
        let of_shards = |key: &dyn Fn(u8) -> Key| shards.iter().map(|shard| key(*shard)).collect();
        let is_flagged = after.what.is_flagged();
        let main = of_shards(&|shard| keys::activity(log, is_flagged, shard, id));
        self.rewrite_first(main, &item).await?;
        for tag in &after.extra.tags {
            let entry = |shard| keys::activity_entry(keys::tag_partition(log, tag, shard), id);
            self.rewrite_first(of_shards(&entry), &item).await?;
        }
        // Calls are always listed; of others nobody knows any more whether they were.
        if after.what.activity_type != API_REQUEST {
            let category = after.what.category.as_str();
            let entry =
                |shard| keys::activity_entry(keys::category_partition(log, category, shard), id);
            self.rewrite_first(of_shards(&entry), &item).await?;
        }
        self.take_name_away(user, after).await?;
        let mut users = after.roles();
        users.sort_by_key(|(one, _)| *one == user);
        for (one, role) in users {
            self.rewrite(&keys::user_log_entry(one, log, role, id), &item).await?;
        }
        Ok(())
    }

    async fn forget_sessions(&self, user: UserId) -> Result<(), StoreError> {
        let found = self.page_of(&keys::user_partition(user), None, usize::MAX).await?;
        let keys: Result<Vec<Key>, StoreError> = found.into_iter().map(from_item).collect();
        let account = keys::user(user);
        let others: Vec<Key> = keys?.into_iter().filter(|key| *key != account).collect();
        self.delete_all(&others).await
    }

    async fn show_entry(&self, entry: &Entry) -> Result<(), StoreError> {
        let shown = &entry.shown;
        let mut values = HashMap::from([
            (":title".to_owned(), text(&shown.title)),
            (":before".to_owned(), number(entry.version)),
            (":next".to_owned(), number(entry.version + 1)),
        ]);
        let subtitle: Option<AttributeValue> = shown.subtitle.as_ref().map(text);
        let subtitle = subtitle.map(|subtitle| values.insert(":subtitle".to_owned(), subtitle));
        let expression = match subtitle {
            Some(_) => "SET title = :title, subtitle = :subtitle, version = :next",
            None => "SET title = :title, version = :next REMOVE subtitle",
        };
        let update = self
            .update_item(&keys::activity_stream_entry(&entry.organization, entry.id))
            .update_expression(expression)
            .condition_expression("version = :before")
            .set_expression_attribute_values(Some(values));
        self.send_update(update).await.map(drop)
    }
}
