use async_trait::async_trait;
use aws_sdk_dynamodb::{
    operation::update_item::{UpdateItemError, builders::UpdateItemFluentBuilder},
    types::{KeysAndAttributes, ReturnConsumedCapacity, ReturnValue, ReturnValuesOnConditionCheckFailure, Update},
};
use rolecall_domain::{
    clock::Timestamp,
    ids::{SessionId, UserId, WriteId},
    ports::{CallerRecord, Rotated, SessionStore, StoreError, Theft},
    session::{Rotation, Session},
};

use super::{put_new, write_update};
use crate::{
    items::{ActivityItem, OutboxItem, SessionItem, account_of},
    keys::{self, Key, SK},
    store::{Item, Store, from_item, number, store_error, sum, text, to_item, units},
};

/// An ended session cannot be ended, moved or used.
const ALIVE: &str = "attribute_exists(PK) AND attribute_not_exists(ended_at)";

/// How often a batch is asked again for what it left out.
const BATCH_ATTEMPTS: u32 = 6;

fn session_of(item: Item) -> Result<Session, StoreError> {
    from_item::<SessionItem>(item)?.try_into()
}

/// A conditional update of one item: the new item, or the one that refused.
pub(super) enum Updated {
    Done(Option<Item>),
    Refused(Option<Item>),
}

impl Store {
    pub(super) fn update_item(&self, key: &Key) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(key.attributes()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
    }

    pub(super) async fn send_update(&self, update: UpdateItemFluentBuilder) -> Result<Updated, StoreError> {
        let call = update.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld).send();
        match self.write(call, |answer| units(answer.consumed_capacity())).await {
            Ok(answer) => Ok(Updated::Done(answer.attributes)),
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(refused)) => Ok(Updated::Refused(refused.item.clone())),
                _ => Err(store_error(error)),
            },
        }
    }

    /// Reads several items strongly in one round trip; asks again for what a busy store left out.
    async fn get_all(&self, keys: &[Key]) -> Result<Vec<Item>, StoreError> {
        let mut wanted: Vec<Item> = keys.iter().map(Key::attributes).collect();
        let mut found = Vec::new();
        for attempt in 0..BATCH_ATTEMPTS {
            let request = KeysAndAttributes::builder().set_keys(Some(wanted)).consistent_read(true);
            let call = self
                .client
                .batch_get_item()
                .request_items(&self.table, super::built(request.build())?)
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send();
            let mut answer = self.read(call, |answer| sum(answer.consumed_capacity())).await.map_err(store_error)?;
            found.extend(answer.responses.as_mut().and_then(|tables| tables.remove(&self.table)).unwrap_or_default());
            wanted = answer
                .unprocessed_keys
                .as_mut()
                .and_then(|tables| tables.remove(&self.table))
                .map(|left| left.keys)
                .unwrap_or_default();
            if wanted.is_empty() {
                return Ok(found);
            }
            self.back_off(attempt).await;
        }
        Err(StoreError::Unavailable("a batch stayed incomplete".into()))
    }
}

#[async_trait]
impl SessionStore for Store {
    async fn start(&self, session: &Session) -> Result<(), StoreError> {
        let call = self
            .client
            .put_item()
            .table_name(&self.table)
            .set_item(Some(to_item(&SessionItem::from(session))?))
            // The same session may be there already when the SDK sent this a second time.
            .condition_expression("attribute_not_exists(PK) OR (generation = :zero AND created_at = :created)")
            .expression_attribute_values(":zero", number(0))
            .expression_attribute_values(":created", number(session.created_at.as_millisecond()))
            .return_consumed_capacity(ReturnConsumedCapacity::Total)
            .send();
        self.write(call, |answer| units(answer.consumed_capacity())).await.map(drop).map_err(store_error)
    }

    async fn caller(&self, user: UserId, session: SessionId) -> Result<CallerRecord, StoreError> {
        let wanted = [keys::user(user), keys::session(user, session)];
        let found = self.get_all(&wanted).await?;
        let [user_key, session_key] = &wanted;
        let of = |key: &Key| found.iter().find(|item| item.get(SK) == Some(&text(key.sk.clone()))).cloned();
        Ok(CallerRecord {
            user: of(user_key).map(account_of).transpose()?,
            session: of(session_key).map(session_of).transpose()?,
        })
    }

    async fn rotate(&self, rotation: Rotation) -> Result<Rotated, StoreError> {
        let now = rotation.now.as_millisecond();
        let next =
            rotation.presented.checked_add(1).ok_or_else(|| StoreError::Broken("a session rotated 2^32 times".to_owned()))?;
        let update = self
            .update_item(&keys::session(rotation.user_id, rotation.session_id))
            .update_expression("SET generation = :next, rotated_at = :now, last_activity = :now, refresh_expires_at = :until")
            .condition_expression(format!("{ALIVE} AND generation = :presented AND refresh_expires_at > :now AND ends_at > :now"))
            .expression_attribute_values(":next", number(next))
            .expression_attribute_values(":presented", number(rotation.presented))
            .expression_attribute_values(":now", number(now))
            .expression_attribute_values(":until", number(rotation.refresh_expires_at().as_millisecond()))
            .return_values(ReturnValue::AllNew);
        match self.send_update(update).await? {
            Updated::Done(Some(item)) => Ok(Rotated::Moved(session_of(item)?)),
            Updated::Done(None) => Err(StoreError::Broken("an update answered no item".to_owned())),
            Updated::Refused(item) => Ok(Rotated::Refused(item.map(session_of).transpose()?)),
        }
    }

    async fn end(&self, user: UserId, session: SessionId, now: Timestamp) -> Result<(), StoreError> {
        let update = self
            .update_item(&keys::session(user, session))
            .update_expression("SET ended_at = :now")
            .condition_expression(ALIVE)
            .expression_attribute_values(":now", number(now.as_millisecond()));
        self.send_update(update).await.map(drop)
    }

    async fn end_for_theft(&self, user: UserId, session: SessionId, theft: &Theft, write: WriteId) -> Result<(), StoreError> {
        let end = Update::builder()
            .table_name(&self.table)
            .set_key(Some(keys::session(user, session).attributes()))
            .update_expression("SET ended_at = :now")
            .condition_expression(ALIVE)
            .expression_attribute_values(":now", number(theft.activity.at.as_millisecond()));
        let writes = vec![
            write_update(end)?,
            put_new(self, &ActivityItem::from(&theft.activity))?,
            put_new(self, &OutboxItem::from(&theft.mail))?,
        ];
        self.transact(writes, write).await.map(drop)
    }

    async fn note_use(&self, user: UserId, session: SessionId, first_use: Option<u32>, now: Timestamp) -> Result<(), StoreError> {
        let update =
            self.update_item(&keys::session(user, session)).expression_attribute_values(":now", number(now.as_millisecond()));
        let update = match first_use {
            Some(generation) => update
                .update_expression("SET last_activity = :now, access_used_generation = :used")
                .condition_expression(format!("{ALIVE} AND generation = :used"))
                .expression_attribute_values(":used", number(generation)),
            None => update
                .update_expression("SET last_activity = :now")
                .condition_expression(format!("{ALIVE} AND last_activity < :now")),
        };
        self.send_update(update).await.map(drop)
    }
}
