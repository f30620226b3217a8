//! Changes by administrators are made while the accounts that allowed them are as they were read.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update,
};
use rolecall_domain::{
    activity::{Activity, AllowedOn},
    ids::WriteId,
    ports::StoreError,
};

use crate::{
    condition::Condition,
    keys::{self, Key},
    store::{Store, number},
    transaction::Write,
};

impl Store {
    /// [`Store::transact`] for a change that a record tells of; `Stale` where an account that it
    /// was allowed on is another one by now.
    pub(crate) async fn transact_recorded(
        &self,
        mut writes: Vec<Write>,
        activity: Option<&Activity>,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let allowed_on = activity.map_or(&[][..], |activity| &activity.allowed_on);
        for (place, one) in allowed_on.iter().enumerate() {
            let key = key_of(one);
            if allowed_on.iter().take(place).any(|before| key_of(before) == key) {
                continue;
            }
            let attributes = key.attributes();
            // No item is in a transaction twice.
            let own = writes.iter_mut().find(|write| is_of(&write.item, &attributes));
            match own {
                Some(own) => own.add(condition_of(one)),
                None => writes.push(self.check_that(&key, condition_of(one))?),
            }
        }
        self.transact(writes, write).await
    }
}

/// The item that shows whether it is still so.
fn key_of(one: &AllowedOn) -> Key {
    match one {
        AllowedOn::Account(state) => keys::user(state.user),
        AllowedOn::Roles(log, _) => keys::organization_state(log.code()),
    }
}

/// That it is still so.
fn condition_of(one: &AllowedOn) -> Condition {
    match one {
        AllowedOn::Account(state) => Condition::new(
            "version = :allowed_version AND seats_version = :allowed_seats",
            [
                (":allowed_version".to_owned(), number(state.version)),
                (":allowed_seats".to_owned(), number(state.memberships_version)),
            ],
        ),
        AllowedOn::Roles(_, version) => Condition::has_roles(*version),
    }
}

/// Whether a write is one of the item of this key.
fn is_of(item: &TransactWriteItem, key: &HashMap<String, AttributeValue>) -> bool {
    let named = item
        .update()
        .map(Update::key)
        .or_else(|| item.delete().map(Delete::key))
        .or_else(|| item.condition_check().map(ConditionCheck::key))
        .or_else(|| item.put().map(Put::item));
    named.is_some_and(|named| key.iter().all(|(name, value)| named.get(name) == Some(value)))
}
