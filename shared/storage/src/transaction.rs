//! Transactions: each write carries the refusal that it means.

use aws_sdk_dynamodb::{
    error::{BuildError, SdkError},
    operation::transact_write_items::TransactWriteItemsError,
    types::{
        CancellationReason, ConditionCheck, Delete, Put, ReturnConsumedCapacity,
        ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
        builders::{ConditionCheckBuilder, DeleteBuilder, PutBuilder, UpdateBuilder},
    },
};
use rolecall_domain::{
    ids::WriteId,
    ports::{Refused, StoreError, in_words},
};
use serde::Serialize;

use crate::{
    keys::Key,
    store::{CONFLICT_ATTEMPTS, Item, Store, store_error, sum, to_item},
};

/// The condition that nothing is there.
pub(crate) const ABSENT: &str = "attribute_not_exists(PK)";

/// What a condition that did not hold means, by the item that was there.
type Meaning = Box<dyn FnOnce(Option<Item>) -> Result<Refused, StoreError> + Send>;

/// A write of a transaction. Where its condition does not hold, something has changed meanwhile
/// ([`Refused::Stale`]), unless it says what else that means.
pub(crate) struct Write {
    pub(crate) item: TransactWriteItem,
    meaning: Meaning,
}

impl Write {
    fn new(item: TransactWriteItem) -> Self {
        Self { item, meaning: Box::new(|_| Ok(Refused::Stale)) }
    }

    /// What it means that the condition does not hold.
    pub(crate) fn or(self, refused: Refused) -> Self {
        self.or_by(|_| Ok(refused))
    }

    /// The same, by the item that was there.
    pub(crate) fn or_by(
        self,
        meaning: impl FnOnce(Option<Item>) -> Result<Refused, StoreError> + Send + 'static,
    ) -> Self {
        Self { meaning: Box::new(meaning), ..self }
    }
}

pub(crate) fn built<T>(part: Result<T, BuildError>) -> Result<T, StoreError> {
    part.map_err(|error| StoreError::Broken(error.to_string()))
}

impl Store {
    /// A put of a transaction.
    pub(crate) fn put(&self, stored: &impl Serialize) -> Result<PutBuilder, StoreError> {
        Ok(Put::builder().table_name(&self.table).set_item(Some(to_item(stored)?)))
    }

    /// An update of a transaction.
    pub(crate) fn update(&self, key: &Key) -> UpdateBuilder {
        Update::builder().table_name(&self.table).set_key(Some(key.attributes()))
    }

    /// A delete of a transaction.
    pub(crate) fn delete(&self, key: &Key) -> DeleteBuilder {
        Delete::builder().table_name(&self.table).set_key(Some(key.attributes()))
    }

    /// A check of a transaction: a condition on an item that it does not write.
    pub(crate) fn check(&self, key: &Key) -> ConditionCheckBuilder {
        ConditionCheck::builder().table_name(&self.table).set_key(Some(key.attributes()))
    }

    /// A put of an item as it is, over whatever is there.
    pub(crate) fn put_item_write(&self, item: Item) -> Result<Write, StoreError> {
        Put::builder().table_name(&self.table).set_item(Some(item)).write()
    }

    /// A put where nothing is.
    pub(crate) fn put_new(&self, stored: &impl Serialize) -> Result<Write, StoreError> {
        self.put(stored)?.condition_expression(ABSENT).write()
    }

