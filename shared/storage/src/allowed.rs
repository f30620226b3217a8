//! Changes by administrators are made while the accounts that allowed them are as they were read.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{
    AttributeValue, ConditionCheck, Delete, Put, TransactWriteItem, Update,
};
use rolecall_domain::{
    activity::{Activity, AllowedOn},
    ids::WriteId,
    organization::AccountState,
    ports::StoreError,
};

use crate::{
    keys::{self, Key},
    store::{Store, number},
    transaction::{IntoWrite, Write},
};

const UNCHANGED: &str = "version = :allowed_version AND seats_version = :allowed_seats";

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
            match (own, one) {
                (Some(own), AllowedOn::Account(state)) => {
                    and_condition(&mut own.item, UNCHANGED, &values(*state));
                }
                (Some(own), AllowedOn::Roles(_, version)) => {
                    and_condition(&mut own.item, &roles_are(*version), &roles_values(*version));
                }
                (None, AllowedOn::Account(state)) => {
                    let check = self.check(&key).condition_expression(UNCHANGED);
                    let check = check.set_expression_attribute_values(Some(values(*state)));
                    writes.push(check.write()?);
                }
                (None, AllowedOn::Roles(log, version)) => {
                    writes.push(self.roles_check(log, *version)?);
                }
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

/// The condition that the own roles of an organization are at a version.
pub(crate) fn roles_are(version: u64) -> String {
    match version {
        0 => "attribute_not_exists(roles_version)".to_owned(),
        _ => "roles_version = :allowed_roles".to_owned(),
    }
}

pub(crate) fn roles_values(version: u64) -> HashMap<String, AttributeValue> {
    let value = (version > 0).then(|| (":allowed_roles".to_owned(), number(version)));
    value.into_iter().collect()
}

fn values(state: AccountState) -> HashMap<String, AttributeValue> {
    HashMap::from([
        (":allowed_version".to_owned(), number(state.version)),
        (":allowed_seats".to_owned(), number(state.memberships_version)),
    ])
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

/// Adds to the condition of a write of what allowed it: no item is in a transaction twice.
fn and_condition(
    item: &mut TransactWriteItem,
    more: &str,
    values: &HashMap<String, AttributeValue>,
) {
    let and = |condition: &mut Option<String>,
               known: &mut Option<HashMap<String, AttributeValue>>| {
        let before = condition.take().map(|before| format!("({before}) AND "));
        *condition = Some(format!("{}{more}", before.unwrap_or_default()));
        if !values.is_empty() {
            let more = values.iter().map(|(name, value)| (name.clone(), value.clone()));
            known.get_or_insert_default().extend(more);
        }
    };
    if let Some(update) = &mut item.update {
        and(&mut update.condition_expression, &mut update.expression_attribute_values);
    }
    if let Some(put) = &mut item.put {
        and(&mut put.condition_expression, &mut put.expression_attribute_values);
    }
    if let Some(delete) = &mut item.delete {
        and(&mut delete.condition_expression, &mut delete.expression_attribute_values);
    }
    if let Some(check) = &mut item.condition_check {
        let mut condition = Some(std::mem::take(&mut check.condition_expression));
        and(&mut condition, &mut check.expression_attribute_values);
        check.condition_expression = condition.unwrap_or_default();
    }
}
