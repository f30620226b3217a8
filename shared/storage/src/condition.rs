//! Conditions that a write may have besides its own.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem};
use rolecall_domain::{ids::OrganizationId, ports::StoreError};

use crate::{
    keys::Key,
    store::{Store, number, text},
    transaction::{IntoWrite, Write},
};

/// A condition with its values.
pub(crate) struct Condition {
    text: String,
    values: HashMap<String, AttributeValue>,
}

impl Condition {
    pub(crate) fn new<const N: usize>(
        text: impl Into<String>,
        values: [(String, AttributeValue); N],
    ) -> Self {
        Self { text: text.into(), values: values.into() }
    }

    /// That an item is of the organization with this id; those from before there were ids have
    /// none.
    pub(crate) fn is_of(id: Option<OrganizationId>) -> Self {
        match id {
            Some(id) => Self::new("id = :id", [(":id".to_owned(), text(id.to_string()))]),
            None => Self::new("attribute_not_exists(id)", []),
        }
    }

    /// That an organization's item is there, and is no other one's of its code.
    pub(crate) fn is_organization(code: &str, id: Option<OrganizationId>) -> Self {
        let Self { text: of_id, mut values } = Self::is_of(id);
        values.insert(":code".to_owned(), text(code));
        Self { text: format!("code = :code AND {of_id}"), values }
    }

    /// That the own roles of an organization are at a version.
    pub(crate) fn has_roles(version: u64) -> Self {
        match version {
            0 => Self::new("attribute_not_exists(roles_version)", []),
            // Of two versions none holds.
            version => Self::new(
                format!("roles_version = :roles_{version}"),
                [(format!(":roles_{version}"), number(version))],
            ),
        }
    }
}

impl Store {
    /// A write of a transaction that only holds a condition.
    pub(crate) fn check_that(&self, key: &Key, condition: Condition) -> Result<Write, StoreError> {
        let Condition { text, values } = condition;
        let values = (!values.is_empty()).then_some(values);
        self.check(key).condition_expression(text).set_expression_attribute_values(values).write()
    }
}

impl Write {
    /// The same under one condition more.
    pub(crate) fn and(mut self, condition: Condition) -> Self {
        self.add(condition);
        self
    }

    /// Adds a condition.
    pub(crate) fn add(&mut self, condition: Condition) {
        let TransactWriteItem { update, put, delete, condition_check, .. } = &mut self.item;
        let Condition { text, values } = condition;
        let and = |own: &mut Option<String>, known: &mut Option<HashMap<_, _>>| {
            let before = own.take().map(|before| format!("({before}) AND "));
            *own = Some(format!("{}{text}", before.unwrap_or_default()));
            if !values.is_empty() {
                known.get_or_insert_default().extend(values);
            }
        };
        if let Some(update) = update {
            and(&mut update.condition_expression, &mut update.expression_attribute_values);
        } else if let Some(put) = put {
            and(&mut put.condition_expression, &mut put.expression_attribute_values);
        } else if let Some(delete) = delete {
            and(&mut delete.condition_expression, &mut delete.expression_attribute_values);
        } else if let Some(check) = condition_check {
            let mut own = Some(std::mem::take(&mut check.condition_expression));
            and(&mut own, &mut check.expression_attribute_values);
            check.condition_expression = own.unwrap_or_default();
        }
    }
}