    /// Writes everything in one transaction, or nothing. One that lost to another is tried again
    /// under the same token, then the store counts as away: a conflict is never a refusal.
    ///
    /// Where several conditions did not hold, `Replayed` and `KeyReused` tell first, as a request
    /// that comes again meets all that it wrote; then `Stale`, as the others were looked at too
    /// early; then the first of them.
    pub(crate) async fn transact(
        &self,
        writes: Vec<Write>,
        write: WriteId,
    ) -> Result<(), StoreError> {
        let (items, meanings): (Vec<TransactWriteItem>, Vec<Meaning>) =
            writes.into_iter().map(|write| (write.item, write.meaning)).unzip();
        let mut attempt = 0;
        loop {
            let call = self
                .client
                .transact_write_items()
                .set_transact_items(Some(items.clone()))
                .client_request_token(write.to_string())
                .return_consumed_capacity(ReturnConsumedCapacity::Total)
                .send();
            let Err(error) = self.write(call, |response| sum(response.consumed_capacity())).await
            else {
                return Ok(());
            };
            match judge(&error) {
                Verdict::Refused(reasons) => return Err(told(meanings, reasons)),
                Verdict::Conflict if attempt < CONFLICT_ATTEMPTS => self.back_off(attempt).await,
                Verdict::Wrong => {
                    return Err(StoreError::Broken(in_words(&error)));
                }
                Verdict::Conflict | Verdict::Failed => return Err(store_error(error)),
            }
            attempt += 1;
        }
    }
}

/// The one refusal of a transaction.
fn told(meanings: Vec<Meaning>, reasons: Vec<Option<Reason>>) -> StoreError {
    let refused = meanings.into_iter().zip(reasons);
    let refused = refused.filter_map(|(meaning, reason)| Some(meaning(reason?.item)));
    let mut refused = match refused.collect::<Result<Vec<Refused>, StoreError>>() {
        Ok(refused) => refused,
        Err(error) => return error,
    };
    refused.sort_by_key(|one| match one {
        Refused::Replayed(_) | Refused::KeyReused => 0,
        Refused::Stale => 1,
        _ => 2,
    });
    refused.into_iter().next().unwrap_or(Refused::Stale).into()
}

/// A condition that did not hold, with the item that was there.
struct Reason {
    item: Option<Item>,
}

enum Verdict {
    /// Reasons in the order of the writes; `None` where that write was not the cause.
    Refused(Vec<Option<Reason>>),
    Conflict,
    /// A write that can never be made: an item over 400 KB.
    Wrong,
    Failed,
}

fn judge(error: &SdkError<TransactWriteItemsError>) -> Verdict {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            let reasons = cancelled.cancellation_reasons();
            let is = |reason: &CancellationReason, code| reason.code() == Some(code);
            if reasons.iter().any(|reason| is(reason, "ConditionalCheckFailed")) {
                let refused = |reason: &CancellationReason| {
                    is(reason, "ConditionalCheckFailed")
                        .then(|| Reason { item: reason.item().cloned() })
                };
                Verdict::Refused(reasons.iter().map(refused).collect())
            } else if reasons.iter().any(|reason| {
                ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]
                    .iter()
                    .any(|code| is(reason, code))
            }) {
                Verdict::Conflict
            } else if reasons.iter().any(|reason| is(reason, "ValidationError")) {
                Verdict::Wrong
            } else {
                Verdict::Failed
            }
        }
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => Verdict::Conflict,
        _ => Verdict::Failed,
    }
}

/// A builder of the SDK that becomes a write; a condition that fails answers the item.
pub(crate) trait IntoWrite {
    fn write(self) -> Result<Write, StoreError>;
}

impl IntoWrite for PutBuilder {
    fn write(self) -> Result<Write, StoreError> {
        let put = self
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        Ok(Write::new(TransactWriteItem::builder().put(built(put.build())?).build()))
    }
}

impl IntoWrite for UpdateBuilder {
    fn write(self) -> Result<Write, StoreError> {
        Ok(Write::new(TransactWriteItem::builder().update(built(self.build())?).build()))
    }
}

impl IntoWrite for DeleteBuilder {
    fn write(self) -> Result<Write, StoreError> {
        let delete = self
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        Ok(Write::new(TransactWriteItem::builder().delete(built(delete.build())?).build()))
    }
}

impl IntoWrite for ConditionCheckBuilder {
    fn write(self) -> Result<Write, StoreError> {
        Ok(Write::new(TransactWriteItem::builder().condition_check(built(self.build())?).build()))
    }
}
