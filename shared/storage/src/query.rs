//! Queries of one partition.

use aws_sdk_dynamodb::{
    operation::query::builders::QueryFluentBuilder, types::ReturnConsumedCapacity,
};
use rolecall_domain::{clock::Timestamp, ports::StoreError};

use crate::{
    keys::{self, Key, PK, SK},
    store::{Item, Store, store_error, text, units},
};

/// A query of one partition of the table or of an index: forward, eventually consistent, and as far
/// as one answer goes, unless it says otherwise.
pub(crate) struct Query<'a> {
    store: &'a Store,
    builder: QueryFluentBuilder,
    condition: String,
}

/// One answer of a query.
pub(crate) struct Page {
    pub(crate) items: Vec<Item>,
    /// Where the rest begins, where there may be more.
    pub(crate) next: Option<Item>,
}

impl Store {
    /// A query of a partition of the table.
    pub(crate) fn query(&self, partition: impl Into<String>) -> Query<'_> {
        self.query_index(None, partition)
    }

    /// A query of a partition of an index, whose partition key has its name.
    pub(crate) fn query_index(
        &self,
        index: Option<&'static str>,
        partition: impl Into<String>,
    ) -> Query<'_> {
        let builder = self
            .client
            .query()
            .table_name(&self.table)
            .set_index_name(index.map(str::to_owned))
            .expression_attribute_names("#pk", index.unwrap_or(PK))
            .expression_attribute_values(":pk", text(partition))
            .return_consumed_capacity(ReturnConsumedCapacity::Total);
        Query { store: self, builder, condition: "#pk = :pk".to_owned() }
    }
}

impl Store {
    /// The sort keys of what is due at an instant, the longest due first, behind `after`: those of
    /// a partition begin with the instant ([`keys::ordered`]).
    pub(crate) async fn due(
        &self,
        partition: &str,
        now: Timestamp,
        after: Option<Key>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        // Behind every key of this instant, and before those of the next millisecond.
        let last = format!("{}~", keys::ordered(now));
        let first = after.map_or_else(|| "0".to_owned(), |after| after.sk + "~");
        let found = self.query(partition).between(first, last).up_to(limit).await?;
        Ok(found.iter().filter_map(|item| item.get(SK)?.as_s().ok().cloned()).collect())
    }
}

impl Query<'_> {
    fn with(self, condition: &str, name: &str, value: impl Into<String>) -> Self {
        Self {
            builder: self.builder.expression_attribute_values(name, text(value)),
            condition: format!("{} AND {condition}", self.condition),
            ..self
        }
    }

    /// Sort keys that begin so.
    pub(crate) fn begins_with(self, prefix: &str) -> Self {
        self.with("begins_with(SK, :prefix)", ":prefix", prefix)
    }

    /// Sort keys behind this one.
    pub(crate) fn after(self, sort_key: impl Into<String>) -> Self {
        self.with("SK > :after", ":after", sort_key)
    }

    /// Sort keys before this one.
    pub(crate) fn before(self, sort_key: impl Into<String>) -> Self {
        self.with("SK < :before", ":before", sort_key)
    }

    /// Sort keys from one to another, both among them.
    pub(crate) fn between(self, from: impl Into<String>, to: impl Into<String>) -> Self {
        let query = self.with("SK BETWEEN :from AND :to", ":from", from);
        Self { builder: query.builder.expression_attribute_values(":to", text(to)), ..query }
    }

    /// The greatest sort key first.
    pub(crate) fn backward(self) -> Self {
        Self { builder: self.builder.scan_index_forward(false), ..self }
    }

    /// Strongly consistent: twice the units.
    pub(crate) fn strongly(self) -> Self {
        Self { builder: self.builder.consistent_read(true), ..self }
    }

    /// At most so many items.
    pub(crate) fn limit(self, limit: usize) -> Self {
        Self { builder: self.builder.limit(i32::try_from(limit).unwrap_or(i32::MAX)), ..self }
    }

    /// These attributes alone.
    pub(crate) fn only(self, attributes: &str) -> Self {
        Self { builder: self.builder.projection_expression(attributes), ..self }
    }

    /// Behind an item.
    pub(crate) fn behind(self, key: Option<&Key>) -> Self {
        self.from(key.map(Key::attributes))
    }

    /// Where the answer before this one ended.
    pub(crate) fn from(self, next: Option<Item>) -> Self {
        Self { builder: self.builder.set_exclusive_start_key(next), ..self }
    }

    /// One answer, of at most 1 MB.
    pub(crate) async fn page(self) -> Result<Page, StoreError> {
        let call = self.builder.key_condition_expression(self.condition).send();
        let response = self
            .store
            .read(call, |response| units(response.consumed_capacity()))
            .await
            .map_err(store_error)?;
        Ok(Page { items: response.items.unwrap_or_default(), next: response.last_evaluated_key })
    }

    /// Items as far as there are any, at most so many: DynamoDB cuts an answer at 1 MB, and is
    /// asked for the rest.
    pub(crate) async fn up_to(self, most: usize) -> Result<Vec<Item>, StoreError> {
        let Self { store, builder, condition } = self;
        let (mut found, mut next) = (Vec::new(), None);
        loop {
            let query = Query { store, builder: builder.clone(), condition: condition.clone() };
            let left = most - found.len();
            let query = if left < usize::MAX / 2 { query.limit(left) } else { query };
            let page = query.from(next).page().await?;
            found.extend(page.items);
            next = page.next;
            if next.is_none() || found.len() >= most {
                return Ok(found);
            }
        }
    }
}
